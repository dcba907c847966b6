"""The words of the product, each in one or two plain sentences."""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A word of the glossary: what it is called, what it means, and other names for it."""

    name: str
    meaning: str
    others: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Return the name of the term in an address, like "hidden-layer"."""
        return "-".join(self.name.lower().split())


GLOSSARY: tuple[Term, ...] = (
    Term(
        "accuracy",
        "The share of examples that the network puts into the right class. 0.9 means that 9 of 10 "
        "are right.",
    ),
    Term(
        "activation",
        "The output a of a unit. It is a = f(z): the activation function f, applied to z.",
    ),
    Term(
        "activation function",
        "The function f that turns z into the output of a unit, such as tanh, sigmoid or ReLU. "
        "Without it, many layers could do no more than one.",
    ),
    Term(
        "Adam",
        "An optimizer. It keeps an average of the last gradients and divides it by their usual "
        "size, so that each weight gets steps of its own length.",
    ),
    Term(
        "backpropagation",
        "The way to compute the gradient. The deltas of the last layer are found first, then those "
        "of each layer before it, from the output back to the inputs.",
        ("backward pass",),
    ),
    Term(
        "batch",
        "The examples from which one gradient is computed. The weights change once after each "
        "batch.",
        ("mini-batch",),
    ),
    Term(
        "batch size",
        "The number of examples in a batch. In this app, 0 means all training examples at once.",
    ),
    Term(
        "bias",
        "The number b of a unit that is added to the weighted sum of its inputs. It moves the "
        "boundary of the unit without turning it.",
    ),
    Term(
        "class",
        "One of the answers between which the network chooses, such as blue and orange.",
    ),
    Term(
        "confusion matrix",
        "A table that counts the examples: a row for each true class, a column for each answer of "
        "the network. Right answers are on the diagonal.",
    ),
    Term(
        "cross-entropy",
        "The usual loss for classes. It is −ln p, where p is the probability that the network "
        "gives to the true class, as a mean over the examples.",
    ),
    Term(
        "dead unit",
        "A ReLU unit whose output is 0 for all examples. Its delta is 0, too, so its weights no "
        "longer change.",
    ),
    Term(
        "decision boundary",
        "The line in the picture where the network changes from one answer to another.",
    ),
    Term(
        "delta",
        "How much the loss changes when z of a unit grows a little: δ = ∂L/∂z. Backpropagation "
        "computes one delta for each unit and each example.",
        ("δ", "error term"),
    ),
    Term(
        "dropout",
        "In each training step some units are switched off at random. The network learns not to "
        "depend on single units. Afterwards all units are used.",
    ),
    Term(
        "early stopping",
        "Training ends when the validation loss has not become lower for a number of epochs. The "
        "weights of the best epoch are kept.",
    ),
    Term(
        "epoch",
        "One pass over all training examples. With batches, an epoch has many steps.",
    ),
    Term(
        "example",
        "One row of the data: the inputs, and the right answer y.",
    ),
    Term(
        "forward pass",
        "The computation of the network's answer from the inputs, layer by layer.",
    ),
    Term(
        "gradient",
        "All the slopes of the loss: one number for each weight and bias. It says in which "
        "direction the loss grows fastest. The weights move the other way.",
    ),
    Term(
        "gradient check",
        "A test of backpropagation. Each weight is moved a little up and down, and the change of "
        "the loss is compared with the gradient.",
    ),
    Term(
        "gradient descent",
        "Training by small steps against the gradient: each weight changes by −η times its slope.",
    ),
    Term(
        "hidden layer",
        "A layer of units between the inputs and the output. Nobody gives right answers for it; "
        "training finds out what it should compute.",
    ),
    Term(
        "initialization",
        "How the weights are chosen before the first step. They are random, since equal units "
        "would stay equal.",
    ),
    Term(
        "L1",
        "A penalty: λ₁ times the sum of the absolute weights. It pushes small weights to 0.",
    ),
    Term(
        "L2",
        "A penalty: λ₂ times the sum of the squared weights. It keeps all weights small.",
    ),
    Term(
        "layer",
        "Units that get the same inputs. The outputs of one layer are the inputs of the next one.",
    ),
    Term(
        "learning rate",
        "The factor η that says how large a step is. If it is too small, training is slow. If it "
        "is too large, the loss jumps or grows.",
    ),
    Term(
        "loss",
        "A number L that says how wrong the network is. Training makes it smaller.",
    ),
    Term(
        "momentum",
        "Part of the last step is added to the new one, like a ball that keeps rolling.",
    ),
    Term(
        "optimizer",
        "The rule that turns gradients into steps of the weights: gradient descent (SGD), "
        "momentum, RMSprop or Adam.",
    ),
    Term(
        "overfitting",
        "The network learns the training examples by heart. The training loss falls, but the "
        "validation loss rises.",
    ),
    Term(
        "patience",
        "With early stopping: for how many epochs the validation loss may stay above its best "
        "value before training ends.",
    ),
    Term(
        "penalty",
        "A number that is added to the loss when weights are large. It keeps the network simpler.",
        ("regularization",),
    ),
    Term(
        "precision",
        "Of the examples that the network puts into a class, the share that is really in it.",
    ),
    Term(
        "recall",
        "Of the examples that are really in a class, the share that the network puts into it.",
    ),
    Term(
        "ReLU",
        "The activation function max(0, z): 0 for negative z, and z itself for positive z.",
    ),
    Term(
        "saturated",
        "A sigmoid or tanh unit is saturated where z is far from 0. There its curve is nearly "
        "flat, so almost no delta passes back through the unit.",
    ),
    Term(
        "scaling",
        "The inputs are brought to a similar size before training, so that no input counts more "
        "only because of its unit of measure.",
    ),
    Term(
        "seed",
        "A number from which all random choices follow. The same seed gives the same start "
        "weights, the same batches and the same result.",
    ),
    Term(
        "sigmoid",
        "The activation function 1 / (1 + e⁻ᶻ). Its values lie between 0 and 1, so one output can "
        "be read as a probability.",
    ),
    Term(
        "softmax",
        "It turns the outputs for several classes into probabilities. All are positive, and their "
        "sum is 1.",
    ),
    Term(
        "squared error",
        "A loss for numbers: the square of the difference between the network's answer and the "
        "true one.",
        ("mean squared error",),
    ),
    Term(
        "standardised",
        "The mean of a column is subtracted, and the result is divided by the standard deviation. "
        "Afterwards the mean is 0 and the standard deviation is 1.",
    ),
    Term(
        "tanh",
        "An activation function whose values lie between −1 and 1. It is 0 for z = 0.",
    ),
    Term(
        "test part",
        "Examples that are used only once, at the very end, to judge the finished network.",
    ),
    Term(
        "training part",
        "The examples from which the network learns.",
    ),
    Term(
        "unit",
        "The smallest part of a network. It computes z, a weighted sum of its inputs plus the "
        "bias, and its output is a = f(z).",
        ("neuron",),
    ),
    Term(
        "validation part",
        "Examples from which the network does not learn. They show during training how good it is "
        "on new data.",
    ),
    Term(
        "vanishing gradient",
        "In deep networks the deltas can become smaller from layer to layer on their way back. "
        "Then the first layers learn very slowly.",
    ),
    Term(
        "weight",
        "The number by which a unit multiplies one of its inputs. Training changes the weights W "
        "and the biases b.",
    ),
    Term(
        "z",
        "The weighted sum of a unit's inputs plus its bias: z = W x + b in the first layer, with "
        "the activations of the layer before it in later ones.",
        ("weighted sum",),
    ),
)
