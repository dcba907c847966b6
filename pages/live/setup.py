"""What the player needs once for a run: the figures, the grid of the map, the probe, the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isnan
from weakref import WeakKeyDictionary

import numpy as np
import plotly.graph_objects as go

from engine.data import Dataset
from engine.evaluation import Axes, Pair, axes_of
from engine.language import language, marked, tr
from engine.nn import ACTIVATIONS, Array
from engine.training import CHOICES, Run
from pages.figures.base import palette
from pages.figures.base.blank import figure_data
from pages.figures.base.url import ALL_CONTROLS, Controls
from pages.figures.train.curves import curves
from pages.figures.train.decision import Limits, colour_range, decision, limits_of
from pages.figures.train.deltas import deltas, sizes
from pages.figures.train.network import network
from pages.figures.train.weights import weights
from pages.live.architecture import architecture

CURVE_POINTS = 200
VIEWS = ("network", "decision", "curves", "weights", "deltas", "sizes")
SHARED = (  # settings whose controls a link can hide or lock by a menu; by hand it can do so to any
    *("dataset", "noise", "size", "features", "hidden", "activation", "loss", "optimizer"),
    *("learning_rate", "batch_size", "l1", "l2", "dropout", "seed", "data_seed"),
)
MOST_SIDE, LEAST_SIDE, AFFORDABLE = 50, 20, 1_200_000  # multiplications per map


DecisionKey = tuple[str, tuple[str, ...], Limits]  # language, axes, limits
# The figures of the map: data set -> (language, axes, limits) -> figure. They go when the data go.
DECISIONS: WeakKeyDictionary[Dataset, dict[DecisionKey, dict[str, object]]] = WeakKeyDictionary()


def setup(
    run: Run, pair: Pair, views: Sequence[str] = VIEWS, controls: Controls = ALL_CONTROLS
) -> tuple[dict[str, object], dict[str, Array]]:
    """Return meta and arrays of a run's set-up message, its map over two inputs or components.

    Figures are sent for these views alone; `controls` are those of the diagram.
    """
    data = run.dataset
    axes = axes_of(data, pair)
    limits = limits_of(data, axes)
    view, grid = grid_of(run, axes, limits)
    chosen = run.probe
    meta: dict[str, object] = {
        "network": {
            "sizes": list(run.network.sizes),
            "activations": list(run.network.activations),
            "inputs": list(data.shown(data.features)),
            "outputs": outputs(run),
            "output_gate": run.output_head.output != run.output_head.loss.canonical,
        },
        "task": data.task,
        "classes": list(data.shown(data.classes)),
        "view": view,
        "map": colours(run),
        "target": target(data),
        "probe": {"labels": [probe_label(data, i) for i in chosen]},
        "metric": "R²" if data.task == "regression" else tr("accuracy"),
        "rescaled": data.rescaled,
        "figures": {name: FIGURES[name](run, axes, limits) for name in views},
        "palette": palette.for_player(),
        "stop": run.config.epochs,
        "frozen_biases": run.config.biases == "frozen",
        "dropout": drops_units(run),
    }
    if "network" in views:
        meta["architecture"] = architecture(run, controls)
        meta["shared"] = [[name, tr(CHOICES[name].label)] for name in SHARED]
    probe = data.network_inputs(data.inputs[:, chosen])
    return meta, grid | single(probe=probe)


def changeable(run: Run) -> tuple[tuple[str, ...], bool]:
    """Return what of a set-up a change during the run can change."""
    return shown_series(run), drops_units(run)


def drops_units(run: Run) -> bool:
    """Return whether dropout switches off hidden units at the end of a run."""
    return any(run.config_at(run.epochs).layer_dropouts)


def outputs(run: Run) -> list[str]:
    """Return a name for each output unit."""
    data = run.dataset
    names = data.shown(data.classes or data.target_names)
    return [names[1]] if data.classes and run.output_head.K == 1 else list(names)


def probe_label(data: Dataset, i: int) -> str:
    """Return the label of a probe example: its row and its target."""
    names = data.shown(data.classes or data.target_names)
    if data.classes:
        return f"#{i} {names[data.targets[i]]}"
    return f"#{i} {names[0]} {data.targets[0, i]:.3g}"


def target(data: Dataset) -> dict[str, float]:
    """Return how an output turns into the target's own units: output * scale + mean."""
    if data.classes:
        return {"mean": 0.0, "scale": 1.0}
    return {"mean": float(data.target_mean[0]), "scale": float(data.target_scale[0])}


def colours(run: Run) -> dict[str, object]:
    """Return how outputs turn into colours: middle and half width of the diverging scale."""
    data = run.dataset
    if not data.classes:
        middle, half = colour_range(data)
        mean, scale = float(data.target_mean[0]), float(data.target_scale[0])
        return {"kind": "value", "center": (middle - mean) / scale, "half": half / scale}
    if run.output_head.K > 1:
        return {"kind": "classes", "center": 0.0, "half": 1.0}
    output = ACTIVATIONS[run.output_head.output]
    no, yes = output.class_targets
    return {"kind": "two", "center": output.threshold, "half": (yes - no) / 2}


