// A figure that changes in place: its zoom, its hover and its camera stay when its numbers change.

import { plotly } from "./figure.js";

/** @import { Component, Figure, PlotlyElement } from "./types.js" */

/**
 * The element of a chart, its figure (null once it has left the page), the work that is still to be
 * done for it, and what it has drawn.
 * @typedef {PlotlyElement & {
 *   picked: (number: number) => void, figure: Figure | null, work: Promise<void>, drawn?: string,
 * }} ChartElement
 * @typedef {{ points: { customdata?: unknown[] }[] }} PlotlyClick
 */

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset" };

/**
 * Draw the figure; a click on a mark sends the mark's number, the first of its customdata.
 * @param {Component<{ figure: Figure, alt: string }>} component
 */
export function mount({ data, key, parentElement, setTriggerValue }) {
  const { figure, alt } = data;
  const root = findOrMakeRoot(parentElement, key);
  root.setAttribute("aria-label", alt);
  root.style.height = `${figure.layout.height}px`;
  root.picked = (number) => setTriggerValue("picked", number);
  root.figure = figure;
  const font = { ...figure.layout.font, family: getComputedStyle(parentElement).fontFamily };
  // One after another, and of many that wait only the newest.
  root.work = root.work.then(() => {
    if (root.figure === figure) return draw(root, figure, font);
  });
  return () => {
    root.figure = null;
    root.work = root.work.then(() => leave(root));
  };
}

/**
 * @param {ChartElement} root
 * @param {Figure} figure
 * @param {Record<string, unknown>} font
 */
async function draw(root, { data, layout }, font) {
  const content = JSON.stringify([data, layout, font]);
  if (content === root.drawn) return; // Streamlit calls for each run of the page, also for the same
  root.drawn = content;
  const Plotly = await plotly();
  const fresh = !root.on;
  await Plotly.react(root, data, { ...layout, font, autosize: true }, CONFIG);
  if (fresh) root.on?.("plotly_click", (/** @type {PlotlyClick} */ event) => clicked(root, event));
}

/**
 * @param {ChartElement} root
 * @param {PlotlyClick} event
 */
function clicked(root, { points }) {
  const numbers = points.map(({ customdata }) => customdata?.[0]);
  const first = numbers.find((number) => typeof number === "number");
  if (first !== undefined) root.picked(first);
}

/** @param {ChartElement} root */
async function leave(root) {
  if (root.figure) return; // a newer call has taken the element over while this one waited
  if (root.on) (await plotly()).purge(root);
  root.remove();
}

/**
 * Return the chart's element. Another chart may have been in this place and may leave it later than
 * this one comes.
 * @param {HTMLElement} parentElement
 * @param {string} key
 */
function findOrMakeRoot(parentElement, key) {
  const children = /** @type {HTMLElement[]} */ ([...parentElement.children]);
  const known = children.find((child) => child.dataset.key === key);
  if (known) return /** @type {ChartElement} */ (known);
  const root = /** @type {ChartElement} */ (
    /** @type {HTMLElement} */ (document.createElement("div"))
  );
  root.className = "picture";
  root.setAttribute("role", "img");
  root.dataset.key = key;
  root.work = Promise.resolve();
  parentElement.append(root);
  return root;
}
