"""The browser's own forward pass and slopes against the engine's, for every activation."""

import numpy as np
import pytest
from playwright.sync_api import Page

from engine.activations import ACTIVATIONS
from engine.equations import replay, steps_of
from engine.network import Network, count
from engine.program import batch_of, forward
from tests.browser.driver import Server

SIZES, N = (3, 6, 5, 2), 40

IN_THE_BROWSER = """async ({ sizes, activations, n, theta, x }) => {
  const { plan, forward, slope } = await import("/app/static/network.js");
  const own = plan(sizes, activations, n);
  const a = forward(own, Float32Array.from(theta), Float32Array.from(x)).slice(1);
  const slopes = a.map((rows, l) =>
    Array.from(rows, (value, i) => slope(activations[l], value, own.z[l + 1]?.[i])));
  return { a: a.map((rows) => Array.from(rows)), slopes };
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


@pytest.mark.parametrize("scale", [1.0, 4.0])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_browser_computes_what_the_engine_does(page: Page, server: Server, name, scale):
    hidden = name if ACTIVATIONS[name].hidden else "tanh"
    output = name if ACTIVATIONS[name].output else "linear"
    activations = (hidden, hidden, output)
    random = np.random.default_rng(0)
    theta = single(random.normal(0, 1 if name == "exp" else scale, count(SIZES)))
    x = single(random.normal(size=(3, N)))
    batch = batch_of(np.vstack([x, np.ones((1, N))]), np.ones((2, N)), SIZES)
    replay(steps_of(forward(Network(SIZES, activations, theta), batch)))
    page.goto(f"{server.url}/_stcore/health")
    asked = {"sizes": SIZES, "activations": activations, "n": N}
    found = page.evaluate(
        IN_THE_BROWSER, {**asked, "theta": theta.tolist(), "x": x.ravel().tolist()}
    )
    for own, a, slopes, kind in zip(
        batch.layers, found["a"], found["slopes"], activations, strict=True
    ):
        reach = max(1, np.abs(own.a).max())
        np.testing.assert_allclose(a, own.a.ravel(), rtol=0, atol=1e-5 * reach)
        if kind != "softmax":
            expected = slopes_of(kind, own.z, own.a).ravel()
            np.testing.assert_allclose(slopes, expected, rtol=0, atol=1e-5 * reach)
