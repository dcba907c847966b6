// The list of equations, in groups like the lines of a proof, the current one marked.

import { make, setText } from "../shared/dom.js";
import { PHASES, words } from "../trace/sentences.js";
import { formula } from "./formula.js";

const LEFT = /^(.*?)\s*(?:=|\\leftarrow)/;

export class Lines {
  /** `go(line)` jumps to one. */
  constructor(go) {
    this.go = go;
    this.summary = make("summary");
    this.list = make("div", { class: "list" });
    this.details = make("details", {}, this.summary, this.list);
    this.element = make("nav", { class: "lines", "aria-label": "Equations" }, this.details);
  }

  set(lines) {
    this.lines = lines;
    this.buttons = lines.map((line, number) => this.#button(line, number));
    const groups = Object.entries(PHASES).map(([phase, name]) => {
      const own = this.buttons.filter((_, number) => lines[number].phase === phase);
      if (!own.length) return "";
      const items = own.map((item) => make("li", {}, item));
      return make("section", {}, make("h3", {}, name), make("ol", {}, ...items));
    });
    this.list.replaceChildren(...groups);
  }

  #button(line, number) {
    const { title } = words(line);
    const left = LEFT.exec(line.tex)?.[1] ?? "";
    const layer = line.layer ? `, layer ${line.layer}` : "";
    return make(
      "button",
      {
        type: "button",
        "aria-label": `${PHASES[line.phase]}: ${title}${layer}`,
        on: { click: () => this.#choose(number) },
      },
      formula(left),
      make("span", { class: "title" }, title),
    );
  }

  #choose(number) {
    if (this.narrow) this.details.open = false;
    this.go(number);
  }

  /** Open beside the equation where there is room, a thing to open where there is none. */
  fit(narrow) {
    if (this.narrow === narrow) return;
    this.narrow = narrow;
    this.details.open = !narrow;
  }

  show(number) {
    const line = this.lines[number];
    setText(
      this.summary,
      `Equation ${number + 1}: ${PHASES[line.phase].toLowerCase()}, ${words(line).title}`,
    );
    this.buttons[this.now]?.removeAttribute("aria-current");
    const own = this.buttons[number];
    own.setAttribute("aria-current", "step");
    this.now = number;
    if (!this.narrow) requestAnimationFrame(() => this.#reveal(own)); // when all is laid out anyway
  }

  #reveal({ offsetTop: top, offsetHeight: height }) {
    const { scrollTop, clientHeight } = this.list;
    if (top < scrollTop || top + height > scrollTop + clientHeight)
      this.list.scrollTop = top - clientHeight / 2;
  }
}
