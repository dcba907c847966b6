// The decision view: what the network answers over two inputs as a map, over one as a curve.
// While the pointer is on a unit, the map of that unit takes its place.

import { make, setText } from "../shared/dom.js";
import { fixed, numbers, painted } from "../shared/figure.js";
import { exact, number } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { css, diverging, rgb, single, stepped } from "../shared/theme.js";
import { Pixels, paintClasses, paintMap, pen, stroke, traceLevel, within } from "./paint.js";
import { View } from "./view.js";

/**
 * @import {
 *   Box, Choose, Context, DataPoint, DecisionTables, DrawOptions, Figure, Focus,
 *   FigureTrace, GridValues, Hit, Interval, LiveTrace, Palette, Place, PlotPoint, Point, RunSetup,
 *   TextTable, Theme, ViewOptions, ViewSettings
 * } from "../shared/types.js"
 */
/** @import { Scene } from "../run/scene.js" */

/** The parts of the data, as they are printed. @type {Record<string, string>} */
const PARTS = { train: tr("train"), validation: tr("validation"), test: tr("test") };
const NEAR = 7; // px, how close the pointer must be to a point
const FINER = 4; // how many times more pixels per side a discretized map has, for a sharp edge

export class DecisionView extends View {
  /** What was drawn last. @type {{ scene: Scene, options: DrawOptions, place: Place } | null} */
  last = null;
  /** The points of the data. @type {DataPoint[]} */
  points = [];
  /** The trace of a fitted curve. @type {LiveTrace | undefined} */
  curve = undefined;
  /** Share of colour at the ends of the scale. */
  strength = 0.7;
  /** The picture of the map. @type {Pixels | null} */
  pixels = null;

  /** @param {ViewSettings & { choose: Choose }} settings */
  constructor(settings) {
    const box = (/** @type {"discretize" | "test"} */ name, /** @type {string} */ text) => {
      const change = () => settings.choose(name, input.checked);
      /** @type {HTMLInputElement} */
      const input = make("input", { type: "checkbox", on: { change } });
      return { input, label: make("label", {}, input, text) };
    };
    const discretize = box("discretize", tr("Discretize"));
    const test = box("test", tr("Test data"));
    super("decision", { controls: [discretize.label, test.label], ...settings });
    this.discretizeLabel = discretize.label;
    this.testLabel = test.label;
    this.test = test.input;
    this.discretize = discretize.input;
  }

  /** @param {ViewOptions} options */
  preset({ discretize, test }) {
    this.discretize.checked = discretize;
    this.test.checked = test;
  }

  /** @param {Figure} figure */
  setFigure(figure) {
    super.setFigure(figure);
    this.points = fixed(figure).flatMap(pointsOf);
    this.testLabel.hidden = !this.points.some(({ part }) => part === "test");
    this.curve = painted(figure).find(({ uid }) => uid === "curve");
    this.discretizeLabel.hidden = !!this.curve;
    this.strength = figure.layout.meta?.strength ?? 0.7;
  }

  /**
   * Return the tables of pixels for the page's colours.
   * @param {Theme} theme
   * @param {Palette} palette
   * @param {number} classes
   * @returns {DecisionTables}
   */
  tables(theme, palette, classes) {
    const map = diverging(theme, palette, this.strength);
    const two = [palette.negative, palette.positive];
    const hue = (/** @type {number} */ k) =>
      classes <= 2 ? two[k] : palette.classes[k % palette.classes.length];
    const hues = Array.from({ length: classes }, (_, k) => hue(k));
    return {
      map,
      flat: stepped(map),
      classes: hues.map((colour) => single(theme, colour, this.strength)),
      hues: hues.map((colour) => css(rgb(colour) ?? theme.ink)),
    };
  }

  /**
   * Hide the test points at first.
   * @param {FigureTrace[]} data
   */
  adapt(data) {
    for (const trace of data) {
      if (trace.uid?.startsWith("points-test")) trace.visible = this.test.checked;
    }
  }

