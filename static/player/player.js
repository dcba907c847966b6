// The player: plays the frames of a training run like a film, and asks the server for more of them.
//
// `mount` is called for every message of the server; the first call builds the page. One clock,
// the screen's own, decides which epoch every view shows.

import { make, skipLink } from "../shared/dom.js";
import { announce } from "../shared/epoch.js";
import { number, whole } from "../shared/format.js";
import { cellWords } from "../shared/names.js";
import { unpack } from "../shared/payload.js";
import { Stage } from "../views/stage.js";
import { Transport } from "./controls.js";
import { Findings } from "./findings.js";
import { Editor } from "./inspector.js";
import { Address } from "./permalink.js";
import { buffered, Pace, wanted } from "./prefetch.js";
import { Asks } from "./requests.js";
import { Reel } from "./run_buffer.js";
import { Scene } from "./scene.js";

const REST = 300; // ms without a change after which an epoch counts as looked at
const SOON = 60; // ms between two times that the server is told of it
const SLOW = 1000; // ms between steps for people who asked their system for little motion
const STEPS = 12; // epochs fetched for one step, so that the next steps need no server
const PATIENCE = 700; // ms of waiting before the bar says so
const TOLERANCE = 1e-6; // relative difference from a link's loss that needs no mention

/** How a kind of player is mounted: a function that builds or feeds the one inside parentElement,
 * and returns how to remove it. */
export function mounting(Kind) {
  const players = new WeakMap();
  return ({ data, parentElement, setTriggerValue }) => {
    const player = players.get(parentElement) ?? new Kind(parentElement);
    players.set(parentElement, player);
    player.carry = (ask) => setTriggerValue("ask", JSON.stringify(ask));
    player.receive(data);
    return () => {
      players.delete(parentElement);
      player.remove();
    };
  };
}

