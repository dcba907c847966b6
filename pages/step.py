"""Step through: one batch or one example, forward and back, with every number on the way."""

from pages.widgets.controls import controls
from pages.widgets.frame import frame, notices
from pages.widgets.stepping import step_through

frame("step")
controls()
notices()
step_through()