  /**
   * @param {Scene} _
   * @param {DrawOptions} options
   */
  showState(_, { focus }) {
    const title = focus?.title ?? this.layout?.meta?.title ?? tr("Decision");
    setText(this.title, title);
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {DecisionTables} tables
   */
  draw(scene, options, tables) {
    const context = this.clear();
    const place = this.placeOf();
    this.last = { scene, options, place };
    within(context, place, () => {
      if (scene.setup.view.kind === "map") this.#map(context, scene, options, tables);
      else this.#curve(context, scene, options, tables);
    });
  }

  /**
   * Return the box of a grid's pixels: its first and last points lie on the bounds of the view.
   * @param {RunSetup} setup
   * @param {number} side
   * @returns {Box}
   */
  #ground({ view }, side) {
    const place = this.placeOf();
    const [left, right] = view.x.map(place.x);
    const [bottom, top] = view.y.map(place.y);
    const cell = { x: (right - left) / (side - 1), y: (bottom - top) / (side - 1) };
    return {
      left: left - cell.x / 2,
      top: top - cell.y / 2,
      width: side * cell.x,
      height: side * cell.y,
    };
  }

  /**
   * @param {Context} context
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {DecisionTables} tables
   */
  #map(context, scene, { discretize, focus }, tables) {
    const { kind, center, half } = scene.setup.map;
    const last = scene.layers.length;
    const grid = focus ? scene.map(focus.layer, focus.unit) : scene.map(last, 0);
    const ground = this.#ground(scene.setup, grid.side);
    if (!focus && kind === "classes") {
      const pixels = this.#pixels(grid.side);
      paintClasses(pixels, grid, tables.classes, discretize);
      return show(pixels, context, ground);
    }
    const range = focus ? scene.range(focus.layer, focus.unit) : { centre: center, half };
    const fine = discretize ? enlarged(grid, FINER) : grid;
    const pixels = this.#pixels(fine.side);
    paintMap(pixels, [0, 0], fine, discretize ? tables.flat : tables.map, range);
    show(pixels, context, ground);
    if (!focus && kind === "two") this.#boundary(context, grid, center, ground);
  }

  /**
   * Return a picture of side x side pixels.
   * @param {number} side
   */
  #pixels(side) {
    if (this.pixels?.width !== side) this.pixels = new Pixels(side, side);
    return this.pixels;
  }

  /**
   * Draw the line where the output crosses a level.
   * @param {Context} context
   * @param {GridValues} grid
   * @param {number} level
   * @param {Box} ground
   */
  #boundary(context, grid, level, { left, top, width, height }) {
    const cell = { x: width / grid.side, y: height / grid.side };
    pen(context, { color: this.ink(0.8), width: 1.5 });
    context.beginPath();
    traceLevel(context, grid, level, {
      x: (column) => left + (column + 0.5) * cell.x,
      y: (row) => top + height - (row + 0.5) * cell.y,
    });
    context.stroke();
  }

  /**
   * @param {Context} context
   * @param {Scene} scene
   * @param {DrawOptions} options
   * @param {DecisionTables} tables
   */
  #curve(context, scene, { focus }, tables) {
    const { setup } = scene;
    const { view } = setup;
    if (view.kind !== "curve") return;
    const count = view.points;
    const [low, high] = view.x;
    const xs = Float64Array.from(
      { length: count },
      (_, i) => low + ((high - low) * i) / (count - 1),
    );
    const outputs = focus ? [focus.unit] : scene.outputs;
    for (const k of outputs) {
      const { values, from } = scene.map(focus ? focus.layer : scene.layers.length, k);
      /** @type {(value: number) => number} */
      const own = focus ? stretched(scene, focus) : (value) => ownUnits(setup, value, k);
      const ys = Float64Array.from({ length: count }, (_, i) => own(values[from + i]));
      const color =
        outputs.length > 1 ? tables.hues[k % tables.hues.length] : this.curve?.meta?.color;
      pen(context, { color: color ?? this.ink(), width: 2.5 });
      stroke(context, this.placeOf(), xs, ys, 0, count);
    }
  }

  /**
   * @param {PlotPoint} point
   * @returns {Hit | null}
   */
  hit({ x, y }) {
    if (!this.last) return null;
    const { place, scene, options } = this.last;
    const point = this.#nearest(place, x, y);
    const here = { x: place.value.x(x), y: place.value.y(y) };
    const { left, top, width, height } = place;
    if (x < left || x > left + width || y < top || y > top + height) return null;
    return { lines: [...(point ? [point] : []), ...this.#outputsAt(here, scene, options)] };
  }

  /**
   * Return what a point of the data near a place is called, or null.
   * @param {Place} place
   * @param {number} x
   * @param {number} y
   */
  #nearest(place, x, y) {
    /** @type {DataPoint | null} */
    let best = null;
    let least = NEAR;
    for (const point of this.points) {
      if (point.part === "test" && !this.test.checked) continue;
      const distance = Math.hypot(place.x(point.x) - x, place.y(point.y) - y);
      if (distance < least) [best, least] = [point, distance];
    }
    if (!best) return null;
    const part = PARTS[best.part] ?? best.part;
    return `#${best.example} ${best.name}${tr(", ")}${part} (${number(best.x)}, ${number(best.y)})`;
  }

  /** The titles of the axes. */
  get axisNames() {
    const { xaxis, yaxis } = this.layout ?? {};
    return [xaxis?.title?.text ?? "x", yaxis?.title?.text ?? "y"];
  }

  /**
   * Return the outputs of the network at a place of the plot.
   * @param {Point} place
   * @param {Scene} scene
   * @param {DrawOptions} options
   */
  #outputsAt({ x, y }, scene, { focus }) {
    const { setup, layers } = scene;
    /** @type {(value: number, interval: Interval) => number} */
    const share = (value, [low, high]) => (value - low) / (high - low);
    const { axisNames } = this;
    const outputs = focus ? [focus.unit] : scene.outputs;
    const layer = focus ? focus.layer : layers.length;
    const at = outputs.map((k) => {
      const { values, from, side } = scene.map(layer, k);
      const column = cell(share(x, setup.view.x), side);
      const row = setup.view.kind === "map" ? cell(share(y, setup.view.y), side) : 0;
      const value = values[from + row * side + column];
      const name = focus ? focus.title : (setup.network.outputs[k] ?? "output");
      return `${name}: ${exact(focus ? value : ownUnits(setup, value, k))}`;
    });
    const where =
      setup.view.kind === "map"
        ? `${axisNames[0]} ${number(x)}, ${axisNames[1]} ${number(y)}`
        : `${axisNames[0]} ${number(x)}`;
    return [where, ...at.slice(0, 8)];
  }

  /**
   * @param {Scene} scene
   * @param {DrawOptions} _
   * @param {string} words
   */
  describe(scene, _, words) {
    const what =
      scene.setup.view.kind === "map"
        ? tr("Map of the output over two inputs")
        : tr("Fitted curve");
    return tr("{view} at epoch {epoch}. {summary}", {
      view: what,
      epoch: scene.epoch,
      summary: words,
    });
  }

  /**
   * @param {Scene} scene
   * @returns {TextTable[]}
   */
  tabulate(scene) {
    const { setup } = scene;
    const { view } = setup;
    if (view.kind !== "map") return [curveTable(scene)];
    const steps = [0, 1, 2, 3, 4, 5, 6];
    const along = (/** @type {Interval} */ [low, high]) =>
      steps.map((i) => number(low + ((high - low) * i) / 6));
    const [across, down] = this.axisNames;
    const corner = `${down} ↓ ${across} →`;
    return setup.network.outputs.slice(0, 7).map((name, k) => {
      const { values, from, side } = scene.map(scene.layers.length, k);
      const at = (/** @type {number} */ i) => Math.round((i * (side - 1)) / 6);
      const rows = [...steps]
        .reverse()
        .map((i) => [
          along(view.y)[i],
          ...steps.map((j) => number(ownUnits(setup, values[from + at(i) * side + at(j)], k))),
        ]);
      return {
        caption: tr("{name} over the plane", { name }),
        head: [corner, ...along(view.x)],
        rows,
      };
    });
  }
}

