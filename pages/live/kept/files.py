"""Files with a checksum in a folder of our own: bounded, private, and never needed.

A file that cannot be read, or that is not what was written, is removed and counts as missing. A
folder that cannot be used costs one warning.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import stat
import struct
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

RUNS = "DELTASCOPE_RUNS"  # an environment variable: the folder; "" keeps nothing
PARENT = Path("/var/tmp")  # on a disk by custom
MOST_BYTES, MOST_OF_FILE = 2**28, 2**26  # of all files together, of one file
DAY, HOUR = 86_400.0, 3_600.0  # seconds after which a file goes, and one that was never finished
MAGIC = b"deltascope run 1"
HEAD = struct.Struct("<16s32sQ")  # magic, checksum of all that follows it, number
NAME = re.compile(r"[0-9a-f]{64}\.run(\.[0-9a-z_]+\.part)?")

logger = logging.getLogger(__name__)


def folder_of_runs() -> Path | None:
    """Return the folder that the operator has chosen, by default one in /var/tmp; None for none."""
    chosen = os.environ.get(RUNS)
    if chosen is None:
        return PARENT / f"deltascope-runs-{os.geteuid()}"
    return Path(chosen).resolve() if chosen else None  # an operator may choose a link


class Found(NamedTuple):
    """A file in the folder."""

    written: float  # seconds since 1970
    size: int  # bytes
    path: Path


class RunFiles:
    """The files of a folder, each with a number that can be read without the rest of it."""

    def __init__(self, folder: Path | None, most: int = MOST_BYTES) -> None:
        self.folder, self.most = folder, most
        self.opened = False

    def open(self) -> Path | None:
        """Return the folder, made if it is not there; None if it cannot be used."""
        if self.folder is not None and not self.opened:
            try:
                make_private(self.folder)
                self.opened = True
            except OSError as reason:
                self.give_up(reason)
        return self.folder

    def give_up(self, reason: OSError) -> None:
        """Warn that no states are kept, and never use the folder again."""
        logger.warning("After a restart of the server, runs are trained again: %s", reason)
        self.folder = None

    def number(self, name: str) -> int:
        """Return the number of a file; -1 if there is none."""
        folder = self.open()
        with suppress(OSError, struct.error):
            if folder is not None:
                with (folder / name).open("rb") as file:
                    return HEAD.unpack(file.read(HEAD.size))[2]
        return -1

    def read(self, name: str) -> bytes | None:
        """Return what was written to a file; None if there is none, or if it was damaged."""
        folder = self.open()
        if folder is None:
            return None
        with suppress(OSError):
            file = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(file, "rb") as stream:
                whole = stream.read(MOST_OF_FILE + 1)
            if is_sound(whole):
                return whole[HEAD.size :]
            self.remove(name)
        return None

    def write(self, name: str, number: int, pieces: Iterable[bytes]) -> None:
        """Write a file in one step: nobody ever sees a part of it. Old files make room for it."""
        folder = self.open()
        if folder is None:
            return
        try:
            self.replace(folder / name, number, pieces)
            self.make_room()
        except OSError as reason:
            self.give_up(reason)

    def replace(self, path: Path, number: int, pieces: Iterable[bytes]) -> None:
        """Write a file beside `path` and give it that name. Raises OSError if the disk fails."""
        own, part = tempfile.mkstemp(".part", f"{path.name}.", path.parent)  # mode 600
        try:
            with os.fdopen(own, "wb") as file:
                counted = number.to_bytes(8, "little")
                checksum = hashlib.sha256(counted)
                file.write(HEAD.pack(MAGIC, bytes(32), number))
                for piece in pieces:
                    checksum.update(piece)
                    file.write(piece)
                file.seek(len(MAGIC))
                file.write(checksum.digest())
            os.replace(part, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(part)
            raise

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        if self.folder is not None:
            with suppress(OSError):
                (self.folder / name).unlink()

    def found(self) -> list[Found]:
        """Return our files, the oldest first; others have no name like these."""
        files = []
        for path in self.folder.iterdir() if self.folder else ():
            with suppress(OSError):  # another process has removed it
                if NAME.fullmatch(path.name):
                    about = path.lstat()
                    files.append(Found(about.st_mtime, about.st_size, path))
        return sorted(files)

    def make_room(self) -> None:
        """Remove what is older than a day, and then the oldest files until the rest fits."""
        files, now = self.found(), time.time()
        total = sum(file.size for file in files)
        for file in files:
            late = HOUR if file.path.suffix == ".part" else DAY
            if total > self.most or now - file.written > late:
                self.remove(file.path.name)
                total -= file.size


def is_sound(whole: bytes) -> bool:
    """Return whether the bytes of a file are those that were written."""
    if not HEAD.size <= len(whole) <= MOST_OF_FILE:
        return False
    magic, checksum, _ = HEAD.unpack_from(whole)
    counted = memoryview(whole)[len(MAGIC) + len(checksum) :]
    return magic == MAGIC and hashlib.sha256(counted).digest() == checksum


def make_private(folder: Path) -> None:
    """Make a folder that only this user can read and write.

    Raises OSError if that is not possible, or if there is something else with its name: in a
    folder that all may write, another user may have put it there.
    """
    with suppress(FileExistsError):
        folder.mkdir(0o700)
    about = folder.lstat()
    private = stat.S_ISDIR(about.st_mode) and not about.st_mode & 0o077
    if not private or about.st_uid != os.geteuid():
        raise OSError(errno.EPERM, "others may use this folder", str(folder))
