/**
 * What the operating system says, in words.
 * @module
 */

const REASONS: Record<string, string> = {
	ENOENT: "no such file or folder",
	ENOTDIR: "no such folder",
	EISDIR: "it is a folder",
	EACCES: "permission denied",
	EPERM: "permission denied",
	EROFS: "the file system can't be written to",
	ENOSPC: "no space left on the device",
	EDQUOT: "no space left for this user",
	EFBIG: "the file would be too large",
	EMFILE: "too many open files",
	ENAMETOOLONG: "the name is too long",
	EEXIST: "a file is in its place",
	EADDRINUSE: "another program listens there",
	EADDRNOTAVAIL: "it is no address of this machine",
	ENOTFOUND: "there is no such host",
};

/** Why a call of the system failed. */
export function reason(error: unknown): string {
	const { code, message } = error as NodeJS.ErrnoException;
	return REASONS[code ?? ""] ?? message;
}

/** A file operation that failed without a fault in what the user gave, such as a full disk. */
export class SystemFailure extends Error {}
