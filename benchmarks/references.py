"""The figures of PyTorch and Keras that the tests compare with, made again.
`python -m benchmarks.references` writes tests/references/; `--only gradients` one file of it.

It needs `pip install torch==2.13.0 keras jax` beside requirements.txt; the tests need only the
files. PyTorch computes in float64 and by its own functions alone. Keras runs as an article would
have it: its defaults, float32, ten seeds or more.
"""

import argparse
import json
import os
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from engine.data import Dataset
from engine.nn import ACTIVATIONS, LOSSES, OPTIMIZERS, count_parameters
from engine.problems import PRESETS, load

FOLDER = Path(__file__).parents[1] / "tests" / "references"
SEEDS = {"line": 10, "classifier": 30, "grid": 30}  # so many runs of Keras each
BACKENDS = ("jax", "torch")  # of Keras, the quicker one first

# PyTorch: gradients


def activation(name: str) -> Callable:
    """PyTorch's own function of this name, of z with one example per column."""
    from torch import exp, sigmoid, tanh
    from torch.nn import functional as F

    return {
        "linear": lambda z: z,
        "sigmoid": sigmoid,
        "tanh": tanh,
        "relu": F.relu,
        "leaky_relu": F.leaky_relu,
        "elu": F.elu,
        "gelu": F.gelu,
        "silu": F.silu,
        "softplus": F.softplus,
        "softmax": lambda z: F.softmax(z, dim=0),
        "exp": exp,
    }[name]


def loss(name: str) -> Callable:
    """PyTorch's own loss of (z, a, y), one example per column."""
    from torch.nn import functional as F

    return {
        "mse": lambda z, a, y: F.mse_loss(a, y),
        "half_mse": lambda z, a, y: 0.5 * F.mse_loss(a, y, reduction="sum") / y.shape[1],
        "mae": lambda z, a, y: F.l1_loss(a, y),
        "huber": lambda z, a, y: F.huber_loss(a, y),
        "poisson": poisson_deviance,
        "bce": lambda z, a, y: F.binary_cross_entropy_with_logits(z, y),
        "ce": lambda z, a, y: F.cross_entropy(z.T, y.T),
    }[name]


def poisson_deviance(z: Any, a: Any, y: Any) -> Any:
    """PyTorch's Poisson loss summed over the outputs, less its value at a = y."""
    from torch.nn.functional import poisson_nll_loss
    from torch.special import xlogy

    return (poisson_nll_loss(z, y, reduction="sum") + (xlogy(y, y) - y).sum()) / y.shape[1]


def targets(name: str, random: np.random.Generator, K: int, n: int) -> np.ndarray:
    """(K, n) answers that suit the loss."""
    if name == "ce":
        return np.eye(K)[random.integers(0, K, n)].T
    if name == "bce":
        return random.integers(0, 2, (K, n)) * 1.0
    return random.poisson(2.0, (K, n)) * 1.0 if name == "poisson" else random.normal(0, 1.5, (K, n))


def leaves(theta: np.ndarray, sizes: tuple[int, ...]) -> list:
    """[W, b, W, b, ...] as PyTorch parameters: theta holds the rows of [W b] of each layer."""
    import torch

    found, start = [], 0
    for n_in, n_out in pairwise(sizes):
        end = start + n_out * (n_in + 1)
        Wb = torch.tensor(theta[start:end].reshape(n_out, n_in + 1), dtype=torch.float64)
        found += [Wb[:, :-1].clone().requires_grad_(), Wb[:, -1:].clone().requires_grad_()]
        start = end
    return found


def flat(parameters: list) -> np.ndarray:
    """(P,) theta, or the gradient, of [W, b, W, b, ...]."""
    blocks = [np.hstack([W, b]) for W, b in zip(parameters[::2], parameters[1::2], strict=True)]
    return np.concatenate([block.ravel() for block in blocks])


def data_loss(parameters: list, activations: tuple[str, ...], name: str, x: Any, y: Any) -> Any:
    """The loss of the network on x (d, n), y (K, n), by PyTorch."""
    a = x
    for W, b, kind in zip(parameters[::2], parameters[1::2], activations, strict=True):
        z = W @ a + b
        a = activation(kind)(z)
    return loss(name)(z, a, y)


