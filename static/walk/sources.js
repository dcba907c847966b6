// The lines of the engine that made an equation.

import { make, say } from "../dom.js";

export class Sources {
  constructor() {
    this.body = make("div", { class: "code" });
    const head = make("header", {}, make("h3", {}, "The engine’s own lines"));
    this.element = make("section", { class: "sources" }, head, this.body);
  }

  show(line) {
    const key = line.sources.map(({ file, first }) => `${file}:${first}`).join();
    if (key === this.key) return;
    this.key = key;
    this.body.replaceChildren(...line.sources.map((source) => this.#source(source)));
  }

  #source({ file, first, function: name, text }) {
    const copy = make(
      "button",
      { type: "button", "aria-label": `Copy the lines of ${name}` },
      "Copy",
    );
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        say(copy, "Copied");
      } catch {
        getSelection().selectAllChildren(code); // no clipboard here: one key away
      }
    });
    const place = make("span", { class: "place" }, `${file}:${first}`);
    const head = make("p", {}, place, copy);
    const code = make("pre", {
      tabindex: 0,
      role: "region",
      "aria-label": `${file}, from line ${first}`,
    });
    code.append(make("code", {}, text));
    return make("div", { class: "source" }, head, code);
  }
}
