"""Tune: what to search, what it costs, and the buttons; the search runs in slices of time."""

from __future__ import annotations

from functools import partial
from math import nan
from typing import Any

import streamlit as st

from engine.search import Range, Search, TrainingPlan, Tuning, allowed_addresses, read_choice_values
from engine.training import CHOICES, DEFAULTS, WHOLE_SET, write_choice
from pages.figures.base.text import count, many
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import again, alone, progress, span_of_time
from pages.widgets.shell.session import open_with, session
from pages.widgets.sidebar.fields import words
from pages.widgets.tune.results import draw_results
from pages.widgets.tune.search_session import (
    SearchSession,
    choice_title,
    example_searches,
    search_query,
    search_session,
    searchable,
)

SLICE = 0.4  # seconds of work between two pictures
PROBE = 0.1  # seconds of work that tell how fast this machine is
FIRST_VALUES = 3  # of a choice of words that is newly searched


@st.fragment
def tune() -> None:
    """Draw the whole page below its title."""
    own = search_session()
    if own.running and not own.starting and not alone():  # somebody has come back, or
        own.stop()  # touched the side bar: the whole page runs, and may not be cut short
    st.subheader("Which settings are best?", anchor=False)
    st.caption(
        "Each candidate trains once per fold and is scored on the held-out fold. All other "
        "settings are those in the sidebar."
    )
    draw_examples(own)
    draw_search_space(own)
    draw_search_settings(own)
    try:
        search, trials = own.requested_search()
    except ValueError as reason:
        foreign.info(str(reason), ":material/tune:")
        if own.search is None:
            return
    else:
        draw_start_button(own, search, trials)
    if own.starting:
        with st.spinner(
            "Connecting to the cluster" if own.draft.address else "Preparing the folds"
        ):
            own.connect()
        if not own.running:  # nobody answers: what was drawn so far takes it for running
            st.rerun(scope="fragment" if alone() else "app")
    if own.error:
        foreign.error(own.error, ":material/error:")
    if own.search is not None:
        if own.made is None or not own.is_same(own.made[1]):
            st.caption("These results are from before your last change.")
        draw_results(own)
    if own.running and own.work is not None:
        own.advance(SLICE)
        again()


def draw_examples(own: SearchSession) -> None:
    """Draw the example searches."""
    with st.container(horizontal=True):
        for place, one in enumerate(example_searches()):
            if st.button(one.title, help=one.about, disabled=own.running, key=f"tune.try.{place}"):
                own.take(one)
                if one.config is not None:
                    open_with(one.config)
                st.rerun()


# What varies


def draw_search_space(own: SearchSession) -> None:
    """Draw a row for each choice that varies, and a way to add one."""
    space = own.draft.space
    for name in list(space):
        label, values, bin_ = st.columns([2, 6, 1], vertical_alignment="center")
        label.markdown(f"**{choice_title(name)}**", help=CHOICES[name].help)
        with values:
            draw_space_row(own, name)
        bin_.button(
            "Remove",
            icon=":material/close:",
            type="tertiary",
            help=f"Use the value of {choice_title(name)} in the sidebar.",
            disabled=own.running,
            on_click=partial(space.pop, name, None),
            key=f"tune.remove.{name}",
        )
    others = [name for name in searchable(session().config) if name not in space]
    st.session_state["tune.add"] = None
    st.selectbox(
        "Add a setting",
        others,
        format_func=lambda name: choice_title(name),
        placeholder="Choose a setting to vary",
        disabled=own.running,
        on_change=lambda: add_to_space(own, st.session_state["tune.add"]),
        key="tune.add",
        label_visibility="collapsed" if space else "visible",
    )


