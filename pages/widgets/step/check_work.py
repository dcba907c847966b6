"""A gradient check as its page sees it: a small one is done at once, a large one in a process."""

from __future__ import annotations

from engine.gradcheck import MOST_EXAMPLES, MOST_PARAMETERS, PER_LAYER
from engine.nn import blocks
from engine.training import Run
from pages.live.jobs.gradient_check import Checked, check_run
from pages.live.jobs.remote_work import RemoteWork
from pages.live.view import specification
from pages.widgets.shell.progress import remote_work

SMALL = 200_000_000  # multiplications that take some hundredths of a second
Limits = tuple[int, int]  # of the parameters: all up to the first, else the second per layer
ALL: Limits = (MOST_PARAMETERS, PER_LAYER)


class CheckWork:
    """The check of a run at an epoch with these step sizes, in progress or done."""

    def __init__(
        self, run: Run, epoch: int, bug: str, steps: tuple[float, ...], most: Limits = ALL
    ) -> None:
        """Begin the check. Raises ValueError if it is small and the bug cannot be made."""
        n = run.config_at(epoch).batches(len(run.dataset.train)).size
        sizes = [block.size for block in blocks(run.network.theta, run.network.sizes)]
        few = [min(size, most[1]) for size in sizes] if sum(sizes) > most[0] else sizes
        self.total = len(steps) * sum(few)  # derivatives
        self.cost = self.total * sum(sizes) * min(n, MOST_EXAMPLES)  # multiplications
        self.latest: Checked | None = None
        self.work: RemoteWork[Checked] | None = None
        order = epoch, bug, steps, most
        if self.cost <= SMALL:
            self.latest = check_run(lambda progress: None, run, *order)
        else:
            self.work = remote_work("check gradients", specification(run), *order)

    @property
    def done(self) -> int:
        """Return how many derivatives are measured."""
        return self.latest.done if self.latest else 0

    def advance(self, seconds: float) -> bool:
        """Wait for the check for `seconds`; return whether it is done.

        Raises ValueError, with a sentence for people, if it cannot be done.
        """
        if self.work is None:
            return True
        over = self.work.advance(seconds)
        if over:
            self.latest = self.work.result
        elif self.work.parts:
            self.latest = self.work.parts[-1]
        return over
