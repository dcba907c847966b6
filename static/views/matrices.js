// Views of matrices as coloured cells: the weights of each layer, and delta of each unit and example.

import { make, setText } from "../shared/dom.js";
import { painted, place } from "../shared/figure.js";
import { exact, number, symbol } from "../shared/format.js";
import { tr, trMany } from "../shared/language.js";
import { cellWords, unitName } from "../shared/names.js";
import { Pixels, paintMatrix, pen } from "./paint.js";
import { HoldBox, showScale } from "./scale.js";
import { View } from "./view.js";

/**
 * @import {
 *   Cell, Choose, ColourTable, Context, DrawOptions, Figure, Hit, LiveTrace, Matrix, Place, PlotPoint,
 *   TextTable, ViewLike, ViewSettings
 * } from "../shared/types.js"
 */
/** @import { Scene } from "../run/scene.js" */

/**
 * What a click or Enter on a cell does; without `edit` the weights are only looked at.
 * @typedef {ViewSettings & {
 *   choose?: Choose,
 *   repaint(view: ViewLike): void,
 *   edit?(cell: Cell, place: PlotPoint, view: ViewLike): void,
 * }} WeightsSettings
 */

const ABOUT_DELTAS = tr(
  "δ (delta): how the loss changes with z, the input of a unit. " +
    "Row:\u00a0a\u00a0unit. Column:\u00a0an\u00a0example.",
);
/** Arrow keys as steps down and right. @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const MOST = 64; // rows and columns of a table of numbers

class MatrixView extends View {
  /** @type {LiveTrace[]} */
  traces = [];
  /** @type {Pixels[]} */
  pixels = [];
  /** Where each layer's matrix lies. @type {Place[]} */
  boxes = [];
  /** @type {Scene | null} */
  scene = null;

  // ---- for a kind of matrices

  /**
   * Return the matrix of a layer.
   * @param {Scene} _scene
   * @param {number} _layer
   * @returns {Matrix}
   */
  matrix(_scene, _layer) {
    throw new Error("a kind of matrices has to say which ones");
  }

  /**
   * Return what a layer's matrix is called.
   * @param {number} _layer
   */
  letter(_layer) {
    return "";
  }

  /**
   * Return what a column is called.
   * @param {Scene} _scene
   * @param {number} _layer
   * @param {number} _column
   */
  columnName(_scene, _layer, _column) {
    return "";
  }

  /**
   * Mark what is chosen.
   * @param {Context} _context
   * @param {Scene} _scene
   * @param {DrawOptions} _options
   */
  mark(_context, _scene, _options) {}

  // ---- the view

  /** @param {Figure} figure */
  setFigure(figure) {
    super.setFigure(figure);
    this.traces = painted(figure);
    this.pixels = [];
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {ColourTable} table
   */
  draw(scene, options, table) {
    const context = this.clear();
    this.scene = scene;
    const { layout } = this;
    if (!layout) return;
    this.boxes = this.traces.map((trace) => place(layout, trace, this.width, this.height));
    this.traces.forEach((_, l) => {
      const { rows, columns, values, from, half } = this.matrix(scene, l + 1);
      const known = this.pixels[l];
      if (known?.width !== columns || known.height !== rows) {
        this.pixels[l] = new Pixels(columns, rows);
      }
      paintMatrix(this.pixels[l], values, from, table, half);
      this.pixels[l].commit();
      this.pixels[l].draw(context, this.boxes[l], false);
      this.#border(context, this.boxes[l]);
    });
    this.mark(context, scene, options);
  }

  /**
   * @param {Context} context
   * @param {Place} box
   */
  #border(context, { left, top, width, height }) {
    pen(context, { color: this.ink(0.3), width: 1 });
    context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  }

  /**
   * Draw the rectangle of cells from one row and column, `high` by `wide`.
   * @param {Context} context
   * @param {Scene} scene
   * @param {number} l
   * @param {[row: number, column: number]} corner
   * @param {[high: number, wide: number]} size
   */
  outline(context, scene, l, [row, column], [high, wide]) {
    const { rows, columns } = this.matrix(scene, l);
    const { left, top, width, height } = this.boxes[l - 1];
    const cell = { width: width / columns, height: height / rows };
    pen(context, { color: this.ink(), width: 2 });
    context.strokeRect(
      left + column * cell.width,
      top + row * cell.height,
      wide * cell.width,
      high * cell.height,
    );
  }

  /**
   * Return the cell under a point, or null.
   * @param {PlotPoint} point
   * @returns {Cell | null}
   */
  cellAt({ x, y }) {
    const l = this.boxes.findIndex(
      ({ left, top, width, height }) =>
        x >= left && x < left + width && y >= top && y < top + height,
    );
    if (l < 0 || !this.scene) return null;
    const { rows, columns } = this.matrix(this.scene, l + 1);
    const { left, top, width, height } = this.boxes[l];
    const row = Math.floor(((y - top) / height) * rows);
    return { layer: l + 1, row, column: Math.floor(((x - left) / width) * columns) };
  }

  /**
   * Return the middle of a cell in pixels of the plot.
   * @param {Scene} scene
   * @param {Cell} cell
   */
  middle(scene, { layer, row, column }) {
    const { rows, columns } = this.matrix(scene, layer);
    const { left, top, width, height } = this.boxes[layer - 1];
    return { x: left + ((column + 0.5) * width) / columns, y: top + ((row + 0.5) * height) / rows };
  }

  /**
   * @param {Scene} scene
   * @returns {TextTable[]}
   */
  tabulate(scene) {
    return this.traces.map((_, l) => {
      const { rows, columns, values, from } = this.matrix(scene, l + 1);
      const [high, wide] = [Math.min(rows, MOST), Math.min(columns, MOST)];
      const head = [
        tr("unit"),
        ...Array.from({ length: wide }, (_, c) => this.columnName(scene, l + 1, c)),
      ];
      const body = Array.from({ length: high }, (_, r) => [
        String(r + 1),
        ...Array.from({ length: wide }, (_, c) => number(values[from + r * columns + c])),
      ]);
      const cut =
        high < rows || wide < columns
          ? tr(" (the first {rows} × {columns})", { rows: high, columns: wide })
          : "";
      return {
        caption: tr("{symbol} at epoch {epoch}{part}", {
          symbol: this.letter(l + 1),
          epoch: scene.epoch,
          part: cut,
        }),
        head,
        rows: body,
      };
    });
  }
}

