/** Bundles the benchmarks into a folder inside the project. */
export function buildBenchmarks(folder: string): Promise<void>;
