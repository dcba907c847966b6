"""The check of the gradients on its page, without a browser: choices, the game, the laboratory."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from engine.gradcheck.bugs import BUGS, NEEDS, BuggyRun
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.run import Run
from pages.widgets.session import Session
from pages.widgets.step.bug_session import BugSession

APP = Path(__file__).parents[2] / "app.py"
X25 = PRESETS["mistakes"].config.to_query()


def opened(**query: str) -> AppTest:
    """The page Step through of a link with this query, once a person has scrolled down."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    page.switch_page("pages/step.py").run()
    page.session_state["seen_sections"].names.add("check")
    page.run()
    assert not page.exception
    return page


def own(page: AppTest) -> BugSession:
    return page.session_state["bug_session"]


def said(page: AppTest) -> str:
    """All verdicts and remarks on the page."""
    kinds = (page.success, page.info, page.warning, page.error, page.markdown, page.caption)
    return " ".join(str(one.value) for kind in kinds for one in kind)


def plant(page: AppTest, name: str) -> None:
    page.selectbox(key="check.fault").set_value(name).run()
    assert not page.exception


def train(page: AppTest) -> None:
    """Press Train both, and wait for the end as the browser does."""
    page.button(key="lab.train").click().run()
    assert not page.exception
    while "bug_experiment" in page.session_state and not page.session_state["bug_experiment"].done:
        page.run()


def test_the_right_program_is_called_right():
    page = opened(**X25)
    assert "agree in all 33 derivatives" in page.success[0].value
    assert "All 33 derivatives on a batch of 200 examples" in said(page)


def test_nothing_is_checked_before_a_person_scrolls_down():
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.switch_page("pages/step.py").run()
    assert "Check the gradients" in [one.value for one in page.subheader]
    assert not page.success
    assert "bug_session" not in page.session_state or not own(page).checks
    page.session_state["seen_sections"].names.add("check")
    assert "derivatives" in page.run().success[0].value


def test_every_mistake_is_found_or_a_sentence_says_why_it_cannot_be_made():
    page = opened(**X25)
    run = page.session_state["session"].run
    for name, bug in BUGS.items():
        plant(page, name)
        if bug.not_applicable(run.live):
            assert "is not possible here" in said(page)
            assert not page.error
        else:
            assert "the largest relative error is" in page.error[0].value
            assert BUGS[name].wrong_tex in said(page)


def test_the_epoch_on_the_screen_is_checked_and_epoch_0_on_demand():
    page = opened(**X25)
    session: Session = page.session_state["session"]
    session.run.advance(100)
    session.screen.shown = 100
    page.run()
    plant(page, "slope_of_a")
    late = page.error[0].value
    page.button_group(key="check.epoch.100").set_value(0).run()
    assert page.error[0].value != late
    assert "0.46" in page.error[0].value


def test_a_larger_step_makes_a_larger_error():
    page = opened(**X25)
    page.select_slider(key="check.h").set_value(1e-1).run()
    assert "At this h the finite difference itself is inaccurate" in said(page)


def test_the_check_leaves_the_run_as_it_is():
    page = opened(**X25)
    run = page.session_state["session"].run
    before = run.network.theta.tobytes()
    plant(page, "uphill")
    assert run.network.theta.tobytes() == before
    assert run.epochs == 0


def test_a_dealt_mistake_is_not_named_until_it_is_guessed():
    page = opened(**X25)
    page.button(key="check.deal").click().run()
    dealt = own(page).secret_bug
    assert dealt in BUGS
    assert "The program has a secret bug" in said(page)
    assert BUGS[dealt].wrong not in said(page)
    assert BUGS[dealt].wrong_tex not in said(page)
    wrong = next(name for name in BUGS if name not in (dealt, "not_transposed"))
    page.selectbox(key="check.guess").set_value(wrong).run()
    page.button(key="check.answer").click().run()
    assert f"Wrong guesses: {BUGS[wrong].label}." in said(page)
    page.selectbox(key="check.guess").set_value(dealt).run()
    page.button(key="check.answer").click().run()
    assert f"Found after 2 guesses: {BUGS[dealt].label}." in said(page)
    assert own(page).chosen_bug == dealt
    assert BUGS[dealt].wrong in said(page)
    assert not page.exception


def test_one_may_give_up():
    page = opened(**X25)
    page.button(key="check.deal").click().run()
    dealt = own(page).secret_bug
    page.button(key="check.tell").click().run()
    assert f"It was: {BUGS[dealt].label}." in said(page)


def test_a_dealt_mistake_that_no_longer_fits_is_taken_out():
    page = opened(**X25)
    page.button(key="check.deal").click().run()
    own(page).secret_bug = "no_mask"
    page.run()
    assert not page.exception
    assert own(page).secret_bug == ""
    assert "agree in all 33 derivatives" in said(page)


def test_the_laboratory_trains_both_and_says_what_each_shows():
    page = opened(**X25)
    plant(page, "slope_of_a")
    page.number_input(key="lab.own").set_value(300).run()
    train(page)
    found = page.session_state["bug_experiment"].outcome
    assert len(found.right) == len(found.wrong) == 301
    assert found.right[0].tobytes() == found.wrong[0].tobytes()
    config = page.session_state["session"].run.config
    for losses, run in (
        (found.right, Run(config, load(config))),
        (found.wrong, BuggyRun(config, load(config), "slope_of_a")),
    ):
        run.advance(300)
        assert losses.tobytes() == run.losses.tobytes()
    assert "Training looks as good as without the bug" in said(page)
    assert "The check finds it: relative error 0.46 at epoch 0 and 1.8 at epoch 100." in said(page)


def test_the_measured_example_gets_what_a_mistake_needs():
    page = opened(dataset="bumps", hidden="3-3", dropout="0.1", l2="0.01")
    for name in NEEDS:
        plant(page, name)
        if page.button_group(key="lab.place").value != "example":
            page.button_group(key="lab.place").set_value("example").run()
        page.number_input(key="lab.example").set_value(20).run()
        train(page)
        assert len(page.session_state["bug_experiment"].outcome.wrong) == 21
        assert "The check finds it" in said(page)


def test_where_a_mistake_cannot_be_made_the_laboratory_says_so_too():
    page = opened(hidden="", v="1", dataset="plane")
    plant(page, "no_slope")
    train(page)
    assert "without a hidden layer" in said(page) or "slope other than 1" in said(page)


def test_a_run_that_overflows_says_so_beside_the_comparison():
    page = opened(dataset="line", learning_rate="0.5", hidden="", batch_size="0")
    plant(page, "summed")
    train(page)
    assert "overflowed" in said(page)
