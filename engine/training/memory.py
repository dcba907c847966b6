"""Memory: how much a run takes, estimated before it is made, so that a limit can be held."""

from __future__ import annotations

from engine.data import Dataset
from engine.nn import OPTIMIZERS, count_parameters
from engine.training.config import Config
from engine.training.output_head import choose_output_head
from engine.training.training import CHUNK_BYTES

CHECKPOINTS = 2**24  # bytes that states of the past take at most, about


def estimate_run_bytes(config: Config, data: Dataset) -> int:
    """Return about how many bytes a run of these choices takes when it has trained for a while.

    A layer of n units keeps z, the activations with a row of ones, the slope and the error term of
    each example: of a batch for training, of all examples for the evaluation.
    """
    each = 8 if config.precision == "float64" else 4
    sizes = (data.d, *config.hidden, choose_output_head(config, data).K)
    learned, seen = len(data.train), len(data.train) + len(data.validation)
    batch = min(config.batch_size or learned, learned)
    per_example = sum(4 * units + 2 for units in sizes[1:])
    masks = batch * sum(config.hidden) if any(config.layer_dropouts) else 0
    P = count_parameters(sizes)
    parameters = (2 + OPTIMIZERS[config.optimizer].memory(P) / P) * P
    numbers = (batch + seen) * per_example + masks + 2 * seen * (sizes[0] + 2 * sizes[-1])
    return int(each * (numbers + 6 * parameters)) + 2 * CHUNK_BYTES + CHECKPOINTS
