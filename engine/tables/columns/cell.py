"""Cell: what the text of one cell means, by the reading of its column, in Python alone.

An exported program reads its cells with these functions, so they need no library.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import NamedTuple

MISSING = frozenset(("", "na", "n/a", "<na>", "nan", "null", "(null)", "none", "nil"))
MISSING |= {"missing", "?", "-", "--", "---", "–", "—", ".", "..", "...", "\\n"}
# Errors in spreadsheets: #DIV/0!, #WERT!, #NOM?, #¿NOMBRE?, #N/A, #NV.
SPREADSHEET_ERROR = re.compile(
    r"#[¡¿]?[^\W\d_][^#]{0,20}[!?]|#n/?[a-z]{1,2}|#(spill|calc|error)|##+|err:\d{3}", re.I
)
CURRENCY = "$€£¥₹₽₩"
BLANKS = r"'’\s\u00a0\u2009\u202f"  # between thousands
NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−]?)\s*(?P<before>[{CURRENCY}]|USD|EUR|GBP|CHF)?\s*"
    rf"(?P<minus>[-−]?)(?P<digits>\d[\d.,{BLANKS}]*|[.,]\d+)(?P<power>[eE][-+]?\d+)?(?P<gap>\s*)"
    r"(?P<size>(?:[kKmMBT]|bn|mn|mln|Mio\.?|Mrd\.?|Tsd\.?|million|billion|thousand)(?![\w/²³]))?"
    rf"\s*(?P<after>[%°{CURRENCY}]|°?[A-Za-zµ]{{1,10}}[²³]?(/[A-Za-z²³]+)?)?\)?"
)
SHAPES = {  # digits with that decimal mark, thousands separated or not
    mark: re.compile(
        rf"\d{{1,3}}([{group}]\d{{2,3}})*[{group}]\d{{3}}([{mark}]\d*)?|\d*([{mark}]\d*)?"
        rf"|\d{{1,3}}([{BLANKS}]\d{{3}})+([{mark}]\d*)?"
    )
    for mark, group in (".,", ",.")
}
BETWEEN = {mark: re.compile(rf"[{BLANKS}{group}]") for mark, group in (".,", ",.")}
POWERS = {"k": 3, "tsd": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "million": 6}
POWERS |= {"b": 9, "bn": 9, "mrd": 9, "billion": 9, "t": 12}
ZEROS = {mark: re.compile(rf"([-+−]?\d+)[{mark}](\d*?)0*") for mark in ".,"}  # 3.0 and 3.50
CLOCK = re.compile(
    r"(?P<sign>[-−]?)\s*((?P<days>\d+)\s*(days?|d)[\s,]+)?"
    r"(?P<parts>\d{1,3}:[0-5]\d|\d+:[0-5]?\d:[0-5]\d)(?P<part>[.,]\d+)?"
)
PIECES = re.compile(
    r"(?P<sign>[-−]?)(?=[\d.]|p)(pt?)?((?P<d>\d+(\.\d+)?)\s*(d|days?)\s*t?)?"
    r"((?P<h>\d+(\.\d+)?)\s*(h|hrs?|hours?)\s*)?((?P<m>\d+(\.\d+)?)\s*(m|min|mins|minutes?)\s*)?"
    r"((?P<s>\d+(\.\d+)?)\s*(s|sec|secs|seconds?))?",
    re.I,
)


class Reading(NamedTuple):
    """How a column's text is turned into numbers or categories."""

    kind: str = "text"  # "number" | "date" | "time" | "duration" | "yes/no" | "text"
    decimal: str = "."
    format: str = ""  # of dates and times; of durations: what two parts are, "h:m" or "m:s"
    unit: str = ""  # what is written at the numbers; durations are in seconds
    pair: tuple[str, ...] = ()  # (no, yes)
    note: str = ""
    other: str = ""  # the other decimal mark or format that reads the column as well
    scaled: bool = False  # whether K, M and B after a number are thousands, millions, billions
    codes: tuple[float, ...] = ()  # numbers that stand for a missing cell, such as -9999
    words: tuple[str, ...] = ()  # of MISSING, in small letters, that are a value here
    exact: bool = False  # whether yes, Yes and " yes" are different values
    padded: bool = False  # whether 01 is another spelling of 1


