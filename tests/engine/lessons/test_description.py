"""docs/lessons.md describes the format as the reader knows it."""

import re
from pathlib import Path

from engine.lessons import MEASURES, read_lesson
from engine.lessons.measures import PATTERNS, is_measure
from engine.lessons.sections import OF_STEP, OF_TEACHER

TEXT = (Path(__file__).parents[3] / "docs" / "lessons.md").read_text()


def test_the_example_is_a_lesson():
    (head,) = re.findall(r"```toml\n(.*?)```", TEXT, re.S)
    run = head[head.index("[[step.run]]") : head.index("[step.predict]")]
    head = head.replace("[step.predict]", f"{run}[step.predict]")  # the text leaves run B out
    texts = {"Explanation": "The errors cancel."}
    body = "".join(f"\n## {one}\n\n{texts.get(one, 'Text.')}\n" for one in OF_STEP + OF_TEACHER)
    lesson = read_lesson(head + body, "example")
    assert lesson.steps[0].runs[0].events == "100:learning_rate:0.1"


def test_every_measure_and_section_is_described():
    rows = dict(re.findall(r"^\| `(\w+)`.* \| (.*) \|$", TEXT, re.M))
    for name, one in MEASURES.items():
        assert rows[name] == one.about
    for pattern, about in PATTERNS.items():
        assert about in TEXT
        assert is_measure(re.split("[ ,]", pattern)[0])
    assert all(f"`## {one}`" in TEXT for one in OF_STEP + OF_TEACHER)
