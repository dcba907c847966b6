// A view: a panel with a heading, a canvas that is painted per frame and Plotly's axes above it.

import { make, makeTable, setText } from "../shared/dom.js";
import { dressed, place, plotly } from "../shared/figure.js";
import { tr } from "../shared/language.js";
import { css } from "../shared/theme.js";
import { helpButton } from "./help.js";
import { contextOf } from "./paint.js";

/**
 * @import {
 *   AnyScene, Context, DrawOptions, Figure, FigureTrace, Hit, HistoryLike, Layout, PagePoint,
 *   PlotlyElement, PlotPoint, TextTable, Theme, ViewSettings
 * } from "../shared/types.js"
 */

/** What the views are called. @type {Record<string, string>} */
const NAMES = {
  network: tr("network"),
  decision: tr("decision"),
  curves: tr("curves"),
  weights: tr("weights"),
  deltas: tr("deltas"),
  sizes: tr("sizes"),
  losses: tr("losses"),
};
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

export class View {
  /** Whether Plotly's zoom stays switched off. */
  get still() {
    return true;
  }

  visible = true;
  width = 0;
  height = 0;
  ratio = 1;
  /** @type {Theme | null} */
  theme = null;
  /** @type {Figure | null} */
  figure = null;
  /** @type {Layout | null} */
  layout = null;
  /** The figure's JSON, to see whether it has changed. @type {string | null} */
  source = null;

  /**
   * @param {string} name
   * @param {ViewSettings} settings
   */
  constructor(name, { controls = [], help = false, onTable = () => {} } = {}) {
    this.name = name;

    this.canvas = make("canvas", { "aria-hidden": true });
    this.context = contextOf(this.canvas);
    this.axes = /** @type {PlotlyElement} */ (
      /** @type {unknown} */ (make("div", { class: "axes" }))
    );
    const image = { class: "plot", role: "img", "aria-label": NAMES[name] ?? name }; // until the first sentence
    this.plot = make("div", image, this.canvas, this.axes);
    this.title = make("h2", { class: "title" });
    this.note = make("span", { class: "note" });
    this.about = make("p", { class: "about" }); // one sentence on what the picture shows
    this.numbers = make("div", {
      class: "tables",
      tabindex: 0, // the keyboard scrolls it
      role: "region",
      "aria-label": tr("Numbers: {view}", { view: NAMES[name] ?? name }),
    });
    const toggled = () => this.details.open && onTable();
    /** @type {HTMLDetailsElement} */
    this.details = make(
      "details",
      { on: { toggle: toggled } },
      make(
        "summary",
        { "aria-label": tr("Numbers of the {view} view", { view: NAMES[name] ?? name }) },
        tr("Numbers"),
      ),
      this.numbers,
    );
    const named = [this.title, ...(help ? helpButton(name) : []), this.note];
    const head = make("header", {}, ...named, ...controls, this.details);
    this.panel = make(
      "section",
      { class: `view ${name}`, "data-view": name },
      head,
      this.about,
      this.plot,
    );
  }

  /**
   * Take a figure; its heading is set here, its axes come with `dress`.
   * @param {Figure} figure
   */
  setFigure(figure) {
    this.figure = figure;
    this.layout = figure.layout;
    setText(this.title, figure.layout.meta?.title ?? this.name);
    this.arrange();
  }

  /** Compute what depends on the figure or on the size only; for a subclass. */
  arrange() {}

  /** Fit canvas and figure to the panel; return whether the size changed. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const ratio = (globalThis.devicePixelRatio || 1) * this.zoom;
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    if (this.figure) this.arrange();
    return true;
  }

  /**
   * Have Plotly draw axes, text and fixed points in the page's colours.
   * @param {Theme} theme
   */
  async dress(theme) {
    this.theme = theme;
    const { width, height } = this;
    if (!width || !this.figure) return;
    const { data, layout } = dressed(this.figure, theme, width, height);
    this.adapt(data, layout);
    // Plotly makes a selector of it when the figure goes, and a dot would end its name there.
    for (const trace of data) if (trace.uid) trace.uid = trace.uid.replaceAll(".", "-");
    const config = { ...CONFIG, staticPlot: this.still };
    await (await plotly()).react(this.axes, data, layout, config);
    this.afterDress();
  }

  /**
   * Change what Plotly gets at the last moment; for a subclass.
   * @param {FigureTrace[]} _data
   * @param {Layout} _layout
   */
  adapt(_data, _layout) {}

  /** Do what follows when Plotly has drawn; for a subclass. */
  afterDress() {}

  /** How much larger than its own pixels the view is on the screen: 1 unless the page is presented. */
  get zoom() {
    return this.plot.currentCSSZoom ?? 1;
  }

  // ---- for a subclass: an epoch

  /**
   * Draw a scene.
   * @param {AnyScene} _scene
   * @param {DrawOptions} _options
   * @param {unknown} _paint tables of colours, or the history
   */
  draw(_scene, _options, _paint) {}

  /**
   * Set the controls and the note beside the heading.
   * @param {AnyScene} _scene
   * @param {DrawOptions} _options
   */
  showState(_scene, _options) {}

  /**
   * Return what lies under a point of the plot.
   * @param {PlotPoint} _point
   * @returns {Hit | null}
   */
  hit(_point) {
    return null;
  }

  /**
   * Return the sentence that stands for the picture.
   * @param {AnyScene} _scene
   * @param {DrawOptions} _options
   * @param {string} sentence on the losses
   * @param {HistoryLike} _history
   */
  describe(_scene, _options, sentence, _history) {
    return sentence;
  }

  /**
   * Return the numbers behind the picture.
   * @param {AnyScene} _scene
   * @param {DrawOptions} _options
   * @param {HistoryLike} _history
   * @returns {TextTable[]}
   */
  tabulate(_scene, _options, _history) {
    return [];
  }

  /**
   * Return where a trace's axes lie in the plot.
   * @param {FigureTrace} trace
   */
  placeOf(trace = {}) {
    if (!this.layout) throw new Error("a view without a figure has no axes");
    return place(this.layout, trace, this.width, this.height);
  }

  /**
   * Return the colour of the page's text.
   * @param {number} alpha
   */
  ink(alpha = 1) {
    return this.theme ? css(this.theme.ink, alpha) : "currentcolor";
  }

  /**
   * Return the colour of the page.
   * @param {number} alpha
   */
  background(alpha = 1) {
    return this.theme ? css(this.theme.background, alpha) : "transparent";
  }

  /**
   * Clear a context, that of the view or another of its size, and scale it to CSS pixels.
   * @param {Context} context
   */
  clear(context = this.context) {
    const { ratio, width, height } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  /**
   * Set the sentence that stands for the picture.
   * @param {string} text
   */
  label(text) {
    this.plot.setAttribute("aria-label", text);
  }

  /**
   * Show the numbers behind the picture, made only while somebody looks at them.
   * @param {TextTable[]} tables
   */
  showTables(tables) {
    this.numbers.replaceChildren(...tables.map(makeTable));
  }

  /**
   * Return the place of a pointer event in the plot, in pixels.
   * @param {PagePoint} event
   * @returns {PlotPoint}
   */
  point(event) {
    const { plot, zoom } = this;
    const box = plot.getBoundingClientRect();
    return { x: (event.clientX - box.left) / zoom, y: (event.clientY - box.top) / zoom };
  }
}
