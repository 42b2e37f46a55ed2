/**
 * What the machine can do at most in WebAssembly, from a small module made of text: multiplications and additions a
 * second, and bytes a second from each level of memory.
 * @module
 */

/** The types of arithmetic that are probed. */
export type Arithmetic = "f64x2" | "f32x4" | "f64";

/** GFLOP/s, and with how many independent sums they were reached. */
export interface Rate {
	rate: number;
	chains: number;
}

/** A sum waits for its product: this many at once, of which the best counts. With more, x86-64 has no registers left. */
const CHAINS = [6, 8, 10, 12];
/** Steps of all sums together in one turn of the loop, which then costs next to nothing. */
const STEPS = 120;
const TURNS = 20_000;
/** Calls of a function: an engine optimizes it during the first of them, and the best counts. */
const CALLS = 40;
/** Bytes that a call of the memory probe reads, and a turn of its loop. */
const TRAFFIC = 1 << 28;
const TURN_BYTES = 128;
/** The end of each loop. */
const COUNT_DOWN = "(br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1))))";

/**
 * The highest rate of multiplications and additions, in one thread.
 *
 * @param fused by one instruction of relaxed SIMD, which the runtime has to have
 * @example
 * (await peak("f64x2")).rate // 30.8
 */
export async function peak(arithmetic: Arithmetic, fused = false): Promise<Rate> {
	let best: Rate = { rate: 0, chains: 0 };
	for (const chains of CHAINS) {
		const { run } = await start<{ run(turns: number): number }>(multiplyAdd(arithmetic, chains, fused));
		const flops = 2 * lanes(arithmetic) * STEPS * TURNS;
		const rate = flops / (await shortest(() => run(TURNS))) / 1e6;
		if (rate > best.rate) best = { rate, chains };
	}
	return best;
}

/** The same of a product and a sum in one instruction of relaxed SIMD; undefined where the runtime has none. */
export async function fusedPeaks(): Promise<FusedPeaks | undefined> {
	if (!WebAssembly.validate(await assemble(multiplyAdd("f64x2", 1, true)))) return undefined;
	return { f64x2: await peak("f64x2", true), f32x4: await peak("f32x4", true) };
}

export type FusedPeaks = Record<"f64x2" | "f32x4", Rate>;

const peaks = new Map<string, Promise<number>>();

/**
 * GFLOP/s of a precision's SIMD, measured once a process: what a share of the machine's peak refers to.
 *
 * @example
 * gflops / (await measuredPeak("f64"))
 */
export function measuredPeak(precision: "f64" | "f32"): Promise<number> {
	const known = peaks.get(precision);
	if (known) return known;
	const measured = peak(precision === "f64" ? "f64x2" : "f32x4").then(({ rate }) => rate);
	peaks.set(precision, measured);
	return measured;
}

/** GB/s: bytes read, and bytes copied (each of them read and written). */
export interface Bandwidth {
	read: number;
	copy: number;
}

/**
 * The bandwidth of memory, or of the cache that holds `bytes`, in one thread.
 *
 * @param bytes a power of two from 256 on; a copy is from the first half to the second
 * @example
 * await bandwidth(16 << 10) // of the L1 cache
 */
export async function bandwidth(bytes: number): Promise<Bandwidth> {
	type Pass = (turns: number) => number;
	const { fill, read, copy } = await start<{ fill(): void; read: Pass; copy: Pass }>(memory(bytes));
	// Pages that nobody has written are all the same one of zeros.
	fill();
	const rate = async (pass: Pass) => TRAFFIC / (await shortest(() => pass(TRAFFIC / TURN_BYTES), CALLS / 4)) / 1e6;
	return { read: await rate(read), copy: await rate(copy) };
}

/** Milliseconds of the fastest of some calls, between which the engine's compiler may come to its turn. */
async function shortest(run: () => unknown, calls = CALLS): Promise<number> {
	let best = Number.POSITIVE_INFINITY;
	for (let call = 0; call < calls; call++) {
		const start = performance.now();
		run();
		best = Math.min(best, performance.now() - start);
		await new Promise((resolve) => setTimeout(resolve));
	}
	return best;
}

