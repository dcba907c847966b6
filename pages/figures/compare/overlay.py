"""The loss of several runs over the epochs in one plot."""

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from engine.language import tr
from pages.figures.base.blank import axis, axis_pair, epochs, label, line, set_layout, sheet, titled
from pages.figures.base.palette import CLASSES, SYMBOLS
from pages.figures.base.text import plain
from pages.figures.train.curves import chance_lines, chance_words

HEIGHT = 250
RUNS = tuple(zip(CLASSES, SYMBOLS.values(), strict=False))  # colour and sign of each run
MOST = 3  # powers of ten: a run that overflows leaves the picture and does not flatten the others
FROM, BELOW, ABOVE = 0.7, 1.5, 0.3  # a loss to begin with, and powers of ten around it


def overlay(
    names: Sequence[str], validated: Sequence[bool], chance: float | None = None
) -> go.Figure:
    """Return the losses of runs on a log scale; live traces are "0.train", "0.validation", ...

    `validated` tells which runs have a validation part; `chance` is the loss of the best constant
    answer where it is the same for all runs.
    """
    figure = sheet(tr("Loss of every run"), HEIGHT, (44, 10, 20, 34), most=MOST)
    for k, (name, has) in enumerate(zip(names, validated, strict=True)):
        colour, sign = RUNS[k]
        for part, dash, visible in (("validation", "dot", has), ("train", "solid", True)):
            word = plain(name) if part == "train" else tr("{name}, validation", name=plain(name))
            trace = line(f"{k}.{part}", word, colour, dash, visible=visible)
            trace.meta = {**trace.meta, "label": part == "train", "sign": sign, "name": name}
            figure.add_trace(trace)
    top = log10(chance or FROM)
    upright = axis((top - BELOW, top + ABOVE), type="log", fixedrange=False, dtick=1, minexponent=3)
    strokes = [f"━━ {tr('training')}", *([f"••• {tr('validation')}"] if any(validated) else [])]
    set_layout(
        figure,
        axis_pair(1, epochs("y", title=titled(tr("epoch"), 2)), upright),
        annotations=[
            label("strokes", "  ".join(strokes), (0, 1), yshift=4),
            *chance_words((chance, None)),
        ],
        shapes=chance_lines((chance, None)),
    )
    return figure
