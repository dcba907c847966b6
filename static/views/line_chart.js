// The curves over the epochs. A frame adds a few pixels of line; all is drawn again only when an
// axis has widened, which happens in large and rare steps.

import { make, setText } from "../shared/dom.js";
import { axes, axisOf, painted, place, plotly } from "../shared/figure.js";
import { exact, number, roundUp, whole } from "../shared/format.js";
import { css } from "../shared/theme.js";
import { pen, stroke, within } from "./paint.js";
import { View } from "./view.js";

const DECADES = [-15, 12]; // a log axis goes no farther than from 1e-15 to 1e12
const TICK = 26; // px between the ticks of a log axis at least

let turn = Promise.resolve(); // Plotly lays out one figure's axes per frame, not two

export class LinesView extends View {
  static still = false;

  constructor(name, options) {
    super(name, options);
    this.zoomed = false;
    this.paper = make("canvas"); // the lines drawn so far, not on the page
    this.drawn = new Map(); // uid -> epoch of its last point on the paper
    this.axes.addEventListener("dblclick", () => this.zoomed && this.#release());
  }

  setFigure(figure) {
    const known = this.layout;
    super.setFigure({ ...figure, layout: structuredClone(figure.layout) });
    this.traces = painted(figure).filter((trace) => trace.visible !== false);
    if (known) this.#keepWide(known);
    this.drawn.clear();
  }

  // Ranges widened so far stay when the same run sends its figures again.
  #keepWide(known) {
    for (const [key, axis] of axes(this.layout)) {
      const before = known[key]?.range;
      if (before && known[key].type === axis.type) {
        axis.range = [Math.min(axis.range[0], before[0]), Math.max(axis.range[1], before[1])];
      }
    }
  }

  /** Forgets the widened ranges: another run begins. */
  reset() {
    this.layout = undefined;
    this.zoomed = false;
  }

  arrange() {
    this.paper.width = this.canvas.width;
    this.paper.height = this.canvas.height;
    this.drawn.clear();
  }

  /** Everything is to be drawn anew: points were taken back or colours changed. */
  redraw() {
    this.drawn.clear();
  }

  adapt(data, layout) {
    for (const [key, axis] of axes(this.layout)) Object.assign(layout[key], this.#ticked(axis));
    layout.dragmode = matchMedia("(pointer: fine)").matches ? "zoom" : false;
  }

  dressedUp() {
    if (this.listening) return;
    this.listening = true;
    this.axes.on("plotly_relayout", (change) => {
      if (!Object.keys(change).some((key) => key.includes(".range"))) return;
      if (this.widening) return;
      this.zoomed = true;
      this.#adopt();
    });
  }

  // Plotly's zoom becomes ours.
  #adopt() {
    for (const [key, axis] of axes(this.axes.layout)) this.layout[key].range = [...axis.range];
    this.drawn.clear();
    this.refresh?.();
  }

  tell() {
    setText(this.note, this.zoomed ? "double-click: all epochs" : "");
  }

