// The loss of one example, spelled out as one term for each output.
//
// The engine's own loss of the example is on the tape; what is spelled here adds up to it.

const squared = (form, scale) => ({
  form: () => form,
  value: (a, y, K) => scale(K) * (a - y) ** 2,
});

/** name of the loss -> {form(y, K) with {a} and {y}, value(a, y, K)}; a term that is 0 has no form. */
export const LOSSES = {
  mse: {
    form: (_, K) => (K === 1 ? "({a} − {y})²" : `({a} − {y})² / ${K}`),
    value: (a, y, K) => (a - y) ** 2 / K,
  },
  half_mse: squared("½ ({a} − {y})²", () => 0.5),
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
