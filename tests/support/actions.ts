import { type Action, type Group, permutationAction } from "../../dist/index.js";
import { tableOf } from "./groups.ts";

/** The regular representation: elements permute elements, (g·x)[p] = x[g⁻¹p]. */
export function regular(group: Group): Action {
	const { order, product, inverse } = tableOf(group);
	const rows = Array.from(inverse, (g) => [...product.subarray(g * order, (g + 1) * order)]);
	return permutationAction(rows, group);
}
