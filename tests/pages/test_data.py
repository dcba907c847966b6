"""The page Your data without a browser: from any bytes to a report, and back from a project."""

import io
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from engine.evaluation.baselines import fold_run, fold_scores
from engine.export.csv_writing import as_csv
from engine.export.project import Project, open_project, project_file
from engine.problems.sample_tables import SAMPLES
from engine.tables.reading.reader import read_table
from engine.training.config import OWN, Config
from engine.training.model import model_of
from pages.widgets.data import downloads as keeping
from pages.widgets.data import html_report as paper
from pages.widgets.data import prediction as predicting
from pages.widgets.data import table_session as own
from pages.widgets.data import upload
from pages.widgets.data.evaluation import SIDES
from pages.widgets.session import Session
from pages.widgets.shell.foreign import literal
from pages.widgets.step.stepping import current_trace, example_order
from pages.widgets.step.stepping_state import Stepping

APP = Path(__file__).parents[2] / "app.py"
HOSTILE = ("<img src=x onerror=alert(1)>", "**bold** [link](http://e.vil)", "$x^2$", "=1+1", "%{y}")


def opened(**query: str) -> AppTest:
    """The page, as a link with this query opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("pages/data.py")
    page.run()
    assert not page.exception
    return page


def mine(page: AppTest) -> own.TableSession:
    return page.session_state["own"]


def visit(page: AppTest) -> Session:
    return page.session_state["session"]


def with_file(page: AppTest, data: bytes, name: str = "table.csv") -> AppTest:
    """The page after this file was uploaded."""
    page.file_uploader(key="own.file").upload(name, data, "text/csv").run()
    assert not page.exception
    return page


def at(page: AppTest, step: str) -> AppTest:
    """The page at another step."""
    page.button_group(key="choice.own.step").set_value(step).run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    """All sentences on the page, as a person reads them."""
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error, page.subheader)
    return "\n".join(str(one.value) for kind in kinds for one in kind).replace("\\", "")


def own_question(page: AppTest) -> list[str]:
    """Return the columns that the page offers as the target; none where it does not ask."""
    offers = [one for one in page.button if one.key and one.key.startswith("own.candidate.")]
    return [one.label.replace("\\", "") for one in offers]


def trained(page: AppTest, epochs: int = 5) -> AppTest:
    """Return the page after so many epochs on the table that is open, for its likeliest target."""
    at(page, "columns")
    if own_question(page):
        page.button(key="own.candidate.0").click().run()
    page.button(key="own.train").click().run()
    assert not page.exception
    visit(page).run.advance(epochs)
    visit(page).screen.shown = visit(page).run.epochs
    return page


@cache
def sample(name: str = "iris from Germany.csv") -> bytes:
    return SAMPLES[name]()


def test_nothing_is_open_at_first_and_no_step_is_offered():
    page = opened()
    assert not page.get("button_group")
    assert "Open a table" in shown(page)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_goes_from_one_click_to_a_run(name: str):
    page = opened()
    page.button(key=f"own.sample.{name}").click().run()
    assert not page.exception
    trained(page)
    run = visit(page).run
    assert run.config.dataset == OWN
    assert run.losses["train"][-1] < run.losses["train"][0]
    assert visit(page).table.name == name


def test_decimal_commas_and_latin_1_are_understood_and_said():
    page = with_file(opened(), sample(), "Blüten.csv")
    words = shown(page)
    assert "Blüten.csv" in words
    assert "150 rows, 5 columns · encoding: cp1252 · delimiter: semicolon" in words
    assert "decimal mark: comma" in words
    at(page, "columns")
    assert "'Art' is predicted, because" in shown(page)
    assert "4 inputs from 4 columns" in shown(page)
    assert "90 for training, 30 for validation, 30 for the test" in shown(page)


def test_a_refusal_is_one_sentence_and_what_was_open_stays():
    page = with_file(opened(), sample("iris.csv"), "iris.csv")
    before = mine(page).builder
    for number, (data, words) in enumerate(
        [
            (b"", "The file is empty."),
            (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "a PNG picture"),
            (b"," * 5_000_000, "at most 500"),
            (b"PK\x03\x04" + b"\0" * 99, "a ZIP archive or an Excel workbook"),
            (b"PK\x03\x04" + b"\0" * 26 + b"project.json" + b"\0" * 99, "damaged or was not saved"),
            (b"a,b,c\n", "no rows"),
        ]
    ):
        with_file(page, data, f"other{number}.csv")
        said = page.error[0].value.replace("\\", "")
        assert words in said
        assert "The previous table stays open." in said
        assert mine(page).builder is before


def test_a_file_that_is_refused_can_be_read_as_a_person_says():
    page = with_file(opened(), "a,b\n1,2\n3,4\n".encode("utf-16")[:-1])
    assert "Line 3 cannot be read as utf-16" in page.error[0].value.replace("\\", "")
    next(one for one in page.selectbox if one.label == "Encoding").select("utf-8")
    again = next(one for one in page.button if one.label == "Read again")
    again.click().run()
    assert "cannot be read as utf-8" in page.error[0].value.replace("\\", "")
    assert next(one for one in page.selectbox if one.label == "Encoding").value == "utf-8"
    next(one for one in page.selectbox if one.label == "Encoding").select("latin-1")
    next(one for one in page.button if one.label == "Read again").click().run()
    assert not page.exception
    assert not page.error
    assert mine(page).builder.table.frame.shape == (2, 2)


def test_reading_that_was_interrupted_is_said_and_leaves_the_old_table():
    page = with_file(opened(), sample("iris.csv"), "iris.csv")
    mine(page).reading = "big.csv"
    page.run()
    assert "Reading big.csv was stopped." in shown(page)
    assert mine(page).builder.table.name == "iris.csv"


def test_a_fault_of_our_own_is_a_sentence_too(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a fault")

    page = opened()
    monkeypatch.setattr(upload, "open_file", broken)
    monkeypatch.setattr("pages.widgets.data.upload.logging.Logger.exception", lambda *_: None)
    with_file(page, b"a,b\n1,2\n")
    assert page.error[0].value.replace("\\", "") == "The file could not be read."


def test_every_guess_can_be_overridden():
    page = with_file(opened(), b"a;b\n1,5;x\n2,5;y\n3,5;x\n", "t.csv")
    assert mine(page).builder.table.decimal == ","
    box = {one.label: one for one in page.selectbox}
    box["Header"].set_value(0)
    box["Decimal mark"].set_value(".")
    next(one for one in page.button if one.label == "Read again").click().run()
    assert not page.exception
    table = mine(page).builder.table
    assert len(table.frame) == 4
    assert table.decimal == "."
    assert table.overrides == {"header": 0, "decimal": "."}


def test_lines_that_were_mended_or_skipped_are_shown_with_number_and_reason():
    rows = [f"{k},{k % 7},{'xyz'[k % 3]}" for k in range(40)]
    rows[20] = "1"
    page = with_file(opened(), "\n".join(["a,b,c", *rows]).encode())
    table = mine(page).builder.table
    found = [note.line for note in (*table.skipped, *table.mended)]
    assert found == [22]
    frames = [one.value for one in page.dataframe]
    assert any("why" in frame and list(frame["line"]) == [22] for frame in frames)


def test_another_target_changes_the_task_and_the_reason_is_on_the_page():
    page = at(with_file(opened(), sample()), "columns")
    page.selectbox(key="choice.own.target").set_value("Blattlänge (cm)").run()
    assert not page.exception
    made = mine(page).builder.prepared(mine(page).plan)
    assert made.preparation.target == "Blattlänge (cm)"
    assert made.dataset.task == "regression"
    assert "Art = setosa" in made.dataset.input_names


def test_the_data_set_of_a_large_table_is_the_same_and_its_faults_are_said(monkeypatch):
    here = at(with_file(opened(), sample()), "columns")
    monkeypatch.setattr(own, "LARGE_TABLE", 0)
    page = at(with_file(opened(), sample()), "columns")
    for one in (here, page):
        one.selectbox(key="choice.own.target").set_value("Blattlänge (cm)").run()
        assert not one.exception
    made, other = (mine(one).builder.prepared(mine(one).plan) for one in (here, page))
    assert made.dataset.inputs.tobytes() == other.dataset.inputs.tobytes()
    page.selectbox(key="choice.own.target").set_value("Art").run()
    page.selectbox(key="choice.own.task").set_value("regression").run()
    assert "a regression is not possible. Nothing was changed." in shown(page)


def test_what_cannot_be_is_said_and_not_taken():
    page = at(with_file(opened(), sample()), "columns")
    page.selectbox(key="choice.own.task").set_value("regression").run()
    assert "a regression is not possible. Nothing was changed." in shown(page)
    assert mine(page).builder.prepared(mine(page).plan).dataset.task == "classification"


def chosen(name: str, data: bytes, rows: dict) -> tuple[own.TableSession, list[str]]:
    """What one visitor has after edits of the columns, and the sentences for the person."""

    def script(name, data, rows):
        from pages.widgets.data import table_session as own
        from pages.widgets.data.columns import apply_edits
        from pages.widgets.session import pop_messages

        own.open_file(data, name)
        apply_edits(rows)
        import streamlit as st

        st.session_state["said"] = pop_messages()

    page = AppTest.from_function(script, kwargs={"name": name, "data": data, "rows": rows})
    page.run(timeout=60)
    assert not page.exception
    return page.session_state["own"], page.session_state["said"]


def test_a_column_is_left_out_and_taken_in_again():
    ours, _ = chosen("iris.csv", sample("iris.csv"), {0: {"Use": False}})
    left = dict(ours.builder.prepared(ours.plan).preparation.left_out)
    assert left == {"sepal length (cm)": "you chose to leave it out"}
    table = b"id,x,y\n" + b"".join(b"%d,%d,%d\n" % (k, k * k % 13, k % 2) for k in range(1, 40))
    ours, _ = chosen("t.csv", table, {0: {"Use": True}})
    assert "id" in ours.builder.prepared(ours.plan).dataset.input_names


def test_a_column_of_codes_becomes_a_category_and_text_no_number():
    table = b"zip,y,word\n" + b"".join(
        b"%d,%d,%s\n" % (k % 4, k % 2, b"ab"[k % 2 :][:1]) for k in range(40)
    )
    ours, said = chosen("t.csv", table, {0: {"Kind": "category"}})
    assert "zip = 3" in ours.builder.prepared(ours.plan).dataset.input_names
    assert not said
    ours, said = chosen("t.csv", table, {2: {"Kind": "number"}})
    assert said == ["'word' cannot be read as a number. Nothing was changed."]


DOUBTFUL = b"price;T;y\n" + b"".join(
    b"%d,%03d;%d;%s\n"
    % (1 + k % 7, k * 137 % 1000, -9999 if k == 3 else 20 + k % 9, b"ab"[k % 2 :][:1])
    for k in range(60)
)


def test_one_click_reads_a_column_otherwise_and_a_project_keeps_it_kind_24_kind_11():
    page = at(with_file(opened(), DOUBTFUL), "columns")
    page.selectbox(key="choice.own.target").set_value("y").run()
    assert "price**: It is not certain what '1,000' means" in shown(page)
    assert "from 1 to 7.822" in shown(page)
    page.button(key=f"own.doubt.{mine(page).version}.0").click().run()
    code = next(one for one in page.button if "as missing" in one.label)
    assert code.label.replace("\\", "") == "Treat -9999 as missing"
    code.click().run()
    assert not page.exception
    assert mine(page).builder.choices["readings"] == {
        "price": {"decimal": "."},
        "T": {"codes": [-9999.0]},
    }
    made = mine(page).builder.prepared(mine(page).plan)
    columns = {column.name: column for column in made.columns}
    assert columns["price"].labels == ("1\u202f000", "7\u202f822")
    assert (columns["T"].labels, columns["T"].missing) == (("20", "28"), 1)
    trained(page)
    ours = mine(page).builder
    run = visit(page).run
    saved = project_file(Project(run, ours.table, made, ours.data, ours.choices))
    again = open_project(saved).prepared
    assert again.preparation == ours.prepared(run.config).preparation
    assert again.preparation.fields[0].low > 900


def test_where_no_column_is_left_each_is_named_and_one_can_be_kept_kind_16():
    table = b"code,same,y\n" + b"".join(b"k%d,x,%s\n" % (k, b"ab"[k % 2 :][:1]) for k in range(30))
    page = at(with_file(opened(), table), "columns")
    assert "'code' (each row has a different value), 'same' (its only value is 'x')" in page.error[
        0
    ].value.replace("\\", "")
    keep = next(one for one in page.button if one.label == "Keep code")
    keep.click().run()
    assert not page.exception
    assert not page.error
    assert mine(page).builder.choices["keep"] == ["code"]


def test_an_uneven_target_is_named_and_weights_are_offered():
    table = b"x,label\n" + b"".join(
        b"%d,%s\n" % (k * 7 % 50, b"b" if k % 10 == 0 else b"a") for k in range(100)
    )
    page = at(with_file(opened(), table), "columns")
    assert "accuracy alone is misleading" in shown(page)
    page.toggle(key="choice.own.weights").set_value(True).run()
    trained(page)
    assert visit(page).config.class_weights == "balanced"


def test_a_table_that_teaches_nothing_gets_a_sentence_and_no_button():
    page = at(with_file(opened(), b"a,b\n" + b"1,x\n" * 20), "columns")
    assert "No column can be predicted" in page.error[0].value.replace("\\", "")
    assert "own.train" not in [one.key for one in page.button]


def test_the_run_keeps_the_choices_it_was_made_with():
    page = trained(with_file(opened(), sample()))
    run, builder = visit(page).run, visit(page).table.build
    at(page, "columns").selectbox(key="choice.own.target").set_value("Blattlänge (cm)").run()
    assert "used other settings" in shown(page)
    assert visit(page).run is run
    assert visit(page).table.build is builder
    page.button(key="own.train").click().run()
    assert visit(page).run.dataset.task == "regression"


def test_another_file_leaves_the_run_until_it_is_trained_on():
    page = trained(with_file(opened(), sample()))
    run = visit(page).run
    with_file(at(page, "open"), sample("wine.csv"), "wine.csv")
    assert visit(page).run is run
    trained(page)
    assert visit(page).table.name == "wine.csv"
    assert visit(page).run.dataset.d == 13


@pytest.mark.parametrize("name", ["t.csv", "other.csv"])
def test_another_table_of_any_name_is_told_apart_from_the_trained_one_kind_32(name: str):
    page = trained(with_file(opened(), NUMBERS.encode(), "t.csv"))
    before = kept_file(page)
    with_file(at(page, "open"), NUMBERS.replace(",25", ",75").encode(), name)
    other = "t (2).csv" if name == "t.csv" else name
    for step in ("train", "judge", "keep"):
        at(page, step)
        assert "This network learned from t.csv (60 rows, 3 columns) to predict y." in shown(page)
        assert f"The open table is {other} (60 rows, 3 columns). This network has not" in shown(
            page
        )
    assert "Every row of t.csv with its prediction" in shown(page)
    assert kept_file(page) == before
    page.button(key="own.train").click().run()
    for step in ("train", "judge", "keep"):
        at(page, step)
        assert f"This network learned from {other} (60 rows, 3 columns)" in shown(page)
        assert "has not learned from it" not in shown(page)
    assert kept_file(page) != before


def test_the_same_file_read_in_another_way_is_another_table_kind_32():
    page = trained(with_file(opened(), NUMBERS.encode(), "t.csv"))
    at(page, "open")
    next(one for one in page.selectbox if one.label == "Header").set_value(0)
    next(one for one in page.button if one.label == "Read again").click().run()
    assert not page.exception
    assert "This network learned from t.csv (60 rows, 3 columns)" in shown(at(page, "keep"))
    assert "The open table is t.csv (61 rows, 3 columns), read with other settings." in shown(page)
    with_file(at(page, "open"), NUMBERS.encode(), "t.csv")
    assert mine(page).builder.table.name == "t.csv"


def test_a_second_table_is_read_as_the_network_s_own_kind_32():
    page = trained(with_file(opened(), NUMBERS.encode(), "t.csv"))
    with_file(at(page, "open"), sample("iris.csv"), "iris.csv")
    predict(page, b"x;sex\n22,5;m\n23,5;f\n")
    assert any("predicted y" in one.value for one in page.dataframe)
    page.button(key="own.train").click().run()
    predict(page, b"x;sex\n22,5;m\n23,5;f\n")
    assert "The table has no column 'sepal length (cm)'" in page.error[0].value.replace("\\", "")


@pytest.mark.parametrize("side", ["Baselines", "Inputs"])
def test_nothing_long_begins_by_itself_and_it_can_be_stopped_kind_47(side: str, monkeypatch):
    page = trained(with_file(opened(), sample("diabetes.csv"), "diabetes.csv"))
    page.session_state["own.side"] = side
    at(page, "keep")
    at(page, "judge")
    name = "own.baselines test" if side == "Baselines" else "own.importance test"
    assert not any("this network" in one.value.index for one in page.dataframe)
    monkeypatch.setattr("pages.widgets.shell.background_job.AT_ONCE", 0)
    monkeypatch.setattr("pages.widgets.shell.background_job.SLICE", 0)
    page.button(key=name).click().run()
    assert page.get("progress")
    page.button(key=f"{name}.job.stop").click().run()
    assert "stopped" in shown(page)
    monkeypatch.setattr("pages.widgets.shell.background_job.AT_ONCE", 60)
    page.button(key=name).click().run()
    assert not page.exception
    if side == "Baselines":
        assert any("this network" in one.value.index for one in page.dataframe)
        assert "Comparison with simple methods" not in keeping.WORK["Report"](parts(page))
        task = next(one for key, one in mine(page).kept.items() if key[0] == "baselines test")
        one = parts(page)._replace(compared=task.work.result)
        assert "Comparison with simple methods" in keeping.WORK["Report"](one)


def test_errors_have_a_unit_and_the_loss_is_called_standardised_kind_39():
    page = at(trained(with_file(opened(), NUMBERS.encode(), "t.csv")), "judge")
    frame = next(one.value for one in page.dataframe if "R²" in one.value)
    assert list(frame.columns) == ["R²", "MAE (y)", "RMSE (y)"]
    assert "MAE and RMSE are in y. The loss that training lowers is that of the stan" in shown(page)
    text = keeping.WORK["Report"](parts(page))
    assert "Loss of the standardized target: training" in text
    assert "MAE (y)" in text


def test_other_pages_work_on_the_table():
    page = trained(with_file(opened(), sample()))
    for other in ("pages/train.py", "pages/step.py"):
        page.switch_page(other).run()
        assert not page.exception
        assert visit(page).run.dataset.input_names[0] == "Kelchblattlänge (cm)"
        assert "iris" not in visit(page).config.dataset


def test_a_choice_in_the_side_bar_makes_another_run_of_the_same_table():
    page = trained(with_file(opened(), sample()))
    at(page, "train").sidebar.slider(key="choice.layers").set_value(2).run()
    assert not page.exception
    assert visit(page).run.config.dataset == OWN
    assert visit(page).run.network.sizes == (4, 64, 4, 3)


def test_a_link_to_own_data_waits_for_its_table_with_its_other_choices():
    page = opened(dataset=OWN, hidden="3-2", seed="7", learning_rate="0.01")
    assert "open the file on the page Your data" in shown(page)
    assert visit(page).config == Config()
    trained(with_file(page, sample()))
    config = visit(page).run.config
    assert (config.hidden, config.seed, config.learning_rate) == ((3, 2), 7, 0.01)


@pytest.mark.parametrize("name", ["iris from Germany.csv", "diabetes.csv"])
def test_every_side_of_the_judgement_is_drawn(name: str):
    page = at(trained(with_file(opened(), sample(name), name)), "judge")
    for side in SIDES:
        page.session_state["own.side"] = side
        page.run()
        assert not page.exception, side
        assert "of the test part" in shown(page), side


def test_the_report_is_on_the_rows_that_were_kept_aside():
    page = trained(with_file(opened(), sample()), 40)
    at(page, "judge")
    run = visit(page).run
    table = next(one.value for one in page.dataframe if "precision" in one.value)
    model, rows = model_of(run, 40), run.dataset.rows("test")
    said = model.decide(model.outputs(run.dataset.inputs[:, rows]))
    accuracy = np.mean(said == run.dataset.targets[rows])
    assert table.loc["accuracy", "precision"] == pytest.approx(accuracy)
    assert table.loc["accuracy", "support"] == 30


def test_classes_that_are_never_predicted_are_named():
    page = trained(with_file(opened(), sample()), 0)
    run = visit(page).run
    run.live.network.theta[:] = 0
    run.live.network.theta[-1] = 9  # the last bias: virginica
    run.checkpoints.kept[0] = run.live.state()
    at(page, "judge")
    assert "Never predicted: setosa, versicolor." in shown(page)


def test_the_rows_behind_a_cell_are_those_of_the_file():
    page = trained(with_file(opened(), sample()), 40)
    at(page, "judge")
    box = next(one for one in page.selectbox if one.label.startswith("Rows in this cell"))
    assert all("predicted" in one for one in box.options)
    box.select_index(0).run()
    assert not page.exception
    frame = next(one.value for one in page.dataframe if "Art" in one.value)
    text = sample().decode("latin-1").split("\n")
    for line, row in frame.iterrows():
        assert ";".join(row) == text[line - 1]


def test_a_row_of_the_table_is_walked_through_and_named_by_its_line():
    page = trained(with_file(opened(), sample()), 8)
    visitor = visit(page)
    example = int(visitor.run.dataset.test[3])
    place = int(np.flatnonzero(example_order(visitor.run) == example)[0])
    step = Stepping(visitor.run_number, epoch=5, alone=True, example=place)
    page.session_state["stepping"] = step
    page.switch_page("pages/step.py").run()
    assert not page.exception
    assert current_trace(visitor.run, 5, step).examples.tolist() == [example]
    row = visitor.table.build.prepared(visitor.config).rows[example]
    line = visitor.table.build.table.lines[row]
    assert any(f"Line {line} of table" in caption.value for caption in page.caption)


def test_the_rows_that_are_missed_by_most_come_first():
    page = trained(with_file(opened(), SAMPLES["diabetes.csv"](), "diabetes.csv"), 5)
    at(page, "judge")
    frame = next(one.value for one in page.dataframe if "error" in one.value)
    errors = frame["error"].abs()
    assert len(frame) == 20
    assert errors.is_monotonic_decreasing
    data, run = visit(page).run.dataset, visit(page).run
    said = data.own_units(run.at(run.epochs, data.rows("test")).layers[-1].a)[0]
    assert errors.iloc[0] == pytest.approx(np.abs(said - data.targets[0, data.rows("test")]).max())


def test_a_table_may_have_columns_of_the_names_that_are_added():
    text = "error;predicted y;y\n" + "".join(
        f"{i % 7},5;{i % 5};{3 * i % 11},25\n" for i in range(60)
    )
    page = trained(with_file(opened(), text.encode()), 3)
    at(page, "judge")
    frame = next(one.value for one in page.dataframe if "error (network)" in one.value)
    assert {"error", "predicted y", "predicted y (network)"} <= set(frame.columns)


def test_folds_are_trained_one_after_another_and_can_be_stopped(monkeypatch):
    page = trained(with_file(opened(), sample()), 8)
    page.session_state["own.side"] = "Folds"
    at(page, "judge")
    page.selectbox(key="own.foldcount").set_value(3).run()
    page.button(key="own.folds").click().run()
    while page.get("progress"):
        page.run()
        assert not page.exception
    job, run, made = mine(page).folds, visit(page).run, visit(page).table.build
    assert job.ended == "done"
    here = [fold_scores(fold) for fold in trained_folds(made, run.config, 3, 8)]
    assert job.scores == here
    assert "fold 3" in page.dataframe[0].value.index
    monkeypatch.setattr("pages.widgets.shell.background_job.AT_ONCE", 0)
    monkeypatch.setattr("pages.widgets.shell.background_job.SLICE", 0)
    page.button(key="own.folds").click().run()
    page.button(key="own.folding.stop").click().run()
    assert "Stopped after 0 of 3 folds." in shown(page)
    assert mine(page).folds.work.stopped


def trained_folds(make: own.DatasetBuilder, config: Config, count: int, epochs: int):
    for fold in range(1, count + 1):
        run = fold_run(make, config, count, fold)
        run.advance(epochs)
        yield run


def parts(page: AppTest) -> keeping.DownloadInputs:
    """What the files of the page's run are made of."""
    run, made = visit(page).run, visit(page).table.build
    epoch = visit(page).screen.shown
    return keeping.DownloadInputs(run, made, made.prepared(run.config), epoch, model_of(run, epoch))


