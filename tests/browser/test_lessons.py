"""Lessons in a real browser: alone with the keyboard on a phone, and a class of thirty."""

from playwright.sync_api import Locator, Page, expect

from benchmarks.classroom import MOST, teach
from engine.lessons import load_lessons
from tests.browser.axe import OF_COLOURS, faults
from tests.browser.driver import Player, Server, go_to, recolour, settled
from tests.browser.test_present import LEAST, PROJECTOR, SMALL_TEXTS

NAME = "one_or_all"
STEP = load_lessons()[NAME].steps[0]
EXIT = load_lessons()[NAME].exit


def push(one: Locator, key: str = "Enter") -> None:
    """Use a control with the keyboard alone."""
    one.focus()
    one.page.keyboard.press(key)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def watch(page: Page, epochs: int) -> None:
    """Let the run play to its end, as fast as it can."""
    player = Player(page)
    push(page.get_by_label("Speed: epochs per frame"), "End")
    push(button(page, "Train"))
    player.wait_epoch(epochs)
    player.wait_state("finished")


def test_a_lesson_is_finished_with_the_keyboard_on_a_phone(page: Page, server: Server):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/lessons?lesson={NAME}")
    player = Player(page)
    player.root.wait_for(state="attached")
    expect(button(page, "Train")).to_be_disabled()
    push(button(page, "Commit my answer"))
    expect(page.get_by_text("Choose an answer first.")).to_be_visible()
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("radio").first).to_be_checked()
    push(button(page, "Commit my answer"))
    expect(button(page, "Train")).to_be_enabled()
    assert player.epoch == 0
    watch(page, STEP.runs[0].epochs)
    expect(page.get_by_text("Watched: 1 of 2 runs.")).to_be_visible()
    push(page.get_by_role("radio", name=f"B · {STEP.runs[1].label}"), "Space")
    player.wait(lambda: player.epoch == 0, "the other run")
    watch(page, STEP.runs[1].epochs)
    expect(page.get_by_text("Watched: 2 of 2 runs.")).to_be_visible()
    push(button(page, "Show the result"))
    expect(page.get_by_text("What the run shows")).to_be_visible()
    expect(page.get_by_text("Right. You answered")).to_be_visible()
    settled(page)
    assert faults(page) == []
    recolour(page, "dark")
    assert faults(page, rules=OF_COLOURS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    push(button(page, "Exit question"))
    page.get_by_role("textbox", name="Your number").fill(f"{EXIT.answer:g}")
    push(button(page, "Commit my answer"))
    expect(page.get_by_text("Right. You answered")).to_be_visible()
    push(button(page, "All lessons"))
    expect(page.get_by_text("Your progress: 1 lesson done")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Your progress: 1 lesson done")).to_be_visible()


def test_thirty_pupils_predict_watch_and_answer(page: Page, server: Server):
    """The names and sentences of the pupils hold markup; the board shows it as text."""
    report = teach(page, server.url, 30)
    assert report.errors == []
    assert report.board == {"second": 30, "sentences": 30, "exit": 30}
    assert report.clicks <= 6
    assert report.seen < MOST
    assert report.markup == 0
    page.reload()  # the teacher comes back to the class
    expect(button(page, "End the lesson")).to_be_visible()
    page.set_viewport_size(PROJECTOR)
    push(button(page, "Present"))
    bar = page.get_by_role("navigation", name="Views of this page")
    expect(bar.get_by_role("button", name="End the lesson")).to_be_visible()
    page.keyboard.press("c")
    cards = page.get_by_role("group", name="Cue cards")
    expect(cards).to_be_visible()
    settled(page)
    assert page.evaluate(SMALL_TEXTS, LEAST) == []
    assert faults(page, ".deltascope-presenter, [data-front], .deltascope-cards") == []
    page.keyboard.press("Escape")
    expect(cards).to_be_hidden()
    push(bar.get_by_role("button", name="End the lesson"))
    expect(bar.get_by_role("button", name="Begin lesson")).to_be_visible()
    assert page.evaluate(SMALL_TEXTS, LEAST) == []
    page.goto(f"{page.url.split('&')[0]}&cards=1")  # the window of the teacher alone
    expect(button(page, "Next card")).to_be_visible()
    settled(page)
    assert faults(page) == []
    go_to(page, page.url.split("&")[0])
    push(button(page, "End the class"))
    expect(page.get_by_text("Join a class")).to_be_visible()
