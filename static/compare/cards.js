// One card per run with what it shows now, and the losses of all runs in one plot.

import { button, make, setText } from "../shared/dom.js";
import { steady, whole } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { lossWords } from "../shared/names.js";
import { DecisionView } from "../views/decision.js";
import { DeltasView, WeightsView } from "../views/matrices.js";
import { OverlayView } from "../views/overlay.js";
import { Panels } from "../views/panels.js";
import { runTables } from "../views/stage.js";

/**
 * @import {
 *   AnyScene, CardSetup, ComparisonSetup, DrawOptions, HistoryLike, Losses, LossName,
 *   RunState, StageActions, ViewLike
 * } from "../shared/types.js"
 */
/** @import { RunBuffers, Scenes } from "./run_set.js" */

/**
 * What a card shows.
 * @typedef {"decision" | "weights" | "deltas"} CardView
 */

/** @type {Record<CardView, string>} */
const SHOWS = { decision: tr("Boundary"), weights: tr("Weights"), deltas: tr("Deltas") };
/** @type {Record<string, (epoch: string) => string>} */
const MARK = {
  finished: (epoch) => tr("stopped at epoch {epoch}", { epoch }),
  diverged: (epoch) => tr("diverged after epoch {epoch}", { epoch }),
};

/** @type {LossName[]} */
const VALUES = ["train", "validation", "train_metric", "validation_metric"];

class Card {
  index = 0;

  /** @param {{ act: StageActions, repaint(): void, onTable(): void }} settings */
  constructor({ act, repaint, onTable }) {
    this.views = {
      decision: new DecisionView({ choose: act.choose, onTable }),
      weights: new WeightsView({ repaint, onTable }),
      deltas: new DeltasView({ fixed: true, onTable }),
    };
    this.sign = make("span", { class: "sign", "aria-hidden": true });
    this.name = make("h2");
    const go = (/** @type {string} */ kind) => () => act.request(kind, { index: this.index });
    this.open = button(tr("Open"), go("open"));
    this.drop = button("×", go("drop"), { kind: "drop" });
    this.differs = make("p", { class: "differs" });
    this.mark = make("p", { class: "mark", role: "status" });
    const [train, validation, metric, second] = VALUES.map(() => make("dd"));
    this.values = { train, validation, train_metric: metric, validation_metric: second };
    this.metric = make("dt");
    this.view = make("div", { class: "shown" });
    const place = make("div", { class: "place" }, this.view, this.mark);
    const head = make("header", {}, this.sign, this.name, this.open, this.drop);
    const parts = [head, this.differs, this.#numbers(), place];
    this.element = make("section", { class: "run" }, ...parts);
  }

  #numbers() {
    const { train, validation, train_metric: metric, validation_metric: second } = this.values;
    const pair = (/** @type {HTMLElement} */ term, /** @type {HTMLElement[]} */ ...values) =>
      make("div", {}, term, ...values);
    return make(
      "dl",
      { class: "now" },
      pair(make("dt", {}, tr("Loss")), train, validation),
      pair(this.metric, metric, second),
    );
  }

  /** The views, shown or not. @returns {ViewLike[]} */
  get all() {
    return Object.values(this.views);
  }

  /**
   * @param {CardSetup} own
   * @param {number} index
   * @param {number} count of cards
   */
  arrange(own, index, count) {
    this.index = index;
    this.element.dataset.run = String(index + 1);
    this.element.setAttribute(
      "aria-label",
      tr("Run {number}: {name}", { number: index + 1, name: own.name }),
    );
    this.sign.style.color = own.color;
    setText(this.sign, own.sign);
    setText(this.name, own.name);
    this.name.title = own.name;
    setText(this.differs, own.differs);
    this.differs.title = own.differs;
    const metric = own.metric;
    setText(this.metric, metric[0].toUpperCase() + metric.slice(1));
    this.open.setAttribute(
      "aria-label",
      tr("Open run {number} on the Train page", { number: index + 1 }),
    );
    this.open.title = tr("Open this run on the Train page");
    this.drop.setAttribute("aria-label", tr("Remove run {number}", { number: index + 1 }));
    this.drop.title = tr("Remove this run");
    this.drop.hidden = count < 2;
    for (const [name, value] of Object.entries(this.values)) {
      value.dataset.readout = name;
      value.title = name.startsWith("train") ? tr("training") : tr("validation");
    }
  }

  /** @param {CardView} name */
  show(name) {
    this.view.replaceChildren(this.views[name].panel);
  }

  /** @param {Losses} losses */
  showLosses(losses) {
    for (const name of VALUES) setText(this.values[name], steady(losses[name]));
  }

  /**
   * Show how far the run is, once it goes no further.
   * @param {RunState} state
   */
  setState({ state, trained, message }) {
    setText(this.mark, state === "ok" ? "" : MARK[state](whole(trained)));
    this.mark.title = message;
    this.element.dataset.state = state;
  }
}

export class Cards extends Panels {
  /** @type {ComparisonSetup | null} */
  setup = null;
  /** @type {CardView} */
  shown = "decision";
  /** @type {Card[]} */
  cards = [];
  /** The losses of each run. @type {Losses[]} */
  losses = [];
  /** @type {ReturnType<typeof runTables>[]} */
  cardTables = [];

