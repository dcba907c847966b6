"""Planting a mistake: chosen by name, or dealt without a name and guessed."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.gradcheck import BUGS
from engine.training import Run
from pages.widgets.step.bug_session import bug_session, possible_bugs


def draw_bug_picker(run: Run, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Nothing; on the left the mistake, or a guess at it; on the right what to do about it."""
    if bug_session(run).secret_bug:
        draw_guess(run, left, right)
        return
    with left:
        draw_bug_menu(run)
    right.button(
        "Deal me one",
        icon=":material/playing_cards:",
        help="Plants a mistake without naming it: find out which.",
        on_click=pick_random_bug,
        args=(run,),
        width="stretch",
        key="check.deal",
    )


def draw_bug_menu(run: Run) -> None:
    """Nothing; the choice of a mistake; those that cannot be made here stand last."""
    own, here = bug_session(), possible_bugs(run)

    def word(name: str) -> str:
        if not name:
            return "None: the right program"
        return BUGS[name].label + ("" if name in here else " (not here)")

    def pick() -> None:
        own.chosen_bug, own.revealed_bug = st.session_state["check.fault"], ""

    st.session_state["check.fault"] = own.chosen_bug
    st.selectbox(
        "Mistake",
        ["", *here, *(name for name in BUGS if name not in here)],
        format_func=word,
        help="Puts one of the classic mistakes into the program.",
        on_change=pick,
        key="check.fault",
    )


def draw_guess(run: Run, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Nothing; a guess at the dealt mistake, to be answered or given up."""
    guess = left.selectbox(
        "Which mistake is it?",
        possible_bugs(run),
        format_func=lambda name: BUGS[name].label,
        key="check.guess",
    )
    buttons = right.container(horizontal=True)
    buttons.button(
        "Answer", type="primary", on_click=check_guess, args=(guess,), key="check.answer"
    )
    buttons.button("Tell me", on_click=reveal_bug, key="check.tell")


def pick_random_bug(run: Run) -> None:
    """Nothing; plants a mistake at random among those that can be made here."""
    own, here = bug_session(), possible_bugs(run)
    own.secret_bug = here[np.random.default_rng().integers(len(here))]
    own.chosen_bug, own.revealed_bug, own.guesses = "", "", []


def check_guess(guess: str) -> None:
    """Nothing; a right guess names the mistake, a wrong one is noted."""
    own = bug_session()
    if guess == own.secret_bug:
        reveal_bug()
        own.guessed = True
    else:
        own.guesses.append(guess)


def reveal_bug() -> None:
    """Nothing; the dealt mistake becomes a chosen one, with its name."""
    own = bug_session()
    own.chosen_bug = own.revealed_bug = own.secret_bug
    own.secret_bug, own.guessed = "", False


def draw_bug_status() -> None:
    """Nothing; how the game stands."""
    own = bug_session()
    tried = ", ".join(BUGS[name].label for name in dict.fromkeys(own.guesses))
    if own.secret_bug:
        st.info(
            "A mistake is planted. The check below and the training under it show what it does; "
            "which parts are wrong tells where it lies." + (f" Not it: {tried}." if tried else ""),
            icon=":material/playing_cards:",
        )
    elif own.revealed_bug and own.guessed:
        guesses = len(own.guesses) + 1
        after = "at the first guess" if guesses == 1 else f"after {guesses} guesses"
        st.success(f"Found {after}: {BUGS[own.revealed_bug].label}.", icon=":material/trophy:")
    elif own.revealed_bug:
        st.info(f"It was: {BUGS[own.revealed_bug].label}.", icon=":material/playing_cards:")