def test_every_file_that_is_offered_is_made():
    page = at(trained(with_file(opened(), sample())), "keep")
    for label in keeping.FILES:
        made = keeping.WORK[label](parts(page))
        assert len(made) > 100, label
        assert made == keeping.WORK[label](parts(page)), label


def test_predictions_hold_every_row_and_its_part():
    page = trained(with_file(opened(), sample()), 40)
    data = keeping.WORK["Predictions"](parts(page))
    table = read_table(data, "p.csv").frame
    assert len(table) == 150
    counts = table["part of the data"].value_counts()
    assert counts.to_dict() == {"train": 90, "validation": 30, "test": 30}
    shares = table.filter(like="probability of").apply(lambda one: one.str.replace(",", "."))
    shares = shares.astype(float)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-9)
    best = shares.to_numpy().argmax(axis=1)
    assert list(table["predicted Art"]) == [visit(page).run.dataset.classes[k] for k in best]


def test_another_table_is_predicted_by_the_names_of_its_columns():
    page = at(trained(with_file(opened(), sample()), 40), "keep")
    lines = sample().decode("latin-1").strip().split("\n")
    turned = "\n".join(";".join(reversed(line.split(";")[:4])) for line in lines)
    page.file_uploader(key="own.second").upload("b.csv", turned.encode("latin-1")).run()
    assert not page.exception
    frame = next(one.value for one in page.dataframe if "predicted Art" in one.value)
    own_table = keeping.WORK["Predictions"](parts(page))
    wanted = read_table(own_table, "p.csv").frame["predicted Art"][:100]
    assert list(frame["predicted Art"]) == list(wanted)


