import assert from "node:assert/strict";
import { test } from "node:test";
import { History, Series } from "../../../static/run/history.js";

test("a series gives the last point at or before an epoch", () => {
  const history = new History(["train", "validation"]);
  history.append([0, 5], Float32Array.of(1, 2, 3, 4));
  assert.deepEqual(history.at("train", 4), { epoch: 0, value: 1 });
  assert.deepEqual(history.at("validation", 9), { epoch: 5, value: 4 });
  assert.equal(history.at("other", 9), null);
});

test("rows of earlier epochs and missing values are left out", () => {
  const history = new History(["train"]);
  history.append([3], Float32Array.of(1));
  history.append([2, 4], Float32Array.of(9, NaN));
  assert.equal(history.series.train.length, 1);
  assert.equal(history.last, 4);
});

test("forgetting takes points back", () => {
  const history = new History(["train"]);
  history.append([1, 2, 3], Float32Array.of(1, 2, 3));
  history.forgetAfter(2);
  assert.deepEqual(history.at("train", 10), { epoch: 2, value: 2 });
  history.append([3], Float32Array.of(7));
  assert.deepEqual(history.at("train", 3), { epoch: 3, value: 7 });
});

test("a long series keeps its extremes, its first point and its newest points", () => {
  const series = new Series();
  for (let epoch = 0; epoch < 5000; epoch++) series.push(epoch, epoch === 1234 ? 99 : 0);
  const values = series.values.subarray(0, series.length);
  const epochs = series.epochs.subarray(0, series.length);
  assert.ok(series.length <= 2000);
  assert.equal(Math.max(...values), 99);
  assert.equal(epochs[0], 0);
  assert.deepEqual([...epochs.slice(-3)], [4997, 4998, 4999]);
  assert.deepEqual(
    [...epochs],
    [...epochs].sort((a, b) => a - b),
  );
});
