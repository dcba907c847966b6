"""What others call the same thing, and where they do another: Keras, PyTorch, scikit-learn, books.

Keras 3.15, PyTorch 2.13 and scikit-learn 1.9, by their source and by running them.
"""

from __future__ import annotations

from engine.language import marked, tr

HERE: dict[str, str] = {  # topic -> how it is done here
    marked("Examples"): marked("columns: z = W a + b"),
    marked("Shape of W"): marked("outputs × inputs"),
    marked("Error term δ"): marked("∂L/∂z of the mean loss: 1/n is in it"),
    marked("Squared error"): marked(
        "mean over outputs and examples, or half of the sum per example"
    ),
    marked("Binary cross-entropy"): marked("from z, nothing is clipped; divided by K"),
    marked("Cross-entropy"): marked("from z, nothing is clipped"),
    "L2": marked("λ₂ Σ W², each weight squared, no biases, in the loss shown"),
    marked("Weight decay"): marked("AdamW: W ← W − ηλW, weights only"),
    marked("SGD rate"): "0.1",
    marked("Momentum"): "v ← μv − ηg, θ ← θ + v",
    marked("Nesterov"): "θ ← θ + μv − ηg",
    "Adagrad": marked("g / (√s + ε), s starts at 0, ε 1e-8"),
    "RMSprop": "g / (√s + ε), ρ 0.9, ε 1e-8",
    "Adam": "m̂ / (√v̂ + ε), ε 1e-8",
    marked("Start weights"): marked("Glorot uniform, biases 0"),
    marked("Batch size"): "10",
    marked("Dropout p"): marked("share switched off, the rest scaled by 1/(1 − p) while training"),
    marked("Early stopping"): marked("patience on the validation loss, best weights restored"),
    marked("Loss of an epoch"): marked("after its last step, without dropout, on the whole part"),
}

