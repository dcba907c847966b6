// The walker: one step of training, equation by equation, with every number on the way.
//
// `mount` is called for every message of the server, and the message holds a whole walk: no step
// from one equation to the next asks the server for anything.

import { replaceSearch } from "../player/permalink.js";
import { make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { unpack } from "../shared/payload.js";
import { Labels } from "../trace/labels.js";
import { Trace } from "../trace/trace.js";
import { Transport } from "./controls.js";
import { Diagram } from "./diagram.js";
import { Equation } from "./equation.js";
import { Lines } from "./equation_list.js";
import { ready } from "./formula.js";
import { Moments } from "./network_state.js";
import { Panel } from "./panel.js";
import { Selection } from "./selection.js";
import { Sources } from "./sources.js";

/** @import { Component } from "../shared/types.js" */
/** @import { Cell, Line, StepArrays, StepMeta } from "../trace/types.js" */

/**
 * A traced step and what shows it.
 * @typedef {{ trace: Trace, moments: Moments, equation: Equation, diagram: Diagram }} Shown
 */

const SLOWLY = 2000; // ms between two equations while playing
const NARROW = 780; // px below which there is one column
const REST = 150; // ms after which the address bar follows

/** @type {WeakMap<HTMLElement, Walker>} */
const walkers = new WeakMap();
const afterPaint = (/** @type {() => void} */ work) =>
  requestAnimationFrame(() => setTimeout(work));

// Begun as soon as the module is there: other pages fetch it while they have nothing else to do.
const dressed = new Promise((done) => {
  const href = new URL("walker.css", import.meta.url);
  document.head.append(make("link", { rel: "stylesheet", href, on: { load: done, error: done } }));
});
const prepared = Promise.all([ready(), dressed]);

/**
 * Build the walker inside parentElement or hand it a message; return how to remove it.
 * @param {Component<Uint8Array>} component
 */
export async function mount({ data, parentElement }) {
  await prepared;
  const walker = walkers.get(parentElement) ?? new Walker(parentElement);
  walkers.set(parentElement, walker);
  walker.receive(data);
  return () => {
    walkers.delete(parentElement);
    walker.remove();
  };
}

class Walker {
  /** The number of the line on show. @type {number | null} */
  number = null;
  /** The last payload, and its head. @type {Uint8Array | null} */
  data = null;
  /** @type {StepMeta | null} */
  about = null;
  /** The traced step, and what shows it; null until a message has come. @type {Shown | null} */
  shown = null;
  /** @type {Selection | null} */
  selection = null;
  /** The panels' width that was fitted, and for which equation. */
  width = 0;
  /** @type {Equation | null} */
  fitted = null;
  /** Timers. @type {number | undefined} */
  playing = undefined;
  /** @type {number | undefined} */
  later = undefined;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.transport = new Transport({
      go: (line) => this.go(line),
      back: () => this.#goOn(-1),
      step: () => this.#goOn(1),
      play: () => this.#play(),
      pause: () => this.#pause(),
      example: (example) =>
        this.#choose((selection) => {
          selection.example = example;
        }),
    });
    this.lines = new Lines((line) => this.go(line));
    this.sources = new Sources();
    this.spoken = make("p", { class: "spoken", role: "status" });
    this.aside = make("aside", { "aria-label": tr("Network and source") });
    this.body = make("div", { class: "body" });
    this.root = make(
      "section",
      {
        class: "deltascope-walker",
        "data-walker": true,
        "aria-label": tr("One step of training"),
        tabindex: -1,
      },
      this.transport.element,
      this.body,
      this.spoken,
    );
    parent.append(this.root);
    this.onKey = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    document.addEventListener("keydown", this.onKey);
    this.watch = new ResizeObserver(() => this.#fit());
    this.watch.observe(this.root);
  }

  remove() {
    this.#pause();
    clearTimeout(this.later);
    this.watch.disconnect();
    document.removeEventListener("keydown", this.onKey);
    this.root.remove();
  }

  // ---- messages of the server

  /**
   * Take in a walk; the same one may come twice.
   * @param {Uint8Array | null} data
   */
  receive(data) {
    if (!data || data === this.data) return;
    this.data = data;
    this.#pause();
    const { meta, arrays } = /** @type {{ meta: StepMeta, arrays: StepArrays }} */ (
      /** @type {unknown} */ (unpack(data))
    );
    const here = this.line;
    const before = this.about;
    this.about = meta;
    const trace = new Trace(meta, arrays);
    const labels = new Labels(meta, trace.views);
    const same = String(before?.network.sizes) === String(meta.network.sizes);
    const selection = same && this.selection ? this.selection : new Selection(labels);
    selection.example = Math.min(selection.example, meta.examples.length - 1);
    this.selection = selection;
    this.#arrange(meta, trace, labels, selection);
    this.go(where(trace, here, meta.line), false);
  }

  /** The line on show. */
  get line() {
    return this.number === null ? undefined : this.shown?.trace.lines[this.number];
  }

  /**
   * @param {StepMeta} meta
   * @param {Trace} trace
   * @param {Labels} labels
   * @param {Selection} selection
   */
  #arrange(meta, trace, labels, selection) {
    this.number = null;
    const moments = new Moments(trace, labels);
    const open = (/** @type {Cell} */ cell) => panel.start(cell);
    const walk = { trace, labels, selection, moments, loss: meta.loss };
    const equation = new Equation(walk, { changed: () => this.#show(), open });
    const diagram = new Diagram(labels, {
      unit: (layer, unit) =>
        this.#choose(({ units }) => {
          units[layer] = unit;
        }),
    });
    const panel = new Panel(
      { trace, labels },
      { go: (line) => this.go(line), closed: (from) => this.#closed(from) },
    );
    this.shown = { trace, moments, equation, diagram };
    this.aside.replaceChildren(diagram.element, this.sources.element);
    this.body.replaceChildren(this.lines.element, equation.element, this.aside, panel.element);
    this.transport.set(trace.lines, meta.examples);
    this.lines.set(trace.lines);
    this.#fit();
  }

  #fit() {
    const { equation } = this.shown ?? {};
    if (!equation) return;
    const { clientWidth: width } = this.root;
    if (width === this.width && this.fitted === equation) return;
    this.width = width;
    this.fitted = equation;
    this.lines.fit(width < NARROW);
    equation.top = Math.max(0, this.body.getBoundingClientRect().top) + 10;
    this.root.toggleAttribute("data-narrow", width < NARROW);
    if (this.number !== null) this.#show();
  }

  // ---- what is on show

  /**
   * Go to a line; one beyond an end is that end.
   * @param {number} line
   * @param {boolean} arrives whether its numbers come into place
   */
  go(line, arrives = true) {
    if (!this.shown) return;
    const { trace, equation } = this.shown;
    const number = Math.max(0, Math.min(trace.lines.length - 1, line));
    if (number === this.number) return;
    this.number = number;
    this.#show(arrives);
    setText(
      this.spoken,
      tr("{heading}. {spoken}", {
        heading: equation.heading.textContent ?? "",
        spoken: equation.spoken,
      }),
    );
    clearTimeout(this.later);
    this.later = setTimeout(() => this.#address(), REST);
    if (number === trace.lines.length - 1) this.#pause();
  }

  /**
   * Go forward by this number of lines.
   * @param {number} lines
   */
  #goOn(lines) {
    this.go((this.number ?? 0) + lines);
  }

  #show(arrives = false) {
    const { line, shown, selection } = this;
    if (!line || !shown || !selection) return;
    shown.equation.show(line, arrives);
    if (!arrives) this.#showBeside(line);
    else afterPaint(() => line === this.line && this.#showBeside(line));
    this.lines.show(line.number);
    this.transport.show(line.number, !!this.playing, selection.example);
    Object.assign(this.root.dataset, {
      line: String(line.number),
      lines: String(shown.trace.lines.length),
      phase: line.phase,
      rule: line.rule,
    });
  }

  /**
   * Show the network and the source: they follow the equation, which one looks at first, by a frame.
   * @param {Line} line
   */
  #showBeside(line) {
    const { shown, selection } = this;
    if (!shown || !selection) return;
    const { address, entering } = shown.equation;
    shown.diagram.show(shown.moments.at(line, selection, { entering, address }));
    this.sources.show(line);
  }

  /** @param {(selection: Selection) => void} change */
  #choose(change) {
    if (this.selection) change(this.selection);
    this.#show();
  }

  // A reload, or another person with the link, sees the same line.
  #address() {
    if (!this.about) return;
    const { query, epoch, batch, place } = this.about;
    const parts = query ? [query] : [];
    parts.push(`epoch=${epoch}`, batch < 0 ? `example=${place}` : `batch=${batch}`);
    parts.push(`line=${this.number}`);
    replaceSearch(`?${parts.join("&")}`);
  }

  // ---- what the user does

  #play() {
    if (this.line?.number === (this.shown?.trace.lines.length ?? 0) - 1) this.go(0);
    this.playing = setInterval(() => this.#goOn(1), SLOWLY);
    this.transport.show(this.number ?? 0, true, this.selection?.example ?? 0);
  }

  #pause() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = undefined;
    this.transport.show(this.number ?? 0, false, this.selection?.example ?? 0);
  }

  /** @param {Element | null} from what had the keyboard before the panel opened */
  #closed(from) {
    const known = from instanceof HTMLElement && from.isConnected ? from : null;
    (known ?? this.shown?.equation.heading)?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { target, key } = event;
    if (!(target instanceof Element)) return;
    const ours = target === document.body || this.root.contains(target);
    const busy = target.closest("input, select, textarea, [role=grid], .panel, pre");
    if (!ours || busy || event.altKey || event.ctrlKey || event.metaKey) return;
    const now = this.number ?? 0;
    /** @type {Record<string, number>} */
    const keys = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: Infinity };
    if (!(key in keys) || !this.shown) return;
    event.preventDefault();
    this.#pause();
    this.go(keys[key]);
  }
}

/**
 * Return the number of the line at the same place as one in the trace before, else the line of
 * the link.
 * @param {Trace} trace
 * @param {Line | undefined} here
 * @param {number} asked
 */
function where({ lines }, here, asked) {
  if (!here) return asked;
  const same = (/** @type {Line} */ { phase, rule, layer }) =>
    phase === here.phase && rule === here.rule && layer === here.layer;
  return lines.find(same)?.number ?? 0;
}
