"""The results of a search: the best candidate in words, the table, its figures, and what next."""

from __future__ import annotations

from functools import partial
from typing import cast

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.arrow import DataframeState
from streamlit.elements.lib.column_types import ColumnConfig

from engine.comparison import describe_choice
from engine.export import as_csv
from engine.language import tr, tr_many
from engine.nn import Array
from engine.search import Range, Search
from engine.training import DEFAULTS, ChoiceValue, write_choice
from pages.figures.base.choice_words import words
from pages.figures.base.text import many, number
from pages.figures.tune.tuning import (
    axis_positions,
    heatmap,
    parallel_coordinates,
    ranking,
    tuning_in_words,
)
from pages.widgets.session import value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.charts import picture
from pages.widgets.shell.open_run import open_on_train
from pages.widgets.tune.search_session import SearchSession, choice_title

SHOWN = 60  # candidates in the choice of one to open


def draw_results(state: SearchSession) -> None:
    """Draw all results of the search."""
    search = state.search
    assert search is not None
    found, scores = state.table(), state.scores()
    metric = tr(state.metric)
    ranked = found["rank"].dropna()
    order = ranked.sort_values().index.to_numpy(int)
    near = found["near"].to_numpy(bool)
    st.markdown(f"**{best_in_words(search, found, order, metric)}**")
    if state.work is not None:
        for note in state.work.notes:
            foreign.caption(note)
    draw_candidates(state, found, metric)
    alt = tuning_in_words(scores, order, near, metric)
    left, right = st.columns(2, gap="medium")
    with left:
        pick_candidate(
            state, picture(ranking(scores, order, near, metric), alt, key="tune.ranking")
        )
    with right:
        draw_choice_figures(state, search, found, order, alt)
    draw_result_actions(state, search, found, order)


def best_in_words(search: Search, found: pd.DataFrame, order: Array, metric: str) -> str:
    """Return the best candidate in words, and how many are equally good within noise."""
    if not len(order):
        return tr("No candidate has finished all folds yet.")
    first = found.loc[order[0]]
    if np.isnan(first.score):
        return tr("All finished candidates have diverged. Try smaller learning rates.")
    others = int(found.near.sum()) - 1
    best = tr(
        "Best: {candidate}, {metric} {score} ± {spread} over {folds}.",
        candidate=candidate_name(search, int(order[0])),
        metric=metric,
        score=number(float(first.score)),
        spread=number(float(first.spread)),
        folds=many(search.folds, "fold"),
    )
    if others <= 0:
        return best
    rest = tr_many(
        others,
        "{n} other is equally good within noise.",
        "{n} others are equally good within noise.",
    )
    return tr("{first} {second}", first=best, second=rest)


def candidate_name(search: Search, candidate: int) -> str:
    """Return the name of a candidate: its values of the choices that vary."""
    config = search.candidates[candidate]
    parts = [
        f"{lower_label(choice_title(name))} {choice_text(getattr(config, name), name)}"
        for name, given in search.space.items()
        if isinstance(given, Range) or len(given) > 1
    ]
    return tr(", ").join(parts) or tr("the only candidate")


def lower_label(label: str) -> str:
    """Return a label as it is inside a sentence: learning rate, but L2."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def draw_candidates(state: SearchSession, found: pd.DataFrame, metric: str) -> None:
    """Draw the live table, best first; the selected row is the one to open."""
    search = state.search
    assert search is not None
    shown = found.sort_values(["rank", "score"], ascending=[True, False], na_position="last")
    frame = shown.drop(columns=["train_loss"])
    for name in search.space:
        if isinstance(DEFAULTS[name], str):
            frame[name] = [choice_text(value, name) for value in frame[name]]
    frame.insert(0, "rank", frame.pop("rank"))
    frame.insert(len(search.space) + 1, "near", frame.pop("near"))
    frame["folds"] = [
        tr("{done} of {folds}", done=done, folds=search.folds) for done in frame["folds"]
    ]
    event = st.dataframe(
        frame,
        hide_index=True,
        height=min(38 + 35 * len(frame), 320),
        column_config=candidate_columns(search, metric),
        on_select="ignore" if state.running else "rerun",
        selection_mode="single-row",
        alt=tr("The candidates and their scores, the best first."),
        key=f"tune.table.{state.running}",
    )
    rows = [] if state.running else cast(DataframeState, event)["selection"]["rows"]
    if rows:
        state.picked = int(shown.index[rows[0]])


def candidate_columns(search: Search, metric: str) -> dict[str, str | ColumnConfig]:
    """Return heading and format of each column."""
    name, digits = metric[:1].upper() + metric[1:], "%.3f"
    headings: dict[str, str | ColumnConfig] = {one: choice_title(one) for one in search.space}
    for one in search.space:
        if all(isinstance(getattr(c, one), float) for c in search.candidates[:1]):
            headings[one] = st.column_config.NumberColumn(choice_title(one), format="%g")
    number_column = st.column_config.NumberColumn
    return headings | {
        "rank": number_column(tr("Rank"), width=60),
        "near": st.column_config.CheckboxColumn(
            tr("Equally good"),
            width=75,
            help=tr("Within one standard error of the best. The difference may be noise."),
        ),
        "score": number_column(name, format=digits, help=tr("Mean over the held-out folds.")),
        "spread": number_column(
            tr("± folds"), format=digits, help=tr("Standard deviation over the folds.")
        ),
        "loss": number_column(tr("Loss"), format=digits),
        "train_score": number_column(tr("{name}, training", name=name), format=digits),
        "diverged": number_column(tr("Diverged"), help=tr("Folds that diverged.")),
        "folds": tr("Folds"),
    }


def pick_candidate(state: SearchSession, candidate: int | None) -> None:
    """Pick the candidate whose mark was clicked."""
    if candidate is None or state.search is None or state.running:
        return
    if 0 <= candidate < len(state.search.candidates):
        state.picked = candidate


def draw_choice_figures(
    state: SearchSession, search: Search, found: pd.DataFrame, order: Array, alt: str
) -> None:
    """Draw two choices as a heatmap, more of them as lines."""
    several = [name for name in search.space if found[name].nunique() > 1]
    if not search.draws and len(several) == 2:
        across, figure = two_choice_map(found, several, order)
        place = picture(figure, alt, key="tune.heatmap")
        pick_candidate(state, None if place is None else across[place])
        return
    if not several:
        st.caption(tr("Only one candidate. Its folds are on the left."))
        return
    scales = [axis_positions(*axis_values(search, found, name)) for name in several]
    places = np.column_stack([scale[0] for scale in scales])
    ticks = [
        (choice_title(name), where, texts)
        for name, (_, where, texts) in zip(several, scales, strict=True)
    ]
    figure = parallel_coordinates(places, ticks, order, found["score"].to_numpy(float))
    pick_candidate(state, picture(figure, alt, key="tune.lines"))


def axis_values(
    search: Search, found: pd.DataFrame, name: str
) -> tuple[list[float | str], list[float | str]]:
    """Return a choice's value for each candidate as text, and all values in their order."""

    def spell(value: ChoiceValue) -> float | str:
        text = write_choice(value) if isinstance(value, tuple) else value
        return choice_text(text, name) if isinstance(text, str) else text

    given = search.space[name]
    known = [] if isinstance(given, Range) else [spell(one) for one in given]
    return [spell(one) for one in found[name]], known


