"""A gradient check in a process has the numbers that it has here."""

from __future__ import annotations

import numpy as np
import pytest

from engine.gradcheck.gradient_check import (
    STEPS,
    GradientCheck,
    batch_for,
    sample_parameters,
    training_for_check,
)
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.live.jobs.gradient_check import Checked, check_run
from pages.live.jobs.places import Places
from pages.live.jobs.process import Progress
from pages.live.view import specification
from tests.pages.live.jobs.test_experiments import result

CONFIG = Config(dataset="spiral", hidden=(6, 5), batch_size=20, dropout=0.2, l2=0.01)


def trained() -> Run:
    run = Run(CONFIG, load(CONFIG))
    run.advance(30)
    return run


def same(found: Checked, check: GradientCheck) -> None:
    for name in ("analytic", "numeric", "error", "kinks", "unclear"):
        assert getattr(found.finding, name).tobytes() == getattr(check.finding(), name).tobytes()
    assert found.curve.tobytes() == check.curve().tobytes()
    assert (found.done, found.total) == (check.done, check.total)


@pytest.mark.parametrize("bug", ["", "no_slope"])
@pytest.mark.parametrize(("steps", "most"), [((1e-5,), (5000, 1000)), (STEPS, (20, 8))])
def test_a_check_in_a_process_is_the_check_here(bug, steps, most, places: Places):
    run = trained()
    theta = run.training_at(20).network.theta
    training = training_for_check(run.config_at(20), run.dataset, theta, bug)
    batch = batch_for(training, CONFIG.batch_size)
    check = GradientCheck(training, batch, steps, sample_parameters(training, *most))
    assert check.advance()
    found = result(places, "check gradients", specification(run), 20, bug, steps, most)
    same(found, check)
    assert np.isfinite(found.exact) == (len(steps) > 1)


def test_what_is_measured_so_far_comes_on_the_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.live.jobs.gradient_check.FIRST", 0.0)
    monkeypatch.setattr("pages.live.jobs.gradient_check.PART", 0.0)
    parts: list[Progress] = []
    whole = check_run(parts.append, trained(), 10, "", (1e-5,), (5000, 1000))
    done = [progress.part.done for progress in parts]
    assert done == list(range(1, whole.total))
    assert all(progress.replaces for progress in parts)
    measured = [np.isfinite(progress.part.finding.numeric).sum() for progress in parts]
    assert measured == done


def test_a_bug_that_cannot_be_made_says_why(places: Places):
    run = Run(Config(hidden=()), load(Config()))
    order = specification(run), 0, "no_slope", (1e-5,), (5000, 1000)
    with pytest.raises(ValueError, match="is not possible here"):
        result(places, "check gradients", *order)