def grid_of(
    run: Run, axes: Axes, limits: Sequence[tuple[float, float]]
) -> tuple[dict[str, object], dict[str, Array]]:
    """Return the view's description, and its grid's inputs without those that stay 0.

    Many inputs that change along both axes go as places and as a basis [x, y, where both are 0].
    """
    data, (x, y) = run.dataset, limits
    flat = len(axes.names) == 1
    side = 1 if flat else side_of(run)
    columns = CURVE_POINTS if flat else side
    places = np.tile(np.linspace(*x, columns), side)[None]
    if not flat:
        places = np.vstack([places, np.repeat(np.linspace(*y, side), side)])
    kind = {"kind": "curve", "points": columns} if flat else {"kind": "map", "side": side}
    view: dict[str, object] = {"x": list(x), "y": list(y), **kind}
    if not isnan(axes.seen):
        first, second, origin = data.network_inputs(axes.raw(np.eye(2, 3))).T
        basis = np.stack([first - origin, second - origin, origin], axis=1)
        return view | {"rows": list(range(data.d))}, single(grid=places, basis=basis)
    inputs = data.network_inputs(axes.raw(places))
    rows = [i for i in range(len(inputs)) if np.abs(inputs[i]).max() > 1e-9]
    return view | {"rows": rows}, single(grid=inputs[rows])


def single(**arrays: Array) -> dict[str, Array]:
    """Return the arrays in single precision, which is what pixels need."""
    return {name: array.astype("f4") for name, array in arrays.items()}


def side_of(run: Run) -> int:
    """Return how many points lie along a side of the map: fewer where the network is large."""
    sizes = run.network.sizes
    work = sum(a * b for a, b in zip((2, *sizes[1:]), sizes[1:], strict=False))
    return int(np.clip((AFFORDABLE / work) ** 0.5, LEAST_SIDE, MOST_SIDE))


def network_figure(run: Run, *_: object) -> dict[str, object]:
    """Return the network as a diagram."""
    names, answers = run.dataset.shown(run.dataset.features), tuple(outputs(run))
    return drawn(network, run.network.sizes, names, answers)


def decision_figure(run: Run, axes: Axes, limits: Limits) -> dict[str, object]:
    """Return the map or curve, with the examples, drawn once for its data."""
    drawn_of_data = DECISIONS.setdefault(run.dataset, {})
    key = (language(), axes.names, limits)
    if key not in drawn_of_data:
        drawn_of_data[key] = figure_data(decision(run.dataset, axes, limits))
    return drawn_of_data[key]


def curves_figure(run: Run, *_: object) -> dict[str, object]:
    """Return loss and metric over the epochs."""
    metric = "R²" if run.dataset.task == "regression" else marked("accuracy")
    loss = marked("loss, target standardized") if run.dataset.rescaled else marked("loss")
    return drawn(curves, metric, run.evaluator.chance(), shown_series(run), loss)


def weights_figure(run: Run, *_: object) -> dict[str, object]:
    """Return the weights of each layer."""
    names = run.dataset.shown(run.dataset.features)
    return drawn(weights, run.network.sizes, names, tuple(outputs(run)))


def deltas_figure(run: Run, *_: object) -> dict[str, object]:
    """Return the deltas of each layer, unit by example."""
    labels = tuple(probe_label(run.dataset, i) for i in run.probe)
    return drawn(deltas, run.network.sizes, labels)


def sizes_figure(run: Run, *_: object) -> dict[str, object]:
    """Return the size of delta, layer by layer, over the epochs."""
    return drawn(sizes, run.network.sizes)


def spoken(activations: Sequence[str]) -> tuple[str, ...]:
    """Return the names of activations as they are printed."""
    return tuple(name.replace("_", " ") for name in activations)


def drawn(figure: Callable[..., go.Figure], *arguments: object) -> dict[str, object]:
    """Return the JSON of a figure that depends on its plain arguments alone, made only once."""
    return drawn_in(language(), figure, *arguments)


@lru_cache(maxsize=200)
def drawn_in(_: str, figure: Callable[..., go.Figure], *arguments: object) -> dict[str, object]:
    """Return the JSON of a figure with texts in the current language, whose name is given."""
    return figure_data(figure(*arguments))


def shown_series(run: Run) -> tuple[str, ...]:
    """Return the series that this run has values for."""
    config = run.config_at(run.epochs)
    parts = ["train"]
    if len(run.dataset.validation):
        parts.append("validation")
    if any(config.layer_dropouts) or config.input_dropout:
        parts.append("running")
    if config.l1 or config.l2:
        parts.append("penalty")
    return tuple(parts)


FIGURES: dict[str, Callable[..., dict[str, object]]] = {  # view -> its figure as Plotly's JSON
    "network": network_figure,
    "decision": decision_figure,
    "curves": curves_figure,
    "weights": weights_figure,
    "deltas": deltas_figure,
    "sizes": sizes_figure,
}
