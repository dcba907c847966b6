"""Which language a person reads: the one that is asked for, else the browser's."""

from __future__ import annotations

from collections.abc import Sequence

from engine.language.catalogue import ENGLISH, LANGUAGES


def chosen_language(wished: Sequence[str], accepted: str) -> str:
    """Return the first language of `wished` that there is, else the best of `accepted`.

    `accepted` is the header Accept-Language of the browser. Source: RFC 9110, 12.5.4.
    """
    ranked = sorted(map(_ranked, accepted.split(",")), key=lambda pair: -pair[1])
    tags = [*wished, *(tag for tag, weight in ranked if weight > 0)]
    short = (tag.strip().lower().replace("_", "-").split("-")[0] for tag in tags)
    return next((name for name in short if name in LANGUAGES), ENGLISH)


def _ranked(part: str) -> tuple[str, float]:
    """Return the language tag and the weight of one part of Accept-Language."""
    tag, _, weight = part.partition(";")
    try:
        return tag.strip(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return tag.strip(), 0.0
