"""The loss over a plane through the weights, with the path of training, as a map and in 3-D.

Loss has no sign, so one hue shows it: the fuller the higher. The path is orange, from a circle at
the start to a star where the run stands.
"""

import numpy as np
import plotly.graph_objects as go

from engine.analysis import LandscapeResult
from engine.language import marked, tr
from engine.nn import Array
from pages.figures.base.blank import axis, label, set_layout, sheet, span, titled
from pages.figures.base.palette import BACKGROUND, LINE, NEGATIVE, POSITIVE, faded
from pages.figures.base.text import listed, number, percent

HEIGHT, RELIEF = 420, 460
LEVELS = 18  # contour lines
SHADES = [[0, faded(POSITIVE, 0.02)], [0.5, faded(POSITIVE, 0.35)], [1, faded(POSITIVE, 0.9)]]
SOLID = [[0, "#dbe9f6"], [0.5, "#7fb1d9"], [1, "#1d4f80"]]  # a surface cannot be seen through
NAMES = {
    "random": (marked("first random direction"), marked("second random direction")),
    "path": (marked("first direction of the path"), marked("second direction of the path")),
}


def heights(losses: Array, others: Array) -> tuple[Array, Array, bool]:
    """Return losses of plane and path as heights, on a log scale if all are positive.

    What is not finite gets the highest finite value.
    """
    known = losses[np.isfinite(losses)]
    top = float(known.max(initial=1.0))
    both = [np.where(np.isfinite(one), one, top) for one in (losses, others)]
    logarithmic = bool(min(one.min() for one in both) > 0)
    first, second = (np.log10(one) if logarithmic else one for one in both)
    return first, second, logarithmic


def ticks(low: float, high: float, logarithmic: bool) -> tuple[list[float], list[str]]:
    """Return the heights of the marks, and the losses that they stand for."""
    steps = np.linspace(low, high, 5)
    values = 10.0**steps if logarithmic else steps
    ticks = [float(f"{value:.1g}") if logarithmic else float(value) for value in values]
    at = [float(np.log10(one)) if logarithmic else one for one in ticks]
    return at, [number(one) for one in ticks]


def landscape(land: LandscapeResult, kind: str) -> go.Figure:
    """Return the losses on the plane as contours, with the path."""
    figure = sheet(tr("Loss over a plane of the weights"), HEIGHT, (52, 12, 24, 40))
    u, v, path = land.u, land.v, land.path
    z, _, logarithmic = heights(land.losses, path.losses)
    _, names = ticks(float(z.min()), float(z.max()), logarithmic)
    figure.add_trace(_contours(u, v, z, land.losses))
    figure.add_traces(_path(land.places, path.epochs, path.losses))
    wide, high = (
        (min(float(one.min()), float(p.min())), max(float(one.max()), float(p.max())))
        for one, p in zip((u, v), land.places.T, strict=True)
    )
    if kind == "random":  # most of the path may lie far off: the neighbourhood is what counts
        wide, high = (float(u[0]), float(u[-1])), (float(v[0]), float(v[-1]))
    across, up = NAMES[kind]
    set_layout(
        figure,
        xaxis=axis(wide, title=titled(tr(across)), nticks=7, showgrid=False),
        yaxis=axis(high, title=titled(tr(up)), nticks=7, showgrid=False),
        annotations=[_legend(names)],
    )
    return figure


def _contours(u: Array, v: Array, z: Array, losses: Array) -> go.Contour:
    """Return the plane as contours."""
    low, high = float(z.min()), float(z.max())
    size = max((high - low) / LEVELS, 1e-12)
    return go.Contour(
        x=u,
        y=v,
        z=z.astype("f4"),
        zmin=low,
        zmax=high,
        contours={"start": low, "end": high, "size": size, "coloring": "heatmap"},
        line={"width": 0.7, "color": LINE},
        colorscale=SHADES,
        showscale=False,
        customdata=losses.astype("f4"),
        hovertemplate=tr("%{x:.3~g}, %{y:.3~g}<br>loss %{customdata:.3~g}<extra></extra>"),
        uid="plane",
    )


