// What units and parameters are called when they are pointed at.

import { exact, symbol } from "./format.js";

/** @import { Cell, CellScene, NetworkNames } from "./types.js" */

/**
 * Return a unit's name: that of the input or output, or else layer and number.
 * @param {{ network: NetworkNames }} setup
 * @param {number} layer 0 for the inputs
 * @param {number} unit counted from 0
 */
export function unitName({ network }, layer, unit) {
  const { sizes, inputs, outputs } = network;
  if (layer === 0) return inputs[unit] ?? `input ${unit + 1}`;
  if (layer === sizes.length - 1 && outputs[unit]) return `output ${outputs[unit]}`;
  return `layer ${layer}, unit ${unit + 1}`;
}

/**
 * Return what a cell of [W b] is, and its value, in lines.
 * @param {CellScene} scene
 * @param {Cell} cell
 */
export function cellWords(scene, { layer, row, column }) {
  const { setup, sizes } = scene;
  const bias = column === sizes[layer - 1];
  const to = unitName(setup, layer, row);
  const where = bias ? `of ${to}` : `from ${unitName(setup, layer - 1, column)} to ${to}`;
  const frozen = bias && setup.frozen_biases ? ["frozen: training does not change it"] : [];
  const letter = symbol(bias ? "b" : "W", layer);
  return [`${letter} ${where}`, exact(scene.weight(layer, row, column)), ...frozen];
}
