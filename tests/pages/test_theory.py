"""The Theory page without a browser: every part, the lines of the program, the converters."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from engine.explain.derivation import derive
from engine.explain.likelihood import NOISE_MODELS
from engine.language import speaking, tr
from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.nn.optimizers import OPTIMIZERS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.training import Training
from pages.figures.base.url import choices_of_link
from pages.figures.theory.frameworks import OTHERS
from pages.widgets.theory.derivation import MINE, THREE_LAYERS, three_layer_training
from pages.widgets.theory.page import PARTS

APP = Path(__file__).parents[2] / "app.py"
CODE = re.compile(r"`[^`]*`|\]\([^()]*\)|\\[a-z]+")
ENGLISH = re.compile(r"\b(?:the|of|is|are|with|and|in|for|[a-z]{2,} [a-z]{2,} [a-z]{2,})\b")


def opened(part: str, **query: str) -> AppTest:
    """The page at this part, as a link with this query opens it."""
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.query_params.update({"part": part, **query})
    page.switch_page("pages/theory.py").run()
    assert not page.exception
    assert not page.warning
    return page


def formulas(page: AppTest) -> str:
    return "\n".join(one.value for one in page.latex)


def texts(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown)


def numbers(page: AppTest) -> list[int]:
    """The numbers of the lines that are linked to the stepping page, in order."""
    links = [text.value.partition("](")[2].rstrip(")") for text in page.markdown]
    return [int(parse_qs(urlsplit(one).query)["line"][0]) for one in links if "line=" in one]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_from_a_link(part):
    page = opened(part)
    assert page.title[0].value == "Theory"
    assert page.latex or part == "Words"


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_in_the_language_of_its_reader(part):
    page = opened(part, lang="zh")
    with speaking("zh"):
        named = None if part == "Losses" else tr(part)  # the first part needs no name
    assert page.query_params.get("part") == named
    assert page.title[0].value == "理论"
    drawn = [*page.markdown, *page.caption, *page.header, *page.latex]
    words = [CODE.sub("", one.value) for one in drawn if not one.value.startswith("<")]
    assert [text for text in words if ENGLISH.search(text)] == []
    assert re.search("[一-鿿]", "".join(words))


def test_a_part_is_found_by_its_name_in_another_language():
    page = opened("推导")
    assert page.query_params["part"] == "Derivation"
    assert numbers(page)


@pytest.mark.parametrize("network", [*THREE_LAYERS, MINE])
@pytest.mark.parametrize("form", ["Whole layers", "One unit"])
def test_the_derivation_prints_every_line_of_the_program_in_order(network, form):
    page = opened("Derivation", dataset="xor", hidden="5-3", l2="0.01", optimizer="adam")
    page.button_group(key="theory.network").set_value(network).run()
    page.button_group(key="theory.form").set_value(form).run()
    assert not page.exception
    config = Config(dataset="xor", hidden=(5, 3), l2=0.01, optimizer="adam")
    if network != MINE:
        config = three_layer_training(THREE_LAYERS[network]).config
        assert len(config.hidden) == 1
    found = derive(Training(config, load(config)))
    printed = formulas(page)
    for line in found:
        for part in (line.unit if form == "One unit" else line.equation.tex).split(r", \quad "):
            assert part in printed
    assert numbers(page) == [line.number for line in found]


def test_a_line_links_to_the_run_and_to_itself():
    page = opened("Derivation", dataset="xor", hidden="5", l2="0.01")
    page.button_group(key="theory.network").set_value(MINE).run()
    links = [text.value for text in page.markdown if "line=4" in text.value]
    (link,) = links
    query = parse_qs(urlsplit(link.partition("](")[2].rstrip(")")).query)
    assert "](/step?" in link
    choices = choices_of_link({name: value[0] for name, value in query.items()})
    assert Config.from_query(choices) == (
        Config(dataset="xor", hidden=(5,), l2=0.01),
        [],
    )


def test_each_line_shows_the_lines_of_the_engine():
    page = opened("Derivation")
    shown = [block.value for block in page.code]
    assert "np.dot(Wb1, x, out=z1)" in shown  # kind 62: the line that computes
    assert "Step(layer.Wb.dot, (inputs, own.z))" in shown
    assert not any('rf"' in text for text in shown)  # not the one that prints
    assert any(text.startswith("def binary_cross_entropy") for text in shown)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_shows_all_its_equations(name):
    page = opened("Optimizers")
    page.selectbox(key="theory.optimizer").set_value(name).run()
    assert not page.exception
    heads = " ".join(one.value for one in page.header)
    assert all(word in heads for word in ("textbooks", "Keras", "PyTorch"))
    assert r"\theta \leftarrow \theta" in formulas(page)
    page.button_group(key="theory.form.optimizers").set_value("One unit").run()
    assert r"\theta_q \leftarrow \theta_q" in formulas(page)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("adam", ["1e−8 (textbooks) and 1e−8 (PyTorch)", "1e−7 (Keras)"]),
        ("adagrad", ["1e−8 (textbooks) and 1e−10 (PyTorch)", "1e−7 (Keras)"]),
    ],
)
def test_the_epsilons_are_those_of_the_libraries(name, said):
    page = opened("Optimizers")
    page.selectbox(key="theory.optimizer").set_value(name).run()
    assert all(words in texts(page) for words in said)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_shows_f_and_its_slope(name):
    page = opened("Activations")
    page.selectbox(key="theory.activation").set_value(name).run()
    assert not page.exception
    printed = formulas(page)
    assert ACTIVATIONS[name].tex in printed
    assert f"= {ACTIVATIONS[name].slope_tex}" in printed
    for loss in LOSSES.values():
        assert loss.delta_tex.replace("^{(L)}", "") in printed


@pytest.mark.parametrize("name", NOISE_MODELS)
def test_every_belief_leads_to_its_loss(name):
    page = opened("Losses")
    page.selectbox(key="theory.belief").set_value(name).run()
    page.slider(key=f"theory.answer.{name}").set_value(NOISE_MODELS[name].limits[1]).run()
    assert not page.exception
    assert LOSSES[NOISE_MODELS[name].loss].tex.replace("^{(L)}", "") in formulas(page).replace(
        "&", ""
    )
    assert "Both have their minimum at" in page.caption[0].value


def test_every_remedy_is_printed_from_the_program():
    page = opened("Regularization")
    printed = formulas(page)
    for tex in (
        r"+ 2 \lambda_2 W",
        r"\lambda_1 \operatorname{sign} W",
        r"\odot M^{(1)} / (1 - p)",
        r"W - \eta \lambda_w W",
        r"c_W / \lVert W^{(1)}_j \rVert",
        r"c_g / \lVert g \rVert",
    ):
        assert tex in printed


@pytest.mark.parametrize("who", OTHERS)
def test_every_comparison_is_shown(who):
    page = opened("Conventions")
    page.button_group(key="theory.beside").set_value(who).run()
    assert f"| topic | here | {who} |" in texts(page)


def test_a_strength_is_converted_with_its_batch_and_examples():
    page = opened("Conventions")
    page.number_input(key="theory.strength").set_value(0.064).run()
    page.selectbox(key="theory.of").set_value("sklearn").run()
    said = texts(page)
    assert "| λ₂ here, Keras' l2(λ) | $2 \\lambda W$ | 0.001 |" in said
    assert "| PyTorch's weight_decay | $\\lambda W$ | 0.002 |" in said
    assert "| 0.4 |" in said
    page.number_input(key="theory.batch").set_value(64).run()
    assert "| λ₂ here, Keras' l2(λ) | $2 \\lambda W$ | 5e−4 |" in texts(page)


def test_rates_and_epsilons_are_converted():
    page = opened("Conventions")
    page.number_input(key="theory.mu").set_value(0.8).run()
    assert "η = **0.5** in deeplearning.ai" in texts(page)
    page.number_input(key="theory.t").set_value(1000).run()
    # 1e-7 / sqrt(1 - .999^1000) = 1.2577e-7
    assert "1.26e−7 in textbooks, PyTorch" in texts(page)
    page.selectbox(key="theory.error").set_value("sum").run()
    assert "| 3.2 | 3.13e−5 |" in texts(page)


def test_numbers_at_their_limits_are_converted_too():
    page = opened("Conventions")
    for key, value in (("theory.mu", 0.9999), ("theory.beta2", 0.0), ("theory.strength", 0.0)):
        page.number_input(key=key).set_value(value).run()
        assert not page.exception
