"""Runs side by side on the page: the set-up of all of them, and what their player changes.

The runs train where the run of the page Train does, and their frames come the same way.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.nn import Array
from pages.figures.compare.overlay import RUNS, overlay
from pages.live.answers import SERIALS
from pages.live.payload import frame_arrays, series_names
from pages.live.requests import whole
from pages.live.runs_answers import prefixed, runs_message
from pages.live.setup import drawn, setup
from pages.widgets.compare.state import (
    Compared,
    comparison,
    differs,
    drop,
    hand_over,
    names,
    restart,
)
from pages.widgets.shell.component import draw_player, keep_request

VIEWS = ("decision", "weights", "deltas")


def on_comparison_request() -> None:
    """Keep the browser's request until the fragment runs; open or drop a run at once."""
    own = comparison()
    asked = keep_request("compared", own)
    if asked is not None and asked.get("kind") in ("open", "drop"):
        index = min(whole(asked.get("index")), len(own.runs) - 1)
        (hand_over if asked.get("kind") == "open" else drop)(index)
        own.leaving, own.altered = asked.get("kind") == "open", True


@st.fragment
def compared() -> None:
    """Draw the runs side by side."""
    own = comparison()
    altered, leaving = own.altered, own.leaving
    own.altered = own.leaving = False
    if leaving:
        st.switch_page("pages/train.py")
    if altered:
        st.rerun()
    draw_player(
        "comparison",
        "compare/compare.js",
        "compared",
        own,
        respond_for_all,
        on_comparison_request,
    )


def respond_for_all() -> bytes:
    """Return the set-up of the runs, after what the player has asked of the session."""
    own = comparison()
    asked = own.asked
    if asked is not None and asked.get("kind") == "reset" and asked.get("run") == own.run_id:
        restart()
    return comparison_introduction(0 if asked is None else asked["id"])


def comparison_introduction(answered: int) -> bytes:
    """Return the set-up, the histories so far and the frames that are shown."""
    own = comparison()
    own.show_runs()
    arrays: dict[str, Array] = {}
    setups, called = [], names(own.runs)
    for k, run in enumerate(own.live.runs):
        meta, parts = setup(run, (), VIEWS)
        parts |= frame_arrays(run, [run.frame(min(own.shown, run.epochs))])
        arrays |= prefixed(k, parts)
        setups.append(meta | card(own.runs, k, called[k]))
    whole_set = {
        "runs": setups,
        "losses": losses(own.runs, called),
        "palette": setups[0]["palette"],
        "stop": stop(own.runs),
        "goto": own.shown,
        "serial": next(SERIALS),
        "check": None,
        "metric": "",
        "probe": {"labels": []},
    }
    more = {"setup": whole_set, "series_reset": True, "token": own.live.token}
    known = [-1] * len(own.live.runs)
    return runs_message(answered, own.live.runs, own.view(), known, arrays, **more)


def card(runs: Sequence[Compared], k: int, name: str) -> dict[str, object]:
    """Return the content of a run's card: name, sign, differences."""
    colour, sign = RUNS[k]
    return {
        "name": name,
        "differs": differs(runs, k),
        "color": colour,
        "sign": sign,
        "series": series_names(runs[k].run),
    }


def losses(runs: Sequence[Compared], called: Sequence[str]) -> dict[str, object]:
    """Return the figure of all losses, with the chance level if all runs share it."""
    levels = {one.run.evaluator.chance()[0] for one in runs}
    validated = tuple(len(one.run.dataset.validation) > 0 for one in runs)
    return drawn(overlay, tuple(called), validated, levels.pop() if len(levels) == 1 else None)


def stop(runs: Sequence[Compared]) -> int:
    """Return the epoch where playing pauses: the last planned one, if every run has one."""
    stops = [one.config.epochs for one in runs]
    return max(stops) if all(stops) else 0