def predict(page: AppTest, data: bytes, name: str = "b.csv") -> AppTest:
    """The page with another table that is predicted."""
    at(page, "keep").file_uploader(key="own.second").upload(name, data).run()
    assert not page.exception
    return page


def kept_file(page: AppTest) -> bytes:
    """The file with the predictions of the page's own table."""
    return keeping.WORK["Predictions"](parts(page))


NUMBERS = "x;sex;y\n" + "".join(
    f"{20 + 7 * i % 50},5;{'fm'[i % 2]};{i % 13},25\n" for i in range(60)
)


@pytest.mark.parametrize("name", ["iris from Germany.csv", "diabetes.csv", "wine.csv"])
def test_predictions_can_be_predicted_again_and_again_kind_31(name: str):
    page = trained(with_file(opened(), sample(name), name))
    first = kept_file(page)
    predict(page, first)
    frame = next(one.value for one in page.dataframe if "filled in (2)" in one.value)
    assert frame.columns.is_unique
    added = [column for column in frame if str(column).endswith(" (2)")]
    assert len(added) == 4 + len(visit(page).run.dataset.classes)
    said = frame[f"predicted {mine(page).builder.prepared(mine(page).plan).preparation.target} (2)"]
    before = read_table(first).frame.filter(like="predicted ").iloc[:100, 0]
    assert [str(one).replace(",", ".") for one in said] == list(before.str.replace(",", "."))


