"""Sample tables as CSV, to try the page Your data with; their numbers come from scikit-learn.

Sources: Fisher (1936); Forina et al. (1988), wine; Street et al. (1993), breast cancer; Efron et
al. (2004), diabetes.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from sklearn import datasets
from sklearn.utils import Bunch

from engine.language import marked


def flowers() -> bytes:
    """Return the iris flowers with the names of their species."""
    return csv_bytes(with_names(datasets.load_iris(as_frame=True), "species"))


def wines() -> bytes:
    """Return the wines with their growers."""
    return csv_bytes(with_names(datasets.load_wine(as_frame=True), "grower"))


def tumours() -> bytes:
    """Return the tumours with the diagnosis."""
    return csv_bytes(with_names(datasets.load_breast_cancer(as_frame=True), "diagnosis"))


def patients() -> bytes:
    """Return the patients in clinical units, with the progression of diabetes after a year."""
    bunch: Bunch = datasets.load_diabetes(as_frame=True, scaled=False)
    return csv_bytes(bunch.frame.rename(columns={"target": "progression"}))


def abroad() -> bytes:
    """Return iris as a German spreadsheet saves it: semicolons, decimal commas, Latin-1."""
    frame = with_names(datasets.load_iris(as_frame=True), "Art").astype(object)
    names = ("Kelchblattlänge (cm)", "Kelchblattbreite (cm)", "Blattlänge (cm)", "Blattbreite (cm)")
    frame.columns = [*names, "Art"]
    frame.iloc[7, 1] = frame.iloc[60, 2] = "?"
    text = frame.map(lambda cell: str(cell).replace(".", ",")).to_csv(index=False, sep=";")
    return text.encode("latin-1")


def with_names(bunch: Bunch, target: str) -> pd.DataFrame:
    """Return the table of a data set, with the names of the classes in the last column."""
    words = dict(enumerate(map(str, bunch.target_names)))
    return bunch.data.assign(**{target: bunch.target.map(words)})


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return the table as CSV."""
    return frame.to_csv(index=False).encode()


SAMPLES: dict[str, Callable[[], bytes]] = {  # file name -> its bytes
    marked("iris") + ".csv": flowers,
    marked("wine") + ".csv": wines,
    marked("breast cancer") + ".csv": tumours,
    marked("diabetes") + ".csv": patients,
    marked("iris from Germany") + ".csv": abroad,
}
