// A presented page: one view at a time fills the screen below a bar with their names. PageDown and
// PageUp, which a presenter's remote sends, lead from view to view, Escape ends it.
//
// Everything else stays where it is, unseen. So the page is the same one afterwards, and the server
// knows nothing of it; the address says present=1, so that a link opens the page like this.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { Share } from "./share.js";
import { nextPlace, pagesOf, typesText, withPresent } from "./views.js";

/** @import { PresentedView } from "./views.js" */

const LOOK = 250; // ms between two looks at which views there are
const EDGE = 12; // px below a view
const BOARD = "class-board"; // the view with the answers of a class

/** @type {Presenter | null} */
let current = null;

/** Present the page, unless it is presented. */
export function begin() {
  current ??= new Presenter();
}

/** Present the page no longer. */
export function end() {
  current?.remove();
  current = null;
}

class Presenter {
  /** @type {PresentedView[]} */
  views = [];
  /** The name of the view that is shown. */
  name = "";
  /** The names that are listed. */
  listed = "";

  constructor() {
    this.page = document.documentElement;
    this.path = location.pathname;
    this.list = make("ul", {});
    this.back = button("‹", () => this.move(-1), {
      kind: "step",
      attributes: { "aria-label": tr("Previous view"), title: tr("Previous view (PageUp)") },
    });
    this.on = button("›", () => this.move(1), {
      kind: "step",
      attributes: { "aria-label": tr("Next view"), title: tr("Next view (PageDown)") },
    });
    this.spoken = make("span", { class: "spoken", "aria-live": "polite" });
    this.share = new Share();
    const words = button(tr("Words"), async () => {
      const { toggle } = await import("../words/panel.js");
      toggle();
    });
    this.card = button(tr("Card"), toggleCards, {
      attributes: {
        title: tr("What to say, to ask and to do now (C). The class sees it, too."),
      },
    });
    this.lead = button("", () => leadButton()?.click(), { kind: "lead" });
    const leave = button(tr("Leave"), end, {
      attributes: { title: tr("Leave presenter mode (Escape)") },
    });
    this.bar = make(
      "nav",
      { class: "deltascope-presenter", "aria-label": tr("Views of this page") },
      this.back,
      this.on,
      this.list,
      make("div", { class: "more" }, this.lead, this.card, words, ...this.share.elements, leave),
      this.spoken,
    );
    const href = new URL("present.css", import.meta.url);
    this.style = make("link", { rel: "stylesheet", href, on: { load: () => this.look() } });
    document.head.append(this.style);
    document.body.prepend(this.bar);
    this.page.toggleAttribute("data-presenting", true);
    document.addEventListener("keydown", this.#key);
    addEventListener("resize", this.#resized);
    this.watch = setInterval(() => this.look(), LOOK);
    const focused = document.activeElement;
    const pressed = focused instanceof Element && focused.closest(".deltascope-player");
    this.look();
    if (pressed) this.on.focus();
  }

  remove() {
    clearInterval(this.watch);
    document.removeEventListener("keydown", this.#key);
    removeEventListener("resize", this.#resized);
    const focused = this.bar.contains(document.activeElement);
    for (const one of this.views) one.element.removeAttribute("data-shown");
    for (const one of document.querySelectorAll("[data-presented]")) {
      one.removeAttribute("data-presented");
    }
    this.page.removeAttribute("data-presenting");
    this.page.removeAttribute("data-present");
    for (const name of ["--present-bar", "--present-page", "--present-plot"])
      this.page.style.removeProperty(name);
    this.bar.remove();
    this.style.remove();
    if (location.pathname === this.path) writeAddress(false);
    const opener = document.querySelector(".deltascope-player button.present");
    if (focused && opener instanceof HTMLElement) opener.focus();
  }

  #resized = () => this.look();

  /** @param {KeyboardEvent} event */
  #key = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      if (!document.querySelector(":popover-open, [role='dialog']")) end();
      return;
    }
    if (typesText(event.target)) return;
    if (event.key.toLowerCase() === "c") toggleCards();
    const step = { PageDown: 1, PageUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.move(step);
  };

  /** @param {number} step to another view */
  move(step) {
    const next = this.views[nextPlace(this.views, this.name, step)];
    if (next) this.show(next.name);
  }

  /** @param {string} name */
  show(name) {
    this.name = name;
    this.look();
    const place = this.views.findIndex((one) => one.name === name);
    const label = this.views[place]?.label ?? "";
    setText(
      this.spoken,
      tr("{label}, view {number} of {total}", {
        label,
        number: place + 1,
        total: this.views.length,
      }),
    );
  }

  /** Fit everything to the views that are there now. */
  look() {
    if (location.pathname !== this.path) return end();
    writeAddress(true);
    this.views = pagesOf(document);
    this.#offer();
    if (!this.views.some(({ name }) => name === this.name)) this.name = this.views[0]?.name ?? "";
    const page = document.querySelector(".stApp") ?? document.body;
    const { backgroundColor, color } = getComputedStyle(page);
    setStyle(this.bar, "background-color", backgroundColor);
    setStyle(this.bar, "color", color);
    setStyle(this.page, "--present-page", backgroundColor);
    this.#name();
    this.#mark();
    setStyle(this.page, "--present-bar", `${this.bar.offsetHeight}px`);
    setAttribute(this.page, "data-present", this.name);
    this.#fit();
  }

  /** List the names of the views. */
  #name() {
    const listed = JSON.stringify(this.views.map(({ name, label }) => [name, label]));
    if (listed !== this.listed) {
      this.listed = listed;
      const entries = this.views.map(({ name, label }) =>
        make(
          "li",
          {},
          button(label, () => this.show(name), { attributes: { "data-to": name } }),
        ),
      );
      this.list.replaceChildren(...entries);
    }
    for (const one of this.list.querySelectorAll("button")) {
      setAttribute(one, "aria-current", one.dataset.to === this.name ? "true" : null);
    }
    const place = this.views.findIndex(({ name }) => name === this.name);
    setAttribute(this.back, "aria-disabled", String(place <= 0));
    setAttribute(this.on, "aria-disabled", String(place >= this.views.length - 1));
  }

  /** Offer what leads a class on, and the cue cards, where the page has them. */
  #offer() {
    const lead = leadButton();
    const words = lead ? wordsOn(lead) : "";
    const before = this.lead.textContent;
    setText(this.lead, words);
    if (before && words !== before) this.name = BOARD; // the class has gone on
    this.lead.hidden = !lead;
    this.card.hidden = !cardsOfPage();
  }

  /** Mark the view that is shown, and the parts of the page that hold views. */
  #mark() {
    for (const { name, element, frame } of this.views) {
      setAttribute(element, "data-shown", name === this.name ? "" : null);
      setAttribute(frame, "data-presented", "");
    }
    const shown = this.views.find(({ name }) => name === this.name);
    for (const frame of document.querySelectorAll("[data-presented]")) {
      setAttribute(frame, "data-front", frame === shown?.frame ? "" : null);
    }
  }

