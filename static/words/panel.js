// The list of words beside the page: it stays open while one goes on with the page.

import { button, make } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { WordList } from "./word_list.js";

/** @import { Word } from "./word_list.js" */

const FAILED = tr("The words could not be loaded. Close this and try again.");

/** @type {Panel | null} */
let open = null;

/** Open the panel, or close it. */
export function toggle() {
  if (open) return open.close();
  open = new Panel();
}

class Panel {
  constructor() {
    this.back = document.activeElement;
    const close = button(tr("Close"), () => this.close());
    this.body = make("div", { class: "body" });
    this.element = make(
      "aside",
      {
        class: "deltascope-words-panel",
        "aria-label": tr("Words"),
        on: { keydown: (event) => this.#key(event) },
      },
      make("header", {}, make("h2", {}, tr("Words")), close),
      this.body,
    );
    const href = new URL("words.css", import.meta.url);
    this.style = make("link", { rel: "stylesheet", href });
    const page = document.querySelector(".stApp") ?? document.body;
    const { backgroundColor, color } = getComputedStyle(page);
    Object.assign(this.element.style, { backgroundColor, color });
    document.head.append(this.style);
    document.body.append(this.element);
    close.focus();
    this.#fill();
  }

  async #fill() {
    try {
      const answer = await fetch(new URL("app/static/words.json", document.baseURI));
      if (!answer.ok) throw new Error(answer.statusText);
      const list = new WordList(/** @type {Word[]} */ (await answer.json()), "panel-word-");
      this.body.replaceChildren(list.element);
      if (this.element.contains(document.activeElement)) list.field.focus();
    } catch {
      this.body.replaceChildren(make("p", { role: "alert" }, FAILED));
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  close() {
    this.element.remove();
    this.style.remove();
    open = null;
    if (this.back instanceof HTMLElement && this.back.isConnected) this.back.focus();
  }
}
