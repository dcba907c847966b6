// The address bar holds the run on screen: its choices, its epoch, and a number to check it by.
// A new run is a step that the browser's Back returns from; what else changes is no step.

/** @import { ViewOptions } from "../shared/types.js" */

const PAUSE = 500; // ms between two changes while playing
/** Parameters of the page around the run, which stay; the first ones are Streamlit's. */
const EMBEDDED = ["embed", "embed_options", "present"];
/** Parameters of the screen, not of the run. */
const SCREEN = [...EMBEDDED, "epoch", "check", "example", "view"];
/** What the parameter "view" may name. @type {("backward" | "discretize" | "test" | "hold")[]} */
export const SWITCHES = ["backward", "discretize", "test", "hold"];

/**
 * The run, its choices as a query, the epoch, the loss at it and what else the views show.
 * @typedef {{
 *   run: string | null, query: string | undefined, epoch: number, loss: number,
 *   options: ViewOptions,
 * }} Shown
 */

/**
 * Return the query of an address for what is shown.
 * @param {Omit<Shown, "run"> & { query: string }} shown
 */
export function searchOf({ query, epoch, loss, options }) {
  const parts = query ? [query] : [];
  if (epoch > 0) parts.push(`epoch=${epoch}`);
  if (epoch > 0 && Number.isFinite(loss)) parts.push(`check=${Number(loss.toPrecision(8))}`);
  if (options.example !== null) parts.push(`example=${options.example}`);
  const view = SWITCHES.filter((name) => options[name]);
  if (view.length) parts.push(`view=${view.join("-")}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/**
 * Return the example in an address, or null.
 * @param {string} search the query of the address
 */
export function exampleOf(search) {
  const value = new URLSearchParams(search).get("example") ?? "";
  return /^\d+$/.test(value) ? Number(value) : null;
}

/**
 * Return the switches of the views that an address asks for.
 * @param {string} search
 */
export function viewOf(search) {
  const on = (new URLSearchParams(search).get("view") ?? "").split("-");
  const [backward, discretize, test, hold] = SWITCHES.map((name) => on.includes(name));
  return { backward, discretize, test, hold };
}

/**
 * Return the parameters of an address as they are written.
 * @param {string} search
 * @param {(name: string) => boolean} wanted
 */
const partsOf = (search, wanted) =>
  search
    .replace(/^\?/, "")
    .split("&")
    .filter((part) => part && wanted(part.split("=")[0]));

/**
 * Return the choices of the run in an address, as a query.
 * @param {string} search
 */
export const choicesOf = (search) => partsOf(search, (name) => !SCREEN.includes(name)).join("&");

/**
 * Return a query with what an address says of the page: one in a frame stays one, and a presented one, too.
 * @param {string} search
 * @param {string} known the query of the address
 */
export function withEmbedding(search, known) {
  const kept = partsOf(known, (name) => EMBEDDED.includes(name));
  const parts = [...partsOf(search, () => true), ...kept];
  return parts.length ? `?${parts.join("&")}` : "";
}

/**
 * Put a query into the address bar.
 * @param {string} search
 * @param {boolean} step whether the browser's Back leads to what was there before
 */
export function replaceSearch(search, step = false) {
  const whole = withEmbedding(search, location.search);
  if (whole === location.search) return;
  const address = location.pathname + whole + location.hash;
  try {
    if (step) history.pushState(history.state, "", address);
    else history.replaceState(history.state, "", address);
  } catch {
    // A browser that allows no more changes for now, or a page without an address.
  }
}

export class Permalink {
  /** When the address last changed, in ms. */
  #changed = 0;
  /** The run whose address was written last. @type {string | null} */
  #run = null;

  /** @param {boolean} steps whether a new run is a step for the browser's Back */
  constructor(steps) {
    this.steps = steps;
  }

  /**
   * Write what is shown into the address bar; at most twice a second in `haste`.
   * @param {Shown} shown
   * @param {boolean} haste
   */
  write({ run, query, ...shown }, haste) {
    const now = performance.now();
    if (query === undefined || (haste && now - this.#changed < PAUSE)) return;
    const other = this.#run !== null && this.#run !== run;
    this.#changed = now;
    this.#run = run;
    const step = this.steps && other && query !== choicesOf(location.search);
    replaceSearch(searchOf({ query, ...shown }), step);
  }
}
