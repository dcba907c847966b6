"""Every line of Step through and Theory, worked out from the numbers that the browser is sent.

The formula is the printed one, the same on both pages; each symbol has the number that the page
shows for it; and what comes out is compared with what the page shows as the result.
"""

import re

import numpy as np
import pytest

from engine.explain.derivation import derive
from engine.explain.step_trace import trace_batch, trace_example
from engine.nn.optimizers import CONVENTIONS, OPTIMIZERS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.widgets.step.step_trace import trace_message
from tests.pages.formulas import worked_out
from tests.pages.walks import Reader

IRIS = {"dataset": "iris", "batch_size": 12, "hidden": (5,)}
PLANE = {"dataset": "plane", "batch_size": 10, "hidden": (4, 3)}
CIRCLE = {"batch_size": 10, "hidden": (4,)}
STEPPED = {"schedule": "step", "schedule_length": 2, "schedule_factor": 0.1}
CASES = [
    {**CIRCLE, "optimizer": "sgd", "l2": 0.01, "l1": 0.002, **STEPPED},
    {**PLANE, "optimizer": "momentum", "activation": "relu", "clip": 0.05, "biases": "frozen"},
    {**CIRCLE, "optimizer": "momentum", "convention": "pytorch", "activation": "sigmoid"},
    {**IRIS, "optimizer": "nesterov", "class_weights": "balanced", "dropout": 0.3},
    {**PLANE, "optimizer": "nesterov", "convention": "pytorch", "loss": "mae", "max_norm": 0.6},
    {**PLANE, "optimizer": "adagrad", "activation": "elu", "loss": "half_mse"},
    {**CIRCLE, "optimizer": "adagrad", "convention": "keras", "schedule": "warmup"},
    {**IRIS, "optimizer": "rmsprop", "activation": "silu", "output": "sigmoid", "loss": "mse"},
    {**PLANE, "optimizer": "rmsprop", "convention": "keras", "activation": "gelu"},
    {**IRIS, "optimizer": "adam", "dropout": 0.2, "l2": 0.01, "schedule": "cosine"},
    {**IRIS, "optimizer": "adam", "convention": "keras", "clip": 0.1, "class_weights": "balanced"},
    {**PLANE, "optimizer": "adamw", "weight_decay": 0.1, "activation": "softplus"},
    {**CIRCLE, "optimizer": "adamw", "convention": "keras", "weight_decay": 0.1, "max_norm": 1.0},
    {**CIRCLE, "optimizer": "adam", "convention": "pytorch", "activation": "leaky_relu"},
]
NAMES = [f"{c['optimizer']}-{c.get('convention', 'textbook')}-{i}" for i, c in enumerate(CASES)]
ONES = re.compile(r"\\left\[\\begin\{smallmatrix\} (.*?) \\\\ 1 \\end\{smallmatrix\}\\right\]")
PAIR = re.compile(r"\[W(\^\{\(\d+\)\})\\; b\1\]")


def test_the_cases_have_every_optimizer_and_every_convention():
    assert {case["optimizer"] for case in CASES} == set(OPTIMIZERS)
    assert {case.get("convention", "textbook") for case in CASES} == set(CONVENTIONS)


def learn(known, symbol, cells):
    """Take up the symbols that a table shows, each with its numbers."""
    if pair := PAIR.fullmatch(symbol):
        known["W" + pair[1]], known["b" + pair[1]] = cells[:, :-1], cells[:, -1:]
    elif ones := ONES.fullmatch(symbol):
        known[ones[1]] = cells[:-1]
    elif symbol.startswith("M^"):
        known["p"] = 1 - 1 / cells.max() if cells.any() else 0.0
        known[symbol.split(" ")[0]] = (cells != 0) * 1.0
    elif symbol:
        known[symbol] = cells


def turned(known):
    """The same with the transpose of every matrix."""
    matrices = {s: x for s, x in known.items() if s.endswith(")}") and np.ndim(x) == 2}
    return known | {f"{s[:-1]}\\top}}": x.T for s, x in matrices.items()}


