"""Beliefs about errors against SciPy's distributions, and against the losses they make."""

import numpy as np
import pytest
from scipy import stats

from engine.explain.likelihood import (
    NOISE_MODELS,
    best_answer,
    constant_part,
    loss_of,
    negative_log_likelihood,
)
from engine.nn.losses import LOSSES

SCIPY = {
    "gaussian": lambda y, a: stats.norm.logpdf(y, loc=a, scale=1),
    "laplace": lambda y, a: stats.laplace.logpdf(y, loc=a, scale=1),
    "bernoulli": lambda y, a: stats.bernoulli.logpmf(y, a),
    "poisson": lambda y, a: stats.poisson.logpmf(y, a),
}


def answers(belief):
    return np.linspace(*belief.limits, 37)


def test_every_belief_has_its_distribution():
    assert set(SCIPY) == set(NOISE_MODELS)
    assert {belief.loss for belief in NOISE_MODELS.values()} <= set(LOSSES)


@pytest.mark.parametrize("name", NOISE_MODELS)
def test_the_density_is_the_distribution_s(name):
    belief = NOISE_MODELS[name]
    for a in answers(belief):
        expected = SCIPY[name](belief.y, a)
        found = belief.log_density(belief.y, np.full_like(belief.y, a))
        np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("name", NOISE_MODELS)
def test_surprise_is_the_loss_up_to_a_factor_and_a_constant(name):
    belief = NOISE_MODELS[name]
    for a in answers(belief):
        told = -float(np.mean(SCIPY[name](belief.y, a)))
        assert told == pytest.approx(
            belief.factor * loss_of(belief, a) + constant_part(belief), rel=1e-10
        )
        assert negative_log_likelihood(belief, a) == pytest.approx(told, rel=1e-10)


def test_many_classes_are_the_same_story_with_a_product_of_powers():
    # -ln of the categorical probability of what was seen is the cross-entropy
    random = np.random.default_rng(0)
    z, seen = random.normal(size=(3, 20)), random.integers(0, 3, 20)
    a = np.exp(z) / np.exp(z).sum(axis=0)
    y = np.eye(3)[:, seen]
    told = -np.mean([stats.multinomial.logpmf(y[:, i], 1, a[:, i]) for i in range(20)])
    assert LOSSES["ce"].total(z, a, y) / 20 == pytest.approx(told, rel=1e-10)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("gaussian", 0.2), ("laplace", -0.15), ("bernoulli", 0.75), ("poisson", 2.0)],
)
def test_the_best_single_answer_costs_least(name, expected):
    belief = NOISE_MODELS[name]
    assert best_answer(belief) == pytest.approx(expected, abs=1e-12)
    least = loss_of(belief, best_answer(belief))
    assert all(loss_of(belief, a) >= least - 1e-12 for a in answers(belief))
    assert loss_of(belief, belief.limits[0]) > least + 0.1
