"""The page that steps through, as a learner uses it: every number can be followed by hand."""

import base64
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, Request, WebSocket, expect

from engine.explain.step_trace import StepTrace, trace_batch
from engine.nn.equations import Array
from engine.nn.losses import LOSSES
from engine.problems.presets import PRESETS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.widgets.step import step_trace as server_side
from tests.browser.axe import faults
from tests.browser.driver import Scheme, Server, recolour, settled
from tests.browser.walker import Walker, naming

Open = Callable[..., Walker]


@pytest.fixture
def walker(page: Page, server: Server) -> Open:
    """Opens the page for the choices of a Config, and returns its walker."""

    def opened(**choices) -> Walker:
        return Walker(page).open(f"{server.url}/step?{urlencode(Config(**choices).to_query())}")

    return opened


def walk_of(config: Config, epoch: int = 0) -> tuple[Run, StepTrace]:
    """The engine's own walk of the first batch after an epoch."""
    run = Run(config, load(config))
    run.advance(epoch)
    return run, trace_batch(run, epoch)


def result(own: StepTrace, phase: str, rule: str, layer: int = 0) -> Array:
    """What the engine left at an equation."""
    line = next(
        one
        for one in own.lines
        if (one.line.equation.phase, one.line.equation.rule) == (phase, rule)
        and layer in (0, one.line.equation.layer)
    )
    return line.calls[-1].results[0].cells


