import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, Wire } from "../../../static/player/wire.js";

/** A socket that does what the test says. */
class Socket {
  readyState = 0;
  sent = [];
  closed = false;

  constructor(address) {
    this.address = address;
  }

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.closed = true;
  }

  accept() {
    this.readyState = 1;
    this.onopen();
  }

  answer(bytes) {
    this.onmessage({ data: Uint8Array.from(bytes).buffer });
  }

  lose(code = 1006) {
    this.readyState = 3;
    this.onclose({ code });
  }
}

function connected(token = "secret") {
  const sockets = [];
  const answers = [];
  const lost = [];
  const browser = {
    page: "http://school.example/app/?seed=1#x",
    open: (address) => {
      sockets.push(new Socket(address));
      return sockets.at(-1);
    },
  };
  const wire = new Wire(
    (answer) => answers.push([...answer]),
    (now) => lost.push(now),
    browser,
  );
  wire.connect(token);
  return { wire, sockets, answers, lost };
}

test("the connection is beside the page, and as safe as the page", () => {
  assert.equal(addressOf("http://localhost:8501/?a=1"), "ws://localhost:8501/live");
  assert.equal(addressOf("https://a.example/base/step?b#c"), "wss://a.example/base/live");
});

test("the token comes first, then the request that was made meanwhile", () => {
  const { wire, sockets, answers } = connected();
  wire.send({ kind: "play", id: 1 });
  assert.deepEqual(sockets[0].sent, []);
  sockets[0].accept();
  assert.deepEqual(sockets[0].sent, ["secret", '{"kind":"play","id":1}']);
  sockets[0].answer([1, 2, 3]);
  assert.deepEqual(answers, [[1, 2, 3]]);
});

test("a request without an answer is sent again after the connection was lost", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { wire, sockets, lost } = connected();
  sockets[0].accept();
  wire.send({ id: 1 });
  sockets[0].lose();
  t.mock.timers.tick(100);
  sockets[1].lose();
  t.mock.timers.tick(1000);
  assert.deepEqual(lost, [true]);
  sockets.at(-1).accept();
  assert.deepEqual(lost, [true, false]);
  assert.deepEqual(sockets.at(-1).sent, ["secret", '{"id":1}']);
});

test("an answered request is not sent again, nor one that nobody waits for", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const end of [(socket) => socket.answer([0]), (_, wire) => wire.forget()]) {
    const { wire, sockets } = connected();
    sockets[0].accept();
    wire.send({ id: 1 });
    end(sockets[0], wire);
    sockets[0].lose();
    t.mock.timers.tick(100);
    sockets[1].accept();
    assert.deepEqual(sockets[1].sent, ["secret"]);
  }
});

test("a session that has ended is left alone until the page names another", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { wire, sockets } = connected();
  sockets[0].accept();
  sockets[0].lose(4401);
  t.mock.timers.tick(60_000);
  assert.equal(sockets.length, 1);
  wire.connect("new");
  assert.equal(sockets.length, 2);
});

test("the same token opens no second connection, a closed wire none at all", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { wire, sockets } = connected();
  wire.connect("secret");
  assert.equal(sockets.length, 1);
  wire.close();
  assert.ok(sockets[0].closed);
  sockets[0].lose();
  t.mock.timers.tick(60_000);
  assert.equal(sockets.length, 1);
});

test("a message that is no answer leaves the request waiting for its own", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { wire, sockets } = connected();
  wire.receive = () => false;
  sockets[0].accept();
  wire.send({ kind: "play", id: 7 });
  sockets[0].answer([0]);
  sockets[0].lose();
  t.mock.timers.tick(100);
  sockets[1].accept();
  assert.deepEqual(sockets[1].sent, ["secret", '{"kind":"play","id":7}']);
});
