// The outlines of the points, by the names that Plotly gives them; r is half the size.

/** @param {[number, number][]} points */
const polygon = (points) =>
  `M${points.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}Z`;

/**
 * Return the corners of a star or a regular shape.
 * @param {number} count
 * @param {number} from angle of the first corner, in turns
 * @param {(i: number) => number} radius
 */
const around = (count, from, radius) =>
  Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * (from + i / count);
    return /** @type {[number, number]} */ ([
      radius(i) * Math.cos(angle),
      radius(i) * Math.sin(angle),
    ]);
  });

/** @param {number} r */
function cross(r) {
  const [far, near] = [r * 1.2, r * 0.4];
  const quarter = [
    [far, near],
    [near, near],
    [near, far],
  ];
  return [0, 1, 2, 3].flatMap((turn) =>
    quarter.map(([x, y]) => {
      let corner = /** @type {[number, number]} */ ([x, y]);
      for (let k = 0; k < turn; k++) corner = [-corner[1], corner[0]];
      return corner;
    }),
  );
}

/**
 * @param {[number, number][]} points
 * @returns {[number, number][]}
 */
const turned = (points) => {
  const half = Math.SQRT1_2;
  return points.map(([x, y]) => [half * (x - y), half * (x + y)]);
};

/** @type {Record<string, (r: number) => [number, number][]>} */
const CORNERS = {
  square: (r) => [
    [r, r],
    [-r, r],
    [-r, -r],
    [r, -r],
  ],
  diamond: (r) => around(4, 0, () => 1.3 * r),
  "triangle-up": (r) => around(3, -0.25, () => 1.15 * r),
  "triangle-down": (r) => around(3, 0.25, () => 1.15 * r),
  "triangle-left": (r) => around(3, 0.5, () => 1.15 * r),
  "triangle-right": (r) => around(3, 0, () => 1.15 * r),
  cross,
  x: (r) => turned(cross(r)),
  star: (r) => around(10, -0.25, (i) => (i % 2 ? 0.55 * r : 1.4 * r)),
};

/**
 * Return the path of a marker around the origin; a circle for a name that is not known.
 * @param {string} symbol
 * @param {number} r
 */
export function markerPath(symbol, r) {
  const corners = CORNERS[symbol];
  if (corners) return polygon(corners(r));
  return `M${r},0A${r},${r} 0 1,1 ${-r},0A${r},${r} 0 1,1 ${r},0Z`;
}
