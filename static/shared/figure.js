// A Plotly figure as the player uses it: Plotly draws axes, text and fixed points, the player paints
// the rest.

import { css } from "./theme.js";

/**
 * @import {
 *   Axis, Figure, FigureTrace, Layout, LiveTrace, Place, PlotlyLibrary, Theme, TraceField
 * } from "./types.js"
 */

const DTYPES = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
};

/**
 * Return the numbers of a trace's field, which Plotly's JSON may write as base64.
 * @param {TraceField | ArrayLike<unknown> | undefined} field
 * @returns {number[]}
 */
export function numbers(field) {
  if (!field) return [];
  if (!("bdata" in field)) return /** @type {number[]} */ (Array.from(field));
  const bytes = Uint8Array.from(atob(field.bdata), (letter) => letter.charCodeAt(0));
  const dtype = /** @type {keyof typeof DTYPES} */ (field.dtype);
  return Array.from(new DTYPES[dtype](bytes.buffer));
}

/**
 * @param {FigureTrace} trace
 * @returns {trace is LiveTrace}
 */
const isLive = (trace) => !!trace.uid && !trace.uid.startsWith("points");

/**
 * Return the traces that the player paints.
 * @param {Figure} figure
 */
export const painted = (figure) => figure.data.filter(isLive);

/**
 * Return the traces that Plotly draws once.
 * @param {Figure} figure
 */
export const fixed = (figure) => figure.data.filter((trace) => !isLive(trace));

const NO_MARGIN = { l: 0, r: 0, t: 0, b: 0 };

const axisKey = (name = "x") => name.replace(/^([xy])(\d*)$/, "$1axis$2");

/**
 * Return the axis of a layout that a trace names "x", "y2", ...
 * @param {Layout} layout
 * @param {string} name
 */
export const axisOf = (layout, name) => /** @type {Axis} */ (layout[axisKey(name)]);

/**
 * Return every axis of a layout as [key, axis].
 * @param {Layout} layout
 */
export const axes = (layout) =>
  /** @type {[string, Axis][]} */ (
    Object.entries(layout).filter(([key]) => /^[xy]axis\d*$/.test(key))
  );

/**
 * Return where a trace's pair of axes lies in a figure of width x height pixels.
 * @param {Layout} layout
 * @param {FigureTrace} trace
 * @param {number} width
 * @param {number} height
 * @returns {Place}
 */
export function place(layout, trace, width, height) {
  const margin = { ...NO_MARGIN, ...layout.margin };
  const plot = { width: width - margin.l - margin.r, height: height - margin.t - margin.b };
  const xaxis = axisOf(layout, trace.xaxis ?? "x");
  const yaxis = axisOf(layout, trace.yaxis ?? "y");
  const [x0, x1] = xaxis.domain ?? [0, 1];
  const [y0, y1] = yaxis.domain ?? [0, 1];
  const left = margin.l + x0 * plot.width;
  const top = margin.t + (1 - y1) * plot.height;
  const size = { width: (x1 - x0) * plot.width, height: (y1 - y0) * plot.height };
  return {
    left,
    top,
    ...size,
    x: toPixels(xaxis, left, left + size.width),
    y: toPixels(yaxis, top + size.height, top),
    value: {
      x: fromPixels(xaxis, left, left + size.width),
      y: fromPixels(yaxis, top + size.height, top),
    },
  };
}

/**
 * Return the map from an axis' values to pixels.
 * @param {Axis} axis
 * @param {number} start pixel of the axis' lower end
 * @param {number} end pixel of its upper end
 * @returns {(value: number) => number}
 */
function toPixels({ type, range }, start, end) {
  const factor = (end - start) / (range[1] - range[0]);
  if (type !== "log") return (value) => start + (value - range[0]) * factor;
  // A loss of 0 has no logarithm; far below the axis stands for it.
  return (value) => start + ((value > 0 ? Math.log10(value) : -400) - range[0]) * factor;
}

/**
 * Return the map from pixels to an axis' values.
 * @param {Axis} axis
 * @param {number} start pixel of the axis' lower end
 * @param {number} end pixel of its upper end
 * @returns {(pixel: number) => number}
 */
function fromPixels({ type, range }, start, end) {
  const factor = (range[1] - range[0]) / (end - start);
  const position = (/** @type {number} */ pixel) => range[0] + (pixel - start) * factor;
  return type === "log" ? (pixel) => 10 ** position(pixel) : position;
}

/**
 * Return the figure for Plotly: in the page's colours, sized, without the traces that the player
 * paints.
 * @param {Figure} figure
 * @param {Theme} theme
 * @param {number} width
 * @param {number} height
 */
export function dressed(figure, theme, width, height) {
  const layout = structuredClone({ ...figure.layout, meta: undefined });
  const data = structuredClone(fixed(figure));
  const grid = css(theme.ink, 0.14);
  Object.assign(layout, { width, height, hovermode: false, autosize: false });
  layout.font = { ...layout.font, color: css(theme.ink), family: theme.font };
  for (const [, axis] of axes(layout)) {
    Object.assign(axis, { gridcolor: grid, zerolinecolor: grid, linecolor: grid });
  }
  for (const trace of data) {
    for (const [path, role] of Object.entries(trace.meta?.theme ?? {})) {
      assign(trace, path.split("."), css(theme[role]));
    }
  }
  for (const [key, axis] of axes(layout)) anchor(data, layout, key, axis);
  return { data, layout };
}

/**
 * Add an empty trace to an axis without one: Plotly draws an axis only if a trace is on it.
 * @param {FigureTrace[]} data
 * @param {Layout} layout
 * @param {string} key
 * @param {Axis} axis
 */
function anchor(data, layout, key, axis) {
  const name = key.replace("axis", "");
  if (!name.startsWith("y") || data.some((trace) => (trace.yaxis ?? "y") === name)) return;
  const xaxis = axis.anchor && axis.anchor !== "free" ? axis.anchor : name.replace("y", "x");
  const known = axisOf(layout, xaxis) ? xaxis : "x";
  data.push({
    type: "scatter",
    x: [null],
    y: [null],
    xaxis: known,
    yaxis: name,
    hoverinfo: "skip",
  });
}

/**
 * Set the field at a path of keys; a path that leads nowhere is left alone.
 * @param {object} target
 * @param {string[]} path
 * @param {string} value
 */
function assign(target, path, value) {
  /** @type {Record<string, unknown> | undefined} */
  let owner = /** @type {Record<string, unknown>} */ (target);
  for (const key of path.slice(0, -1)) {
    owner = /** @type {Record<string, unknown> | undefined} */ (owner?.[key]);
  }
  if (owner) owner[path[path.length - 1]] = value;
}

/** Plotly, once it is there. */
export const loadedPlotly = () =>
  /** @type {{ Plotly?: PlotlyLibrary }} */ (/** @type {unknown} */ (globalThis)).Plotly;

/** @type {Promise<PlotlyLibrary> | null} */
let loading = null;

/** Return Plotly, loaded once per page as a classic script. */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const known = loadedPlotly();
    if (known) return resolve(known);
    const script = document.createElement("script");
    script.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    const failed = () => reject(new Error("plotly.min.js did not load"));
    script.onload = () => {
      const loaded = loadedPlotly();
      if (loaded) resolve(loaded);
      else failed();
    };
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}
