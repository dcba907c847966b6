"""A run: every choice, the training loop, its evaluation, its history, any epoch again."""

from engine.training.batches import BatchGroup, BatchLayout, batches_at_once, draw_masks
from engine.training.config import (
    CHOICES,
    DATASETS,
    DEFAULTS,
    LIVE,
    OWN,
    SAME_SEED,
    WHOLE_SET,
    Config,
    add_starts,
)
from engine.training.cost import (
    epoch_cost,
    epoch_seconds,
    estimate_run_bytes,
    network_sizes,
)
from engine.training.divergence import (
    MILD,
    Cause,
    cause_of,
    cause_sentence,
    has_diverged,
    remedy_sentence,
)
from engine.training.evaluator import (
    PROBE,
    Evaluator,
    PartMetrics,
)
from engine.training.events import (
    MOST_EPOCHS,
    MOST_EVENTS,
    Event,
    read_events,
    write_events,
)
from engine.training.history import (
    Checkpoints,
    History,
    RecordedSeries,
    Shelf,
    States,
)
from engine.training.measured_steps import (
    Steps,
    frobenius_norm,
    measure_steps,
)
from engine.training.model import (
    NUMBERS,
    Model,
    model_from_plain,
    model_of,
    model_to_plain,
)
from engine.training.options import (
    ChoiceValue,
    check_choice,
    quoted,
    read_choice,
    read_number,
    read_whole,
    write_choice,
)
from engine.training.output_head import (
    OutputHead,
    choose_output_head,
    output_loss_pairs,
    predicts_counts,
)
from engine.training.run import (
    Frame,
    LayerSnapshot,
    Run,
    Snapshot,
)
from engine.training.run_state import (
    MOST_BYTES,
    RunState,
    state_of_run,
    take_over,
    thin_checkpoints,
)
from engine.training.start_weights import Start, set_start_weights
from engine.training.training import State, Training

__all__ = [
    "CHOICES",
    "DATASETS",
    "DEFAULTS",
    "LIVE",
    "MILD",
    "MOST_BYTES",
    "MOST_EPOCHS",
    "MOST_EVENTS",
    "NUMBERS",
    "OWN",
    "PROBE",
    "SAME_SEED",
    "WHOLE_SET",
    "BatchGroup",
    "BatchLayout",
    "Cause",
    "Checkpoints",
    "ChoiceValue",
    "Config",
    "Evaluator",
    "Event",
    "Frame",
    "History",
    "LayerSnapshot",
    "Model",
    "OutputHead",
    "PartMetrics",
    "RecordedSeries",
    "Run",
    "RunState",
    "Shelf",
    "Snapshot",
    "Start",
    "State",
    "States",
    "Steps",
    "Training",
    "add_starts",
    "batches_at_once",
    "cause_of",
    "cause_sentence",
    "check_choice",
    "choose_output_head",
    "draw_masks",
    "epoch_cost",
    "epoch_seconds",
    "estimate_run_bytes",
    "frobenius_norm",
    "has_diverged",
    "measure_steps",
    "model_from_plain",
    "model_of",
    "model_to_plain",
    "network_sizes",
    "output_loss_pairs",
    "predicts_counts",
    "quoted",
    "read_choice",
    "read_events",
    "read_number",
    "read_whole",
    "remedy_sentence",
    "set_start_weights",
    "state_of_run",
    "take_over",
    "thin_checkpoints",
    "write_choice",
    "write_events",
]
