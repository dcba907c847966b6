// Views of matrices as coloured cells: the weights of each layer, and delta of each unit and example.

import { make, setText } from "../shared/dom.js";
import { painted, place } from "../shared/figure.js";
import { exact, number, symbol } from "../shared/format.js";
import { cellWords, unitName } from "../shared/names.js";
import { css } from "../shared/theme.js";
import { Pixels, paintMatrix, pen } from "./paint.js";
import { View } from "./view.js";

const ABOUT_DELTAS =
  "δ, the error term, says how the loss changes with z; the 1/n of the mean is in it. " +
  "Row: a unit. Column: an example.";
const MOST = 64; // rows and columns of a table of numbers

class MatrixView extends View {
  setFigure(figure) {
    super.setFigure(figure);
    this.traces = painted(figure);
    this.pixels = [];
  }

  draw(scene, options, table) {
    const context = this.clear();
    this.scene = scene;
    this.options = options;
    this.boxes = this.traces.map((trace) => place(this.layout, trace, this.width, this.height));
    this.traces.forEach((_, l) => {
      const { rows, columns, values, from, half } = this.matrix(scene, l + 1);
      const known = this.pixels[l];
      if (known?.width !== columns || known?.height !== rows)
        this.pixels[l] = new Pixels(columns, rows);
      paintMatrix(this.pixels[l], values, from, table, half);
      this.pixels[l].commit();
      this.pixels[l].draw(context, this.boxes[l], false);
      this.#border(context, this.boxes[l]);
    });
    this.mark(context, options);
  }

  #border(context, { left, top, width, height }) {
    pen(context, { color: css(this.theme.ink, 0.3), width: 1 });
    context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  }

  /** The rectangle of cells from one row and column, `high` by `wide`. */
  outline(context, l, [row, column], [high, wide]) {
    const { rows, columns } = this.matrix(this.scene, l);
    const { left, top, width, height } = this.boxes[l - 1];
    const cell = { width: width / columns, height: height / rows };
    pen(context, { color: css(this.theme.ink), width: 2 });
    context.strokeRect(
      left + column * cell.width,
      top + row * cell.height,
      wide * cell.width,
      high * cell.height,
    );
  }

  /** {layer, row, column} under a point, or null. */
  cellAt({ x, y }) {
    const l = (this.boxes ?? []).findIndex(
      ({ left, top, width, height }) =>
        x >= left && x < left + width && y >= top && y < top + height,
    );
    if (l < 0) return null;
    const { rows, columns } = this.matrix(this.scene, l + 1);
    const { left, top, width, height } = this.boxes[l];
    const row = Math.floor(((y - top) / height) * rows);
    return { layer: l + 1, row, column: Math.floor(((x - left) / width) * columns) };
  }

  /** Middle of a cell in pixels of the plot. */
  middle({ layer, row, column }) {
    const { rows, columns } = this.matrix(this.scene, layer);
    const { left, top, width, height } = this.boxes[layer - 1];
    return { x: left + ((column + 0.5) * width) / columns, y: top + ((row + 0.5) * height) / rows };
  }

  tabulate(scene) {
    return this.traces.map((_, l) => {
      const { rows, columns, values, from } = this.matrix(scene, l + 1);
      const [high, wide] = [Math.min(rows, MOST), Math.min(columns, MOST)];
      const head = [
        "unit",
        ...Array.from({ length: wide }, (_, c) => this.columnName(scene, l + 1, c)),
      ];
      const body = Array.from({ length: high }, (_, r) => [
        String(r + 1),
        ...Array.from({ length: wide }, (_, c) => number(values[from + r * columns + c])),
      ]);
      const cut = high < rows || wide < columns ? ` (the first ${high} × ${wide})` : "";
      return { caption: `${this.letter(l + 1)} at epoch ${scene.epoch}${cut}`, head, rows: body };
    });
  }
}

export class WeightsView extends MatrixView {
  /** Without `edit` the weights are only looked at. */
  constructor(options) {
    super("weights", options);
    this.offer = options.edit ? ["click to edit"] : [];
    this.cell = null; // the cell that the keyboard has chosen
    const key = (event) => this.#key(event, options);
    const blur = () => this.#choose(null, options);
    this.frame = make("div", {
      class: "cells",
      tabindex: 0,
      role: "group",
      "aria-label": `Cells of the weights: arrow keys choose one${options.edit ? ", Enter edits it" : ""}`,
      on: { keydown: key, blur },
    });
    this.plot.replaceWith(this.frame);
    this.spoken = make("span", { class: "spoken", "aria-live": "polite" });
    this.frame.append(this.plot, this.spoken);
  }

