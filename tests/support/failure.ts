import { expect } from "vitest";
import { OrbitKernelsError } from "../../dist/index.js";

/** What a call throws. */
export function failureOf(call: () => unknown): unknown {
	try {
		call();
	} catch (error) {
		return error;
	}
	throw new Error("the call did not fail");
}

/** What a promise is rejected with. */
export const rejection = (call: Promise<unknown>): Promise<unknown> =>
	call.then(
		() => expect.fail("the call succeeded"),
		(reason: unknown) => reason,
	);

/** What a call fails with; anything but the library's own error fails the test. */
export async function failure(call: () => unknown): Promise<OrbitKernelsError> {
	const error = await rejection(Promise.resolve().then(call));
	expect(error).toBeInstanceOf(OrbitKernelsError);
	return error as OrbitKernelsError;
}
