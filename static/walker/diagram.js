// The network of a walk: each unit with its number of the chosen example, each weight as a line.
// What the equation reads and writes is lit, and the rest stands back.

import { make, setText } from "../shared/dom.js";
import { number, symbol } from "../shared/format.js";

const MOST = 9; // units of a layer in sight
const SIZE = { width: 300, height: 268, left: 30, right: 30, top: 26, bottom: 14 };

function draw(tag, attributes = {}, text = null) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (text !== null) element.textContent = text;
  return element;
}

export class Diagram {
  /** `act.unit(layer, unit)` chooses a unit. */
  constructor(places, act) {
    Object.assign(this, { places, act, sizes: places.sizes, top: places.top });
    this.note = make("p", { class: "note" });
    this.svg = draw("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, role: "img" });
    this.svg.addEventListener("click", (event) => {
      const own = event.target.closest("[data-unit]");
      if (own) act.unit(...own.dataset.unit.split(",").map(Number));
    });
    const head = make("h3", {}, "Network");
    this.element = make(
      "section",
      { class: "diagram" },
      make("header", {}, head, this.note),
      this.svg,
    );
  }

  /**
   * Shows a moment {flow, units(layer, unit) -> {value, symbol, muted}, weight(layer, unit, below),
   * marked(layer, unit, below), chosen(layer), reads and writes: Set of "u1", "e2", of}.
   */
  show(moment) {
    this.moment = moment;
    this.nodes = this.sizes.map((count, layer) => this.#column(count, layer));
    const edges = draw("g", { class: "edges" });
    for (let layer = 1; layer <= this.top; layer++) this.#edges(edges, layer);
    const nodes = draw("g", { class: "nodes" });
    this.nodes.forEach((column, layer) => this.#units(nodes, column, layer));
    this.svg.replaceChildren(edges, nodes, ...this.#heads());
    setText(this.note, `${moment.flow}, ${moment.of}`);
    this.svg.setAttribute("aria-label", this.#words());
  }

  // The places of a layer's units that are in sight, and of its bias neuron.
  #column(count, layer) {
    const shown = Math.min(count, MOST);
    const wanted = Math.min(this.moment.chosen(layer), count - 1);
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
    const at = (row) => middle + (row - (rows - 1) / 2) * step;
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
    return Object.assign(units, { hidden: count - shown });
  }

  #edges(group, layer) {
    const { reads, writes, marked, weight } = this.moment;
    const lit = reads.has(`e${layer}`) || writes.has(`e${layer}`);
    let half = 0;
    const lines = [];
    for (const to of this.nodes[layer]) {
      if (to.bias) continue;
      for (const from of this.nodes[layer - 1]) {
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
        draw("line", {
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

  #units(group, column, layer) {
    const { reads, writes, units, chosen } = this.moment;
    for (const { unit, x, y, radius, half, bias } of column) {
      const said = bias ? { value: 1, symbol: "1" } : units(layer, unit);
      const kinds = ["unit", bias ? "bias" : ""];
      if (said.value > 0) kinds.push("positive");
      if (said.value < 0) kinds.push("negative");
      const key = `u${layer}`;
      if (!bias && writes.has(key)) kinds.push("writes");
      else if (reads.has(bias ? `b${layer}` : key)) kinds.push("reads");
      if (!bias && unit === chosen(layer)) kinds.push("chosen");
      const node = draw("g", {
        class: kinds.filter(Boolean).join(" "),
        "data-unit": `${layer},${unit}`,
      });
      const box = { x: x - half, y: y - radius, width: 2 * half, height: 2 * radius, rx: radius };
      node.append(draw("rect", box));
      if (said.muted) {
        const d = radius * 0.7;
        const cross = `M${x - d} ${y - d}L${x + d} ${y + d}M${x + d} ${y - d}L${x - d} ${y + d}`;
        node.append(draw("path", { d: cross, class: "cross" }));
      }
      const words = bias ? "bias neuron, always 1" : this.#tell(layer, unit, said);
      node.append(draw("title", {}, words));
      if (layer === 0 && !bias && this.room > 36) {
        const name = this.places.label({ type: "unit", layer }, unit);
        node.append(draw("text", { x, y: y + radius + 11, class: "name" }, cut(name)));
      }
      if (half > 13 && !said.muted) node.append(draw("text", { x, y: y + 3.5 }, short(said)));
      else if (bias && radius > 5) node.append(draw("text", { x, y: y + 3.5 }, "1"));
      group.append(node);
    }
    if (column.hidden) {
      const { x } = column[0];
      const text = `+ ${column.hidden} more`;
      group.append(draw("text", { x, y: SIZE.height - 1, class: "more" }, text));
    }
  }

  #tell(layer, unit, { value, symbol: letter, muted }) {
    const own = this.places.words({ type: "unit", layer }, unit);
    const name = layer && layer < this.top ? `layer ${layer}, ${own}` : own;
    if (value === undefined) return `${name}: not yet computed`;
    return `${name}: ${letter} = ${number(value, 6)}${muted ? ", muted by dropout" : ""}`;
  }

  // What the numbers in each layer's units are.
  #heads() {
    return this.nodes.map((column, layer) => {
      const { symbol: letter } = this.moment.units(layer, column[0].unit);
      const text = letter ?? symbol("a", layer);
      return draw("text", { x: column[0].x, y: 12, class: "head" }, text);
    });
  }

  #words() {
    const { flow, of, units } = this.moment;
    const layers = this.nodes.map((column, layer) => {
      const numbers = column
        .filter(({ bias }) => !bias)
        .map(({ unit }) => short(units(layer, unit)) || "–");
      return `layer ${layer}: ${numbers.join(", ")}`;
    });
    return `Network, ${flow}, ${of}. ${layers.join("; ")}.`;
  }
}

const cut = (name) => (name.length > 11 ? `${name.slice(0, 10)}…` : name);
const short = ({ value }) => (value === undefined ? "" : number(value, 2));
