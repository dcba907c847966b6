"""Trainings that between them have every rule that a choice can bring into a step."""

from itertools import product

from engine.nn.activations import ACTIVATIONS
from engine.nn.optimizers import CONVENTIONS, OPTIMIZERS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.output_head import output_loss_pairs
from engine.training.training import Training

EVERYTHING = {
    "dropout": 0.2,
    "l1": 0.01,
    "l2": 0.02,
    "clip": 1.0,
    "max_norm": 2.0,
    "biases": "frozen",
    "class_weights": "balanced",
    "weight_decay": 0.1,
}
SWITCHES = {
    "hidden": [(), (3,), (3, 2)],
    "dropout": [0.0, 0.2],
    "penalties": [{}, {"l1": 0.1}, {"l2": 0.1}, {"l1": 0.1, "l2": 0.1}],
    "biases": ["learn", "frozen"],
}


def training_of(**choices):
    config = Config(**choices)
    return Training(config, load_shared(config))


def every_program():
    """Every optimizer, activation, pair of output and loss, and every switch."""
    for optimizer, convention in product(OPTIMIZERS, CONVENTIONS):
        yield training_of(optimizer=optimizer, convention=convention, **EVERYTHING)
    for name, f in ACTIVATIONS.items():
        if f.hidden:
            yield training_of(dataset="iris", activation=name, hidden=(3, 2), dropout=0.2)
    for dataset, task in (("iris", "classification"), ("plane", "regression")):
        for output, loss in output_loss_pairs(task):
            if loss != "poisson":
                yield training_of(dataset=dataset, output=output, loss=loss, l1=0.1)
    yield training_of(dataset="diabetes", loss="poisson", scaling="standard")
    for values in product(*SWITCHES.values()):
        choices = dict(zip(SWITCHES, values, strict=True))
        yield training_of(**choices.pop("penalties"), **choices)


PROGRAMS = list(every_program())
