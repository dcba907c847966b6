"""The derivation: numbered, complete, and each line in three forms that say the same."""

import re
from itertools import product

import numpy as np
import pytest

from engine.explain.derivation import derive, first_batch, step_equations
from engine.explain.index_forms import CHAINS, UNIT_FORMS
from engine.explain.source import ROOT
from engine.nn.equations import execute, flatten_steps
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.evaluator import Evaluator
from engine.training.training import Training
from tests.engine.programs import PROGRAMS, training_of


def test_the_lines_are_numbered_in_the_order_of_the_phases():
    for training in PROGRAMS:
        found = derive(training)
        assert [line.number for line in found] == list(range(len(found)))
        phases = list(dict.fromkeys(line.equation.phase for line in found))
        order = ["forward", "loss", "backward", "penalty", "update"]
        assert phases == [phase for phase in order if phase in phases]


def test_the_article_s_order_is_kept():
    found = derive(training_of(hidden=(3,)))
    assert [(line.equation.rule, line.equation.layer) for line in found] == [
        ("affine", 1),
        ("activation", 1),
        ("affine", 2),
        ("activation", 2),
        ("loss", 0),
        ("error", 2),
        ("gradient", 2),
        ("back", 1),
        ("slope", 1),
        ("gradient", 1),
        ("step", 0),
    ]


@pytest.mark.parametrize(("choices", "count"), [({}, 1), ({"l1": 0.1}, 2), ({"l2": 0.1}, 2)])
def test_the_penalty_has_a_line_only_where_weights_cost_something(choices, count):
    found = [one for one in derive(training_of(**choices)) if one.equation.phase == "loss"]
    assert len(found) == count


def test_every_rule_of_every_program_has_a_unit_form_and_no_form_is_idle():
    met = {
        (e.phase, e.rule)
        for training in PROGRAMS
        for e in step_equations(training, batch(training))
    }
    assert met == set(UNIT_FORMS)
    assert {rule for phase, rule in met if phase == "backward"} | {"mixed"} == set(CHAINS)


def batch(training):
    return first_batch(training)


def test_a_unit_form_speaks_of_numbers_only():
    for training in PROGRAMS:
        for line in derive(training):
            unit = line.unit
            assert not re.search(r"\\odot|\\oslash|\\top|mathbf|lVert|J\^", unit), unit
            assert "_" in unit, unit
            assert unit.count("{") == unit.count("}"), unit
            assert unit.count(r"\left") - unit.count(r"\leftarrow") == unit.count(r"\right"), unit
            assert not re.search(r"_\w_|_\{\w+\}_|\}\^2\^|_\{\w+\}\^2", unit), unit


@pytest.mark.parametrize(
    ("rule", "layer", "unit"),
    [
        ("affine", 2, r"z^{(2)}_{ji} = \sum_k W^{(2)}_{jk}\, a^{(1)}_{ki} + b^{(2)}_j"),
        ("loss", 0, r"L = \frac{1}{nK} \sum_{i,j} (a^{(2)}_{ji} - y_{ji})^2"),
        ("error", 2, r"\delta^{(2)}_{ji} = \tfrac{2}{nK} (a^{(2)}_{ji} - y_{ji})"),
        (
            "back",
            1,
            r"\frac{\partial L}{\partial a^{(1)}_{ji}} = \sum_u W^{(2)}_{uj}\, \delta^{(2)}_{ui}",
        ),
        (
            "slope",
            1,
            r"\delta^{(1)}_{ji} = \frac{\partial L}{\partial a^{(1)}_{ji}} \, f'(z^{(1)}_{ji}), "
            r"\quad f'(z) = 1 - a^2",
        ),
        (
            "gradient",
            1,
            r"\frac{\partial L}{\partial W^{(1)}_{jk}} = \sum_i \delta^{(1)}_{ji}\, a^{(0)}_{ki}, "
            r"\quad \frac{\partial L}{\partial b^{(1)}_j} = \sum_i \delta^{(1)}_{ji}",
        ),
        ("step", 0, r"\theta_q \leftarrow \theta_q - \eta\, g_q"),
    ],
)
def test_the_unit_forms_of_the_four_equations_are_the_textbook_s(rule, layer, unit):
    # Nielsen, Neural Networks and Deep Learning, ch. 2, BP1 to BP4, summed over the examples i
    found = derive(training_of(dataset="plane", hidden=(3,)))
    (own,) = [x for x in found if (x.equation.rule, x.equation.layer) == (rule, layer)]
    assert own.unit == unit


