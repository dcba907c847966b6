// The player: plays the frames of a training run like a film, and requests more from the server.
//
// `mount` is called for every message of the server; the first call builds the page. One clock,
// that of the screen, decides which epoch every view shows.

import { make, skipLink } from "../shared/dom.js";
import { publishEpoch } from "../shared/epoch.js";
import { number, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { cellWords, lossWords } from "../shared/names.js";
import { unpack } from "../shared/payload.js";
import { SeedButtons } from "../views/seeds.js";
import { Stage } from "../views/stage.js";
import { Changes } from "./changes.js";
import { Transport } from "./controls.js";
import { Findings } from "./findings.js";
import { Editor } from "./inspector.js";
import { exampleOf, Permalink, SWITCHES, viewOf } from "./permalink.js";
import { buffered, nextRequest, Pace } from "./prefetch.js";
import { Requests } from "./requests.js";
import { RunBuffer } from "../run/run_buffer.js";
import { Scene } from "../run/scene.js";
import { Wire } from "./wire.js";

/**
 * @import {
 *   Cell, Choose, Component, FrameArrays, Losses, PagePoint, PlayerMeta, PlayerSetup, PlayerState,
 *   RunBufferLike, SceneArrays, SceneLike, ServerState, Setup, StageActions, StageLike, ViewOptions,
 *   WireLike
 * } from "../shared/types.js"
 */
/** @import { Request, SentRequest } from "./requests.js" */

const REST = 300; // ms without a change after which an epoch counts as looked at
const SOON = 60; // ms between two messages on the epoch that is shown
const SLOW = 1000; // ms between steps for people who asked their system for little motion
const STEPS = 12; // epochs fetched for one step, so that the next steps need no server
const PATIENCE = 700; // ms of waiting before the bar says so
const AWAY = 500; // ms that a setup may be on its way, though the page counts on it
const LEAD = 8; // frames from the screen to the epoch from which a changed choice holds
const FOLLOW = 30; // frames after that epoch that come with the answer, until others are here
// What changes the session, not the run alone, goes to the page and not through the wire.
const OF_THE_PAGE = ["reset", "try", "change", "setup", "open", "drop"];
const TOLERANCE = 1e-6; // relative difference from a link's loss that needs no mention

/**
 * Return how a kind of player is mounted: a function that builds the one inside parentElement or
 * hands it a message, and returns how to remove it.
 * @param {new (parent: HTMLElement) => Player} Kind
 */
export function mounting(Kind) {
  /** @type {WeakMap<HTMLElement, Player>} */
  const players = new WeakMap();
  return (/** @type {Component<Uint8Array>} */ { data, parentElement, setTriggerValue }) => {
    const player = players.get(parentElement) ?? new Kind(parentElement);
    players.set(parentElement, player);
    player.carry = (request) => setTriggerValue("ask", JSON.stringify(request));
    player.look();
    player.receive(data);
    player.behind = false;
    return () => {
      players.delete(parentElement);
      player.remove();
    };
  };
}

/** The epoch that a player of this page showed last. @type {{ run: string | null, serial?: number, epoch: number }} */
const last = { run: null, epoch: 0 };

export class Player {
  // ---- what the server sent

  /** The run that is shown. @type {string | null} */
  run = null;
  /** @type {PlayerSetup | null} */
  setup = null;
  /** @type {ServerState} */
  server = { state: "ok", message: "", trained: 0, best: null };
  /** The last payload, and the id of the last answer. @type {Uint8Array | null} */
  data = null;
  answer = 0;
  /** The run's settings as the query of an address. @type {string | undefined} */
  query = undefined;

  // ---- what is on the screen

  /** @type {PlayerState} */
  state = "paused";
  epoch = 0;
  /** The last epoch that was shown, and the number of frames that were drawn. */
  reached = 0;
  count = 0;
  /** The epoch that the user waits for. @type {number | null} */
  target = null;
  /** @type {RunBufferLike | null} */
  runBuffer = null;
  /** @type {SceneLike | null} */
  scene = null;
  /** @type {Losses | null} */
  losses = null;
  /** Whether a frame was drawn; whether a link's loss has not been compared yet. */
  drawn = false;
  unchecked = false;

  // ---- the clock

  /** Epochs per frame. */
  stride = 1;
  pace = new Pace();
  /** The last epoch that can be shown until the server has changed what comes after it. */
  bound = Infinity;
  /** The epoch where playing began. */
  start = 0;
  /** Times of the last tick and of the last frame, in ms. @type {number | undefined} */
  before = undefined;
  moved = 0;
  late = false;
  /** Why the run may not be played yet; empty: it may. */
  locked = "";
  clock = 0;
  painting = 0;
  removed = false;
  /** The epoch that the server knows to be shown, and since when. */
  sentEpoch = -1;
  sentAt = 0;
  /** Timers. @type {number | undefined} */
  timer = undefined;
  /** @type {number | undefined} */
  telling = undefined;
  /** @type {number | undefined} */
  resting = undefined;
  /** @type {number | undefined} */
  missing = undefined;

  /** Whether the rest of the page was drawn before the last change of the run. */
  behind = false;

  /**
   * Hand a request to the server; set by `mounting`.
   * @type {(request: object) => void}
   */
  carry = () => {};

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.address = new Permalink(this.steps);
    this.requests = new Requests((request) => this.#send(request));
    this.wire = this.newWire();
    /** @type {ViewOptions} */
    this.options = {
      ...viewOf(location.search),
      example: exampleOf(location.search),
      focus: null,
    };
    const act = {
      train: () => this.#play(),
      pause: () => this.#pause(),
      step: () => this.#step(),
      reset: () => this.#reset(),
      speed: (/** @type {number} */ stride) => this.#speed(stride),
      scrub: (/** @type {number} */ epoch) => this.#scrub(epoch),
    };
    this.changes = new Changes(
      (words) => this.requests.add("change", { change: words }),
      (wanted) => {
        this.stage.showArchitecture(wanted);
        this.seeds.show(wanted);
      },
    );
    this.seeds = new SeedButtons((change) => this.changes.make(change));
    this.transport = new Transport(act, this.board());
    this.transport.words.append(this.seeds.element);
    this.root = make("section", {
      class: "deltascope-player",
      "data-player": true,
      "aria-label": this.label,
      tabindex: -1,
      on: { keydown: (event) => this.#key(event) },
    });
    this.stage = this.newStage(this.root, {
      choose: (name, value) => this.#choose(name, value),
      edit: (cell, place) => this.#edit(cell, place),
      repaint: () => this.#repaint(),
      change: (change) => this.changes.make(change),
      request: (kind, fields) => this.requests.add(kind, fields),
    });
    this.findings = new Findings((rule, epoch) => this.#try(rule, epoch));
    this.stage.preset?.(this.options);
    const inner = make("div", { class: "inner" });
    inner.append(this.transport.element, this.stage.element, this.findings.element);
    this.root.prepend(inner);
    this.editor = new Editor(this.root, (cell, value) => this.#apply(cell, value));
    this.links = this.#styleSheets();
    parent.append(...this.links, this.root);
    this.skip = skipLink(this.label, () => this.transport.focus());
    this.#set("paused");
    this.watch = setInterval(() => this.look(), 1000);
  }

  // ---- what other kinds of players replace

  /** The names of the style sheets. */
  get sheets() {
    return ["player.css"];
  }

  /** Whether the browser's Back leads from a run to the one before it. */
  get steps() {
    return true;
  }

  /** What a click does, for a player that is paused. */
  get hint() {
    return tr("Paused. Click a weight to edit it, or a delta to see only its example.");
  }

  /** What the player is called for screen readers. */
  get label() {
    return tr("Training, live");
  }

  /** What is said before the first epoch. */
  get welcome() {
    return tr("Ready. Train starts the training, Step trains one epoch.");
  }

  /** The last epoch of the slider. */
  get span() {
    return this.reached;
  }

  /**
   * Return the epoch that one step leads to.
   * @param {number} epoch
   */
  after(epoch) {
    return epoch + 1;
  }

  /**
   * Return the epoch that is shown for a place of the slider.
   * @param {number} epoch
   */
  nearest(epoch) {
    return epoch;
  }

  /**
   * Return what answers the requests.
   * @returns {WireLike}
   */
  newWire() {
    return new Wire(
      (answer) => this.receive(answer),
      (lost) => this.transport.showLost(lost),
    );
  }

  /**
   * Return the numbers in the transport bar; all of them where it is undefined.
   * @returns {string[] | undefined}
   */
  board() {
    return undefined;
  }

  /**
   * @param {HTMLElement} root
   * @param {StageActions} act
   * @returns {StageLike}
   */
  newStage(root, act) {
    return new Stage(root, act);
  }

  /**
   * @param {PlayerSetup} setup
   * @returns {RunBufferLike}
   */
  newBuffer(setup) {
    return new RunBuffer(/** @type {Setup} */ (setup).series);
  }

  /**
   * @param {PlayerSetup} setup
   * @param {SceneArrays} arrays
   * @returns {SceneLike}
   */
  newScene(setup, arrays) {
    return new Scene(/** @type {Setup} */ (setup), arrays);
  }

  /**
   * Read more of a message, for another kind of player.
   * @param {PlayerMeta} _meta
   */
  readMore(_meta) {}

  /**
   * Return the numbers on the screen in a sentence.
   * @param {Losses} losses
   */
  summary({ train, train_metric: metric }) {
    return lossWords(this.setup?.metric ?? "", train, metric);
  }

  // The style sheets; the page is shown when all of them are there.
  #styleSheets() {
    let missing = this.sheets.length;
    if (missing) this.root.style.visibility = "hidden";
    const come = () => {
      missing -= 1;
      this.root.style.visibility = missing ? "hidden" : "";
      this.#uncover();
    };
    return this.sheets.map((name) => {
      const href = new URL(name, import.meta.url);
      return make("link", { rel: "stylesheet", href, on: { load: come, error: come } });
    });
  }

  /** Take away the shape of the page once the views are there. */
  #uncover() {
    if (!this.drawn || this.root.style.visibility) return;
    document.getElementById("deltascope-skeleton")?.remove();
  }

  remove() {
    clearInterval(this.watch);
    clearTimeout(this.telling);
    clearTimeout(this.resting);
    clearTimeout(this.missing);
    clearTimeout(this.timer);
    cancelAnimationFrame(this.clock);
    this.removed = true;
    this.wire.close();
    this.stage.remove();
    this.root.remove();
    this.skip.remove();
    for (const link of this.links) link.remove();
  }

  // ---- messages of the server

  /**
   * Take in one payload; the same one may come twice. Return whether it answers a request.
   * @param {Uint8Array | null} data
   */
  receive(data) {
    if (!data || data === this.data) return false;
    this.data = data;
    const { meta, arrays } =
      /** @type {{ meta: PlayerMeta, arrays: FrameArrays & SceneArrays }} */ (unpack(data));
    this.take(meta, arrays);
    return Boolean(meta.answer);
  }

  /**
   * Take in a message.
   * @param {PlayerMeta} meta
   * @param {FrameArrays & SceneArrays} arrays
   */
  take(meta, arrays) {
    const fresh = meta.run !== this.run;
    if (meta.answer && !fresh && meta.answer <= this.answer) return;
    if (meta.token) this.wire.connect(meta.token);
    if (meta.setup) this.#arrange(meta, arrays, fresh);
    if (meta.behind) this.behind = true;
    if (meta.run !== this.run || !this.runBuffer) return this.#askForSetup(meta);
    if (meta.answer > this.requests.first) this.answer = meta.answer;
    if (meta.query !== undefined) this.query = meta.query;
    // What a page says of the run on the screen may be behind what the wire has brought.
    if (!meta.token || fresh) this.#learn(meta, arrays);
    this.findings.store(meta.findings);
    if (meta.series_reset) this.stage.redrawLines();
    const answered = this.requests.answered(meta.answer);
    if (answered?.kind === "change") this.changes.settle();
    if (answered?.kind === "apply") this.bound = Infinity;
    if (meta.pending && !this.requests.has("apply")) this.requests.add("apply");
    this.#settle(answered, fresh || this.#replaces(meta.forget_after));
    this.findings.busy(this.requests.has("try", "apply", "reset"));
    this.findings.show(this.epoch);
    this.#wake();
  }

  /**
   * Take in how far the run is, its frames and its history.
   * @param {PlayerMeta} meta
   * @param {FrameArrays} arrays
   */
  #learn(meta, arrays) {
    this.server = {
      state: meta.state ?? "ok",
      message: meta.message ?? "",
      trained: meta.trained ?? 0,
      best: meta.best ?? null,
    };
    if (meta.pace) this.pace.most = meta.pace;
    this.readMore(meta);
    if (meta.forget_after !== undefined) this.#forget(meta.forget_after);
    this.runBuffer?.store(arrays, this.epoch, meta.series_reset);
  }

  /**
   * Ask for the setup of a run that this player does not know; unless it is on its way.
   * @param {PlayerMeta} meta
   */
  #askForSetup({ run, token }) {
    const ask = () => {
      if (!this.removed && !this.requests.has("setup")) this.requests.add("setup");
    };
    if (this.run === null) return ask();
    clearTimeout(this.missing);
    if (token) this.missing = setTimeout(() => this.run !== run && ask(), AWAY);
  }

  /**
   * @param {PlayerMeta} meta
   * @param {SceneArrays} arrays
   * @param {boolean} fresh whether it is another run
   */
  #arrange({ setup, run, trained }, arrays, fresh) {
    if (!setup) return;
    this.setup = setup;
    if (fresh) {
      // Streamlit may mount an element once more with an old message, while a page changes.
      const again = run === last.run && setup.serial === last.serial;
      const target = again ? last.epoch : (setup.goto ?? 0);
      last.run = run;
      last.epoch = target;
      this.reached = setup.reached ?? trained ?? 0;
      Object.assign(this, { run, target, epoch: Math.min(target, this.reached), unchecked: true });
      this.runBuffer = this.newBuffer(setup);
      this.scene = this.newScene(setup, arrays);
      this.scene.hold(this.options.hold);
      this.findings.clear();
      this.requests.clear();
      this.bound = Infinity;
      this.wire.forget();
      this.options.focus = null;
      this.#set("paused");
    } else {
      this.scene?.arrange(setup, arrays);
    }
    last.serial = setup.serial ?? last.serial;
    const { example } = this.options;
    if (example !== null && example >= setup.probe.labels.length) this.options.example = null;
    this.transport.name(setup.metric, setup.rescaled);
    this.stage.arrange(setup, fresh);
    this.changes.arrange(setup.architecture, fresh);
  }

  /** @param {number} epoch */
  #forget(epoch) {
    this.bound = Infinity;
    this.runBuffer?.forgetAfter(epoch);
    this.findings.forgetAfter(epoch);
    if (this.reached > epoch) this.stage.redrawLines();
    this.reached = Math.min(this.reached, epoch);
  }

  /**
   * Return whether an answer that begins after an epoch has another frame for the screen. The film
   * need not be drawn again for what lies ahead of it.
   * @param {number | undefined} epoch
   */
  #replaces(epoch) {
    if (epoch === undefined) return false;
    return this.state !== "playing" || this.epoch > epoch;
  }

  /**
   * Move on with what the user waits for, now that an answer is here.
   * @param {Request | null} answered the request that was answered
   * @param {boolean} redraw
   */
  #settle(answered, redraw) {
    const { state, trained } = this.server;
    if (state === "finished" && this.target !== null) this.target = Math.min(this.target, trained);
    const { target } = this;
    const here = Math.min(this.epoch, trained);
    if (target !== null && this.#has(target)) return this.#show(target);
    if (redraw && this.#has(here)) this.#show(here);
    if (target === null || this.requests.has("seek", "reset")) return;
    if (this.server.state === "diverged" && this.server.trained < target) return this.#fall();
    if (!answered || ["seek", "play"].includes(answered.kind)) {
      this.requests.add("seek", { epoch: target });
    }
    this.#progress();
  }

  /**
   * Return whether the frame of an epoch is in the browser.
   * @param {number} epoch
   */
  #has(epoch) {
    return Boolean(this.runBuffer?.frames.get(epoch));
  }

  /** @param {SentRequest} request */
  #send(request) {
    this.sentEpoch = this.epoch;
    this.sentAt = performance.now();
    const { run, state } = this;
    const place = request.kind === "apply" ? this.#ahead() : { at: this.epoch };
    const asked = {
      run,
      ...place,
      playing: state === "playing",
      setup: this.setup?.id,
      ...request,
    };
    const ofThePage =
      OF_THE_PAGE.includes(request.kind) || (this.behind && request.kind === "shown");
    if (this.wire.token && !ofThePage) {
      this.wire.send({ ...asked, known: this.runBuffer?.known });
    } else this.carry(asked);
    this.#wake();
  }

  // The film goes on up to an epoch shortly ahead of the screen, from which a choice holds.
  #ahead() {
    const { epoch, stride, limit } = this;
    if (this.state !== "playing") return { at: epoch };
    this.bound = Math.min(buffered(this.buffer).from, epoch + LEAD * stride, limit);
    const count = Math.min(FOLLOW, Math.floor((limit - this.bound) / stride));
    return { at: this.bound, stride, count };
  }

  // A button beside the player is about the epoch on the screen, so the server has to know it before
  // the press. It cannot come with the press: Streamlit takes what two parts of a page send at the
  // same time for one.
  #sendEpoch() {
    clearTimeout(this.telling);
    if (this.sentEpoch === this.epoch || this.state === "playing") return;
    if (this.target !== null) return; // the request for that epoch says so
    const wait = SOON - (performance.now() - this.sentAt);
    if (wait > 0) {
      this.telling = setTimeout(() => this.#sendEpoch(), wait);
      return;
    }
    const { out } = this.requests;
    if (!out || out.kind === "shown") this.requests.add("shown");
    else if (out.kind === "play" || out.kind === "seek") this.#send(out);
  }

  // ---- the clock

  #wake() {
    if (this.removed) return;
    if (this.state === "playing") this.clock ||= requestAnimationFrame((now) => this.#tick(now));
    else if (this.requests.out) this.timer ||= setTimeout(() => this.#tick(performance.now()), 500);
  }

  /** @param {number} now */
  #tick(now) {
    clearTimeout(this.timer);
    this.clock = 0;
    this.timer = undefined;
    if (this.state === "playing") this.#advance(now);
    if (this.state === "playing") this.#pull();
    this.requests.pump();
    this.#lost();
    this.#wake();
  }

  /**
   * Show the next frame if it is there and due.
   * @param {number} now
   */
  #advance(now) {
    const passed = Math.min(now - (this.before ?? now), 50);
    this.before = now;
    if (this.requests.has("edit", "try", "reset")) return;
    const room = Math.min(this.limit, this.bound) - this.epoch;
    if (room <= 0 && this.epoch < this.limit) return;
    const next = this.runBuffer?.frames.next(this.epoch, Math.min(this.#framesOn(passed), room));
    if (next && next.epoch <= this.limit) {
      if (this.late) this.transport.showStatus(this.still.matches ? this.#words() : "");
      this.late = false;
      if (this.#due(now, passed)) this.#show(next.epoch);
      if (this.epoch === this.limit) this.#end();
    } else if (this.#exhausted()) this.#fall();
    else if (now - this.moved > PATIENCE && !this.late) {
      this.late = true;
      this.#locate(false); // should the server be gone, the page loads itself again at this epoch
      this.transport.showStatus(tr("Waiting for the next epochs …"));
    }
  }

  /**
   * Return how many epochs to go on by: the stride, or two where the browser missed a picture.
   * @param {number} passed ms since the last tick
   */
  #framesOn(passed) {
    if (this.still.matches) return this.stride;
    return this.stride * this.pace.stride(buffered(this.buffer).ahead, passed, this.stride === 1);
  }

  /**
   * @param {number} now
   * @param {number} passed ms since the last tick
   */
  #due(now, passed) {
    if (this.still.matches) return now - this.moved >= SLOW;
    return this.pace.due(buffered(this.buffer).ahead, this.requests.expectedWait, passed);
  }

  /** What prefetching has to know. */
  get buffer() {
    const { epoch, stride, limit, runBuffer, scene } = this;
    if (!runBuffer || !scene) throw new Error("there is no run yet");
    const bytes = scene.frameBytes;
    return { frames: runBuffer.frames, epoch, stride, limit, bytes, pace: this.pace.most };
  }

  /** The epoch where playing stops: the stop of the run, if it is still ahead. */
  get limit() {
    if (this.server.state === "finished") return this.server.trained;
    const stop = this.setup?.stop ?? 0;
    return stop > this.start ? stop : Infinity;
  }

  #exhausted() {
    return this.server.state === "diverged" && this.epoch >= this.server.trained;
  }

  /** Ask for the next frames when few are left, unless the run ends with them. */
  #pull() {
    if (!this.requests.free) return;
    const next = nextRequest(this.buffer);
    if (!next) return;
    const over = this.server.state === "diverged" && next.from >= this.server.trained;
    if (!over) this.requests.add("play", { ...next });
  }

  // ---- showing

  /** @param {number} epoch */
  #show(epoch) {
    const frame = this.runBuffer?.frames.get(epoch);
    if (!this.runBuffer || !this.scene || !frame) return;
    const moved = epoch !== this.epoch || !this.drawn;
    Object.assign(this, { epoch, drawn: true, moved: performance.now() });
    if (epoch === this.target) this.target = null;
    if (this.target === null && this.run === last.run) last.epoch = epoch;
    this.reached = Math.max(this.reached, epoch);
    this.scene.load(frame, this.state === "playing");
    this.#draw();
    if (moved) this.count += 1;
    if (this.count === 1) this.#uncover();
    Object.assign(this.root.dataset, { run: this.run, epoch, frames: this.count });
    this.losses = this.runBuffer.losses(frame);
    this.transport.show(epoch, this.span, this.losses);
    this.findings.show(epoch);
    publishEpoch({ run: this.run, epoch, resting: false, ended: false });
    if (this.unchecked && this.target === null) this.#check();
    if (this.state === "playing") this.#locate(true);
    else this.#arrive();
  }

  #draw() {
    const { scene, runBuffer, options, reached } = this;
    if (scene && runBuffer) this.stage.draw(scene, { ...options, reached }, runBuffer.history);
  }

  #repaint() {
    if (!this.scene?.frame || this.removed) return;
    this.painting ||= requestAnimationFrame(() => {
      this.painting = 0;
      if (!this.removed) this.#draw();
    });
  }

  /** Show an epoch that stays: with its words, and in full once it has stayed a while. */
  #arrive() {
    if (this.#exhausted() && this.state !== "diverged") return this.#fall();
    this.transport.showStatus(this.#words(), this.state === "paused");
    this.transport.rest(this.epoch, this.span);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.#rest(), REST);
    this.#sendEpoch();
  }

  #rest() {
    if (this.state === "playing" || !this.losses || this.target !== null) return;
    if (this.scene?.settle()) this.#draw();
    this.stage.rest(this.summary(this.losses));
    this.#locate(false);
    if (!this.requests.has("seek", "reset", "edit", "apply", "try")) this.requests.add("shown");
    this.#prepare();
    const ended = this.state === "finished" || this.state === "diverged";
    publishEpoch({ run: this.run, epoch: this.epoch, resting: true, ended });
  }

  /** Fetch the epochs after this one, so that Train and Step show the next one at once. */
  #prepare() {
    const { epoch, stride, limit } = this;
    const next = epoch + stride;
    if (this.locked || this.server.state !== "ok" || next > limit || this.#has(next)) return;
    this.requests.add("play", { from: epoch, stride, count: STEPS });
  }

  /** @param {boolean} haste */
  #locate(haste) {
    const { run, query, epoch, losses, options } = this;
    const loss = losses?.exact ? Number(losses.train) : NaN;
    this.address.write({ run, query, epoch, loss, options }, haste);
  }

  #words() {
    if (this.locked) return this.locked;
    if (this.state === "finished" && this.server.message) return this.server.message;
    if (this.state === "finished")
      return tr("Finished at epoch {epoch}.", { epoch: whole(this.epoch) });
    if (this.still.matches) return tr("Reduced motion is on: Train shows one step per second.");
    if (this.reached === 0) return this.welcome;
    return this.hint;
  }

  #progress() {
    const done = this.server.trained;
    if (this.target !== null && this.target > done) {
      this.transport.showStatus(
        tr("Training to epoch {target}, now at {epoch}. Pause stops it.", {
          target: whole(this.target),
          epoch: whole(done),
        }),
      );
    }
  }

  // Compare with the loss that a link carries: another machine may round differently.
  #check() {
    this.unchecked = false;
    const promised = this.setup?.check;
    const found = Number(this.losses?.train);
    if (!promised || !Number.isFinite(found) || !this.losses?.exact) return;
    const off = Math.abs(found - promised) / Math.abs(promised);
    if (off > TOLERANCE) {
      this.transport.warn(
        tr(
          "This computer gives slightly different numbers: the loss at epoch {epoch} is {found}, " +
            "in the link it is {promised} ({difference} % difference).",
          {
            epoch: whole(this.epoch),
            found: number(found, 6),
            promised: number(promised, 6),
            difference: number(100 * off, 2),
          },
        ),
      );
    }
  }

  /** Take over the colours of the page, which may have changed. */
  look() {
    if (this.stage.retheme()) this.#repaint();
  }

  // The server no longer answers.
  #lost() {
    if (this.requests.tries > 1)
      this.transport.showStatus(
        tr("The server does not answer. The epochs so far are kept. The app tries again."),
      );
  }

  // ---- what the user does

  /** @param {PlayerState} state */
  #set(state) {
    this.state = state;
    Object.assign(this.root.dataset, {
      state,
      epoch: String(this.epoch),
      frames: String(this.count),
    });
    this.transport.set(state, Boolean(this.locked) || this.requests.has("reset"));
    this.#wake();
  }

  /**
   * Come to rest where it is, in full resolution.
   * @param {PlayerState} state
   */
  #stop(state) {
    this.requests.cancel("play", "seek");
    this.target = null;
    this.#set(state);
    if (!this.scene?.frame) return;
    this.scene.load(this.scene.frame, false);
    this.#repaint();
    this.#arrive();
  }

  #play() {
    if (!this.scene?.frame || this.locked || this.state === "playing") return;
    if (this.#exhausted()) return this.#fall();
    Object.assign(this, {
      target: null,
      start: this.epoch,
      pace: new Pace(this.pace.most),
      before: undefined,
    });
    if (this.epoch >= this.limit) return this.#end(); // patience ended it; a mere stop is passed
    this.moved = this.still.matches ? 0 : performance.now();
    this.transport.showStatus(this.still.matches ? this.#words() : "");
    this.transport.warn("");
    this.#set("playing");
  }

  #pause() {
    this.#stop("paused");
  }

  #step() {
    const next = this.after(this.target ?? this.epoch);
    if (!this.scene?.frame || this.#exhausted()) return;
    this.#halt();
    this.target = next;
    if (this.#has(next)) return this.#show(next);
    this.requests.add("play", { from: this.epoch, stride: 1, count: STEPS });
  }

  /** @param {number} epoch */
  #scrub(epoch) {
    this.#halt();
    const target = this.nearest(epoch);
    this.target = target;
    if (this.#has(target)) return this.#show(target);
    this.requests.add("seek", { epoch: target });
  }

  /** End playing, or the state after it, before the user goes somewhere else. */
  #halt() {
    this.requests.cancel("play", "seek");
    if (this.state !== "paused") this.#set("paused");
  }

  #reset() {
    this.#halt();
    this.requests.add("reset");
    this.transport.warn("");
    this.transport.set(this.state, true);
  }

  /**
   * Ask the server to make the change that a finding proposes, on this run or on a new one.
   * @param {string} rule
   * @param {number} epoch
   */
  #try(rule, epoch) {
    this.requests.cancel("play", "seek");
    this.requests.add("try", { rule, epoch });
    this.findings.busy(true);
  }

  /** @param {number} stride */
  #speed(stride) {
    this.stride = stride;
    this.requests.cancel("play");
  }

  // ---- what a lesson sets

  /** @param {number} stride epochs per frame */
  setSpeed(stride) {
    this.transport.setSpeed(stride);
    this.#speed(stride);
  }

  /**
   * Turn switches of the views on, and the others off.
   * @param {("backward" | "discretize" | "test" | "hold")[]} on
   */
  setView(on) {
    for (const name of SWITCHES) {
      if (this.options[name] !== on.includes(name)) this.#choose(name, on.includes(name));
    }
  }

  /**
   * Lock the run, and say why; or let it be played.
   * @param {string} reason empty: it may be played
   */
  lock(reason) {
    if (reason === this.locked) return;
    this.locked = reason;
    if (reason) this.#halt();
    this.#set(this.state);
    if (!reason && this.drawn) this.#arrive();
    else this.transport.showStatus(this.#words());
  }

  // The end of a run. Where early stopping ended it, the epoch with the best weights comes back.
  #end() {
    this.#stop("finished");
    const { state, best } = this.server;
    if (state !== "finished" || best === null || this.epoch === best) return;
    this.target = best;
    if (this.#has(best)) this.#show(best);
    else this.requests.add("seek", { epoch: best });
  }

  // The loss overflowed: the last good epoch stays.
  #fall() {
    const { message, trained } = this.server;
    if (this.epoch !== trained && this.#has(trained)) {
      this.state = "diverged";
      this.#show(trained);
    }
    this.#stop("diverged");
    this.transport.showStatus("");
    this.transport.warn(
      message ||
        tr("Training diverged after epoch {epoch}; this epoch is the last good one.", {
          epoch: whole(this.epoch),
        }),
    );
  }

  /** @type {Choose} */
  #choose = (name, value) => {
    this.options[name] = value;
    if (name === "test") this.stage.showTest();
    if (name === "hold") this.scene?.hold(this.options.hold);
    if (!this.scene?.frame) return;
    this.#draw();
    if (name !== "focus" && this.state !== "playing") this.#arrive();
  };

  /**
   * @param {Cell} cell
   * @param {PagePoint} place
   */
  #edit(cell, place) {
    if (!(this.scene instanceof Scene)) return;
    const [name, value] = cellWords(this.scene, cell);
    const { layer, row: unit, column } = cell;
    this.editor.show(
      cell,
      tr("{name}, now {value}", { name, value }),
      this.scene.weight(layer, unit, column),
      place,
    );
  }

  /**
   * @param {Cell} cell
   * @param {number} value
   */
  #apply({ layer, row: unit, column }, value) {
    this.requests.add("edit", { at: this.epoch, layer, row: unit, column, value });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target } = event;
    const inputs = "button, input, select, textarea, summary, a";
    const control = target instanceof Element && target.closest(inputs);
    if (event.key !== " " || control) return;
    event.preventDefault();
    if (this.state === "playing") this.#pause();
    else this.#play();
  }
}
