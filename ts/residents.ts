/**
 * What a wasm instance holds for later tiles, kept on the calling side: least recently used out.
 * @module
 */

/** A block of samples of an open Gram. */
export interface Resident {
	gram: number;
	id: number;
	bytes: number;
}

/** Memory for blocks in each instance. */
export const BUDGET_BYTES = 64 * 2 ** 20;

/** The blocks of one instance, in the order of their last use. */
export class Residents {
	readonly #held = new Map<number, Resident>();
	readonly #grams = new Set<number>();
	#bytes = 0;

	/** Marks blocks as used; says which of them must be sent, and which others must go to make room. */
	claim(wanted: Resident[]): { missing: Resident[]; remove: Resident[] } {
		const missing = wanted.filter(({ id }) => !this.#held.has(id));
		for (const block of wanted) {
			this.#drop(block.id);
			this.#held.set(block.id, block);
			this.#bytes += block.bytes;
			this.#grams.add(block.gram);
		}
		const remove: Resident[] = [];
		for (const block of this.#held.values()) {
			if (this.#bytes <= BUDGET_BYTES || wanted.includes(block)) break;
			remove.push(block);
			this.#drop(block.id);
		}
		return { missing, remove };
	}

	/** Forgets a Gram and all its blocks; whether the instance knows it. */
	close(gram: number): boolean {
		for (const block of this.#held.values()) if (block.gram === gram) this.#drop(block.id);
		return this.#grams.delete(gram);
	}

	#drop(id: number): void {
		this.#bytes -= this.#held.get(id)?.bytes ?? 0;
		this.#held.delete(id);
	}
}
