// A table of numbers as a grid of coloured cells. Only the cells in sight are in the page: a large
// table scrolls. The arrow keys move from cell to cell; Enter or a double click opens a number.

import { make, setText } from "../shared/dom.js";
import { number, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { put, putText } from "./formula.js";

/** @import { GridTable, PlacedTable } from "../trace/types.js" */

/**
 * What a click on a cell or the keyboard does.
 * @typedef {(grid: Grid, i: number, j: number) => void} CellAction
 */

const CELL = { width: 53, height: 22, top: 20 };
const HEAD = { least: 44, most: 96, letter: 6.3, margin: 10 }; // px of the rows' labels
const PAGE = 8; // rows passed by Page Up and Page Down
const MIX = 58; // percent of colour in a cell at full strength: text on it can still be read

/**
 * Return the width of the rows' labels: that of the longest of the first ones, within bounds.
 * @param {Pick<GridTable, "rows" | "row">} table
 */
function headOf({ rows, row }) {
  let letters = 0;
  for (let i = 0; i < Math.min(rows, 100); i++) letters = Math.max(letters, row(i).length);
  return Math.max(HEAD.least, Math.min(HEAD.most, letters * HEAD.letter + HEAD.margin));
}

/**
 * Return how wide a table is when all its columns are in sight.
 * @param {GridTable} table
 */
export const widthOf = (table) => headOf(table) + table.columns * CELL.width;

export class Grid {
  /** @type {PlacedTable | null} */
  table = null;
  /** The largest absolute value of the table. */
  half = 0;
  /** First row and column in sight, and how many are. */
  top = 0;
  left = 0;
  high = 0;
  across = 0;
  /** The width of the rows' labels. */
  head = 0;
  /** Where the table was scrolled to, and where it is, in pixels. @type {[number, number] | null} */
  placed = null;
  /** @type {[number, number] | null} */
  way = null;

  /** @param {{ choose: CellAction, open: CellAction }} act */
  constructor(act) {
    this.act = act;
    this.title = make("figcaption");
    this.name = make("span", { class: "name" });
    this.window = make("span", { class: "window" });
    this.pane = make("div", { class: "pane" });
    this.space = make("div", { class: "space" }, this.pane);
    this.scroller = make(
      "div",
      { class: "scroller", on: { scroll: () => this.#scrolled() } },
      this.space,
    );
    this.element = make("figure", { class: "grid" }, this.title, this.scroller);
    this.pane.addEventListener("click", (event) => this.#pointed(event, act.choose));
    this.pane.addEventListener("dblclick", (event) => this.#pointed(event, act.open));
    this.pane.addEventListener("keydown", (event) => this.#key(event));
    this.pane.setAttribute("role", "grid");
  }

  /**
   * Show a table; its cells that enter the result are marked.
   * @param {PlacedTable} table
   */
  show(table) {
    this.table = table;
    this.half = 0;
    for (let i = 0; i < table.rows; i++) {
      for (let j = 0; j < table.columns; j++) {
        const size = Math.abs(table.value(i, j));
        if (size > this.half && Number.isFinite(size)) this.half = size;
      }
    }
    this.#head(table);
    this.#fit(table);
    this.#reveal(table);
    this.#draw(table);
    if (table.arrives) this.#arrive();
  }

  // The numbers come into their place, all at once: one thing moves, not a hundred.
  #arrive() {
    this.pane.classList.remove("arrives");
    requestAnimationFrame(() => this.pane.classList.add("arrives"));
  }

  /** @param {PlacedTable} table */
  #head({ symbol, rows, columns, title }) {
    const size = make("span", { class: "size" }, `${whole(rows)} × ${whole(columns)}`);
    if (symbol) put(this.name, symbol);
    else putText(this.name, title ?? "");
    this.title.replaceChildren(this.name, size, this.window);
    this.pane.setAttribute(
      "aria-label",
      tr("{title}, {rows} rows, {columns} columns", {
        title: title ?? symbol?.text ?? "",
        rows,
        columns,
      }),
    );
    this.pane.setAttribute("aria-rowcount", String(rows + 1));
    this.pane.setAttribute("aria-colcount", String(columns + 1));
  }

  /**
   * Set how many cells are in sight, and how far there is to scroll.
   * @param {PlacedTable} table
   */
  #fit(table) {
    const { rows, columns } = table;
    const width = widthOf(table);
    const height = CELL.top + rows * CELL.height;
    this.head = headOf(table);
    this.high = Math.min(rows, table.most);
    const room = Math.max(this.head + CELL.width, table.room);
    this.pane.style.setProperty("--head", `${this.head}px`);
    Object.assign(this.scroller.style, {
      width: `${Math.min(width + 2, room)}px`,
      height: `${CELL.top + this.high * CELL.height + (width + 2 > room ? 12 : 2)}px`,
    });
    Object.assign(this.space.style, { width: `${width}px`, height: `${height}px` });
    this.across = Math.max(1, Math.min(columns, Math.floor((room - this.head) / CELL.width)));
  }

  /**
   * Scroll so that the chosen cell is in sight.
   * @param {PlacedTable} table
   */
  #reveal({ rows, columns, chosen: [i, j] }) {
    /** @type {(at: number, now: number, count: number, most: number) => number} */
    const into = (at, now, count, most) =>
      Math.max(0, Math.min(at < now ? at : at >= now + count ? at - count + 1 : now, most - count));
    this.top = into(i, this.top, this.high, rows);
    this.left = into(j, this.left, this.across, columns);
    this.placed = [this.left * CELL.width, this.top * CELL.height];
    const [x, y] = this.placed;
    // To ask the scroller where it stands would have the whole page laid out, for each table again.
    if (this.way?.[0] !== x) this.scroller.scrollLeft = x;
    if (this.way?.[1] !== y) this.scroller.scrollTop = y;
    this.way = [x, y];
  }

  #scrolled() {
    this.way = [this.scroller.scrollLeft, this.scroller.scrollTop];
    if (!this.table) return;
    const { rows, columns } = this.table;
    /** @type {(way: number, size: number, count: number, most: number) => number} */
    const at = (way, size, count, most) =>
      Math.max(0, Math.min(Math.round(way / size), most - count));
    const left = at(this.scroller.scrollLeft, CELL.width, this.across, columns);
    const top = at(this.scroller.scrollTop, CELL.height, this.high, rows);
    if (left === this.left && top === this.top) return;
    const [x, y] = this.placed ?? [];
    if (this.scroller.scrollLeft === x && this.scroller.scrollTop === y) return; // our own move
    Object.assign(this, { left, top });
    this.#draw(this.table);
  }

  /** @param {PlacedTable} table */
  #draw(table) {
    const { rows, columns, row, column } = table;
    const focused = this.pane.contains(document.activeElement);
    const across = Array.from({ length: this.across }, (_, k) => this.left + k);
    const heads = across.map((j) =>
      make("span", { role: "columnheader", "aria-colindex": j + 2, title: column(j) }, column(j)),
    );
    const corner = make("span", { role: "columnheader", class: "corner", "aria-colindex": 1 });
    corner.append(make("span", { class: "spoken" }, tr("row")));
    const top = make("div", { role: "row", "aria-rowindex": 1, class: "heads" }, corner, ...heads);
    const lines = Array.from({ length: this.high }, (_, k) => this.top + k).map((i) =>
      make(
        "div",
        { role: "row", "aria-rowindex": i + 2 },
        make("span", { role: "rowheader", "aria-colindex": 1, title: row(i) }, row(i)),
        ...across.map((j) => this.#cell(table, i, j)),
      ),
    );
    this.pane.replaceChildren(top, ...lines);
    /** @type {(from: number, count: number, most: number) => Record<string, string | number>} */
    const part = (from, count, most) => ({
      first: from + 1,
      last: from + count,
      total: whole(most),
    });
    const { left, top: above, across: wide, high } = this;
    const parts = [];
    if (wide < columns)
      parts.push(tr("columns {first}–{last} of {total}", part(left, wide, columns)));
    if (high < rows) parts.push(tr("rows {first}–{last} of {total}", part(above, high, rows)));
    setText(this.window, parts.join(", "));
    if (focused) this.focus();
  }

  /**
   * @param {PlacedTable} table
   * @param {number} i
   * @param {number} j
   */
  #cell({ value, name, muted, marked, chosen }, i, j) {
    const own = value(i, j);
    const is = chosen[0] === i && chosen[1] === j;
    const share = this.half ? Math.min(1, Math.abs(own) / this.half) : 0;
    const kinds = [own > 0 ? "positive" : own < 0 ? "negative" : "zero"];
    if (marked?.(i, j)) kinds.push("marked");
    if (muted?.(i, j)) kinds.push("muted");
    const cell = make(
      "span",
      {
        role: "gridcell",
        class: kinds.join(" "),
        style: `--share: ${Math.round(share * MIX)}%`,
        tabindex: is ? 0 : -1,
        title: `${name(i, j)} = ${String(own).replace("-", "−")}`,
        "aria-colindex": j + 2,
        "aria-selected": String(is),
        "data-cell": `${i},${j}`,
        "data-value": String(own),
      },
      number(own),
    );
    return cell;
  }

  /** Put the keyboard on the chosen cell. */
  focus() {
    const cell = this.pane.querySelector('[tabindex="0"]');
    if (cell instanceof HTMLElement) cell.focus({ preventScroll: true });
  }

  /**
   * @param {Event} event
   * @param {CellAction} act
   */
  #pointed({ target }, act) {
    const cell = target instanceof Element ? target.closest("[data-cell]") : null;
    if (!(cell instanceof HTMLElement)) return;
    const [i, j] = (cell.dataset.cell ?? "").split(",").map(Number);
    act(this, i, j);
    if (act === this.act.choose) this.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.table) return;
    const move = MOVES[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.act.open(this, ...this.table.chosen);
    } else if (move) {
      event.preventDefault();
      event.stopPropagation();
      const { rows, columns, chosen } = this.table;
      const within = (/** @type {number} */ at, /** @type {number} */ most) =>
        Math.max(0, Math.min(most - 1, at));
      const far = event.ctrlKey ? 1e9 : 1;
      const [i, j] = [
        within(chosen[0] + far * move[0], rows),
        within(chosen[1] + far * move[1], columns),
      ];
      this.act.choose(this, i, j);
      this.focus();
    }
  }
}

/** Keys as steps down and right. @type {Record<string, [number, number]>} */
const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -1e9],
  End: [0, 1e9],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
};
