"""Take along: the run on the screen as one HTML file that plays without the app."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from engine.language import language, marked, tr
from engine.training import Event, Run
from pages.figures.base.text import count, network_in_words
from pages.live.jobs.recording import MOST_EPOCHS, Recording, stride_for
from pages.live.jobs.remote_work import RemoteWork
from pages.live.view import specification
from pages.widgets.session import current, known_run, of_session, session
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, in_slices
from pages.widgets.shell.frame import redraw_if_due
from pages.widgets.shell.progress import progress_of, remote_work
from pages.widgets.train.run_file import page_bytes, run_page

LABEL = marked("Run as one HTML file")
WORDS = marked(
    "The player with all its views and every number of this run, in one file. It opens in any "
    "browser and needs no network and no server, so it can be sent by mail or taken home. In the "
    "file the run can be played, but not changed."
)


class RecordingOrder:
    """A run that is to be recorded up to an epoch, and how far that is."""

    def __init__(self, run: Run, epochs: int) -> None:
        self.run, self.events = run, list(run.events)
        self.work: RemoteWork[Recording] = remote_work(
            "record run", specification(run), session().pair, epochs
        )

    def is_of(self, run: Run, events: list[Event]) -> bool:
        """Return whether the order is about this run, and no change was made since."""
        return self.run is run and self.events == events


@dataclass
class TakeAlongState:
    """The file that this visitor asked for last."""

    order: RecordingOrder | None = None


def take_along_state() -> TakeAlongState:
    """Return this visitor's state of the section."""
    return of_session("take_along", TakeAlongState)


@st.fragment
def take_along() -> None:
    """Draw the section, which paper leaves out."""
    redraw_if_due()
    with st.container(key="take_along"):
        draw_section()


def draw_section() -> None:
    """Draw the button that makes the file, and then the one that saves it."""
    state = take_along_state()
    st.subheader(tr("Save the run"), anchor=False)
    st.caption(tr(WORDS))
    field, button = st.columns([1, 3], vertical_alignment="bottom")
    epochs = field.number_input(
        tr("Epochs in the file"),
        1,
        MOST_EPOCHS,
        None,
        placeholder=tr("up to the epoch shown"),
        key="take.epochs",
        help=tr(
            "The last epoch of the file. The run is trained up to it if it has fewer. Leave it "
            "empty to take the epochs that were on the screen."
        ),
    )
    if button.button(tr(LABEL), icon=":material/movie:", key="take.make"):
        begin(state, epochs)
    order = state.order
    if order is None or order.run is not known_run():
        return
    run, _ = current()
    if not order.is_of(run, run.events):
        return
    try:
        if in_slices(job_of(order), "take") and not order.work.stopped:
            draw_download(run, order.work.result)
    except ValueError as reason:
        foreign.error(str(reason), ":material/error:")


def begin(state: TakeAlongState, epochs: int | None) -> None:
    """Begin to record the run up to an epoch, or as far as it was on the screen."""
    run, _ = current()
    last = min(epochs or furthest(run), MOST_EPOCHS)
    if state.order is not None:
        state.order.work.stop()
    state.order = None
    if not last:
        st.info(tr("The run has no epochs yet: press Train first, or type a number of epochs."))
        return
    try:
        stride_for(run, last)
    except ValueError as reason:
        foreign.error(str(reason), ":material/error:")
        return
    state.order = RecordingOrder(run, last)


def furthest(run: Run) -> int:
    """Return the last epoch of a run that was on the screen; all of one that never was."""
    own = session()
    seen = own.screen.looked == own.run_number
    return min(own.screen.furthest, run.epochs) if seen else run.epochs


def job_of(order: RecordingOrder) -> Job:
    """Return the job that records the run."""
    work = order.work
    return Job(
        work.advance,
        lambda: progress_of(work, tr("Recording the run")),
        work.stop,
        lambda: work.stopped,
    )


def draw_download(run: Run, recording: Recording) -> None:
    """Draw the button that saves the file, and what is in it."""
    st.download_button(
        tr("Save the file ({size:.1f} MB)", size=page_bytes(recording) / 1e6),
        # The browser asks for it later, in a thread without a visitor.
        partial(
            run_page, recording, tr(run.dataset.name), run_sentences(run, recording), language()
        ),
        f"deltascope-run-epoch-{recording.last}.html",
        "text/html",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
        key="take.save",
    )
    st.caption(which_epochs(recording))


def run_sentences(run: Run, recording: Recording) -> list[str]:
    """Return sentences on a recorded run: the network, its settings, the epochs."""
    chosen = run.config_at(recording.last).to_query()
    settings = ", ".join(f"{name} {value}" for name, value in chosen.items() if name != "v")
    return [
        network_in_words(run.network.sizes, run.network.activations),
        tr("A training run recorded with Deltascope. {epochs}", epochs=which_epochs(recording)),
        *([tr("Settings: {settings}.", settings=settings)] if settings else []),
    ]


def which_epochs(recording: Recording) -> str:
    """Return which epochs are in a recording."""
    last, every = count(recording.last), recording.every
    if every == 1:
        return tr("The file has every epoch from 0 to {last}.", last=last)
    return tr(
        "The file has the epochs 0, {every}, {double} and so on, up to {last}: all of them would "
        "make the file too large.",
        every=count(every),
        double=count(2 * every),
        last=last,
    )
