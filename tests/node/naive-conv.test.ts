/** The oracle of convolutional kernels has the reference numbers itself: the first entries of each case, of small images. */
import { expect, test } from "vitest";
import { naiveConvKernels } from "../../bench/reference/naive-conv.ts";
import { gather } from "../../ts/parts.ts";
import { expectClose } from "../support/close.ts";
import { loadArray } from "../support/files.ts";
import { imageCases, kernelInputs, toleranceOf } from "../support/reference.ts";

/** The covariance of more locations takes seconds. */
const LOCATIONS = 144;

const cases = await imageCases();

test("all cases are here", () => {
	expect(cases.filter(({ family }) => family === "conv").length).toBe(107);
	expect(cases.filter(({ family }) => family === "structure").length).toBe(34);
});

test.for(cases.map((one) => [one.name, one] as const))("%s", async ([, one], { skip }) => {
	const [x, other] = (await kernelInputs(one.family, one)) ?? skip("made from MNIST's pixels, which are not there");
	const isVector = x.shape.length === 2;
	if (!isVector && (x.shape[1] as number) * (x.shape[2] as number) > LOCATIONS) skip("too many locations");
	// A symmetric case shall have an entry beside its diagonal.
	const few = other ? 1 : Math.min(2, x.shape[0] as number);
	const first = Array.from({ length: few }, (_, k) => k);
	const kernels = naiveConvKernels(one.network, gather(x, first), other && gather(other, first));
	for (const name of ["nngp", "ntk"] as const) {
		const expected = (await loadArray(one.family, one.expected[name])) ?? skip("made from MNIST's pixels");
		const entries = first.flatMap((i) =>
			first.map((j) => expected.data[i * (expected.shape[1] as number) + j] as number),
		);
		expectClose(kernels[name], entries, toleranceOf(one.tolerance, name));
	}
});
