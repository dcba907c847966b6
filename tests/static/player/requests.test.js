import assert from "node:assert/strict";
import { test } from "node:test";
import { Requests } from "../../../static/player/requests.js";

function recorded() {
  const sent = [];
  return { sent, requests: new Requests((one) => sent.push(one)) };
}

test("one request is on its way at a time, the most urgent of the waiting ones next", () => {
  const { sent, requests } = recorded();
  requests.add("play", { from: 0 });
  requests.add("seek", { epoch: 5 });
  requests.add("reset");
  assert.deepEqual(
    sent.map(({ kind }) => kind),
    ["play"],
  );
  assert.equal(requests.answered(sent[0].id).kind, "play");
  assert.deepEqual(
    sent.map(({ kind }) => kind),
    ["play", "reset"],
  );
});

test("the latest of a kind replaces the waiting one, but every edit counts", () => {
  const { sent, requests } = recorded();
  requests.add("reset");
  for (const epoch of [1, 2, 3]) requests.add("seek", { epoch });
  for (const value of [1, 2]) requests.add("edit", { value });
  assert.deepEqual(
    requests.waiting.map(({ kind, epoch, value }) => [kind, epoch ?? value]),
    [
      ["seek", 3],
      ["edit", 1],
      ["edit", 2],
    ],
  );
  assert.equal(sent.length, 1);
});

test("an answer to another request is not taken for this one's", () => {
  const { sent, requests } = recorded();
  requests.add("play");
  assert.equal(requests.answered(sent[0].id - 1), null);
  assert.ok(requests.has("play"));
  requests.answered(sent[0].id);
  assert.ok(!requests.has("play"));
});

test("a request that has not been sent can be taken back", () => {
  const { requests } = recorded();
  requests.add("reset");
  requests.add("play");
  requests.cancel("play");
  assert.ok(!requests.has("play"));
});

test("the notice of what is shown holds nothing up", () => {
  const { sent, requests } = recorded();
  requests.add("shown");
  assert.ok(requests.free);
  requests.add("play");
  assert.deepEqual(
    sent.map(({ kind }) => kind),
    ["shown", "play"],
  );
});

test("a request without an answer is sent again, later and later", (t) => {
  const { sent, requests } = recorded();
  let now = 0;
  t.mock.method(performance, "now", () => now);
  requests.add("play");
  now = 8500;
  requests.pump();
  assert.equal(sent.length, 2);
  assert.equal(requests.tries, 1);
  now = 8500 + 9000;
  requests.pump();
  assert.equal(sent.length, 2);
  now = 8500 + 16500;
  requests.pump();
  assert.equal(sent.length, 3);
});
