"""Presets: named runs, each with its settings and what to look at.

Most are the experiments that textbooks describe; what happens in them was measured with this
engine. The order here is the order of the menu.
"""

from dataclasses import dataclass
from typing import Any

from engine.language import marked
from engine.training import WHOLE_SET, Config

GROUPS = (
    marked("Start here"),
    marked("Backpropagation by hand"),
    marked("Why training fails"),
    marked("Generalization"),
    marked("The article"),
)


@dataclass(frozen=True)
class Preset:
    """One entry of the menu Experiment."""

    title: str
    group: str  # one of GROUPS
    about: str  # what to look at
    config: Config


def full_batch(dataset: str, **choices: Any) -> Config:
    """Return settings of an experiment: every step uses the whole training part."""
    return Config(dataset=dataset, batch_size=WHOLE_SET, **choices)


def full_batch_unscaled(dataset: str, **choices: Any) -> Config:
    """Return settings of a worked example: full batch, numbers not standardised."""
    return full_batch(dataset, scaling="none", **choices)


def xor_run(start: str, epochs: int = 5000) -> Config:
    """Return the XOR table with two sigmoid units from given start weights."""
    choices = {"hidden": (2,), "activation": "sigmoid", "learning_rate": 1.0}
    return full_batch_unscaled("xor_table", start=start, epochs=epochs, **choices)


def one_neuron_run(start: str, loss: str, learning_rate: float = 0.15) -> Config:
    """Return one sigmoid neuron with the input 1 and the target 0."""
    choices = {"hidden": (), "loss": loss, "learning_rate": learning_rate, "epochs": 300}
    return full_batch_unscaled("one_neuron", start=start, **choices)


def mazur_run(biases: str) -> Config:
    """Return Mazur's network of two inputs, two hidden units and two outputs."""
    choices = {"hidden": (2,), "activation": "sigmoid", "output": "sigmoid", "loss": "half_mse"}
    more = {"learning_rate": 0.5, "biases": biases, "epochs": 10_000}
    return full_batch_unscaled("mazur", start="mazur", **choices, **more)


def line_run(learning_rate: float, **choices: Any) -> Config:
    """Return a straight line fitted from weight 0 and bias 0 on a loss of curvature 2."""
    return full_batch_unscaled(
        "line_centred", hidden=(), start="line_zero", learning_rate=learning_rate, **choices
    )


def forty_moons_run(**choices: Any) -> Config:
    """Return a network that is too wide for its forty points."""
    settings = {"hidden": (32,), "optimizer": "adam", "learning_rate": 0.03, "epochs": 2000}
    return full_batch("moons_40", init="glorot_normal", **settings, **choices)


def deep_run(activation: str, init: str) -> Config:
    """Return a network of four hidden layers around a disc."""
    settings = {"hidden": (8, 8, 8, 8), "learning_rate": 0.5, "epochs": 500}
    return full_batch("circles_300", activation=activation, init=init, **settings)


def disc_run(units: int) -> Config:
    """Return a network of one hidden layer around a disc."""
    settings = {"optimizer": "adam", "learning_rate": 0.03, "epochs": 1500}
    return full_batch("circles_300", hidden=(units,), init="glorot_normal", **settings)


def moons_run(**choices: Any) -> Config:
    """Return the 200 moons with these settings."""
    return Config(dataset="moons_200", **choices)


def adam_run(dataset: str, units: int, epochs: int, **choices: Any) -> Config:
    """Return one hidden layer of tanh units, trained by Adam on a fixed data set."""
    choices = {"learning_rate": 0.01, "init": "glorot_normal", **choices}
    return full_batch(dataset, hidden=(units,), optimizer="adam", epochs=epochs, **choices)


