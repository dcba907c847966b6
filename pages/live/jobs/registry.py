"""The long work that can be asked for by name."""

from __future__ import annotations

from pages.live.jobs.bug_training import train_with_bug
from pages.live.jobs.evaluation import compare_baselines, cross_validate, measure_importance
from pages.live.jobs.experiments import survey, sweep_seeds
from pages.live.jobs.gradient_check import check_gradients
from pages.live.jobs.lesson import run_lesson
from pages.live.jobs.prediction import predict_rows, write_predictions
from pages.live.jobs.process import Work
from pages.live.jobs.recording import record_run
from pages.live.jobs.search import search_candidates
from pages.live.jobs.tables import prepare_table, read_and_prepare, read_only, read_project
from pages.live.jobs.unit_history import look_closer

WORK: dict[str, Work] = {  # name -> function of a report and of plain values
    "open table": read_and_prepare,
    "read table": read_only,
    "prepare table": prepare_table,
    "open project": read_project,
    "sweep seeds": sweep_seeds,
    "survey landscape": survey,
    "cross-validate": cross_validate,
    "compare baselines": compare_baselines,
    "measure importance": measure_importance,
    "tune": search_candidates,
    "look closer": look_closer,
    "predict rows": predict_rows,
    "write predictions": write_predictions,
    "check gradients": check_gradients,
    "train with bug": train_with_bug,
    "record run": record_run,
    "run lesson": run_lesson,
}
