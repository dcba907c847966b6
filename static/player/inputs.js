// The inputs of the network, below their column: a button that opens them as small pictures.

import { whyLocked, withInput } from "../shared/architecture.js";
import { button, make, nameControl, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { readTheme } from "../shared/theme.js";
import { paintPicture } from "../sidebar/paint_picture.js";
import { opensBeside } from "../views/help.js";

/** @import { Architecture, Change, InputPicture, Palette } from "../shared/types.js" */

/** @typedef {{ input: InputPicture, tile: HTMLButtonElement, canvas: HTMLCanvasElement }} Tile */

export class InputsControl {
  /** @type {Architecture | null} */
  now = null;
  /** @type {Palette | null} */
  palette = null;
  /** @type {Tile[]} */
  tiles = [];

  /** @param {(change: Change) => void} change */
  constructor(change) {
    this.change = change;
    this.list = make("div", {
      class: "inputs-list",
      popover: "auto",
      role: "group",
      "aria-label": tr("Inputs of the network"),
    });
    this.opener = button("", () => {}, { kind: "inputs" });
    opensBeside(this.opener, this.list);
    this.list.addEventListener("toggle", () => this.#paint());
    this.element = make("span", { class: "foot" }, this.opener, this.list);
  }

  /** @param {Architecture} now */
  show(now) {
    this.now = now;
    const { inputs, features, hide } = now;
    const locked = whyLocked(now, "features");
    this.element.hidden = !inputs.length || hide.includes("features");
    if (this.tiles.map(({ input }) => input.name).join() !== inputs.map(({ name }) => name).join())
      this.#build(inputs);
    const on = this.tiles.filter(({ input }) => features.includes(input.name));
    for (const { input, tile } of this.tiles) {
      const pressed = features.includes(input.name);
      tile.setAttribute("aria-pressed", String(pressed));
      const last = pressed && on.length === 1 && tr("The network needs an input.");
      nameControl(
        tile,
        tr("Input {label}", { label: input.label }),
        pressed ? tr("Switch off") : tr("Switch on"),
        locked || last,
      );
    }
    const count = { number: on.length, total: inputs.length };
    setText(this.opener, tr("{number} of {total}", count));
    const about = tr("Switch inputs of the network on and off");
    nameControl(this.opener, tr("Choose the inputs: {number} of {total}", count), about, locked);
  }

  /** @param {InputPicture[]} inputs */
  #build(inputs) {
    this.tiles = inputs.map((input) => {
      const canvas = make("canvas", { "aria-hidden": true });
      const tile = button("", () => this.#press(input.name, tile));
      tile.append(canvas, make("span", {}, input.label));
      return { input, tile, canvas };
    });
    this.list.replaceChildren(...this.tiles.map(({ tile }) => tile));
    this.#paint();
  }

  /**
   * @param {string} name
   * @param {HTMLElement} tile
   */
  #press(name, tile) {
    const shut = tile.getAttribute("aria-disabled") === "true";
    if (this.now && !shut) this.change(withInput(this.now, name));
  }

  /** Paint the pictures while they are seen. */
  #paint() {
    if (!this.palette || !this.list.matches(":popover-open")) return;
    const theme = readTheme(this.list);
    for (const { input, canvas } of this.tiles) {
      const numbers = Uint8Array.from(atob(input.picture), (letter) => letter.charCodeAt(0));
      paintPicture(canvas, { kind: "map", numbers, classes: 0 }, theme, this.palette);
    }
  }
}