OTHERS: dict[str, dict[str, str]] = {  # who -> topic -> what differs, or how it is called there
    "Keras": {
        "Examples": marked("rows: x W + b"),
        "Shape of W": marked("inputs × outputs (kernel): transposed"),
        "Error term δ": marked("not shown"),
        "Squared error": marked("mean over outputs and examples"),
        "Binary cross-entropy": marked("p clipped to 1e-7 … 1 − 1e-7: at most 16.1 per example"),
        "Cross-entropy": marked("from probabilities unless from_logits is set"),
        "L2": marked("kernel_regularizer, l2(λ): the same, default 0.01"),
        "Weight decay": marked("AdamW: W ← W − ηλW, default 0.004, biases too"),
        "SGD rate": "0.01",
        "Momentum": marked("the same, default μ 0"),
        "Nesterov": marked("the same"),
        "Adagrad": marked("g / √(s + ε), s starts at 0.1, ε 1e-7"),
        "RMSprop": "g / √(s + ε), ρ 0.9, ε 1e-7",
        "Adam": "η√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε), ε 1e-7",
        "Start weights": marked("the same"),
        "Batch size": "32",
        "Dropout p": marked("the same"),
        "Early stopping": marked("patience 0, best weights not restored unless asked for"),
        "Loss of an epoch": marked(
            "running mean while the weights change, with dropout and penalty"
        ),
    },
    "PyTorch": {
        "Examples": marked("rows: x Wᵀ + b"),
        "Shape of W": marked("outputs × inputs (weight): the same"),
        "Error term δ": marked("z.grad after retain_grad()"),
        "Squared error": marked("mean over outputs and examples"),
        "Binary cross-entropy": marked("ln p never below −100"),
        "Cross-entropy": marked("from z (logits): a softmax in front is a common mistake"),
        "L2": marked("weight_decay λ: g ← g + λθ, biases too, not in the loss shown"),
        "Weight decay": marked("AdamW: θ ← θ − ηλθ, default 0.01, biases too"),
        "SGD rate": "0.001",
        "Momentum": "v ← μv + g, θ ← θ − ηv",
        "Nesterov": "θ ← θ − η(g + μv)",
        "Adagrad": marked("the same, ε 1e-10"),
        "RMSprop": marked("the same, ρ (alpha) 0.99, rate 0.01"),
        "Adam": marked("the same"),
        "Start weights": marked("uniform within 1/√inputs, biases too"),
        "Batch size": marked("yours"),
        "Dropout p": marked("the same"),
        "Early stopping": marked("none"),
        "Loss of an epoch": marked("yours"),
    },
    "scikit-learn": {
        "Examples": marked("rows: x W + b"),
        "Shape of W": marked("inputs × outputs (coefs_): transposed"),
        "Error term δ": marked("per example; 1/n comes in with the gradient"),
        "Squared error": marked("steps: half of the sum per example; shown: divided by K as well"),
        "Binary cross-entropy": marked("p clipped to the smallest step of a float"),
        "Cross-entropy": marked("applies softmax itself"),
        "L2": marked("α/(2B) Σ W²: weaker for larger batches"),
        "Weight decay": marked("none"),
        "SGD rate": "0.001",
        "Momentum": marked("the same, default μ 0.9"),
        "Nesterov": marked("the same, on by default"),
        "Adagrad": marked("none"),
        "RMSprop": marked("none"),
        "Adam": marked("as Keras, ε 1e-8"),
        "Start weights": marked("Glorot uniform, biases from the same range"),
        "Batch size": marked("200, or all if fewer"),
        "Dropout p": marked("none"),
        "Early stopping": marked("off; if on, on the validation score, best weights restored"),
        "Loss of an epoch": marked("running mean while the weights change, with penalty"),
    },
    "Nielsen": {
        "Examples": marked("columns, one at a time"),
        "Shape of W": marked("outputs × inputs: the same"),
        "Error term δ": marked("per example; 1/n comes in with the step"),
        "Squared error": marked("half of the sum per example"),
        "L2": marked("λ/(2n) Σ W², n training examples"),
        "Momentum": marked("the same"),
        "Dropout p": marked("weights halved afterwards instead of scaled while training"),
    },
    "deeplearning.ai": {
        "Examples": marked("columns: the same"),
        "Shape of W": marked("outputs × inputs: the same"),
        "Error term δ": marked("dZ per example; 1/m comes in with dW"),
        "L2": marked("λ/(2m) Σ W², m training examples"),
        "Momentum": "v ← μv + (1 − μ)g, θ ← θ − ηv",
        "Dropout p": "keep_prob = 1 − p",
    },
    "CS231n": {
        "Examples": marked("rows: x W + b"),
        "Shape of W": marked("inputs × outputs: transposed"),
        "L2": "½λ Σ W²",
        "Momentum": marked("the same"),
        "Dropout p": marked("p is the share that is kept"),
    },
}

OPTIMIZER_NOTES: dict[str, str] = {
    "sgd": marked("The same everywhere."),
    "momentum": marked(
        "In PyTorch the learning rate is not part of v. Both forms make the same steps "
        "until the learning rate changes: here v still contains the old rate for a while."
    ),
    "nesterov": marked(
        "θ is stored at the look-ahead point, so the gradient is computed at θ. In PyTorch "
        "the learning rate is not part of v."
    ),
    "adagrad": marked(
        "Keras puts ε under the root and starts s at 0.1 instead of 0, so its first steps "
        "are shorter."
    ),
    "rmsprop": marked(
        "Keras puts ε under the root: where slopes are small, its steps are shorter. The "
        "first step is η/√(1 − ρ), 3.16 η for ρ = 0.9."
    ),
    "adam": marked(
        "Keras and scikit-learn add ε to the root before its correction: at first ε counts "
        "32 times as much. With the usual tiny ε this has no effect; with 0.1 it has."
    ),
    "adamw": marked(
        "Adam with a separate weight decay that is not divided by the size of the gradients."
    ),
}


def framework_table(who: str) -> str:
    """Return the Markdown of a table: topic, here, there."""
    rows = [
        f"| {tr(topic)} | {tr(HERE[topic])} | {tr(there)} |" for topic, there in OTHERS[who].items()
    ]
    return "\n".join([f"| {tr('topic')} | {tr('here')} | {who} |", "|---|---|---|", *rows])
