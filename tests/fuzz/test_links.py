"""Links with anything in them: what is not taken gets a sentence each, and no page breaks."""

from pathlib import Path
from random import Random
from time import perf_counter
from urllib.parse import parse_qsl, quote

from streamlit.testing.v1 import AppTest

from engine.training.config import CHOICES, Config
from engine.training.events import read_events
from pages.figures.base.url import choices_of_link, read_link
from pages.widgets.tune.search_session import read_draft
from tests.fuzz import COUNTS
from tests.fuzz.mutations import PYTHONS_WORDS, SLOW, STRANGE_TEXTS, text_changed

SEED = 12
APP = Path(__file__).parents[2] / "app.py"
PAGES = ("train", "step", "compare", "tune", "theory", "data")
SOUND = [
    "dataset=spiral&hidden=8-8-8&learning_rate=0.03&seed=3",
    "dataset=iris&hidden=8&activation=relu&optimizer=adam&batch_size=10&epoch=3&pair=0-2",
    "dataset=moons&dropout=0.2&l2=0.01&events=1:learning_rate:0.5;2:W1.0.1:0.25",
    "dataset=bumps&schedule=step&schedule_length=4&schedule_factor=0.1&epoch=2&line=3&batch=1",
    "dataset=own&v=1&hidden=4",
    "search=5.3.0!hidden:4|8-8;learning_rate:0.01|0.1;l2:0.0001~0.1~log&dataset=circle",
    "runs=dataset%3Dcircle~dataset%3Dcircle%26l2%3D0.01&epoch=2",
    "dataset=xor&hide=noise-l1-seed&lock=dataset-hidden-optimizer-dropout",
    "part=Derivation&example=3&check=0.5&dataset=xor_table&start=xor_hand_made",
]
NAMES = [*CHOICES, "v", "events", "epoch", "example", "batch", "line", "pair", "check", "search"]
NAMES += ["runs", "part", "hide", "lock"]


def changed(draw):
    """A query, some of its parts replaced, doubled, renamed or broken."""
    query = dict(parse_qsl(draw.choice(SOUND)))
    for _ in range(draw.choice([1, 1, 2, 5])):
        how, name = draw.randrange(4), draw.choice(list(query) or ["seed"])
        if how == 0:
            query[draw.choice(NAMES)] = draw.choice(STRANGE_TEXTS)
        elif how == 1:
            query[name] = text_changed(query.get(name, ""), draw)
        elif how == 2:
            query[draw.choice([*NAMES, *STRANGE_TEXTS])] = query.pop(name, "")
        else:
            query[draw.choice(NAMES)] = str(draw.choice([0, -1, 2**31, 10**12, 0.5, 1e-9]))
    return query


def read(query):
    """The sentences of every reader of a link."""
    config, notes = Config.from_query(choices_of_link(query))
    sizes = (2, *config.hidden, 1)
    return [
        *notes,
        *read_events(query.get("events", ""), sizes)[1],
        *read_draft(query.get("search", ""))[1],
        *read_link(query)[1],
    ]


def test_readers_take_any_link(capsys):
    count, said = COUNTS["links"], 0
    with capsys.disabled():
        print(f"\n{count} links to the readers, seed {SEED}")
    for i in range(count):
        query = changed(Random(f"{SEED}.{i}"))
        begun = perf_counter()
        notes = read(query)
        assert perf_counter() - begun < SLOW, (i, query)
        said += bool(notes)
        for note in notes:
            assert note.rstrip().endswith("."), (i, note)
            assert not PYTHONS_WORDS.search(note.split("'")[0]), (i, note)
    assert said > count / 4


def test_pages_open_with_any_link(capsys):
    count = COUNTS["pages"]
    with capsys.disabled():
        print(f"\n{count} links to pages, seed {SEED}")
    for i in range(count):
        query, name = changed(Random(f"{SEED}.page.{i}")), PAGES[i % len(PAGES)]
        page = AppTest.from_file(str(APP), default_timeout=60)
        for key, value in query.items():  # a browser cannot send half of a surrogate pair
            page.query_params[key.replace("\ud800", "")] = value.replace("\ud800", "")
        begun = perf_counter()
        page.switch_page(f"pages/{name}.py").run()
        seconds = perf_counter() - begun
        where = f"link {i}: /{name}?{quote(str(query), errors='replace')[:2000]}"
        assert not page.exception, (where, page.exception[0].message)
        assert seconds < SLOW * 3, (where, seconds)  # the first import of a page counts, too
