"""The plan of a lesson as cue cards: one for each thing to say, to ask or to do."""

from __future__ import annotations

import re
from typing import NamedTuple

ITEM = re.compile(r"^- \*\*(?P<head>[^*]+?)[:：]?\*\*[:：]?\s*(?P<text>.*)$")
EMPHASIS = re.compile(r"(\*\*|__|`)")


class CueCard(NamedTuple):
    """One entry of a plan."""

    head: str  # how long, and what it is: "2 min, ask"
    minutes: int
    text: str  # without Markdown


def cue_cards(plan: str) -> tuple[CueCard, ...]:
    """Return the entries of a plan in their order; other paragraphs of the plan are left out."""
    cards: list[CueCard] = []
    inside = False
    for line in plan.splitlines():
        found = ITEM.match(line)
        if found:
            minutes = re.search(r"\d+", found["head"])
            text = EMPHASIS.sub("", found["text"])
            cards.append(CueCard(found["head"].strip(), int(minutes[0]) if minutes else 0, text))
        elif inside and line.strip():
            text = EMPHASIS.sub("", line.strip())
            cards[-1] = cards[-1]._replace(text=f"{cards[-1].text} {text}")
        inside = bool(found) or (inside and bool(line.strip()))
    return tuple(cards)
