"""Tune: what to search, what it costs, and the buttons; the search runs in slices of time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import nan
from typing import NamedTuple, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.language import marked, tr
from engine.search import Range, Search, TrainingPlan, Tuning, allowed_addresses, read_choice_values
from engine.training import CHOICES, DEFAULTS, WHOLE_SET, write_choice
from pages.figures.base.choice_words import words
from pages.figures.base.text import count, many
from pages.widgets.session import open_with, session, value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import (
    again,
    alone,
    progress,
    run_after_page,
    span_of_time,
)
from pages.widgets.shell.binding import Binding
from pages.widgets.shell.frame import redraw_if_due
from pages.widgets.shell.heading import heading
from pages.widgets.sidebar.replaced import bind_in, draw_count
from pages.widgets.tune.results import draw_results
from pages.widgets.tune.search_session import (
    Draft,
    Example,
    SearchSession,
    choice_title,
    example_searches,
    search_query,
    search_session,
    searchable,
)

T = TypeVar("T")

AREA = "tune"  # whose fields are counted together
SLICE = 0.4  # seconds of work between two pictures
PROBE = 0.1  # seconds of work that tell how fast this machine is
FIRST_VALUES = 3  # of a choice of words that is newly searched


@st.fragment
def tune() -> None:
    """Draw the whole page below its title."""
    state = search_session()
    redraw_if_due()
    if state.running and not state.starting and not alone():  # somebody has come back, or
        state.stop()  # touched the side bar: the whole page runs, and may not be cut short
    if state.start_wanted:
        start_search(state)
    heading(
        marked("Which settings are best?"),
        marked(
            "Press <b>Start</b>: the app trains a network with each combination of these values, "
            "and scores it on examples that it has not seen. All other settings are those in the "
            "sidebar."
        ),
    )
    draw_examples(state)
    draw_search_space(state)
    draw_search_settings(state)
    draw_count(AREA)
    try:
        search, trials = state.requested_search()
    except ValueError as reason:
        foreign.info(str(reason), ":material/tune:")
        if state.search is None:
            return
    else:
        draw_start_button(state, search, trials)
    if state.starting:
        connect(state)
    if state.error:
        foreign.error(state.error, ":material/error:")
    if state.search is not None:
        if state.made is None or not state.is_same(state.made[1]):
            st.caption(tr("These results are from before your last change."))
        draw_results(state)
    if state.running and state.work is not None:
        state.advance(SLICE)
        again()


def connect(state: SearchSession) -> None:
    """Begin the work of a search, on this machine or on the cluster, while the page says so."""
    with st.spinner(
        tr("Connecting to the cluster") if state.draft.address else tr("Preparing the folds")
    ):
        state.connect()
    if not state.running:  # no answer: the page drawn so far shows it as running
        st.rerun(scope="fragment" if alone() else "app")


def draw_examples(state: SearchSession) -> None:
    """Draw the example searches."""
    with st.container(horizontal=True):
        for place, one in enumerate(example_searches()):
            st.button(
                one.title,
                help=one.about,
                disabled=state.running,
                on_click=take_example,
                args=(state, one),
                key=f"tune.try.{place}",
            )


def take_example(state: SearchSession, example: Example) -> None:
    """Take an example search, and its settings if it has any."""
    state.take(example)
    if example.config is not None:
        open_with(example.config)


# What varies


def draw_search_space(state: SearchSession) -> None:
    """Draw a row for each choice that varies, and a way to add one."""
    space = state.draft.space
    for name in list(space):
        label, values, bin_ = st.columns([2, 6, 1], vertical_alignment="center")
        label.markdown(f"**{choice_title(name)}**", help=tr(CHOICES[name].help))
        with values:
            draw_space_row(state, name)
        bin_.button(
            tr("Remove"),
            icon=":material/close:",
            type="tertiary",
            help=tr("Use the value of {name} in the sidebar.", name=choice_title(name)),
            disabled=state.running,
            on_click=remove_from_space,
            args=(state, name),
            key=f"tune.remove.{name}",
        )
    others = [name for name in searchable(session().config) if name not in space]
    st.session_state["tune.add"] = None
    st.selectbox(
        tr("Add a setting"),
        others,
        format_func=lambda name: choice_title(name),
        placeholder=tr("Choose a setting to vary"),
        disabled=state.running,
        on_change=lambda: add_to_space(state, value_of("tune.add")),
        key="tune.add",
        label_visibility="collapsed" if space else "visible",
    )


def remove_from_space(state: SearchSession, name: str) -> None:
    """Do not vary a choice any more."""
    state.draft.space.pop(name, None)


def add_to_space(state: SearchSession, name: str | None) -> None:
    """Vary one more choice, starting from its current value."""
    if name is None:
        return
    now = getattr(session().config, name)
    if CHOICES[name].options and isinstance(now, str):
        others = [one for one in CHOICES[name].options if one not in (now, "")]
        state.draft.space[name] = (now, *others[: FIRST_VALUES - 1])
    elif name == "epochs":
        state.draft.space[name] = (state.draft.epochs // 2 or 1, state.draft.epochs)
    else:
        state.draft.space[name] = (now,)


def draw_space_row(state: SearchSession, name: str) -> None:
    """Draw the values of a choice: words to select, or numbers to type."""
    given, key = state.draft.space[name], f"tune.values.{name}"
    if CHOICES[name].options and isinstance(DEFAULTS[name], str):
        st.multiselect(
            choice_title(name),
            [one for one in CHOICES[name].options if one],
            format_func=lambda value: words(value, name),
            disabled=state.running,
            label_visibility="collapsed",
            **draft_field(
                key, list(given), lambda new: state.draft.space.update({name: tuple(new)})
            ),
        )
        return
    st.text_input(
        choice_title(name),
        help=tr(
            "Values separated by commas, for example {values}. With random search, also a range.",
            values=hint(name),
        ),
        disabled=state.running,
        label_visibility="collapsed",
        **draft_field(
            key, space_text(name, given), lambda text: read_space_text(state, name, text)
        ),
    )


def draft_field(key: str, value: T, touch: Callable[[T], None]) -> Binding:
    """Return key and callback of a field of the draft, which an example may have replaced."""
    return bind_in(AREA, key, value, touch)


def hint(name: str) -> str:
    """Return an example of what may be typed."""
    examples = {"hidden": "8, 16, 8-8", "batch_size": "16, 128, all", "epochs": "5, 10, 15"}
    return examples.get(name, tr("0.01, 0.1, or 0.001 to 0.1 log"))


def space_text(name: str, given: tuple | Range) -> str:
    """Return values or a range as a person types them."""
    if isinstance(given, Range):
        return f"{given.low:g} to {given.high:g}" + (" log" if given.logarithmic else "")
    if name == "batch_size":
        return ", ".join("all" if size == WHOLE_SET else str(size) for size in given)
    return ", ".join(f"{one:g}" if isinstance(one, float) else write_choice(one) for one in given)


def read_space_text(state: SearchSession, name: str, text: str) -> None:
    """Read what was typed; report an error and keep the old values if that fails."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if name == "batch_size":
        parts = [str(WHOLE_SET) if part == "all" else part for part in parts]
    spelled = "|".join(parts)
    if " to " in text:
        low, _, rest = text.partition(" to ")
        high, *kind = rest.replace(",", " ").split() or [""]
        spelled = "~".join([low.strip(), high, *kind])
    try:
        state.draft.space[name] = read_choice_values(name, spelled)
        state.error = ""
    except ValueError as reason:
        state.error = tr("{reason} The old values are kept.", reason=reason)


