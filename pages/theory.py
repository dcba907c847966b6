"""Theory: the derivation of what the engine does, printed from the engine itself."""

from pages.widgets.frame import frame, notices
from pages.widgets.theory import theory

frame("theory")
notices()
theory()
