"""Buffers: aligned arrays, and the blocks that a long update is cut into."""

import numpy as np
import pytest

from engine.nn import buffers
from engine.nn.buffers import aligned_full, aligned_like, cached_constant, tile_updates
from engine.nn.equations import Equation, Step, execute, flatten_steps
from engine.nn.optimizers import CONVENTIONS, OPTIMIZERS, Settings

P, BLOCK = 11, 4  # two whole blocks and a ragged one


def update(name, convention):
    """The equations of an optimizer, theta (P,), and a function that draws the next gradient."""
    random, rule = np.random.default_rng(3), OPTIMIZERS[name]
    theta, grad = random.normal(size=P), np.zeros(P)
    decays = Settings(convention=convention, weight_decay=0.1, decay_mask=np.arange(P) % 2.0)
    equations = rule.equations(theta, grad, np.zeros(rule.memory(P)), np.array(0.03), decays)

    def draw():
        grad[...] = random.normal(size=P)

    return list(equations), theta, draw


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_update_in_blocks_has_the_same_bits(name, convention, monkeypatch):
    monkeypatch.setattr(buffers, "BLOCK", BLOCK)
    (whole, expected, draw), (same, found, draw_too) = (update(name, convention) for _ in range(2))
    blocks = list(tile_updates(same))
    longest = [max(x.size for x in read if isinstance(x, np.ndarray)) for _, read in blocks]
    assert max(longest) <= BLOCK  # every line of the rule is cut, those of its memory too
    for _ in range(5):
        draw(), draw_too()
        execute(flatten_steps(whole)), execute(blocks)
        np.testing.assert_array_equal(found, expected)


def test_a_short_update_is_not_cut():
    whole, _, _ = update("adam", "textbook")
    assert list(tile_updates(whole)) == flatten_steps(whole)


def test_only_what_an_optimizer_does_is_cut(monkeypatch):
    monkeypatch.setattr(buffers, "BLOCK", BLOCK)
    grad, share = np.ones(P), np.ones(())
    clip = Equation("penalty", "clip", 0, "", (Step(np.multiply, (grad, share, grad)),))
    assert list(tile_updates([clip])) == flatten_steps([clip])


def test_a_step_without_vectors_stands_once(monkeypatch):
    monkeypatch.setattr(buffers, "BLOCK", BLOCK)
    whole, _, _ = update("adam", "textbook")
    ticks = [f for f, _ in tile_updates(whole) if f.__name__ == "adam_bias_correction"]
    assert len(ticks) == 1


def test_every_block_works_in_the_same_scratch(monkeypatch):
    monkeypatch.setattr(buffers, "BLOCK", BLOCK)
    whole, _, _ = update("sgd", "textbook")
    moves = [operands[-1] for f, operands in tile_updates(whole) if f is np.multiply]
    assert [len(move) for move in moves] == [4, 4, 3]
    assert np.shares_memory(moves[0], moves[1])
    assert np.shares_memory(moves[0], moves[2])


@pytest.mark.parametrize("kind", ["float32", "float64"])
@pytest.mark.parametrize("shape", [7, (3,), (5, 3)])
def test_room_begins_on_a_cache_line(shape, kind):
    for _ in range(8):  # what NumPy hands out may lie well by chance
        array = aligned_full(shape, kind, 0.5)
        assert array.ctypes.data % 64 == 0
    expected = np.full(shape, 0.5, kind)
    np.testing.assert_array_equal(array, expected, strict=True)
    np.testing.assert_array_equal(aligned_like(array), 0 * expected, strict=True)


def test_a_constant_array_is_shared_read_only_and_kept_no_longer_than_it_is_used():
    kept = len(buffers.CACHED)
    ones = cached_constant(1, np.empty((3, 5), np.float32))
    assert ones.dtype == np.float32
    assert (ones == 1).all()
    assert ones.shape == (3, 5)
    assert cached_constant(1, np.empty((3, 5), np.float32)) is ones
    assert cached_constant(0, ones) is not ones
    with pytest.raises(ValueError, match="read-only"):
        ones[0, 0] = 2
    del ones
    assert len(buffers.CACHED) == kept
