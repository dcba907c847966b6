"""Cells: what the text of a cell means as a number, a date, yes or no, or as nothing at all.

Everything works on the different values of a column at once, and on a whole column by one rule, so
that a second table is understood like the first.
"""

from __future__ import annotations

import re
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd

Array = np.ndarray
MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "null", "(null)", "none", "nil"))
MISSING |= {"missing", "?", "-", "--", "---", "–", "—", ".", "..", "...", "\\n"}
MISSING |= {"#null!", "#value!", "#div/0!", "#ref!"}  # what spreadsheets write
YES_NO = (  # (no, yes) in the languages of most tables
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("off", "on"),
    ("0", "1"),
    ("nein", "ja"),
    ("non", "oui"),
    ("no", "sí"),
    ("no", "si"),
    ("absent", "present"),
    ("negative", "positive"),
)
CURRENCY = "$€£¥₹₽₩"
NUMBER = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+−]?)\s*(?P<before>[{CURRENCY}]|USD|EUR|GBP|CHF)?\s*"
    r"(?P<minus>[-−]?)"
    r"(?P<digits>\d[\d.,'’\s\u00a0\u202f]*|[.,]\d+)(?P<power>[eE][-+]?\d+)?"
    rf"\s*(?P<after>[%°{CURRENCY}]|°?[A-Za-zµ]{{1,10}}[²³]?(/[A-Za-z²³]+)?)?\)?"
)
DECIMAL_COMMA = re.compile(r"[^\d]*(\d*,(\d{1,2}|\d{4,})|\d{4,},\d+|[\d.]+\.\d{3},\d+|0,\d+)\D*")
DECIMAL_POINT = re.compile(r"[^\d]*(\d*\.(\d{1,2}|\d{4,})|\d{4,}\.\d+|[\d,]+,\d{3}\.\d+|0\.\d+)\D*")
GROUPS = re.compile(r"\d{1,3}(['’\s\u00a0\u202f]\d{3})+([.,]\d+)?")
MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATE_LIKE = re.compile(
    rf"\d{{1,4}}[-/.]\d{{1,2}}([-/.]\d{{1,4}})?([ T].*)?|\d{{1,2}}:\d{{2}}(:\d{{2}})?(\s?[ap]m)?"
    rf"|(\d{{1,2}}[- .]+)?{MONTH}[- .,]+\d{{1,4}}(,? \d{{2,4}})?(\s.*)?",
    re.I,
)
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
DAYS += ("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y")
DAYS += ("%b %d %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y-%m", "%b %Y", "%B %Y")
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I:%M:%S %p")
FORMATS = ("ISO8601", *DAYS, *(f"{day} {clock}" for day in DAYS[:10] for clock in CLOCKS[:3]))
BASE = pd.Timestamp("2000-01-01")


class Reading(NamedTuple):
    """How a column's text is turned into numbers."""

    kind: str = "text"  # "number" | "date" | "time" | "yes/no" | "text"
    decimal: str = "."
    format: str = ""  # of dates and times
    unit: str = ""  # what stands at the numbers
    pair: tuple[str, ...] = ()  # (no, yes)
    note: str = ""


def missing(values: pd.Index, as_numbers: Array) -> Array:
    """(m,) True where a value, which is also given as a plain number, stands for nothing."""
    gone = np.isnan(as_numbers)
    gone[gone] = [value.strip().lower() in MISSING for value in values[gone]]
    return gone


def decimal_of(values: list[str]) -> tuple[int, int]:
    """How many values can only have a decimal comma, and how many only a decimal point."""
    comma = sum(bool(DECIMAL_COMMA.fullmatch(value)) for value in values)
    return comma, sum(bool(DECIMAL_POINT.fullmatch(value)) for value in values)


