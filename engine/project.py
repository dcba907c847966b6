"""Project: a run with its data as one file that opens again exactly as it was.

A ZIP of JSON, the table as it was uploaded, and the run's numbers as NPZ. Opening it trains
nothing: the record of every epoch and the checkpoints are in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.config import Config
from engine.dataset import Dataset
from engine.equations import Array
from engine.events import MOST_EPOCHS, read_events, write_events
from engine.export import arrays_as_bytes, arrays_from, as_json, from_json, packed, unpacked
from engine.prepare import Prepared, prepare
from engine.problems import load
from engine.run import Run
from engine.schedules import Progress
from engine.table import Table, read_table
from engine.training import State

FORMAT = "deltascope-project-1"
NUMBERS = ("history", "epochs", "memory", "randoms", "progress")
MASK = 2**64 - 1


class Project(NamedTuple):
    """What a project file holds."""

    run: Run
    table: Table | None = None
    prepared: Prepared | None = None
    data: bytes = b""  # of the table, as it was uploaded
    choices: Mapping[str, Any] = {}  # how the table was prepared: target, task, impute, ...
    epoch: int | None = None  # the one on the screen when it was saved; None: it is not known


def project_file(project: Project) -> bytes:
    """The project as one file."""
    run = project.run
    description = {
        "format": FORMAT,
        "config": run.config.to_query(),
        "events": write_events(run.events),
        "finished": run.finished,
        "diverged": run.diverged,
        "patience": [run.patience.best, repr(float(run.patience.loss))],
        "stride": run.checkpoints.stride,
        "head": run.head.epochs,
    }
    if project.epoch is not None:
        description["shown"] = project.epoch
    files = {}
    if project.table is not None:
        told = {"name": project.table.name, "told": dict(project.table.told)}
        description["table"] = {**told, "choices": dict(project.choices)}
        files["data.csv"] = project.data
    files = {"project.json": as_json(description), **files, "run.npz": arrays_as_bytes(kept(run))}
    return packed(files)


def kept(run: Run) -> dict[str, Array]:
    """The record of every epoch, and the states of the checkpoints and of the head."""
    states = {**run.checkpoints.kept, run.head.epochs: run.state()}
    moved = [[*halves(s.shuffle), *halves(s.dropout)] for s in states.values()]
    return {
        "history": run.losses,
        "epochs": np.array(list(states), dtype=np.int64),
        "memory": np.stack([state.memory for state in states.values()]),
        "randoms": np.array(moved, dtype=np.uint64),
        "progress": np.array([tuple(state.progress) for state in states.values()], float),
    }


def halves(moved: tuple[int, int, int]) -> list[int]:
    """A generator's state as numbers of 64 bits."""
    return [moved[0] >> 64, moved[0] & MASK, moved[1], moved[2]]


def whole(parts: Array) -> tuple[int, int, int]:
    """What `halves` took apart."""
    high, low, has, value = (int(part) for part in parts)
    return (high << 64) | low, has, value


def open_project(data: bytes) -> Project:
    """The project in a file; ValueError with one sentence if it is none."""
    files = unpacked(data, ["project.json", "run.npz"], ["data.csv"])
    told = from_json(files["project.json"])
    if told.get("format") != FORMAT:
        raise ValueError(f"This is no project of the format {FORMAT}.")
    try:
        config, notes = Config.from_query(told["config"])
        if notes:
            raise ValueError(notes[0])
        project, dataset = with_data(told, files, config)
        run = Run(config, dataset)
        events, faults = read_events(told["events"], run.network.sizes)
        if faults:
            raise ValueError(faults[0])
        run.events = events
        restore(run, told, arrays_from(files["run.npz"], NUMBERS))
    except (KeyError, TypeError, IndexError, AttributeError, OverflowError):
        raise ValueError("The project's description is not complete.") from None
    return project._replace(run=run, epoch=epoch_in(told, run))


def epoch_in(told: Mapping[str, Any], run: Run) -> int | None:
    """Return the epoch that was on the screen; None in files of earlier versions."""
    epoch = told.get("shown")
    if epoch is not None and (type(epoch) is not int or not 0 <= epoch <= run.epochs):
        raise ValueError("The project's epochs do not fit together.")
    return epoch


def with_data(told: dict, files: dict[str, bytes], config: Config) -> tuple[Project, Dataset]:
    """The project with its table, but no run yet, and the data set."""
    nothing: Any = None
    if "table" not in told:
        return Project(nothing), load(config)
    own = told["table"]
    data = files["data.csv"]
    table = read_table(data, str(own["name"]), **own["told"])
    prepared = prepare(table, config=config, **own["choices"])
    project = Project(nothing, table, prepared, data, own["choices"])
    return project, prepared.dataset


def restore(run: Run, told: dict, numbers: dict[str, Array]) -> None:
    """Nothing; brings a new run to where the saved one was. ValueError if it is another one."""
    history, head = numbers["history"], int(told["head"])
    checked(run, head, numbers)
    for epoch, record in enumerate(history):
        run.history[epoch] = record
    states = states_of(numbers)
    run.checkpoints.stride = int(told["stride"])
    run.checkpoints.kept = {e: s for e, s in states.items() if e % run.checkpoints.stride == 0}
    run.head.configure(run.config_at(head))
    run.head.restore(states[head], head)
    run.epochs = len(history) - 1
    run.finished, run.diverged = str(told["finished"]), str(told["diverged"])
    best, loss = told["patience"]
    run.patience.begin(int(best), float(loss))
    run.judge.judge(run.head.network.theta)


def checked(run: Run, head: int, numbers: dict[str, Array]) -> None:
    """Nothing; ValueError if the numbers are not those of such a run."""
    history, epochs, memory = numbers["history"], numbers["epochs"], numbers["memory"]
    own, n = run.head.memory, len(epochs)
    same = memory.shape == (n, len(own)) and memory.dtype == own.dtype
    same = same and numbers["randoms"].shape == (n, 8) and numbers["progress"].shape == (n, 3)
    if not same or history.dtype != run.history.kind or not 0 < len(history) <= MOST_EPOCHS + 1:
        raise ValueError("The project's numbers do not fit its network.")
    if head not in epochs or 0 not in epochs or max(epochs) >= len(history) or min(epochs) < 0:
        raise ValueError("The project's epochs do not fit together.")


def states_of(numbers: dict[str, Array]) -> dict[int, State]:
    """The state after each of the kept epochs."""
    states = {}
    for i, epoch in enumerate(numbers["epochs"].tolist()):
        best, waited, drops = numbers["progress"][i]
        own = numbers["randoms"][i]
        progress = Progress(float(best), int(waited), int(drops))
        states[epoch] = State(numbers["memory"][i].copy(), whole(own[:4]), whole(own[4:]), progress)
    return states
