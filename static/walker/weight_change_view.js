// What changed a parameter, as a list: a bar and a number for each entry, sums between them.

import { button, make } from "../shared/dom.js";
import { whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { digits } from "../trace/digits.js";
import { largest } from "../trace/provenance.js";

/** @import { Labels } from "../trace/labels.js" */
/** @import { Cell, Line, Parameter, WeightChange } from "../trace/types.js" */

/**
 * A row of the list; `total` for a sum.
 * @typedef {{ text: string, value: number, total?: boolean, open?: () => void }} Entry
 */

const COUNT = 6; // significant digits
/** @type {Record<string, string>} */
const PULLS = {
  l2: tr("L2 adds 2 λ₂ W"),
  l1: tr("L1 adds λ₁ sign(W)"),
  frozen: tr("frozen bias: no gradient"),
  clip: tr("clipping"),
  rounding: tr("rounding"),
};
/** @type {Record<string, string>} */
const MOVES = {
  plain: tr("−η × gradient, the plain step"),
  decay: tr("weight decay"),
  max_norm: tr("max-norm"),
};

/**
 * Return a section for what changed a parameter.
 * @param {WeightChange} found
 * @param {{ labels: Labels, parameter: Parameter, lines: Line[], open: (cell: Cell) => void }} walk
 */
export function weightChangeView(found, { labels, parameter, lines, open }) {
  const name = labels.parameterName(parameter);
  const { terms, rest } = largest(found.examples);
  /** @type {Entry[]} */
  const entries = terms.map(({ example, product, cells }) => ({
    text: tr("from {example}", { example: labels.words({ type: "example", layer: 0 }, example) }),
    value: product,
    open: () => open(cells[0]),
  }));
  if (rest) {
    const text = tr("from the other {number} together", { number: whole(rest.count) });
    entries.push({ text, value: rest.sum });
  }
  const slope = [
    ...entries,
    ...(found.pulls.length ? [sum(tr("sum over the examples"), found.sum)] : []),
    ...found.pulls.map(({ rule, change }) => ({ text: PULLS[rule] ?? rule, value: change })),
    sum(tr("gradient g"), found.slope),
  ];
  const memory = lines.filter(({ phase, rule }) => phase === "update" && rule !== "step");
  const kept = memory.map(({ rule }) => SHARES[rule]).filter(Boolean);
  const optimizer = kept.length
    ? tr("effect of the {parts}", { parts: kept.join(tr(" and the ")) })
    : tr("effect of the optimizer");
  const moves = [
    ...found.moves.map(({ rule, change }) => ({
      text: rule === "optimizer" ? optimizer : (MOVES[rule] ?? rule),
      value: change,
    })),
    sum(tr("change of this step"), found.change),
  ];
  return make(
    "section",
    { class: "ledger", "aria-label": tr("What changed {name}", { name }) },
    make("h4", {}, tr("What changed {name}", { name })),
    list(tr("Its gradient"), slope),
    list(tr("Its step, η = {rate}", { rate: digits(found.rate, COUNT) }), moves),
    make(
      "p",
      { class: "after" },
      `${tr("before")} `,
      exact(found.before, "before"),
      ` → ${tr("after")} `,
      exact(found.after, "after"),
    ),
  );
}

/** @type {Record<string, string>} */
const SHARES = {
  velocity: tr("velocity"),
  squares: tr("sum of squared gradients"),
  spread: tr("mean square"),
  mean: tr("mean gradient"),
};

/** @type {(text: string, value: number) => Entry} */
const sum = (text, value) => ({ text, value, total: true });

/** @type {(value: number, name: string) => HTMLElement} */
const exact = (value, name) =>
  make("b", { "data-ledger": name, "data-value": String(value) }, digits(value, 9));

/**
 * @param {string} title
 * @param {Entry[]} entries
 */
function list(title, entries) {
  const most = Math.max(...entries.map(({ value }) => Math.abs(value)), 1e-300);
  const items = entries.map((entry) => line(entry, most));
  return make("div", {}, make("h5", {}, title), make("ul", { class: "bars" }, ...items));
}

/**
 * @param {Entry} entry
 * @param {number} most the largest absolute value of the list
 */
function line({ text, value, total, open }, most) {
  const share = Math.min(1, Math.abs(value) / most);
  const side = value < 0 ? "negative" : "positive";
  const bar = make("span", {
    class: `bar ${side}`,
    style: `--share: ${share}`,
    "aria-hidden": true,
  });
  const words = open ? button(text, open, { kind: "link" }) : make("span", {}, text);
  const number = make("b", { "data-value": String(value) }, digits(value, COUNT));
  return make("li", { class: total ? "total" : "entry" }, words, bar, number);
}
