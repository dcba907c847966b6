// The board of a class: the answers to a question as they come, without names unless a pupil gave one.

import { make } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { tr } from "../shared/language.js";

/** @import { Component } from "../shared/types.js" */

/**
 * How often a choice was taken in the first and in the second vote. `right` is its mark, once it may
 * be seen.
 * @typedef {{ text: string, first: number, second: number, right: boolean }} Tally
 *
 * What the page sends. `votes` says how many votes there are to compare: one or two. `numbers` are
 * typed answers, `sentences` what pupils wrote, each with who wrote it.
 * @typedef {{
 *   votes: number, tallies: Tally[], numbers: number[], truth: number | null, unit: string,
 *   sentences: { by: string, text: string }[],
 * }} Board
 */

/** @type {WeakMap<HTMLElement, { root: HTMLElement, source: string }>} */
const drawn = new WeakMap();

/** @param {Component<string>} component */
export function mount({ data, parentElement }) {
  const place = drawn.get(parentElement) ?? {
    root: make("div", { class: "deltascope-board", "aria-live": "polite" }),
    source: "",
  };
  drawn.set(parentElement, place);
  if (!place.root.isConnected) parentElement.append(place.root);
  if (place.source !== data) {
    place.source = data;
    place.root.replaceChildren(...partsOf(JSON.parse(data)));
  }
  return () => {
    drawn.delete(parentElement);
    place.root.remove();
  };
}

/** @param {Board} board */
function partsOf({ votes, tallies, numbers, truth, unit, sentences }) {
  const parts = [];
  if (tallies.length) parts.push(tallyTable(tallies, votes));
  if (numbers.length || truth !== null) parts.push(numberLine(numbers, truth, unit));
  if (sentences.length) parts.push(sentenceList(sentences));
  return parts;
}

/**
 * Return the votes as bars in a table.
 * @param {Tally[]} tallies
 * @param {number} votes
 */
function tallyTable(tallies, votes) {
  const most = Math.max(1, ...tallies.flatMap(({ first, second }) => [first, second]));
  const heads = votes > 1 ? [tr("First vote"), tr("Second vote")] : [tr("Votes")];
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, tr("Answer")),
    ...heads.map((text) => make("th", { scope: "col" }, text)),
  );
  const rows = tallies.map(({ text, first, second, right }) => {
    const name = make("th", { scope: "row" }, right ? `✓ ${text}` : text);
    const counts = votes > 1 ? [first, second] : [first];
    const row = make("tr", { class: right ? "right" : null }, name);
    for (const count of counts) row.append(barCell(count, most));
    return row;
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

/**
 * @param {number} count
 * @param {number} most
 */
function barCell(count, most) {
  const bar = make("span", { class: "bar" });
  bar.style.width = `${(100 * count) / most}%`;
  return make("td", {}, make("span", { class: "track" }, bar), make("b", {}, String(count)));
}

/**
 * Return typed numbers, how often each was given, in their order; and the right one if it is known.
 * @param {number[]} numbers
 * @param {number | null} truth
 * @param {string} unit
 */
function numberLine(numbers, truth, unit) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const one of [...numbers].sort((a, b) => a - b)) counts.set(one, (counts.get(one) ?? 0) + 1);
  const items = [...counts].map(([value, count]) =>
    make("li", {}, `${number(value)} ${unit}`.trim(), make("b", {}, ` × ${count}`)),
  );
  const list = make("ul", { class: "numbers", "aria-label": tr("Numbers of the class") }, ...items);
  if (truth === null) return list;
  const right = make("p", { class: "right" }, `✓ ${number(truth)} ${unit}`.trim());
  return make("div", {}, right, list);
}

/** @param {{ by: string, text: string }[]} sentences */
function sentenceList(sentences) {
  const items = sentences.map(({ by, text }) =>
    make("li", {}, make("span", {}, text), make("cite", {}, by)),
  );
  return make("ul", { class: "sentences", "aria-label": tr("Sentences of the class") }, ...items);
}
