"""The part "The article" of the Theory page: its formulas, its claims, its links (kind 63)."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.widgets.theory.article import article_parts, derivation_line
from pages.widgets.tune.search_session import read_draft
from tests.engine import plain

LINKS = [link for part in article_parts() for link in part.links.values()]


def test_the_parts_stand_in_the_articles_order():
    words = [part.title.lower() for part in article_parts()]
    order = ("loss", "layers", "zero", "W⁽²⁾", "passed back", "descent", "regularization")
    order += ("straight line", "seven classes", "grid")
    assert [name.lower() in word for name, word in zip(order, words, strict=True)] == [True] * 10


def test_each_line_is_one_of_the_program():
    shown = [place for part in article_parts() for place in part.rules]
    assert len(shown) == 12
    for place in shown:
        assert derivation_line(*place).equation.tex


def test_the_whole_product_is_the_gradient_of_the_first_weights():
    config = Config(dataset="circle", hidden=(4,), seed=3)
    run = Run(config, load(config))
    hidden, output = run.at(0, run.dataset.train).layers
    n = output.a.shape[1]
    y = run.dataset.targets[run.dataset.train][None, :]
    inputs = run.dataset.network_inputs(run.dataset.inputs[:, run.dataset.train])
    back = output.W.T @ ((output.a - y) / n) * (1 - hidden.a**2)
    np.testing.assert_allclose(back @ inputs.T, hidden.dW, rtol=1e-10)


def test_one_equation_solves_the_straight_line():
    x, y = np.random.default_rng(0).standard_normal((2, 50))
    w = (x @ y) / (x @ x)
    assert 2 / 50 * (w * x - y) @ x == pytest.approx(0, abs=1e-12)


def test_exchanging_two_hidden_units_leaves_the_loss():
    config = Config(dataset="circle", hidden=(4,))
    run = Run(config, load(config))
    hidden, output = run.at(0).layers
    x = run.dataset.network_inputs(run.dataset.inputs)
    order = [1, 0, 2, 3]
    first = plain.sigmoid(output.W @ np.tanh(hidden.W @ x + hidden.b) + output.b)
    W, b = hidden.W[order], hidden.b[order]
    second = plain.sigmoid(output.W[:, order] @ np.tanh(W @ x + b) + output.b)
    np.testing.assert_allclose(first, second, rtol=1e-12)


def test_the_claims_on_seven_classes_hold():
    config = PRESETS["article_classes"].config
    said = {}
    for dropout in (0.5, 0.0):
        now = replace(config, epochs=100, dropout=dropout)
        run = Run(now, load(now))
        run.advance(100)
        said[dropout] = [round(float(run.losses[e]["validation_metric"]), 2) for e in (20, 100)]
        if not dropout:
            rises = [float(run.losses[e]["validation"]) for e in (20, 40, 60, 80, 100)]
            assert rises == sorted(rises)
    text = next(part.text for part in article_parts() if "seven" in part.title)
    for epoch in (0, 1):
        assert f"{said[0.0][epoch]:.2f}" in text
        assert f"{said[0.5][epoch]:.2f}" in text
    assert said[0.5][0] < said[0.0][0]
    assert said[0.5][1] > said[0.0][1]


def test_adam_reaches_the_line_in_the_epochs_that_are_named():
    config = PRESETS["article_line"].config
    run = Run(config, load(config))
    run.advance(100)
    layer = run.at(100).layers[0]
    assert layer.W.item() == pytest.approx(3, abs=0.05)
    assert layer.b.item() == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("link", LINKS)
def test_each_link_opens_what_it_names(link):
    query = dict(parse_qsl(urlsplit(link).query))
    search = query.pop("search", None)
    config, notes = Config.from_query(query)
    assert not notes
    assert config.to_query() == query
    if search is not None:
        draft, notes = read_draft(search)
        assert not notes
        assert draft.space
