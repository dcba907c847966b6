"""A run: training with a memory. Any epoch can be seen again, exactly as it was.

Only what cannot be recomputed is kept: a bounded number of checkpoints, and the record of every
epoch. Everything else at any epoch is rebuilt bit for bit from the checkpoint before it. A change
during the run is an event, and events are replayed too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import NamedTuple

import numpy as np

from engine.data import Dataset
from engine.language import ENGLISH, language, many, marked, speaking, tr
from engine.nn import (
    Array,
    Network,
    backward,
    batch_of,
    execute,
    flatten_steps,
    forward,
    penalty_gradient,
)
from engine.training.config import LIVE, Config
from engine.training.cost import epoch_seconds
from engine.training.divergence import Cause, cause_of, explain_divergence, has_diverged
from engine.training.early_stopping import Patience
from engine.training.evaluator import Evaluator
from engine.training.events import (
    MOST_EPOCHS,
    MOST_EVENTS,
    Event,
    check_event,
    live_choices,
    parameter_position,
)
from engine.training.history import Checkpoints, History
from engine.training.training import State, Training

LONG = 0.05  # seconds from which an epoch may be interrupted


@dataclass(frozen=True)
class LayerSnapshot:
    """One layer at one epoch on some examples; copies, not buffers."""

    W: Array  # (n_out, n_in)
    b: Array  # (n_out, 1)
    z: Array  # (n_out, n)
    a: Array  # (n_out, n)
    delta: Array  # (n_out, n), 1/n inside
    dW: Array  # (n_out, n_in), penalty included
    db: Array  # (n_out, 1)


@dataclass(frozen=True)
class Snapshot:
    """One epoch with all its arrays."""

    epoch: int
    theta: Array
    layers: tuple[LayerSnapshot, ...]
    losses: np.void  # the record of this epoch
    x: Array  # (d, n) the examples that z, a and delta are of
    y: Array  # (K, n) their targets


class Held(NamedTuple):
    """The last complete epoch while the live training is inside the next one."""

    state: State
    muted: Array  # (hidden units,) True where dropout muted a unit


class Frame(NamedTuple):
    """The numbers for one frame of the live view."""

    epoch: int
    theta: Array  # (P,)
    deltas: Array  # every delta of the probe, layer by layer, flat
    muted: Array  # (hidden units,) True where dropout muted a unit


class Run:
    """Training of one Config on one Dataset; every epoch can be restored."""

    def __init__(self, config: Config, dataset: Dataset, events: Iterable[Event] = ()) -> None:
        self.config, self.dataset = config, dataset
        self.events = sorted(events, key=lambda event: event.epoch)
        self.diverged = self.finished = ""  # why training stopped, as an English sentence
        self.cause: Cause | None = None  # of the divergence
        self.epochs = 0  # trained so far; early stopping leaves `live` at the best one
        self.patience = Patience(config.patience)
        self.live = self.new_training()
        self.replica: Training | None = None  # for epochs before the last one
        self.replay: tuple[int, Iterator[None]] | None = None  # of the replica, up to an epoch
        self.under_way: Iterator[float] | None = None  # an epoch of `live`
        self.held: Held | None = None  # the last complete epoch, while the next one is under way
        self.network, self.output_head = self.live.network, self.live.output_head
        for event in self.events:
            check_event(event, self.network.sizes)
        self.evaluator = Evaluator(config, dataset, self.network, self.output_head)
        self.history = History(len(self.network.layers))
        self.checkpoints = Checkpoints(self.live.memory.nbytes + 64)
        with np.errstate(all="ignore"):
            self.apply_events(self.live)
            self.record(np.nan)

    def new_training(self) -> Training:
        """Return a training at its start, for the run itself or for its replica."""
        return Training(self.config, self.dataset)

    @property
    def best(self) -> int:
        """Return the epoch of the lowest loss since the last change; early stopping restores it."""
        return self.patience.best

    @property
    def losses(self) -> Array:
        """Return the records (epochs + 1,), epoch 0 included: losses["train"],
        losses[e]["validation"].
        """
        return self.history.between(0, self.epochs + 1)

    @property
    def probe(self) -> Array:
        """Return the indices (probe,) into the data of the examples of the probe."""
        return self.dataset.train[: self.evaluator.probe]

    def config_at(self, epoch: int) -> Config:
        """Return the settings after `epoch` epochs."""
        return replace(self.config, **live_choices(e for e in self.events if e.epoch <= epoch))

    def advance(self, epochs: int = 1, seconds: float = np.inf) -> int:
        """Train up to `epochs` epochs; return how many: fewer if time is up or the run ends."""
        before, deadline = self.epochs, perf_counter() + seconds
        with np.errstate(all="ignore"):
            while self.epochs < min(before + epochs, MOST_EPOCHS) and not self.ended:
                running = self.next_epoch(deadline)
                if running is None:
                    break
                self.apply_events(self.live)
                self.record(running)
                if perf_counter() > deadline:
                    break
        return self.epochs - before

    def next_epoch(self, deadline: float) -> float | None:
        """Return the data loss seen in the next epoch of `live`; None if time is up inside it.

        The next call goes on where this one stopped; until then `held` stands for the last epoch.
        Raises AssertionError if the epoch ends without a loss, which is a fault of the engine.
        """
        epoch = self.live.epochs
        if self.under_way is None:
            self.under_way = self.live.epoch_in_chunks()
            if epoch_seconds(self.live) > LONG:
                self.held = Held(self.live.state(), dropped_units(self.live))
        for running in self.under_way:
            if self.live.epochs > epoch:
                self.under_way = self.held = None
                return running
            if self.held and perf_counter() > deadline:
                return None
        raise AssertionError("an epoch ends with a loss")

    def back_to_held(self) -> None:
        """Give up an epoch that is under way: `live` is at its last complete epoch again."""
        if self.held:
            self.live.restore(self.held.state, self.epochs)
        self.under_way = self.held = None

    @property
    def ended(self) -> bool:
        """Return whether training has stopped and only a change would continue it."""
        return bool(self.diverged or self.finished)

    def record(self, running: float) -> None:
        """Write the record of the epoch just trained; an epoch that overflowed is undone."""
        epoch, theta = self.live.epochs, self.live.network.theta
        config = self.live.config
        train, validation, *rest = self.evaluator.evaluate(theta)
        penalty = self.evaluator.penalty(theta, config.l1, config.l2)
        if epoch and has_diverged(train + penalty, theta.dot(theta)):
            self.undo_diverged_epoch(epoch)
            return
        self.history[epoch] = (train, validation, penalty, running, *rest)
        self.checkpoints.offer(epoch, self.live)
        self.epochs = epoch
        self.check_early_stopping(validation if len(self.dataset.validation) else train)

    def check_early_stopping(self, loss: float) -> None:
        """End the run if the loss has not fallen for too long, and restore the best weights."""
        epoch, patience = self.epochs, self.patience
        if epoch == 0 or any(event.epoch == epoch for event in self.events):
            patience.begin(epoch, loss)
        elif patience.is_over(epoch, loss):
            with speaking(ENGLISH):
                self.finished = satisfied(self)
            self.rewind(self.live, patience.best)

    def undo_diverged_epoch(self, epoch: int) -> None:
        """Return to the last good epoch, and find the cause of the divergence."""
        self.rewind(self.live, epoch - 1)
        self.epochs = epoch - 1
        self.evaluator.evaluate(self.network.theta)
        self.cause = cause_of(self)
        with speaking(ENGLISH):
            self.diverged = explain_divergence(self, epoch, self.cause)

    def why_ended(self) -> str:
        """Return why training has stopped, in the language of the reader; "" if it has not."""
        if language() == ENGLISH or not self.ended:
            return self.diverged or self.finished
        if not self.diverged:
            return satisfied(self)
        self.cause = self.cause or cause_of(self)  # a run from a file has the sentence alone
        return explain_divergence(self, self.epochs + 1, self.cause)

    def apply_events(self, training: Training) -> None:
        """Apply the events that follow the epoch just trained."""
        due = [event for event in self.events if event.epoch == training.epochs]
        if not due:
            return
        for event in due:
            if event.name not in LIVE:
                layer, row, column = parameter_position(event.name, training.sizes)
                training.network.layers[layer - 1].Wb[row, column] = event.value
        config = self.config_at(training.epochs)
        if config != training.config:
            training.configure(config)

    def change(self, epoch: int, **values: float) -> None:
        """Set these live choices from `epoch` on; later epochs are dropped."""
        self.fork([Event(epoch, name, float(value)) for name, value in values.items()])

    def edit(self, epoch: int, name: str, value: float) -> None:
        """Set the weight W2.0.1 or the bias b1.3 after `epoch` epochs; later epochs are dropped."""
        self.fork([Event(epoch, name, float(value))])

    def fork(self, events: list[Event]) -> None:
        """Return to the epoch of the events and apply them.

        Raises ValueError if an event is not valid, or if the run would hold too many.
        """
        for event in events:
            check_event(event, self.network.sizes)
        if len(self.events) + len(events) > MOST_EVENTS:
            raise ValueError(
                tr("A run can have at most {most} changes. Reset it to continue.", most=MOST_EVENTS)
            )
        self.back_to_held()
        epoch, names = min(events[0].epoch, self.epochs), {event.name for event in events}
        running = self.history[epoch]["running"]
        kept = [
            e for e in self.events if e.epoch < epoch or (e.epoch == epoch and e.name not in names)
        ]
        with np.errstate(all="ignore"):
            self.rewind(self.live, epoch)
            self.events = [*kept, *(event._replace(epoch=epoch) for event in events)]
            self.checkpoints.forget_from(epoch)
            self.diverged, self.finished, self.replica = "", "", None
            self.apply_events(self.live)
            self.record(running)
            if not self.diverged:
                self.checkpoints.kept[epoch] = self.live.state()

    def rewind(self, training: Training, epoch: int) -> None:
        """Bring `training` to `epoch`, replaying from where it stands if that is near."""
        for _ in self.rewinding(training, epoch):
            pass

    def rewinding(self, training: Training, epoch: int) -> Iterator[None]:
        """Bring `training` to `epoch`; yield after each chunk of the data that is replayed."""
        # with masks the epoch itself is replayed, so that its last mask can be seen
        masked = epoch > 0 and any(self.config_at(epoch - 1).layer_dropouts)
        near = self.checkpoints.before(epoch - masked)
        if not near <= training.epochs <= epoch:
            training.restore(self.checkpoints.kept[near], near)
            if training.config != self.config_at(near):
                training.configure(self.config_at(near))
        while training.epochs < epoch:
            yield from (None for _ in training.epoch_in_chunks())
            self.apply_events(training)

    def training_at(self, epoch: int) -> Training:
        """Return the live training if it is at `epoch`, otherwise the replica brought there."""
        complete = epoch == self.live.epochs and not self.held
        return self.live if complete else self.replica_at(epoch)

    def replica_at(self, epoch: int) -> Training:
        """Return a second training, brought to `epoch`; training it on leaves the run as it is."""
        self.reach(epoch)
        assert self.replica is not None
        return self.replica

    def reach(self, epoch: int, seconds: float = np.inf) -> bool:
        """Bring the replica to `epoch`; return whether it is there after about `seconds`.

        The next call for the same epoch goes on where this one stopped.
        """
        deadline = perf_counter() + seconds
        if self.replica is None:
            self.replica = self.new_training()
            self.replica.epochs = -1
        if self.replay is None or self.replay[0] != epoch:
            self.replay = epoch, self.replay_to(epoch, self.replica)
        with np.errstate(all="ignore"):
            for _ in self.replay[1]:
                if perf_counter() > deadline:
                    return False
        self.replay = None
        return True

    def replay_to(self, epoch: int, replica: Training) -> Iterator[None]:
        """Bring the replica to `epoch`, chunk by chunk, from the nearest state that is kept."""
        if self.replay is not None:  # another replay has stopped inside an epoch
            replica.epochs = -1
        if self.held and epoch == self.epochs:
            replica.restore(self.held.state, epoch)
            if replica.config != self.live.config:
                replica.configure(self.live.config)
        return self.rewinding(replica, epoch)

    def watch(self, epoch: int, observe: Callable[[Training], None]) -> None:
        """Train `epoch` once more on the replica, and call observe(replica) after each batch."""
        replica = self.replica_at(epoch - 1)
        with np.errstate(all="ignore"):
            replica.epoch(lambda: observe(replica))
            self.apply_events(replica)

    def at(self, epoch: int, examples: Array | None = None) -> Snapshot:
        """Return the complete epoch, on the probe or on `examples` (n,), indices into the data.

        Raises ValueError if the epoch has not been trained.
        """
        if not 0 <= epoch <= self.epochs:
            words = tr(
                "epoch must lie between 0 and {last}; {epoch} was given.",
                last=self.epochs,
                epoch=epoch,
            )
            raise ValueError(words)
        training, data = self.training_at(epoch), self.dataset
        chosen = self.probe if examples is None else np.asarray(examples)
        kind = training.memory.dtype
        X = data.network_inputs(data.inputs[:, chosen]).astype(kind)
        y = self.output_head.encode(data.network_targets(data.targets[..., chosen])).astype(kind)
        network = Network(
            self.network.sizes, self.network.activations, training.network.theta.copy()
        )
        x = np.vstack([X, np.ones((1, X.shape[1]), kind)])
        batch = batch_of(x, y, network.sizes, weights=self.output_head.weights_of(y))
        config, frozen = training.config, training.config.biases == "frozen"
        steps = flatten_steps(forward(network, batch))
        steps += flatten_steps(backward(network, batch, self.output_head.loss))
        steps += flatten_steps(penalty_gradient(network, config.l1, config.l2, frozen))
        with np.errstate(all="ignore"):
            execute(steps)
        layers = tuple(
            LayerSnapshot(layer.W, layer.b, own.z, own.a, own.delta, layer.dW, layer.db)
            for layer, own in zip(network.layers, batch.layers, strict=True)
        )
        return Snapshot(epoch, network.theta, layers, self.history[epoch].copy(), X, y)

    def play(self, after: int, stride: int, count: int, seconds: float) -> Iterator[Frame]:
        """Yield frames of every stride-th epoch after `after`: until count, time or run ends."""
        deadline, shown = perf_counter() + seconds, after
        for epoch in range(after + stride, after + stride * count + 1, stride):
            if epoch > self.epochs:
                self.advance(epoch - self.epochs, deadline - perf_counter())
            if epoch > self.epochs:
                if self.ended and self.epochs > shown:
                    yield self.frame(self.epochs)
                return
            shown = epoch
            yield self.frame(epoch)
            if perf_counter() > deadline:
                return

    def frame(self, epoch: int) -> Frame:
        """Return copies of the numbers that a picture of one epoch needs."""
        theta, muted = self.weights_at(epoch)
        if not np.array_equal(theta, self.evaluator.network.theta):
            with np.errstate(all="ignore"):
                self.evaluator.evaluate(theta)
        deltas = np.concatenate([delta.reshape(-1) for delta in self.evaluator.deltas])
        return Frame(epoch, theta.copy(), deltas, muted)

    def weights_at(self, epoch: int) -> tuple[Array, Array]:
        """Return theta (P,) after `epoch`, and (hidden units,) which of them dropout muted."""
        if self.held and epoch == self.epochs:
            return self.held.state.memory[: len(self.network.theta)], self.held.muted
        training = self.training_at(epoch)
        return training.network.theta, dropped_units(training)

    def state(self) -> State:
        """Return all that the epoch after the last complete one depends on."""
        return self.held.state if self.held else self.live.state()


def dropped_units(training: Training) -> Array:
    """Return which of the h hidden units dropout left out in the last batch: bools (h,).

    The result is empty without dropout; then no programs are made for a run that is only read.
    """
    dropout = any(training.config.layer_dropouts)
    return training.chunks[-1][1].dropped_units() if dropout else np.empty(0)


def satisfied(run: Run) -> str:
    """Return a sentence: why the run has stopped, and which weights are restored."""
    words = (
        marked(
            "Stopped after epoch {epoch}: the validation loss has not fallen for {epochs}. "
            "The best weights, those of epoch {best}, are restored."
        )
        if len(run.dataset.validation)
        else marked(
            "Stopped after epoch {epoch}: the training loss has not fallen for {epochs}. "
            "The best weights, those of epoch {best}, are restored."
        )
    )
    waited = many(run.patience.epochs, "epoch")
    return tr(words, epoch=run.epochs, epochs=waited, best=run.best)