def test_the_unit_forms_give_the_numbers_of_the_program():
    """The sums over units and examples, written out in loops as the unit forms have them."""
    training = training_of(dataset="iris", hidden=(3,), dropout=0.5)
    own = batch(training)
    training.chunks[0][1].fill(training.rows, training.y, np.arange(len(training.rows)))
    training.chunks[0][1].draw_dropout_masks(training.drop)
    found = list(step_equations(training, own))
    execute(flatten_steps(found[:-1]))  # up to the update
    low, high = own.layers
    W, b = training.network.layers[1].W, training.network.layers[1].b
    units, examples = range(len(low.z)), range(own.y.shape[1])
    for j, i in product(range(3), examples):
        z = sum(W[j, k] * low.activations_with_bias[k, i] for k in units) + b[j, 0]
        assert z == pytest.approx(high.z[j, i], rel=1e-12)
    for j, k in product(range(3), units):
        slope = sum(high.delta[j, i] * low.activations_with_bias[k, i] for i in examples)
        assert slope == pytest.approx(training.network.layers[1].dW[j, k], rel=1e-12, abs=1e-15)
    for j, i in product(units, examples):
        sent = sum(W[m, j] * high.delta[m, i] for m in range(3))
        delta = sent * low.mask[j, i] * (1 - low.a[j, i] ** 2)
        assert delta == pytest.approx(low.delta[j, i], rel=1e-12, abs=1e-15)


def test_behind_softmax_the_error_hears_of_all_outputs():
    training = training_of(dataset="iris", output="softmax", loss="mse", hidden=())
    own = batch(training)
    training.chunks[0][1].fill(training.rows, training.y, np.arange(len(training.rows)))
    found = derive(training)
    (line,) = [one for one in found if one.equation.rule == "error"]
    assert line.unit == (
        r"\delta^{(1)}_{ji} = \sum_r a^{(1)}_{ri} ([r = j] - a^{(1)}_{ji}) "
        r"\left[ \tfrac{2}{nK} (a^{(1)}_{ri} - y_{ri}) \right]"
    )
    execute(flatten_steps(list(step_equations(training, own))[:-1]))
    a, y, (K, n) = own.layers[-1].a, own.y, own.y.shape
    for j, i in product(range(K), range(n)):
        expected = sum(
            a[m, i] * ((m == j) - a[j, i]) * 2 / (n * K) * (a[m, i] - y[m, i]) for m in range(K)
        )
        assert expected == pytest.approx(own.layers[-1].delta[j, i], rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    "choices",
    [{}, {"l1": 0.01}, {"l2": 0.02}, {"l1": 0.01, "l2": 0.02, "class_weights": "balanced"}],
)
def test_the_loss_is_the_one_that_the_history_records(choices):
    config = Config(dataset="iris", batch_size=0, **choices)
    data = load(config)
    training = Training(config, data)
    found = list(step_equations(training, batch(training)))
    execute(flatten_steps(one for one in found if one.phase in ("forward", "loss")))
    evaluator = Evaluator(config, data, training.network, training.output_head)
    theta = training.network.theta
    expected = evaluator.evaluate(theta)[0] + evaluator.penalty(theta, config.l1, config.l2)
    (*_, told) = (one for one in found if one.phase == "loss")
    assert float(told.result) == pytest.approx(expected, rel=1e-12)


