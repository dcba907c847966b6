"""The formulas beside the boxes are those of the program."""

import pytest

from engine.worksheets import QUANTITIES, Choices, formulas_of, worksheet_of

SHEET = worksheet_of(1, Choices((2, 2, 2, 1), "tanh", "softmax", "ce", 0.1))


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("z1", ["z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾"]),
        ("a1", ["a⁽¹⁾ = f(z⁽¹⁾), f(z) = tanh z"]),
        ("loss", ["L = -1/n Σ y ln a⁽²⁾ + λ₂ Σ W ⊙ W"]),
        ("delta2", ["δ⁽²⁾ = 1/n (a⁽²⁾ − y)"]),
        ("dW2", ["∂L/∂W⁽²⁾ = δ⁽²⁾ a⁽¹⁾ᵀ + 2 λ₂ W⁽²⁾"]),
        ("db2", ["∂L/∂b⁽²⁾ = δ⁽²⁾ 1"]),
        ("new_b1", ["b⁽¹⁾ ← b⁽¹⁾ − η ∂L/∂b⁽¹⁾"]),
    ],
)
def test_a_quantity_has_its_formula(name, texts):
    assert [one.text for one in formulas_of(SHEET)[name]] == texts


def test_every_quantity_has_a_formula_and_delta_of_the_hidden_layer_has_two():
    formulas = formulas_of(SHEET)
    assert set(formulas) == set(QUANTITIES)
    assert all(formulas.values())
    assert len(formulas["delta1"]) == 2


def test_without_a_penalty_none_is_printed():
    formulas = formulas_of(worksheet_of(1, Choices(l2=0.0)))
    assert not any("λ" in one.text for own in formulas.values() for one in own)
