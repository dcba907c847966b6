"""Decoding: from bytes to text. Is this a table, is it small enough, and which encoding has it?

The quick checks come first, so that a hostile file is rejected before anything is built from it.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import NamedTuple

from charset_normalizer import from_bytes


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
AS_CSV = "save the sheet you want as CSV"
MAGIC_BYTES = (  # how other kinds of file begin, what they are, and what helps
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", f"unpack it, or {AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", AS_CSV),
    (b"\x1f\x8b", "compressed with gzip", "unpack it first"),
    (b"BZh", "compressed with bzip2", "unpack it first"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"%PDF", "a PDF", "save its table as CSV"),
    (b"\x89PNG", "a PNG picture", "a table is needed"),
    (b"\xff\xd8\xff", "a JPEG picture", "a table is needed"),
    (b"GIF8", "a GIF picture", "a table is needed"),
    (b"\x7fELF", "a program", "a table is needed"),
    (b"MZ\x90", "a program", "a table is needed"),
    (b"PAR1", "a Parquet file", "save it as CSV"),
    (b"ARROW1", "an Arrow file", "save it as CSV"),
    (b"SQLite format 3", "a SQLite database", "export the table as CSV"),
    (b"\x93NUMPY", "a NumPy array", "save it as CSV"),
    (b"\x80\x04\x95", "a Python pickle, which is never opened", "save the table as CSV"),
)
TEXT_FORMATS = (  # text that is not a table
    (re.compile(r"\s*<(!doctype html|html|\?xml|svg)", re.I), "a web page or XML"),
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
            f"The file has {len(data) / 2**20:,.1f} MB; at most {LIMITS.megabytes} MB can be read."
        )
    for start, kind, help in MAGIC_BYTES:
        if data.startswith(start):
            raise TableError(f"The file is {kind}, not a table as text: {help}.")
    text, encoding, notes = _decode_as(data, encoding) if encoding else _guess_encoding(data)
    for pattern, kind in TEXT_FORMATS:
        if pattern.match(text[:500]):
            raise TableError(f"The file is {kind}, not a table; save the table as CSV.")
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        notes.append(f"{text.count(chr(0)):,} NUL characters were left out.")
        text = text.replace("\0", "")
    return text, encoding, notes


def _decode_as(data: bytes, encoding: str) -> tuple[str, str, list[str]]:
    """Return the text in a given encoding. Raises TableError if the bytes do not fit it."""
    try:
        return data.decode(encoding), encoding, []
    except UnicodeDecodeError as fault:
        line = line_at(data, fault.start)
        raise TableError(
            f"Line {line} cannot be read as {encoding}; choose another encoding."
        ) from None
    except (LookupError, UnicodeError):
        raise TableError(f"'{encoding[:30]}' is not a known encoding.") from None


def _guess_encoding(data: bytes) -> tuple[str, str, list[str]]:
    """Return the text in the encoding that fits, with a note if that is not certain.

    Raises TableError if the bytes are not text.
    """
    marked = next((name for mark, name in BOMS if data.startswith(mark)), "") or _utf16_by_zeros(
        data
    )
    if marked:
        return _decode_as(data, marked)
    head = data[:SAMPLE_BYTES]
    strange = len(head) - len(head.translate(None, CONTROL))
    if strange > max(8, 0.02 * len(head)):
        raise TableError("The file is not text; a table as text (CSV) is needed.")
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
    if broken == 1:
        return text, "utf-8", [f"1 letter in line {line} is not valid UTF-8; it is shown as �."]
    return (
        text,
        "utf-8",
        [f"{broken} letters are not valid UTF-8, the first in line {line}; shown as �."],
    )


def _decode_by_region(data: bytes) -> tuple[str, str, list[str]]:
    """Return the text in the best encoding of one region, judged by the lines beyond ASCII."""
    sample = beyond_ascii(data)
    note = "The encoding is a guess: "
    for name in _ranked(sample):
        try:
            return data.decode(name), name, [f"{note}{name}. Change it if letters look wrong."]
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1", [f"{note}latin-1. Change it if letters look wrong."]


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
