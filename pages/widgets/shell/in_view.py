"""Sections that are drawn when a person comes to them: what nobody looks at costs nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from pages.widgets.session import of_session, value_of
from pages.widgets.shell.component import element


@dataclass
class SeenSections:
    """The sections that this visitor has come to since the page was opened."""

    names: set[str] = field(default_factory=set)


def seen_sections() -> SeenSections:
    """Return what this visitor has seen of the page."""
    return of_session("seen_sections", SeenSections)


def in_view(name: str, words: str, height: int) -> bool:
    """Return whether a person has come to this section; else keep its place, `height` pixels high.

    The browser says when the place is on the screen, and the fragment around it runs again.
    """
    if name in seen_sections().names:
        return True
    element("in_view", "shared/in_view.js")(
        data=json.dumps({"height": height, "words": words}),
        key=f"in_view.{name}",
        on_seen_change=lambda: note_seen(name),
    )
    return False


def note_seen(name: str) -> None:
    """Note that the place of a section is on the screen."""
    state = value_of(f"in_view.{name}")
    if state and state.get("seen"):
        seen_sections().names.add(name)


def leave_sections() -> None:
    """Forget what was seen: another page is opened."""
    seen_sections().names.clear()
