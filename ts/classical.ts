/**
 * Classical kernels as plain frozen objects, peers of networks: what the builder functions return is the JSON form.
 *
 * Sources: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning" (2006), chapter 4;
 * D. J. C. MacKay, "Introduction to Gaussian Processes" (1998), for the periodic kernel; Y. Cho and L. K. Saul, "Kernel
 * Methods for Deep Learning" (2009), for the arc-cosine kernels.
 * @module
 */

/** A classical kernel, as JSON; it is a Gaussian process's prior and the kernel of regression in one. */
export type Kernel =
	| { readonly type: "rbfKernel"; readonly gamma: number }
	| { readonly type: "maternKernel"; readonly nu: 0.5 | 1.5 | 2.5; readonly length: number }
	| { readonly type: "polynomialKernel"; readonly degree: number; readonly offset?: number; readonly scale?: number }
	| { readonly type: "periodicKernel"; readonly period: number; readonly length: number }
	| { readonly type: "arcCosineKernel"; readonly degree: 0 | 1 | 2 }
	| { readonly type: "sumKernel"; readonly kernels: readonly Kernel[] }
	| { readonly type: "productKernel"; readonly kernels: readonly Kernel[] };

/**
 * The squared exponential, `exp(−gamma · |x − x'|²)`, gamma > 0 in units of 1/distance²: 1/(2ℓ²) for a length scale ℓ.
 * @example rbfKernel({ gamma: 0.5 })
 */
export function rbfKernel({ gamma }: { gamma: number }): Kernel {
	return Object.freeze({ type: "rbfKernel", gamma });
}

/**
 * Matérn's kernel of smoothness nu, 1 at distance 0; with s = √(2 nu) |x − x'|/length, length > 0, it is `exp(−s)` times
 * 1 (nu = 0.5), 1 + s (1.5) or 1 + s + s²/3 (2.5).
 * @example maternKernel({ nu: 1.5, length: 2 })
 */
export function maternKernel({ nu, length }: { nu: 0.5 | 1.5 | 2.5; length: number }): Kernel {
	return Object.freeze({ type: "maternKernel", nu, length });
}

/**
 * A polynomial of the product, `(scale · x·x' + offset)^degree`, degree a positive integer, scale and offset ≥ 0.
 * @example polynomialKernel({ degree: 3, offset: 1 })
 */
export function polynomialKernel({
	degree,
	offset = 0,
	scale = 1,
}: {
	degree: number;
	offset?: number;
	scale?: number;
}): Kernel {
	return Object.freeze({ type: "polynomialKernel", degree, offset, scale });
}

/**
 * The periodic kernel, `exp(−2 sin²(π |x − x'|/period)/length²)`, period and length > 0; it is positive semidefinite for
 * samples of one number, and only for those.
 * @example periodicKernel({ period: 24, length: 1 })
 */
export function periodicKernel({ period, length }: { period: number; length: number }): Kernel {
	return Object.freeze({ type: "periodicKernel", period, length });
}

/**
 * The arc-cosine kernel, `|x|ⁿ |x'|ⁿ Jₙ(θ)/π` of degree n at the angle θ; n = 1 is twice the NNGP of ReLU, and a sample
 * of zeros is at a right angle to all.
 * @example arcCosineKernel({ degree: 1 })
 */
export function arcCosineKernel({ degree }: { degree: 0 | 1 | 2 }): Kernel {
	return Object.freeze({ type: "arcCosineKernel", degree });
}

/**
 * The sum of one or more kernels.
 * @example sumKernel(rbfKernel({ gamma: 1 }), polynomialKernel({ degree: 1 }))
 */
export function sumKernel(...kernels: Kernel[]): Kernel {
	return Object.freeze({ type: "sumKernel", kernels: Object.freeze(kernels) });
}

/**
 * The product of one or more kernels.
 * @example productKernel(periodicKernel({ period: 1, length: 1 }), rbfKernel({ gamma: 0.1 }))
 */
export function productKernel(...kernels: Kernel[]): Kernel {
	return Object.freeze({ type: "productKernel", kernels: Object.freeze(kernels) });
}
