"""Uses the app as a person does: a server of its own, a real Chromium, the player's buttons."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).parents[2]
WINDOWLESS = "chromium-headless-shell"  # the same engine without the code of windows
BROWSERS = ("chromium", "chromium-browser", "google-chrome", WINDOWLESS)
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # there is no other machine
)
PATIENCE = 60.0  # seconds; two busy cores are slow, and a wait ends as soon as it can


@dataclass(frozen=True)
class Server:
    """A running app: where it is, which process it is, and what it has logged."""

    url: str
    process: subprocess.Popen
    log_file: Path

    @property
    def log(self) -> str:
        """All that the server has printed so far."""
        return self.log_file.read_text()

    def cpu_seconds(self) -> float:
        """Processor time of the server and all that it has started, in seconds."""
        seconds = 0.0
        for one in family(self.process.pid):
            with suppress(psutil.NoSuchProcess):  # it ended in this moment
                times = one.cpu_times()
                seconds += times.user + times.system
        return seconds


def family(pid: int | None) -> list[psutil.Process]:
    """Return a process and all that it has started; none if it is not there."""
    if pid is None:
        return []
    try:
        server = psutil.Process(pid)
        return [server, *server.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serve(script: str | Path = "app.py", port: int = 0, **env: str) -> Iterator[Server]:
    """The app, with the project's own configuration, until the block ends.

    Another script may take the app's place. Without a port it is a free one.
    """
    port = port or free_port()
    with tempfile.TemporaryDirectory() as folder:
        log_file = Path(folder) / "server.log"
        command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
        with log_file.open("w") as log:
            process = subprocess.Popen(
                [*command, "--server.address=127.0.0.1"],
                cwd=ROOT,
                env={"DELTASCOPE_RUNS": f"{folder}/runs"} | os.environ | ONE_THREAD | env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                server = Server(f"http://127.0.0.1:{port}", process, log_file)
                wait_until(lambda: healthy(server), "the server to be healthy")
                yield server
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def healthy(server: Server) -> bool:
    """Whether the server answers; RuntimeError with its log when it has ended."""
    if server.process.poll() is not None:
        raise RuntimeError(f"The server ended at once:\n{server.log}")
    try:
        with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait until the condition holds; raise a TimeoutError that names it otherwise."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"Waited {seconds:g} s for {what}.")
        time.sleep(0.02)


@contextmanager
def chromium(*first: str) -> Iterator[Browser]:
    """The system's Chromium without a window and without a network; $CHROMIUM names another one.

    The names in `first` are looked for before the usual ones.
    """
    names = (os.environ.get("CHROMIUM", ""), *first, *BROWSERS)
    found = [shutil.which(name) for name in names if name]
    if not any(found):
        raise RuntimeError("There is no Chromium here: `make test` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(path for path in found if path),
            args=FLAGS,
        )
        yield browser
        browser.close()


def beside(page: Page, url: str) -> Page:
    """A further tab with the renderer of the first one."""
    with page.expect_popup() as opened:
        page.evaluate("(url) => { open(url); }", url)
    return opened.value


Scheme = Literal["light", "dark"]
BACKGROUND = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"


def recolour(page: Page, scheme: Scheme) -> None:
    """Show an open page in the colours of a scheme, and wait until they are there."""
    page.emulate_media(color_scheme=scheme)
    dark = scheme == "dark"

    def coloured() -> bool:
        levels = [int(level) for level in re.findall(r"\d+", page.evaluate(BACKGROUND))[:3]]
        return (sum(levels) < 3 * 128) == dark

    wait_until(coloured, f"the {scheme} colours")
    settled(page)  # what is half faded in has no contrast yet


# Answers when for a while no script has run and no element has come, gone or moved.
QUIET = """(quiet) => new Promise((done) => {
  let since = performance.now();
  const seen = new MutationObserver(() => { since = performance.now(); });
  seen.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  const busy = () =>
    document.querySelector("[data-test-script-state=running], [data-stale=true]") ||
    document.getAnimations().some(({ playState, effect }) =>
      playState === "running" && Number.isFinite(effect.getComputedTiming().endTime));
  const timer = setInterval(() => {
    if (busy()) since = performance.now();
    if (performance.now() - since < quiet) return;
    clearInterval(timer);
    seen.disconnect();
    done();
  }, 30);
})"""


def settled(page: Page, quiet: float = 0.3) -> None:
    """Wait until the page has not changed for so many seconds."""
    page.evaluate(QUIET, 1000 * quiet)


def choose(box: Locator, option: str) -> None:
    """Pick an option of a select box by its words.

    An open list closes when the page moves beneath it, as it does while charts arrive: then it is
    opened once more, as a person would.
    """
    wanted = box.page.get_by_role("listbox").get_by_role("option", name=option, exact=True)

    def taken() -> bool:
        box.click()
        try:
            wanted.click(timeout=2000)
        except PlaywrightTimeout:
            return False
        return True

    wait_until(taken, f"the option {option}")


# Answers as soon as the player shows what the condition asks for, or after `most` ms, with what it
# shows. The page watches its player itself: to ask it again and again costs all of its processes.
WHEN_SHOWN = """(holds, most) => new Promise((done) => {
  const look = () => {
    const { epoch = 0, state = "", frames = 0 } =
      document.querySelector("[data-player]")?.dataset ?? {};
    const shown = { epoch: Number(epoch), state, frames: Number(frames) };
    return { ...shown, held: holds(shown) };
  };
  const end = (found) => {
    seen.disconnect();
    clearTimeout(timer);
    done(found);
  };
  const seen = new MutationObserver(() => {
    const found = look();
    if (found.held) end(found);
  });
  const attributeFilter = ["data-player", "data-epoch", "data-state", "data-frames"];
  seen.observe(document, { subtree: true, childList: true, attributeFilter });
  const timer = setTimeout(() => end(look()), most);
  const found = look();
  if (found.held) end(found);
})"""
# Answers at the next change of the page, but not before `least` and not after `most` ms.
WHEN_CHANGED = """([least, most]) => new Promise((done) => {
  const begun = performance.now();
  const timer = setTimeout(done, most);
  const seen = new MutationObserver(() => {
    seen.disconnect();
    clearTimeout(timer);
    setTimeout(done, begun + least - performance.now());
  });
  seen.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})"""
GO_TO = """(query) => {
  history.pushState(null, "", query);
  dispatchEvent(new PopStateEvent("popstate"));
}"""


def go_to(page: Page, query: str) -> None:
    """Lead the page to an address of its own, as the browser's Back and Forward do."""
    settled(page)  # what the page writes into the address has been written
    page.evaluate(GO_TO, query)


