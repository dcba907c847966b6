"""A trained network as files: JSON and NPZ in a ZIP, and a report. None is a pickle."""

from __future__ import annotations

import io
import json
import lzma
import math
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from engine.language import language, tr
from engine.nn import Array
from engine.tables import Preparation
from engine.tables import preparation_from_dict as preparation_from
from engine.training import NUMBERS, Model, model_from_plain, model_to_plain

MOST_BYTES = 200 * 2**20  # of a file's content, unpacked
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # in a ZIP, so that equal content gives equal bytes


NEWER_HEADER = np.lib.format.read_array_header_2_0
DAMAGED = (  # errors that Python raises for data that are not a ZIP
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(ValueError, RuntimeError, EOFError, OSError, KeyError, IndexError, OverflowError),
    *(MemoryError, AssertionError, TypeError),
)
UNREADABLE = (  # errors that NumPy raises for data that are not an array
    *(ValueError, EOFError, MemoryError, SyntaxError, TypeError, KeyError, OverflowError),
    *(RecursionError, tokenize.TokenError, Warning, AttributeError, IndexError, struct.error),
)


# Files in one


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files; equal files give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIRST_DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unzip_files(
    data: bytes, names: Iterable[str], optional: Iterable[str] = ()
) -> dict[str, bytes]:
    """Return the files of these names in a ZIP, and those of `optional` that it has.

    Raises ValueError if it is not a ZIP, lacks one of `names` or would be too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {one.filename: one.file_size for one in archive.infolist()}
            missing = [name for name in names if name not in sizes]
            wanted = [*names, *(name for name in optional if name in sizes)]
            large = not missing and sum(sizes[name] for name in wanted) > MOST_BYTES
            found = {} if missing or large else {name: archive.read(name) for name in wanted}
    except DAMAGED:
        raise ValueError(tr("The file is damaged or was not saved by this app.")) from None
    if missing:
        raise ValueError(tr("The file has no {name} in it.", name=missing[0]))
    if large:
        raise ValueError(tr("The unpacked file would be too large."))
    return found


def npz_bytes(arrays: Mapping[str, Array]) -> bytes:
    """Return an NPZ of these arrays of any shape; equal arrays give equal bytes."""
    files = {}
    for name, array in arrays.items():
        out = io.BytesIO()
        np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)
        files[f"{name}.npy"] = out.getvalue()
    return zip_bytes(files)


def read_npz(data: bytes, names: Sequence[str]) -> dict[str, Array]:
    """Return the arrays of these names in an NPZ, each with the shape it was saved with.

    Raises ValueError if one is missing or cannot be read.
    """
    files = unzip_files(data, [f"{name}.npy" for name in names])
    return {name: read_npy(files[f"{name}.npy"], name) for name in names}


def read_npy(data: bytes, name: str) -> Array:
    """Return the array in an NPY with its shape, which has to fit the length of the data.

    Raises ValueError if the data are not an array of numbers.
    """
    stream = io.BytesIO(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            major, _ = np.lib.format.read_magic(stream)
            reader = np.lib.format.read_array_header_1_0 if major == 1 else NEWER_HEADER
            shape, fortran, kind = reader(stream)
        if kind.hasobject or math.prod(shape) * kind.itemsize != len(data) - stream.tell():
            raise ValueError(name)
        flat = np.frombuffer(data, kind, offset=stream.tell())
        return flat.reshape(shape, order="F" if fortran else "C").copy()
    except UNREADABLE:
        raise ValueError(
            tr("The numbers '{name}' in the file cannot be read.", name=name)
        ) from None


def json_bytes(value: object) -> bytes:
    """Return the value as JSON in ASCII. Raises ValueError if a number is not finite."""
    return json.dumps(value, indent=1, allow_nan=False).encode()


def read_json(data: bytes) -> dict[str, Any]:
    """Return the object in a JSON. Raises ValueError if there is none."""

    def refuse(word: str) -> None:
        """Raise ValueError for nan and infinities."""
        raise ValueError(word)

    try:
        found = json.loads(data, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise ValueError(tr("The description in the file cannot be read.")) from None
    if not isinstance(found, dict):
        raise ValueError(tr("The description in the file cannot be read."))
    return found


# The model


def model_file(model: Model, preparation: Preparation | None = None) -> bytes:
    """Return a ZIP of model.json, weights.npz and, for a model of a table, preparation.json."""
    numbers = {name: getattr(model, name) for name in NUMBERS}
    files = {"model.json": json_bytes(model_to_plain(model)), "weights.npz": npz_bytes(numbers)}
    if preparation is not None:
        files["preparation.json"] = json_bytes(preparation.as_dict())
    return zip_bytes(files)


def read_model(data: bytes) -> tuple[Model, Preparation | None]:
    """Return what `model_file` wrote. Raises ValueError if the data are something else."""
    files = unzip_files(data, ["model.json", "weights.npz"], ["preparation.json"])
    numbers = read_npz(files["weights.npz"], NUMBERS)
    model = model_from_plain(read_json(files["model.json"]), numbers)
    if "preparation.json" not in files:
        return model, None
    try:
        return model, preparation_from(read_json(files["preparation.json"]))
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError(tr("The model's preparation is not complete.")) from None


# A report


Part = pd.DataFrame | str | Sequence[str]
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c2430;background:#fff}table{border-collapse:collapse;margin:1rem 0;display:block;"
    "overflow-x:auto}th,td{padding:.3rem .7rem;border-bottom:1px solid #d5dbe3;text-align:right}"
    "th:first-child{text-align:left}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#12161c}"
    "th,td{border-color:#39424e}}"
)


def part_html(content: Part) -> str:
    """Return a part of the report as HTML, its text escaped."""
    if isinstance(content, str):
        return f"<p>{escape(content)}</p>"
    if isinstance(content, pd.DataFrame):
        table: Any = content
        return table.to_html(border=0, float_format="{:.4g}".format, escape=True)
    return "<ul>" + "".join(f"<li>{escape(str(one))}</li>" for one in content) + "</ul>"


def report_html(title: str, parts: Sequence[tuple[str, Part]]) -> str:
    """Return a report as one HTML page that loads no other file.

    A part is a heading with a DataFrame, a list of sentences, or one sentence. All of it is
    escaped, so that no text of a table or a person becomes markup.
    """
    body = [f"<h1>{escape(title)}</h1>"]
    for heading, content in parts:
        body.append(f"<h2>{escape(heading)}</h2>")
        body.append(part_html(content))
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        + "\n".join(body)
        + "</body></html>"
    )
