"""The reader: from a lesson's text file to a Lesson, with all faults at once."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl

from engine.comparison import MOST_RUNS
from engine.language import marked, tr
from engine.lessons.evidence import FIELD, evidence_numbers
from engine.lessons.expression import RUNS, Lookup, lookups, parse_claim, parse_value
from engine.lessons.head import HeadTable
from engine.lessons.lesson import (
    THIS_SEED,
    Claim,
    Lesson,
    LessonError,
    LessonRun,
    LessonStep,
    Question,
    TeacherNotes,
)
from engine.lessons.measures import SERIES, is_measure, unknown_measure
from engine.lessons.secrets import early_words
from engine.lessons.sections import check_sections, split_file, step_texts, teacher_texts
from engine.lessons.trial import trial_faults
from engine.training import OWN, Config, quoted

MOST_STEPS, MOST_LESSON_EPOCHS = 12, 5000
NUMBER = re.compile(r"[1-9][0-9]?|A[1-9]|article")
SPEEDS = (1, 2, 5, 10, 20, 50, 100)  # epochs per frame, as the player offers them
SWITCHES = ("backward", "discretize", "test", "hold")  # of the pictures, as in a link
PAGES = ("train", "step", "tune")
KINDS = ("choice", "number", "sketch")
LARGE = 1e9


def read_lesson(text: str, name: str) -> Lesson:
    """Return the lesson that a file's text describes; its runs can be made, and in time.

    They are not trained. Raises LessonError with a sentence for every fault.
    """
    lesson = parse_lesson(text, name)
    if faults := trial_faults(lesson):
        raise LessonError(faults)
    return lesson


def parse_lesson(text: str, name: str) -> Lesson:
    """Return the lesson that a file's text describes, without a look at the data of its runs.

    Raises LessonError with a sentence for every fault.
    """
    faults = list[str]()
    head, sections = split_file(text, faults)
    if head is None:
        raise LessonError(faults)
    check_sections(sections, faults)
    settings = HeadTable(head, "", faults)
    steps = settings.tables("step", 1, MOST_STEPS, marked("Step {number}"))
    texts = step_texts(sections, len(steps), faults)
    lesson = Lesson(
        name,
        lesson_number(settings),
        settings.text("title"),
        settings.whole("minutes", 1, 90),
        tuple(read_step(own, *both) for own, both in zip(steps, texts, strict=True)),
        read_exit(settings.table("exit", tr("Exit"))),
        TeacherNotes(*teacher_texts(sections, faults)),
    )
    settings.end()
    faults += early_words(lesson)
    if faults:
        raise LessonError(faults)
    return lesson


def lesson_number(settings: HeadTable) -> str:
    """Return the number of a lesson."""
    number = settings.text("number")
    if number and not NUMBER.fullmatch(number):
        settings.fault(
            tr(
                '\'number\' must be "1" to "99", "A1" to "A9" or "article"; {number} was given.',
                number=quoted(number),
            )
        )
    return number


def read_step(settings: HeadTable, question: str, explanation: str) -> LessonStep:
    """Return one step of a lesson."""
    runs = settings.tables("step.run", 1, MOST_RUNS, marked("run {number}"))
    claims = settings.tables("step.claim", 1, 12, marked("claim {number}"))
    step = LessonStep(
        question,
        read_question(settings.table("predict", "predict"), KINDS),
        tuple(map(read_run, runs)),
        speed_in(settings),
        view_in(settings),
        tuple(map(read_claim, claims)),
        settings.text("evidence"),
        explanation,
        settings.words("secret", 1, 20),
    )
    settings.end()
    check_expressions(step, settings)
    return step


def speed_in(settings: HeadTable) -> int:
    """Return the epochs per frame."""
    speed = settings.whole("speed", SPEEDS[0], SPEEDS[-1], SPEEDS[0])
    if speed not in SPEEDS:
        allowed = ", ".join(map(str, SPEEDS))
        settings.fault(
            tr(
                "'speed' must be one of {allowed}; '{speed}' was given.",
                allowed=allowed,
                speed=speed,
            )
        )
    return speed


def view_in(settings: HeadTable) -> tuple[str, ...]:
    """Return the switches of the pictures."""
    view = settings.words("view", 0, len(SWITCHES))
    for word in view:
        if word not in SWITCHES:
            settings.fault(
                tr(
                    "'view' takes {switches}; {word} was given.",
                    switches=", ".join(SWITCHES),
                    word=quoted(word),
                )
            )
    return view


def read_run(settings: HeadTable) -> LessonRun:
    """Return one run of a step."""
    epochs = settings.whole("epochs", 0, MOST_LESSON_EPOCHS)
    run = LessonRun(
        settings.text("label"),
        config_of(settings.text("query"), settings),
        settings.text("events", ""),
        epochs,
        settings.one_of("page", PAGES, PAGES[0]),
        settings.whole("example", 0, 9999, 0),
    )
    settings.end()
    return run


def config_of(query: str, settings: HeadTable) -> Config:
    """Return the Config of the choices as in an address, without what stands before the ?."""
    try:
        pairs = parse_qsl(query.rpartition("?")[2], keep_blank_values=True, max_num_fields=100)
    except ValueError:
        settings.fault(tr("'query' has more than 100 choices."))
        return Config()
    names = [name for name, _ in pairs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        settings.fault(tr("'query' has {name} twice.", name=quoted(name)))
    if query and not pairs:
        settings.fault(
            tr(
                "'query' must hold choices such as hidden=4; {query} was given.",
                query=quoted(query),
            )
        )
    config, notes = Config.from_query(dict(pairs))
    if config.dataset == OWN:
        notes.append(tr("A lesson cannot use an uploaded table; choose another dataset."))
    for note in notes:
        settings.fault(tr("'query': {note}", note=note))
    return config


def read_claim(settings: HeadTable) -> Claim:
    """Return one claim: a comparison, and for which share of seeds it holds."""
    text, seeds = settings.text("text"), settings.values.pop("seeds", None)
    settings.end()
    if seeds == "this seed":
        return Claim(text, THIS_SEED)
    if isinstance(seeds, bool) or not isinstance(seeds, int | float) or not 0.5 <= seeds <= 1:
        settings.fault(
            tr(
                "'seeds' must be a share of the seeds from 0.5 to 1 or \"this seed\"; "
                "{seeds} was given.",
                seeds=quoted(seeds),
            )
        )
        return Claim(text, THIS_SEED)
    return Claim(text, float(seeds))


def read_exit(settings: HeadTable) -> Question:
    """Return the exit question; it has a reason."""
    question = read_question(settings, KINDS[:2])
    if not question.why:
        settings.fault(tr("'why' is missing; it is a sentence that says why the answer is right."))
    return question


def read_question(settings: HeadTable, kinds: tuple[str, ...]) -> Question:
    """Return a question of one of these kinds."""
    kind, text = settings.one_of("kind", kinds), settings.text("text")
    read = {"choice": read_choices, "number": read_number_answer, "sketch": read_sketch}[kind]
    question = replace(read(settings, Question(kind, text)), why=settings.text("why", ""))
    settings.end()
    return question


def read_choices(settings: HeadTable, question: Question) -> Question:
    """Return the question with its choices and the right one."""
    choices, answer = settings.words("choices", 2, 6), settings.text("answer")
    if choices and answer not in choices:
        settings.fault(
            tr("'answer' must be one of the choices; {answer} was given.", answer=quoted(answer))
        )
    return replace(question, choices=choices, answer=answer)


def read_number_answer(settings: HeadTable, question: Question) -> Question:
    """Return the question with a right number and what may be wrong with it."""
    return replace(
        question,
        answer=settings.number("answer", -LARGE, LARGE),
        tolerance=settings.number("tolerance", 0, LARGE),
        unit=settings.text("unit", ""),
        curve=settings.text("measured", ""),
    )


def read_sketch(settings: HeadTable, question: Question) -> Question:
    """Return the question with the curve that is to be sketched."""
    return replace(question, curve=settings.text("curve"), top=settings.number("top", 1e-6, LARGE))


# Expressions and what they may name


def check_expressions(step: LessonStep, settings: HeadTable) -> None:
    """Add a fault for each expression that cannot be read or names what the step does not have."""
    found = list[Lookup]()
    for claim in step.claims:
        tree = settings.attempt(lambda text=claim.text: parse_claim(text) if text else [], [])
        found += [one for comparison in tree for one in lookups(comparison)]
    for field in settings.attempt(lambda: evidence_numbers(step.evidence), []):
        found += lookups(field.value)
    if step.evidence and not FIELD.search(step.evidence):
        settings.fault(tr("'evidence' needs a number in braces, such as {A.train_loss:.3f}."))
    if re.search("[{}]", FIELD.sub("", step.evidence)):
        settings.fault(tr("'evidence' has a brace without its partner."))
    found += truth_of(step.predict, settings)
    for one in dict.fromkeys(found):
        check_lookup(one, step, settings)


def truth_of(question: Question, settings: HeadTable) -> list[Lookup]:
    """Return the measures that give the truth of a prediction."""
    if not question.curve:
        return []
    tree = settings.attempt(lambda: parse_value(question.curve), 0.0)
    series = isinstance(tree, Lookup) and tree.measure in SERIES and tree.epoch is None
    if question.kind == "sketch" and not series:
        settings.fault(
            tr(
                "'curve' must be a run and one of {curves}, such as A.train_loss; "
                "{curve} was given.",
                curves=", ".join(SERIES),
                curve=quoted(question.curve),
            )
        )
    return lookups(tree)


def check_lookup(one: Lookup, step: LessonStep, settings: HeadTable) -> None:
    """Add a fault if the step has no such run, or no such measure or epoch."""
    place = RUNS.index(one.run)
    if place >= len(step.runs):
        have = RUNS[: len(step.runs)]
        settings.fault(
            tr(
                "there is no run {run}; this step has {runs}.",
                run=one.run,
                runs=", ".join(have) or tr("none"),
            )
        )
    elif (one.epoch or 0) > step.runs[place].epochs:
        settings.fault(
            tr(
                "run {run} is played to epoch {epochs}; '{measure}' is asked at epoch {epoch}.",
                run=one.run,
                epochs=step.runs[place].epochs,
                measure=one.measure,
                epoch=one.epoch,
            )
        )
    if not is_measure(one.measure):
        settings.fault(unknown_measure(one.measure))
