// One series of several runs in one plot, each curve with its mark and name at its end.

import { LinesView } from "./line_chart.js";

/**
 * @import {
 *   AnyScene, Context, DrawOptions, HistoryLike, LiveTrace, SeriesLike, TraceMeta
 * } from "../shared/types.js"
 */

/**
 * The end of a curve, with the row of its name.
 * @typedef {{ x: number, y: number, row: number, name: string, meta: TraceMeta }} CurveEnd
 */

const LINE = 15; // px between two names at least
const GAP = 9; // px from a curve's end to its mark

const NAMES = 200; // px for the names right of the plot, where there is room

export class OverlayView extends LinesView {
  arrange() {
    if (this.width && this.layout)
      this.layout.margin.r = Math.min(NAMES, Math.round(0.3 * this.width));
    super.arrange();
  }

  /**
   * @param {AnyScene} scene
   * @param {DrawOptions} options
   * @param {HistoryLike} history
   */
  draw(scene, options, history) {
    super.draw(scene, options, history);
    const ends = this.traces
      .filter(({ meta }) => meta?.label)
      .flatMap((trace) => {
        const end = this.#end(trace, history.series[trace.uid], options.reached);
        return end ? [end] : [];
      });
    const { t, b } = this.layout?.margin ?? { t: 0, b: 0 };
    this.#write(spread(ends, t + 6, this.height - b));
  }

  /**
   * Return where a curve ends now: at its last point up to `reached`.
   * @param {LiveTrace} trace
   * @param {SeriesLike | undefined} series
   * @param {number} reached
   * @returns {CurveEnd | null}
   */
  #end({ name = "", meta = {} }, series, reached) {
    const i = series ? series.after(reached) - 1 : -1;
    if (!series || i < 0) return null;
    const where = this.placeOf();
    const y = Math.max(where.top, Math.min(where.top + where.height, where.y(series.values[i])));
    return {
      x: Math.min(where.x(series.epochs[i]), where.left + where.width),
      y,
      row: y,
      name,
      meta,
    };
  }

  /** @param {CurveEnd[]} ends */
  #write(ends) {
    const { context, theme, width } = this;
    context.font = `12px ${theme?.font}`;
    context.textBaseline = "middle";
    context.setLineDash([]);
    for (const { x, y, row, name, meta } of ends) {
      context.strokeStyle = meta.color ?? this.ink();
      context.fillStyle = context.strokeStyle;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + GAP, row);
      context.stroke();
      context.fillText(meta.sign ?? "", x + GAP + 2, row);
      context.fillStyle = this.ink();
      const from = x + GAP + 16;
      context.fillText(fitted(context, name, width - from), from, row);
    }
  }
}

/**
 * Return a text cut to a width in pixels.
 * @param {Context} context
 * @param {string} text
 * @param {number} width
 */
function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return cut ? `${cut}…` : "";
}

/**
 * Set the rows of the names: as near to the curves' ends as they go without overlapping.
 * @param {CurveEnd[]} ends
 * @param {number} top
 * @param {number} bottom
 */
function spread(ends, top, bottom) {
  const sorted = ends.sort((a, b) => a.y - b.y);
  let free = top;
  for (const end of sorted) {
    end.row = Math.max(end.y, free);
    free = end.row + LINE;
  }
  let floor = bottom;
  for (const end of [...sorted].reverse()) {
    end.row = Math.min(end.row, floor);
    floor = end.row - LINE;
  }
  return sorted;
}