# Published by Mazur, "A Step by Step Backpropagation Example" (2015): nine digits, cut off; and
# the equation as he writes it, with his numbers.
MAZUR = [
    ("forward", "affine", 1, [0.3775, 0.3925], "0.15 × 0.05 + 0.2 × 0.1 + 0.35 = 0.3775"),
    (
        *("forward", "activation", 1, [0.593269992, 0.596884378]),
        "1 / (1 + exp(−0.3775)) = 0.5932699921071872",
    ),
    ("forward", "affine", 2, [1.105905967, 1.224921404], None),
    ("forward", "activation", 2, [0.75136507, 0.772928465], None),
    (
        *("loss", "loss", 0, [0.298371109]),
        "½ (0.7513650695523157 − 0.01)² + ½ (0.7729284653214625 − 0.99)² = 0.2983711087600027",
    ),
    ("backward", "error", 2, [0.138498562, -0.038098237], None),
    (
        *("backward", "gradient", 2, None),
        "0.13849856162855698 × 0.5932699921071872 = 0.08216704056423078",
    ),
    ("backward", "slope", 1, [0.008771354, 0.009954255], None),
]
MAZUR_WEIGHTS = {
    1: [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
    2: [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
}


@pytest.fixture
def alone(page: Page, server: Server) -> Callable[[tuple[Run, StepTrace]], Walker]:
    """Shows a walk of the engine, as the server sends it, on a page without Streamlit."""
    page.goto(server.url + "/_stcore/health")
    return lambda own: Walker(page).mount(server_side.trace_message(*own))


def test_mazurs_example_and_a_step_on_xor_can_be_worked_by_hand_from_what_the_page_shows(alone):
    own = walk_of(PRESETS["mazur"].config)
    is_mazurs_to_his_last_digit(alone(own), own[1])
    config = Config(dataset="xor_table", hidden=(2,), seed=5, learning_rate=0.5)
    works_out_by_hand(alone(walk_of(config)))


def is_mazurs_to_his_last_digit(page: Walker, own: StepTrace) -> None:
    for phase, rule, layer, published, equation in MAZUR:
        shown = page.go(phase, rule, layer).table()
        if published:
            np.testing.assert_allclose(shown.ravel(), published, atol=1e-9, rtol=0)
        assert shown.ravel().tolist() == result(own, phase, rule, layer).ravel().tolist()
        if equation:
            assert page.sums()[0] == equation
        if rule == "affine":
            page.root.get_by_label("Digits").select_option("all")
    opens_back_to_what_was_given(page)
    page.go("update", "step")
    for layer, published in MAZUR_WEIGHTS.items():
        shown = page.layer(layer).table()
        np.testing.assert_allclose(shown[:, :-1], published, atol=6e-9, rtol=0)
        assert shown.tolist() == own.training.network.layers[layer - 1].Wb.tolist()
    page.choose(0, 0)
    assert page.sums() == [
        "0.08216704056423078 × 0.5 (η) = 0.04108352028211539",
        "0.4 − 0.04108352028211539 = 0.35891647971788465",
    ]


# The equations of a network with one hidden layer, in their order.
EQUATIONS = [
    ("forward", "affine", 1),
    ("forward", "activation", 1),
    ("forward", "affine", 2),
    ("forward", "activation", 2),
    ("loss", "loss", 0),
    ("backward", "error", 2),
    ("backward", "gradient", 2),
    ("backward", "slope", 1),
    ("backward", "gradient", 1),
    ("update", "step", 1),
]


def works_out_by_hand(page: Walker) -> None:
    given, shown = {}, []
    for phase, rule, layer in EQUATIONS:
        page.go(phase, rule, 0 if phase == "update" else layer)
        if rule in ("affine", "error"):
            given[rule, layer] = [page.table(place).tolist() for place in (0, 1)]
        shown.append((page.layer(layer) if phase == "update" else page).table())
    (W1, x), (W2, _), (_, [y]) = given.values()
    n, examples = len(y), range(len(y))
    z1 = [[row[0] * x[0][e] + row[1] * x[1][e] + row[2] for e in examples] for row in W1]
    a1 = [[math.tanh(z) for z in row] for row in z1]
    z2 = [W2[0][0] * a1[0][e] + W2[0][1] * a1[1][e] + W2[0][2] for e in examples]
    a2 = [1 / (1 + math.exp(-z)) for z in z2]
    L = -sum(math.log(a if t else 1 - a) for a, t in zip(a2, y, strict=True)) / n
    d2 = [(a - t) / n for a, t in zip(a2, y, strict=True)]
    dW2 = [sum(d2[e] * a1[k][e] for e in examples) for k in range(2)] + [sum(d2)]
    d1 = [[W2[0][k] * d2[e] * (1 - a1[k][e] ** 2) for e in examples] for k in range(2)]
    dW1 = [
        [sum(d1[k][e] * x[i][e] for e in examples) for i in range(2)] + [sum(d1[k])]
        for k in range(2)
    ]
    new = [[w - 0.5 * g for w, g in zip(*rows, strict=True)] for rows in zip(W1, dW1, strict=True)]
    worked = [z1, a1, [z2], [a2], [[L]], [d2], [dW2], d1, dW1, new]
    for equation, table, numbers in zip(EQUATIONS, shown, worked, strict=True):
        np.testing.assert_allclose(table, numbers, rtol=0, atol=1e-14, err_msg=str(equation))


def the_keyboard_alone_reaches_everything(page: Walker) -> None:
    keys = page.page.keyboard
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    assert page.line == 2
    keys.press("ArrowLeft")
    assert page.line == 1
    keys.press("End")
    assert page.line == page.lines - 1
    keys.press("Home")
    assert page.line == 0
    step = page.root.get_by_role("button", name="Step", exact=True)
    step.focus()
    keys.press("Enter")
    assert page.line == 1
    keys.press("Tab")
    expect(page.root.get_by_role("button", name="Play")).to_be_focused()
    chosen = page.root.locator('.grid.result [role=gridcell][aria-selected="true"]')
    for _ in range(60):
        if chosen.evaluate("cell => cell === document.activeElement"):
            break
        keys.press("Tab")
    keys.press("ArrowDown")
    keys.press("ArrowRight")
    expect(chosen).to_be_focused()
    assert chosen.get_attribute("data-cell") == "1,1"
    assert page.line == 1
    keys.press("Enter")
    panel = page.root.get_by_role("dialog")
    expect(panel).to_contain_text("a⁽¹⁾ of unit 2")
    keys.press("Escape")
    expect(panel).to_be_hidden()
    expect(chosen).to_be_focused()


def opens_back_to_what_was_given(page: Walker) -> None:
    """A number of the last layer but one, part by part."""
    page.choose(0, 0)
    page.root.get_by_role("button", name="Where does it come from?").click()
    panel = page.root.get_by_role("dialog")
    expect(panel.locator(".exact")).to_have_attribute("data-value", "0.008771354689486937")
    panel.get_by_role("button", name="∂L/∂a⁽¹⁾ of unit 1").click()
    expect(panel).to_contain_text("The products that add up to it")
    panel.get_by_role("button", name="W⁽²⁾ from unit 1 to output y₁").first.click()
    expect(panel).to_contain_text("Given: its value before this step")
    expect(panel.locator(".exact")).to_have_attribute("data-value", "0.4")
    panel.get_by_role("navigation").get_by_role("button", name="δ⁽¹⁾ of unit 1").click()
    expect(panel.locator(".exact")).to_have_attribute("data-value", "0.008771354689486937")
    page.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def plays_slowly(page: Walker) -> None:
    """One equation in two seconds, and none after a pause."""
    line = page.line
    page.press("Play")
    page.page.wait_for_timeout(1000)
    assert page.line == line
    expect(page.root).to_have_attribute("data-line", str(line + 1))
    page.press("Pause")
    page.page.wait_for_timeout(2300)
    assert page.line == line + 1


def stays_at_its_line_when_one_example_is_chosen(one: Walker) -> None:
    heading = one.root.get_by_role("heading", level=2)
    before = heading.inner_text()
    one.page.get_by_role("radio", name="one example").click()
    expect(one.root.get_by_label("Example", exact=True).locator("option")).to_have_count(1)
    assert heading.inner_text() == before
    one.page.wait_for_url("**example=0**")


def a_reload_shows_the_same_line(one: Walker) -> None:
    line, page = one.line + 1, one.page
    one.press("Step")
    page.wait_for_url(f"**line={line}**")
    query = parse_qs(urlsplit(page.url).query)
    assert (query["line"], query["batch"], query["epoch"]) == ([str(line)], ["0"], ["0"])
    page.reload()
    assert one.wait().line == line
    expect(page.get_by_test_id("stAlertContentWarning")).to_have_count(0)


@contextmanager
def asking_nothing(page: Page, sent: list[object]) -> Iterator[None]:
    """Hold that the page asks the server for nothing; `sent` is what its WebSocket has sent."""
    settled(page)
    assert sent
    sent.clear()

    def asked(request: Request) -> None:
        sent.append(request.url)

    page.on("request", asked)
    yield
    page.wait_for_timeout(500)
    page.remove_listener("request", asked)
    assert sent == []


LAYOUTS = [
    {"hidden": (8, 8), "dropout": 0.3, "l2": 0.01, "l1": 0.01, "optimizer": "adam"},
    {"dataset": "digits", "hidden": (16,), "optimizer": "nesterov", "clip": 1.0},
    {"dataset": "plane", "loss": "huber", "hidden": (3, 3), "activation": "leaky_relu"},
]


LOOKS = """(root) => {
  const all = (what) => [...root.querySelectorAll(what)];
  return {
    wide: document.documentElement.scrollWidth - innerWidth,
    clipped: all(".symbols, .shapes, .numbers")
      .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className),
    errors: all(".katex-error").length,
    raw: all(".katex-html").map((one) => one.textContent),
    formulas: [all(".formula").length, all(".formula .katex").length],
    spoken: all(".formula:not(.large)").map((one) => one.getAttribute("aria-label")),
  };
}"""


def test_keys_reach_everything_nothing_is_clipped_and_no_step_asks_the_server(
    walker: Open, page: Page
):
    """Every formula is set, and axe finds no fault."""
    page.set_viewport_size({"width": 1400, "height": 600})  # too low to show the check, which asks
    one = walker(**LAYOUTS[0])
    the_keyboard_alone_reaches_everything(one)
    sent: list[object] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))

    page.on("websocket", listen)
    a_reload_shows_the_same_line(one)
    plays_slowly(one)
    with asking_nothing(page, sent):
        looks_right(one, 1400)
        one.choose(0, 1)
    page.remove_listener("websocket", listen)
    # As assistive technology does it. The row of the cell must not make room for the next one.
    one.cell(0, 0).evaluate("cell => cell.scrollIntoView({block: 'start', inline: 'start'})")
    one.choose(0, 0)
    stays_at_its_line_when_one_example_is_chosen(one)
    for choices in LAYOUTS:  # in the same place, as a message of the server
        one.mount(server_side.trace_message(*walk_of(Config(**choices))))
        for width in (390, 1400) if choices != LAYOUTS[0] else (390,):
            page.set_viewport_size({"width": width, "height": 844})
            with naming(choices):
                looks_right(one, width, painted=width == 390 and choices != LAYOUTS[0])
    config = Config(hidden=(3,), dropout=0.4, l2=0.01)
    axe_finds_no_fault(one.mount(server_side.trace_message(*walk_of(config))))


