"""Step through: which batch or example of the run is shown, and how to reach its epoch."""

from __future__ import annotations

import time

import numpy as np
import streamlit as st

from engine.explain import StepTrace, trace_batch, trace_example
from engine.language import marked, tr
from engine.nn import Array
from engine.training import MOST_EPOCHS, OWN, Run
from pages.widgets.session import current, session
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.binding import Binding, page_field
from pages.widgets.shell.component import element
from pages.widgets.shell.foreign import literal
from pages.widgets.step.step_trace import refuse_large_batch, trace_message
from pages.widgets.step.stepping_state import Stepping, TraceKey, stepping_state
from pages.widgets.train.player import run_id

BEFORE_THE_REST = 0.2  # seconds in which the browser draws the walk; all else takes it longer
WHAT = {False: marked("a batch"), True: marked("one example")}


@st.fragment
def step_through() -> None:
    """Draw the choice of an epoch and a batch, and its trace."""
    (run, _), place = current(), stepping_state()
    draw_step_fields(run, place)
    try:
        if train_to_epoch(run, place):
            data = cached_message(run, place)
            with st.container(key="walk"):  # as high as a walk before it is drawn
                element("walker", "walker/walker.js")(data=data, key="walker")
    except ValueError as reason:
        foreign.error(str(reason), ":material/error:")


def wait_for_drawing() -> None:
    """Delay the rest of the page until the browser has drawn the trace.

    Messages that arrive while it draws come first: with side bar and check sent at once, the first
    equation is on the screen after three times as long.
    """
    if session().drawn.arrived:
        time.sleep(BEFORE_THE_REST)


def starting_epoch(place: Stepping) -> int:
    """Return the epoch after which the trace begins."""
    own = session()
    return max(own.opening.goto, own.screen.shown) if place.epoch is None else place.epoch


def shown_start_epoch() -> int:
    """Return the epoch after which the trace shown begins."""
    run, _ = current()
    return min(starting_epoch(stepping_state()), run.epochs)


def draw_step_fields(run: Run, place: Stepping) -> None:
    """Draw the fields for the epoch, and the batch or example."""
    left, middle, right, words = st.columns([2, 3, 2, 4], vertical_alignment="bottom")
    left.number_input(
        tr("After epoch"),
        0,
        MOST_EPOCHS,
        help=tr("Starts with the weights after this epoch. Missing epochs are trained first."),
        **stepping_field("epoch", starting_epoch(place)),
    )
    middle.segmented_control(
        tr("Show"),
        (False, True),
        format_func=lambda alone: tr(WHAT[alone]),
        required=True,
        help=tr(
            "A batch shows the next training step. One example shows the same equations with n = 1."
        ),
        **stepping_field("alone", place.alone),
    )
    if place.alone:
        rows = example_order(run)
        right.number_input(
            tr("Example, 0 to {last}", last=len(rows) - 1),
            0,
            len(rows) - 1,
            **stepping_field("example", min(place.example, len(rows) - 1)),
        )
        words.caption(literal(place_in_file(int(rows[min(place.example, len(rows) - 1)]))))
        return
    batches = run.live.batch_count
    now = min(place.batch, batches - 1) + 1
    right.number_input(
        tr("Batch, 1 to {last}", last=batches), 1, batches, **stepping_field("batch", now, 1)
    )


def stepping_field(name: str, value: int, first: int = 0) -> Binding:
    """Return key and callback of a widget that shows a field of the place and changes it.

    The widget counts from `first`, the field from 0.
    """

    def touch(chosen: int) -> None:
        place = stepping_state()
        setattr(place, name, chosen - first if first else chosen)
        place.line = place.line if name != "alone" else 0

    return page_field(f"step.{name}", value, touch)


def example_order(run: Run) -> Array:
    """Return every example as an index into the data (n,), the training part first."""
    data = run.dataset
    return np.concatenate([data.train, data.validation, data.test])


def step_through_example(example: int, epoch: int) -> None:
    """Show one example, an index into the data, after an epoch."""
    (run, _), place = current(), stepping_state()
    place.start(place.run_number)
    place.epoch, place.alone = epoch, True
    place.example = int(np.flatnonzero(example_order(run) == example)[0])


def place_in_file(example: int) -> str:
    """Return where an example of an own table is in its file; "" for other data."""
    own = session()
    if own.table is None or own.config.dataset != OWN:
        return ""
    return own.table.build.place_of(example, own.config)


def train_to_epoch(run: Run, place: Stepping) -> bool:
    """Let the run be trained as far as needed; return whether it has reached the epoch."""
    epoch, first, live = starting_epoch(place), run.epochs, session().live
    if epoch <= run.epochs:
        return True

    def advance(seconds: float) -> bool:
        stands = live.train(epoch, seconds, session().view())
        over = stands.epochs >= epoch or bool(stands.ended)
        if over:
            live.follow(epoch)
        return over

    def share() -> tuple[float, str]:
        epochs = live.standing.epochs if live.standing else first
        done = (epochs - first) / (epoch - first)
        return done, tr(
            "Training to epoch {epoch:,}: {epochs:,} so far", epoch=epoch, epochs=epochs
        )

    job = Job(advance, share, stop_at_epoch, lambda: starting_epoch(place) <= run.epochs)
    if not finished(job, "step.train"):
        return False
    if run.epochs < starting_epoch(place):
        session().notes.append(
            tr(
                "Epoch {epoch:,} was not reached: {reason} The steps shown start after "
                "epoch {epochs:,}.",
                epoch=epoch,
                reason=run.why_ended(),
                epochs=run.epochs,
            )
        )
        place.epoch = run.epochs
        st.rerun()
    return True


def stop_at_epoch() -> None:
    """Stop at the epoch that training has reached."""
    run, _ = current()
    stepping_state().epoch = run.epochs


def cached_message(run: Run, place: Stepping) -> bytes:
    """Return the message of the trace, made once for the same choice."""
    epoch, which = starting_epoch(place), place.example if place.alone else place.batch
    key = TraceKey(run_id(), tuple(run.events), epoch, place.alone, which)
    if place.trace is None or place.trace[0] != key:
        place.trace = key, trace_message(run, current_trace(run, epoch, place), place.line, which)
    return place.trace[1]


def current_trace(run: Run, epoch: int, place: Stepping) -> StepTrace:
    """Return the chosen trace."""
    if place.alone:
        rows = example_order(run)
        return trace_example(run, epoch, int(rows[min(place.example, len(rows) - 1)]))
    number, n = min(place.batch, run.live.batch_count - 1), len(run.dataset.train)
    size = run.config.batches(n).size
    refuse_large_batch(run, min(size, n - number * size))
    return trace_batch(run, epoch, number)
