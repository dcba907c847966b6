// The lines of the engine that made an equation.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";

/** @import { Line } from "../trace/types.js" */

const WORDS = tr(
  "Wb1 is W and b of layer 1 side by side. The last row of x and a1 is all ones; it is multiplied " +
    "by b. An array for intermediate results is called work.",
);

export class Sources {
  /** The lines on show. */
  key = "";

  constructor() {
    this.body = make("div", { class: "code" });
    const head = make("header", {}, make("h3", {}, tr("The code of the engine")));
    this.words = make("p", { class: "words" }, WORDS);
    this.element = make("section", { class: "sources" }, head, this.body, this.words);
  }

  /** @param {Line} line */
  show(line) {
    const labels = line.sources.map(({ file, first }) => `${file}:${first}`);
    const key = [...labels, ...line.numpy].join();
    if (key === this.key) return;
    this.key = key;
    const calls = {
      place: tr("As NumPy calls"),
      name: tr("this line"),
      text: line.numpy.join("\n"),
    };
    const sources = line.sources.map(({ file, first, function: name, text }) => ({
      place: `${file}:${first}`,
      name,
      text,
    }));
    this.body.replaceChildren(...[calls, ...sources].map((one) => this.#source(one)));
  }

  /** @param {{ place: string, name: string, text: string }} source */
  #source({ place: where, name, text }) {
    const copyText = async () => {
      try {
        await navigator.clipboard.writeText(text);
        setText(copy, tr("Copied"));
      } catch {
        getSelection()?.selectAllChildren(code); // no clipboard here: one key away
      }
    };
    const attributes = { "aria-label": tr("Copy the lines of {name}", { name }) };
    const copy = button(tr("Copy"), copyText, { attributes });
    const place = make("span", { class: "place" }, where);
    const head = make("p", {}, place, copy);
    const code = make("pre", {
      tabindex: 0,
      role: "region",
      "aria-label": where,
    });
    code.append(make("code", {}, text));
    return make("div", { class: "source" }, head, code);
  }
}
