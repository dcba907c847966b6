"""What a restarted server finds on its disk: the same run bit for bit, or nothing at all."""

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.problems.registry import load
from engine.training.config import OWN, Config
from engine.training.events import Event
from engine.training.run import Run
from pages.live.kept import files as kept_files
from pages.live.kept import runs as kept_runs
from pages.live.kept.files import RUNS, RunFiles, folder_of_runs
from pages.live.kept.runs import KeptRuns, file_names, state_from
from pages.live.live_session import Live
from pages.live.view import LiveView
from pages.live.worker import Connection, Desk, Leaving, LiveJob

ROOT = Path(__file__).parents[3]
CONFIG = Config(batch_size=0)  # quick to train
USUAL = Config()
VIEW = LiveView("run 1", USUAL)
A, B = f"{'a' * 64}.run", f"{'b' * 64}.run"


def new_run(config: Config = CONFIG, events: tuple[Event, ...] = ()) -> Run:
    return Run(config, load(config), events)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_runs, "SPARED", 0.0)
    return tmp_path / "runs"


@pytest.fixture
def kept(folder: Path) -> KeptRuns:
    return KeptRuns(RunFiles(folder))


def same(run: Run, other: Run) -> bool:
    """Whether two runs are equal, and stay so when both go on."""
    for one in (run, other):
        one.advance(40)
    states = run.live.state(), other.live.state()
    return (
        run.losses.tobytes() == other.losses.tobytes()
        and states[0].memory.tobytes() == states[1].memory.tobytes()
        and states[0][1:] == states[1][1:]
        and run.best == other.best
        and run.events == other.events
    )


@pytest.mark.parametrize(
    "config",
    [
        CONFIG,
        Config(optimizer="adam", dropout=0.3, batch_size=32, schedule="plateau"),
        Config(dataset="diabetes", precision="float32", patience=5000),
    ],
)
def test_a_run_is_found_again_bit_for_bit(kept: KeptRuns, folder: Path, config: Config):
    run = new_run(config)
    run.advance(150)
    run.change(120, learning_rate=0.02)
    run.advance(30)
    kept.offer(run, last=True)
    found = KeptRuns(RunFiles(folder)).resumed(new_run(config, tuple(run.events)), 150)
    assert found.epochs == 150
    assert same(run, found)
    assert found.at(60).theta.tobytes() == run.at(60).theta.tobytes()


def test_a_run_is_cut_where_the_link_is_and_where_it_was_changed(kept: KeptRuns):
    run = new_run()
    run.advance(300)
    kept.offer(run, last=True)
    for events, epoch, reached in (
        ((), 200, 200),
        ((), 999, 300),
        ((Event(100, "learning_rate", 0.02),), 200, 99),  # it was not made in that run
        ((Event(100, "learning_rate", 0.02),), 50, 50),
        ((Event(400, "learning_rate", 0.02),), 999, 300),
    ):
        found = kept.resumed(new_run(events=events), epoch)
        assert found.epochs == reached
        expected = new_run(events=events)
        expected.advance(reached)
        assert same(found, expected)


def test_a_fresh_visitor_starts_at_the_start(kept: KeptRuns):
    run = new_run()
    run.advance(100)
    kept.offer(run, last=True)
    assert kept.resumed(new_run(), 0).epochs == 0


def test_of_equal_runs_the_longest_is_kept_and_others_have_other_files(
    kept: KeptRuns, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    for epochs in (50, 80, 60):
        run = new_run()
        run.advance(epochs)
        kept.offer(run, last=True)
    (name,) = (path.name for path in folder.iterdir())
    assert kept.files.number(name) == 80
    other = file_names(CONFIG, load(Config(noise=0.3)), [])[0]
    changed = file_names(CONFIG, load(CONFIG), [Event(3, "l2", 0.1)])
    assert changed[0] == name
    assert len({name, other, changed[1]}) == 3
    monkeypatch.setattr(kept_runs, "origin", lambda: "another engine")
    assert file_names(CONFIG, load(CONFIG), [])[0] != name


def test_a_file_is_written_when_it_spares_enough(folder: Path):
    now = [0.0]
    kept, run = KeptRuns(RunFiles(folder), lambda: now[0]), new_run()
    reached = []
    for epochs in (100, 100, 4, 100):
        run.advance(epochs)
        now[0] += 4
        kept.offer(run)
        reached.append(kept.reached[run][0])
    assert reached == [100, 100, 204, 204]  # too soon; 4 epochs of 204 are too few where 5 % count
    now[0] += 9
    run.advance(4)
    kept.offer(run)
    assert kept.reached[run][0] == 308
    now[0] += 9
    run.change(200, learning_rate=0.02)
    run.advance(50)
    kept.offer(run)
    assert kept.reached[run] == (250, run.events)


def test_an_own_table_and_a_run_that_has_ended_are_not_written(kept: KeptRuns, folder: Path):
    own = Run(Config(dataset=OWN), load(CONFIG))
    own.advance(50)
    ended = new_run(Config(batch_size=0, patience=2, learning_rate=30.0))
    ended.advance(50)
    assert ended.ended
    for run in (own, ended):
        kept.offer(run, last=True)
    assert not folder.exists()


def test_what_was_damaged_is_removed_and_trained_again(kept: KeptRuns, folder: Path):
    run = new_run()
    run.advance(100)
    for place in (3, 20, 50, 70, 200, -1):
        kept.reached.clear()
        kept.offer(run, last=True)
        (path,) = folder.iterdir()
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)
        assert kept.resumed(new_run(), 100).epochs == 0
        assert list(folder.iterdir()) == []
    kept.files.write(file_names(CONFIG, run.dataset, [])[0], 100, [b"\x02\0\0\0\0\0\0\0{}"])
    assert kept.resumed(new_run(), 100).epochs == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "line", [b"", b"null", b'{"epochs": "x"}', b'{"epochs": 1, "checkpoints": [[]]}']
)
def test_a_line_that_does_not_fit_is_no_state(line: bytes):
    assert state_from(len(line).to_bytes(8, "little") + line, new_run()) is None
    assert state_from(b"\xff" * 8 + line, new_run()) is None


