// A curve that a person draws: the loss over the epochs, by a few handles that go up and down with
// the pointer or the arrow keys. Later the curve of the run is drawn beside it.

import { make, makeSvg } from "../shared/dom.js";
import { number, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";

/** @import { Component } from "../shared/types.js" */

/**
 * What the page sends: heights of the handles, the run's curve once it may be seen, and the curves
 * of others. `label` names the axis, `top` is its end, `start` the first height, which is given.
 * @typedef {{
 *   label: string, epochs: number, top: number, start: number, heights: number[],
 *   fixed: boolean, truth: number[], others: number[][],
 * }} Sketch
 */

const WIDTH = 340; // units of the picture
const HEIGHT = 220;
const EDGE = { left: 48, right: 14, top: 12, bottom: 40 };
const STEPS = 40; // steps of an arrow key from the bottom to the top

/** @type {WeakMap<HTMLElement, Sketching>} */
const drawn = new WeakMap();

/** @param {Component<string>} component */
export function mount({ data, parentElement, setTriggerValue }) {
  const sketching = drawn.get(parentElement) ?? new Sketching(parentElement);
  drawn.set(parentElement, sketching);
  sketching.send = (heights) => setTriggerValue("heights", JSON.stringify(heights));
  sketching.receive(JSON.parse(data));
  return () => {
    drawn.delete(parentElement);
    sketching.root.remove();
  };
}

/**
 * Return the place of a point (share of the epochs, height) in the picture.
 * @param {number} share
 * @param {number} height
 * @param {number} top
 * @returns {[number, number]}
 */
export function placeOf(share, height, top) {
  const x = EDGE.left + share * (WIDTH - EDGE.left - EDGE.right);
  const part = Math.min(1, Math.max(0, height / top));
  return [x, HEIGHT - EDGE.bottom - part * (HEIGHT - EDGE.top - EDGE.bottom)];
}

/**
 * Return the height that belongs to a place from the top of the picture.
 * @param {number} y
 * @param {number} top
 */
export function heightAt(y, top) {
  const part = (HEIGHT - EDGE.bottom - y) / (HEIGHT - EDGE.top - EDGE.bottom);
  return Math.min(1, Math.max(0, part)) * top;
}

/**
 * Return the outline of a curve of heights at equal distances.
 * @param {number[]} heights
 * @param {number} top
 */
export function outline(heights, top) {
  const points = heights.map((height, i) => placeOf(i / (heights.length - 1), height, top));
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

class Sketching {
  /** @type {Sketch | null} */
  sketch = null;
  /** @type {number[]} */
  heights = [];
  /** @type {SVGElement[]} */
  handles = [];
  own = makeSvg("path", { class: "own" });
  held = 0;
  /** @type {(heights: number[]) => void} */
  send = () => {};

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.picture = makeSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "group" });
    this.words = make("p", { class: "words" });
    this.root = make("div", { class: "deltascope-sketch" }, this.words);
    this.root.prepend(this.picture);
    this.picture.addEventListener("pointermove", (event) => this.#drag(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.picture.addEventListener(end, () => this.#release());
    }
    parent.append(this.root);
  }

  /** @param {Sketch} sketch */
  receive(sketch) {
    const same = this.sketch && JSON.stringify(this.sketch) === JSON.stringify(sketch);
    if (same) return;
    this.sketch = sketch;
    this.heights = [...sketch.heights];
    this.#build(sketch);
  }

  /** @param {Sketch} sketch */
  #build(sketch) {
    const { fixed, truth, others, top } = sketch;
    this.picture.setAttribute(
      "aria-label",
      tr("{label}, a curve to draw", { label: sketch.label }),
    );
    this.handles = fixed ? [] : this.heights.slice(1).map((_, i) => this.#handle(i + 1));
    const curves = others.map((one) => makeSvg("path", { class: "other", d: outline(one, top) }));
    const right = truth.length ? [makeSvg("path", { class: "truth", d: outline(truth, top) })] : [];
    this.picture.replaceChildren(
      ...axes(sketch),
      ...curves,
      ...right,
      ...(this.heights.length ? [this.own] : []),
      ...this.handles,
    );
    this.words.textContent = wordsOf(sketch);
    this.#move();
  }

  /** @param {number} place */
  #handle(place) {
    const handle = makeSvg("circle", {
      r: 9,
      class: "handle",
      tabindex: 0,
      role: "slider",
      "aria-orientation": "vertical",
      "aria-valuemin": 0,
    });
    handle.addEventListener("pointerdown", (event) => {
      this.held = place;
      handle.setPointerCapture(/** @type {PointerEvent} */ (event).pointerId);
      event.preventDefault();
      handle.focus();
    });
    handle.addEventListener("keydown", (event) =>
      this.#key(/** @type {KeyboardEvent} */ (event), place),
    );
    return handle;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} place
   */
  #key(event, place) {
    const { top } = /** @type {Sketch} */ (this.sketch);
    const steps = {
      ArrowUp: 1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowLeft: -1,
      PageUp: 8,
      PageDown: -8,
    };
    const by = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (!by) return;
    event.preventDefault();
    this.#set(place, this.heights[place] + (by * top) / STEPS);
    this.send(this.heights);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.held || !this.sketch) return;
    const box = this.picture.getBoundingClientRect();
    const y = ((event.clientY - box.top) * HEIGHT) / box.height;
    this.#set(this.held, heightAt(y, this.sketch.top));
  }

  #release() {
    if (!this.held) return;
    this.held = 0;
    this.send(this.heights);
  }

  /**
   * @param {number} place
   * @param {number} height
   */
  #set(place, height) {
    const { top } = /** @type {Sketch} */ (this.sketch);
    this.heights[place] = Math.min(top, Math.max(0, height));
    this.#move();
  }

  /** Put the curve and its handles where the heights say. */
  #move() {
    const { top, epochs } = /** @type {Sketch} */ (this.sketch);
    const last = this.heights.length - 1;
    if (last > 0) this.own.setAttribute("d", outline(this.heights, top));
    this.handles.forEach((handle, i) => {
      const height = this.heights[i + 1];
      const [x, y] = placeOf((i + 1) / last, height, top);
      const epoch = whole(Math.round(((i + 1) * epochs) / last));
      handle.setAttribute("cx", String(x));
      handle.setAttribute("cy", String(y));
      handle.setAttribute("aria-valuemax", String(top));
      handle.setAttribute("aria-valuenow", height.toFixed(3));
      handle.setAttribute("aria-label", tr("Loss at epoch {epoch}", { epoch }));
      handle.setAttribute("aria-valuetext", number(height));
    });
  }
}

