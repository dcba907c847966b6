// What each equation does, in words for somebody who learns it.

import { symbol } from "../shared/format.js";

const delta = (l) => symbol("δ", l);
const below = (l) => (l === 1 ? "the inputs" : `the answers of layer ${l - 1}`);

/** "phase.rule" -> {title, says(layer, line)}. */
export const RULES = {
  "forward.affine": {
    title: "weighted sum",
    says: (l) => `Each unit of layer ${l} weighs ${below(l)}, adds them up and adds its bias.`,
  },
  "forward.activation": {
    title: "activation",
    says: (l) => `Each unit of layer ${l} answers its weighted sum ${symbol("z", l)} through f.`,
  },
  "forward.mask": {
    title: "dropout",
    says: () =>
      "Dropout mutes the units marked ×. The others speak louder by 1 / (1 − p), so that the next " +
      "sums stay as large on average.",
  },
  "loss.loss": {
    title: "loss",
    says: () => "How wrong the answers are: one number for each example, then their mean.",
  },
  "loss.penalty": {
    title: "penalty",
    says: () => "What the size of the weights costs. It is added to the loss.",
  },
  "backward.error": {
    title: "error term",
    says: (l, { tex }) => {
      const cancels = tex.includes("f'") || tex.includes("J^") ? "" : CANCELS;
      return `The error term ${delta(l)} = ∂L/∂${symbol("z", l)}: how the loss changes with each output unit’s weighted sum. The 1/n of the mean is in it from here on.${cancels}`;
    },
  },
  "backward.gradient": {
    title: "gradient",
    says: (l) =>
      `∂L/∂${symbol("W", l)}: the error term of the unit that a weight enters × the answer of the ` +
      "unit that it leaves, summed over the examples. Both have a column for each example, so the " +
      "second is transposed (ᵀ): row by column adds the examples up. For a bias that answer is 1.",
  },
  "backward.back": {
    title: "sent back",
    says: (l) =>
      `Chain rule, ∂${symbol("z", l + 1)}/∂${symbol("a", l)} = ${symbol("W", l + 1)}: each unit of ` +
      `layer ${l} collects the error terms of the units it feeds, each × the weight between them. ` +
      `Those weights are a column of ${symbol("W", l + 1)}, a row of its transpose: hence the ᵀ.`,
  },
  "backward.mask": {
    title: "dropout",
    says: () =>
      "A muted unit had no say, so no error reaches it. The others take 1 / (1 − p) along.",
  },
  "backward.slope": {
    title: "error term",
    says: (l) =>
      `Chain rule, ∂${symbol("a", l)}/∂${symbol("z", l)} = f′: what was sent back passes through ` +
      "the slope of f. Where f is flat, hardly anything gets through.",
  },
  "penalty.l2": {
    title: "L2",
    says: () => "L2 pulls every weight towards 0, in proportion to its size. Biases go free.",
  },
  "penalty.l1": {
    title: "L1",
    says: () => "L1 pulls every weight towards 0 by the same amount. Biases go free.",
  },
  "penalty.frozen": {
    title: "frozen biases",
    says: () => "The biases are frozen: their slope counts as 0.",
  },
  "penalty.clip": {
    title: "clipping",
    says: () =>
      "‖g‖ is the length of the whole gradient. Where it is more than the limit c_g, g is shortened " +
      "to that length. Its direction stays.",
  },
  "update.step": {
    title: "step",
    says: (_, { tex }) => {
      if (tex.includes("\\hat m"))
        return "m̂ and v̂ are m and v, corrected for their start at 0; t is the number of this step. Every weight and bias moves by η × m̂, divided by the usual size of its slope, √v̂. ε keeps that from 0.";
      if (tex.includes("\\hat\\eta"))
        return "η̂ is the learning rate with both corrections for the start at 0 in it; t is the number of this step. Every weight and bias moves by η̂ × m, divided by the usual size of its slope, √v. ε keeps that from 0.";
      return tex.includes("\\eta\\, g") && !tex.includes("oslash") && !tex.includes("v")
        ? "Every weight and bias moves against its slope, by the learning rate η times the slope."
        : "Every weight and bias moves: by the learning rate and by what the optimizer remembers.";
    },
  },
  "update.velocity": {
    title: "velocity",
    says: () => "The velocity keeps a share μ of itself and takes the new slope in.",
  },
  "update.squares": {
    title: "sum of squares",
    says: () =>
      "s adds up the squared slopes of all steps: what was steep so far takes smaller steps.",
  },
  "update.spread": {
    title: "mean square",
    says: (_, { tex }) =>
      `${tex.startsWith("v") ? "v" : "s"} is a running mean of the squared slopes: how large the ` +
      "slopes usually are.",
  },
  "update.mean": {
    title: "mean slope",
    says: () => "m is a running mean of the slopes: which way they point on the whole.",
  },
  "update.decay": {
    title: "weight decay",
    says: () => "Every weight shrinks by a small share of itself, whatever its slope.",
  },
  "update.max_norm": {
    title: "max-norm",
    says: () =>
      "Where the row of weights into a unit is longer than the limit c_W, it is shortened to it.",
  },
};

const CANCELS = " The slope of f and the loss cancel, so answer − target is all that is left.";

/** {title, says} of a line. */
export function words(line) {
  const rule = RULES[`${line.phase}.${line.rule}`];
  return { title: rule?.title ?? line.rule, says: rule?.says(line.layer, line) ?? "" };
}

/** The phases in order, as people read them. */
export const PHASES = {
  forward: "Forward",
  loss: "Loss",
  backward: "Backward",
  penalty: "Penalty",
  update: "Update",
};
