import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fakePlayer, introduction, passPictures, passTime } from "./fake_player.js";

/** Players of this test: their timers would hold the process up. */
let players = [];

function opened(epochs, more) {
  const { player, log } = fakePlayer(epochs);
  players.push(player);
  // Each run has a name that no player before has had: a page remembers what it showed last.
  player.inbox.take(introduction(`run ${Math.random()}`, { trained: epochs, ...more }), {});
  return { player, log };
}

const kinds = (sent) => sent.map(({ kind }) => kind);

afterEach(() => {
  for (const { inbox, sender, clock, display } of players) {
    for (const part of [inbox, sender, clock, display]) part.stop();
  }
  players = [];
});

// ---- messages

test("a player asks the page for a run that it does not know, once", () => {
  const { player, log } = fakePlayer();
  players.push(player);
  player.inbox.take({ answer: 0, run: "unknown", state: "ok" }, {});
  player.inbox.take({ answer: 0, run: "unknown", state: "ok" }, {});
  assert.deepEqual(kinds(log.page), ["setup"]);
  assert.deepEqual(player.requests.waiting, []);
  assert.deepEqual(log.wire, []);
});

test("a run opens at the epoch of its link, and waits for it", () => {
  const { player, log } = fakePlayer(0);
  players.push(player);
  const message = introduction("linked", { trained: 3 });
  message.setup.goto = 7;
  player.inbox.take(message, {});
  assert.deepEqual([player.display.epoch, player.display.target], [3, 7]);
  assert.deepEqual(log.wire[0].kind, "seek");
  assert.equal(log.wire[0].epoch, 7);
  assert.match(log.said.at(-1), /epoch 7, now at 3/);
  const epochs = { values: Int32Array.of(7) };
  player.inbox.take({ answer: log.wire[0].id, run: "linked", state: "ok", trained: 7 }, { epochs });
  assert.deepEqual([player.display.epoch, player.display.target], [7, null]);
});

test("an answer that is older than the last one changes nothing", () => {
  const { player } = opened(5);
  const { run } = player.inbox;
  const id = player.requests.first + 9;
  player.inbox.take({ answer: id, run, state: "ok", trained: 5 }, {});
  player.inbox.take({ answer: id - 1, run, state: "diverged", trained: 2 }, {});
  assert.deepEqual(player.inbox.server.state, "ok");
  player.inbox.take({ answer: id + 1, run, state: "diverged", trained: 5 }, {});
  assert.deepEqual(player.inbox.server.state, "diverged");
});

test("what a page says of the run on the screen does not undo what the wire has brought", () => {
  const { player } = opened(5);
  const { run } = player.inbox;
  player.inbox.take({ answer: 0, run, token: "token", state: "ok", trained: 1 }, {});
  assert.equal(player.inbox.server.trained, 5);
});

test("an answer to a change takes the epochs after it away", () => {
  const { player } = opened(9);
  player.display.show(6);
  const { run } = player.inbox;
  const epochs = { values: Int32Array.of(4) };
  player.clock.bound = 4;
  player.inbox.take(
    { answer: player.requests.id, run, state: "ok", trained: 4, forget_after: 3 },
    { epochs },
  );
  assert.ok(!player.display.has(5));
  assert.deepEqual([player.display.epoch, player.display.reached], [4, 4]);
  assert.equal(player.clock.bound, Infinity);
});

// ---- requests

test("what changes the session goes to the page, everything else through the wire", () => {
  const { player, log } = opened(0);
  player.requests.clear();
  for (const kind of ["reset", "try", "change", "setup", "open", "drop"]) {
    player.sender.send({ kind, id: 1 });
  }
  const through = log.wire.length;
  assert.equal(log.page.length, 6);
  for (const kind of ["play", "seek", "edit", "apply", "shown"])
    player.sender.send({ kind, id: 1 });
  assert.deepEqual([log.page.length, log.wire.length - through], [6, 5]);
  player.inbox.behind = true;
  player.sender.send({ kind: "shown", id: 1 });
  assert.deepEqual(kinds(log.page).at(-1), "shown"); // so the page is drawn again
});

test("a request says which epoch of which run is on the screen", () => {
  const { player, log } = opened(5);
  player.display.show(3);
  player.sender.send({ kind: "edit", id: 1 });
  const { run, at, playing, setup, known } = log.wire.at(-1);
  assert.deepEqual([run, at, playing, known], [player.inbox.run, 3, false, -1]);
  assert.equal(setup, `setup of ${run}`);
});

test("the server learns of an epoch that stays, and of none that the film only passes", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { player, log } = opened(9);
  player.requests.clear();
  log.wire.length = 0;
  player.display.show(4);
  assert.deepEqual(log.wire, []); // too soon after the last message
  passTime(100);
  context.mock.timers.tick(100);
  assert.deepEqual(
    log.wire.map(({ kind, at }) => [kind, at]),
    [["shown", 4]],
  );
  player.requests.clear();
  player.display.show(5);
  player.playback.train(); // before it was time
  player.requests.clear();
  passTime(100);
  context.mock.timers.tick(100);
  assert.equal(log.wire.length, 1);
});