/**
 * Return the axes with their names and ends.
 * @param {Sketch} sketch
 */
function axes({ label, epochs, top, start }) {
  const [left, bottom] = placeOf(0, 0, top);
  const [right, upper] = placeOf(1, top, top);
  const line = (/** @type {string} */ d) => makeSvg("path", { class: "axis", d });
  const text = (
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {string} */ words,
    end = "end",
  ) => makeSvg("text", { x, y, "text-anchor": end }, words);
  const [, first] = placeOf(0, start, top);
  return [
    line(`M${left} ${upper}V${bottom}H${right}`),
    line(`M${left - 5} ${first}H${left}`),
    text(left - 8, bottom, "0"),
    text(left - 8, first + 4, number(start)),
    text(left - 8, upper + 8, number(top)),
    text(left, bottom + 18, "0", "start"),
    text(right, bottom + 18, whole(epochs)),
    text((left + right) / 2, bottom + 34, tr("epoch; upwards: {label}", { label }), "middle"),
  ];
}

/**
 * Return what the picture shows, in words.
 * @param {Sketch} sketch
 */
function wordsOf({ fixed, truth, others, heights }) {
  const parts = [];
  if (!fixed)
    parts.push(tr("Drag the points up or down. With the keyboard: Tab, then the arrow keys."));
  if (truth.length) {
    if (heights.length) parts.push(tr("Dashed: your sketch."));
    parts.push(tr("Solid: the run. It ends at {loss}.", { loss: number(truth[truth.length - 1]) }));
  }
  if (others.length)
    parts.push(tr("Thin: {number} sketches of the class.", { number: others.length }));
  return parts.join(" ");
}
