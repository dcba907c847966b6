"""Choices that are made by picture: the problem, and the inputs of the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from engine.data import FEATURES
from engine.language import marked, tr
from engine.problems import AS_THEY_ARE, PROBLEMS
from engine.training import CHOICES, DATASETS, OWN
from pages.figures.base.palette import for_player
from pages.figures.sidebar.pictures import Picture, feature_picture, problem_picture
from pages.live.payload import encode
from pages.live.requests import parse_json
from pages.widgets.session import choose, pick_problem, session, value_of
from pages.widgets.shell.component import element
from pages.widgets.sidebar.fields import why_locked

GROUPS = {"table": marked("Real measurements"), "fixed": marked("For one lesson")}  # by kind
BY_HAND, YOURS = marked("To calculate by hand"), marked("Your data")


@dataclass(frozen=True)
class Option:
    """One of the choices: its value, the words of its picture, and what it stands under.

    Those without a group are always there.
    """

    value: str
    title: str
    about: str = ""
    group: str = ""
    picture: Picture | None = None


def problem_pictures() -> None:
    """Draw the choice of the problem: the classic ones as tiles, the others one click away."""
    own = session()
    table = [Option(OWN, own.table.name, group=tr(YOURS))] if own.table else []
    options = [*table, *map(problem_option, DATASETS)]

    def pick(names: Sequence[str]) -> None:
        if len(names) == 1:
            pick_problem(names[0])

    words = {
        "label": tr(CHOICES["dataset"].label),
        "locked": why_locked("dataset") or "",
        "more": tr("All {number} problems", number=len(options)),
        "fewer": tr("Fewer"),
    }
    draw_pictures("dataset", words, options, [own.config.dataset], pick)


def problem_option(name: str) -> Option:
    """Return a built-in problem as one of the choices."""
    problem = PROBLEMS[name]
    group = BY_HAND if name in AS_THEY_ARE else GROUPS.get(problem.kind, "")
    return Option(name, tr(problem.title), tr(problem.about), tr(group), problem_picture(name))


def feature_pictures(usable: Sequence[str]) -> None:
    """Draw the choice of the network's inputs, as many of them as wanted."""
    options = [Option(key, FEATURES[key].label, picture=feature_picture(key)) for key in usable]
    chosen = [key for key in session().config.features if key in usable]
    label, locked = tr(CHOICES["features"].label), why_locked("features") or ""
    words = {"label": label, "locked": locked, "several": True}
    draw_pictures("features", words, options, chosen, lambda names: choose(features=tuple(names)))


def draw_pictures(
    name: str,
    words: Mapping[str, object],
    options: Sequence[Option],
    chosen: Sequence[str],
    pick: Callable[[Sequence[str]], None],
) -> None:
    """Draw a choice among pictures; `pick` gets the values that a person has chosen."""
    key = f"choice.{name}"

    def picked() -> None:
        state = value_of(key)
        names = read_names(state.get("pick") if state else None)
        if set(names) <= {option.value for option in options}:
            pick(names)

    with st.container(key=f"pictures-{name}"):  # as high as its tiles before they are there
        element("pictures", "sidebar/pictures.js")(
            data=message_of({**words, "chosen": list(chosen)}, options),
            key=key,
            on_pick_change=picked,
        )


def message_of(words: Mapping[str, object], options: Sequence[Option]) -> bytes:
    """Return the message to the browser: the words, and all pictures in one array."""
    listed = [
        {
            "value": option.value,
            "title": option.title,
            "about": option.about,
            "group": option.group,
            "kind": option.picture.kind if option.picture else "none",
            "size": option.picture.numbers.size if option.picture else 0,
            "classes": option.picture.classes if option.picture else 0,
        }
        for option in options
    ]
    pictures = [option.picture.numbers.ravel() for option in options if option.picture]
    numbers = np.concatenate(pictures) if pictures else np.zeros(0, "u1")
    meta = {**words, "options": listed, "palette": for_player()}
    return encode(meta, {"numbers": numbers})


def read_names(text: object) -> list[str]:
    """Return the names that a browser has sent as JSON; none if it is something else."""
    names = parse_json(text)
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
