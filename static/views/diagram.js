// The network view: every unit with the map of what it responds to, every weight as a line.
// Forward it shows what units say; backward the deltas that flow from the output to the input.

import { button, make, setText } from "../shared/dom.js";
import { exact, number, symbol } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { unitName, weightName } from "../shared/names.js";
import { shade, stepped, strokes } from "../shared/theme.js";
import { ArchitectureControls } from "./architecture.js";
import { drawWires, nearestWire } from "./edges.js";
import { Pixels, paintBand, paintMap, pen } from "./paint.js";
import { Legend } from "./scale.js";
import { View } from "./view.js";

/**
 * @import {
 *   Architecture, Box, Change, Choose, ColourTable, Context, Diagram, DiagramNode, DiagramTables, DrawOptions, Focus, Hit,
 *   Palette, PlotPoint, TextTable, Wire, ViewSettings
 * } from "../shared/types.js"
 */
/** @import { Scene } from "../run/scene.js" */

const FORWARD = tr(
  "A square is a unit and shows its output for every input. A line is a weight: thick lines are large.",
);
const BACKWARD = tr(
  "δ (delta): how fast the loss grows when z, the input of a unit, grows. Deltas pass from right to left.",
);
const REACH = 5; // px, how near the pointer must be to a line
const CLOSED = "#8a8d93";

export class NetworkView extends View {
  /** What was drawn last. @type {{ scene: Scene, options: DrawOptions } | null} */
  last = null;
  /** Half the side of a unit's square, in pixels. */
  half = 0;
  /** The units, all and by layer. @type {DiagramNode[]} */
  nodes = [];
  /** @type {DiagramNode[][]} */
  columns = [];
  /** The picture of all maps. @type {Pixels | null} */
  atlas = null;

  /** The controls on the diagram, none where nothing can be changed. @type {ArchitectureControls | null} */
  architecture = null;

  /** @param {ViewSettings & { choose: Choose, change?(change: Change): void, more?: HTMLElement[] }} settings */
  constructor(settings) {
    const toggle = (/** @type {boolean} */ backward, /** @type {string} */ text) =>
      button(text, () => settings.choose("backward", backward));
    const buttons = [toggle(false, tr("Forward")), toggle(true, tr("Backward"))];
    /** @type {HTMLSelectElement} */
    const example = make("select", {
      "aria-label": tr("Example"),
      on: { change: () => settings.choose("example", chosen(example.value)) },
    });
    const group = make(
      "div",
      { class: "switch", role: "group", "aria-label": tr("Direction") },
      ...buttons,
    );
    super("network", { controls: [group, example, ...(settings.more ?? [])], ...settings });
    this.buttons = buttons;
    this.legend = new Legend();
    this.note.append(this.legend.element);
    this.example = example;
    this.offer = settings.change ? [tr("click to edit")] : [];
    if (settings.change) this.#addControls(settings.change);
  }

