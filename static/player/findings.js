// What the training tells: one or two findings in words, under the views, in a panel that never
// changes its height.

import { make, say } from "../shared/dom.js";
import { whole } from "../shared/format.js";

const MOST = 500; // epochs whose findings are kept
const CARDS = 2;

export class Findings {
  /** `attempt(rule, epoch)` asks for the change that a finding proposes. */
  constructor(attempt) {
    this.attempt = attempt;
    this.told = []; // {epoch, count, items, quiet, receipt}, by epoch
    this.note = make("span", { class: "note" });
    this.receipt = make("span", { class: "receipt", role: "status" });
    this.quiet = make("p", { class: "quiet" });
    this.cards = Array.from({ length: CARDS }, (_, i) => this.#card(i));
    const head = make("header", {}, make("h3", {}, "What the training tells"), this.note);
    head.append(this.receipt);
    const cards = make("div", { class: "cards" }, ...this.cards.map(({ card }) => card));
    this.element = make(
      "section",
      { class: "findings", "aria-label": "What the training tells", "data-findings": "" },
      head,
      this.quiet,
      cards,
    );
  }

  #card(i) {
    const title = make("h4", { id: `deltascope-finding-${i}` });
    const evidence = make("p", { class: "evidence" });
    const remedy = make("p", { class: "remedy" });
    const offer = make("span", { id: `deltascope-offer-${i}` });
    const press = () => this.shown && this.attempt(this.shown.items[i].rule, this.shown.epoch);
    const button = make(
      "button",
      {
        type: "button",
        "aria-describedby": `deltascope-finding-${i} deltascope-offer-${i}`,
        on: { click: press },
      },
      "Try it",
    );
    const row = make("div", { class: "offer" }, button, offer);
    const card = make("article", { hidden: true }, title, evidence, remedy, row);
    return { card, title, evidence, remedy, offer, row, button };
  }

  /** Another run: nothing is known. */
  clear() {
    this.told = [];
    this.#render(null);
  }

  forgetAfter(epoch) {
    this.told = this.told.filter((one) => one.epoch <= epoch);
  }

  /** Takes in what the server says about an epoch. */
  store(findings) {
    if (!findings) return;
    const { epoch } = findings;
    this.told = this.told.filter((one) => one.epoch !== epoch);
    const place = this.told.findLastIndex((one) => one.epoch < epoch) + 1;
    this.told.splice(place, 0, findings);
    if (this.told.length > MOST) this.told = this.told.filter((_, i) => i % 2 || i === place);
  }

  /** Shows what is known about an epoch, or about the last one before it. */
  show(epoch) {
    const known = this.told.findLast((one) => one.epoch <= epoch) ?? null;
    if (known !== this.shown) this.#render(known);
  }

  /** Nothing may be tried while the server is busy with it. */
  busy(waits) {
    for (const { button } of this.cards) button.disabled = waits;
  }

  #render(known) {
    this.shown = known;
    const { epoch = 0, count = 0, items = [], quiet = "", receipt = "" } = known ?? {};
    const many = count > CARDS ? `, the first ${CARDS} of ${count}` : "";
    say(this.note, known ? `at epoch ${whole(epoch)}${many}` : "");
    say(this.receipt, receipt);
    say(this.quiet, quiet);
    this.element.dataset.findings = items.map(({ rule }) => rule).join(" ");
    this.cards.forEach(({ card, title, evidence, remedy, offer, row }, i) => {
      const item = items[i];
      card.hidden = !item;
      if (!item) return;
      say(title, item.title);
      say(evidence, item.evidence);
      say(remedy, item.remedy);
      say(offer, item.offer);
      row.hidden = !item.offer;
    });
  }
}
