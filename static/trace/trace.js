// The trace of a step: what each call read and left, and so where every number comes from.
//
// A number is a place in memory (an address) at a time (before call t). The last earlier call that
// wrote there made it; a number that no call made was given. This module does not know the page.

/**
 * @import {
 *   ArrayName, Call, Cell, Entry, Leaf, Line, Made, Pair, Parts, RawEntry, RawLine, RawRead, RawView, Read,
 *   StepArrays, StepMeta, View
 * } from "./types.js"
 */

/**
 * Return a view with rows and columns, whatever its dimensions.
 * @param {RawView} raw
 * @returns {View}
 */
function viewOf([buffer, first, shape, strides]) {
  const [rows = 1, columns = 1] = shape;
  const [down = 0, across = 0] = strides;
  return { buffer, first, rows, columns, down, across, size: rows * columns };
}

/**
 * @param {RawEntry} raw
 * @param {ArrayName[]} names
 * @returns {Entry}
 */
const entryOf = ([view, name, kind, layer], names) => ({
  view,
  symbol: names[name] ?? null,
  kind,
  layer,
});

/**
 * @param {RawRead} read
 * @returns {read is [-1, number]}
 */
const isNumber = (read) => read[0] < 0;

/**
 * @param {RawRead} raw
 * @param {ArrayName[]} names
 * @returns {Read}
 */
const readOf = (raw, names) =>
  isNumber(raw)
    ? { view: -1, symbol: null, kind: "", layer: 0, value: raw[1] }
    : entryOf(raw, names);

export class Trace {
  /**
   * Build the trace of an unpacked payload.
   * @param {Pick<StepMeta, "buffers" | "views" | "names" | "lines" | "reach">} meta
   * @param {StepArrays} arrays
   */
  constructor({ buffers, views, names, lines, reach }, { initial, results }) {
    this.reach = reach;
    this.results = results.values;
    this.views = views.map(viewOf);
    /** @type {Line[]} */
    this.lines = [];
    /** @type {Call[]} */
    this.calls = [];
    for (const line of lines) this.#addLine(line, names);
    /** The address of each buffer's first cell: buffers lie one behind another. @type {number[]} */
    this.starts = [];
    let end = 0;
    for (const [size] of buffers) {
      this.starts.push(end);
      end += size;
    }
    /** The number of each address before the first call; NaN where none was given. */
    this.initial = new Float64Array(end).fill(NaN);
    this.#fill(buffers, initial.values);
    /** For each address its last write, or -1. */
    this.newest = new Int32Array(end).fill(-1);
    /** For each write the one before it at the same address, or -1. */
    this.earlier = new Int32Array(this.results.length);
    /** For each write its call. */
    this.madeBy = new Int32Array(this.results.length);
    this.#record();
  }

