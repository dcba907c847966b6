// The equation with this step's numbers in it, for the chosen cell: one line for each call.

import { make } from "../dom.js";
import { digits, exactly, opener } from "./figures.js";
import { LOSSES } from "./losses.js";
import { chain, factors, nameOf } from "./origin.js";

const LONG = 6; // terms of a sum in one line
const BRIEF = 4; // of a longer one

export class Numbers {
  /** `open(cell)` shows where a number comes from. */
  constructor({ tape, places, loss }, open) {
    Object.assign(this, { tape, places, loss, open, count: 4 });
    this.element = make("div", { class: "numbers" });
  }

  /** Shows how a line made the cell at an address; `example` is the one that a loss is spelled for. */
  show(line, address, example) {
    const steps = chain(this.tape, line, address);
    const rows = steps.map((step) => this.#row(step));
    if (line.rule === "loss") rows.unshift(...this.#lossOf(line, example));
    this.element.replaceChildren(...rows);
  }

  #row(step) {
    const whole = { ...step, read: step.leaf, time: Infinity };
    return make("p", {}, ...this.#made(step, whole), this.#result(step.value));
  }

  #result(value) {
    return make("b", { "data-value": String(value) }, ` = ${digits(value, this.count)}`);
  }

  #made({ kind, form, name, operands, pairs, lists }, whole) {
    if (kind === "dot") return this.#sum(pairs, whole);
    if (name === "average") return this.#mean(lists[0], whole);
    if (name === "tick") return this.#tick(lists, whole);
    if (kind === "each") return this.#formed(form, operands);
    const shown = lists.map((cells) => this.#listed(cells, whole));
    return filled(form, (k) => shown[k] ?? []);
  }

  #opener(cell, wrap) {
    const { count, open, places } = this;
    return opener(cell, { count, open, wrap, name: nameOf(places, cell) });
  }

  #formed(form, operands) {
    const infix = /\{0\}.*[−+×/].*\{1\}/.test(form);
    return filled(form, (k) => [this.#opener(operands[k], infix && k > 0)]);
  }

  #sum(pairs, whole) {
    const all = factors(this.places, pairs);
    const shown = pairs.length > LONG ? all.slice(0, BRIEF) : all;
    const nodes = shown.flatMap(([left, right], k) => {
      const term = [...(k ? [" + "] : []), this.#opener(left, k > 0)];
      return right ? [...term, " × ", this.#opener(right, true)] : term;
    });
    return pairs.length > LONG
      ? [...nodes, " + … ", this.#more(pairs.length - BRIEF, whole)]
      : nodes;
  }

  #mean(cells, whole) {
    const shown = cells.length > LONG ? cells.slice(0, BRIEF) : cells;
    const sum = shown.flatMap((cell, k) => [...(k ? [" + "] : []), this.#opener(cell, k > 0)]);
    const rest = cells.length > LONG ? [" + … ", this.#more(cells.length - BRIEF, whole)] : [];
    return cells.length === 1 ? sum : ["(", ...sum, ...rest, `) / ${cells.length}`];
  }

  // Adam's two corrections, taken together as its engine takes them: of epsilon, and of the pace.
  #tick(lists, { call, read }) {
    const [rate, mean, spread, count, beside] = lists.map(([cell]) => cell.value);
    const root = `√((1 − ${exactly(spread)}ᵗ) / (1 − ${exactly(spread)}))`;
    const age = `, t = ${count + 1}`;
    const pace = this.tape.calls[call].leaves[1].view === read.view;
    if (!pace) return [`ε: ${exactly(beside)} × ${root}${age}`];
    return [
      `pace: ${exactly(rate)} × ${root} × (1 − ${exactly(mean)}) / (1 − ${exactly(mean)}ᵗ)${age}`,
    ];
  }

  #listed(cells, whole) {
    const shown = cells.length > LONG ? cells.slice(0, BRIEF) : cells;
    const nodes = shown.flatMap((cell, k) => [...(k ? [", "] : []), this.#opener(cell, false)]);
    return cells.length > LONG
      ? [...nodes, ", … ", this.#more(cells.length - BRIEF, whole)]
      : nodes;
  }

  #more(count, whole) {
    const action = () => this.open(whole);
    return make(
      "button",
      { type: "button", class: "more", on: { click: action } },
      `${count} more`,
    );
  }

  // One term for each output, adding up to the loss of the example.
  #lossOf({ first }, example) {
    const { tape, loss } = this;
    const spelled = LOSSES[loss];
    const { reads, leaves } = tape.calls[first];
    const [a, y] = [reads[1], reads[2]];
    const K = tape.views[a.view].rows;
    const value = tape.value(tape.address(leaves[0].view, 0, example), first + 1);
    const nodes = [];
    for (let unit = 0; unit < K && nodes.length < 40; unit++) {
      const [said, target] = [a, y].map((read) => tape.cell(read, unit, example, first));
      const form = spelled?.form(target.value, K);
      if (!form) continue;
      if (nodes.length) nodes.push(" + ");
      const at = form.replaceAll("{a}", "{0}").replaceAll("{y}", "{1}");
      nodes.push(...filled(at, (k) => [this.#opener([said, target][k], false)]));
    }
    const share = this.#share(example);
    if (share !== null) nodes.push(` , × ${digits(share, this.count)} for its class`);
    return nodes.length ? [make("p", {}, ...nodes, this.#result(value))] : [];
  }

  // How much this example counts, where classes are balanced.
  #share(example) {
    for (const { reads } of this.tape.calls) {
      const share = reads.find(({ kind }) => kind === "share");
      if (share) return this.tape.value(this.tape.address(share.view, 0, example), 0);
    }
    return null;
  }
}

// A form's text and, in the place of each {k}, the nodes of part(k).
function filled(form, part) {
  return form.split(/(\{\d\})/).flatMap((text) => {
    const place = /^\{(\d)\}$/.exec(text);
    return place ? part(Number(place[1])) : text ? [text] : [];
  });
}
