// A table of numbers as a grid of coloured cells. Only the cells in sight are in the page: a large
// table scrolls. The arrow keys move from cell to cell; Enter or a double click opens a number.

import { make, setText } from "../shared/dom.js";
import { number, whole } from "../shared/format.js";
import { plain } from "../trace/tex_to_text.js";
import { put } from "./formula.js";

const CELL = { width: 53, height: 22, top: 20 };
const HEAD = { least: 44, most: 96, letter: 6.3, margin: 10 }; // px of the rows' labels
const PAGE = 8; // rows passed by Page Up and Page Down
const MIX = 58; // percent of colour in a cell at full strength: text on it can still be read

// How wide the rows' labels are: as wide as the longest of the first ones, within bounds.
function headOf({ rows, row }) {
  let letters = 0;
  for (let i = 0; i < Math.min(rows, 100); i++) letters = Math.max(letters, row(i).length);
  return Math.max(HEAD.least, Math.min(HEAD.most, letters * HEAD.letter + HEAD.margin));
}

/** How wide a table is when all its columns are in sight. */
export const widthOf = (table) => headOf(table) + table.columns * CELL.width;

export class Grid {
  /** `act` has choose(grid, i, j), open(grid, i, j) and rest(): the arrow keys have left the grid. */
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
   * Shows a table {symbol, rows, columns, value(i, j), row(i), column(j), name(i, j), muted(i, j)},
   * with `marked(i, j)` the cells that enter the result, `chosen` [i, j]; `arrives` if it is new.
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
    this.#head();
    this.#fit();
    this.#reveal(table.chosen);
    this.#draw();
    if (table.arrives) this.#arrive();
  }

  // The numbers come into their place, all at once: one thing moves, not a hundred.
  #arrive() {
    this.pane.classList.remove("arrives");
    requestAnimationFrame(() => this.pane.classList.add("arrives"));
  }

  #head() {
    const { symbol, rows, columns, title } = this.table;
    const size = make("span", { class: "size" }, `${whole(rows)} × ${whole(columns)}`);
    if (symbol) put(this.name, symbol);
    else setText(this.name, title ?? "");
    if (!symbol) this.name.tex = null;
    this.title.replaceChildren(this.name, size, this.window);
    this.pane.setAttribute(
      "aria-label",
      `${title ?? plain(symbol)}, ${rows} rows, ${columns} columns`,
    );
    this.pane.setAttribute("aria-rowcount", rows + 1);
    this.pane.setAttribute("aria-colcount", columns + 1);
  }

  // How many cells are in sight, and how far there is to scroll.
  #fit() {
    const { rows, columns } = this.table;
    const width = widthOf(this.table);
    const height = CELL.top + rows * CELL.height;
    this.head = headOf(this.table);
    this.high = Math.min(rows, this.table.most);
    this.pane.style.setProperty("--head", `${this.head}px`);
    Object.assign(this.scroller.style, {
      width: `${Math.min(width + 2, this.#room())}px`,
      height: `${CELL.top + this.high * CELL.height + (width + 2 > this.#room() ? 12 : 2)}px`,
    });
    Object.assign(this.space.style, { width: `${width}px`, height: `${height}px` });
    const room = this.#room();
    this.across = Math.max(1, Math.min(columns, Math.floor((room - this.head) / CELL.width)));
  }

  #room() {
    return Math.max(this.head + CELL.width, this.table.room);
  }

  // Scrolls so that a cell is in sight.
  #reveal([i, j]) {
    const { rows, columns } = this.table;
    const into = (at, now, count, most) =>
      Math.max(0, Math.min(at < now ? at : at >= now + count ? at - count + 1 : now, most - count));
    this.top = into(i, this.top ?? 0, this.high, rows);
    this.left = into(j, this.left ?? 0, this.across, columns);
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
    const at = (way, size, count, most) =>
      Math.max(0, Math.min(Math.round(way / size), most - count));
    const left = at(this.scroller.scrollLeft, CELL.width, this.across, columns);
    const top = at(this.scroller.scrollTop, CELL.height, this.high, rows);
    if (left === this.left && top === this.top) return;
    const [x, y] = this.placed ?? [];
    if (this.scroller.scrollLeft === x && this.scroller.scrollTop === y) return; // our own move
    Object.assign(this, { left, top });
    this.#draw();
  }

  #draw() {
    const { rows, columns, row, column } = this.table;
    const focused = this.pane.contains(document.activeElement);
    const across = Array.from({ length: this.across }, (_, k) => this.left + k);
    const heads = across.map((j) =>
      make("span", { role: "columnheader", "aria-colindex": j + 2, title: column(j) }, column(j)),
    );
    const corner = make("span", { role: "columnheader", class: "corner", "aria-colindex": 1 });
    corner.append(make("span", { class: "spoken" }, "row"));
    const top = make("div", { role: "row", "aria-rowindex": 1, class: "heads" }, corner, ...heads);
    const lines = Array.from({ length: this.high }, (_, k) => this.top + k).map((i) =>
      make(
        "div",
        { role: "row", "aria-rowindex": i + 2 },
        make("span", { role: "rowheader", "aria-colindex": 1, title: row(i) }, row(i)),
        ...across.map((j) => this.#cell(i, j)),
      ),
    );
    this.pane.replaceChildren(top, ...lines);
    const part = (from, count, most, what) =>
      count < most ? `${what} ${from + 1}–${from + count} of ${whole(most)}` : "";
    const parts = [
      part(this.left, this.across, columns, "columns"),
      part(this.top, this.high, rows, "rows"),
    ];
    setText(this.window, parts.filter(Boolean).join(", "));
    if (focused) this.focus();
  }

  #cell(i, j) {
    const { value, name, muted, marked, chosen } = this.table;
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

  /** Puts the keyboard on the chosen cell. */
  focus() {
    this.pane.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  }

  #pointed(event, act) {
    const cell = event.target.closest("[data-cell]");
    if (!cell) return;
    const [i, j] = cell.dataset.cell.split(",").map(Number);
    act(this, i, j);
    if (act === this.act.choose) this.focus();
  }

  #key(event) {
    const move = MOVES[event.key];
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      this.act.open(this, ...this.table.chosen);
    } else if (move) {
      event.preventDefault();
      event.stopPropagation();
      const { rows, columns, chosen } = this.table;
      const within = (at, most) => Math.max(0, Math.min(most - 1, at));
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
