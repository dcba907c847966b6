// Which views a presented page has, and how one gets from one to the next.

import { tr } from "../shared/language.js";

/**
 * A view of a presented page. `frame` is the part of the page that is in front while it is shown.
 * @typedef {{ name: string, label: string, element: HTMLElement, frame: HTMLElement }} PresentedView
 */

/** Parts of the page Lessons that are a view each, by the class that Streamlit gives them. */
const TEXTS = [
  ["lesson-text", tr("Lesson")],
  ["entrance", tr("Join")],
  ["class-board", tr("Board")],
];
/** Views of a player whose own titles are too long for a list. @type {Record<string, string>} */
const SHORT = {
  [tr("Decision boundary")]: tr("Boundary"),
  [tr("What this run shows")]: tr("Findings"),
};
/** @type {Record<string, string>} */
const LABELS = { curves: tr("Loss") };
const TYPED = "textarea, [contenteditable='true'], input:not([type='range'], [type='checkbox'])";

/**
 * Return the views of a page in their order.
 * @param {Document} page
 * @returns {PresentedView[]}
 */
export function pagesOf(page) {
  const texts = TEXTS.flatMap(([name, label]) => {
    const element = page.querySelector(`.st-key-${name}`);
    return element instanceof HTMLElement ? [{ name, label, element, frame: element }] : [];
  });
  const player = page.querySelector(".deltascope-player");
  if (!(player instanceof HTMLElement)) return texts;
  const own = player.closest(".st-key-lesson-run") ?? player.closest(".st-key-live");
  const frame = own instanceof HTMLElement ? own : player;
  const panels = [...player.querySelectorAll(".stage [data-view], .findings")];
  return [
    ...texts,
    ...panels.flatMap((element) => {
      if (!(element instanceof HTMLElement) || element.hidden) return [];
      const title = element.querySelector(".title")?.textContent ?? "";
      const name = element.dataset.view ?? "findings";
      const label = LABELS[name] ?? SHORT[title] ?? title;
      return label ? [{ name, label, element, frame }] : [];
    }),
  ];
}

/**
 * Return the place of the view `step` steps on, no farther than the first and the last one.
 * @param {{ name: string }[]} views
 * @param {string} name of the view that is shown
 * @param {number} step
 */
export function nextPlace(views, name, step) {
  const place = views.findIndex((one) => one.name === name);
  return Math.max(0, Math.min(views.length - 1, place + step));
}

/**
 * Return the parts of an address's query as they are written, without those of these names.
 * @param {string} search
 * @param {string[]} names
 */
const partsWithout = (search, names) =>
  search
    .replace(/^\?/, "")
    .split("&")
    .filter((part) => part && !names.includes(part.split("=")[0]));

/** @param {string[]} parts */
const joined = (parts) => (parts.length ? `?${parts.join("&")}` : "");

/**
 * Return the query of an address that says whether the page is presented; the rest stays as written.
 * @param {string} search
 * @param {boolean} on
 */
export function withPresent(search, on) {
  return joined([...partsWithout(search, ["present"]), ...(on ? ["present=1"] : [])]);
}

/**
 * What a link does with the controls of settings; those that are not named are shown.
 * @typedef {Record<string, "hide" | "lock">} ControlStates
 */

/**
 * Return which controls an address hides or locks.
 * @param {string} search
 * @returns {ControlStates}
 */
export function controlsOf(search) {
  const query = new URLSearchParams(search);
  const named = (/** @type {"hide" | "lock"} */ state) =>
    (query.get(state) ?? "").split("-").flatMap((name) => (name ? [[name, state]] : []));
  return Object.fromEntries([...named("lock"), ...named("hide")]);
}

/**
 * Return the query of an address that hides and locks these controls, and no others.
 * @param {string} search
 * @param {ControlStates} states
 */
export function withControls(search, states) {
  const added = ["hide", "lock"].flatMap((state) => {
    const names = Object.keys(states).filter((name) => states[name] === state);
    return names.length ? [`${state}=${names.join("-")}`] : [];
  });
  return joined([...partsWithout(search, ["hide", "lock"]), ...added]);
}

/**
 * Return whether keys that are pressed in an element are a text, or move something in it.
 * @param {EventTarget | null} target
 */
export function typesText(target) {
  return target instanceof Element && Boolean(target.closest(`${TYPED}, svg [role='slider']`));
}
