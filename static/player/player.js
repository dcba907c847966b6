// The player: plays the frames of a training run like a film, and requests more from the server.
//
// `mount` is called for every message of the server; the first call builds the page. Its parts have
// a purpose each: `Inbox` takes in messages, `Sender` sends requests, `Clock` decides by the screen
// which epoch every view shows, `Display` shows it, `Playback` starts and ends the film.

import { RunBuffer } from "../run/run_buffer.js";
import { Scene } from "../run/scene.js";
import { make, skipLink } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { cellWords, lossWords } from "../shared/names.js";
import { SeedButtons } from "../views/seeds.js";
import { Stage } from "../views/stage.js";
import { Changes } from "./changes.js";
import { Clock } from "./clock.js";
import { Transport } from "./controls.js";
import { Display } from "./display.js";
import { Findings } from "./findings.js";
import { Inbox } from "./inbox.js";
import { Editor } from "./inspector.js";
import { exampleOf, Permalink, viewOf } from "./permalink.js";
import { Playback } from "./playback.js";
import { Requests } from "./requests.js";
import { Sender } from "./sender.js";
import { Wire } from "./wire.js";

/**
 * @import {
 *   Cell, Choose, Component, Losses, PagePoint, PlayerMeta, PlayerSetup, RunBufferLike, SceneArrays,
 *   SceneLike, Setup, StageActions, StageLike, ViewOptions, WireLike
 * } from "../shared/types.js"
 */

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
    player.sender.carry = (request) => setTriggerValue("ask", JSON.stringify(request));
    player.look();
    player.inbox.receive(data);
    player.inbox.behind = false;
    return () => {
      players.delete(parentElement);
      player.remove();
    };
  };
}

export class Player {
  inbox = new Inbox(this);
  sender = new Sender(this);
  clock = new Clock(this);
  display = new Display(this);
  playback = new Playback(this);
  removed = false;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.address = new Permalink(this.steps);
    this.requests = new Requests((request) => this.sender.send(request));
    this.wire = this.newWire();
    /** @type {ViewOptions} */
    this.options = {
      ...viewOf(location.search),
      example: exampleOf(location.search),
      focus: null,
    };
    this.changes = new Changes(
      (words) => this.requests.add("change", { change: words }),
      (wanted) => {
        this.stage.showArchitecture(wanted);
        this.seeds.show(wanted);
      },
    );
    this.seeds = new SeedButtons((change) => this.changes.make(change));
    this.transport = this.#newTransport();
    this.transport.words.append(this.seeds.element);
    this.root = make("section", {
      class: "deltascope-player",
      "data-player": true,
      "aria-label": this.label,
      tabindex: -1,
      on: { keydown: (event) => this.#key(event) },
    });
    this.stage = this.newStage(this.root, {
      choose: (name, value) => this.choose(name, value),
      edit: (cell, place) => this.#edit(cell, place),
      repaint: () => this.display.repaint(),
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
    this.playback.set("paused");
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
    return this.display.reached;
  }

  /** The epoch where playing stops: the stop of the run, if it is still ahead. */
  get limit() {
    const { server, setup } = this.inbox;
    if (server.state === "finished") return server.trained;
    const stop = setup?.stop ?? 0;
    return stop > this.clock.start ? stop : Infinity;
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
      (answer) => this.inbox.receive(answer),
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
    return lossWords(this.inbox.setup?.metric ?? "", train, metric);
  }

  // The style sheets; the page is shown when all of them are there.
  #styleSheets() {
    let missing = this.sheets.length;
    if (missing) this.root.style.visibility = "hidden";
    const come = () => {
      missing -= 1;
      this.root.style.visibility = missing ? "hidden" : "";
      this.uncover();
    };
    return this.sheets.map((name) => {
      const href = new URL(name, import.meta.url);
      return make("link", { rel: "stylesheet", href, on: { load: come, error: come } });
    });
  }

  /** Take away the shape of the page once the views are there. */
  uncover() {
    if (!this.display.drawn || this.root.style.visibility) return;
    document.getElementById("deltascope-skeleton")?.remove();
  }

  remove() {
    clearInterval(this.watch);
    for (const part of [this.inbox, this.sender, this.clock, this.display]) part.stop();
    this.removed = true;
    this.wire.close();
    this.stage.remove();
    this.root.remove();
    this.skip.remove();
    for (const link of this.links) link.remove();
  }

  /** Whether the last epoch before the loss overflowed is on the screen. */
  get exhausted() {
    const { state, trained } = this.inbox.server;
    return state === "diverged" && this.display.epoch >= trained;
  }

  /** Take over the colours of the page, which may have changed. */
  look() {
    if (this.stage.retheme()) this.display.repaint();
  }

  // ---- what the user does

  #newTransport() {
    const { playback } = this;
    const act = {
      train: () => playback.train(),
      pause: () => playback.pause(),
      step: () => playback.step(),
      reset: () => playback.reset(),
      speed: (/** @type {number} */ stride) => playback.speed(stride),
      scrub: (/** @type {number} */ epoch) => playback.scrub(epoch),
    };
    return new Transport(act, this.board());
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

  /** @type {Choose} */
  choose = (name, value) => {
    this.options[name] = value;
    if (name === "test") this.stage.showTest();
    if (name === "hold") this.display.scene?.hold(this.options.hold);
    if (!this.display.loaded) return;
    this.display.draw();
    if (name !== "focus" && this.playback.state !== "playing") this.display.arrive();
  };

  /**
   * @param {Cell} cell
   * @param {PagePoint} place
   */
  #edit(cell, place) {
    const { scene } = this.display;
    if (!(scene instanceof Scene)) return;
    const [name, value] = cellWords(scene, cell);
    const { layer, row: unit, column } = cell;
    this.editor.show(
      cell,
      tr("{name}, now {value}", { name, value }),
      scene.weight(layer, unit, column),
      place,
    );
  }

  /**
   * @param {Cell} cell
   * @param {number} value
   */
  #apply({ layer, row: unit, column }, value) {
    this.requests.add("edit", { at: this.display.epoch, layer, row: unit, column, value });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target } = event;
    const inputs = "button, input, select, textarea, summary, a";
    const control = target instanceof Element && target.closest(inputs);
    if (event.key !== " " || control) return;
    event.preventDefault();
    if (this.playback.state === "playing") this.playback.pause();
    else this.playback.train();
  }
}
