/**
 * Calls that a browser allows only so often.
 * @module
 */

/** Calls that may follow each other at once, and those of a second on average: browsers bear but a hundred in half a minute. */
const AT_ONCE = 10;
const PER_SECOND = 3;

/** The same call, at once as long as it was seldom made, else as soon as it may be; what is called meanwhile is one call. */
export function paced(call: () => void): () => void {
	let allowed = AT_ONCE;
	let last = performance.now();
	let later: ReturnType<typeof setTimeout> | undefined;
	const now = () => {
		later = undefined;
		const time = performance.now();
		allowed = Math.min(AT_ONCE, allowed + ((time - last) * PER_SECOND) / 1000);
		last = time;
		if (allowed >= 1) {
			allowed--;
			call();
		} else later = setTimeout(now, 1000 / PER_SECOND);
	};
	return () => {
		if (later === undefined) now();
	};
}
