"""How many frames a second each player may show, so that nobody has to wait.

The time of a process is shared like water among glasses (max-min fairness, Bertsekas and Gallager,
1992, Data Networks, section 6.5.2): who needs less than an equal share gets all of it, and what is
left is shared among the others.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from time import perf_counter, process_time

CAPACITY = 0.4  # share of a core's time that the players of a process may plan with
ALONE = 0.9  # the same for a single player, while the pages are quiet
PLANNED = 0.6  # share of all cores that players and pages together may plan with
LEAST = 0.25  # share of a core's time for players, however busy the pages are
FASTEST, SLOWEST = 60, 6  # frames per second
EVERY, SMOOTHING = 0.5, 0.4  # seconds between two measurements, and the weight of a new one
WINDOW = 4.0  # seconds after it has shown its frames in which a player counts as active
FEWEST, SHOWN = 30, 1.5  # frames of an answer: at least, and for so many seconds
HALVED = 8  # jobs that wait in the process when an answer is half as long


def fair_shares(wishes: Mapping[Hashable, float], capacity: float) -> dict[Hashable, float]:
    """Return what each gets of `capacity`: its wish, or an equal part of what is left."""
    shares: dict[Hashable, float] = {}
    for place, (key, wish) in enumerate(sorted(wishes.items(), key=lambda item: item[1])):
        shares[key] = min(wish, capacity / (len(wishes) - place))
        capacity -= shares[key]
    return shares


def share_of_players(cores: int, processes: int, pages: float) -> float:
    """Return the share of a core that each process that trains may plan with.

    `pages` is what the server itself uses for pages and connections, in cores.
    """
    return min(CAPACITY, max(LEAST, (PLANNED * cores - pages) / processes))


class Load:
    """Measures how many cores this process has used lately."""

    def __init__(self, clock=perf_counter, used=process_time) -> None:
        self.clock, self.used = clock, used
        self.at, self.before = clock(), used()
        self.cores = 0.0  # smoothed

    def measure(self) -> float:
        """Return the cores in use, measured again if the last time is `EVERY` seconds ago."""
        passed = self.clock() - self.at
        if passed >= EVERY:
            now = self.used()
            self.cores += SMOOTHING * ((now - self.before) / passed - self.cores)
            self.at, self.before = self.clock(), now
        return self.cores


class Pacer:
    """Measures what a frame costs for each active player, and says how fast each may show them."""

    def __init__(self, clock=perf_counter) -> None:
        self.clock = clock
        self.capacity = CAPACITY
        self.cost: dict[Hashable, float] = {}  # seconds per frame, smoothed
        self.until: dict[Hashable, float] = {}  # when a player that gets no frames has left
        self.paces: dict[Hashable, int] = {}  # frames per second that were told last

    def note(self, key: Hashable, seconds: float, frames: int) -> None:
        """Note that `frames` frames took `seconds` of the process."""
        cost, old = seconds / max(frames, 1), self.cost.get(key)
        self.cost[key] = cost if old is None else old + 0.3 * (cost - old)
        shown_for = frames / self.paces.get(key, FASTEST)
        self.until[key] = self.clock() + shown_for + WINDOW

    def forget(self, key: Hashable) -> None:
        """Forget a player."""
        for known in (self.cost, self.until, self.paces):
            known.pop(key, None)

    def pace(self, key: Hashable) -> int:
        """Return the frames per second for a player; a new one is taken for one of the others."""
        now = self.clock()
        for other in [one for one, end in self.until.items() if now > end]:
            self.forget(other)
        if not self.cost:
            return FASTEST
        costs = {key: sum(self.cost.values()) / len(self.cost)} | self.cost
        wishes = {one: cost * FASTEST for one, cost in costs.items()}
        alone = len(wishes) == 1 and self.capacity >= CAPACITY
        share = fair_shares(wishes, ALONE if alone else self.capacity)[key]
        pace = int(min(FASTEST, max(SLOWEST, share / max(costs[key], 1e-9))))
        self.paces[key] = pace
        return pace


def frames_of_answer(asked: int, pace: int, waiting: int = 0) -> int:
    """Return how many of the frames that a player asks for one answer holds.

    It depends on the player's pace, and on how many other jobs of the process wait: players that
    ask at the same moment would otherwise all get long answers, late.
    """
    return min(asked, max(FEWEST, int(SHOWN * pace / (1 + waiting / HALVED))))
