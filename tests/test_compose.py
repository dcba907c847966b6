"""compose.yaml: its commands start a scheduler and a worker that carry out a search."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from engine.cluster import ADDRESSES, ClusterTuning
from engine.config import Config
from engine.search import Search
from engine.tuning import Tuning

ROOT = Path(__file__).parents[1]
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SEARCH = Search({"l2": (0.0, 0.01)}, Config(dataset="iris", epochs=5), folds=2)


def free_port():
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]


def start(service, port):
    """The service's own command, its scheduler on this machine's port."""
    words = [word.replace("scheduler:8786", f"127.0.0.1:{port}") for word in service["command"]]
    words = [word.replace("--port=8786", f"--port={port}") for word in words]
    assert words[0] == "python"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.Popen(
        [sys.executable, *words[1:]], cwd=ROOT, env=env, stderr=subprocess.DEVNULL
    )


@pytest.fixture
def port():
    """The port of a scheduler with one worker, each started as compose starts it."""
    number = free_port()
    with ExitStack() as stack:
        for name in ("scheduler", "worker"):
            process = stack.enter_context(start(SERVICES[name], number))
            stack.callback(process.terminate)
        yield number


def test_the_commands_carry_out_a_search(port):
    alone = Tuning(SEARCH)
    alone.advance(1000)
    tuning = ClusterTuning(SEARCH, f"tcp://127.0.0.1:{port}")
    for _ in range(600):
        if tuning.advance(0.1):
            break
    tuning.close()
    assert tuning.rows == alone.rows


def test_the_app_may_use_that_scheduler_and_serves_its_port():
    (address,) = SERVICES["app"]["environment"][ADDRESSES].split(",")
    assert address in SERVICES["worker"]["command"]
    (ports,) = SERVICES["app"]["ports"]
    assert f"EXPOSE {ports.split(':')[1]}" in DOCKERFILE
    assert f"--port={address.rsplit(':')[-1]}" in SERVICES["scheduler"]["command"]


def test_only_the_app_is_asked_for_its_health():
    assert SERVICES["scheduler"]["healthcheck"] == SERVICES["worker"]["healthcheck"]
    assert SERVICES["worker"]["healthcheck"] == {"disable": True}
    assert "healthcheck" not in SERVICES["app"]
    assert {one["image"] for one in SERVICES.values()} == {"deltascope"}