def looks_right(one: Walker, width: int, painted: bool = True) -> None:
    """Hold that each equation fits its place, where the window is this wide.

    The network beside an equation is drawn once the equation has been painted.
    """
    looks = one.each(LOOKS, painted)
    assert len(looks) == one.lines
    for line, found in enumerate(looks):
        where = f"line {line} at {width} px"
        assert found["wide"] <= 0, where
        assert found["clipped"] == [], where
        assert found["errors"] == 0, where
        assert found["raw"], where
        assert not any("\\" in text for text in found["raw"]), where
        assert found["formulas"][0] == found["formulas"][1], where
        assert all(found["spoken"]), where  # the equation itself has its MathML
        odd = [text for text in found["spoken"] if re.search(r"[\\{}]|arrow|script", text)]
        assert odd == [], where


def axe_finds_no_fault(one: Walker) -> None:
    walker_has_no_fault(one.go("loss", "loss"), 1400, "light")
    one.root.get_by_role("button", name="Last equation").click()
    one.root.get_by_role("button", name="Where does it come from?").click()
    walker_has_no_fault(one, 390, "light", " [role=dialog]")
    walker_has_no_fault(one, 1400, "dark")
    walker_has_no_fault(one, 390, "dark", " article")


def walker_has_no_fault(one: Walker, width: int, scheme: Scheme, part: str = "") -> None:
    """Let axe look at the walk, or at the part that is another one than before."""
    one.page.set_viewport_size({"width": width, "height": 900})
    recolour(one.page, scheme)
    assert one.root.locator(part or "*").count()
    assert faults(one.page, f"[data-walker]{part}") == [], (width, scheme)