def test_a_table_with_a_column_for_its_parts_keeps_it_kind_31():
    text = "x,part of the data,filled in,y\n" + "".join(
        f"{i % 7}.5,{'ab'[i % 2]},{'cd'[i % 3 > 0]},{i % 5}\n" for i in range(60)
    )
    table = read_table(kept_file(trained(with_file(opened(), text.encode())))).frame
    assert {"part of the data", "part of the data (2)", "filled in (2)"} <= set(table.columns)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("22.5;m\n23.5;f\n", "'22.5' in line 2 is not a number with a decimal comma"),
        ("22.500;m\n23.500;f\n", "'22.500' in line 2 would be 22 500, far outside its range"),
        ("2021-05-05;m\n2021-06-05;f\n", "is not a number with a decimal comma"),
    ],
)
def test_another_table_in_another_form_is_refused_kind_34_kind_24(cells: str, words: str):
    page = trained(with_file(opened(), NUMBERS.encode()))
    predict(page, f"x;sex\n{cells}".encode())
    assert words in page.error[0].value.replace("\\", "").replace("\u202f", " ")
    assert not any("predicted y" in one.value for one in page.dataframe)


def test_the_page_shows_row_by_row_what_was_filled_in_kind_34():
    page = trained(with_file(opened(), NUMBERS.encode()))
    predict(page, b"id;x;sex\na;22,5;m\nb;;\nc;1000000000;x\nd;23,5;\n")
    frame = next(one.value for one in page.dataframe if "filled in" in one.value)
    assert frame["filled in"].tolist() == ["", "blank row, not predicted", "", "sex"]
    assert frame["new category"].tolist() == ["", "", "sex", ""]
    assert frame["outside the training range"].tolist() == ["", "", "x", ""]
    assert "1 row (line 3) is blank and not predicted." in shown(page)
    page.toggle(key="own.marked").set_value(True).run()
    frame = next(one.value for one in page.dataframe if "filled in" in one.value)
    assert len(frame) == 3


