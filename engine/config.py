"""Config: every choice that makes a run, declared once, checked once, written into a link.

Equal Config and equal data give an equal run, bit for bit. The check, the address bar and the
side bar all read a choice's limits, options and words from its one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, NamedTuple

from engine.activations import ACTIVATIONS
from engine.formulas import FEATURES
from engine.initializers import INITIALIZERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.starts import STARTS

VERSION = "1"
WHOLE_SET = 0  # the batch size that stands for all training examples

DATASETS = (
    *("circle", "xor", "gauss", "spiral", "moons", "plane", "bumps", "line"),
    *("iris", "wine", "breast_cancer", "digits", "diabetes"),
    *("xor_table", "mazur", "one_neuron", "linear_neuron", "moons_200", "moons_40"),
    *("circles_300", "spiral_400", "sine", "random_labels", "gauss_imbalanced", "line_3x2"),
    *("line_centred", "moons_noise_columns", "wine_70_30", "article_classes"),
)


class Choice(NamedTuple):
    """What may be chosen, and the words that go with it."""

    label: str
    help: str
    low: float | None = None  # of a number, or of each number of a tuple
    high: float | None = None
    options: tuple[str, ...] = ()  # of a word, or of each word of a tuple
    least: int = 0  # numbers or words in a tuple
    most: int = 1
    live: bool = False  # may change while the run goes on


def choice(default: Any, label: str, help: str, **limits: Any) -> Any:
    """A dataclass field that carries its Choice."""
    return field(default=default, metadata={"choice": Choice(label, help, **limits)})


@dataclass(frozen=True)
class Config:
    """Every choice of one run; a value outside its limits raises ValueError with one sentence."""

    dataset: str = choice("circle", "Problem", "What the network has to learn.", options=DATASETS)
    noise: float = choice(
        0.1, "Noise", "More noise mixes the classes and lowers the best score.", low=0, high=0.5
    )
    size: int = choice(
        500, "Examples", "More examples make it harder to learn them by heart.", low=1, high=5000
    )
    features: tuple[str, ...] = choice(
        ("x1", "x2"),
        "Inputs",
        "A well-chosen input can spare a whole hidden layer.",
        options=tuple(FEATURES),
        least=1,
        most=7,
    )
    validation: float = choice(
        0.2, "Validation share", "Examples kept aside to choose by.", low=0, high=0.8
    )
    test: float = choice(
        0.2, "Test share", "Examples kept aside for the report alone.", low=0, high=0.8
    )
    scaling: str = choice(
        "standard",
        "Scaling",
        "Inputs of mean 0 and deviation 1 let one learning rate suit them all.",
        options=("standard", "none"),
    )
    seed: int = choice(
        0, "Seed", "Another seed draws other data and start weights.", low=0, high=2**31 - 1
    )
    hidden: tuple[int, ...] = choice(
        (4,),
        "Hidden layers",
        "Each unit adds one bend; each layer combines the bends below it.",
        low=1,
        high=128,
        most=6,
    )
    activation: str = choice(
        "tanh",
        "Activation",
        "Without a bend here, any depth is still one straight line.",
        options=tuple(name for name, f in ACTIVATIONS.items() if f.hidden),
    )
    output: str = choice(
        "auto",
        "Output",
        "How the last layer speaks: a number, a probability, or one per class.",
        options=("auto", *(name for name, f in ACTIVATIONS.items() if f.output)),
    )
    loss: str = choice(
        "auto",
        "Loss",
        "What counts as an error decides how large the error term is.",
        options=("auto", *LOSSES),
    )
    init: str = choice(
        "glorot_uniform",
        "Start weights",
        "Too small and nothing flows, too large and units saturate, equal and they stay equal.",
        options=tuple(INITIALIZERS),
    )
    init_scale: float = choice(
        0.5, "Start scale", "Limit, deviation or value of the start weights.", low=0, high=100
    )
    start: str = choice(
        "", "Given weights", "Explicit start weights of a worked example.", options=("", *STARTS)
    )
    biases: str = choice(
        "learn",
        "Biases",
        "Frozen biases keep every boundary where the start put it.",
        options=("learn", "frozen"),
    )
    optimizer: str = choice(
        "sgd",
        "Optimizer",
        "How the gradient becomes a step.",
        options=tuple(OPTIMIZERS),
    )
    learning_rate: float = choice(
        0.1,
        "Learning rate",
        "The length of a step: too small is slow, too large overshoots.",
        low=1e-6,
        high=1000,
        live=True,
    )
    momentum: float = choice(
        0.9, "Momentum", "How much of the last step goes on.", low=0, high=0.999
    )
    batch_size: int = choice(
        10,
        "Batch size",
        "Examples per step: small batches are noisy and quick, the whole set is smooth.",
        low=WHOLE_SET,
        high=5000,
    )
    l1: float = choice(
        0.0, "L1", "Pulls every weight towards 0 at the same speed.", low=0, high=10, live=True
    )
    l2: float = choice(
        0.0, "L2", "Pulls large weights harder than small ones.", low=0, high=10, live=True
    )
    dropout: float = choice(
        0.0,
        "Dropout",
        "The share of hidden units muted at random in each step.",
        low=0,
        high=0.9,
        live=True,
    )
    epochs: int = choice(
        0, "Stop at epoch", "Playing pauses here; 0 plays until paused.", low=0, high=1_000_000
    )

    def __post_init__(self) -> None:
        for name, one in CHOICES.items():
            check(name, getattr(self, name), one)
        if self.validation + self.test > 0.9:
            raise ValueError(
                "validation and test together must leave a tenth of the examples for training "
                f"(at most 0.9); they are {self.validation + self.test:g}."
            )

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Config, list[str]]:
        """The Config that a link's query asks for, and a sentence for each part not taken."""
        taken: dict[str, Any] = {}
        notes = [] if query.get("v", VERSION) == VERSION else [newer_version(query["v"])]
        for name, text in query.items():
            if name not in CHOICES:
                if name not in NOT_CHOICES:
                    notes.append(f"The link's {quoted(name)} is no setting; it was left out.")
                continue
            try:
                value = read(name, text)
                check(name, value, CHOICES[name])
                taken[name] = value
            except ValueError as reason:
                notes.append(f"{reason} The default {write(DEFAULTS[name]) or '(none)'} is used.")
        try:
            return cls(**taken), notes
        except ValueError as reason:
            taken.pop("validation", None)
            taken.pop("test", None)
            return cls(**taken), [*notes, f"{reason} The defaults are used."]

    def to_query(self) -> dict[str, str]:
        """The query of a link to this Config: the version, and what differs from the defaults."""
        chosen = {
            name: write(getattr(self, name))
            for name in CHOICES
            if getattr(self, name) != DEFAULTS[name]
        }
        return {"v": VERSION, **chosen}