  /** @param {(change: Change) => void} change */
  #addControls(change) {
    this.architecture = new ArchitectureControls(change);
    const { lead, heads, feet } = this.architecture;
    const row = make("div", { class: "lead" });
    this.about.replaceWith(row);
    row.append(this.about, lead);
    this.plot.before(heads);
    this.plot.after(feet);
  }

  /** @param {Palette} palette */
  takePalette(palette) {
    if (this.architecture) this.architecture.inputs.palette = palette;
  }

  /**
   * Show what the controls change.
   * @param {Architecture} architecture
   */
  setArchitecture(architecture) {
    this.architecture?.show(architecture);
    this.architecture?.place(this.columns);
  }

  /**
   * Set the examples that can be looked at one by one.
   * @param {string[]} labels
   */
  setExamples(labels) {
    const option = (/** @type {string} */ value, /** @type {string} */ text) =>
      make("option", { value }, text);
    const options = labels.map((label, i) => option(String(i), label));
    this.example.replaceChildren(option("", tr("all examples")), ...options);
  }

  arrange() {
    const { margin, meta } = this.layout ?? {};
    if (!margin || !meta?.units || !meta.radius) return;
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
    this.architecture?.place(this.columns);
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {DiagramTables} tables
   */
  draw(scene, options, tables) {
    const context = this.clear();
    this.last = { scene, options };
    this.legend.colour(tables.lines[0], tables.lines[tables.lines.length - 1]);
    if (options.backward) this.#backward(context, scene, options, tables);
    else this.#forward(context, scene, options, tables);
    for (const node of this.nodes) {
      if (scene.isDropped(node.layer, node.unit)) this.#cross(context, node);
    }
    this.#mark(context, options.focus);
  }

  /**
   * Set the controls and the note; they change only when an option does.
   * @param {Scene} scene
   * @param {DrawOptions} options
   */
  showState(scene, { backward, example }) {
    this.buttons.forEach((one, i) => {
      one.setAttribute("aria-pressed", String(backward === !!i));
    });
    this.example.value = example === null ? "" : String(example);
    const alone = example !== null;
    const [what, half] = backward
      ? [
          tr("A square with {symbol}", { symbol: alone ? "n·δ" : "δ" }),
          (alone ? scene.probe.count : 1) * unitDeltaRange(scene, example),
        ]
      : [tr("A line"), scene.ranges.weights.half];
    this.legend.element.title = tr("{what} of ±{number} or more has the full color.", {
      what,
      number: number(half),
    });
    setText(this.about, backward ? BACKWARD : FORWARD);
  }

  /**
   * @param {Context} context
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {DiagramTables} tables
   */
  #forward(context, scene, { example, discretize }, tables) {
    const { half } = scene.ranges.weights;
    /** @type {(to: DiagramNode, from: DiagramNode) => number} */
    const strength = (to, from) => scene.weight(to.layer, to.unit, from.unit) / half;
    drawWires(context, this.#diagram(), strength, tables.lines, false);
    this.#maps(scene, discretize ? tables.flat : tables.maps);
    for (const node of this.nodes) {
      this.#paste(context, scene, node);
      this.#frame(context, node, this.ink(0.55), 1);
      if (example === null) continue;
      const { centre, half: reach } = scene.range(node.layer, node.unit);
      const value = scene.activationOf(node.layer, node.unit, example);
      this.#frame(context, node, tables.lines[shade(value, centre, reach)], 3);
      this.#value(context, node, value);
    }
  }

  /**
   * @param {Context} context
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {DiagramTables} tables
   */
  #backward(context, scene, { example }, tables) {
    const half = unitDeltaRange(scene, example);
    /** @type {Map<DiagramNode, number>} */
    const deltas = new Map();
    for (const node of this.nodes) {
      if (node.layer) deltas.set(node, scene.deltaOf(node.layer, node.unit, example));
    }
    /** @type {(to: DiagramNode, from: DiagramNode) => number} */
    const flow = (to, from) =>
      from.layer ? (scene.weight(to.layer, to.unit, from.unit) * (deltas.get(to) ?? 0)) / half : 0;
    drawWires(context, this.#diagram(), flow, tables.lines, true);
    for (const node of this.nodes) {
      const value = deltas.get(node) ?? 0;
      context.fillStyle = node.layer ? tables.lines[shade(value, 0, half)] : this.background();
      this.#square(context, node);
      context.fill();
      this.#frame(context, node, this.ink(0.55), 1);
      if (!node.layer) continue;
      if (scene.isSaturated(node.layer, node.unit, example)) this.#ring(context, node);
      this.#value(context, node, value);
    }
  }

  /**
   * Paint all maps into one picture, which costs one transfer to the canvas.
   * @param {Scene} scene
   * @param {ColourTable} table
   */
  #maps(scene, table) {
    const { side } = scene.level;
    const flat = scene.setup.view.kind === "curve";
    const height = flat ? 1 : side;
    const across = Math.ceil(Math.sqrt(this.nodes.length));
    const down = Math.ceil(this.nodes.length / across);
    const known = this.atlas;
    const fits = known?.width === across * side && known.height === down * height;
    const atlas = fits ? known : new Pixels(across * side, down * height);
    this.atlas = atlas;
    this.nodes.forEach((node, i) => {
      /** @type {[number, number]} */
      const corner = [(i % across) * side, Math.floor(i / across) * height];
      const paint = flat ? paintBand : paintMap;
      const values = scene.map(node.layer, node.unit);
      paint(atlas, corner, values, table, scene.range(node.layer, node.unit));
      node.part = [...corner, side, height];
    });
    atlas.commit();
  }

  /**
   * Copy a unit's map to its place.
   * @param {Context} context
   * @param {Scene} scene
   * @param {DiagramNode} node
   */
  #paste(context, scene, node) {
    const { half } = this;
    const place = { left: node.x - half, top: node.y - half, width: 2 * half, height: 2 * half };
    const curve = scene.setup.view.kind === "curve";
    this.atlas?.draw(context, place, !curve, node.part);
    if (curve) this.#curve(context, scene, node, place);
  }

  /**
   * Draw a unit's output over one input as a curve, over the band of its colours.
   * @param {Context} context
   * @param {Scene} scene
   * @param {DiagramNode} node
   * @param {Box} box
   */
  #curve(context, scene, { layer, unit }, { left, top, width, height }) {
    const { values, from, side } = scene.map(layer, unit);
    const { centre, half } = scene.range(layer, unit);
    const step = Math.max(1, Math.floor(side / width));
    pen(context, { color: this.ink(), width: 1.5 });
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

  /**
   * @param {Context} context
   * @param {PlotPoint} centre
   * @param {number} more pixels to add to its half side
   */
  #square(context, { x, y }, more = 0) {
    const half = this.half + more;
    context.beginPath();
    context.rect(x - half, y - half, 2 * half, 2 * half);
  }

  /**
   * @param {Context} context
   * @param {DiagramNode} node
   * @param {string} color
   * @param {number} width
   */
  #frame(context, node, color, width) {
    pen(context, { color, width });
    this.#square(context, node, width / 2);
    context.stroke();
  }

  /**
   * @param {Context} context
   * @param {DiagramNode} node
   */
  #ring(context, node) {
    pen(context, { color: CLOSED, width: 3 });
    this.#square(context, node, 3);
    context.stroke();
  }

  /**
   * @param {Context} context
   * @param {DiagramNode} node
   */
  #cross(context, { x, y }) {
    const half = this.half;
    pen(context, { color: this.ink(), width: 2 });
    context.beginPath();
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
    context.stroke();
  }

  /**
   * Write a number on a plate of the page's colour, at the foot of its unit.
   * @param {Context} context
   * @param {DiagramNode} node
   * @param {number} value
   */
  #value(context, { x, y }, value) {
    if (this.half < 11) return;
    const text = number(value, 2);
    context.font = `10px ${this.theme?.font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const width = context.measureText(text).width + 4;
    context.fillStyle = this.background(0.85);
    context.fillRect(x - width / 2, y + this.half - 12, width, 12);
    context.fillStyle = this.ink();
    context.fillText(text, x, y + this.half - 5.5);
  }

  /**
   * @param {Context} context
   * @param {Focus | null} focus
   */
  #mark(context, focus) {
    if (!focus) return;
    const node = this.nodes.find(({ layer, unit }) => layer === focus.layer && unit === focus.unit);
    if (node) this.#frame(context, node, this.ink(), 2);
  }

  /** What drawing lines has to know. @returns {Diagram & { ink: string }} */
  #diagram() {
    return { columns: this.columns, half: this.half, ink: this.ink(0.12) };
  }

  /**
   * Return the unit under a point, else the nearest line.
   * @param {PlotPoint} point
   * @returns {Hit | null}
   */
  hit({ x, y }) {
    if (!this.last) return null;
    const { scene, options } = this.last;
    const near = this.half + 2;
    const node = this.nodes.find((n) => Math.abs(n.x - x) <= near && Math.abs(n.y - y) <= near);
    if (node) return unitHit(scene, options, node);
    const wire = nearestWire(this.#diagram(), { x, y }, REACH);
    return wire && wireHit(scene, options, wire, this.offer);
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   */
  describe(scene, { backward, example }) {
    const of = example === null ? tr("all examples shown") : scene.probe.labels[example];
    const shape = tr("Network {sizes} units, {activations}", {
      sizes: scene.sizes.join(", "),
      activations: scene.activations.join(", "),
    });
    const fields = { network: shape, epoch: scene.epoch, examples: of };
    if (!backward)
      return tr(
        "{network}. Forward view at epoch {epoch}, {examples}: a map in every unit.",
        fields,
      );
    const deltas = scene.layers.map((_, l) =>
      tr("largest {symbol} {number}", {
        symbol: symbol("δ", l + 1),
        number: number(scene.largestDelta(l + 1)),
      }),
    );
    return tr("{network}. Backward view at epoch {epoch}, {examples}: {deltas}.", {
      ...fields,
      deltas: deltas.join(", "),
    });
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @returns {TextTable[]}
   */
  tabulate(scene, { example }) {
    const of = example === null ? tr("all examples shown") : scene.probe.labels[example];
    const rows = this.nodes
      .filter(({ layer }) => layer > 0)
      .map(({ layer, unit }) => [
        unitName(scene.setup, layer, unit),
        exact(scene.weight(layer, unit, scene.sizes[layer - 1])),
        number(scene.activationOf(layer, unit, example)),
        number(
          example === null
            ? scene.deltaOf(layer, unit, null)
            : scene.undividedDelta(layer, unit, example),
        ),
        scene.isSaturated(layer, unit, example) ? tr("closed") : tr("open"),
      ]);
    const head = [tr("unit"), "b", "a", example === null ? "δ" : "n·δ", "f′"];
    return [
      {
        caption: tr("Units at epoch {epoch}, {examples}", { epoch: scene.epoch, examples: of }),
        head,
        rows,
      },
    ];
  }
}

/**
 * Return the range of the colours: one example's deltas are as large as those of the heatmap, a mean
 * over all is smaller.
 * @param {Scene} scene
 * @param {number | null} example
 */
const unitDeltaRange = ({ ranges }, example) =>
  (example === null ? ranges.unitDeltas : ranges.deltas).half;

/** @param {string} value of the list of examples */
const chosen = (value) => (value === "" ? null : Number(value));

/**
 * Return the tables of colours that the diagram needs.
 * @param {Uint32Array} maps
 * @returns {DiagramTables}
 */
export const diagramTables = (maps) => ({ maps, flat: stepped(maps), lines: strokes(maps) });

/**
 * Return what the tip shows of a unit.
 * @param {Scene} scene
 * @param {DrawOptions} options
 * @param {DiagramNode} node
 * @returns {Hit}
 */
function unitHit(scene, { example }, { layer, unit }) {
  const title = unitName(scene.setup, layer, unit);
  const of = example === null ? tr("mean of the examples shown") : scene.probe.labels[example];
  const lines = [
    title,
    `${symbol("a", layer, unit)} = ${exact(scene.activationOf(layer, unit, example))} (${of})`,
  ];
  if (layer) {
    const delta = symbol("δ", layer, unit);
    lines.push(
      example === null
        ? tr("{symbol} = {value} (root mean square with the sign of the mean; includes 1/n)", {
            symbol: delta,
            value: exact(scene.deltaOf(layer, unit, null)),
          })
        : tr("n·{symbol} = {value} ({example}, without the 1/n)", {
            symbol: delta,
            value: exact(scene.undividedDelta(layer, unit, example)),
            example: of,
          }),
    );
    lines.push(
      `${symbol("b", layer, unit)} = ${exact(scene.weight(layer, unit, scene.sizes[layer - 1]))}`,
    );
    if (scene.isSaturated(layer, unit, example))
      lines.push(tr("f′ is near 0: almost no δ passes back"));
    if (scene.isDropped(layer, unit)) lines.push(tr("dropped by dropout in the last batch"));
  }
  const cell = layer ? { layer, row: unit, column: scene.sizes[layer - 1] } : null;
  return { lines, focus: { layer, unit, title: title[0].toUpperCase() + title.slice(1) }, cell };
}

/**
 * Return what the tip shows of a line.
 * @param {Scene} scene
 * @param {DrawOptions} options
 * @param {Wire} wire
 * @param {string[]} offer what a click does
 * @returns {Hit}
 */
function wireHit(scene, options, { from, to }, offer) {
  const weight = scene.weight(to.layer, to.unit, from.unit);
  const lines = [
    weightName(
      symbol("W", to.layer),
      unitName(scene.setup, from.layer, from.unit),
      unitName(scene.setup, to.layer, to.unit),
    ),
    exact(weight),
  ];
  if (options.backward && from.layer) {
    const { example } = options;
    const [name, delta] =
      example === null
        ? ["W δ", scene.deltaOf(to.layer, to.unit, null)]
        : ["n·W δ", scene.undividedDelta(to.layer, to.unit, example)];
    lines.push(tr("carries {name} = {value}", { name, value: exact(weight * delta) }));
  }
  lines.push(...offer);
  return { lines, cell: { layer: to.layer, row: to.unit, column: from.unit } };
}
