"""The session: what one visitor has, from the link to the run. Only this folder keeps state.

Choices flow one way: link -> Config -> widgets; a touch makes the next Config. The run follows the
Config: a live choice changes the run where it stands, any other starts a new one.
"""

from __future__ import annotations

import math
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState

from engine.data import Dataset
from engine.evaluation import COMPONENTS, Pair, from_same_column
from engine.language import language, tr
from engine.problems import PRESETS, PROBLEMS, load_shared
from engine.training import (
    CHOICES,
    LIVE,
    MOST_EPOCHS,
    OWN,
    Config,
    Run,
    output_loss_pairs,
    read_events,
    write_events,
)
from pages.figures.base.text import many
from pages.figures.base.url import ALL_CONTROLS, Link, choices_of_link, read_link
from pages.live.answers import introduction, reminder
from pages.live.live_session import Live
from pages.live.pool import forget
from pages.live.requests import PlayerRequest, whole
from pages.live.view import LiveView, Standing, Tried, View

if TYPE_CHECKING:  # it loads what writes a network as a file, which no first visit needs
    from pages.live.jobs.tables import TableSource

P = ParamSpec("P")
T = TypeVar("T")


class DataBuilder(Protocol):
    """Builds the data set of the visitor's own table."""

    def __call__(self, config: Config) -> Dataset:
        """Return the data set that suits a Config. Raises ValueError if there is none."""
        ...

    def place_of(self, example: int, config: Config) -> str:
        """Return the place of an example in its file, in words."""
        ...

    @property
    def source(self) -> TableSource:
        """Return what it builds from, as plain values."""
        ...


class LivePlayer(Protocol):
    """What a player of runs has in a session."""

    live: Live
    asked: PlayerRequest | None  # what its browser asked of the page last

    def view(self) -> View:
        """Return what the answers to the player depend on beside its runs."""
        ...

    def note(self, asked: PlayerRequest) -> None:
        """Note what a request says about the screen."""
        ...


@dataclass(frozen=True)
class OwnTable:
    """The visitor's own table that runs are made of."""

    build: DataBuilder
    name: str  # of its file
    suggested: Mapping[str, object]  # choices of the Config that suit it


@dataclass
class Opening:
    """What a link asks for, until it has been reached or left."""

    link: Link = field(default_factory=Link)
    linked_run: int = 0  # the number of the run that the link has opened
    goto: int = 0  # an epoch
    check: str = ""  # its loss
    example: str = ""
    waiting: Config | None = None  # what can be opened only once its table is here

    def leave(self) -> None:
        """Forget the epoch: something else is looked at."""
        self.goto, self.check = 0, ""


@dataclass
class Screen:
    """What the browser has reported of its player."""

    shown: int = 0  # the epoch on the screen, as far as known
    looked: int = -1  # the number of the run of which it was reported
    furthest: int = 0  # the last epoch of that run that was on the screen
    playing: bool = False
    set_up: str = ""  # the name of the set-up that the player has

    def note(self, epoch: int, run_number: int, asked: PlayerRequest) -> None:
        """Note that a player shows an epoch of a run, and what else a request says of it."""
        before = self.furthest if self.looked == run_number else 0
        self.shown, self.looked, self.furthest = epoch, run_number, max(epoch, before)
        self.playing, self.set_up = bool(asked.get("playing")), asked.get("setup", "")


