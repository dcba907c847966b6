"""What is done against overfitting and against runaway steps: the choices, and their lines."""

from __future__ import annotations

from typing import NamedTuple

from engine.language import marked


class Remedy(NamedTuple):
    """One remedy: the settings that switch it on, the lines that it adds, and its effect."""

    title: str
    choices: dict[str, object]
    rules: tuple[tuple[str, str], ...]  # (phase, rule) of the lines it adds
    about: str


REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        marked("L2"),
        {"l2": 0.01},
        (("loss", "penalty"), ("penalty", "l2")),
        marked(
            "With plain SGD every weight shrinks by the share 2ηλ₂ in each step before it "
            "learns. With Adam it does not: the pull is divided by the usual size of the "
            "gradient."
        ),
    ),
    Remedy(
        marked("L1"),
        {"l1": 0.01},
        (("loss", "penalty"), ("penalty", "l1")),
        marked(
            "The pull does not get weaker near 0, so weights that are not needed reach 0. Each "
            "step is ηλ₁ long, so they jump around 0 and do not stay at 0."
        ),
    ),
    Remedy(
        marked("Dropout"),
        {"dropout": 0.2},
        (("forward", "mask"), ("backward", "mask")),
        marked(
            "A new M is drawn for every batch; for validation and prediction no unit is "
            "switched off. No unit can rely on another one. The outputs are never switched off."
        ),
    ),
    Remedy(
        marked("Weight decay"),
        {"optimizer": "adamw", "weight_decay": 0.01},
        (("update", "decay"),),
        marked(
            "AdamW uses it instead of L2: it is not part of the loss, and no running mean "
            "scales it. With SGD it is the same as L2 of half that strength."
        ),
    ),
    Remedy(
        marked("Max-norm"),
        {"max_norm": 2.0},
        (("update", "max_norm"),),
        marked(
            "After each step, the weights into each hidden unit are shortened to the length "
            "c_W if they are longer. Their direction stays the same."
        ),
    ),
    Remedy(
        marked("Clipping"),
        {"clip": 1.0},
        (("penalty", "clip"),),
        marked(
            "One very large gradient cannot move the weights far away. The direction stays the "
            "same, and short gradients are not changed."
        ),
    ),
)
