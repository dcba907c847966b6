// What units and parameters are called when they are pointed at.

import { exact, number, symbol } from "./format.js";
import { tr } from "./language.js";

/** @import { Cell, CellScene, NetworkNames } from "./types.js" */

/**
 * Return a unit's name: that of the input or output, or else layer and number.
 * @param {{ network: NetworkNames }} setup
 * @param {number} layer 0 for the inputs
 * @param {number} unit counted from 0
 */
export function unitName({ network }, layer, unit) {
  const { sizes, inputs, outputs } = network;
  if (layer === 0) return inputs[unit] ?? tr("input {name}", { name: unit + 1 });
  if (layer === sizes.length - 1 && outputs[unit])
    return tr("output {name}", { name: outputs[unit] });
  return tr("layer {layer}, unit {unit}", { layer, unit: unit + 1 });
}

/**
 * Return what a weight is called: "W¹ from x1 to layer 1, unit 2".
 * @param {string} letter
 * @param {string} source
 * @param {string} unit
 */
export const weightName = (letter, source, unit) =>
  tr("{symbol} from {source} to {unit}", { symbol: letter, source, unit });

/**
 * Return what a cell of [W b] is, and its value, in lines.
 * @param {CellScene} scene
 * @param {Cell} cell
 */
export function cellWords(scene, { layer, row, column }) {
  const { setup, sizes } = scene;
  const bias = column === sizes[layer - 1];
  const unit = unitName(setup, layer, row);
  const frozen = bias && setup.frozen_biases ? [tr("frozen: training does not change it")] : [];
  const letter = symbol(bias ? "b" : "W", layer);
  const name = bias
    ? tr("{symbol} of {unit}", { symbol: letter, unit })
    : weightName(letter, unitName(setup, layer - 1, column), unit);
  return [name, exact(scene.weight(layer, row, column)), ...frozen];
}

/**
 * Return the training loss and the metric in words; `metric` is its name.
 * @param {string} metric
 * @param {number | null | undefined} loss
 * @param {number | null | undefined} score
 */
export const lossWords = (metric, loss, score) =>
  tr("Training loss {loss}, {metric} {score}.", {
    loss: number(loss),
    metric,
    score: number(score),
  });
