// What the rules and the phases of a step are called. What each equation does, in a sentence, comes
// with the equation from the server.

/** @import { Line, LineText, Phase } from "./types.js" */

/**
 * "phase.rule" -> the name of the rule.
 * @type {Record<string, string>}
 */
export const RULES = {
  "forward.affine": "weighted sum",
  "forward.activation": "activation",
  "forward.mask": "dropout",
  "loss.loss": "loss",
  "loss.penalty": "penalty",
  "backward.error": "error term",
  "backward.gradient": "gradient",
  "backward.back": "error passed back",
  "backward.mask": "dropout",
  "backward.slope": "error term",
  "penalty.l2": "L2",
  "penalty.l1": "L1",
  "penalty.frozen": "frozen biases",
  "penalty.clip": "clipping",
  "update.step": "step",
  "update.velocity": "velocity",
  "update.squares": "sum of squares",
  "update.spread": "mean square",
  "update.mean": "mean gradient",
  "update.decay": "weight decay",
  "update.max_norm": "max-norm",
};

/**
 * Return what a line's rule is called.
 * @param {Pick<LineText, "phase" | "rule">} line
 */
export const ruleName = ({ phase, rule }) => RULES[`${phase}.${rule}`] ?? rule;

/**
 * Return what a line is called beside its phase: rule and layer, "" where the phase says it all.
 * @param {Pick<Line, "phase" | "rule" | "layer">} line
 */
export function lineName(line) {
  if (line.phase === line.rule) return "";
  const layer = line.layer && line.phase !== "loss" ? `, layer ${line.layer}` : "";
  return ruleName(line) + layer;
}

/**
 * The phases in order, as people read them.
 * @type {Record<Phase, string>}
 */
export const PHASES = {
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  penalty: "Penalty",
  update: "Update",
};
