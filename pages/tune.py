"""Tune: which choices are best, told by training with each."""

from pages.widgets.controls import controls
from pages.widgets.frame import frame, notices
from pages.widgets.hunt import hunt
from pages.widgets.tune import tune

frame("tune")
hunt()
controls()
notices()
tune()
