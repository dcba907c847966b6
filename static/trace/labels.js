// What the arrays of a walk hold: which unit, input or example each row and column is, and what a
// cell is called.

import { unitName } from "../shared/names.js";
import { plain, withoutOnes } from "./tex_to_text.js";

const COLUMNS = new Set(["z", "a", "out", "mask", "slope", "delta", "back", "y", "x"]);
const FLAT = new Set(["theta", "grad", "memory"]);
const MATRIX = new Set(["W", "Wb", "dWb"]);
const SINGLE = new Set(["loss", "number", "rate"]); // one number for all examples

/** How many parameters the layers below `layer` have. */
export const offset = (sizes, layer) =>
  sizes.slice(0, layer - 1).reduce((sum, below, l) => sum + sizes[l + 1] * (below + 1), 0);

const parameters = (sizes) => offset(sizes, sizes.length);

export class Places {
  /** `about` is the head of the payload, `views` those of the tape. */
  constructor(about, views) {
    Object.assign(this, { about, views, sizes: about.network.sizes });
    this.top = this.sizes.length - 1;
  }

  /** A short label: of a row or a column. */
  label({ type, layer }, index) {
    const { network, examples } = this.about;
    if (type === "example") return examples[index].split(" ", 1)[0];
    if (type !== "unit") return type === "one" ? "" : String(index + 1);
    if (index === this.sizes[layer]) return "bias";
    if (layer === 0) return network.inputs[index] ?? `x${index + 1}`;
    if (layer === this.top) return network.outputs[index] ?? `unit ${index + 1}`;
    return `unit ${index + 1}`;
  }

  /** The same in full. */
  words({ type, layer }, index) {
    if (type === "example") return `example ${this.about.examples[index].split(" ", 1)[0]}`;
    if (type !== "unit") return "";
    if (index === this.sizes[layer]) return "the bias neuron";
    if (layer === 0) return `input ${this.label({ type, layer }, index)}`;
    if (layer === this.top) return unitName(this.about, layer, index);
    return `unit ${index + 1}`; // its layer stands above the symbol
  }

  /**
   * The tables that show what an entry {view, symbol, kind, layer} names: each {entry, view, symbol,
   * rows, columns, rowAxis, columnAxis, layer, cell(i, j)}. A vector of all parameters is a table per
   * layer, one row for each unit it enters and the bias as the last column.
   */
  tables(entry) {
    const view = this.views[entry.view];
    if (view.columns === 1 && view.rows === parameters(this.sizes) && view.rows > 1)
      return this.#layers(entry);
    const turned = entry.symbol.includes("\\top");
    const [rowAxis, columnAxis] = turned
      ? this.#axes(entry, view).reverse()
      : this.#axes(entry, view);
    const { rows, columns } = view;
    const cell = (i, j) => [i, j];
    return [
      {
        entry,
        view,
        symbol: entry.symbol,
        rows,
        columns,
        rowAxis,
        columnAxis,
        cell,
      },
    ];
  }

  #axes({ kind, layer, symbol }, { rows, columns }) {
    const one = { type: "one" };
    const unit = (own) => ({ type: "unit", layer: own });
    const [down, across] = symbol.includes("\\top") ? [columns, rows] : [rows, columns];
    const own = kind === "y" ? this.top : kind === "x" ? 0 : layer;
    if (MATRIX.has(kind)) return [unit(layer), unit(layer - 1)];
    const examples = across === this.about.examples.length && !SINGLE.has(kind);
    if (COLUMNS.has(kind)) return [unit(own), { type: "example" }];
    if (examples && down === 1) return [one, { type: "example" }];
    return [down === 1 ? one : { type: "place" }, across === 1 ? one : { type: "place" }];
  }

  #layers(entry) {
    return this.sizes.slice(1).map((rows, below) => {
      const layer = below + 1;
      const columns = this.sizes[below] + 1;
      const from = offset(this.sizes, layer);
      return {
        entry,
        view: this.views[entry.view],
        symbol: this.#ofLayer(entry, layer),
        rows,
        columns,
        layer,
        rowAxis: { type: "unit", layer },
        columnAxis: { type: "unit", layer: below },
        cell: (i, j) => [from + i * columns + j, 0],
      };
    });
  }

  #ofLayer({ symbol, kind }, layer) {
    const both = `[W^{(${layer})}\\; b^{(${layer})}]`;
    if (kind === "theta") return both;
    if (kind === "grad") return `\\frac{\\partial L}{\\partial ${both}}`;
    return symbol ? `${symbol} \\text{ of } ${both}` : "";
  }

  /** Whether an entry holds parameters, or what belongs to each of them. */
  holdsParameters(entry) {
    return MATRIX.has(entry.kind) || this.views[entry.view]?.rows === parameters(this.sizes);
  }

  /** Which parameter {layer, unit, below} cell (i, j) of an entry's view is or belongs to, or null. */
  parameter(entry, i, j) {
    if (entry.view < 0 || !this.holdsParameters(entry)) return null;
    if (MATRIX.has(entry.kind)) {
      const [unit, below] =
        entry.symbol.includes("\\top") && entry.kind !== "dWb" ? [j, i] : [i, j];
      return { layer: entry.layer, unit, below };
    }
    let layer = 1;
    while (i >= offset(this.sizes, layer + 1)) layer++;
    const place = i - offset(this.sizes, layer);
    const width = this.sizes[layer - 1] + 1;
    return { layer, unit: Math.floor(place / width), below: place % width };
  }

  /** Where a parameter lies in a vector of all. */
  index({ layer, unit, below }) {
    return offset(this.sizes, layer) + unit * (this.sizes[layer - 1] + 1) + below;
  }

  /** What a parameter is called: W⁽¹⁾ from x1 to unit 2. */
  parameterName({ layer, unit, below }, letter = (base) => base) {
    const bias = below === this.sizes[layer - 1];
    const base = plain(`${bias ? "b" : "W"}^{(${layer})}`);
    const to = this.words({ type: "unit", layer }, unit);
    if (bias) return `${letter(base)} of ${to}`;
    return `${letter(base)} from ${this.words({ type: "unit", layer: layer - 1 }, below)} to ${to}`;
  }

  /** What cell (i, j) of an entry's view is called. */
  name(entry, i, j) {
    const own = this.parameter(entry, i, j);
    if (own) return this.parameterName(own, LETTERS[entry.kind] ?? of(plain(entry.symbol)));
    const [table] = this.tables(entry);
    const parts = [this.words(table.rowAxis, i), this.words(table.columnAxis, j)].filter(Boolean);
    const letter = plain(withoutOnes(entry.symbol));
    if (!letter) return ["a step on the way", ...parts].join(", ");
    return parts.length ? `${letter} of ${parts.join(", ")}` : letter;
  }
}

const of = (symbol) => (base) => (symbol ? `${symbol} of ${base}` : `a step on the way, ${base}`);
const slope = (base) => `∂L/∂${base}`;
const LETTERS = {
  theta: (base) => base,
  W: (base) => base,
  Wb: (base) => base,
  grad: slope,
  dWb: slope,
};

/** Whether an entry is a vector over all parameters. */
export const isFlat = (entry) => FLAT.has(entry.kind);
