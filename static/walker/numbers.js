// The equation with this step's numbers in it, for the chosen cell: one line for each call.

import { button, make } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { BINDS, digits, opener } from "../trace/digits.js";
import { LOSSES } from "../trace/losses.js";
import { chain, factors, nameOf } from "../trace/provenance.js";

/** @import { Labels } from "../trace/labels.js" */
/** @import { Trace } from "../trace/trace.js" */
/** @import { ArrayName, Cell, ChainStep, Line, Pair } from "../trace/types.js" */

const LONG = 6; // terms of a sum in one line
const BRIEF = 4; // of a longer one
/** @type {Record<string, string>} */
const FACTORS = { l1: "λ₁", l2: "2 λ₂", decay: "λ_w" };
const LABELLED = new Set(["number", "rate", "memory"]);

export class Numbers {
  /** Significant digits. */
  count = 4;
  /** The rule of the line, and the name of what a row makes. */
  rule = "";
  /** @type {ArrayName | null} */
  own = null;

  /**
   * @param {{ trace: Trace, labels: Labels, loss: string }} walk
   * @param {(cell: Cell) => void} open shows where a number comes from
   */
  constructor({ trace, labels, loss }, open) {
    this.trace = trace;
    this.labels = labels;
    this.loss = loss;
    this.open = open;
    this.element = make("div", { class: "numbers" });
  }

  /**
   * Show how a line made the cell at an address; the loss is written out for one example.
   * @param {Line} line
   * @param {number} address
   * @param {number} example
   */
  show(line, address, example) {
    const steps = chain(this.trace, line, address);
    this.rule = line.rule;
    const rows = steps.map((step, place) => this.#row(step, place, steps));
    if (line.rule === "loss") rows.unshift(...this.#lossOf(line, example));
    this.element.replaceChildren(...rows);
  }

  /**
   * @param {ChainStep} step
   * @param {number} place
   * @param {ChainStep[]} steps
   */
  #row(step, place, { length }) {
    const whole = { ...step, read: step.leaf, time: Infinity };
    const named = place < length - 1 && step.leaf.symbol; // the last one is what the heading names
    this.own = step.leaf.symbol;
    const name = named ? [make("span", { class: "named" }, `${named.text} = `)] : [];
    return make("p", {}, ...name, ...this.#made(step, whole), this.#result(step.value));
  }

  /** @param {number} value */
  #result(value) {
    return make("b", { "data-value": String(value) }, ` = ${digits(value, this.count)}`);
  }

  /**
   * @param {ChainStep} step
   * @param {Cell} whole
   */
  #made({ kind, form, name, operands = [], pairs = [], lists = [] }, whole) {
    if (kind === "dot") return this.#sum(pairs, whole);
    if (name === "average") return this.#mean(lists[0], whole);
    if (name === "gradient_norm") return this.#length(lists[0], whole);
    if (kind === "each") return this.#formed(form, operands);
    const shown = lists.map((cells) => this.#listed(cells, whole));
    return filled(form, (k) => shown[k] ?? []);
  }

  /**
   * Return a number as a button; a factor like ε and what an optimizer remembers with its name.
   * @param {Cell} cell
   * @param {boolean} wrap whether a negative number gets parentheses
   */
  #opener(cell, wrap) {
    const { count, open, labels } = this;
    const node = opener(cell, { count, open, wrap, name: nameOf(labels, cell) });
    const { kind, symbol } = cell.read;
    const labelled = LABELLED.has(kind) && symbol && symbol.text !== this.own?.text;
    const own = labelled ? symbol.text : this.#factor(cell);
    return own ? make("span", {}, node, make("span", { class: "named" }, ` (${own})`)) : node;
  }