  #release() {
    this.zoomed = false;
    for (const [key, axis] of axes(this.figure.layout)) this.layout[key].range = [...axis.range];
    this.refresh?.(true);
  }

  draw({ epoch }, { reached }, history) {
    this.history = history;
    if (!this.zoomed && this.#widen(history, reached)) {
      this.drawn.clear();
      this.#tellPlotly();
    }
    const paper = this.paper.getContext("2d");
    if (!this.drawn.size) this.clear(paper);
    for (const trace of this.traces) this.#extend(paper, trace, history.series[trace.uid], reached);
    const context = this.clear();
    context.drawImage(this.paper, 0, 0, this.width, this.height);
    this.#cursor(context, epoch);
  }

  // Draws the points of a series between the last one on the canvas and `reached`.
  #extend(context, trace, series, reached) {
    if (!series) return;
    const known = this.drawn.get(trace.uid);
    const from = known === undefined ? 0 : Math.max(0, series.after(known) - 1);
    const to = series.after(reached);
    if (known === undefined) this.drawn.set(trace.uid, to ? series.epochs[0] : -1);
    if (to - from < 2) return;
    const where = place(this.layout, trace, this.width, this.height);
    if (known !== undefined && !this.#shows(series, where, from, to - 1)) return;
    this.drawn.set(trace.uid, series.epochs[to - 1]);
    const { color, width, dash } = { color: trace.line?.color, ...trace.meta };
    within(context, where, () => {
      pen(context, { color, width, dash });
      // A dashed line goes on with its pattern where it stopped.
      context.lineDashOffset = where.x(series.epochs[from]);
      stroke(context, where, series.epochs, series.values, from, to);
    });
  }

  // Less than a pixel of line waits for the next frame: crumbs of line add up to a ragged one.
  #shows(series, where, from, to) {
    const across = where.x(series.epochs[to]) - where.x(series.epochs[from]);
    const down = where.y(series.values[to]) - where.y(series.values[from]);
    return across >= 1 || Math.abs(down) >= 1;
  }

  // A line at the epoch that all other views show.
  #cursor(context, epoch) {
    const { margin } = this.layout;
    const where = place(this.layout, this.traces[0] ?? {}, this.width, this.height);
    const x = Math.round(where.x(epoch)) + 0.5;
    if (x < where.left - 1 || x > where.left + where.width + 1) return;
    pen(context, { color: css(this.theme.ink, 0.8), width: 1 });
    context.beginPath();
    context.moveTo(x, margin.t);
    context.lineTo(x, this.height - margin.b);
    context.stroke();
  }

  #widen(history, reached) {
    let changed = false;
    for (const [key, axis] of axes(this.layout)) {
      if (key.startsWith("x"))
        changed = stretch(axis, [0, ladder(reached, axis.range[1])]) || changed;
    }
    for (const trace of this.traces) {
      const series = history.series[trace.uid];
      if (!series) continue;
      const axis = axisOf(this.layout, trace.yaxis ?? "y");
      const known = this.drawn.get(trace.uid) ?? -1;
      const bounds = extent(series, Math.max(0, series.after(known) - 1), series.after(reached));
      const floor = this.layout.meta?.floor?.[`yaxis${(trace.yaxis ?? "y").slice(1)}`] ?? -Infinity;
      const most = this.layout.meta?.most ?? DECADES[1];
      if (bounds) changed = stretch(axis, wanted(axis, bounds, floor, most)) || changed;
    }
    return changed;
  }

  // An axis' range, and on a log axis as many ticks as there is room for.
  #ticked(axis) {
    const range = [...axis.range];
    if (axis.type !== "log") return { range };
    const { t, b } = this.layout.margin;
    const room = ((this.height - t - b) * (axis.domain[1] - axis.domain[0])) / TICK;
    return { range, dtick: Math.max(1, Math.ceil((range[1] - range[0]) / Math.max(1, room))) };
  }

  async #tellPlotly() {
    const change = {};
    for (const [key, axis] of axes(this.layout)) {
      for (const [name, value] of Object.entries(this.#ticked(axis)))
        change[`${key}.${name}`] = value;
    }
    if (!this.listening) return;
    turn = turn.then(() => new Promise(requestAnimationFrame));
    await turn;
    if (!this.axes.isConnected) return;
    this.widening = true;
    await (await plotly()).relayout(this.axes, change);
    this.widening = false;
  }

  hit({ x, y }) {
    if (!this.history || !this.traces.length) return null;
    const where = place(this.layout, this.traces[0], this.width, this.height);
    if (x < where.left || x > where.left + where.width) return null;
    const epoch = Math.max(0, Math.round(where.value.x(x)));
    const over = this.traces.filter((trace) => this.#over(trace, y));
    const found = (over.length ? over : this.traces).flatMap((trace) => {
      const near = this.history.at(trace.uid, epoch);
      return near
        ? [{ epoch: near.epoch, text: `${trace.name ?? trace.uid}: ${exact(near.value)}` }]
        : [];
    });
    if (!found.length) return null;
    return { lines: [`epoch ${whole(found[0].epoch)}`, ...found.map(({ text }) => text)] };
  }

  #over(trace, y) {
    const { top, height } = place(this.layout, trace, this.width, this.height);
    return y >= top && y <= top + height;
  }

  describe({ epoch }, { reached }, _, history) {
    const parts = this.traces.flatMap((trace) => {
      const first = history.at(trace.uid, 0);
      const now = history.at(trace.uid, epoch);
      const since = first ? ` (${number(first.value)} at epoch 0)` : "";
      return now ? [`${seriesName(trace)} ${number(now.value)}${since}`] : [];
    });
    return `At epoch ${epoch} of ${reached}: ${parts.join(", ") || "no numbers yet"}.`;
  }

  tabulate({ epoch }, { reached }, history) {
    const count = Math.min(20, reached);
    const epochs = Array.from({ length: count + 1 }, (_, i) =>
      Math.round((i * reached) / (count || 1)),
    );
    if (!epochs.includes(epoch)) epochs.push(epoch);
    const rows = epochs
      .sort((a, b) => a - b)
      .map((at) => [
        whole(at),
        ...this.traces.map(({ uid }) => number(history.at(uid, at)?.value)),
      ]);
    return [{ caption: "By epoch", head: ["epoch", ...this.traces.map(seriesName)], rows }];
  }
}

// "training accuracy" where the name alone would be that of the loss.
const seriesName = (trace) => {
  const name = trace.name ?? trace.uid;
  return trace.uid.endsWith("_metric")
    ? `${name} metric`
    : trace.uid.startsWith("size")
      ? name
      : `${name} loss`;
};

const ladder = (reached, now) => (reached <= now ? now : roundUp(reached));

function stretch(axis, [low, high]) {
  const range = [Math.min(axis.range[0], low), Math.max(axis.range[1], high)];
  const changed = range[0] !== axis.range[0] || range[1] !== axis.range[1];
  axis.range = range;
  return changed;
}

function extent(series, from, to) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = from; i < to; i++) {
    const value = series.values[i];
    if (value < low && value > -Infinity) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return low <= high ? [low, high] : null;
}

// The range that holds [low, high] in large steps, or the axis' own where it already does; a log
// axis goes no higher than 10^most.
function wanted(axis, [low, high], floor, most) {
  const [now0, now1] = axis.range;
  if (axis.type === "log") {
    const [a, b] = [low > 0 ? Math.log10(low) : now0, high > 0 ? Math.log10(high) : now1];
    return [
      a < now0 ? Math.max(DECADES[0], Math.floor(a)) : now0,
      b > now1 ? Math.min(most, Math.ceil(b)) : now1,
    ];
  }
  const down = low < now0 ? Math.max(Math.min(now0, floor), -roundUp(-low)) : now0;
  return [down, high > now1 ? roundUp(high) : now1];
}
