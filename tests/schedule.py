"""Which worker of pytest-xdist runs which file: `-n auto --dist loadfile`.

A browser test mostly waits, for the server, for Chromium or for a picture to come to rest; most
other tests compute. So a third of the workers begins with the others, and each core has something
to do while a browser waits. A file stays whole: what its tests share is made once. The files that
take longest come first, so that in the end no worker waits for another one.
"""

from __future__ import annotations

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

BROWSER = "tests/browser/"
# The longest files of each kind, in this order.
LONG = (
    "tests/browser/test_every_lesson.py",
    "tests/browser/test_hostile.py",
    "tests/browser/test_return.py",
    "tests/browser/test_theory.py",
    "tests/browser/test_diagram.py",
    "tests/browser/test_lessons.py",
    "tests/browser/test_compare.py",
    "tests/browser/test_step.py",
    "tests/browser/test_help.py",
    "tests/browser/test_data.py",
    "tests/browser/test_tune.py",
    "tests/browser/test_train.py",
    "tests/browser/test_address.py",
    "tests/browser/test_languages.py",
    "tests/browser/test_replicas.py",
    "tests/browser/test_take_along.py",
    "tests/browser/test_worksheet.py",
    "tests/browser/test_recomputed.py",
    "tests/browser/test_experiments.py",
    "tests/browser/test_check.py",
    "tests/browser/test_findings.py",
    "tests/browser/test_pictures.py",
    "tests/browser/test_present.py",
    "tests/browser/test_read_only.py",
    "tests/browser/test_live.py",
    "tests/pages/widgets/web/test_live_route.py",
    "tests/engine/search/test_dask_cluster.py",
    "tests/engine/training/test_run.py",
    "tests/pages/test_data.py",
    "tests/engine/diagnosis/test_diagnosis.py",
    "tests/engine/diagnosis/test_causes.py",
    "tests/engine/problems/test_presets.py",
    "tests/engine/tables/reading/test_reader.py",
    "tests/engine/gradcheck/test_bugs.py",
    "tests/benchmarks/test_worksheets.py",
    "tests/engine/lessons/test_claims.py",
    "tests/pages/live/jobs/test_remote_work.py",
    "tests/engine/estimators/test_estimators.py",
    "tests/pages/test_train.py",
    "tests/engine/export/test_program.py",
    "tests/pages/test_tune.py",
    "tests/engine/export/test_files.py",
    "tests/test_sentences.py",
    "tests/engine/training/test_history.py",
    "tests/pages/test_findings.py",
    "tests/pages/test_check.py",
    "tests/engine/comparison/test_alternatives.py",
    "tests/engine/problems/test_synthetic.py",
    "tests/engine/gradcheck/test_gradient_check.py",
    "tests/pages/live/test_bookmark.py",
    "tests/pages/widgets/web/test_server.py",
    "tests/pages/live/test_requests.py",
    "tests/pages/widgets/step/test_step_trace.py",
    "tests/test_translations.py",
    "tests/fuzz/test_tables.py",
    "tests/engine/estimators/test_scikit_learn.py",
    "tests/pages/live/test_nursery.py",
    "tests/pages/live/test_pool.py",
    "tests/engine/problems/test_given_weights.py",
    "tests/test_new_activation.py",
    "tests/test_house.py",
    "tests/benchmarks/test_faults.py",
    "tests/test_compose.py",
)


def workers() -> int:
    """Return how many workers keep the cores busy: three on two cores."""
    return max(2, len(os.sched_getaffinity(0)) * 3 // 2)


def place_in_run(item: pytest.Item) -> tuple[bool, int]:
    """Return where the file of a test comes: with a browser first, the long ones at their head."""
    file = item.nodeid.split("::")[0]
    return not file.startswith(BROWSER), LONG.index(file) if file in LONG else len(LONG)


class LongestFirst(LoadFileScheduling):
    """Hands out files in their order; one worker in three begins with those without a browser."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        config.option.loadscopereorder = False  # many tests are not a long time
        super().__init__(config, log)

    def _assign_work_unit(self, node: WorkerController) -> None:
        """Give a worker the first file of its kind, or of the other kind when none is left."""
        computes = self.nodes.index(node) % 3 == 2
        own = (file for file in self.workqueue if file.startswith(BROWSER) != computes)
        self.workqueue.move_to_end(next(own, next(iter(self.workqueue))), last=False)
        super()._assign_work_unit(node)
