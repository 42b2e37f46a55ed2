import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEngine, type Engine } from "../dist/index.js";
import { expectClose } from "./support/close.ts";
import type { LoadedArray } from "./support/files.ts";
import { tableOf } from "./support/groups.ts";
import { groups, numbers } from "./support/invariant.ts";

describe("groups", () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await createEngine({ workers: 0 });
	});
	afterAll(() => engine.dispose());

	test.for(groups)("%s: tables, classes, characters, irreps", async ([, group]) => {
		const table = tableOf(group);
		const found = await engine.group(group);
		const { order, product: products, irreps, members, classes, characters } = found;
		expect(found).toMatchObject({ order: table.order, product: table.product, inverse: table.inverse });
		expect(found.identity).toBe(table.identity);
		expect(members.reduce((sum, { irrep }) => sum + (irreps[irrep]?.degree ?? 0) ** 2, 0)).toBe(order);
		expect(classes.sizes.reduce((sum, size) => sum + size, 0)).toBe(order);
		expect(members).toHaveLength(classes.sizes.length);
		for (const { degree, matrices } of irreps) {
			expect(matrices?.shape).toEqual([order, degree, degree, 2]);
			const entry = (g: number, i: number, j: number) => {
				const place = 2 * ((g * degree + i) * degree + j);
				return [matrices?.data[place], matrices?.data[place + 1]] as [number, number];
			};
			// ρ(g)ρ(h) = ρ(gh) for the generators: then for all.
			for (const g of found.generators) {
				const sums = new Float64Array(matrices?.data.length ?? 0);
				const expected = sums.slice();
				for (let at = 0; at < sums.length / 2; at++) {
					const [h, i, j] = [Math.floor(at / degree ** 2), Math.floor(at / degree) % degree, at % degree];
					for (let l = 0; l < degree; l++) {
						const [[a, b], [c, d]] = [entry(g, i, l), entry(h, l, j)];
						sums[2 * at] = (sums[2 * at] as number) + a * c - b * d;
						sums[2 * at + 1] = (sums[2 * at + 1] as number) + a * d + b * c;
					}
					expected.set(entry(products[g * order + h] as number, i, j), 2 * at);
				}
				expectClose(sums, expected, { atol: 1e-12 });
			}
		}
		// Rows of the character table are orthogonal.
		const count = classes.sizes.length;
		for (let r = 0; r < count; r++)
			for (let s = 0; s < count; s++) {
				const sum = [0, 0] as [number, number];
				classes.sizes.forEach((size, c) => {
					const value = (row: number) => characters.data.subarray(2 * (row * count + c), 2 * (row * count + c) + 2);
					const [[a, b], [d, e]] = [value(r), value(s)] as unknown as [[number, number], [number, number]];
					sum[0] += (size * (a * d + b * e)) / order;
					sum[1] += (size * (b * d - a * e)) / order;
				});
				expectClose(sum, [r === s ? 1 : 0, 0], { atol: 1e-10 });
			}
		const without = await engine.group(group, { matrices: false });
		expect(without).toEqual({ ...found, irreps: irreps.map(({ degree, kind }) => ({ degree, kind })) });
	});

	test.for(groups)("%s: the Fourier transform and its inverse", async ([, group]) => {
		const { irreps, order } = await engine.group(group);
		const values = numbers([2, 3, order], 9);
		const spectra = await engine.fourier(group, values);
		spectra.forEach((part, irrep) => {
			const { degree, matrices } = irreps[irrep] as { degree: number; matrices: LoadedArray };
			expect(part.shape).toEqual([2, 3, degree, degree, 2]);
			const size = 2 * degree * degree;
			const expected = new Float64Array(6 * size);
			for (let at = 0; at < 6 * order; at++)
				for (let k = 0; k < size; k++) {
					const place = Math.floor(at / order) * size + k;
					expected[place] =
						(expected[place] as number) +
						(values.data[at] as number) * (matrices.data[(at % order) * size + k] as number);
				}
			expectClose(part.data, expected, { atol: 1e-12 });
		});
		expectClose(await engine.inverseFourier(group, spectra), values, { atol: 1e-13 });
	});
});
