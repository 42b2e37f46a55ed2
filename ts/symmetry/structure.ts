/**
 * What a group is made of: its table, classes, characters and irreps, and the Fourier transform that they give.
 * @module
 */
import {
	type ArrayInput,
	checkMemory,
	checkOptions,
	doubles,
	shapeError,
	type Tensor,
	toTensor,
	usageError,
} from "../arrays.ts";
import { OrbitKernelsError } from "../errors.ts";
import type { CallOptions, Context } from "../kernel.ts";
import { type Group, type GroupTable, groupOrder } from "./group.ts";
import type { OrbitsSetup } from "./task.ts";

/** What an irrep is over the real numbers (Frobenius and Schur). */
export type IrrepKind = "real" | "complex" | "quaternionic";

/** An irreducible unitary representation ρ, ρ(gh) = ρ(g)ρ(h). */
export interface Irrep {
	/** The size of its matrices. */
	degree: number;
	/** A complex one stands for its conjugate too. */
	kind: IrrepKind;
	/** order × degree × degree × 2, real and imaginary parts; absent when they were not asked for. */
	matrices?: Tensor<Float64Array>;
}

/** The conjugacy classes of a group, that of the identity first. */
export interface Classes {
	/** The class of each element. */
	of: Uint32Array;
	/** The first element of each class. */
	representatives: number[];
	/** The number of elements of each class. */
	sizes: number[];
}

/** A group's table with its classes and representations. */
export interface GroupStructure extends GroupTable {
	classes: Classes;
	/** Irreps × classes × 2: real and imaginary parts; rows in the order of `members`. */
	characters: Tensor<Float64Array>;
	/** Of each conjugate pair one, the trivial one first. */
	irreps: Irrep[];
	/** All irreps: one of `irreps`, or its conjugate. */
	members: { irrep: number; conjugate: boolean }[];
}

/** Options of `Engine.group`. */
export interface GroupOptions extends Pick<CallOptions, "signal"> {
	/** Whether the irreps' matrices come too, 16·order² bytes; default true. */
	matrices?: boolean;
}

/** Where a stored irrep stands in a packed row. */
export interface Component {
	offset: number;
	degree: number;
	kind: IrrepKind;
	/** Numbers of an entry. */
	width: number;
	/** Numbers of a matrix. */
	length: number;
}

const KINDS: readonly IrrepKind[] = ["real", "complex", "quaternionic"];

/** The layout of packed rows from three numbers an irrep. */
export function componentsOf(layout: Uint32Array): Component[] {
	return Array.from({ length: layout.length / 3 }, (_, irrep) => {
		const [offset, degree, code] = layout.subarray(3 * irrep, 3 * irrep + 3) as unknown as [number, number, number];
		const kind = KINDS[code] as IrrepKind;
		const width = kind === "real" ? 1 : 2;
		return { offset, degree, kind, width, length: width * degree * degree };
	});
}

/** Copies matrices to and from the form in which all are complex. */
function complexOf(packed: Float64Array, width: number): Float64Array {
	if (width === 2) return packed;
	const out = new Float64Array(2 * packed.length);
	for (let k = 0; k < packed.length; k++) out[2 * k] = packed[k] as number;
	return out;
}

/** The JSON text of a group. */
export const groupText = (group: Group): string => JSON.stringify(group);

const noSeeds = (group: Group): OrbitsSetup => ({ group: groupText(group), seeds: 0, stabilizers: "[]" });

/** See `Engine.group`. */
export async function structure(
	{ pool, maxBytes }: Context,
	group: Group,
	options: GroupOptions = {},
): Promise<GroupStructure> {
	checkOptions(options, ["matrices", "signal"]);
	const { matrices = true, signal } = options;
	if (typeof matrices !== "boolean") throw usageError("options.matrices", matrices, "true or false");
	const order = groupOrder(group);
	checkMemory("the group's table", (matrices ? 20 : 4) * order * order, maxBytes);
	const request = () => ({ group: groupText(group), matrices });
	const table = await pool.call("groupTable", request, { signal, long: true });
	const { classOf, members, layout, characters, generators, representatives, ...rest } = table;
	const sizes = new Array<number>(representatives.length).fill(0);
	for (const index of classOf) sizes[index] = (sizes[index] as number) + 1;
	const irreps = componentsOf(layout).map(({ degree, kind, width }, irrep): Irrep => {
		const packed = table.matrices[irrep];
		if (!packed) return { degree, kind };
		return { degree, kind, matrices: { data: complexOf(packed, width), shape: [order, degree, degree, 2] } };
	});
	return {
		order,
		product: rest.product,
		inverse: rest.inverse,
		identity: rest.identity,
		generators: [...generators],
		classes: { of: classOf, representatives: [...representatives], sizes },
		characters: { data: characters, shape: [sizes.length, sizes.length, 2] },
		irreps,
		members: sizes.map((_, k) => ({ irrep: members[2 * k] as number, conjugate: members[2 * k + 1] === 1 })),
	};
}