def two_choice_map(
    found: pd.DataFrame, names: list[str], order: Array
) -> tuple[list[int], go.Figure]:
    """Return the candidate of each cell, row by row, and the heatmap of two choices."""
    ups, acrosses = (list(dict.fromkeys(found[name])) for name in names)
    cells = np.full((len(ups), len(acrosses)), -1)
    for candidate, (up, across) in enumerate(zip(found[names[0]], found[names[1]], strict=True)):
        cells[ups.index(up), acrosses.index(across)] = candidate
    scores = found["score"].to_numpy(float)[cells]
    best = int(np.flatnonzero(cells == order[0])[0]) if len(order) else -1
    rows, columns = (
        [choice_text(one, name) for one in values]
        for name, values in zip(names, (ups, acrosses), strict=True)
    )
    labels = choice_title(names[0]), choice_title(names[1])
    return cells.ravel().tolist(), heatmap(scores, rows, columns, labels, best)


def choice_text(value: ChoiceValue, name: str) -> str:
    """Return the value of a choice as text."""
    if isinstance(value, str) and isinstance(DEFAULTS[name], str):
        return words(value, name)
    return value if isinstance(value, str) else describe_choice(name, value)


def draw_result_actions(
    state: SearchSession, search: Search, found: pd.DataFrame, order: Array
) -> None:
    """Draw the buttons that open a candidate on Train and save the table."""
    left, middle, right = st.columns([4, 2, 2], vertical_alignment="bottom")
    if len(order):
        draw_candidate_choice(left, state, search, found, order)
        if middle.button(
            tr("Open on the Train page"),
            icon=":material/play_circle:",
            disabled=state.running,
            width="stretch",
            key="tune.open",
        ):
            chosen = search.candidates[st.session_state["tune.pick"]]
            open_on_train(chosen, chosen.epochs)
    right.download_button(
        tr("Table as CSV"),
        partial(candidates_csv, found, state.metric),  # made for each click: a search goes on
        "search.csv",
        "text/csv",
        icon=":material/download:",
        disabled=state.running,
        on_click="ignore",
        width="stretch",
        key="tune.csv",
    )


def draw_candidate_choice(
    place: DeltaGenerator, state: SearchSession, search: Search, found: pd.DataFrame, order: Array
) -> None:
    """Draw the choice of the candidate to open, with the picked one chosen."""
    listed = order[:SHOWN].tolist()
    if state.picked not in listed:
        listed += [state.picked] if state.picked is not None else []
    st.session_state["tune.pick"] = listed[0] if state.picked is None else state.picked
    place.selectbox(
        tr("Candidate, from the best to the worst"),
        listed,
        format_func=lambda one: f"{candidate_name(search, one)}: {number(float(found.score[one]))}",
        disabled=state.running,
        on_change=lambda: setattr(state, "picked", value_of("tune.pick")),
        help=tr("You can also select a row of the table or click a mark in a figure."),
        key="tune.pick",
    )


def candidates_csv(found: pd.DataFrame, metric: str) -> bytes:
    """Return the table as CSV, best first, safe to open in a spreadsheet."""
    ranked = found.sort_values("rank", na_position="last")
    return as_csv(ranked.rename(columns={"score": metric}))
