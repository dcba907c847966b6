"""The Train page without a browser: choices, links with nonsense, messages to the player."""

import json
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from engine.problems.presets import PRESETS
from engine.training.config import Config
from engine.training.events import Event
from pages.live.answers import Answer, LiveRun, answering
from pages.live.live_session import Live
from pages.live.view import Standing
from pages.widgets.session import Session, pick_problem, visitor_session
from pages.widgets.sidebar.advanced import SECTIONS
from tests.pages.live.test_payload import unpacked

APP = Path(__file__).parents[2] / "app.py"


def opened(**query: str) -> AppTest:
    """The page as a link with this query opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    for name in SECTIONS:
        page.session_state[f"more.{name}"] = True  # as if a person had opened it
    page.run()
    assert not page.exception
    return page


def own(page: AppTest) -> Session:
    return page.session_state["session"]


def run_with(page: AppTest, *gone: WidgetState) -> AppTest:
    """The page after a message that also holds values of widgets which it has left out since."""
    states = page._tree.get_widget_states()
    states.widgets.extend(gone)
    page._run(states)
    assert not page.exception
    return page


def with_report(page: AppTest) -> AppTest:
    """The page once a person has scrolled to the report."""
    page.session_state["seen_sections"].names.add("report")
    return page.run()


def sentence(page: AppTest) -> str:
    return " ".join(warning.value for warning in page.warning).replace("\\", "")


def captions(page: AppTest) -> str:
    return " ".join(caption.value for caption in page.caption)


def message(page: AppTest) -> tuple[dict, dict]:
    """What the server last said to the player."""
    return unpacked(page.get("bidi_component")[0].proto.bytes)


def test_a_bare_address_is_the_default_run():
    page = opened()
    assert own(page).config == Config()
    assert not page.warning
    head, arrays = message(page)
    assert head["setup"]["network"]["sizes"] == [2, 4, 1]
    assert arrays["epochs"].tolist() == [0]


def test_a_player_that_has_the_set_up_gets_no_other_and_no_state_is_fetched(monkeypatch):
    page = opened()
    head, _ = message(page)
    own(page).note({"id": 1, "kind": "play", "at": 7, "setup": head["setup"]["id"]})
    own(page).live.copies[0].note(Standing(40, (Event(9, "l2", 0.1),), ""))
    monkeypatch.setattr(Live, "submit", lambda *_, **__: pytest.fail("the state is not needed"))
    page.sidebar.select_slider(key="choice.learning_rate").set_value(0.3).run()
    assert not page.exception
    head, arrays = message(page)
    assert not arrays
    assert head.pop("token") == own(page).live.token
    assert head == {"answer": 0, "run": "run 1", "query": head["query"], "pending": True}
    assert "events=9:l2:0.1" in head["query"]


def listening(page: AppTest) -> list[tuple[dict, dict]]:
    """Return the list of what a player with the set-up of the run is sent, from now on."""
    sent: list[tuple[dict, dict]] = []
    own(page).note({"id": 1, "at": 0, "setup": message(page)[0]["setup"]["id"]})
    own(page).send = lambda data: sent.append(unpacked(data)) is None
    return sent


def pick(page: AppTest, name: str, patch: pytest.MonkeyPatch) -> None:
    """Pick a problem as its picture does; the test framework has no element for a component."""
    with patch.context() as patched:
        patched.setattr(visitor_session, "of_session", lambda *_: own(page))
        pick_problem(name)
    page.run()


def test_a_player_is_sent_the_new_run_before_the_page_is_drawn(monkeypatch):
    page = opened()
    sent = listening(page)
    pick(page, "xor", monkeypatch)
    [(head, arrays)] = sent  # one message, although the problem's choices are several changes
    assert (head["run"], head["answer"]) == ("run 2", 0)
    assert head["setup"]["id"] == own(page).view().setup_id
    assert arrays["epochs"].tolist() == [0]
    assert "setup" not in message(page)[0]
    assert message(page)[0]["run"] == "run 2"


def test_a_player_is_sent_that_a_changed_rate_waits_before_the_page_is_drawn():
    page = opened()
    sent = listening(page)
    own(page).live.copies[0].note(Standing(40, (), ""))
    own(page).note({"id": 2, "kind": "play", "at": 20, "setup": own(page).screen.set_up})
    page.sidebar.select_slider(key="choice.learning_rate").set_value(0.3).run()
    [(head, arrays)] = sent
    assert (head["run"], head["pending"], arrays) == ("run 1", True, {})


def test_a_player_is_sent_nothing_where_nothing_changed():
    page = opened()
    sent = listening(page)
    page.sidebar.number_input(key="choice.seed").set_value(page.session_state["choice.seed"]).run()
    page.run()
    assert sent == []


def test_epochs_trained_ahead_of_the_screen_do_not_make_a_changed_rate_an_event():
    page = opened()
    own(page).note({"id": 1, "kind": "play", "at": 0, "setup": message(page)[0]["setup"]["id"]})
    own(page).live.copies[0].note(Standing(12, (), ""))
    page.sidebar.select_slider(key="choice.learning_rate").set_value(0.3).run()
    assert own(page).run_number == 2
    assert own(page).run.config.learning_rate == 0.3
    own(page).note({"id": 2, "kind": "play", "at": 0, "playing": True})
    own(page).live.copies[0].note(Standing(12, (), ""))
    page.sidebar.select_slider(key="choice.learning_rate").set_value(1.0).run()
    assert own(page).run_number == 2  # the film goes on, and changes where it is


def test_a_player_that_comes_back_shows_no_epoch_that_was_only_trained_ahead():
    page = opened()
    assert "reached" not in message(page)[0]["setup"]
    for epoch in (3, 7, 5):
        own(page).note({"id": epoch, "kind": "play", "at": epoch})
    own(page).screen.set_up = ""  # as after a visit of another page
    page.run()
    assert message(page)[0]["setup"]["reached"] == 7
    page.sidebar.number_input(key="choice.seed").set_value(5).run()
    own(page).screen.set_up = ""
    page.run()
    assert "reached" not in message(page)[0]["setup"]


@pytest.mark.parametrize("missing", ["connection", "place", "set-up", "page"])
def test_a_player_that_cannot_be_sent_the_run_gets_it_from_the_page(missing: str):
    page = opened()
    sent = listening(page)
    if missing == "connection":
        own(page).send = None
    elif missing == "place":
        own(page).send = lambda _: False
    elif missing == "set-up":
        own(page).screen.set_up = ""
    else:
        own(page).drawn.page = "step"
    page.sidebar.number_input(key="choice.seed").set_value(5).run()
    assert not sent
    assert message(page)[0]["setup"]["id"] == own(page).view().setup_id


@pytest.mark.parametrize("lost", ["another run", "another map", "another page", "no player"])
def test_a_player_without_the_set_up_gets_it(lost):
    page = opened(dataset="iris")
    own(page).note({"id": 1, "at": 0, "setup": message(page)[0]["setup"]["id"]})
    if lost == "another run":
        page.sidebar.number_input(key="choice.seed").set_value(5)
    elif lost == "another map":
        own(page).pair = (2, 3)
    elif lost == "another page":
        own(page).drawn.page = "step"
    else:
        own(page).note({"id": 2, "at": 0})
    page.run()
    assert message(page)[0]["setup"]["id"] == own(page).view().setup_id


def test_nonsense_in_a_link_gets_sentences_and_the_defaults():
    page = opened(hidden="999999", learning_rate="nan", activation="<script>", epoch="-3")
    assert own(page).config == Config()
    said = sentence(page)
    assert "Hidden layers (hidden) must lie between 1 and 128; '999999' was given." in said
    assert "Learning rate (learning_rate)" in said
    assert "must be one of linear, sigmoid, tanh, relu, " in said
    assert "; '<script>' was given" in said
    assert "epoch must be a whole number" in said


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"learning_rate": "1e6"}, "must lie between 1e-06 and 1,000"),
        ({"events": "3:foo:1;4:learning_rate:abc"}, "was ignored"),
        ({"start": "mazur", "hidden": "3"}, "start weights"),
        ({"loss": "ce", "dataset": "plane"}, "does not fit a regression"),
        ({"v": "99"}, "version"),
        ({"validation": "0.8", "test": "0.8"}, "validation and test must be"),
        ({"pair": "7-9", "epoch": "9" * 30}, "epoch must be"),
        ({"utm_source": "x"}, "is not a known setting"),
        ({"dataset": "own", "hidden": "3"}, "open the file on the page Your data"),
    ],
)
def test_a_link_that_cannot_be_followed_says_why(query: dict[str, str], words: str):
    assert words in sentence(opened(**query))


def test_one_training_example_is_enough_to_open_the_page():
    page = opened(size="1")
    assert message(page)[0]["setup"]["view"]["kind"] == "map"
    said = " ".join(info.value for info in page.info).replace("\\", "")
    assert "too few examples for a validation part" in said


def test_a_choice_on_the_way_stays_when_another_is_refused():
    page = opened()
    page.sidebar.slider(key="choice.validation").set_value(0.7).run()
    page.sidebar.slider(key="choice.test").set_value(0.5).run()
    assert "validation and test must be" in sentence(page)
    assert own(page).config.validation == 0.7
    assert own(page).config.test == 0.2
    assert not page.exception


def test_a_problem_brings_the_settings_that_suit_it(monkeypatch):
    page = opened()
    pick(page, "spiral", monkeypatch)
    assert own(page).config.hidden == (8, 8, 8)
    assert message(page)[0]["setup"]["network"]["sizes"] == [2, 8, 8, 8, 1]


@pytest.fixture(scope="module")
def visited() -> AppTest:
    """One page for a visitor who opens preset after preset."""
    return opened()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens(name: str, visited: AppTest):
    page = visited
    page.sidebar.selectbox(key="choice.preset").set_value(name).run()
    assert not page.exception
    assert not page.warning
    assert own(page).config == PRESETS[name].config
    assert own(page).run.config == PRESETS[name].config


def test_layers_and_units_are_chosen_one_by_one():
    page = opened()
    page.sidebar.slider(key="choice.layers").set_value(2).run()
    page.sidebar.number_input(key="choice.units1").set_value(7).run()
    assert own(page).config.hidden == (4, 7)
    page.sidebar.slider(key="choice.layers").set_value(0).run()
    assert own(page).config.hidden == ()


def test_an_output_takes_the_loss_along_that_suits_it():
    page = opened(dataset="circle", output="sigmoid", loss="bce")
    page.sidebar.selectbox(key="choice.output").set_value("tanh").run()
    assert "The loss bce does not fit a tanh output" in sentence(page)
    assert (own(page).config.output, own(page).config.loss) == ("tanh", "auto")


def test_penalties_are_switched_on_and_off():
    page = opened()
    page.sidebar.button_group(key="choice.shrinking").set_value(["l2", "dropout"]).run()
    assert (own(page).config.l1, own(page).config.l2, own(page).config.dropout) == (0, 0.001, 0.2)
    page.sidebar.select_slider(key="choice.l2").set_value(0.03).run()
    assert own(page).config.l2 == 0.03
    page.sidebar.button_group(key="choice.shrinking").set_value([]).run()
    assert (own(page).config.l2, own(page).config.dropout) == (0, 0)


def test_each_layer_gets_its_own_activation_and_dropout_once_asked_for():
    page = opened(hidden="4-3")
    assert not [box for box in page.sidebar.selectbox if box.key == "choice.activation0"]
    page.sidebar.toggle(key="choice.per_layer").set_value(True).run()
    assert own(page).config.activations == ("tanh", "tanh")
    assert "choice.activation" not in {box.key for box in page.sidebar.selectbox}
    page.sidebar.selectbox(key="choice.activation1").set_value("gelu").run()
    page.sidebar.number_input(key="choice.dropout0").set_value(0.25).run()
    assert own(page).config.layer_activations == ("tanh", "gelu")
    assert own(page).config.dropouts == (0.25, 0.0)
    assert own(page).run.network.activations == ("tanh", "gelu", "sigmoid")
    page.sidebar.toggle(key="choice.per_layer").set_value(False).run()
    assert own(page).config == Config(hidden=(4, 3))


def test_a_schedule_shows_its_numbers_once_chosen():
    page = opened()
    keys = {field.key for field in page.sidebar.number_input}
    assert not {"choice.schedule_length", "choice.schedule_factor"} & keys
    page.sidebar.selectbox(key="choice.schedule").set_value("cosine").run()
    page.sidebar.number_input(key="choice.schedule_length").set_value(200).run()
    page.sidebar.number_input(key="choice.clip").set_value(2.5).run()
    expected = Config(schedule="cosine", schedule_length=200, clip=2.5)
    assert own(page).config == own(page).run.config == expected


def test_adamw_comes_with_some_decay_and_takes_it_away_again():
    page = opened()
    page.sidebar.selectbox(key="choice.optimizer").set_value("adamw").run()
    assert own(page).config == Config(optimizer="adamw", weight_decay=0.01)
    page.sidebar.number_input(key="choice.weight_decay").set_value(0.1).run()
    page.sidebar.selectbox(key="choice.convention").set_value("keras").run()
    assert (own(page).config.weight_decay, own(page).config.convention) == (0.1, "keras")
    page.sidebar.selectbox(key="choice.optimizer").set_value("adam").run()
    assert own(page).config.weight_decay == 0


def test_folds_take_the_place_of_the_validation_share():
    page = opened()
    page.sidebar.number_input(key="choice.folds").set_value(4).run()
    page.sidebar.number_input(key="choice.fold").set_value(4).run()
    assert len(own(page).run.dataset.validation) == 100
    page.sidebar.number_input(key="choice.folds").set_value(3).run()
    assert (own(page).config.folds, own(page).config.fold) == (3, 3)


@pytest.mark.parametrize(
    "query",
    [
        {"dataset": "iris", "class_weights": "balanced", "folds": "5", "fold": "2"},
        {"hidden": "6-5-4", "activations": "relu-gelu", "dropouts": "0.5,0.25"},
        {"optimizer": "rmsprop", "convention": "keras", "schedule": "plateau", "clip": "1.0"},
        {"dataset": "diabetes", "loss": "poisson", "learning_rate": "0.001"},
        {"activation": "softplus", "init": "orthogonal", "precision": "float32"},
        {"loss": "huber", "output": "linear", "max_norm": "3.0", "input_dropout": "0.1"},
    ],
    ids=str,
)
def test_a_link_with_the_further_choices_opens_and_passes_them_on(query: dict[str, str]):
    page = opened(**query)
    assert not page.warning
    taken = own(page).config.to_query()
    assert {name: taken[name] for name in query} == query
    assert own(page).run.config == own(page).config


def test_a_run_whose_patience_is_over_is_finished_and_names_its_best_epoch():
    page = opened(size="66", noise="0.4", hidden="16", optimizer="adam", patience="5")
    head, arrays = ask(page, kind="play", **{"from": 0, "stride": 1, "count": 120})
    while head["state"] == "ok":
        asked = {"from": head["trained"], "stride": 1, "count": 120}
        head, arrays = ask(page, kind="play", **asked)
    assert head["state"] == "finished"
    assert head["best"] == head["trained"] - 5 == own(page).run.best
    assert arrays["epochs"][-1] == head["trained"]
    assert f"those of epoch {head['best']}, are restored." in head["message"]


def ask(page: AppTest, **asked: object) -> tuple[dict, dict]:
    """Return what the player of this page is answered to a request."""
    session = own(page)
    asked = {"id": 1, "at": session.screen.shown, **asked}
    session.note(asked)
    if getattr(page, "live", None) is None or page.live.run is not session.run:
        page.live = LiveRun(session.run)
    return unpacked(finished(answering(page.live, asked, session.view())))


def finished(answer: Answer) -> bytes:
    """Return the result of an answer after all its steps."""
    while True:
        try:
            next(answer)
        except StopIteration as end:
            return end.value


def test_play_answers_with_frames_and_the_history_up_to_them():
    page = opened()
    head, arrays = ask(page, kind="play", known=0, **{"from": 0, "stride": 2, "count": 5})
    assert arrays["epochs"].tolist() == [2, 4, 6, 8, 10]
    assert arrays["series_epochs"].tolist() == list(range(1, 11))
    assert (head["answer"], head["trained"], head["state"]) == (1, 10, "ok")
    assert "setup" not in head


def test_an_edit_takes_the_run_back_and_stands_in_the_link():
    page = opened()
    ask(page, kind="play", **{"from": 0, "stride": 1, "count": 9})
    spot = {"layer": 1, "row": 2, "column": 2, "value": 0.75, "at": 4}
    head, arrays = ask(page, kind="edit", **spot)
    assert head["forget_after"] == 3
    assert arrays["epochs"].tolist() == [4]
    assert arrays["theta"][0, 2 * 3 + 2] == 0.75
    assert head["query"] == "v=1&events=4:b1.2:0.75"
    assert own(page).run.epochs == 4


@pytest.mark.parametrize("value", [float("nan"), 1e9, -1e7])
def test_an_edit_that_is_no_good_is_refused_with_a_sentence(value: float):
    page = opened()
    spot = {"layer": 1, "row": 0, "column": 0, "value": value, "at": 0}
    head, _ = ask(page, kind="edit", **spot)
    assert "must lie within" in head["note"]
    assert own(page).run.events == []


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "play", "from": "x", "stride": -5, "count": 1e30},
        {"kind": "seek", "epoch": None},
        {"kind": "seek", "epoch": 1e12, "at": -4},
        {"kind": "edit", "layer": 99, "row": 1, "column": 1, "value": 1},
        {"kind": "<script>"},
    ],
)
def test_a_strange_ask_never_breaks_the_page(asked: dict):
    head, _ = ask(opened(), **asked)
    assert head["answer"] == 1
    assert json.dumps(head)


def test_divergence_is_said_to_the_player():
    page = opened(output="linear", learning_rate="1000")
    head, arrays = ask(page, kind="play", **{"from": 0, "stride": 1, "count": 50})
    assert head["state"] == "diverged"
    assert "Training overflowed in epoch 1" in head["message"]
    assert len(arrays.get("epochs", ())) == head["trained"]


def test_the_report_is_drawn_for_who_comes_to_it_and_not_again_for_a_later_visit():
    page = opened(dataset="iris")
    assert not page.dataframe
    assert with_report(page).dataframe
    page.sidebar.select_slider(key="choice.learning_rate").set_value(0.3).run()
    assert page.dataframe
    page.session_state["session"].drawn.page = "step"  # the person was there meanwhile
    assert not page.run().dataframe


def test_the_report_names_classes_that_are_never_predicted():
    page = with_report(opened(dataset="iris", init="zeros"))
    assert "Never predicted" in page.info[0].value


def test_a_regression_is_reported_in_its_own_units():
    page = with_report(opened(dataset="diabetes"))
    errors = ["MAE (disease progression)", "RMSE (disease progression)"]
    assert list(page.dataframe[0].value.columns) == ["R²", *errors]
    assert message(page)[0]["setup"]["rescaled"]


def test_the_report_is_of_the_epoch_on_the_screen_whatever_was_heard_kind_58():
    page = with_report(opened(dataset="iris"))
    own(page).run.advance(30)
    page.run()
    assert "Epoch 30, " in captions(page)
    for epoch in (12, 0):
        own(page).screen.shown, own(page).screen.looked = epoch, own(page).run_number
        page.run()
        assert f"Epoch {epoch}, " in captions(page)


def test_a_place_that_was_left_is_not_gone_back_to_kind_33():
    page = opened(epoch="50")
    assert message(page)[0]["setup"]["goto"] == 50
    own(page).run.advance(60)
    ask(page, kind="shown", at=20)
    page.run()
    assert message(page)[0]["setup"]["goto"] == 20


def test_what_the_player_writes_into_the_address_bar_is_no_new_link():
    page = opened()
    page.query_params["hidden"] = "7"
    page.sidebar.select_slider(key="choice.learning_rate").set_value(0.3).run()
    assert own(page).config == Config(learning_rate=0.3)


def test_a_link_with_changes_shows_the_last_choices_and_keeps_the_changes():
    page = opened(events="8:learning_rate:0.3;12:l2:0.01")
    assert own(page).config == Config(learning_rate=0.3, l2=0.01)
    assert [event.epoch for event in own(page).run.events] == [8, 12]
    assert message(page)[0]["pending"] is False
    page.sidebar.select_slider(key="choice.l2").set_value(0.03).run()
    assert [event.epoch for event in own(page).run.events] == [8, 12]
    assert message(page)[0]["pending"] is True


def test_the_map_goes_over_two_inputs_or_over_components_and_the_link_says_which():
    page = opened(dataset="iris", pair="components")
    assert own(page).pair == "components"
    axis = {"component 1 (", "component 2 ("}
    layout = message(page)[0]["setup"]["figures"]["decision"]["layout"]
    assert {layout[f"{name}axis"]["title"]["text"][:13] for name in "xy"} == axis
    assert "pair=components" in message(page)[0]["query"]
    assert not [box for box in page.selectbox if box.label == "Across"]
    page.button_group(key="choice.map").set_value("").run()
    assert not page.exception
    assert own(page).pair == ()
    next(box for box in page.selectbox if box.label == "Across").select(0).run()
    assert own(page).pair == (0, 3)
    page.switch_page("pages/tune.py").run()
    assert not [box for box in page.selectbox if box.label == "Across"]


def test_components_of_two_inputs_are_not_shown():
    page = opened(dataset="circle", pair="components")
    assert own(page).pair == ()
    assert [name for name in page.get("expander") if name.label == "Inputs on the map"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"epoch": "²"},
        {"pair": "²"},
        {"pair": "①-②"},
        {"dataset": "iris", "pair": "1"},
        {"dataset": "iris", "pair": "1-1"},
        {"dataset": "iris", "pair": "0-9"},
        {"dataset": "iris", "pair": "0-1-2"},
        {"epoch": "9" * 5000},
        {"events": "²:l2:0.1"},
    ],
    ids=lambda query: "&".join(query) + " kind_45",
)
def test_a_link_with_digit_like_signs_gets_a_sentence(query):
    page = opened(**query)
    assert not page.exception
    said = " ".join(one.value for one in page.warning)
    assert any(word in said for word in ("ignored", "left out", "chosen from the data"))