def test_predictions_come_back_in_the_form_of_the_file_or_as_a_plain_one_kind_36():
    page = at(trained(with_file(opened(), NUMBERS.encode("cp1252"))), "keep")
    options = page.selectbox(key="own.form").options
    assert options[0] == "like the original file: semicolon, decimal comma, utf-8"
    assert options[1] == "plain CSV: comma, decimal point, utf-8-sig"
    data = kept_file(page).decode()
    assert data.startswith("x;sex;y;predicted y;filled in;")
    for before, line in zip(NUMBERS.split("\n")[1:-1], data.split("\n")[1:], strict=False):
        assert line.startswith(before)
        assert "." not in line


def test_a_large_table_is_predicted_under_a_bar_and_can_be_stopped_kind_47(monkeypatch):
    page = trained(with_file(opened(), NUMBERS.encode()))
    monkeypatch.setattr(predicting, "AT_ONCE", 10)
    monkeypatch.setattr("engine.export.csv_writing.ROWS", 7)
    monkeypatch.setattr("pages.widgets.shell.background_job.AT_ONCE", 0)
    monkeypatch.setattr("pages.widgets.shell.background_job.SLICE", 0)
    at(page, "keep").button(key="own.Predictions.make").click().run()
    assert not page.exception
    assert page.get("progress")
    page.button(key="own.Predictions.task.stop").click().run()
    assert "Writing was stopped." in shown(page)
    page.button(key="own.Predictions.make").click().run()
    while page.get("progress"):
        page.run()
        assert not page.exception
    task = next(iter(page.session_state["prediction"].files.values()))
    assert task.work.result == kept_file(page)


