"""Mutations: bytes, texts, JSON, arrays and ZIPs with something wrong in them, drawn by a seed."""

import io
import json
import re
import zipfile
from time import process_time

import numpy as np

SLOW = 5.0  # seconds of processor time that one input may take
STRANGE_TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "nan",
    "²",
    "１",
    "\0",
    "\ud800",
    "\u2028",
    "x" * 5000,
]
STRANGE_TEXTS += [
    "=1+1",
    "../../etc/passwd",
    "true",
    "None",
    "{}",
    "%s",
    "a\nb",
    "🙂",
    "1,5",
    "1e-5",
]
STRANGE_VALUES = [None, True, False, 0, -1, 1, 2**31, 10**30, -(10**30), 0.5, 1e308, float("inf")]
STRANGE_VALUES += [[], {}, [[]], [1, 2, 3], {"a": 1}, [None] * 3, *STRANGE_TEXTS]
PYTHONS_WORDS = re.compile(  # how Python, NumPy and pandas speak
    r"unpack|NoneType|Traceback|codec can't|<class|object is not|object has no|seek value|_\w+\(|"
    r"invalid literal|not supported between|positional argument|keyword argument|subscriptable|"
    r"could not convert|cannot convert|cannot reshape|out of bounds|Errno|unhashable|decompress|"
    r"unexpected end|not iterable|dtype|Length of|index \d|tuple|maximum recursion|Error\b"
)


def check_sentence(reason):
    """The reason of a refusal is one of the app's own sentences."""
    text = str(reason)
    assert text.endswith("."), text
    assert text[0].isupper() or text[0] in "'\"0123456789", text
    assert " " in text, text
    assert not PYTHONS_WORDS.search(text), text


def check_refused_or_taken(read, given, what):
    """What `read` makes of an input; None where it is refused with a sentence, in time."""
    start = process_time()
    try:
        found = read(given)
    except ValueError as reason:
        check_sentence(reason)
        found = None
    seconds = process_time() - start
    assert seconds < SLOW, f"{what}: {seconds:.1f} s"
    return found


def bytes_changed(data, draw):
    """The bytes, some of them flipped, cut off, doubled or replaced."""
    data = bytearray(data)
    for _ in range(draw.choice([1, 1, 2, 8])):
        place, size = draw.randrange(len(data) + 1), draw.choice([1, 1, 4, 60])
        how = draw.randrange(5)
        if how == 0:
            data[place : place + size] = b""
        elif how == 1:
            data[place:place] = draw.randbytes(size)
        elif how == 2:
            data[place : place + size] = draw.randbytes(size)
        elif how == 3:
            data = data[:place] if draw.random() < 0.3 else data
        else:
            data[place:place] = data[place : place + size]
    return bytes(data)


def text_changed(text, draw):
    """The text, a part of it cut out, doubled or replaced by something strange."""
    place, size = draw.randrange(len(text) + 1), draw.choice([0, 1, 5, 40])
    new = draw.choice([*STRANGE_TEXTS, text[place : place + size] * 2, ""])
    return text[:place] + new + text[place + size :]


def places_in(value, path=()):
    """The paths of all values inside a JSON value."""
    yield path
    inside = dict(enumerate(value)) if isinstance(value, list) else value
    for key, one in inside.items() if isinstance(inside, dict) else ():
        yield from places_in(one, (*path, key))


def json_changed(value, draw):
    """A copy of a JSON value with one value inside replaced, dropped, renamed or doubled."""
    value = json.loads(json.dumps(value))
    path = draw.choice([path for path in places_in(value) if path])
    parent = value
    for key in path[:-1]:
        parent = parent[key]
    how, key = draw.randrange(6), path[-1]
    if how == 0:
        del parent[key]
    elif how == 1 and isinstance(parent, dict):
        parent[draw.choice(STRANGE_TEXTS)] = parent.pop(key)
    elif how == 2 and isinstance(parent[key], str):
        parent[key] = text_changed(parent[key], draw)
    elif how == 3 and isinstance(parent[key], int):
        parent[key] += draw.choice([-1, 1, 1000])
    else:
        parent[key] = draw.choice(STRANGE_VALUES)
    return value


def array_changed(array, draw):
    """An array of other values, another shape or another type."""
    array = array.copy()
    how = draw.randrange(6)
    if how == 0:
        return array[: draw.randrange(len(array) + 1)] if array.ndim else array[None]
    if how == 1:
        return array.reshape(-1)[: draw.randrange(5)]
    if how == 2:
        return np.concatenate([array, array]) if array.ndim else array
    if how == 3:
        return np.array(draw.choice(["text", 1, 0.5, [], [[]], [True]]))
    if array.dtype.names:
        name = draw.choice(array.dtype.names)
        array[name] = draw.choice([0, -1, np.nan, np.inf])
        return array
    if how == 4:
        with np.errstate(all="ignore"):
            return np.nan_to_num(array, posinf=0).astype(draw.choice(["f4", "i8", "u1", "c16"]))
    strange = [0, 1, 2**31 - 1] + ([np.nan, np.inf, 1e300, -1] if array.dtype.kind == "f" else [])
    with np.errstate(all="ignore"):
        array.reshape(-1)[draw.randrange(max(array.size, 1)) :] = draw.choice(strange)
    return array


def unzipped(data):
    """The files in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files, draw=None):
    """A ZIP of the files; with `draw` it may be packed in another way."""
    out = io.BytesIO()
    ways = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
    with zipfile.ZipFile(out, "w", draw.choice(ways) if draw else ways[1]) as archive:
        for name, own in files.items():
            archive.writestr(name, own)
    return out.getvalue()
