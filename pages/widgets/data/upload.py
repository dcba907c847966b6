"""Open a table: a file or a sample, what was understood of it, and every guess to be overridden."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, Unpack

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.language import marked, tr, tr_many
from engine.problems import SAMPLES
from engine.tables import DELIMITER_NAMES, LIMITS, Note, ReadingOptions, Table
from pages.figures.base.text import count, many
from pages.widgets.data.table_session import open_file, open_saved, table_session
from pages.widgets.shell import foreign
from pages.widgets.shell.foreign import literal
from pages.widgets.shell.messages import sentences
from pages.widgets.shell.progress import with_bar

T = TypeVar("T")

LARGE = 2**20  # bytes from which reading can be stopped
ROWS = 100  # of the preview
MOST_NOTES = 200
PROJECT = b"project.json"  # the first file in a project's ZIP
ENCODINGS = ("utf-8", "utf-16", "latin-1", "cp1252", "cp1250", "cp1251", "gb18030", "big5", "cp932")
QUOTES = {"": marked("automatic"), '"': marked('double "'), "'": marked("single '")}
DECIMALS = {"": marked("automatic"), ".": marked("point"), ",": marked("comma")}
HEADERS = {
    None: marked("automatic"),
    0: marked("none"),
    1: marked("one row"),
    2: marked("two rows"),
    3: marked("three rows"),
}


def draw_upload_step() -> None:
    """Draw what opens a table, and a summary of the open one."""
    mine = table_session()
    if mine.builder is None:
        st.subheader(tr("Your data"), anchor=False)
        st.markdown(
            tr(
                "Open a table, choose what to predict, watch a network learn, evaluate it on rows "
                "that it has not seen, and save the result."
            )
        )
    if mine.reading:  # the script was interrupted while it read
        mine.refused, mine.reading = tr("Reading {file} was stopped.", file=mine.reading), ""
    file = st.file_uploader(
        tr("A table as CSV, or a project saved by this app"),
        key="own.file",
        max_upload_size=LIMITS.megabytes,
        help=tr(
            "At most {size} MB, {rows} rows and {columns} columns. The file is kept "
            "in memory only while this page is open. It is read, never executed.",
            size=LIMITS.megabytes,
            rows=count(LIMITS.rows),
            columns=LIMITS.columns,
        ),
    )
    wanted = draw_samples()
    if wanted:
        open_upload(SAMPLES[wanted](), wanted)
    elif file is not None and file.file_id != mine.seen:
        mine.seen = file.file_id
        open_upload(file.getvalue(), file.name)
    if mine.refused:
        foreign.error(
            tr("{reason} The previous table stays open.", reason=mine.refused)
            if mine.builder
            else mine.refused
        )
    if mine.untaken:
        data, name, overrides = mine.untaken
        draw_reread_form(data, name, overrides, text_head(data))
    if mine.builder:
        draw_table_summary(mine.builder.table)


def draw_samples() -> str:
    """Draw the sample tables; return the name of the one clicked, or ""."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tr("No file at hand? Try one of these:"), width="content")
        for name in SAMPLES:
            if st.button(tr(name.removesuffix(".csv")), key=f"own.sample.{name}"):
                return name
    return ""


def open_upload(data: bytes, name: str) -> None:
    """Open a table or a project; the reason of a failure is kept in `refused`."""
    if data.startswith(b"PK") and data[30 : 30 + len(PROJECT)] == PROJECT:
        if try_reading(name, len(data), lambda on_progress: open_saved(data, on_progress)):
            st.rerun()
    else:
        read_again(data, name)


def try_reading(name: str, size: int, work: Callable[[Callable[[float], None]], None]) -> bool:
    """Return whether the work on a file was done; there is a bar, for a large file a stop."""
    mine = table_session()
    mine.reading, mine.refused, mine.untaken = name, "", None
    try:
        with_bar(
            tr("Reading the table"), work, tr("Stop reading") if size > LARGE else "", "own.stop"
        )
    except ValueError as reason:
        mine.refused = str(reason)
    except Exception:  # a file from outside: the details go to the log, the page shows a sentence
        logging.getLogger(__name__).exception("A file could not be read")
        mine.refused = tr("The file could not be read.")
    mine.reading = ""
    return not mine.refused


def draw_table_summary(table: Table) -> None:
    """Draw how the table was read, its first rows, and the lines repaired or skipped."""
    foreign.subheader(table.name)
    rows, columns = table.frame.shape
    words = [
        tr("{rows}, {columns}", rows=many(rows, "row"), columns=many(columns, "column")),
        tr("encoding: {encoding}", encoding=table.encoding),
        tr("delimiter: {delimiter}", delimiter=delimiter_name(table)),
        header_in_words(table),
        tr("decimal mark: {mark}", mark=tr(DECIMALS[table.decimal])),
    ]
    st.markdown(" · ".join(literal(word) for word in words))
    sentences(table.notes)
    st.dataframe(
        preview_rows(table), height=300, placeholder="", alt=tr("The first rows of the table")
    )
    if rows > ROWS:
        st.caption(
            tr(
                "The first {shown} of {number} rows, as they are in the file.",
                shown=ROWS,
                number=count(rows),
            )
        )
    mended, skipped = len(table.mended), len(table.skipped)
    draw_line_notes(
        table.mended,
        tr_many(mended, "{n} line repaired", "{n} lines repaired"),
        tr("Lines that were repaired"),
    )
    draw_line_notes(
        table.skipped,
        tr_many(skipped, "{n} line skipped", "{n} lines skipped"),
        tr("Lines that were skipped"),
    )
    builder = table_session().builder
    if builder is not None and not table_session().untaken:
        draw_reread_form(builder.data, table.name, table.overrides, table.preview)
    st.button(
        tr("Next: columns"),
        type="primary",
        icon=":material/arrow_forward:",
        key="own.on",
        on_click=lambda: setattr(table_session(), "step", "columns"),
    )


