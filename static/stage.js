// The six views on their grid: size, theme, what is in sight, and what the pointer is over.

import { DecisionView } from "./decision.js";
import { NetworkView, diagramTables } from "./diagram.js";
import { make } from "./dom.js";
import { Tip } from "./inspector.js";
import { LinesView } from "./lines.js";
import { DeltasView, WeightsView } from "./matrices.js";
import { diverging, readTheme } from "./theme.js";

const CALM = 80; // ms without a change of size before Plotly lays its axes out anew
const LIFT = { weights: 0.75, deltas: 0.5 }; // exponents: small values stay visible beside large ones

export class Stage {
  /** `act` has choose(name, value), edit(cell, place), repaint(); `root` is the player's element. */
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.tip = new Tip(root);
    const common = { onTable: () => this.tabulate() };
    const repaint = () => this.act.repaint();
    const edit = (cell, place, view) => this.act.edit(cell, toPage(view, place));
    this.views = {
      network: new NetworkView({ ...common, choose: act.choose }),
      decision: new DecisionView({ ...common, choose: act.choose }),
      curves: new LinesView("curves", common),
      weights: new WeightsView({ ...common, edit, repaint }),
      deltas: new DeltasView(common),
      sizes: new LinesView("sizes", common),
    };
    this.all = Object.values(this.views);
    this.lines = [this.views.curves, this.views.sizes];
    this.element = make("div", { class: "stage" }, ...this.#columns());
    this.all.forEach((view) => this.#listen(view));
    this.lines.forEach((view) => {
      view.refresh = (dressed) => (dressed ? this.#dress([view]) : null, this.act.repaint());
    });
    this.#observe();
  }

  #columns() {
    const { network, decision, curves, weights, deltas, sizes } = this.views;
    const pair = make("div", { class: "pair" }, deltas.panel, sizes.panel);
    return [network.panel, decision.panel, curves.panel, weights.panel, pair];
  }

  #observe() {
    this.sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const view = this.all.find(({ panel }) => panel === target);
        const appears = isIntersecting && !view.visible;
        view.visible = isIntersecting;
        if (appears) this.act.repaint();
      }
    });
    this.size = new ResizeObserver(() => this.#resize());
    for (const view of this.all) {
      this.sight.observe(view.panel);
      this.size.observe(view.plot);
    }
  }

  remove() {
    this.sight.disconnect();
    this.size.disconnect();
    clearTimeout(this.calm);
    for (const { axes } of this.all) if (axes.data) globalThis.Plotly?.purge(axes);
  }

  /** Takes over the figures and names of a setup; `fresh` for another run. */
  arrange(setup, fresh) {
    this.setup = setup;
    if (fresh) this.lines.forEach((view) => view.reset());
    const changed = this.all.filter((view) => {
      const source = JSON.stringify(setup.figures[view.name]);
      const same = !fresh && source === view.source;
      if (!same) view.setFigure(setup.figures[view.name]);
      view.source = source;
      return !same;
    });
    this.views.network.setExamples(setup.probe.labels);
    if (this.retheme()) return;
    this.#mix();
    this.#dress(changed);
  }

  /** Reads the page's colours; true if they have changed. */
  retheme() {
    if (!this.setup) return false;
    const theme = readTheme(this.root);
    if (theme.key === this.theme?.key) return false;
    this.theme = theme;
    this.all.forEach((view) => (view.theme = theme));
    this.redrawLines();
    this.#mix();
    this.#dress(this.all);
    return true;
  }

  // The tables of colours for the theme and the classes.
  #mix() {
    const { theme } = this;
    const { palette, network, classes } = this.setup;
    const hues = Math.max(2, classes?.length ?? 0, network.sizes.at(-1));
    this.tables = {
      network: diagramTables(diverging(theme, palette)),
      decision: this.views.decision.tables(theme, palette, hues),
      weights: diverging(theme, palette, 1, LIFT.weights),
      deltas: diverging(theme, palette, 1, LIFT.deltas),
    };
  }

  #resize() {
    if (!this.theme) return;
    const changed = this.all.filter((view) => view.fit());
    if (!changed.length) return;
    this.act.repaint();
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.#dress(changed), this.dressed ? CALM : 0);
  }

  // One figure after the other, so that the page never stands still for all six.
  async #dress(views) {
    this.dressed = true;
    for (const view of views) {
      if (!this.root.isConnected) return;
      view.fit();
      await view.dress(this.theme);
      await new Promise((next) => setTimeout(next));
    }
  }

  /** Shows or hides the test points. */
  showTest() {
    this.#dress([this.views.decision]);
  }

  redrawLines() {
    this.lines.forEach((view) => view.redraw());
  }

  /** Draws a scene in every view that is in sight. */
  draw(scene, options, history) {
    if (!this.theme) return;
    this.last = { scene, options, history };
    const { network, decision, curves, weights, deltas, sizes } = this.views;
    const draw = (view, ...more) =>
      view.visible && view.width && view.draw(scene, options, ...more);
    draw(network, this.tables.network);
    draw(decision, this.tables.decision);
    draw(curves, history);
    draw(weights, this.tables.weights);
    draw(deltas, this.tables.deltas);
    draw(sizes, history);
    for (const view of this.all) view.tell(scene, options);
    this.#retell();
  }

  /** Sentences and open tables, for an epoch that stays a while. */
  rest(words) {
    if (!this.last) return;
    const { scene, options, history } = this.last;
    for (const view of this.all) view.label(view.describe(scene, options, words, history));
    this.tabulate();
  }

  tabulate() {
    if (!this.last) return;
    const { scene, options, history } = this.last;
    for (const view of this.all) {
      if (view.details.open) view.showTables(view.tabulate(scene, options, history));
    }
  }

  #listen(view) {
    view.plot.addEventListener("pointermove", (event) => this.#over(view, event));
    view.plot.addEventListener("pointerdown", (event) => this.#over(view, event));
    view.plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") this.#out();
    });
    view.plot.addEventListener("click", (event) => this.#click(view, event));
  }

  #over(view, event) {
    if (!this.last) return;
    this.pointer = { view, clientX: event.clientX, clientY: event.clientY };
    const found = this.#retell();
    view.plot.style.cursor = found?.cell || found?.example !== undefined ? "pointer" : "";
    this.#focus(found?.focus ?? null);
  }

  // What is under the pointer may have other numbers now.
  #retell() {
    if (!this.pointer) return null;
    const { view } = this.pointer;
    const found = view.hit(view.point(this.pointer));
    if (found) this.tip.show(found.lines, this.pointer);
    else this.tip.hide();
    return found;
  }

  #out() {
    this.pointer = null;
    this.tip.hide();
    this.#focus(null);
  }

  #focus(focus) {
    const { options } = this.last ?? {};
    const key = (value) => (value ? `${value.layer}.${value.unit}` : "");
    if (options && key(options.focus) !== key(focus)) this.act.choose("focus", focus);
  }

  #click(view, event) {
    const found = this.last && view.hit(view.point(event));
    if (found?.example !== undefined) this.act.choose("example", found.example);
    else if (found?.cell && !(found.focus && event.pointerType === "touch")) {
      this.tip.hide();
      this.act.edit(found.cell, event);
    }
  }
}

function toPage(view, { x, y }) {
  const box = view.plot.getBoundingClientRect();
  return { clientX: box.left + x, clientY: box.top + y };
}
