// What the arrays of a traced step hold: which unit, input or example each row and column is, and
// what a cell is called.

import { symbol } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { unitName, weightName } from "../shared/names.js";

/** @import { ArrayName, Entry, EntryTable, Parameter, Read, StepMeta, TableAxis, View } from "./types.js" */

/** The head of a traced step, as far as names need it. @typedef {Pick<StepMeta, "network" | "examples" | "epoch">} About */

const COLUMNS = new Set(["z", "a", "out", "mask", "slope", "delta", "back", "y", "x"]);
const MATRIX = new Set(["W", "Wb", "dWb"]);
const SINGLE = new Set(["loss", "number", "rate"]); // one number for all examples

/** @type {TableAxis} */
const ONE = { type: "one", layer: 0 };
/** @type {TableAxis} */
const PLACE = { type: "place", layer: 0 };
/** @type {TableAxis} */
const EXAMPLE = { type: "example", layer: 0 };
/** @type {(layer: number) => TableAxis} */
const unitsOf = (layer) => ({ type: "unit", layer });

/** @param {Pick<Entry, "symbol">} entry */
export const isTransposed = (entry) => !!entry.symbol?.transposed;

/**
 * Return how many parameters the layers below `layer` have.
 * @param {number[]} sizes
 * @param {number} layer
 */
export const offset = (sizes, layer) =>
  sizes.slice(0, layer - 1).reduce((sum, inputs, l) => sum + sizes[l + 1] * (inputs + 1), 0);

/** @param {number[]} sizes */
const countParameters = (sizes) => offset(sizes, sizes.length);

export class Labels {
  /**
   * @param {About} about the head of the payload
   * @param {View[]} views those of the trace
   */
  constructor(about, views) {
    this.about = about;
    this.views = views;
    this.sizes = about.network.sizes;
    this.top = this.sizes.length - 1;
  }

  /**
   * Return a short label of a row or a column.
   * @param {TableAxis} axis
   * @param {number} index
   */
  label({ type, layer }, index) {
    const { network, examples } = this.about;
    if (type === "example") return examples[index].split(" ", 1)[0];
    if (type !== "unit") return type === "one" ? "" : String(index + 1);
    if (index === this.sizes[layer]) return tr("bias");
    if (layer === 0) return network.inputs[index] ?? `x${index + 1}`;
    if (layer === this.top) return network.outputs[index] ?? tr("unit {unit}", { unit: index + 1 });
    return tr("unit {unit}", { unit: index + 1 });
  }

  /**
   * Return the same label in full.
   * @param {TableAxis} axis
   * @param {number} index
   */
  words({ type, layer }, index) {
    if (type === "example")
      return tr("example {name}", { name: this.about.examples[index].split(" ", 1)[0] });
    if (type !== "unit") return "";
    if (index === this.sizes[layer]) return tr("the bias neuron");
    if (layer === 0) return tr("input {name}", { name: this.label({ type, layer }, index) });
    if (layer === this.top) return unitName(this.about, layer, index);
    return tr("unit {unit}", { unit: index + 1 }); // its layer stands above the symbol
  }

  /**
   * Return the tables that show an entry. A vector of all parameters is a table per layer, with one
   * row for each unit and the bias as the last column.
   * @param {Read} entry
   * @returns {EntryTable[]}
   */
  tables(entry) {
    const view = this.views[entry.view];
    if (view.columns === 1 && view.rows === countParameters(this.sizes) && view.rows > 1)
      return this.#layers(entry);
    const axes = this.#axes(entry, view);
    const [rowAxis, columnAxis] = isTransposed(entry) ? axes.reverse() : axes;
    const { rows, columns } = view;
    return [
      {
        entry,
        view,
        symbol: entry.symbol,
        rows,
        columns,
        rowAxis,
        columnAxis,
        cell: (i, j) => [i, j],
      },
    ];
  }

