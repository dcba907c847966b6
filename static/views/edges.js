// The lines of the diagram: one for each weight between two units that are shown.

import { STEPS } from "../shared/theme.js";
import { pen } from "./paint.js";

/** @import { Context, Diagram, DiagramNode, PlotPoint, StrokeTable, Wire } from "../shared/types.js" */

const LEVELS = 16; // strengths of a line to either side of zero

/**
 * Draw the lines between neighbouring columns of nodes.
 * @param {Context} context
 * @param {Diagram & { ink: string }} diagram
 * @param {(to: DiagramNode, from: DiagramNode) => number} strength in [-1, 1]: colour and width
 * @param {StrokeTable} colours
 * @param {boolean} wedge whether a line is wide at its right end, where a delta starts
 */
export function drawWires(context, { columns, half, ink }, strength, colours, wedge) {
  /** @type {Map<number, [DiagramNode, DiagramNode][]>} */
  const bins = new Map();
  for (const [from, to] of pairs(columns)) {
    const share = Math.max(-1, Math.min(1, strength(to, from) || 0));
    const bin = Math.sign(share) * Math.ceil(Math.sqrt(Math.abs(share)) * LEVELS);
    const wires = bins.get(bin) ?? [];
    bins.set(bin, wires);
    wires.push([from, to]);
  }
  const order = [...bins].sort(([a], [b]) => Math.abs(a) - Math.abs(b)); // strong ones on top
  for (const [bin, wires] of order) {
    const share = Math.abs(bin) / LEVELS;
    const width = 0.6 + 4.4 * share * share;
    const index = STEPS + Math.sign(bin) * Math.round((0.15 + 0.85 * share) * STEPS);
    const color = bin ? colours[index] : ink;
    if (wedge) wedges(context, wires, half, color, width);
    else lines(context, wires, half, color, width);
  }
}

/**
 * @param {DiagramNode[][]} columns
 * @returns {Generator<[from: DiagramNode, to: DiagramNode]>}
 */
function* pairs(columns) {
  for (let l = 1; l < columns.length; l++) {
    for (const to of columns[l]) for (const from of columns[l - 1]) yield [from, to];
  }
}

/**
 * Draw lines of one strength as one path: far fewer strokes than lines.
 * @param {Context} context
 * @param {[DiagramNode, DiagramNode][]} ends
 * @param {number} half
 * @param {string} color
 * @param {number} width
 */
function lines(context, ends, half, color, width) {
  pen(context, { color, width });
  context.beginPath();
  for (const [from, to] of ends) {
    context.moveTo(from.x + half, from.y);
    context.lineTo(to.x - half, to.y);
  }
  context.stroke();
}

/**
 * @param {Context} context
 * @param {[DiagramNode, DiagramNode][]} ends
 * @param {number} half
 * @param {string} color
 * @param {number} width
 */
function wedges(context, ends, half, color, width) {
  context.fillStyle = color;
  context.beginPath();
  for (const [from, to] of ends) {
    context.moveTo(from.x + half, from.y);
    context.lineTo(to.x - half, to.y - width);
    context.lineTo(to.x - half, to.y + width);
    context.closePath();
  }
  context.fill();
}

/**
 * Return the line that is nearest to a point and less than `reach` pixels away, or null.
 * @param {Diagram} diagram
 * @param {PlotPoint} point
 * @param {number} reach
 * @returns {Wire | null}
 */
export function nearestWire({ columns, half }, { x, y }, reach) {
  /** @type {Wire | null} */
  let best = null;
  let least = reach;
  for (const [from, to] of pairs(columns)) {
    const distance = toSegment(x, y, from.x + half, from.y, to.x - half, to.y);
    if (distance < least) [best, least] = [{ from, to }, distance];
  }
  return best;
}

/**
 * Return the distance of a point from a line between two points.
 * @param {number} x
 * @param {number} y
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function toSegment(x, y, x0, y0, x1, y1) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
