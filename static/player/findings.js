// What this run shows: one or two findings in words, under the views, in a panel that never
// changes its height.

import { button, make, setText } from "../shared/dom.js";
import { whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { helpButton } from "../views/help.js";

/** @import { EpochFindings } from "../shared/types.js" */

const MOST = 500; // epochs whose findings are kept
const CARDS = 2;

export class Findings {
  /** What is on show. @type {EpochFindings | null} */
  #shown = null;
  /** What is known, by epoch. @type {EpochFindings[]} */
  #known = [];

  /** @param {(rule: string, epoch: number) => void} attempt makes the change that a finding proposes */
  constructor(attempt) {
    this.attempt = attempt;
    this.note = make("span", { class: "note" });
    this.receipt = make("span", { class: "receipt", role: "status" });
    this.quiet = make("p", { class: "quiet" });
    this.cards = Array.from({ length: CARDS }, (_, i) => this.#card(i));
    const head = make(
      "header",
      {},
      make("h2", { class: "title" }, tr("What this run shows")),
      ...helpButton("findings"),
    );
    head.append(this.note);
    head.append(this.receipt);
    const cards = make("div", { class: "cards" }, ...this.cards.map(({ card }) => card));
    this.element = make(
      "section",
      { class: "findings", "aria-label": tr("What this run shows"), "data-findings": "" },
      head,
      this.quiet,
      cards,
    );
  }

  /** @param {number} i */
  #card(i) {
    const title = make("h3", { id: `deltascope-finding-${i}` });
    const evidence = make("p", { class: "evidence" });
    const remedy = make("p", { class: "remedy" });
    const offer = make("span", { id: `deltascope-offer-${i}` });
    const press = () => this.#shown && this.attempt(this.#shown.items[i].rule, this.#shown.epoch);
    const describedBy = `deltascope-finding-${i} deltascope-offer-${i}`;
    const attempt = button(tr("Try it"), press, {
      attributes: { "aria-describedby": describedBy },
    });
    const row = make("div", { class: "offer" }, attempt, offer);
    const card = make("article", { hidden: true }, title, evidence, remedy, row);
    return { card, title, evidence, remedy, offer, row, button: attempt };
  }

  /** Forget everything: another run begins. */
  clear() {
    this.#known = [];
    this.#render(null);
  }

  /** @param {number} epoch */
  forgetAfter(epoch) {
    this.#known = this.#known.filter((one) => one.epoch <= epoch);
  }

  /**
   * Keep the server's findings about an epoch.
   * @param {EpochFindings} [findings]
   */
  store(findings) {
    if (!findings) return;
    const { epoch } = findings;
    this.#known = this.#known.filter((one) => one.epoch !== epoch);
    const place = this.#known.findLastIndex((one) => one.epoch < epoch) + 1;
    this.#known.splice(place, 0, findings);
    if (this.#known.length > MOST) this.#known = this.#known.filter((_, i) => i % 2 || i === place);
  }

  /**
   * Show what is known about an epoch, or about the last one before it.
   * @param {number} epoch
   */
  show(epoch) {
    const known = this.#known.findLast((one) => one.epoch <= epoch) ?? null;
    if (known !== this.#shown) this.#render(known);
  }

  /**
   * Allow no attempt while the server is busy with one.
   * @param {boolean} waits
   */
  busy(waits) {
    for (const { button } of this.cards) button.disabled = waits;
  }

  /** @param {EpochFindings | null} known */
  #render(known) {
    this.#shown = known;
    const { epoch = 0, count = 0, items = [], quiet = "", receipt = "" } = known ?? {};
    const at = { epoch: whole(epoch), shown: CARDS, count };
    const first = tr("at epoch {epoch}, the first {shown} of {count}", at);
    const note = count > CARDS ? first : tr("at epoch {epoch}", at);
    setText(this.note, known ? note : "");
    setText(this.receipt, receipt);
    setText(this.quiet, quiet);
    this.element.dataset.findings = items.map(({ rule }) => rule).join(" ");
    this.cards.forEach(({ card, title, evidence, remedy, offer, row, button }, i) => {
      const item = items[i];
      card.hidden = !item;
      if (!item) return;
      setText(title, item.title);
      setText(evidence, item.evidence);
      setText(remedy, item.remedy);
      setText(offer, item.offer || item.refusal);
      button.hidden = !item.offer;
      row.hidden = !item.offer && !item.refusal;
    });
  }
}
