// The bar of a walk: back, step, play, first, last, where one is, and the jumps between phases.

import { button, focusedIn, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { PHASES } from "../trace/sentences.js";

/** @import { Line } from "../trace/types.js" */

/**
 * What the buttons do; `example` chooses a column.
 * @typedef {{
 *   go(line: number): void, back(): void, step(): void, play(): void, pause(): void,
 *   example(example: number): void,
 * }} Actions
 *
 * A place that one can jump to.
 * @typedef {{ text: string, spoken: string, line: number }} Stop
 */

const ICONS = {
  First: "M6 5h2v14H6zm12 0v14l-9-7z",
  Back: "M18 5v14l-9-7zM6 5h2v14H6z",
  Step: "M6 5v14l9-7zm10 0h2v14h-2z",
  Play: "M8 5v14l11-7z",
  Pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  Last: "M6 5v14l9-7zm10 0h2v14h-2z",
};

export class Transport {
  /** @type {Line[]} */
  lines = [];
  /** @type {{ line: number, button: HTMLButtonElement }[]} */
  stops = [];

  /** @param {Actions} act */
  constructor(act) {
    this.act = act;
    this.buttons = {
      first: button(tr("First equation"), () => act.go(0), { icon: ICONS.First, iconOnly: true }),
      back: button(tr("Back"), act.back, { icon: ICONS.Back }),
      step: button(tr("Step"), act.step, { kind: "primary", icon: ICONS.Step }),
      play: button(tr("Play"), act.play, { icon: ICONS.Play }),
      pause: button(tr("Pause"), act.pause, { icon: ICONS.Pause }),
      last: button(tr("Last equation"), () => act.go(Infinity), {
        icon: ICONS.Last,
        iconOnly: true,
      }),
    };
    this.position = make("p", { class: "position", "aria-live": "polite" });
    this.jumps = make("nav", { class: "jumps", "aria-label": tr("Phases") });
    /** @type {HTMLSelectElement} */
    this.examples = make("select", {
      "aria-label": tr("Example"),
      on: { change: () => act.example(Number(this.examples.value)) },
    });
    const { first, back, step, play, pause, last } = this.buttons;
    const buttons = make("div", { class: "buttons" }, first, back, step, play, pause, last);
    const example = make("label", { class: "example" }, tr("Example"), this.examples);
    this.element = make(
      "header",
      { class: "transport" },
      buttons,
      this.position,
      this.jumps,
      example,
    );
  }

  /**
   * Take the lines of a walk and the labels of its examples.
   * @param {Line[]} lines
   * @param {string[]} examples
   */
  set(lines, examples) {
    this.lines = lines;
    const option = (/** @type {string} */ text, /** @type {number} */ value) =>
      make("option", { value }, text);
    this.examples.replaceChildren(...examples.map(option));
    this.stops = stops(lines).map(({ text, spoken, line }) => ({
      line,
      button: button(text, () => this.act.go(line), {
        attributes: { "aria-label": spoken, title: spoken },
      }),
    }));
    this.jumps.replaceChildren(...this.stops.map(({ button: own }) => own));
  }

  /**
   * Show where the walk is.
   * @param {number} number of the line
   * @param {boolean} playing
   * @param {number} example
   */
  show(number, playing, example) {
    const { first, back, step, play, pause, last } = this.buttons;
    const active = focusedIn(this.element);
    const end = number === this.lines.length - 1;
    const place = { number: number + 1, total: this.lines.length };
    setText(this.position, tr("{number} of {total}", place));
    this.position.setAttribute("aria-label", tr("Equation {number} of {total}", place));
    play.hidden = playing;
    pause.hidden = !playing;
    if (active === (playing ? play : pause)) (playing ? pause : play).focus();
    for (const one of [first, back]) one.setAttribute("aria-disabled", String(number === 0));
    for (const one of [step, last]) one.setAttribute("aria-disabled", String(end));
    const here = this.stops.findLast(({ line }) => line <= number);
    for (const stop of this.stops) {
      if (stop === here) stop.button.setAttribute("aria-current", "step");
      else stop.button.removeAttribute("aria-current");
    }
    this.examples.value = String(example);
  }
}

/**
 * Return where one can jump to: each phase, and backward each layer from the top down.
 * @param {Line[]} lines
 * @returns {Stop[]}
 */
function stops(lines) {
  /** @type {Stop[]} */
  const found = [];
  lines.forEach(({ phase, layer }, line) => {
    const before = lines[line - 1];
    if (before?.phase === phase && (phase !== "backward" || layer === before.layer)) return;
    const name = PHASES[phase];
    const fresh = before?.phase !== phase;
    const spoken = phase === "backward" ? tr("{name}, layer {layer}", { name, layer }) : name;
    const text = phase !== "backward" ? name : fresh ? `${name} ${layer}` : String(layer);
    found.push({ text, spoken, line });
  });
  return found;
}
