"""Early stopping: end a run when the loss on unseen examples no longer falls.

Prechelt (1998), Early stopping, but when? The best epoch is the one with the lowest loss since the
last change by a person; of equal ones the earlier one.
"""

from __future__ import annotations

from math import inf


class Patience:
    """How long a run waits for a lower loss; 0 epochs means without limit."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.best, self.loss = 0, inf  # the epoch of the lowest loss, and that loss

    def begin(self, epoch: int, loss: float) -> None:
        """Count the epochs without a lower loss from `epoch` on."""
        self.best, self.loss = epoch, loss

    def is_over(self, epoch: int, loss: float) -> bool:
        """Return whether the loss of `epoch` has not been lowered for too many epochs."""
        if loss < self.loss:
            self.begin(epoch, loss)
        return 0 < self.epochs <= epoch - self.best
