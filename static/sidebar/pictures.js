// A choice by picture in the side bar: a group of radio buttons or check boxes, each with a small
// picture and its name. The first ones are tiles; the others are rows that one click opens.

import { button, make, setText } from "../shared/dom.js";
import { unpack } from "../shared/payload.js";
import { readTheme } from "../shared/theme.js";
import { paintPicture } from "./paint_picture.js";

/** @import { Component, Palette } from "../shared/types.js" */
/** @import { Picture } from "./paint_picture.js" */

const CALM = 250; // ms between an arrow key and the choice: a person passes over several pictures
const PATIENCE = 3000; // ms until a choice that the page does not confirm is taken back

/**
 * One of the choices; those without a group are tiles, `size` is the length of its numbers.
 * @typedef {{
 *   value: string, title: string, about: string, group: string, kind: string, size: number,
 *   classes: number,
 * }} Option
 *
 * What the page sends: `several` makes check boxes of the pictures, `locked` says why nothing can be
 * chosen.
 * @typedef {{
 *   label: string, locked: string, more?: string, fewer?: string, several?: boolean, chosen: string[],
 *   options: Option[], palette: Palette,
 * }} Choice
 */

/** @type {WeakMap<HTMLElement, PictureChoice>} */
const drawn = new WeakMap();

/** How many choices were drawn: each group of radio buttons needs a name of its own. */
const groups = { count: 0 };

/**
 * Draw the pictures, or hand them a message of the page.
 * @param {Component<Uint8Array>} component
 */
export function mount({ data, parentElement, setTriggerValue }) {
  const choice = drawn.get(parentElement) ?? new PictureChoice(parentElement);
  drawn.set(parentElement, choice);
  choice.send = (values) => setTriggerValue("pick", JSON.stringify(values));
  choice.receive(data);
  return () => {
    drawn.delete(parentElement);
    choice.remove();
  };
}

class PictureChoice {
  /** Hand the values that a person has chosen to the page. @type {(values: string[]) => void} */
  send = () => {};
  /** The options as text, to see whether they have changed. */
  source = "";
  /** The theme in which the pictures are painted. */
  themed = "";
  open = false;
  /** @type {Choice | null} */
  choice = null;
  /** @type {Uint8Array} */
  numbers = new Uint8Array();
  /** @type {{ option: Option, input: HTMLInputElement, canvas: HTMLCanvasElement, label: HTMLElement }[]} */
  items = [];
  /** The headings of groups, by their text. @type {Map<string, HTMLElement>} */
  headings = new Map();
  /** What a person has chosen, until the page confirms it. @type {string | null} */
  wanted = null;
  /** @type {number | undefined} */
  calm = undefined;
  /** @type {number | undefined} */
  doubt = undefined;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    groups.count += 1;
    this.name = `pictures-${groups.count}`;
    this.legend = make("p", { class: "legend" });
    this.toggle = button("", () => this.#open(!this.open), { kind: "more" });
    this.tiles = make("div", { class: "tiles" });
    this.rows = make("div", { class: "rows" });
    this.root = make(
      "div",
      { class: "deltascope-pictures", on: { change: () => this.#changed() } },
      this.legend,
      this.toggle,
      this.tiles,
      this.rows,
    );
    this.root.addEventListener("keydown", (event) => {
      this.byKey = event.key.startsWith("Arrow");
    });
    this.root.addEventListener("pointerdown", () => {
      this.byKey = false;
    });
    parent.append(this.root);
    this.watch = setInterval(() => this.#paint(), 1000); // the page's colours may change
  }

  remove() {
    clearInterval(this.watch);
    clearTimeout(this.calm);
    clearTimeout(this.doubt);
    this.root.remove();
  }

  /**
   * Take in a message of the page.
   * @param {Uint8Array} data
   */
  receive(data) {
    const { meta, arrays } = unpack(data);
    this.choice = /** @type {Choice} */ (meta);
    const source = JSON.stringify(this.choice.options);
    if (source !== this.source) {
      this.source = source;
      this.numbers = /** @type {Uint8Array} */ (arrays.numbers.values);
      this.#build(this.choice);
    }
    if (this.wanted === JSON.stringify(this.choice.chosen)) this.wanted = null;
    if (this.wanted === null) this.#check();
    this.root.title = this.choice.locked;
    for (const { input } of this.items) input.disabled = Boolean(this.choice.locked);
    this.#unfold(this.open);
    this.#paint();
  }

  /** @param {Choice} choice */
  #build({ label, options, several }) {
    setText(this.legend, label);
    this.root.setAttribute("role", several ? "group" : "radiogroup");
    this.root.setAttribute("aria-label", label);
    this.tiles.replaceChildren();
    this.rows.replaceChildren();
    this.headings.clear();
    this.themed = "";
    this.items = options.map((option) => this.#item(option, several === true));
  }

  /**
   * @param {Option} option
   * @param {boolean} several
   */
  #item(option, several) {
    const kind = several ? "checkbox" : "radio";
    /** @type {HTMLInputElement} */
    const input = make("input", { type: kind, name: this.name, value: option.value });
    const canvas = make("canvas", { "aria-hidden": "true" });
    const title = make("span", {}, option.title);
    const label = make("label", { title: option.about }, input, canvas, title);
    if (option.group && !this.headings.has(option.group)) {
      const heading = make("p", { class: "group" }, option.group);
      this.headings.set(option.group, heading);
      this.rows.append(heading);
    }
    (option.group ? this.rows : this.tiles).append(label);
    return { option, input, canvas, label };
  }

  /** Check what the page says is chosen. */
  #check() {
    for (const { option, input } of this.items) {
      input.checked = Boolean(this.choice?.chosen.includes(option.value));
    }
  }

  /**
   * Show all pictures or not as many, and what is chosen in any case.
   * @param {boolean} open
   */
  #open(open) {
    this.#unfold(open);
    const chosen = this.items.find(({ option, input }) => option.group && input.checked);
    if (open && chosen) this.rows.scrollTop = chosen.label.offsetTop - this.rows.offsetTop - 40;
  }