export class Player {
  constructor(parent) {
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.address = new Address();
    this.asks = new Asks((ask) => this.#send(ask));
    this.options = {
      backward: false,
      discretize: false,
      test: false,
      example: Address.example(),
      focus: null,
    };
    Object.assign(this, { run: null, epoch: 0, reached: 0, count: 0, stride: 1, answer: 0 });
    this.#build(parent);
    this.#set("paused");
    this.watch = setInterval(() => this.#look(), 1000);
  }

  // ---- what another kind of player has of its own

  get sheets() {
    return ["player.css"];
  }

  /** What a click does, said while the player is paused. */
  get hint() {
    return "Paused. Click a weight to edit it, a delta to follow its example alone.";
  }

  get label() {
    return "Training, live";
  }

  /** The numbers in the transport bar; all of them where it is undefined. */
  board() {}

  stageOf(root, act) {
    return new Stage(root, act);
  }

  reelOf(setup) {
    return new Reel(setup.series);
  }

  sceneOf(setup, arrays) {
    return new Scene(setup, arrays);
  }

  /** Takes in what a message says besides. */
  heed() {}

  /** The numbers on the screen in a sentence. */
  summary({ train, train_metric: metric }) {
    return `Training loss ${number(train)}, ${this.setup.metric} ${number(metric)}.`;
  }

  #build(parent) {
    const act = {
      train: () => this.#play(),
      pause: () => this.#pause(),
      step: () => this.#step(),
      reset: () => this.#reset(),
      speed: (stride) => this.#speed(stride),
      scrub: (epoch) => this.#scrub(epoch),
    };
    this.transport = new Transport(act, this.board());
    this.root = make("section", {
      class: "deltascope-player",
      "data-player": true,
      "aria-label": this.label,
      tabindex: -1,
      on: { keydown: (event) => this.#key(event) },
    });
    this.stage = this.stageOf(this.root, {
      choose: (name, value) => this.#choose(name, value),
      edit: (cell, place) => this.#edit(cell, place),
      repaint: () => this.#repaint(),
      ask: (kind, fields) => this.asks.ask(kind, fields),
    });
    this.findings = new Findings((rule, epoch) => this.#try(rule, epoch));
    const inner = make("div", { class: "inner" });
    inner.append(this.transport.element, this.stage.element, this.findings.element);
    this.root.prepend(inner);
    this.editor = new Editor(this.root, (cell, value) => this.#apply(cell, value));
    this.links = this.#dressing();
    parent.append(...this.links, this.root);
    this.skip = skipLink(this.label, () => this.transport.focus());
  }

  // The style sheets; the page is shown when all of them are there.
  #dressing() {
    this.root.style.visibility = "hidden";
    let missing = this.sheets.length;
    const come = () => (this.root.style.visibility = --missing ? "hidden" : "");
    return this.sheets.map((name) => {
      const href = new URL(name, import.meta.url);
      return make("link", { rel: "stylesheet", href, on: { load: come, error: come } });
    });
  }

  remove() {
    clearInterval(this.watch);
    clearTimeout(this.telling);
    clearTimeout(this.resting);
    clearTimeout(this.timer);
    cancelAnimationFrame(this.clock);
    this.removed = true;
    this.stage.remove();
    this.root.remove();
    this.skip.remove();
    this.links.forEach((link) => link.remove());
  }

  // ---- messages of the server

  /** Takes in one payload; the same one may come twice. */
  receive(data) {
    this.#look();
    if (!data || data === this.data) return;
    this.data = data;
    const { meta, arrays } = unpack(data);
    const fresh = meta.run !== this.run;
    if (meta.answer && !fresh && meta.answer <= this.answer) return;
    if (meta.setup) this.#arrange(meta, arrays, fresh);
    if (meta.run !== this.run) return this.#stranger();
    if (meta.answer > this.asks.first) this.answer = meta.answer;
    if (meta.query !== undefined) this.query = meta.query;
    this.server = {
      state: meta.state ?? "ok",
      message: meta.message ?? "",
      trained: meta.trained ?? 0,
      best: meta.best ?? null,
    };
    this.heed(meta);
    if (meta.forget_after !== undefined) this.#forget(meta.forget_after);
    this.reel.store(arrays, this.epoch, meta.series_reset);
    this.findings.store(meta.findings);
    if (meta.series_reset) this.stage.redrawLines();
    const ask = this.asks.answered(meta.answer);
    if (meta.pending && !this.asks.has("apply")) this.asks.ask("apply");
    this.#settle(ask, fresh || meta.forget_after !== undefined);
    this.findings.busy(this.asks.has("try", "apply", "reset"));
    this.findings.show(this.epoch);
    this.#wake();
  }

  // An answer about a run that this player has never heard of.
  #stranger() {
    if (this.run === null && !this.asks.has("setup")) this.asks.ask("setup");
  }

  #arrange({ setup, run, trained }, arrays, fresh) {
    this.setup = setup;
    if (fresh) {
      const target = setup.goto ?? 0;
      this.reached = trained ?? 0;
      Object.assign(this, { run, target, epoch: Math.min(target, this.reached), unchecked: true });
      this.reel = this.reelOf(setup);
      this.scene = this.sceneOf(setup, arrays);
      this.findings.clear();
      this.asks.clear();
      this.options.focus = null;
      this.#set("paused");
    } else {
      this.scene.arrange(setup, arrays);
    }
    const { example } = this.options;
    if (example !== null && example >= setup.probe.labels.length) this.options.example = null;
    this.transport.name(setup.metric, setup.rescaled);
    this.stage.arrange(setup, fresh);
  }

  #forget(epoch) {
    this.reel.forgetAfter(epoch);
    this.findings.forgetAfter(epoch);
    this.reached = Math.min(this.reached, epoch);
    this.stage.redrawLines();
  }

