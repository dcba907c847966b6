// What units and parameters are called when they are pointed at.

import { exact, symbol } from "./format.js";

/** A unit's name: an input or output by its own, others by layer and place. */
export function unitName({ network }, layer, unit) {
  const { sizes, inputs, outputs } = network;
  if (layer === 0) return inputs[unit] ?? `input ${unit + 1}`;
  if (layer === sizes.length - 1 && outputs[unit]) return `output ${outputs[unit]}`;
  return `layer ${layer}, unit ${unit + 1}`;
}

/** What a cell {layer, row, column} of [W b] is, and its value, in lines. */
export function cellWords(scene, { layer, row, column }) {
  const { setup, sizes } = scene;
  const bias = column === sizes[layer - 1];
  const to = unitName(setup, layer, row);
  const where = bias ? `of ${to}` : `from ${unitName(setup, layer - 1, column)} to ${to}`;
  const frozen = bias && setup.frozen_biases ? ["frozen: training leaves it as it is"] : [];
  const letter = symbol(bias ? "b" : "W", layer);
  return [`${letter} ${where}`, exact(scene.weight(layer, row, column)), ...frozen];
}
