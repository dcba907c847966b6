"""Train: a network learns before your eyes."""

from pages.widgets.closer import closer
from pages.widgets.controls import controls
from pages.widgets.duels import pinning
from pages.widgets.frame import frame, notices
from pages.widgets.heading import heading
from pages.widgets.player import player
from pages.widgets.report import report

frame("train")
controls()
heading(
    "Watch a neural network learn",
    "Press <b>Train</b>. In each epoch, backpropagation finds how every weight changes the loss, "
    "and every weight takes a small step downhill. Nothing can break: <b>Reset</b> starts again.",
)
notices()
player()
pinning()
closer()
report()
