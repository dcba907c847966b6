"""The seed cloud and the landscape without a browser: against single runs and the engine."""

import json
import os
import signal

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.analysis.landscape import Landscape
from engine.analysis.line_search import search_line
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.widgets.compare import seed_sweep as cloud
from pages.widgets.compare.landscape import Survey
from pages.widgets.session import Session

XOR = Config(dataset="xor_table", hidden=(2,), learning_rate=1.0, batch_size=0, epochs=60)


def clouds() -> None:
    from pages.widgets.compare.seed_sweep import cloud_section

    cloud_section()


def landscapes() -> None:
    from pages.widgets.compare.landscape import landscape_section

    landscape_section()


def opened(section, config: Config, epoch: int = 0) -> AppTest:
    """The section alone, of a run that was trained to an epoch."""
    page = AppTest.from_function(section, default_timeout=60)
    session = Session()
    session.config = config
    session.live.replace(Run(config, load(config)))
    session.run.advance(epoch)
    session.screen.shown = epoch
    page.session_state["session"] = session
    page.run()
    assert not page.exception
    return page


def own(page: AppTest) -> Session:
    return page.session_state["session"]


def sweep(page: AppTest) -> cloud.Seeds | None:
    return page.session_state["seed_sweep"].seeds


def survey(page: AppTest) -> Survey | None:
    return page.session_state["landscape"].survey


def through(page: AppTest, start: str, on: str) -> AppTest:
    """The page when the work is done, slice after slice."""
    page.button(key=start).click().run()
    while any(button.key == on for button in page.button):
        page.button(key=on).click().run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    return " ".join(one.value for one in [*page.markdown, *page.caption])


def alts(page: AppTest) -> list[str]:
    return [json.loads(one.proto.json)["alt"] for one in page.get("bidi_component")]


def test_the_cloud_says_in_how_many_starts_the_setting_solves_the_problem():
    page = through(opened(clouds, XOR), "cloud.train", "cloud.on")
    solved = 0
    for seed in range(100):
        config = Config(**{**XOR.__dict__, "seed": seed})
        run = Run(config, load(config))
        run.advance(60)
        solved += run.losses["train_metric"][60] >= 0.95
    assert 0 < solved < 100
    assert f"These settings solve XOR table for {solved}\u202f% of 100 seeds." in words(page)


def test_another_level_counts_others_as_solved():
    page = through(opened(clouds, XOR), "cloud.train", "cloud.on")
    scores = sweep(page).made.outcome().scores
    page.number_input(key="cloud.level.True").set_value(0.7).run()
    assert f"for {(scores >= 0.7).sum()}\u202f% of" in words(page)


def test_a_chosen_seed_opens_on_the_train_page(monkeypatch: pytest.MonkeyPatch):
    opened_runs = []
    monkeypatch.setattr(cloud, "open_on_train", lambda *what: opened_runs.append(what))
    page = through(opened(clouds, XOR), "cloud.train", "cloud.on")
    losses = sweep(page).made.outcome().losses
    best = page.selectbox(key="cloud.seed").value
    page.button(key="cloud.open").click().run()
    assert opened_runs[-1][0].seed == best
    page.selectbox(key="cloud.seed").set_value(17).run()
    page.button(key="cloud.open").click().run()
    config, epochs = opened_runs[-1]
    run = Run(config, load(config))
    run.advance(epochs)
    assert run.losses["train"][epochs] == pytest.approx(losses[17], rel=1e-10)


def test_given_start_weights_are_drawn_and_that_is_said():
    page = opened(clouds, Config(dataset="line_centred", hidden=(), start="line_zero", epochs=5))
    assert "Each seed has its own" in words(page)
    through(page, "cloud.train", "cloud.on")
    assert len(np.unique(sweep(page).made.outcome().losses)) > 90


def test_a_long_cloud_goes_in_slices_and_can_be_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pages.widgets.shell.background_job.SLICE", 0.0)
    page = opened(clouds, XOR)
    page.button(key="cloud.train").click().run()
    page.button(key="cloud.on").click().run()
    assert sweep(page).running
    page.button(key="cloud.stop").click().run()
    assert sweep(page) is None
    assert not page.exception


def test_a_sweep_whose_process_ends_is_said_and_can_be_started_again():
    page = opened(clouds, Config(dataset="xor_table", hidden=(2,), epochs=100_000))
    page.button(key="cloud.train").click().run()
    os.kill(sweep(page).work.place.number, signal.SIGKILL)
    page.button(key="cloud.on").click().run()
    assert "The process that computed this has ended" in page.error[0].value
    assert sweep(page) is None
    page.number_input[0].set_value(5).run()
    assert not page.error
    through(page, "cloud.train", "cloud.on")
    assert "of 100 seeds" in words(page)


def test_the_landscape_is_the_engines_and_its_words_hold_its_numbers():
    config = Config(dataset="moons", hidden=(3,))
    page = through(opened(landscapes, config, 30), "landscape.now", "landscape.on")
    run = Run(config, load(config))
    run.advance(30)
    land = Landscape(run, 30, "path", 61)
    assert land.advance()
    np.testing.assert_array_equal(survey(page).work.result.land.losses, land.losses)
    assert f"ends at {land.path.losses[-1]:.3g} (epoch 30)" in words(page)
    assert search_line(run, 30).sentence in words(page)
    assert len(alts(page)) == 2
    page.segmented_control(key="landscape.view").set_value(True).run()
    assert not page.exception
    assert alts(page)[0].startswith("The loss over the plane lies between")


def test_before_training_there_is_no_path_and_that_is_said():
    page = opened(landscapes, Config(dataset="moons"))
    through(page, "landscape.now", "landscape.on")
    assert "Train first" in page.info[0].value
    page.segmented_control(key="landscape.kind").set_value("random").run()
    through(page, "landscape.now", "landscape.on")
    assert survey(page).kind == "random"


def test_a_change_of_the_run_takes_the_survey_away():
    page = through(opened(landscapes, Config(dataset="moons"), 10), "landscape.now", "landscape.on")
    own(page).run.change(5, learning_rate=0.3)
    page.run()
    assert not alts(page)
