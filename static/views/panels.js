// Views on a page: size, theme, what is in sight, and what the pointer is over.

import { Tip } from "../player/inspector.js";
import { loadedPlotly } from "../shared/figure.js";
import { readTheme } from "../shared/theme.js";
import { LinesView } from "./line_chart.js";

/**
 * @import {
 *   AnyScene, Architecture, Colour, DrawOptions, Figure, Focus, HistoryLike, Hit, StageActions, Theme, ViewLike
 * } from "../shared/types.js"
 */

const PAPER = 700; // px, the width of a page of paper between its margins
const CALM = 80; // ms without a change of size before Plotly computes its axes again

/** @param {Colour} colour */
const luminance = ([red, green, blue]) => 0.3 * red + 0.6 * green + 0.1 * blue;

export class Panels {
  /** The views. @type {ViewLike[]} */
  all = [];
  /** Views whose axes are still of another size. @type {Set<ViewLike>} */
  resized = new Set();
  /** @type {Theme | null} */
  theme = null;
  /** What was drawn last. @type {{ scene: AnyScene, options: DrawOptions, history: HistoryLike } | null} */
  last = null;
  /** Where the pointer is. @type {{ view: ViewLike, clientX: number, clientY: number } | null} */
  pointer = null;
  /** Tables of colours, by the name of a view. @type {Record<string, unknown>} */
  tables = {};
  /** Whether the page is being printed. */
  printing = false;
  /** Whether Plotly has drawn, and the timer until it draws again. */
  dressed = false;
  /** @type {number | undefined} */
  calm = undefined;

