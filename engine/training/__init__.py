"""A run: every choice, the training loop, its evaluation, its history, any epoch again."""

from engine.training.config import (
    CHOICES,
    DATASETS,
    DEFAULTS,
    LIVE,
    NOT_CHOICES,
    OWN,
    WHOLE_SET,
    Config,
)
from engine.training.divergence import (
    MILD,
    Cause,
    cause_of,
    reason,
    remedy,
)
from engine.training.evaluator import (
    PROBE,
    Judge,
    Part,
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
)
from engine.training.measured_steps import (
    measured_steps,
)
from engine.training.memory import (
    bytes_of,
)
from engine.training.model import (
    NUMBERS,
    Model,
    from_plain,
    model_of,
    to_plain,
)
from engine.training.options import (
    check,
    quoted,
    read,
    read_whole,
    write,
)
from engine.training.output_head import (
    THRESHOLD,
    Head,
    head_of,
    heads_for,
)
from engine.training.run import (
    MOST_LOSS,
    Frame,
    LayerSnapshot,
    Run,
    Snapshot,
)
from engine.training.start_weights import (
    STARTS,
)
from engine.training.training import (
    Group,
    Plan,
    State,
    Training,
    batches_at_once,
    draw_masks,
    start,
)

__all__ = [
    "CHOICES",
    "DATASETS",
    "DEFAULTS",
    "LIVE",
    "MILD",
    "MOST_EPOCHS",
    "MOST_EVENTS",
    "MOST_LOSS",
    "NOT_CHOICES",
    "NUMBERS",
    "OWN",
    "PROBE",
    "STARTS",
    "THRESHOLD",
    "WHOLE_SET",
    "Cause",
    "Checkpoints",
    "Config",
    "Event",
    "Frame",
    "Group",
    "Head",
    "History",
    "Judge",
    "LayerSnapshot",
    "Model",
    "Part",
    "Plan",
    "Run",
    "Snapshot",
    "State",
    "Training",
    "batches_at_once",
    "bytes_of",
    "cause_of",
    "check",
    "draw_masks",
    "from_plain",
    "head_of",
    "heads_for",
    "measured_steps",
    "model_of",
    "quoted",
    "read",
    "read_events",
    "read_whole",
    "reason",
    "remedy",
    "start",
    "to_plain",
    "write",
    "write_events",
]
