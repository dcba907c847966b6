// The loss of one example as one term for each output.
//
// The trace holds the loss that the engine computed; the terms here add up to it.

/**
 * The form of an output's term with {a} and {y}, null for a term that is 0; and the term's value.
 * @typedef {{
 *   form: (y: number, K: number) => string | null,
 *   value: (a: number, y: number, K: number) => number,
 * }} LossTerm
 */

/**
 * A loss's name -> its term for an output a with target y of K outputs.
 * @type {Record<string, LossTerm>}
 */
export const LOSSES = {
  mse: {
    form: (_, K) => (K === 1 ? "({a} − {y})²" : `({a} − {y})² / ${K}`),
    value: (a, y, K) => (a - y) ** 2 / K,
  },
  half_mse: {
    form: () => "½ ({a} − {y})²",
    value: (a, y) => 0.5 * (a - y) ** 2,
  },
  mae: {
    form: (_, K) => (K === 1 ? "|{a} − {y}|" : `|{a} − {y}| / ${K}`),
    value: (a, y, K) => Math.abs(a - y) / K,
  },
  huber: {
    form: (_, K) => (K === 1 ? "h({a} − {y})" : `h({a} − {y}) / ${K}`),
    value: (a, y, K) => {
      const size = Math.abs(a - y);
      return (size <= 1 ? size ** 2 / 2 : size - 0.5) / K;
    },
  },
  poisson: {
    form: (y) => (y === 0 ? "{a}" : "{a} − {y} ln {a} + {y} ln {y} − {y}"),
    value: (a, y) => (y === 0 ? a : a - y * Math.log(a) + y * Math.log(y) - y),
  },
  bce: {
    form: (y, K) => {
      const over = K === 1 ? "" : ` / ${K}`;
      if (y === 1) return `−ln {a}${over}`;
      if (y === 0) return `−ln(1 − {a})${over}`;
      return `−[{y} ln {a} + (1 − {y}) ln(1 − {a})]${over}`;
    },
    value: (a, y, K) => {
      const yes = y === 0 ? 0 : y * Math.log(a);
      const no = y === 1 ? 0 : (1 - y) * Math.log1p(-a);
      return -(yes + no) / K;
    },
  },
  ce: {
    form: (y) => (y === 0 ? null : y === 1 ? "−ln {a}" : "−{y} ln {a}"),
    value: (a, y) => (y === 0 ? 0 : -y * Math.log(a)),
  },
};
