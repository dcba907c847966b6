// The network that a person chooses on its diagram: what a control changes, as a link spells it.

import { tr } from "./language.js";

/** @import { Architecture, Change } from "./types.js" */

/**
 * Return why the control of a setting cannot be used: the link locks it. Else false.
 * @param {Architecture} now
 * @param {string} name
 */
export const whyLocked = ({ lock }, name) =>
  lock.includes(name) && tr("The link locks this setting.");

/**
 * Return whether the link locks what a change sets. New weights keep the data by naming their seed.
 * @param {Architecture} now
 * @param {Change} change
 */
export function isLocked({ lock }, change) {
  const names = "seed" in change ? ["seed"] : Object.keys(change);
  return names.some((name) => lock.includes(name));
}

/**
 * Return a change as a link spells it.
 * @param {Change} change
 * @returns {Record<string, string>}
 */
export function spelled(change) {
  const word = (/** @type {unknown} */ value) =>
    Array.isArray(value) ? value.join("-") || "0" : String(value);
  return Object.fromEntries(Object.entries(change).map(([name, value]) => [name, word(value)]));
}

/**
 * Return the change to so many hidden layers: new ones are added at the end.
 * @param {Architecture} now
 * @param {number} count
 * @returns {Change}
 */
export function withLayers({ hidden, limits }, count) {
  const added = Math.max(0, count - hidden.length);
  return { hidden: [...hidden, ...Array(added).fill(limits.added)].slice(0, count) };
}

/**
 * Return the change to so many units in a hidden layer, the first one is 0.
 * @param {Architecture} now
 * @param {number} layer
 * @param {number} units
 * @returns {Change}
 */
export function withUnits({ hidden }, layer, units) {
  return { hidden: hidden.map((n, l) => (l === layer ? units : n)) };
}

/**
 * Return the activation of each hidden layer.
 * @param {Architecture} now
 */
export function layerActivations({ hidden, activation, activations }) {
  return hidden.map((_, l) => activations[l] ?? activation);
}

/**
 * Return the change to an activation: of one layer where each has its own, else of all.
 * @param {Architecture} now
 * @param {number} layer
 * @param {string} name
 * @returns {Change}
 */
export function withActivation(now, layer, name) {
  if (!now.separate) return { activation: name };
  return { activations: layerActivations(now).map((one, l) => (l === layer ? name : one)) };
}

/**
 * Return the change that switches an input on or off.
 * @param {Architecture} now
 * @param {string} name
 * @returns {Change}
 */
export function withInput({ inputs, features }, name) {
  const on = (/** @type {string} */ one) => features.includes(one) !== (one === name);
  return { features: inputs.map((input) => input.name).filter(on) };
}

/**
 * Return the change to other start weights; the data stay as they are.
 * @param {Architecture} now
 * @returns {Change}
 */
export function withNewWeights({ seed, data_seed, same_seed, limits }) {
  const next = seed < limits.seed ? seed + 1 : 0;
  const data = data_seed === same_seed ? seed : data_seed;
  return { seed: next, data_seed: data === next ? same_seed : data };
}

/**
 * Return the change to other data; the start weights stay as they are.
 * @param {Architecture} now
 * @returns {Change}
 */
export function withNewData({ seed, data_seed, same_seed, limits }) {
  const data = data_seed === same_seed ? seed : data_seed;
  const next = data < limits.seed ? data + 1 : 0;
  return { data_seed: next === seed ? same_seed : next };
}
