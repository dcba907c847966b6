// The tape of a walk: what each call read and left, and so where every number comes from.
//
// A number is a place in memory (an address) at a time (before call t). The last earlier call that
// wrote there made it; a number that none made was given. Nothing here knows the page.

/** A view with rows and columns, whatever its dimensions: a vector is a column, a number 1 x 1. */
function table([buffer, first, shape, strides]) {
  const [rows = 1, columns = 1] = shape;
  const [down = 0, across = 0] = strides;
  return { buffer, first, rows, columns, down, across, size: rows * columns };
}

const named = ([view, symbol, kind, layer]) => ({ view, symbol, kind, layer });
const reading = (read) => (read[0] < 0 ? { view: -1, value: read[1] } : named(read));

export class Tape {
  /** Takes the unpacked payload of a walk. */
  constructor({ buffers, views, lines, reach }, { initial, results }) {
    Object.assign(this, { reach, results: results.values });
    this.views = views.map(table);
    this.lines = [];
    this.calls = [];
    for (const line of lines) this.#line(line);
    this.#lay(buffers, initial.values);
    this.#record();
  }

  #line({ calls, ...line }) {
    const first = this.calls.length;
    for (const [name, reads, leaves] of calls) {
      const call = { name, line: this.lines.length };
      this.calls.push({ ...call, reads: reads.map(reading), leaves: leaves.map(named) });
    }
    this.lines.push({ ...line, number: this.lines.length, first, end: this.calls.length });
  }

  // Every buffer's cells one behind another; NaN where nothing was given.
  #lay(buffers, given) {
    let from = 0;
    let start = 0;
    this.starts = buffers.map(([size]) => {
      const own = start;
      start += size;
      return own;
    });
    this.initial = new Float64Array(start).fill(NaN);
    buffers.forEach(([size, known], b) => {
      if (!known) return;
      this.initial.set(given.subarray(from, from + size), this.starts[b]);
      from += size;
    });
  }

  // For each number left: its call, and the number that lay in its place before.
  #record() {
    const count = this.results.length;
    this.newest = new Int32Array(this.initial.length).fill(-1);
    this.earlier = new Int32Array(count);
    this.madeBy = new Int32Array(count);
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

  /** Where the cell of row i and column j of a view lies. */
  address(view, i, j) {
    const { buffer, first, down, across } = this.views[view];
    return this.starts[buffer] + first + i * down + j * across;
  }

  /** The number of the last write to an address before call `time`; -1 if there was none. */
  write(address, time) {
    let write = this.newest[address];
    while (write >= 0 && this.madeBy[write] >= time) write = this.earlier[write];
    return write;
  }

  /** What lies at an address before call `time`. */
  value(address, time) {
    const write = this.write(address, time);
    return write < 0 ? this.initial[address] : this.results[write];
  }

  /** Every address before call `time`. */
  state(time) {
    return Float64Array.from(this.initial, (_, address) => this.value(address, time));
  }

  /** What made a write: {call, leaf, i, j}, the cell of what the call left. */
  made(write) {
    const call = this.madeBy[write];
    const leaf = this.calls[call].leaves.findLast(({ first }) => first <= write);
    const { columns } = this.views[leaf.view];
    const place = write - leaf.first;
    return { call, leaf, i: Math.floor(place / columns), j: place % columns };
  }

  /** The cell that a call read: {read, i, j, address, time, value}; a plain number has no address. */
  cell(read, i, j, time) {
    if (read.view < 0) return { read, value: read.value };
    const address = this.address(read.view, i, j);
    return { read, i, j, address, time, value: this.value(address, time) };
  }

  /**
   * What cell (i, j) of what a call left was made of: {kind, form, name} with `operands` (each), with
   * `pairs` (dot), or with `lists`, one for each array that was read (column, whole).
   */
  parts(call, i, j) {
    const { name, reads } = this.calls[call];
    const [kind, form] = this.reach[name] ?? ["whole", name];
    const parts = { kind, form, name };
    const at = (read, row, column) => {
      const { rows = 1, columns = 1 } = this.views[read.view] ?? {};
      return this.cell(read, rows === 1 ? 0 : row, columns === 1 ? 0 : column, call); // broadcast
    };
    if (kind === "each") parts.operands = reads.map((read) => at(read, i, j));
    else if (kind === "dot") parts.pairs = this.#pairs(call, reads, i, j);
    else parts.lists = reads.map((read) => this.#list(read, kind === "column" ? j : null, call));
    return parts;
  }

  #pairs(call, [left, right], i, j) {
    return Array.from({ length: this.views[left.view].columns }, (_, k) => [
      this.cell(left, i, k, call),
      this.cell(right, k, j, call),
    ]);
  }

  // The cells of one column of what was read, or all.
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

  /** The cells read that a cell before call `time` was made of, as one list; none if it was given. */
  readFor(address, time) {
    const write = this.write(address, time);
    if (write < 0) return [];
    const { call, i, j } = this.made(write);
    const { operands, pairs, lists } = this.parts(call, i, j);
    return operands ?? (pairs ?? lists).flat();
  }

  /**
   * The addresses from outside a line that a cell which the line left was made of, and the steps on
   * the way: {entering: Set of addresses, on: Set of addresses written by the line}.
   */
  within({ first, end }, address) {
    const entering = new Set();
    const on = new Set();
    const open = [[address, end]];
    while (open.length) {
      const [now, time] = open.pop();
      const write = this.write(now, time);
      if (write < 0 || this.madeBy[write] < first) {
        entering.add(now);
        continue;
      }
      if (on.has(write)) continue;
      on.add(write);
      for (const cell of this.readFor(now, time)) {
        if (cell.address !== undefined) open.push([cell.address, cell.time]);
      }
    }
    return { entering, on };
  }
}
