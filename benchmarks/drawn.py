"""Runs drawn by a seed, and the judge of what the diagnosis says of them.

A drawn run takes its choices at random: problem, noise, depth, widths, activation, optimizer,
learning rate over decades, penalties, dropout, batch size, start weights, epochs. Nothing about it
is known before, so its findings are judged by experiment. For each finding the run is trained again
on the same data from several start weights, with the one change that the finding proposes, and with
each of the usual OTHERS in its place. The finding is right if

1. its change helps: with it the validation loss (that of training where there is no validation
   part) is lower than that of the run by CLEAR of the level, for MOST of the start weights;
2. no other change helps more: none has a median loss that is lower than with the proposed change
   by MORE of the level. A cause that another finding of the same run names does not count: a run
   may have two.

What is a fact and not a cause (SYMPTOMS) is right if it is gone after the change, and what proposes
no change (FACTS) blames nothing. A run without a finding is right. A healthy run is drawn from
sensible choices, and kept if its score is near the best that is known; there any finding is a false
alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from engine.batched import Runs
from engine.data import Dataset
from engine.diagnosis import Finding, diagnose
from engine.problems import PROBLEMS, load
from engine.training import Config, Run

STARTS = 5  # start weights of each change
CLEAR, MOST, MORE = 0.02, 0.8, 0.1  # of the level; of the start weights; of the level
SYMPTOMS = ("identical_units",)  # what is equal at the start, and stays so
FACTS = ("diverged", "memorization")  # where no change is proposed, these blame nothing
SHORT = 60  # epochs: what shorter runs are judged at, so that a change has time to show
LOST = 3.0  # of the level: what a diverged run counts as

FORMULA = ("circle", "xor", "gauss", "spiral", "moons", "plane", "bumps")
TABLES = ("iris", "wine", "breast_cancer", "diabetes")
FIXED = ("moons_200", "circles_300", "spiral_400", "sine", "random_labels", "moons_noise_columns")
WIDTHS = (1, 2, 3, 4, 6, 8, 16, 32)


class Drawn(NamedTuple):
    """One run of the draw."""

    seed: int
    config: Config
    epochs: int

    @property
    def words(self) -> str:
        query = self.config.to_query()
        return f"{self.epochs} epochs " + " ".join(f"{k}={v}" for k, v in query.items() if k != "v")


def decade(draw: np.random.Generator, low: float, high: float) -> float:
    """A number between two powers of ten, two digits of it."""
    return float(f"{10 ** draw.uniform(low, high):.2g}")


def wild(seed: int) -> Drawn:
    """The run of a seed, every choice at random."""
    draw = np.random.default_rng([seed, 2026])
    pick = lambda options: options[int(draw.integers(len(options)))]
    sometimes = lambda share, value, other: value if draw.random() < share else other
    kind = draw.random()
    dataset = pick(FORMULA if kind < 0.7 else TABLES if kind < 0.85 else FIXED)
    optimizer = pick(("sgd", "sgd", "momentum", "nesterov", "adam", "adam", "rmsprop"))
    adaptive = optimizer in ("adam", "rmsprop")
    depth = pick((0,) * 2 + (1,) * 11 + (2,) * 5 + (3,) * 2 + (5,))
    init = pick(("glorot_uniform",) * 12 + ("he_normal", "normal", "uniform", "zeros"))
    config = Config(
        dataset=dataset,
        noise=round(float(draw.uniform(0, 0.3)), 2),
        size=pick((60, 150, 300, 500)),
        hidden=tuple(pick(WIDTHS) for _ in range(depth)),
        activation=pick(
            ("tanh",) * 8 + ("relu",) * 5 + ("sigmoid",) * 3 + ("leaky_relu", "linear")
        ),
        init=init,
        init_scale=decade(draw, -2, 1),
        optimizer=optimizer,
        learning_rate=decade(draw, -4.5, 0) if adaptive else decade(draw, -4, 0.7),
        batch_size=pick((0, 0, 1, 4, 10, 10, 32)),
        l2=sometimes(0.3, decade(draw, -4, 0.5), 0.0),
        l1=sometimes(0.15, decade(draw, -4, 0), 0.0),
        dropout=sometimes(0.25, round(float(draw.uniform(0.1, 0.9)), 1), 0.0),
        scaling=sometimes(0.9, "standard", "none"),
        seed=int(draw.integers(1000)),
    )
    return Drawn(seed, config, pick((5, 20, 60, 100, 200, 300)))


def plain(seed: int) -> Drawn:
    """The run of a seed with one hidden layer or two, and only the usual choices at random."""
    draw = np.random.default_rng([seed, 77])
    pick = lambda options: options[int(draw.integers(len(options)))]
    optimizer = pick(("sgd", "sgd", "adam"))
    config = Config(
        dataset=pick((*FORMULA, *TABLES, "random_labels", "moons_200", "sine")),
        hidden=pick(((1,), (2,), (4,), (8,), (16,), (8, 8), (2, 2), (32,))),
        activation=pick(("tanh", "tanh", "relu", "sigmoid")),
        optimizer=optimizer,
        learning_rate=decade(draw, -5, 0 if optimizer == "adam" else 1),
        l2=pick((0.0, 0.0, 0.0, 0.0, 1e-3, 0.01, 0.1, 1.0, 10.0)),
        l1=pick((0.0,) * 8 + (1e-3, 0.01, 0.1)),
        dropout=pick((0.0, 0.0, 0.0, 0.0, 0.2, 0.5, 0.8, 0.9)),
        noise=pick((0.0, 0.1, 0.2, 0.4)),
        seed=int(draw.integers(1000)),
    )
    return Drawn(seed, config, pick((50, 100, 200, 300)))


def sensible(seed: int) -> Drawn:
    """The run of a seed, as somebody who knows the trade would choose it."""
    draw = np.random.default_rng([seed, 2027])
    pick = lambda options: options[int(draw.integers(len(options)))]
    dataset = pick((*FORMULA, "iris", "wine", "breast_cancer", "moons_200", "circles_300"))
    own = dict(PROBLEMS[dataset].suggested)
    hard = dataset in ("spiral", "bumps")
    adam = hard or draw.random() < 0.5
    config = Config(
        **{
            **own,
            "dataset": dataset,
            "noise": pick((0.0, 0.05, 0.1, 0.2)),
            "size": pick((300, 500)),
            "hidden": pick(((16, 16), (32, 16), (8, 8, 8)) if hard else ((8,), (16,), (8, 8))),
            "activation": pick(("tanh", "tanh", "relu", "leaky_relu")),
            "init": "glorot_uniform",
            "optimizer": "adam" if adam else "sgd",
            "learning_rate": pick((0.003, 0.005, 0.01)) if adam else pick((0.03, 0.05, 0.1)),
            "batch_size": pick((10, 16, 32)),
            "l2": pick((0.0, 1e-4, 1e-3)),
            "dropout": 0.0 if hard else pick((0.0, 0.0, 0.0, 0.1)),
            "seed": int(draw.integers(1000)),
        }
    )
    return Drawn(seed, config, 300 if hard else pick((60, 100, 200)))


def best_score(config: Config) -> float:
    """The best accuracy or R² that is known of a problem."""
    problem = PROBLEMS[config.dataset]
    if problem.best is not None:
        return problem.best(config.noise)
    return {"iris": 0.95, "wine": 0.97, "breast_cancer": 0.96}.get(config.dataset, 0.97)


def near_best(run: Run) -> bool:
    """Whether the score on the examples kept aside is the best one, to within their noise."""
    part = "validation" if len(run.dataset.validation) else "train"
    best, n = best_score(run.config), len(run.dataset.rows(part))
    noise = np.sqrt(max(best * (1 - best), 0.01) / n) if run.dataset.classes else 0.02
    return bool(run.losses[-1][f"{part}_metric"] >= best - noise)


# The judge


class Verdict(NamedTuple):
    """What the experiments say of one finding."""

    rule: str
    right: bool
    before: float  # losses as shares of the level
    after: float  # median over the start weights
    better: str  # the other change that helps more, "" if none does


OTHERS: dict[str, Callable[[Config], dict[str, Any]]] = {
    "rate up": lambda c: {"learning_rate": min(c.learning_rate * 10, 1000.0)},
    "rate down": lambda c: {"learning_rate": max(c.learning_rate / 10, 1e-6)},
    "no penalty": lambda c: {"l1": 0.0, "l2": 0.0},
    "no dropout": lambda c: {"dropout": 0.0},
    "wider": lambda c: {"hidden": tuple(max(16, 4 * n) for n in c.hidden)},
    "start": lambda c: {"init": "glorot_uniform"},
    "tanh": lambda c: {"activation": "tanh"},
    "scaling": lambda c: {"scaling": "standard"},
}
FAMILY = {
    "learning_rate": "rate",
    "momentum": "rate",
    "optimizer": "rate",
    "l1": "penalty",
    "l2": "penalty",
    "dropout": "dropout",
    "hidden": "wider",
    "init": "start",
    "activation": "tanh",
    "scaling": "scaling",
}
OF = {"rate up": "rate", "rate down": "rate", "no penalty": "penalty", "no dropout": "dropout"}


def families(findings: Sequence[Finding]) -> set[str]:
    """What the changes of findings are changes of."""
    return {FAMILY.get(name, name) for one in findings for name in one.change}


class Experiments:
    """Losses of a run with changes, each from several start weights, as shares of the level."""

    def __init__(self, one: Drawn, run: Run) -> None:
        self.config, self.data = one.config, run.dataset
        self.epochs = max(one.epochs, SHORT)
        chance = run.evaluator.chance()[0]
        self.level = chance or float(run.losses["train"][0]) or 1.0
        self.known: dict[str, np.ndarray] = {}

    def losses(self, changes: Sequence[dict[str, Any]]) -> list[np.ndarray]:
        """(STARTS,) per change; the first of each is with the run's own seed."""
        new = {repr(change): change for change in changes if repr(change) not in self.known}
        configs, data = [], []
        for change in new.values():
            config = replace(self.config, **change)
            made = load(config) if "scaling" in change else self.data
            for k in range(STARTS):
                configs.append(replace(config, seed=self.config.seed + k))
                data.append(made)
        if configs:
            found = self.trained(configs, data)
            self.known.update(zip(new, np.split(found, len(new)), strict=True))
        return [self.known[repr(change)] for change in changes]

    def trained(self, configs: Sequence[Config], data: Sequence[Dataset]) -> np.ndarray:
        """(K,) the median loss of the last tenth of each run."""
        marks = sorted({max(1, round(self.epochs * share)) for share in (0.9, 0.95, 1.0)})
        crowd = Runs(configs, data, marks)
        crowd.advance(np.inf)
        part = 1 if len(self.data.validation) else 0
        losses = crowd.records[:, :, part] / self.level
        return np.median(np.where(losses < LOST, losses, LOST), axis=1)


