"""The browser's requests, checked: anybody can send any request."""

from __future__ import annotations

import json
import math
from typing import Any

from engine.comparison import MOST_RUNS
from engine.training import MOST_EPOCHS

LONGEST = 4000  # characters of a request
WORDS = ("run", "kind", "rule", "setup")
CHANGES = 8  # choices in a request at most
WHOLE = ("at", "from", "stride", "count", "epoch", "layer", "row", "column", "index", "known")
IDS = 2**53  # below it a browser counts in whole numbers


def read_ask(sent: Any) -> dict[str, Any] | None:
    """Return the request of a browser, each part of the right type and within bounds.

    Other parts are left out. Return None if it is not a request.
    """
    parts = parse_json(sent)
    if not isinstance(parts, dict):
        return None
    asked: dict[str, Any] = {"id": whole(parts.get("id"), IDS)}
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
    return asked


def parse_json(sent: object, longest: int = LONGEST) -> Any:
    """Return what a text of at most `longest` characters spells as JSON; None if it does not."""
    if not isinstance(sent, str) or len(sent) > longest:
        return None
    try:
        return json.loads(sent)
    except (ValueError, RecursionError):
        return None


def is_number(value: Any) -> bool:
    """Return whether a value is a finite number that fits into a double."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= IDS if isinstance(value, int) else math.isfinite(value)


def whole(value: Any, most: int = MOST_EPOCHS) -> int:
    """Return an epoch, a count or another whole number within bounds; 0 for other values."""
    return int(min(max(value, 0), most)) if is_number(value) else 0
