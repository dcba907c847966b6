"""Dialect: how a text is split into cells. The right way of splitting gives an even table.

Each possible delimiter splits a sample; the result is good if the rows have the same width and the
cells look like numbers, dates, codes or words (the idea of van den Burg et al., Wrangling messy CSV
files by detecting row and type patterns, DMKD 33, 2019). The usual form of a CSV is RFC 4180.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.language import marked, tr
from engine.tables.reading.aligned_columns import Gaps, find_layouts, join_quoted, split_at_gaps
from engine.tables.reading.decoding import LIMITS, TableError
from engine.tables.reading.regions import table_width

USUAL_DELIMITERS = ",;\t|"
RARE_DELIMITERS = " :^~\x1f\x1e\x01\x02¦§!"
SAMPLE_TEXT, SAMPLE_LINES = 200_000, 300
DELIMITER_NAMES = {
    ",": marked("comma"),
    ";": marked("semicolon"),
    "\t": marked("tab"),
    "|": marked("vertical bar"),
    " ": marked("space"),
    ":": marked("colon"),
}
DATE = r"""(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\.?
    |\d{1,2}[-.\s]{1,2}[^\W\d_]{3,10}[-.,\s]{1,2}\d{2,4}     # 3 May 2021
    |[^\W\d_]{3,10}\.?\s\d{1,2},?\s\d{4})"""  # May 3, 2021
TIME = r"""(?:\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[ap]\.?m\.?)?
    (?:\s?(?:z|[a-z]{3,4}|(?:utc|gmt)?[-+]\d\d:?\d\d))?)"""
TIMESTAMP = rf"(?:(?:[^\W\d_]{{2,10}}[.,]{{0,2}}\s)?{DATE}(?:(?:,?\s{{1,2}}|t){TIME})?|{TIME})"
PERIOD = rf"{TIMESTAMP}(?:\s?(?:[-–—/]|to)\s?{TIMESTAMP})?"  # a time, or from one to another
NUMBER = r"""[-+−(]?\s*[$€£¥]?\s*\d{1,3}(?:[ .,'’\u202f\u00a0]?\d{3})*(?:[.,]\d+)?(?:e[-+]?\d+)?
    \s*\)?\s*(?:[%°€$£¥]|[a-zµ]{1,4}(?:/[a-z]+)?²?)?"""  # with its unit
CLEAN_CELL = re.compile(  # a cell that looks like one piece of data
    rf"""\s*(?:{NUMBER}|{PERIOD}
    | [-+]?\d*[.,]?\d+(?:e[-+]?\d+)?
    | [\w#@][\w.@#-]*                                   # a word or a code
    | https?://\S+
    | \?|-+|\.|\#?n/a|nan|null|none
    )\s*""",
    re.I | re.X,
)
SINGLE_VALUE = re.compile(
    rf"\s*(?:{NUMBER}|{PERIOD}|https?://\S+)\s*", re.I | re.X
)  # also with delimiters inside
PHRASE = re.compile(r"[\"'(]?[^\W\d_][^\t|;]*")  # a phrase: probably a cell, but weaker evidence
BLANKS = re.compile("[ \t]+")
COMMENTS = ("#", "%", "//")
SEPARATOR_LINE = re.compile(  # a first line that names the delimiter for spreadsheets
    r"""("?sep=)(\\t|[^\w\s"]|[\t ]|(?="?\s*$))""", re.I
)


class Dialect(NamedTuple):
    """How a text is split into cells."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""  # the backslash, if it stands before quotation marks
    spaces: bool = False  # blanks after a delimiter do not count
    comment: str = ""  # lines that begin with it are not rows
    newline: str = "\n"
    gaps: Gaps = ()  # where aligned columns are separated


class ScoredDialect(NamedTuple):
    """One way to split the sample, and how good it is."""

    score: float
    width: int
    dialect: Dialect


def detect(text: str, delimiter: str = "", quote: str = "") -> tuple[Dialect, int]:
    """Return the dialect that splits the text into the most even table, and that table's width.

    A first line that names the delimiter for spreadsheets ("sep=;") is followed, unless a delimiter
    is given. Raises TableError if the delimiter or the quotation mark is not one character.
    """
    for mark in (delimiter, quote):
        if len(mark) > 1 or (mark and mark in "\r\n"):
            raise TableError(
                tr("A delimiter or quotation mark is one character, not {mark!r}.", mark=mark[:20])
            )
    newline = newline_of(text)
    lines = sample_lines(text)
    comment = comment_of(lines)
    delimiter = delimiter or named_delimiter(lines)
    lines = [line for line in lines if not (comment and line.startswith(comment))]
    head = "".join(lines[:50])
    cuts = []
    for mark in (
        [delimiter] if delimiter else [c for c in USUAL_DELIMITERS + RARE_DELIMITERS if c in head]
    ):
        for form in dialect_variants(
            lines, Dialect(mark, quote or '"', "", False, comment, newline)
        ):
            cuts.append(score_dialect(lines, form, quote, bool(delimiter)))
    best = max(cuts, default=None, key=lambda one: one.score)
    if best is None or (not delimiter and best.score < 0.15):
        return Dialect(quote=quote or '"', comment=comment, newline=newline), 1
    return best.dialect, best.width


def newline_of(text: str) -> str:
    """Return the newline that is used most at the beginning of the text."""
    head = text[:SAMPLE_TEXT]
    both = head.count("\r\n")
    counts = {"\n": head.count("\n") - both, "\r\n": both, "\r": head.count("\r") - both}
    return max(counts, key=counts.__getitem__)


def sample_lines(text: str) -> list[str]:
    """Return the first complete lines that are not blank."""
    lines = list(io.StringIO(text[:SAMPLE_TEXT], newline=""))
    if len(lines) > 1 and len(text) > SAMPLE_TEXT:
        lines.pop()
    return [line for line in lines if line.strip()][:SAMPLE_LINES]


def comment_of(lines: Sequence[str]) -> str:
    """Return the mark of the comment lines at the top; "" if there are none."""
    if found := lines and SEPARATOR_LINE.match(lines[0]):
        return found[1]
    for mark in COMMENTS:
        comments = [line.startswith(mark) for line in lines]
        if comments[:1] == [True] and not all(comments):
            top = comments.index(False)
            bare = Counter(c for line in lines[:top] for c in set(line) & set(USUAL_DELIMITERS))
            if top > 1 or not bare:  # a single line with delimiters may be the header
                return mark
    return ""


def named_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that the first line names; "" if it names none."""
    found = SEPARATOR_LINE.match(lines[0]) if lines else None
    return found[2].replace("\\t", "\t") if found else ""


def dialect_variants(lines: Sequence[str], plain: Dialect) -> Iterator[Dialect]:
    """Yield the dialects with this delimiter that are possible for the sample."""
    text = "".join(lines)
    mark = plain.delimiter
    if mark not in " \t":
        followed = text.count(mark + " ") + text.count(mark + "\n") + text.count(mark + "\r")
        if followed >= 0.9 * text.count(mark) and mark + " " in text:
            plain = plain._replace(spaces=True)
    elif mark == " " and text.count("  ") > 0.2 * len(lines):
        plain = plain._replace(spaces=True)
        yield from (plain._replace(gaps=gaps) for gaps in find_layouts(lines))
    yield plain
    if "\\" + plain.quote in text:
        yield plain._replace(escape="\\")
    single, double = count_cell_quotes(text, mark, "'"), count_cell_quotes(text, mark, '"')
    if plain.quote == '"' and sum(single) > max(1, sum(double)) and min(single) > 0.7 * max(single):
        yield plain._replace(quote="'", gaps=())


def count_cell_quotes(text: str, mark: str, quote: str) -> tuple[int, int]:
    """Return how many quotation marks begin a cell and how many end one, with text inside."""
    edge, own = re.escape(mark), re.escape(quote)
    begin = re.findall(rf"(?:^|{edge} ?){own}(?=[^{edge}{own}\s])", text, re.M)
    return len(begin), len(re.findall(rf"[^{edge}{own}\s]{own}(?=\r|\n|{edge}|$)", text))


def score_dialect(
    lines: Sequence[str], dialect: Dialect, quote: str = "", given: bool = False
) -> ScoredDialect:
    """Return the dialect with its score from 0 to 1 on the sample."""
    rows = [row for row in split_rows(lines, dialect) if row]
    if not rows:
        return ScoredDialect(0.0, 1, dialect)
    width, even = evenness(rows, dialect)
    if width < 2 or (
        not given
        and dialect.delimiter not in USUAL_DELIMITERS
        and is_single_column(lines, rows, width)
    ):
        return ScoredDialect(0.0, 1, dialect)
    cells = [c for row in [row for row in rows if len(row) == width][:100] for c in row[:50]]
    typed = sum(plausibility(cell) for cell in cells) / len(cells)
    score = even * (width - 1) / width * typed
    if dialect.delimiter not in USUAL_DELIMITERS:
        score *= 0.7 if even > 0.9 or dialect.delimiter == " " else 0.3
    liked = 0.001 * (quote == "" and dialect.quote == '"') + 0.02 * bool(dialect.gaps)
    return ScoredDialect(score + liked, width, dialect)


def evenness(rows: Sequence[Sequence[str]], dialect: Dialect) -> tuple[int, float]:
    """Return the usual width of the rows, and the share of the cells in rows of that width."""
    width, even = table_width(rows)
    names = len(rows[0])
    if dialect.delimiter == " " and names > 2 and even < 0.8 and min(map(len, rows)) >= names:
        starts = Counter(re.sub(r"\d", "9", row[0]) for row in rows[1:])  # blanks inside cells
        often_start = starts.most_common(1)[0] if starts else ("", 0)
        if any(c == "9" for c in often_start[0]) and often_start[1] > 0.8 * (len(rows) - 1):
            return names, 0.9
    return width, even


def is_single_column(lines: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Return whether a rare delimiter is rather a part of the cells of a single column."""
    first, below = len(rows[0]), rows[1:]
    if first != width and sum(bool(SINGLE_VALUE.fullmatch(line)) for line in lines[1:]) > 0.9 * len(
        below
    ):
        return True
    even = sum(len(row) == width for row in below) / max(1, len(below))
    telling = any(re.search(r"\d", line) or '"' in line for line in lines[1:])
    if (not telling and (width == 2 or even < 0.9)) or (
        first == 1 and even < 0.8 and len(rows) < 200
    ):
        return True
    if width > 2 or first > 2 or even < 1:
        return False
    if first == 1 and below:  # one name: the other column can only be the row names
        named = [row[0] for row in below]
        counted = all(name.isdecimal() for name in named) or all('"' in line for line in lines[1:])
        return len({*named}) < len(named) or not counted
    return False


def plausibility(cell: str) -> float:
    """Return how much a cell looks like data, from 0 to 1."""
    if not cell.strip() or CLEAN_CELL.fullmatch(cell[:200]):
        return 1.0
    return (
        0.6 if PHRASE.match(cell) and "," not in cell[:30] else 0.3 if PHRASE.match(cell) else 0.05
    )


def split_rows(lines: Sequence[str] | Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Yield the rows of the lines, [] for a blank line, up to a cell that is too long."""
    csv.field_size_limit(LIMITS.cell)
    source = (normalize_line(line, dialect) for line in lines)
    try:
        yield from csv.reader(source, delimiter=dialect.delimiter, quotechar=dialect.quote)
    except csv.Error:
        return


def normalize_line(line: str, dialect: Dialect) -> str:
    """Return the line as Python's csv reader needs it: quotes doubled, extra blanks removed."""
    if dialect.escape:
        line = line.replace(dialect.escape + dialect.quote, dialect.quote * 2)
    if not dialect.spaces:
        return line
    mark = dialect.delimiter
    if dialect.gaps:
        return join_aligned_cells(line, dialect)
    if mark == " ":
        return collapse_blanks(line, dialect.quote)
    return (
        line.replace(mark + " ", mark)
        if dialect.quote not in line
        else strip_after_delimiters(line, dialect)
    )


def collapse_blanks(line: str, quote: str) -> str:
    """Return the line with one blank for each run of blanks and tabs outside quotes."""
    if quote not in line:
        return BLANKS.sub(" ", line.strip(" \t"))
    parts = line.strip(" \t").split(quote)
    parts[::2] = [BLANKS.sub(" ", part) for part in parts[::2]]
    return quote.join(parts)


def join_aligned_cells(line: str, dialect: Dialect) -> str:
    """Return a line of aligned columns with one blank between its cells; prose as one cell."""
    body, quote = line.rstrip("\r\n"), dialect.quote
    if not body.strip():
        return line
    words, single = body.split(), "  " not in body.strip()
    if single and len(words) == len(dialect.gaps) + 1:
        cells = words
    elif single and all(right - left > 1 for left, right in dialect.gaps):
        cells = [body.strip()]  # prose
    else:
        cells = split_at_gaps(body, dialect.gaps) or ([body.strip()] if single else words)
        cells = words if any("  " in cell for cell in cells[:-1]) else cells
    return join_quoted(cells, quote) + line[len(body) :]


def strip_after_delimiters(line: str, dialect: Dialect) -> str:
    """Return the line without blanks after a delimiter, outside quotes."""
    parts = line.split(dialect.quote)
    mark = dialect.delimiter
    parts[::2] = [re.sub(f"{re.escape(mark)} +", mark, part) for part in parts[::2]]
    return dialect.quote.join(parts)


def sound_row_pattern(dialect: Dialect) -> re.Pattern:
    """Return a pattern that matches rows whose quotation marks are all at the ends of cells."""
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    framed_cell = f"{quote}[^{quote}]*+(?:{quote * 2}[^{quote}]*+)*+{quote}"
    cell = f"(?:{framed_cell}|[^{quote}{mark}]*+)"
    return re.compile(f"{cell}(?:{mark}{cell})*+[\\r\\n]*", re.S)
