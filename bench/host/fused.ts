/**
 * A wasm module in which a product and its sum are one instruction of relaxed SIMD wherever they can be: what a compiler
 * makes that may contract them, in the library's own loops and in all that it is built on.
 *
 * The Rust compiler doesn't, as it keeps both roundings, and of the crates only pulp knows these instructions, behind a
 * feature that neither gemm nor faer turns on.
 * @module
 */
import binaryen from "binaryen";

/** An instruction with its operands, or anything else that has parentheses. */
interface Node {
	/** Without its parenthesis, such as "v128.load offset=16". */
	head: string;
	children: Node[];
}

/** What may be computed before a product as well as after it. */
const PURE = /^(local\.(get|tee) |v128\.(load|const)|[fi]\d+(x\d+)?\.[a-z_0-9]+)/;
const IMPURE = /\.(store|atomic|trunc|div|rem)/;

/** Contracts all that can be. */
export function fused(wasm: Uint8Array): Uint8Array {
	const before = binaryen.readBinary(wasm);
	const features = before.getFeatures() | binaryen.Features.RelaxedSIMD;
	const root = parse(before.emitText());
	before.dispose();
	fuse(root);
	const after = binaryen.parseText(root.children.map(print).join("\n"));
	after.setFeatures(features);
	const result = after.emitBinary();
	after.dispose();
	return result;
}

/** Binaryen writes an instruction to a line, and a parenthesis alone where one with operands ends. */
function parse(text: string): Node {
	const root: Node = { head: "", children: [] };
	const open = [root];
	for (const line of text.split("\n").map((line) => line.trim())) {
		if (line === "" || line.startsWith(";;")) continue;
		if (line === ")") {
			open.pop();
			continue;
		}
		const whole = isWhole(line);
		const node = { head: line.slice(1, whole ? -1 : undefined), children: [] };
		(open.at(-1) as Node).children.push(node);
		if (!whole) open.push(node);
	}
	return root;
}

function isWhole(line: string): boolean {
	if (!line.endsWith(")")) return false;
	let depth = 0;
	for (const letter of line.includes('"') ? line.replace(/"(\\.|[^"\\])*"/g, "") : line)
		depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
	return depth === 0;
}

const print = ({ head, children }: Node): string =>
	children.length > 0 ? `(${head}\n${children.map(print).join("\n")}\n)` : `(${head})`;

/** x·y + z and z − x·y as one instruction each, from the inside out. */
function fuse(node: Node): void {
	node.children.forEach(fuse);
	const [, type, operation] = /^(f64x2|f32x4)\.(add|sub)$/.exec(node.head) ?? [];
	if (!type) return;
	const [left, right] = node.children as [Node, Node];
	const isProduct = ({ head }: Node) => head === `${type}.mul`;
	if (isProduct(right) && interchangeable(left, right)) {
		node.head = `${type}.relaxed_${operation === "add" ? "madd" : "nmadd"}`;
		node.children = [...right.children, left];
	} else if (isProduct(left) && operation === "add") {
		node.head = `${type}.relaxed_madd`;
		node.children = [...left.children, right];
	}
}

/** Whether it makes no difference which of two is computed first: neither sets what the other takes. */
function interchangeable(left: Node, right: Node): boolean {
	const [one, other] = [locals(left), locals(right)];
	if (!one || !other) return false;
	const apart = (set: string[], { got, set: also }: Locals) =>
		set.every((name) => !got.includes(name) && !also.includes(name));
	return apart(one.set, other) && apart(other.set, one);
}

interface Locals {
	got: string[];
	set: string[];
}

/** The locals of an expression without other effects. */
function locals({ head, children }: Node): Locals | undefined {
	if (!PURE.test(head) || IMPURE.test(head)) return undefined;
	const [, kind, name = ""] = /^local\.(get|tee) (\S+)/.exec(head) ?? [];
	const all: Locals = { got: kind === "get" ? [name] : [], set: kind === "tee" ? [name] : [] };
	for (const child of children) {
		const inner = locals(child);
		if (!inner) return undefined;
		all.got.push(...inner.got);
		all.set.push(...inner.set);
	}
	return all;
}