  /**
   * @param {HTMLElement} root
   * @param {StageActions} act
   */
  constructor(root, act) {
    super(root, act);
    this.loss = new OverlayView("losses", { onTable: () => this.tabulate() });
    this.grid = make("div", { class: "runs" });
    this.element = make("div", { class: "compared" }, this.loss.panel, this.#bar(), this.grid);
    this.observe([this.loss]);
  }

  #bar() {
    const names = /** @type {CardView[]} */ (Object.keys(SHOWS));
    this.buttons = names.map((name) =>
      button(SHOWS[name], () => this.#show(name), { attributes: { "data-shows": name } }),
    );
    /** @type {(text: string, change: (on: boolean) => void) => HTMLElement} */
    const box = (text, change) => {
      /** @type {HTMLInputElement} */
      const input = make("input", {
        type: "checkbox",
        on: { change: () => change(input.checked) },
      });
      return make("label", {}, input, text);
    };
    this.flat = box(tr("Discretize"), (on) => this.act.choose("discretize", on));
    this.test = box(tr("Test data"), (on) => this.#test(on));
    this.scale = make("span", { class: "note" });
    const switches = make("div", {
      class: "switch",
      role: "group",
      "aria-label": tr("Cards show"),
    });
    switches.append(...this.buttons);
    return make("div", { class: "bar" }, switches, this.scale, this.flat, this.test);
  }

  /** @param {CardView} name */
  #show(name) {
    this.shown = name;
    for (const card of this.cards) card.show(name);
    for (const one of this.buttons ?? []) {
      one.setAttribute("aria-pressed", String(one.dataset.shows === name));
    }
    const map = name === "decision";
    const curves = this.setup?.runs.every(({ view }) => view.kind === "curve");
    if (this.flat) this.flat.hidden = !map || Boolean(curves);
    if (this.test)
      this.test.hidden = !map || this.cards.every(({ views }) => views.decision.testLabel.hidden);
    this.act.repaint();
  }

  /** @param {boolean} on */
  #test(on) {
    const views = this.cards.map(({ views }) => views.decision);
    for (const view of views) view.test.checked = on;
    this.dress(views);
  }

  /**
   * Take over the runs of a setup.
   * @param {ComparisonSetup} setup
   * @param {boolean} fresh whether they are other runs
   */
  arrange(setup, fresh) {
    this.setup = setup;
    const { runs } = setup;
    this.#makeCards(runs.length);
    this.cards.forEach((card, k) => card.arrange(runs[k], k, runs.length));
    this.grid.dataset.count = String(runs.length);
    this.element.dataset.count = String(runs.length);
    const figures = new Map([[/** @type {ViewLike} */ (this.loss), setup.losses]]);
    this.cards.forEach(({ views }, k) => {
      for (const [name, view] of Object.entries(views)) figures.set(view, runs[k].figures[name]);
    });
    this.show(figures, fresh);
    this.#show(this.shown);
  }

  get ready() {
    return this.setup !== null;
  }

  /**
   * Make as many cards as there are runs.
   * @param {number} count
   */
  #makeCards(count) {
    const { act } = this;
    const common = { act, repaint: () => act.repaint(), onTable: () => this.tabulate() };
    for (const card of this.cards.splice(count)) {
      this.release(card.all);
      card.element.remove();
    }
    while (this.cards.length < count) {
      const card = new Card(common);
      this.cards.push(card);
      this.grid.append(card.element);
      this.observe(card.all);
    }
  }

  /** @param {RunState[]} runs */
  setStates(runs) {
    this.cards.forEach((card, k) => {
      card.setState(runs[k]);
    });
  }

  mix() {
    const { theme, setup } = this;
    if (!theme || !setup) return;
    this.cardTables = this.cards.map(({ views }, k) =>
      runTables(theme, setup.runs[k], views.decision),
    );
  }

  /** @param {ViewLike} view */
  #owner(view) {
    return this.cards.findIndex(({ all }) => all.includes(view));
  }

  /**
   * @param {ViewLike} view
   * @param {Scenes} scenes
   * @returns {AnyScene}
   */
  sceneOf(view, scenes) {
    return view === this.loss ? scenes : scenes.all[this.#owner(view)];
  }

  /**
   * @param {ViewLike} view
   * @param {HistoryLike} history
   * @returns {unknown}
   */
  paintOf(view, history) {
    if (view === this.loss) return history;
    return this.cardTables[this.#owner(view)][/** @type {CardView} */ (view.name)];
  }

  /** @param {ViewLike} view */
  wordsOf(view) {
    const k = this.#owner(view);
    if (k < 0) return "";
    const { train, train_metric: metric } = this.losses[k];
    return lossWords(this.setup?.runs[k].metric ?? "", train, metric);
  }

  /**
   * @param {Scenes} scenes
   * @param {DrawOptions} options
   * @param {RunBuffers["history"]} history
   */
  draw(scenes, options, history) {
    super.draw(scenes, options, history);
    if (scenes.frame) this.losses = history.losses(scenes.frame);
    this.cards.forEach((card, k) => {
      card.showLosses(this.losses[k]);
    });
    const { note } = this.cards[0].views[this.shown];
    if (this.scale)
      setText(
        this.scale,
        this.shown === "decision"
          ? ""
          : tr("{scale}, the same in every card", { scale: note.textContent ?? "" }),
      );
  }

  showTest() {}
}
