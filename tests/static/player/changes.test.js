import assert from "node:assert/strict";
import { test } from "node:test";
import { Changes } from "../../../static/player/changes.js";
import {
  layerActivations,
  spelled,
  withActivation,
  withInput,
  withLayers,
  withNewData,
  withNewWeights,
  withUnits,
} from "../../../static/shared/architecture.js";

const NOW = {
  hidden: [4, 2],
  activation: "tanh",
  activations: [],
  separate: false,
  options: [["tanh", "tanh"]],
  output: "sigmoid",
  limits: { layers: 6, units: 128, added: 4, seed: 9 },
  features: ["x1", "x2"],
  inputs: ["x1", "x2", "x1x1"].map((name) => ({ name, label: name, picture: "" })),
  seed: 0,
  data_seed: -1,
  same_seed: -1,
  given: false,
  drawn: "formula",
  hide: [],
  lock: [],
};

function recorded() {
  const sent = [];
  const shown = [];
  const changes = new Changes(
    (words) => sent.push(words),
    (wanted) => shown.push(wanted.hidden),
  );
  changes.arrange(NOW, true);
  return { sent, shown, changes };
}

test("layers are added and removed at the end, units in their layer", () => {
  assert.deepEqual(withLayers(NOW, 4), { hidden: [4, 2, 4, 4] });
  assert.deepEqual(withLayers(NOW, 0), { hidden: [] });
  assert.deepEqual(withUnits(NOW, 1, 3), { hidden: [4, 3] });
});

test("an activation is that of all layers, or of one where each has its own", () => {
  assert.deepEqual(withActivation(NOW, 1, "relu"), { activation: "relu" });
  const apart = { ...NOW, separate: true, activations: ["relu"] };
  assert.deepEqual(layerActivations(apart), ["relu", "tanh"]);
  assert.deepEqual(withActivation(apart, 1, "elu"), { activations: ["relu", "elu"] });
});

test("new weights keep the data, new data keep the weights", () => {
  assert.deepEqual(withNewWeights(NOW), { seed: 1, data_seed: 0 });
  assert.deepEqual(withNewData(NOW), { data_seed: 1 });
  assert.deepEqual(withNewData({ ...NOW, seed: 1, data_seed: 0 }), { data_seed: -1 });
  assert.deepEqual(withNewWeights({ ...NOW, data_seed: 1 }), { seed: 1, data_seed: -1 });
  assert.deepEqual(withNewWeights({ ...NOW, seed: 9 }), { seed: 0, data_seed: 9 });
});

test("an input is switched on and off, in the order of all", () => {
  assert.deepEqual(withInput({ ...NOW, features: ["x1x1"] }, "x1"), { features: ["x1", "x1x1"] });
  assert.deepEqual(withInput(NOW, "x1"), { features: ["x2"] });
});

test("a change is spelled as in a link", () => {
  assert.deepEqual(spelled({ hidden: [] }), { hidden: "0" });
  assert.deepEqual(spelled({ hidden: [8, 3], activation: "leaky_relu" }), {
    hidden: "8-3",
    activation: "leaky_relu",
  });
});

test("one change is on its way, and what was changed meanwhile follows it", () => {
  const { sent, shown, changes } = recorded();
  for (const units of [3, 4, 5]) changes.make(withUnits(changes.wanted, 1, units));
  assert.deepEqual(sent, [{ hidden: "4-3" }]);
  assert.deepEqual(shown.at(-1), [4, 5]);
  changes.arrange({ ...NOW, hidden: [4, 3] }, true);
  assert.deepEqual(sent.slice(1), [{ hidden: "4-5" }]);
  assert.deepEqual(shown.at(-1), [4, 5]); // what was seen before does not come back
  changes.arrange({ ...NOW, hidden: [4, 5] }, true);
  assert.equal(sent.length, 2);
});

test("a refused change is taken back", () => {
  const { sent, shown, changes } = recorded();
  changes.make(withLayers(NOW, 3));
  changes.make(withLayers(changes.wanted, 4));
  changes.settle();
  assert.deepEqual(shown.at(-1), NOW.hidden);
  assert.equal(sent.length, 1);
  assert.equal(changes.busy, false);
});

test("another map of the same run changes nothing on its way", () => {
  const { shown, changes } = recorded();
  changes.make(withLayers(NOW, 3));
  changes.arrange(NOW, false);
  assert.deepEqual(shown.at(-1), [4, 2, 4]);
  assert.equal(changes.busy, true);
});

test("what the link locks is neither shown nor sent; new weights need the lock of their own seed", () => {
  const { sent, shown, changes } = recorded();
  changes.arrange({ ...NOW, lock: ["hidden", "data_seed"] }, true);
  const before = shown.length;
  changes.make(withLayers(NOW, 3));
  changes.make(withNewData(NOW));
  assert.deepEqual([sent, shown.length], [[], before]);
  changes.make(withNewWeights(NOW));
  assert.deepEqual(sent, [{ seed: "1", data_seed: "0" }]);
});
