"""States of runs in a folder of this machine, so that a server that starts again finds them."""

from pages.live.kept.files import RunFiles, folder_of_runs
from pages.live.kept.runs import KeptRuns

__all__ = ["KeptRuns", "RunFiles", "folder_of_runs"]