  /** Make the picture of the view as high as there is room. */
  #fit() {
    const shown = this.views.find(({ name }) => name === this.name);
    const plot = shown?.element.querySelector(".plot");
    if (!shown || !(plot instanceof HTMLElement)) return;
    const panel = shown.element;
    const zoom = panel.currentCSSZoom ?? 1;
    const top = panel.getBoundingClientRect().top + shown.frame.scrollTop;
    const rest = panel.offsetHeight - plot.offsetHeight;
    const height = Math.floor((innerHeight - EDGE - top) / zoom - rest);
    setStyle(this.page, "--present-plot", `${Math.max(120, height)}px`);
  }
}

/** Return the button of the page that leads a class on, or null. */
function leadButton() {
  const ways = [".st-key-next button", ".st-key-begin_lesson button"];
  const found = document.querySelector(ways[0]) ?? document.querySelector(ways[1]);
  return found instanceof HTMLButtonElement && !found.disabled ? found : null;
}

/**
 * Return the words on a button of the page, without the name of its icon.
 * @param {HTMLElement} one
 */
function wordsOn(one) {
  return (one.querySelector("p") ?? one).textContent ?? "";
}

/** Return the cue cards of the page, or null. */
function cardsOfPage() {
  const found = document.querySelector(".deltascope-cards[popover]");
  return found instanceof HTMLElement ? found : null;
}

/** Show the cue cards, or show them no longer. */
function toggleCards() {
  cardsOfPage()?.togglePopover();
}

// What is the same stays untouched, so that the browser and who watches the page have nothing to do.

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} value
 */
function setStyle({ style }, name, value) {
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value null: without it
 */
function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * Say in the address whether the page is presented.
 * @param {boolean} on
 */
function writeAddress(on) {
  const search = withPresent(location.search, on);
  if (search === location.search) return;
  try {
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  } catch {
    // A browser that allows no more changes for now.
  }
}
