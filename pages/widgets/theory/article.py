"""The article, line by line: from the loss to the tuned classifier, each step with a way to try it.

The formulas are those of the program that runs, for a network of three layers: inputs, one hidden
layer, outputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from engine.explain import Line, derive
from engine.language import tr
from engine.problems import PRESETS
from engine.search import article_search
from engine.training import Config
from pages.widgets.theory.derivation import step_url, three_layer_training
from pages.widgets.theory.formula import draw_formula
from pages.widgets.tune.search_session import Draft, search_query

NUMBER, CLASS = "plane", "circle"  # the problems whose networks are printed

WHOLE_PRODUCT = (
    r"\frac{\partial L}{\partial W^{(1)}} = \left[\, W^{(2)\top}\, \tfrac{1}{nK} "
    r"(a^{(2)} - y) \odot f'(z^{(1)}) \,\right] a^{(0)\top}"
)
NORMAL_EQUATION = r"\frac{\partial L}{\partial w} = \frac{2}{n} (w a^{(0)} - y)\, a^{(0)\top} = 0"


class ArticlePart(NamedTuple):
    """One statement of the article: its text, its lines of the program, what to try."""

    title: str
    text: str
    rules: tuple[tuple[str, str, int], ...] = ()  # (problem, rule, layer) of each line
    more: tuple[str, ...] = ()  # more TeX after the program's lines
    after: str = ""
    links: Mapping[str, str] = {}  # label -> address


def run_link(config: Config) -> str:
    """Return the address of a run on the Train page."""
    return f"/?{urlencode(config.to_query())}"


def preset_link(name: str, **changes: Any) -> str:
    """Return the address of a preset's run, with these choices changed."""
    return run_link(replace(PRESETS[name].config, **changes))


def grid_link() -> str:
    """Return the address of the article's grid search on the page Tune."""
    search = article_search()
    draft = Draft(space=dict(search.space), epochs=search.config.epochs or 1)
    return f"/tune?{urlencode(search_query(draft, search.config))}"


def article_parts() -> tuple[ArticlePart, ...]:
    """Return the statements of the article in its own order."""
    return (*method_parts(), *run_parts())


def method_parts() -> tuple[ArticlePart, ...]:
    """Return the statements on how a network learns."""
    return (
        ArticlePart(
            tr("A loss says how wrong the network is"),
            tr(
                "To predict **numbers**, take the squared error: the mean of the squared "
                "differences between the outputs a and the targets y. To predict **classes**, "
                "take the cross-entropy: it is large where the network gives the true class a "
                "small probability."
            ),
            rules=((NUMBER, "loss", 0), (CLASS, "loss", 0)),
            after=tr(
                "Why these two? Each one follows from an assumption about the errors: see the "
                "part Losses."
            ),
        ),
        ArticlePart(
            tr("Three layers: inputs, hidden units, outputs"),
            tr(
                "Each layer multiplies by its weights W, adds its biases b and applies an "
                "activation f. Read from top to bottom, this is the forward pass."
            ),
            rules=tuple(
                (CLASS, rule, layer) for layer in (1, 2) for rule in ("affine", "activation")
            ),
        ),
        ArticlePart(
            tr("Why not set the derivative to zero?"),
            tr(
                "For a straight line with the squared error this works. The derivative is linear "
                "in the weight, so one equation gives the best weight at once."
            ),
            more=(NORMAL_EQUATION,),
            after=tr(
                "With a hidden layer it does not work. The weights are now inside f, so the "
                "equations are not linear and no formula solves them. There is also more than one "
                "solution: exchange two hidden units, and the loss stays the same. So we start "
                "somewhere and go downhill in small steps. For this we need the derivative of the "
                "loss with respect to every weight."
            ),
        ),
        ArticlePart(
            tr("First the last layer: W⁽²⁾"),
            tr(
                "The chain rule begins at the loss. The **error term** δ of a layer is the "
                "derivative of the loss with respect to its input z. At the output it is the "
                "difference between output and target. The derivative for W⁽²⁾ is this error "
                "term times the input of the layer."
            ),
            rules=((CLASS, "error", 2), (CLASS, "gradient", 2)),
        ),
        ArticlePart(
            tr("Then the layer before: the error term is passed back"),
            tr(
                "The hidden units have no targets. Their part of the error comes back through "
                "the same weights W⁽²⁾ that carried their outputs forward, and then through the "
                "slope of the activation."
            ),
            rules=((CLASS, "back", 1), (CLASS, "slope", 1), (CLASS, "gradient", 1)),
            more=(WHOLE_PRODUCT,),
            after=tr(
                "The last line puts all steps into one product. Backpropagation computes it from "
                "left to right and keeps each intermediate result, so that nothing is computed "
                "twice. With more layers the same two steps are repeated."
            ),
        ),
        ArticlePart(
            tr("Gradient descent"),
            tr(
                "All derivatives together are the gradient g. It points uphill, so each "
                "parameter θ moves in the other direction, by η times g. The number η is the "
                "learning rate. One pass over all examples is an epoch."
            ),
            rules=((CLASS, "step", 0),),
            links={tr("Watch it on Train"): run_link(Config())},
        ),
    )


