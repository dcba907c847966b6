"""A project that is opened in a process is the project that is opened here."""

from __future__ import annotations

import re

import pytest

from engine.export.project import Project, open_project, project_file
from engine.problems.registry import load
from engine.problems.sample_tables import SAMPLES
from engine.training.config import OWN, Config
from engine.training.run import Run
from pages.live.jobs.places import Places
from tests.pages.live.jobs.test_experiments import result, source


def trained(config: Config, dataset=None) -> Run:
    run = Run(config, dataset or load(config))
    run.advance(60)
    if not run.ended:
        run.change(30, learning_rate=0.05)
        run.advance(20)
    return run


def projects() -> dict[str, bytes]:
    config = Config(dataset=OWN, hidden=(5,), seed=2)
    prepared, table = source().prepared(config), source().table
    own = Project(
        trained(config, prepared.dataset),
        table,
        prepared,
        SAMPLES["iris.csv"](),
        {"impute": "mean"},
        40,
    )
    early = Config(patience=3, size=66, noise=0.4, hidden=(16,), optimizer="adam")
    lost = Config(output="linear", learning_rate=1000.0)
    return {
        "own": project_file(own),
        "moons": project_file(Project(trained(Config(dataset="moons", dropout=0.2)))),
        "early": project_file(Project(trained(early))),
        "diverged": project_file(Project(trained(lost))),
    }


@pytest.mark.parametrize("name", ["own", "moons", "early", "diverged"])
def test_a_project_opened_in_a_process_is_the_project_opened_here(name: str, places: Places):
    data = projects()[name]
    found, here = result(places, "open project", data).restored(), open_project(data)
    assert found.run.losses.tobytes() == here.run.losses.tobytes()
    assert found.run.network.theta.tobytes() == here.run.network.theta.tobytes()
    assert found.run.checkpoints.kept.keys() == here.run.checkpoints.kept.keys()
    assert found.run.events == here.run.events
    assert found.run.dataset.notes == here.run.dataset.notes
    for word in ("finished", "diverged", "epochs", "best"):
        assert getattr(found.run, word) == getattr(here.run, word)
    assert (found.epoch, found.choices, found.data) == (here.epoch, here.choices, here.data)
    assert project_file(found) == project_file(here) == data
    for run in (found.run, here.run):
        run.advance(10)
    assert found.run.losses.tobytes() == here.run.losses.tobytes()


def test_what_is_no_project_gets_the_same_sentence(places: Places):
    words = "The file is damaged or was not saved by this app."
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$") as here:
        open_project(b"PK")
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$") as there:
        result(places, "open project", b"PK")
    assert str(here.value) == str(there.value)


def test_a_data_set_made_in_a_process_is_the_one_made_here(places: Places):
    config = Config(dataset=OWN, seed=7)
    found, here = result(places, "prepare table", source(), config), source().prepared(config)
    assert found.dataset.inputs.tobytes() == here.dataset.inputs.tobytes()
    assert found.columns == here.columns
    assert found.dataset.notes == here.dataset.notes