def verdicts(one: Drawn, run: Run, findings: Sequence[Finding]) -> list[Verdict]:
    """What the experiments say of each finding of a run."""
    tests = Experiments(one, run)
    (base,) = tests.losses([{}])
    spared = families(findings)
    others = {
        name: change(one.config)
        for name, change in OTHERS.items()
        if OF.get(name, name) not in spared
        and replace(one.config, **change(one.config)) != one.config
    }
    other = dict(zip(others, tests.losses(list(others.values())), strict=True)) if findings else {}
    return [verdict(one, tests, finding, float(base[0]), other) for finding in findings]


def verdict(
    one: Drawn, tests: Experiments, finding: Finding, before: float, other: dict[str, np.ndarray]
) -> Verdict:
    """Whether the change of a finding helps, and helps as much as any other."""
    change = dict(finding.change)
    if not change:
        return Verdict(finding.rule, finding.rule in FACTS, before, before, "")
    (after,) = tests.losses([change])
    other = {name: losses for name, losses in other.items() if not same_as(finding.rule, name)}
    helps = np.mean(after < before - min(CLEAR, CLEAR * 2 * before)) >= MOST
    middle = float(np.median(after))
    best = min(other, key=lambda name: float(np.median(other[name])), default="")
    beaten = best if best and float(np.median(other[best])) < middle - MORE else ""
    right = bool(helps) and not beaten
    if not right and finding.rule in SYMPTOMS:
        right = ended(one, tests.data, finding)
    return Verdict(finding.rule, right, before, middle, beaten)