def run_parts() -> tuple[ArticlePart, ...]:
    """Return the statements with runs to try: regularization, and the article's own runs."""
    return (
        ArticlePart(
            tr("Regularization"),
            tr(
                "Large weights often follow the noise of the training examples. A penalty on the "
                "size of the weights (L2, L1) or dropout, which switches random units off in "
                "each step, keeps the network simpler. The part Regularization shows how each "
                "one changes the step."
            ),
            links={
                tr("40 examples, 32 units"): preset_link("overfitting"),
                tr("the same with L2"): preset_link("overfitting_l2"),
                tr("the same with dropout"): preset_link("overfitting_dropout"),
            },
        ),
        ArticlePart(
            tr("The article's first run: a straight line with Adam"),
            tr(
                "y = 3x + 2 without a hidden layer. Adam with learning rate 0.001 moves each "
                "parameter by about 0.001 in each step, so the number of steps decides how far it "
                "gets: with batches of one example weight and bias are nearly 3 and 2 after 100 "
                "epochs."
            ),
            links={tr("Run it"): preset_link("article_line")},
        ),
        ArticlePart(
            tr("The second run: seven classes"),
            tr(
                "Two hidden layers of 64 ReLU units, dropout 0.5 and a softmax over seven "
                "classes. Dropout makes training slower: after 20 epochs the network without it "
                "has the better validation accuracy (0.55 against 0.44), after 100 epochs the "
                "network with dropout has it (0.57 against 0.55). Without dropout, the "
                "validation loss rises all the time. The report below the live view has "
                "precision, recall, F1 and the confusion matrix."
            ),
            links={
                tr("Run 100 epochs"): preset_link("article_classes", epochs=100),
                tr("the same without dropout"): preset_link(
                    "article_classes", epochs=100, dropout=0.0
                ),
            },
        ),
        ArticlePart(
            tr("The third run: a grid search"),
            tr(
                "Each combination of optimizer, number of epochs and batch size is trained on "
                "several folds; the mean score on the held-out folds decides."
            ),
            links={tr("Open it on Tune"): grid_link()},
        ),
    )


def draw_article() -> None:
    """Draw the article's statements in order, each with its formulas and what to try."""
    st.markdown(
        tr(
            "This part follows the article from its first loss to its last Keras example. The "
            "formulas are printed from the program that trains: a network with two inputs, four "
            "hidden units and one output."
        )
    )
    for number, part in enumerate(article_parts(), 1):
        st.header(f"{number}. {part.title}", anchor=False)
        st.markdown(part.text)
        for problem, rule, layer in part.rules:
            show_line(problem, rule, layer)
        if part.more:
            draw_formula(*part.more)
        if part.after:
            st.markdown(part.after)
        if part.links:
            st.markdown(" · ".join(f"[{label}]({link})" for label, link in part.links.items()))


def show_line(problem: str, rule: str, layer: int) -> None:
    """Draw one line of the program, and the way to its numbers."""
    line = derivation_line(problem, rule, layer)
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        draw_formula(*line.parts(unit=False))
    query = urlencode(three_layer_training(problem).config.to_query())
    right.markdown(tr("[with numbers]({address})", address=step_url(query, line.number)))


def derivation_line(problem: str, rule: str, layer: int) -> Line:
    """Return the line of the derivation with this rule in this layer."""
    return next(
        line
        for line in derive(three_layer_training(problem))
        if (line.equation.rule, line.equation.layer) == (rule, layer)
    )
