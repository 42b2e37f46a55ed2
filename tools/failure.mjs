/** A failure that its message explains: what went wrong, or what to install. Shown without a stack trace. */
export class Failure extends Error {}
