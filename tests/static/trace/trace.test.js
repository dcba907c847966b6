// A traced step as the server sends it: its numbers, where they come from, and what changed a weight.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { unpack } from "../../../static/shared/payload.js";
import { Labels } from "../../../static/trace/labels.js";
import { LOSSES } from "../../../static/trace/losses.js";
import { chain, nameOf, origin, products } from "../../../static/trace/provenance.js";
import { lineName, PHASES } from "../../../static/trace/sentences.js";
import { resultOf, tablesOf } from "../../../static/trace/tables.js";
import { Trace } from "../../../static/trace/trace.js";
import { weightChange } from "../../../static/trace/weight_change.js";

const file = JSON.parse(readFileSync(new URL("../step.json", import.meta.url)));
const { meta, arrays } = unpack(Uint8Array.from(Buffer.from(file.base64, "base64")));
const trace = new Trace(meta, arrays);
const labels = new Labels(meta, trace.views);
const lineOf = (phase, rule, layer) =>
  trace.lines.find((line) => line.phase === phase && line.rule === rule && line.layer === layer);

/** The value of a line's result at row i, column j once it has run. */
function resultAt(line, i, j) {
  const { view } = resultOf(trace, line);
  return trace.value(trace.address(view, i, j), line.end);
}

const near = (found, expected) =>
  assert.ok(Math.abs(found - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${found}`);

test("a weighted sum is made of the products that the trace names", () => {
  const line = lineOf("forward", "affine", 1);
  const { view } = resultOf(trace, line);
  const address = trace.address(view, 1, 2);
  const steps = chain(trace, line, address);
  const { pairs } = steps.at(-1);
  assert.equal(pairs.length, meta.network.sizes[0] + 1);
  near(
    products(pairs).reduce((sum, { product }) => sum + product, 0),
    resultAt(line, 1, 2),
  );
});

test("every product of a gradient belongs to one example", () => {
  const line = lineOf("backward", "gradient", 2);
  const { view } = resultOf(trace, line);
  const cell = trace.cell(resultOf(trace, line), 0, 1, line.end);
  const found = origin(trace, labels, cell);
  assert.equal(found.kind, "dot");
  const shown = found.terms.reduce((sum, { product }) => sum + product, 0);
  near(shown + (found.rest?.sum ?? 0), trace.value(trace.address(view, 0, 1), line.end));
});

test("what was given says so", () => {
  const read = trace.calls[0].reads.find(({ kind }) => kind.startsWith("x"));
  const { given } = origin(trace, labels, trace.cell(read, 0, 0, 0));
  assert.match(given, /^Given/);
});

test("each part of a weight's change adds up to the change", () => {
  for (const [layer, unit, below] of [
    [1, 0, 0],
    [1, 2, 2],
    [2, 1, 3],
    [3, 0, 1],
  ]) {
    const found = weightChange(trace, labels, { layer, unit, below });
    const pulls = found.pulls.reduce((sum, { change }) => sum + change, 0);
    const moves = found.moves.reduce((sum, { change }) => sum + change, 0);
    near(found.sum + pulls, found.slope);
    near(moves, found.change);
    near(found.before + found.change, found.after);
    assert.notEqual(found.change, 0);
  }
});

test("the terms of the loss add up to the engine's loss of an example", () => {
  const line = trace.lines.find(({ rule }) => rule === "loss");
  const { reads, leaves } = trace.calls[line.first];
  const [a, y] = [reads[1], reads[2]];
  const K = trace.views[a.view].rows;
  for (const example of [0, 3]) {
    const units = Array.from({ length: K }, (_, unit) =>
      [a, y].map((one) => trace.cell(one, unit, example, line.first).value),
    );
    const total = units.reduce((sum, [p, t]) => sum + LOSSES[meta.loss].value(p, t, K), 0);
    near(total, trace.value(trace.address(leaves[0].view, 0, example), line.first + 1));
  }
});

test("a dropped unit's number is 0 behind the mask", () => {
  const line = lineOf("forward", "mask", 1);
  const mask = trace.calls[line.first].reads.find(({ kind }) => kind === "mask");
  const { rows, columns } = trace.views[mask.view];
  let dropped = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const zero = trace.value(trace.address(mask.view, i, j), 0) === 0;
      if (zero) assert.equal(Math.abs(resultAt(line, i, j)), 0);
      dropped += zero;
    }
  }
  assert.ok(dropped > 0 && dropped < rows * columns);
});

test("each line has its tables, its name and its phase", () => {
  for (const line of trace.lines) {
    const { result, operands } = tablesOf(trace, labels, line);
    assert.equal(result.read, resultOf(trace, line));
    assert.ok(operands.length > 0, line.tex);
    assert.ok(PHASES[line.phase]);
    assert.ok(
      line.phase === line.rule ? lineName(line) === "" : lineName(line).includes(line.name),
    );
  }
});

test("cells are called by unit, example and layer", () => {
  const line = lineOf("forward", "affine", 1);
  const cell = trace.cell(resultOf(trace, line), 1, 0, line.end);
  assert.match(nameOf(labels, cell), /z⁽¹⁾.*unit 2.*example/);
});