  /**
   * Return the axes of an array's rows and columns before it was transposed.
   * @param {Entry} entry
   * @param {View} view
   * @returns {TableAxis[]}
   */
  #axes(entry, { rows, columns }) {
    const { kind, layer } = entry;
    const [down, across] = isTransposed(entry) ? [columns, rows] : [rows, columns];
    const own = kind === "y" ? this.top : kind === "x" ? 0 : layer;
    if (MATRIX.has(kind)) return [unitsOf(layer), unitsOf(layer - 1)];
    if (COLUMNS.has(kind)) return [unitsOf(own), EXAMPLE];
    const examples = across === this.about.examples.length && !SINGLE.has(kind);
    if (examples && down === 1) return [ONE, EXAMPLE];
    return [down === 1 ? ONE : PLACE, across === 1 ? ONE : PLACE];
  }

  /**
   * @param {Read} entry
   * @returns {EntryTable[]}
   */
  #layers(entry) {
    return this.sizes.slice(1).map((rows, below) => {
      const layer = below + 1;
      const columns = this.sizes[below] + 1;
      const from = offset(this.sizes, layer);
      return {
        entry,
        view: this.views[entry.view],
        symbol: entry.symbol?.layers[below] ?? null,
        rows,
        columns,
        layer,
        rowAxis: unitsOf(layer),
        columnAxis: unitsOf(below),
        cell: (i, j) => [from + i * columns + j, 0],
      };
    });
  }

  /**
   * Return whether an entry holds parameters, or what belongs to each of them.
   * @param {Entry} entry
   */
  holdsParameters(entry) {
    return MATRIX.has(entry.kind) || this.views[entry.view]?.rows === countParameters(this.sizes);
  }

  /**
   * Return the parameter that cell (i, j) of an entry's view is or belongs to, or null.
   * @param {Entry} entry
   * @param {number} i
   * @param {number} j
   * @returns {Parameter | null}
   */
  parameter(entry, i, j) {
    if (entry.view < 0 || !this.holdsParameters(entry)) return null;
    if (MATRIX.has(entry.kind)) {
      const [unit, below] = isTransposed(entry) && entry.kind !== "dWb" ? [j, i] : [i, j];
      return { layer: entry.layer, unit, below };
    }
    let layer = 1;
    while (i >= offset(this.sizes, layer + 1)) layer++;
    const place = i - offset(this.sizes, layer);
    const width = this.sizes[layer - 1] + 1;
    return { layer, unit: Math.floor(place / width), below: place % width };
  }

  /**
   * Return where a parameter lies in a vector of all.
   * @param {Parameter} parameter
   */
  index({ layer, unit, below }) {
    return offset(this.sizes, layer) + unit * (this.sizes[layer - 1] + 1) + below;
  }

  /**
   * Return what a parameter is called: W⁽¹⁾ from x1 to unit 2.
   * @param {Parameter} parameter
   * @param {(base: string) => string} letter turns W⁽¹⁾ into what is shown instead
   */
  parameterName({ layer, unit, below }, letter = (base) => base) {
    const bias = below === this.sizes[layer - 1];
    const base = symbol(bias ? "b" : "W", layer);
    const to = this.words(unitsOf(layer), unit);
    if (bias) return tr("{symbol} of {unit}", { symbol: letter(base), unit: to });
    return weightName(letter(base), this.words(unitsOf(layer - 1), below), to);
  }

  /**
   * Return what cell (i, j) of an entry's view is called.
   * @param {Read} entry
   * @param {number} i
   * @param {number} j
   */
  name(entry, i, j) {
    const parameter = this.parameter(entry, i, j);
    if (parameter) return this.parameterName(parameter, LETTERS[entry.kind] ?? of(entry.symbol));
    const [table] = this.tables(entry);
    const parts = [this.words(table.rowAxis, i), this.words(table.columnAxis, j)].filter(Boolean);
    const letter = entry.symbol?.letter;
    if (!letter) return [INTERMEDIATE, ...parts].join(tr(", "));
    return parts.length
      ? tr("{symbol} of {unit}", { symbol: letter, unit: parts.join(tr(", ")) })
      : letter;
  }
}

const INTERMEDIATE = tr("an intermediate value");

/** @type {(name: ArrayName | null) => (base: string) => string} */
const of = (name) => (base) =>
  name
    ? tr("{symbol} of {unit}", { symbol: name.text, unit: base })
    : `${INTERMEDIATE}${tr(", ")}${base}`;
const same = (/** @type {string} */ base) => base;
const derivative = (/** @type {string} */ base) => `∂L/∂${base}`;

/** @type {Record<string, (base: string) => string>} */
const LETTERS = { theta: same, W: same, Wb: same, grad: derivative, dWb: derivative };
