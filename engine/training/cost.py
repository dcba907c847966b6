"""Cost: how much time and memory a run takes, estimated before it is trained."""

from __future__ import annotations

from engine.data import Dataset
from engine.nn import OPTIMIZERS, count_parameters
from engine.training.batches import batches_at_once, layout_of
from engine.training.config import Config
from engine.training.history import BESIDE, Checkpoints
from engine.training.output_head import choose_output_head
from engine.training.training import Training

CALL_SECONDS, PRODUCT_SECONDS = 2e-6, 1e-9  # of a NumPy call, of a product of two numbers, about
CALL_BYTES = 330  # of a NumPy call in a program, with its views of arrays, about
CALLS_OF_LAYER, CALLS_OF_STEP = 7, 4  # in the program of a batch, about
ROOM = 1.1  # some activations keep one more array
BARE_BYTES = 60_000  # of the Python objects of a run, about
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

    A layer of n units keeps z and the activations with a row of ones of each example, and for
    training the slope and the error term: those of a batch for training, of all examples for the
    evaluation. A second training replays the epochs that somebody looks back at.
    """
    bytes_each = 8 if config.precision == "float64" else 4
    sizes = network_sizes(config, data)
    evaluated = len(data.train) + len(data.validation)
    P = count_parameters(sizes)
    memory = P + OPTIMIZERS[config.optimizer].memory(P)
    per_example = sum(2 * units + 1 for units in sizes[1:])
    numbers = evaluated * (per_example + 2 * (sizes[0] + 2 * sizes[-1]))
    checkpoints = Checkpoints(bytes_each * memory).most * (bytes_each * memory + BESIDE.size)
    training = training_bytes(config, len(data.train), sizes, bytes_each, memory)
    return BARE_BYTES + 2 * training + int(ROOM * bytes_each * numbers) + checkpoints


def training_bytes(
    config: Config, n: int, sizes: tuple[int, ...], bytes_each: int, memory: int
) -> int:
    """Return about how many bytes a training on `n` examples takes.

    `memory` is the count of its parameters and of the numbers of its optimizer.
    """
    size, count = config.batches(n)
    at_once = batches_at_once(layout_of(config, n, sizes, True))
    held = count if count <= at_once else at_once + count % at_once  # batches with a program
    dropped = zip(config.hidden, config.layer_dropouts, strict=True)
    masks = sum(units for units, share in dropped if share)
    of_chunk = 2 * sizes[0] + 2 + 4 * sizes[-1] + masks
    of_batch = sum(4 * units + 2 for units in sizes[1:])
    numbers = size * of_batch + min(n, held * size) * of_chunk + 3 * memory
    calls = held * (CALLS_OF_LAYER * (len(sizes) - 1) + CALLS_OF_STEP)
    return int(ROOM * bytes_each * numbers) + CALL_BYTES * calls
