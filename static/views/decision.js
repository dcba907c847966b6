// The decision view: what the network answers over two inputs as a map, over one as a curve.
// While a unit is pointed at, that unit's own map takes its place.

import { make, setText } from "../shared/dom.js";
import { fixed, numbers, painted, place } from "../shared/figure.js";
import { exact, number } from "../shared/format.js";
import { css, diverging, rgb, single, stepped } from "../shared/theme.js";
import { Pixels, paintClasses, paintMap, pen, stroke, traceLevel, within } from "./paint.js";
import { View } from "./view.js";

const NEAR = 7; // px, how close the pointer must be to a point
const FINER = 4; // a discretized map has so many times more pixels to a side, for a sharp edge

export class DecisionView extends View {
  constructor(options) {
    const box = (name, text) => {
      const change = (event) => options.choose(name, event.target.checked);
      const input = make("input", { type: "checkbox", on: { change } });
      return { input, label: make("label", {}, input, text) };
    };
    const discretize = box("discretize", "Discretize");
    const test = box("test", "Show test data");
    super("decision", { controls: [discretize.label, test.label], ...options });
    this.discretizeLabel = discretize.label;
    this.testLabel = test.label;
    this.test = test.input;
  }

  setFigure(figure) {
    super.setFigure(figure);
    this.points = fixed(figure).flatMap(pointsOf);
    this.testLabel.hidden = !this.points.some(({ part }) => part === "test");
    this.curve = painted(figure).find(({ uid }) => uid === "curve");
    this.discretizeLabel.hidden = !!this.curve;
    this.strength = this.layout.meta?.strength ?? 0.7;
  }

  /** Tables of pixels for the page's colours. */
  tables(theme, palette, classes) {
    const map = diverging(theme, palette, this.strength);
    const two = [palette.negative, palette.positive];
    const hue = (k) => (classes <= 2 ? two[k] : palette.classes[k % palette.classes.length]);
    const hues = Array.from({ length: classes }, (_, k) => hue(k));
    return {
      map,
      flat: stepped(map),
      classes: hues.map((colour) => single(theme, colour, this.strength)),
      hues: hues.map((colour) => css(rgb(colour))),
    };
  }

  // Test points are hidden until somebody asks for them.
  adapt(data) {
    for (const trace of data) {
      if (trace.uid?.startsWith("points-test")) trace.visible = this.test.checked;
    }
  }

  tell(scene, { focus }) {
    const title = focus?.title ?? this.layout.meta?.title ?? "Decision";
    setText(this.title, title);
  }

  draw(scene, options, tables) {
    this.scene = scene;
    this.options = options;
    const context = this.clear();
    this.place = place(this.layout, {}, this.width, this.height);
    const paint = scene.setup.view.kind === "map" ? this.#map : this.#curve;
    within(context, this.place, () => paint.call(this, context, scene, options, tables));
  }

