// Where a number comes from: what made it, of which other numbers, back to what was given.

import { tr } from "../shared/language.js";
import { isTransposed } from "./labels.js";

/** @import { Labels } from "./labels.js" */
/** @import { Trace } from "./trace.js" */
/** @import { Cell, ChainStep, Line, Origin, Pair, Rest, Term } from "./types.js" */

/** Terms shown one by one. */
export const MOST = 12;

/**
 * Return whether a cell is the bias neuron's: always 1.
 * @param {Pick<Labels, "sizes">} labels
 * @param {Pick<Cell, "read" | "i" | "j">} cell
 */
export function isOne(labels, { read, i, j }) {
  if (read.kind !== "x" && read.kind !== "out") return false;
  return (isTransposed(read) ? j : i) === labels.sizes[read.layer];
}

/**
 * Return the factors of each product of a sum, without the ones of the bias neuron or of a plain
 * sum.
 * @param {Pick<Labels, "sizes">} labels
 * @param {Pair[]} pairs
 * @returns {Cell[][]}
 */
export function factors(labels, pairs) {
  const plain = pairs.every(([left]) => left.value === 1 && !left.read.symbol);
  return pairs.map(([left, right]) => {
    if (plain || isOne(labels, left)) return [right];
    return isOne(labels, right) ? [left] : [left, right];
  });
}

/**
 * Return the steps within a line that led to an address, in the order of their calls.
 * @param {Trace} trace
 * @param {Line} line
 * @param {number} address
 */
export function chain(trace, line, address) {
  /** @type {Map<number, ChainStep>} */
  const steps = new Map();
  /** @type {(now: number, time: number) => void} */
  const follow = (now, time) => {
    const write = trace.write(now, time);
    if (write < 0 || trace.madeBy[write] < line.first || steps.has(write)) return;
    const made = trace.made(write);
    const parts = trace.parts(made.call, made.i, made.j);
    steps.set(write, { ...made, ...parts, address: now, value: trace.results[write] });
    for (const cell of parts.operands ?? []) {
      if (cell.address !== undefined) follow(cell.address, cell.time);
    }
  };
  follow(address, line.end);
  return [...steps.values()].sort((one, other) => one.call - other.call);
}

/**
 * Return the products of a sum.
 * @param {Pair[]} pairs
 * @returns {Term[]}
 */
export const products = (pairs) =>
  pairs.map((cells) => ({ cells, product: cells[0].value * cells[1].value }));

/**
 * Return at most MOST terms: all of them in order, or the largest by size and {count, sum} of the
 * others.
 * @template {{ product: number }} T
 * @param {T[]} terms
 * @returns {{ terms: T[], rest: Rest | null }}
 */
export function largest(terms) {
  if (terms.length <= MOST) return { terms, rest: null };
  const sorted = [...terms].sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  const others = sorted.slice(MOST);
  const sum = others.reduce((total, { product }) => total + product, 0);
  return { terms: sorted.slice(0, MOST), rest: { count: others.length, sum } };
}

/**
 * Return a cell's name and value, and what it was made of or what gave it.
 * @param {Trace} trace
 * @param {Labels} labels
 * @param {Cell} cell
 * @returns {Origin}
 */
export function origin(trace, labels, cell) {
  const { address, time, value } = cell;
  const write = address === undefined ? -1 : trace.write(address, time);
  if (write < 0) return { name: nameOf(labels, cell), value, given: given(labels, cell) };
  const { call, leaf, i, j } = trace.made(write);
  const name = nameOf(labels, leaf.symbol ? { read: leaf, i, j } : cell);
  const { kind, form, name: calls, operands, pairs, lists } = trace.parts(call, i, j);
  const line = trace.lines[trace.calls[call].line];
  const terms = pairs
    ? counted(labels, pairs)
    : (operands ?? (lists ?? []).flat()).map((one) => ({ cells: [one], product: one.value }));
  const shown = operands ? { terms, rest: null } : largest(terms);
  return { name, value, line, kind, form, calls, operands, ...shown };
}

/**
 * Return the products of a sum with the factors that count.
 * @param {Labels} labels
 * @param {Pair[]} pairs
 * @returns {Term[]}
 */
function counted(labels, pairs) {
  const cells = factors(labels, pairs);
  return products(pairs).map((term, k) => ({ ...term, cells: cells[k] }));
}

/**
 * Return what a cell is called.
 * @param {Labels} labels
 * @param {Pick<Cell, "read" | "i" | "j">} cell
 */
export function nameOf(labels, { read, i, j }) {
  return read.view < 0 ? tr("a constant of the rule") : labels.name(read, i, j);
}

/** @type {(labels: Labels) => string} */
const parameterBefore = ({ about }) =>
  tr("Given: its value before this step, after epoch {epoch}.", { epoch: about.epoch });

/**
 * The kind of an array -> the sentence about its given numbers.
 * @type {Record<string, (labels: Labels, cell: Cell) => string>}
 */
const GIVEN = {
  x: (labels, cell) =>
    isOne(labels, cell)
      ? tr("Given: the bias neuron is always 1.")
      : tr("Given: this input of this example, as the network gets it."),
  out: () => tr("Given: the bias neuron is always 1."),
  y: () => tr("Given: the target of this example in the data."),
  mask: () => tr("Drawn at random for this batch: 0 drops the unit, 1 / (1 − p) keeps it."),
  rate: () => tr("Given: the learning rate at this step."),
  share: () => tr("Given: the class weight of this example."),
  memory: () => tr("Given: what the optimizer stored in earlier steps."),
  number: (_, { read }) =>
    read.symbol?.text === "t"
      ? tr("Given: the number of steps before this one.")
      : tr("Given: a constant of the rule."),
  W: parameterBefore,
  Wb: parameterBefore,
  theta: parameterBefore,
};

/**
 * @param {Labels} labels
 * @param {Cell} cell
 */
function given(labels, cell) {
  return GIVEN[cell.read.kind]?.(labels, cell) ?? tr("Given: a constant of the rule.");
}
