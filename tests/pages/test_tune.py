"""The page Tune without a browser: what is asked for, stop and resume, the table, the way out."""

import io
import socket

import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster
from streamlit.testing.v1 import AppTest

from engine.search.dask_cluster import ADDRESS_VARIABLE
from engine.search.local import Tuning
from engine.search.search import Search, article_search, results_table
from engine.search.space import Range, write_space
from pages.widgets.shell.background_job import run_after_page
from pages.widgets.tune import form as tune
from pages.widgets.tune import results as tuned
from pages.widgets.tune import search_session as hunt
from pages.widgets.tune.search_session import (
    Draft,
    SearchSession,
    read_draft,
    searchable,
    write_draft,
)
from tests.pages.test_train import APP, own, run_with, sentence
from tests.pages.walks import shown

SMALL = "3.0.0!learning_rate:0.01|0.1;hidden:2|3-2"


@pytest.fixture(autouse=True)
def slice_by_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a search go on only when the page runs: these tests look at it in between."""
    monkeypatch.setattr(tune, "run_after_page", lambda: None)


def tuning(**query: str) -> AppTest:
    """The page as a link with this query opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.switch_page("pages/tune.py")
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def hunting(page: AppTest) -> SearchSession:
    return page.session_state["search"]


def go(page: AppTest) -> AppTest:
    """The page after Start or Resume, and one slice; a run of the whole page is not cut short."""
    if page.button(key="tune.go").label == "Stop":
        page.run()
    assert page.button(key="tune.go").label in ("Start", "Resume")
    page.button(key="tune.go").click().run()
    assert not page.exception
    return page


def through(page: AppTest) -> AppTest:
    """The page when the search is through."""
    while "done." not in words(page):
        go(page)
        page.run()
    return page


def words(page: AppTest) -> str:
    return " ".join(block.value for block in page.markdown)


def reference(search: Search) -> pd.DataFrame:
    """The table of a search that nobody has interrupted."""
    whole = Tuning(search)
    assert whole.advance(1000)
    return results_table(search, whole.rows)


def pictures(page: AppTest) -> list[str]:
    """Return the keys of the pictures of the results."""
    keys = [one.key for one in page.get("bidi_component")]
    return [key for key in keys if key.startswith("tune.")]


def test_a_bare_page_has_a_search_that_can_be_started():
    page = tuning()
    assert not page.button(key="tune.go").disabled
    assert "6 candidates × 5 folds = 30 training runs" in words(page)
    assert not pictures(page)


def test_start_weights_that_are_given_leave_the_network_as_it_is():
    page = tuning(dataset="mazur", hidden="2", start="mazur")
    assert list(hunting(page).draft.space) == ["learning_rate"]


def test_without_a_setting_to_vary_the_page_says_what_to_do():
    page = tuning()
    for name in ("hidden", "learning_rate"):
        page.button(key=f"tune.remove.{name}").click().run()
    assert page.info[0].value == "Choose a setting to vary, or an example."
    assert not pictures(page)


def test_every_example_is_one_click_and_has_its_cost_before_it_starts():
    for place, example in enumerate(hunt.example_searches()):
        page = tuning()
        page.button(key=f"tune.try.{place}").click().run()
        assert not page.exception
        assert not page.error
        draft = hunting(page).draft
        assert draft.space == example.space
        count = example.draws or int(np.prod([len(v) for v in example.space.values()]))
        assert f"{count} candidates × 5 folds = {5 * count} training runs" in words(page)
        assert "on this machine" in words(page)


