import assert from "node:assert/strict";
import { test } from "node:test";
import { decoded, runsOf } from "../../../static/recording/labels.js";
import { markerPath } from "../../../static/recording/markers.js";
import { ticksOf } from "../../../static/recording/ticks.js";

const texts = (axis) => ticksOf(axis).map(({ text }) => text);

test("a linear axis has ticks at round numbers", () => {
  assert.deepEqual(texts({ range: [0, 500], nticks: 6 }), ["0", "100", "200", "300", "400", "500"]);
  assert.deepEqual(texts({ range: [-6.2, 6.8], nticks: 6 }), ["−5", "0", "5"]);
  assert.deepEqual(texts({ range: [0, 0.3] }), ["0", "0.05", "0.1", "0.15", "0.2", "0.25", "0.3"]);
});

test("a logarithmic axis has ticks at powers of ten, as far apart as it says", () => {
  const axis = { type: "log", range: [-4.2, 0.1], dtick: 1 };
  assert.deepEqual(texts(axis), ["1e−4", "0.001", "0.01", "0.1", "1"]);
  assert.deepEqual(texts({ ...axis, dtick: 2 }), ["1e−4", "0.01", "1"]);
});

test("ticks that an axis names are kept where they are in sight", () => {
  assert.deepEqual(texts({ range: [-0.02, 1.03], tickvals: [-1, 0, 0.5, 1] }), ["0", "0.5", "1"]);
  assert.deepEqual(texts({ range: [1.5, -0.5], tickvals: [0, 1], ticktext: ["x", "b"] }), [
    "x",
    "b",
  ]);
});

test("an axis without a length has no ticks", () => {
  assert.deepEqual(ticksOf({ range: [1, 1] }), []);
  assert.deepEqual(ticksOf({ range: [NaN, 1] }), []);
});

test("the tags of our own texts become runs", () => {
  assert.deepEqual(runsOf('<b>loss</b>  <span style="color:#1b857d">━</span> a'), [
    { text: "loss", bold: true, colour: null },
    { text: "  ", bold: false, colour: null },
    { text: "━", bold: false, colour: "#1b857d" },
    { text: " a", bold: false, colour: null },
  ]);
});

test("any other tag stays text, and references become their characters", () => {
  const hostile = '<img src=x onerror="alert(1)"><span style="color:red;background:url(//e.vil)">';
  assert.equal(
    runsOf(hostile)
      .map(({ text }) => text)
      .join(""),
    hostile,
  );
  assert.equal(decoded("&lt;b&gt; &amp;lt; &#36; &#9999999;"), "<b> &lt; $ &#9999999;");
});

test("every marker has an outline within twice its radius", () => {
  const names =
    "circle square diamond triangle-up triangle-down cross star triangle-left x triangle-right";
  for (const name of names.split(" ")) {
    const numbers = markerPath(name, 5)
      .match(/-?[\d.]+/g)
      .map(Number);
    assert.ok(
      numbers.every((value) => Math.abs(value) <= 10),
      name,
    );
  }
  assert.notEqual(markerPath("star", 5), markerPath("circle", 5));
});
