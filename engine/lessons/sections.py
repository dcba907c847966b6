"""Sections: a lesson's file in parts, its head between lines of +++ and its texts by heading."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

from engine.language import tr

MOST_BYTES = 2**16  # of a file
LINE = "+++"
HEADING = re.compile(r"##[ \t]+(.+?)[ \t#]*")
OF_STEP = ("Question", "Explanation")
OF_TEACHER = ("Goal", "Plan", "Wrong answers", "Key", "Homework")


class Section(NamedTuple):
    """A heading, the number of its line, and the text below it."""

    heading: str
    line: int
    text: str


class Parts(NamedTuple):
    """The parts of a file; what cannot be read is missing, and a fault says so."""

    head: dict[str, object] | None
    sections: list[Section]


def split_file(text: str, faults: list[str]) -> Parts:
    """Return the settings and the sections of a lesson's file."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        faults.append(
            tr(
                "A lesson has at most {most} kB; this file has {size:,} bytes.",
                most=MOST_BYTES // 1024,
                size=size,
            )
        )
        return Parts(None, [])
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    marks = [number for number, line in enumerate(lines) if line.rstrip() == LINE]
    if marks[:1] != [0] or len(marks) < 2:
        faults.append(
            tr("Line 1: a lesson begins with its settings between two lines {line}.", line=LINE)
        )
        return Parts(None, [])
    head = read_head("\n".join(lines[1 : marks[1]]), faults)
    return Parts(head, sections_of(lines, marks[1] + 1, faults))


def read_head(text: str, faults: list[str]) -> dict[str, object] | None:
    """Return the settings of a TOML text; None if it cannot be read."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as reason:
        words = str(reason)
        found = re.search(r"\(at line (\d+), column (\d+)\)", words)
        where = (
            tr("Line {line}, column {column}", line=int(found[1]) + 1, column=found[2])
            if found
            else tr("Between the lines +++")
        )
        what = (
            re.sub(r"\s*\(at .*\)$", "", words) if found else tr("a value is too large or too deep")
        )
        faults.append(
            tr(
                "{where}: the settings cannot be read as TOML. The parser says: {what}.",
                where=where,
                what=what,
            )
        )
        return None


def sections_of(lines: list[str], first: int, faults: list[str]) -> list[Section]:
    """Return the sections from line `first` on; a heading inside a code block is text."""
    found, code = list[tuple[str, int, list[str]]](), False
    for number, line in enumerate(lines[first:], first + 1):
        code ^= line.lstrip().startswith("```")
        heading = None if code else HEADING.fullmatch(line.rstrip())
        if heading:
            found.append((heading[1], number, []))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            faults.append(
                tr(
                    "Line {number}: there is text before the first heading '## Question'.",
                    number=number,
                )
            )
            found.append(("Question", number, [line]))
    return [Section(name, number, "\n".join(own).strip()) for name, number, own in found]


def step_texts(sections: list[Section], steps: int, faults: list[str]) -> list[tuple[str, str]]:
    """Return question and explanation of each step, "" where one is missing."""
    texts = []
    for name in OF_STEP:
        own = [one for one in sections if one.heading == name]
        if len(own) != steps:
            faults.append(
                tr(
                    "There must be one section '## {name}' for each [[step]]: {steps} of "
                    "them; {given} were given.",
                    name=name,
                    steps=steps,
                    given=len(own),
                )
            )
        texts.append([one.text for one in own] + [""] * steps)
    order = [one.heading for one in sections if one.heading in OF_STEP]
    if order != [*OF_STEP] * (len(order) // 2):
        faults.append(tr("Each '## Question' must be followed by its '## Explanation'."))
    return list(zip(*texts, strict=False))[:steps]


def teacher_texts(sections: list[Section], faults: list[str]) -> list[str]:
    """Return the texts of the teacher's page, "" where one is missing."""
    texts = []
    for name in OF_TEACHER:
        own = [one for one in sections if one.heading == name]
        if len(own) != 1:
            faults.append(
                tr(
                    "There must be one section '## {name}'; {given} were given.",
                    name=name,
                    given=len(own),
                )
            )
        texts.append(own[0].text if own else "")
    return texts


def check_sections(sections: list[Section], faults: list[str]) -> None:
    """Add a fault for each heading that is not known and for each empty section."""
    for one in sections:
        if one.heading not in (*OF_STEP, *OF_TEACHER):
            allowed = ", ".join((*OF_STEP, *OF_TEACHER))
            faults.append(
                tr(
                    "Line {line}: '## {heading}' is not a section of a lesson; there "
                    "are: {allowed}.",
                    line=one.line,
                    heading=one.heading[:40],
                    allowed=allowed,
                )
            )
        elif not one.text:
            faults.append(
                tr(
                    "Line {line}: the section '## {heading}' is empty.",
                    line=one.line,
                    heading=one.heading,
                )
            )
