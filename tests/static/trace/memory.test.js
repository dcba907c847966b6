// A trace made by hand: one buffer of two cells, of which two calls write the first in turn.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tablesOf } from "../../../static/trace/tables.js";
import { Trace } from "../../../static/trace/trace.js";

const name = (text) => ({ tex: text, text, letter: text, transposed: false, layers: [] });
const CELL = [0, 0, "theta", 0];
const RATE = [1, 1, "rate", 0];
const line = (rule, calls) => ({ phase: "update", rule, layer: 0, calls });
const trace = new Trace(
  {
    buffers: [[2, true]],
    views: [
      [0, 0, [1], [1]],
      [0, 1, [1], [1]],
    ],
    names: ["θ", "η"].map(name),
    lines: [
      line("decay", [["multiply", [CELL, [-1, 2]], [CELL]]]),
      line("step", [["subtract", [CELL, RATE], [CELL]]]),
    ],
    reach: { multiply: ["each", "{0} × {1}"], subtract: ["each", "{0} − {1}"] },
  },
  { initial: { values: Float64Array.of(3, 0.5) }, results: { values: Float64Array.of(6, 5.5) } },
);

test("a number changes when the call that writes it has run, not before", () => {
  assert.deepEqual(
    [0, 1, 2].map((time) => trace.value(0, time)),
    [3, 6, 5.5],
  );
  assert.deepEqual(
    [0, 1, 2].map((time) => trace.value(1, time)),
    [0.5, 0.5, 0.5],
  );
  assert.deepEqual([...trace.state(1)], [6, 0.5]);
});

test("a number that no call made has no write", () => {
  assert.equal(trace.write(1, 2), -1);
  assert.deepEqual(trace.readFor(1, 2), []);
});

test("a call's operands are what lay there before it", () => {
  const { operands } = trace.parts(1, 0, 0);
  assert.deepEqual(
    operands.map(({ value }) => value),
    [6, 0.5],
  );
  assert.deepEqual(
    trace.parts(0, 0, 0).operands.map(({ value }) => value),
    [3, 2],
  );
});

test("what enters a line comes from before the line", () => {
  const { entering, on } = trace.within(trace.lines[1], 0);
  assert.deepEqual([...entering].sort(), [0, 1]);
  assert.deepEqual([...on], [1]);
});

test("the learning rate is a number of a line, not one of its tables", () => {
  const labels = { holdsParameters: () => true };
  const { numbers, operands } = tablesOf(trace, labels, trace.lines[1]);
  assert.deepEqual(
    numbers.map(({ read }) => read.kind),
    ["rate"],
  );
  assert.deepEqual(
    operands.map(({ read }) => read.kind),
    ["theta"],
  );
});
