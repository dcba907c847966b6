// One series of several runs in one plot, each curve with its mark and name at its end.

import { place } from "../shared/figure.js";
import { css } from "../shared/theme.js";
import { LinesView } from "./line_chart.js";

const LINE = 15; // px between two names at least
const GAP = 9; // px from a curve's end to its mark

const NAMES = 200; // px for the names right of the plot, where there is room

export class OverlayView extends LinesView {
  arrange() {
    if (this.width) this.layout.margin.r = Math.min(NAMES, Math.round(0.3 * this.width));
    super.arrange();
  }

  draw(scene, options, history) {
    super.draw(scene, options, history);
    const ends = this.traces
      .filter(({ meta }) => meta.label)
      .flatMap((trace) => {
        const end = this.#end(trace, history.series[trace.uid], options.reached);
        return end ? [end] : [];
      });
    this.#write(spread(ends, this.layout.margin.t + 6, this.height - this.layout.margin.b));
  }

  // Where a curve ends now: its last point that is not beyond `reached`.
  #end({ name, meta }, series, reached) {
    const i = series ? series.after(reached) - 1 : -1;
    if (i < 0) return null;
    const where = place(this.layout, {}, this.width, this.height);
    const y = Math.max(where.top, Math.min(where.top + where.height, where.y(series.values[i])));
    return { x: Math.min(where.x(series.epochs[i]), where.left + where.width), y, name, meta };
  }

  #write(ends) {
    const { context, theme, width } = this;
    context.font = `12px ${theme.font}`;
    context.textBaseline = "middle";
    context.setLineDash([]);
    for (const { x, y, row, name, meta } of ends) {
      context.strokeStyle = context.fillStyle = meta.color;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + GAP, row);
      context.stroke();
      context.fillText(meta.sign, x + GAP + 2, row);
      context.fillStyle = css(theme.ink);
      const from = x + GAP + 16;
      context.fillText(fitted(context, name, width - from), from, row);
    }
  }
}

function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return cut ? `${cut}…` : "";
}

// The rows of the names: as near to the curves' ends as they go without lying on each other.
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
