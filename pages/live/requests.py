"""The browser's requests, checked: anybody can send any request."""

from __future__ import annotations

import json
import math
from typing import Required, TypedDict, TypeGuard, cast

from engine.comparison import MOST_RUNS
from engine.training import MOST_EPOCHS

LONGEST = 4000  # characters of a request
WORDS = ("run", "kind", "rule", "setup")
CHANGES = 8  # choices in a request at most
WHOLE = ("at", "from", "stride", "count", "epoch", "layer", "row", "column", "index", "known")
IDS = 2**53  # below it a browser counts in whole numbers


PlayerRequest = TypedDict(  # written as a call, because `from` is a word of Python
    "PlayerRequest",
    {
        "id": Required[int],  # by which the browser knows the answer
        "run": str,  # the name of the run, or set of runs, that is on the screen
        "kind": str,
        "rule": str,  # of a finding
        "setup": str,  # the name of the set-up that the browser has
        "at": int,  # the epoch on the screen
        "from": int,
        "stride": int,
        "count": int,
        "epoch": int,
        "layer": int,
        "row": int,
        "column": int,
        "index": int,
        "known": int | list[int],  # the last epoch of the history that the browser has, of each run
        "change": dict[str, str],  # choices, spelled as in a link
        "playing": bool,
        "value": float,
    },
    total=False,
)


def read_ask(sent: object) -> PlayerRequest | None:
    """Return the request of a browser, each part of the right type and within bounds.

    Other parts are left out. Return None if it is not a request.
    """
    parts = parse_json(sent)
    if not isinstance(parts, dict):
        return None
    asked: dict[str, object] = {"id": whole(parts.get("id"), IDS)}
    asked |= {name: parts[name][:100] for name in WORDS if isinstance(parts.get(name), str)}
    asked |= {name: whole(parts[name]) for name in WHOLE if is_number(parts.get(name))}
    if isinstance(parts.get("known"), list):  # of each run
        asked["known"] = [whole(one) if one != -1 else -1 for one in parts["known"][:MOST_RUNS]]
    if isinstance(change := parts.get("change"), dict):
        texts = [(name, text) for name, text in change.items() if isinstance(text, str)]
        asked["change"] = {name[:100]: text[:200] for name, text in texts[:CHANGES]}
    if isinstance(parts.get("playing"), bool):
        asked["playing"] = parts["playing"]
    if is_number(parts.get("value")):
        asked["value"] = float(parts["value"])
    return cast(PlayerRequest, asked)  # every part of it was checked above


def parse_json(sent: object, longest: int = LONGEST) -> object:
    """Return what a text of at most `longest` characters spells as JSON; None if it does not."""
    if not isinstance(sent, str) or len(sent) > longest:
        return None
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        return None


def is_number(value: object) -> TypeGuard[int | float]:
    """Return whether a value is a finite number that fits into a double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= IDS if isinstance(value, int) else math.isfinite(value)


def whole(value: object, most: int = MOST_EPOCHS) -> int:
    """Return an epoch, a count or another whole number within bounds; 0 for other values."""
    return int(min(max(value, 0), most)) if is_number(value) else 0
