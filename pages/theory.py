"""Theory: the derivation of what the engine does, printed from the engine itself."""

from pages.widgets.shell.frame import frame, notices
from pages.widgets.theory.page import theory

frame("theory")
notices()
theory()
