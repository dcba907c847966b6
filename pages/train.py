"""Train: a network learns before your eyes."""

import streamlit as st

from pages.widgets.compare.add_runs import pinning
from pages.widgets.shell.frame import frame, notices
from pages.widgets.shell.heading import TRAIN, heading
from pages.widgets.sidebar.controls import controls
from pages.widgets.train.player import player
from pages.widgets.train.report import report
from pages.widgets.train.take_along import take_along
from pages.widgets.train.unit_history import closer

frame("train")
heading(*TRAIN)
notes = st.container()
player()  # before the side bar, so that a touched control shows its effect sooner
controls()
with notes:
    notices()
pinning()
closer()
report()
take_along()
