/**
 * Neural kernels and their symmetry theory, in WebAssembly SIMD.
 * @module
 */
export type { ArrayInput, Nested, Tensor } from "./arrays.ts";
export {
	arcCosineKernel,
	type Kernel,
	maternKernel,
	periodicKernel,
	polynomialKernel,
	productKernel,
	rbfKernel,
	sumKernel,
} from "./classical.ts";
export { createEngine, type Engine, type EngineOptions } from "./create-engine.ts";
export { type CirclesOptions, twoCircles } from "./data/circles.ts";
export { type DatasetFiles, datasetFiles, readDataset } from "./data/dataset.ts";
export { embeddedDigits, type LabelledImages } from "./data/digits.ts";
export type { ElementArray, NumericArray } from "./data/elements.ts";
export { readIdx } from "./data/idx.ts";
export { readNpy, toFloat64, writeNpy } from "./data/npy.ts";
export { pairs } from "./data/pairs.ts";
export { random, shuffle } from "./data/random.ts";
export type { StepCost } from "./engine.ts";
export { type ErrorCode, type ErrorFields, OrbitKernelsError } from "./errors.ts";
export type { Amount, ExplainOptions, Explanation } from "./explain.ts";
export { inFlight } from "./in-flight.ts";
export type { LeftOut, Prediction, Regression, RegressionOptions, Ridge } from "./inference.ts";
export type { CallOptions, Executor, KernelName, KernelOptions, Kernels, Progress } from "./kernel.ts";
export {
	abRelu,
	abs,
	attention,
	avgPool,
	classToken,
	conv,
	dense,
	dropout,
	erf,
	fanInSum,
	fanOut,
	flatten,
	gelu,
	globalAveragePool,
	globalSumPool,
	identity,
	layerNorm,
	leakyRelu,
	maxPool,
	parallel,
	patches,
	positionalEmbedding,
	relu,
	residual,
	serial,
	sumPool,
	takeToken,
} from "./layers.ts";
export type {
	AttentionOptions,
	ConvOptions,
	DenseOptions,
	DropoutOptions,
	ErfOptions,
	LayerNormOptions,
	MaxPoolOptions,
	Network,
	Padding,
	PoolOptions,
	Size,
} from "./network.ts";
export { circulantRow } from "./pair-task.ts";
export { gather, submatrix } from "./parts.ts";
export {
	type Action,
	type Apply,
	customAction,
	flips,
	permutationAction,
	planarRotations,
	quarterTurns,
	rotations,
	shifts,
	shifts2d,
	squareSymmetries,
} from "./symmetry/action.ts";
export type { ActionCheck } from "./symmetry/check-action.ts";
export type { Labels } from "./symmetry/classes.ts";
export {
	alternating,
	cyclic,
	dihedral,
	type Group,
	type GroupTable,
	permutationGroup,
	product,
	quaternion,
	symmetric,
	tableGroup,
} from "./symmetry/group.ts";
export type { OrbitOptions, Prepare } from "./symmetry/orbit.ts";
export type { OrbitGram, OrbitGramOptions } from "./symmetry/orbit-gram.ts";
export type { PairOptions, PairQuantities } from "./symmetry/pair.ts";
export type { Distribution, PairCurves, PosesNeeded, PosesOptions } from "./symmetry/poses.ts";
export type { GroupRegression, GroupRegressionOptions, OrbitPoint } from "./symmetry/regression.ts";
export type {
	Columns,
	Label,
	MultiClassRule,
	MultiSeedRule,
	OrbitErrors,
	OrbitReport,
	PairReport,
	Split,
	SymmetryReport,
	Verdict,
} from "./symmetry/report.ts";
export type { Classes, GroupOptions, GroupStructure, Irrep, IrrepKind } from "./symmetry/structure.ts";
export type { SymmetryOptions } from "./symmetry/symmetry.ts";
export type { EmpiricalOptions } from "./training/empirical.ts";
export type { HeldOutPose, HeldOutPoseOptions, HeldOutPoseState, PoseAccuracy } from "./training/held-out-pose.ts";
export type { Estimate, MonteCarloOptions } from "./training/monte-carlo.ts";
export type { Loss, ModelOptions, Optimizer, TrainOptions, Weights } from "./training/options.ts";
export { readSafetensors, type TensorFile, writeSafetensors } from "./training/safetensors.ts";
export type { ClassLabels, SampleSource, TrainingData } from "./training/source.ts";
export type { TrainingRun } from "./training/train.ts";
export { largestOutputs, type Trained } from "./training/trained.ts";
