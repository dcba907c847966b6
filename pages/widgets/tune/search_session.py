"""The search of one person: what to search, and the search that runs or is done.

It is kept in the session, so it survives a change of page; no result is lost by stopping. A link
contains the search, not its results.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import streamlit as st

from engine.language import tr
from engine.problems import OF_DATA, PROBLEMS
from engine.search import (
    ClusterTuning,
    Range,
    Search,
    SearchState,
    Space,
    TrainingPlan,
    article_search,
    permitted_address,
    read_space,
    results_table,
    write_space,
)
from engine.training import CHOICES, OWN, Config
from pages.widgets.session import data_for, of_session, session
from pages.widgets.tune.remote_search import RemoteSearch

BETWEEN = "!"  # folds, draws and seed of a link, and the space
PLACE = re.compile(r"[0-9]{1,6}")  # a whole number of a link
EPOCHS = 100  # of each training, by default
# Without a link: a small search that can be started at once.
FIRST_SPACE: Space = {"hidden": ((2,), (4,), (8,)), "learning_rate": (0.01, 0.1)}
NEVER = ("dataset", "fold", "folds", "start", "dropouts", "activations")


@dataclass
class Draft:
    """What to search."""

    space: dict[str, tuple | Range] = field(default_factory=dict)
    folds: int = 5
    draws: int = 0  # 0: every combination
    seed: int = 0  # of the draws
    epochs: int = EPOCHS  # unless they are searched
    address: str = ""  # of a Dask scheduler; empty: this machine


@dataclass(frozen=True)
class Example:
    """An example search; without a config it uses the current settings."""

    title: str
    about: str
    space: Space
    config: Config | None = None
    draws: int = 0


def example_searches() -> tuple[Example, ...]:
    """Return the example searches."""
    iris = Config(
        dataset="iris", hidden=(8,), activation="relu", optimizer="adam", batch_size=32, epochs=100
    )
    own = article_search()
    rates = {"hidden": ((8,), (16,)), "learning_rate": (0.003, 0.01, 0.03), "l2": (0.0001, 0.01)}
    races = {"optimizer": ("sgd", "momentum", "rmsprop", "adam")}
    races |= {"learning_rate": (0.003, 0.01, 0.03, 0.1, 0.3)}
    spread = {
        "learning_rate": Range(0.001, 1.0, True),
        "hidden": ((2,), (4,), (8,), (16,), (8, 8)),
        "activation": ("tanh", "relu"),
        "l2": Range(1e-5, 0.03, True),
    }
    return (
        Example(
            tr("The article's grid"),
            tr(
                "RMSprop with 5, 10 and 15 epochs, batches of 128, seven classes. One training "
                "gives "
                "the scores for all numbers of epochs."
            ),
            own.space,
            own.config,
        ),
        Example(
            tr("Iris, 12 candidates"),
            tr("Varies the hidden units, the learning rate and L2."),
            rates,
            iris,
        ),
        Example(tr("Optimizer and rate"), tr("Which pair is best for the current problem?"), races),
        Example(
            tr("40 random candidates"),
            tr("Four settings of the current problem at once, drawn at random."),
            spread,
            draws=40,
        ),
    )


class SearchSession:
    """A draft, and the search that was started from one."""

    def __init__(self) -> None:
        self.draft = Draft()
        self.made: tuple[tuple[str, Config, int], Search, TrainingPlan] | None = None  # the draft's
        self.search: Search | None = None  # the one whose results are shown
        self.plan: TrainingPlan | None = None  # of this search
        self.metric = "accuracy"  # its score; R² of a regression
        self.work: RemoteSearch | ClusterTuning | None = None
        self.state: SearchState | None = None
        self.running, self.starting = False, False
        self.start_wanted = False  # by a person; it begins when the page is drawn
        self.error = ""
        self.picked: int | None = None  # a candidate, for the Train page

    # What is asked for

    def requested_search(self) -> tuple[Search, TrainingPlan]:
        """Return the search of the draft and its trainings; raise ValueError if it is not valid."""
        draft, own = self.draft, session()
        if not draft.space:
            raise ValueError(tr("Choose a setting to vary, or an example."))
        asked = (repr(draft), own.config, own.run_number)
        if self.made is None or self.made[0] != asked:
            epochs = own.config.epochs if "epochs" in draft.space else draft.epochs
            config = replace(own.config, epochs=epochs or EPOCHS)
            data = data_for(config) if config.dataset == OWN else None
            search = Search(draft.space, config, data, draft.folds, draft.seed, draft.draws)
            self.made = asked, search, TrainingPlan(search)
        return self.made[1], self.made[2]

    def take(self, example: Example) -> None:
        """Take the draft of an example."""
        config = example.config or session().config
        self.draft = replace(
            self.draft,
            space=dict(example.space),
            folds=5,
            draws=example.draws,
            epochs=config.epochs or EPOCHS,
        )

    # Start, stop, go on

    def is_same(self, search: Search) -> bool:
        """Return whether the results shown are of this search."""
        return self.search is not None and self.search.key == search.key

    def want_start(self) -> None:
        """Note that the search asked for is to be started, or continued."""
        self.start_wanted = True

    def start(self, search: Search, trials: TrainingPlan) -> None:
        """Start the search, or continue it where it was stopped."""
        self.metric = "accuracy" if trials.datasets[0].classes else "R²"
        if not self.is_same(search):
            self.stop()
            if self.work is not None:
                self.work.close()
            self.search, self.work, self.state, self.picked = search, None, None, None
            self.plan = trials
        self.running = self.starting = True
        self.error = ""

    def stop(self) -> None:
        """Stop the search and keep what is known."""
        self.running = self.starting = False
        if self.work is not None:
            self.state = self.work.state
        if isinstance(self.work, ClusterTuning):
            self.work.close()
            self.work = None

    def connect(self) -> None:
        """Create the work, here or on the cluster; keep the reason of a failure in `error`."""
        assert self.search is not None
        assert self.plan is not None
        self.starting, address = False, self.draft.address.strip()
        if self.work is not None and not address:
            return
        try:
            if address:
                self.work = ClusterTuning(self.search, permitted_address(address), self.state)
            else:
                known = self.state["rows"] if self.state else {}
                self.work = RemoteSearch(self.search, self.plan, known)
        except ValueError as reason:
            self.error, self.running = str(reason), False

    def advance(self, seconds: float) -> None:
        """Wait for about `seconds`; keep the reason of a failure in `error`."""
        assert self.work is not None
        try:
            if self.work.advance(seconds):
                self.stop()
        except ValueError as reason:
            self.stop()
            self.error = str(reason)

    @property
    def rows(self) -> dict[str, dict[str, float | None]]:
        """Return what is known of the tasks."""
        if self.work is not None:
            return self.work.rows
        return self.state["rows"] if self.state else {}

    def table(self) -> pd.DataFrame:
        """Return one row per candidate of the search shown."""
        assert self.search is not None
        return results_table(self.search, self.rows)

    def scores(self) -> np.ndarray:
        """Return the score of each task (n_candidates, n_folds); nan if unknown or diverged."""
        assert self.search is not None
        found = np.full((len(self.search.candidates), self.search.folds), np.nan)
        for name, row in self.rows.items():
            candidate, fold = map(int, name.split("/"))
            score = row["validation_metric"]
            found[candidate, fold - 1] = np.nan if score is None else score
        return found


def search_session() -> SearchSession:
    """Return this person's search, at first the one in the link."""
    return of_session("search", search_of_link)


