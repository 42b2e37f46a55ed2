/**
 * Numbers in words.
 * @module
 */

export const layers = (count: number) => `${count} hidden layer${count === 1 ? "" : "s"}`;

export const percent = (share: number) => `${Math.round(100 * share)} %`;

export const times = (count: number) => ["never", "once", "twice"][count] ?? `${count} times`;
