// The walker: one step of training, equation by equation, with every number on the way.
//
// `mount` is called for every message of the server, and the message holds a whole walk: no step
// from one equation to the next asks the server for anything.

import { make, setText } from "../shared/dom.js";
import { unpack } from "../shared/payload.js";
import { Places } from "../trace/labels.js";
import { Tape } from "../trace/trace.js";
import { Transport } from "./controls.js";
import { Diagram } from "./diagram.js";
import { Equation } from "./equation.js";
import { Lines } from "./equation_list.js";
import { ready } from "./formula.js";
import { Moments } from "./network_state.js";
import { Panel } from "./panel.js";
import { Selection } from "./selection.js";
import { Sources } from "./sources.js";

const SLOWLY = 2000; // ms between two equations while playing
const NARROW = 780; // px below which there is one column
const REST = 150; // ms after which the address bar follows

const walkers = new WeakMap();
const afterPaint = (work) => requestAnimationFrame(() => setTimeout(work));

// Begun as soon as the module is there: other pages fetch it while they have nothing else to do.
const dressed = new Promise((done) => {
  const href = new URL("walker.css", import.meta.url);
  document.head.append(make("link", { rel: "stylesheet", href, on: { load: done, error: done } }));
});
const prepared = Promise.all([ready(), dressed]);

/** Builds or feeds the walker inside parentElement; returns how to remove it. */
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
  constructor(parent) {
    this.number = null;
    this.transport = new Transport({
      go: (line) => this.go(line),
      back: () => this.go(this.number - 1),
      step: () => this.go(this.number + 1),
      play: () => this.#play(),
      pause: () => this.#pause(),
      example: (example) => this.#choose(() => (this.selection.example = example)),
    });
    this.lines = new Lines((line) => this.go(line));
    this.sources = new Sources();
    this.told = make("p", { class: "spoken", role: "status" });
    this.aside = make("aside", { "aria-label": "Network and source" });
    this.body = make("div", { class: "body" });
    this.root = make(
      "section",
      {
        class: "deltascope-walker",
        "data-walker": true,
        "aria-label": "One step of training",
        tabindex: -1,
      },
      this.transport.element,
      this.body,
      this.told,
    );
    parent.append(this.root);
    this.onKey = (event) => this.#key(event);
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

  /** Takes in a walk; the same one may come twice. */
  receive(data) {
    if (!data || data === this.data) return;
    this.data = data;
    this.#pause();
    const { meta, arrays } = unpack(data);
    const here = this.tape?.lines[this.number];
    const before = this.about;
    this.about = meta;
    this.tape = new Tape(meta, arrays);
    this.places = new Places(meta, this.tape.views);
    const same = String(before?.network.sizes) === String(meta.network.sizes);
    if (!same) this.selection = new Selection(this.places);
    this.selection.example = Math.min(this.selection.example, meta.examples.length - 1);
    this.#arrange();
    this.go(this.#where(here, meta.line), false);
  }

  // The line that stands where one was in the walk before, else the one that the link asks for.
  #where(here, asked) {
    if (!here) return asked;
    const found = this.tape.lines.find(
      ({ phase, rule, layer }) =>
        phase === here.phase && rule === here.rule && layer === here.layer,
    );
    return found?.number ?? 0;
  }

  #arrange() {
    const { tape, places, selection } = this;
    this.number = null;
    this.moments = new Moments(tape, places);
    const act = { changed: () => this.#show(), open: (cell) => this.panel.start(cell) };
    const walk = { tape, places, selection, moments: this.moments, loss: this.about.loss };
    this.equation = new Equation(walk, act);
    this.diagram = new Diagram(places, {
      unit: (layer, unit) => this.#choose(() => (selection.units[layer] = unit)),
    });
    this.panel = new Panel(
      { tape, places },
      { go: (line) => this.go(line), closed: (from) => this.#closed(from) },
    );
    this.aside.replaceChildren(this.diagram.element, this.sources.element);
    const { element: equation } = this.equation;
    this.body.replaceChildren(this.lines.element, equation, this.aside, this.panel.element);
    this.transport.set(tape.lines, this.about.examples);
    this.lines.set(tape.lines);
    this.#fit();
  }

  #fit() {
    if (!this.equation) return;
    const { clientWidth: width } = this.root;
    if (width === this.width && this.fitted === this.equation) return;
    this.width = width;
    this.fitted = this.equation;
    this.lines.fit(width < NARROW);
    this.equation.top = Math.max(0, this.body.getBoundingClientRect().top) + 10;
    this.root.toggleAttribute("data-narrow", width < NARROW);
    if (this.number !== null) this.#show();
  }

  // ---- what is on show

  /** Goes to a line; one beyond an end is that end. */
  go(line, arrives = true) {
    const number = Math.max(0, Math.min(this.tape.lines.length - 1, line));
    if (number === this.number) return;
    this.number = number;
    this.#show(arrives);
    setText(this.told, `${this.equation.heading.textContent}. ${this.equation.told}`);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.#address(), REST);
    if (number === this.tape.lines.length - 1) this.#pause();
  }

  #show(arrives = false) {
    const line = this.tape.lines[this.number];
    this.equation.show(line, arrives);
    if (arrives) afterPaint(() => line === this.tape.lines[this.number] && this.#beside(line));
    else this.#beside(line);
    this.lines.show(this.number);
    this.transport.show(this.number, !!this.playing, this.selection.example);
    Object.assign(this.root.dataset, {
      line: this.number,
      lines: this.tape.lines.length,
      phase: line.phase,
      rule: line.rule,
    });
  }

  // The network and the source follow the equation by a frame: it is what one looks at first.
  #beside(line) {
    const { address, within } = this.equation;
    this.diagram.show(
      this.moments.at(line, this.selection, { entering: within.entering, address }),
    );
    this.sources.show(line);
  }

  #choose(change) {
    change();
    this.#show();
  }

  // A reload, or whoever gets the link, sees the same line.
  #address() {
    const { query, epoch, batch, place } = this.about;
    const parts = query ? [query] : [];
    parts.push(`epoch=${epoch}`, batch < 0 ? `example=${place}` : `batch=${batch}`);
    parts.push(`line=${this.number}`);
    const search = `?${parts.join("&")}`;
    if (search === location.search) return;
    try {
      history.replaceState(history.state, "", location.pathname + search + location.hash);
    } catch {
      // A browser that allows no more changes for now, or a page without an address of its own.
    }
  }

  // ---- what the user does

  #play() {
    if (this.number === this.tape.lines.length - 1) this.go(0);
    this.playing = setInterval(() => this.go(this.number + 1), SLOWLY);
    this.transport.show(this.number, true, this.selection.example);
  }

  #pause() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = null;
    this.transport.show(this.number, false, this.selection.example);
  }

  #closed(from) {
    if (from?.isConnected) from.focus({ preventScroll: true });
    else this.equation.heading.focus({ preventScroll: true });
  }

  #key(event) {
    const { target, key } = event;
    const ours = target === document.body || this.root.contains(target);
    const busy = target.closest?.("input, select, textarea, [role=grid], .panel, pre");
    if (!ours || busy || event.altKey || event.ctrlKey || event.metaKey) return;
    const keys = {
      ArrowRight: this.number + 1,
      ArrowLeft: this.number - 1,
      Home: 0,
      End: Infinity,
    };
    if (!(key in keys) || !this.tape) return;
    event.preventDefault();
    this.#pause();
    this.go(keys[key]);
  }
}