# How


def draw_search_settings(state: SearchSession) -> None:
    """Draw grid or random, folds, epochs, and where the search runs."""
    draft, off = state.draft, state.running
    numbers = number_fields(draft)
    widths = [3, *(1.6 for _ in numbers), 2.6]
    how, *places, last = st.columns(widths, vertical_alignment="bottom")
    how.segmented_control(
        tr("Candidates"),
        (False, True),
        format_func=lambda on: tr("random") if on else tr("grid"),
        required=True,
        disabled=off,
        help=tr(
            "A grid trains every combination and grows fast. Random search draws combinations at "
            "random, so its cost does not depend on the number of settings."
        ),
        **draft_field("tune.random", draft.draws > 0, lambda on: setattr(draft, "draws", 20 * on)),
    )
    for place, one in zip(places, numbers, strict=True):
        draw_number(place, state, one)
    if allowed_addresses():
        last.selectbox(
            tr("Where it runs"),
            ("", *allowed_addresses()),
            format_func=lambda address: address or tr("this machine"),
            disabled=off,
            help=tr(
                "The workers of a Dask cluster run the search. If a worker fails, only its part "
                "is repeated. The operator of this app sets which clusters can be used."
            ),
            **draft_field(
                "tune.address", draft.address, lambda text: setattr(draft, "address", text)
            ),
        )