  // Moves on with what the user waits for, now that an answer is here.
  #settle(ask, redraw) {
    const { state, trained } = this.server;
    if (state === "finished" && this.target > trained) this.target = trained;
    const { target } = this;
    const here = Math.min(this.epoch, trained);
    if (target !== null && this.reel.frames.get(target)) return this.#show(target);
    if (redraw && this.reel.frames.get(here)) this.#show(here);
    if (target === null || this.asks.has("seek", "reset")) return;
    if (this.server.state === "diverged" && this.server.trained < target) return this.#fall();
    if (!ask || ask.kind === "seek" || ask.kind === "play")
      this.asks.ask("seek", { epoch: target });
    this.#progress();
  }

  #send(ask) {
    Object.assign(this, { told: this.epoch, toldAt: performance.now() });
    this.carry({ run: this.run, at: this.epoch, playing: this.state === "playing", ...ask });
    this.#wake();
  }

  // What is pressed beside the player is about the epoch on the screen: the server hears of it
  // before that. Not with the press itself: what two parts of a page send at once is taken for one.
  #tell() {
    clearTimeout(this.telling);
    if (this.told === this.epoch || this.state === "playing") return;
    const wait = SOON - (performance.now() - this.toldAt);
    if (wait > 0) return (this.telling = setTimeout(() => this.#tell(), wait));
    const { out } = this.asks;
    if (!out || out.kind === "shown") this.asks.ask("shown");
    else if (out.kind === "play" || out.kind === "seek") this.#send(out);
  }

  // ---- the clock

  #wake() {
    if (this.removed) return;
    if (this.state === "playing") this.clock ||= requestAnimationFrame((now) => this.#tick(now));
    else if (this.asks.out) this.timer ||= setTimeout(() => this.#tick(performance.now()), 500);
  }

  #tick(now) {
    clearTimeout(this.timer);
    this.clock = this.timer = 0;
    if (this.state === "playing") this.#advance(now);
    if (this.state === "playing") this.#pull();
    this.asks.pump();
    this.#lost();
    this.#wake();
  }

  // Shows the next frame if it is there and its time has come.
  #advance(now) {
    const passed = Math.min(now - (this.before ?? now), 50);
    this.before = now;
    if (this.asks.has("edit", "apply", "try", "reset")) return;
    const room = this.limit - this.epoch;
    const next = this.reel.frames.next(this.epoch, Math.min(this.#pace(passed), room));
    if (next && next.epoch <= this.limit) {
      if (this.late) this.transport.say(this.still.matches ? this.#words() : "");
      this.late = false;
      if (this.#due(now, passed)) this.#show(next.epoch);
      if (this.epoch === this.limit) this.#end();
    } else if (this.#exhausted()) this.#fall();
    else if (now - this.moved > PATIENCE && !this.late) {
      this.late = true;
      this.transport.say("Waiting for the next epochs …");
    }
  }

  // Epochs to go on by: the stride, or two where the browser missed a picture of the screen.
  #pace(passed) {
    if (this.still.matches) return this.stride;
    return this.stride * this.pace.stride(buffered(this.buffer).ahead, passed, this.stride === 1);
  }

  #due(now, passed) {
    if (this.still.matches) return now - this.moved >= SLOW;
    return this.pace.due(buffered(this.buffer).ahead, this.asks.due, passed);
  }

  get buffer() {
    const { epoch, stride, limit } = this;
    return { frames: this.reel.frames, epoch, stride, limit, bytes: this.scene.frameBytes };
  }

  /** The epoch where playing stops: the run's own stop, unless it lies behind. */
  get limit() {
    if (this.server?.state === "finished") return this.server.trained;
    const stop = this.setup?.stop ?? 0;
    return stop > this.start ? stop : Infinity;
  }

  #exhausted() {
    return this.server.state === "diverged" && this.epoch >= this.server.trained;
  }

  // Asks for the next burst when few frames are left, unless the run ends with them.
  #pull() {
    if (!this.asks.free) return;
    const ask = wanted(this.buffer);
    const over = this.server.state === "diverged" && ask?.from >= this.server.trained;
    if (ask && !over) this.asks.ask("play", ask);
  }

  // ---- showing

  #show(epoch) {
    const frame = this.reel.frames.get(epoch);
    const moved = epoch !== this.epoch || this.fresh === undefined;
    this.fresh = false;
    Object.assign(this, { epoch, moved: performance.now() });
    if (epoch === this.target) this.target = null;
    this.reached = Math.max(this.reached, epoch);
    this.scene.load(frame, this.state === "playing");
    this.#draw();
    if (moved) this.count += 1;
    this.root.dataset.epoch = epoch;
    this.root.dataset.frames = this.count;
    this.losses = this.reel.losses(frame);
    this.transport.show(epoch, this.reached, this.losses);
    this.findings.show(epoch);
    announce({ run: this.run, epoch, resting: false });
    if (this.unchecked && this.target === null) this.#check();
    if (this.state === "playing") this.#locate(true);
    else this.#arrive();
  }

  #draw() {
    this.stage.draw(this.scene, { ...this.options, reached: this.reached }, this.reel.history);
  }

  #repaint() {
    if (!this.scene?.frame || this.removed) return;
    this.painting ||= requestAnimationFrame(() => {
      this.painting = 0;
      if (!this.removed) this.#draw();
    });
  }

  // An epoch that is not playing past: say so where it is slow to say.
  #arrive() {
    if (this.#exhausted() && this.state !== "diverged") return this.#fall();
    this.transport.say(this.#words(), this.state === "paused");
    this.transport.rest(this.epoch, this.reached);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.#rest(), REST);
    this.#tell();
  }

  #rest() {
    if (this.state === "playing" || !this.losses || this.target !== null) return;
    this.ahead ??= import("../walker/walker.js").catch(() => {}); // so that the next page opens at once
    if (this.scene.settle()) this.#draw();
    this.stage.rest(this.summary(this.losses));
    this.#locate(false);
    if (!this.asks.has("seek", "reset", "edit", "apply", "try")) this.asks.ask("shown");
    announce({ run: this.run, epoch: this.epoch, resting: true });
  }

  #locate(haste) {
    const { query, epoch, losses } = this;
    const loss = losses?.exact ? losses.train : NaN;
    this.address.write({ query, epoch, loss, example: this.options.example }, haste);
  }

  #words() {
    if (this.state === "finished" && this.server.message) return this.server.message;
    if (this.state === "finished") return `Finished at epoch ${whole(this.epoch)}.`;
    if (this.still.matches) return "Reduced motion is on: Train moves one step a second.";
    if (this.reached === 0) return "Ready: Train begins, Step goes one epoch at a time.";
    return this.hint;
  }

  #progress() {
    const done = this.server.trained;
    if (this.target > done) {
      this.transport.say(
        `Training to epoch ${whole(this.target)}, now at ${whole(done)}. Pause stops it.`,
      );
    }
  }

  // A link promised a loss; another machine may round differently.
  #check() {
    this.unchecked = false;
    const promised = this.setup.check;
    const found = this.losses.train;
    if (!promised || !Number.isFinite(found) || !this.losses.exact) return;
    const off = Math.abs(found - promised) / Math.abs(promised);
    if (off > TOLERANCE) {
      this.note =
        `This machine computes the run slightly differently: the loss at epoch ${whole(this.epoch)} is ` +
        `${number(found, 6)}, the link says ${number(promised, 6)} (${number(100 * off, 2)} % apart).`;
      this.transport.warn(this.note);
    }
  }

  // The page's colours may have changed.
  #look() {
    if (this.stage.retheme()) this.#repaint();
  }

  // The server has gone quiet.
  #lost() {
    if (this.asks.tries > 1)
      this.transport.say(
        "No answer from the server. The epochs seen so far are safe; still trying.",
      );
  }

  // ---- what the user does

  #set(state) {
    this.state = state;
    Object.assign(this.root.dataset, { state, epoch: this.epoch, frames: this.count });
    this.transport.set(state, this.asks.has("reset"));
    this.#wake();
  }

  // Comes to rest where it is, in full resolution.
  #stop(state) {
    this.asks.withdraw("play", "seek");
    this.target = null;
    this.#set(state);
    if (!this.scene?.frame) return;
    this.scene.load(this.scene.frame, false);
    this.#repaint();
    this.#arrive();
  }

  #play() {
    if (!this.scene?.frame || this.state === "playing") return;
    if (this.#exhausted()) return this.#fall();
    Object.assign(this, { target: null, start: this.epoch, pace: new Pace(), before: undefined });
    if (this.epoch >= this.limit) return this.#end(); // patience ended it; a mere stop is passed
    this.moved = this.still.matches ? 0 : performance.now();
    this.transport.say(this.still.matches ? this.#words() : "");
    this.transport.warn("");
    this.#set("playing");
  }

  #pause() {
    this.#stop("paused");
  }

  #step() {
    const next = (this.target ?? this.epoch) + 1;
    if (!this.scene?.frame || this.#exhausted()) return;
    this.#halt();
    this.target = next;
    if (this.reel.frames.get(next)) return this.#show(next);
    this.asks.ask("play", { from: this.epoch, stride: 1, count: STEPS });
  }

  #scrub(epoch) {
    this.#halt();
    this.target = epoch;
    if (this.reel.frames.get(epoch)) return this.#show(epoch);
    this.asks.ask("seek", { epoch });
  }

  // Ends playing, or the rest after it, before the user goes somewhere else.
  #halt() {
    this.asks.withdraw("play", "seek");
    if (this.state !== "paused") this.#set("paused");
  }

  #reset() {
    this.#halt();
    this.asks.ask("reset");
    this.transport.warn("");
    this.transport.set(this.state, true);
  }

  // What a finding proposes: the server makes it so, on this run or on a new one.
  #try(rule, epoch) {
    this.asks.withdraw("play", "seek");
    this.asks.ask("try", { rule, epoch });
    this.findings.busy(true);
  }

  #speed(stride) {
    this.stride = stride;
    this.asks.withdraw("play");
  }

  // The end of a run. Where patience ended it, the epoch with the best weights comes back.
  #end() {
    this.#stop("finished");
    const { state, best } = this.server;
    if (state !== "finished" || this.epoch === best) return;
    this.target = best;
    if (this.reel.frames.get(best)) this.#show(best);
    else this.asks.ask("seek", { epoch: best });
  }

  // Training went beyond all numbers: the last good epoch stays.
  #fall() {
    const { message, trained } = this.server;
    if (this.epoch !== trained && this.reel.frames.get(trained)) {
      this.state = "diverged";
      this.#show(trained);
    }
    this.#stop("diverged");
    this.transport.say("");
    this.transport.warn(
      message ||
        `Training diverged after epoch ${whole(this.epoch)}; this epoch is the last good one.`,
    );
  }

  #choose(name, value) {
    this.options[name] = value;
    if (name === "test") this.stage.showTest();
    if (!this.scene?.frame) return;
    this.#draw();
    if (name !== "focus" && this.state !== "playing") this.#arrive();
  }

  #edit(cell, place) {
    const [name, value] = cellWords(this.scene, cell);
    const { layer, row: unit, column } = cell;
    this.editor.show(cell, `${name}, now ${value}`, this.scene.weight(layer, unit, column), place);
  }

  #apply({ layer, row: unit, column }, value) {
    this.asks.ask("edit", { at: this.epoch, layer, row: unit, column, value });
  }

  #key(event) {
    const control = event.target.closest("button, input, select, textarea, summary, a");
    if (event.key !== " " || control) return;
    event.preventDefault();
    if (this.state === "playing") this.#pause();
    else this.#play();
  }
}

export const mount = mounting(Player);
