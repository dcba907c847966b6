"""Samples: tables to try the page of one's own data with, as CSV; scikit-learn ships their numbers.

Sources: Fisher (1936); Forina et al. (1988), wine; Street et al. (1993), breast cancer; Efron et
al. (2004), diabetes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from sklearn import datasets


def flowers() -> bytes:
    """Irises with the names of their species."""
    return csv_bytes(with_names(datasets.load_iris(as_frame=True), "species"))


def wines() -> bytes:
    """Wines and the grower they come from."""
    return csv_bytes(with_names(datasets.load_wine(as_frame=True), "grower"))


def tumours() -> bytes:
    """Tumours and the diagnosis."""
    return csv_bytes(with_names(datasets.load_breast_cancer(as_frame=True), "diagnosis"))


def patients() -> bytes:
    """Patients in the units of the clinic, and how far diabetes went on within a year."""
    bunch: Any = datasets.load_diabetes(as_frame=True, scaled=False)
    return csv_bytes(bunch.frame.rename(columns={"target": "progression"}))


def abroad() -> bytes:
    """The irises as a spreadsheet in Germany saves them: semicolons, decimal commas, Latin-1."""
    frame = with_names(datasets.load_iris(as_frame=True), "Art").astype(object)
    names = ("Kelchblattlänge (cm)", "Kelchblattbreite (cm)", "Blattlänge (cm)", "Blattbreite (cm)")
    frame.columns = [*names, "Art"]
    frame.iloc[7, 1] = frame.iloc[60, 2] = "?"
    text = frame.map(lambda cell: str(cell).replace(".", ",")).to_csv(index=False, sep=";")
    return text.encode("latin-1")


def with_names(bunch: Any, target: str) -> pd.DataFrame:
    """The table of a data set, its classes by name in the last column."""
    words = dict(enumerate(map(str, bunch.target_names)))
    return bunch.data.assign(**{target: bunch.target.map(words)})


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The table as CSV."""
    return frame.to_csv(index=False).encode()


SAMPLES: dict[str, Callable[[], bytes]] = {  # file name -> its bytes
    "iris.csv": flowers,
    "wine.csv": wines,
    "breast cancer.csv": tumours,
    "diabetes.csv": patients,
    "iris from Germany.csv": abroad,
}