class Session:
    """One visitor's choices and run."""

    def __init__(self) -> None:
        self.turn = threading.RLock()  # held by the thread that makes a change
        self.changes = 0  # that are being made, one inside another
        self.due = False  # whether the whole page is to be drawn again
        self.drawn_run = -1  # the number of the run for which it was drawn
        self.config = Config()
        self.language = language()
        self.notes: list[str] = []  # sentences for the person about the link or the last touch
        self.live = Live()
        SESSIONS[self.live.token] = self
        weakref.finalize(self, forget, self.live.token)
        self.opening, self.screen = Opening(), Screen()
        self.table: OwnTable | None = None
        self.page, self.arrived = "", True  # the page on the screen; whether it was another before
        self.pair: Pair = ()  # what the decision view shows
        self.controls = ALL_CONTROLS  # what the link hides or locks
        self.send: Callable[[bytes], bool] | None = None  # hands the player a message
        self.asked: PlayerRequest | None = None  # what the player asked last
        self.tried: Tried | None = None
        self.comparing: LivePlayer | None = None  # the player of the page Compare

    def player_of(self, run_id: str) -> LivePlayer:
        """Return the player that shows the run, or the set of runs, of this name."""
        return self.comparing if self.comparing and run_id.startswith("runs ") else self

    def view(self) -> LiveView:
        """Return what the answers to the player depend on beside its run."""
        findings = self.page != "lessons"  # where they would be the answer to a question
        run_id, controls = f"run {self.run_number}", self.controls
        return LiveView(run_id, self.config, self.pair, self.tried, findings, controls)

    def introduce(self, answered: int = 0, behind: bool = False) -> bytes:
        """Return the set-up of the run for its player, as an answer to one of its requests.

        A player that has the set-up already gets the rest of it through its own connection. It
        learns whether the page is `behind`: then it asks for the page when the film is paused.
        Raises RuntimeError if there is no run yet.
        """
        view, screen = self.view(), self.screen
        said = {"token": self.live.token} | ({"behind": True} if behind else {})
        if self.live.run is None or self.live.standing is None:
            raise RuntimeError("There is no run yet.")
        if screen.set_up == view.setup_id:
            return reminder(answered, self.live.run.config, self.live.standing, view, said)
        self.live.follow(screen.shown)
        asked = self.opening
        opening = {"check": finite_number(asked.check), "example": asked.example}
        if screen.looked == self.run_number and not asked.goto:
            opening["reached"] = screen.furthest  # more is trained, but was never on the screen
        goto = asked.goto or screen.shown
        return introduction(answered, self.live.run, view, goto, said, **opening)

    def announce(self) -> None:
        """Send the player on the screen what has changed, before the page is drawn again.

        A player that has said nothing yet, or is about to leave, learns it from the page.
        """
        if self.send is None or self.page != "train" or not self.screen.set_up:
            return
        if self.send(self.introduce(behind=self.can_wait)):
            self.screen.set_up = self.view().setup_id

    def note(self, asked: PlayerRequest) -> None:
        """Note which epoch is on the screen: what is pressed next is about it."""
        self.screen.note(epoch_of(asked, self.live), self.run_number, asked)
        if asked.get("kind") == "shown":
            self.opening.goto = 0  # what a link asked for has been reached, or left

    @property
    def can_wait(self) -> bool:
        """Return whether the page may be drawn again later: a live choice, and the film plays."""
        same = self.drawn_run == self.run_number and not self.notes
        plays = self.screen.playing and self.send is not None
        return self.page == "train" and plays and same

    @property
    def run(self) -> Run | None:
        """Return the run as the pages read it; None before the first one."""
        return self.live.run

    @property
    def run_number(self) -> int:
        """Return the number of the run: a new run has a new one."""
        return self.live.number


def finite_number(text: str) -> float | None:
    """Return the finite number that a link spells, if any."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def epoch_of(asked: PlayerRequest, live: Live) -> int:
    """Return the epoch that a person looks at, or waits for where it has been trained."""
    if asked.get("kind") == "seek":
        return min(whole(asked.get("epoch")), live.reached)
    return whole(asked.get("at"))


SESSIONS: weakref.WeakValueDictionary[str, Session] = weakref.WeakValueDictionary()
Known = dict[str, Any]  # the state of each room of widgets, by its key
KNOWN: weakref.WeakKeyDictionary[SafeSessionState, Known] = weakref.WeakKeyDictionary()


def session_of(token: str) -> Session | None:
    """Return the session with this token, as long as it lasts."""
    return SESSIONS.get(token)


def of_session(key: str, make: Callable[[], T]) -> T:
    """Return what this visitor has under a key, made at the first call.

    Each room of widgets keeps its state under a separate key. What a thread has asked for once it
    is given without `st.session_state`, which ends a thread as soon as a newer one waits: a change
    is never left half done.
    """
    context = get_script_run_ctx(suppress_warning=True)
    known = KNOWN.setdefault(context.session_state, {}) if context else {}
    if key not in known:
        found = value_of(key)
        if found is None:
            found = make()
            state = session_values(context)
            (st.session_state if state is None else state)[key] = found
        known[key] = found
    return known[key]


def value_of(key: str) -> Any:
    """Return what stands under a key of `st.session_state`, or None; it never ends the thread.

    A callback reads the value of its widget so: `st.session_state[key]` would end it, and lose the
    value, where a newer message of the browser waits.
    """
    state = session_values(get_script_run_ctx(suppress_warning=True))
    if state is None:  # it computes the values of all widgets
        return st.session_state.to_dict().get(key)
    try:
        return state[key]
    except KeyError:
        return None


def was_drawn(key: str) -> bool:
    """Return whether the page, as it was drawn last, holds a widget with this key.

    A message of the browser can still hold the value of a widget that the page has left out, and
    Streamlit takes this value for a choice.
    """
    state = session_values(get_script_run_ctx(suppress_warning=True))
    if state is None:
        return True
    return state.get_widget_id_from_key(key) in state._old_state  # it forgets what is not drawn


def session_values(context: ScriptRunContext | None) -> SessionState | None:
    """Return what is behind `st.session_state`; None in another version of Streamlit."""
    return getattr(context.session_state, "_state", None) if context else None


def session() -> Session:
    """Return this visitor's session."""
    return of_session("session", Session)