/**
 * Return a map from a unit's values to the height of the plot.
 * @param {Scene} scene
 * @param {Focus} focus
 * @returns {(value: number) => number}
 */
function stretched(scene, { layer, unit }) {
  const { centre, half } = scene.range(layer, unit);
  const [low, high] = scene.setup.view.y;
  return (value) => (low + high) / 2 + (((value - centre) / half) * (high - low)) / 2;
}

/**
 * @param {Pixels} pixels
 * @param {Context} context
 * @param {Box} ground
 */
function show(pixels, context, ground) {
  pixels.commit();
  pixels.draw(context, ground, true);
}

/** @param {Scene} scene */
function curveTable(scene) {
  const { setup } = scene;
  const { values: ys, from, side } = scene.map(scene.layers.length, 0);
  const [low, high] = setup.view.x;
  const rows = Array.from({ length: 11 }, (_, i) => {
    const at = Math.round((i * (side - 1)) / 10);
    const x = low + ((high - low) * i) / 10;
    return [number(x), number(ownUnits(setup, ys[from + at], 0))];
  });
  return {
    caption: tr("Fitted values"),
    head: ["x", setup.network.outputs[0] ?? tr("output")],
    rows,
  };
}

/**
 * Return the index of the cell at a share of a side.
 * @param {number} share
 * @param {number} side
 */