def told(reader):
    """(line, known, result) of each line: what the page shows before it, and after it."""
    known, groups = {}, []
    for line, _, reads, left in reader.calls():
        if not groups or groups[-1][0] is not line:
            groups.append((line, dict(known), [], []))
        _, own, constants, calls = groups[-1]
        entries = line["calls"][len(calls)]
        made = {leaf[0] for call in line["calls"][: len(calls)] for leaf in call[2]}
        for entry, cells in zip(entries[1], reads, strict=True):
            if entry[0] >= 0 and entry[0] not in made:
                learn(own, entry[1], cells)
                constants += [] if entry[1] else [cells]
        calls.append(left[0])
        for leaf, cells in zip(entries[2], left, strict=True):
            if leaf[1] == "t":
                own["t"] = cells
            learn(known, leaf[1], cells)
        known |= {name: cells for name, cells in own.items() if name not in known}
    for line, own, constants, calls in groups:
        yield line, own, constants, calls[-1]


def expected(line, known, constants, flags):
    """What the printed formula gives."""
    rule, l = line["rule"], line["layer"]
    first, *definitions = line["formula"]["tex"].split(r", \quad ")
    known = turned(known)
    y = known.get("y")
    if y is not None:
        known |= {"n": y.shape[1], "K": y.shape[0], r"\mathbf{1}": np.ones((y.shape[1], 1))}
    flat = known.get("g")
    if rule in ("l1", "l2", "decay"):
        most = max(np.abs(one).max() for one in constants)
        known |= {r"\lambda_2": most / 2, r"\lambda_1": most, r"\lambda_w": most}
        known |= {"W": known.get(r"\theta") * flags, r"\frac{\partial L}{\partial W}": flat}
        value = worked_out(first, known)
        return value if rule != "decay" else np.where(flags == 1, value, known[r"\theta"])
    if rule == "frozen":
        return flat * flags
    if rule == "max_norm":
        W, unit = known[f"W^{{({l})}}"], f"W^{{({l})}}_j"
        rows = []
        for row in W:
            length = {rf"\lVert {unit} \rVert": np.sqrt(np.sum(row**2))}
            rows.append(worked_out(first, known | length | {unit: row}))
        return np.array(rows)
    if rule == "clip":
        return worked_out(first, known | {r"\lVert g \rVert": np.sqrt(np.sum(flat**2))})
    if rule == "gradient":
        return np.hstack([worked_out(one, known) for one in (first, *definitions)])
    if rule == "penalty":
        parts = [x for s, x in known.items() if re.fullmatch(r"W\^\{\(\d+\)\}", s)]
        known["W"] = np.concatenate([part.ravel() for part in parts])
    for letter in "za":
        for index in ("", "_j", "_r"):
            known[letter + index] = known.get(f"{letter}^{{({l})}}")
    if rule == "activation":
        return worked_out(definitions[0], known)
    for one in definitions:
        name = one.split(" = ")[0]
        known["f'" if name.startswith("f'") else name] = worked_out(one, known)
    return worked_out(first, known)


@pytest.mark.parametrize("alone", [False, True], ids=["batch", "alone"])
@pytest.mark.parametrize("choices", CASES, ids=NAMES)
def test_every_printed_line_gives_the_printed_result(choices, alone):  # kinds 54 to 57, 60 to 62
    config = Config(learning_rate=0.05, seed=4, **choices)
    run = Run(config, load(config))
    run.advance(5)
    own = trace_example(run, 5, 7) if alone else trace_batch(run, 5, 2)
    flags = own.training.network.is_weight
    seen = set()
    for line, known, constants, result in told(Reader(trace_message(run, own))):
        found = np.reshape(expected(line, known, constants, flags), result.shape)
        np.testing.assert_allclose(
            found, result, rtol=1e-10, atol=1e-13, err_msg=line["formula"]["tex"]
        )
        seen.add(line["rule"])
    assert {"affine", "activation", "loss", "error", "gradient", "back", "step"} <= seen
    theory = [line.equation.tex for line in derive(own.training)]
    assert theory == [line.line.equation.tex for line in own.lines]  # Theory prints the same


def test_a_number_that_is_off_is_found():
    config = Config(learning_rate=0.05, **CASES[9])
    run = Run(config, load(config))
    own = trace_batch(run, 0, 0)
    told_lines = list(told(Reader(trace_message(run, own))))
    line, known, constants, result = next(one for one in told_lines if one[0]["rule"] == "spread")
    wrong = known | {r"\beta_2": np.array(0.99)}
    found = expected(line, wrong, constants, own.training.network.is_weight)
    assert not np.allclose(found, result, rtol=1e-6, atol=0)
