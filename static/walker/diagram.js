// The network of a walk: each unit with its number of the chosen example, each weight as a line.
// What the equation reads and writes is highlighted.

import { make, makeSvg, setText } from "../shared/dom.js";
import { number, symbol } from "../shared/format.js";
import { tr } from "../shared/language.js";

/** @import { Labels } from "../trace/labels.js" */
/** @import { NetworkState, UnitState } from "../trace/types.js" */

/**
 * A unit, or the bias neuron, in the picture.
 * @typedef {{
 *   unit: number, x: number, y: number, radius: number, half: number, bias?: boolean,
 * }} UnitMark
 *
 * The units of a layer that are in sight, and how many are not.
 * @typedef {{ units: UnitMark[], hidden: number }} Column
 */

const MOST = 9; // units of a layer in sight
const SIZE = { width: 300, height: 268, left: 30, right: 30, top: 26, bottom: 14 };

export class Diagram {
  /** @type {Column[]} */
  columns = [];
  /** Pixels from one input to the next. */
  room = 0;

  /**
   * @param {Labels} labels
   * @param {{ unit(layer: number, unit: number): void }} act chooses a unit
   */
  constructor(labels, act) {
    this.labels = labels;
    this.sizes = labels.sizes;
    this.top = labels.top;
    this.note = make("p", { class: "note" });
    this.svg = makeSvg("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
    this.svg.addEventListener("click", ({ target }) => {
      const own = target instanceof Element ? target.closest("[data-unit]") : null;
      const [layer, unit] = (own?.getAttribute("data-unit") ?? "").split(",").map(Number);
      if (own) act.unit(layer, unit);
    });
    const head = make("h3", {}, tr("Network"));
    this.element = make(
      "section",
      { class: "diagram" },
      make("header", {}, head, this.note),
      this.svg,
    );
  }

  /**
   * Show the network at a moment.
   * @param {NetworkState} moment
   */
  show(moment) {
    this.columns = this.sizes.map((count, layer) =>
      this.#column(count, layer, moment.chosen(layer)),
    );
    const edges = makeSvg("g", { class: "edges" });
    for (let layer = 1; layer <= this.top; layer++) this.#edges(edges, layer, moment);
    const nodes = makeSvg("g", { class: "nodes" });
    this.columns.forEach((column, layer) => {
      this.#units(nodes, column, layer, moment);
    });
    this.svg.replaceChildren(edges, nodes, ...this.#heads(moment));
    setText(this.note, `${moment.flow}${tr(", ")}${moment.of}`);
    this.svg.setAttribute("aria-label", this.#words(moment));
  }

  /**
   * Return the places of a layer's units that are in sight, and of its bias neuron.
   * @param {number} count
   * @param {number} layer
   * @param {number} chosen the chosen unit
   * @returns {Column}
   */
  #column(count, layer, chosen) {
    const shown = Math.min(count, MOST);
    const wanted = Math.min(chosen, count - 1);
    const first = Math.max(0, Math.min(wanted - Math.floor(MOST / 2), count - shown));
    const bias = layer < this.top;
    const rows = shown + (bias ? 1 : 0);
    const step = Math.min(56, (SIZE.height - SIZE.top - SIZE.bottom) / rows);
    if (!layer) this.room = step;
    const middle = (SIZE.height + SIZE.top - SIZE.bottom) / 2;
    const x = SIZE.left + (layer / this.top) * (SIZE.width - SIZE.left - SIZE.right);
    const share = layer ? 0.42 : 0.29; // the inputs' names stand below them
    const radius = Math.min(18, step * share, 90 / this.top);
    const half = Math.max(radius, Math.min(18, 84 / this.top)); // of a unit's width: numbers are wide
    const at = (/** @type {number} */ row) => middle + (row - (rows - 1) / 2) * step;
    /** @type {UnitMark[]} */
    const units = Array.from({ length: shown }, (_, k) => ({
      unit: first + k,
      x,
      y: at(k),
      radius,
      half,
    }));
    if (bias)
      units.push({
        unit: count,
        x,
        y: at(shown),
        radius: radius * 0.72,
        half: radius * 0.72,
        bias: true,
      });
    return { units, hidden: count - shown };
  }

  /**
   * @param {SVGElement} group
   * @param {number} layer
   * @param {NetworkState} moment
   */
  #edges(group, layer, { reads, writes, marked, weight }) {
    const lit = reads.has(`e${layer}`) || writes.has(`e${layer}`);
    let half = 0;
    const lines = [];
    for (const to of this.columns[layer].units) {
      if (to.bias) continue;
      for (const from of this.columns[layer - 1].units) {
        const value = weight(layer, to.unit, from.unit);
        half = Math.max(half, Math.abs(value));
        lines.push({ to, from, value });
      }
    }
    for (const { to, from, value } of lines) {
      const strong = marked(layer, to.unit, from.unit);
      const kinds = [value < 0 ? "negative" : "positive"];
      if (lit) kinds.push(writes.has(`e${layer}`) ? "writes" : "reads");
      if (strong) kinds.push("marked");
      const width = 0.7 + 3 * (half ? Math.abs(value) / half : 0);
      group.append(
        makeSvg("line", {
          class: kinds.join(" "),
          x1: from.x + from.half,
          y1: from.y,
          x2: to.x - to.half,
          y2: to.y,
          "stroke-width": strong ? width + 1.2 : width,
        }),
      );
    }
  }

  /**
   * @param {SVGElement} group
   * @param {Column} column
   * @param {number} layer
   * @param {NetworkState} moment
   */
  #units(group, column, layer, { reads, writes, units, chosen }) {
    for (const { unit, x, y, radius, half, bias } of column.units) {
      /** @type {UnitState} */
      const state = bias ? { value: 1, symbol: "1" } : units(layer, unit);
      const kinds = ["unit", bias ? "bias" : ""];
      const { value = 0 } = state;
      if (value > 0) kinds.push("positive");
      if (value < 0) kinds.push("negative");
      const key = `u${layer}`;
      if (!bias && writes.has(key)) kinds.push("writes");
      else if (reads.has(bias ? `b${layer}` : key)) kinds.push("reads");
      if (!bias && unit === chosen(layer)) kinds.push("chosen");
      const node = makeSvg("g", {
        class: kinds.filter(Boolean).join(" "),
        "data-unit": `${layer},${unit}`,
      });
      const box = { x: x - half, y: y - radius, width: 2 * half, height: 2 * radius, rx: radius };
      node.append(makeSvg("rect", box));
      if (state.muted) {
        const d = radius * 0.7;
        const cross = `M${x - d} ${y - d}L${x + d} ${y + d}M${x + d} ${y - d}L${x - d} ${y + d}`;
        node.append(makeSvg("path", { d: cross, class: "cross" }));
      }
      const words = bias ? tr("bias neuron, always 1") : this.#nameOf(layer, unit, state);
      node.append(makeSvg("title", {}, words));
      if (layer === 0 && !bias && this.room > 36) {
        const name = this.labels.label({ type: "unit", layer }, unit);
        node.append(makeSvg("text", { x, y: y + radius + 11, class: "name" }, cut(name)));
      }
      if (half > 13 && !state.muted) node.append(makeSvg("text", { x, y: y + 3.5 }, short(state)));
      else if (bias && radius > 5) node.append(makeSvg("text", { x, y: y + 3.5 }, "1"));
      group.append(node);
    }
    if (column.hidden) {
      const { x } = column.units[0];
      const text = tr("+ {number} more", { number: column.hidden });
      group.append(makeSvg("text", { x, y: SIZE.height - 1, class: "more" }, text));
    }
  }

