// Colours: those of the page's theme, and the tables that turn a number into a pixel.

/** @import { Colour, Palette, Theme } from "./types.js" */

/** @type {{ background: Colour, ink: Colour }} */
const FALLBACK = { background: [255, 255, 255], ink: [49, 51, 63] };
/** Steps of a diverging table to either side of its centre. */
export const STEPS = 255;

/** @type {CanvasRenderingContext2D | null} */
let probe = null;

/** Return a canvas of one pixel, in which a colour can be read back. */
function probeContext() {
  probe ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!probe) throw new Error("this browser has no canvas");
  return probe;
}

/**
 * Return [red, green, blue] of any CSS colour, or null if the browser cannot read it.
 * @param {string} colour
 * @returns {Colour | null}
 */
export function rgb(colour) {
  if (!colour || colour === "unset") return null;
  const context = probeContext();
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = "rgba(0,0,0,0)";
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
  return alpha ? [red, green, blue] : null;
}

/**
 * Return the colours and the font of the page around an element; `key` changes when one of them
 * does.
 * @param {Element} element
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const background = rgb(read("--st-background-color")) ?? FALLBACK.background;
  const ink = rgb(read("--st-text-color")) ?? FALLBACK.ink;
  const font = read("--st-font") || style.fontFamily;
  return { background, ink, font, key: JSON.stringify([background, ink, font]) };
}

/**
 * Return a colour as CSS.
 * @param {Colour} colour
 * @param {number} alpha
 */
export const css = ([red, green, blue], alpha = 1) =>
  `rgba(${Math.round(red)},${Math.round(green)},${Math.round(blue)},${alpha})`;

/**
 * Return the mixture of two colours, with `share` of the second.
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} share
 */
export const blend = (from, to, share) =>
  /** @type {Colour} */ (from.map((value, i) => value + (to[i] - value) * share));

/** @param {Colour} colour */
const pixel = ([red, green, blue]) =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

/** @param {string} colour of the palette, which every browser can read */
const paletteColour = (colour) => rgb(colour) ?? FALLBACK.ink;

/**
 * Return a table of pixels from fully negative (index 0) over the background (STEPS) to fully
 * positive (2 STEPS).
 * @param {Theme} theme
 * @param {Palette} palette
 * @param {number} strength share of colour at the ends
 * @param {number} exponent below 1 makes small values easier to see
 */
export function diverging(theme, palette, strength = 1, exponent = 1) {
  const ends = [paletteColour(palette.negative), paletteColour(palette.positive)];
  return Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
    const t = (i - STEPS) / STEPS;
    return pixel(blend(theme.background, ends[t < 0 ? 0 : 1], strength * Math.abs(t) ** exponent));
  });
}

/**
 * Return the same table with two colours only: below the centre, and not below it.
 * @param {Uint32Array} table
 */
export const stepped = (table) => table.map((_, i) => table[i < STEPS ? 0 : 2 * STEPS]);

/**
 * Return a table of pixels of one class from the background (index 0) to its full strength (STEPS).
 * @param {Theme} theme
 * @param {string} colour
 * @param {number} strength
 */
export function single(theme, colour, strength) {
  const end = paletteColour(colour);
  return Uint32Array.from({ length: STEPS + 1 }, (_, i) =>
    pixel(blend(theme.background, end, (strength * i) / STEPS)),
  );
}

/**
 * Return a table's pixels as CSS colours, for strokes.
 * @param {Uint32Array} table
 */
export const strokes = (table) =>
  Array.from(table, (value) => css([value & 255, (value >> 8) & 255, (value >> 16) & 255]));

/**
 * Return the index into a diverging table of a value on the scale centre +- half.
 * @param {number} value
 * @param {number} centre
 * @param {number} half
 */
export function shade(value, centre, half) {
  const index = Math.round(STEPS + ((value - centre) / half) * STEPS);
  return index > 0 ? Math.min(index, 2 * STEPS) : 0; // NaN: the negative end
}
