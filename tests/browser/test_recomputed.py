"""The equations with numbers on the page that steps through: what stands there is worked out again.

Each line is read as text, the way a learner reads it, with every digit shown.
"""

import itertools
import math
import re

import pytest
from playwright.sync_api import Page, expect

from engine.explain.step_trace import trace_batch, trace_example
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.widgets.step.step_trace import trace_message
from tests.browser.driver import Server
from tests.browser.walker import Walker, naming

STEPPED = {"schedule": "step", "schedule_length": 2, "schedule_factor": 0.1}
CASES = [
    {"optimizer": "adam", "clip": 0.05, "l2": 0.01, "l1": 0.002, **STEPPED},
    {"optimizer": "adam", "convention": "keras", "activation": "relu"},
    {"optimizer": "adamw", "weight_decay": 0.1, "dropout": 0.3, "activation": "leaky_relu"},
    {"optimizer": "adagrad", "convention": "keras", "dataset": "plane", "activation": "sigmoid"},
    {"optimizer": "adagrad", "activation": "elu", "dataset": "plane", "loss": "mae"},
    {"optimizer": "rmsprop", "convention": "keras", "activation": "softplus", "max_norm": 0.6},
    {"optimizer": "nesterov", "convention": "pytorch", "dataset": "iris", "batch_size": 12},
    {"optimizer": "momentum", "dataset": "iris", "class_weights": "balanced", "batch_size": 12},
    {"optimizer": "sgd", "dataset": "plane", "loss": "half_mse", "activation": "silu"},
]
WORDS = {
    "−": "-",
    "×": "*",
    "√": "root",
    "∞": "math.inf",
    "½": "0.5*",
    "²": "**2",
    "exp(": "math.exp(",
    "ln(": "math.log(",
    "tanh(": "math.tanh(",
}
UNREAD = ("more", "the sum of", "the largest", "of this example", "for its class", "h(", "Φ")


def value_of(text: str) -> float:
    """A side of a line, worked out."""
    if found := re.fullmatch(r"1 if (.*) > 0, else (.*)", text):
        return 1.0 if value_of(found[1]) > 0 else value_of(found[2])
    text = re.sub(r"−?ln (\S+)", lambda m: m[0].replace("ln ", "ln(") + ")", text)
    for sign, words in WORDS.items():
        text = text.replace(sign, words)
    text = re.sub(r"root(-?[\d.e+-]+)", r"math.sqrt(\1)", text).replace("root(", "math.sqrt(")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    names = {"math": math, "max": max, "min": min, "sign": sign_of, "abs": abs}
    text = re.sub(r"\)\s*\(", ")*(", text)
    return eval(text, {"__builtins__": {}}, names)


def sign_of(value: float) -> float:
    return float((value > 0) - (value < 0))


# The equation with numbers, without the names beside them, powers written as **.
LINES = """(root) => [...root.querySelectorAll(".numbers p")].map((p) => {
  const copy = p.cloneNode(true);
  copy.querySelectorAll(".named").forEach((name) => name.remove());
  copy.querySelectorAll("sup").forEach((sup) => sup.prepend("**"));
  return copy.textContent;
})"""


def holds(one: Walker) -> None:
    """Work out each line of each equation."""
    read, found = 0, one.each(LINES, painted=False)
    assert len(found) == one.lines
    for line in itertools.chain(*found):
        assert not re.search(r"[−+×/√] ?−", line), line  # kind 62: a minus sign in brackets
        if any(words in line for words in UNREAD):
            continue
        left, _, right = line.rpartition(" = ")
        assert value_of(left) == pytest.approx(value_of(right), rel=1e-9, abs=1e-14), line
        read += 1
    assert read >= one.lines


@pytest.fixture
def alone(page: Page, server: Server) -> Walker:
    """A walker without Streamlit: what the page adds to it, test_step.py tests."""
    page.goto(server.url + "/_stcore/health")
    return Walker(page)


def run_of(**choices) -> Run:
    """A run of three epochs."""
    config = Config(hidden=(3,), **choices)
    run = Run(config, load(config))
    run.advance(3)
    return run


