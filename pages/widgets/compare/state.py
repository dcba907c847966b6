"""The comparison: up to six runs on one clock, what they are called, and the link to them.

A run is made when the page first shows it; until then it is its choices alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from urllib.parse import parse_qsl, quote

from engine.comparison import MOST_RUNS, fork
from engine.language import tr
from engine.training import (
    MOST_EPOCHS,
    Config,
    Event,
    Run,
    epoch_cost,
    estimate_run_bytes,
    read_events,
    write_events,
)
from pages.figures.base.text import count
from pages.figures.base.url import choices_of_link, run_query, whole_number_of_link
from pages.live.live_session import Live
from pages.live.requests import PlayerRequest
from pages.live.view import RunsView
from pages.widgets.compare.run_names import (
    MOST_WORDS,
    changes,
    differing,
    events_changed,
    run_title,
    shortened,
    twins,
    values_in_words,
)
from pages.widgets.session import (
    current,
    data_for,
    epoch_of,
    new_run,
    of_session,
    session,
    undivided,
)

MOST_MEGABYTES = 600  # of all runs of one comparison together
MOST_WORK = 500  # million products of two numbers in an epoch of all runs together
BETWEEN = "~"  # two runs of a link: no choice is spelled with it


class Compared:
    """One run of the comparison."""

    def __init__(self, config: Config, events: Sequence[Event] = (), text: str = "") -> None:
        self.config, self.events = config, tuple(events)
        self.text = text  # the events as a link spells them, not read yet
        self.made: Run | None = None

    @property
    def run(self) -> Run:
        """Return the run. Raises ValueError if its choices cannot be trained."""
        if self.made is None:
            dataset = data_for(self.config)
            run = Run(self.config, dataset, self.events)
            if self.text:
                taken, notes = read_events(self.text, run.network.sizes)
                session().notes += notes
                self.events, self.text = tuple(taken), ""
                run = Run(self.config, dataset, taken)
            self.made = run
        return self.made

    @cached_property
    def bytes(self) -> int:
        """Return about how much memory the run takes; 0 if it cannot be made."""
        try:
            return estimate_run_bytes(self.config, data_for(self.config))
        except ValueError:
            return 0

    @cached_property
    def cost(self) -> float:
        """Return about how long an epoch takes, in products of two numbers; 0 if there is none."""
        try:
            return epoch_cost(self.config, data_for(self.config))
        except ValueError:
            return 0.0

    @property
    def final(self) -> Config:
        """Return the choices that hold at the end."""
        return self.run.config_at(MOST_EPOCHS)

    def query(self) -> str:
        """Return the query of the run's link."""
        return run_query(self.config, self.events)


class Comparison:
    """The runs that a visitor compares."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.runs: list[Compared] = []
        self.number = 0  # of the set of runs
        self.borrowed = False  # the runs are that of the Train page and one proposed, not chosen
        self.shown = 0  # the epoch on the screen, as far as known
        self.asked: PlayerRequest | None = None  # what the player asked of the page last
        self.fork_at: int | None = None  # None: the epoch on the screen
        self.leaving = False  # for the Train page
        self.altered = False  # by the cards: the page around them does not know yet
        self.shown_set = RunsView("", "")  # what the player shows

    def put(self, runs: Sequence[Compared], shown: int | None = None) -> None:
        """Compare these runs from now on, at the epoch shown or another."""
        self.runs = list(runs[:MOST_RUNS])
        self.number += 1
        self.borrowed = False
        self.shown = self.shown if shown is None else shown

    @property
    def run_id(self) -> str:
        """Return the name by which the browser knows the set of runs."""
        return f"runs {self.number}"

    def show_runs(self) -> None:
        """Let the player show the runs as they are now; a run that stays is not trained again."""
        with self.live.lock:
            self.live.put([one.run for one in self.runs], self.shown)
            self.shown_set = RunsView(self.run_id, query(self.runs))

    def view(self) -> RunsView:
        """Return what the answers to the player depend on beside its runs."""
        return self.shown_set

    def note(self, asked: PlayerRequest) -> None:
        """Note which epoch is on the screen."""
        self.shown = epoch_of(asked, self.live)

    def follow(self, place: int) -> Run:
        """Return a run, brought up to what the player was shown."""
        run = self.runs[place].run
        if run in self.live.runs:
            self.live.follow(self.shown, self.live.runs.index(run))
        return run


def comparison() -> Comparison:
    """Return this visitor's comparison."""
    return of_session("comparison", begin_comparison)