  /**
   * @param {HTMLElement} root the player's element
   * @param {StageActions} act
   */
  constructor(root, act) {
    this.root = root;
    this.act = act;
    this.tip = new Tip(root);
    this.sight = new IntersectionObserver((entries) => this.#seen(entries));
    this.size = new ResizeObserver(() => this.#resize());
    addEventListener("beforeprint", this.#beforePrint);
    addEventListener("afterprint", this.#afterPrint);
  }

  // ---- for a kind of panels: what a view shows

  /**
   * Return the scene, or the scenes, behind a view.
   * @param {ViewLike} _
   * @param {AnyScene} scene
   * @returns {AnyScene}
   */
  sceneOf(_, scene) {
    return scene;
  }

  /**
   * Return what a view needs for drawing beside scene and options: tables of colours, or the history.
   * @param {ViewLike} view
   * @param {HistoryLike} history
   * @returns {unknown}
   */
  paintOf(view, history) {
    return view instanceof LinesView ? history : this.tables[view.name];
  }

  /**
   * Return the words about the losses for a view's sentence.
   * @param {ViewLike} _
   * @param {string} words for all views
   */
  wordsOf(_, words) {
    return words;
  }

  /** Make the tables of colours for theme and setup; for a kind of panels. */
  mix() {}

  /**
   * Show what the controls on a diagram change; for panels with such a diagram.
   * @param {Architecture} _architecture
   */
  showArchitecture(_architecture) {}

  /** Return whether there are figures to dress. */
  get ready() {
    return false;
  }

  // ---- views come and go

  /** @param {ViewLike[]} views */
  observe(views) {
    for (const view of views) {
      this.all.push(view);
      this.sight.observe(view.panel);
      this.size.observe(view.plot);
      this.#listen(view);
      if (view instanceof LinesView) {
        view.refresh = (dressed) => {
          if (dressed) this.dress([view]);
          this.act.repaint();
        };
      }
    }
  }

  /** @param {ViewLike[]} views */
  release(views) {
    this.all = this.all.filter((view) => !views.includes(view));
    if (this.pointer && views.includes(this.pointer.view)) this.#out();
    for (const view of views) {
      this.sight.unobserve(view.panel);
      this.size.unobserve(view.plot);
      if (view.axes.data) loadedPlotly()?.purge(view.axes);
    }
  }

  remove() {
    this.release(this.all);
    removeEventListener("beforeprint", this.#beforePrint);
    removeEventListener("afterprint", this.#afterPrint);
    this.sight.disconnect();
    this.size.disconnect();
    clearTimeout(this.calm);
  }

  get lines() {
    return this.all.flatMap((view) => (view instanceof LinesView ? [view] : []));
  }

  /** @param {IntersectionObserverEntry[]} entries */
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

  /**
   * Take over the figures of a setup.
   * @param {Map<ViewLike, Figure>} figures
   * @param {boolean} fresh whether it is another run
   */
  show(figures, fresh) {
    if (fresh) for (const view of this.lines) view.reset();
    const changed = this.all.filter((view) => {
      const figure = figures.get(view);
      if (!figure) return false;
      const source = JSON.stringify(figure);
      const same = !fresh && source === view.source;
      if (!same) view.setFigure(figure);
      view.source = source;
      return !same;
    });
    if (this.retheme()) return;
    for (const view of changed) view.theme = this.theme;
    this.mix();
    this.dress(changed);
  }

  /** Read the page's colours; return whether they have changed. */
  retheme() {
    if (!this.ready || this.printing) return false;
    const theme = readTheme(this.root);
    if (theme.key === this.theme?.key) return false;
    this.theme = theme;
    this.root.toggleAttribute("data-dark", luminance(theme.background) < 128);
    for (const view of this.all) view.theme = theme;
    this.redrawLines();
    this.mix();
    this.dress(this.all);
    return true;
  }

  /** Before a page is printed: paint the views that are out of sight, and then paint no more. */
  #beforePrint = () => {
    for (const view of this.all) if (!view.visible) this.drawOne(view);
    for (const view of this.lines) view.layOutNow();
    this.printing = true;
  };

  #afterPrint = () => {
    this.printing = false;
    this.#resize();
  };

  #resize() {
    if (this.printing) return; // what is painted now would come too late for the paper
    this.#noteWidth();
    if (!this.theme) return;
    const changed = this.all.filter((view) => view.fit());
    if (!changed.length) return;
    this.act.repaint();
    for (const view of changed) this.resized.add(view);
    clearTimeout(this.calm);
    this.calm = setTimeout(() => this.#redress(), this.dressed ? CALM : 0);
  }

  /** On paper the views keep the size that they have on the screen, and all shrink together. */
  #noteWidth() {
    const { clientWidth: width, style } = this.root;
    if (!width) return;
    style.setProperty("--screen-width", `${width}px`);
    style.setProperty("--paper-zoom", String(Math.min(1, PAPER / width)));
  }

  #redress() {
    const views = this.all.filter((view) => this.resized.has(view));
    this.resized.clear();
    this.dress(views);
  }

  /**
   * Have Plotly draw axes; one figure after the other, so that the page never stands still.
   * @param {ViewLike[]} views
   */
  async dress(views) {
    this.dressed = true;
    for (const view of views) {
      if (!this.root.isConnected || !this.theme) return;
      view.fit();
      await view.dress(this.theme);
      await new Promise((next) => setTimeout(next));
    }
  }

  redrawLines() {
    for (const view of this.lines) view.redraw();
  }

  // ---- an epoch

  /**
   * Draw a scene in every view that is in sight.
   * @param {AnyScene} scene
   * @param {DrawOptions} options
   * @param {HistoryLike} history
   */
  draw(scene, options, history) {
    if (!this.theme) return;
    this.last = { scene, options, history };
    for (const view of this.all) {
      const own = this.sceneOf(view, scene);
      if (view.visible && view.width) view.draw(own, options, this.paintOf(view, history));
      view.showState(own, options);
    }
    this.#updateTip();
  }

  /** The epoch that was drawn last. */
  get epoch() {
    return this.last?.scene.epoch ?? 0;
  }

  /**
   * Draw what was drawn last in one view, also where it is out of sight.
   * @param {ViewLike} view
   */
  drawOne(view) {
    if (!this.last || !view.width) return;
    const { scene, options, history } = this.last;
    view.draw(this.sceneOf(view, scene), options, this.paintOf(view, history));
  }

  /**
   * Set the sentences and open tables, for an epoch that stays a while.
   * @param {string} words on the losses
   */
  rest(words) {
    if (!this.last) return;
    const { scene, options, history } = this.last;
    for (const view of this.all) {
      const lossWords = this.wordsOf(view, words);
      view.label(view.describe(this.sceneOf(view, scene), options, lossWords, history));
    }
    this.tabulate();
  }

  /** Fill the tables that are open. */
  tabulate() {
    if (!this.last) return;
    const { scene, options, history } = this.last;
    for (const view of this.all) {
      const own = this.sceneOf(view, scene);
      if (view.details.open) view.showTables(view.tabulate(own, options, history));
    }
  }

  // ---- the pointer

  /** @param {ViewLike} view */
  #listen(view) {
    view.plot.addEventListener("pointermove", (event) => this.#over(view, event));
    view.plot.addEventListener("pointerdown", (event) => this.#over(view, event));
    view.plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") this.#out();
    });
    view.plot.addEventListener("click", (event) => this.#click(view, event));
  }

  /**
   * @param {ViewLike} view
   * @param {PointerEvent} event
   */
  #over(view, event) {
    if (!this.last) return;
    this.pointer = { view, clientX: event.clientX, clientY: event.clientY };
    const found = this.#updateTip();
    view.plot.style.cursor = this.leads(found) ? "pointer" : "";
    this.#focus(found?.focus ?? null);
  }

  /** Show what is under the pointer with the numbers of now. */
  #updateTip() {
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

  /** @param {Focus | null} focus */
  #focus(focus) {
    const { options } = this.last ?? {};
    const key = (/** @type {Focus | null} */ value) =>
      value ? `${value.layer}.${value.unit}` : "";
    if (options && key(options.focus) !== key(focus)) this.act.choose("focus", focus);
  }

  /**
   * @param {ViewLike} view
   * @param {PointerEvent} event
   */
  #click(view, event) {
    const found = this.last && view.hit(view.point(event));
    if (found) this.clicked(found, event);
  }

  /**
   * Return whether a click on what was found does something; for a kind of panels.
   * @param {Hit | null} _found
   */
  leads(_found) {
    return false;
  }

  /**
   * Do what a click on what was found does; for a kind of panels.
   * @param {Hit} _found
   * @param {PointerEvent} _event
   */
  clicked(_found, _event) {}
}