  /**
   * Show all pictures, or the tiles and what is chosen.
   * @param {boolean} open
   */
  #unfold(open) {
    this.open = open;
    const grouped = this.items.filter(({ option }) => option.group);
    for (const { input, label } of grouped) label.hidden = !open && !input.checked;
    for (const heading of this.headings.values()) heading.hidden = !open;
    this.rows.hidden = !grouped.some(({ label }) => !label.hidden);
    this.rows.classList.toggle("open", open);
    this.toggle.hidden = !grouped.length;
    this.toggle.setAttribute("aria-expanded", String(open));
    setText(this.toggle, (open ? this.choice?.fewer : this.choice?.more) ?? "");
    this.#paint();
  }

  #changed() {
    const values = this.items.filter(({ input }) => input.checked).map((item) => item.option.value);
    if (!values.length) return this.#check(); // the network needs an input
    this.wanted = JSON.stringify(values);
    clearTimeout(this.calm);
    clearTimeout(this.doubt);
    this.doubt = setTimeout(() => this.#doubted(), PATIENCE);
    if (this.byKey && !this.choice?.several) this.calm = setTimeout(() => this.send(values), CALM);
    else this.send(values);
  }

  /** Show what the page says: it has not confirmed the choice. */
  #doubted() {
    this.wanted = null;
    this.#check();
    this.#unfold(this.open);
  }

  /** Paint the pictures that are to be seen and not painted in the page's colours yet. */
  #paint() {
    if (!this.choice || !this.root.isConnected) return;
    const theme = readTheme(this.root);
    const state = `${theme.key} ${this.open} ${devicePixelRatio} ${this.items.map(({ label }) => +label.hidden)}`;
    if (state === this.themed) return;
    this.themed = state;
    let from = 0;
    for (const { option, canvas, label } of this.items) {
      const numbers = this.numbers.subarray(from, from + option.size);
      from += option.size;
      if (label.hidden) continue;
      const picture = /** @type {Picture} */ ({ ...option, numbers });
      paintPicture(canvas, picture, theme, this.choice.palette);
    }
  }
}
