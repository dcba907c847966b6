// Where the ticks of an axis are, and what they are called.

import { number } from "../shared/format.js";

/** @import { Axis } from "../shared/types.js" */

/** @typedef {{ at: number, text: string }} Tick */

const USUAL = 6; // ticks of an axis that does not say how many
const STEPS = [1, 2, 5, 10];

/**
 * Return the ticks of an axis, `at` in its own numbers.
 * @param {Axis} axis
 * @returns {Tick[]}
 */
export function ticksOf(axis) {
  if (axis.tickvals) {
    const { tickvals, ticktext } = axis;
    return tickvals
      .map((at, i) => ({ at, text: ticktext?.[i] ?? number(at) }))
      .filter(inside(axis));
  }
  return (axis.type === "log" ? decades(axis) : rounds(axis)).filter(inside(axis));
}

/**
 * Return whether a tick is on its axis.
 * @param {Axis} axis
 * @returns {(tick: Tick) => boolean}
 */
function inside({ range, type }) {
  const [low, high] = [Math.min(...range), Math.max(...range)];
  return ({ at }) => {
    const value = type === "log" ? Math.log10(at) : at;
    return value >= low - 1e-9 && value <= high + 1e-9;
  };
}

/**
 * Return ticks at powers of ten.
 * @param {Axis} axis
 * @returns {Tick[]}
 */
function decades({ range, dtick = 1 }) {
  const first = Math.ceil(range[0] / dtick - 1e-9);
  const last = Math.floor(range[1] / dtick + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const power = (first + i) * dtick;
    return { at: 10 ** power, text: powerOfTen(power) };
  });
}

/** @param {number} power */
const powerOfTen = (power) =>
  power < -3 || power > 3 ? `1e${String(power).replace("-", "−")}` : number(10 ** power, 6);

/**
 * Return ticks at round numbers.
 * @param {Axis} axis
 * @returns {Tick[]}
 */
function rounds({ range, nticks = USUAL }) {
  const [low, high] = [Math.min(...range), Math.max(...range)];
  const least = (high - low) / nticks;
  if (!(least > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(least));
  const step = (STEPS.find((one) => one * power >= least * (1 - 1e-9)) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const at = Number(((first + i) * step).toPrecision(12));
    return { at, text: number(at, 6) };
  });
}
