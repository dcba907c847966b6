// The curves over the epochs. A frame adds a few pixels of line; all is drawn again only when an
// axis has widened, which happens in large and rare steps.

import { make, setText } from "../shared/dom.js";
import { axes, axisOf, loadedPlotly, painted, plotly } from "../shared/figure.js";
import { exact, number, roundUp, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { contextOf, pen, stroke, within } from "./paint.js";
import { HoldBox } from "./scale.js";
import { View } from "./view.js";

/**
 * @import {
 *   AnyScene, Axis, Choose, Context, DrawOptions, Figure, FigureTrace, HistoryLike, Hit, Interval, Layout,
 *   LiveTrace, Place, PlotlyLibrary, PlotPoint, SeriesLike, TextTable, ViewSettings
 * } from "../shared/types.js"
 */

/** @type {Interval} */
const DECADES = [-15, 12]; // a log axis goes no farther than from 1e-15 to 1e12
const TICK = 26; // px between the ticks of a log axis at least

let turn = Promise.resolve(); // Plotly lays out one figure's axes per frame, not two

export class LinesView extends View {
  get still() {
    return false;
  }

  /** @type {LiveTrace[]} */
  traces = [];
  /** @type {HistoryLike | null} */
  history = null;
  /** Whether the user has zoomed in, and whether the axes are being widened. */
  zoomed = false;
  widening = false;
  listening = false;
  /** Draw again, and lay out the axes first if they have to be; set by the panels. @type {(dressed?: boolean) => void} */
  refresh = () => {};

  /**
   * @param {string} name
   * @param {ViewSettings & { choose?: Choose }} settings
   */
  constructor(name, settings) {
    const hold = settings.choose && new HoldBox(settings.choose);
    super(name, { ...settings, controls: hold ? [hold.label] : [] });
    this.hold = hold;
    this.paper = make("canvas"); // the lines drawn so far, not on the page
    /** uid -> epoch of its last point on the paper. @type {Map<string, number>} */
    this.drawn = new Map();
    this.axes.addEventListener("dblclick", () => {
      if (this.zoomed) this.#release();
    });
  }

  /** @param {Figure} figure */
  setFigure(figure) {
    const known = this.layout;
    super.setFigure({ ...figure, layout: structuredClone(figure.layout) });
    this.traces = painted(figure).filter((trace) => trace.visible !== false);
    if (known) this.#keepWide(known);
    this.drawn.clear();
  }

  /**
   * Keep the ranges that were widened so far when the same run sends its figures again.
   * @param {Layout} known
   */
  #keepWide(known) {
    const knownAxes = new Map(axes(known));
    for (const [key, axis] of this.#axes()) {
      const { range: before, type } = knownAxes.get(key) ?? {};
      if (before && type === axis.type) {
        axis.range = [Math.min(axis.range[0], before[0]), Math.max(axis.range[1], before[1])];
      }
    }
  }

  /** Forget the widened ranges: another run begins. */
  reset() {
    this.layout = null;
    this.zoomed = false;
  }

  arrange() {
    this.paper.width = this.canvas.width;
    this.paper.height = this.canvas.height;
    this.drawn.clear();
  }

  /** Draw everything again: points were removed or colours changed. */
  redraw() {
    this.drawn.clear();
  }

  /**
   * @param {FigureTrace[]} _data
   * @param {Layout} layout
   */
  adapt(_data, layout) {
    for (const [key, axis] of this.#axes()) {
      Object.assign(/** @type {Axis} */ (layout[key]), this.#ticked(axis));
    }
    const fine = matchMedia("(pointer: fine)").matches;
    layout.dragmode = fine && this.zoom === 1 ? "zoom" : false; // Plotly knows no larger pixels
  }

  #axes() {
    return this.layout ? axes(this.layout) : [];
  }

  afterDress() {
    if (this.listening) return;
    this.listening = true;
    this.axes.on?.("plotly_relayout", (/** @type {object} */ change) => {
      if (!Object.keys(change).some((key) => key.includes(".range"))) return;
      if (this.widening) return;
      this.zoomed = true;
      this.#adopt();
    });
  }

  /** Take over the ranges of Plotly's zoom. */
  #adopt() {
    this.#setRanges(this.axes.layout);
    this.drawn.clear();
    this.refresh();
  }

  /** @param {Layout} source */
  #setRanges(source) {
    const found = new Map(axes(source));
    for (const [key, axis] of this.#axes()) axis.range = [...(found.get(key)?.range ?? axis.range)];
  }

  /**
   * @param {AnyScene} _
   * @param {DrawOptions} options
   */
  showState(_, options) {
    this.hold?.show(options);
    setText(this.note, this.zoomed ? tr("double-click: all epochs") : "");
  }

  #release() {
    this.zoomed = false;
    if (this.figure) this.#setRanges(this.figure.layout);
    this.refresh(true);
  }

  /**
   * @param {AnyScene} scene
   * @param {DrawOptions} options
   * @param {HistoryLike} history
   */
  draw({ epoch }, { reached, hold }, history) {
    this.history = history;
    if (!this.zoomed && this.#widen(history, reached, hold)) {
      this.drawn.clear();
      this.#widenPlotly();
    }
    const paper = contextOf(this.paper);
    if (!this.drawn.size) this.clear(paper);
    for (const trace of this.traces) {
      const series = history.series[trace.uid];
      if (series) this.#extend(paper, trace, series, reached);
    }
    const context = this.clear();
    context.drawImage(this.paper, 0, 0, this.width, this.height);
    this.#cursor(context, epoch);
  }

  /**
   * Draw the points of a series between the last one on the canvas and `reached`.
   * @param {Context} context
   * @param {LiveTrace} trace
   * @param {SeriesLike} series
   * @param {number} reached
   */
  #extend(context, trace, series, reached) {
    const known = this.drawn.get(trace.uid);
    const from = known === undefined ? 0 : Math.max(0, series.after(known) - 1);
    const to = series.after(reached);
    if (known === undefined) this.drawn.set(trace.uid, to ? series.epochs[0] : -1);
    if (to - from < 2) return;
    const where = this.placeOf(trace);
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

  /**
   * Return whether the new line is at least a pixel long: many shorter pieces look ragged.
   * @param {SeriesLike} series
   * @param {Place} where
   * @param {number} from
   * @param {number} to
   */
  #shows(series, where, from, to) {
    const across = where.x(series.epochs[to]) - where.x(series.epochs[from]);
    const down = where.y(series.values[to]) - where.y(series.values[from]);
    return across >= 1 || Math.abs(down) >= 1;
  }

  /**
   * Draw a line at the epoch that all other views show.
   * @param {Context} context
   * @param {number} epoch
   */
  #cursor(context, epoch) {
    if (!this.layout) return;
    const { margin } = this.layout;
    const where = this.placeOf(this.traces[0] ?? {});
    const x = Math.round(where.x(epoch)) + 0.5;
    if (x < where.left - 1 || x > where.left + where.width + 1) return;
    pen(context, { color: this.ink(0.8), width: 1 });
    context.beginPath();
    context.moveTo(x, margin.t);
    context.lineTo(x, this.height - margin.b);
    context.stroke();
  }

  /**
   * Widen the axes to the new points; return whether one has changed.
   * @param {HistoryLike} history
   * @param {number} reached
   * @param {boolean} hold whether the numbers of the axes upwards stay
   */
  #widen(history, reached, hold) {
    const { layout } = this;
    if (!layout) return false;
    let changed = false;
    for (const [key, axis] of axes(layout)) {
      if (key.startsWith("x"))
        changed = stretch(axis, [0, ladder(reached, axis.range[1])]) || changed;
    }
    for (const trace of hold ? [] : this.traces) {
      const series = history.series[trace.uid];
      if (!series) continue;
      const axis = axisOf(layout, trace.yaxis ?? "y");
      const known = this.drawn.get(trace.uid) ?? -1;
      const bounds = extent(series, Math.max(0, series.after(known) - 1), series.after(reached));
      const floor = layout.meta?.floor?.[`yaxis${(trace.yaxis ?? "y").slice(1)}`] ?? -Infinity;
      const most = layout.meta?.most ?? DECADES[1];
      if (bounds) changed = stretch(axis, wanted(axis, bounds, floor, most)) || changed;
    }
    return changed;
  }

  /**
   * Return an axis' range, and on a log axis as many ticks as there is room for.
   * @param {Axis} axis
   */
  #ticked(axis) {
    const range = [...axis.range];
    if (axis.type !== "log" || !this.layout) return { range };
    const { t, b } = this.layout.margin;
    const [low, high] = axis.domain ?? [0, 1];
    const room = ((this.height - t - b) * (high - low)) / TICK;
    return { range, dtick: Math.max(1, Math.ceil((range[1] - range[0]) / Math.max(1, room))) };
  }

  async #widenPlotly() {
    if (!this.listening) return;
    turn = turn.then(() => new Promise((next) => requestAnimationFrame(() => next())));
    await turn;
    if (this.axes.isConnected) await this.#layOut(await plotly());
  }

  /** Lay out the axes at once: paper does not wait for the next frame. */
  layOutNow() {
    const loaded = loadedPlotly();
    if (this.listening && loaded) this.#layOut(loaded);
  }

  /** @param {PlotlyLibrary} library */
  async #layOut(library) {
    /** @type {Record<string, unknown>} */
    const change = {};
    for (const [key, axis] of this.#axes()) {
      for (const [name, value] of Object.entries(this.#ticked(axis)))
        change[`${key}.${name}`] = value;
    }
    this.widening = true;
    await library.relayout(this.axes, change);
    this.widening = false;
  }

  /**
   * @param {PlotPoint} point
   * @returns {Hit | null}
   */
  hit({ x, y }) {
    const { history } = this;
    if (!history || !this.traces.length) return null;
    const where = this.placeOf(this.traces[0]);
    if (x < where.left || x > where.left + where.width) return null;
    const epoch = Math.max(0, Math.round(where.value.x(x)));
    const over = this.traces.filter((trace) => this.#over(trace, y));
    const found = (over.length ? over : this.traces).flatMap((trace) => {
      const near = history.at(trace.uid, epoch);
      return near
        ? [{ epoch: near.epoch, text: `${trace.name ?? trace.uid}: ${exact(near.value)}` }]
        : [];
    });
    if (!found.length) return null;
    return {
      lines: [
        tr("epoch {epoch}", { epoch: whole(found[0].epoch) }),
        ...found.map(({ text }) => text),
      ],
    };
  }

  /**
   * @param {FigureTrace} trace
   * @param {number} y
   */
  #over(trace, y) {
    const { top, height } = this.placeOf(trace);
    return y >= top && y <= top + height;
  }

  /**
   * @param {AnyScene} scene
   * @param {DrawOptions} options
   * @param {string} _
   * @param {HistoryLike} history
   */
  describe({ epoch }, { reached }, _, history) {
    const parts = this.traces.flatMap((trace) => {
      const first = history.at(trace.uid, 0);
      const now = history.at(trace.uid, epoch);
      const since = first ? tr(" ({number} at epoch 0)", { number: number(first.value) }) : "";
      return now ? [`${seriesName(trace)} ${number(now.value)}${since}`] : [];
    });
    return tr("At epoch {epoch} of {reached}: {numbers}.", {
      epoch,
      reached,
      numbers: parts.join(tr(", ")) || tr("no numbers yet"),
    });
  }

  /**
   * @param {AnyScene} scene
   * @param {DrawOptions} options
   * @param {HistoryLike} history
   * @returns {TextTable[]}
   */
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
    return [{ caption: tr("By epoch"), head: [tr("epoch"), ...this.traces.map(seriesName)], rows }];
  }
}

