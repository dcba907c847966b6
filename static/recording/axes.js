// Axes, texts and fixed points of a figure as SVG: the part of Plotly that the player needs, for a
// page that has no room for Plotly.

import { makeSvg } from "../shared/dom.js";
import { axes, numbers, place } from "../shared/figure.js";
import { runsOf } from "./labels.js";
import { markerPath } from "./markers.js";
import { ticksOf } from "./ticks.js";

/**
 * @import {
 *   Annotation, Axis, FigureTrace, Layout, LayoutShape, Place, PlotlyElement
 * } from "../shared/types.js"
 */

const SMALL = 10; // px, text without a size
const LINE_HEIGHT = 1.3;
const TICK_GAP = 3; // px between an axis and its numbers
/** @type {Record<string, string>} */
const DASHES = { dot: "1.5 2.5", dash: "6 4", dashdot: "6 3 1.5 3" };
/** @type {Record<string, string>} */
const ANCHORS = { left: "start", center: "middle", right: "end" };

/** A figure that is drawn once, and its size. */
class Sheet {
  /**
   * @param {Layout} layout
   * @param {FigureTrace[]} data
   */
  constructor(layout, data) {
    this.layout = layout;
    this.data = data;
    this.width = layout.width ?? 0;
    this.height = layout.height ?? 0;
    const { font = {} } = layout;
    this.svg = makeSvg("svg", {
      class: "main-svg",
      width: this.width,
      height: this.height,
      viewBox: `0 0 ${this.width} ${this.height}`,
      fill: String(font.color ?? "currentcolor"),
      "font-family": String(font.family ?? "sans-serif"),
    });
  }

  /** Return the picture. */
  draw() {
    for (const [key, axis] of axes(this.layout)) this.#axis(key, axis);
    for (const trace of this.data) if (trace.marker && trace.visible !== false) this.#points(trace);
    for (const shape of this.layout.shapes ?? []) this.#shape(shape);
    for (const annotation of this.layout.annotations ?? []) this.#annotation(annotation);
    return this.svg;
  }

