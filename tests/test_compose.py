"""compose.yaml: its commands start a scheduler and a worker that carry out a search."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import tomllib
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from engine.search.dask_cluster import ADDRESS_VARIABLE, ClusterTuning
from engine.search.local import Tuning
from engine.search.search import Search
from engine.training.config import Config

ROOT = Path(__file__).parents[1]
CLASS = yaml.safe_load((ROOT / "deploy/class.yaml").read_text())["services"]
NGINX = (ROOT / "deploy/nginx.conf").read_text()
UNIT = (ROOT / "deploy/deltascope.service").read_text()
SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCK = (ROOT / "requirements.lock").read_text()
IMAGE = {"extra": "", "python_version": "3.13", "python_full_version": "3.13.0"}
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
    (address,) = SERVICES["app"]["environment"][ADDRESS_VARIABLE].split(",")
    assert address in SERVICES["worker"]["command"]
    (ports,) = SERVICES["app"]["ports"]
    assert f"EXPOSE {ports.split(':')[1]}" in DOCKERFILE
    assert f"--port={address.rsplit(':')[-1]}" in SERVICES["scheduler"]["command"]


def test_only_the_app_is_asked_for_its_health():
    assert SERVICES["scheduler"]["healthcheck"] == SERVICES["worker"]["healthcheck"]
    assert SERVICES["worker"]["healthcheck"] == {"disable": True}
    assert "healthcheck" not in SERVICES["app"]
    assert {one["image"] for one in SERVICES.values()} == {"deltascope"}


@pytest.mark.parametrize("name", SERVICES)
def test_kind_53_a_service_can_do_no_more_than_it_needs(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp:size=64m,mode=1777"]
    assert service.get("volumes", []) == (["/var/tmp"] if name == "app" else [])
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_kind_53_a_service_cannot_take_the_whole_machine(name):
    service = SERVICES[name]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 0 < service["pids_limit"] <= 512
    assert 0 < service["cpus"] <= 2


def test_kind_53_only_the_app_can_be_reached_from_outside():
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["app"]
    assert all("network_mode" not in one for one in SERVICES.values())


def test_kind_53_the_base_has_an_exact_version():
    (base,) = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?", base)


def test_kind_53_who_runs_the_image_owns_nothing_in_it():
    commands = re.sub(r"\\\n", "", DOCKERFILE).splitlines()
    (user,) = [one.split()[1] for one in commands if one.startswith("USER ")]
    assert user.isdigit()
    assert int(user) > 999
    assert not re.search(r"chown|chmod", DOCKERFILE)
    assert commands.index(f"USER {user}") > commands.index("COPY . .")
    assert any(one.startswith("HEALTHCHECK ") for one in commands)


@pytest.mark.parametrize(("status", "base"), [(200, ""), (503, ""), (200, "learn")])
def test_the_image_asks_for_the_health_where_it_is(status, base):
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *words):
            """Print nothing."""

    commands = re.sub(r"\\\n", "", DOCKERFILE)
    command = json.loads(re.search(r"^HEALTHCHECK .*?CMD (.*)$", commands, re.MULTILINE)[1])
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        words = [word.replace("/8501", f"/{server.server_port}") for word in command]
        env = os.environ | {"STREAMLIT_SERVER_BASE_URL_PATH": base}
        done = subprocess.run(words, env=env, timeout=10)
    assert asked == [f"/{base}/_stcore/health" if base else "/_stcore/health"]
    assert (done.returncode == 0) == (status == 200)
    assert subprocess.run(words, stderr=subprocess.DEVNULL, timeout=10).returncode != 0  # gone


def test_replicas_are_locked_in_and_only_their_proxy_is_reached():
    assert [name for name, one in CLASS.items() if "ports" in one] == ["proxy"]
    assert CLASS["app"]["deploy"]["replicas"] == 2
    for name in ("app", "proxy"):
        one = CLASS[name]
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert one["pids_limit"] <= 512
    for name in ("scheduler", "worker"):
        assert CLASS[name] == {"extends": {"file": "../compose.yaml", "service": name}}
        assert name in SERVICES


def test_the_proxy_lets_the_largest_file_pass():
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    (most,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert (
        settings["server"]["maxUploadSize"] < int(most) < 1.1 * settings["server"]["maxUploadSize"]
    )


def test_the_service_can_do_no_more_than_it_needs():
    settings = dict(
        line.split("=", 1) for line in UNIT.splitlines() if re.match(r"[A-Z]\w+=", line)
    )
    assert settings["DynamicUser"] == settings["NoNewPrivileges"] == "yes"
    assert settings["ProtectSystem"] == "strict"
    assert settings["CapabilityBoundingSet"] == ""
    assert settings["Restart"] == "on-failure"
    assert "run app.py" in settings["ExecStart"]


def locked():
    """{name: version} of requirements.lock, each with the hashes that stand behind it."""
    hashes = r"((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    entries = re.findall(rf"^([a-z0-9-]+)==(\S+)[^\n]*\\\n{hashes}", LOCK, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^[a-z]", LOCK, re.MULTILINE))
    return {name: Version(version) for name, version, _ in entries}


def test_kind_53_the_image_holds_what_the_requirements_ask_for_with_hashes():
    versions = locked()
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = [
        Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()
    ]
    assert len(wanted) > 5
    for one in wanted:
        assert one.specifier.contains(versions[one.name.lower()]), one
    assert "--require-hashes --requirement requirements.lock" in DOCKERFILE


def test_kind_53_what_is_locked_is_whole():
    versions = locked()
    for name in versions:
        for line in distribution_requires(name):
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate(IMAGE):
                assert need.specifier.contains(versions[need.name.lower().replace("_", "-")]), line


def distribution_requires(name):
    """What an installed package needs; nothing of one that only other machines have."""
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []
