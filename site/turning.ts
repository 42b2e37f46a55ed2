/**
 * Points in space as they are seen from a direction.
 * @module
 */
import type { State } from "./state.ts";

type View = State["view"];

/** A point of a picture: to the right, up, and towards the reader. */
export interface Seen {
	x: number;
	y: number;
	near: number;
}

const RADIAN = Math.PI / 180;

/** How a view (degrees) shows points: the third coordinate stands upright at elevation 0, and points at the reader at 90. */
export function seenFrom({ azimuth, elevation }: View): (point: readonly [number, number, number]) => Seen {
	const [sin, cos] = [Math.sin(azimuth * RADIAN), Math.cos(azimuth * RADIAN)];
	const [tilt, upright] = [Math.sin(elevation * RADIAN), Math.cos(elevation * RADIAN)];
	return ([first, second, third]) => {
		const away = first * sin + second * cos;
		return { x: first * cos - second * sin, y: third * upright + away * tilt, near: third * tilt - away * upright };
	};
}

/** A view that is turned by some degrees: around as often as one likes, up to the poles; in whole degrees, as addresses have them. */
export function turned({ azimuth, elevation }: View, around: number, up: number): View {
	const around360 = Math.round(azimuth + around) % 360;
	return { azimuth: around360, elevation: Math.min(90, Math.max(-90, Math.round(elevation + up))) };
}
