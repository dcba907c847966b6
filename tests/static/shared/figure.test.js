import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axes,
  axisOf,
  dressed,
  fixed,
  numbers,
  painted,
  place,
} from "../../../static/shared/figure.js";

const LAYOUT = {
  margin: { l: 10, r: 10, t: 20, b: 20 },
  xaxis: { range: [0, 10] },
  yaxis: { range: [-2, 2], type: "log", domain: [0.5, 1] },
  title: { text: "no axis" },
};

test("numbers come as a list or as base64", () => {
  assert.deepEqual(numbers([1, 2]), [1, 2]);
  assert.deepEqual(numbers(undefined), []);
  const bdata = Buffer.from(Float64Array.of(0.5, -3).buffer).toString("base64");
  assert.deepEqual(numbers({ bdata, dtype: "f8" }), [0.5, -3]);
  assert.deepEqual(
    numbers({ bdata: Buffer.from([1, 255]).toString("base64"), dtype: "i1" }),
    [1, -1],
  );
});

test("traces with a name of their own are painted, points and the others are fixed", () => {
  const data = [{ uid: "train" }, { uid: "points.test" }, {}];
  assert.deepEqual(painted({ data }), [data[0]]);
  assert.deepEqual(fixed({ data }), [data[1], data[2]]);
});

test("axes are found by the names that traces give them", () => {
  assert.equal(axisOf(LAYOUT, "x"), LAYOUT.xaxis);
  assert.deepEqual(
    axes(LAYOUT).map(([key]) => key),
    ["xaxis", "yaxis"],
  );
});

test("a value's pixel and the pixel's value agree, on a log axis too", () => {
  const where = place(LAYOUT, {}, 120, 240);
  assert.deepEqual([where.left, where.top, where.width, where.height], [10, 20, 100, 100]);
  assert.equal(where.x(2.5), 35);
  assert.equal(where.y(1), 70); // log10(1) = 0 is the middle
  assert.ok(Math.abs(where.value.y(where.y(0.05)) - 0.05) < 1e-12);
  assert.ok(where.y(0) > 1e4); // far below: 0 has no logarithm
});

test("a figure is dressed in the page's colours, with a trace on every axis", () => {
  const theme = { ink: [1, 2, 3], background: [255, 255, 255], font: "serif", key: "" };
  const trace = { marker: {}, meta: { theme: { "marker.color": "ink", "line.color": "ink" } } };
  const { data, layout } = dressed({ data: [trace], layout: LAYOUT }, theme, 120, 240);
  assert.equal(data[0].marker.color, "rgba(1,2,3,1)");
  assert.equal(trace.marker.color, undefined);
  assert.equal(layout.width, 120);
  const two = { ...LAYOUT, yaxis2: { range: [0, 1] } };
  const added = dressed({ data: [], layout: two }, theme, 120, 240).data;
  assert.deepEqual(
    added.map(({ yaxis }) => yaxis),
    ["y", "y2"],
  );
});
