"""Times: columns of dates, of times of day, and of both together.

The formats are those of `datetime.strptime`; ISO 8601 is read as pandas does.
"""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd

from engine.language import tr
from engine.nn import Array
from engine.tables.columns.cell import Reading

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
DATE_LIKE = re.compile(
    r"(?P<day>\d{1,4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,4}|\d{4}-\d{1,2}"  # 5.1 is a number
    rf"|(?:\d{{1,2}}[- .]+)?{MONTH}[- .,]+\d{{1,4}}(?:,? \d{{2,4}})?)"
    r"(?:(?P<gap>,? +|T)(?P<clock>\d{1,2}:\d{2}.*)|(?P<rest>[ T].*))?",
    re.I,
)
CLOCK_LIKE = re.compile(
    r"\d{1,2}:\d{2}((?P<second>:\d{2})(?P<part>\.\d{1,6})?)?((?P<blank> ?)(?P<half>[ap]m))?", re.I
)
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
DAYS += ("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y")
DAYS += ("%b %d %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y-%m", "%b %Y", "%B %Y")
CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f")
CLOCKS += tuple(f"%I:%M{rest}{gap}%p" for rest in ("", ":%S", ":%S.%f") for gap in (" ", ""))
EPOCH_START = pd.Timestamp("2000-01-01")
UNREADABLE_SHARE = 0.05  # share of cells that may be unreadable in a column of dates


def as_date(values: pd.Index, counts: Array, share: float = UNREADABLE_SHARE) -> Reading | None:
    """Return how to read the values as dates or times, or None.

    No value is missing; `counts` is (m,).
    """
    step = max(1, len(values) // 100)
    seen, often = values[::step].str.strip(), counts[::step]
    fits = [one for one in formats_of(seen, often, share) if unread(seen, often, one) <= share]
    gone = {one: unread(values, counts, one) for one in fits}
    fits = sorted((one for one in fits if gone[one] <= share), key=lambda one: gone[one])
    if not fits:
        return None
    if fits[0] in CLOCKS:
        return Reading("time", format=fits[0])
    best, other = fits[0], swapped(fits[0])
    other = other if gone.get(other) == gone[best] and other != best else ""
    if other and "%p" in best:  # where the clock has twelve hours, the month comes first
        best, other = other, best
    return Reading("date", format=best, note=guess_of(best) if other else "", other=other)


def guess_of(pattern: str) -> str:
    """Return the remark on a format in which day and month could be swapped."""
    if pattern.startswith("%d"):
        return tr("it is a guess that the day comes before the month")
    return tr("it is a guess that the month comes before the day")


def swapped(pattern: str) -> str:
    """Return the format with day and month swapped."""
    return pattern.replace("%d", "%#").replace("%m", "%d").replace("%#", "%m")


def formats_of(values: pd.Index, counts: Array, share: float) -> list[str]:
    """Return the formats that the values may have by their look; `counts` is (m,)."""
    clocks = [CLOCK_LIKE.fullmatch(value) for value in values]
    if np.dot([not one for one in clocks], counts) <= share * counts.sum():
        known = {clock_format(one) for one in clocks if one and (one["half"] or not one["part"])}
        return sorted(known)  # with a fraction of a second it is rather a duration
    found = [DATE_LIKE.fullmatch(value) for value in values]
    if np.dot([not one for one in found], counts) > share * counts.sum():
        return []
    ends = set[str]()
    for one in found:
        clock = CLOCK_LIKE.fullmatch(one["clock"]) if one and one["clock"] else None
        ends.add(one["gap"] + clock_format(clock) if one and clock else "")
    return ["ISO8601", *(day + end for day in DAYS for end in sorted(ends))]


def clock_format(found: re.Match[str]) -> str:
    """Return the format of a time of the day."""
    seconds = (":%S" if found["second"] else "") + (".%f" if found["part"] else "")
    return f"%I:%M{seconds}{found['blank']}%p" if found["half"] else f"%H:%M{seconds}"


def unread(values: pd.Index, counts: Array, pattern: str) -> float:
    """Return the share of cells that have another format; `counts` is (m,)."""
    return float(counts[np.isnan(days(values, pattern))].sum() / counts.sum())


def days(values: pd.Index, pattern: str) -> Array:
    """Return the days since 2000-01-01, or the hours of times of day, (m,); nan for others."""
    text = pd.Series(values).str.strip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # warns that a format is slow
        if pattern in CLOCKS:
            found = pd.to_datetime(text, format=pattern, errors="coerce")
            second = found.dt.second + found.dt.microsecond / 1e6
            return (found.dt.hour + found.dt.minute / 60 + second / 3600).to_numpy(float)
        found = pd.to_datetime(text, format=pattern, errors="coerce", utc=True)
    return ((found.dt.tz_localize(None) - EPOCH_START) / pd.Timedelta(days=1)).to_numpy(float)