LEFT = ("context was destroyed", "context with specified id", "Frame was detached")


@contextmanager
def staying() -> Iterator[None]:
    """Let a page be left while it is asked something."""
    try:
        yield
    except PlaywrightError as error:
        if not any(words in error.message for words in LEFT):
            raise


class Player:
    """The live view of a page: its state, and its buttons by the name that a person reads."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.locator("[data-player]")

    def open(self, url: str) -> "Player":
        """The player on the page at this address, when its first frame is on the screen."""
        self.page.goto(url)
        self.wait_shown("frames > 0", "the first frame")
        return self

    def follow(self, query: str) -> "Player":
        """The player of a link, on the page that is open: as at the browser's Back or Forward.

        It costs a third of a visit. The query is without the version, which the page adds.
        """
        go_to(self.page, query)
        self.page.wait_for_url(re.compile("[?&]v="))
        self.wait_shown("state === 'paused'", "the run of the link")
        return self

    @property
    def state(self) -> str:
        """What the player is doing: "paused", "playing", "finished" or "diverged"."""
        return self.root.get_attribute("data-state") or ""

    @property
    def epoch(self) -> int:
        """The epoch that every view shows."""
        return int(self.root.get_attribute("data-epoch") or 0)

    @property
    def frames(self) -> int:
        """How many frames were drawn so far."""
        return int(self.root.get_attribute("data-frames") or 0)

    def press(self, name: str) -> None:
        """Clicks the button of this name: Train, Pause, Step, Reset, ..."""
        self.root.get_by_role("button", name=name, exact=True).click()

    def wait(self, true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Lets the page go on until the condition holds; TimeoutError that names it otherwise.

        `wait_shown` costs less for what the player itself says.
        """
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise TimeoutError(f"Waited {seconds:g} s for {what}: {self.state} at {self.epoch}")
            with staying():
                self.page.evaluate(WHEN_CHANGED, [50, 250])  # the address changes unseen

    def wait_shown(self, condition: str, what: str, seconds: float = PATIENCE) -> None:
        """Wait until what the player shows meets a condition, or raise a TimeoutError that says so.

        The condition is JavaScript about `epoch`, `state` and `frames`, such as "epoch === 3".
        """
        end = time.monotonic() + seconds
        found = None
        while found is None:
            left = 1000 * max(0.0, end - time.monotonic())
            holds = f"({{ epoch, state, frames }}) => {condition}"
            with staying():
                found = self.page.evaluate(f"({WHEN_SHOWN})({holds}, {left})")
        if not found["held"]:
            shown = f"{found['state']} at {found['epoch']}"
            raise TimeoutError(f"Waited {seconds:g} s for {what}: {shown}")

    def wait_epoch(self, epoch: int, seconds: float = PATIENCE) -> None:
        """Wait until the views show this epoch or a later one."""
        self.wait_shown(f"epoch >= {epoch}", f"epoch {epoch}", seconds)

    def wait_state(self, state: str, seconds: float = PATIENCE) -> None:
        """Wait until the player is in this state."""
        self.wait_shown(f"state === '{state}'", f"the state {state}", seconds)

    def pause(self) -> int:
        """The epoch at which the player came to rest."""
        self.press("Pause")
        self.wait_state("paused")
        return self.epoch

    def step(self) -> int:
        """The epoch after one more."""
        before = self.epoch
        self.press("Step")
        self.wait_shown(f"epoch > {before}", f"the epoch after {before}")
        return self.epoch

    def speed(self, epochs_per_frame: int) -> None:
        """Choose how many epochs pass in one frame."""
        self.page.get_by_label("Speed: epochs per frame").select_option(str(epochs_per_frame))

    def scrub(self, epoch: int, seconds: float = PATIENCE) -> None:
        """Move the slider, and wait until its epoch is on the screen."""
        self.page.get_by_label("Epoch on screen").fill(str(epoch))
        self.wait_shown(f"epoch === {epoch}", f"epoch {epoch}", seconds)

    def readout(self, name: str) -> str:
        """A number of the transport bar as it is read: "epoch", "train", "validation", ..."""
        return self.root.locator(f'[data-readout="{name}"]').inner_text()
