// Two hints on the diagram of a first visit: what the picture of a unit means, and what a line.
// They stand where nothing is drawn, and go when one closes them or when the training begins.

import { button, make, makeSvg } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { crosses } from "./free_place.js";

/** @import { Box, DrawOptions, PlotPoint } from "../shared/types.js" */
/** @import { NetworkView } from "./diagram.js" */

const SEEN = "deltascope.hints"; // the name under which the browser remembers that they were seen
const WIDTHS = [190, 160, 130, 108]; // px, the first that has room
const EDGE = 4; // px from the edge of the diagram
const FEET = 44; // px at the foot of the diagram, for the names of the layers
const CLOSE = "M6 6l12 12M18 6l-12 12";

const UNIT = tr("The picture in a unit: its output for every input.");
const LINE = tr("A line is a weight. Thick: large. Blue: positive. Orange: negative.");

/** Return whether this browser has shown the hints, or is not to show any. */
function over() {
  const embedded = new URLSearchParams(location.search).has("embed") || window.parent !== window;
  try {
    return embedded || localStorage.getItem(SEEN) !== null;
  } catch {
    return true; // a browser that remembers nothing would show them each time
  }
}

export class Hints {
  /** What the places depend on, to see whether it has changed. */
  #known = "";
  /** Whether they have been on the screen. */
  #shown = false;

  /** @param {NetworkView} view */
  constructor(view) {
    this.view = view;
    this.over = over();
    this.arrows = makeSvg("svg", { "aria-hidden": "true" });
    /** The hints, and how each finds its place. @type {{ bubble: HTMLElement, put(): boolean }[]} */
    this.hints = [
      this.#hint(UNIT, (bubble) => this.#besideUnit(bubble)),
      this.#hint(LINE, (bubble) => this.#besideLine(bubble)),
    ];
    this.element = make(
      "div",
      { class: "hints", role: "note", "aria-label": tr("Hints"), hidden: true },
      ...this.hints.map(({ bubble }) => bubble),
    );
    this.element.prepend(this.arrows);
    if (!this.over) view.panel.append(this.element);
  }

