// The list of equations, in groups like the lines of a proof, the current one marked.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { PHASES } from "../trace/sentences.js";
import { formula } from "./formula.js";

/** @import { Line, Phase } from "../trace/types.js" */

export class Lines {
  /** @type {Line[]} */
  lines = [];
  /** @type {HTMLButtonElement[]} */
  buttons = [];
  /** The number of the current one, and whether there is little room. */
  now = -1;
  /** @type {boolean | undefined} */
  narrow = undefined;

  /** @param {(line: number) => void} go jumps to one */
  constructor(go) {
    this.go = go;
    this.summary = make("summary");
    this.list = make("div", { class: "list" });
    /** @type {HTMLDetailsElement} */
    this.details = make("details", {}, this.summary, this.list);
    this.element = make("nav", { class: "lines", "aria-label": tr("Equations") }, this.details);
  }

  /** @param {Line[]} lines */
  set(lines) {
    this.lines = lines;
    this.buttons = lines.map((line, number) => this.#button(line, number));
    const phases = /** @type {[Phase, string][]} */ (Object.entries(PHASES));
    const groups = phases.map(([phase, name]) => {
      const own = this.buttons.filter((_, number) => lines[number].phase === phase);
      if (!own.length) return "";
      const items = own.map((item) => make("li", {}, item));
      return make("section", {}, make("h3", {}, name), make("ol", {}, ...items));
    });
    this.list.replaceChildren(...groups);
  }

  /**
   * @param {Line} line
   * @param {number} number
   */
  #button({ phase, name, layer, left }, number) {
    const fields = { phase: PHASES[phase], name, layer };
    const spoken = layer
      ? tr("{phase}: {name}, layer {layer}", fields)
      : tr("{phase}: {name}", fields);
    const own = button("", () => this.#choose(number), { attributes: { "aria-label": spoken } });
    own.append(formula(left), make("span", { class: "title" }, name));
    return own;
  }

  /** @param {number} number */
  #choose(number) {
    if (this.narrow) this.details.open = false;
    this.go(number);
  }

  /**
   * Show the list beside the equation where there is room, closed above it where there is none.
   * @param {boolean} narrow
   */
  fit(narrow) {
    if (this.narrow === narrow) return;
    this.narrow = narrow;
    this.details.open = !narrow;
  }

  /** @param {number} number */
  show(number) {
    const line = this.lines[number];
    setText(
      this.summary,
      tr("Equation {number}: {phase}, {name}", {
        number: number + 1,
        phase: PHASES[line.phase].toLowerCase(),
        name: line.name,
      }),
    );
    this.buttons[this.now]?.removeAttribute("aria-current");
    const own = this.buttons[number];
    own.setAttribute("aria-current", "step");
    this.now = number;
    if (!this.narrow) requestAnimationFrame(() => this.#reveal(own)); // when all is laid out anyway
  }

  /** @param {HTMLElement} element */
  #reveal({ offsetTop: top, offsetHeight: height }) {
    const { scrollTop, clientHeight } = this.list;
    if (top < scrollTop || top + height > scrollTop + clientHeight)
      this.list.scrollTop = top - clientHeight / 2;
  }
}