CHOICES: dict[str, Choice] = {one.name: one.metadata["choice"] for one in fields(Config)}
DEFAULTS: dict[str, Any] = {
    one.name: one.default for one in fields(Config) if one.default is not MISSING
}
LIVE = tuple(name for name, one in CHOICES.items() if one.live)
NOT_CHOICES = ("v", "epoch", "example", "events", "check", "pair")  # what else a link holds


def quoted(text: object) -> str:
    """Text that a stranger typed, short and in quotation marks."""
    text = str(text)
    return f"'{text[:30]}…'" if len(text) > 30 else f"'{text}'"


def newer_version(version: str) -> str:
    """The sentence for a link of another version."""
    return (
        f"This link has version {quoted(version)}; this app writes version {VERSION}, "
        "so the run may differ."
    )


def read(name: str, text: str) -> Any:
    """The value that `text` spells for the choice `name`; ValueError if it spells none."""
    like = DEFAULTS[name]
    if isinstance(like, str):
        return text
    try:
        if isinstance(like, tuple):
            words = [word for word in text.replace("-", ",").split(",") if word not in ("", "0")]
            return tuple(words) if isinstance(like[0], str) else tuple(map(int, words))
        return type(like)(text)
    except ValueError:
        kind = "number" if isinstance(like, float) else "whole number"
        label = CHOICES[name].label
        raise ValueError(f"{label} ({name}) must be a {kind}; {quoted(text)} was given.") from None


def write(value: Any) -> str:
    """The shortest text that `read` turns back into exactly this value."""
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "0"
    return repr(float(value)) if isinstance(value, float) else str(value)


def check(name: str, value: Any, one: Choice) -> None:
    """Nothing, or ValueError: the choice, what is allowed, and what was given."""
    if isinstance(value, tuple):
        repeated = bool(one.options) and len(set(value)) < len(value)
        if not one.least <= len(value) <= one.most or repeated:
            entries = "different entries" if one.options else "entries"
            raise ValueError(
                f"{one.label} ({name}) takes {one.least} to {one.most} {entries}; "
                f"{quoted(write(value))} was given."
            )
        for part in value:
            check(name, part, one._replace(most=1))
    elif one.options and value not in one.options:
        allowed = ", ".join(filter(None, one.options))
        raise ValueError(
            f"{one.label} ({name}) must be one of {allowed}; {quoted(value)} was given."
        )
    elif one.low is not None and one.high is not None and not one.low <= value <= one.high:
        raise ValueError(  # also for nan, which lies nowhere
            f"{one.label} ({name}) must lie between {one.low:g} and {one.high:,.10g}; "
            f"{quoted(value)} was given."
        )
