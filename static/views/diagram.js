// The network view: every unit with the map of what it responds to, every weight as a line.
// Forward it shows what units say; backward the deltas that flow from the output to the input.

import { make, setText } from "../shared/dom.js";
import { exact, number, symbol } from "../shared/format.js";
import { unitName } from "../shared/names.js";
import { css, shade, strokes } from "../shared/theme.js";
import { drawWires, nearestWire } from "./edges.js";
import { Pixels, paintBand, paintMap, pen } from "./paint.js";
import { View } from "./view.js";

const FORWARD =
  "Each square is a unit and shows its output for every input; the signal goes from left to right.";
const BACKWARD =
  "δ (delta), the error term: how much the loss changes when the input z of a unit changes. " +
  "It is passed back from right to left. Over all examples the 1/n of the mean is in it; for one " +
  "example n·δ is shown, without it.";
const REACH = 5; // px, how near the pointer must be to a line
const CLOSED = "#8a8d93";

export class NetworkView extends View {
  constructor(options) {
    const toggle = (backward, text) =>
      make(
        "button",
        { type: "button", on: { click: () => options.choose("backward", backward) } },
        text,
      );
    const buttons = [toggle(false, "Forward"), toggle(true, "Backward")];
    const example = make("select", {
      "aria-label": "Example",
      on: { change: (event) => options.choose("example", chosen(event.target.value)) },
    });
    const group = make(
      "div",
      { class: "switch", role: "group", "aria-label": "Direction" },
      ...buttons,
    );
    super("network", { controls: [group, example], ...options });
    Object.assign(this, { buttons, example });
  }

  setFigure(figure) {
    super.setFigure(figure);
    this.units = this.layout.meta.units;
  }

  /** The examples that can be looked at one by one. */
  setExamples(labels) {
    const option = (value, text) => make("option", { value }, text);
    const options = labels.map((label, i) => option(String(i), label));
    this.example.replaceChildren(option("", "all examples"), ...options);
  }

  arrange() {
    const { margin, meta } = this.layout;
    const width = this.width - margin.l - margin.r;
    const height = this.height - margin.t - margin.b;
    const [rx, ry, most] = meta.radius;
    this.half = Math.max(3, Math.min(rx * width, ry * height, most));
    this.nodes = meta.units.map(({ layer, unit, x, y }) => ({
      layer,
      unit,
      x: margin.l + x * width,
      y: margin.t + (1 - y) * height,
    }));
    const depth = Math.max(...this.nodes.map((node) => node.layer));
    this.columns = Array.from({ length: depth + 1 }, (_, l) =>
      this.nodes.filter((node) => node.layer === l),
    );
  }

  draw(scene, options, tables) {
    const context = this.clear();
    this.scene = scene;
    this.options = options;
    this.tables = tables;
    if (options.backward) this.#backward(context, scene, options, tables);
    else this.#forward(context, scene, options, tables);
    for (const node of this.nodes)
      if (scene.muted(node.layer, node.unit)) this.#cross(context, node);
    this.#mark(context, options.focus);
  }

  // What the controls and the note say; changes at most when an option does.
  tell(scene, { backward, example }) {
    this.buttons.forEach((button, i) =>
      button.setAttribute("aria-pressed", String(backward === !!i)),
    );
    this.example.value = example === null ? "" : String(example);
    const alone = example !== null;
    const [what, half] = backward
      ? [
          `Square: ${alone ? "n·δ" : "δ"}`,
          (alone ? scene.probe.count : 1) * blameRange(scene, example),
        ]
      : ["Line: a weight", scene.ranges.weights.half];
    setText(this.note, `${what}, full colour ±${number(half)}`);
    setText(this.about, backward ? BACKWARD : FORWARD);
  }