// ---- the clock

test("the film shows each epoch in turn and ends at the limit", () => {
  const { player, log } = opened(8, { state: "finished" });
  player.limit = 8;
  log.shown.length = 0;
  player.playback.train();
  assert.equal(player.playback.state, "playing");
  passPictures(200);
  assert.deepEqual(log.shown, [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(
    [player.playback.state, player.root.dataset.state, player.root.dataset.epoch],
    ["finished", "finished", "8"],
  );
  assert.equal(log.said.at(-1), "Finished at epoch 8.");
});

test("the epoch with the best weights comes back at the end", () => {
  const { player } = opened(8, { state: "finished", best: 5 });
  player.limit = 8;
  player.playback.train();
  passPictures(200);
  assert.deepEqual([player.playback.state, player.display.epoch], ["finished", 5]);
});

test("a film of every second epoch leaves the others out", () => {
  const { player, log } = opened(8);
  player.limit = 8;
  player.playback.speed(2);
  player.playback.train();
  passPictures(200);
  assert.deepEqual(log.shown.slice(-4), [2, 4, 6, 8]);
});

test("the film goes on up to the epoch from which a changed choice holds, and waits there", () => {
  const { player } = opened(60);
  player.playback.train();
  const { at, stride, count } = player.clock.ahead();
  assert.deepEqual([at, stride, count], [8, 1, 30]);
  passPictures(400);
  assert.deepEqual([player.display.epoch, player.playback.state], [8, "playing"]);
  player.clock.release();
  passPictures(5);
  assert.ok(player.display.epoch > 8);
});

test("a choice holds from the epoch on the screen while nothing plays", () => {
  const { player } = opened(60);
  player.display.show(12);
  assert.deepEqual(player.clock.ahead(), { at: 12 });
  assert.equal(player.clock.bound, Infinity);
});

test("the film asks for more before it runs out, and says when it waits", () => {
  const { player, log } = opened(3);
  player.requests.clear();
  log.wire.length = 0;
  player.playback.train();
  passPictures(20);
  assert.equal(player.display.epoch, 3);
  const { kind, from, stride } = log.wire[0];
  assert.deepEqual([kind, from, stride], ["play", 3, 1]);
  passPictures(60);
  assert.match(log.said.at(-1), /Waiting/);
});

test("little motion: one step a second", () => {
  const { player, log } = opened(8);
  player.still.matches = true;
  player.playback.train();
  passPictures(2);
  assert.equal(player.display.epoch, 1); // the first at once
  passPictures(30);
  assert.equal(player.display.epoch, 1);
  passPictures(70);
  assert.equal(player.display.epoch, 2);
  assert.match(log.said.at(-1), /one step per second/);
});

// ---- playing

test("a run that diverged stays at its last good epoch, with a warning", () => {
  const { player, log } = opened(4, { state: "diverged", trained: 4 });
  player.playback.train();
  passPictures(200);
  assert.deepEqual([player.display.epoch, player.playback.state], [4, "diverged"]);
  assert.match(log.warned.at(-1), /diverged after epoch 4/);
  player.playback.step();
  assert.equal(player.display.epoch, 4);
});

test("a step shows the next epoch, or asks for it and some after it", () => {
  const { player, log } = opened(1);
  player.requests.clear();
  log.wire.length = 0;
  player.playback.step();
  assert.equal(player.display.epoch, 1);
  player.playback.step();
  assert.deepEqual([player.display.epoch, player.display.target], [1, 2]);
  player.playback.step();
  assert.equal(player.display.target, 3); // pressed again before the answer
  assert.deepEqual([log.wire[0].kind, log.wire[0].from, log.wire[0].count], ["play", 1, 12]);
});

test("going elsewhere ends the film", () => {
  const { player } = opened(9);
  player.playback.train();
  player.playback.scrub(7);
  assert.deepEqual([player.playback.state, player.display.epoch], ["paused", 7]);
});

test("a lock stops the film, says why, and holds until it is opened", () => {
  const { player, log } = opened(9);
  player.playback.train();
  player.playback.lock("Predict first.");
  assert.deepEqual([player.playback.state, log.said.at(-1)], ["paused", "Predict first."]);
  player.playback.train();
  assert.equal(player.playback.state, "paused");
  player.playback.lock("");
  assert.equal(log.said.at(-1), "hint");
  player.playback.train();
  assert.equal(player.playback.state, "playing");
});

test("a loss that differs from the link's is said once, when its epoch is there", () => {
  const { player, log } = fakePlayer(5);
  players.push(player);
  const message = introduction("checked", { trained: 5 });
  Object.assign(message.setup, { goto: 4, check: 0.25 });
  player.inbox.take(message, {});
  assert.equal(player.display.epoch, 4);
  assert.match(log.warned.at(-1), /the loss at epoch 4 is 0\.2,.*in the link it is 0\.25 \(20 %/);
  const count = log.warned.length;
  player.display.show(3);
  player.display.show(4);
  assert.equal(log.warned.length, count);
});
