"""Tune: find the best settings by training with each."""

from pages.widgets.shell.frame import frame, notices
from pages.widgets.sidebar.controls import controls
from pages.widgets.tune.form import tune
from pages.widgets.tune.search_session import search_session

frame("tune")
search_session()
controls()
notices()
tune()
