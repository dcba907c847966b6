"""What the page hands out: programs and ONNX files that predict a table as the page does."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from playwright.sync_api import Page

from engine.tables.reading.reader import read_table
from tests.browser.driver import Server, choose
from tests.browser.test_data import download, go, train_on_table, upload

CANARY = "open('canary', 'w').close()"
ROWS = [
    {
        f"coding: utf-7 {CANARY}": f"{3 + i % 5},{i % 7}",
        "<b>colour</b>": ["rot", "grün", "blau", ""][i % 4],
        "=sort": [f"a\n{CANARY}", "![x](https://e.vil/p.png)"][(i % 5 + i % 7) // 6],
    }
    for i in range(60)
]


def table() -> bytes:
    """The rows as a CSV with decimal commas."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ROWS[0]), delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue().encode()


def test_a_hostile_table_comes_back_as_a_program_and_as_onnx(
    page: Page, server: Server, tmp_path: Path
):  # kind_35, kind_40
    page.goto(f"{server.url}/data")
    page.get_by_text("No file at hand").wait_for()
    upload(page, table(), "t.csv")
    page.get_by_role("button", name="Next: columns").click()
    choose(page.get_by_role("combobox").first, "=sort")
    player = train_on_table(page)
    player.press("Train")
    player.wait_epoch(15)
    player.pause()
    page.wait_for_timeout(1500)  # the server hears which epoch is on the screen
    go(page, "Save")
    page.get_by_role("button", name="Program", exact=True).wait_for()

    right = read_table(download(page, "Predictions"), "p.csv").frame
    shares = right.filter(like="probability of").map(lambda text: text.replace(",", "."))
    shares = shares.astype(float).to_numpy()

    (tmp_path / "program.py").write_bytes(download(page, "Program"))
    (tmp_path / "table.csv").write_bytes(table())
    start = [sys.executable, "program.py", "table.csv", "said.csv"]
    subprocess.run(start, cwd=tmp_path, check=True)
    with open(tmp_path / "said.csv", encoding="utf-8-sig", newline="") as file:
        names, *said = csv.reader(file)
    assert names[:2] == ["line", "predicted =sort"]
    np.testing.assert_allclose(np.array([row[2:] for row in said], float), shares, atol=1e-6)
    assert {row[1] for row in said} <= {row["=sort"] for row in ROWS}
    assert not (tmp_path / "canary").exists()

    for label, near in (("ONNX", 1e-6), ("ONNX, float32", 1e-5)):
        session = onnxruntime.InferenceSession(download(page, label))
        number, text = session.get_inputs()
        assert (number.name, text.name) == tuple(ROWS[0])[:2]
        kind = {"tensor(double)": np.float64, "tensor(float)": np.float32}[number.type]
        values = [float(row[number.name].replace(",", ".")) for row in ROWS]
        given = {number.name: np.array(values, kind)[:, None]}
        given[text.name] = np.array([row[text.name] for row in ROWS], object)[:, None]
        labels, found = session.run(None, given)
        np.testing.assert_allclose(found, shares, atol=near)
        assert labels.tolist() == [row[1] for row in said]