def test_what_stands_in_a_line_gives_what_it_says(alone: Walker):
    """In a batch, and in one example alone."""
    for choices in CASES:
        run = run_of(**{"learning_rate": 0.05} | choices)
        example = int(run.dataset.train[0])
        with naming(choices):
            gives_what_it_says(alone.mount(trace_message(run, trace_batch(run, 3, 2))), True)
            gives_what_it_says(alone.mount(trace_message(run, trace_example(run, 3, example))))


def gives_what_it_says(one: Walker, several: bool = False) -> None:
    """Work out each line of a walk of several examples or of one."""
    examples = one.root.get_by_label("Example", exact=True).locator("option")
    assert (examples.count() > 1) == several
    one.root.get_by_label("Digits").select_option("all")
    holds(one)


def test_adam_is_shown_with_each_of_its_numbers(alone: Walker):  # kind 55
    run = run_of(optimizer="adam")
    alone.mount(trace_message(run, trace_batch(run, 3, 2)))
    text = "\n".join(alone.go("update", "step").sums())
    for sign in ("t = ", "β₁ᵗ = ", "m̂ = ", "v̂ = ", "1e−8 (ε)", "(η)"):
        assert sign in text
    assert "1e−8" in alone.root.locator(".picked").inner_text()
    assert "s₁" not in alone.root.inner_text()


def test_an_error_term_says_what_it_is_divided_by(alone: Walker):  # kind 57
    run = run_of(batch_size=10)
    picked = alone.root.locator(".picked")
    alone.mount(trace_message(run, trace_batch(run, 2, 1)))
    alone.go("backward", "slope", 1).choose(0, 1)
    cell = float(picked.locator(".cell").get_attribute("data-picked") or "nan")
    shown = float(picked.locator("[data-alone]").get_attribute("data-alone") or "nan")
    assert shown == pytest.approx(10 * cell, rel=1e-12)
    assert "n = 10" in picked.inner_text()
    alone.mount(trace_message(run, trace_example(run, 2, int(run.dataset.train[0]))))
    alone.go("backward", "slope", 1).choose(0, 0)
    assert re.search(r"n = 1\b", picked.inner_text())


# Moves a pointer over the diagram until its tip begins with the words; returns where that is.
FIND = """(canvas, words) => {
  const tip = canvas.ownerDocument.querySelector(".deltascope-player .tip");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  for (let down = 5; down < 100; down += 6)
    for (let across = 5; across < 100; across += 4) {
      const [clientX, clientY] = [left + (width * across) / 100, top + (height * down) / 100];
      canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true }));
      if (!tip.hidden && tip.innerText.startsWith(words)) return [clientX, clientY];
    }
}"""


def tip_of(page: Page, unit: str) -> str:
    """What the pointer tells of a unit of the network diagram on Train."""
    found = page.locator(".deltascope-player canvas").first.evaluate(FIND, unit)
    assert found, f"{unit} is not in the diagram"
    page.mouse.move(0, 0)
    page.mouse.move(*found)
    tip = page.locator(".deltascope-player .tip").first
    expect(tip).to_be_visible()
    assert tip.inner_text().startswith(unit)
    return tip.inner_text()


def test_train_and_step_show_the_same_delta_of_one_example(page: Page, server: Server):
    # kind 57: n·δ on Train is the δ of the example alone, and n·δ of it in any batch
    page.goto(f"{server.url}/?hidden=3&epoch=20&seed=2")
    page.locator(".deltascope-player canvas").first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Backward").first.click()
    chosen = page.locator(".deltascope-player select").filter(has_text="#").first
    page.get_by_text("epoch 20").first.wait_for(timeout=60_000)
    deltas = {}
    for example in (0, 3):
        chosen.select_option(str(example))
        label = chosen.locator("option:checked").inner_text().split(" ")[0]
        found = re.search(r"n·δ⁽¹⁾₂ = (\S+)", tip_of(page, "layer 1, unit 2"))
        assert found
        deltas[example] = label, value_of(found[1])
    page.get_by_role("link", name="Step through", exact=True).click()
    one = Walker(page).wait()
    page.get_by_role("radio", name="one example").click()
    for example, (label, delta) in deltas.items():
        field = page.get_by_label(re.compile("^Example, 0 to"))
        field.fill(str(example))
        field.press("Enter")
        expect(one.root.get_by_label("Example", exact=True)).to_contain_text(label)
        alone = one.go("backward", "slope", 1).table()[1, 0]
        assert delta == pytest.approx(alone, abs=3e-5)  # 16 bits on the way
