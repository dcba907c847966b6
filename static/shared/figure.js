// A Plotly figure as the player uses it: axes, text and fixed points are Plotly's, the rest is painted.

import { css } from "./theme.js";

const BYTES = { f4: Float32Array, f8: Float64Array, i1: Int8Array, u1: Uint8Array };
Object.assign(BYTES, { i2: Int16Array, u2: Uint16Array, i4: Int32Array, u4: Uint32Array });

/** The numbers of a trace's field, which Plotly's JSON may write as base64. */
export function numbers(field) {
  if (!field?.bdata) return Array.from(field ?? []);
  const bytes = Uint8Array.from(atob(field.bdata), (letter) => letter.charCodeAt(0));
  return Array.from(new BYTES[field.dtype](bytes.buffer));
}

const moves = (trace) => trace.uid && !trace.uid.startsWith("points");

/** The traces that the player paints, and those that Plotly draws once. */
export const painted = (figure) => figure.data.filter(moves);
export const fixed = (figure) => figure.data.filter((trace) => !moves(trace));

const axisKey = (name) => (name ?? "x").replace(/^([xy])(\d*)$/, "$1axis$2");

/** The axis of a layout that a trace names "x", "y2", ... */
export const axisOf = (layout, name) => layout[axisKey(name)];

/** Every axis of a layout as [key, axis]. */
export const axes = (layout) => Object.entries(layout).filter(([key]) => /^[xy]axis\d*$/.test(key));

/**
 * Where a trace's pair of axes lies in a figure of width x height pixels: the rectangle
 * {left, top, width, height} and the maps x(value), y(value) from data to pixels.
 */
export function place(layout, trace, width, height) {
  const margin = { l: 0, r: 0, t: 0, b: 0, ...layout.margin };
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
    x: scale(xaxis, left, left + size.width),
    y: scale(yaxis, top + size.height, top),
    value: {
      x: unscale(xaxis, left, left + size.width),
      y: unscale(yaxis, top + size.height, top),
    },
  };
}

function scale({ type, range }, start, end) {
  const factor = (end - start) / (range[1] - range[0]);
  if (type !== "log") return (value) => start + (value - range[0]) * factor;
  // A loss of 0 has no logarithm; far below the axis stands for it.
  return (value) => start + ((value > 0 ? Math.log10(value) : -400) - range[0]) * factor;
}

function unscale({ type, range }, start, end) {
  const factor = (range[1] - range[0]) / (end - start);
  const position = (pixel) => range[0] + (pixel - start) * factor;
  return type === "log" ? (pixel) => 10 ** position(pixel) : position;
}

/** The figure for Plotly: themed, sized, without what the player paints and explains itself. */
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

// Plotly draws an axis only if a trace is on it: an empty one stands for what the player paints.
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

function assign(target, path, value) {
  const last = path.at(-1);
  const owner = path.slice(0, -1).reduce((part, key) => part?.[key], target);
  if (owner) owner[last] = value;
}

let loading = null;

/** Plotly, loaded once per page as a classic script. */
export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    if (globalThis.Plotly) return resolve(globalThis.Plotly);
    const script = document.createElement("script");
    script.src = new URL("app/static/plotly.min.js", document.baseURI);
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => reject(new Error("plotly.min.js did not load"));
    document.head.append(script);
  });
  return loading;
}