  matrix({ layers, theta, ranges }, l) {
    const { at, outputs, inputs } = layers[l - 1];
    return {
      rows: outputs,
      columns: inputs + 1,
      values: theta,
      from: at,
      half: ranges.weights.half,
    };
  }

  letter = (l) => `${symbol("W", l)} ${symbol("b", l)}`;

  columnName({ setup, sizes }, l, column) {
    if (column === sizes[l - 1]) return "b";
    return l === 1 ? unitName(setup, 0, column) : String(column + 1);
  }

  tell(scene) {
    setText(this.note, `full colour ±${number(scene.ranges.weights.half)}`);
  }

  mark(context) {
    if (this.cell)
      this.outline(context, this.cell.layer, [this.cell.row, this.cell.column], [1, 1]);
  }

  hit(point) {
    const cell = this.cellAt(point);
    return cell ? { lines: [...cellWords(this.scene, cell), ...this.offer], cell } : null;
  }

  // Arrow keys walk through the cells and on into the next layer.
  #key(event, options) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[
      event.key
    ];
    const enter = event.key === "Enter" && this.cell && options.edit;
    if (!(step || enter) || !this.scene) return;
    event.preventDefault();
    event.stopPropagation();
    if (enter) return options.edit(this.cell, this.middle(this.cell), this);
    this.#choose(this.cell ? this.#moved(step) : { layer: 1, row: 0, column: 0 }, options);
    setText(this.spoken, cellWords(this.scene, this.cell).join(" "));
  }

  #moved([down, right]) {
    const { layer, row, column } = this.cell;
    const { rows, columns } = this.matrix(this.scene, layer);
    const next = {
      layer,
      row: Math.max(0, Math.min(rows - 1, row + down)),
      column: column + right,
    };
    if (next.column >= 0 && next.column < columns) return next;
    const other = layer + right;
    if (other < 1 || other > this.traces.length) return this.cell;
    const size = this.matrix(this.scene, other);
    return {
      layer: other,
      row: Math.min(row, size.rows - 1),
      column: right > 0 ? 0 : size.columns - 1,
    };
  }

  #choose(cell, options) {
    this.cell = cell;
    options.repaint(this);
  }

  describe({ epoch, theta, layers }) {
    const ranges = layers.map(({ at, outputs, inputs }, l) => {
      const part = theta.subarray(at, at + outputs * (inputs + 1));
      const [low, high] = part.reduce(
        ([a, b], v) => [Math.min(a, v), Math.max(b, v)],
        [Infinity, -Infinity],
      );
      return `${this.letter(l + 1)} from ${number(low)} to ${number(high)}`;
    });
    return `Weights and biases at epoch ${epoch}: ${ranges.join(", ")}.`;
  }
}

export class DeltasView extends MatrixView {
  /** With `still` no example is chosen by a click. */
  constructor(options) {
    super("deltas", options);
    this.offer = options.still ? [] : ["click to look at this example alone"];
  }

  matrix(scene, l) {
    const { sizes, probe, delta, ranges } = scene;
    const from = scene.deltaAt(l);
    return { rows: sizes[l], columns: probe.count, values: delta, from, half: ranges.deltas.half };
  }

  letter = (l) => symbol("δ", l);

  columnName({ probe }, _, column) {
    return probe.labels[column];
  }

  tell(scene) {
    setText(this.note, `full colour ±${number(scene.ranges.deltas.half)}`);
    if (this.offer.length) setText(this.about, ABOUT_DELTAS);
  }

  // The chosen example is framed in every layer.
  mark(context, { example }) {
    if (example === null) return;
    this.traces.forEach((_, l) => {
      this.outline(context, l + 1, [0, example], [this.scene.sizes[l + 1], 1]);
    });
  }

  hit(point) {
    const cell = this.cellAt(point);
    if (!cell) return null;
    const { layer, row, column } = cell;
    const { values, from, columns } = this.matrix(this.scene, layer);
    const value = exact(values[from + row * columns + column]);
    const { setup, probe } = this.scene;
    const lines = [
      `${symbol("δ", layer, row)} = ${value}, 1/n in it, n = ${columns}`,
      `n·${symbol("δ", layer, row)} = ${exact(columns * values[from + row * columns + column])}`,
      unitName(setup, layer, row),
      `example ${probe.labels[column]}`,
      ...this.offer,
    ];
    return { lines, example: column };
  }

  describe(scene) {
    const tops = scene.layers.map(
      (_, l) => `${this.letter(l + 1)} up to ${number(scene.peak(l + 1))}`,
    );
    const examples = scene.probe.count === 1 ? "1 example" : `${scene.probe.count} examples`;
    return `Deltas of ${examples} at epoch ${scene.epoch}: ${tops.join(", ")}.`;
  }
}
