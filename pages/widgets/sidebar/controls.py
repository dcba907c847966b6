"""The side bar: all settings of a run, the most important first, the others one click away.

Each widget shows a value of the Config, and a change makes a new Config; limits, options and
texts come from the declarations in the Config.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.data import Dataset
from engine.evaluation import COMPONENTS, default_axes, most_informative_pair
from engine.language import marked, tr
from engine.nn import OPTIMIZERS
from engine.problems import PRESETS, PROBLEMS
from engine.training import CHOICES, OWN, SAME_SEED, WHOLE_SET
from pages.figures.base.choice_words import words
from pages.live.architecture import NEW_LAYER
from pages.widgets.session import (
    choose,
    choose_map_axes,
    known_run,
    pick_preset,
    session,
)
from pages.widgets.shell.frame import redraw_if_due
from pages.widgets.sidebar.advanced import more
from pages.widgets.sidebar.fields import (
    AREA,
    bare,
    chosen,
    group,
    help_of,
    is_locked,
    is_shown,
    put,
    sets,
    shows,
    why_locked,
    with_current,
)
from pages.widgets.sidebar.pictures import problem_pictures
from pages.widgets.sidebar.replaced import draw_count

RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
STRENGTHS = {
    "l1": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "l2": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0),
    "dropout": (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
}
FIRST_STRENGTH = {"l1": 0.001, "l2": 0.001, "dropout": 0.2, "weight_decay": 0.01}
WITH_MAP = ("train", "data")  # pages whose map follows this choice
MAPS = {"": marked("two inputs"), COMPONENTS: marked("components")}
BATCHES = (1, 2, 5, 8, 10, 16, 20, 32, 50, 64, 128, 256, WHOLE_SET)


def controls() -> None:
    """Draw the side bar."""
    with st.sidebar:
        say_what_is_locked()
        problem()
        network_settings()
        training()
        shrinking()
        seed()
        more()
        map_axes()
        draw_count(AREA)


def say_what_is_locked() -> None:
    """Name the settings that the link locks."""
    locked = session().controls.locked
    if locked:
        labels = tr(", ").join(tr(CHOICES[name].label) for name in locked)
        st.caption(f":material/lock: {tr('The link locks: {settings}.', settings=labels)}")


def problem() -> None:
    """Draw the choice of the problem, or of a prepared experiment, and what it teaches."""
    config = session().config
    if is_shown("dataset"):
        problem_pictures()
    noisy = config.dataset != OWN and PROBLEMS[config.dataset].kind == "formula"
    noisy = noisy and is_shown("noise")
    now = next((name for name, one in PRESETS.items() if one.config == config), None)
    if not session().controls.fixed:  # an experiment sets everything
        experiment(now, noisy)
    if now:
        st.caption(tr(PRESETS[now].about))
    elif config.dataset != OWN:
        st.caption(tr(PROBLEMS[config.dataset].about))
    if noisy:
        st.slider(min_value=0.0, max_value=0.5, step=0.01, **bare("noise"))


def title_of_preset(name: str) -> str:
    """Return the group and the title of a preset, as the menu shows them."""
    one = PRESETS[name]
    return tr("{group}: {title}", group=tr(one.group), title=tr(one.title))


def experiment(now: str | None, noisy: bool) -> None:
    """Draw the choice of a prepared experiment; `now` is the one on the screen."""
    st.selectbox(
        tr("Experiment"),
        list(PRESETS),
        format_func=title_of_preset,
        index=None,
        placeholder=tr("your own settings"),
        help=tr("**Experiment:** Prepared settings. Each shows one effect.")
        + (f"\n\n{help_of('noise')}" if noisy else ""),
        **shows("preset", now, lambda name: pick_preset(name) if name else None),
    )


def network_settings() -> None:
    """Draw the hidden layers, their units and their activation."""
    hidden = session().config.hidden
    group(tr("Network"), "hidden", "activation")
    if is_shown("hidden"):
        layers(hidden)
    if len(hidden) > len(session().config.activations):  # else each layer has its own
        chosen("activation", field=bare)


def layers(hidden: tuple[int, ...]) -> None:
    """Draw the number of hidden layers, and the units of each."""
    one = CHOICES["hidden"]

    def take(n: int) -> None:
        choose(hidden=(hidden + (NEW_LAYER,) * n)[:n])

    label, why = tr(one.label), why_locked("hidden")
    st.slider(label, 0, one.most, help=why, **sets("hidden", "layers", len(hidden), take))
    for first in range(0, len(hidden), 3):
        columns = st.columns(3)
        for l, column in zip(range(first, len(hidden))[:3], columns, strict=False):
            column.number_input(
                tr("Layer {layer}", layer=l + 1),
                int(one.low or 1),
                int(one.high or 1),
                **sets(
                    "hidden",
                    f"units{l}",
                    hidden[l],
                    lambda n, l=l: choose(hidden=put(hidden, l, n)),
                ),
            )


def training() -> None:
    """Draw how the network is trained."""
    config = session().config
    group(tr("Training"), "learning_rate", "optimizer", "batch_size", "momentum")
    if is_shown("learning_rate"):
        learning_rate()
    left, right = st.columns(2)
    if is_shown("optimizer"):
        with left:
            optimizer(config.optimizer)
    if is_shown("batch_size"):
        sizes = with_current(BATCHES, config.batch_size)
        options = [*(size for size in sizes if size != WHOLE_SET), WHOLE_SET]
        right.selectbox(
            options=options,
            format_func=lambda size: tr("all") if size == WHOLE_SET else str(size),
            **bare("batch_size", options),
        )
    if OPTIMIZERS[config.optimizer].has_momentum and is_shown("momentum"):
        st.slider(min_value=0.0, max_value=0.999, step=0.001, format="%.3f", **bare("momentum"))


@st.fragment
def learning_rate() -> None:
    """Draw the learning rate, alone: each widget that is drawn again costs the film a moment."""
    redraw_unless_it_can_wait()
    options = with_current(RATES, session().config.learning_rate)
    st.select_slider(
        options=options, format_func=lambda rate: f"{rate:g}", **bare("learning_rate", options)
    )


def optimizer(now: str) -> None:
    """Draw the choice of the optimizer."""
    one = CHOICES["optimizer"]
    st.selectbox(
        tr(one.label),
        one.options,
        format_func=words,
        help=why_locked("optimizer"),
        **sets("optimizer", "optimizer", now, pick_optimizer),
    )


def redraw_unless_it_can_wait() -> None:
    """Draw the whole page where a touch of a fragment has changed it.

    The browser takes a frame or two for that, so it waits until a film that plays is paused: then
    the player asks for it.
    """
    if not session().can_wait:
        redraw_if_due()


def pick_optimizer(name: str) -> None:
    """Choose an optimizer; AdamW gets some weight decay, because without it it is Adam."""
    decay = session().config.weight_decay or FIRST_STRENGTH["weight_decay"]
    choose(optimizer=name, weight_decay=decay if name == "adamw" else 0.0)


@st.fragment
def shrinking() -> None:
    """Draw the penalties and dropout, each with a switch and a strength."""
    redraw_unless_it_can_wait()
    config = session().config
    names = tuple(filter(is_shown, STRENGTHS))
    on = [name for name in names if getattr(config, name) > 0]
    if not names:
        return
    group(tr("Against overfitting"), *STRENGTHS)
    st.pills(
        tr("Against overfitting"),
        names,
        selection_mode="multi",
        format_func=lambda name: tr(CHOICES[name].label),
        label_visibility="collapsed",
        disabled=all(map(is_locked, names)),
        **shows("shrinking", on, switch),
    )
    for name in on:
        options = with_current(STRENGTHS[name], getattr(config, name))
        st.select_slider(
            options=options, format_func=lambda strength: f"{strength:g}", **bare(name, options)
        )


def switch(on: Sequence[str]) -> None:
    """Give what is switched on its first strength, and what is switched off 0."""
    config = session().config
    strengths = {
        name: (getattr(config, name) or FIRST_STRENGTH[name]) if name in on else 0.0
        for name in filter(is_shown, STRENGTHS)
    }
    kept = strengths.get("dropout", config.dropout) == config.dropout
    dropouts = config.dropouts if kept else ()
    choose(**strengths, dropouts=dropouts)


def seed() -> None:
    """Draw the seed, and the one of the data, which is the same until it is chosen."""
    config, one, other = session().config, CHOICES["seed"], CHOICES["data_seed"]
    most = int(one.high or 0)
    group(tr("Random numbers"), "seed", "data_seed")
    left, right = st.columns(2)
    if is_shown("seed"):
        left.number_input(min_value=0, max_value=most, **bare("seed"))
    if is_shown("data_seed"):
        right.number_input(
            tr(other.label),
            min_value=0,
            max_value=most,
            help=why_locked("data_seed"),
            **sets("data_seed", "data_seed", config.seed_of_data, pick_data_seed),
        )


def pick_data_seed(seed: int) -> None:
    """Choose the seed of the data; that of the run is no choice of its own."""
    choose(data_seed=SAME_SEED if seed == session().config.seed else seed)


def map_axes() -> None:
    """Draw the choice of the map's axes, if there is a map and more than two inputs."""
    own, data = session(), known_run().dataset
    if len(data.input_names) < 3 or own.drawn.page not in WITH_MAP:
        return
    pair = own.pair or default_axes(data)
    with st.expander(tr("Inputs on the map"), expanded=True):
        st.segmented_control(
            tr("A plane of"),
            MAPS,
            format_func=lambda name: tr(MAPS[name]),
            required=True,
            help=tr(
                "Two inputs, with the others at their mean, or the two directions in which the "
                "standardized examples vary most."
            ),
            **shows("map", COMPONENTS if pair == COMPONENTS else "", choose_plane),
        )
        if pair != COMPONENTS:
            two_inputs(data)


def choose_plane(name: str) -> None:
    """Show the plane of the components on the map, or that of two inputs."""
    choose_map_axes(COMPONENTS if name else ())


def two_inputs(data: Dataset) -> None:
    """Draw the choice of the two inputs on the map."""
    pair = tuple(map(int, session().pair)) or most_informative_pair(data)
    inputs = range(len(data.input_names))
    for place, label in enumerate((tr("Across"), tr("Up"))):
        st.selectbox(
            label,
            inputs,
            format_func=data.shown(data.input_names).__getitem__,
            help=tr("The other inputs are at their mean."),
            **shows(
                f"axis{place}",
                pair[place],
                lambda i, p=place: choose_map_axes(put(pair, p, i)),
                inputs,
            ),
        )
