// The panel of one number: its exact value, what it is called, and where it comes from, step by step
// back to what was given; for a parameter also its ledger.

import { make } from "../shared/dom.js";
import { whole } from "../shared/format.js";
import { BINDS, digits, exactly, opener } from "../trace/digits.js";
import { nameOf, origin } from "../trace/provenance.js";
import { ledger } from "../trace/weight_change.js";
import { button } from "./controls.js";
import { formula } from "./formula.js";
import { ledgerView } from "./weight_change_view.js";

const COUNT = 6; // significant digits of a term

export class Panel {
  /** `act` has go(line) and closed(). */
  constructor({ tape, places }, act) {
    Object.assign(this, { tape, places, act, trail: [] });
    this.body = make("div", { class: "inside" });
    this.path = make("nav", { class: "trail", "aria-label": "The way here" });
    this.heading = make("h3", { tabindex: -1 }, "Where does it come from?");
    const close = button("Close", () => this.close());
    const head = make("header", {}, this.heading, close);
    this.element = make(
      "section",
      { class: "panel", hidden: true, role: "dialog", "aria-label": "Where does it come from?" },
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

  /** Opens a cell as the start of a new way back. */
  start(cell) {
    if (!this.open) this.from = document.activeElement;
    this.trail = [cell];
    this.#draw();
  }

  #further(cell) {
    this.trail.push(cell);
    this.#draw();
  }

  #backTo(place) {
    this.trail.length = place + 1;
    this.#draw();
  }

  close() {
    if (!this.open) return;
    this.element.hidden = true;
    this.trail = [];
    this.act.closed(this.from);
  }

  #draw() {
    const cell = this.trail.at(-1);
    const found = origin(this.tape, this.places, cell);
    const steps = this.trail.slice(0, -1).map((one, place) => {
      const { name } = origin(this.tape, this.places, one);
      return make(
        "li",
        {},
        make("button", { type: "button", on: { click: () => this.#backTo(place) } }, name),
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
    const own = this.places.parameter(cell.read, cell.i, cell.j);
    const parts = found.given
      ? [make("p", { class: "given" }, found.given)]
      : this.#made(found, cell);
    this.body.replaceChildren(name, value, ...parts, ...this.#ledger(own));
    this.element.hidden = false;
    this.body.scrollTop = 0;
    this.heading.focus({ preventScroll: true });
  }

  #made({ line, terms, rest, form, kind, operands }, cell) {
    const jump = make(
      "button",
      { type: "button", class: "link", on: { click: () => this.act.go(line.number) } },
      `equation ${line.number + 1}`,
    );
    const by = make("p", { class: "by" }, "Made by ", jump, ":");
    const tex = make("div", { class: "made" }, formula(line.tex));
    const text = operands ? pattern(form, operands) : form;
    const rows = terms.map((term) => this.#term(term, kind));
    if (rest) rows.push(this.#rest(rest, kind));
    const title = kind === "dot" ? "The products that add up to it" : "What went in";
    const of = make("h4", {}, rest ? `${title}, largest first` : title);
    const forms = text ? [make("p", { class: "form" }, text)] : [];
    return [by, tex, ...forms, of, make("ul", { class: "terms" }, ...rows)];
  }

  #term({ cells, product }, kind) {
    const shown = cells.map((cell, k) => this.#cell(cell, k > 0));
    if (kind !== "dot") {
      return make(
        "li",
        {},
        shown[0],
        make("span", { class: "what" }, nameOf(this.places, cells[0])),
      );
    }
    const what = make(
      "span",
      { class: "what" },
      cells.map((cell) => nameOf(this.places, cell)).join(" × "),
    );
    if (cells.length === 1) return make("li", {}, shown[0], what);
    const sum = make("b", { "data-value": String(product) }, ` = ${digits(product, COUNT)}`);
    return make("li", {}, make("span", {}, shown[0], " × ", shown[1], sum), what);
  }

  #cell(cell, wrap) {
    const open = (one) => this.#further(one);
    return opener(cell, { count: COUNT, wrap, open, name: nameOf(this.places, cell) });
  }

  #rest({ count, sum }, kind) {
    const together = `the other ${whole(count)}${kind === "dot" ? " together" : ""}`;
    const value =
      kind === "dot" ? [make("b", { "data-value": String(sum) }, digits(sum, COUNT))] : [];
    return make("li", { class: "rest" }, ...value, make("span", { class: "what" }, together));
  }

  #ledger(parameter) {
    if (!parameter) return [];
    const open = (cell) => this.#further(cell);
    const found = ledger(this.tape, this.places, parameter);
    return [ledgerView(found, { places: this.places, parameter, lines: this.tape.lines, open })];
  }
}

// A form with its numbers filled in.
function pattern(form, operands) {
  return form.replaceAll(/\{(\d)\}/g, (_, k, at) => {
    const { value } = operands[Number(k)];
    const text = digits(value, COUNT);
    return value < 0 && BINDS.test(form.slice(0, at)) ? `(${text})` : text;
  });
}
