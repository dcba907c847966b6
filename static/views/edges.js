// The lines of the diagram: one for each weight between two units that are shown.

import { css, STEPS } from "../shared/theme.js";
import { pen } from "./paint.js";

const LEVELS = 16; // strengths of a line to either side of zero

/**
 * Draws the lines between neighbouring columns of nodes. `strength(to, from)` in [-1, 1] gives colour
 * and width; a `wedge` is wide where it starts, at the right: what flows flows backwards.
 */
export function drawWires(context, { columns, half, theme }, strength, colours, wedge) {
  const bins = new Map();
  for (const [from, to] of pairs(columns)) {
    const share = Math.max(-1, Math.min(1, strength(to, from) || 0));
    const bin = Math.sign(share) * Math.ceil(Math.sqrt(Math.abs(share)) * LEVELS);
    if (!bins.has(bin)) bins.set(bin, []);
    bins.get(bin).push([from, to]);
  }
  const order = [...bins.keys()].sort((a, b) => Math.abs(a) - Math.abs(b)); // strong ones on top
  for (const bin of order) {
    const share = Math.abs(bin) / LEVELS;
    const width = 0.6 + 4.4 * share * share;
    const index = STEPS + Math.sign(bin) * Math.round((0.15 + 0.85 * share) * STEPS);
    const color = bin ? colours[index] : css(theme.ink, 0.12);
    if (wedge) wedges(context, bins.get(bin), half, color, width);
    else lines(context, bins.get(bin), half, color, width);
  }
}

function* pairs(columns) {
  for (let l = 1; l < columns.length; l++) {
    for (const to of columns[l]) for (const from of columns[l - 1]) yield [from, to];
  }
}

// Lines of one strength share a path: far fewer strokes than lines.
function lines(context, ends, half, color, width) {
  pen(context, { color, width });
  context.beginPath();
  for (const [from, to] of ends) {
    context.moveTo(from.x + half, from.y);
    context.lineTo(to.x - half, to.y);
  }
  context.stroke();
}

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

/** The line {from, to} nearest to a point and less than `reach` pixels away, or null. */
export function nearestWire({ columns, half }, { x, y }, reach) {
  let best = null;
  let least = reach;
  for (const [from, to] of pairs(columns)) {
    const distance = toSegment(x, y, from.x + half, from.y, to.x - half, to.y);
    if (distance < least) [best, least] = [{ from, to }, distance];
  }
  return best;
}

function toSegment(x, y, x0, y0, x1, y1) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
