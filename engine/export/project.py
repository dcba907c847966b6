"""A project: a run with its data as one file that opens again exactly as it was.

A ZIP of JSON, the table as it was uploaded, and the run's numbers as NPZ. Opening it trains
nothing: the record of every epoch and the checkpoints are in the file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from engine.data import Dataset
from engine.export.files import json_bytes, npz_bytes, read_json, read_npz, unzip_files, zip_bytes
from engine.export.saved_project import (
    PROJECT,
    TABLE,
    TEXT,
    TOLD,
    check_entries,
    check_names,
    read_saved_config,
    read_saved_events,
    reason_or,
    whole_number,
)
from engine.language import marked, tr
from engine.nn import Array, PlateauState
from engine.problems import load
from engine.tables import Prepared, Table, TableChoices, prepare, read_table
from engine.training import MOST_EPOCHS, OWN, Config, Run, State, States, write_events

FORMAT = "deltascope-project-1"
MOST_TARGETS = 60  # columns of a table that are tried as the target of a run
NUMBERS = ("history", "epochs", "memory", "randoms", "progress")
MASK = 2**64 - 1
OTHER_DATA = marked(
    "This project was saved by a version that prepared the data differently: new results differ "
    "from its saved curves."
)


class Project(NamedTuple):
    """The content of a project file."""

    run: Run
    table: Table | None = None
    prepared: Prepared | None = None
    data: bytes = b""  # of the table, as it was uploaded
    choices: TableChoices = TableChoices()  # how the table was prepared: target, task, impute, ...
    epoch: int | None = None  # the one on the screen when it was saved; None if unknown


def project_file(project: Project) -> bytes:
    """Return the project as one file."""
    run = project.run
    description: dict[str, object] = {
        "format": FORMAT,
        "config": run.config.to_query(),
        "events": write_events(run.events),
        "finished": run.finished,
        "diverged": run.diverged,
        "patience": [run.patience.best, repr(float(run.patience.loss))],
        "stride": run.checkpoints.stride,
        "head": run.live.epochs,
    }
    if project.epoch is not None:
        description["shown"] = project.epoch
    files = {}
    if project.table is not None:
        entry = {"name": project.table.name, "told": dict(project.table.overrides)}
        description["table"] = {**entry, "choices": saved_choices(project)}
        files["data.csv"] = project.data
    files = {
        "project.json": json_bytes(description),
        **files,
        "run.npz": npz_bytes(recorded_arrays(run)),
    }
    return zip_bytes(files)


def saved_choices(project: Project) -> dict[str, object]:
    """Return the choices for the table, with the target by name though it was only suggested.

    A later version may suggest another one.
    """
    if project.prepared is None or project.choices.get("target"):
        return dict(project.choices)
    way = project.prepared.preparation
    return {**project.choices, "target": way.target, "task": way.task}


def recorded_arrays(run: Run) -> dict[str, Array]:
    """Return the losses of every epoch (n_epochs + 1,) and the n states of the checkpoints.

    The live run is the last state. `memory` is (n, m), `randoms` (n, 8), `progress` (n, 3).
    """
    states = {**run.checkpoints.kept, run.live.epochs: run.state()}
    moved = [[*rng_state_words(s.shuffle), *rng_state_words(s.dropout)] for s in states.values()]
    return {
        "history": run.losses,
        "epochs": np.array(list(states), dtype=np.int64),
        "memory": np.stack([state.memory for state in states.values()]),
        "randoms": np.array(moved, dtype=np.uint64),
        "progress": np.array([tuple(state.progress) for state in states.values()], float),
    }


def rng_state_words(moved: tuple[int, int, int]) -> list[int]:
    """Return the state of a generator as four numbers of 64 bits."""
    return [moved[0] >> 64, moved[0] & MASK, moved[1], moved[2]]


def rng_state_from_words(parts: Array) -> tuple[int, int, int]:
    """Return the state of a generator from the numbers (4,) of `rng_state_words`."""
    high, low, has, value = (int(part) for part in parts)
    return (high << 64) | low, has, value


def open_project(data: bytes) -> Project:
    """Return the project in a file. Raises ValueError if the data are not a project."""
    files = unzip_files(data, ["project.json", "run.npz"], ["data.csv"])
    saved = read_json(files["project.json"])
    if saved.get("format") != FORMAT:
        raise ValueError(tr("The file is not a project of the format {format}.", format=FORMAT))
    check_entries(saved, PROJECT, tr("The project's description"))
    own = saved.get("table")
    if own is None or table_entry(own, "data.csv" in files)["choices"].get("target"):
        return open_described(saved, files)
    return open_with_recorded_target(saved, files)


def open_with_recorded_target(saved: dict, files: dict[str, bytes]) -> Project:
    """Return the project with the target that its losses belong to, where none was saved.

    Earlier versions did not save a suggested target, and suggested it by other rules. Raises
    ValueError if no column of the table fits.
    """
    own = saved["table"]
    first: Project | ValueError | None = None
    names = [None, *read_table(files["data.csv"], own["name"], **own["told"]).frame.columns]
    for name in names[:MOST_TARGETS]:
        choices = {**own["choices"], **({"target": name} if name else {})}
        try:
            found = open_described({**saved, "table": {**own, "choices": choices}}, files)
        except ValueError as reason:
            first = first or reason
            continue
        if tr(OTHER_DATA) not in found.run.dataset.notes:
            return found
        first = found if first is None or isinstance(first, ValueError) else first
    if isinstance(first, Project):
        return first
    raise first or ValueError(tr("The project's table has no columns."))


def open_described(saved: dict, files: dict[str, bytes]) -> Project:
    """Return the project of a checked description and its files.

    Raises ValueError if the settings do not fit the data.
    """
    config = read_saved_config(saved["config"])
    project, dataset = load_project_data(saved, files, config)
    try:
        run = Run(config, dataset)
    except ValueError as reason:
        raise ValueError(
            reason_or(reason, tr("The project's settings do not fit its data."))
        ) from None
    run.events = read_saved_events(saved["events"], run.network.sizes)
    restore_run_state(run, saved, read_npz(files["run.npz"], NUMBERS))
    return project._replace(run=run, epoch=saved_epoch(saved, run))


def saved_epoch(saved: Mapping[str, Any], run: Run) -> int | None:
    """Return the epoch that was on the screen; None in files of earlier versions."""
    epoch = saved.get("shown")
    if epoch is not None:
        check_entries(
            saved, {"shown": whole_number(0, run.epochs)}, tr("The project's description")
        )
    return epoch


def load_project_data(
    saved: dict, files: dict[str, bytes], config: Config
) -> tuple[Project, Dataset]:
    """Return the project with its table, but no run yet, and the data set.

    Raises ValueError if the table is missing or cannot be prepared.
    """
    nothing: Any = None
    if "table" not in saved:
        if config.dataset == OWN:
            raise ValueError(tr("The project needs a table, but the file has none."))
        return Project(nothing), load(config)
    own = table_entry(saved["table"], "data.csv" in files)
    data = files["data.csv"]
    try:
        table = read_table(data, own["name"], **own["told"])
        prepared = prepare(table, config=config, **own["choices"])
    except Exception as reason:  # a file from outside may hold any choices
        words = tr("The project's table cannot be prepared with the saved choices.")
        raise ValueError(reason_or(reason, words)) from None
    project = Project(nothing, table, prepared, data, own["choices"])
    return project, prepared.dataset


def table_entry(own: object, is_there: bool) -> dict[str, Any]:
    """Return the entry of the table. Raises ValueError if it is wrong or data.csv is missing."""
    what = tr("The project's entry on its table")
    if not isinstance(own, dict):
        raise ValueError(tr("{what} is not an object.", what=what))
    check_entries(own, TABLE, what)
    reading = tr("The project's list of reading options")
    check_names(own["told"], keyword_choices(read_table), reading)
    check_entries(own["told"], {key: TOLD.get(key, TEXT) for key in own["told"]}, reading)
    choices = {"target", *keyword_choices(prepare)} - {"config", "columns"}
    check_names(own["choices"], choices, tr("The project's list of choices for the table"))
    if not is_there:
        raise ValueError(tr("The file has no {name} in it.", name="data.csv"))
    return own


def keyword_choices(function: Callable) -> set[str]:
    """Return the names of the keyword-only arguments of a function, without `progress`."""
    parameters = inspect.signature(function).parameters.values()
    return {one.name for one in parameters if one.kind is one.KEYWORD_ONLY} - {"progress"}


def restore_run_state(run: Run, saved: dict, numbers: dict[str, Array]) -> None:
    """Restore a new run to the saved one, from the n states, such as `memory` (n, m).

    Raises ValueError if they do not fit the run.
    """
    history, head, stride = numbers["history"], saved["head"], saved["stride"]
    check_numbers(run, numbers)
    check_epochs(numbers["epochs"], len(history), head, stride)
    for epoch, record in enumerate(history):
        run.history[epoch] = record
    states = read_states(numbers)
    run.checkpoints.stride = stride
    run.checkpoints.kept = States({e: s for e, s in states.items() if e % stride == 0})
    run.live.configure(run.config_at(head))
    run.live.restore(states[head], head)
    if not np.isfinite(run.live.network.theta).all():
        raise ValueError(tr("The project's weights are not finite."))
    run.epochs = len(history) - 1
    run.finished, run.diverged = saved["finished"], saved["diverged"]
    best, loss = saved["patience"]
    if best > run.epochs:
        raise ValueError(
            tr("The project needs a 'patience' of at most epoch {epoch:,}.", epoch=run.epochs)
        )
    run.patience.begin(best, float(loss))
    with np.errstate(all="ignore"):
        train, *_ = run.evaluator.evaluate(run.live.network.theta)
    if not np.isclose(train, history[head]["train"], rtol=1e-3, equal_nan=True):
        run.dataset = run.dataset.noting(tr(OTHER_DATA))


def check_numbers(run: Run, numbers: dict[str, Array]) -> None:
    """Raise ValueError if shape, dtype or content of an array does not fit the run."""
    history, memory, n = numbers["history"], numbers["memory"], numbers["epochs"].size
    own = run.live.memory
    same = memory.shape == (n, len(own)) and memory.dtype == own.dtype
    same = same and numbers["randoms"].shape == (n, 8) and numbers["randoms"].dtype == np.uint64
    same = same and numbers["progress"].shape == (n, 3) and numbers["progress"].dtype == float
    if not same or history.dtype != run.history.kind or not 0 < history.size <= MOST_EPOCHS + 1:
        raise ValueError(tr("The project's numbers do not fit its network."))
    best, counts = numbers["progress"][:, 0], numbers["progress"][:, 1:]
    known = np.isfinite(counts).all() and not np.isnan(best).any()
    if not known or counts.min() < 0 or counts.max() > MOST_EPOCHS:
        raise ValueError(tr("The project's 'progress' of the learning rate is not valid."))
    if (numbers["randoms"][:, [2, 6]] > 1).any() or (numbers["randoms"][:, [3, 7]] >> 32).any():
        raise ValueError(tr("The project's 'randoms' are not the state of a random generator."))


def check_epochs(epochs: Array, count: int, head: int, stride: int) -> None:
    """Raise ValueError if `head` and the epochs (n,) do not fit a run of `count` records."""
    kept = sorted(epochs.tolist()) if epochs.ndim == 1 and epochs.dtype.kind == "i" else []
    if not kept or len(set(kept)) < len(kept) or kept[0] != 0 or kept[-1] >= count:
        raise ValueError(tr("The project's epochs do not fit together."))
    if head not in kept:
        raise ValueError(
            tr("The project's 'head' must be an epoch that it holds; {head} was given.", head=head)
        )
    if 2 * sum(epoch % stride == 0 for epoch in kept) < (count - 1) // stride:
        raise ValueError(
            tr("The project's 'stride' does not fit its epochs; {stride} was given.", stride=stride)
        )


def read_states(numbers: dict[str, Array]) -> dict[int, State]:
    """Return the state after each of the saved epochs (n,)."""
    states = {}
    for i, epoch in enumerate(numbers["epochs"].tolist()):
        best, waited, drops = numbers["progress"][i]
        own = numbers["randoms"][i]
        progress = PlateauState(float(best), int(waited), int(drops))
        states[epoch] = State(
            numbers["memory"][i].copy(),
            rng_state_from_words(own[:4]),
            rng_state_from_words(own[4:]),
            progress,
        )
    return states
