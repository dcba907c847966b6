"""kind 41: names of strangers are text on every page; nothing is asked of another machine for them.

The browser knows no host but this one, and an attempt to reach another is an error of the page.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import listening
from tests.browser.driver import serve, settled
from tests.browser.test_data import download, go, train_on_table, upload
from tests.hostile import FAULTS, NAMES

ELEMENTS = """
import sys
sys.path.insert(0, {root!r})
import pandas as pd, plotly.graph_objects as go, streamlit as st
from pages.figures.base.text import plain
from pages.widgets.shell import foreign
from pages.widgets.shell.foreign import literal
from tests.hostile import NAMES

st.set_page_config(NAMES[0], layout="wide")
kind = st.query_params["kind"]
for k, name in enumerate(NAMES):
    text = literal(name)
    if kind == "markdown":
        st.markdown(f"**{{text}}** and _{{text}}_")
        st.markdown(f"- {{text}}\\n- {{text}}")
        st.markdown(f"| a | b |\\n|---|---|\\n| {{text}} | {{text}} |")
        st.caption(text, help=text)
    elif kind == "boxes":
        foreign.error(name), foreign.info(name), foreign.warning(name)
        foreign.caption(name), foreign.subheader(name)
        st.success(text), st.header(text), st.title(text)
    elif kind == "labels":
        st.button(text, key=f"b{{k}}"), st.checkbox(text, key=f"c{{k}}")
        st.toggle(text, key=f"t{{k}}")
        st.number_input(text, key=f"n{{k}}"), st.slider(text, key=f"s{{k}}")
        st.text_input(text, name, key=f"x{{k}}", placeholder=name)
        st.download_button(text, "x", name, key=f"d{{k}}")
        st.metric(text, text, text)
        with st.expander(text, expanded=True):
            st.progress(0.5, text)
    elif kind == "options":
        st.pills("p", [text], key=f"p{{k}}"), st.segmented_control("s", [text], key=f"g{{k}}")
        st.radio("r", [text], captions=[text], key=f"r{{k}}")
        st.selectbox("s", [name], key=f"s{{k}}"), st.multiselect("m", [name], [name], key=f"m{{k}}")
        st.tabs([text]), st.table({{text: [text]}})
        st.text(name), st.code(name, language=None)
for first in range(0, len(NAMES), 6) if kind == "plotly" else ():
    names = [plain(name) for name in NAMES[first : first + 6]]
    figure = go.Figure([go.Bar(x=[name], y=[1], name=name, text=[name]) for name in names])
    for name in names:
        figure.add_annotation(text=name, x=name, y=1)
        hover = {{"hovertemplate": name + "<extra>" + name + "</extra>"}}
        figure.update_traces(hover, {{"name": name}})
    figure.update_layout(title="<br>".join(names), barmode="overlay", width=1200, height=500)
    figure.update_xaxes(title="<br>".join(names), tickangle=0, dtick=1)
    st.plotly_chart(figure, theme=None, alt=" ".join(NAMES[first : first + 6]), key=f"f{{first}}")
if kind == "frame":
    frame = pd.DataFrame({{name: [name] for name in NAMES}})
    st.dataframe(frame, alt=NAMES[0]), st.data_editor(frame)
    config = {{name: st.column_config.Column(name, help=literal(name)) for name in NAMES}}
    st.dataframe(frame, column_config=config, key="configured")
"""


@pytest.fixture(scope="module")
def elements(tmp_path_factory, port):
    """A server whose page shows each name in each kind of element that the app uses."""
    folder = tmp_path_factory.mktemp("elements")
    script = folder / "elements.py"
    script.write_text(ELEMENTS.format(root=str(Path(__file__).parents[2])))
    with serve(script, port) as server:
        yield server


@pytest.fixture
def alone(page: Page, errors: list[str]) -> Iterator[Page]:
    """A page that may ask for nothing but this machine's files."""

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            errors.append(f"asked for {request.url}")

    with listening(page, request=asked):
        yield page


@pytest.mark.parametrize("kind", ["markdown", "boxes", "labels", "options", "plotly", "frame"])
def test_kind_41_each_kind_of_element_shows_the_names_as_text(alone, elements, kind):
    alone.goto(f"{elements.url}/?kind={kind}")
    last = "Q50Q" if kind != "frame" else "Q1Q"  # a frame draws the columns that are in view
    alone.get_by_text(last).first.wait_for(state="attached")
    settled(alone, 0.6)
    assert alone.evaluate(FAULTS, [list(NAMES), True]) == []
    if kind != "frame":
        text = " ".join(alone.locator("body").text_content().split())
        assert [name for name in NAMES if " ".join(name.split()) not in text] == []
    if kind == "markdown":
        for icon in alone.get_by_test_id("stTooltipIcon").all():
            icon.hover()
            alone.get_by_test_id("stTooltipContent").wait_for()
            tip = "[data-testid=stTooltipContent]"
            assert alone.evaluate(FAULTS, [list(NAMES), True, tip]) == []
    if kind == "plotly":
        for bar in alone.locator(".js-plotly-plot .point path").all():
            bar.scroll_into_view_if_needed()
            box = bar.bounding_box()
            alone.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            alone.locator(".hoverlayer text").first.wait_for()
            assert alone.evaluate(FAULTS, [list(NAMES), True, ".hoverlayer"]) == []
    assert "Traceback" not in elements.log