  /**
   * @param {string} text
   * @param {(bubble: HTMLElement) => boolean} place returns whether there is room
   */
  #hint(text, place) {
    const close = button(tr("Close this hint"), () => this.#close(bubble), {
      kind: "close",
      icon: CLOSE,
      iconOnly: true,
    });
    const bubble = make("div", { class: "hint" }, make("p", {}, text), close);
    return { bubble, put: () => place(bubble) };
  }

  /** @param {HTMLElement} bubble */
  #close(bubble) {
    bubble.remove();
    this.hints = this.hints.filter((one) => one.bubble !== bubble);
    if (this.hints.length) this.#arrange();
    else this.end();
  }

  /** Remove the hints for good. */
  end() {
    this.over = true;
    this.element.remove();
    try {
      localStorage.setItem(SEEN, "1");
    } catch {
      // They come again with the next visit.
    }
  }

  /**
   * Put the hints beside what they are about; hide them where there is no room.
   * @param {DrawOptions} options
   */
  update({ backward, reached }) {
    if (this.over) return;
    if (reached > 0 && this.#shown) return this.end();
    const { width, height, nodes, half } = this.view;
    const known = JSON.stringify([width, height, nodes.length, half, backward, reached > 0]);
    if (known === this.#known) return;
    this.#known = known;
    this.element.hidden = backward || reached > 0 || !width || !nodes.length;
    if (!this.element.hidden) this.#arrange();
  }

  /** How far the place above the drawing goes up, beside the numbers of units. */
  get #rise() {
    const heads = this.view.panel.querySelector(".heads");
    if (!(heads instanceof HTMLElement)) return 0;
    return Math.max(0, this.view.plot.offsetTop - heads.offsetTop - 3 * EDGE);
  }

  #arrange() {
    const { plot, width, height } = this.view;
    this.element.style.top = `${plot.offsetTop}px`;
    this.element.style.height = `${height}px`;
    this.arrows.replaceChildren();
    this.arrows.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const { bubble } of this.hints) bubble.hidden = true;
    for (const { bubble, put } of this.hints) {
      bubble.hidden = !put();
      if (!bubble.hidden) this.#shown = true;
    }
  }

  /** @param {HTMLElement} bubble */
  #besideUnit(bubble) {
    const { columns, half, width } = this.view;
    if (columns.length < 3) return false;
    const units = columns[columns.length - 2];
    const highest = units[0];
    const lowest = units[units.length - 1];
    const box = this.#place(bubble, (size) => [
      { left: width - EDGE - size.width, top: 0, ...size },
      { left: width - EDGE - size.width, top: this.view.height - FEET - size.height, ...size },
    ]);
    if (!box) return false;
    const unit = box.top === 0 ? highest : lowest;
    const y = Math.max(unit.y - half + 4, Math.min(box.top + box.height / 2, unit.y + half - 4));
    this.#arrow({ x: box.left, y: box.top + box.height / 2 }, { x: unit.x + half + 3, y });
    return true;
  }

  /**
   * Put a hint into a corner, and point to the outermost line there.
   * @param {HTMLElement} bubble
   */
  #besideLine(bubble) {
    const { columns, half, width, height } = this.view;
    const box = this.#place(bubble, (size) => {
      const [right, foot] = [width - EDGE - size.width, height - FEET - size.height];
      return [
        { left: EDGE, top: foot, ...size },
        { left: EDGE, top: 0, ...size },
        { left: right, top: foot, ...size },
        { left: right, top: 0, ...size },
        { left: EDGE, top: -this.#rise, ...size },
      ];
    });
    if (!box) return false;
    const [low, first] = [box.top > 0, box.left === EDGE];
    const [left, right] = first ? columns : columns.slice(-2);
    const from = left[low ? left.length - 1 : 0];
    const to = right[low ? right.length - 1 : 0];
    const side = first ? box.left + box.width : box.left;
    const aim = side + (first ? 30 : -30);
    const [near, far] = [from.x + half, to.x - half];
    const x = Math.max(near + 0.2 * (far - near), Math.min(aim, far - 0.2 * (far - near)));
    const beside = x < box.left || x > box.left + box.width;
    const end = low ? box.top : box.top + box.height;
    const start = beside ? { x: side, y: box.top + box.height / 2 } : { x, y: end };
    const share = (x - from.x - half) / (to.x - from.x - 2 * half);
    this.#arrow(start, { x, y: from.y + share * (to.y - from.y) + (low ? 4 : -4) });
    return true;
  }

  /**
   * Put a hint into the first place where it covers nothing; return its box.
   * @param {HTMLElement} bubble
   * @param {(size: { width: number, height: number }) => Box[]} places
   * @returns {Box | null}
   */
  #place(bubble, places) {
    const obstacles = this.#obstacles();
    bubble.hidden = false;
    for (const width of WIDTHS) {
      bubble.style.width = `${width}px`;
      const size = { width, height: bubble.offsetHeight };
      const free = places(size).find(
        (box) =>
          box.top >= -this.#rise && !crosses(box, this.view.columns, this.view.half, obstacles),
      );
      if (!free) continue;
      bubble.style.left = `${free.left}px`;
      bubble.style.top = `${free.top}px`;
      return free;
    }
    return null;
  }

  /** Return the boxes of the controls on the diagram, and of the hints that are shown. @returns {Box[]} */
  #obstacles() {
    const ground = this.view.plot.getBoundingClientRect();
    const boxes = [
      ...this.view.panel.querySelectorAll("button, select, input, .hint:not([hidden])"),
    ];
    return boxes
      .filter((box) => !box.closest("header") && !box.parentElement?.closest(".hint"))
      .map((control) => {
        const { left, top, width, height } = control.getBoundingClientRect();
        return { left: left - ground.left, top: top - ground.top, width, height };
      });
  }

  /**
   * @param {PlotPoint} from
   * @param {PlotPoint} to
   */
  #arrow(from, to) {
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    const head = [2.65, -2.65].map((turn) => {
      const x = to.x + 8 * Math.cos(angle + turn);
      return `M${to.x} ${to.y}L${x} ${to.y + 8 * Math.sin(angle + turn)}`;
    });
    const d = `M${from.x} ${from.y}L${to.x} ${to.y}${head.join("")}`;
    this.arrows.append(makeSvg("path", { d }));
  }
}
