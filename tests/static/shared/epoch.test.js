import assert from "node:assert/strict";
import { test } from "node:test";
import { publishEpoch, subscribeToEpoch } from "../../../static/shared/epoch.js";

test("a listener hears what is on the screen, what comes, and no more after its end", () => {
  publishEpoch({ run: "run 1", epoch: 3, resting: true, ended: false });
  const heard = [];
  const end = subscribeToEpoch(({ epoch }) => heard.push(epoch));
  publishEpoch({ run: "run 1", epoch: 4, resting: false, ended: false });
  end();
  publishEpoch({ run: "run 1", epoch: 5, resting: false, ended: false });
  assert.deepEqual(heard, [3, 4]);
});
