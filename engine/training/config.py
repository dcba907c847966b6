"""Config: every setting of a run, declared once, checked once, written into a link.

Equal Config and equal data give an equal run, bit for bit. The check, the address bar and the
side bar read the limits, options and texts of a setting from one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, NamedTuple

from engine.data import FEATURES
from engine.language import marked, tr
from engine.nn import (
    ACTIVATIONS,
    CONVENTIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    Array,
    Settings,
)
from engine.training.options import (
    Choice,
    check_choice,
    choice_field,
    quoted,
    read_choice,
    write_choice,
)
from engine.training.start_weights import STARTS, Start

VERSION = "1"
OWN = "own"  # the problem name for the visitor's table
SAME_SEED = -1  # the data seed that means the seed of the run
WHOLE_SET = 0  # the batch size that means all training examples

DATASETS = (
    *("circle", "xor", "gauss", "spiral", "moons", "plane", "bumps", "line"),
    *("iris", "wine", "breast_cancer", "digits", "diabetes"),
    *("xor_table", "mazur", "one_neuron", "linear_neuron", "moons_200", "moons_40"),
    *("circles_300", "spiral_400", "sine", "random_labels", "gauss_imbalanced", "line_3x2"),
    *("line_centred", "moons_noise_columns", "wine_70_30", "article_classes"),
)


class Batches(NamedTuple):
    """How the examples of an epoch are split into batches."""

    size: int  # examples per batch; the last batch may hold fewer
    per_epoch: int  # batches per epoch, each of them one step


@dataclass(frozen=True)
class Config:
    """All settings of one run; a value outside its limits raises ValueError."""

    dataset: str = choice_field(
        "circle",
        marked("Problem"),
        marked("What the network has to learn."),
        options=(*DATASETS, OWN),
    )
    noise: float = choice_field(
        0.1,
        marked("Noise"),
        marked("More noise mixes the classes and lowers the best possible score."),
        low=0,
        high=0.5,
    )
    size: int = choice_field(
        500,
        marked("Examples"),
        marked("Number of examples. The more there are, the harder it is to memorize them."),
        low=1,
        high=5000,
    )
    features: tuple[str, ...] = choice_field(
        ("x1", "x2"),
        marked("Inputs"),
        marked("The inputs of the network. A good input can replace a whole hidden layer."),
        options=tuple(FEATURES),
        least=1,
        most=7,
        different=True,
    )
    validation: float = choice_field(
        0.2,
        marked("Validation share"),
        marked("Share of the examples that help to choose settings. Training does not use them."),
        low=0,
        high=0.8,
    )
    folds: int = choice_field(
        1,
        marked("Folds"),
        marked("Number of cross-validation folds; one of them is for validation."),
        low=1,
        high=20,
    )
    fold: int = choice_field(
        1, marked("Fold"), marked("The fold that is used for validation."), low=1, high=20
    )
    test: float = choice_field(
        0.2,
        marked("Test share"),
        marked("Share of the examples for testing. Only the report uses them."),
        low=0,
        high=0.8,
    )
    scaling: str = choice_field(
        "standard",
        marked("Scaling"),
        marked("With mean 0 and standard deviation 1, one learning rate suits all inputs."),
        options=("standard", "none"),
    )
    seed: int = choice_field(
        0,
        marked("Seed"),
        marked("Start of the random numbers. Another seed gives other data and start weights."),
        low=0,
        high=2**31 - 1,
    )
    data_seed: int = choice_field(
        SAME_SEED,
        marked("Data seed"),
        marked(
            "Start of the random numbers of the data alone. Another one keeps the start weights."
        ),
        low=SAME_SEED,
        high=2**31 - 1,
    )
    hidden: tuple[int, ...] = choice_field(
        (4,),
        marked("Hidden layers"),
        marked("Units in each layer. Each unit adds one bend; the next layer combines the bends."),
        low=1,
        high=128,
        most=6,
    )
    activation: str = choice_field(
        "tanh",
        marked("Activation"),
        marked("What each hidden unit applies to z. If it is linear, the whole network is linear."),
        options=tuple(name for name, f in ACTIVATIONS.items() if f.hidden),
    )
    activations: tuple[str, ...] = choice_field(
        (),
        marked("Activation per layer"),
        marked(
            "From the first hidden layer on. Layers without an entry use the setting Activation."
        ),
        options=tuple(name for name, f in ACTIVATIONS.items() if f.hidden),
        most=6,
    )
    output: str = choice_field(
        "auto",
        marked("Output"),
        marked("Activation of the output layer: for a number, a probability, or one per class."),
        options=("auto", *(name for name, f in ACTIVATIONS.items() if f.output)),
    )
    loss: str = choice_field(
        "auto",
        marked("Loss"),
        marked("How the error of the outputs is measured. Training makes this number smaller."),
        options=("auto", *LOSSES),
    )
    init: str = choice_field(
        "glorot_uniform",
        marked("Start weights"),
        marked(
            "Too small: the signal fades. Too large: units saturate. All equal: units stay equal."
        ),
        options=tuple(INITIALIZERS),
    )
    init_scale: float = choice_field(
        0.5,
        marked("Start scale"),
        marked("Limit, standard deviation or value of the start weights."),
        low=0,
        high=100,
    )
    start: str = choice_field(  # `add_starts` adds names
        "", marked("Given weights"), marked("The start weights of a worked example."), options=("",)
    )
    precision: str = choice_field(
        "float64",
        marked("Precision"),
        marked("float32 has 7 digits instead of 16. It needs half the memory, but rounds more."),
        options=("float64", "float32"),
    )
    biases: str = choice_field(
        "learn",
        marked("Biases"),
        marked("Frozen biases keep their start values; only the weights learn."),
        options=("learn", "frozen"),
    )
    optimizer: str = choice_field(
        "sgd",
        marked("Optimizer"),
        marked("The rule that turns the gradient into a step."),
        options=tuple(OPTIMIZERS),
    )
    learning_rate: float = choice_field(
        0.1,
        marked("Learning rate"),
        marked("Size of the steps. Too small is slow; too large jumps over the minimum."),
        low=1e-6,
        high=1000,
        live=True,
    )
    momentum: float = choice_field(
        0.9,
        marked("Momentum"),
        marked("The share of the last step that is added to the next one."),
        low=0,
        high=0.999,
    )
    convention: str = choice_field(
        "textbook",
        marked("Written as in"),
        marked(
            "Libraries use epsilon and the learning rate differently, so their steps differ a "
            "little."
        ),
        options=CONVENTIONS,
    )
    weight_decay: float = choice_field(
        0.0,
        marked("Weight decay"),
        marked("In each step AdamW shrinks every weight by this share times the learning rate."),
        low=0,
        high=10,
    )
    schedule: str = choice_field(
        "constant",
        marked("Schedule"),
        marked("How the learning rate changes during training."),
        options=tuple(SCHEDULES),
    )
    schedule_length: int = choice_field(
        50,
        marked("Schedule length"),
        marked(
            "Epochs until the rate has changed by the factor. Plateau: epochs without a lower loss."
        ),
        low=1,
        high=100_000,
    )
    schedule_factor: float = choice_field(
        0.1,
        marked("Schedule factor"),
        marked("The rate is multiplied by this. Warm-up: the share of the rate at the start."),
        low=0,
        high=1,
    )
    clip: float = choice_field(
        0.0,
        marked("Clip gradient"),
        marked(
            "A longer gradient is shortened to this length. Its direction stays the same. 0 is off."
        ),
        low=0,
        high=1000,
    )
    batch_size: int = choice_field(
        10,
        marked("Batch size"),
        marked(
            "Examples per step. Small batches: many noisy steps. The whole set: one smooth step."
        ),
        low=WHOLE_SET,
        high=5000,
    )
    l1: float = choice_field(
        0.0,
        marked("L1"),
        marked("Pulls every weight towards 0 with the same strength."),
        low=0,
        high=10,
        live=True,
    )
    l2: float = choice_field(
        0.0,
        marked("L2"),
        marked("Pulls every weight towards 0, large weights more strongly."),
        low=0,
        high=10,
        live=True,
    )
    dropout: float = choice_field(
        0.0,
        marked("Dropout"),
        marked("The share of hidden units that are switched off at random in each step."),
        low=0,
        high=0.9,
        live=True,
    )
    dropouts: tuple[float, ...] = choice_field(
        (),
        marked("Dropout per layer"),
        marked("From the first hidden layer on. Layers without an entry use the setting Dropout."),
        low=0,
        high=0.9,
        most=6,
        fractions=True,
    )
    input_dropout: float = choice_field(
        0.0,
        marked("Input dropout"),
        marked("The share of inputs that are switched off at random in each step."),
        low=0,
        high=0.9,
    )
    max_norm: float = choice_field(
        0.0,
        marked("Max-norm"),
        marked("The largest length allowed for the weights into a hidden unit. 0 is off."),
        low=0,
        high=1000,
    )
    class_weights: str = choice_field(
        "none",
        marked("Class weights"),
        marked(
            "Balanced: errors on a rare class count more, so all classes are equally important."
        ),
        options=("none", "balanced"),
    )
    patience: int = choice_field(
        0,
        marked("Early stopping"),
        marked(
            "Stops after this number of epochs without a lower validation loss and restores the "
            "best weights. 0 is off."
        ),
        low=0,
        high=100_000,
    )
    epochs: int = choice_field(
        0,
        marked("Stop at epoch"),
        marked("Training pauses at this epoch. 0: it goes on until you pause it."),
        low=0,
        high=1_000_000,
    )

    def __post_init__(self) -> None:
        for name, one in CHOICES.items():
            check_choice(name, getattr(self, name), one)
        if self.validation + self.test > 0.9:
            raise ValueError(
                tr(
                    "The shares for validation and test must be at most 0.9 together; "
                    "they are {share:g}.",
                    share=self.validation + self.test,
                )
            )
        if self.fold > self.folds:
            raise ValueError(
                tr(
                    "Fold (fold) must lie between 1 and the number of folds, {folds}; "
                    "'{fold}' was given.",
                    folds=self.folds,
                    fold=self.fold,
                )
            )

    @property
    def seed_of_data(self) -> int:
        """The seed by which the data are drawn and split."""
        return self.seed if self.data_seed == SAME_SEED else self.data_seed

    @property
    def layer_activations(self) -> tuple[str, ...]:
        """The activation of each hidden layer."""
        return (*self.activations, *(self.activation for _ in self.hidden))[: len(self.hidden)]

    @property
    def layer_dropouts(self) -> tuple[float, ...]:
        """The dropout of each hidden layer."""
        return (*self.dropouts, *(self.dropout for _ in self.hidden))[: len(self.hidden)]

    def batches(self, n: int) -> Batches:
        """Return the batch size and the number of batches of an epoch over n examples."""
        size = min(self.batch_size or n, n)
        return Batches(size, -(-n // size))

    def optimizer_settings(self, is_weight: Array) -> Settings:
        """Return the settings of the optimizer; is_weight (P,) is 1 where weight decay applies."""
        return Settings(
            momentum=self.momentum,
            convention=self.convention,
            weight_decay=self.weight_decay,
            decay_mask=is_weight,
        )

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Config, list[str]]:
        """Return the Config of a link's query, and a sentence for each part that is ignored."""
        taken: dict[str, Any] = {}
        notes = [] if query.get("v", VERSION) == VERSION else [newer_version(query["v"])]
        for name, text in query.items():
            if name == "v":
                continue
            if name not in CHOICES:
                words = tr(
                    "The link's {name} is not a known setting and was ignored.", name=quoted(name)
                )
                notes.append(words)
                continue
            try:
                taken[name] = read_setting(name, text)
            except ValueError as reason:
                default = write_choice(DEFAULTS[name]) or tr("(none)")
                words = tr("{reason} The default {value} is used.", reason=reason, value=default)
                notes.append(words)
        try:
            return cls(**taken), notes
        except ValueError as reason:
            for name in ("validation", "test", "folds", "fold"):
                taken.pop(name, None)
            return cls(**taken), [*notes, tr("{reason} The defaults are used.", reason=reason)]

    def to_query(self) -> dict[str, str]:
        """Return the query of a link: the version, and what differs from the defaults."""
        chosen = {
            name: write_choice(getattr(self, name))
            for name in CHOICES
            if getattr(self, name) != DEFAULTS[name]
        }
        return {"v": VERSION, **chosen}


