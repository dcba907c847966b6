// The equation itself: in symbols, with shapes, with numbers; its operands and its result as tables.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { DIGITS, digits, exactly, opener } from "../trace/digits.js";
import { isTransposed } from "../trace/labels.js";
import { nameOf } from "../trace/provenance.js";
import { lineName, PHASES } from "../trace/sentences.js";
import { constantTitle, tablesOf } from "../trace/tables.js";
import { put } from "./formula.js";
import { Grid, widthOf } from "./grid.js";
import { Numbers } from "./numbers.js";

/** @import { Labels } from "../trace/labels.js" */
/** @import { Trace } from "../trace/trace.js" */
/**
 * @import {
 *   Cell, GridTable, Line, LineTables, ShownTable, TimedRead
 * } from "../trace/types.js"
 */
/** @import { Moments } from "./network_state.js" */
/** @import { Selection } from "./selection.js" */

/**
 * A traced step with what is chosen in it.
 * @typedef {{
 *   trace: Trace, labels: Labels, moments: Moments, loss: string, selection: Selection,
 * }} Walk
 */

const LEAST = 230; // px beside another table that a table wider than the page is content with
const GAP = 14;
const ALONE = 460; // px: less is a telephone
const ROW = 22; // px
const HEADS = 2.7; // rows that a table's headings take
const SPARE = 0.7; // rows left free
const [FEWEST, MOST] = [4, 12]; // rows of a table in sight

export class Equation {
  /** @type {Line | null} */
  line = null;
  /** The tables of the line, those on show, and the last of them, its result. @type {LineTables | null} */
  found = null;
  /** @type {ShownTable[]} */
  shown = [];
  /** @type {Grid[]} */
  grids = [];
  /** The table that was chosen in; null for the result. @type {number | null} */
  focus = null;
  /** Pixels from the top of the window to the equation. */
  top = 150;
  /** The address of the chosen number, and the addresses that enter it. */
  address = 0;
  /** @type {Set<number>} */
  entering = new Set();
  /** The chosen number as it is read out. */
  spoken = "";

  /**
   * @param {Walk} walk
   * @param {{ changed(): void, open(cell: Cell): void }} act
   */
  constructor(walk, act) {
    const { trace, labels, moments, selection } = walk;
    this.trace = trace;
    this.labels = labels;
    this.moments = moments;
    this.selection = selection;
    this.act = act;
    this.heading = make("h2", { tabindex: -1 });
    this.sentence = make("p", { class: "says" });
    this.chain = make("div", { class: "chain" });
    this.symbols = make("div", { class: "symbols" });
    this.shapes = make("div", { class: "shapes" });
    this.numbers = new Numbers(walk, act.open);
    this.of = make("h3");
    this.unit = make("div", { class: "one-unit" });
    this.picked = make("p", { class: "picked" });
    this.layers = make("div", { class: "layers", role: "group", "aria-label": tr("Layer") });
    this.tables = make("div", { class: "tables" });
    this.element = make("article", { class: "equation" }, ...this.#parts());
  }

  #parts() {
    /** @type {HTMLSelectElement} */
    const choice = make(
      "select",
      { on: { change: () => this.#digits(Number(choice.value)) } },
      ...Object.entries(DIGITS).map(([value, text]) => make("option", { value }, text)),
    );
    const label = make("label", {}, tr("Digits"), choice);
    const head = make("header", { class: "numbers-of" }, this.of, label);
    return [
      this.heading,
      make("div", { class: "forms" }, this.symbols, this.shapes),
      make("div", { class: "explained" }, this.sentence, this.chain),
      make(
        "section",
        { class: "with-numbers" },
        head,
        this.unit,
        this.numbers.element,
        this.picked,
      ),
      this.layers,
      this.tables,
    ];
  }

  /** @param {number} count */
  #digits(count) {
    this.numbers.count = count;
    if (this.line && this.found) this.#fill(this.line, this.found);
  }

  /**
   * Show a line; `arrives` when one has just stepped there.
   * @param {Line} line
   * @param {boolean} arrives
   */
  show(line, arrives) {
    const fresh = line !== this.line;
    this.line = line;
    if (fresh) this.#print(line);
    this.found = tablesOf(this.trace, this.labels, line);
    if (fresh) this.focus = null;
    if (line.layer) this.selection.layer = line.layer;
    this.#tabulate(line, this.found, arrives && fresh);
  }

  /** @param {Line} line */
  #print(line) {
    const name = lineName(line);
    const phase = PHASES[line.phase];
    setText(this.heading, name ? tr("{phase}: {name}", { phase, name }) : phase);
    setText(this.sentence, line.sentence);
    this.chain.hidden = !line.chain;
    if (line.chain) put(this.chain, line.chain);
    this.unit.hidden = !line.unit;
    if (line.unit) put(this.unit, line.unit);
    put(this.symbols, line.formula, "large");
    this.shapes.hidden = !line.shaped;
    if (line.shaped) put(this.shapes, line.shaped, "small");
  }

