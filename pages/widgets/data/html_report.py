"""The report as one HTML page: the data, the network, its training and its scores."""

from __future__ import annotations

import pandas as pd

from engine.data import WORDS, Dataset
from engine.evaluation import (
    classification_report,
    confusion_matrix,
    never_predicted,
    regression_report,
)
from engine.export import Part, report_html
from engine.tables import Prepared, Table
from engine.training import Model, Run
from pages.figures.base.text import count, many, network_in_words, number
from pages.widgets.data.table_session import DatasetBuilder


def html_report(
    run: Run, made: DatasetBuilder, epoch: int, network: Model, table: pd.DataFrame | None = None
) -> str:
    """Return the HTML page on a run at `epoch`; `table` has the scores of the baselines."""
    way, data = made.prepared(run.config), run.dataset
    part = next(part for part in ("test", "validation", "train") if len(data.rows(part)))
    parts: list[tuple[str, Part]] = [
        ("The table", describe_table(made.table)),
        ("Target and inputs", describe_task(way)),
        ("Columns not used", list_unused_columns(way)),
        ("Remarks", [*made.table.notes, *data.notes] or "None."),
        ("The network", network_in_words(network.sizes, network.activations)),
        ("Training", describe_training(run, epoch)),
        (f"Scores on the {WORDS[part]} part", part_scores(run, part, epoch)),
        *confusion_section(run, part, epoch),
        *(
            [(f"Comparison with simple methods on the {WORDS[part]} part", table)]
            if table is not None
            else []
        ),
    ]
    return report_html(f"{data.name}: report on epoch {count(epoch)}", parts)


def describe_table(table: Table) -> list[str]:
    """Return what was read."""
    rows, columns = table.frame.shape
    return [
        f"{many(rows, 'row')} and {many(columns, 'column')}, encoding {table.encoding}.",
        f"{many(len(table.mended), 'line')} repaired, {many(len(table.skipped), 'line')} skipped.",
    ]


def describe_task(way: Prepared) -> list[str]:
    """Return the target, the inputs and the parts."""
    data: Dataset = way.dataset
    sizes = [f"{count(len(data.rows(part)))} for {word}" for part, word in WORDS.items()]
    return [
        f"Target: {way.preparation.target} ({data.task}).",
        f"Inputs: {', '.join(field.name for field in way.preparation.fields)}.",
        f"{many(data.n, 'row')}: {', '.join(sizes)}.",
    ]


def list_unused_columns(way: Prepared) -> list[str] | str:
    """Return each column that was not used, and why."""
    return [f"{name}: {why}." for name, why in way.preparation.left_out] or "None."


def describe_training(run: Run, epoch: int) -> list[str]:
    """Return how the network was trained, and for how long."""
    losses = run.losses[epoch]
    chosen = run.config_at(epoch).to_query()
    facts = [f"Epoch {count(epoch)} of {count(run.epochs)}; seed {run.config.seed}."]
    loss = "Loss of the standardised target" if run.dataset.rescaled else "Loss"
    facts.append(f"{loss}: training {number(float(losses['train']))}.")
    if len(run.dataset.rows("validation")):
        facts.append(f"{loss}: validation {number(float(losses['validation']))}.")
    if run.finished and epoch == run.best:
        facts.append(run.finished)
    elif run.finished:
        facts.append(
            f"Training stopped automatically after epoch {count(run.epochs)}. The best weights "
            f"are those of epoch {count(run.best)}. This report is on epoch {count(epoch)}."
        )
    facts += [run.diverged] if run.diverged else []
    return [*facts, "Settings: " + ", ".join(f"{k} {v}" for k, v in chosen.items() if k != "v")]


def part_scores(run: Run, part: str, epoch: int) -> pd.DataFrame:
    """Return the report on a part."""
    data = run.dataset
    a = run.at(epoch, data.rows(part)).layers[-1].a
    if data.classes:
        return classification_report(data, part, run.output_head.decide(a))
    return regression_report(data, part, a)


def confusion_section(run: Run, part: str, epoch: int) -> list[tuple[str, Part]]:
    """Return the confusion matrix and the classes never predicted; [] for numbers."""
    data = run.dataset
    if not data.classes:
        return []
    predicted = run.output_head.decide(run.at(epoch, data.rows(part)).layers[-1].a)
    found = confusion_matrix(data, part, predicted)
    table = pd.DataFrame(
        found.to_numpy(),
        index=[f"true {name}" for name in data.classes],
        columns=[f"predicted {name}" for name in data.classes],
    )
    never = never_predicted(data, predicted)
    sections: list[tuple[str, Part]] = [("Confusion matrix", table)]
    return [*sections, ("Never predicted", list(never))] if never else sections