def test_a_column_that_is_missing_in_another_table_is_named():
    page = at(trained(with_file(opened(), sample())), "keep")
    page.file_uploader(key="own.second").upload("b.csv", b"x;y\n1;2\n3;4\n").run()
    assert not page.exception
    assert "The table has no column 'Kelchblattlänge (cm)'" in page.error[0].value.replace("\\", "")


def test_a_project_opens_again_exactly_as_it_was():
    page = trained(with_file(opened(), sample()), 25)
    run = visit(page).run
    data = keeping.WORK["Project"](parts(page))
    other = with_file(opened(), data, "deltascope-project.zip")
    again = visit(other).run
    assert mine(other).step == "train"
    assert again.config == run.config
    assert again.losses.tobytes() == run.losses.tobytes()
    assert visit(other).table.build.table.frame.equals(visit(page).table.build.table.frame)
    run.advance(5)
    again.advance(5)
    assert again.losses.tobytes() == run.losses.tobytes()
    assert visit(other).screen.shown == 25
    at(other, "columns")
    assert "Train again from the start" in [one.label for one in other.button]


@pytest.mark.parametrize("epoch", [0, 7, 25])
def test_a_project_opens_at_the_epoch_that_was_on_the_screen_kind_33(epoch: int):
    page = trained(with_file(opened(), sample()), 25)
    visit(page).screen.shown, visit(page).screen.looked = epoch, visit(page).run_number
    at(page, "keep")
    assert f"The network after epoch {epoch}" in shown(page)
    before = kept_file(page)
    other = with_file(opened(), keeping.WORK["Project"](parts(page)), "p.zip")
    assert (visit(other).run.epochs, visit(other).screen.shown) == (25, epoch)
    assert mine(other).step == "train"
    at(other, "keep")
    assert f"The network after epoch {epoch}" in shown(other)
    assert kept_file(other) == before
    at(other, "judge")
    assert f"Epoch {epoch}, 30 rows of the test part." in shown(other)


