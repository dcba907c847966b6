"""What the browser gets to walk through: every number against an independent recomputation."""

import re
from functools import cache
from itertools import cycle, islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.explain.step_trace import trace_batch, trace_example
from engine.explain.trace import DEPENDENCY_RULES, function_name
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.optimizers import CONVENTIONS, OPTIMIZERS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.run import Run
from engine.training.training import Training
from pages.figures.theory.rule_text import RULE_NAMES, rule_sentence
from pages.widgets.step.step_trace import MOST_NUMBERS, refuse_large_batch, trace_message
from pages.widgets.step.stepping import current_trace
from pages.widgets.step.stepping_state import Stepping
from tests.engine import plain
from tests.pages.walks import LEAVES, Reader, unpacked

ROOT = Path(__file__).parents[4]
HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
HEADS = [  # problem, output, loss
    ("iris", "softmax", "ce"),
    ("circle", "sigmoid", "bce"),
    ("line", "linear", "mse"),
    ("counts", "exp", "poisson"),
    ("line", "linear", "huber"),
    ("xor", "tanh", "half_mse"),
    ("line", "linear", "mae"),
    ("iris", "sigmoid", "bce"),
    ("iris", "softmax", "mse"),
]


def configs(count=20):
    """Configurations that between them have every activation, loss, optimizer and option."""
    random = np.random.default_rng(7)
    turns = zip(cycle(HIDDEN), cycle(HEADS), cycle(OPTIMIZERS), cycle(CONVENTIONS), strict=False)
    for i, (hidden, (problem, output, loss), optimizer, convention) in enumerate(
        islice(turns, count)
    ):
        yield (
            problem,
            Config(
                dataset="line" if problem == "counts" else problem,
                hidden=tuple(random.integers(2, 7, i % 4 + 1).tolist()),
                activation=hidden,
                output=output,
                loss=loss,
                optimizer=optimizer,
                convention=convention,
                learning_rate=0.01,
                batch_size=int(random.integers(1, 30)),
                dropout=0.3 if i % 2 else 0.0,
                input_dropout=0.2 if i % 5 == 4 else 0.0,
                l1=0.002 if i % 3 == 1 else 0.0,
                l2=0.003 if i % 3 else 0.0,
                weight_decay=0.01 if optimizer == "adamw" else 0.0,
                clip=0.5 if i % 4 == 3 else 0.0,
                max_norm=1.5 if i % 6 == 5 else 0.0,
                biases="frozen" if i % 7 == 6 else "learn",
                class_weights="balanced" if output in ("softmax", "sigmoid") and i % 2 else "none",
                seed=i,
            ),
        )


def data_of(problem, config):
    if problem != "counts":
        return load_shared(config)
    random = np.random.default_rng(3)
    targets = random.poisson(3.0, (1, 40)) * 1.0
    inputs = random.normal(size=(2, 40))
    return Dataset("counts", "regression", inputs, ("p", "q"), targets, target_names=("count",))


CASES = [
    pytest.param(*case, id=f"{i}-{case[1].activation}-{case[1].loss}-{case[1].optimizer}")
    for i, case in enumerate(configs())
]


def test_the_cases_cover_the_registries():
    chosen = [config for _, config in configs()]
    assert {config.activation for config in chosen} == set(HIDDEN)
    assert {config.loss for config in chosen} == set(LOSSES)
    assert {config.optimizer for config in chosen} == set(OPTIMIZERS)
    assert {len(config.hidden) for config in chosen} == {1, 2, 3, 4}


