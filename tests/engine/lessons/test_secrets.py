"""Words of the answer are found in languages with and without blanks between words."""

import pytest

from engine.lessons.secrets import PLAIN_NUMBER, occurs


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("dead", "A dead unit", True),
        ("dead", "the deadline", False),
        ("one half", "near One  Half", True),
        ("饱和", "这些单元已经饱和。", True),
        ("饱和", "这些单元没有学完。", False),
        ("长 0.001", "每一步大约长 0.001。", True),
        ("长 0.001", "每一步大约长 0.0012。", False),
        ("ln 7", "损失是 ln 7。", True),
    ],
)
def test_a_secret_word_is_found(word, text, expected):
    assert occurs(word, text) is expected


def test_a_number_beside_chinese_is_a_number():
    assert [one[0] for one in PLAIN_NUMBER.finditer("损失是0.693，x2 不是。")] == ["0.693"]
