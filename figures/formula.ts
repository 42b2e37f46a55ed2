/**
 * The paper's formula, as several figures show it.
 * @module
 */

/** ε_s = λ_N^-1 / mean_j λ_j^-1, in MathML. */
export const spectralFormula = `<math display="block"><msub><mi>ε</mi><mi>s</mi></msub><mo>=</mo><mfrac><msubsup><mi>λ</mi><mi>N</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup><mrow><mfrac><mn>1</mn><mrow><mn>2</mn><mi>N</mi></mrow></mfrac><munder><mo>∑</mo><mi>j</mi></munder><msubsup><mi>λ</mi><mi>j</mi><mrow><mo>−</mo><mn>1</mn></mrow></msubsup></mrow></mfrac></math>`;
