/**
 * What Node and a page have in common.
 * @module
 */

/** A folder of files. */
export interface DataFolder {
	names: string[];
	read(name: string): Promise<Uint8Array>;
}

/** A thread that is sent messages and answers some. */
export interface Thread {
	post(message: unknown): void;
	/** Its next message; rejects when the thread fails. */
	answer(): Promise<unknown>;
	close(): Promise<void>;
}
