/**
 * A reload of the address that a page has not written yet (see paced.ts): browsers take none from a page that ends, so that the tab
 * remembers it.
 * @module
 */

const KEY = "orbit-lab";

/** What the tab remembers, where its reader lets it. */
function memory(): Storage | undefined {
	try {
		return sessionStorage;
	} catch {
		return undefined;
	}
}

/**
 * Gives a page that was reloaded the address that it was about to have.
 *
 * @param hash of the address as it shall be when the page ends, with its `#`
 */
export function survivesReload(hash: () => string): void {
	const remembered = memory()?.getItem(KEY);
	memory()?.removeItem(KEY);
	const [begin] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
	if (begin?.type === "reload" && remembered) history.replaceState(null, "", remembered);
	addEventListener("pagehide", () => memory()?.setItem(KEY, hash()));
}
