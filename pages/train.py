"""Train: a network learns before your eyes."""

from pages.widgets.closer import closer
from pages.widgets.controls import controls
from pages.widgets.duels import pinning
from pages.widgets.frame import frame, notices
from pages.widgets.player import player
from pages.widgets.report import report

frame("train")
controls()
notices()
player()
pinning()
closer()
report()