def add_to_space(own: SearchSession, name: str | None) -> None:
    """Vary one more choice, starting from its current value."""
    if name is None:
        return
    now = getattr(session().config, name)
    if CHOICES[name].options and isinstance(now, str):
        others = [one for one in CHOICES[name].options if one not in (now, "")]
        own.draft.space[name] = (now, *others[: FIRST_VALUES - 1])
    elif name == "epochs":
        own.draft.space[name] = (own.draft.epochs // 2 or 1, own.draft.epochs)
    else:
        own.draft.space[name] = (now,)


def draw_space_row(own: SearchSession, name: str) -> None:
    """Draw the values of a choice: words to select, or numbers to type."""
    given, key = own.draft.space[name], f"tune.values.{name}"
    if CHOICES[name].options and isinstance(DEFAULTS[name], str):
        st.session_state[key] = list(given)
        st.multiselect(
            choice_title(name),
            [one for one in CHOICES[name].options if one],
            format_func=lambda value: words(value, name),
            disabled=own.running,
            on_change=lambda: own.draft.space.update({name: tuple(st.session_state[key])}),
            label_visibility="collapsed",
            key=key,
        )
        return
    st.session_state[key] = space_text(name, given)
    st.text_input(
        choice_title(name),
        help=f"Values separated by commas, for example {hint(name)}. "
        "With random search, also a range.",
        disabled=own.running,
        on_change=lambda: read_space_text(own, name, st.session_state[key]),
        label_visibility="collapsed",
        key=key,
    )


def hint(name: str) -> str:
    """Return an example of what may be typed."""
    examples = {"hidden": "8, 16, 8-8", "batch_size": "16, 128, all", "epochs": "5, 10, 15"}
    return examples.get(name, "0.01, 0.1, or 0.001 to 0.1 log")


def space_text(name: str, given: tuple | Range) -> str:
    """Return values or a range as a person types them."""
    if isinstance(given, Range):
        return f"{given.low:g} to {given.high:g}" + (" log" if given.logarithmic else "")
    if name == "batch_size":
        return ", ".join("all" if size == WHOLE_SET else str(size) for size in given)
    return ", ".join(f"{one:g}" if isinstance(one, float) else write_choice(one) for one in given)


def read_space_text(own: SearchSession, name: str, text: str) -> None:
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
        own.draft.space[name] = read_choice_values(name, spelled)
        own.error = ""
    except ValueError as reason:
        own.error = f"{reason} The old values are kept."


# How


def draw_search_settings(own: SearchSession) -> None:
    """Draw grid or random, folds, epochs, and where the search runs."""
    draft, off = own.draft, own.running
    numbers = [
        *([("draws", "Draws", 1, 1000, "Number of random candidates.")] if draft.draws else []),
        *(
            [("seed", "Seed", 0, 9999, "Another seed gives other random candidates.")]
            if draft.draws
            else []
        ),
        ("folds", "Folds", 1, 20, "Number of cross-validation folds. 1 means a single split."),
        *(
            []
            if "epochs" in draft.space
            else [("epochs", "Epochs", 1, 100_000, "Epochs of each training.")]
        ),
    ]
    widths = [3, *(1.6 for _ in numbers), 2.6]
    how, *places, last = st.columns(widths, vertical_alignment="bottom")
    how.segmented_control(
        "Candidates",
        (False, True),
        format_func={False: "grid", True: "random"}.get,
        required=True,
        disabled=off,
        help="A grid trains every combination and grows fast. Random search draws combinations at "
        "random, so its cost does not depend on the number of settings.",
        **draft_field(own, "random", draft.draws > 0, lambda on: setattr(draft, "draws", 20 * on)),
    )
    for place, one in zip(places, numbers, strict=True):
        draw_number(place, own, *one)
    if allowed_addresses():
        last.selectbox(
            "Where it runs",
            ("", *allowed_addresses()),
            format_func=lambda address: address or "this machine",
            disabled=off,
            help="The workers of a Dask cluster run the search. If a worker fails, only its part "
            "is repeated. The operator of this app sets which clusters can be used.",
            **draft_field(
                own, "address", draft.address, lambda text: setattr(draft, "address", text)
            ),
        )


def draw_number(
    place: Any, own: SearchSession, name: str, label: str, low: int, high: int, help: str
) -> None:
    """Draw the field of a whole number of the draft."""
    draft = own.draft
    take = partial(setattr, draft, name)
    now = getattr(draft, name)
    place.number_input(
        label, low, high, disabled=own.running, help=help, **draft_field(own, name, now, take)
    )


def draft_field(own: SearchSession, name: str, value: Any, touch: Any) -> dict[str, Any]:
    """Return key and callback of a widget that shows a field of the draft and changes it."""
    key = f"tune.{name}"
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: touch(st.session_state[key])}


# Start, stop, go on


def draw_start_button(own: SearchSession, search: Search, trials: TrainingPlan) -> None:
    """Draw the cost or the progress of the search, and its button."""
    left, right = st.columns([1, 4], vertical_alignment="center")
    begun = own.is_same(search) and (own.work is not None or bool(own.rows))
    tasks = len(search.candidates) * search.folds
    over = begun and len(own.rows) == tasks
    with right:
        if begun and own.work is not None and not over:
            done = f"{count(len(own.rows))} of {many(tasks, 'training')}"
            progress(own.work.share, own.work.left if own.running else nan, done)
        elif not over:
            st.markdown(search_cost(search, trials))
        else:
            st.markdown(f"All {many(tasks, 'training')} done.")
    if own.running:
        label, sign, kind, press = "Stop", "stop", "secondary", own.stop
    else:
        label, sign, kind = "Resume" if begun and not over else "Start", "play_arrow", "primary"
        press = partial(start_search, own, search, trials)
    left.button(
        label,
        icon=f":material/{sign}:",
        type=kind,
        disabled=over and not own.running,
        on_click=press,
        width="stretch",
        key="tune.go",
    )


def start_search(own: SearchSession, search: Search, trials: TrainingPlan) -> None:
    """Start the search and put it into the address bar."""
    own.start(search, trials)
    st.query_params.from_dict(dict(search_query(own.draft, search.config)))


def search_cost(search: Search, trials: TrainingPlan) -> str:
    """Return the candidates, trainings and estimated time, before anything is trained."""
    candidates, folds = len(search.candidates), search.folds
    words = f"{many(candidates, 'candidate')} × {many(folds, 'fold')}"
    words += f" = {many(candidates * folds, 'training')}"
    if len(trials.configs) < candidates * folds:
        words += f", read from {many(len(trials.configs), 'run')}"
    time = span_of_time(sum(trials.efforts) / machine_speed())
    return f"{words}: about {time} on this machine."


@st.cache_resource(show_spinner=False)
def machine_speed() -> float:
    """Return the effort per second of this machine, measured on a small search."""
    _, small, *_ = example_searches()
    assert small.config is not None
    tuning = Tuning(Search(small.space, small.config))
    while not tuning.share:  # a busy machine may not come to the end of an epoch in time
        tuning.advance(PROBE)
    return sum(tuning.plan.efforts) * tuning.share / tuning.seconds