PRESETS: dict[str, Preset] = {
    "first_run": Preset(
        marked("First run: a circle"),
        GROUPS[0],
        marked("Four units draw four soft lines; together they enclose the disc."),
        Config(),
    ),
    "xor": Preset(
        marked("Opposite corners"),
        GROUPS[0],
        marked("A single line is not enough: see which unit separates which corners."),
        Config(dataset="xor", hidden=(8,), l2=1e-3),
    ),
    "spiral": Preset(
        marked("The spiral"),
        GROUPS[0],
        marked("The first layer draws straight lines; the next two bend them into the arms."),
        Config(
            dataset="spiral",
            hidden=(8, 8, 8),
            optimizer="adam",
            learning_rate=0.005,
            l2=1e-4,
        ),
    ),
    "bumps": Preset(
        marked("Hills and valleys"),
        GROUPS[0],
        marked(
            "A number instead of a class: the output surface slowly takes the form of the data."
        ),
        Config(dataset="bumps", hidden=(8, 8), optimizer="adam", learning_rate=0.005, l2=1e-4),
    ),
    "digits": Preset(
        marked("Handwritten digits"),
        GROUPS[0],
        marked(
            "64 pixels in, ten classes out: after thirty epochs, 97 of 100 new digits are right."
        ),
        Config(
            dataset="digits",
            hidden=(64,),
            activation="relu",
            init="he_normal",
            optimizer="adam",
            learning_rate=0.003,
            batch_size=16,
            l2=1e-4,
            epochs=30,
        ),
    ),
    "linear_neuron": Preset(
        marked("One linear neuron in your head"),
        GROUPS[1],
        marked(
            "2 × 3 + 1 = 7 should be 9: work out the step, then press Step. The loss goes from 4 "
            "to 1."
        ),
        full_batch_unscaled(
            "linear_neuron", hidden=(), start="linear_neuron", learning_rate=0.05, epochs=20
        ),
    ),
    "mazur": Preset(
        marked("Mazur's example"),
        GROUPS[1],
        marked(
            "The loss falls from .2984 to .2910 in one step, as on Mazur's page; biases are frozen."
        ),
        mazur_run("frozen"),
    ),
    "mazur_biases": Preset(
        marked("Mazur's example, biases learn too"),
        GROUPS[1],
        marked("The same start, but the loss after one step is now .2805."),
        mazur_run("learn"),
    ),
    "one_neuron_easy": Preset(
        marked("One neuron, a good start"),
        GROUPS[1],
        marked("Squared error, output from .82 towards 0: the loss falls fast from the start."),
        one_neuron_run("one_neuron_easy", "half_mse"),
    ),
    "one_neuron_hard": Preset(
        marked("One neuron, badly wrong"),
        GROUPS[1],
        marked("The error is large, but δ is small: the output stays near .98 for 150 epochs."),
        one_neuron_run("one_neuron_hard", "half_mse"),
    ),
    "one_neuron_cross_entropy": Preset(
        marked("One neuron, badly wrong, cross-entropy"),
        GROUPS[1],
        marked(
            "The same start; δ is the error itself, .982 instead of .017, so learning is fast at "
            "once."
        ),
        one_neuron_run("one_neuron_hard", "bce"),
    ),
    "xor_fast": Preset(
        marked("XOR, a lucky start"),
        GROUPS[1],
        marked(
            "Follow four examples through two hidden units; the loss is below .1 after 350 steps."
        ),
        xor_run("xor_fast", epochs=1000),
    ),
    "xor_fast_2": Preset(
        marked("XOR, another lucky start"),
        GROUPS[1],
        marked("Other weights give another solution, with a loss below .1 after 366 steps."),
        xor_run("xor_fast_2", epochs=1000),
    ),
    "xor_late_a": Preset(
        marked("XOR, a long plateau"),
        GROUPS[1],
        marked("The loss stays at ln 2 = .6931 for 1700 steps: δ⁽²⁾ is large, δ⁽¹⁾ almost 0."),
        xor_run("xor_late_a"),
    ),
    "xor_late_b": Preset(
        marked("XOR, a longer plateau"),
        GROUPS[1],
        marked("The units are almost equal; it takes 2987 steps until they differ."),
        xor_run("xor_late_b"),
    ),
    "xor_stuck_347": Preset(
        marked("XOR, stuck with two points right"),
        GROUPS[1],
        marked(
            "The loss stays at half of ln 2: two points are right, two have an output of one half."
        ),
        xor_run("xor_stuck_347"),
    ),
    "xor_stuck_477": Preset(
        marked("XOR, stuck with one point right"),
        GROUPS[1],
        marked("The loss stays near .477: one point is right, three have an output of two thirds."),
        xor_run("xor_stuck_477"),
    ),
    "xor_hand_made": Preset(
        marked("XOR, weights chosen by hand"),
        GROUPS[1],
        marked("One unit computes OR, one NAND, the output AND: solved before the first step."),
        xor_run("xor_hand_made", epochs=100),
    ),
    "xor_tanh": Preset(
        marked("XOR with four tanh units"),
        GROUPS[1],
        marked("All four are right; without a hidden layer, every output stays at one half."),
        full_batch_unscaled("xor_table", init="glorot_normal", learning_rate=0.5, epochs=2000),
    ),
    "xor_goodfellow": Preset(
        marked("XOR with two ReLU units"),
        GROUPS[1],
        marked("The textbook's exact solution: the outputs are 0, 1, 1, 0 and every δ is 0."),
        full_batch_unscaled(
            "xor_table",
            hidden=(2,),
            activation="relu",
            output="linear",
            loss="mse",
            start="xor_goodfellow",
            epochs=100,
        ),
    ),
    "mistakes": Preset(
        marked("A run to try bugs in"),
        GROUPS[1],
        marked(
            "Eight tanh units without a bug: on Step through, add a bug and see whether it shows."
        ),
        moons_run(
            batch_size=WHOLE_SET,
            hidden=(8,),
            init="glorot_normal",
            learning_rate=1.0,
            epochs=1000,
        ),
    ),
    "equal_start": Preset(
        marked("All weights equal"),
        GROUPS[2],
        marked("The four units start equal: their rows of W⁽¹⁾ and δ⁽¹⁾ always stay equal."),
        moons_run(
            batch_size=WHOLE_SET, init="constant", init_scale=0.5, learning_rate=0.5, epochs=2000
        ),
    ),
    "zero_start": Preset(
        marked("All weights zero"),
        GROUPS[2],
        marked("W⁽²⁾ is 0, so δ⁽¹⁾ is 0; a⁽¹⁾ is 0, so dW⁽²⁾ is 0: no weight can ever change."),
        moons_run(batch_size=WHOLE_SET, init="zeros", learning_rate=0.5, epochs=200),
    ),
    "vanishing": Preset(
        marked("Vanishing error terms"),
        GROUPS[2],
        marked(
            "Four sigmoid layers: each passes back about a fifth of δ, so the first hardly learns."
        ),
        deep_run("sigmoid", "glorot_normal"),
    ),
    "not_vanishing": Preset(
        marked("The same depth with tanh"),
        GROUPS[2],
        marked("Only the activation differs: δ keeps its size from the last layer to the first."),
        deep_run("tanh", "glorot_normal"),
    ),
    "saturated": Preset(
        marked("Saturated units"),
        GROUPS[2],
        marked(
            "Start weights of standard deviation 10: outputs are almost 0 or 1, and f'(z) is "
            "near 0."
        ),
        full_batch(
            "circles_300",
            hidden=(8,),
            activation="sigmoid",
            init="normal",
            init_scale=10.0,
            learning_rate=0.5,
            epochs=1000,
        ),
    ),
    "dead_relu": Preset(
        marked("Dead ReLU units"),
        GROUPS[2],
        marked(
            "After steps with rate 20 some units output 0 for every example: their δ⁽¹⁾ is "
            "exactly 0."
        ),
        moons_run(
            batch_size=WHOLE_SET,
            hidden=(8,),
            activation="relu",
            init="he_normal",
            learning_rate=20.0,
            epochs=200,
        ),
    ),
    "raw_inputs": Preset(
        marked("Inputs that are not scaled"),
        GROUPS[2],
        marked(
            "Wine unscaled: proline is near 750, so the tanh units are saturated from the start."
        ),
        full_batch_unscaled("wine_70_30", hidden=(8,), epochs=200),
    ),
    "rate_one_step": Preset(
        marked("Learning rate .5: one step"),
        GROUPS[2],
        marked(
            "The curvature is 2, so a rate of one half is exactly right: solved after one epoch."
        ),
        line_run(0.5, epochs=20),
    ),
    "rate_edge": Preset(
        marked("Learning rate 1: the stability limit"),
        GROUPS[2],
        marked("The line always jumps from one side to the other; the loss does not change."),
        line_run(1.0, epochs=100),
    ),
    "rate_too_large": Preset(
        marked("Learning rate 1.01: above the limit"),
        GROUPS[2],
        marked("Each epoch multiplies the loss by 1.0404."),
        line_run(1.01, epochs=100),
    ),
    "momentum": Preset(
        marked("Momentum overshoots"),
        GROUPS[2],
        marked("The best weight is 3; the weight first goes up to 5.13 and then comes back."),
        line_run(0.1, optimizer="momentum", epochs=200),
    ),
    "batch_of_one": Preset(
        marked("Batches of one"),
        GROUPS[2],
        marked(
            "200 steps per epoch, each on one example: fast, but the boundary moves back and forth."
        ),
        moons_run(batch_size=1, hidden=(8,), init="glorot_normal", learning_rate=0.3, epochs=30),
    ),
    "batch_of_all": Preset(
        marked("The whole set as one batch"),
        GROUPS[2],
        marked("One smooth step per epoch: compare with batches of one after thirty epochs."),
        moons_run(
            batch_size=WHOLE_SET, hidden=(8,), init="glorot_normal", learning_rate=0.3, epochs=30
        ),
    ),
    "disc_2": Preset(
        marked("Two units around a disc"),
        GROUPS[3],
        marked("2 units cannot enclose a region: at most 82 of 100 are right."),
        disc_run(2),
    ),
    "disc_3": Preset(
        marked("Three units around a disc"),
        GROUPS[3],
        marked("Three lines make a triangle: each row of W⁽¹⁾ is one of its sides."),
        disc_run(3),
    ),
    "sine": Preset(
        marked("A curve from smooth steps"),
        GROUPS[3],
        marked("Each tanh unit adds one smooth step; eight of them together follow the sine."),
        adam_run("sine", 8, 2000, learning_rate=0.02, scaling="none"),
    ),
    "overfitting": Preset(
        marked("Overfitting"),
        GROUPS[3],
        marked("Forty points are memorized: the training loss falls, the validation loss rises."),
        forty_moons_run(),
    ),
    "overfitting_l2": Preset(
        marked("Overfitting, reduced by L2"),
        GROUPS[3],
        marked("The penalty keeps the weights small: the boundary becomes one smooth S."),
        forty_moons_run(l2=3e-3),
    ),
    "overfitting_dropout": Preset(
        marked("Overfitting, reduced by dropout"),
        GROUPS[3],
        marked("Half of the units are dropped in each step, so no unit can rely on another."),
        forty_moons_run(dropout=0.5),
    ),
    "random_labels": Preset(
        marked("Random classes"),
        GROUPS[3],
        marked(
            "All points are memorized, but on new points only half of the predictions are right."
        ),
        adam_run("random_labels", 32, 3000, learning_rate=0.03),
    ),
    "imbalance": Preset(
        marked("One class is rare"),
        GROUPS[3],
        marked(
            "Accuracy .96 looks good, but the report shows that over half of the rare class is "
            "missed."
        ),
        adam_run("gauss_imbalanced", 8, 300),
    ),
    "useless_inputs": Preset(
        marked("Useless inputs"),
        GROUPS[3],
        marked("Eight of ten inputs are noise, but their columns of W⁽¹⁾ grow like the others."),
        adam_run("moons_noise_columns", 16, 1500),
    ),
    "useless_inputs_l2": Preset(
        marked("Useless inputs with L2"),
        GROUPS[3],
        marked("With the penalty the columns of the useless inputs shrink."),
        adam_run("moons_noise_columns", 16, 1500, l2=1e-2),
    ),
    "article_line": Preset(
        marked("The article's straight line"),
        GROUPS[4],
        marked("y = 3x + 2 by Adam: weight and bias change by about .001 per step."),
        Config(
            dataset="line_3x2",
            scaling="none",
            hidden=(),
            optimizer="adam",
            learning_rate=0.001,
            batch_size=1,
            epochs=100,
        ),
    ),
    "article_classes": Preset(
        marked("The article's seven classes"),
        GROUPS[4],
        marked(
            "64 and 64 units, dropout .5: the running loss, with dropout, starts above validation."
        ),
        Config(
            dataset="article_classes",
            hidden=(64, 64),
            activation="relu",
            optimizer="adam",
            learning_rate=0.001,
            batch_size=16,
            dropout=0.5,
            epochs=20,
        ),
    ),
}