def same_as(rule: str, other: str) -> bool:
    """Whether another change is a medicine for the same fault rather than another cause.

    A slower run overfits later; bounded units keep numbers in bounds, whatever makes them grow.
    """
    return (rule, other) in {
        ("overfitting", "rate down"),
        ("overfitting", "no penalty"),
        ("diverged", "tanh"),
    }


def ended(one: Drawn, data: Dataset, finding: Finding) -> bool:
    """Whether a finding is no longer made after its change."""
    run = Run(replace(one.config, **finding.change), data)
    run.advance(one.epochs)
    return finding.rule not in {now.rule for now in diagnose(run, run.epochs)}


class Judged(NamedTuple):
    """One drawn run, what was found and what the experiments say of it."""

    one: Drawn
    findings: tuple[Finding, ...]
    verdicts: list[Verdict]
    score: float

    @property
    def right(self) -> bool:
        return all(verdict.right for verdict in self.verdicts)


def judged(runs: Iterable[Drawn]) -> Iterator[Judged]:
    """Each drawn run with its verdicts."""
    for one in runs:
        run = Run(one.config, load(one.config))
        run.advance(one.epochs)
        findings = diagnose(run, run.epochs)
        yield Judged(
            one, findings, verdicts(one, run, findings), float(run.losses[-1]["train_metric"])
        )


def healthy(seeds: Sequence[int], count: int) -> Iterator[tuple[Drawn, tuple[Finding, ...]]]:
    """The first `count` sensible runs of the seeds that come near the best score, and findings."""
    for one in map(sensible, seeds):
        run = Run(one.config, load(one.config))
        run.advance(one.epochs)
        if near_best(run):
            yield one, diagnose(run, run.epochs)
            count -= 1
        if not count:
            return
