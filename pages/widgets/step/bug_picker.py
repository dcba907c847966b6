"""Choosing a bug: by name, or at random and secret, to be guessed."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.gradcheck import BUGS
from engine.language import tr, tr_many
from engine.training import Run
from pages.widgets.session import value_of
from pages.widgets.step.bug_session import bug_session, possible_bugs


def draw_bug_picker(run: Run, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Draw the choice of a bug, or a guess at the secret one, with its buttons."""
    if bug_session(run).secret_bug:
        draw_guess(run, left, right)
        return
    with left:
        draw_bug_menu(run)
    right.button(
        tr("Pick a random bug"),
        icon=":material/playing_cards:",
        help=tr("Puts a secret bug into the program. Find out which one it is."),
        on_click=pick_random_bug,
        args=(run,),
        width="stretch",
        key="check.deal",
    )


def draw_bug_menu(run: Run) -> None:
    """Draw the choice of a bug; those that cannot occur in this network come last."""
    bugs, here = bug_session(), possible_bugs(run)

    def word(name: str) -> str:
        if not name:
            return tr("None: the correct program")
        label = tr(BUGS[name].label)
        return label if name in here else tr("{bug} (not possible here)", bug=label)

    def pick() -> None:
        bugs.chosen_bug, bugs.revealed_bug = value_of("check.fault"), ""

    st.session_state["check.fault"] = bugs.chosen_bug
    st.selectbox(
        tr("Bug"),
        ["", *here, *(name for name in BUGS if name not in here)],
        format_func=word,
        help=tr("Puts a common bug into the program."),
        on_change=pick,
        key="check.fault",
    )


def draw_guess(run: Run, left: DeltaGenerator, right: DeltaGenerator) -> None:
    """Draw a guess at the secret bug, with the buttons to check it or give up."""
    guess = left.selectbox(
        tr("Which bug is it?"),
        possible_bugs(run),
        format_func=lambda name: tr(BUGS[name].label),
        key="check.guess",
    )
    buttons = right.container(horizontal=True)
    buttons.button(
        tr("Answer"), type="primary", on_click=check_guess, args=(guess,), key="check.answer"
    )
    buttons.button(tr("Show the answer"), on_click=reveal_bug, key="check.tell")


def pick_random_bug(run: Run) -> None:
    """Choose a secret bug at random among those that can occur in this network."""
    bugs, here = bug_session(), possible_bugs(run)
    bugs.secret_bug = here[np.random.default_rng().integers(len(here))]
    bugs.chosen_bug, bugs.revealed_bug, bugs.guesses = "", "", []


def check_guess(guess: str) -> None:
    """Reveal the secret bug if the guess is right; note the guess otherwise."""
    bugs = bug_session()
    if guess == bugs.secret_bug:
        reveal_bug()
        bugs.guessed = True
    else:
        bugs.guesses.append(guess)


def reveal_bug() -> None:
    """Name the secret bug."""
    bugs = bug_session()
    bugs.chosen_bug = bugs.revealed_bug = bugs.secret_bug
    bugs.secret_bug, bugs.guessed = "", False


def draw_bug_status() -> None:
    """Draw the state of the game."""
    bugs = bug_session()
    tried = tr(", ").join(tr(BUGS[name].label) for name in dict.fromkeys(bugs.guesses))
    if bugs.secret_bug:
        st.info(
            tr(
                "The program has a secret bug. The check and the training below show its effect. "
                "The parts with errors show where it is."
            )
            + (tr(" Wrong guesses: {bugs}.", bugs=tried) if tried else ""),
            icon=":material/playing_cards:",
        )
    elif bugs.revealed_bug and bugs.guessed:
        guesses = len(bugs.guesses) + 1
        found = tr_many(
            guesses,
            "Found at the first guess: {bug}.",
            "Found after {n} guesses: {bug}.",
            bug=tr(BUGS[bugs.revealed_bug].label),
        )
        st.success(found, icon=":material/trophy:")
    elif bugs.revealed_bug:
        st.info(
            tr("It was: {bug}.", bug=tr(BUGS[bugs.revealed_bug].label)),
            icon=":material/playing_cards:",
        )
