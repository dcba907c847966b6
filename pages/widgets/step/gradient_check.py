"""Check the gradients: every derivative against a finite difference, with or without a bug."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.gradcheck import BUGS, STEP, STEPS
from engine.language import marked, tr
from engine.training import Run
from pages.figures.base.text import count, number
from pages.figures.step.gradient_check import error_heatmaps, v_curve
from pages.figures.step.gradient_check_text import (
    errors_in_words,
    measured_in_words,
    tensors_in_words,
    v_curve_in_words,
    verdict_in_words,
)
from pages.live.jobs.gradient_check import Checked
from pages.live.setup import outputs
from pages.widgets.session import current, session
from pages.widgets.shell import foreign
from pages.widgets.shell.background_job import Job, finished
from pages.widgets.shell.charts import draw_figure
from pages.widgets.shell.in_view import in_view
from pages.widgets.step.bug_picker import draw_bug_picker, draw_bug_status
from pages.widgets.step.bug_session import bug_session
from pages.widgets.step.bug_training import draw_bug_training
from pages.widgets.step.check_work import ALL, CheckWork, Limits

UNASKED = 10_000_000_000  # multiplications of a check that begins by itself: two seconds
# Parameters of the curve: all up to the first, else the second per layer.
OF_CURVE: Limits = (200, 40)
HEIGHT = 600  # pixels of a check with its figures, so that the page does not grow under a reader
WHY_A_V = marked(
    "The finite difference has two errors: the truncation error falls as h², the rounding error "
    "rises as 1/h. Together they form a V. The error of a bug does not depend on h, so its curve "
    "is flat. The complex step Im L(w + ih) / h has no subtraction, so it has no V."
)
SIGNS = {
    "right": (st.success, ":material/check_circle:"),
    "fair": (st.info, ":material/help:"),
    "unclear": (st.info, ":material/help:"),
    "doubtful": (st.warning, ":material/warning:"),
    "wrong": (st.error, ":material/error:"),
}


@st.fragment
def check_section(shown_epoch: Callable[[], int]) -> None:
    """Draw the gradient check at the epoch shown, and the training with a bug below it."""
    (run, _), epoch = current(), shown_epoch()
    st.subheader(tr("Check the gradients"), anchor="check")
    st.caption(
        tr(
            "Backpropagation computes all derivatives at once. The finite difference (L(w + h) − "
            "L(w − h)) / 2h computes one at a time. It is slow and needs only the loss. If the "
            "two disagree, there is a bug."
        )
    )
    at, h = draw_check_fields(run, epoch)
    draw_bug_status()
    try:
        if draw_checks(run, at, h):
            draw_bug_training(run)
    except ValueError as reason:  # the bug cannot be made in this network
        foreign.info(str(reason), ":material/block:")
        draw_bug_training(run)


def draw_checks(run: Run, epoch: int, h: float) -> bool:
    """Draw the check, or what it waits for; return whether there is nothing under way.

    Raises ValueError, with a sentence for people, if it cannot be done.
    """
    if not in_view("check", tr("The gradients are checked when you scroll here."), HEIGHT):
        return True
    checks = gradient_checks(run, epoch, h)
    draw_bug_line()
    if not is_check_due(checks):
        st.button(tr("Check now"), on_click=request_check, args=(checks,), key="check.now")
        return True
    if not run_checks([*checks.values()], next(iter(checks))):
        return False
    check, curve = (one.latest for one in checks.values())
    if check is not None:
        draw_check_result(run, check, curve)
    return True


def draw_check_fields(run: Run, epoch: int) -> tuple[int, float]:
    """Draw the fields of the check; return the chosen epoch and step h."""
    first, second, third, last = st.columns([3, 2, 2, 3], vertical_alignment="bottom")
    draw_bug_picker(run, first, second)
    epochs = list(dict.fromkeys((epoch, 0)))
    at = third.segmented_control(
        tr("Epoch"),
        epochs,
        default=epoch,
        required=True,
        format_func=lambda e: tr("{epoch} (shown)", epoch=count(e)) if e == epoch else count(e),
        key=f"check.epoch.{epoch}",
    )
    h = last.select_slider(
        tr("Step h"),
        STEPS[::-1],
        STEP,
        format_func=number,
        help=tr("A large h gives a truncation error, a small h gives a rounding error."),
        key="check.h",
    )
    return at, h


def gradient_checks(run: Run, epoch: int, h: float) -> dict[tuple, CheckWork]:
    """Return the check at h and the one over all h, by their keys; keep finished ones."""
    bugs = bug_session()
    bug = bugs.active_bug
    key = (session().run_number, tuple(run.events), epoch, bug)
    kept = {(*key, h): ((h,), ALL), (*key, "curve"): (STEPS, OF_CURVE)}
    if kept.keys() != bugs.checks.keys():
        bugs.checks = {
            name: bugs.checks.get(name) or CheckWork(run, epoch, bug, *given)
            for name, given in kept.items()
        }
    return bugs.checks


def is_check_due(checks: dict[tuple, CheckWork]) -> bool:
    """Return whether the check is cheap enough to start at once, or was requested."""
    work = sum(one.cost for one in checks.values())
    return work <= UNASKED or bug_session().requested_check == next(iter(checks))


def request_check(checks: dict[tuple, CheckWork]) -> None:
    """Request this check, whatever it costs."""
    bug_session().requested_check = next(iter(checks))


def run_checks(checks: list[CheckWork], key: tuple) -> bool:
    """Wait for the checks; return whether they are done or stopped.

    Raises ValueError, with a sentence for people, if they cannot be done.
    """
    bugs = bug_session()

    def share() -> tuple[float, str]:
        done, total = sum(one.done for one in checks), sum(one.total for one in checks)
        return done / total, tr(
            "{done} of {total} finite differences", done=count(done), total=count(total)
        )

    job = Job(
        lambda seconds: all(check.advance(seconds / len(checks)) for check in checks),
        share,
        lambda: setattr(bugs, "stopped", key),
        lambda: bugs.stopped == key,
    )
    if not finished(job, "check"):
        return False
    if bugs.stopped == key:
        st.caption(tr("Stopped after {progress}.", progress=share()[1]))
        st.button(tr("Continue"), on_click=lambda: setattr(bugs, "stopped", ()), key="check.on")
    return True


def draw_bug_line() -> None:
    """Draw the line that a known bug changes, right and wrong."""
    bugs = bug_session()
    if not bugs.chosen_bug or bugs.secret_bug:
        return
    fault = BUGS[bugs.chosen_bug]
    left, right = st.columns(2)
    left.markdown(tr("Right: {formula}", formula=f"${fault.right_tex}$"))
    right.markdown(tr("Here: {formula}", formula=f"${fault.wrong_tex}$"))
    st.markdown(f"{tr(fault.wrong)} {tr(fault.seen)}")


def draw_check_result(run: Run, check: Checked, curve: Checked | None) -> None:
    """Draw the verdict, the parts of the gradient, and both figures, as far as they are there."""
    bugs = bug_session()
    found = check.finding
    show, sign = SIGNS[found.band.name]
    words = verdict_in_words(found)
    if bugs.secret_bug:  # where it lies is for the person to find
        words = words.removesuffix(found.place)
    show(words, icon=sign)
    parts = tensors_in_words(found.tensors)
    st.table(
        {tr("part"): [tr("relative error")], **{name: [value] for name, value in parts.items()}},
        border="horizontal",
    )
    left, right = st.columns(2)
    left.markdown(tr("**Relative error of each derivative**"))
    figure = error_heatmaps(found, run.dataset.shown(run.dataset.features), outputs(run))
    draw_figure(figure, errors_in_words(found), "check.errors", left)
    if curve is None:
        st.caption(measured_in_words(found))
        return
    right.markdown(tr("**Error over the step h**"))
    figure = v_curve(curve.steps, curve.curve, curve.exact, found.h)
    in_words = v_curve_in_words(curve.steps, curve.curve, curve.exact)
    draw_figure(figure, in_words, "check.v", right)
    st.caption(f"{measured_in_words(found)} {tr(WHY_A_V)}")
