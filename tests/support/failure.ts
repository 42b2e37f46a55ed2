/** What a call throws. */
export function failureOf(call: () => unknown): unknown {
	try {
		call();
	} catch (error) {
		return error;
	}
	throw new Error("the call did not fail");
}