AS_IT_IS = Reading()


def is_missing(text: str, reading: Reading = AS_IT_IS) -> bool:
    """Return whether the text of a cell stands for a missing value under this reading."""
    word = text.strip().lower()
    if word in MISSING or (word[:1] in ("#", "e") and SPREADSHEET_ERROR.fullmatch(word)):
        return word not in reading.words
    if not reading.codes:
        return False
    return one_number(text, reading.decimal, reading.unit, reading.scaled)[0] in reading.codes


def one_number(
    text: str, decimal: str, unit: str | None = None, scaled: bool = False
) -> tuple[float, str]:
    """Return the number in a text, nan if it has none, and its unit.

    If `unit` is given, a number with another unit is nan. `scaled` reads K, M and B as powers of
    ten.
    """
    found = NUMBER.fullmatch(text.strip())
    if not found:
        return math.nan, ""
    size = "" if scaled else found["size"] or ""
    own = (found["before"] or "") + size + (found["after"] or "")
    digits = plain_digits(found["digits"].strip(), decimal)
    if not digits or (unit is not None and own not in ("", unit)):
        return math.nan, own
    power = int((found["power"] or "e0")[1:])
    if scaled and found["size"]:
        power += POWERS[found["size"].lower().rstrip(".")]
    value = float(f"{digits}e{power}") if abs(power) < 400 else math.nan
    negative = bool(found["open"]) or found["sign"] in ("-", "−") or bool(found["minus"])
    return (-value if negative else value), own


def plain_digits(digits: str, decimal: str) -> str:
    """Return the digits as Python writes a number; "" if the marks are at wrong places."""
    if not SHAPES[decimal].fullmatch(digits):
        return ""
    return BETWEEN[decimal].sub("", digits).replace(decimal, ".")


def mark_of(text: str) -> str:
    """Return the only decimal mark that is possible; "?" if both are, "" if there is no mark."""
    found = NUMBER.fullmatch(text)
    digits = found["digits"].strip() if found else ""
    marks = re.sub(r"[^.,]", "", digits)
    if not found or not marks:
        return ""
    able = [mark for mark in ".," if plain_digits(digits, mark)]
    if len(able) < 2:
        return able[0] if able else ""
    head = digits[: digits.index(marks)]
    sure = found["power"] or head.startswith("0") or re.search(rf"[{BLANKS}]", digits)
    return marks if sure or not re.fullmatch(r"\d{1,3}[.,]\d{3}", digits) else "?"


def seconds_in(text: str, two: str = "") -> float:
    """Return the seconds of a duration, nan if it is none; `two` is "m:s" if 12:30 has minutes."""
    found = CLOCK.fullmatch(text.strip().lower())
    if found:
        parts = [float(part) for part in found["parts"].split(":")]
        parts[-1] += float((found["part"] or ".0").replace(",", "."))
        if len(parts) == 2:
            parts = [0.0, *parts] if two == "m:s" else [*parts, 0.0]
        days = float(found["days"] or 0)
        value = 86400 * days + 3600 * parts[0] + 60 * parts[1] + parts[2]
        return -value if found["sign"] else value
    pieces = PIECES.fullmatch(text.strip())
    if not pieces or not any(pieces[name] for name in "dhms"):
        return math.nan
    sizes = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    value = sum(float(pieces[name] or 0) * size for name, size in sizes.items())
    return -value if pieces["sign"] else value


def name_in(text: str, reading: Reading = AS_IT_IS) -> str:
    """Return the name of a category without letter case, extra blanks, or zeros: 3.0 is 3."""
    if reading.exact:
        return text.strip()
    word = " ".join(unicodedata.normalize("NFC", text).lower().split())
    if word[:1] not in "0123456789-+−.":
        return word
    found = ZEROS[reading.decimal].fullmatch(word)
    if found:
        word = found[1] + (reading.decimal + found[2] if found[2] else "")
    return word.lstrip("0") or "0" if reading.padded and word.isdecimal() else word
