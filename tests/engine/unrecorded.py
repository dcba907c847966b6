"""Training without the record of each epoch, which takes longer than the training itself."""

import numpy as np

from engine.data import Dataset
from engine.training.config import Config
from engine.training.evaluator import Evaluator
from engine.training.training import Training


def advance(training: Training, epochs: int) -> Training:
    """Train for some epochs, to overflow if it comes to that, and return the training."""
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            training.epoch()
    return training


def trained(config: Config, data: Dataset, epochs: int) -> Training:
    """The training of these settings after its last epoch."""
    return advance(Training(config, data), epochs)


def last_record(training: Training, data: Dataset) -> tuple:
    """What a run records of its last epoch, in the order of `Evaluator.evaluate`."""
    evaluator = Evaluator(training.config, data, training.network, training.output_head)
    with np.errstate(all="ignore"):
        return evaluator.evaluate(training.network.theta)
