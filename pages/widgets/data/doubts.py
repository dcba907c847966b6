"""Doubts: what is not certain about the columns, each with one click that reads it differently."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import streamlit as st

from engine.language import tr
from engine.tables import Column, Doubt, Prepared, doubts
from pages.figures.base.text import count, many
from pages.widgets.data.table_session import DatasetBuilder, change_choices, table_session
from pages.widgets.shell.foreign import literal

SHOWN = 6  # doubts before the others are folded away
ORDER = ("decimal", "format", "codes", "words", "exact")  # what changes numbers comes first
FOUND: WeakKeyDictionary[DatasetBuilder, tuple[tuple[Column, ...], str, list[Doubt]]] = (
    WeakKeyDictionary()
)


def draw_doubts(builder: DatasetBuilder, made: Prepared | None) -> None:
    """Draw what is not certain about the columns in use; draw nothing where all is."""
    found = current_doubts(builder, made)
    if not found:
        return
    with st.container(border=True, key="own.doubts"):
        st.markdown(
            tr(
                "**Please check** · {guesses}",
                guesses=many(len(found), "uncertain guess", "uncertain guesses"),
            )
        )
        draw_doubt_rows(found[:SHOWN], 0)
        if found[SHOWN:]:
            with st.expander(tr("{number} more", number=count(len(found) - SHOWN))):
                draw_doubt_rows(found[SHOWN:], SHOWN)


def draw_keep_buttons(builder: DatasetBuilder) -> None:
    """Draw a button for each column that was left out and may be kept, where none is left."""
    kept = builder.choices.get("keep", ())
    out = [one for one in builder.columns if one.reason and one.name not in kept]
    able = [one.name for one in out if one.kind in ("id", "text")][:SHOWN]
    if not able or len(builder.columns) - len(out) > 1:
        return
    with st.container(horizontal=True, key="own.rescue"):
        for place, name in enumerate(able):
            st.button(
                tr("Keep {name}", name=literal(name)),
                key=f"own.rescue.{table_session().version}.{place}",
                on_click=lambda name=name: change_choices(keep=sorted({*kept, name})),
            )


def draw_doubt_rows(found: Sequence[Doubt], first: int) -> None:
    """Draw one row for each doubt: a sentence and a button."""
    for place, doubt in enumerate(found, first):
        words, button = st.columns([3, 1], vertical_alignment="center")
        words.markdown(f"**{literal(doubt.column)}**: {literal(doubt.words)}")
        button.button(
            literal(doubt.button),
            key=f"own.doubt.{table_session().version}.{place}",
            on_click=apply_doubt,
            args=(doubt,),
            width="stretch",
        )


def apply_doubt(doubt: Doubt) -> None:
    """Read the column in the way of the doubt's button."""
    builder = table_session().builder
    if builder is not None:
        readings = dict(builder.choices.get("readings", {}))
        readings[doubt.column] = {**readings.get(doubt.column, {}), **doubt.change}
        change_choices(readings=readings)


def current_doubts(builder: DatasetBuilder, made: Prepared | None) -> list[Doubt]:
    """Return the doubts about the target and the columns in use, found once for each choice."""
    columns = made.columns if made else builder.columns
    target = made.preparation.target if made else ""
    known = FOUND.get(builder)
    if known is None or known[0] is not columns or known[1] != target:
        out = {name for name, _ in made.preparation.left_out} if made else set[str]()
        used = [one for one in columns if one.name not in out]
        found = [doubt for one in used for doubt in doubts(builder.table, one, one.name == target)]
        found.sort(key=lambda doubt: min(ORDER.index(key) for key in doubt.change))
        known = FOUND[builder] = (tuple(columns), target, found)
    return known[2]