CLASSES = [NAMES[k] for k in (0, 3, 7, 9, 16, 19, 29, 32)]  # the first one is never predicted
FILE = "![x](www.e.vil) :smile: $y$ **z** a@e.vil.csv"
LONG = "http://e.vil/" + "long " * 200


def table() -> bytes:
    """A table whose columns, classes, cells and units are all hostile."""
    draw = np.random.default_rng(0)
    target = draw.integers(1, len(CLASSES), 240)
    frame = pd.DataFrame({name: draw.normal(target).round(2) for name in NAMES})
    frame[LONG] = draw.normal(size=240).round(2)
    frame["height (![u](http://e.vil/u.png))"] = draw.normal(target).round(2)
    frame["cells"] = [NAMES[k] for k in draw.choice([1, 12, 17, 20, 26], 240)]
    target[draw.choice(240, 3, replace=False)] = 0
    frame["kind http://e.vil/kind"] = [CLASSES[k] for k in target]
    return frame.to_csv(index=False).encode()


def seen(page: Page, everywhere: bool = True) -> None:
    """Assert that all of the page, once it has settled, shows the names as text."""
    settled(page, 0.6)
    page.get_by_test_id("stStatusWidget").wait_for(state="detached")
    assert page.evaluate(FAULTS, [list(NAMES), everywhere]) == []
    assert page.locator("[data-testid=stException]").count() == 0


def test_kind_41_the_names_of_a_table_are_text_on_every_page(alone: Page, server):
    alone.goto(f"{server.url}/data")
    alone.get_by_text("No file at hand").wait_for()
    upload(alone, table(), FILE)
    alone.get_by_text(FILE).first.wait_for()
    seen(alone)
    alone.get_by_role("button", name="Next: columns").click()
    seen(alone)
    alone.get_by_role("button", name="kind http://e.vil/kind").click()  # it is asked which column
    seen(alone)
    player = train_on_table(alone)
    player.press("Train")
    player.wait_epoch(12)
    player.pause()
    player.scrub(12)
    seen(alone)
    go(alone, "Evaluate")
    seen(alone)
    alone.get_by_text("Never predicted").first.wait_for()
    for side in ("Curves", "Baselines", "Inputs"):
        go(alone, side)
        seen(alone)
    go(alone, "Save")
    seen(alone)
    report, project = download(alone, "Report"), download(alone, "Project")
    for place in ("Train", "Step through", "Compare", "Tune", "Theory", "Your data"):
        alone.get_by_test_id("stSidebar").get_by_role("link", name=place, exact=True).click()
        seen(alone)
    go(alone, "Open")
    seen(alone)  # a file that is chosen in the frame of a click is lost
    upload(alone, project, "project.zip")
    player.wait(lambda: player.root.count() > 0 and player.frames > 0, "the project")
    seen(alone)
    alone.set_content(report.decode())
    assert alone.evaluate(FAULTS, [list(NAMES), True]) == []
    assert NAMES[9] in alone.locator("body").text_content()


def test_kind_41_what_a_person_types_and_a_link_holds_is_text(alone: Page, server):
    for path in ("/", "/step", "/compare", "/tune", "/theory"):
        query = "&".join(f"{quote(name)}={quote(name)}" for name in NAMES[:40])
        values = quote(NAMES[0] + NAMES[3] + NAMES[16])
        extra = f"dataset={values}&hidden={values}&search={values}&events={values}&runs={values}"
        alone.goto(f"{server.url}{path}?{query}&{extra}")
        alone.get_by_test_id("stAppViewContainer").wait_for()
        seen(alone, everywhere=False)  # the readers quote parts of it
    alone.goto(f"{server.url}/tune?dataset=moons&search=3.0.0!learning_rate:0.01")
    box = alone.get_by_role("textbox", name="Learning rate", exact=True)
    for name in (NAMES[0], NAMES[3], NAMES[16], NAMES[28]):
        box.fill(name)
        box.press("Enter")
        alone.get_by_text("The old values are kept").wait_for()
        seen(alone, everywhere=False)
