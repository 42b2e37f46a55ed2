/**
 * Single images that commands read: NumPy arrays, and PNG.
 * @module
 */
import { convertIndexedToRgb, type DecodedPng, decode, hasPngSignature } from "fast-png";
import { LUMA } from "../../figures/luma.ts";
import { OrbitKernelsError, readNpy, type Tensor, toFloat64 } from "../index.ts";
import { naming, readBytes } from "./input.ts";

/** A grey image, H × W, and the bytes of its file. */
export interface ImageFile {
	image: Tensor;
	bytes: Uint8Array;
}

/**
 * Reads a grey image, H × W: a PNG as brightness from 0 to 1, what is transparent as black, or a .npy file as it is.
 *
 * Errors: `file` for what is neither; `shape` for an array that is no matrix, `value` for one that is constant or not finite.
 */
export async function readImage(path: string): Promise<ImageFile> {
	const bytes = await readBytes(path, path);
	const image = hasPngSignature(bytes)
		? grey(decoded(path, bytes))
		: await naming({ value: path }, () => toFloat64(readNpy(bytes, path)));
	const refuse = (code: "shape" | "value", found: string, expected: string) =>
		new OrbitKernelsError(code, `${path} ${found}: expected ${expected}`, { path, expected });
	const { data, shape } = image;
	if (shape.length !== 2) throw refuse("shape", `has shape (${shape.join(", ")})`, "one image, (H, W)");
	if (!data.every(Number.isFinite)) throw refuse("value", "holds numbers that are not finite", "finite ones");
	if (data.every((value) => value === data[0])) throw refuse("value", "is constant", "an image that shows something");
	return { image, bytes };
}

function decoded(path: string, bytes: Uint8Array): DecodedPng {
	try {
		return decode(bytes, { checkCrc: true });
	} catch (cause) {
		throw new OrbitKernelsError("file", `${path} is a damaged PNG: ${(cause as Error).message}`, { path, cause });
	}
}

function grey(png: DecodedPng): Tensor {
	const { width, height, depth } = png;
	const levels = Array.from({ length: 2 ** depth }, (_, level) => {
		const value = Math.round((255 * level) / (2 ** depth - 1));
		return [value, value, value];
	});
	// Less than a byte a pixel is packed, with a palette or without.
	const packed = png.palette ?? (depth < 8 ? levels : undefined);
	const values = packed ? convertIndexedToRgb({ ...png, palette: packed }) : png.data;
	const most = packed ? 255 : 2 ** depth - 1;
	const channels = values.length / (width * height);
	const data = Float64Array.from({ length: width * height }, (_, pixel) => {
		const at = (channel: number) => (values[pixel * channels + channel] as number) / most;
		const brightness = channels < 3 ? at(0) : LUMA.reduce((sum, weight, channel) => sum + weight * at(channel), 0);
		return channels % 2 === 0 ? brightness * at(channels - 1) : brightness;
	});
	return { data, shape: [height, width] };
}
