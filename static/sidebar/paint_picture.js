// Small pictures of data: examples in the colours of their classes, a curve of examples, or a map.

import { blend, css, diverging } from "../shared/theme.js";
import { contextOf, Pixels, paintMap } from "../views/paint.js";

/** @import { Colour, Context, Palette, Theme } from "../shared/types.js" */

/**
 * "classes" and "values" have rows (x, y, class) of bytes, "map" has side x side bytes; "none" is
 * data of which there is no picture.
 * @typedef {{ kind: "classes" | "values" | "map" | "none", numbers: Uint8Array, classes: number }} Picture
 */

const TOP = 255;

/**
 * Paint a picture in the colours of the page, as sharp as the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Theme} theme
 * @param {Palette} palette
 */
export function paintPicture(canvas, picture, theme, palette) {
  const ratio = globalThis.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = css(theme.background);
  context.fillRect(0, 0, width, height);
  if (picture.kind === "map") map(context, picture, width, theme, palette);
  else if (picture.kind === "none") table(context, width, theme);
  else points(context, picture, width, theme, palette);
}

/**
 * @param {Context} context
 * @param {Picture} picture
 * @param {number} size
 * @param {Theme} theme
 * @param {Palette} palette
 */
function map(context, { numbers }, size, theme, palette) {
  const side = Math.round(Math.sqrt(numbers.length));
  const values = Float32Array.from(numbers);
  const pixels = new Pixels(side, side);
  const scale = { centre: TOP / 2, half: TOP / 2 };
  paintMap(pixels, [0, 0], { values, from: 0, side }, diverging(theme, palette), scale);
  pixels.commit();
  pixels.draw(context, { left: 0, top: 0, width: size, height: size }, true);
}

/**
 * Return the colour of a class, as in the decision view.
 * @param {number} k
 * @param {number} classes
 * @param {Palette} palette
 */
export function classColour(k, classes, { negative, positive, classes: hues }) {
  return classes <= 2 ? [negative, positive][k] : hues[k % hues.length];
}

/**
 * @param {Context} context
 * @param {Picture} picture
 * @param {number} size
 * @param {Theme} theme
 * @param {Palette} palette
 */
function points(context, { kind, numbers, classes }, size, theme, palette) {
  const count = numbers.length / 3;
  const few = count < 12;
  const radius = size * (few ? 0.1 : 0.042);
  for (let i = 0; i < count; i++) {
    const [x, y, k] = numbers.subarray(3 * i, 3 * i + 3);
    context.fillStyle = kind === "classes" ? classColour(k, classes, palette) : palette.positive;
    mark(context, classes > 2 ? k : 0, (x / TOP) * size, (1 - y / TOP) * size, radius);
    if (!few) continue;
    context.strokeStyle = css(theme.ink);
    context.stroke();
  }
}

/**
 * Fill the marker of a class: a circle, a square, a diamond or a triangle.
 * @param {Context} context
 * @param {number} k
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function mark(context, k, x, y, radius) {
  const r = radius * 1.15;
  context.beginPath();
  if (k % 4 === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (k % 4 === 1) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  else {
    const corners = [
      [x, y - r],
      [x + r, k % 4 === 2 ? y : y + r],
      k % 4 === 2 ? [x, y + r] : [x - r, y + r],
      [x - r, k % 4 === 2 ? y : y + r],
    ];
    for (const [left, top] of corners) context.lineTo(left, top);
    context.closePath();
  }
  context.fill();
}

/**
 * Draw the sign of a table.
 * @param {Context} context
 * @param {number} size
 * @param {Theme} theme
 */
function table(context, size, theme) {
  context.fillStyle = css(/** @type {Colour} */ (blend(theme.background, theme.ink, 0.45)));
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 3; column++) {
      const [w, h] = [size * 0.2, size * 0.12];
      context.fillRect(size * (0.14 + column * 0.26), size * (0.16 + row * 0.18), w, h);
    }
  }
}