/** See `Engine.fourier`. */
export async function fourier(
	{ pool, maxBytes }: Context,
	group: Group,
	values: ArrayInput,
	options: Pick<CallOptions, "signal"> = {},
): Promise<Tensor<Float64Array>[]> {
	checkOptions(options, ["signal"]);
	const order = groupOrder(group);
	const { data, shape } = toTensor(values, "values");
	if (shape[shape.length - 1] !== order)
		throw shapeError("values", shape, `functions on the group: a last dimension of ${order}`);
	checkMemory("the transform", 3 * 8 * data.length, maxBytes);
	const orbits = noSeeds(group);
	const { layout } = await pool.call("orbits", () => orbits, options);
	const spectrum = await pool.call("fourier", () => ({ orbits, values: doubles(data) }), options);
	const components = componentsOf(layout);
	const rows = data.length / order;
	const packed = spectrum.length / rows;
	return components.map(({ offset, degree, width, length }) => {
		const part = new Float64Array(rows * length);
		for (let row = 0; row < rows; row++)
			part.set(spectrum.subarray(row * packed + offset, row * packed + offset + length), row * length);
		return { data: complexOf(part, width), shape: [...shape.slice(0, -1), degree, degree, 2] };
	});
}

/** See `Engine.inverseFourier`. */
export async function inverseFourier(
	{ pool, maxBytes }: Context,
	group: Group,
	spectra: readonly ArrayInput[],
	options: Pick<CallOptions, "signal"> = {},
): Promise<Tensor<Float64Array>> {
	checkOptions(options, ["signal"]);
	const order = groupOrder(group);
	const orbits = noSeeds(group);
	const components = componentsOf((await pool.call("orbits", () => orbits, options)).layout);
	if (!Array.isArray(spectra) || spectra.length !== components.length)
		throw shapeError("spectra", spectra?.length, `${components.length} arrays, one for each irrep of the group`);
	const tensors = spectra.map((part, irrep) => toTensor(part, `spectra[${irrep}]`));
	const lead = (tensors[0] as Tensor).shape.slice(0, -3);
	const rows = lead.reduce((product, side) => product * side, 1);
	const last = components[components.length - 1] as Component;
	const packed = last.offset + last.length;
	checkMemory("the transform", 3 * 8 * rows * packed, maxBytes);
	const values = new Float64Array(rows * packed);
	for (const [irrep, component] of components.entries()) {
		const { data, shape } = tensors[irrep] as Tensor;
		const expected = [...lead, component.degree, component.degree, 2];
		if (shape.length !== expected.length || shape.some((side, k) => side !== expected[k]))
			throw shapeError(`spectra[${irrep}]`, shape, `shape (${expected.join(", ")})`);
		fill(values, data, component, packed, irrep);
	}
	const functions = await pool.call("inverseFourier", () => ({ orbits, values }), options);
	return { data: functions, shape: [...lead, order] };
}

/** Puts an irrep's matrices into packed rows; those of real irreps must be real. */
function fill(values: Float64Array, data: Tensor["data"], component: Component, packed: number, irrep: number): void {
	const { offset, degree, width } = component;
	const entries = degree * degree;
	let largest = 0;
	for (const number of data) largest = Math.max(largest, Math.abs(number));
	for (let at = 0; at < data.length / 2; at++) {
		const place = Math.floor(at / entries) * packed + offset + (at % entries) * width;
		const [re, im] = [data[2 * at] as number, data[2 * at + 1] as number];
		values[place] = re;
		if (width === 2) values[place + 1] = im;
		else if (Math.abs(im) > 1e-8 * largest) {
			const [path, index, expected] = [`spectra[${irrep}]`, 2 * at + 1, "real matrices, as the irrep is real"];
			const message = `${path} holds ${im} at index ${index}: expected ${expected}`;
			throw new OrbitKernelsError("value", message, { path, index, value: im, expected });
		}
	}
}
