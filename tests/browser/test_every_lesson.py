"""Every lesson, finished with the keyboard alone, some in a row.

Before each prediction everything that the browser holds, and all that it was sent, is read: there
is no word of the answer in it.
"""

import re
from collections.abc import Iterator

import pytest
from google.protobuf.json_format import MessageToDict
from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from engine.lessons import Lesson, LessonStep, Question, load_lessons
from engine.lessons.secrets import occurs
from pages.figures.base.text import many
from tests.browser.driver import Player, Server, go_to, wait_until

LESSONS = load_lessons()
IN_A_ROW = 12  # lessons in one visit, one after the other
ROWS = [list(LESSONS)[first : first + IN_A_ROW] for first in range(0, len(LESSONS), IN_A_ROW)]
MOST_TABS = 60  # presses of Tab from one control to the next one that is needed
LONG = 10  # frames of a run that is played faster
# How many presses of Tab lead about from the focus to a control, or into it: past the controls
# between them, groups of radio buttons once. Negative where Shift+Tab leads back to it, 0 where the
# focus is in it already. A page without a focus may go on from where it was, so there it takes one
# press to see.
AWAY = """(wanted) => {
  const focused = document.activeElement;
  if (wanted.contains(focused)) return 0;
  if (focused === document.body) return 1;
  const group = (one) => one.closest("[role=radiogroup]") ?? one;
  const follows = (one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  const from = group(focused);
  const forward = follows(from, wanted);
  const [first, last] = forward ? [from, wanted] : [wanted, from];
  const able = "a[href], button, input, select, textarea, summary, [tabindex]";
  const between = [...document.querySelectorAll(able)].filter((one) =>
    one.tabIndex >= 0 && !one.disabled && one.checkVisibility() &&
    group(one) !== first && follows(first, one) && follows(one, last));
  const presses = new Set(between.map(group)).size + 1;
  return forward ? presses : -presses;
}"""
# All texts of the page, unseen ones too, and all attributes, but for the choices of the question,
# names of styles, and places in pixels.
READ = """() => {
  const skipped = "[role=radiogroup] label, script, style, link, path";
  const values = [document.title, location.href];
  let text = "";
  const read = (parent) => {
    for (const { name, value } of parent.attributes)
      if (name !== "class" && name !== "transform") values.push(value);
    for (const child of parent.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
      else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(skipped)) read(child);
    }
  };
  read(document.body);
  return [...values, text].join("\\n");
}"""
KEPT = """() => JSON.parse(localStorage["deltascope.lessons"] ?? '{"done":{}}').done"""


class Sent:
    """What the server has sent to a page: the texts of its messages."""

    def __init__(self, page: Page) -> None:
        self.texts: list[str] = []
        page.on("websocket", self.listen)

    def listen(self, socket: WebSocket) -> None:
        """Hear the page's own socket, and that of the player."""
        read = of_page if "_stcore" in socket.url else of_player
        socket.on("framereceived", lambda data: self.texts.extend(read(data)))


def of_page(data: str | bytes) -> Iterator[str]:
    """All texts in a message of Streamlit."""
    packed = data if isinstance(data, bytes) else data.encode()
    yield from strings(MessageToDict(ForwardMsg.FromString(packed)))


def of_player(data: str | bytes) -> Iterator[str]:
    """A message of a run's process: JSON, and arrays behind it."""
    yield data if isinstance(data, str) else data.decode(errors="replace")


