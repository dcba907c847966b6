// A view: a panel with a heading, a canvas that is painted per frame and Plotly's axes above it.

import { make, makeTable, setText } from "../shared/dom.js";
import { dressed, plotly } from "../shared/figure.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

export class View {
  static still = true; // whether Plotly's own zoom stays switched off

  constructor(name, { controls = [], onTable = () => {} } = {}) {
    this.name = name;
    this.visible = true;
    this.canvas = make("canvas", { "aria-hidden": true });
    this.context = this.canvas.getContext("2d");
    this.axes = make("div", { class: "axes" });
    this.plot = make("div", { class: "plot", role: "img" }, this.canvas, this.axes);
    this.title = make("h3");
    this.note = make("span", { class: "note" });
    this.about = make("p", { class: "about" }); // one sentence on what the picture shows
    this.numbers = make("div", {
      class: "tables",
      tabindex: 0, // the keyboard scrolls it
      role: "region",
      "aria-label": `Numbers: ${name}`,
    });
    const toggled = () => this.details.open && onTable(this);
    this.details = make(
      "details",
      { on: { toggle: toggled } },
      make("summary", { "aria-label": `Numbers of the ${name} view` }, "Numbers"),
      this.numbers,
    );
    const head = make("header", {}, this.title, this.note, ...controls, this.details);
    this.panel = make(
      "section",
      { class: `view ${name}`, "data-view": name },
      head,
      this.about,
      this.plot,
    );
  }

  /** Takes a figure; its heading is words, its axes come with `dress`. */
  setFigure(figure) {
    this.figure = figure;
    this.layout = figure.layout;
    setText(this.title, this.layout.meta?.title ?? this.name);
    this.arrange();
  }

  /** For a subclass: what depends on the figure or on the size only. */
  arrange() {}

  /** Fits canvas and figure to the panel; true if the size changed. */
  fit() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const ratio = globalThis.devicePixelRatio || 1;
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    if (this.figure) this.arrange();
    return true;
  }

  /** Lets Plotly draw axes, text and fixed points in the page's colours. */
  async dress(theme) {
    this.theme = theme;
    const { width, height } = this;
    if (!width || !this.figure) return;
    const { data, layout } = dressed(this.figure, theme, width, height);
    this.adapt(data, layout);
    // Plotly makes a selector of it when the figure goes, and a dot would end its name there.
    for (const trace of data) if (trace.uid) trace.uid = trace.uid.replaceAll(".", "-");
    const config = { ...CONFIG, staticPlot: this.constructor.still };
    await (await plotly()).react(this.axes, data, layout, config);
    this.dressedUp?.();
  }

  /** For a subclass: last changes to what Plotly gets. */
  adapt() {}

  /** An empty context, the view's own or another of its size, in CSS pixels. */
  clear(context = this.context) {
    const { ratio, width, height } = this;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  /** The sentence that stands for the picture. */
  label(text) {
    this.plot.setAttribute("aria-label", text);
  }

  /** The numbers behind the picture, made only while somebody looks at them. */
  showTables(tables) {
    this.numbers.replaceChildren(...tables.map(makeTable));
  }

  /** Pixel position of a pointer event in the plot. */
  point(event) {
    const box = this.plot.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
