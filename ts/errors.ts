/**
 * The one error class of the library.
 * @module
 */

/** What went wrong, as a word that programs can test. */
export type ErrorCode =
	| "network"
	| "shape"
	| "value"
	| "ridge"
	| "singular"
	| "group"
	| "action"
	| "file"
	| "memory"
	| "worker"
	| "aborted"
	| "disposed"
	| "usage";

/** Where and why: each field is present when it applies. */
export interface ErrorFields {
	/** The place in a network or kernel, an options object or the file system, e.g. `layers[2].alpha`. */
	path?: string;
	/** Position in an array (flat, row-major) or the pivot of a factorization. */
	index?: number;
	/** The offending value. */
	value?: unknown;
	/** What was expected instead. */
	expected?: string;
	/** The error or abort reason behind this one. */
	cause?: unknown;
}

/** An error as plain data: how it crosses threads. */
export interface Failure extends Omit<ErrorFields, "cause"> {
	code: ErrorCode;
	message: string;
}

/**
 * Every failure that a caller can expect, with a stable `code` and the fields that apply.
 *
 * @example
 * try { await engine.gram(net, x); } catch (error) {
 *   if (error instanceof OrbitKernelsError && error.code === "network") console.error(error.path);
 * }
 */
export class OrbitKernelsError extends Error {
	readonly code: ErrorCode;
	declare readonly path?: string;
	declare readonly index?: number;
	declare readonly value?: unknown;
	declare readonly expected?: string;

	constructor(code: ErrorCode, message: string, fields: ErrorFields = {}) {
		const { cause, ...rest } = fields;
		super(message, cause === undefined ? undefined : { cause });
		// Web platform code recognises an abort by this name.
		this.name = code === "aborted" ? "AbortError" : "OrbitKernelsError";
		this.code = code;
		Object.assign(this, rest);
	}
}