  /**
   * Return what a penalty multiplies a weight by; a bias is multiplied by 0.
   * @param {Cell} cell
   */
  #factor({ read, address, time, value }) {
    const name = FACTORS[this.rule];
    const given =
      name && address !== undefined && !read.symbol && this.trace.write(address, time) < 0;
    return given && value !== 0 ? name : "";
  }

  /**
   * @param {string} form
   * @param {Cell[]} operands
   */
  #formed(form, operands) {
    return filled(form, (k, before) => [this.#opener(operands[k], BINDS.test(before))]);
  }

  /**
   * @param {Pair[]} pairs
   * @param {Cell} whole
   */
  #sum(pairs, whole) {
    const all = factors(this.labels, pairs);
    const shown = pairs.length > LONG ? all.slice(0, BRIEF) : all;
    const nodes = shown.flatMap(([left, right], k) => {
      const term = [...(k ? [" + "] : []), this.#opener(left, k > 0)];
      return right ? [...term, " × ", this.#opener(right, true)] : term;
    });
    return pairs.length > LONG
      ? [...nodes, " + … ", this.#more(pairs.length - BRIEF, whole)]
      : nodes;
  }

  /**
   * @param {Cell[]} cells
   * @param {Cell} whole
   */
  #mean(cells, whole) {
    const shown = cells.length > LONG ? cells.slice(0, BRIEF) : cells;
    const sum = shown.flatMap((cell, k) => [...(k ? [" + "] : []), this.#opener(cell, k > 0)]);
    const rest = cells.length > LONG ? [" + … ", this.#more(cells.length - BRIEF, whole)] : [];
    return cells.length === 1 ? sum : ["(", ...sum, ...rest, `) / ${cells.length}`];
  }

  /**
   * @param {Cell[]} cells
   * @param {Cell} whole
   */
  #length(cells, whole) {
    const shown = cells.length > LONG ? cells.slice(0, BRIEF) : cells;
    const squares = shown.flatMap((cell, k) => [k ? " + " : "", this.#opener(cell, true), "²"]);
    const rest = cells.length > LONG ? [" + … ", this.#more(cells.length - BRIEF, whole)] : [];
    return ["√(", ...squares, ...rest, ")"];
  }

  /**
   * @param {Cell[]} cells
   * @param {Cell} whole
   */
  #listed(cells, whole) {
    const shown = cells.length > LONG ? cells.slice(0, BRIEF) : cells;
    const nodes = shown.flatMap((cell, k) => [...(k ? [", "] : []), this.#opener(cell, false)]);
    return cells.length > LONG
      ? [...nodes, ", … ", this.#more(cells.length - BRIEF, whole)]
      : nodes;
  }

  /**
   * @param {number} count
   * @param {Cell} whole
   */
  #more(count, whole) {
    return button(tr("{number} more", { number: count }), () => this.open(whole), { kind: "more" });
  }

  /**
   * Return the loss of an example: one term for each output.
   * @param {Line} line
   * @param {number} example
   */
  #lossOf({ first }, example) {
    const { trace, loss } = this;
    const spelled = LOSSES[loss];
    const { reads, leaves } = trace.calls[first];
    const [a, y] = [reads[1], reads[2]];
    const K = trace.views[a.view].rows;
    const value = trace.value(trace.address(leaves[0].view, 0, example), first + 1);
    /** @type {(Node | string)[]} */
    const nodes = [];
    for (let unit = 0; unit < K && nodes.length < 40; unit++) {
      const [predicted, target] = [a, y].map((read) => trace.cell(read, unit, example, first));
      const form = spelled?.form(target.value, K);
      if (!form) continue;
      if (nodes.length) nodes.push(" + ");
      const at = form.replaceAll("{a}", "{0}").replaceAll("{y}", "{1}");
      nodes.push(
        ...filled(at, (k, before) => [this.#opener([predicted, target][k], BINDS.test(before))]),
      );
    }
    const share = this.#share(example);
    if (share !== null)
      nodes.push(tr(" , × {share} for its class", { share: digits(share, this.count) }));
    return nodes.length ? [make("p", {}, ...nodes, this.#result(value))] : [];
  }

  /**
   * Return how much an example counts, where classes are balanced; else null.
   * @param {number} example
   */
  #share(example) {
    for (const { reads } of this.trace.calls) {
      const share = reads.find(({ kind }) => kind === "share");
      if (share) return this.trace.value(this.trace.address(share.view, 0, example), 0);
    }
    return null;
  }
}

/**
 * Return a form's text and, in the place of each {k}, the nodes of part(k, the text before); what
 * follows ^ is raised.
 * @param {string} form
 * @param {(k: number, before: string) => (Node | string)[]} part
 * @returns {(Node | string)[]}
 */
function filled(form, part) {
  const pieces = form.split(/(\{\d\})/);
  return pieces.flatMap((text, at) => {
    const place = /^\{(\d)\}$/.exec(text);
    if (!place) return text.replace(/\^$/, "") || [];
    const before = pieces[at - 1];
    const nodes = part(Number(place[1]), before);
    return before.endsWith("^") ? [make("sup", {}, ...nodes)] : nodes;
  });
}