def strings(value: object) -> Iterator[str]:
    """All texts in a message."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def reach(one: Locator) -> None:
    """Press Tab, or Shift+Tab, until a control, or one inside it, has the focus."""
    pressed = 0
    while (away := one.evaluate(AWAY)) and pressed < MOST_TABS:
        for _ in range(abs(away)):
            one.page.keyboard.press("Tab" if away > 0 else "Shift+Tab")
            pressed += 1
    assert not away, f"Tab does not lead to {one}."


def press(page: Page, name: str) -> None:
    """Reach a button, wait until it can be pressed, and press it."""
    one = page.locator("button:not([disabled])").filter(has_text=re.compile(f"{name}$"))
    reach(one)
    page.keyboard.press("Enter")


def give(page: Page, question: Question) -> None:
    """Give the right answer to a question."""
    if question.kind == "choice":
        reach(page.locator("[role=radiogroup][aria-label='Your answer']"))
        page.keyboard.press("Space")
        for _ in range(question.choices.index(str(question.answer))):
            page.keyboard.press("ArrowDown")
    elif question.kind == "number":
        reach(page.locator("input[aria-label^='Your number']"))
        page.keyboard.type(f"{question.answer:g}")
    else:
        reach(page.locator("[role=slider][aria-label^='Loss at epoch']").first)
        page.keyboard.press("ArrowUp")
    press(page, "Commit my answer")


def watch(page: Page, step: LessonStep) -> None:
    """Let the first run play to its end."""
    if not step.runs[0].epochs:
        page.locator("[data-player]").get_by_text("nothing to train here").wait_for()
        result = page.locator("button", has_text="Show the result")
        reach(result)
        if len(step.runs) == 1:
            result.filter(has_text="check").wait_for()  # it is ready, and keeps the focus
        expect(result).to_be_focused()
        return
    press(page, "Train")
    if step.runs[0].epochs > LONG * step.speed:
        reach(page.locator("[aria-label='Speed: epochs per frame']"))
        page.keyboard.press("End")
    Player(page).wait_state("finished")


def secrets_in(texts: list[str], step: LessonStep) -> list[str]:
    """The words of the answer in texts; the choices of the question may be read."""
    found = []
    for text in texts:
        for choice in step.predict.choices:
            text = text.replace(choice, "")
        found += [f"{word}: {text[:2000]}" for word in step.secret if occurs(word, text)]
    return found


def finish(page: Page, lesson: Lesson, sent: Sent) -> None:
    """Predict, watch and compare in each step of a lesson, and answer its exit question."""
    drawn = page.locator("[data-player]:not([data-frames='0'])[data-locked]")
    deltas = page.locator("[data-view=deltas]")
    for place, step in enumerate(lesson.steps, 1):
        page.locator("button", has_text="Commit my answer").wait_for()
        expect(drawn).to_have_count(1)  # that of the step before is gone
        before = page.evaluate(READ)
        assert step.predict.text[:20] in before
        assert secrets_in([before, *sent.texts], step) == []
        assert not deltas.is_visible()  # at the start already they answer some questions
        give(page, step.predict)
        deltas.wait_for()
        watch(page, step)
        press(page, "Show the result")
        page.locator(".st-key-evidence", has_text="What the run shows").wait_for()
        press(page, "Exit question" if place == len(lesson.steps) else "Next step")
        sent.texts.clear()
    give(page, lesson.exit)
    page.get_by_test_id("stAlert").filter(has_text="Right. You answered").wait_for()


@pytest.mark.parametrize("names", ROWS, ids=[names[0] for names in ROWS])
def test_lessons_are_finished_with_the_keyboard(names: list[str], page: Page, server: Server):
    """The first by a cold link, the last from the list, the others by a link on the open page."""
    sent = Sent(page)
    for name in names:
        sent.texts.clear()
        if name == names[0]:
            page.goto(f"{server.url}/lessons?lesson={name}")
        elif name == names[-1]:
            press(page, "All lessons")
            page.locator(f".st-key-link-open-{name} button").click()
        else:
            go_to(page, f"?lesson={name}")
        finish(page, LESSONS[name], sent)
        wait_until(lambda name=name: name in page.evaluate(KEPT), "the progress")
    press(page, "All lessons")
    words = f"Your progress: {many(len(names), 'lesson')} done"
    page.locator("summary", has_text=words).wait_for()