def gradients() -> None:
    """Write the gradient of every hidden activation x output x loss, at depth 2."""
    import torch

    sizes, n, random = (3, 4, 5, 2), 6, np.random.default_rng(2013)
    x, theta = random.normal(size=(3, n)), random.normal(0, 0.6, count_parameters(sizes))
    answers = {name: targets(name, random, sizes[-1], n) for name in LOSSES}
    found: dict[str, tuple[float, np.ndarray]] = {}
    for hidden in (name for name, one in ACTIVATIONS.items() if one.hidden):
        for name, output in ((name, o) for name, one in LOSSES.items() for o in one.outputs):
            weights = leaves(theta, sizes)
            y = torch.tensor(answers[name])
            value = data_loss(weights, (hidden, hidden, output), name, torch.tensor(x), y)
            value.backward()
            gradient = flat([leaf.grad.numpy() for leaf in weights])
            found[f"{hidden} {output} {name}"] = (value.item(), gradient)
    keep(
        "gradients",
        sizes=sizes,
        x=x,
        theta=theta,
        names=list(found),
        losses=[value for value, _ in found.values()],
        gradients=[gradient for _, gradient in found.values()],
        **{f"y_{name}": y for name, y in answers.items()},
    )


# PyTorch: trajectories

RATES = {"adagrad": 0.05, "rmsprop": 0.01, "adam": 0.01, "adamw": 0.01}  # others .1
CASES = {  # what differs from the bare rule: (second half's share of the rate, l2, weight_decay)
    "bare": (1.0, 0.0, 0.0),
    "new rate": (0.1, 0.0, 0.0),
    "l2": (1.0, 0.02, 0.0),
    "weight decay": (1.0, 0.0, 0.1),
}


def torch_rule(name: str, groups: list[dict], rate: float) -> Any:
    """PyTorch's optimizer with its own constants, but the rho .9 of RMSprop's authors."""
    from torch import optim

    return {
        "sgd": lambda: optim.SGD(groups, rate),
        "momentum": lambda: optim.SGD(groups, rate, momentum=0.9),
        "nesterov": lambda: optim.SGD(groups, rate, momentum=0.9, nesterov=True),
        "adagrad": lambda: optim.Adagrad(groups, rate),
        "rmsprop": lambda: optim.RMSprop(groups, rate, alpha=0.9),
        "adam": lambda: optim.Adam(groups, rate),
        "adamw": lambda: optim.AdamW(groups, rate, weight_decay=0.0),
    }[name]()


def trajectory(name: str, case: str, start: np.ndarray, sizes: tuple, batches: list) -> list:
    """theta at the start and after every 10th of 100 mini-batch steps, by torch.optim."""
    second, l2, decay = CASES[case]
    rate, weights, thetas = RATES.get(name, 0.1), leaves(start, sizes), [start]
    # PyTorch's decay is half the gradient of l2 w²; AdamW's own is decoupled, so l2 joins its loss
    coupled = 2 * l2 if name != "adamw" else decay
    groups = [{"params": weights[::2], "weight_decay": coupled}, {"params": weights[1::2]}]
    rule = torch_rule(name, groups, rate)
    for step, (x, y) in enumerate(batches, 1):
        if step == 51:
            for group in rule.param_groups:
                group["lr"] = rate * second
        rule.zero_grad()
        total = data_loss(weights, ("tanh", "softmax"), "ce", x, y)
        if name == "adamw":
            total = total + l2 * sum((W**2).sum() for W in weights[::2])
        total.backward()
        rule.step()
        if step % 10 == 0:
            thetas.append(flat([leaf.detach().numpy() for leaf in weights]))
    return thetas


def trajectories() -> None:
    """Write 100 steps of every optimizer: 20 epochs of 23 examples in batches of 5."""
    import torch

    sizes, n, size, random = (4, 6, 3), 23, 5, np.random.default_rng(2014)
    x, labels = random.normal(size=(4, n)), random.integers(0, 3, n)
    start = random.normal(0, 0.7, count_parameters(sizes))
    orders = np.array([random.permutation(n) for _ in range(20)])
    y = np.eye(3)[labels].T
    parts = [order[first : first + size] for order in orders for first in range(0, n, size)]
    batches = [(torch.tensor(x[:, part]), torch.tensor(y[:, part])) for part in parts]
    pairs = [(name, case) for name in OPTIMIZERS for case in CASES]
    pairs = [(name, case) for name, case in pairs if case != "weight decay" or name == "adamw"]
    keep(
        "trajectories",
        sizes=sizes,
        x=x,
        labels=labels,
        start=start,
        orders=orders.astype(np.int8),
        batch_size=size,
        names=[f"{name}, {case}" for name, case in pairs],
        rates=[RATES.get(name, 0.1) * np.array([1, CASES[case][0]]) for name, case in pairs],
        l2=[CASES[case][1] for _, case in pairs],
        weight_decay=[CASES[case][2] for _, case in pairs],
        thetas=[trajectory(*pair, start, sizes, batches) for pair in pairs],
    )