const cell = (share, side) => Math.max(0, Math.min(side - 1, Math.round(share * (side - 1))));

/**
 * Return an output of the network in the units of the target.
 * @param {RunSetup} setup
 * @param {number} value
 * @param {number} k
 */
export function ownUnits({ target }, value, k) {
  /** @type {(field: number | number[], neutral: number) => number} */
  const of = (field, neutral) => [field].flat()[k] ?? [field].flat()[0] ?? neutral;
  return target ? value * of(target.scale, 1) + of(target.mean, 0) : value;
}

/**
 * @param {FigureTrace} trace
 * @returns {DataPoint[]}
 */
function pointsOf(trace) {
  const xs = numbers(trace.x);
  const ys = numbers(trace.y);
  const examples = trace.customdata ? numbers(trace.customdata) : [];
  const { part = trace.uid?.split(".")[1] ?? "training" } = trace.meta ?? {};
  const name = trace.name ?? "";
  return xs.map((x, i) => ({ x, y: ys[i], part, name, example: [examples[i]].flat()[0] ?? i }));
}

/**
 * Return the grid `factor` times finer, bilinear between the centres of its cells.
 * @param {GridValues} grid
 * @param {number} factor
 * @returns {GridValues}
 */
function enlarged({ values, from, side }, factor) {
  const fine = side * factor;
  const result = new Float32Array(fine * fine);
  const stops = Float64Array.from({ length: fine }, (_, i) =>
    Math.max(0, Math.min(side - 1.000001, (i + 0.5) / factor - 0.5)),
  );
  for (let i = 0; i < fine; i++) {
    const row = Math.floor(stops[i]);
    const v = stops[i] - row;
    for (let j = 0; j < fine; j++) {
      const column = Math.floor(stops[j]);
      const u = stops[j] - column;
      const at = from + row * side + column;
      const low = values[at] + u * (values[at + 1] - values[at]);
      const high = values[at + side] + u * (values[at + side + 1] - values[at + side]);
      result[i * fine + j] = low + v * (high - low);
    }
  }
  return { values: result, from: 0, side: fine };
}
