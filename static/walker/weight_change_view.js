// The ledger of a parameter as it is read: a bar and a number for each entry, sums between them.

import { make } from "../shared/dom.js";
import { whole } from "../shared/format.js";
import { digits } from "../trace/digits.js";
import { largest } from "../trace/provenance.js";

const COUNT = 6; // significant digits
const PULLS = {
  l2: "L2 adds 2 λ₂ W",
  l1: "L1 adds λ₁ sign(W)",
  frozen: "frozen biases take it away",
  clip: "clipping takes away",
  rounding: "rounding of short numbers",
};
const MOVES = {
  plain: "−η × slope, the plain step",
  decay: "weight decay",
  max_norm: "max-norm shortens it by",
};

/** A section for what `ledger` found. */
export function ledgerView(found, { places, parameter, lines, open }) {
  const name = places.parameterName(parameter);
  const { terms, rest } = largest(found.examples);
  const entries = terms.map(({ example, product, cells }) => ({
    text: `from ${places.words({ type: "example" }, example)}`,
    value: product,
    open: () => open(cells[0]),
  }));
  if (rest) entries.push({ text: `from the other ${whole(rest.count)} together`, value: rest.sum });
  const slope = [
    ...entries,
    sum("the examples together", found.sum, !!found.pulls.length),
    ...found.pulls.map(({ rule, change }) => ({ text: PULLS[rule] ?? rule, value: change })),
    sum("slope g", found.slope),
  ].filter(Boolean);
  const memory = lines.filter(({ phase, rule }) => phase === "update" && rule !== "step");
  const kept = memory.map(({ rule }) => SHARES[rule]).filter(Boolean);
  const optimizer = kept.length
    ? `what the ${kept.join(" and the ")} made of it`
    : "the optimizer’s share";
  const moves = [
    ...found.moves.map(({ rule, change }) => ({
      text: rule === "optimizer" ? optimizer : (MOVES[rule] ?? rule),
      value: change,
    })),
    sum("change of this step", found.change),
  ];
  return make(
    "section",
    { class: "ledger", "aria-label": `Ledger of ${name}` },
    make("h4", {}, `Ledger of ${name}`),
    list("Its slope", slope),
    list(`Its step, η = ${digits(found.rate, COUNT)}`, moves),
    make(
      "p",
      { class: "after" },
      "before ",
      exact(found.before, "before"),
      " → after ",
      exact(found.after, "after"),
    ),
  );
}

const SHARES = {
  velocity: "velocity",
  squares: "sum of squared slopes",
  spread: "mean square",
  mean: "mean slope",
};

const sum = (text, value, needed = true) => (needed ? { text, value, total: true } : null);

const exact = (value, name) =>
  make("b", { "data-ledger": name, "data-value": String(value) }, digits(value, 9));

function list(title, entries) {
  const most = Math.max(...entries.map(({ value }) => Math.abs(value)), 1e-300);
  const items = entries.map((entry) => line(entry, most));
  return make("div", {}, make("h5", {}, title), make("ul", { class: "bars" }, ...items));
}

function line({ text, value, total, open }, most) {
  const share = Math.min(1, Math.abs(value) / most);
  const side = value < 0 ? "negative" : "positive";
  const bar = make("span", {
    class: `bar ${side}`,
    style: `--share: ${share}`,
    "aria-hidden": true,
  });
  const words = open
    ? make("button", { type: "button", class: "link", on: { click: open } }, text)
    : make("span", {}, text);
  const number = make("b", { "data-value": String(value) }, digits(value, COUNT));
  return make("li", { class: total ? "total" : "entry" }, words, bar, number);
}
