"""The words of the product, each in one or two plain sentences."""

from __future__ import annotations

from typing import NamedTuple

from engine.language import marked


class Term(NamedTuple):
    """A word of the glossary: what it is called, what it means, and other names for it.

    The texts are messages: `tr` puts them into the language of the reader.
    """

    name: str
    meaning: str
    others: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """Return the name of the term in an address, like "hidden-layer"."""
        return "-".join(self.name.lower().split())


GLOSSARY: tuple[Term, ...] = (
    Term(
        marked("accuracy"),
        marked(
            "The share of examples that the network puts into the right class. 0.9 means that 9 "
            "of 10 are right."
        ),
    ),
    Term(
        marked("activation"),
        marked("The output a of a unit. It is a = f(z): the activation function f, applied to z."),
    ),
    Term(
        marked("activation function"),
        marked(
            "The function f that turns z into the output of a unit, such as tanh, sigmoid or "
            "ReLU. Without it, many layers could do no more than one."
        ),
    ),
    Term(
        "Adam",
        marked(
            "An optimizer. It keeps an average of the last gradients and divides it by their "
            "usual size, so that each weight gets steps of its own length."
        ),
    ),
    Term(
        marked("backpropagation"),
        marked(
            "The way to compute the gradient. The deltas of the last layer are found first, then "
            "those of each layer before it, from the output back to the inputs."
        ),
        (marked("backward pass"),),
    ),
    Term(
        marked("batch"),
        marked(
            "The examples from which one gradient is computed. The weights change once after each "
            "batch."
        ),
        (marked("mini-batch"),),
    ),
    Term(
        marked("batch size"),
        marked(
            "The number of examples in a batch. In this app, 0 means all training examples at once."
        ),
    ),
    Term(
        marked("bias"),
        marked(
            "The number b of a unit that is added to the weighted sum of its inputs. It moves the "
            "boundary of the unit without turning it."
        ),
    ),
    Term(
        marked("class"),
        marked("One of the answers between which the network chooses, such as blue and orange."),
    ),
    Term(
        marked("confusion matrix"),
        marked(
            "A table that counts the examples: a row for each true class, a column for each "
            "answer of the network. Right answers are on the diagonal."
        ),
    ),
    Term(
        marked("cross-entropy"),
        marked(
            "The usual loss for classes. It is −ln p, where p is the probability that the network "
            "gives to the true class, as a mean over the examples."
        ),
    ),
    Term(
        marked("dead unit"),
        marked(
            "A ReLU unit whose output is 0 for all examples. Its delta is 0, too, so its weights "
            "no longer change."
        ),
    ),
    Term(
        marked("decision boundary"),
        marked("The line in the picture where the network changes from one answer to another."),
    ),
    Term(
        marked("delta"),
        marked(
            "How much the loss changes when z of a unit grows a little: δ = ∂L/∂z. "
            "Backpropagation computes one delta for each unit and each example."
        ),
        ("δ", marked("error term")),
    ),
    Term(
        marked("dropout"),
        marked(
            "In each training step some units are switched off at random. The network learns not "
            "to depend on single units. Afterwards all units are used."
        ),
    ),
    Term(
        marked("early stopping"),
        marked(
            "Training ends when the validation loss has not become lower for a number of epochs. "
            "The weights of the best epoch are kept."
        ),
    ),
    Term(
        marked("epoch"),
        marked("One pass over all training examples. With batches, an epoch has many steps."),
    ),
    Term(
        marked("example"),
        marked("One row of the data: the inputs, and the right answer y."),
    ),
    Term(
        marked("forward pass"),
        marked("The computation of the network's answer from the inputs, layer by layer."),
    ),
    Term(
        marked("gradient"),
        marked(
            "All the slopes of the loss: one number for each weight and bias. It says in which "
            "direction the loss grows fastest. The weights move the other way."
        ),
    ),
    Term(
        marked("gradient check"),
        marked(
            "A test of backpropagation. Each weight is moved a little up and down, and the change "
            "of the loss is compared with the gradient."
        ),
    ),
    Term(
        marked("gradient descent"),
        marked(
            "Training by small steps against the gradient: each weight changes by −η times its "
            "slope."
        ),
    ),
    Term(
        marked("hidden layer"),
        marked(
            "A layer of units between the inputs and the output. Nobody gives right answers for "
            "it; training finds out what it should compute."
        ),
    ),
    Term(
        marked("initialization"),
        marked(
            "How the weights are chosen before the first step. They are random, since equal units "
            "would stay equal."
        ),
    ),
    Term(
        "L1",
        marked(
            "A penalty: λ₁ times the sum of the absolute weights. It pushes small weights to 0."
        ),
    ),
    Term(
        "L2",
        marked("A penalty: λ₂ times the sum of the squared weights. It keeps all weights small."),
    ),
    Term(
        marked("layer"),
        marked(
            "Units that get the same inputs. The outputs of one layer are the inputs of the next "
            "one."
        ),
    ),
    Term(
        marked("learning rate"),
        marked(
            "The factor η that says how large a step is. If it is too small, training is slow. If "
            "it is too large, the loss jumps or grows."
        ),
    ),
    Term(
        marked("loss"),
        marked("A number L that says how wrong the network is. Training makes it smaller."),
    ),
    Term(
        marked("momentum"),
        marked("Part of the last step is added to the new one, like a ball that keeps rolling."),
    ),
    Term(
        marked("optimizer"),
        marked(
            "The rule that turns gradients into steps of the weights: gradient descent (SGD), "
            "momentum, RMSprop or Adam."
        ),
    ),
    Term(
        marked("overfitting"),
        marked(
            "The network learns the training examples by heart. The training loss falls, but the "
            "validation loss rises."
        ),
    ),
    Term(
        marked("patience"),
        marked(
            "With early stopping: for how many epochs the validation loss may stay above its best "
            "value before training ends."
        ),
    ),
    Term(
        marked("penalty"),
        marked(
            "A number that is added to the loss when weights are large. It keeps the network "
            "simpler."
        ),
        (marked("regularization"),),
    ),
    Term(
        marked("precision"),
        marked(
            "Of the examples that the network puts into a class, the share that is really in it."
        ),
    ),
    Term(
        marked("recall"),
        marked(
            "Of the examples that are really in a class, the share that the network puts into it."
        ),
    ),
    Term(
        "ReLU",
        marked("The activation function max(0, z): 0 for negative z, and z itself for positive z."),
    ),
    Term(
        marked("saturated"),
        marked(
            "A sigmoid or tanh unit is saturated where z is far from 0. There its curve is nearly "
            "flat, so almost no delta passes back through the unit."
        ),
    ),
    Term(
        marked("scaling"),
        marked(
            "The inputs are brought to a similar size before training, so that no input counts "
            "more only because of its unit of measure."
        ),
    ),
    Term(
        marked("seed"),
        marked(
            "A number from which all random choices follow. The same seed gives the same start "
            "weights, the same batches and the same result."
        ),
    ),
    Term(
        "sigmoid",
        marked(
            "The activation function 1 / (1 + e⁻ᶻ). Its values lie between 0 and 1, so one output "
            "can be read as a probability."
        ),
    ),
    Term(
        "softmax",
        marked(
            "It turns the outputs for several classes into probabilities. All are positive, and "
            "their sum is 1."
        ),
    ),
    Term(
        marked("squared error"),
        marked(
            "A loss for numbers: the square of the difference between the network's answer and "
            "the true one."
        ),
        (marked("mean squared error"),),
    ),
    Term(
        marked("standardized"),
        marked(
            "The mean of a column is subtracted, and the result is divided by the standard "
            "deviation. Afterwards the mean is 0 and the standard deviation is 1."
        ),
    ),
    Term(
        "tanh",
        marked("An activation function whose values lie between −1 and 1. It is 0 for z = 0."),
    ),
    Term(
        marked("test part"),
        marked("Examples that are used only once, at the very end, to judge the finished network."),
    ),
    Term(
        marked("training part"),
        marked("The examples from which the network learns."),
    ),
    Term(
        marked("unit"),
        marked(
            "The smallest part of a network. It computes z, a weighted sum of its inputs plus the "
            "bias, and its output is a = f(z)."
        ),
        (marked("neuron"),),
    ),
    Term(
        marked("validation part"),
        marked(
            "Examples from which the network does not learn. They show during training how good "
            "it is on new data."
        ),
    ),
    Term(
        marked("vanishing gradient"),
        marked(
            "In deep networks the deltas can become smaller from layer to layer on their way "
            "back. Then the first layers learn very slowly."
        ),
    ),
    Term(
        marked("weight"),
        marked(
            "The number by which a unit multiplies one of its inputs. Training changes the "
            "weights W and the biases b."
        ),
    ),
    Term(
        "z",
        marked(
            "The weighted sum of a unit's inputs plus its bias: z = W x + b in the first layer, "
            "with the activations of the layer before it in later ones."
        ),
        (marked("weighted sum"),),
    ),
)