/**
 * Return what a series is called: "training metric" where the name alone would be that of the loss.
 * @param {LiveTrace} trace
 */
const seriesName = (trace) => {
  const name = trace.name ?? trace.uid;
  return trace.uid.endsWith("_metric")
    ? tr("{series} metric", { series: name })
    : trace.uid.startsWith("size")
      ? name
      : tr("{series} loss", { series: name });
};

/**
 * Return the end of the epochs' axis: the one of now, or the next round number.
 * @param {number} reached
 * @param {number} now
 */
const ladder = (reached, now) => (reached <= now ? now : roundUp(reached));

/**
 * Widen an axis to an interval; return whether it has changed.
 * @param {Axis} axis
 * @param {Interval} interval
 */
function stretch(axis, [low, high]) {
  /** @type {Interval} */
  const range = [Math.min(axis.range[0], low), Math.max(axis.range[1], high)];
  const changed = range[0] !== axis.range[0] || range[1] !== axis.range[1];
  axis.range = range;
  return changed;
}

/**
 * Return the finite extremes of a series between two points, or null.
 * @param {SeriesLike} series
 * @param {number} from
 * @param {number} to
 * @returns {Interval | null}
 */
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

/**
 * Return the range that holds [low, high] in large steps, or the axis' own where it already does; a
 * log axis goes no higher than 10^most.
 * @param {Axis} axis
 * @param {Interval} interval
 * @param {number} floor
 * @param {number} most
 * @returns {Interval}
 */
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
