"""The landscape and the line search: marks where the numbers are, words that say the same."""

import numpy as np
import pytest

from engine.analysis.landscape import Landscape
from engine.analysis.line_search import search_line
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.figures.compare.landscape import heights, landscape, landscape_in_words, relief
from pages.figures.compare.line_search import line_search, line_search_in_words

CONFIG = Config(dataset="moons", hidden=(3,), learning_rate=0.1)


@pytest.fixture(scope="module")
def run() -> Run:
    one = Run(CONFIG, load(CONFIG))
    one.advance(20)
    return one


def surveyed(run, kind):
    land = Landscape(run, 20, kind, 9)
    assert land.advance()
    return land.result


def traces(figure):
    return {trace.uid: trace for trace in figure.data}


@pytest.mark.parametrize("kind", ["path", "random"])
@pytest.mark.parametrize("draw", [landscape, relief])
def test_the_plane_holds_the_loss_of_each_point(run, kind, draw):
    land = surveyed(run, kind)
    plane = traces(draw(land, kind))["plane"]
    np.testing.assert_allclose(10.0 ** np.asarray(plane.z), land.losses, rtol=1e-5)
    np.testing.assert_allclose(plane.customdata, land.losses, rtol=1e-5)
    np.testing.assert_array_equal(plane.x, land.u)
    np.testing.assert_array_equal(plane.y, land.v)


def test_the_path_ends_with_a_star_where_the_run_stands(run):
    shown = traces(landscape(surveyed(run, "path"), "path"))
    star, start = shown["end"], shown["start"]
    np.testing.assert_allclose([star.x[0], star.y[0]], [0, 0], atol=1e-9)
    assert star.marker.symbol == "star"
    assert start.customdata[0][0] == 0
    losses = run.losses[20]
    assert star.customdata[0][1] == pytest.approx(losses["train"] + losses["penalty"])


def test_in_relief_the_path_runs_at_its_own_losses(run):
    land = surveyed(run, "path")
    path = traces(relief(land, "path"))["path"]
    lifted = 10.0 ** np.asarray(path.z)
    assert (lifted > land.path.losses).all()  # a little above, so that it can be seen
    np.testing.assert_allclose(lifted, land.path.losses, rtol=0.1)


def test_losses_below_zero_are_drawn_as_they_are_and_what_is_not_finite_as_the_highest():
    plane, path, logarithmic = heights(np.array([[-1.0, np.inf], [2.0, np.nan]]), np.array([-2.0]))
    assert not logarithmic
    np.testing.assert_array_equal(plane, [[-1, 2], [2, 2]])
    assert path[0] == -2


def test_the_words_hold_range_ends_and_what_is_seen(run):
    land = surveyed(run, "random")._replace(share_seen=0.1)
    words = landscape_in_words(land, "random")
    assert f"{land.losses.min():.3g} and {land.losses.max():.3g}" in words
    assert f"ends at {land.path.losses[-1]:.3g} (epoch 20)" in words
    assert "10\u202f% of the path; random" in words


def test_the_line_search_marks_rate_lowest_point_and_the_rates_that_diverge(run):
    found = search_line(run, 20)
    figure = line_search(
        found.steps, found.losses, found.parabola, found.rate, found.best, found.edge
    )
    at = {shape.name: (shape.x0, shape.x1) for shape in figure.layout.shapes}
    assert at["rate"] == (0.1, 0.1)
    assert at["lowest"][0] == pytest.approx(found.best)
    assert at["beyond"] == (pytest.approx(found.edge), pytest.approx(found.steps[-1]))
    np.testing.assert_array_equal(traces(figure)["loss"].y, found.losses)


def test_without_an_edge_nothing_is_shaded():
    steps = np.linspace(0, 1, 5)
    figure = line_search(steps, steps, steps, 0.1, np.nan, np.nan)
    assert [shape.name for shape in figure.layout.shapes] == ["rate"]
    assert "diverge" not in line_search_in_words(steps, 0.1, np.nan, np.nan)
    assert "Rates above 2 diverge." in line_search_in_words(steps, 0.1, 0.3, 2.0)
