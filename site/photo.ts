/**
 * A picture in colours as the page holds pictures.
 * @module
 */
import { LUMA } from "../figures/luma.ts";
import { OWN } from "./pictures.ts";

/**
 * A square picture (side × side × red, green, blue, opacity, from 0 to 255; the side a multiple of 28) as 28 × 28 numbers,
 * the darkest 0 and the brightest 1, or the other way round where its ground is the brighter; undefined where it has but one
 * grey.
 */
export function greyOf(rgba: ArrayLike<number>, side: number): Float64Array | undefined {
	const image = new Float64Array(OWN * OWN);
	const block = side / OWN;
	for (let k = 0; k < side * side; k++) {
		const at = Math.floor(k / side / block) * OWN + Math.floor((k % side) / block);
		const grey = LUMA.reduce((sum, part, c) => sum + part * (rgba[4 * k + c] as number), 0);
		image[at] = (image[at] as number) + grey / (255 * block * block);
	}
	const [least, most] = [Math.min(...image), Math.max(...image)];
	if (most - least < 1e-3) return undefined;
	const turned = isGroundBright(image);
	return image.map((grey) => (turned ? most - grey : grey - least) / (most - least));
}

/** Whether an image of 28 × 28 is on average brighter at its border than in its middle, a half as wide. */
function isGroundBright(image: Float64Array): boolean {
	const mean = (wanted: (fromEdge: number) => boolean) => {
		const values = image.filter((_, k) => {
			const [row, column] = [Math.floor(k / OWN), k % OWN];
			return wanted(Math.min(row, column, OWN - 1 - row, OWN - 1 - column));
		});
		return values.reduce((sum, value) => sum + value, 0) / values.length;
	};
	return mean((fromEdge) => fromEdge === 0) > mean((fromEdge) => fromEdge >= OWN / 4);
}