  #forward(context, scene, { example }, tables) {
    const { half } = scene.ranges.weights;
    const strength = (to, from) => scene.weight(to.layer, to.unit, from.unit) / half;
    drawWires(context, this, strength, tables.lines, false);
    this.#maps(scene, tables);
    for (const node of this.nodes) {
      this.#paste(context, node);
      this.#frame(context, node, css(this.theme.ink, 0.55), 1);
      if (example === null) continue;
      const { centre, half: reach } = scene.range(node.layer, node.unit);
      const value = scene.said(node.layer, node.unit, example);
      this.#frame(context, node, tables.lines[shade(value, centre, reach)], 3);
      this.#value(context, node, value);
    }
  }

  #backward(context, scene, { example }, tables) {
    const half = blameRange(scene, example);
    const blame = new Map();
    for (const node of this.nodes) {
      if (node.layer) blame.set(node, scene.blame(node.layer, node.unit, example));
    }
    const flow = (to, from) =>
      from.layer ? (scene.weight(to.layer, to.unit, from.unit) * blame.get(to)) / half : 0;
    drawWires(context, this, flow, tables.lines, true);
    for (const node of this.nodes) {
      const value = blame.get(node) ?? 0;
      context.fillStyle = node.layer
        ? tables.lines[shade(value, 0, half)]
        : css(this.theme.background);
      this.#square(context, node);
      context.fill();
      this.#frame(context, node, css(this.theme.ink, 0.55), 1);
      if (!node.layer) continue;
      if (scene.closed(node.layer, node.unit, example)) this.#ring(context, node);
      this.#value(context, node, value);
    }
  }

  // All maps go into one picture, which costs one transfer to the canvas.
  #maps(scene, tables) {
    const { side } = scene.level;
    const flat = scene.setup.view.kind === "curve";
    const height = flat ? 1 : side;
    const across = Math.ceil(Math.sqrt(this.nodes.length));
    const down = Math.ceil(this.nodes.length / across);
    const fits = this.atlas?.width === across * side && this.atlas?.height === down * height;
    if (!fits) this.atlas = new Pixels(across * side, down * height);
    this.nodes.forEach((node, i) => {
      const corner = [(i % across) * side, Math.floor(i / across) * height];
      const paint = flat ? paintBand : paintMap;
      const values = scene.map(node.layer, node.unit);
      paint(this.atlas, corner, values, tables.maps, scene.range(node.layer, node.unit));
      node.part = [...corner, side, height];
    });
    this.atlas.commit();
  }

  #paste(context, node) {
    const { half } = this;
    const place = { left: node.x - half, top: node.y - half, width: 2 * half, height: 2 * half };
    const curve = this.scene.setup.view.kind === "curve";
    this.atlas.draw(context, place, !curve, node.part);
    if (curve) this.#curve(context, node, place);
  }

  // With one input a unit answers with a curve, drawn over the band of its colours.
  #curve(context, { layer, unit }, { left, top, width, height }) {
    const { values, from, side } = this.scene.map(layer, unit);
    const { centre, half } = this.scene.range(layer, unit);
    const step = Math.max(1, Math.floor(side / width));
    pen(context, { color: css(this.theme.ink), width: 1.5 });
    context.beginPath();
    for (let i = 0; i < side; i += step) {
      const share = Math.max(-1, Math.min(1, (values[from + i] - centre) / half));
      const x = left + (i / (side - 1)) * width;
      const y = top + ((1 - 0.9 * share) / 2) * height;
      if (i) context.lineTo(x, y);
      else context.moveTo(x, y);
    }
    context.stroke();
  }

  #square(context, { x, y }, more = 0) {
    const half = this.half + more;
    context.beginPath();
    context.rect(x - half, y - half, 2 * half, 2 * half);
  }

  #frame(context, node, color, width) {
    pen(context, { color, width });
    this.#square(context, node, width / 2);
    context.stroke();
  }

  #ring(context, node) {
    pen(context, { color: CLOSED, width: 3 });
    this.#square(context, node, 3);
    context.stroke();
  }

  #cross(context, { x, y }) {
    const half = this.half;
    pen(context, { color: css(this.theme.ink), width: 2 });
    context.beginPath();
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
    context.stroke();
  }

  // A number on a plate of the page's colour, at the foot of its unit.
  #value(context, { x, y }, value) {
    if (this.half < 11) return;
    const text = number(value, 2);
    context.font = `10px ${this.theme.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const width = context.measureText(text).width + 4;
    context.fillStyle = css(this.theme.background, 0.85);
    context.fillRect(x - width / 2, y + this.half - 12, width, 12);
    context.fillStyle = css(this.theme.ink);
    context.fillText(text, x, y + this.half - 5.5);
  }

  #mark(context, focus) {
    if (!focus) return;
    const node = this.nodes.find(({ layer, unit }) => layer === focus.layer && unit === focus.unit);
    if (node) this.#frame(context, node, css(this.theme.ink), 2);
  }

  /** What lies under the pointer: a unit, else the nearest line. */
  hit({ x, y }) {
    const near = this.half + 2;
    const node = this.nodes.find((n) => Math.abs(n.x - x) <= near && Math.abs(n.y - y) <= near);
    if (node) return this.#unit(node);
    const line = nearestWire(this, { x, y }, REACH);
    return line ? this.#line(line) : null;
  }

  #unit({ layer, unit }) {
    const { scene, options } = this;
    const { example } = options;
    const title = unitName(scene.setup, layer, unit);
    const of = example === null ? "mean of the probe" : scene.probe.labels[example];
    const lines = [
      title,
      `${symbol("a", layer, unit)} = ${exact(scene.said(layer, unit, example))} (${of})`,
    ];
    if (layer) {
      const delta = symbol("δ", layer, unit);
      lines.push(
        example === null
          ? `${delta} = ${exact(scene.blame(layer, unit, null))} (root mean square, sign of the mean; 1/n in it)`
          : `n·${delta} = ${exact(scene.alone(layer, unit, example))} (${of}, without the 1/n)`,
      );
      lines.push(
        `${symbol("b", layer, unit)} = ${exact(scene.weight(layer, unit, scene.sizes[layer - 1]))}`,
      );
      if (scene.closed(layer, unit, example)) lines.push("f′ is near 0: hardly any δ gets through");
      if (scene.muted(layer, unit)) lines.push("muted by dropout in the last batch");
    }
    const cell = layer ? { layer, row: unit, column: scene.sizes[layer - 1] } : null;
    return { lines, focus: { layer, unit, title: title[0].toUpperCase() + title.slice(1) }, cell };
  }

  #line({ from, to }) {
    const { scene, options } = this;
    const weight = scene.weight(to.layer, to.unit, from.unit);
    const lines = [
      `${symbol("W", to.layer)} from ${unitName(scene.setup, from.layer, from.unit)} to ` +
        unitName(scene.setup, to.layer, to.unit),
      exact(weight),
    ];
    if (options.backward && from.layer) {
      const { example } = options;
      const [name, delta] =
        example === null
          ? ["W δ", scene.blame(to.layer, to.unit, null)]
          : ["n·W δ", scene.alone(to.layer, to.unit, example)];
      lines.push(`carries ${name} = ${exact(weight * delta)}`);
    }
    lines.push("click to edit");
    return { lines, cell: { layer: to.layer, row: to.unit, column: from.unit } };
  }

  describe(scene, { backward, example }) {
    const of = example === null ? "all probe examples" : scene.probe.labels[example];
    const shape = `Network ${scene.sizes.join(", ")} units, ${scene.activations.join(", ")}`;
    if (!backward)
      return `${shape}. Forward view at epoch ${scene.epoch}, ${of}: a map in every unit.`;
    const sizes = scene.layers.map(
      (_, l) => `largest ${symbol("δ", l + 1)} ${number(scene.peak(l + 1))}`,
    );
    return `${shape}. Backward view at epoch ${scene.epoch}, ${of}: ${sizes.join(", ")}.`;
  }

  tabulate(scene, { example }) {
    const of = example === null ? "all probe examples" : scene.probe.labels[example];
    const rows = this.nodes
      .filter(({ layer }) => layer > 0)
      .map(({ layer, unit }) => [
        unitName(scene.setup, layer, unit),
        exact(scene.weight(layer, unit, scene.sizes[layer - 1])),
        number(scene.said(layer, unit, example)),
        number(
          example === null ? scene.blame(layer, unit, null) : scene.alone(layer, unit, example),
        ),
        scene.closed(layer, unit, example) ? "closed" : "open",
      ]);
    const head = ["unit", "b", "a", example === null ? "δ" : "n·δ", "f′"];
    return [{ caption: `Units at epoch ${scene.epoch}, ${of}`, head, rows }];
  }
}

// One example's deltas are as large as those of the heatmap, a mean over all is smaller.
const blameRange = ({ ranges }, example) => (example === null ? ranges.blame : ranges.deltas).half;

const chosen = (value) => (value === "" ? null : Number(value));

/** The colour tables of a theme that the diagram needs. */
export const diagramTables = (maps) => ({ maps, lines: strokes(maps) });
