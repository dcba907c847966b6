"""The end of a run is kept without a language, and explained in that of the reader."""

import re

import pytest

from engine.language import speaking
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from engine.training.run_state import state_of_run

ENDS = {
    "rate": ({"learning_rate": 1.0, "output": "linear"}, "可能的原因：学习率 1 太大。"),
    "penalty": (
        {"l2": 10.0, "learning_rate": 0.3},
        "L2 惩罚项 10 对学习率 0.3 来说太强，因为它在每一步都把每个权重乘以 −5。",
    ),
    "start": (
        {
            **{"dataset": "bumps", "init": "normal", "init_scale": 20.0, "activation": "relu"},
            **{"hidden": (8, 8, 8), "learning_rate": 0.01},
        },
        "范围为 20 的初始权重太大。",
    ),
    "patience": ({"patience": 3, "size": 60, "learning_rate": 8.0}, "已有 3 轮没有下降。"),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_end_of_a_run_is_explained_to_each_reader(name: str):
    choices, words = ENDS[name]
    config = Config(**choices)
    run, other = Run(config, load(config)), Run(config, load(config))
    run.advance(200)
    with speaking("zh"):
        other.advance(200)
        assert words in run.why_ended()
        assert not re.search("[A-Za-z]{3,}", run.why_ended().replace("Glorot", ""))
        assert state_of_run(other)[-3:] == state_of_run(run)[-3:]
    assert other.why_ended() == run.why_ended() == (run.diverged or run.finished)
    run.cause = None  # as a project file brings a run
    with speaking("zh"):
        assert words in run.why_ended()
    run.change(0, learning_rate=1e-6)
    with speaking("zh"):
        assert run.why_ended() == ""