def begin_comparison() -> Comparison:
    """Return a comparison without runs, whose player the session knows."""
    mine = session()
    mine.comparing = own = Comparison(Live(mine.live.token, "compare"))
    return own


@undivided
def follow_runs(query: Mapping[str, str]) -> None:
    """Load the runs of the visitor's link, or else the Train page's run."""
    own = comparison()
    if own.number == 0 and "runs" in query:
        epoch, notes = whole_number_of_link(query.get("epoch", "0"))
        session().notes += notes
        own.put(read_runs(query["runs"]), epoch)
    if not own.runs or own.borrowed:
        borrow(own)
    kept = len(own.runs)
    own.runs = [one for one in affordable(own.runs) if possible(one)]
    if not own.runs:
        borrow(own)
    elif len(own.runs) < kept:
        own.number += 1


def read_runs(text: str) -> list[Compared]:
    """Return the runs that a link spells, and a sentence for each part not used."""
    parts = [part for part in text.split(BETWEEN) if part]
    notes = session().notes
    if len(parts) > MOST_RUNS:
        notes.append(tr("Only the first {most} runs of the link are used.", most=MOST_RUNS))
    runs = []
    for number, part in enumerate(parts[:MOST_RUNS], 1):
        query = dict(parse_qsl(part, keep_blank_values=True))
        config, ignored = Config.from_query(choices_of_link(query))
        notes += [tr("Run {number}: {note}", number=number, note=note) for note in ignored]
        runs.append(Compared(config, text=query.get("events", "")))
    return runs


def affordable(runs: Sequence[Compared]) -> list[Compared]:
    """Return the runs that one visitor may compare, by memory and time; say which are left out.

    The first run stays in any case.
    """
    kept: list[Compared] = []
    for number, one in enumerate(runs, 1):
        refusal = too_much([*kept, one]) if kept else ""
        if refusal:
            session().notes.append(
                tr("Run {number} is left out: {refusal}", number=number, refusal=refusal)
            )
        else:
            kept.append(one)
    return kept


def too_much(runs: Sequence[Compared]) -> str:
    """Return why runs take too much together, with what is given and allowed; "" if they do not."""
    size = round(sum(one.bytes for one in runs) / 1e6)
    work = round(sum(one.cost for one in runs) / 1e6)
    if size > MOST_MEGABYTES:
        return tr(
            "with it the runs would take {size} MB, and {most} MB are "
            "allowed. Fewer examples or units, or smaller batches, take less.",
            size=count(size),
            most=count(MOST_MEGABYTES),
        )
    if work > MOST_WORK:
        return tr(
            "with it an epoch would take {work} million multiplications, and "
            "{most} million are allowed. Fewer examples or units take less.",
            work=count(work),
            most=count(MOST_WORK),
        )
    return ""


def borrow(own: Comparison) -> None:
    """Show the Train page's run, and one that differs in one choice, as long as none is pinned."""
    run, _ = current()
    if own.borrowed and own.runs[0].config == run.config and own.runs[0].events == (*run.events,):
        return
    own.put([pinned(run), *proposed(run)], 0)
    own.borrowed = True


def proposed(run: Run) -> list[Compared]:
    """Return what a run is worth comparing with: another activation, or another choice.

    An activation changes the shape of the boundary, so that one sees the difference at once.
    """
    few, _ = twins(run.config, run.dataset)
    configs = sorted(few.values(), key=lambda one: one.activation == run.config.activation)
    return [] if run.events else [Compared(one) for one in configs[:1]]