def test_a_project_of_an_earlier_version_opens_where_its_run_ended_kind_33():
    page = trained(with_file(opened(), sample()), 9)
    run, made = visit(page).run, visit(page).table.build
    old = Project(run, made.table, made.prepared(run.config), made.data, made.choices)
    assert b"shown" not in zipfile.ZipFile(io.BytesIO(project_file(old))).read("project.json")
    other = with_file(opened(), project_file(old), "p.zip")
    assert visit(other).screen.shown == 9
    with pytest.raises(ValueError, match="a whole number from 0 to 9"):
        open_project(project_file(old._replace(epoch=10)))


def test_the_report_says_of_which_epoch_it_is_where_patience_has_ended_a_run_kind_33():
    page = trained(with_file(opened(), sample()), 3)
    run = visit(page).run
    run.finished, run.patience.best = "Stopped after epoch 3: patience. Epoch 1 is restored.", 1
    for epoch, words in (
        (1, "Epoch 1 is restored."),
        (2, "of epoch 1. This report is on epoch 2."),
    ):
        text = paper.html_report(run, visit(page).table.build, epoch, model_of(run, epoch))
        assert words in text
        assert f"report on epoch {epoch}</h1>" in text
        assert ("is restored" in text) == (epoch == 1)


def test_what_was_computed_before_an_edit_is_not_shown_after_it_kind_33():
    page = at(trained(with_file(opened(), sample()), 8), "judge")
    before = next(one.value for one in page.dataframe)
    run = visit(page).run
    run.edit(8, "b2.0", 90.0)
    page.run()
    assert run.epochs == 8
    assert not next(one.value for one in page.dataframe).equals(before)


def test_a_project_keeps_what_was_chosen_for_the_columns():
    ours, _ = chosen("iris.csv", sample("iris.csv"), {0: {"Use": False}, 1: {"Kind": "category"}})
    made = ours.builder.prepared(ours.plan)
    from engine.training.run import Run

    run = Run(ours.plan, made.dataset)
    run.advance(2)
    data = project_file(
        Project(run, ours.builder.table, made, ours.builder.data, ours.builder.choices)
    )
    found = open_project(data)
    assert found.prepared.dataset.input_names == made.dataset.input_names
    named = {"target": "species", "task": "classification"}  # though it was only suggested
    assert dict(found.choices) == {**ours.builder.choices, **named}


