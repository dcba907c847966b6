"""Planting a mistake: chosen by name, or dealt without a name and guessed."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.gradcheck import BUGS
from engine.training import Run
from pages.widgets.step.bug_session import bench, possible


def plant(run: Run, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Nothing; on the left the mistake, or a guess at it; on the right what to do about it."""
    if bench(run).dealt:
        guessing(run, left, right)
        return
    with left:
        mistakes(run)
    right.button(
        "Deal me one",
        icon=":material/playing_cards:",
        help="Plants a mistake without naming it: find out which.",
        on_click=deal,
        args=(run,),
        width="stretch",
        key="check.deal",
    )


def mistakes(run: Run) -> None:
    """Nothing; the choice of a mistake; those that cannot be made here stand last."""
    own, here = bench(), possible(run)

    def word(name: str) -> str:
        if not name:
            return "None: the right program"
        return BUGS[name].label + ("" if name in here else " (not here)")

    def pick() -> None:
        own.fault, own.told = st.session_state["check.fault"], ""

    st.session_state["check.fault"] = own.fault
    st.selectbox(
        "Mistake",
        ["", *here, *(name for name in BUGS if name not in here)],
        format_func=word,
        help="Puts one of the classic mistakes into the program.",
        on_change=pick,
        key="check.fault",
    )


def guessing(run: Run, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Nothing; a guess at the dealt mistake, to be answered or given up."""
    guess = left.selectbox(
        "Which mistake is it?",
        possible(run),
        format_func=lambda name: BUGS[name].label,
        key="check.guess",
    )
    buttons = right.container(horizontal=True)
    buttons.button("Answer", type="primary", on_click=answer, args=(guess,), key="check.answer")
    buttons.button("Tell me", on_click=tell, key="check.tell")


def deal(run: Run) -> None:
    """Nothing; plants a mistake at random among those that can be made here."""
    own, here = bench(), possible(run)
    own.dealt = here[np.random.default_rng().integers(len(here))]
    own.fault, own.told, own.guesses = "", "", []


def answer(guess: str) -> None:
    """Nothing; a right guess names the mistake, a wrong one is noted."""
    own = bench()
    if guess == own.dealt:
        tell()
        own.guessed = True
    else:
        own.guesses.append(guess)


def tell() -> None:
    """Nothing; the dealt mistake becomes a chosen one, with its name."""
    own = bench()
    own.fault = own.told = own.dealt
    own.dealt, own.guessed = "", False


def remarks() -> None:
    """Nothing; how the game stands."""
    own = bench()
    tried = ", ".join(BUGS[name].label for name in dict.fromkeys(own.guesses))
    if own.dealt:
        st.info(
            "A mistake is planted. The check below and the training under it show what it does; "
            "which parts are wrong tells where it lies." + (f" Not it: {tried}." if tried else ""),
            icon=":material/playing_cards:",
        )
    elif own.told and own.guessed:
        guesses = len(own.guesses) + 1
        after = "at the first guess" if guesses == 1 else f"after {guesses} guesses"
        st.success(f"Found {after}: {BUGS[own.told].label}.", icon=":material/trophy:")
    elif own.told:
        st.info(f"It was: {BUGS[own.told].label}.", icon=":material/playing_cards:")
