// The ledger of one parameter: everything that moved it in this step, adding up to its change.

import { products } from "./provenance.js";

const ROUNDING = 1e-13; // relative: what 64-bit arithmetic leaves over

/**
 * The ledger of a parameter {layer, unit, below}: `examples`, the terms {example, product, cells} of
 * its slope; `pulls`, what the penalties added {rule, change}; `slope`, their sum g; `rate`; `moves`
 * {rule, change}, which add up to `change`; `before` and `after`.
 */
export function ledger(tape, places, parameter) {
  const end = tape.calls.length;
  const place = places.index(parameter);
  const [theta, grad] = ["theta", "grad"].map((kind) => {
    const entry = find(tape, kind);
    return tape.address(entry.view, place, 0);
  });
  const line = tape.lines.find((one) => one.rule === "gradient" && one.layer === parameter.layer);
  const { pairs } = tape.parts(line.end - 1, parameter.unit, parameter.below);
  const examples = products(pairs).map((term, example) => ({ example, ...term }));
  const slope = tape.value(grad, end);
  const { view } = find(tape, "rate");
  const rate = tape.value(tape.address(view, 0, 0), end);
  const [before, after] = [tape.value(theta, 0), tape.value(theta, end)];
  const pulls = changes(tape, "penalty", grad);
  const sum = examples.reduce((total, { product }) => total + product, 0);
  const pulled = pulls.reduce((total, { change }) => total + change, 0);
  const largest = examples.reduce((most, { product }) => Math.max(most, Math.abs(product)), 0);
  if (!negligible(slope - sum - pulled, largest))
    pulls.push({ rule: "rounding", change: slope - sum - pulled });
  const moves = split(changes(tape, "update", theta), -rate * slope, Math.abs(before));
  return { examples, sum, pulls, slope, rate, moves, change: after - before, before, after };
}

// The first entry of a kind that any call reads.
function find(tape, kind) {
  for (const { reads } of tape.calls) {
    const entry = reads.find((read) => read.kind === kind);
    if (entry) return entry;
  }
  return null;
}

const negligible = (value, size) => Math.abs(value) <= ROUNDING * Math.max(1, size);

// By how much each line of a phase changed what lies at an address.
function changes(tape, phase, address) {
  return tape.lines
    .filter((line) => line.phase === phase)
    .map(({ rule, first, end }) => ({
      rule,
      change: tape.value(address, end) - tape.value(address, first),
    }))
    .filter(({ change }) => change !== 0);
}

// The step as the plain one and what the optimizer made of it.
function split(moves, plain, size) {
  return moves.flatMap(({ rule, change }) => {
    if (rule !== "step") return [{ rule, change }];
    const share = change - plain;
    const own = [{ rule: "plain", change: plain }];
    return negligible(share, size) ? own : [...own, { rule: "optimizer", change: share }];
  });
}
