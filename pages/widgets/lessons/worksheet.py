"""The worksheet on a page: the network with its numbers, the boxes to fill in, and the verdicts."""

from __future__ import annotations

import base64

import streamlit as st

from engine.language import marked, tr
from engine.worksheets import (
    GROUPS,
    QUANTITIES,
    Cell,
    CellVerdict,
    formulas_of,
)
from pages.figures.base.text import many
from pages.figures.base.url import query_text
from pages.figures.lessons.worksheet_network import worksheet_in_words, worksheet_svg
from pages.figures.lessons.worksheet_print import worksheet_html
from pages.figures.lessons.worksheet_text import HINTS, NOTES, cell_label, given_table
from pages.widgets.lessons.worksheet_form import draw_choices, draw_own_numbers
from pages.widgets.lessons.worksheet_state import (
    OpenWorksheet,
    choices_query,
    draw_seed,
    show_worksheet,
    worksheet_state,
)
from pages.widgets.session import value_of
from pages.widgets.shell import foreign
from pages.widgets.shell.heading import heading
from pages.widgets.shell.theme import COLOURS, theme
from pages.widgets.theory.formula import draw_formula, make_formulas_scroll

TITLE = (
    marked("Worksheet"),
    marked(
        "Compute one training step by hand. Type a number into each box, then press Enter or "
        "<b>Check</b>. Round to at least 3 decimal places."
    ),
)
# The hint of a form, "Press Enter to submit form", would cover the number in a narrow field.
STYLE = "<style>.st-key-worksheet [data-testid=InputInstructions] { display: none; }</style>"
SIGNS = {  # the icon and the colour of a verdict; the words say the same
    "right": ":green[:material/check_circle:]",
    "follows": ":green[:material/check_circle:]",
    "digits": ":orange[:material/straighten:]",
    "wrong": ":red[:material/cancel:]",
    "unreadable": ":orange[:material/help:]",
}
FIELD_WIDTH = 190
LONGEST = 30  # characters of a typed number


def worksheet_section() -> None:
    """Draw the worksheet that the address asks for."""
    heading(*TITLE)
    make_formulas_scroll()
    opened = worksheet_state().open(st.query_params.to_dict())
    for sentence in opened.faults:
        foreign.warning(sentence)
    st.html(STYLE)
    draw_given(opened)
    with st.container(key="worksheet"):
        for group in GROUPS:
            draw_group(opened, group)
    done, boxes = opened.progress()
    if done == boxes:
        st.success(tr("Every number is right. Well done!"), icon=":material/trophy:")
    draw_links(opened)


def draw_given(opened: OpenWorksheet) -> None:
    """Draw the network with its numbers, and the choice of other ones."""
    sheet = opened.sheet
    left, right = st.columns(2, gap="large", vertical_alignment="center")
    background, ink, _ = COLOURS[theme()]
    picture = base64.b64encode(worksheet_svg(sheet, background, ink).encode()).decode()
    left.html(
        f'<img src="data:image/svg+xml;base64,{picture}" alt="{worksheet_in_words(sheet)}" '
        'style="width:100%;max-width:30rem">'
    )
    rows = "\n".join(f"| {name} | {text} |" for name, text in given_table(sheet))
    right.markdown(f"| {tr('Given')} | {tr('Value')} |\n|---|---|\n{rows}")
    st.button(
        tr("New numbers"),
        icon=":material/casino:",
        on_click=lambda: show_worksheet(choices_query(sheet, draw_seed())),
        key="worksheet.new",
    )
    draw_choices(opened)
    draw_own_numbers(opened)


