import { describe, expect, test } from "vitest";
import {
	datasetFiles,
	embeddedDigits,
	pairs,
	random,
	readDataset,
	readIdx,
	readNpy,
	toFloat64,
	writeNpy,
} from "../dist/index.js";
import numpyCases from "./fixtures/npy/cases.json";
import { failureOf } from "./support/failure.ts";
import { readData } from "./support/files.ts";

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const concat = (...parts: ArrayLike<number>[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const gzip = async (bytes: Uint8Array) =>
	new Uint8Array(
		await new Response(
			new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip")),
		).arrayBuffer(),
	);

describe(".npy", () => {
	/** A file with any header text, right or wrong. */
	const npyFile = (header: string, data: ArrayLike<number>) =>
		concat(latin1("\x93NUMPY\x01\x00"), [header.length % 256, header.length >> 8], latin1(header), data);
	const twoFloats = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n";

	test.each(numpyCases.filter((file) => "values" in file))("reads what NumPy wrote: $name", (file) => {
		const { data, shape } = readNpy(fromBase64(file.bytes));
		expect(shape).toEqual(file.shape);
		expect(data.BYTES_PER_ELEMENT).toBe(Number(file.type?.slice(1)));
		const values: (number | bigint)[] = [...data];
		expect(values.map((value) => (typeof value === "bigint" ? String(value) : value))).toEqual(file.values);
	});

	test.each(numpyCases.filter((file) => file.canonical))("writes the bytes that NumPy writes: $name", (file) => {
		const bytes = fromBase64(file.bytes);
		expect(writeNpy(readNpy(bytes))).toEqual(bytes);
	});

	test.each(numpyCases.filter((file) => file.unsupported))("names what it can't read: $name", (file) => {
		const error = failureOf(() => readNpy(fromBase64(file.bytes), "x.npy"));
		expect(error).toMatchObject({
			code: "file",
			path: "x.npy",
			message: expect.stringContaining(`${file.unsupported}`),
		});
	});

	test("keeps every bit of special values, from any alignment", () => {
		const data = Float64Array.of(Number.NaN, -0, Infinity, -Infinity, 5e-324, 0.1);
		const shifted = concat([0, 0, 0], writeNpy({ data, shape: [2, 3] })).subarray(3);
		expect(readNpy(shifted)).toEqual({ data, shape: [2, 3] });
	});

	test("writes a view's own elements only", () => {
		const view = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
		expect(readNpy(writeNpy({ data: view, shape: [2] })).data).toEqual(Float32Array.of(2, 3));
	});

	test("reads headers that other programs write", () => {
		const header = `{"shape":( 2L,),"fortran_order":False,"descr":"<f8"}`;
		expect(readNpy(npyFile(header, new Uint8Array(16)))).toEqual({ data: new Float64Array(2), shape: [2] });
	});

	const whole = npyFile(twoFloats, new Uint8Array(16));
	test.each([
		["an empty file", new Uint8Array(), /magic number/],
		["another format", latin1("PK\x03\x04 and so on"), /magic number/],
		["an unknown version", concat(latin1("\x93NUMPY\x09\x00"), whole.subarray(8)), /version 9/],
		["nothing after the magic number", whole.subarray(0, 6), /truncated in its header/],
		["half a header", whole.subarray(0, 40), /truncated in its header/],
		["missing data", whole.subarray(0, whole.length - 1), /truncated.*takes 16 bytes, found 15/],
		["surplus data", concat(whole, [0]), /surplus bytes.*takes 16 bytes, found 17/],
		["a header without a shape", npyFile("{'descr': '<f8', 'fortran_order': False}", []), /malformed header/],
		["a shape of words", npyFile(twoFloats.replace("2,", "two,"), []), /malformed header/],
		["a type without byte order", npyFile(twoFloats.replace("<f8", "f8"), new Uint8Array(16)), /unsupported type "f8"/],
	])("refuses %s", (_, bytes, message) => {
		const error = failureOf(() => readNpy(bytes, "x.npy"));
		expect(error).toMatchObject({ code: "file", path: "x.npy", message: expect.stringMatching(message) });
	});

	test("refuses to write what has no shape or type", () => {
		expect(failureOf(() => writeNpy({ data: new Float64Array(3), shape: [2, 2] }))).toMatchObject({ code: "shape" });
		expect(failureOf(() => writeNpy({ data: [1, 2] as never, shape: [2] }))).toMatchObject({ code: "value" });
	});

	test("turns any type into 64-bit floats, but never inexactly", () => {
		expect(toFloat64({ data: BigInt64Array.of(-3n, 2n ** 53n), shape: [2] }).data).toEqual(
			Float64Array.of(-3, 2 ** 53),
		);
		expect(toFloat64({ data: Uint8Array.of(0, 255), shape: [1, 2] })).toEqual({
			data: Float64Array.of(0, 255),
			shape: [1, 2],
		});
		const tooLarge = { data: BigInt64Array.of(1n, 2n ** 53n + 1n), shape: [2] };
		expect(failureOf(() => toFloat64(tooLarge))).toMatchObject({ code: "value", index: 1, value: 2n ** 53n + 1n });
	});
});

describe("IDX", () => {
	const bytes2x3 = concat([0, 0, 8, 2], [0, 0, 0, 2], [0, 0, 0, 3], [1, 2, 3, 4, 5, 255]);

	test.each([
		["unsigned bytes", 8, [0, 255], Uint8Array.of(0, 255)],
		["signed bytes", 9, [1, 255], Int8Array.of(1, -1)],
		["16-bit integers", 11, [1, 2, 255, 254], Int16Array.of(258, -2)],
		["32-bit integers", 12, [0, 0, 1, 0, 255, 255, 255, 255], Int32Array.of(256, -1)],
		["32-bit floats", 13, [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], Float32Array.of(1, -2)],
		["64-bit floats", 14, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, ...new Uint8Array(8)], Float64Array.of(1, 0)],
	])("reads %s", async (_, code, bytes, data) => {
		expect(await readIdx(concat([0, 0, code, 1, 0, 0, 0, 2], bytes))).toEqual({ data, shape: [2] });
	});

	test("reads plain and gzipped files alike", async () => {
		const expected = { data: Uint8Array.of(1, 2, 3, 4, 5, 255), shape: [2, 3] };
		expect(await readIdx(bytes2x3)).toEqual(expected);
		expect(await readIdx(await gzip(bytes2x3))).toEqual(expected);
	});

	test.each([
		["an empty file", [], /magic number/],
		["a wrong magic number", [1, ...bytes2x3.subarray(1)], /magic number/],
		["an unknown element type", [0, 0, 10, ...bytes2x3.subarray(3)], /magic number/],
		["half a magic number", [0, 0, 8], /truncated in its header/],
		["half a header", bytes2x3.subarray(0, 9), /truncated in its header/],
		["missing data", bytes2x3.subarray(0, 17), /truncated: 2 × 3 elements take 6 bytes, found 5/],
		["surplus data", [...bytes2x3, 0], /surplus bytes.*take 6 bytes, found 7/],
		["a damaged gzip file", [0x1f, 0x8b, 8, 0, 1, 2, 3], /damaged or truncated gzip/],
	])("refuses %s", async (_, bytes, message) => {
		await expect(readIdx(Uint8Array.from(bytes), "x-idx")).rejects.toMatchObject({
			code: "file",
			path: "x-idx",
			message: expect.stringMatching(message),
		});
	});

	test("refuses a gzip file that was cut off", async () => {
		const packed = await gzip(bytes2x3);
		await expect(readIdx(packed.subarray(0, packed.length - 6))).rejects.toMatchObject({ code: "file" });
	});
});

describe("data sets", () => {
	const images = concat([0, 0, 8, 3], [0, 0, 0, 2], [0, 0, 0, 1], [0, 0, 0, 2], [0, 51, 255, 102]);
	const labels = concat([0, 0, 8, 1], [0, 0, 0, 2], [7, 3]);
	const files = { images: "a-images-idx3-ubyte", labels: "a-labels-idx1-ubyte" };

	test("scales grey values to 0 … 1 and keeps labels", async () => {
		expect(await readDataset(images, await gzip(labels))).toEqual({
			images: { data: Float64Array.of(0, 0.2, 1, 0.4), shape: [2, 1, 2] },
			labels: Int32Array.of(7, 3),
		});
	});

	test("refuses images and labels of different number", async () => {
		const three = concat([0, 0, 8, 1], [0, 0, 0, 3], [7, 3, 1]);
		await expect(readDataset(images, three, files)).rejects.toMatchObject({
			code: "file",
			path: files.labels,
			message: `${files.images} holds 2 images, ${files.labels} 3 labels`,
		});
	});

	test("refuses exchanged files", async () => {
		await expect(readDataset(labels, images, files)).rejects.toMatchObject({ code: "file", path: files.images });
	});

	test("chooses train before t10k before others, plain before gzipped", () => {
		const set = (name: string, ending = "") => [
			`${name}-images-idx3-ubyte${ending}`,
			`${name}-labels-idx1-ubyte${ending}`,
		];
		const of = (names: string[]) => ({ images: names[0], labels: names[1] });
		const [a, t10k, train] = [set("a"), set("t10k", ".gz"), set("train", ".gz")];
		expect(datasetFiles([...a, ...t10k, ...train, "README"])).toEqual(of(train));
		expect(datasetFiles([...a, ...t10k])).toEqual(of(t10k));
		expect(datasetFiles([...set("b"), ...a])).toEqual(of(a));
		expect(datasetFiles([...train, ...set("train")])).toEqual(of(set("train")));
		expect(datasetFiles([...a, ...train], "a")).toEqual(of(a));
	});

	test("says which file is missing", () => {
		const expected = "<name>-images-idx3-ubyte[.gz]";
		expect(failureOf(() => datasetFiles(["notes.txt"]))).toMatchObject({ code: "file", expected });
		const folder = ["train-images-idx3-ubyte.gz"];
		expect(failureOf(() => datasetFiles(folder, "t10k"))).toMatchObject({ code: "file", value: ["train"] });
		expect(failureOf(() => datasetFiles(folder))).toMatchObject({
			code: "file",
			path: folder[0],
			expected: "train-labels-idx1-ubyte[.gz]",
		});
	});

	test("reads real MNIST", async ({ skip }) => {
		const [pixels, classes] = [
			await readData("mnist-10k-images-idx3-ubyte.gz"),
			await readData("mnist-10k-labels-idx1-ubyte.gz"),
		];
		if (!pixels || !classes) return skip("the MNIST files are not there");
		const mnist = await readDataset(pixels, classes);
		expect(mnist.images.shape).toEqual([10000, 28, 28]);
		expect(new Set(mnist.labels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
		expect(mnist.images.data.every((value) => value >= 0 && value <= 1)).toBe(true);
		expect(mnist.images.data.includes(1)).toBe(true);
	});

	test("embeds the 1797 digits of scikit-learn", async () => {
		const digits = await embeddedDigits();
		expect(digits.images.shape).toEqual([1797, 8, 8]);
		expect(Array.from(digits.images.data.subarray(0, 16), (value) => value * 16)).toEqual([
			...[0, 0, 5, 13, 9, 1, 0, 0],
			...[0, 0, 13, 15, 10, 15, 5, 0],
		]);
		// Sums of load_digits().data and .target.
		expect(16 * digits.images.data.reduce((sum, value) => sum + value)).toBe(561718);
		expect(digits.labels.reduce((sum, label) => sum + label)).toBe(8070);
		expect(digits.labels.length).toBe(1797);
	});
});

describe("choices", () => {
	test("random numbers are the same on every host", () => {
		const next = random(1);
		expect([next(), next(), next()].map((value) => value * 2 ** 32)).toEqual([2693262067, 11749833, 2265367787]);
		expect(failureOf(() => random(0.5))).toMatchObject({ code: "value" });
	});

	test("pairs have different labels, and one seed gives one list", () => {
		const labels = Array.from({ length: 100 }, (_, i) => i % 3);
		const chosen = pairs(labels, 500, 7);
		expect(chosen.every(([a, b]) => labels[a] !== labels[b])).toBe(true);
		expect(new Set(chosen.flat()).size).toBe(100);
		expect(pairs(labels, 20, 7)).toEqual(chosen.slice(0, 20));
		expect(pairs(labels, 20, 8)).not.toEqual(chosen.slice(0, 20));
		expect(pairs(["cat", "dog"], 1, 1)[0]?.toSorted()).toEqual([0, 1]);
	});

	test("refuses pairs that can't be", () => {
		expect(failureOf(() => pairs([4, 4, 4], 1, 1))).toMatchObject({ code: "value", path: "labels" });
		expect(failureOf(() => pairs([1, 2], 0, 1))).toMatchObject({ code: "value", path: "count" });
	});
});
