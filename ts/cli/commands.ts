/**
 * All commands, in the order of the help.
 * @module
 */
import type { Command } from "./command.ts";
import { figure } from "./figure.ts";
import { gram } from "./gram.ts";
import { heldOut } from "./held-out.ts";
import { lab } from "./lab.ts";
import { poses } from "./poses.ts";
import { regress } from "./regress.ts";
import { symmetry } from "./symmetry.ts";
import { why } from "./why.ts";

export const commands: readonly Command[] = [figure, gram, heldOut, lab, poses, regress, symmetry, why];
