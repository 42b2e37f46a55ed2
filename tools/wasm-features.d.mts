export declare const wasmFeatures: string[];