CHOICES: dict[str, Choice] = {one.name: one.metadata["choice"] for one in fields(Config)}
DEFAULTS: dict[str, Any] = {
    one.name: one.default for one in fields(Config) if one.default is not MISSING
}
LIVE = tuple(name for name, one in CHOICES.items() if one.live)


def read_setting(name: str, text: str) -> Any:
    """Return the value of a setting that `text` spells.

    Raises ValueError with a sentence if it spells none, or one that is not allowed.
    """
    value = read_choice(name, text, CHOICES[name], DEFAULTS[name])
    check_choice(name, value, CHOICES[name])
    return value


def newer_version(version: str) -> str:
    """Return the sentence for a link of another version."""
    return tr(
        "This link has version {version}; this app writes version {own}, so the run may differ.",
        version=quoted(version),
        own=VERSION,
    )


def add_starts(starts: Mapping[str, Start]) -> None:
    """Let `Config.start` name these start weights too; engine/problems adds its worked examples.

    Raises ValueError if one of the names already has other weights.
    """
    if taken := [name for name in starts if STARTS.get(name, starts[name]) != starts[name]]:
        raise ValueError(
            tr("These names of start weights are already used: {taken}.", taken=", ".join(taken))
        )
    STARTS.update(starts)
    CHOICES["start"] = CHOICES["start"]._replace(options=("", *STARTS))
