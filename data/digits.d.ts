/** Gzipped bytes in base64: 65 columns (8 × 8 pixels 0 … 16 in row-major order, then the label) of 1797 values each. */
declare const digits: string;
export default digits;