@pytest.mark.parametrize("place", [1, 2])  # with settings of its own, and without
@pytest.mark.parametrize("first", ["tune.go", "tune.try"])
def test_an_example_and_start_pressed_in_one_moment_start_the_example(place: int, first: str):
    """The browser sends both presses as one message, in either order."""
    page = tuning(dataset="moons", epochs="5")
    example = hunt.example_searches()[place]
    keys = sorted(["tune.go", f"tune.try.{place}"], key=lambda key: not key.startswith(first))
    for key in keys:
        page.button(key=key).click()
    page.run()
    assert not page.exception
    search = hunting(page).search
    assert search.space == example.space
    assert search.config.dataset == ("iris" if example.config else "moons")
    assert write_space(example.space) in "".join(page.query_params["search"])
    assert page.button(key="tune.go").label == "Stop"
    page.button(key="tune.go").click().run()


def test_values_from_before_an_example_do_not_change_it():
    """The browser sends them with Start while it has not drawn the example yet."""
    page = tuning(dataset="moons", epochs="5")
    count = page.text_input(key="replaced.tune").value
    rates, epochs = page.text_input(key="tune.values.learning_rate").value, 100
    page.button(key="tune.try.2").click().run()
    draft = hunting(page).draft
    assert (draft.space, draft.epochs) == (hunt.example_searches()[2].space, 5)
    page.text_input(key="replaced.tune").set_value(count)
    page.number_input(key="tune.epochs").set_value(epochs)
    page.text_input(key="tune.values.learning_rate").set_value(rates).run()
    assert (draft.space, draft.epochs) == (hunt.example_searches()[2].space, 5)
    page.text_input(key="tune.values.learning_rate").set_value(rates).run()  # now it is a choice
    assert draft.space["learning_rate"] == (0.01, 0.1)


def test_a_field_that_an_example_has_left_out_brings_nothing_back():
    """The browser sends it with Start while it has not drawn the example yet."""
    page = tuning(dataset="moons", epochs="5")
    units = page.text_input(key="tune.values.hidden")._widget_state
    page.button(key="tune.try.2").click().run()
    draft = hunting(page).draft
    page.button(key="tune.go").click()
    run_with(page, units)
    assert draft.space == hunt.example_searches()[2].space
    assert hunting(page).search.space == draft.space


def test_the_number_of_draws_does_not_bring_random_search_back():
    page = tuning(dataset="moons", epochs="5", search="2.7.0!hidden:2|3")
    draws = page.number_input(key="tune.draws")._widget_state
    page.segmented_control(key="tune.random").set_value(False).run()
    assert hunting(page).draft.draws == 0
    run_with(page, draws)
    assert hunting(page).draft.draws == 0


