"""The player without a screen: which frames it has, what it asks for and when, what it shows.

It follows static/player/{player,prefetch,requests}.js at one epoch per frame. Times are in seconds,
and whoever calls says what time it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

AHEAD = 130  # frames to hold ready
LOW = 45  # frames ahead below which more are requested
BURST = 90  # frames in one answer
BYTES = 4e6  # of frames held ready at most
FEW = 25  # frames ahead below which a slow server's are spread out
CALM = 20  # frames a second below which the buffer gets no smaller
SCREEN = 60.0  # pictures a second
PATIENCE = 8.0  # without an answer, after which a request is sent again
QUIET = 1.0  # after which the answer to "shown" is no longer waited for
LATENCY = 0.2  # before the first answer
SOON, REST = 0.06, 0.3  # until the server hears which epoch is shown, and that it is looked at
LEAD = 8  # frames from the screen to the epoch from which a changed choice holds
FOLLOW = 30  # frames after that epoch that come with the answer
ORDER = ("open", "drop", "reset", "try", "change", "edit", "apply", "seek", "play", "shown")

Request = dict[str, Any]  # {"kind": ..., the fields of its kind}; with "id" once it is sent


class Answered(NamedTuple):
    """A request whose answer came: how long that took, how often it had to be sent again."""

    kind: str
    seconds: float
    repeats: int


class Requests:
    """One request on its way at a time, the latest of a kind wins (static/player/requests.js)."""

    def __init__(self, first: int) -> None:
        self.id = self.first = first  # larger than the ids of any earlier player of the page
        self.waiting: list[Request] = []
        self.out: Request | None = None
        self.sent = self.begun = 0.0  # when it was sent last, and first
        self.tries = 0
        self.latency = LATENCY
        self.lost = 0  # how often a request had to be sent again

    def clear(self) -> None:
        """Forget all requests."""
        self.waiting, self.out, self.tries = [], None, 0

    def has(self, *kinds: str) -> bool:
        """Return whether a request of one of these kinds is on its way or waits."""
        return any(one and one["kind"] in kinds for one in (self.out, *self.waiting))

    @property
    def free(self) -> bool:
        """Whether the next request would be sent at once."""
        return not self.waiting and (self.out is None or self.out["kind"] == "shown")

    def add(self, kind: str, **fields: Any) -> None:
        """Add a request; it takes the place of a waiting one of its kind, but each edit counts."""
        others = [one for one in self.waiting if one["kind"] != kind or kind == "edit"]
        self.waiting = [*others, {"kind": kind, **fields}]

    def cancel(self, *kinds: str) -> None:
        """Drop the requests of these kinds that have not been sent yet."""
        self.waiting = [one for one in self.waiting if one["kind"] not in kinds]

    def answered(self, number: int, now: float) -> Answered | None:
        """Return the request that an answer belongs to; None for an answer to an older one."""
        if self.out is None or self.out["id"] != number:
            return None
        found = Answered(self.out["kind"], now - self.begun, self.tries)
        self.latency += 0.3 * (now - self.sent - self.latency)
        self.out, self.tries = None, 0
        return found

    def due(self, now: float) -> Request | None:
        """Return the request to send now, if any: one that was lost, else the most urgent one."""
        age = now - self.sent
        if self.out and age > self.patience:
            self.tries += 1
            self.lost += 1
            return self.send(self.out, now)
        if self.out and self.out["kind"] == "shown" and age > QUIET:
            self.out = None
        if not self.waiting or (self.out and self.out["kind"] != "shown"):
            return None
        self.waiting.sort(key=lambda one: ORDER.index(one["kind"]) if one["kind"] in ORDER else -1)
        self.tries, self.begun = 0, now
        return self.send(self.waiting.pop(0), now)

    def send(self, request: Request, now: float) -> Request:
        """Return the request with its id, and note that it is on its way."""
        self.id += 1
        self.out, self.sent = {**request, "id": self.id}, now
        return self.out

    @property
    def patience(self) -> float:
        """Seconds after which the request on its way is sent again."""
        return PATIENCE * 2 ** min(self.tries, 3)

    def expected_wait(self, now: float) -> float:
        """Return the expected seconds until the answer is there."""
        return max(0.0, self.sent + self.latency - now) if self.out else self.latency


def next_request(
    ahead: float, from_epoch: int, limit: float, frame_bytes: float, pace: float = SCREEN
) -> Request | None:
    """Return the request that fills the buffer up to the epoch `limit`, or None if it is full.

    The less frames a second the server can feed, the fewer are held ready.
    """
    share = share_of_buffer(pace)
    most = max(4, min(AHEAD * share, int(BYTES / max(1, frame_bytes))))
    room = limit - from_epoch
    if room <= 0 or ahead >= min(LOW * share, most / 2):
        return None
    count = int(min(math.ceil(min(BURST * share, most, AHEAD * share - ahead)), room))
    return {"from": from_epoch, "stride": 1, "count": count}


def share_of_buffer(pace: float) -> float:
    """Return the share of the usual buffer that is held ready."""
    return min(1.0, max(pace, CALM) / SCREEN)


def shown_after(ahead: float, seconds: float, wait: float, pace: float) -> float:
    """Return how many of the `ahead` frames a player shows in so many seconds.

    It shows `pace` a second; the last FEW it spreads over the `wait` until more are expected.
    """
    quick = max(0.0, ahead - FEW)
    if seconds * pace <= quick:
        return seconds * pace
    slow = seconds - quick / pace
    few = ahead - quick
    remaining = wait - quick / pace
    rate = min(pace, few / remaining) if remaining > 0 else pace
    spread = min(slow, max(0.0, remaining))
    return quick + min(few, rate * spread + pace * (slow - spread))


class Player:
    """What a person's player has and does."""

    def __init__(self, first: int) -> None:
        self.requests = Requests(first)
        self.run: str | None = None
        self.setup = ""  # the name of its set-up
        self.answer = 0
        self.query = self.run_query = ""  # of the address bar; of the run that the frames are of
        self.trained, self.server = 0, "ok"
        self.runs: list[Mapping[str, Any]] = []  # what the server knows of runs side by side
        self.state = "paused"
        self.epoch = 0.0  # on the screen; parts of one are progress to the next
        self.reached = 0  # the last epoch that was shown
        self.new_epochs = 0  # shown for the first time
        self.target: int | None = None
        self.frames = bytearray()  # 1 for each epoch whose frame is here
        self.frame_bytes = 1.0
        self.limit = math.inf
        self.bound = math.inf  # the last epoch to show until a changed choice is in force
        self.pace = SCREEN
        self.moved = 0.0  # when the epoch was last computed
        self.sent_epoch = -1
        self.tell_at = self.rest_at = math.inf
        self.rested: int | None = None  # an epoch that is looked at, for who asks

    # What the server said

    def receive(
        self, meta: Mapping[str, Any], epochs: Iterable[int], frame_bytes: float, now: float
    ) -> Answered | None:
        """Take in a message; return the request that it answers, if it does."""
        self.move(now)
        fresh = meta["run"] != self.run
        if meta["answer"] and not fresh and meta["answer"] <= self.answer:
            return None
        if "setup" in meta:
            self.setup = meta["setup"].get("id", "")
            if fresh:
                self.arrange(meta)
        if meta["run"] != self.run:
            if self.run is None and not self.requests.has("setup"):
                self.requests.add("setup")
            return None
        if meta["answer"] > self.requests.first:
            self.answer = meta["answer"]
        self.query = meta.get("query", self.query)
        # What a page says of the run on the screen may be behind what its socket has brought.
        if fresh or not meta.get("token"):
            self.learn(meta, epochs, frame_bytes)
        answered = self.requests.answered(meta["answer"], now)
        if answered and answered.kind == "apply":
            self.bound = math.inf
        if meta.get("pending") and not self.requests.has("apply"):
            self.requests.add("apply")
        self.settle(answered, fresh or "forget_after" in meta, now)
        return answered

    def learn(self, meta: Mapping[str, Any], epochs: Iterable[int], frame_bytes: float) -> None:
        """Take in how far the run is, and its frames."""
        self.trained, self.server = meta.get("trained", 0), meta.get("state", "ok")
        self.runs = meta.get("runs", [])
        self.run_query = meta.get("query", self.run_query)
        self.pace = meta.get("pace") or self.pace
        if "forget_after" in meta:
            self.forget(meta["forget_after"])
        self.store(epochs, frame_bytes)

    def arrange(self, meta: Mapping[str, Any]) -> None:
        """Begin with another run."""
        setup = meta["setup"]
        self.run, self.target = meta["run"], setup.get("goto") or 0
        self.reached = meta.get("trained", 0)
        self.epoch = float(min(self.target, self.reached))
        self.limit = setup.get("stop") or math.inf
        self.frames, self.state = bytearray(), "paused"
        self.requests.clear()
        self.bound = math.inf

    def store(self, epochs: Iterable[int], frame_bytes: float) -> None:
        """Keep the frames of these epochs."""
        for epoch in epochs:
            if epoch >= len(self.frames):
                self.frames.extend(bytes(epoch + 1000 - len(self.frames)))
            self.frames[epoch] = 1
            self.frame_bytes = frame_bytes

    def has(self, epoch: int) -> bool:
        """Return whether the frame of an epoch is here."""
        return epoch < len(self.frames) and self.frames[epoch] == 1

    def forget(self, epoch: int) -> None:
        """Drop the frames after an epoch."""
        del self.frames[epoch + 1 :]
        self.reached = min(self.reached, epoch)

    def settle(self, answered: Answered | None, redraw: bool, now: float) -> None:
        """Go on with what the person waits for, now that an answer is here."""
        if self.server == "finished":
            self.limit = self.trained
            self.target = None if self.target is None else min(self.target, self.trained)
        here = min(int(self.epoch), self.trained)
        if self.target is not None and self.has(self.target):
            self.show(self.target, now)
        elif redraw and self.has(here):
            self.show(here, now)
        if self.target is None or self.requests.has("seek", "reset"):
            return
        if self.server == "diverged" and self.trained < self.target:
            self.stop("diverged", now)
        elif answered is None or answered.kind in ("seek", "play"):
            self.requests.add("seek", epoch=self.target)

    # The clock

    def ahead(self) -> tuple[int, float]:
        """Return the last epoch in reach, and the frames up to it."""
        here = int(self.epoch)
        gap = self.frames.find(0, here + 1, here + AHEAD + 2)
        end = min(len(self.frames), here + AHEAD + 2) if gap < 0 else gap
        last = max(here, min(end - 1, here + AHEAD))
        return last, max(0.0, last - self.epoch)

    def move(self, now: float) -> None:
        """Show what was due since the last time."""
        passed, self.moved = now - self.moved, now
        if self.state != "playing" or self.requests.has("edit", "try", "reset"):
            return
        last, ahead = self.ahead()
        wait = self.requests.expected_wait(now - passed)
        ahead = max(0.0, min(ahead, self.limit - self.epoch, self.bound - self.epoch))
        self.epoch = min(self.epoch + shown_after(ahead, passed, wait, self.pace), last)
        self.new_epochs += max(0, int(self.epoch) - self.reached)
        self.reached = max(self.reached, int(self.epoch))
        if last >= self.limit > self.epoch > self.limit - 0.5:
            self.epoch = float(last)  # the last frame is shown whole
        if self.epoch >= self.limit:
            self.stop("finished", now)
        elif self.server == "diverged" and self.epoch >= self.trained:
            self.stop("diverged", now)

    def asks(self, now: float) -> list[Request]:
        """Return what to send now."""
        self.move(now)
        self.stay(now)
        self.pull()
        asked = self.requests.due(now)
        if asked is None:
            return []
        self.sent_epoch = int(self.epoch)
        if asked["kind"] == "apply" and self.state == "playing":
            self.bound = min(self.sent_epoch + LEAD, self.ahead()[0], self.limit)
            self.sent_epoch = int(self.bound)
            count = min(FOLLOW, self.limit - self.bound)
            asked = asked | {"stride": 1, "count": int(count)}
        at = {"run": self.run, "at": self.sent_epoch, "playing": self.state == "playing"}
        at |= {"setup": self.setup}
        known = [one["trained"] for one in self.runs] or self.trained
        return [at | asked | {"known": known}]  # of the history: each message completes it

    def stay(self, now: float) -> None:
        """Say which epoch is on the screen: soon after it came to rest there, and a while later."""
        still = self.state != "playing"
        if now >= self.tell_at:
            self.tell_at = math.inf
            out = self.requests.out
            if still and (out is None or out["kind"] == "shown"):
                self.requests.add("shown")
        if now >= self.rest_at:
            self.rest_at = math.inf
            if still and self.target is None:
                self.rested = int(self.epoch)
                if not self.requests.has("seek", "reset", "edit", "apply", "try"):
                    self.requests.add("shown")

    def pull(self) -> None:
        """Request the next frames when few are left, unless the run ends with them."""
        if self.state != "playing" or not self.requests.free:
            return
        last, ahead = self.ahead()
        wanted = next_request(ahead, last, self.limit, self.frame_bytes, self.pace)
        if wanted and not (self.server == "diverged" and last >= self.trained):
            self.requests.add("play", **wanted)

    def wake(self, now: float) -> float:
        """Return the seconds until there may be something to send, if nothing else happens."""
        times = [self.tell_at - now, self.rest_at - now]
        out = self.requests.out
        if out and out["kind"] != "shown":
            times.append(self.requests.sent + self.requests.patience - now)
        elif self.requests.waiting:
            times.append(0.0)
        elif self.state == "playing":
            share = share_of_buffer(self.pace)
            most = max(4, min(AHEAD * share, BYTES / self.frame_bytes))
            frames = self.ahead()[1] - min(LOW * share, most / 2)
            times.append(max(0.0, frames / self.pace))
        return max(0.0, min(times)) + 1 / SCREEN  # a tick of the screen later

    # What the person does

    def train(self, now: float) -> None:
        """Press Train."""
        self.move(now)
        self.target = None
        self.state = "playing"

    def pause(self, now: float) -> None:
        """Press Pause."""
        self.move(now)
        self.stop("paused", now)

    def stop(self, state: str, now: float) -> None:
        """Come to rest where it is."""
        self.requests.cancel("play", "seek")
        self.target, self.state = None, state
        self.arrive(now)

    def scrub(self, epoch: int, now: float) -> None:
        """Move the slider to an epoch."""
        self.move(now)
        self.requests.cancel("play", "seek")
        self.state, self.target = "paused", epoch
        if self.has(epoch):
            self.show(epoch, now)
        else:
            self.requests.add("seek", epoch=epoch)

    def reset(self, now: float) -> None:
        """Press Reset."""
        self.move(now)
        self.requests.cancel("play", "seek")
        self.state = "paused"
        self.requests.add("reset")

    def show(self, epoch: int, now: float) -> None:
        """Show an epoch."""
        self.epoch = float(epoch)
        self.reached = max(self.reached, epoch)
        if epoch == self.target:
            self.target = None
        if self.state != "playing":
            self.arrive(now)

    def arrive(self, now: float) -> None:
        """Stay at an epoch: the server hears of it soon, and again when it is looked at."""
        self.rest_at = now + REST
        if self.sent_epoch != int(self.epoch):
            self.tell_at = now + SOON

    def link(self) -> str:
        """Return the query of the address bar."""
        epoch = f"&epoch={int(self.epoch)}" if self.epoch >= 1 else ""
        return self.query + epoch
