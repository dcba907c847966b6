"""The workloads A to H that engines are compared on, from small as in a lesson to large."""

from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.training import Config


class Workload(NamedTuple):
    """One network on one table of random numbers; `classes` is 0 for a regression."""

    examples: int
    sizes: tuple[int, ...]
    activation: str
    classes: int
    optimizer: str
    rate: float
    batch: int
    dropout: float = 0.0

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """X (examples, d) standard normal, and y (examples,): classes, or numbers."""
        random = np.random.default_rng(42)
        X = random.standard_normal((self.examples, self.sizes[0]))
        if self.classes:
            return X, random.integers(0, self.classes, self.examples)
        return X, random.standard_normal(self.examples)

    def dataset(self) -> Dataset:
        """The same table for the engine, all of it to train on."""
        X, y = self.data()
        names = tuple(f"x{i}" for i in range(self.sizes[0]))
        if not self.classes:
            return Dataset("", "regression", X.T, names, y[None, :], target_names=("y",))
        return Dataset("", "classification", X.T, names, y, tuple(map(str, range(self.classes))))

    def config(self) -> Config:
        """The choices of a run that does this work."""
        return Config(
            hidden=self.sizes[1:-1],
            activation=self.activation,
            optimizer=self.optimizer,
            learning_rate=self.rate,
            batch_size=self.batch,
            dropout=self.dropout,
            loss="auto" if self.classes else "half_mse",
        )


WORKLOADS = {
    "A": Workload(250, (2, 8, 1), "tanh", 2, "sgd", 0.03, 10),
    "B": Workload(250, (2, 8, 1), "tanh", 2, "sgd", 0.03, 250),
    "C": Workload(500, (2, 4, 2, 1), "tanh", 2, "sgd", 0.03, 10),
    "D": Workload(2000, (54, 64, 64, 7), "relu", 7, "adam", 1e-3, 16, 0.5),
    "E": Workload(2000, (54, 64, 64, 7), "relu", 7, "adam", 1e-3, 128, 0.5),
    "F": Workload(500, (13, 1), "linear", 0, "adam", 1e-3, 1),
    "G": Workload(150, (4, 16, 3), "relu", 3, "adam", 1e-3, 32),
    "H": Workload(10_000, (784, 128, 10), "relu", 10, "adam", 1e-3, 128),
}