def keep(name: str, **arrays: Any) -> None:
    """Write the arrays and what made them to tests/references/<name>.npz."""
    made = f"python -m benchmarks.references --only {name}, PyTorch {version('torch')}"
    path = FOLDER / f"{name}.npz"
    np.savez_compressed(path, made=made, **arrays)
    print(f"{path.name}: {len(arrays['names'])} cases, {path.stat().st_size / 1000:.0f} kB, {made}")


# Keras: the article's three examples


def rows(dataset: Dataset, part: str) -> tuple[np.ndarray, np.ndarray]:
    """A part of the data as Keras has it: one example per row, float32."""
    X, y = dataset.part(part)
    return X.T.astype(np.float32), y.T.astype(np.float32)


def line(seed: int) -> dict[str, float]:
    """The straight line: Adam, 100 epochs, batches of one."""
    from keras import Input, Sequential, layers, optimizers, utils

    utils.set_random_seed(seed)
    X, y = rows(load(PRESETS["article_line"].config), "train")
    model = Sequential([Input((1,)), layers.Dense(1)])
    model.compile(optimizers.Adam(), "mse")
    model.fit(X, y, batch_size=1, epochs=100, verbose=0)
    (w,), b = model.layers[0].get_weights()
    found = model.evaluate(X, y, verbose=0)
    return {"loss": found, "w": w.item(), "b": b.item()}


def seven_classes(seed: int, optimizer: str, size: int, epochs: tuple[int, ...]) -> Iterator[dict]:
    """64-.5-64-.5-7 after each of `epochs` of one run: losses and accuracies."""
    from keras import Input, Sequential, layers, utils

    utils.set_random_seed(seed)
    dataset = load(PRESETS["article_classes"].config)
    X, y = rows(dataset, "train")
    hidden = [part for _ in range(2) for part in (layers.Dense(64, "relu"), layers.Dropout(0.5))]
    model = Sequential([Input((54,)), *hidden, layers.Dense(7, "softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    for before, epoch in pairwise((0, *epochs)):
        model.fit(X, y, batch_size=size, initial_epoch=before, epochs=epoch, verbose=0)
        yield {
            f"{part} {word} at {epoch}": figure
            for part in ("train", "validation")
            for word, figure in zip(
                ("loss", "accuracy"), model.evaluate(*rows(dataset, part), verbose=0), strict=True
            )
        }


def merged(seed: int, optimizer: str, size: int, epochs: tuple[int, ...]) -> dict[str, float]:
    """The figures of all the epochs of one run."""
    parts = seven_classes(seed, optimizer, size, epochs)
    return {name: figure for part in parts for name, figure in part.items()}


def article() -> None:
    """Write what Keras reaches with the article's settings, seed by seed."""
    backend = next(name for name in BACKENDS if installed(name))
    os.environ.setdefault("KERAS_BACKEND", backend)
    import keras

    examples = {
        "line": line,
        "classifier": lambda seed: merged(seed, "adam", 16, (20,)),
        "grid": lambda seed: merged(seed, "rmsprop", 128, (5, 10, 15)),
    }
    used = keras.backend.backend()
    made = "python -m benchmarks.references --only article, "
    made += f"Keras {keras.__version__} on {used} {version(used)}"
    found: dict[str, Any] = {"made": made}
    for name, example in examples.items():
        runs = [example(seed) for seed in range(SEEDS[name])]
        found[name] = {key: summary([run[key] for run in runs]) for key in runs[0]}
        print(name, {key: (one["mean"], one["spread"]) for key, one in found[name].items()})
    path = FOLDER / "article.json"
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{path.name}: {made}")


def summary(figures: list[float]) -> dict[str, Any]:
    """Mean and spread (standard deviation over the seeds), and the figures themselves."""
    values = np.array(figures, float)
    return {"mean": values.mean(), "spread": values.std(ddof=1), "seeds": values.tolist()}


def installed(package: str) -> bool:
    """Whether the package is there."""
    try:
        return bool(version(package))
    except ImportError:
        return False


FILES = {"gradients": ("torch", gradients), "trajectories": ("torch", trajectories)}
FILES["article"] = ("keras", article)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", choices=FILES, action="append")
    for name in options.parse_args().only or FILES:
        package, make = FILES[name]
        if installed(package):
            make()
        else:
            print(f"{name}: {package} is not installed; its stored figures stay as they are.")


if __name__ == "__main__":
    main()