def _path(places: Array, epochs: Array, along: Array) -> list[go.Scatter]:
    """Return the path, its start and its end."""
    words = tr("epoch %{customdata[0]:.0f}<br>loss there %{customdata[1]:.4~g}<extra></extra>")
    hover = {"customdata": np.column_stack([epochs, along]), "hovertemplate": words}
    line = go.Scatter(
        x=places[:, 0],
        y=places[:, 1],
        mode="lines+markers",
        line={"color": NEGATIVE, "width": 2},
        marker={"size": 4, "color": NEGATIVE},
        uid="path",
        **hover,
    )
    ends = [
        go.Scatter(
            x=places[[place], 0],
            y=places[[place], 1],
            mode="markers",
            marker={"symbol": symbol, "size": size, "color": colour}
            | {"line": {"color": NEGATIVE if colour == BACKGROUND else BACKGROUND, "width": 1.5}},
            customdata=hover["customdata"][[place]],
            hovertemplate=words,
            uid=uid,
            meta={"theme": {themed: "background"}},
        )
        for place, symbol, size, colour, uid, themed in (
            (0, "circle", 10, BACKGROUND, "start", "marker.color"),
            (-1, "star", 16, NEGATIVE, "end", "marker.line.color"),
        )
    ]
    return [line, *ends]


def _legend(names: list[str]) -> dict:
    """Return what full and faint colours stand for, and the signs of the path."""
    text = tr(
        "loss {faint} {low} to {full} {high}",
        faint=span(faded(POSITIVE, 0.3), "■"),
        low=names[0],
        full=span(POSITIVE, "■"),
        high=names[-1],
    )
    path = tr(
        "path {circle} start {star} here",
        circle=span(NEGATIVE, "○"),
        star=span(NEGATIVE, "★"),
    )
    return label("legend", f"{text}   {path}", (0, 1), yshift=4)


def relief(land: LandscapeResult, kind: str) -> go.Figure:
    """Return the same in 3-D; the path has its own losses, which differ off the plane."""
    figure = sheet(tr("Loss over a plane of the weights"), RELIEF, (0, 0, 0, 0))
    path, places = land.path, land.places
    z, own, logarithmic = heights(land.losses, path.losses)
    low, high = float(min(z.min(), own.min())), float(max(z.max(), own.max()))
    at, names = ticks(low, high, logarithmic)
    hover = tr("loss %{customdata:.3~g}<extra></extra>")
    values = {"customdata": land.losses.astype("f4"), "hovertemplate": hover}
    plane = {"x": land.u, "y": land.v, "z": z.astype("f4")}
    figure.add_surface(colorscale=SOLID, showscale=False, uid="plane", **plane, **values)
    inside = np.ones(len(places), bool)
    if kind == "random":
        inside = (np.abs(places) <= 1).all(axis=1)
    figure.add_scatter3d(
        x=places[inside, 0],
        y=places[inside, 1],
        z=own[inside] + 0.01 * (high - low),
        mode="lines+markers",
        line={"color": NEGATIVE, "width": 5},
        marker={"size": 2.5, "color": NEGATIVE},
        customdata=np.column_stack([path.epochs, path.losses])[inside],
        hovertemplate=tr("epoch %{customdata[0]:.0f}<br>loss %{customdata[1]:.4~g}<extra></extra>"),
        uid="path",
    )
    figure.layout.scene = _scene(at, names)
    return figure


def _scene(at: list[float], names: list[str]) -> dict:
    """Return axes and camera; the person turns the picture."""
    plain = {"showbackground": False, "gridcolor": LINE, "zeroline": False, "nticks": 5}
    small = {"tickfont": {"size": 10}}
    return {
        "xaxis": {**plain, **small, "title": {"text": tr("first"), "font": {"size": 11}}},
        "yaxis": {**plain, **small, "title": {"text": tr("second"), "font": {"size": 11}}},
        "zaxis": {
            **plain,
            **small,
            "title": {"text": tr("loss")},
            "tickvals": at,
            "ticktext": names,
        },
        "aspectmode": "manual",
        "aspectratio": {"x": 1.2, "y": 1.2, "z": 0.8},
        "camera": {"eye": {"x": 1.7, "y": -1.7, "z": 1.1}, "center": {"x": 0, "y": 0, "z": -0.15}},
        "dragmode": "turntable",
    }


def landscape_in_words(land: LandscapeResult, kind: str) -> str:
    """Return the range of the loss, where the path ends, and how much of it is seen."""
    path, seen = land.path, land.share_seen
    known = land.losses[np.isfinite(land.losses)]
    lowest, highest = number(float(known.min())), number(float(known.max()))
    where = tr(
        "The loss over the plane lies between {range}. The path begins at {first} and ends at "
        "{last} (epoch {epoch}).",
        range=listed([lowest, highest]),
        first=number(float(path.losses[0])),
        last=number(float(path.losses[-1])),
        epoch=int(path.epochs[-1]),
    )
    much = tr("The plane shows {share} of the path.", share=percent(seen))
    if kind == "random":
        much = tr(
            "The plane shows {share} of the path; random directions show little of it.",
            share=percent(seen),
        )
    return tr("{first} {second}", first=where, second=much)