async function start<Exports>(text: string): Promise<Exports> {
	const { instance } = await WebAssembly.instantiate(await assemble(text));
	return instance.exports as Exports;
}

async function assemble(text: string): Promise<Uint8Array<ArrayBuffer>> {
	const { default: binaryen } = await import("binaryen");
	const module = binaryen.parseText(text);
	try {
		module.setFeatures(
			binaryen.Features.BulkMemory |
				binaryen.Features.BulkMemoryOpt |
				binaryen.Features.SIMD128 |
				binaryen.Features.RelaxedSIMD,
		);
		return new Uint8Array(module.emitBinary());
	} finally {
		module.dispose();
	}
}

const lanes = (arithmetic: Arithmetic) => (arithmetic === "f64" ? 1 : arithmetic === "f64x2" ? 2 : 4);

/** Sums s = s·x + y, independent of each other, whose operands never leave the registers. */
function multiplyAdd(type: Arithmetic, chains: number, fused: boolean): string {
	const scalar = type === "f64";
	const local = scalar ? "f64" : "v128";
	const constant = (value: number) =>
		scalar ? `(f64.const ${value})` : `(${type}.splat (${type.slice(0, 3)}.const ${value}))`;
	const sums = Array.from({ length: chains }, (_, k) => `$s${k}`);
	const next = (sum: string) =>
		fused
			? `(${type}.relaxed_madd (local.get ${sum}) (local.get $x) (local.get $y))`
			: `(${type}.add (${type}.mul (local.get ${sum}) (local.get $x)) (local.get $y))`;
	const steps = Array.from({ length: STEPS }, (_, k) => sums[k % chains] as string);
	const total = sums.map((sum) => `(local.get ${sum})`).reduce((all, sum) => `(${type}.add ${all} ${sum})`);
	// Of a vector, all lanes have to be needed, or an engine might drop the rest.
	const result = scalar
		? total
		: `(f64.convert_i64_u (i64.xor (i64x2.extract_lane 0 ${total}) (i64x2.extract_lane 1 ${total})))`;
	return `(module (func (export "run") (param $turns i32) (result f64)
		${sums.map((sum) => `(local ${sum} ${local})`).join(" ")} (local $x ${local}) (local $y ${local})
		(local.set $x ${constant(0.5)})
		(local.set $y ${constant(1)})
		(loop $again
			${steps.map((sum) => `(local.set ${sum} ${next(sum)})`).join("\n\t\t\t")}
			${COUNT_DOWN})
		${result}))`;
}

/**
 * Goes through memory in vectors, round and round: all of it is read, or its first half copied to the second. Eight
 * vectors a turn: of more, V8 loads all before it adds the first, and has no registers left.
 */
function memory(bytes: number): string {
	const pages = Math.ceil(bytes / 65536);
	const vectors = Array.from({ length: 8 }, (_, k) => ({ sum: `$s${k}`, at: 16 * k }));
	const total = vectors.map(({ sum }) => `(local.get ${sum})`).reduce((all, sum) => `(v128.xor ${all} ${sum})`);
	const load = (at: number) => `(v128.load offset=${at} (local.get $from))`;
	const add = vectors.map(({ sum, at }) => `(local.set ${sum} (v128.xor (local.get ${sum}) ${load(at)}))`);
	const move = vectors.map(({ at }) => `(v128.store offset=${at + bytes / 2} (local.get $from) ${load(at)})`);
	const pass = (name: string, end: number, body: string[]) => `(func (export "${name}") (param $turns i32) (result i32)
		(local $from i32) ${vectors.map(({ sum }) => `(local ${sum} v128)`).join(" ")}
		(loop $again
			${body.join("\n\t\t\t")}
			(local.set $from (i32.and (i32.add (local.get $from) (i32.const ${TURN_BYTES})) (i32.const ${end - 1})))
			${COUNT_DOWN})
		(i32x4.extract_lane 0 ${total}))`;
	return `(module (memory ${pages})
		(func (export "fill") (memory.fill (i32.const 0) (i32.const 1) (i32.const ${pages * 65536})))
		${pass("read", bytes, add)}
		${pass("copy", bytes / 2, move)})`;
}
