"""What the answers to a player depend on beside the run: plain values of the visitor's session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from engine.data import Dataset
from engine.evaluation import Pair
from engine.problems import load_shared
from engine.training import (
    LIVE,
    MOST_BYTES,
    OWN,
    Config,
    Event,
    Run,
    RunState,
    live_choices,
    state_of_run,
    take_over,
)
from pages.figures.base.url import ALL_CONTROLS, Controls


class Tried(NamedTuple):
    """A change that a finding proposed and that was made: its words, its epoch and its loss."""

    rule: str
    offer: str
    epoch: int
    loss: float  # of the part
    part: str  # train or validation; "" where the losses of before and after are of two kinds
    live: bool  # from that epoch on; else in a new run from the start


class LiveView(NamedTuple):
    """What a visitor's session says about the run on the screen."""

    run_id: str  # the name by which the browser knows the run
    config: Config  # the choices in the side bar
    pair: Pair = ()  # the inputs on the map
    tried: Tried | None = None
    findings: bool = True  # whether the page shows what the rules find; a lesson does not
    controls: Controls = ALL_CONTROLS  # of the side bar and the diagram

    @property
    def setup_id(self) -> str:
        """Return the name of the set-up that the browser needs for this run and map."""
        return f"{self.run_id} {self.pair}"


class RunsView(NamedTuple):
    """What a visitor's session says about runs side by side."""

    run_id: str  # the name by which the browser knows the set of runs
    query: str  # of the link to all of them


View = LiveView | RunsView


@dataclass(frozen=True)
class Specification:
    """All that a run is made from; `state` spares training again what is known already.

    So does what this machine keeps of such a run, up to the epoch `resume`.
    """

    config: Config
    dataset: Dataset | None  # None: the built-in problem of the config
    events: tuple[Event, ...] = ()
    state: RunState | None = None
    resume: int = 0

    def build(self) -> Run:
        """Return the run. Raises ValueError if its choices cannot be trained."""
        dataset = load_shared(self.config) if self.dataset is None else self.dataset
        run = Run(self.config, dataset, self.events)
        if self.state is not None:
            take_over(run, self.state)
        return run


class Standing(NamedTuple):
    """How far a run is: what its copy in another process is compared with."""

    epochs: int
    events: tuple[Event, ...]
    ended: str  # the sentence that says why training stopped

    @classmethod
    def of(cls, run: Run) -> Standing:
        """Return the standing of a run."""
        return cls(run.epochs, tuple(run.events), run.diverged or run.finished)

    def last_config(self, config: Config) -> Config:
        """Return the settings at the end of a run that began with `config`."""
        return replace(config, **live_choices(self.events))


def specification(run: Run, most_bytes: float = MOST_BYTES) -> Specification:
    """Return what `run` is made from, with its state if it has been trained.

    The checkpoints of the state have at most `most_bytes`; with math.inf it has all of the run's.
    """
    data = run.dataset if run.config.dataset == OWN else None
    state = state_of_run(run, most_bytes=most_bytes) if run.epochs else None
    return Specification(run.config, data, tuple(run.events), state)


def pending(now: Config, config: Config) -> dict[str, float]:
    """Return the live choices of `config` that differ from those of `now`, which a run has."""
    return {
        name: getattr(config, name) for name in LIVE if getattr(config, name) != getattr(now, name)
    }
