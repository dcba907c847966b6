// Colours: what the page's theme says, and the tables that turn a number into a pixel.

const FALLBACK = { background: "#ffffff", ink: "#31333f" };
export const STEPS = 255; // of a diverging table to either side of its centre

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** [red, green, blue] of any CSS colour, or null if the browser cannot read it. */
export function rgb(colour) {
  if (!colour || colour === "unset") return null;
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = "rgba(0,0,0,0)";
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = probe.getImageData(0, 0, 1, 1).data;
  return alpha ? [red, green, blue] : null;
}

/** The colours and the font of the page around an element; `key` changes when one of them does. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const background = rgb(read("--st-background-color")) ?? rgb(FALLBACK.background);
  const ink = rgb(read("--st-text-color")) ?? rgb(FALLBACK.ink);
  const font = read("--st-font") || style.fontFamily;
  return { background, ink, font, key: JSON.stringify([background, ink, font]) };
}

export const css = ([red, green, blue], alpha = 1) =>
  `rgba(${Math.round(red)},${Math.round(green)},${Math.round(blue)},${alpha})`;

export const blend = (from, to, share) => from.map((value, i) => value + (to[i] - value) * share);

const pixel = ([red, green, blue]) =>
  ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;

/**
 * Pixels from fully negative (index 0) over the background (STEPS) to fully positive (2 STEPS).
 * `strength` is the share of colour at the ends; a `curve` below 1 lifts small values.
 */
export function diverging(theme, palette, strength = 1, curve = 1) {
  const ends = [rgb(palette.negative), rgb(palette.positive)];
  return Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => {
    const t = (i - STEPS) / STEPS;
    return pixel(blend(theme.background, ends[t < 0 ? 0 : 1], strength * Math.abs(t) ** curve));
  });
}

/** The same table with two colours only: below the centre, and not below it. */
export const stepped = (table) => table.map((_, i) => table[i < STEPS ? 0 : 2 * STEPS]);

/** Pixels of one class from the background (index 0) to its full strength (STEPS). */
export function single(theme, colour, strength) {
  const end = rgb(colour);
  return Uint32Array.from({ length: STEPS + 1 }, (_, i) =>
    pixel(blend(theme.background, end, (strength * i) / STEPS)),
  );
}

/** A table's pixels as CSS colours, for strokes. */
export const strokes = (table) =>
  Array.from(table, (value) => css([value & 255, (value >> 8) & 255, (value >> 16) & 255]));

/** Index into a diverging table of a value on the scale centre +- half. */
export function shade(value, centre, half) {
  const index = Math.round(STEPS + ((value - centre) / half) * STEPS);
  return index > 0 ? Math.min(index, 2 * STEPS) : 0; // NaN: the negative end
}