def test_each_line_says_where_it_stands():
    for training in PROGRAMS:
        for line in derive(training):
            for source in line.sources:
                lines_of_file = (ROOT / source.file).read_text().splitlines()
                first = source.text.splitlines()[0].strip()
                assert first in lines_of_file[source.first - 1]


def test_the_functions_behind_a_line_are_those_of_its_choices():
    found = derive(training_of(dataset="plane", activation="elu", optimizer="rmsprop", hidden=(3,)))
    names = {
        (one.equation.rule, one.equation.layer): [source.function for source in one.sources]
        for one in found
    }
    assert names["activation", 1] == ["forward", "elu_forward"]
    assert names["slope", 1] == ["elu_back"]
    assert names["loss", 0] == ["loss_equations", "squared_error"]
    assert names["error", 2] == ["output_delta", "difference"]
    assert names["step", 0] == ["rmsprop", "rmsprop"]


def test_what_is_masked_keeps_its_tilde_until_the_mask_is_taken_off():
    found = {
        (one.equation.rule, one.equation.layer, one.equation.phase): one.equation.tex
        for one in derive(training_of(dataset="iris", hidden=(3,), dropout=0.5))
    }
    assert found["affine", 2, "forward"] == r"z^{(2)} = W^{(2)} \tilde a^{(1)} + b^{(2)}"
    assert r"\delta^{(2)} \tilde a^{(1)\top}" in found["gradient", 2, "backward"]
    assert found["back", 1, "backward"].startswith(r"\frac{\partial L}{\partial \tilde a^{(1)}}")
    assert found["mask", 1, "backward"].startswith(r"\frac{\partial L}{\partial a^{(1)}} = ")


def test_no_line_calls_two_things_by_one_name():
    for training in PROGRAMS:
        for line in derive(training):
            assert "^L" not in line.equation.tex + line.unit + line.chain  # L is the loss


FACTOR = re.compile(r"\\underbrace\{(.*?)\}_\{((?:[^{}]|\{[^{}]*\})*)\}(?=\\,|\s\\odot|$)")


def shape_of(what, label, shapes):
    """Rows and columns of a factor of the chain rule, by its label or by what it is a slope of."""
    if label == r"J^\top":
        K = shapes["K"]
        return K, K
    name = re.search(r"(?:\\tilde |\\)?[a-zA-Z]+\^\{\(\d+\)(?:\\top)?\}", label)
    if label.startswith(r"\text"):
        name = re.search(r"(?:\\tilde )?a\^\{\(\d+\)\}", what)
    rows, columns = shapes[name[0].replace(r"\top", "")]
    return (columns, rows) if r"\top" in name[0] else (rows, columns)


def shapes_in(training):
    own, sizes = batch(training), training.sizes
    n, shapes = own.y.shape[1], {"K": sizes[-1]}
    for l, units in enumerate(sizes):
        for letter in ("z", "a", r"\tilde a", r"\delta", "M"):
            shapes[f"{letter}^{{({l})}}"] = (units, n)
        shapes[f"W^{{({l})}}"] = (units, sizes[l - 1])
    return shapes


def test_the_shapes_of_every_chain_work_out():  # kind 61
    met = set()
    for training in PROGRAMS:
        shapes = shapes_in(training)
        for line in derive(training):
            if not line.chain:
                continue
            left, _, right = line.chain.partition(" = ")
            factors = [shape_of(*found, shapes) for found in FACTOR.findall(right)]
            assert len(factors) == 2, line.chain
            (result,) = re.findall(r"\\partial ((?:\\tilde )?[Wza]\^\{\(\d+\)\})", left)
            if r"\odot" in right:
                assert factors[0] == factors[1] == shapes[result], line.chain
            else:
                (rows, inner), (same, columns) = factors
                assert inner == same, line.chain
                assert (rows, columns) == shapes[result], line.chain
            met.add(line.equation.rule)
    assert met == {"error", "gradient", "back", "mask", "slope"}
