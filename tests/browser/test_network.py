"""The browser's own forward pass and slopes against the engine's, for every activation."""

import itertools

import numpy as np
from playwright.sync_api import Page

from engine.evaluation.projection import COMPONENTS, axes_of
from engine.nn.activations import ACTIVATIONS
from engine.nn.equations import execute, flatten_steps
from engine.nn.network import Network, count_parameters
from engine.nn.program import batch_of, forward
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.model import model_of
from engine.training.run import Run
from pages.live.setup import setup
from tests.browser.driver import Server

SIZES, N = (3, 6, 5, 2), 40

IN_THE_BROWSER = """async ({ sizes, activations, n, theta, x }) => {
  const { plan, forward, slope } = await import("/app/static/run/forward_pass.js");
  const own = plan(sizes, activations, n);
  const a = forward(own, Float32Array.from(theta), Float32Array.from(x)).slice(1);
  const slopes = a.map((rows, l) =>
    Array.from(rows, (value, i) => slope(activations[l], value, own.z[l + 1]?.[i])));
  return { a: a.map((rows) => Array.from(rows)), slopes };
}"""

MAPS = """async ({ setup, arrays, theta, deltas, layers }) => {
  const { Scene } = await import("/app/static/run/scene.js");
  const read = ([shape, values]) => ({ shape, values: Float32Array.from(values) });
  const scene = new Scene(
    setup, Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, read(array)])));
  const frame = { epoch: 0, delta: new Int16Array(deltas), scale: layers.map(() => 1) };
  scene.take({ ...frame, theta: Float32Array.from(theta) }, false);
  return [0, layers.length].map((layer) => {
    const { values, from, side } = scene.map(layer, 0);
    return Array.from(values.subarray(from, from + side * side));
  });
}"""


def slopes_of(name, z, a):
    """f'(z), by the engine's way back."""
    delta = np.ones_like(z)
    for step in ACTIVATIONS[name].back(z, a, delta, np.empty_like(z)):
        step.f(*step.operands)
    return delta


def single(values):
    """The numbers that a browser's Float32Array would hold."""
    return values.astype("f4").astype(float)


def test_the_browser_computes_what_the_engine_does(page: Page, server: Server):
    page.goto(f"{server.url}/_stcore/health")
    for name, scale in itertools.product(ACTIVATIONS, (1.0, 4.0)):
        agrees(page, name, scale)


def agrees(page: Page, name: str, scale: float) -> None:
    """Hold outputs and slopes of a network with this activation against the engine's."""
    hidden = name if ACTIVATIONS[name].hidden else "tanh"
    output = name if ACTIVATIONS[name].output else "linear"
    activations = (hidden, hidden, output)
    random = np.random.default_rng(0)
    theta = single(random.normal(0, 1 if name == "exp" else scale, count_parameters(SIZES)))
    x = single(random.normal(size=(3, N)))
    batch = batch_of(np.vstack([x, np.ones((1, N))]), np.ones((2, N)), SIZES)
    execute(flatten_steps(forward(Network(SIZES, activations, theta), batch)))
    asked = {"sizes": SIZES, "activations": activations, "n": N}
    found = page.evaluate(
        IN_THE_BROWSER, {**asked, "theta": theta.tolist(), "x": x.ravel().tolist()}
    )
    for own, a, slopes, kind in zip(
        batch.layers, found["a"], found["slopes"], activations, strict=True
    ):
        reach = max(1, np.abs(own.a).max())
        np.testing.assert_allclose(a, own.a.ravel(), rtol=0, atol=1e-5 * reach, err_msg=name)
        if kind != "softmax":
            expected = slopes_of(kind, own.z, own.a).ravel()
            np.testing.assert_allclose(slopes, expected, rtol=0, atol=1e-5 * reach, err_msg=name)


def test_the_maps_over_two_inputs_and_over_components_are_the_engines(page: Page, server: Server):
    config = Config(dataset="digits", hidden=(5,), scaling="standard")
    run = Run(config, load(config))
    theta = run.training_at(0).network.theta
    page.goto(f"{server.url}/_stcore/health")
    for pair in ((20, 43), COMPONENTS):
        meta, arrays = setup(run, pair)
        asked = {"setup": meta, "theta": theta.tolist(), "layers": run.network.sizes[1:]}
        sent = {name: [array.shape, array.ravel().tolist()] for name, array in arrays.items()}
        deltas = sum(run.network.sizes[1:]) * arrays["probe"].shape[1]
        found = page.evaluate(MAPS, {**asked, "arrays": sent, "deltas": deltas})
        axes, view = axes_of(run.dataset, pair), meta["view"]
        across, up = (np.linspace(*view[name], view["side"]) for name in "xy")
        places = np.stack([np.tile(across, view["side"]), np.repeat(up, view["side"])])
        x = run.dataset.network_inputs(axes.raw(places))
        a = model_of(run, 0).outputs(axes.raw(places))
        np.testing.assert_allclose(found[0], x[0], atol=1e-5)
        np.testing.assert_allclose(found[1], a[0], atol=1e-5)