export class WeightsView extends MatrixView {
  /** The cell that the keyboard has chosen. @type {Cell | null} */
  cell = null;

  /** @param {WeightsSettings} settings */
  constructor(settings) {
    const hold = settings.choose && new HoldBox(settings.choose);
    super("weights", { ...settings, controls: hold ? [hold.label] : [] });
    this.hold = hold;
    this.settings = settings;
    this.offer = settings.edit ? [tr("click to edit")] : [];
    const key = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    const blur = () => this.#choose(null);
    this.frame = make("div", {
      class: "cells",
      tabindex: 0,
      role: "group",
      "aria-label": settings.edit
        ? tr("Cells of the weights: arrow keys choose one, Enter edits it")
        : tr("Cells of the weights: arrow keys choose one"),
      on: { keydown: key, blur },
    });
    this.plot.replaceWith(this.frame);
    this.spoken = make("span", { class: "spoken", "aria-live": "polite" });
    this.frame.append(this.plot, this.spoken);
  }

  /**
   * @param {Scene} scene
   * @param {number} l
   */
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

  /** @param {number} l */
  letter(l) {
    return `${symbol("W", l)} ${symbol("b", l)}`;
  }

  /**
   * @param {Scene} scene
   * @param {number} l
   * @param {number} column
   */
  columnName({ setup, sizes }, l, column) {
    if (column === sizes[l - 1]) return "b";
    return l === 1 ? unitName(setup, 0, column) : String(column + 1);
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   */
  showState(scene, options) {
    showScale(this.note, scene.ranges.weights.half);
    this.hold?.show(options);
  }

  /**
   * @param {Context} context
   * @param {Scene} scene
   */
  mark(context, scene) {
    if (!this.cell) return;
    const { layer, row, column } = this.cell;
    this.outline(context, scene, layer, [row, column], [1, 1]);
  }

  /**
   * @param {PlotPoint} point
   * @returns {Hit | null}
   */
  hit(point) {
    const cell = this.cellAt(point);
    return cell && this.scene
      ? { lines: [...cellWords(this.scene, cell), ...this.offer], cell }
      : null;
  }

  /**
   * Move through the cells with the arrow keys, and on into the next layer.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    const { cell, scene, settings } = this;
    const step = ARROWS[event.key];
    const enter = event.key === "Enter" && cell && settings.edit;
    if (!(step || enter) || !scene) return;
    event.preventDefault();
    event.stopPropagation();
    if (enter) return settings.edit?.(cell, this.middle(scene, cell), this);
    const chosen = cell ? this.#moved(scene, cell, step) : { layer: 1, row: 0, column: 0 };
    this.#choose(chosen);
    setText(this.spoken, cellWords(scene, chosen).join(" "));
  }

  /**
   * @param {Scene} scene
   * @param {Cell} cell
   * @param {[down: number, right: number]} step
   * @returns {Cell}
   */
  #moved(scene, cell, [down, right]) {
    const { layer, row, column } = cell;
    const { rows, columns } = this.matrix(scene, layer);
    const next = {
      layer,
      row: Math.max(0, Math.min(rows - 1, row + down)),
      column: column + right,
    };
    if (next.column >= 0 && next.column < columns) return next;
    const other = layer + right;
    if (other < 1 || other > this.traces.length) return cell;
    const size = this.matrix(scene, other);
    return {
      layer: other,
      row: Math.min(row, size.rows - 1),
      column: right > 0 ? 0 : size.columns - 1,
    };
  }

