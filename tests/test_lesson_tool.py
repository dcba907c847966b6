"""`python -m tools.lesson`: what a teacher is told of a file."""

from engine.lessons.library import TEXTS
from tests.engine.lessons.sample import SAMPLE, changed
from tools.lesson import main


def run(tmp_path, capsys, text):
    path = tmp_path / "sample.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return main([str(path)]), capsys.readouterr().out


def test_a_right_file_is_printed_with_its_measured_claims(tmp_path, capsys):
    code, out = run(tmp_path, capsys, SAMPLE)
    assert code == 0
    assert "sample.md: right" in out
    assert "A.train_loss < 2 * B.train_loss   [A.train_loss = 0." in out
    assert "The loss is 0." in out


def test_faults_of_the_text_are_printed(tmp_path, capsys):
    code, out = run(tmp_path, capsys, changed("minutes = 5", "minutes = 0").replace("## Key", "#"))
    assert code == 1
    assert "sample.md: 2 faults" in out
    assert "'minutes' must be" in out


def test_faults_of_the_runs_are_printed(tmp_path, capsys):
    code, out = run(tmp_path, capsys, changed("A.train_loss > 0", "A.train_loss < 0"))
    assert code == 1
    assert "  Step 1: The claim does not hold: A.train_loss < 0." in out


def test_faults_of_the_settings_are_printed(tmp_path, capsys):
    code, out = run(tmp_path, capsys, changed("3:learning_rate:0.5", "soon"))
    assert code == 1
    assert "Step 1, run B: The link's change 'soon' was ignored" in out


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path, capsys):
    assert run(tmp_path, capsys, b"\xff\xfe\x00")[0] == 1
    assert main([str(tmp_path / "missing.md")]) == 1
    assert "cannot be read as UTF-8 text" in capsys.readouterr().out


def test_without_a_file_it_says_how_to_call_it(capsys):
    assert main([]) == 2
    assert "python -m tools.lesson FILE" in capsys.readouterr().out


def test_a_lesson_of_the_product_is_right(capsys):
    assert main([str(TEXTS / "en" / "four_points.md")]) == 0
    assert "0.6931" in capsys.readouterr().out


def test_a_translation_is_compared_with_the_english_lesson(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("tools.lesson.LOCALES", tmp_path)
    path = tmp_path / "one_neuron_by_head.md"
    text = (TEXTS / "en" / path.name).read_text("utf-8")
    path.write_text(text.replace("minutes = 8", "minutes = 9"), "utf-8")
    assert main([str(path)]) == 1
    assert "Not as in the English lesson: minutes. It must be 8; 9" in capsys.readouterr().out
    path.write_text(text.replace("One step by hand", "手算一步"), "utf-8")
    assert main([str(path)]) == 0