def delimiter_name(table: Table) -> str:
    """Return the delimiter as a word."""
    return tr(DELIMITER_NAMES.get(table.dialect.delimiter, repr(table.dialect.delimiter)))


def header_in_words(table: Table) -> str:
    """Return how many header rows there are, in words."""
    return (
        tr("header: {rows}", rows=many(len(table.header), "row"))
        if table.header
        else tr("no header")
    )


def preview_rows(table: Table) -> pd.DataFrame:
    """Return the first rows as text, each with the number of its line."""
    frame = table.frame.head(ROWS).astype(object)
    frame = frame.map(lambda cell: str(cell)[: LIMITS.shown])
    if len(table.lines) >= len(frame):
        frame.index = pd.Index(table.lines[: len(frame)], name=tr("line"))
    return frame


def draw_line_notes(found: tuple[Note, ...], heading: str, alt: str) -> None:
    """Draw each line that was repaired or skipped, with the reason and its text."""
    if not found:
        return
    with st.expander(heading, icon=":material/rule:"):
        table = pd.DataFrame(found[:MOST_NOTES], columns=[tr("line"), tr("why"), tr("text")])
        st.dataframe(table, hide_index=True, alt=alt)
        if len(found) > MOST_NOTES:
            st.caption(
                tr(
                    "The first {shown} of {number}.",
                    shown=MOST_NOTES,
                    number=count(len(found)),
                )
            )


def text_head(data: bytes) -> list[str]:
    """Return the first lines of a file that could not be read, as far as they are text."""
    head = data[: 8 * LIMITS.shown].decode("utf-8", "replace")
    return [line[: LIMITS.shown] for line in head.splitlines()]


def draw_reread_form(
    data: bytes, name: str, overrides: ReadingOptions, lines: Sequence[str]
) -> None:
    """Draw the form in which every guess about the file can be changed."""
    with st.expander(tr("Read it differently"), icon=":material/tune:"), st.form("own.again"):
        st.caption(tr("The first lines of the file:"))
        st.code("\n".join(lines[:8]), language=None, height=160)
        wanted = draw_reading_fields(overrides)
        if st.form_submit_button(tr("Read again"), icon=":material/refresh:"):
            read_again(data, name, **wanted)


def draw_reading_fields(now: ReadingOptions) -> ReadingOptions:
    """Draw a field for each guess about a file, at what is chosen now; return the choices."""
    first, second, third = st.columns(3)
    encodings, marks = ("", *ENCODINGS), ("", *DELIMITER_NAMES)
    return {
        "encoding": option_field(
            first, tr("Encoding"), encodings, now.get("encoding"), encoding_label
        ),
        "delimiter": option_field(
            second, tr("Delimiter"), marks, now.get("delimiter"), delimiter_label
        ),
        "quote": option_field(
            third, tr("Quotation marks"), QUOTES, now.get("quote"), lambda sign: tr(QUOTES[sign])
        ),
        "header": option_field(
            first, tr("Header"), HEADERS, now.get("header"), lambda rows: tr(HEADERS[rows])
        ),
        "skip": second.number_input(
            tr("Lines to skip above the table"),
            0,
            10_000,
            now.get("skip"),
            placeholder=tr("automatic"),
        ),
        "decimal": option_field(
            third,
            tr("Decimal mark"),
            DECIMALS,
            now.get("decimal"),
            lambda mark: tr(DECIMALS[mark]),
        ),
    }


def option_field(
    place: DeltaGenerator,
    label: str,
    options: Iterable[T],
    now: object,
    option_label: Callable[[T], str],
) -> T:
    """Draw a choice among options, at `now` or else at the first one; return the chosen one."""
    known = list(options)
    index = next((place for place, one in enumerate(known) if one == now), 0)
    return place.selectbox(label, known, index, option_label)


def encoding_label(name: str) -> str:
    """Return the label of an encoding."""
    return name or tr("automatic")


def delimiter_label(mark: str) -> str:
    """Return the label of a delimiter."""
    return tr(DELIMITER_NAMES.get(mark, "automatic"))


def read_again(data: bytes, name: str, **overrides: Unpack[ReadingOptions]) -> None:
    """Read the bytes with these settings; the reason of a failure is kept in `refused`."""
    if not try_reading(
        name, len(data), lambda on_progress: open_file(data, name, on_progress, **overrides)
    ):
        table_session().untaken = data, name, overrides
    st.rerun()
