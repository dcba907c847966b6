"""What others call the same thing, and where they do another: Keras, PyTorch, scikit-learn, books.

Keras 3.15, PyTorch 2.13 and scikit-learn 1.9, by their source and by running them.
"""

from __future__ import annotations

HERE: dict[str, str] = {  # topic -> how it is done here
    "Examples": "columns: z = W a + b",
    "Shape of W": "outputs × inputs",
    "Error term δ": "∂L/∂z of the mean loss: 1/n is in it",
    "Squared error": "mean over outputs and examples, or half of the sum per example",
    "Binary cross-entropy": "from z, nothing is clipped; divided by K",
    "Cross-entropy": "from z, nothing is clipped",
    "L2": "λ₂ Σ W², each weight squared, no biases, in the loss shown",
    "Weight decay": "AdamW: W ← W − ηλW, weights only",
    "SGD rate": "0.1",
    "Momentum": "v ← μv − ηg, θ ← θ + v",
    "Nesterov": "θ ← θ + μv − ηg",
    "Adagrad": "g / (√s + ε), s starts at 0, ε 1e-8",
    "RMSprop": "g / (√s + ε), ρ 0.9, ε 1e-8",
    "Adam": "m̂ / (√v̂ + ε), ε 1e-8",
    "Start weights": "Glorot uniform, biases 0",
    "Batch size": "10",
    "Dropout p": "share switched off, the rest scaled by 1/(1 − p) while training",
    "Early stopping": "patience on the validation loss, best weights restored",
    "Loss of an epoch": "after its last step, without dropout, on the whole part",
}

OTHERS: dict[str, dict[str, str]] = {  # who -> topic -> what differs, or how it is called there
    "Keras": {
        "Examples": "rows: x W + b",
        "Shape of W": "inputs × outputs (kernel): transposed",
        "Error term δ": "not shown",
        "Squared error": "mean over outputs and examples",
        "Binary cross-entropy": "p clipped to 1e-7 … 1 − 1e-7: at most 16.1 per example",
        "Cross-entropy": "from probabilities unless from_logits is set",
        "L2": "kernel_regularizer, l2(λ): the same, default 0.01",
        "Weight decay": "AdamW: W ← W − ηλW, default 0.004, biases too",
        "SGD rate": "0.01",
        "Momentum": "the same, default μ 0",
        "Nesterov": "the same",
        "Adagrad": "g / √(s + ε), s starts at 0.1, ε 1e-7",
        "RMSprop": "g / √(s + ε), ρ 0.9, ε 1e-7",
        "Adam": "η√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε), ε 1e-7",
        "Start weights": "the same",
        "Batch size": "32",
        "Dropout p": "the same",
        "Early stopping": "patience 0, best weights not restored unless asked for",
        "Loss of an epoch": "running mean while the weights change, with dropout and penalty",
    },
    "PyTorch": {
        "Examples": "rows: x Wᵀ + b",
        "Shape of W": "outputs × inputs (weight): the same",
        "Error term δ": "z.grad after retain_grad()",
        "Squared error": "mean over outputs and examples",
        "Binary cross-entropy": "ln p never below −100",
        "Cross-entropy": "from z (logits): a softmax in front is a common slip",
        "L2": "weight_decay λ: g ← g + λθ, biases too, not in the loss shown",
        "Weight decay": "AdamW: θ ← θ − ηλθ, default 0.01, biases too",
        "SGD rate": "0.001",
        "Momentum": "v ← μv + g, θ ← θ − ηv",
        "Nesterov": "θ ← θ − η(g + μv)",
        "Adagrad": "the same, ε 1e-10",
        "RMSprop": "the same, ρ (alpha) 0.99, rate 0.01",
        "Adam": "the same",
        "Start weights": "uniform within 1/√inputs, biases too",
        "Batch size": "yours",
        "Dropout p": "the same",
        "Early stopping": "none",
        "Loss of an epoch": "yours",
    },
    "scikit-learn": {
        "Examples": "rows: x W + b",
        "Shape of W": "inputs × outputs (coefs_): transposed",
        "Error term δ": "per example; 1/n comes in with the gradient",
        "Squared error": "steps: half of the sum per example; shown: divided by K as well",
        "Binary cross-entropy": "p clipped to the smallest step of a float",
        "Cross-entropy": "applies softmax itself",
        "L2": "α/(2B) Σ W²: weaker for larger batches",
        "Weight decay": "none",
        "SGD rate": "0.001",
        "Momentum": "the same, default μ 0.9",
        "Nesterov": "the same, on by default",
        "Adagrad": "none",
        "RMSprop": "none",
        "Adam": "as Keras, ε 1e-8",
        "Start weights": "Glorot uniform, biases from the same range",
        "Batch size": "200, or all if fewer",
        "Dropout p": "none",
        "Early stopping": "off; if on, on the validation score, best weights restored",
        "Loss of an epoch": "running mean while the weights change, with penalty",
    },
    "Nielsen": {
        "Examples": "columns, one at a time",
        "Shape of W": "outputs × inputs: the same",
        "Error term δ": "per example; 1/n comes in with the step",
        "Squared error": "half of the sum per example",
        "L2": "λ/(2n) Σ W², n training examples",
        "Momentum": "the same",
        "Dropout p": "weights halved afterwards instead of scaled while training",
    },
    "deeplearning.ai": {
        "Examples": "columns: the same",
        "Shape of W": "outputs × inputs: the same",
        "Error term δ": "dZ per example; 1/m comes in with dW",
        "L2": "λ/(2m) Σ W², m training examples",
        "Momentum": "v ← μv + (1 − μ)g, θ ← θ − ηv",
        "Dropout p": "keep_prob = 1 − p",
    },
    "CS231n": {
        "Examples": "rows: x W + b",
        "Shape of W": "inputs × outputs: transposed",
        "L2": "½λ Σ W²",
        "Momentum": "the same",
        "Dropout p": "p is the share that is kept",
    },
}

OPTIMIZER_NOTES: dict[str, str] = {
    "sgd": "The same everywhere.",
    "momentum": (
        "In PyTorch the learning rate is not part of v. Both forms make the same steps until the "
        "learning rate changes: here v still contains the old rate for a while."
    ),
    "nesterov": (
        "θ is stored at the look-ahead point, so the gradient is computed at θ. In PyTorch the "
        "learning rate is not part of v."
    ),
    "adagrad": (
        "Keras puts ε under the root and starts s at 0.1 instead of 0, "
        "so its first steps are shorter."
    ),
    "rmsprop": (
        "Keras puts ε under the root: where slopes are small, its steps are shorter. "
        "The first step is η/√(1 − ρ), 3.16 η for ρ = 0.9."
    ),
    "adam": (
        "Keras and scikit-learn add ε to the root before its correction: at first ε counts "
        "32 times as much. With the usual tiny ε this has no effect; with 0.1 it has."
    ),
    "adamw": "Adam with a separate weight decay that is not divided by the size of the gradients.",
}


def framework_table(who: str) -> str:
    """Return the Markdown of a table: topic, here, there."""
    rows = [f"| {topic} | {HERE[topic]} | {there} |" for topic, there in OTHERS[who].items()]
    return "\n".join([f"| topic | here | {who} |", "|---|---|---|", *rows])