def undivided(change: Callable[P, T]) -> Callable[P, T]:
    """Return a function that makes a change while the session's other threads wait with theirs.

    A visitor has two threads when a newer message of the browser replaces a run of the page.
    The player is sent what has changed when the outermost change is complete.
    """

    @wraps(change)
    def changing(*args: P.args, **kwargs: P.kwargs) -> T:
        own = session()
        with own.turn:
            before = own.view()
            own.changes += 1
            try:
                result = change(*args, **kwargs)
            finally:
                own.changes -= 1
            if own.changes == 0 and own.view() != before:
                own.due = True
                own.announce()
            return result

    return changing


@undivided
def arrive_at(page: str) -> None:
    """Note which page is drawn, and whether the visitor has just come to it."""
    own = session()
    own.page, own.arrived, own.due = page, own.page != page, False
    own.drawn_run = own.run_number
    if own.arrived:
        own.screen.set_up = ""  # this page has a player of its own


@undivided
def load_from_url(query: Mapping[str, str]) -> None:
    """Load the settings of the visitor's link.

    Later the player writes the address bar, so its content is already known then; unless the
    visitor went back to an address of another run.
    """
    own = session()
    if own.run is not None and not (query and went_back() and shows_other_run(query)):
        return
    own.tried = None
    own.config, own.notes = Config.from_query(choices_of_link(query))
    link, notes = read_link(query)
    own.notes += notes
    waiting = own.config if own.config.dataset == OWN else None
    own.opening = Opening(link, 0, link.epoch or 0, link.check, link.example, waiting)
    own.pair, own.controls = link.pair, link.controls
    new_run(link.events)
    own.opening.linked_run = own.run_number
    others = other_sessions(own)  # none ends meanwhile: it would not forget a run asked for later
    own.live.begin_at(own.opening.goto, [one.live for one in others])
    if own.run is not None:
        own.config = own.run.config_at(MOST_EPOCHS)  # the side bar shows what holds in the end


def went_back() -> bool:
    """Return whether the page is drawn because of the browser's Back or Forward."""
    context = get_script_run_ctx(suppress_warning=True)
    return bool(getattr(context, "is_history_navigation", False))


def shows_other_run(query: Mapping[str, str]) -> bool:
    """Return whether the run of an address differs from the current one."""
    own = session()
    if own.run is None or own.live.standing is None:
        return True
    config, _ = Config.from_query(choices_of_link(query))
    events = write_events(own.live.standing.events)
    return config != own.run.config or query.get("events", "") != events


def other_sessions(own: Session) -> list[Session]:
    """Return the sessions of other visitors, who come and go meanwhile."""
    found = [reference() for reference in SESSIONS.valuerefs()]  # a list, made in one piece
    return [one for one in found if one is not None and one is not own]


@undivided
def new_run(events: str = "") -> None:
    """Start a run for the current choices; keep the old run if that fails."""
    own = session()
    try:
        dataset = data_for(own.config)
        run = Run(own.config, dataset)
        taken, notes = read_events(events, run.network.sizes)
        own.live.replace(Run(own.config, dataset, taken) if taken else run)
    except ValueError as reason:
        own.notes.append(str(reason))
        own.config = Config()
        if own.run is None:
            own.live.replace(Run(own.config, data_for(own.config)))
        else:
            run, _ = current()
            own.config = run.config_at(run.epochs)
        return
    own.notes += notes
    own.screen.shown = 0
    needed = 3 if own.pair == COMPONENTS else 1 + max(map(int, own.pair), default=0)
    if needed > len(dataset.input_names):
        own.notes.append(
            tr(
                "The map needs {inputs}, this problem has {known}; its axes are chosen from the "
                "data.",
                inputs=many(needed, "input"),
                known=len(dataset.input_names),
            )
        )
        own.pair = ()


def data_for(config: Config) -> Dataset:
    """Return the data of a problem, or of the visitor's own table."""
    table = session().table
    return table.build(config) if table and config.dataset == OWN else load_shared(config)


def known_run() -> Run:
    """Return the current run, of which what was trained since it was last read may be missing.

    Its first choices and its data are always right, and to read them costs nothing.
    """
    run = session().run
    if run is None:
        load_from_url({})
        return known_run()
    return run


def current() -> tuple[Run, Dataset]:
    """Return the current run, brought up to what its player was shown, and its data."""
    own = session()
    own.live.follow(own.screen.shown)
    run = known_run()
    return run, run.dataset


def epoch_shown() -> int:
    """Return the epoch on the visitor's screen; at first the last or best one."""
    own, (run, _) = session(), current()
    if own.screen.shown or own.screen.looked == own.run_number:
        return min(own.screen.shown, run.epochs)
    return run.best if run.finished else run.epochs


