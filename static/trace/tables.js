// Which tables an equation shows: what it read from before, and what it left.

import { tr } from "../shared/language.js";

/** @import { Labels } from "./labels.js" */
/** @import { Trace } from "./trace.js" */
/** @import { Leaf, Line, LineTables, Read, TimedRead } from "./types.js" */

/** A rule -> what its table without a symbol holds. @type {Record<string, string>} */
const CONSTANTS = {
  l2: tr("2 λ₂ for a weight, 0 for a bias"),
  l1: tr("λ₁ for a weight, 0 for a bias"),
  frozen: tr("1 for a weight, 0 for a bias"),
  decay: tr("λ_w for a weight, 0 for a bias"),
};

const NUMBERS = new Set(["rate", "number"]);

/**
 * Return the tables of a line: `operands` it reads, single `numbers`, `steps` on the way, `result`.
 * @param {Trace} trace
 * @param {Labels} labels
 * @param {Line} line
 * @returns {LineTables}
 */
export function tablesOf(trace, labels, line) {
  /** @type {Map<number, TimedRead>} */
  const operands = new Map();
  /** @type {Map<number, TimedRead>} */
  const numbers = new Map();
  /** @type {Map<number, TimedRead>} */
  const steps = new Map();
  const result = resultOf(trace, line);
  for (let call = line.first; call < line.end; call++) {
    const { reads, leaves } = trace.calls[call];
    for (const read of reads) {
      if (read.view < 0 || made(trace, line, read, call)) continue;
      const { size } = trace.views[read.view];
      if (size === 1 && (NUMBERS.has(read.kind) || !read.symbol)) {
        if (NUMBERS.has(read.kind) && !changes(trace, line, read))
          numbers.set(read.view, { read, time: call });
      } else if (shown(labels, line, read)) {
        if (!operands.has(read.view)) operands.set(read.view, { read, time: call });
      }
    }
    for (const leaf of leaves) {
      const apart = leaf.symbol && leaf.view !== result.view && trace.views[leaf.view].size > 1;
      if (apart) steps.set(leaf.view, { read: leaf, time: call + 1 });
    }
  }
  return {
    operands: [...operands.values()],
    numbers: [...numbers.values()],
    steps: [...steps.values()],
    result: { read: result, time: line.end },
  };
}

/**
 * Return what a line leaves: the first result of its last call.
 * @param {Trace} trace
 * @param {Line} line
 * @returns {Leaf}
 */
export const resultOf = (trace, line) => trace.calls[line.end - 1].leaves[0];

/**
 * Return whether the line itself made what it reads at a call.
 * @param {Trace} trace
 * @param {Line} line
 * @param {Read} read
 * @param {number} call
 */
function made(trace, line, { view }, call) {
  const write = trace.write(trace.address(view, 0, 0), call);
  return write >= 0 && trace.madeBy[write] >= line.first;
}

/**
 * Return whether the line writes where it reads from, as Adam counts its steps.
 * @param {Trace} trace
 * @param {Line} line
 * @param {Read} read
 */
const changes = (trace, line, read) => made(trace, line, read, line.end);

/**
 * @param {Labels} labels
 * @param {Line} line
 * @param {Read} read
 */
function shown(labels, line, read) {
  if (line.rule === "loss" && read.kind === "z") return false; // the same as a, safe from overflow
  return !!read.symbol || (!!CONSTANTS[line.rule] && labels.holdsParameters(read));
}

/**
 * Return what a table without a symbol is called.
 * @param {Line} line
 */
export const constantTitle = (line) => CONSTANTS[line.rule] ?? tr("constant");
