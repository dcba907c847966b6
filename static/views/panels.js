// Views on a page: size, theme, what is in sight, and what the pointer is over.

import { Tip } from "../player/inspector.js";
import { readTheme } from "../shared/theme.js";
import { LinesView } from "./line_chart.js";

const CALM = 80; // ms without a change of size before Plotly lays its axes out anew

export class Panels {
  /** `act` has choose(name, value), repaint() and what else the views call; `root` is the player's
   * element. */
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.all = [];
    this.resized = new Set(); // views whose axes are of another size still
    this.tip = new Tip(root);
    this.sight = new IntersectionObserver((entries) => this.#seen(entries));
    this.size = new ResizeObserver(() => this.#resize());
  }

  // ---- for a kind of panels: what a view shows

  /** The scene, or the scenes, behind a view. */
  sceneOf(_, scene) {
    return scene;
  }

  /** What a view needs for drawing beside scene and options: a table of colours, the history. */
  paintOf(view, history) {
    return view instanceof LinesView ? history : this.tables[view.name];
  }

  /** What a view's sentence says of the losses, from the words for all. */
  wordsOf(_, words) {
    return words;
  }

  /** For a kind of panels: the tables of colours, for theme and setup. */
  mix() {}

  // ---- views come and go

  observe(views) {
    for (const view of views) {
      this.all.push(view);
      this.sight.observe(view.panel);
      this.size.observe(view.plot);
      this.#listen(view);
      if (view instanceof LinesView)
        view.refresh = (dressed) => (dressed ? this.dress([view]) : null, this.act.repaint());
    }
  }

  release(views) {
    this.all = this.all.filter((view) => !views.includes(view));
    if (views.includes(this.pointer?.view)) this.#out();
    for (const view of views) {
      this.sight.unobserve(view.panel);
      this.size.unobserve(view.plot);
      if (view.axes.data) globalThis.Plotly?.purge(view.axes);
    }
  }

  remove() {
    this.release(this.all);
    this.sight.disconnect();
    this.size.disconnect();
    clearTimeout(this.calm);
  }

  get lines() {
    return this.all.filter((view) => view instanceof LinesView);
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const view = this.all.find(({ panel }) => panel === target);
      if (!view) continue;
      const appears = isIntersecting && !view.visible;
      view.visible = isIntersecting;
      if (appears) this.act.repaint();
    }
  }

  // ---- figures, sizes, colours

  /** Takes over a setup's figures, {view: figure}; `fresh` for another run. */
  show(setup, figures, fresh) {
    this.setup = setup;
    if (fresh) this.lines.forEach((view) => view.reset());
    const changed = this.all.filter((view) => {
      const source = JSON.stringify(figures.get(view));
      const same = !fresh && source === view.source;
      if (!same) view.setFigure(figures.get(view));
      view.source = source;
      return !same;
    });
    if (this.retheme()) return;
    changed.forEach((view) => (view.theme = this.theme));
    this.mix();
    this.dress(changed);
  }

  /** Reads the page's colours; true if they have changed. */
  retheme() {
    if (!this.setup) return false;
    const theme = readTheme(this.root);
    if (theme.key === this.theme?.key) return false;
    this.theme = theme;
    this.all.forEach((view) => (view.theme = theme));
    this.redrawLines();
    this.mix();
    this.dress(this.all);
    return true;
  }

  #resize() {
    if (!this.theme) return;
    const changed = this.all.filter((view) => view.fit());
    if (!changed.length) return;
    this.act.repaint();
    changed.forEach((view) => this.resized.add(view));
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.#redress(), this.dressed ? CALM : 0);
  }

  #redress() {
    const views = this.all.filter((view) => this.resized.has(view));
    this.resized.clear();
    this.dress(views);
  }

  /** Lets Plotly draw axes; one figure after the other, so that the page never stands still. */
  async dress(views) {
    this.dressed = true;
    for (const view of views) {
      if (!this.root.isConnected) return;
      view.fit();
      await view.dress(this.theme);
      await new Promise((next) => setTimeout(next));
    }
  }

  redrawLines() {
    this.lines.forEach((view) => view.redraw());
  }

  // ---- an epoch

  /** Draws a scene in every view that is in sight. */
  draw(scene, options, history) {
    if (!this.theme) return;
    this.last = { scene, options, history };
    for (const view of this.all) {
      const own = this.sceneOf(view, scene);
      if (view.visible && view.width) view.draw(own, options, this.paintOf(view, history));
      view.tell(own, options);
    }
    this.#retell();
  }

  /** Sentences and open tables, for an epoch that stays a while. */
  rest(words) {
    if (!this.last) return;
    const { scene, options, history } = this.last;
    for (const view of this.all) {
      const said = this.wordsOf(view, words);
      view.label(view.describe(this.sceneOf(view, scene), options, said, history));
    }
    this.tabulate();
  }

  tabulate() {
    if (!this.last) return;
    const { scene, options, history } = this.last;
    for (const view of this.all) {
      const own = this.sceneOf(view, scene);
      if (view.details.open) view.showTables(view.tabulate(own, options, history));
    }
  }

  // ---- the pointer

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
    view.plot.style.cursor = this.leads(found) ? "pointer" : "";
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
    if (found) this.clicked(found, event);
  }

  /** For a kind of panels: whether a click on what was found does something. */
  leads() {
    return false;
  }

  /** For a kind of panels: a click on what was found. */
  clicked() {}
}