# ---- the modules by themselves, on walks that the engine made

MIXED = [
    {},
    {"dataset": "xor_table", "hidden": (2,), "optimizer": "momentum", "l2": 0.1},
    {"hidden": (3, 2), "dropout": 0.3, "l1": 0.01, "l2": 0.02, "optimizer": "adam"},
    {"hidden": (3,), "optimizer": "adam", "convention": "keras"},
    {"hidden": (3,), "optimizer": "adamw", "weight_decay": 0.1, "dropout": 0.2},
    {"hidden": (3,), "optimizer": "nesterov", "convention": "pytorch", "clip": 0.01},
    {"hidden": (3,), "optimizer": "nesterov", "max_norm": 0.5},
    {"hidden": (3,), "optimizer": "adagrad", "biases": "frozen"},
    {"hidden": (3,), "optimizer": "rmsprop", "convention": "keras", "activation": "gelu"},
    {"dataset": "iris", "hidden": (4,), "activation": "elu", "class_weights": "balanced"},
    {"dataset": "iris", "hidden": (4,), "output": "softmax", "loss": "mse", "activation": "silu"},
    {"dataset": "plane", "hidden": (0,)[:0], "loss": "huber"},
]
MODULE = """async ([text, url, about]) => {
  const load = (name) => import(`${url}/app/static/${name}.js`);
  const { unpack } = await load("shared/payload");
  const { Trace } = await load("trace/trace");
  const { Labels } = await load("trace/labels");
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const { meta, arrays } = unpack(bytes);
  const trace = new Trace(meta, arrays);
  const labels = new Labels(meta, trace.views);
  %s
}"""


@pytest.fixture
def inside(page: Page, server: Server) -> Callable[..., object]:
    """Return what runs JavaScript with the `trace`, `labels`, `meta` and `load` of a walk."""
    page.goto(server.url + "/_stcore/health")

    def run(code: str, own: tuple[Run, StepTrace], about: object = None) -> object:
        text = base64.b64encode(server_side.trace_message(*own)).decode()
        return page.evaluate(MODULE % code, [text, server.url, about])

    return run


def test_the_trace_in_the_browser_is_the_engines(inside):
    """Its results, the parts that each number has, and the parts of each weight's change."""
    for choices in MIXED:
        run, own = walk_of(Config(**choices), 1)
        with naming(choices):
            results_agree((run, own), inside)
            parts_agree((run, own), inside)
            changes_agree((run, own), inside)


def results_agree(own: tuple[Run, StepTrace], inside) -> None:
    found = inside(
        """return trace.lines.map(({ end }) => {
          const { view } = trace.calls[end - 1].leaves[0];
          const { rows, columns } = trace.views[view];
          return Array.from({ length: rows * columns }, (_, k) =>
            trace.value(trace.address(view, Math.floor(k / columns), k % columns), end));
        })""",
        own,
    )
    expected = [line.calls[-1].results[0].cells.ravel().tolist() for line in own[1].lines]
    assert found == expected


