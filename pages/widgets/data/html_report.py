"""The report as one HTML page: the data, the network, its training and its scores."""

from __future__ import annotations

import pandas as pd

from engine.data import WORDS, Dataset
from engine.evaluation import (
    classification_report,
    confusion_matrix,
    never_predicted,
    regression_report,
    shown_scores,
)
from engine.export import Part, report_html
from engine.language import marked, tr
from engine.tables import Prepared, Table
from engine.training import Model, Run
from pages.figures.base.text import count, many, network_in_words, number
from pages.widgets.data.table_session import DatasetBuilder

TASKS = {"classification": marked("classification"), "regression": marked("regression")}


def html_report(
    run: Run, made: DatasetBuilder, epoch: int, network: Model, table: pd.DataFrame | None = None
) -> str:
    """Return the HTML page on a run at `epoch`; `table` has the scores of the baselines."""
    way, data = made.prepared(run.config), run.dataset
    part = next(part for part in ("test", "validation", "train") if len(data.rows(part)))
    parts: list[tuple[str, Part]] = [
        (tr("The table"), describe_table(made.table)),
        (tr("Target and inputs"), describe_task(way)),
        (tr("Columns not used"), list_unused_columns(way)),
        (tr("Remarks"), [*made.table.notes, *data.notes] or tr("None.")),
        (tr("The network"), network_in_words(network.sizes, network.activations)),
        (tr("Training"), describe_training(run, epoch)),
        (tr("Scores on the {part} part", part=tr(WORDS[part])), part_scores(run, part, epoch)),
        *confusion_section(run, part, epoch),
        *baseline_section(part, table),
    ]
    return report_html(
        tr("{name}: report on epoch {epoch}", name=data.name, epoch=count(epoch)), parts
    )


def baseline_section(part: str, table: pd.DataFrame | None) -> list[tuple[str, Part]]:
    """Return the scores of simple methods, [] if there are none."""
    if table is None:
        return []
    title = tr("Comparison with simple methods on the {part} part", part=tr(WORDS[part]))
    return [(title, shown_scores(table))]


def describe_table(table: Table) -> list[str]:
    """Return what was read."""
    rows, columns = table.frame.shape
    return [
        tr(
            "{rows} and {columns}, encoding {encoding}.",
            rows=many(rows, "row"),
            columns=many(columns, "column"),
            encoding=table.encoding,
        ),
        tr(
            "{repaired} repaired, {skipped} skipped.",
            repaired=many(len(table.mended), "line"),
            skipped=many(len(table.skipped), "line"),
        ),
    ]


def describe_task(way: Prepared) -> list[str]:
    """Return the target, the inputs and the parts."""
    data: Dataset = way.dataset
    sizes = [
        tr("{number} for {part}", number=count(len(data.rows(part))), part=tr(word))
        for part, word in WORDS.items()
    ]
    return [
        tr("Target: {target} ({task}).", target=way.preparation.target, task=tr(TASKS[data.task])),
        tr(
            "Inputs: {columns}.",
            columns=tr(", ").join(field.name for field in way.preparation.fields),
        ),
        tr("{rows}: {sizes}.", rows=many(data.n, "row"), sizes=tr(", ").join(sizes)),
    ]


def list_unused_columns(way: Prepared) -> list[str] | str:
    """Return each column that was not used, and why."""
    return [
        tr("{name}: {why}.", name=name, why=why) for name, why in way.preparation.left_out
    ] or tr("None.")


def describe_training(run: Run, epoch: int) -> list[str]:
    """Return how the network was trained, and for how long."""
    losses = run.losses[epoch]
    chosen = run.config_at(epoch).to_query()
    facts = [
        tr(
            "Epoch {epoch} of {epochs}; seed {seed}.",
            epoch=count(epoch),
            epochs=count(run.epochs),
            seed=run.config.seed,
        )
    ]
    loss = tr("Loss of the standardized target") if run.dataset.rescaled else tr("Loss")
    facts.append(tr("{loss}: training {value}.", loss=loss, value=number(float(losses["train"]))))
    if len(run.dataset.rows("validation")):
        facts.append(
            tr(
                "{loss}: validation {value}.",
                loss=loss,
                value=number(float(losses["validation"])),
            )
        )
    if run.finished and epoch == run.best:
        facts.append(run.why_ended())
    elif run.finished:
        facts.append(
            tr(
                "Training stopped automatically after epoch {epochs}. The best weights "
                "are those of epoch {best}. This report is on epoch {epoch}.",
                epochs=count(run.epochs),
                best=count(run.best),
                epoch=count(epoch),
            )
        )
    facts += [run.why_ended()] if run.diverged else []
    settings = ", ".join(f"{name} {value}" for name, value in chosen.items() if name != "v")
    return [*facts, tr("Settings: {settings}", settings=settings)]


def part_scores(run: Run, part: str, epoch: int) -> pd.DataFrame:
    """Return the report on a part."""
    data = run.dataset
    a = run.at(epoch, data.rows(part)).layers[-1].a
    if data.classes:
        return shown_scores(
            classification_report(data, part, run.output_head.decide(a)), data.shown(data.classes)
        )
    return shown_scores(regression_report(data, part, a), data.shown(data.target_names))


def confusion_section(run: Run, part: str, epoch: int) -> list[tuple[str, Part]]:
    """Return the confusion matrix and the classes never predicted; [] for numbers."""
    data = run.dataset
    if not data.classes:
        return []
    predicted = run.output_head.decide(run.at(epoch, data.rows(part)).layers[-1].a)
    found = confusion_matrix(data, part, predicted)
    table = pd.DataFrame(
        found.to_numpy(),
        index=[tr("true {name}", name=name) for name in data.classes],
        columns=[tr("predicted {name}", name=name) for name in data.classes],
    )
    never = never_predicted(data, predicted)
    sections: list[tuple[str, Part]] = [(tr("Confusion matrix"), table)]
    return [*sections, (tr("Never predicted"), list(never))] if never else sections
