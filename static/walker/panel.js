// The panel of one number: its exact value, what it is called, and where it comes from, step by step
// back to what was given; for a parameter also what changed it.

import { button, make } from "../shared/dom.js";
import { whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { BINDS, digits, exactly, opener } from "../trace/digits.js";
import { nameOf, origin } from "../trace/provenance.js";
import { weightChange } from "../trace/weight_change.js";
import { formula } from "./formula.js";
import { weightChangeView } from "./weight_change_view.js";

/** @import { Labels } from "../trace/labels.js" */
/** @import { Trace } from "../trace/trace.js" */
/** @import { Cell, MadeOrigin, Parameter, ReachKind, Rest, Term } from "../trace/types.js" */

const COUNT = 6; // significant digits of a term

export class Panel {
  /** The cells on the way here. @type {Cell[]} */
  trail = [];
  /** What had the keyboard before. @type {Element | null} */
  from = null;

  /**
   * @param {{ trace: Trace, labels: Labels }} walk
   * @param {{ go(line: number): void, closed(from: Element | null): void }} act
   */
  constructor({ trace, labels }, act) {
    this.trace = trace;
    this.labels = labels;
    this.act = act;
    this.body = make("div", { class: "inside" });
    this.path = make("nav", { class: "trail", "aria-label": tr("Path to this number") });
    this.heading = make("h3", { tabindex: -1 }, tr("Where does it come from?"));
    const close = button(tr("Close"), () => this.close());
    const head = make("header", {}, this.heading, close);
    this.element = make(
      "section",
      {
        class: "panel",
        hidden: true,
        role: "dialog",
        "aria-label": tr("Where does it come from?"),
      },
      head,
      this.path,
      this.body,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  get open() {
    return !this.element.hidden;
  }

  /**
   * Open a cell as the start of a new way back.
   * @param {Cell} cell
   */
  start(cell) {
    if (!this.open) this.from = document.activeElement;
    this.trail = [cell];
    this.#draw(cell);
  }

  /** @param {Cell} cell */
  #further(cell) {
    this.trail.push(cell);
    this.#draw(cell);
  }

  /** @param {number} place */
  #backTo(place) {
    this.trail.length = place + 1;
    this.#draw(this.trail[place]);
  }

  close() {
    if (!this.open) return;
    this.element.hidden = true;
    this.trail = [];
    this.act.closed(this.from);
  }

  /** @param {Cell} cell */
  #draw(cell) {
    const found = origin(this.trace, this.labels, cell);
    const steps = this.trail.slice(0, -1).map((one, place) => {
      const { name } = origin(this.trace, this.labels, one);
      return make(
        "li",
        {},
        button(name, () => this.#backTo(place)),
      );
    });
    this.path.hidden = !steps.length;
    this.path.replaceChildren(make("ol", {}, ...steps));
    const name = make("p", { class: "name" }, found.name);
    const value = make(
      "p",
      { class: "exact", "data-value": String(found.value) },
      `= ${exactly(found.value)}`,
    );
    const own = this.labels.parameter(cell.read, cell.i, cell.j);
    const parts =
      found.given !== undefined ? [make("p", { class: "given" }, found.given)] : this.#made(found);
    this.body.replaceChildren(name, value, ...parts, ...this.#changes(own));
    this.element.hidden = false;
    this.body.scrollTop = 0;
    this.heading.focus({ preventScroll: true });
  }

  /** @param {MadeOrigin} origin */
  #made({ line, terms, rest, form, kind, operands }) {
    const jump = button(
      tr("equation {number}", { number: line.number + 1 }),
      () => this.act.go(line.number),
      {
        kind: "link",
      },
    );
    const [before, after] = tr("Computed by {equation}:").split("{equation}");
    const by = make("p", { class: "by" }, before, jump, after);
    const made = make("div", { class: "made" }, formula(line.formula));
    const text = operands ? pattern(form, operands) : form;
    const rows = terms.map((term) => this.#term(term, kind));
    if (rest) rows.push(this.#rest(rest, kind));
    const title = kind === "dot" ? tr("The products that add up to it") : tr("Inputs of this line");
    const of = make("h4", {}, rest ? tr("{title}, largest first", { title }) : title);
    const forms = text ? [make("p", { class: "form" }, text)] : [];
    return [by, made, ...forms, of, make("ul", { class: "terms" }, ...rows)];
  }

  /**
   * @param {Term} term
   * @param {ReachKind} kind
   */
  #term({ cells, product }, kind) {
    const shown = cells.map((cell, k) => this.#cell(cell, k > 0));
    if (kind !== "dot") {
      return make(
        "li",
        {},
        shown[0],
        make("span", { class: "what" }, nameOf(this.labels, cells[0])),
      );
    }
    const what = make(
      "span",
      { class: "what" },
      cells.map((cell) => nameOf(this.labels, cell)).join(" × "),
    );
    if (cells.length === 1) return make("li", {}, shown[0], what);
    const sum = make("b", { "data-value": String(product) }, ` = ${digits(product, COUNT)}`);
    return make("li", {}, make("span", {}, shown[0], " × ", shown[1], sum), what);
  }

  /**
   * @param {Cell} cell
   * @param {boolean} wrap whether a negative number gets parentheses
   */
  #cell(cell, wrap) {
    const open = (/** @type {Cell} */ one) => this.#further(one);
    return opener(cell, { count: COUNT, wrap, open, name: nameOf(this.labels, cell) });
  }

  /**
   * @param {Rest} rest
   * @param {ReachKind} kind
   */
  #rest({ count, sum }, kind) {
    const others = { number: whole(count) };
    const together =
      kind === "dot" ? tr("the other {number} together", others) : tr("the other {number}", others);
    const value =
      kind === "dot" ? [make("b", { "data-value": String(sum) }, digits(sum, COUNT))] : [];
    return make("li", { class: "rest" }, ...value, make("span", { class: "what" }, together));
  }

  /** @param {Parameter | null} parameter */
  #changes(parameter) {
    if (!parameter) return [];
    const open = (/** @type {Cell} */ cell) => this.#further(cell);
    const found = weightChange(this.trace, this.labels, parameter);
    return [
      weightChangeView(found, { labels: this.labels, parameter, lines: this.trace.lines, open }),
    ];
  }
}

/**
 * Return a form with its numbers filled in.
 * @param {string} form
 * @param {Cell[]} operands
 */
function pattern(form, operands) {
  return form.replaceAll(/\{(\d)\}/g, (_, /** @type {string} */ k, /** @type {number} */ at) => {
    const { value } = operands[Number(k)];
    const text = digits(value, COUNT);
    return value < 0 && BINDS.test(form.slice(0, at)) ? `(${text})` : text;
  });
}
