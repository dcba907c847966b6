"""The seed sweep: the same settings with many seeds, to separate their effect from luck."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from engine.batched import MOST_SEEDS, Outcome, SweepResult, with_seeds
from engine.data import WORDS
from engine.language import tr
from engine.nn import Array
from engine.problems import PROBLEMS
from engine.training import MOST_EPOCHS, OWN, Config, Run
from pages.figures.base.text import count, many, number, percent
from pages.figures.compare.seed_sweep import cloud, cloud_in_words
from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.session import current, of_session, session, value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, again, in_slices
from pages.widgets.shell.charts import picture
from pages.widgets.shell.open_run import open_on_train
from pages.widgets.shell.progress import progress_of, remote_work

SEEDS = (100, 300, MOST_SEEDS)
EPOCHS = 500  # where neither the choices nor the run say how many
GOOD = {True: 0.95, False: 0.9}  # classes: accuracy, else R²


class Seeds:
    """A seed sweep in progress, or its result."""

    def __init__(self, config: Config, seeds: int, epochs: int) -> None:
        self.config, self.epochs = config, epochs
        self.configs = with_seeds(replace(config, start=""), range(seeds))
        table = session().table if config.dataset == OWN else None
        self.work: RemoteWork[SweepResult] = remote_work(
            "sweep seeds", config, seeds, epochs, table and table.build.source
        )
        self.made: SweepResult | None = None
        self.picked = 0  # the place of the seed to be opened

    @property
    def running(self) -> bool:
        """Return whether there is no result so far."""
        return self.made is None

    def advance(self, seconds: float) -> bool:
        """Wait for about `seconds`; return whether all is done. Raises ValueError if it fails."""
        if self.running and self.work.advance(seconds):
            self.made = self.work.result
            self.picked = int(self.made.outcome().order[0])
        return not self.running


@dataclass
class SeedSweepState:
    """The sweep that this visitor asked for last."""

    seeds: Seeds | None = None


def seed_sweep_state() -> SeedSweepState:
    """Return this visitor's state of the section."""
    return of_session("seed_sweep", SeedSweepState)


def stop_sweep() -> None:
    """Stop the sweep and forget it."""
    state = seed_sweep_state()
    if state.seeds is not None:
        state.seeds.work.stop()
    state.seeds = None


@st.fragment
def cloud_section(run: Run | None = None) -> None:
    """Draw the section for the Train page's run, or for another one."""
    st.subheader(tr("Many seeds"), anchor=False)
    st.caption(
        tr(
            "One run may be luck. Training with many seeds shows how good the settings are, "
            "and how much depends on the random start."
        )
    )
    state, run = seed_sweep_state(), run or current()[0]
    draw_sweep_fields(run)
    seen = state.seeds
    if seen is None:
        return
    if seen.config != run.config:
        st.caption(tr("The settings have changed; these results are for the previous settings."))
    try:
        advance_or_draw(seen)
    except ValueError as reason:
        state.seeds = None
        foreign.error(str(reason), ":material/error:")


def draw_sweep_fields(run: Run) -> None:
    """Draw the number of seeds and epochs, and the button that trains them."""
    left, middle, right = st.columns([2, 2, 3], vertical_alignment="bottom")
    seeds = left.segmented_control(
        tr("Seeds"), SEEDS, default=SEEDS[0], format_func=count, required=True, key="cloud.count"
    )
    epochs = middle.number_input(
        tr("Epochs"),
        1,
        MOST_EPOCHS,
        value=run.config.epochs or run.epochs or EPOCHS,
        help=tr("Epochs of training for each seed."),
        key=f"cloud.epochs.{run.config.epochs or run.epochs or EPOCHS}",
    )
    if right.button(
        tr("Train {seeds}", seeds=many(seeds, "seed")),
        icon=":material/cloud:",
        type="primary",
        key="cloud.train",
    ):
        stop_sweep()
        seed_sweep_state().seeds = Seeds(run.config, seeds, int(epochs))
    if run.events:
        st.caption(tr("Changes made during the run are not used here."))
    if run.config.start:
        st.caption(tr("Each seed has its own random start weights. Those of the run are not used."))


def advance_or_draw(seen: Seeds) -> None:
    """Do one slice of work, or draw the finished sweep."""
    over = not seen.running or in_slices(sweep_job(seen), "cloud")
    if over and seen.made is not None:
        draw_sweep(seen, seen.made)


def sweep_job(seen: Seeds) -> Job:
    """Return the job that trains the seeds; a stop discards them."""
    state, what = seed_sweep_state(), tr("Training {seeds}", seeds=many(len(seen.configs), "seed"))

    return Job(
        seen.advance,
        lambda: progress_of(seen.work, what),
        stop_sweep,
        lambda: state.seeds is not seen,
    )


def draw_sweep(seen: Seeds, made: SweepResult) -> None:
    """Draw the finished sweep: its result, its figure, and a run to open."""
    found = made.outcome()
    classes = made.classes
    metric = tr("Accuracy") if classes else "R²"
    words, level = st.columns([4, 1], vertical_alignment="center")
    least = level.number_input(
        tr("{metric} that counts as solved", metric=metric),
        0.0,
        1.0,
        GOOD[classes],
        0.01,
        help=tr("Seeds that reach this value are blue."),
        key=f"cloud.level.{classes}",
    )
    good = np.nan_to_num(found.scores, nan=-np.inf) >= least
    with words:
        st.markdown(f"**{solved_sentence(seen, found, good)}**")
        foreign.caption(" ".join((made.sentence(), *made.notes)))
    curves = made.curves(found.part)
    picked = picture(
        cloud(made.marks, curves, good, tr(WORDS[found.part]), seen.picked),
        cloud_in_words(curves, good, tr(WORDS[found.part]), made.marks[-1]),
        key="cloud.picture",
    )
    if picked is not None and 0 <= picked < len(seen.configs) and picked != seen.picked:
        seen.picked = picked
        again()
    opening(seen, found, metric)


def solved_sentence(seen: Seeds, found: Outcome, good: Array) -> str:
    """Return the sentence with the share of solved starts."""
    name = seen.config.dataset
    title = tr("your table") if name == OWN else tr(PROBLEMS[name].title)
    share = percent(float(np.mean(good)))
    return tr(
        "These settings solve {title} for {share} of {number} seeds.",
        title=title,
        share=share,
        number=count(len(good)),
    )


def opening(seen: Seeds, found: Outcome, metric: str) -> None:
    """Draw the choice of a seed, best first, and the button that opens it."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    order = found.order.tolist()

    def named(place: int) -> str:
        loss, score = (number(float(one[place])) for one in (found.losses, found.scores))
        return tr(
            "seed {seed}: {metric} {score}, loss {loss}",
            seed=seen.configs[place].seed,
            metric=metric.lower(),
            score=score,
            loss=loss,
        )

    def pick() -> None:
        seen.picked = value_of("cloud.seed")

    st.session_state["cloud.seed"] = seen.picked
    left.selectbox(
        tr("Seed, from the best to the worst"),
        order,
        format_func=named,
        help=tr("You can also click on a curve."),
        on_change=pick,
        key="cloud.seed",
    )
    if right.button(tr("Open on the Train page"), icon=":material/play_circle:", key="cloud.open"):
        open_on_train(seen.configs[seen.picked], seen.epochs)
