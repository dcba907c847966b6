// The six views of one run on their grid.

import { saveButton } from "../picture/button.js";
import { make } from "../shared/dom.js";
import { diverging } from "../shared/theme.js";
import { DecisionView } from "./decision.js";
import { diagramTables, NetworkView } from "./diagram.js";
import { Hints } from "./hints.js";
import { LinesView } from "./line_chart.js";
import { DeltasView, WeightsView } from "./matrices.js";
import { Panels } from "./panels.js";

/**
 * @import {
 *   AnyScene, Architecture, Cell, DrawOptions, HistoryLike, Hit, PlotPoint, RunSetup, Setup, StageActions,
 *   Theme, ViewLike, ViewOptions
 * } from "../shared/types.js"
 */

/** Exponents: small values stay visible beside large ones. */
export const LIFT = { weights: 0.75, deltas: 0.5 };

/**
 * Return the tables of colours for the map or curve, the weights and the deltas of a run.
 * @param {Theme} theme
 * @param {RunSetup} setup
 * @param {DecisionView} decision
 */
export function runTables(theme, { palette, network, classes }, decision) {
  const hues = Math.max(2, classes?.length ?? 0, network.sizes[network.sizes.length - 1]);
  return {
    decision: decision.tables(theme, palette, hues),
    weights: diverging(theme, palette, 1, LIFT.weights),
    deltas: diverging(theme, palette, 1, LIFT.deltas),
  };
}

export class Stage extends Panels {
  /** @type {Setup | null} */
  setup = null;

  /**
   * @param {HTMLElement} root the player's element
   * @param {StageActions} act
   */
  constructor(root, act) {
    super(root, act);
    const common = { help: true, onTable: () => this.tabulate() };
    const repaint = () => act.repaint();
    /** @type {(cell: Cell, place: PlotPoint, view: ViewLike) => void} */
    const edit = (cell, place, view) => act.edit?.(cell, toPage(view, place));
    const editing = act.edit ? { edit } : {};
    this.views = {
      network: new NetworkView({
        ...common,
        choose: act.choose,
        change: act.change,
        more: saveButton(() => this),
      }),
      decision: new DecisionView({ ...common, choose: act.choose }),
      curves: new LinesView("curves", { ...common, choose: act.choose }),
      weights: new WeightsView({ ...common, choose: act.choose, repaint, ...editing }),
      deltas: new DeltasView({ ...common, choose: act.choose }),
      sizes: new LinesView("sizes", common),
    };
    this.element = make("div", { class: "stage" }, ...this.#columns());
    this.hints = new Hints(this.views.network);
    this.observe(Object.values(this.views));
  }

  #columns() {
    const { network, decision, curves, weights, deltas, sizes } = this.views;
    const pair = make("div", { class: "pair" }, deltas.panel, sizes.panel);
    return [network.panel, decision.panel, curves.panel, weights.panel, pair];
  }

  /**
   * Take over the figures and names of a setup.
   * @param {Setup} setup
   * @param {boolean} fresh whether it is another run
   */
  arrange(setup, fresh) {
    this.views.network.setExamples(setup.probe.labels);
    this.views.network.takePalette(setup.palette);
    this.setup = setup;
    this.show(new Map(this.all.map((view) => [view, setup.figures[view.name]])), fresh);
  }

  /**
   * @param {AnyScene} scene
   * @param {DrawOptions} options
   * @param {HistoryLike} history
   */
  draw(scene, options, history) {
    super.draw(scene, options, history);
    this.hints.update(options);
  }

  /** @param {Architecture} architecture */
  showArchitecture(architecture) {
    this.views.network.setArchitecture(architecture);
  }

  get ready() {
    return this.setup !== null;
  }

  mix() {
    if (!this.theme || !this.setup) return;
    const network = diagramTables(diverging(this.theme, this.setup.palette));
    this.tables = { network, ...runTables(this.theme, this.setup, this.views.decision) };
  }

  /** @param {ViewOptions} options */
  preset(options) {
    this.views.decision.preset(options);
  }

  /** Show or hide the test points. */
  showTest() {
    this.dress([this.views.decision]);
  }

  /** @param {Hit | null} found */
  leads(found) {
    return Boolean(this.act.edit && found?.cell) || found?.example !== undefined;
  }

  /**
   * @param {Hit} found
   * @param {PointerEvent} event
   */
  clicked(found, event) {
    if (found.example !== undefined) this.act.choose("example", found.example);
    else if (this.act.edit && found.cell && !(found.focus && event.pointerType === "touch")) {
      this.tip.hide();
      this.act.edit(found.cell, event);
    }
  }
}

/**
 * Return a point of a view's plot as a point of the page.
 * @param {ViewLike} view
 * @param {PlotPoint} point
 */
function toPage(view, { x, y }) {
  const box = view.plot.getBoundingClientRect();
  return { clientX: box.left + x * view.zoom, clientY: box.top + y * view.zoom };
}