@cache
def both_walks(problem, config):
    """A batch in the middle of an epoch, and one example alone, each with its message."""
    run = Run(config, data_of(problem, config))
    run.advance(3)
    batches = -(-len(run.dataset.train) // config.batch_size)
    walks = trace_batch(run, 2, batches // 2), trace_example(run, 1, 5)
    return run, [(own, trace_message(run, own)) for own in walks]


@pytest.mark.parametrize(("problem", "config"), CASES)
def test_every_call_leaves_what_an_independent_one_leaves(problem, config):
    _, walks = both_walks(problem, config)
    for _, message in walks:
        for _, function, read, left in Reader(message).calls():
            if function == "loss_of_each":
                continue  # against the plain network below
            (found,) = left
            np.testing.assert_allclose(found, LEAVES[function](*read), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("problem", "config"), CASES)
def test_every_named_number_is_the_plain_networks(problem, config):
    run, walks = both_walks(problem, config)
    for own, message in walks:
        reader = Reader(message)
        start = run.at(own.epoch).theta if own.number <= 0 else theta_before(message)
        found, expected = reader.named(), expected_names(run, own, config, start)
        assert set(expected) <= {symbol for symbol, *_ in found}
        for (symbol, _, _), cells in found.items():
            if symbol in expected:
                np.testing.assert_allclose(cells, expected[symbol], rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(("problem", "config"), CASES)
def test_every_line_comes_with_its_name_and_its_sentence(problem, config):
    _, ((own, message), _) = both_walks(problem, config)
    for line, traced in zip(Reader(message).meta["lines"], own.lines, strict=True):
        equation = traced.line.equation
        assert line["name"] == RULE_NAMES[equation.phase, equation.rule]
        assert line["sentence"] == rule_sentence(equation, config.optimizer, len(config.hidden) + 1)
        assert line["sentence"].endswith(".")


@pytest.mark.parametrize(("problem", "config"), CASES)
def test_every_formula_and_name_comes_as_plain_text_too(problem, config):
    _, walks = both_walks(problem, config)
    for _, message in walks:
        meta = unpacked(message)[0]
        kinds = ("formula", "left", "shaped", "unit", "chain")
        found = [line[kind] for line in meta["lines"] for kind in kinds if line[kind]]
        found += [one for name in meta["names"] for one in (name, *name["layers"])]
        for one in found:
            assert one["text"]
            assert not re.search(r"[\\{}]|  |left|right|frac|^ | $", one["text"]), one
        assert all(line["formula"] and line["left"] for line in meta["lines"])
        assert len({(name["tex"], not name["layers"]) for name in meta["names"]}) == len(
            meta["names"]
        )


def test_a_name_says_what_is_transposed_and_what_belongs_to_a_layer():
    config = Config(dataset="xor", hidden=(3,), optimizer="momentum", batch_size=8)
    run = Run(config, load_shared(config))
    meta = unpacked(trace_message(run, trace_batch(run, 0)))[0]
    names = {name["tex"]: name for name in meta["names"]}
    assert names[r"W^{(2)\top}"]["transposed"]
    assert not names[r"\delta^{(2)}"]["transposed"]
    with_ones = [name for name in meta["names"] if name["text"].startswith("[a⁽¹⁾; 1]")]
    assert {(name["letter"], name["transposed"]) for name in with_ones} >= {("a⁽¹⁾ᵀ", True)}
    layers = {tex: [one["text"] for one in name["layers"]] for tex, name in names.items()}
    assert layers[r"\theta"] == ["[W⁽¹⁾ b⁽¹⁾]", "[W⁽²⁾ b⁽²⁾]"]
    assert layers["g"] == ["∂L/∂[W⁽¹⁾ b⁽¹⁾]", "∂L/∂[W⁽²⁾ b⁽²⁾]"]
    assert layers["v"] == ["v of [W⁽¹⁾ b⁽¹⁾]", "v of [W⁽²⁾ b⁽²⁾]"]
    assert layers[r"\eta"] == []


def theta_before(data):
    """The weights before the update."""
    reader = Reader(data)
    for line in reader.meta["lines"]:
        for _, reads, _ in line["calls"]:
            for one in reads:
                if one[0] >= 0 and one[2] == "theta":
                    return reader.read(one)
    raise AssertionError("no line reads theta")


def expected_names(run, own, config, theta):
    """By symbol, what the plain network says of a walk's examples."""
    data, sizes = run.dataset, run.network.sizes
    weights = plain.split(theta, sizes)
    x = data.network_inputs(data.inputs[:, own.examples])
    if config.input_dropout:  # which inputs are muted is drawn; what is left is scaled up
        kept = own.batch.x[:-1] != 0
        x = np.where(kept, x / (1 - config.input_dropout), 0)
    y = run.output_head.encode(data.network_targets(data.targets[..., own.examples]))
    masks = [layer.mask for layer in own.batch.layers[:-1]]
    for mask in masks if config.dropout else ():
        assert set(np.unique(mask)) <= {0, 1 / (1 - config.dropout)}
    masks = masks if config.dropout else None
    layers = plain.forward(weights, run.network.activations, x, masks)
    share = np.ones(y.shape[1]) if not run.output_head.weights else shares(run, y)
    _, deltas = plain.backpropagate(
        run.output_head.loss_name, weights, run.network.activations, x, y, masks
    )
    names, below = {}, x
    for l, ((z, a, out), delta) in enumerate(zip(layers, deltas, strict=True), 1):
        names |= {rf"z^{{({l})}}": z, rf"a^{{({l})}}": a, rf"\delta^{{({l})}}": delta * share}
        if masks and l < len(layers):
            names[rf"\tilde a^{{({l})}}"] = out
        dWb = np.column_stack([delta * share @ below.T, (delta * share).sum(axis=1)])
        names[rf"\frac{{\partial L}}{{\partial [W^{{({l})}}\; b^{{({l})}}]}}"] = dWb
        below = out
    each = [
        w * plain.LOSS[run.output_head.loss_name](z[:, [i]], a[:, [i]], y[:, [i]])
        for i, w in enumerate(share)
        for z, a, _ in [layers[-1]]
    ]
    names["L"] = np.mean(each)
    if config.l1 or config.l2:
        names["L"] += plain.penalty(weights, config.l1, config.l2)
    return names


def shares(run, y):
    """How much each example counts, from the classes' sizes: n / (K n_k)."""
    data = run.dataset
    counts = np.bincount(data.targets[data.train], minlength=len(data.classes))
    label = y.argmax(axis=0) if len(y) > 1 else (y[0] > 0.5).astype(int)
    return len(data.train) / (np.count_nonzero(counts) * counts[label])


@pytest.mark.parametrize(("problem", "config"), CASES)
def test_the_last_batch_of_an_epoch_ends_at_the_trained_weights_bit_for_bit(problem, config):
    run = Run(config, data_of(problem, config))
    run.advance(4)
    batches = -(-len(run.dataset.train) // config.batch_size)
    own = trace_batch(run, 2, batches - 1)
    assert own.batches == batches
    reader = Reader(trace_message(run, own))
    *_, last = reader.calls()
    trained = run.at(3).theta
    np.testing.assert_array_equal(own.training.network.theta, trained)
    theta = next(
        i
        for i, view in enumerate(own.tape.views)
        if view.shape == trained.shape and np.array_equal(reader.cells(i), trained)
    )
    assert reader.meta["views"][theta][2] == [len(trained)]
    assert last[0]["phase"] == "update"


def test_the_batches_of_an_epoch_are_those_of_training():
    config = Config(batch_size=16, seed=3)
    run = Run(config, load_shared(config))
    run.advance(2)
    walks = [trace_batch(run, 1, k) for k in range(trace_batch(run, 1).batches)]
    rows = np.concatenate([own.examples for own in walks])
    assert sorted(rows) == sorted(run.dataset.train)
    for before, after in pairwise(walks):
        start = theta_before(trace_message(run, after))
        np.testing.assert_array_equal(start, before.training.network.theta)


def test_every_function_of_every_program_says_how_far_it_reaches():
    functions = set()
    for problem, config in configs(60):
        data = data_of(problem, config)
        training = Training(config, data)
        for equations in (
            training.gradient(training.chunks[0][1].groups[0].batches[0]),
            training.after_gradient(),
        ):
            functions |= {
                function_name(step)
                for e in equations
                for step in (e.shown().steps if e.shown else e.steps)
            }
    assert functions <= set(DEPENDENCY_RULES)


def test_a_batch_that_is_too_large_is_refused_in_a_sentence():
    config = Config(dataset="digits", hidden=(64,) * 6, activation="gelu", batch_size=0)
    run = Run(config, load_shared(config))
    with pytest.raises(ValueError, match=f"at most {MOST_NUMBERS:,} can be shown"):
        trace_message(run, trace_batch(run, 0))


def test_an_epoch_a_batch_or_an_example_that_is_not_there_is_refused():
    config = Config()
    run = Run(config, load_shared(config))
    for asked, name in (
        (lambda: trace_batch(run, 1), "epoch"),
        (lambda: trace_batch(run, 0, 99), "batch"),
        (lambda: trace_example(run, 0, -1), "example"),
    ):
        with pytest.raises(ValueError, match=name):
            asked()


def test_walking_leaves_the_run_as_it_was():
    config = Config(dropout=0.2, optimizer="adam")
    run, other = Run(config, load_shared(config)), Run(config, load_shared(config))
    run.advance(5)
    other.advance(5)
    trace_batch(run, 3, 1)
    trace_example(run, 5, 0)
    run.advance(5)
    other.advance(5)
    np.testing.assert_array_equal(run.network.theta, other.network.theta)


def test_every_line_shows_where_it_is_written_down():
    for problem, config in configs(7):
        run = Run(config, data_of(problem, config))
        for line in trace_batch(run, 0).lines:
            assert all(
                source.text and source.file.startswith("engine/") for source in line.line.sources
            )
            assert not re.search(r"\^L\b", line.line.equation.tex)


STEPPED = {"schedule": "step", "schedule_length": 4, "schedule_factor": 0.1}
RATES_SHOWN = [
    pytest.param(STEPPED, 9, 0.001, id="kind_54-step"),
    pytest.param(STEPPED, 3, 0.1, id="kind_54-step-before-the-first-drop"),
    pytest.param(STEPPED | {"clip": 0.01}, 4, 0.01, id="kind_54-step-clipped"),
    pytest.param(STEPPED | {"schedule": "warmup"}, 1, 0.0325, id="kind_54-warm-up"),
    pytest.param(STEPPED | {"schedule": "cosine"}, 2, 0.055, id="kind_54-cosine"),
    pytest.param(STEPPED | {"schedule": "exponential"}, 6, 0.1**2.5, id="kind_54-exponential"),
    pytest.param(
        {"schedule": "plateau", "schedule_length": 1, "schedule_factor": 0.9, "batch_size": 3},
        None,
        None,
        id="kind_54-plateau",
    ),
]


@pytest.mark.parametrize(("choices", "epoch", "rate"), RATES_SHOWN)
def test_a_batch_and_one_example_show_the_rate_of_their_very_step(choices, epoch, rate):
    fixed = {"dataset": "iris", "hidden": (4,), "learning_rate": 0.1, "batch_size": 10}
    config = Config(**fixed | choices)
    run = Run(config, load_shared(config))
    run.advance(30 if epoch is None else epoch)
    if epoch is None:  # where the plateau lies is the run's own affair: what counts is its drops
        epoch, rate = 30, 0.1 * 0.9**run.live.progress.drops
        assert run.live.progress.drops
    for own in (trace_batch(run, epoch, 0), trace_example(run, epoch, 7)):
        calls = Reader(trace_message(run, own)).calls()
        shown = {r for line, _, read, _ in calls if (r := rate_shown(line, read)) is not None}
        assert list(shown) == pytest.approx([rate], rel=1e-12)


def rate_shown(line, read):
    """The learning rate that a call of the step reads: the only single number it has."""
    numbers = [float(one) for one in read if np.ndim(one) == 0]
    return numbers[0] if line["rule"] == "step" and numbers else None


def test_a_rate_that_was_changed_on_the_way_is_shown_for_one_example_too():  # kind 54
    config = Config(dataset="iris", hidden=(4,), learning_rate=0.1, batch_size=10, **STEPPED)
    run = Run(config, load_shared(config))
    run.advance(6)
    run.change(5, learning_rate=0.4)
    run.advance(3)
    for own in (trace_batch(run, 6, 0), trace_example(run, 6, 7)):
        assert float(own.training.rate) == pytest.approx(0.04)


def test_every_rule_of_the_engine_has_a_name_and_no_name_is_left_over():
    names = ("nn/program", "nn/regularizers", "nn/optimizers", "explain/derivation")
    texts = [(ROOT / "engine" / f"{name}.py").read_text() for name in names]
    rules = {
        tuple(found)
        for text in texts
        for found in re.findall(r'Equation\(\s*"(\w+)",\s*"(\w+)"', text)
    }
    optimizers = (ROOT / "engine/nn/optimizers.py").read_text()
    rules |= {("update", rule) for rule in re.findall(r'rule(?:: str)? ?= ?"(\w+)"', optimizers)}
    assert len(rules) > 20
    assert rules == set(RULE_NAMES)


@pytest.mark.parametrize("choices", [{}, {"hidden": (8, 3)}, {"l2": 0.1}, {"dataset": "iris"}])
def test_what_is_refused_before_the_work_is_refused_after_it(choices, monkeypatch):
    run = Run(config := Config(batch_size=20, **choices), load_shared(config))
    trace = trace_batch(run, 0, 0)
    least = fewest_numbers(lambda: refuse_large_batch(run, 20), monkeypatch)
    exact = fewest_numbers(lambda: trace_message(run, trace), monkeypatch)
    assert least <= exact < 2 * least


def fewest_numbers(work, monkeypatch) -> int:
    """Return the lowest limit at which `work` is not refused."""
    low, high = 0, MOST_NUMBERS
    while low < high:
        middle = (low + high) // 2
        monkeypatch.setattr("pages.widgets.step.step_trace.MOST_NUMBERS", middle)
        try:
            work()
            high = middle
        except ValueError:
            low = middle + 1
    return low


def test_the_largest_batch_is_refused_before_it_is_traced(monkeypatch):
    monkeypatch.setattr("pages.widgets.step.stepping.trace_batch", lambda *_: pytest.fail("traced"))
    run = Run(config := Config(hidden=(64,) * 3, size=5000, batch_size=0), load_shared(config))
    with pytest.raises(ValueError, match="gives at least 4,087,308 numbers"):
        current_trace(run, 0, Stepping(1))