  /** @param {Cell | null} cell */
  #choose(cell) {
    this.cell = cell;
    this.settings.repaint(this);
  }

  /** @param {Scene} scene */
  describe({ epoch, theta, layers }) {
    const ranges = layers.map(({ at, outputs, inputs }, l) => {
      const part = theta.subarray(at, at + outputs * (inputs + 1));
      const [low, high] = part.reduce(
        ([a, b], v) => [Math.min(a, v), Math.max(b, v)],
        [Infinity, -Infinity],
      );
      return tr("{symbol} from {low} to {high}", {
        symbol: this.letter(l + 1),
        low: number(low),
        high: number(high),
      });
    });
    return tr("Weights and biases at epoch {epoch}: {ranges}.", {
      epoch,
      ranges: ranges.join(tr(", ")),
    });
  }
}

export class DeltasView extends MatrixView {
  /** @param {ViewSettings & { choose?: Choose, fixed?: boolean }} settings with `fixed` a click chooses no example */
  constructor(settings) {
    const hold = settings.choose && new HoldBox(settings.choose);
    super("deltas", { ...settings, controls: hold ? [hold.label] : [] });
    this.hold = hold;
    this.offer = settings.fixed ? [] : [tr("click to see only this example")];
  }

  /**
   * @param {Scene} scene
   * @param {number} l
   */
  matrix(scene, l) {
    const { sizes, probe, delta, ranges } = scene;
    const from = scene.deltaAt(l);
    return { rows: sizes[l], columns: probe.count, values: delta, from, half: ranges.deltas.half };
  }

  /** @param {number} l */
  letter(l) {
    return symbol("δ", l);
  }

  /**
   * @param {Scene} scene
   * @param {number} _
   * @param {number} column
   */
  columnName({ probe }, _, column) {
    return probe.labels[column];
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   */
  showState(scene, options) {
    showScale(this.note, scene.ranges.deltas.half);
    this.hold?.show(options);
    if (this.offer.length) setText(this.about, ABOUT_DELTAS);
  }

  /**
   * Frame the chosen example in every layer.
   * @param {Context} context
   * @param {Scene} scene
   * @param {DrawOptions} options
   */
  mark(context, scene, { example }) {
    if (example === null) return;
    this.traces.forEach((_, l) => {
      this.outline(context, scene, l + 1, [0, example], [scene.sizes[l + 1], 1]);
    });
  }

  /**
   * @param {PlotPoint} point
   * @returns {Hit | null}
   */
  hit(point) {
    const cell = this.cellAt(point);
    if (!cell || !this.scene) return null;
    const { layer, row, column } = cell;
    const { values, from, columns } = this.matrix(this.scene, layer);
    const value = exact(values[from + row * columns + column]);
    const { setup, probe } = this.scene;
    const lines = [
      tr("{symbol} = {value}, includes 1/n, n = {number}", {
        symbol: symbol("δ", layer, row),
        value,
        number: columns,
      }),
      `n·${symbol("δ", layer, row)} = ${exact(columns * values[from + row * columns + column])}`,
      unitName(setup, layer, row),
      tr("example {name}", { name: probe.labels[column] }),
      ...this.offer,
    ];
    return { lines, example: column };
  }

  /** @param {Scene} scene */
  describe(scene) {
    const tops = scene.layers.map((_, l) =>
      tr("{symbol} up to {number}", {
        symbol: this.letter(l + 1),
        number: number(scene.largestDelta(l + 1)),
      }),
    );
    return trMany(
      scene.probe.count,
      "Deltas of {n} example at epoch {epoch}: {layers}.",
      "Deltas of {n} examples at epoch {epoch}: {layers}.",
      { epoch: scene.epoch, layers: tops.join(tr(", ")) },
    );
  }
}
