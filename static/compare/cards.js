// One card per run with what it shows now, and the losses of all runs in one plot.

import { make, setText } from "../shared/dom.js";
import { number, steady, whole } from "../shared/format.js";
import { DecisionView } from "../views/decision.js";
import { DeltasView, WeightsView } from "../views/matrices.js";
import { OverlayView } from "../views/overlay.js";
import { Panels } from "../views/panels.js";
import { runTables } from "../views/stage.js";

const SHOWS = { decision: "Boundary", weights: "Weights", deltas: "Deltas" };
const MARK = { finished: "stopped at epoch", diverged: "overflowed after epoch" };

const VALUES = ["train", "validation", "train_metric", "validation_metric"];

class Card {
  constructor({ act, repaint, onTable }) {
    this.views = {
      decision: new DecisionView({ choose: act.choose, onTable }),
      weights: new WeightsView({ repaint, onTable }),
      deltas: new DeltasView({ still: true, onTable }),
    };
    this.sign = make("span", { class: "sign", "aria-hidden": true });
    this.name = make("h2");
    const go = (kind) => () => act.ask(kind, { index: this.index });
    this.open = make("button", { type: "button", on: { click: go("open") } }, "Open");
    this.drop = make("button", { type: "button", class: "drop", on: { click: go("drop") } }, "×");
    this.differs = make("p", { class: "differs" });
    this.mark = make("p", { class: "mark", role: "status" });
    this.values = Object.fromEntries(VALUES.map((name) => [name, make("dd")]));
    this.metric = make("dt");
    this.view = make("div", { class: "shown" });
    const place = make("div", { class: "place" }, this.view, this.mark);
    const head = make("header", {}, this.sign, this.name, this.open, this.drop);
    const parts = [head, this.differs, this.#numbers(), place];
    this.element = make("section", { class: "run" }, ...parts);
  }

  #numbers() {
    const { train, validation, train_metric: metric, validation_metric: second } = this.values;
    const pair = (term, ...values) => make("div", {}, term, ...values);
    return make(
      "dl",
      { class: "now" },
      pair(make("dt", {}, "Loss"), train, validation),
      pair(this.metric, metric, second),
    );
  }

  /** The views, shown or not. */
  get all() {
    return Object.values(this.views);
  }

  arrange(own, index, count) {
    this.index = index;
    this.element.dataset.run = String(index + 1);
    this.element.setAttribute("aria-label", `Run ${index + 1}: ${own.name}`);
    this.sign.style.color = own.color;
    setText(this.sign, own.sign);
    setText(this.name, own.name);
    this.name.title = own.name;
    setText(this.differs, own.differs);
    this.differs.title = own.differs;
    const metric = own.metric;
    setText(this.metric, metric[0].toUpperCase() + metric.slice(1));
    this.open.setAttribute("aria-label", `Open run ${index + 1} on the Train page`);
    this.open.title = "Open this run on the Train page";
    this.drop.setAttribute("aria-label", `Remove run ${index + 1}`);
    this.drop.title = "Remove this run";
    this.drop.hidden = count < 2;
    for (const [name, value] of Object.entries(this.values)) {
      value.dataset.readout = name;
      value.title = name.startsWith("train") ? "training" : "validation";
    }
  }

  show(name) {
    this.view.replaceChildren(this.views[name].panel);
  }

  tell(losses) {
    for (const [name, value] of Object.entries(this.values)) setText(value, steady(losses[name]));
  }

  /** How far the run is, once it goes no further. */
  heed({ state, trained, message }) {
    setText(this.mark, state === "ok" ? "" : `${MARK[state]} ${whole(trained)}`);
    this.mark.title = message;
    this.element.dataset.state = state;
  }
}

export class Cards extends Panels {
  /** `act` has choose(name, value), ask(kind, fields), repaint(). */
  constructor(root, act) {
    super(root, act);
    this.loss = new OverlayView("losses", { onTable: () => this.tabulate() });
    this.shown = "decision";
    this.cards = [];
    this.grid = make("div", { class: "runs" });
    this.element = make("div", { class: "compared" }, this.loss.panel, this.#bar(), this.grid);
    this.observe([this.loss]);
  }

  #bar() {
    const press = (name) => () => this.#show(name);
    this.buttons = Object.entries(SHOWS).map(([name, text]) =>
      make("button", { type: "button", "data-shows": name, on: { click: press(name) } }, text),
    );
    const box = (text, change) => {
      const input = make("input", {
        type: "checkbox",
        on: { change: () => change(input.checked) },
      });
      return make("label", {}, input, text);
    };
    this.flat = box("Discretize", (on) => this.act.choose("discretize", on));
    this.test = box("Show test data", (on) => this.#test(on));
    this.scale = make("span", { class: "note" });
    const switches = make("div", { class: "switch", role: "group", "aria-label": "Cards show" });
    switches.append(...this.buttons);
    return make("div", { class: "bar" }, switches, this.scale, this.flat, this.test);
  }

  #show(name) {
    this.shown = name;
    this.cards.forEach((card) => card.show(name));
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.shows === name));
    }
    const map = name === "decision";
    this.flat.hidden = !map || this.setup.runs.every(({ view }) => view.kind === "curve");
    this.test.hidden = !map || this.cards.every(({ views }) => views.decision.testLabel.hidden);
    this.act.repaint();
  }

  #test(on) {
    const views = this.cards.map(({ views }) => views.decision);
    views.forEach((view) => (view.test.checked = on));
    this.dress(views);
  }

  /** Takes over the runs of a setup. */
  arrange(setup, fresh) {
    const { runs } = setup;
    this.#deal(runs.length);
    this.cards.forEach((card, k) => card.arrange(runs[k], k, runs.length));
    this.grid.dataset.count = this.element.dataset.count = String(runs.length);
    const figures = new Map([[this.loss, setup.losses]]);
    this.cards.forEach(({ views }, k) => {
      for (const [name, view] of Object.entries(views)) figures.set(view, runs[k].figures[name]);
    });
    this.show(setup, figures, fresh);
    this.#show(this.shown);
  }

  // As many cards as runs.
  #deal(count) {
    const { act } = this;
    const common = { act, repaint: () => act.repaint(), onTable: () => this.tabulate() };
    while (this.cards.length > count) {
      const card = this.cards.pop();
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

  heed(runs) {
    this.cards.forEach((card, k) => card.heed(runs[k]));
  }

  mix() {
    this.tables = this.cards.map(({ views }, k) =>
      runTables(this.theme, this.setup.runs[k], views.decision),
    );
  }

  #owner(view) {
    return this.cards.findIndex(({ all }) => all.includes(view));
  }

  sceneOf(view, scenes) {
    return view === this.loss ? scenes : scenes.all[this.#owner(view)];
  }

  paintOf(view, history) {
    return view === this.loss ? history : this.tables[this.#owner(view)][view.name];
  }

  wordsOf(view) {
    const k = this.#owner(view);
    if (k < 0) return "";
    const { train, train_metric: metric } = this.losses[k];
    return `Training loss ${number(train)}, ${this.setup.runs[k].metric} ${number(metric)}.`;
  }

  draw(scenes, options, history) {
    super.draw(scenes, options, history);
    this.losses = history.losses(scenes.frame);
    this.cards.forEach((card, k) => card.tell(this.losses[k]));
    const { note } = this.cards[0].views[this.shown];
    setText(this.scale, this.shown === "decision" ? "" : `${note.textContent}, the same in every card`);
  }

  showTest() {}
}
