"""Formulas on a page: printed so that nothing is cut off, and where in the engine they stand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.explain import Source
from engine.language import marked, tr
from pages.widgets.shell.component import element

WORDS = marked(
    "Wb1 is W and b of layer 1 side by side. x and a1 have a row of ones at the end, which is "
    "multiplied by b. An array named work holds intermediate results."
)
FORMS = (marked("Whole layers"), marked("One unit"))
STYLE = """<style>
.katex-display, .katex-display > .katex { text-align: left; }
.katex-display { margin: 0.25em 0; padding: 2px 5px 2px 0; }
.katex-display:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
[data-testid=stMain] h1 { font-size: 2rem; padding: 0.5rem 0; }
[data-testid=stMain] h2 { font-size: 1.4rem; padding: 0.75rem 0 0.5rem; }
[data-testid=stMarkdownContainer] table { font-size: 0.9rem; }
@media (max-width: 640px) {
  .katex-display > .katex { font-size: 1em; }
  .st-key-comparison table { table-layout: fixed; width: 100%; }
  [data-testid=stMarkdownContainer] :is(td, th) { padding: 0.3rem; }
  [data-testid=stMarkdownContainer] td { overflow-wrap: anywhere; }
}
</style>"""


def make_formulas_scroll() -> None:
    """Align formulas left and let those wider than the screen scroll."""
    st.html(STYLE)
    element("formulas", "shared/scrolling.js")(key="formulas", height=1)


def draw_formula(*tex: str) -> None:
    """Draw formulas one below another."""
    first, *others = tex
    st.latex(aligned_tex(tex) if others else first, width="content")


def aligned_tex(parts: Sequence[str]) -> str:
    """Return the TeX of formulas one below another, aligned at the left."""
    return r"\begin{aligned}&" + r"\\[6pt] &".join(parts) + r"\end{aligned}"


def draw_code(sources: Sequence[Source], numpy: Sequence[str] = ()) -> None:
    """Draw a button that opens the NumPy calls of a line, and where the engine has them."""
    first = sources[0]
    with st.popover(
        tr("{file}, line {line}", file=first.file, line=first.first),
        icon=":material/code:",
        type="tertiary",
    ):
        if numpy:
            st.caption(tr("As NumPy calls. ") + tr(WORDS))
            st.code("\n".join(numpy), language="python", wrap_lines=True)
        for one in sources:
            st.caption(
                tr(
                    "`{file}`, line {line}, in `{function}`",
                    file=one.file,
                    line=one.first,
                    function=one.function,
                )
            )
            st.code(one.text, language="python", wrap_lines=True)


def form_choice(key: str) -> bool:
    """Draw the choice of the form; return whether it is the form for one unit."""
    chosen = st.segmented_control(
        tr("Formulas for"),
        FORMS,
        default=FORMS[0],
        required=True,
        format_func=tr,
        key=key,
        help=tr("Matrices for a whole layer, or sums over single units and examples."),
    )
    return chosen == FORMS[1]
