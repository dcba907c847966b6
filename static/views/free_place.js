// Where a text on the diagram covers neither a unit nor a line nor a control.

/** @import { Box, DiagramNode, PlotPoint } from "../shared/types.js" */

const MARGIN = 5; // px that stay free around a text
const PIECES = 60; // of a line, each looked at as a point

/**
 * Return whether a box lies over a unit, a line between two layers, or another box.
 * @param {Box} box
 * @param {DiagramNode[][]} columns the units by layer
 * @param {number} half the half side of a unit
 * @param {Box[]} obstacles
 */
export function crosses(box, columns, half, obstacles) {
  const around = grown(box, MARGIN);
  const overUnit = columns.flat().some(({ x, y }) => contains(grown(around, half), { x, y }));
  return overUnit || obstacles.some((other) => overlap(around, other)) || overLine(around, columns);
}

/**
 * @param {Box} box
 * @param {DiagramNode[][]} columns
 */
function overLine(box, columns) {
  return columns.some((layer, l) =>
    layer.some((from) =>
      (columns[l + 1] ?? []).some((to) =>
        Array.from({ length: PIECES + 1 }, (_, i) => i / PIECES).some((share) =>
          contains(box, {
            x: from.x + share * (to.x - from.x),
            y: from.y + share * (to.y - from.y),
          }),
        ),
      ),
    ),
  );
}

/**
 * @param {Box} box
 * @param {number} more pixels on each side
 * @returns {Box}
 */
const grown = ({ left, top, width, height }, more) => ({
  left: left - more,
  top: top - more,
  width: width + 2 * more,
  height: height + 2 * more,
});

/**
 * @param {Box} box
 * @param {PlotPoint} point
 */
const contains = ({ left, top, width, height }, { x, y }) =>
  x > left && x < left + width && y > top && y < top + height;

/**
 * @param {Box} one
 * @param {Box} other
 */
const overlap = (one, other) =>
  one.left < other.left + other.width &&
  other.left < one.left + one.width &&
  one.top < other.top + other.height &&
  other.top < one.top + one.height;
