// Everything that changed one parameter in this step, adding up to its change.

import { products } from "./provenance.js";

/** @import { Labels } from "./labels.js" */
/** @import { Trace } from "./trace.js" */
/** @import { Change, Entry, Line, Parameter, WeightChange } from "./types.js" */

const ROUNDING = 1e-13; // relative: what 64-bit arithmetic leaves over

/**
 * Return what changed a parameter: the terms of its slope from the `examples`, which add up to `sum`;
 * `pulls`, what the penalties added; `slope`, the sum of both, g; the learning `rate`; and `moves`,
 * which add up to `change`, from `before` to `after`.
 * @param {Trace} trace
 * @param {Labels} labels
 * @param {Parameter} parameter
 * @returns {WeightChange}
 */
export function weightChange(trace, labels, parameter) {
  const end = trace.calls.length;
  const place = labels.index(parameter);
  const theta = trace.address(find(trace, "theta").view, place, 0);
  const grad = trace.address(find(trace, "grad").view, place, 0);
  const { pairs = [] } = trace.parts(
    gradientOf(trace, parameter.layer).end - 1,
    parameter.unit,
    parameter.below,
  );
  const examples = products(pairs).map((term, example) => ({ example, ...term }));
  const slope = trace.value(grad, end);
  const rate = trace.value(trace.address(find(trace, "rate").view, 0, 0), end);
  const [before, after] = [trace.value(theta, 0), trace.value(theta, end)];
  const pulls = changes(trace, "penalty", grad);
  const sum = examples.reduce((total, { product }) => total + product, 0);
  const pulled = pulls.reduce((total, { change }) => total + change, 0);
  const largest = examples.reduce((most, { product }) => Math.max(most, Math.abs(product)), 0);
  if (!negligible(slope - sum - pulled, largest))
    pulls.push({ rule: "rounding", change: slope - sum - pulled });
  const moves = split(changes(trace, "update", theta), -rate * slope, Math.abs(before));
  return { examples, sum, pulls, slope, rate, moves, change: after - before, before, after };
}

/**
 * Return the line with the gradient of a layer.
 * @param {Trace} trace
 * @param {number} layer
 * @returns {Line}
 */
function gradientOf(trace, layer) {
  const found = trace.lines.find((line) => line.rule === "gradient" && line.layer === layer);
  if (!found) throw new Error(`no line has the gradient of layer ${layer}`);
  return found;
}

/**
 * Return the first entry of a kind that a call reads.
 * @param {Trace} trace
 * @param {string} kind
 * @returns {Entry}
 */
function find(trace, kind) {
  for (const { reads } of trace.calls) {
    const entry = reads.find((read) => read.kind === kind);
    if (entry) return entry;
  }
  throw new Error(`no call reads ${kind}`);
}

/**
 * @param {number} value
 * @param {number} size
 */
const negligible = (value, size) => Math.abs(value) <= ROUNDING * Math.max(1, size);

/**
 * Return by how much each line of a phase changed the number at an address.
 * @param {Trace} trace
 * @param {string} phase
 * @param {number} address
 * @returns {Change[]}
 */
function changes(trace, phase, address) {
  return trace.lines
    .filter((line) => line.phase === phase)
    .map(({ rule, first, end }) => ({
      rule,
      change: trace.value(address, end) - trace.value(address, first),
    }))
    .filter(({ change }) => change !== 0);
}

/**
 * Return the moves with the step split into plain gradient descent and the optimizer's part.
 * @param {Change[]} moves
 * @param {number} plain change of plain gradient descent
 * @param {number} size of the parameter
 */
function split(moves, plain, size) {
  return moves.flatMap(({ rule, change }) => {
    if (rule !== "step") return [{ rule, change }];
    const share = change - plain;
    const own = [{ rule: "plain", change: plain }];
    return negligible(share, size) ? own : [...own, { rule: "optimizer", change: share }];
  });
}
