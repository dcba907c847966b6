// Where a number comes from: what made it, of which other numbers, back to what was given.

export const MOST = 12; // terms shown one by one

/** Whether a cell is the bias neuron's: always 1. */
export function isOne(places, { read, i, j }) {
  if (read.kind !== "x" && read.kind !== "out") return false;
  return (read.symbol.includes("\\top") ? j : i) === places.sizes[read.layer];
}

/** The cells of each product of a sum that count, all but the ones of the bias neuron or of a plain sum. */
export function factors(places, pairs) {
  const plain = pairs.every(([left]) => left.value === 1 && !left.read.symbol);
  return pairs.map(([left, right]) => {
    if (plain || isOne(places, left)) return [right];
    return isOne(places, right) ? [left] : [left, right];
  });
}

/** The steps within a line that led to an address, in the order of their calls: {call, i, j, ...}. */
export function chain(tape, line, address) {
  const steps = new Map();
  const follow = (now, time) => {
    const write = tape.write(now, time);
    if (write < 0 || tape.madeBy[write] < line.first || steps.has(write)) return;
    const { call, leaf, i, j } = tape.made(write);
    const parts = tape.parts(call, i, j);
    steps.set(write, { call, leaf, i, j, ...parts, address: now, value: tape.results[write] });
    for (const cell of parts.operands ?? []) {
      if (cell.address !== undefined) follow(cell.address, cell.time);
    }
  };
  follow(address, line.end);
  return [...steps.values()].sort((one, other) => one.call - other.call);
}

/** The products of a sum as {cells, product}. */
export const products = (pairs) =>
  pairs.map((cells) => ({ cells, product: cells[0].value * cells[1].value }));

/** At most MOST terms: all of them in order, or the largest by size and {count, sum} of the others. */
export function largest(terms, size = ({ product }) => product) {
  if (terms.length <= MOST) return { terms, rest: null };
  const sorted = [...terms].sort((one, other) => Math.abs(size(other)) - Math.abs(size(one)));
  const others = sorted.slice(MOST);
  const sum = others.reduce((total, term) => total + size(term), 0);
  return { terms: sorted.slice(0, MOST), rest: { count: others.length, sum } };
}

/**
 * A cell {read, i, j, address, time, value} with its name and what it was made of: {name, value,
 * given} or {name, value, line, form, kind, terms, rest}; a term is {cells, product}.
 */
export function origin(tape, places, cell) {
  const { address, time, value } = cell;
  const write = address === undefined ? -1 : tape.write(address, time);
  if (write < 0) return { name: nameOf(places, cell), value, given: given(places, cell) };
  const { call, leaf, i, j } = tape.made(write);
  const made = { read: leaf.symbol ? leaf : (cell.read ?? leaf), i, j };
  const name = nameOf(places, leaf.symbol ? made : cell);
  const { kind, form, name: calls, operands, pairs, lists } = tape.parts(call, i, j);
  const line = tape.lines[tape.calls[call].line];
  const counted = pairs && factors(places, pairs);
  const terms = pairs
    ? products(pairs).map((term, k) => ({ ...term, cells: counted[k] }))
    : (operands ?? lists.flat()).map((one) => ({ cells: [one], product: one.value }));
  const shown = operands ? { terms, rest: null } : largest(terms);
  return { name, value, line, kind, form, calls, operands, ...shown };
}

/** What a cell is called. */
export function nameOf(places, { read, i, j }) {
  return read.view < 0 ? "a constant of the rule" : places.name(read, i, j);
}

const GIVEN = {
  x: (places, cell) =>
    isOne(places, cell)
      ? "Given: the bias neuron always says 1."
      : "Given: this input of this example, as the network sees it.",
  out: () => "Given: the bias neuron always says 1.",
  y: () => "Given: the target, the answer the data hold for this example.",
  mask: () => "Drawn at random for this batch: 0 mutes the unit, 1 / (1 − p) keeps it.",
  rate: () => "Given: the learning rate in force.",
  share: () => "Given: how much an example of this class counts.",
  memory: () => "Given: what the optimizer remembers from the steps before.",
  number: (_, { read }) =>
    read.symbol === "t" ? "Given: how many steps were made before." : "Given: a constant of the rule.",
};
for (const kind of ["W", "Wb", "theta"])
  GIVEN[kind] = ({ about }) => `Given: its value before this step, after epoch ${about.epoch}.`;

function given(places, cell) {
  const { read } = cell;
  return GIVEN[read.kind]?.(places, cell) ?? "Given: a constant of the rule.";
}