  /**
   * @param {RawLine} line
   * @param {ArrayName[]} names
   */
  #addLine({ calls, ...line }, names) {
    const first = this.calls.length;
    const number = this.lines.length;
    for (const [name, reads, leaves] of calls) {
      this.calls.push({
        name,
        line: number,
        reads: reads.map((read) => readOf(read, names)),
        leaves: leaves.map((leaf) => ({ ...entryOf(leaf, names), first: 0 })),
      });
    }
    this.lines.push({ ...line, number, first, end: this.calls.length });
  }

  /**
   * Fill in the numbers that were given.
   * @param {StepMeta["buffers"]} buffers
   * @param {Float64Array} given
   */
  #fill(buffers, given) {
    let from = 0;
    buffers.forEach(([size, known], b) => {
      if (!known) return;
      this.initial.set(given.subarray(from, from + size), this.starts[b]);
      from += size;
    });
  }

  // For each write: its call, and the write before it at the same address.
  #record() {
    let write = 0;
    this.calls.forEach(({ leaves }, call) => {
      for (const leaf of leaves) {
        const { rows, columns } = this.views[leaf.view];
        leaf.first = write;
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++, write++) {
            const address = this.address(leaf.view, i, j);
            this.earlier[write] = this.newest[address];
            this.madeBy[write] = call;
            this.newest[address] = write;
          }
        }
      }
    });
  }

  /**
   * Return the address of the cell in row i and column j of a view.
   * @param {number} view
   * @param {number} i
   * @param {number} j
   */
  address(view, i, j) {
    const { buffer, first, down, across } = this.views[view];
    return this.starts[buffer] + first + i * down + j * across;
  }

  /**
   * Return the number of the last write to an address before call `time`; -1 if there was none.
   * @param {number} address
   * @param {number} time
   */
  write(address, time) {
    let write = this.newest[address];
    while (write >= 0 && this.madeBy[write] >= time) write = this.earlier[write];
    return write;
  }

  /**
   * Return the number at an address before call `time`.
   * @param {number} address
   * @param {number} time
   */
  value(address, time) {
    const write = this.write(address, time);
    return write < 0 ? this.initial[address] : this.results[write];
  }

  /**
   * Return the numbers at every address before call `time`, (addresses,).
   * @param {number} time
   */
  state(time) {
    return Float64Array.from(this.initial, (_, address) => this.value(address, time));
  }

  /**
   * Return what made a write: the call, what it left, and the cell in it.
   * @param {number} write
   * @returns {Made}
   */
  made(write) {
    const call = this.madeBy[write];
    const leaf = /** @type {Leaf} */ (
      this.calls[call].leaves.findLast(({ first }) => first <= write)
    );
    const { columns } = this.views[leaf.view];
    const place = write - leaf.first;
    return { call, leaf, i: Math.floor(place / columns), j: place % columns };
  }

  /**
   * Return the cell that a call read; a plain number has no address.
   * @param {Read} read
   * @param {number} i
   * @param {number} j
   * @param {number} time
   * @returns {Cell}
   */
  cell(read, i, j, time) {
    if (read.view < 0) return { read, i, j, time, value: read.value ?? NaN };
    const address = this.address(read.view, i, j);
    return { read, i, j, address, time, value: this.value(address, time) };
  }

  /**
   * Return what cell (i, j) of what a call left was made of: `operands` (each), `pairs` of factors
   * (dot), or `lists`, one for each array that was read (column, whole).
   * @param {number} call
   * @param {number} i
   * @param {number} j
   * @returns {Parts}
   */
  parts(call, i, j) {
    const { name, reads } = this.calls[call];
    const [kind, form] = this.reach[name] ?? ["whole", name];
    if (kind === "dot") return { kind, form, name, pairs: this.#pairs(call, reads, i, j) };
    if (kind === "each")
      return { kind, form, name, operands: reads.map((read) => this.#operand(call, read, i, j)) };
    const column = kind === "column" ? j : null;
    return { kind, form, name, lists: reads.map((read) => this.#list(read, column, call)) };
  }

  /**
   * Return the cell of an operand, which may have been broadcast.
   * @param {number} call
   * @param {Read} read
   * @param {number} i
   * @param {number} j
   */
  #operand(call, read, i, j) {
    const { rows = 1, columns = 1 } = this.views[read.view] ?? {};
    return this.cell(read, rows === 1 ? 0 : i, columns === 1 ? 0 : j, call);
  }

  /**
   * @param {number} call
   * @param {Read[]} reads
   * @param {number} i
   * @param {number} j
   * @returns {Pair[]}
   */
  #pairs(call, [left, right], i, j) {
    return Array.from({ length: this.views[left.view].columns }, (_, k) => [
      this.cell(left, i, k, call),
      this.cell(right, k, j, call),
    ]);
  }

  /**
   * Return the cells of one column of what was read, or all of them.
   * @param {Read} read
   * @param {number | null} column
   * @param {number} call
   */
  #list(read, column, call) {
    if (read.view < 0) return [this.cell(read, 0, 0, call)];
    const { rows, columns } = this.views[read.view];
    const cells = [];
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        if (column === null || columns === 1 || j === column)
          cells.push(this.cell(read, i, j, call));
      }
    }
    return cells;
  }

  /**
   * Return the cells that a number was made of, as one list; an empty one if it was given.
   * @param {number} address
   * @param {number} time
   * @returns {Cell[]}
   */
  readFor(address, time) {
    const write = this.write(address, time);
    if (write < 0) return [];
    const { call, i, j } = this.made(write);
    const { operands, pairs, lists } = this.parts(call, i, j);
    return operands ?? (pairs ?? lists ?? []).flat();
  }

  /**
   * Return what a number left by a line was made of: the addresses from outside the line
   * (`entering`) and the writes of the line that led to it (`on`).
   * @param {Pick<Line, "first" | "end">} line
   * @param {number} address
   */
  within({ first, end }, address) {
    /** @type {Set<number>} */
    const entering = new Set();
    /** @type {Set<number>} */
    const on = new Set();
    const open = [{ address, time: end }];
    for (let next = open.pop(); next; next = open.pop()) {
      const write = this.write(next.address, next.time);
      if (write < 0 || this.madeBy[write] < first) {
        entering.add(next.address);
        continue;
      }
      if (on.has(write)) continue;
      on.add(write);
      for (const cell of this.readFor(next.address, next.time)) {
        if (cell.address !== undefined) open.push({ address: cell.address, time: cell.time });
      }
    }
    return { entering, on };
  }
}
