/** What benchmarks do with wasm modules: contracted products and sums, and the instructions of loops. */
import binaryen from "binaryen";
import { expect, test } from "vitest";
import { fused } from "../../bench/host/fused.ts";
import { loopsOf, withCounters } from "../../bench/loops.ts";

function assemble(text: string): Uint8Array<ArrayBuffer> {
	const module = binaryen.parseText(text);
	module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.MutableGlobals);
	const wasm = new Uint8Array(module.emitBinary());
	module.dispose();
	return wasm;
}

function textOf(wasm: Uint8Array): string {
	const module = binaryen.readBinary(wasm);
	const text = module.emitText();
	module.dispose();
	return text;
}

/** A function of three vectors, after fusion, in one line. */
function fusedBody(body: string): string {
	const parameters = "(param $a v128) (param $b v128) (param $c v128)";
	const wasm = assemble(`(module (memory 1) (func (export "f") ${parameters} (result v128) ${body}))`);
	return textOf(fused(wasm)).replace(/\s+/g, " ");
}

const [a, b, c] = ["(local.get $a)", "(local.get $b)", "(local.get $c)"];

test("a product and its sum become one instruction, whose last operand is what is added", () => {
	const one = "(f64x2.relaxed_madd (local.get $0) (local.get $1) (local.get $2) )";
	expect(fusedBody(`(f64x2.add (f64x2.mul ${a} ${b}) ${c})`)).toContain(one);
	expect(fusedBody(`(f64x2.add ${c} (f64x2.mul ${a} ${b}))`)).toContain(one);
	expect(fusedBody(`(f64x2.sub ${c} (f64x2.mul ${a} ${b}))`)).toContain(one.replace("madd", "nmadd"));
});

test("a difference from a product, another type's product and operands that set each other stay as they are", () => {
	for (const body of [
		`(f64x2.sub (f64x2.mul ${a} ${b}) ${c})`,
		`(f64x2.add (f32x4.mul ${a} ${b}) ${c})`,
		`(f64x2.add ${c} (f64x2.mul (local.tee $c ${a}) ${b}))`,
		`(f64x2.add (local.tee $a ${c}) (f64x2.mul ${a} ${b}))`,
	])
		expect(fusedBody(body)).not.toContain("relaxed");
});

const LOOPS = `(module (import "host" "call" (func $call)) (memory 1)
	(func (export "other") (loop (drop (f64.mul (f64.const 1) (f64.const 2)))))
	(func (export "f") (param $n i32) (param $k i32)
		(loop $outer
			(local.set $k (i32.const 3))
			(loop $inner
				(v128.store (i32.const 0) (f64x2.sqrt (f64x2.mul (v128.load (i32.const 0)) (v128.load (i32.const 16)))))
				(br_if $inner (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
			(br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))`;

test("instructions of innermost loops are counted by kind", () => {
	const [inner, ...others] = loopsOf(textOf(assemble(LOOPS)).split("\n"), new Set([2]));
	expect(others).toEqual([]);
	expect(inner?.instructions).toMatchObject({ loads: 2, stores: 1, multiplications: 1, additions: 0 });
	expect(inner?.instructions).toMatchObject({ "divisions and roots": 1, "integers and branches": 2 });
});

test("counters tell how often loops turn", async () => {
	const lines = textOf(assemble(LOOPS)).split("\n");
	const wasm = assemble(withCounters(lines, loopsOf(lines, new Set([2]))));
	const { instance } = await WebAssembly.instantiate(wasm, { host: { call() {} } });
	const { f, turns_0 } = instance.exports as { f(n: number): void; turns_0: WebAssembly.Global };
	f(5);
	expect(turns_0.value).toBe(15n);
});