def search_of_link() -> SearchSession:
    """Return the search that the link asks for, not started yet."""
    own, state = session(), SearchSession()
    text = st.query_params.get("search", "")
    if not text:
        given = {"hidden"} if own.config.start else set()  # start weights fit one network only
        state.draft.space = {name: FIRST_SPACE[name] for name in FIRST_SPACE if name not in given}
    else:
        state.draft, notes = read_draft(text)
        state.draft.epochs = own.config.epochs or EPOCHS
        own.notes += notes
    return state


def write_draft(draft: Draft) -> str:
    """Return the draft as it is in a link: 5.0.0!hidden:4|8;l2:0.0|0.01."""
    return f"{draft.folds}.{draft.draws}.{draft.seed}{BETWEEN}{write_space(draft.space)}"


def read_draft(text: str) -> tuple[Draft, list[str]]:
    """Return the draft in a link, and a sentence for each part that was ignored."""
    numbers, _, space = text.rpartition(BETWEEN)
    given, notes = read_space(space)
    words = numbers.split(".") if numbers else ["5", "0", "0"]
    if len(words) == 3 and all(PLACE.fullmatch(word) for word in words):
        folds, draws, seed = map(int, words)
        return Draft(given, min(max(folds, 1), 20), min(draws, 1000), seed), notes
    return Draft(given), [
        *notes,
        tr("The folds and draws in the link are not valid and were ignored."),
    ]


def choice_title(name: str) -> str:
    """Return the label of a choice in a search."""
    return tr("Epochs") if name == "epochs" else tr(CHOICES[name].label)


def searchable(config: Config) -> list[str]:
    """Return the choices that a search may vary for this problem."""
    fixed = config.dataset == OWN or PROBLEMS[config.dataset].kind == "fixed"
    shut = set(OF_DATA) - {"output", "loss", "seed"} if fixed else set()
    return [name for name in CHOICES if name not in NEVER and name not in shut]


def search_query(draft: Draft, config: Config) -> Mapping[str, str]:
    """Return the query of a search's address."""
    return {**config.to_query(), "search": write_draft(draft)}
