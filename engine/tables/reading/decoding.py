"""Decoding: from bytes to text. Is this a table, is it small enough, and which encoding has it?

The quick checks come first, so that a hostile file is rejected before anything is built from it.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import NamedTuple

from charset_normalizer import from_bytes

from engine.language import marked, tr, tr_many


class TableError(ValueError):
    """A file that cannot be read; the message says why, what is allowed, and what to do."""


class Limits(NamedTuple):
    """The largest table that is read; each limit is checked before the work that it bounds."""

    megabytes: int = 50
    rows: int = 1_000_000
    columns: int = 500
    cells: int = 10_000_000
    cell: int = 100_000  # characters of one cell
    shown: int = 1_000  # characters of a cell that a preview shows
    name: int = 80  # characters of a column's name


LIMITS = Limits()
MAGIC_BYTES = (  # how other kinds of file begin, what they are, and what helps
    (
        b"PK\x03\x04",
        marked("a ZIP archive or an Excel workbook"),
        marked("unpack it, or save the sheet you want as CSV"),
    ),
    (
        b"\xd0\xcf\x11\xe0",
        marked("an old Excel workbook"),
        marked("save the sheet you want as CSV"),
    ),
    (b"\x1f\x8b", marked("compressed with gzip"), marked("unpack it first")),
    (b"BZh", marked("compressed with bzip2"), marked("unpack it first")),
    (b"\xfd7zXZ", marked("compressed with xz"), marked("unpack it first")),
    (b"7z\xbc\xaf", marked("a 7-Zip archive"), marked("unpack it first")),
    (b"Rar!", marked("a RAR archive"), marked("unpack it first")),
    (b"%PDF", marked("a PDF"), marked("save its table as CSV")),
    (b"\x89PNG", marked("a PNG picture"), marked("a table is needed")),
    (b"\xff\xd8\xff", marked("a JPEG picture"), marked("a table is needed")),
    (b"GIF8", marked("a GIF picture"), marked("a table is needed")),
    (b"\x7fELF", marked("a program"), marked("a table is needed")),
    (b"MZ\x90", marked("a program"), marked("a table is needed")),
    (b"PAR1", marked("a Parquet file"), marked("save it as CSV")),
    (b"ARROW1", marked("an Arrow file"), marked("save it as CSV")),
    (b"SQLite format 3", marked("a SQLite database"), marked("export the table as CSV")),
    (b"\x93NUMPY", marked("a NumPy array"), marked("save it as CSV")),
    (
        b"\x80\x04\x95",
        marked("a Python pickle, which is never opened"),
        marked("save the table as CSV"),
    ),
)
TEXT_FORMATS = (  # text that is not a table
    (re.compile(r"\s*<(!doctype html|html|\?xml|svg)", re.I), marked("a web page or XML")),
    (re.compile(r'\s*(\{\s*"|\[\s*[\[{])'), "JSON"),
)
BOMS = (  # the longer ones first: UTF-32 begins like UTF-16
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
EASTERN = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
WESTERN = ("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256")
NON_ASCII = re.compile(rb"[\x80-\xff]+")
LATIN = re.compile(r"[\u00c0-\u00ff°£€§±²³µ·’‘“”–—…©®™½¼¾×«»¿¡ºª\u00a0ŠŽšžŒœŸ¢¥]")
CONTROL = bytes(range(9)) + bytes(range(14, 28))  # never in text; 28 to 31 may be delimiters
SAMPLE_BYTES = 65_536
NEAR_BYTES = 1_000  # bytes of a long line around bytes beyond ASCII
LINE_ENDS = (b"\n", b"\r")


def decode(data: bytes, encoding: str = "") -> tuple[str, str, list[str]]:
    """Return the text, its encoding, and notes.

    Raises TableError if it is too large or not text.
    """
    most = LIMITS.megabytes * 2**20
    if len(data) > most:
        raise TableError(
            tr(
                "The file has {size:,.1f} MB; at most {most} MB can be read.",
                size=len(data) / 2**20,
                most=LIMITS.megabytes,
            )
        )
    for start, kind, help in MAGIC_BYTES:
        if data.startswith(start):
            raise TableError(
                tr(
                    "The file is {kind}, not a table as text: {help}.",
                    kind=tr(kind),
                    help=tr(help),
                )
            )
    text, encoding, notes = _decode_as(data, encoding) if encoding else _guess_encoding(data)
    for pattern, kind in TEXT_FORMATS:
        if pattern.match(text[:500]):
            raise TableError(
                tr("The file is {kind}, not a table; save the table as CSV.", kind=tr(kind))
            )
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        notes.append(tr("{number:,} NUL characters were left out.", number=text.count(chr(0))))
        text = text.replace("\0", "")
    return text, encoding, notes


def _decode_as(data: bytes, encoding: str) -> tuple[str, str, list[str]]:
    """Return the text in a given encoding. Raises TableError if the bytes do not fit it."""
    try:
        return data.decode(encoding), encoding, []
    except UnicodeDecodeError as fault:
        line = line_at(data, fault.start)
        raise TableError(
            tr(
                "Line {line} cannot be read as {encoding}; choose another encoding.",
                line=line,
                encoding=encoding,
            )
        ) from None
    except (LookupError, UnicodeError):
        raise TableError(
            tr("'{encoding}' is not a known encoding.", encoding=encoding[:30])
        ) from None


def _guess_encoding(data: bytes) -> tuple[str, str, list[str]]:
    """Return the text in the encoding that fits, with a note if that is not certain.

    Raises TableError if the bytes are not text.
    """
    named = next((name for mark, name in BOMS if data.startswith(mark)), "") or _utf16_by_zeros(
        data
    )
    if named:
        return _decode_as(data, named)
    head = data[:SAMPLE_BYTES]
    strange = len(head) - len(head.translate(None, CONTROL))
    if strange > max(8, 0.02 * len(head)):
        raise TableError(tr("The file is not text; a table as text (CSV) is needed."))
    try:
        return data.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError as fault:
        return _decode_damaged_utf8(data, fault.start) or _decode_by_region(data)


def _utf16_by_zeros(data: bytes) -> str:
    """Return "utf-16-le" or "utf-16-be" for text with two bytes per character, else ""."""
    head = data[: 4096 & ~1]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 4 or max(even, odd) < 0.3 * len(head) / 2 or min(even, odd) > 0:
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _decode_damaged_utf8(data: bytes, fault: int) -> tuple[str, str, list[str]] | None:
    """Return UTF-8 text with its few damaged characters shown as �; None if it is not UTF-8."""
    near = data[max(0, fault - SAMPLE_BYTES) : fault + SAMPLE_BYTES]
    runs = sum(1 for _ in NON_ASCII.finditer(near))
    if near.decode("utf-8", "replace").count("\ufffd") > 2 + 0.1 * runs or runs < 10:
        return None
    text = data.decode("utf-8", "replace")
    broken, line = text.count("\ufffd"), line_at(data, fault)
    note = tr_many(
        broken,
        "{n} letter in line {line} is not valid UTF-8; it is shown as �.",
        "{n} letters are not valid UTF-8, the first in line {line}; shown as �.",
        line=line,
    )
    return text, "utf-8", [note]


def _decode_by_region(data: bytes) -> tuple[str, str, list[str]]:
    """Return the text in the best encoding of one region, judged by the lines beyond ASCII."""
    sample = beyond_ascii(data)
    for name in _ranked(sample):
        try:
            return data.decode(name), name, [_guess_note(name)]
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1", [_guess_note("latin-1")]


def _guess_note(encoding: str) -> str:
    """Return the sentence on an encoding that is a guess."""
    return tr(
        "The encoding is a guess: {encoding}. Change it if letters look wrong.", encoding=encoding
    )


def beyond_ascii(data: bytes) -> bytes:
    """Return the lines with bytes beyond ASCII; of a long line only the part near such bytes."""
    parts, size, end = [], 0, 0
    for run in NON_ASCII.finditer(data):
        if run.start() < end:
            continue
        near = max(0, end, run.start() - NEAR_BYTES)
        start = max(near, *(data.rfind(c, near, run.start()) + 1 for c in LINE_ENDS))
        stops = [data.find(c, run.end(), run.end() + NEAR_BYTES) for c in LINE_ENDS]
        end = min([stop for stop in stops if stop >= 0], default=run.end() + NEAR_BYTES)
        parts.append(data[start:end])
        size += len(parts[-1])
        if size > SAMPLE_BYTES // 2:
            break
    return b"\n".join(parts)


def line_at(data: bytes, at: int) -> int:
    """Return the number of the line, from 1, that contains the byte `at`."""
    both = data.count(b"\r\n", 0, at)
    return data.count(b"\n", 0, at) + data.count(b"\r", 0, at) - both + 1


def _ranked(sample: bytes) -> list[str]:
    """Return encodings, the best one first."""
    runs = NON_ASCII.findall(sample)
    alone = sum(len(run) == 1 for run in runs) / len(runs)
    shown = sample.decode("cp1252", "replace")
    beyond = [c for c in shown if ord(c) > 127]
    usual = sum(bool(LATIN.match(c)) for c in beyond) / len(beyond)
    if alone > 0.7 and usual > 0.9:  # single letters with accents between plain ones
        return ["cp1252", "latin-1"]
    found = from_bytes(sample, cp_isolation=[*EASTERN, *WESTERN], preemptive_behaviour=False)
    return [*dict.fromkeys(match.encoding for match in found), "cp1252"]
