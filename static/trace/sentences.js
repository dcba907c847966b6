// What the lines and the phases of a step are called. What each equation does, in a sentence, comes
// with the equation from the server.

import { tr } from "../shared/language.js";

/** @import { Line, Phase } from "./types.js" */

/**
 * Return the name of a line after its phase: rule and layer, or "" if the phase is enough.
 * @param {Pick<Line, "phase" | "rule" | "name" | "layer">} line
 */
export function lineName({ phase, rule, name, layer }) {
  if (phase === rule) return "";
  return layer && phase !== "loss" ? tr("{name}, layer {layer}", { name, layer }) : name;
}

/**
 * The phases in order, as people read them.
 * @type {Record<Phase, string>}
 */
export const PHASES = {
  forward: tr("Forward"),
  loss: tr("Loss"),
  backward: tr("Backward"),
  penalty: tr("Penalty"),
  update: tr("Update"),
};