  // ---- the tables

  /**
   * @param {TimedRead} timed
   * @returns {ShownTable}
   */
  #table({ read, time }) {
    const tables = this.labels.tables(read);
    const layers = tables.length > 1;
    const own = layers ? tables[this.selection.layer - 1] : tables[0];
    return { ...own, time, layered: layers };
  }

  /** The table of the result. */
  get result() {
    return this.shown[this.shown.length - 1];
  }

  /**
   * @param {Line} line
   * @param {LineTables} found
   * @param {boolean} arrives
   */
  #tabulate(line, found, arrives) {
    const { operands, steps, result } = found;
    const all = [...operands, ...steps, result].map((one) => this.#table(one));
    this.shown = all;
    this.#layered();
    this.#reach(line);
    const cells = all.map((table, k) =>
      this.#cells(line, table, k < all.length - 1 ? this.entering : null),
    );
    this.#fill(line, found);
    const rooms = this.#rooms(cells);
    while (this.grids.length < all.length) this.grids.push(new Grid(this.#acts()));
    const used = this.grids.slice(0, all.length);
    if (this.tables.children.length !== used.length || this.tables.firstChild !== used[0]?.element)
      this.tables.replaceChildren(...used.map(({ element }) => element));
    used.forEach((grid, k) => {
      const last = k === all.length - 1;
      grid.show({ ...cells[k], ...rooms[k], arrives: last && arrives });
      grid.element.classList.toggle("result", last);
    });
  }

  #acts() {
    /** @type {import("./grid.js").CellAction} */
    const choose = (grid, i, j) => this.#choose(grid, i, j);
    return {
      choose,
      open: (/** @type {Grid} */ grid, /** @type {number} */ i, /** @type {number} */ j) => {
        this.#choose(grid, i, j);
        this.act.open(this.#cellOf(this.shown[this.grids.indexOf(grid)]));
      },
    };
  }

  /**
   * @param {Grid} grid
   * @param {number} i
   * @param {number} j
   */
  #choose(grid, i, j) {
    const table = this.shown[this.grids.indexOf(grid)];
    this.focus = this.grids.indexOf(grid);
    this.selection.take(table.rowAxis, i);
    this.selection.take(table.columnAxis, j);
    this.act.changed();
  }

  /**
   * @param {ShownTable} table
   * @param {number} i
   * @param {number} j
   */
  #address(table, i, j) {
    return this.trace.address(table.entry.view, ...table.cell(i, j));
  }

  /**
   * Return what a grid shows of a table; cells in `entering` are marked.
   * @param {Line} line
   * @param {ShownTable} table
   * @param {Set<number> | null} entering
   * @returns {GridTable}
   */
  #cells(line, table, entering) {
    const { trace, labels, moments } = this;
    const { entry, time, rowAxis, columnAxis } = table;
    const cell = (/** @type {number} */ i, /** @type {number} */ j) => this.#address(table, i, j);
    const value = (/** @type {number} */ i, /** @type {number} */ j) =>
      trace.value(cell(i, j), time);
    const turned = isTransposed(entry);
    return {
      symbol: table.symbol,
      title: table.symbol ? undefined : constantTitle(line),
      rows: table.rows,
      columns: table.columns,
      value,
      row: (i) => labels.label(rowAxis, i) || "all",
      column: (j) => labels.label(columnAxis, j) || "all",
      name: (i, j) => labels.name(entry, ...table.cell(i, j)),
      marked: entering && ((i, j) => entering.has(cell(i, j))),
      muted: (i, j) =>
        MUTABLE.has(entry.kind) &&
        value(i, j) === 0 &&
        moments.isDropped(entry.layer, turned ? j : i, turned ? i : j),
      chosen: this.#chosen(table),
    };
  }

  /**
   * Return the chosen row and column of a table.
   * @param {ShownTable} table
   * @returns {[number, number]}
   */
  #chosen({ rowAxis, columnAxis, rows, columns }) {
    return [this.selection.at(rowAxis, rows), this.selection.at(columnAxis, columns)];
  }

  /**
   * Return {room, most}: how many pixels each table gets, beside the one before while there is room, and
   * how many rows are in sight, so that all tables together end where the window does.
   * @param {GridTable[]} tables
   */
  #rooms(tables) {
    const all = this.tables.clientWidth || 560;
    /** Rows of the tables that stand side by side. @type {number[]} */
    const high = [];
    let left = 0;
    const rooms = tables.map((table) => {
      const natural = widthOf(table) + 2;
      if (natural > left && (natural <= all || left < LEAST)) {
        left = all;
        high.push(0);
      }
      const room = Math.min(natural, left);
      left -= room + GAP;
      high.push(Math.max(high.pop() ?? 0, table.rows));
      return room;
    });
    const { top } = this.tables.getBoundingClientRect();
    const above = top - this.element.getBoundingClientRect().top + this.top;
    const stack = (globalThis.innerHeight - above) / ROW - SPARE;
    const total = (/** @type {number} */ most) =>
      high.reduce((sum, rows) => sum + Math.min(rows, most) + HEADS, 0);
    let most = all < ALONE ? FEWEST * 2 : MOST;
    if (all < ALONE) return rooms.map((room) => ({ room, most })); // one column scrolls anyway
    while (most > FEWEST && total(most) > stack) most -= 1;
    return rooms.map((room) => ({ room, most }));
  }

  // One table per layer where an equation is about all parameters: which layer is on show.
  #layered() {
    const { sizes } = this.labels;
    this.layers.hidden = !this.shown.some(({ layered }) => layered) || sizes.length < 3;
    if (this.layers.hidden) return;
    const buttons = sizes.slice(1).map((_, below) => {
      const layer = below + 1;
      const choose = () => {
        this.selection.layer = layer;
        this.act.changed();
      };
      const pressed = String(this.selection.layer === layer);
      return button(tr("Layer {layer}", { layer }), choose, {
        attributes: { "aria-pressed": pressed },
      });
    });
    const focused = document.activeElement;
    const active = focused ? [...this.layers.children].indexOf(focused) : -1;
    this.layers.replaceChildren(...buttons);
    if (active >= 0) buttons[active]?.focus();
  }

  // ---- the chosen cell

  /**
   * Find the chosen number of the result, and what enters it.
   * @param {Line} line
   */
  #reach(line) {
    const [i, j] = this.#chosen(this.result);
    this.address = this.#address(this.result, i, j);
    this.entering = this.trace.within(line, this.address).entering;
  }

  /** @param {ShownTable} table */
  #cellOf(table) {
    const [i, j] = this.#chosen(table);
    return this.trace.cell(table.entry, ...table.cell(i, j), table.time);
  }

  /**
   * @param {Line} line
   * @param {LineTables} found
   */
  #fill(line, found) {
    this.numbers.show(line, this.address, this.selection.example);
    const result = this.#cellOf(this.result);
    setText(this.of, tr("With numbers, for {cell}", { cell: nameOf(this.labels, result) }));
    const table = this.shown[this.focus ?? this.shown.length - 1];
    const cell = this.#cellOf(table);
    const name = nameOf(this.labels, cell);
    const value = exactly(cell.value);
    const single = found.numbers.map(({ read, time }) => {
      const one = this.trace.cell(read, 0, 0, time);
      const letter = read.symbol?.text ?? "";
      const words =
        read.kind === "rate" ? tr("learning rate {symbol}", { symbol: letter }) : letter;
      const number = opener(one, { count: 9, open: this.act.open, name: words });
      return make("span", { class: "rate" }, `${letter} = `, number);
    });
    this.picked.replaceChildren(
      make(
        "span",
        { class: "cell", "data-picked": String(cell.value) },
        table === this.result ? tr("exactly {value}", { value }) : `${name} = ${value}`,
      ),
      ...this.#divided(table, cell),
      button(tr("Where does it come from?"), () => this.act.open(cell), { kind: "link" }),
      ...single,
    );
    this.spoken = `${name} = ${digits(result.value, 4)}`;
  }

  /**
   * Return what an error term of one example is divided by, and what it is without that.
   * @param {ShownTable} table
   * @param {Cell} cell
   */
  #divided({ entry }, { value }) {
    if (!ERRORS.has(entry.kind) || isTransposed(entry)) return [];
    const n = this.labels.about.examples.length;
    if (n === 1) return [make("span", { class: "divided" }, tr("n = 1: the factor 1/n is 1"))];
    const letter = entry.symbol?.text ?? "";
    const alone = make("b", { "data-alone": String(n * value) }, digits(n * value, 6));
    const text = tr("includes 1/n, n = {n}; without it, for this example, n·{symbol} = ", {
      n,
      symbol: letter,
    });
    return [make("span", { class: "divided" }, text, alone)];
  }
}

const ERRORS = new Set(["delta", "back"]);
const MUTABLE = new Set(["out", "a", "mask", "delta", "back"]);