def possible(one: Compared) -> bool:
    """Return whether a run can be made; say so if it cannot."""
    try:
        return one.run is not None
    except ValueError as reason:
        session().notes.append(tr("{reason} This run is not compared.", reason=reason))
        return False


def pinned(run: Run) -> Compared:
    """Return the Train page's run for the comparison: its settings and events, trained again."""
    return Compared(run.config, run.events)


@undivided
def pin() -> None:
    """Add the Train page's run."""
    own, (run, _) = comparison(), current()
    if own.borrowed:
        own.runs = []
    session().drawn.due = True
    add(pinned(run))


def add(one: Compared) -> None:
    """Add a run, unless it is there already or there is no room; it replaces one proposed."""
    own = comparison()
    if own.borrowed:
        own.runs = own.runs[:1]
    if any(one.config == old.config and one.events == old.events for old in own.runs):
        session().notes.append(tr("This run is already in the comparison."))
    elif len(own.runs) == MOST_RUNS:
        session().notes.append(
            tr("At most {most} runs can be compared. Remove one first.", most=MOST_RUNS)
        )
    else:
        own.put([*own.runs, one])


@undivided
def drop(index: int) -> None:
    """Remove a run."""
    own = comparison()
    if len(own.runs) > 1:
        own.put([one for k, one in enumerate(own.runs) if k != index])


@undivided
def restart() -> None:
    """Restart all runs, with their events."""
    own = comparison()
    own.put([Compared(one.config, one.events, one.text) for one in own.runs], 0)


@undivided
def fork_first(epoch: int, name: str, value: float) -> None:
    """Add the first run with a live choice changed after `epoch` epochs."""
    run = comparison().follow(0)
    if epoch <= run.epochs:  # nothing is trained twice
        forked = fork(run, epoch, **{name: value})
        one = Compared(forked.config, forked.events)
        one.made = forked
    else:
        one = Compared(run.config, [*run.events, Event(epoch, name, value)])
    add(one)


@undivided
def hand_over(index: int) -> None:
    """Make a run of the comparison the Train page's run, at the epoch shown."""
    own, compared = session(), comparison()
    one = compared.runs[min(index, len(compared.runs) - 1)]
    own.config, own.pair, own.opening.example, own.opening.check = one.config, (), "", ""
    stands = compared.live.copies[index].stands if index < len(compared.live.copies) else None
    ended = stands is not None and stands.ended
    own.opening.goto = min(compared.shown, stands.epochs) if stands and ended else compared.shown
    new_run(write_events(one.events))
    own.config = one.final


def names(runs: Sequence[Compared]) -> list[str]:
    """Return a name for each run by its differences from the first run."""
    first, *others = runs
    found = [named_apart(runs) or run_title(first.config)]
    for number, one in enumerate(others, 2):
        parts = events_changed(first.events, one.events)
        parts += values_in_words(one.config, differing((first.config, one.config)))
        found.append(shortened(parts) or tr("run {number}", number=number))
    return found


def named_apart(runs: Sequence[Compared]) -> str:
    """Return the differences of the first run from the others, if they are short."""
    telling = differing([one.config for one in runs])
    words = tr(", ").join(values_in_words(runs[0].config, telling))
    return words if len(telling) <= MOST_WORDS else ""


def differs(runs: Sequence[Compared], k: int) -> str:
    """Return the differences of a run from the first, in words."""
    first, one = runs[0], runs[k]
    if k == 0:
        title = tr("Run {k}: {called}", k=1, called=run_title(first.config))
        return title if named_apart(runs) else tr("Run 1, unchanged")
    parts = changes(first.config, one.config) + events_changed(first.events, one.events)
    if not parts:
        return tr("Run {k} is the same as run 1", k=k + 1)
    return tr("Run {k} differs in: {parts}", k=k + 1, parts=tr(", ").join(parts))


def query(compared: Sequence[Compared]) -> str:
    """Return the link's query for all runs."""
    runs = BETWEEN.join(one.query() for one in compared)
    return f"runs={quote(runs, safe='~:;,.-')}"