class NumberField(NamedTuple):
    """The field of a whole number of the draft."""

    name: str  # of the attribute
    label: str
    low: int
    high: int
    help: str


def number_fields(draft: Draft) -> list[NumberField]:
    """Return the fields of the whole numbers that a draft needs."""
    fields = [
        NumberField("draws", tr("Draws"), 1, 1000, tr("Number of random candidates.")),
        NumberField("seed", tr("Seed"), 0, 9999, tr("Another seed gives other random candidates.")),
        NumberField(
            "folds",
            tr("Folds"),
            1,
            20,
            tr("Number of cross-validation folds. 1 means a single split."),
        ),
        NumberField("epochs", tr("Epochs"), 1, 100_000, tr("Epochs of each training.")),
    ]
    off = {"draws", "seed"} if not draft.draws else set[str]()
    return [one for one in fields if one.name not in off and one.name not in draft.space]


def draw_number(place: DeltaGenerator, state: SearchSession, one: NumberField) -> None:
    """Draw the field of a whole number of the draft."""
    draft = state.draft
    take = partial(setattr, draft, one.name)
    place.number_input(
        one.label,
        one.low,
        one.high,
        disabled=state.running,
        help=one.help,
        **draft_field(f"tune.{one.name}", getattr(draft, one.name), take),
    )


# Start, stop, go on


def draw_start_button(state: SearchSession, search: Search, trials: TrainingPlan) -> None:
    """Draw the cost or the progress of the search, and its button."""
    left, right = st.columns([1, 4], vertical_alignment="center")
    begun = state.is_same(search) and (state.work is not None or bool(state.rows))
    tasks = len(search.candidates) * search.folds
    over = begun and len(state.rows) == tasks
    with right:
        if begun and state.work is not None and not over:
            done = tr(
                "{done} of {trainings}",
                done=count(len(state.rows)),
                trainings=many(tasks, "training run"),
            )
            progress(state.work.share, state.work.left if state.running else nan, done)
        elif not over:
            st.markdown(search_cost(search, trials))
        else:
            st.markdown(tr("All {trainings} done.", trainings=many(tasks, "training run")))
    if state.running:
        label, sign, press = tr("Stop"), "stop", state.stop
    else:
        label = tr("Resume") if begun and not over else tr("Start")
        sign, press = "play_arrow", state.want_start
    left.button(
        label,
        icon=f":material/{sign}:",
        type="primary",  # always: a button of another type is a new one, without the focus
        disabled=over and not state.running,
        on_click=press,
        width="stretch",
        key="tune.go",
    )


def start_search(state: SearchSession) -> None:
    """Start the search that is asked for, and put it into the address bar.

    It is read when the page is drawn: an example may have been taken in the same moment.
    """
    try:
        search, trials = state.requested_search()
    except ValueError:  # the page says why
        state.start_wanted = False
        return
    state.start(search, trials)
    st.query_params.from_dict(dict(search_query(state.draft, search.config)))
    state.start_wanted = False
    run_after_page()


def search_cost(search: Search, trials: TrainingPlan) -> str:
    """Return the candidates, trainings and estimated time, before anything is trained."""
    candidates, folds = len(search.candidates), search.folds
    cost = f"{many(candidates, 'candidate')} × {many(folds, 'fold')}"
    cost += f" = {many(candidates * folds, 'training run')}"
    if len(trials.configs) < candidates * folds:
        runs = many(len(trials.configs), "training run")
        cost = tr("{cost}, all of them measured in {runs}", cost=cost, runs=runs)
    time = span_of_time(sum(trials.efforts) / machine_speed())
    return tr("{cost}: about {time} on this machine.", cost=cost, time=time)


@st.cache_resource(show_spinner=False)
def machine_speed() -> float:
    """Return the effort per second of this machine, measured on a small search."""
    _, small, *_ = example_searches()
    assert small.config is not None
    tuning = Tuning(Search(small.space, small.config))
    while not tuning.share:  # a busy machine may not come to the end of an epoch in time
        tuning.advance(PROBE)
    return sum(tuning.plan.efforts) * tuning.share / tuning.seconds