def plain(values: pd.Index) -> Array:
    """(m,) numbers of values that Python would read; nan for the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pd.to_numeric(pd.Series(values.to_numpy(object)), errors="coerce")
    return np.array(found, dtype=np.float64)


def numbers(values: pd.Index, decimal: str = ".", unit: str = "") -> Array:
    """(m,) what the values say as numbers with that decimal mark and unit; nan for the others."""
    out = plain(values)
    if decimal == ",":  # 1.234 has a thousand in it here
        out[[("." in value) for value in values]] = np.nan
    for i in np.flatnonzero(np.isnan(out)):
        out[i] = one_number(values[i], decimal, unit)[0]
    return np.where(np.abs(out) < 1e300, out, np.nan)


def one_number(text: str, decimal: str, unit: str | None = None) -> tuple[float, str]:
    """The number that a text spells with this decimal mark, nan if none, and its unit."""
    found = NUMBER.fullmatch(text.strip())
    if not found:
        return np.nan, ""
    digits, own = found["digits"].strip(), found["before"] or found["after"] or ""
    if unit is not None and own not in ("", unit):
        return np.nan, own
    group = "," if decimal == "." else "."
    if group in digits and not re.fullmatch(
        rf"\d{{1,3}}({re.escape(group)}\d{{3}})+({re.escape(decimal)}\d+)?", digits
    ):
        return np.nan, own
    if re.search(r"['’\s\u00a0\u202f]", digits) and not GROUPS.fullmatch(digits):
        return np.nan, own
    digits = re.sub(r"['’\s\u00a0\u202f]", "", digits).replace(group, "").replace(decimal, ".")
    if digits.count(".") > 1:
        return np.nan, own
    value = float(digits + (found["power"] or ""))
    negative = bool(found["open"]) or found["sign"] in ("-", "−") or bool(found["minus"])
    return (-value if negative else value), own


def as_number(values: pd.Index, decimal: str) -> Reading | None:
    """How to read the values (none missing) as numbers; None if they are not."""
    sample = [value.strip() for value in values[:: max(1, len(values) // 300)]]
    comma, point = decimal_of(sample)
    decimal = "," if comma > point else "." if point > comma else decimal
    found = [one_number(value, decimal) for value in sample]
    units = {unit for number, unit in found if unit and not np.isnan(number)}
    bad = [value for value, (number, _) in zip(sample, found, strict=True) if np.isnan(number)]
    strange = np.isnan(plain(pd.Index(bad, dtype=object))).sum() if bad else 0
    if strange > 0.05 * len(sample) or len(units) > 1:
        return None
    unit = next(iter(units), "")
    if np.isnan(numbers(values, decimal, unit)).mean() > 0.05:
        return None
    return Reading("number", decimal, unit=unit)


def as_date(values: pd.Index) -> Reading | None:
    """How to read the values (none missing) as dates or times; None if they are not."""
    sample = values[:: max(1, len(values) // 100)]
    if sum(bool(DATE_LIKE.fullmatch(value.strip())) for value in sample) < 0.95 * len(sample):
        return None
    fits = [one for one in (*CLOCKS, *FORMATS) if np.isnan(days(sample, one)).mean() <= 0.05]
    fits = [one for one in fits if np.isnan(days(values, one)).mean() <= 0.05]
    if not fits:
        return None
    guess = "%d/%m" in fits[0] and any("%m/%d" in one for one in fits[1:])
    note = "that the day comes before the month is a guess" if guess else ""
    return Reading("time" if fits[0] in CLOCKS else "date", format=fits[0], note=note)


def days(values: pd.Index, pattern: str) -> Array:
    """(m,) days since the first of January 2000, or the hour for times; nan for the others."""
    text = pd.Series(values).str.strip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # says that a format is slow
        if pattern in CLOCKS:
            found = pd.to_datetime(text, format=pattern, errors="coerce")
            return (found.dt.hour + found.dt.minute / 60 + found.dt.second / 3600).to_numpy(float)
        found = pd.to_datetime(text, format=pattern, errors="coerce", utc=True)
    return ((found.dt.tz_localize(None) - BASE) / pd.Timedelta(days=1)).to_numpy(float)


def as_yes_no(values: pd.Index) -> Reading | None:
    """How to read two values as no and yes; None if they are not."""
    own = {value.strip().lower() for value in values}
    if len(own) != 2:
        return None
    pair = next((pair for pair in YES_NO if own == set(pair)), None)
    return Reading("yes/no", pair=pair) if pair else None


def reading_of(values: pd.Index, decimal: str = ".") -> Reading:
    """How to read a column with these different values, none of them missing."""
    if not len(values):
        return Reading()
    return as_yes_no(values) or as_date(values) or as_number(values, decimal) or Reading()


def read_values(values: pd.Index, reading: Reading) -> Array:
    """(m,) the values as numbers by a column's reading; nan where a value does not fit it."""
    if reading.kind == "yes/no":
        told = {word: float(i) for i, word in enumerate(reading.pair)}
        return np.array([told.get(value.strip().lower(), np.nan) for value in values])
    if reading.kind in ("date", "time"):
        return days(values, reading.format)
    return numbers(values, reading.decimal, reading.unit)


def leading_zeros(values: pd.Index) -> bool:
    """Whether the values are codes such as 007 or 01234 rather than numbers."""
    return any(re.fullmatch(r"0\d+", value.strip()) for value in values[:2000])
