"""Early stopping: which epoch counts as the best, and when waiting for a better one is over."""

import pytest

from engine.training.early_stopping import Patience


def ended(epochs, losses):
    """(epoch at which patience ended or None, best epoch) over the losses of epochs 0, 1, 2 ..."""
    patience = Patience(epochs)
    patience.begin(0, losses[0])
    for epoch, loss in enumerate(losses[1:], 1):
        if patience.is_over(epoch, loss):
            return epoch, patience.best
    return None, patience.best


@pytest.mark.parametrize(
    ("epochs", "losses", "expected"),
    [
        (2, [5, 4, 3, 3.5, 3.2, 1], (4, 2)),  # two epochs after the best
        (3, [5, 4, 3, 3.5, 3.2, 1], (None, 5)),  # the fifth is better, just in time
        (1, [5, 6], (1, 0)),  # epoch 0 may be the best
        (2, [5, 3, 3, 3], (3, 1)),  # no better is no better: the first of the equals
        (2, [5, float("nan"), float("nan")], (2, 0)),
        (0, [5, 6, 7, 8, 9], (None, 0)),  # no patience is endless
    ],
)
def test_patience_ends_so_many_epochs_after_the_best(epochs, losses, expected):
    assert ended(epochs, losses) == expected
