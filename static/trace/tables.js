// Which tables an equation shows: what it read from before, and what it left.

const CONSTANTS = {
  l2: "2 λ₂ for a weight, 0 for a bias",
  l1: "λ₁ for a weight, 0 for a bias",
  frozen: "1 for a weight, 0 for a bias",
  decay: "λ_w for a weight, 0 for a bias",
};

const NUMBERS = new Set(["rate", "number"]);

/** {operands, numbers, result, steps} of a line, as {read, time}; `numbers` are single numbers. */
export function tablesOf(tape, places, line) {
  const operands = new Map();
  const numbers = new Map();
  const steps = new Map();
  const result = tape.calls[line.end - 1].leaves[0];
  for (let call = line.first; call < line.end; call++) {
    const { reads, leaves } = tape.calls[call];
    for (const read of reads) {
      if (read.view < 0 || made(tape, line, read, call)) continue;
      const { size } = tape.views[read.view];
      if (size === 1 && (NUMBERS.has(read.kind) || !read.symbol)) {
        if (NUMBERS.has(read.kind) && !changes(tape, line, read))
          numbers.set(read.view, { read, time: call });
      } else if (shown(tape, places, line, read)) {
        if (!operands.has(read.view)) operands.set(read.view, { read, time: call });
      }
    }
    for (const leaf of leaves) {
      const apart = leaf.symbol && leaf.view !== result.view && tape.views[leaf.view].size > 1;
      if (apart) steps.set(leaf.view, { read: leaf, time: call + 1 });
    }
  }
  return {
    operands: [...operands.values()],
    numbers: [...numbers.values()],
    steps: [...steps.values()],
    result: { read: result, time: line.end },
  };
}

// Whether what is read was made by the line itself.
function made(tape, line, { view }, call) {
  const write = tape.write(tape.address(view, 0, 0), call);
  return write >= 0 && tape.madeBy[write] >= line.first;
}

// Whether the line writes where it is read from, as Adam counts its steps.
function changes(tape, line, { view }) {
  const write = tape.write(tape.address(view, 0, 0), line.end);
  return write >= 0 && tape.madeBy[write] >= line.first;
}

function shown(tape, places, line, read) {
  if (line.rule === "loss" && read.kind === "z") return false; // the same as a, safe from overflow
  return !!read.symbol || (!!CONSTANTS[line.rule] && places.holdsParameters(read));
}

/** What a table without a symbol is called. */
export const constantTitle = (line) => CONSTANTS[line.rule] ?? "constant";
