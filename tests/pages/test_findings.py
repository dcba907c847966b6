"""What a run shows, without a browser: findings in answers, and remedies tried."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from engine.problems.presets import PRESETS
from engine.training.config import Config
from pages.live import answers, findings
from tests.pages.test_train import ask, message, opened, own

DEAD = PRESETS["dead_relu"].config


def with_preset(name: str, epoch: int = 0, **choices: object) -> AppTest:
    """The page of a preset, its run trained to an epoch that is on the screen."""
    page = opened(**replace(PRESETS[name].config, **choices).to_query())
    own(page).run.advance(epoch)
    own(page).screen.shown = epoch
    return page


def told(page: AppTest, **asked: object) -> dict:
    """Return the findings in the answer to a request."""
    return ask(page, **asked)[0].get("findings", {})


def pressed(page: AppTest, rule: object, epoch: int) -> AppTest:
    """The page after Try it was pressed beside a finding."""
    asked = {"id": 7, "run": f"run {own(page).run_number}", "at": own(page).screen.shown}
    own(page).asked = {**asked, "kind": "try", "rule": rule, "epoch": epoch}
    page.run()
    assert not page.exception
    return page


def test_the_set_up_says_what_there_is_to_say_about_the_start():
    head, _ = message(opened())
    assert head["findings"]["epoch"] == 0
    assert head["findings"]["items"] == []
    assert head["findings"]["quiet"].startswith("Nothing to report: none of ")


def test_an_epoch_that_is_looked_at_is_told_at_once():
    page = with_preset("dead_relu", 50)
    for _ in range(2):
        said = told(page, kind="shown", at=50)
        assert said["epoch"] == 50
        assert [item["rule"] for item in said["items"]] == ["dead_relu", "too_fast"]
        assert said["items"][0]["offer"] == "Activation leaky ReLU, learning rate 2, from the start"
    assert told(page, kind="shown", at=0)["epoch"] == 0


def test_while_it_plays_only_now_and_then(monkeypatch: pytest.MonkeyPatch):
    page = with_preset("dead_relu")
    epochs = []
    for i, now in enumerate([100.0, 100.2, 100.6]):
        monkeypatch.setattr(answers, "perf_counter", lambda now=now: now)
        asked = {"from": 5 * i, "stride": 1, "count": 5, "kind": "play"}
        epochs.append(told(page, **asked).get("epoch"))
    assert epochs == [5, None, 15]


def test_more_findings_than_there_is_room_for_are_counted():
    page = with_preset("useless_inputs", 1500, l1=3e-3, dropout=0.3)
    said = told(page, kind="shown", at=1500)
    assert len(said["items"]) <= findings.SHOWN
    assert said["count"] >= len(said["items"])


def test_a_remedy_makes_a_new_run_that_is_to_reach_the_same_epoch():
    page = with_preset("dead_relu", 50)
    loss = own(page).run.losses["train"][50]
    pressed(page, "dead_relu", 50)
    expected = replace(DEAD, activation="leaky_relu", learning_rate=2.0)
    assert own(page).config == own(page).run.config == expected
    assert page.sidebar.selectbox(key="choice.activation").value == "leaky_relu"
    head, _ = message(page)
    assert (head["answer"], head["setup"]["goto"], head["trained"]) == (7, 50, 0)
    assert own(page).tried.loss == loss


def test_what_a_remedy_has_brought_is_said_at_that_epoch():
    page = pressed(with_preset("dead_relu", 50), "dead_relu", 50)
    own(page).run.advance(50)
    assert told(page, kind="shown", at=49)["receipt"] == ""
    receipt = told(page, kind="shown", at=50)["receipt"]
    after = own(page).run.losses["train"][50]
    assert receipt.startswith("Activation leaky ReLU, learning rate 2, from the start: no longer")
    assert receipt.endswith(f"at epoch 50, training loss 2.29 → {after:.3g}.")


def test_a_live_remedy_goes_on_from_the_epoch_on_the_screen():
    page = with_preset("batch_of_all", 200, learning_rate=0.001)
    run = own(page).run
    pressed(page, "too_slow", 200)
    assert own(page).run is run
    assert own(page).config.learning_rate == 0.5  # 100 a way, within a quarter of the edge
    head, _ = message(page)
    assert (head["answer"], head["pending"]) == (7, True)  # the player then asks to apply it


def test_a_rate_that_is_too_high_is_lowered_from_the_start_though_it_is_live():
    page = with_preset("dead_relu", 50)
    run = own(page).run
    pressed(page, "too_fast", 50)
    assert own(page).run is not run
    assert own(page).run.config == replace(DEAD, learning_rate=2.0)
    assert own(page).run.events == []


@pytest.mark.parametrize("rule", ["overfitting", "at_chance", "<script>", None, 3, ["dead_relu"]])
def test_nothing_is_tried_that_no_finding_proposes(rule: object):
    page = with_preset("dead_relu", 50)
    run = own(page).run
    pressed(page, rule, 50)
    assert own(page).run is run
    assert own(page).config == DEAD
    assert own(page).tried is None


def test_another_choice_forgets_what_was_tried():
    page = pressed(with_preset("dead_relu", 50), "dead_relu", 50)
    page.sidebar.select_slider(key="choice.learning_rate").set_value(0.3).run()
    assert own(page).tried is None


def test_a_finding_whose_change_is_in_force_already_offers_nothing():
    page = opened()
    finding = findings.Finding("x", "", "", "", {"learning_rate": Config().learning_rate})
    assert findings.offer(finding, own(page).view()) == ""


def test_a_change_of_a_setting_that_the_link_locks_is_not_offered_and_a_sentence_names_it():
    page = opened(**DEAD.to_query(), lock="activation-noise")
    own(page).run.advance(50)
    dead, fast = told(page, kind="shown", at=50)["items"]
    assert (dead["rule"], dead["offer"]) == ("dead_relu", "")
    assert dead["refusal"] == "This cannot be tried here: the link locks Activation."
    assert (fast["rule"], fast["refusal"]) == ("too_fast", "")
    assert fast["offer"] == "Learning rate 2, from the start"


def test_a_locked_setting_that_already_has_its_value_refuses_nothing():
    page = opened(lock="learning_rate")
    finding = findings.Finding("x", "", "", "", {"learning_rate": 0.3, "l2": 0.01})
    view = own(page).view()
    assert findings.why_not_offered(finding, view) == (
        "This cannot be tried here: the link locks Learning rate."
    )
    kept = finding._replace(change={**finding.change, "learning_rate": Config().learning_rate})
    assert findings.why_not_offered(kept, view) == ""
    assert findings.offer(kept, view) == "L2 0.01, from this epoch on"


def test_a_request_to_try_what_is_locked_changes_nothing():
    page = opened(**DEAD.to_query(), lock="learning_rate")
    own(page).run.advance(50)
    own(page).screen.shown = 50
    run = own(page).run
    pressed(page, "too_fast", 50)
    assert own(page).run is run
    assert own(page).config == DEAD
    assert own(page).tried is None


@pytest.mark.parametrize("name", ["dead_relu", "spiral", "article_line", "raw_inputs"])
def test_the_closer_look_shows_every_finding_and_its_figures(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        "pages.widgets.shell.background_job.SLICE", 60.0
    )  # all at once, on a busy machine, too
    page = with_preset(name, 30)
    assert "Findings" not in " ".join(block.value for block in page.markdown)
    page.button(key="closer.now").click().run()
    assert not page.exception
    text = " ".join(block.value for block in page.markdown)
    assert "**Findings at epoch 30**" in text
    assert ("Error term of each unit" in text) is bool(PRESETS[name].config.hidden)
    for title in (
        "Outputs and error terms by layer",
        "Step size / weight size",
        "Effective learning rate",
    ):
        assert title in text
    assert len(page.session_state["unit_history"].look.samples) == 31


def test_a_long_closer_look_is_taken_in_slices_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch):
    page = with_preset("spiral", 500)
    monkeypatch.setattr("pages.widgets.shell.background_job.SLICE", 0.0)
    page.button(key="closer.now").click().run()
    look = page.session_state["unit_history"].look
    while not look.samples:
        page.button(key="closer.on").click().run()
    page.button(key="closer.stop").click().run()
    assert not page.exception
    assert look.work.stopped
    assert 0 < len(look.samples) < 150
    assert "**Findings at epoch 500**" in " ".join(block.value for block in page.markdown)


def test_a_change_on_the_way_closes_a_look_at_what_was_before():
    page = with_preset("dead_relu", 30)
    page.button(key="closer.now").click().run()
    own(page).run.change(10, learning_rate=0.1)
    page.run()
    assert "Findings" not in " ".join(block.value for block in page.markdown)


def test_the_epoch_on_the_screen_is_the_one_in_the_request():
    page = with_preset("dead_relu", 50)
    asked = {"id": 7, "run": f"run {own(page).run_number}", "at": 50, "kind": "try"}
    own(page).asked = {**asked, "rule": "dead_relu", "epoch": 50}
    own(page).screen.shown = 0  # an older report of another part of the page
    page.run()
    assert message(page)[0]["setup"]["goto"] == own(page).tried.epoch == 50
