/**
 * Tables of groups from their definitions, element by element: what actions are checked by, and what the engine's own
 * tables have to be.
 * @module
 */
import type { Group, GroupTable } from "../../dist/index.js";
/** The table of a group by multiplying all elements. */
export declare function tableOf(group: Group): GroupTable;
