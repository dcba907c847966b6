"""Links that hide or lock controls: the side bar, the diagram's changes, and the address."""

from typing import Any
from urllib.parse import parse_qs

import pytest

from engine.problems import PROBLEMS
from engine.training.config import CHOICES, Config
from pages.live.setup import SHARED
from pages.widgets.session import pick_problem, visitor_session
from pages.widgets.train.player import change
from tests.pages.test_train import captions, message, opened, own, sentence

# The widgets of each setting in the side bar of a network with one hidden layer and an L1 penalty.
WIDGETS = {
    "noise": {"choice.noise"},
    "size": {"choice.size"},
    "hidden": {"choice.layers", "choice.units0"},
    "activation": {"choice.activation", "choice.per_layer"},
    "loss": {"choice.loss"},
    "optimizer": {"choice.optimizer"},
    "learning_rate": {"choice.learning_rate"},
    "batch_size": {"choice.batch_size"},
    "l1": {"choice.l1"},
    "seed": {"choice.seed"},
    "data_seed": {"choice.data_seed"},
    "init": {"choice.init"},
    "patience": {"choice.patience"},
}
KINDS = ("slider", "select_slider", "selectbox", "number_input", "toggle", "button_group")


def widgets(page):
    """The widgets of the side bar by their keys."""
    found: list[Any] = [one for kind in KINDS for one in page.sidebar.get(kind)]
    return {one.key: one for one in found if str(one.key).startswith("choice.")}


def touch(page, act, monkeypatch):
    """Do what a callback does in the session of a page."""
    monkeypatch.setattr(visitor_session, "of_session", lambda *_: own(page))
    act()
    monkeypatch.undo()


@pytest.fixture(scope="module")
def free():
    return set(widgets(opened(l1="0.001")))


@pytest.mark.parametrize("name", WIDGETS)
def test_a_hidden_setting_has_no_widget_and_a_locked_one_is_disabled(name, free):
    assert WIDGETS[name] <= free
    hidden = set(widgets(opened(l1="0.001", hide=name)))
    assert free - hidden == WIDGETS[name] | {"choice.preset"}
    page = opened(l1="0.001", lock=name)
    found = widgets(page)
    assert {key for key, one in found.items() if one.disabled} == WIDGETS[name]
    assert f"The link locks: {CHOICES[name].label}." in captions(page)


def test_a_locked_widget_says_so():
    found = widgets(opened(lock="learning_rate-size-optimizer"))
    said = "The link locks this setting."
    for key in ("choice.learning_rate", "choice.size", "choice.optimizer"):
        assert said in found[key].help


def test_the_player_learns_what_is_hidden_and_locked_and_which_settings_can_be():
    meta, _ = message(opened(hide="noise", lock="hidden-seed", seed="4"))
    architecture = meta["setup"]["architecture"]
    assert (architecture["hide"], architecture["lock"]) == (["noise"], ["hidden", "seed"])
    assert [name for name, _ in meta["setup"]["shared"]] == list(SHARED)
    assert set(SHARED) <= set(CHOICES)
    query = parse_qs(meta["query"])
    assert (query["hide"], query["lock"], query["seed"]) == (["noise"], ["hidden-seed"], ["4"])


def test_what_is_locked_is_not_changed_by_the_diagram_and_a_sentence_says_so(monkeypatch):
    page = opened(lock="hidden")
    run = own(page).run_number
    sent = {"id": 1, "kind": "change", "run": "run 1", "change": {"hidden": "2"}}
    touch(page, lambda: change(sent), monkeypatch)
    assert (own(page).config, own(page).run_number) == (Config(), run)
    assert "The link locks Hidden layers. Nothing was changed." in sentence(page.run())


def test_another_problem_keeps_what_is_locked(monkeypatch):
    page = opened(lock="hidden-learning_rate", hidden="3", learning_rate="0.3")
    suggested = PROBLEMS["xor"].suggested
    assert {"hidden", "l2"} <= set(suggested)
    touch(page, lambda: pick_problem("xor"), monkeypatch)
    config = own(page).config
    assert (config.dataset, config.hidden, config.learning_rate) == ("xor", (3,), 0.3)
    assert config.l2 == suggested["l2"]


def test_unknown_names_get_a_sentence():
    page = opened(hide="everything", lock="train")
    assert "hide must name settings" in sentence(page)
    assert "lock must name settings" in sentence(page)
    assert len(widgets(page)) > 10


def test_compare_offers_no_run_that_differs_in_what_is_fixed():
    page = opened(lock="optimizer", hide="l2").switch_page("pages/compare.py").run()
    assert not page.exception
    assert page.sidebar.button(key="compare.race").disabled
    labels = [*page.sidebar.selectbox(key="fork.choice").options]
    assert "L2" not in labels
    assert "Learning rate" in labels
    offered = " ".join(str(one.options) for one in page.get("selectbox") + page.get("button_group"))
    assert "Adam" not in offered
    assert "ReLU" in offered
