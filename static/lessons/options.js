// How a lesson wants its player: whether it is locked, its speed, its views. The page sends these
// through an element of its own, so that they can change while the run stays.

import { subscribeToEpoch } from "../shared/epoch.js";

/** @import { ShownEpoch } from "../shared/epoch.js" */
/** @import { Component } from "../shared/types.js" */

/**
 * `watch` names the run on the screen in its step of the lesson, `run` names it everywhere; `epochs`
 * is its last epoch, `bold` the part whose numbers the lesson is about; `locked` says why it cannot
 * be played yet.
 * @typedef {{
 *   watch: string, run: string, epochs: number, locked: string, speed: number, bold: string,
 *   view: ("backward" | "discretize" | "test" | "hold")[],
 * }} LessonOptions
 * @typedef {(options: LessonOptions) => void} Listener
 */

/** @type {Set<Listener>} */
const listeners = new Set();
/** @type {LessonOptions | null} */
let current = null;
/** @type {WeakMap<HTMLElement, { seen: string, end: () => void }>} */
const places = new WeakMap();

/**
 * Call a listener with the options now and whenever they change; return how to end that.
 * @param {Listener} listener
 */
export function subscribeToOptions(listener) {
  listeners.add(listener);
  if (current) listener(current);
  return () => listeners.delete(listener);
}

/**
 * Return whether a run has been watched to its end. One that stops early goes back to its best epoch.
 * @param {LessonOptions} options
 * @param {ShownEpoch} shown
 */
export function isWatched({ run, epochs, locked }, { run: now, epoch, resting, ended }) {
  return !locked && resting && now === run && (ended || epoch >= epochs);
}

/**
 * Take over the options, and say when the run has been watched to its end.
 * @param {Component<string>} component
 */
export function mount({ data, parentElement, setTriggerValue }) {
  /** @type {LessonOptions} */
  const options = JSON.parse(data);
  const place = places.get(parentElement) ?? { seen: "", end: () => {} };
  places.set(parentElement, place);
  if (JSON.stringify(current) !== data) {
    current = options;
    for (const listener of listeners) listener(options);
  }
  place.end();
  place.end = subscribeToEpoch((shown) => {
    if (!isWatched(options, shown) || place.seen === options.watch) return;
    place.seen = options.watch;
    setTimeout(() => setTriggerValue("watched", options.watch), 100); // after the player's message
  });
  return () => {
    place.end();
    places.delete(parentElement);
  };
}
