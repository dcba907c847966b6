"""Sound tables, and the ways in which they get damaged, after Pollock's families of pollution.

Vitagliano et al., Pollock: a data loading benchmark, PVLDB 16(8), 2023, section 4.
"""

import csv
import io
import random
from collections.abc import Iterator
from typing import NamedTuple

ROWS = 60


class Polluted(NamedTuple):
    """A damaged file, and what a right reader finds in it."""

    name: str
    data: bytes
    header: list[str]
    rows: list[list[str]]


def shop(rng):
    goods = [
        "Walking boots",
        "Rain jacket, light",
        'Table 48"',
        "Men's socks",
        "Lamp",
        "Mug, large",
    ]
    header = ["Day", "Time", "Pieces", "Article", "Price", "Kind", "Remark"]
    return header, [
        [
            f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/2021",
            f"{rng.randint(8, 19):02d}:{rng.choice(['00', '15', '30', '45'])}",
            str(rng.randint(1, 20)),
            f"{rng.choice('ABC')}{rng.choice('XYZ')}-{rng.randint(1000, 9999)}",
            f"${rng.randint(1, 99)}.{rng.randint(10, 99)}",
            rng.choice(goods),
            f"Sold at the counter, by {rng.choice(['Ann', 'Bob', 'Cy'])}, paid in cash.",
        ]
        for _ in range(ROWS)
    ]


def weather(rng):
    header = ["station", "date", "low", "high", "rain mm", "sky"]
    return header, [
        [
            f"ST{rng.randint(100, 999)}",
            f"2022-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            f"{rng.uniform(-9, 9):.1f}",
            f"{rng.uniform(10, 30):.1f}",
            f"{rng.uniform(0, 20):.2f}",
            rng.choice(["clear", "clouds", "rain"]),
        ]
        for _ in range(ROWS)
    ]


def people(rng):
    first, last = ["Zoë", "Émile", "Jürgen", "Ana", "Li"], ["Müller", "O'Neil", "García", "Wu"]
    header = ["Name", "Born", "Town", "Member", "Fee"]
    return header, [
        [
            f"{rng.choice(last)}, {rng.choice(first)}",
            str(rng.randint(1940, 2005)),
            rng.choice(["Köln", "São Paulo", "New York", "Århus"]),
            rng.choice(["yes", "no"]),
            f"{rng.randint(10, 99)}.50",
        ]
        for _ in range(ROWS)
    ]


def samples(rng):
    header = ["id", "batch", "ph", "mass_kg", "temp_c", "passed", "checked_at", "operator"]
    return header, [
        [
            str(1000 + i),
            f"B-{rng.randint(10, 99)}",
            f"{rng.uniform(5, 9):.2f}",
            f"{rng.uniform(0, 1):.4f}",
            f"{rng.randint(15, 35)}",
            rng.choice(["true", "false"]),
            f"2023-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 1{rng.randint(0, 9)}:20",
            rng.choice(["Kim", "Lee", "Ray"]),
        ]
        for i in range(ROWS)
    ]


def survey(rng):
    header = ["Age group", "Country", "Question 1", "Question 2", "Comment", "Score"]
    words = ["fine", "too slow, I think", "good value", "no idea", "it broke; twice", "works"]
    return header, [
        [
            rng.choice(["18-29", "30-44", "45-64", "65+"]),
            rng.choice(["FR", "DE", "IT", "ES"]),
            rng.choice(["agree", "disagree", "neutral"]),
            rng.choice(["agree", "disagree", "neutral"]),
            rng.choice(words),
            f"{rng.randint(0, 100)}%",
        ]
        for _ in range(ROWS)
    ]


TABLES = {make.__name__: make for make in (shop, weather, people, samples, survey)}


def written(rows, newline="\n", **form) -> str:
    """The rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator=newline, **form).writerows(rows)
    return out.getvalue()


def files(name: str) -> Iterator[Polluted]:
    """Every whole-file pollution of a table."""
    header, rows = TABLES[name](random.Random(name))
    width, whole = len(header), [header, *rows]
    text = written(whole)

    def of(kind, text, names=header, body=rows, encoding="utf-8"):
        return Polluted(f"{name} {kind}", text.encode(encoding), names, body)

    yield of("sound", text)
    for kind, newline in (("CRLF", "\r\n"), ("CR", "\r")):
        yield of(kind, written(whole, newline))
    yield of("empty", "", [], [])
    yield of("header only", written([header]), header, [])
    yield of("one row", written(whole[:2]), header, rows[:1])
    yield of("no newline at the end", text.rstrip("\n"))
    yield of("two newlines at the end", text + "\n")
    yield of("no header", written(rows), [], rows)
    for n in (2, 3):
        names = [" ".join([one] * n) for one in header]
        yield of(f"{n} header rows", written([header] * (n - 1) + whole), names)
    lead = [["A REPORT", *[""] * (width - 1)], [""] * width]
    yield of("preamble", written(lead + whole))
    yield of("a second table, narrower", text + written([row[:-1] for row in whole]))
    yield of("a second table, wider", text + written([[*row, "0"] for row in whole]))
    for kind, mark in (("semicolon", ";"), ("tab", "\t"), ("bar", "|"), ("space", " ")):
        yield of(kind, written(whole, delimiter=mark))
    yield (
        of("comma and space", text.replace(",", ", ").replace(",  ", ", "))
        if all("," not in cell for row in whole for cell in row)
        else of("utf-16", text, encoding="utf-16")
    )
    yield of("single quotes", written(whole, quotechar="'"))
    yield of("backslashes", written(whole, doublequote=False, escapechar="\\"))
    yield of("all quoted", written(whole, quoting=csv.QUOTE_ALL))


def lines(name: str, each: int = 6) -> Iterator[Polluted]:
    """Damage to single lines: a delimiter too few or too many, a stray quote, another delimiter."""
    rng = random.Random(name + " lines")
    header, rows = TABLES[name](random.Random(name))
    whole = [header, *rows]
    for kind in ("missing", "extra", "quote", "spaces"):
        for _ in range(each):
            at, column = rng.randrange(len(whole)), rng.randrange(1, len(header))
            damaged, answer = damage(kind, whole[at], column)
            text = written(whole[:at]) + damaged + written(whole[at + 1 :])
            right = [*whole[:at], answer, *whole[at + 1 :]]
            yield Polluted(f"{name} {kind} {at}.{column}", text.encode(), right[0], right[1:])


def damage(kind: str, row: list[str], column: int) -> tuple[str, list[str]]:
    """A line with one fault, and the row that it stands for."""
    cells = [written([[cell]], newline="") for cell in row]
    before, after = ",".join(cells[:column]), ",".join(cells[column:])
    if kind == "missing":
        return f"{before}{after}\n", row
    if kind == "extra":
        return f"{before},,{after}\n", row
    if kind == "quote":
        return f'{before},"{after}\n', [*row[:column], '"' + row[column], *row[column + 1 :]]
    return " ".join(cells) + "\n", row
