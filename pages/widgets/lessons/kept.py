"""What the browser keeps for its visitor: which lessons are done, and the keys of classes."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field

import streamlit as st

from engine.language import tr
from pages.live.requests import parse_json
from pages.widgets.session import of_session, value_of
from pages.widgets.shell.component import element

LONGEST = 20_000  # characters
MOST_KEYS = 20


@dataclass
class Kept:
    """What this browser keeps, as far as it is known."""

    known: bool = False  # whether the browser has said what it keeps
    done: dict[str, float] = field(default_factory=dict)  # lesson -> share of right answers
    keys: dict[str, str] = field(default_factory=dict)  # code of a class -> key or token
    taken: str = ""  # the id of the progress file that was taken over


def kept() -> Kept:
    """Return what this visitor's browser keeps."""
    return of_session("kept", Kept)


def connect_browser() -> None:
    """Draw the element, without a picture, through which the browser keeps things."""
    own = kept()
    data = {
        "kept": json.dumps({"done": own.done, "keys": own.keys}),
        "new": bool(own.done or own.keys),
        "known": own.known,
        "needed": "class" in st.query_params,  # which waits for it
    }
    element("kept", "lessons/keep.js")(
        data=json.dumps(data), key="kept_in_browser", on_kept_change=on_kept
    )


def on_kept() -> None:
    """Take over what the browser kept before; what is new here stays."""
    found = value_of("kept_in_browser")
    own = kept()
    if own.known or not found or found.get("kept") is None:
        return
    done, keys = read_kept(found["kept"])
    own.done, own.keys, own.known = done | own.done, keys | own.keys, True


def read_kept(text: object) -> tuple[dict[str, float], dict[str, str]]:
    """Return the done lessons and the keys in a text that a browser or a person hands in."""
    value = parse_json(text, LONGEST)
    value = value if isinstance(value, dict) else {}
    done, keys = value.get("done"), value.get("keys")
    return (
        {
            str(name)[:80]: float(share)
            for name, share in (done if isinstance(done, dict) else {}).items()
            if isinstance(share, int | float) and 0 <= share <= 1
        },
        {
            str(code)[:10]: key[:40]
            for code, key in (keys if isinstance(keys, dict) else {}).items()
            if isinstance(key, str)
        },
    )


def progress_code() -> str:
    """Return which lessons are done as a code that a person can copy."""
    text = json.dumps(kept().done, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_progress(code: str) -> dict[str, float]:
    """Return the done lessons of a code. Raises ValueError if it is none."""
    plain = "".join(code.split())
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), b"-_", validate=True).decode()
    except ValueError:
        text = ""
    done, _ = read_kept(f'{{"done": {text}}}' if text else "")
    if not done:
        raise ValueError(tr("This is not a code of progress, or no lesson is done in it."))
    return done


def keep_key(code: str, key: str) -> None:
    """Let the browser keep what makes this visitor the teacher, or a pupil, of a class."""
    own = kept()
    own.keys[code] = key
    for old in list(own.keys)[:-MOST_KEYS]:
        del own.keys[old]


def keep_done(lesson: str, share: float) -> None:
    """Let the browser keep that a lesson is done, with the share of right answers."""
    own = kept()
    own.done[lesson] = max(share, own.done.get(lesson, 0.0))
