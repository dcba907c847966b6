"""What a page says of work in a process: how far it is, or what it waits for."""

from __future__ import annotations

from types import SimpleNamespace

from pages.live.jobs.remote_work import RemoteWork
from pages.widgets.shell.progress import progress_of


def full(tables: bool) -> SimpleNamespace:
    """Return places of which none is free."""
    return SimpleNamespace(take=lambda owner, nice: None)


def test_work_that_waits_for_a_process_says_so():
    work = RemoteWork("a", "sweep seeds", places=full)
    assert not work.advance(0.0)
    words = "Training 100 seeds: waiting until other work has ended"
    assert progress_of(work, "Training 100 seeds") == (0.0, words)


def test_work_under_way_says_how_much_is_done_and_left():
    work = RemoteWork("a", "sweep seeds", places=full)
    work.place, work.share, work.left = SimpleNamespace(over=False), 0.25, 600.0
    assert progress_of(work, "Training") == (0.25, "Training: 25\u202f%, about 10 minutes left")
