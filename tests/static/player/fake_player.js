// A player of the real parts, without views: what it draws and sends is recorded.

import { Clock } from "../../../static/player/clock.js";
import { Display } from "../../../static/player/display.js";
import { Inbox } from "../../../static/player/inbox.js";
import { Playback } from "../../../static/player/playback.js";
import { Requests } from "../../../static/player/requests.js";
import { Sender } from "../../../static/player/sender.js";
import { Frames } from "../../../static/run/frames.js";

const NONE = () => {};
const PICTURE = 1000 / 60; // ms

/** What waits for the next picture of the screen, and the time in ms. */
let pictures = [];
let time = 5000;
performance.now = () => time;
globalThis.requestAnimationFrame = (draw) => pictures.push(draw);
globalThis.cancelAnimationFrame = NONE;

/** Let time pass without a picture of the screen. */
export function passTime(ms) {
  time += ms;
}

/** Show some pictures of a screen that shows 60 in a second. */
export function passPictures(count) {
  for (let i = 0; i < count; i++) {
    const due = pictures;
    pictures = [];
    time += PICTURE;
    for (const draw of due) draw(time);
  }
}

function frame(epoch) {
  return {
    epoch,
    theta: new Float32Array(1),
    delta: new Int16Array(1),
    scale: new Float32Array(1),
  };
}

class Buffer {
  frames = new Frames();
  history = {};
  known = -1;
  constructor(epochs) {
    for (let epoch = 0; epoch <= epochs; epoch++) this.frames.add(frame(epoch), 0);
  }
  store({ epochs }) {
    for (const epoch of epochs?.values ?? []) this.frames.add(frame(epoch), 0);
  }
  forgetAfter(epoch) {
    this.frames.forgetAfter(epoch);
  }
  losses({ epoch }) {
    return { exact: true, train: 1 / (1 + epoch) };
  }
}

/** Return a player of the epochs that are in the browser, and what it has shown, said and sent. */
export function fakePlayer(epochs = 0) {
  pictures = [];
  const log = { shown: [], said: [], warned: [], wire: [], page: [] };
  const player = {
    removed: false,
    still: { matches: false },
    options: { hold: false, example: null, focus: null },
    root: { dataset: {} },
    hint: "hint",
    welcome: "welcome",
    limit: Infinity,
    get span() {
      return this.display.reached;
    },
    get exhausted() {
      const { state, trained } = this.inbox.server;
      return state === "diverged" && this.display.epoch >= trained;
    },
    after: (epoch) => epoch + 1,
    nearest: (epoch) => epoch,
    newBuffer: () => new Buffer(epochs),
    newScene: () => ({
      frame: null,
      frameBytes: 100,
      arrange: NONE,
      hold: NONE,
      settle: () => false,
      load(one) {
        this.frame = one;
      },
    }),
    readMore: NONE,
    summary: () => "",
    uncover: NONE,
    address: { write: NONE },
    changes: { arrange: NONE, settle: NONE },
    findings: { store: NONE, busy: NONE, show: NONE, clear: NONE, forgetAfter: NONE },
    stage: { arrange: NONE, draw: NONE, rest: NONE, redrawLines: NONE },
    transport: {
      name: NONE,
      rest: NONE,
      set: NONE,
      show: (epoch) => log.shown.push(epoch),
      showStatus: (words) => log.said.push(words),
      warn: (words) => log.warned.push(words),
    },
    wire: { token: "token", connect: NONE, forget: NONE, send: (one) => log.wire.push(one) },
  };
  const parts = {
    inbox: Inbox,
    sender: Sender,
    clock: Clock,
    display: Display,
    playback: Playback,
  };
  for (const [name, Part] of Object.entries(parts)) player[name] = new Part(player);
  player.requests = new Requests((one) => player.sender.send(one));
  player.sender.carry = (one) => log.page.push(one);
  return { player, log };
}

/** Return a message that sets a run up, and how far it is. */
export function introduction(run, more = {}) {
  const setup = { id: `setup of ${run}`, metric: "", probe: { labels: [] } };
  return { answer: 0, run, setup, state: "ok", trained: 0, ...more };
}