def test_a_damaged_project_is_a_sentence():
    page = trained(with_file(opened(), sample()))
    data = keeping.WORK["Project"](parts(page))
    with_file(at(page, "open"), data[: len(data) // 2], "p.zip")
    assert "damaged" in shown(page)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("project.json", "{}")
        archive.writestr("run.npz", b"")
    with_file(page, out.getvalue(), "q.zip")
    assert "not a project" in shown(page)


def test_the_report_is_a_page_of_text_only():
    page = trained(with_file(opened(), hostile()), 3)
    text = paper.html_report(
        *(getattr(parts(page), name) for name in ("run", "made", "epoch", "network"))
    )
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "<script" not in text
    assert "default-src 'none'" in text


def hostile() -> bytes:
    """A table whose names and cells mean something elsewhere."""
    draw = np.random.default_rng(0)
    columns = {name: draw.normal(size=60).round(3) for name in HOSTILE}
    words = np.array(["<b>yes</b>", "=cmd|' /C calc'!A0"])[(draw.random(60) > 0.5).astype(int)]
    return pd.DataFrame({**columns, "label": words}).to_csv(index=False).encode()


def test_names_and_cells_are_text_everywhere():
    page = trained(with_file(opened(), hostile(), "<h1>[x](y)</h1>.csv"), 3)
    for step in ("open", "columns", "judge", "keep"):
        at(page, step)
        for one in (*page.markdown, *page.caption, *page.info, *page.warning, *page.subheader):
            raw = one.value
            assert "[link](" not in raw
            assert "<img" not in raw or "\\<img" in raw
            assert "**bold**" not in raw


def test_predictions_are_no_formulas():
    page = trained(with_file(opened(), hostile()), 3)
    data = keeping.WORK["Predictions"](parts(page)).decode("utf-8-sig")
    assert "'=1+1" in data.split("\r\n")[0]
    frame = pd.DataFrame({"@a": ["=1", "-5", "+x"]})
    assert as_csv(frame).decode("utf-8-sig").split("\r\n")[:4] == ["'@a", "'=1", "-5", "'+x"]


def test_an_epoch_that_was_not_heard_is_the_last_one_and_can_be_typed_in():
    page = trained(with_file(opened(), sample()), 30)
    visit(page).screen.shown = 0
    at(page, "judge")
    assert "Epoch 30, 30 rows of the test part." in shown(page)
    page.number_input(key="choice.own.epoch").set_value(0).run()
    assert "Epoch 0, 30 rows of the test part." in shown(page)
    assert visit(page).screen.shown == 0


def doubtful(*, hostile: bool = False) -> bytes:
    """Return a table of three columns of numbers that have nothing to do with each other."""
    rng = np.random.default_rng(1)
    names = HOSTILE[:3] if hostile else ("width", "height", "depth")
    rows = [",".join(f"{x:.3f}" for x in row) for row in rng.normal(size=(60, 3))]
    return "\n".join([",".join(f'"{name}"' for name in names), *rows]).encode()


def test_the_page_asks_for_a_doubtful_target_and_trains_only_after_the_answer_kind_20():
    page = at(with_file(opened(), doubtful()), "columns")
    assert sorted(own_question(page)) == ["depth", "height", "width"]
    assert "Which column should the network predict?" in shown(page)
    assert "It is the last usable column, and it has numbers." in shown(page)
    assert page.button(key="own.train").disabled
    assert page.selectbox(key="choice.own.target").value is None
    assert visit(page).table is None
    place = own_question(page).index("height")
    page.button(key=f"own.candidate.{place}").click().run()
    assert not page.exception
    assert not own_question(page)
    assert page.selectbox(key="choice.own.target").value == "height"
    assert not page.button(key="own.train").disabled
    page.button(key="own.train").click().run()
    assert visit(page).run.dataset.target_names == ("height",)


def test_any_other_column_answers_the_question_too():
    page = at(with_file(opened(), doubtful()), "columns")
    page.selectbox(key="choice.own.target").set_value("width").run()
    assert not page.exception
    assert not own_question(page)
    assert mine(page).builder.prepared(mine(page).plan).preparation.target == "width"


def test_a_doubtful_target_is_not_trained_on_by_another_way():
    page = at(with_file(opened(), doubtful()), "train")
    assert page.button(key="own.train").disabled
    assert "Choose under Columns what to predict. Then you can train." in shown(page)


def test_the_question_stays_while_other_choices_are_made():
    page = at(with_file(opened(), doubtful()), "columns")
    page.selectbox(key="choice.own.impute").set_value("mean").run()
    assert not page.exception
    assert own_question(page)
    assert page.button(key="own.train").disabled


def test_names_in_the_question_are_shown_as_they_are():
    page = at(with_file(opened(), doubtful(hostile=True)), "columns")
    labels = {one.label for one in page.button if (one.key or "").startswith("own.candidate.")}
    assert labels == {literal(name) for name in HOSTILE[:3]}


def test_a_target_that_is_clear_is_no_question():
    page = at(with_file(opened(), sample("wine.csv"), "wine.csv"), "columns")
    assert not own_question(page)
    assert "'grower' is predicted, because" in shown(page)
    assert not page.button(key="own.train").disabled