def test_the_folder_is_private_bounded_and_has_only_our_files(folder: Path):
    files = RunFiles(folder, most=2500)
    files.write(A, 1, [bytes(1000)])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / A).stat().st_mode) == 0o600
    (folder / "diary.txt").write_text("mine")
    os.utime(folder / A, (time.time() - 60, time.time() - 60))
    names = [f"{i:064x}.run" for i in range(3)]
    for name in names[:2]:
        files.write(name, 1, [bytes(900)])
    assert files.read(A) is None  # the oldest
    old = time.time() - 2 * kept_files.DAY
    os.utime(folder / names[0], (old, old))
    (folder / f"{A}.x.part").write_bytes(b"left by a process that was killed")
    os.utime(folder / f"{A}.x.part", (old, old))
    files.write(names[2], 7, [b"x", b"y"])
    assert files.read(names[2]) == b"xy"
    assert files.number(names[2]) == 7
    assert {path.name for path in folder.iterdir()} == {*names[1:], "diary.txt"}


def test_a_folder_of_others_a_link_and_a_full_disk_cost_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "open").mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(tmp_path / "open")
    (tmp_path / "file").write_text("")
    full = RunFiles(tmp_path / "full")
    assert full.open()
    monkeypatch.setattr(full, "replace", RunFiles(None).replace)
    monkeypatch.setattr(os, "replace", lambda *_: os.mkdir("/proc/none"))
    for one in (*(RunFiles(tmp_path / name) for name in ("open", "link", "file")), full):
        caplog.clear()
        for name in (A, B):
            one.write(name, 1, [b"x"])
            assert one.read(name) is None
        assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert list((tmp_path / "full").iterdir()) == list((tmp_path / "open").iterdir()) == []


def test_the_operator_chooses_the_folder_or_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv(RUNS, str(tmp_path))
    assert folder_of_runs() == tmp_path
    monkeypatch.setenv(RUNS, "")
    assert folder_of_runs() is None
    monkeypatch.delenv(RUNS)
    assert str(os.geteuid()) in str(folder_of_runs())


def test_the_run_of_a_page_that_was_closed_is_kept_to_its_last_epoch(folder: Path):
    live, desk = Live(), Desk(2**30, KeptRuns(RunFiles(folder)))
    live.replace(new_run(USUAL))
    asked = {"id": 1, "kind": "seek", "epoch": 1200}
    known = (live.copies[0].specify(),)
    for number in range(100):
        desk.take(LiveJob(number, live.keys, asked, VIEW, specifications=known))
        while (done := desk.step()) is None:
            pass
        if done.standings[0].epochs == 1200:
            break
    desk.take(Leaving(live.token, "train"))
    assert not desk.runs
    name = file_names(USUAL, load(USUAL), ())[0]
    assert RunFiles(folder).number(name) == 1200


def test_what_a_killed_server_has_trained_is_not_trained_again(folder: Path):
    """Its processes see the end of their connection."""
    ours, theirs = socket.socketpair()
    code = "from sys import argv; from pages.live.worker import *; serve(Connection(int(argv[1]))"
    command = [sys.executable, "-c", f"{code}, 2**29, 0)", str(theirs.fileno())]
    with theirs:
        environment = os.environ | {RUNS: str(folder)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[theirs.fileno()])
    live = Live()
    live.replace(new_run(USUAL))
    with Connection(ours.detach()) as connection:
        for number in range(100):
            asked = {"id": 1, "kind": "seek", "epoch": 1200}
            known = (live.copies[0].specify(),)
            connection.send(LiveJob(number, live.keys, asked, VIEW, specifications=known))
            if connection.recv().standings[0].epochs == 1200:
                break
    assert process.wait(60) == 0
    live.begin_at(1100, [])
    desk = Desk(2**30, KeptRuns(RunFiles(folder)))
    asked = {"id": 1, "kind": "seek", "epoch": 1100}
    desk.take(LiveJob(1, live.keys, asked, VIEW, specifications=(live.copies[0].specify(),)))
    assert desk.step() is not None
    assert desk.epochs == 0
    expected = new_run(USUAL)
    expected.advance(1100)
    assert desk.runs[live.keys[0]].run.losses.tobytes() == expected.losses.tobytes()
