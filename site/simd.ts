/**
 * Whether the kernels can be computed in this browser.
 * @module
 */

/** A module with one SIMD instruction (a vector of zeros, dropped). */
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11];

export const supported = "WebAssembly" in globalThis && WebAssembly.validate(Uint8Array.from(SIMD));

/** What a reader is told where they can't. */
export const UNSUPPORTED =
	"The kernels are computed in this page, by WebAssembly with SIMD, which this browser does not have. Any browser since 2023 has it.";
