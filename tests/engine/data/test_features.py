"""The features: each formula worked out by hand, and what it needs."""

import numpy as np
import pytest

from engine.data.features import FEATURES, compute_features


def test_each_feature_is_its_formula():
    x = np.array([[2.0, -1.0], [3.0, 0.5]])
    expected = [x[0], x[1], x[0] ** 2, x[1] ** 2, x[0] * x[1], np.sin(x[0]), np.sin(x[1])]
    np.testing.assert_allclose(compute_features(x, tuple(FEATURES)), expected, rtol=1e-15)
    labels = [FEATURES[name].label for name in FEATURES]
    assert labels == ["x₁", "x₂", "x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"]


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_says_how_many_inputs_it_needs(name):
    assert FEATURES[name].formula(np.ones((FEATURES[name].needs, 3))).shape == (3,)
    if FEATURES[name].needs == 2:
        with pytest.raises(IndexError):
            FEATURES[name].formula(np.ones((1, 3)))
