// Painters for canvas: maps and matrices as pixels, boundaries and curves as strokes.

import { STEPS } from "../shared/theme.js";

/** @import { Box, ColourScale, ColourTable, Context, GridValues, Place } from "../shared/types.js" */

/** A small picture, one pixel per number, that is drawn enlarged. */
export class Pixels {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.canvas = Object.assign(document.createElement("canvas"), { width, height });
    this.context = contextOf(this.canvas);
    this.image = this.context.createImageData(width, height);
    this.data = new Uint32Array(this.image.data.buffer);
    this.width = width;
    this.height = height;
  }

  /** Put the pixels into the picture, once all are set. */
  commit() {
    this.context.putImageData(this.image, 0, 0);
  }

  /**
   * Draw the picture, or a part of it, into a box.
   * @param {Context} context
   * @param {Box} box
   * @param {boolean} smooth
   * @param {[number, number, number, number] | null} part
   */
  draw(context, { left, top, width, height }, smooth, part = null) {
    const [x, y, w, h] = part ?? [0, 0, this.width, this.height];
    context.imageSmoothingEnabled = smooth;
    context.drawImage(this.canvas, x, y, w, h, left, top, width, height);
  }
}

/**
 * Colour values[from ...], a grid of side x side with the lowest row first, in the square of `pixels`
 * whose corner is (x, y). Index into the table: centre +- half.
 * @param {Pixels} pixels
 * @param {number[]} corner
 * @param {GridValues} grid
 * @param {ColourTable} table
 * @param {ColourScale} scale
 */
export function paintMap(pixels, [x, y], { values, from, side }, table, { centre, half }) {
  const factor = STEPS / half;
  const shift = STEPS + 0.5 - centre * factor;
  const top = 2 * STEPS;
  for (let row = 0; row < side; row++) {
    let source = from + row * side;
    let target = (y + side - 1 - row) * pixels.width + x;
    for (let column = 0; column < side; column++) {
      const index = shift + values[source++] * factor;
      pixels.data[target++] = table[index < 0 ? 0 : index > top ? top : index | 0];
    }
  }
}

/**
 * Colour one row of values as paintMap does: a band of one pixel height.
 * @param {Pixels} pixels
 * @param {number[]} corner
 * @param {GridValues} grid
 * @param {ColourTable} table
 * @param {ColourScale} scale
 */
export function paintBand(pixels, [x, y], { values, from, side }, table, { centre, half }) {
  const factor = STEPS / half;
  for (let column = 0; column < side; column++) {
    const index = STEPS + (values[from + column] - centre) * factor;
    pixels.data[y * pixels.width + x + column] = table[clip(index)];
  }
}

/**
 * Colour the largest value's class, as strongly as it leads the next one.
 * @param {Pixels} pixels
 * @param {GridValues} grid
 * @param {ColourTable[]} tables one per class
 * @param {boolean} flat whether every lead is full
 */
export function paintClasses(pixels, { values, side }, tables, flat) {
  const columns = side * side;
  for (let i = 0; i < columns; i++) {
    let best = 0;
    let first = -Infinity;
    let second = -Infinity;
    for (let k = 0; k < tables.length; k++) {
      const value = values[k * columns + i];
      if (value > first) {
        second = first;
        first = value;
        best = k;
      } else if (value > second) second = value;
    }
    const lead = flat ? 1 : Math.min(1, first - second);
    const row = side - 1 - Math.floor(i / side);
    pixels.data[row * side + (i % side)] = tables[best][Math.round((0.25 + 0.75 * lead) * STEPS)];
  }
}

/**
 * Colour a matrix values[from ...] (rows x columns, row after row, top first) as it is written.
 * @param {Pixels} pixels
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {ColourTable} table
 * @param {number} half
 */
export function paintMatrix(pixels, values, from, table, half) {
  const factor = STEPS / half;
  for (let i = 0; i < pixels.data.length; i++) {
    pixels.data[i] = table[clip(STEPS + values[from + i] * factor)];
  }
}

/** @param {number} index */
const clip = (index) => Math.round(Math.max(0, Math.min(2 * STEPS, index)));

/**
 * Add to the path where a grid's values cross `level` (marching squares).
 * @param {Context} context
 * @param {GridValues} grid
 * @param {number} level
 * @param {{ x(column: number): number, y(row: number): number }} place the centres of cells in pixels
 */
export function traceLevel(context, { values, from, side }, level, place) {
  const between = (/** @type {number} */ a, /** @type {number} */ b) => (level - a) / (b - a);
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const i = from + row * side + column;
      const corners = [values[i], values[i + 1], values[i + side + 1], values[i + side]];
      const above = corners.map((value) => value >= level);
      if (above[0] === above[1] && above[1] === above[2] && above[2] === above[3]) continue;
      /** @type {[number, number][]} */
      const cuts = [];
      if (above[0] !== above[1]) cuts.push([column + between(corners[0], corners[1]), row]);
      if (above[1] !== above[2]) cuts.push([column + 1, row + between(corners[1], corners[2])]);
      if (above[2] !== above[3]) cuts.push([column + between(corners[3], corners[2]), row + 1]);
      if (above[3] !== above[0]) cuts.push([column, row + between(corners[0], corners[3])]);
      for (let k = 0; k + 1 < cuts.length; k += 2) {
        context.moveTo(place.x(cuts[k][0]), place.y(cuts[k][1]));
        context.lineTo(place.x(cuts[k + 1][0]), place.y(cuts[k + 1][1]));
      }
    }
  }
}

/** @type {Record<string, number[]>} */
const DASHES = { solid: [], dash: [6, 4], dot: [1.5, 3], dashdot: [6, 3, 1.5, 3] };

/**
 * Set the stroke: its colour, width and dash.
 * @param {Context} context
 * @param {{ color?: string, width?: number, dash?: string }} style
 */
export function pen(context, { color = "currentcolor", width = 1.5, dash = "solid" }) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(DASHES[dash] ?? []);
}

/**
 * Stroke the points `from` ... `to` of the arrays xs and ys.
 * @param {Context} context
 * @param {Pick<Place, "x" | "y">} place
 * @param {ArrayLike<number>} xs
 * @param {ArrayLike<number>} ys
 * @param {number} from
 * @param {number} to
 */
export function stroke(context, place, xs, ys, from, to) {
  context.beginPath();
  for (let i = from; i < to; i++) {
    const x = place.x(xs[i]);
    const y = clamp(place.y(ys[i]));
    if (i === from) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}

// Far outside the picture one pixel is like another, and a canvas cannot draw huge numbers.
/** @param {number} pixel */
const clamp = (pixel) => Math.max(-1e4, Math.min(1e4, pixel));

/**
 * Draw with `body` inside a rectangle only.
 * @param {Context} context
 * @param {Box} box
 * @param {() => void} body
 */
export function within(context, { left, top, width, height }, body) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  body();
  context.restore();
}

/**
 * Return the context of a canvas in two dimensions.
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser cannot draw on a canvas");
  return context;
}