def draw_group(opened: OpenWorksheet, group: str) -> None:
    """Draw the boxes of one group with their formulas, and the buttons to check them."""
    done, boxes = opened.progress(group)
    st.header(tr(group), anchor=False)
    st.caption(
        tr(
            "{hint} {done} of {numbers} right.",
            hint=tr(HINTS[group]),
            done=done,
            numbers=many(boxes, "number"),
        )
    )
    formulas = formulas_of(opened.sheet)
    with st.form(f"worksheet.{opened.number}.{group}"):
        for one in QUANTITIES.values():
            if one.group != group:
                continue
            left, right = st.columns([2, 3])
            with left:
                draw_formula(*(part.tex for whole in formulas[one.name] for part in whole.parts))
                if one.name in NOTES:
                    st.caption(tr(NOTES[one.name]))
            with right:
                draw_boxes(opened, one.name)
        buttons = st.container(horizontal=True)
        buttons.form_submit_button(
            tr("Check"), icon=":material/done_all:", on_click=check_group, args=(opened, group)
        )
        buttons.form_submit_button(
            tr("Show the answers"), type="tertiary", on_click=show_answers, args=(opened, group)
        )


def draw_boxes(opened: OpenWorksheet, quantity: str) -> None:
    """Draw a field for each number of a quantity: a matrix row by row, a column in one line."""
    rows, columns = opened.sheet.shape_of(quantity)
    line = st.container(horizontal=True)
    for j in range(rows):
        for k in range(columns):
            with line.container(width=FIELD_WIDTH, gap="xxsmall"):
                draw_box(opened, Cell(quantity, j, k))
        if columns > 1 and j + 1 < rows:
            line = st.container(horizontal=True)


def draw_box(opened: OpenWorksheet, cell: Cell) -> None:
    """Draw the field of one number, with its verdict below."""
    key, verdict = field_key(opened, cell), opened.verdicts.get(cell)
    if key not in st.session_state:
        st.session_state[key] = opened.answers.get(cell, "")
    st.text_input(cell_label(opened.sheet, cell), key=key)
    if verdict is not None:
        st.markdown(verdict_text(verdict))
    if QUANTITIES[cell.quantity].group in opened.shown and not (verdict and verdict.accepted):
        st.markdown(tr(":small[Answer: **{number}**]", number=opened.answer(cell)))


def verdict_text(verdict: CellVerdict) -> str:
    """Return a verdict as Markdown: a sign and the words."""
    return f":small[{SIGNS[verdict.status]} {verdict.text}]"


def field_key(opened: OpenWorksheet, cell: Cell) -> str:
    """Return the key of the field of a box."""
    return f"worksheet.{opened.number}.{cell.key}"


def check_group(opened: OpenWorksheet, group: str) -> None:
    """Take over what is typed into the boxes of a group, and judge it."""
    typed = {
        cell: str(value_of(field_key(opened, cell)) or "")[:LONGEST]
        for cell in opened.sheet.cells(group)
    }
    opened.check(typed)


def show_answers(opened: OpenWorksheet, group: str) -> None:
    """Judge a group and show the right numbers of what is wrong or empty."""
    check_group(opened, group)
    opened.shown.add(group)


def draw_links(opened: OpenWorksheet) -> None:
    """Draw the link to this worksheet, and the files to print."""
    st.header(tr("Print or share"), anchor=False)
    address = worksheet_address(opened)
    st.caption(tr("This link opens the same numbers with empty boxes."))
    st.code(address, language=None, wrap_lines=True)
    row = st.container(horizontal=True)
    for label, name, with_key in (
        (tr("Worksheet to print"), "worksheet.html", False),
        (tr("Key to print"), "worksheet-key.html", True),
    ):
        row.download_button(
            label,
            worksheet_html(opened.sheet, with_key, address),
            name,
            "text/html",
            icon=":material/print:",
            on_click="ignore",
            help=tr("An HTML file. Open it in a browser and print it."),
            key=f"worksheet.{name}",
        )


def worksheet_address(opened: OpenWorksheet) -> str:
    """Return the full address of this worksheet."""
    page = (st.context.url or "").partition("?")[0]
    return f"{page}?{query_text(opened.query)}"