  // Where the pixels of a grid go: its first and last points lie on the bounds of the view.
  #ground({ view }, side) {
    const [left, right] = view.x.map(this.place.x);
    const [bottom, top] = view.y.map(this.place.y);
    const cell = { x: (right - left) / (side - 1), y: (bottom - top) / (side - 1) };
    return {
      left: left - cell.x / 2,
      top: top - cell.y / 2,
      width: side * cell.x,
      height: side * cell.y,
    };
  }

  #map(context, scene, { discretize, focus }, tables) {
    const { kind, center, half } = scene.setup.map;
    const last = scene.layers.length;
    const grid = focus ? scene.map(focus.layer, focus.unit) : scene.map(last, 0);
    const ground = this.#ground(scene.setup, grid.side);
    if (!focus && kind === "classes") {
      this.#fit(grid.side);
      paintClasses(this.pixels, grid, tables.classes, discretize);
      return this.#show(context, ground);
    }
    const range = focus ? scene.range(focus.layer, focus.unit) : { centre: center, half };
    const fine = discretize ? enlarged(grid, FINER) : grid;
    this.#fit(fine.side);
    paintMap(this.pixels, [0, 0], fine, discretize ? tables.flat : tables.map, range);
    this.#show(context, ground);
    if (!focus && kind === "two") this.#boundary(context, grid, center, ground);
  }

  #fit(side) {
    if (this.pixels?.width !== side) this.pixels = new Pixels(side, side);
  }

  #show(context, ground) {
    this.pixels.commit();
    this.pixels.draw(context, ground, true);
  }

  #boundary(context, grid, level, { left, top, width, height }) {
    const cell = { x: width / grid.side, y: height / grid.side };
    pen(context, { color: css(this.theme.ink, 0.8), width: 1.5 });
    context.beginPath();
    traceLevel(context, grid, level, {
      x: (column) => left + (column + 0.5) * cell.x,
      y: (row) => top + height - (row + 0.5) * cell.y,
    });
    context.stroke();
  }

  #curve(context, scene, { focus }, tables) {
    const { setup } = scene;
    const count = setup.view.points;
    const [low, high] = setup.view.x;
    const xs = Float64Array.from(
      { length: count },
      (_, i) => low + ((high - low) * i) / (count - 1),
    );
    const outputs = focus ? [focus.unit] : Array.from({ length: scene.sizes.at(-1) }, (_, k) => k);
    for (const k of outputs) {
      const { values, from } = scene.map(focus ? focus.layer : scene.layers.length, k);
      const own = focus ? this.#fitted(scene, focus) : (value) => ownUnits(setup, value, k);
      const ys = Float64Array.from({ length: count }, (_, i) => own(values[from + i]));
      const color =
        outputs.length > 1 ? tables.hues[k % tables.hues.length] : this.curve?.meta?.color;
      pen(context, { color: color ?? css(this.theme.ink), width: 2.5 });
      stroke(context, this.place, xs, ys, 0, count);
    }
  }

  // A unit's values stretched over the height of the plot.
  #fitted(scene, { layer, unit }) {
    const { centre, half } = scene.range(layer, unit);
    const [low, high] = scene.setup.view.y;
    return (value) => (low + high) / 2 + (((value - centre) / half) * (high - low)) / 2;
  }

  hit({ x, y }) {
    if (!this.place) return null;
    const point = this.#nearest(x, y);
    const here = { x: this.place.value.x(x), y: this.place.value.y(y) };
    const { left, top, width, height } = this.place;
    if (x < left || x > left + width || y < top || y > top + height) return null;
    return { lines: [...(point ? [point] : []), ...this.#answer(here)] };
  }

  #nearest(x, y) {
    let best = null;
    let least = NEAR;
    for (const point of this.points) {
      if (point.part === "test" && !this.test.checked) continue;
      const distance = Math.hypot(this.place.x(point.x) - x, this.place.y(point.y) - y);
      if (distance < least) [best, least] = [point, distance];
    }
    return (
      best && `#${best.example} ${best.name}, ${best.part} (${number(best.x)}, ${number(best.y)})`
    );
  }

  // What the network answers at a place of the plot.
  #answer({ x, y }) {
    const { setup, layers, sizes } = this.scene;
    const share = (value, [low, high]) => (value - low) / (high - low);
    const axisNames = [this.layout.xaxis.title?.text ?? "x", this.layout.yaxis.title?.text ?? "y"];
    const { focus } = this.options;
    const outputs = focus ? [focus.unit] : Array.from({ length: sizes.at(-1) }, (_, k) => k);
    const layer = focus ? focus.layer : layers.length;
    const at = outputs.map((k) => {
      const { values, from, side } = this.scene.map(layer, k);
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

  describe(scene, _, words) {
    const what =
      scene.setup.view.kind === "map" ? "Map of the output over two inputs" : "Fitted curve";
    return `${what} at epoch ${scene.epoch}. ${words}`;
  }

  tabulate(scene) {
    const { setup } = scene;
    const values = (output) => scene.map(scene.layers.length, output);
    if (setup.view.kind !== "map") return [curveTable(scene, values)];
    const steps = [0, 1, 2, 3, 4, 5, 6];
    const along = ([low, high]) => steps.map((i) => number(low + ((high - low) * i) / 6));
    const { xaxis, yaxis } = this.layout;
    const corner = `${yaxis.title?.text ?? "y"} ↓ ${xaxis.title?.text ?? "x"} →`;
    return setup.network.outputs.slice(0, 7).map((name, k) => {
      const { values: numbersAt, from, side } = values(k);
      const at = (i) => Math.round((i * (side - 1)) / 6);
      const rows = [...steps]
        .reverse()
        .map((i) => [
          along(setup.view.y)[i],
          ...steps.map((j) => number(ownUnits(setup, numbersAt[from + at(i) * side + at(j)], k))),
        ]);
      return {
        caption: `${name} over the plane`,
        head: [corner, ...along(setup.view.x)],
        rows,
      };
    });
  }
}

function curveTable({ setup }, values) {
  const { values: ys, from, side } = values(0);
  const [low, high] = setup.view.x;
  const rows = Array.from({ length: 11 }, (_, i) => {
    const at = Math.round((i * (side - 1)) / 10);
    const x = low + ((high - low) * i) / 10;
    return [number(x), number(ownUnits(setup, ys[from + at], 0))];
  });
  return { caption: "Fitted values", head: ["x", setup.network.outputs[0] ?? "output"], rows };
}

const cell = (share, side) => Math.max(0, Math.min(side - 1, Math.round(share * (side - 1))));

/** An output of the network in the units of the target. */
export function ownUnits({ target }, value, k) {
  const of = (field, neutral) => [field].flat()[k] ?? [field].flat()[0] ?? neutral;
  return target ? value * of(target.scale, 1) + of(target.mean, 0) : value;
}

function pointsOf(trace) {
  const xs = numbers(trace.x);
  const ys = numbers(trace.y);
  const examples = trace.customdata ? numbers(trace.customdata) : [];
  const { part = trace.uid?.split(".")[1] ?? "training" } = trace.meta ?? {};
  const name = trace.name ?? "";
  return xs.map((x, i) => ({ x, y: ys[i], part, name, example: [examples[i]].flat()[0] ?? i }));
}

// The grid `factor` times finer, bilinear between the centres of its cells.
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
