"""The page that steps through, without a browser: what it walks through, and how it gets there."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.widgets.step.stepping import BEFORE_THE_REST
from tests.pages.test_train import APP, own, sentence
from tests.pages.walks import unpacked


def stepping(**query: str) -> AppTest:
    """The page as a link with this query opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.switch_page("pages/step.py")
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def walked(page: AppTest) -> dict:
    """What the walker got."""
    return unpacked(page.get("bidi_component")[0].proto.bytes)[0]


def test_a_bare_address_walks_the_first_batch_of_the_default_run():
    meta = walked(stepping())
    assert (meta["epoch"], meta["batch"], meta["line"]) == (0, 0, 0)
    assert meta["network"]["sizes"] == [2, 4, 1]
    assert len(meta["examples"]) == Config().batch_size


def test_the_rest_of_the_page_waits_for_the_walk_on_arrival_and_never_else(monkeypatch):
    waits = []
    monkeypatch.setattr("pages.widgets.step.stepping.time", SimpleNamespace(sleep=waits.append))
    page = stepping()
    assert waits == [BEFORE_THE_REST]
    page.number_input(key="choice.step.epoch").set_value(7).run()
    page.run()
    assert waits == [BEFORE_THE_REST]
    page.switch_page("pages/theory.py").run()
    page.switch_page("pages/step.py").run()
    assert waits == [BEFORE_THE_REST] * 2


def test_a_link_leads_to_its_epoch_batch_and_line():
    page = stepping(epoch="12", batch="3", line="5", learning_rate="0.3")
    meta = walked(page)
    assert (meta["epoch"], meta["batch"], meta["line"]) == (12, 3, 5)
    run = Run(Config(learning_rate=0.3), load(Config(learning_rate=0.3)))
    run.advance(12)
    np.testing.assert_array_equal(own(page).run.at(12).theta, run.at(12).theta)
    assert not page.warning


def test_one_example_alone_is_a_batch_of_one():
    page = stepping(example="4")
    meta = walked(page)
    assert meta["batch"] == -1
    assert meta["rows"] == [int(own(page).run.dataset.train[4])]


def test_touching_the_widgets_walks_elsewhere():
    page = stepping()
    page.number_input(key="choice.step.epoch").set_value(7).run()
    page.number_input(key="choice.step.batch").set_value(2).run()
    assert (walked(page)["epoch"], walked(page)["batch"]) == (7, 1)
    page.segmented_control(key="choice.step.alone").set_value(True).run()
    assert walked(page)["batch"] == -1
    page.sidebar.number_input(key="choice.units0").set_value(3).run()
    assert walked(page)["network"]["sizes"] == [2, 3, 1]
    assert (walked(page)["batch"], walked(page)["epoch"]) == (-1, 0)
    assert not page.exception


def test_missing_epochs_are_trained_as_they_are_here():
    page = stepping(dataset="moons", dropout="0.2", epoch="60")
    found = own(page).run
    run = Run(found.config, load(found.config))
    run.advance(60)
    assert found.epochs == 60
    assert found.losses.tobytes() == run.losses.tobytes()
    assert found.network.theta.tobytes() == run.network.theta.tobytes()


def test_a_run_that_ends_before_the_epoch_says_so_and_walks_at_its_end():
    page = stepping(dataset="line", learning_rate="1000", optimizer="sgd", epoch="500")
    assert "was not reached" in sentence(page)
    assert walked(page)["epoch"] == own(page).run.epochs < 500


@pytest.mark.parametrize(
    ("query", "words"),
    [({"batch": "-1"}, "batch"), ({"line": "x"}, "line"), ({"epoch": "1e9"}, "epoch")],
)
def test_nonsense_in_a_link_gets_a_sentence(query: dict[str, str], words: str):
    page = stepping(**query)
    assert words in sentence(page)
    assert walked(page)["epoch"] == 0


def test_a_batch_with_too_many_numbers_gets_a_sentence():
    page = stepping(dataset="digits", hidden="64-64-64-64-64-64", activation="gelu", batch_size="0")
    assert "at most 1,500,000 can be shown" in page.error[0].value