  /**
   * @param {string} key xaxis, yaxis2, ...
   * @param {Axis} axis
   */
  #axis(key, axis) {
    const name = key.replace("axis", "");
    const across = name.startsWith("x");
    const other = axis.anchor ?? (across ? "y" : "x");
    const where = this.#place(across ? name : other, across ? other : name);
    const ticks = ticksOf(axis);
    for (const { at, text } of ticks) {
      const point = across ? where.x(at) : where.y(at);
      if (axis.showgrid !== false) this.#gridLine(where, across, point, String(axis.gridcolor));
      if (axis.showticklabels !== false) this.#tickLabel(where, across, point, text, axis);
    }
    if (axis.title?.text) this.#title(where, across, axis, ticks);
  }

  /**
   * @param {string} xaxis
   * @param {string} yaxis
   */
  #place(xaxis, yaxis) {
    return place(this.layout, { xaxis, yaxis }, this.width, this.height);
  }

  /**
   * @param {Place} where
   * @param {boolean} across whether the axis lies across the plot
   * @param {number} point
   * @param {string} stroke
   */
  #gridLine({ left, top, width, height }, across, point, stroke) {
    const line = across
      ? { x1: point, x2: point, y1: top, y2: top + height }
      : { x1: left, x2: left + width, y1: point, y2: point };
    this.svg.append(makeSvg("line", { ...line, stroke, "stroke-width": 1 }));
  }

  /**
   * @param {Place} where
   * @param {boolean} across
   * @param {number} point
   * @param {string} text
   * @param {Axis} axis
   */
  #tickLabel({ left, top, height }, across, point, text, axis) {
    const size = axis.tickfont?.size ?? SMALL;
    const gap = TICK_GAP + (axis.ticklabelstandoff ?? 0);
    const at = across
      ? { x: point, y: top + height + gap + size * 0.8, "text-anchor": "middle" }
      : { x: left - TICK_GAP, y: point + size * 0.35, "text-anchor": "end" };
    this.#text(text, size, at);
  }

  /**
   * @param {Place} where
   * @param {boolean} across
   * @param {Axis} axis
   * @param {{ text: string }[]} ticks
   */
  #title({ left, top, width, height }, across, axis, ticks) {
    const { text = "", font, standoff = 4 } = axis.title ?? {};
    const size = font?.size ?? 11;
    const label = axis.tickfont?.size ?? SMALL;
    if (across) {
      const y = top + height + TICK_GAP + (axis.ticklabelstandoff ?? 0) + label + standoff + size;
      const foot = Math.min(y, this.height - 3);
      this.#text(text, size, { x: left + width / 2, y: foot, "text-anchor": "middle" });
      return;
    }
    const longest = Math.max(0, ...ticks.map((tick) => tick.text.length)) * label * 0.55;
    const x = Math.max(size, left - TICK_GAP - longest - standoff - 3);
    const y = top + height / 2;
    const turn = `rotate(-90 ${x} ${y})`;
    this.#text(text, size, { x, y, transform: turn, "text-anchor": "middle" });
  }

  /**
   * @param {string} text
   * @param {number} size
   * @param {Record<string, string | number>} at
   */
  #text(text, size, at) {
    const element = makeSvg("text", { ...at, "font-size": size, "xml:space": "preserve" });
    element.style.whiteSpace = "pre";
    for (const run of runsOf(text)) {
      const part = makeSvg("tspan", run.bold ? { "font-weight": "bold" } : {}, run.text);
      if (run.colour) part.setAttribute("fill", run.colour);
      element.append(part);
    }
    this.svg.append(element);
  }

  /**
   * Return the pixel of a coordinate of a shape or text.
   * @param {string} reference "paper", "x2", "y domain", ...
   * @param {number} value
   * @param {boolean} [logarithm] whether a value on a log axis is its logarithm
   */
  #pixel(reference, value, logarithm = false) {
    const { margin } = this.layout;
    if (reference === "paper:x") return margin.l + value * (this.width - margin.l - margin.r);
    if (reference === "paper:y")
      return this.height - margin.b - value * (this.height - margin.t - margin.b);
    const [name, domain] = reference.split(" ");
    const across = name.startsWith("x");
    const axis = /** @type {Axis} */ (this.layout[name.replace(/^([xy])/, "$1axis")]);
    const other = axis.anchor ?? (across ? "y" : "x");
    const where = this.#place(across ? name : other, across ? other : name);
    if (domain) {
      return across ? where.left + value * where.width : where.top + (1 - value) * where.height;
    }
    const own = logarithm && axis.type === "log" ? 10 ** value : value;
    return across ? where.x(own) : where.y(own);
  }

  /** @param {LayoutShape} shape */
  #shape({ type, xref, yref, x0, x1, y0, y1, line }) {
    const [left, right] = [x0, x1].map((x) => this.#pixel(named(xref, "x"), x));
    const [top, bottom] = [y1, y0].map((y) => this.#pixel(named(yref, "y"), y));
    const pen = {
      fill: "none",
      stroke: line.color,
      "stroke-width": line.width,
      ...(line.dash ? { "stroke-dasharray": DASHES[line.dash] ?? "none" } : {}),
    };
    const shape =
      type === "rect"
        ? makeSvg("rect", { x: left, y: top, width: right - left, height: bottom - top, ...pen })
        : makeSvg("line", { x1: left, x2: right, y1: bottom, y2: top, ...pen });
    this.svg.append(shape);
  }

  /** @param {Annotation} annotation */
  #annotation({ text, x, y, xref, yref, xanchor, yanchor, xshift = 0, yshift = 0, font }) {
    const size = font?.size ?? SMALL;
    const foot = this.#pixel(named(yref, "y"), y, true) - yshift;
    const high = size * LINE_HEIGHT;
    const down = { top: high * 0.8, middle: size * 0.35, bottom: -high * 0.22 }[yanchor] ?? 0;
    this.#text(text, size, {
      x: this.#pixel(named(xref, "x"), x, true) + xshift,
      y: foot + down,
      "text-anchor": ANCHORS[xanchor] ?? "middle",
    });
  }

  /** @param {FigureTrace} trace */
  #points(trace) {
    const { marker } = trace;
    if (!marker) return;
    const where = this.#place(trace.xaxis ?? "x", trace.yaxis ?? "y");
    const ys = numbers(trace.y);
    const [fills, lines] = [coloursOf(marker), coloursOf(marker.line ?? {})];
    const path = markerPath(marker.symbol ?? "circle", (marker.size ?? 6) / 2);
    numbers(trace.x).forEach((x, i) => {
      const at = `translate(${where.x(x).toFixed(2)} ${where.y(ys[i]).toFixed(2)})`;
      const pen = { stroke: lines(i), "stroke-width": marker.line?.width ?? 0 };
      this.svg.append(makeSvg("path", { d: path, transform: at, fill: fills(i), ...pen }));
    });
  }
}

/**
 * @param {string | undefined} reference
 * @param {"x" | "y"} letter
 */
const named = (reference, letter) =>
  !reference || reference === "paper" ? `paper:${letter}` : reference;

/**
 * Return the colour of each point: one for all, or by value from a scale of three colours.
 * @param {NonNullable<FigureTrace["marker"]>} marker
 * @returns {(i: number) => string}
 */
function coloursOf({ color, cmin = 0, cmax = 1, colorscale }) {
  if (!color || typeof color === "string") return () => color || "none";
  const values = numbers(color);
  const [low, middle, high] = (colorscale ?? []).map(([, colour]) => colour);
  return (i) => {
    const share = Math.max(0, Math.min(1, (values[i] - cmin) / (cmax - cmin)));
    const [from, to, part] = share < 0.5 ? [low, middle, 2 * share] : [middle, high, 2 * share - 1];
    return `color-mix(in srgb, ${to} ${(100 * part).toFixed(1)}%, ${from})`;
  };
}

/** @param {PlotlyElement} root */
function draw(root) {
  const data = /** @type {FigureTrace[]} */ (root.data ?? []);
  root.replaceChildren(new Sheet(root.layout, data).draw());
}

/** What the views call of Plotly. */
export const axesLibrary = {
  /**
   * @param {PlotlyElement} root
   * @param {FigureTrace[]} data
   * @param {Layout} layout
   */
  async react(root, data, layout) {
    root.data = data;
    root.layout = layout;
    draw(root);
  },

  /**
   * @param {PlotlyElement} root
   * @param {Record<string, unknown>} change by path: "yaxis.range", "yaxis.dtick"
   */
  async relayout(root, change) {
    for (const [path, value] of Object.entries(change)) {
      const [key, name] = path.split(".");
      const axis = /** @type {Record<string, unknown> | undefined} */ (root.layout[key]);
      if (axis) axis[name] = value;
    }
    draw(root);
  },

  /** @param {PlotlyElement} root */
  purge(root) {
    root.replaceChildren();
  },
};
