// A view as a picture file: what is painted, twice as sharp, below its axes and texts.

import { makeSvg } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { inlined } from "./inline.js";

/** @import { View } from "../views/view.js" */
/** @import { Panels } from "../views/panels.js" */

const SHARP = 2; // pixels of a picture to a pixel of the page
const HEAD = 30; // px above a view, for its title
const EDGE = 10; // px around it

/**
 * What is drawn of a view: the size of the picture, its words, the painted part and the axes.
 * @typedef {{
 *   width: number, height: number, title: string, note: string, name: string,
 *   ink: string, background: string, font: string, painted: HTMLCanvasElement, axes: SVGElement[],
 * }} Parts
 */

/**
 * Return what a view paints, twice as sharp; the view stays as it is.
 * @param {View} view
 * @param {Panels} panels
 */
function paintedSharp(view, panels) {
  const { canvas, width, height } = view;
  Object.assign(view, { ratio: SHARP });
  Object.assign(canvas, { width: SHARP * width, height: SHARP * height });
  view.arrange();
  panels.drawOne(view);
  const copy = document.createElement("canvas");
  Object.assign(copy, { width: canvas.width, height: canvas.height });
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
  view.fit();
  panels.drawOne(view);
  return copy;
}

/**
 * Return what is drawn of a view once its axes are: a page that has just opened may lack them.
 * @param {View} view
 * @param {Panels} panels
 * @returns {Promise<Parts>}
 */
async function partsOf(view, panels) {
  if (view.theme) await view.dress(view.theme);
  const epoch = panels.epoch;
  return {
    width: view.width + 2 * EDGE,
    height: view.height + HEAD + EDGE,
    title: view.title.textContent ?? view.name,
    note: tr("epoch {epoch}", { epoch }),
    name: `deltascope-${view.name}-epoch-${epoch}`,
    ink: view.ink(),
    background: view.background(),
    font: view.theme?.font || "sans-serif",
    painted: paintedSharp(view, panels),
    axes: [...view.axes.querySelectorAll("svg.main-svg")].map((svg) =>
      inlined(/** @type {SVGElement} */ (svg)),
    ),
  };
}

/**
 * Return the picture as SVG, with or without what is painted.
 * @param {Parts} parts
 * @param {boolean} whole
 */
function svgOf({ width, height, ...parts }, whole) {
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  const svg = makeSvg("svg", { ...size, "font-family": parts.font });
  const inner = { width: width - 2 * EDGE, height: height - HEAD - EDGE };
  if (whole) {
    const href = parts.painted.toDataURL("image/png");
    svg.append(makeSvg("rect", { width, height, fill: parts.background }));
    svg.append(makeSvg("image", { x: EDGE, y: HEAD, ...inner, href }));
  }
  const group = makeSvg("g", { transform: `translate(${EDGE} ${HEAD})` });
  group.append(...parts.axes);
  const text = { y: 20, fill: parts.ink, "font-size": 14 };
  const bold = { x: EDGE, "font-weight": 600, ...text };
  const end = { x: width - EDGE, "text-anchor": "end", ...text };
  svg.append(group, makeSvg("text", bold, parts.title), makeSvg("text", end, parts.note));
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

/**
 * Save what a view shows as SVG: its axes as lines and text, what is painted as an image in it.
 * @param {View} view
 * @param {Panels} panels
 */
export async function saveSvg(view, panels) {
  const parts = await partsOf(view, panels);
  save(svgOf(parts, true), `${parts.name}.svg`);
}

/**
 * Save what a view shows as PNG, twice as sharp as the screen.
 * @param {View} view
 * @param {Panels} panels
 */
export async function savePng(view, panels) {
  const parts = await partsOf(view, panels);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: SHARP * parts.width, height: SHARP * parts.height });
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(SHARP, SHARP);
  context.fillStyle = parts.background;
  context.fillRect(0, 0, parts.width, parts.height);
  const inner = [parts.width - 2 * EDGE, parts.height - HEAD - EDGE];
  context.drawImage(parts.painted, EDGE, HEAD, inner[0], inner[1]);
  const axes = await imageOf(svgOf(parts, false));
  context.drawImage(axes, 0, 0, parts.width, parts.height);
  canvas.toBlob((blob) => blob && save(blob, `${parts.name}.png`), "image/png");
}

/** @param {Blob} svg */
async function imageOf(svg) {
  const address = URL.createObjectURL(svg);
  const image = new Image();
  image.src = address;
  await image.decode();
  URL.revokeObjectURL(address);
  return image;
}

/**
 * Have the browser save a file.
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
