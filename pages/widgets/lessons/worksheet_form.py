"""Choosing a worksheet: new numbers, its size and functions, or numbers of one's own."""

from __future__ import annotations

import streamlit as st

from engine.language import marked, tr
from engine.worksheets import (
    HIDDEN_ACTIVATIONS,
    OUTPUT_PAIRS,
    read_worksheet,
    to_query,
)
from pages.figures.base.choice_words import words
from pages.widgets.lessons.worksheet_state import (
    MOST_FAULTS,
    OpenWorksheet,
    choices_query,
    draw_seed,
    show_worksheet,
)
from pages.widgets.session import value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.binding import Binding, bind

PLACES = {"inputs": 0, "hidden": 1, "outputs": 2, "examples": 3}
MOST = {"inputs": 3, "hidden": 3, "outputs": 2, "examples": 3}
LABELS = {
    "inputs": marked("Inputs"),
    "hidden": marked("Hidden units"),
    "outputs": marked("Outputs"),
    "examples": marked("Examples"),
}
PENALTIES = ("0", "0.05", "0.1")
FIELDS = {  # of the form for own numbers
    "sheet_x": marked("x, one example per part"),
    "sheet_y": marked("y, one example per part"),
    "sheet_w1": marked("W⁽¹⁾, one row per part"),
    "sheet_b1": "b⁽¹⁾",
    "sheet_w2": marked("W⁽²⁾, one row per part"),
    "sheet_b2": "b⁽²⁾",
    "sheet_rate": marked("Learning rate η"),
    "sheet_l2": "L2, λ₂",
}


def draw_choices(opened: OpenWorksheet) -> None:
    """Draw the choice of the size and the functions of a worksheet."""
    with st.expander(tr("Size, activation and loss"), icon=":material/tune:"):
        row = st.container(horizontal=True)
        for name, label in LABELS.items():
            row.selectbox(
                tr(label),
                range(1, MOST[name] + 1),
                width=130,
                **shows_choice(opened, name, opened.sheet.sizes[PLACES[name]]),
            )
        row = st.container(horizontal=True)
        row.selectbox(
            tr("Hidden activation"),
            HIDDEN_ACTIVATIONS,
            format_func=words,
            width=170,
            **shows_choice(opened, "activation", opened.sheet.activation),
        )
        row.selectbox(
            tr("Output and loss"),
            OUTPUT_PAIRS,
            format_func=lambda pair: f"{words(pair[0])}, {words(pair[1])}",
            width=300,
            **shows_choice(opened, "pair", (opened.sheet.output, opened.sheet.loss)),
        )
        row.selectbox(
            "L2, λ₂",
            sorted({*PENALTIES, f"{opened.sheet.l2:g}"}, key=float),
            width=130,
            **shows_choice(opened, "l2", f"{opened.sheet.l2:g}"),
        )


def shows_choice(opened: OpenWorksheet, name: str, value: object) -> Binding:
    """Return key and callback of a choice that opens another worksheet when it is touched."""

    def touch(chosen: object) -> None:
        show_worksheet(changed_query(opened, name, chosen))

    return bind(f"worksheet.{name}", value, touch)


def changed_query(opened: OpenWorksheet, name: str, chosen: object) -> dict[str, str]:
    """Return the address of a worksheet with one choice changed, and what must change with it."""
    text = opened.query.get("worksheet", "")
    query = choices_query(opened.sheet, int(text) if text.isdigit() else draw_seed())
    sizes = list(opened.sheet.sizes)
    if name == "pair" and isinstance(chosen, tuple):
        query["sheet_output"], query["sheet_loss"] = chosen
        sizes[2] = {"bce": 1, "ce": 2}.get(chosen[1], sizes[2])
    elif name in PLACES:
        sizes[PLACES[name]] = int(str(chosen))
        if name == "outputs" and opened.sheet.loss in ("bce", "ce"):
            pair = {1: ("sigmoid", "bce"), 2: ("softmax", "ce")}[sizes[2]]
            query["sheet_output"], query["sheet_loss"] = pair
    else:
        query[f"sheet_{name}"] = str(chosen)
    return query | {"sheet_sizes": "-".join(map(str, sizes))}


def draw_own_numbers(opened: OpenWorksheet) -> None:
    """Draw the form for numbers of one's own, filled with those of the open worksheet."""
    given = to_query(opened.sheet)
    with (
        st.expander(tr("Type your own numbers"), icon=":material/edit:"),
        st.form(f"worksheet.own.{opened.number}", border=False),
    ):
        st.caption(
            tr(
                "Numbers are separated by spaces, parts by semicolons: 0.15 0.2; 0.25 0.3. "
                "The activation and the loss stay as they are."
            )
        )
        row = st.container(horizontal=True)
        for name, label in FIELDS.items():
            row.text_input(
                tr(label),
                given[name].replace(",", " ").replace(";", "; "),
                max_chars=300,
                width=230,
                key=own_key(opened, name),
            )
        st.form_submit_button(tr("Use these numbers"), on_click=use_own_numbers, args=(opened,))
        for sentence in opened.form_faults:
            foreign.warning(sentence)


def own_key(opened: OpenWorksheet, name: str) -> str:
    """Return the key of a field for own numbers."""
    return f"worksheet.own.{opened.number}.{name}"


def use_own_numbers(opened: OpenWorksheet) -> None:
    """Open the worksheet with the numbers of the form; keep the sentences if there are faults."""
    query = to_query(opened.sheet)
    query |= {name: in_link(str(value_of(own_key(opened, name)) or "")) for name in FIELDS}
    try:
        read_worksheet(query)
    except ValueError as reason:
        opened.form_faults = str(reason).split("\n")[:MOST_FAULTS]
        return
    opened.form_faults = []
    show_worksheet(query)


def in_link(text: str) -> str:
    """Return typed numbers as a link has them: a comma between numbers, a point in them."""
    parts = (part.split() for part in text.replace("\u2212", "-").split(";"))
    return ";".join(
        ",".join(word.strip(",").replace(",", ".") for word in words_of) for words_of in parts
    )
