"""Cost: how much time and memory a run takes, estimated before it is trained."""

from __future__ import annotations

from engine.data import Dataset
from engine.nn import OPTIMIZERS, count_parameters
from engine.training.batches import CHUNK_BYTES
from engine.training.config import Config
from engine.training.history import CHECKPOINT_BYTES, MOST_CHECKPOINTS
from engine.training.output_head import choose_output_head
from engine.training.training import Training

CALL_SECONDS, PRODUCT_SECONDS = 2e-6, 1e-9  # of a NumPy call, of a product of two numbers, about
STATE_BYTES = 1000  # of the Python objects of a checkpoint, about
BATCH_PRODUCTS = 5000.0  # the cost of a batch of no examples, in products of two numbers


def network_sizes(config: Config, data: Dataset) -> tuple[int, ...]:
    """Return the units per layer, the inputs first."""
    return (data.d, *config.hidden, choose_output_head(config, data).K)


def epoch_cost(config: Config, data: Dataset) -> float:
    """Return about how long an epoch takes, in products of two numbers."""
    n, P = len(data.train), count_parameters(network_sizes(config, data))
    return n * P + BATCH_PRODUCTS * config.batches(n).per_epoch


def epoch_seconds(training: Training) -> float:
    """Return about how many seconds an epoch takes, without training it."""
    products = 3 * len(training.rows) * len(training.network.theta)
    return CALL_SECONDS * training.calls + PRODUCT_SECONDS * products


def estimate_run_bytes(config: Config, data: Dataset) -> int:
    """Return about how many bytes a run of these choices takes once it has trained for a while.

    A layer of n units keeps z, the activations with a row of ones, the slope and the error term of
    each example: of a batch for training, of all examples for the evaluation.
    """
    bytes_each = 8 if config.precision == "float64" else 4
    sizes = network_sizes(config, data)
    n, evaluated = len(data.train), len(data.train) + len(data.validation)
    batch = config.batches(n).size
    per_example = sum(4 * units + 2 for units in sizes[1:])
    masks = batch * sum(config.hidden) if any(config.layer_dropouts) else 0
    P = count_parameters(sizes)
    parameters = 2 * P + OPTIMIZERS[config.optimizer].memory(P)  # theta, gradient, memory
    numbers = (batch + evaluated) * per_example + masks + 2 * evaluated * (sizes[0] + 2 * sizes[-1])
    checkpoints = min(CHECKPOINT_BYTES, MOST_CHECKPOINTS * (bytes_each * parameters + STATE_BYTES))
    return int(bytes_each * (numbers + 6 * parameters)) + 2 * CHUNK_BYTES + checkpoints
