import assert from "node:assert/strict";
import { test } from "node:test";
import { lineName } from "../../../static/trace/sentences.js";

test("a line is called by its rule and layer, the loss by its phase alone", () => {
  const line = { phase: "forward", rule: "affine", name: "weighted sum", layer: 2 };
  assert.equal(lineName(line), "weighted sum, layer 2");
  assert.equal(lineName({ ...line, layer: 0 }), "weighted sum");
  assert.equal(lineName({ phase: "loss", rule: "loss", name: "loss", layer: 0 }), "");
  assert.equal(lineName({ phase: "loss", rule: "penalty", name: "penalty", layer: 1 }), "penalty");
});