def test_a_search_that_a_run_of_the_whole_page_starts_goes_on_by_itself(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(tune, "run_after_page", run_after_page)
    monkeypatch.setattr(tune, "SLICE", 0.02)
    page = tuning(dataset="moons", epochs="5", search="2.0.0!hidden:2|3")
    page.button(key="tune.go").click().run()
    assert not page.exception
    assert "All 4 training runs done." in words(page)


def test_the_articles_grid_is_the_engines_and_epochs_are_read_off_one_training():
    page = tuning()
    page.button(key="tune.try.0").click().run()
    assert "15 training runs, all of them measured in 5" in words(page)
    search, _ = hunting(page).made[1:]
    assert search.key == article_search().key


def test_stopping_and_resuming_gives_the_same_table_as_an_uninterrupted_search(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(tune, "SLICE", 0.01)
    page = tuning(dataset="moons", epochs="150", search=SMALL)
    while not hunting(page).rows:
        go(page)
    assert page.button(key="tune.go").label == "Stop"
    page.button(key="tune.go").click().run()
    assert page.button(key="tune.go").label == "Resume"
    known = dict(hunting(page).rows)
    assert len(known) < 12
    page.switch_page("pages/theory.py").run()
    page.switch_page("pages/tune.py").run()
    assert hunting(page).rows.items() >= known.items()
    monkeypatch.setattr(tune, "SLICE", 5)
    through(page)
    pd.testing.assert_frame_equal(hunting(page).table(), reference(hunting(page).search))


def test_the_table_the_pictures_and_the_sentence_say_the_same():
    page = through(tuning(dataset="moons", epochs="20", search=SMALL))
    found = reference(hunting(page).search)
    best = found[found["rank"] == 1].iloc[0]
    assert f"accuracy {best.score:.3g} ± {best.spread:.3g} over 3 folds" in words(page)
    shown = page.dataframe[0].value
    assert shown["rank"].tolist() == [1, 2, 3, 4]
    np.testing.assert_allclose(shown["score"], found.sort_values("rank")["score"])
    assert pictures(page) == ["tune.ranking", "tune.heatmap"]


def test_the_best_one_opens_on_the_train_page_at_its_last_epoch(monkeypatch: pytest.MonkeyPatch):
    opened = []
    monkeypatch.setattr(tuned, "open_on_train", lambda *what: opened.append(what))
    page = through(tuning(dataset="moons", epochs="20", search=SMALL))
    page.button(key="tune.open").click().run()
    search, found = hunting(page).search, hunting(page).table()
    assert opened == [(search.candidates[int(found["rank"].idxmin())], 20)]
    page.selectbox(key="tune.pick").set_value(3).run()
    page.button(key="tune.open").click().run()
    assert opened[-1] == (search.candidates[3], 20)


def test_opening_takes_choices_and_epoch_to_the_train_page():
    page = through(tuning(dataset="moons", epochs="20", search=SMALL))
    best = hunting(page).search.candidates[int(hunting(page).table()["rank"].idxmin())]
    page.button(key="tune.open").click().run()
    assert not page.exception
    assert own(page).config == best
    assert own(page).opening.goto == 20


def test_a_changed_draft_starts_anew_and_the_old_table_stays_until_then():
    page = through(tuning(dataset="moons", epochs="20", search=SMALL))
    page.text_input(key="tune.values.learning_rate").set_value("0.01, 0.1, 0.3").run()
    assert "6 candidates × 3 folds = 18 training runs" in words(page)
    assert len(page.dataframe[0].value) == 4
    assert any("before your last change" in one.value for one in page.caption)
    through(page)
    assert len(page.dataframe[0].value) == 6


def test_nonsense_in_a_field_gets_a_sentence_and_changes_nothing():
    page = tuning(dataset="moons", search=SMALL)
    page.text_input(key="tune.values.learning_rate").set_value("0.01, quick").run()
    assert "Learning rate (learning_rate) must be a number; 'quick' was given." in (
        shown(page.error[0])
    )
    assert hunting(page).draft.space["learning_rate"] == (0.01, 0.1)
    page.text_input(key="tune.values.learning_rate").set_value("0.001 to 0.1 log").run()
    assert hunting(page).draft.space["learning_rate"] == Range(0.001, 0.1, True)
    assert "give single values, or draw candidates at random" in shown(page.info[0])
    page.segmented_control(key="tune.random").set_value(True).run()
    assert "20 candidates × 3 folds" in words(page)


def test_choices_come_and_go():
    page = tuning(dataset="moons")
    for name in ("hidden", "learning_rate"):
        page.button(key=f"tune.remove.{name}").click().run()
    page.selectbox(key="tune.add").set_value("optimizer").run()
    assert hunting(page).draft.space["optimizer"] == ("sgd", "momentum", "nesterov")
    page.selectbox(key="tune.add").set_value("epochs").run()
    assert "6 candidates" in words(page)
    page.multiselect(key="tune.values.optimizer").set_value(["adam"]).run()
    assert "2 candidates" in words(page)
    page.button(key="tune.remove.optimizer").click().run()
    assert list(hunting(page).draft.space) == ["epochs"]


def test_what_the_data_are_made_of_is_not_offered_where_they_are_fixed():
    page = tuning(dataset="xor_table")
    assert not {"noise", "size", "scaling"} & set(searchable(own(page).config))
    assert {"seed", "loss", "hidden"} <= set(searchable(own(page).config))


def test_a_scheduler_that_is_not_there_gets_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.search.dask_cluster.CONNECT_SECONDS", 0.5)
    monkeypatch.setenv(ADDRESS_VARIABLE, "tcp://localhost:9")
    page = tuning(dataset="moons", epochs="20", search=SMALL)
    page.selectbox(key="tune.address").set_value("tcp://localhost:9").run()
    go(page)
    assert shown(page.error[0]) == "No Dask scheduler answers at tcp://localhost:9."
    page.selectbox(key="tune.address").set_value("").run()
    through(page)


def test_kind_50_without_a_word_of_the_operator_there_is_no_place_for_an_address(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    page = tuning(dataset="moons", search=SMALL)
    assert [one.key for one in page.selectbox if one.key == "tune.address"] == []
    assert [one.key for one in page.text_input if "address" in one.key] == []


@pytest.mark.parametrize("name", ["address", "cluster", "scheduler"])
def test_kind_50_a_link_with_an_address_is_refused_with_a_sentence(name: str):
    page = tuning(dataset="moons", search=SMALL, **{name: "tcp://127.0.0.1:22"})
    assert any(name in shown(one) for one in page.warning)
    assert hunting(page).draft.address == ""


def test_kind_50_an_address_that_came_by_hand_is_refused_when_it_starts(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        page = tuning(dataset="moons", search=SMALL)
        hunting(page).draft.address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        go(page)
        assert "may not connect" in shown(page.error[0])
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_link_holds_the_search_and_nonsense_in_it_gets_sentences():
    draft = Draft({"hidden": ((4,), (8, 8)), "l2": Range(1e-4, 0.1, True)}, 3, 40, 7)
    read, notes = read_draft(write_draft(draft))
    assert (read.space, read.folds, read.draws, read.seed) == (draft.space, 3, 40, 7)
    assert notes == []
    page = tuning(search="a.b!hidden:900;colour:red")
    said = sentence(page)
    assert "folds and draws in the link are not valid" in said
    assert "'colour' is not a known setting" in said
    assert "must lie between 1 and 128" in said


def test_the_csv_is_the_table_and_no_cell_is_a_formula():
    page = through(tuning(dataset="moons", epochs="20", search=SMALL))
    found = hunting(page).table()
    read = pd.read_csv(io.BytesIO(tuned.candidates_csv(found, "accuracy")), dtype={"hidden": str})
    np.testing.assert_array_equal(read["accuracy"], found.sort_values("rank")["score"])
    assert set(read["hidden"]) == {"2", "3-2"}
    risky = found.assign(hidden="=1+1")
    text = tuned.candidates_csv(risky, "accuracy").decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text


def test_a_regression_is_judged_by_r2():
    page = through(tuning(dataset="line", epochs="10", search="2.0.0!learning_rate:0.01|0.1"))
    assert "R² " in words(page)
    assert "accuracy" not in words(page)


def test_the_whole_set_is_written_as_all():
    page = tuning(dataset="moons", search="2.0.0!batch_size:10|0")
    field = page.text_input(key="tune.values.batch_size")
    assert field.value == "10, all"
    field.set_value("all, 20").run()
    assert hunting(page).draft.space["batch_size"] == (0, 20)


def test_a_cluster_gives_the_same_table(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tune, "SLICE", 20)
    # A cluster with processes of its own is in tests/engine/search/test_dask_cluster.py.
    with LocalCluster(1, processes=False, protocol="tcp", dashboard_address=None) as cluster:
        monkeypatch.setenv(ADDRESS_VARIABLE, cluster.scheduler_address)
        page = tuning(dataset="moons", epochs="20", search=SMALL)
        page.selectbox(key="tune.address").set_value(cluster.scheduler_address).run()
        through(page)
    assert hunting(page).work is None  # the connection is given up
    pd.testing.assert_frame_equal(hunting(page).table(), reference(hunting(page).search))


def test_the_cost_is_known_on_however_slow_a_machine(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tune, "PROBE", 0.0)
    tune.machine_speed.clear()
    assert tune.machine_speed() > 0
    tune.machine_speed.clear()
