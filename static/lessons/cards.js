// Cue cards: what a teacher says, asks and does, one card at a time. On a page of their own, or, on
// the page that the class sees, unseen until the presenter asks for them.

import { button, make, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";

/** @import { Component } from "../shared/types.js" */

/**
 * @typedef {{ head: string, minutes: number, text: string }} Card
 *
 * What the page sends. `lesson` names the lesson of the class: with another one the first card comes
 * back. `elapsed` are the seconds since it began.
 * @typedef {{ cards: Card[], lesson: string, elapsed: number, apart: boolean }} Deck
 */

const TICK = 5000; // ms between two looks at the clock

/** @type {WeakMap<HTMLElement, Cards>} */
const drawn = new WeakMap();

/** @param {Component<string>} component */
export function mount({ data, parentElement }) {
  /** @type {Deck} */
  const deck = JSON.parse(data);
  const cards = drawn.get(parentElement) ?? new Cards(parentElement, deck.apart);
  drawn.set(parentElement, cards);
  cards.receive(deck);
  return () => {
    drawn.delete(parentElement);
    cards.remove();
  };
}

/**
 * Return the minutes that the plan has for the cards before one.
 * @param {Card[]} cards
 * @param {number} place
 */
export function minutesBefore(cards, place) {
  return cards.slice(0, place).reduce((sum, { minutes }) => sum + minutes, 0);
}

class Cards {
  place = 0;
  lesson = "";
  begun = 0; // ms of the browser's clock
  /** @type {Card[]} */
  cards = [];

  /**
   * @param {HTMLElement} parent
   * @param {boolean} apart
   */
  constructor(parent, apart) {
    this.head = make("p", { class: "head" });
    this.text = make("p", { class: "text", "aria-live": "polite" });
    this.next = make("p", { class: "next" });
    this.clock = make("span", { class: "clock" });
    this.back = button(tr("Previous card"), () => this.turn(-1));
    this.on = button(tr("Next card"), () => this.turn(1));
    const row = make("p", { class: "row" }, this.back, this.on, this.clock);
    const box = { class: "deltascope-cards", role: "group", "aria-label": tr("Cue cards") };
    this.root = make("div", apart ? box : { ...box, popover: "auto" });
    this.root.append(this.head, this.text, this.next, row);
    this.root.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) this.turn(step);
    });
    parent.append(this.root);
    this.timer = setInterval(() => this.#tick(), TICK);
  }

  remove() {
    clearInterval(this.timer);
    this.root.remove();
  }

  /** @param {Deck} deck */
  receive({ cards, lesson, elapsed }) {
    if (lesson !== this.lesson) this.place = 0;
    this.begun = performance.now() - 1000 * elapsed;
    Object.assign(this, { cards, lesson });
    this.turn(0);
  }

  /** @param {number} step to another card */
  turn(step) {
    this.place = Math.max(0, Math.min(this.cards.length - 1, this.place + step));
    const card = this.cards[this.place];
    const after = this.cards[this.place + 1];
    const total = this.cards.length;
    const head = { place: this.place + 1, total, what: card?.head ?? "" };
    setText(this.head, card ? tr("{place} of {total} · {what}", head) : "");
    setText(this.text, card ? card.text : tr("This lesson has no plan."));
    setText(this.next, after ? tr("Then: {what}", { what: after.head }) : "");
    this.back.setAttribute("aria-disabled", String(this.place === 0));
    this.on.setAttribute("aria-disabled", String(!after));
    this.#tick();
  }

  /** Say how late it is, and when the plan has this card. */
  #tick() {
    const now = Math.floor((performance.now() - this.begun) / 60000);
    const planned = minutesBefore(this.cards, this.place);
    setText(
      this.clock,
      tr("Minute {now}; in the plan this card is at minute {planned}.", { now, planned }),
    );
  }
}
