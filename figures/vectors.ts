/**
 * Products and lengths of vectors.
 * @module
 */

export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
	let sum = 0;
	for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
	return sum;
}

export const norm = (a: ArrayLike<number>) => Math.sqrt(inner(a, a));