def look_at(epoch: int) -> None:
    """Note that this epoch is on the visitor's screen."""
    own, (run, _) = session(), current()
    own.screen.shown, own.screen.looked = min(epoch, run.epochs), own.run_number


@undivided
def choose(**choices: object) -> None:
    """Make these choices; if they do not fit together, say so and change nothing."""
    own, run = session(), known_run()
    try:
        config = replace(own.config, **choices)
    except ValueError as reason:
        own.notes.append(tr("{reason} Nothing was changed.", reason=reason))
        return
    if config == own.config:
        return
    locked = locked_changes(own, config)
    if locked:
        own.notes.append(
            tr("The link locks {settings}. Nothing was changed.", settings=tr(", ").join(locked))
        )
        return
    own.config, own.tried = config, None
    own.opening.leave()
    if not only_live(config, run) or is_at_start(own, run):
        new_run()


def locked_changes(own: Session, config: Config) -> list[str]:
    """Return the labels of the settings that the link locks and that `config` would change."""

    def value(config: Config, name: str) -> object:
        return config.seed_of_data if name == "data_seed" else getattr(config, name)

    names = own.controls.locked
    return [tr(CHOICES[n].label) for n in names if value(config, n) != value(own.config, n)]


def is_at_start(own: Session, run: Run) -> bool:
    """Return whether a run is as it began for its visitor; some epochs are trained ahead."""
    stands = own.live.standing or Standing.of(run)
    screen = own.screen
    still = screen.looked == own.run_number and screen.shown == 0 and not screen.playing
    return not stands.events and (stands.epochs == 0 or still)


def only_live(config: Config, run: Run) -> bool:
    """Return whether a config differs from the run's in live choices only."""
    live = {name: getattr(config, name) for name in LIVE}
    return replace(run.config, **live) == config


@undivided
def pick_problem(name: str) -> None:
    """Open a problem with the choices that suit it; what the link locks stays as it is."""
    own, now = session(), session().config
    suggested = (
        PROBLEMS[name].suggested if name != OWN else own.table.suggested if own.table else {}
    )
    locked = {setting: getattr(now, setting) for setting in own.controls.locked}
    config = Config(dataset=name, seed=now.seed, data_seed=now.data_seed)
    try:
        config = replace(config, **{**suggested, **locked})
    except ValueError as reason:
        own.notes.append(tr("{reason} Nothing was changed.", reason=reason))
        return
    open_with(config)


def pick_preset(name: str) -> None:
    """Open a preset as it is."""
    open_with(PRESETS[name].config)


@undivided
def open_with(config: Config, events: str = "") -> None:
    """Open other choices and their data, with changes during the run; keep nothing of the view."""
    own = session()
    own.config, own.pair, own.opening.example, own.tried = config, (), "", None
    own.opening.leave()
    new_run(events)


@undivided
def restore_run(run: Run, epoch: int | None = None) -> None:
    """Replace the current run by a saved one, at the epoch that was shown."""
    own = session()
    own.config = run.config_at(MOST_EPOCHS)
    own.live.replace(run)
    own.opening.leave()
    own.opening.example, own.tried = "", None
    own.pair, own.screen.shown = (), 0
    look_at(epoch_shown() if epoch is None else epoch)


@undivided
def reset() -> None:
    """Restart with the same choices, without the changes made during the run."""
    own = session()
    own.tried = None
    own.opening.leave()
    new_run()


def pop_messages() -> list[str]:
    """Return the messages that wait for the visitor, and forget them."""
    own = session()
    notes, own.notes = own.notes, []
    return notes


@undivided
def pick_output(output: str) -> None:
    """Choose an output; set the loss to "auto" and say so if the two do not fit together."""
    own, data = session(), known_run().dataset
    fits = output == "auto" or own.config.loss == "auto"
    if fits or (output, own.config.loss) in output_loss_pairs(data.task):
        choose(output=output)
        return
    own.notes.append(
        tr(
            'The loss {loss} does not fit a {output} output; the loss was set to "auto".',
            loss=own.config.loss,
            output=output,
        )
    )
    choose(output=output, loss="auto")


@undivided
def choose_map_axes(pair: Pair) -> None:
    """Choose the inputs of the map; refuse two that are the same."""
    if len(set(pair)) < len(pair):
        session().notes.append(tr("Choose two different inputs for the map. Nothing was changed."))
        return
    if from_same_column(known_run().dataset, pair):
        session().notes.append(
            tr(
                "These two inputs come from the same column, so the map would show only a few "
                "points. Choose inputs from two columns, or components. Nothing was changed."
            )
        )
        return
    session().pair = pair
