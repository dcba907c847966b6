// The controls on the diagram: the number of hidden layers, and the units and the activation of each.

import { InputsControl } from "../player/inputs.js";
import {
  layerActivations,
  whyLocked,
  withActivation,
  withLayers,
  withUnits,
} from "../shared/architecture.js";
import { button, make, nameControl, setText } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { SeedButtons } from "./seeds.js";

/** @import { Architecture, Change, DiagramNode } from "../shared/types.js" */

/**
 * A pair of buttons with the number between them.
 * @typedef {{ element: HTMLElement, less: HTMLElement, more: HTMLElement, count: HTMLElement }} Stepper
 */

/**
 * What stands above and below a hidden layer.
 * @typedef {{ head: Stepper, foot: HTMLElement, select: HTMLSelectElement }} Column
 */

const WIDEST = 112; // px of a list of activations
const GAP = 6; // px between two lists
const TIGHT = 48; // px of a list without a sign that it opens

export class ArchitectureControls {
  /** @type {Architecture | null} */
  now = null;
  /** @type {Column[]} */
  columns = [];

  /** @param {(change: Change) => void} change */
  constructor(change) {
    this.change = change;
    const by = (/** @type {number} */ step) => () => this.#layers(step);
    this.layers = stepper(tr("Hidden layers"), by(-1), by(1));
    this.seeds = new SeedButtons(change); // where there is little room, instead of those above
    this.number = make("div", { class: "layers" }, tr("Hidden layers"), this.layers.element);
    this.lead = make("div", { class: "choices" }, this.number, this.seeds.element);
    this.heads = make("div", { class: "heads" });
    this.output = make("span", { class: "foot" });
    this.inputs = new InputsControl(change);
    this.feet = make("div", { class: "feet" }, this.inputs.element, this.output);
  }

  /**
   * Show the layers, units and activations.
   * @param {Architecture} now
   */
  show(now) {
    this.now = now;
    const { hidden, limits } = now;
    const locked = whyLocked(now, "hidden");
    const least = !hidden.length && tr("There is none.");
    const full = hidden.length === limits.layers;
    const most = full && tr("The maximum is {number}.", { number: limits.layers });
    this.number.hidden = now.hide.includes("hidden");
    setText(this.layers.count, String(hidden.length));
    limited(this.layers.less, tr("Remove the last hidden layer"), locked || least);
    limited(this.layers.more, tr("Add a hidden layer"), locked || most);
    while (this.columns.length > hidden.length) {
      const column = this.columns.pop();
      column?.head.element.remove();
      column?.foot.remove();
    }
    while (this.columns.length < hidden.length) this.#add(this.columns.length);
    this.columns.forEach((column, l) => {
      this.#showColumn(column, l, now);
    });
    setText(this.output, now.output);
    this.seeds.show(now);
    this.inputs.show(now);
  }

  /**
   * Put each control at its column.
   * @param {DiagramNode[][]} nodes by layer
   */
  place(nodes) {
    const xs = nodes.map((layer) => layer[0]?.x ?? 0);
    const step = xs.length > 1 ? xs[1] - xs[0] : WIDEST;
    const room = Math.floor(Math.min(WIDEST, step - GAP));
    this.columns.forEach(({ head, foot, select }, l) => {
      for (const one of [head.element, foot]) one.style.left = `${xs[l + 1] ?? 0}px`;
      select.style.maxWidth = `${room}px`;
    });
    this.inputs.element.style.left = `${xs[0] ?? 0}px`;
    this.output.style.left = `${xs[xs.length - 1]}px`;
    this.heads.style.setProperty("--column", `${step}px`);
    this.feet.classList.toggle("tight", room < TIGHT);
  }

  /** @param {number} layer the first hidden one is 0 */
  #add(layer) {
    const by = (/** @type {number} */ more) => () => this.#units(layer, more);
    const head = stepper(tr("Units of layer {layer}", { layer: layer + 1 }), by(-1), by(1));
    /** @type {HTMLSelectElement} */
    const select = make("select", { on: { change: () => this.#activation(layer, select.value) } });
    const foot = make("span", { class: "foot" }, select);
    this.columns.push({ head, foot, select });
    this.heads.append(head.element);
    this.output.before(foot);
  }

  /**
   * @param {Column} column
   * @param {number} l
   * @param {Architecture} now
   */
  #showColumn({ head, foot, select }, l, now) {
    const { hidden, separate, options, limits, hide } = now;
    const setting = separate ? "activations" : "activation";
    const locked = whyLocked(now, "hidden");
    const why = whyLocked(now, setting);
    head.element.hidden = hide.includes("hidden");
    foot.hidden = hide.includes(setting);
    select.disabled = Boolean(why);
    const layer = tr("layer {layer}", { layer: l + 1 });
    setText(head.count, String(hidden[l]));
    const least = hidden[l] === 1 && tr("A layer has 1 unit or more.");
    const most =
      hidden[l] >= limits.units && tr("The maximum is {number}.", { number: limits.units });
    limited(head.less, tr("Remove a unit from {layer}", { layer }), locked || least);
    limited(head.more, tr("Add a unit to {layer}", { layer }), locked || most);
    if (select.options.length !== options.length) {
      const option = (/** @type {[string, string]} */ [value, text]) =>
        make("option", { value }, text);
      select.replaceChildren(...options.map(option));
    }
    select.value = layerActivations(now)[l];
    const all = hidden.length > 1 && !separate;
    const about = all
      ? tr("Activation of all hidden layers")
      : tr("Activation of {layer}", { layer });
    nameControl(select, all ? tr("{about}, here {layer}", { about, layer }) : about, about, why);
  }

  /** @param {number} step */
  #layers(step) {
    const { now } = this;
    if (!now) return;
    const count = now.hidden.length + step;
    if (count >= 0 && count <= now.limits.layers) this.change(withLayers(now, count));
  }

  /**
   * @param {number} layer
   * @param {number} more
   */
  #units(layer, more) {
    const { now } = this;
    if (!now) return;
    const units = now.hidden[layer] + more;
    if (units >= 1 && units <= now.limits.units) this.change(withUnits(now, layer, units));
  }

  /**
   * @param {number} layer
   * @param {string} name
   */
  #activation(layer, name) {
    if (this.now) this.change(withActivation(this.now, layer, name));
  }
}

/**
 * @param {string} label
 * @param {() => void} down
 * @param {() => void} up
 * @returns {Stepper}
 */
function stepper(label, down, up) {
  const less = button("−", down);
  const more = button("+", up);
  const count = make("span", { class: "count" });
  const element = make(
    "div",
    { class: "stepper", role: "group", "aria-label": label },
    less,
    count,
    more,
  );
  return { element, less, more, count };
}

/**
 * @param {HTMLElement} one
 * @param {string} name
 * @param {string | false} limit
 */
const limited = (one, name, limit) => nameControl(one, name, name, limit);
