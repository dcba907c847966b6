// The list of words with what they mean, and a field that finds one in it.

import { make, setText } from "../shared/dom.js";
import { tr, trMany } from "../shared/language.js";

/** @import { Component } from "../shared/types.js" */

/**
 * A word: `anchor` is its name in an address, `others` are words for the same.
 * @typedef {{ name: string, anchor: string, meaning: string, others: string[] }} Word
 */

/**
 * Return whether a word is what a person looks for: the beginning of a part of its names, or a text
 * in its meaning.
 * @param {Word} word
 * @param {string} sought
 */
export function isFound({ name, meaning, others }, sought) {
  const text = sought.trim().toLowerCase();
  if (!text) return true;
  const names = [name, ...others].map((one) => one.toLowerCase());
  return names.some((one) => one.includes(text)) || meaning.toLowerCase().includes(text);
}

/** A list of words with its field. */
export class WordList {
  /**
   * @param {Word[]} words
   * @param {string} prefix of the names of the entries in an address
   */
  constructor(words, prefix) {
    this.words = words;
    this.field = make("input", {
      type: "search",
      "aria-label": tr("Find a word"),
      placeholder: tr("Find a word"),
      autocomplete: "off",
      on: { input: () => this.#find() },
    });
    this.count = make("p", { class: "count", "aria-live": "polite" });
    this.entries = words.map(({ name, anchor, meaning, others }) => {
      const also = others.length
        ? make("small", {}, tr(" also: {names}", { names: others.join(tr(", ")) }))
        : "";
      return make(
        "div",
        { id: `${prefix}${anchor}`, tabindex: -1 },
        make("dt", {}, name, also),
        make("dd", {}, meaning),
      );
    });
    this.list = make("dl", {}, ...this.entries);
    this.element = make("div", { class: "deltascope-words" }, this.field, this.count, this.list);
    this.#find();
  }

  #find() {
    let found = 0;
    this.words.forEach((word, i) => {
      const shown = isFound(word, this.field.value);
      this.entries[i].hidden = !shown;
      if (shown) found += 1;
    });
    setText(this.count, trMany(found, "{n} word", "{n} words"));
  }

  /**
   * Go to the entry that an address names.
   * @param {string} hash like "#word-delta"
   */
  goTo(hash) {
    const entry = this.entries.find(({ id }) => `#${id}` === hash);
    entry?.scrollIntoView({ block: "center" });
    entry?.focus({ preventScroll: true });
  }
}

/** @type {WeakMap<HTMLElement, WordList>} */
const lists = new WeakMap();

/** @param {Component<string>} component */
export function mount({ data, parentElement }) {
  const known = lists.get(parentElement);
  const list = known ?? new WordList(JSON.parse(data), "word-");
  const follow = () => list.goTo(location.hash);
  lists.set(parentElement, list);
  if (!known) {
    parentElement.append(list.element);
    requestAnimationFrame(follow);
  }
  addEventListener("hashchange", follow);
  return () => {
    removeEventListener("hashchange", follow);
    lists.delete(parentElement);
    list.element.remove();
  };
}