def parts_agree(own: tuple[Run, StepTrace], inside) -> None:
    count, worst = inside(
        """const rules = {
          add: ([a, b]) => a + b, subtract: ([a, b]) => a - b, multiply: ([a, b]) => a * b,
          divide: ([a, b]) => a / b, sqrt: ([a]) => Math.sqrt(a), tanh: ([a]) => Math.tanh(a),
          exp: ([a]) => Math.exp(a), positive: ([a]) => a, sign: ([a]) => Math.sign(a),
          largest: ([a, b]) => Math.max(a, b), smallest: ([a, b]) => Math.min(a, b),
          power: ([a, b]) => a ** b, is_positive: ([a]) => (a > 0 ? 1 : 0),
          clip_factor: ([length, most]) => Math.min(1, most / length),
          expit: ([a]) => 1 / (1 + Math.exp(-a)), expm1: ([a]) => Math.expm1(a),
        };
        let [count, worst] = [0, 0];
        trace.results.forEach((value, write) => {
          const { call, i, j } = trace.made(write);
          const { kind, name, operands, pairs, lists } = trace.parts(call, i, j);
          let own;
          if (kind === "dot") own = pairs.reduce((sum, [a, b]) => sum + a.value * b.value, 0);
          else if (rules[name]) own = rules[name](operands.map((cell) => cell.value));
          else if (name === "average")
            own = lists[0].reduce((sum, cell) => sum + cell.value, 0) / lists[0].length;
          else if (name === "column_maximum") own = Math.max(...lists[0].map((cell) => cell.value));
          else return;
          count += 1;
          worst = Math.max(worst, Math.abs(own - value) / Math.max(1, Math.abs(value)));
        });
        return [count, worst];""",
        own,
    )
    assert count >= 50
    assert worst < 1e-13


def changes_agree(walk: tuple[Run, StepTrace], inside) -> None:
    run, own = walk
    before = run.network.theta.copy()
    change = own.training.network.theta - before
    found = inside(
        """const { weightChange } = await load("trace/weight_change");
        const { sizes } = labels;
        const all = [];
        for (let layer = 1; layer < sizes.length; layer++)
          for (let unit = 0; unit < sizes[layer]; unit++)
            for (let below = 0; below <= sizes[layer - 1]; below++)
              all.push(weightChange(trace, labels, { layer, unit, below }));
        const total = (parts, of) => parts.reduce((sum, part) => sum + part[of], 0);
        return all.map(({ examples, pulls, slope, moves, change, before, after }) => [
          total(examples, "product") + total(pulls, "change"), slope,
          total(moves, "change"), change, before, after,
          pulls.some(({ rule }) => rule === "rounding"),
        ]);""",
        (run, own),
    )
    parts, slope, moved, shown, start, end, rounded = map(np.array, zip(*found, strict=True))
    np.testing.assert_allclose(parts, slope, rtol=0, atol=1e-12)
    np.testing.assert_allclose(moved, shown, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(slope, own.training.network.grad)
    np.testing.assert_array_equal(start, before)
    np.testing.assert_array_equal(end, own.training.network.theta)
    np.testing.assert_array_equal(shown, change)
    assert not rounded.any()


SPELLED = """const { LOSSES } = await load("trace/losses");
  const { term, names } = { term: LOSSES[meta.loss], names: Object.keys(LOSSES) };
  const { first } = trace.lines.find(({ rule }) => rule === "loss");
  const { reads, leaves } = trace.calls[first];
  const K = trace.views[reads[1].view].rows;
  const sums = meta.examples.map((_, j) => {
    let sum = 0;
    for (let unit = 0; unit < K; unit++) {
      const [a, y] = [1, 2].map((k) => trace.cell(reads[k], unit, j, first).value);
      const own = term.value(a, y, K);
      if (term.form(y, K) !== null) sum += own;
      else if (own !== 0) throw new Error("a term that counts has no form");
    }
    return [sum, trace.cell(leaves[0], 0, j, first + 1).value];
  });
  return [names, sums];"""


def test_a_loss_spelled_out_is_the_engines(inside):
    for name in LOSSES:
        problem = {"bce": "circle", "ce": "iris", "poisson": "diabetes"}.get(name, "plane")
        own = walk_of(Config(dataset=problem, hidden=(3,), loss=name))
        names, sums = inside(SPELLED, own)
        assert set(names) == set(LOSSES)
        ours, engines = np.array(sums).T
        np.testing.assert_allclose(ours, engines, rtol=1e-12, atol=1e-14, err_msg=name)
