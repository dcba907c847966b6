"""Compare: what the setting does and what its luck did, and the loss around the weights."""

from pages.widgets.cloud import cloud_section
from pages.widgets.controls import controls
from pages.widgets.frame import frame, notices
from pages.widgets.landscape import landscape_section

frame("compare")
controls()
notices()
cloud_section()
landscape_section()