  /**
   * @param {number} layer
   * @param {number} unit
   * @param {UnitState} state
   */
  #nameOf(layer, unit, { value, symbol: letter, muted }) {
    const own = this.labels.words({ type: "unit", layer }, unit);
    const name =
      layer && layer < this.top ? tr("layer {layer}, {unit}", { layer, unit: own }) : own;
    if (value === undefined) return tr("{name}: not yet computed", { name });
    return `${name}: ${letter} = ${number(value, 6)}${muted ? tr(", dropped by dropout") : ""}`;
  }

  /**
   * Return what the numbers in each layer's units are.
   * @param {NetworkState} moment
   */
  #heads(moment) {
    return this.columns.map(({ units: [first] }, layer) => {
      const { symbol: letter } = moment.units(layer, first.unit);
      const text = letter ?? symbol("a", layer);
      return makeSvg("text", { x: first.x, y: 12, class: "head" }, text);
    });
  }

  /** @param {NetworkState} moment */
  #words({ flow, of, units }) {
    const layers = this.columns.map((column, layer) => {
      const numbers = column.units
        .filter(({ bias }) => !bias)
        .map(({ unit }) => short(units(layer, unit)) || "–");
      return tr("layer {layer}: {numbers}", { layer, numbers: numbers.join(", ") });
    });
    return tr("Network, {flow}, {example}. {layers}.", {
      flow,
      example: of,
      layers: layers.join(tr("; ")),
    });
  }
}

const cut = (/** @type {string} */ name) => (name.length > 11 ? `${name.slice(0, 10)}…` : name);
const short = (/** @type {UnitState} */ { value }) => (value === undefined ? "" : number(value, 2));
