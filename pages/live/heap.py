"""How a process takes memory from the system, so that it gives back what it no longer needs."""

from __future__ import annotations

import ctypes
from contextlib import suppress

MMAP_THRESHOLD, LARGE = -3, 2**16  # M_MMAP_THRESHOLD of malloc.h; bytes


def give_back_large_blocks() -> None:
    """Let each block of 64 kB or more be memory of its own, which goes back when it is freed.

    By itself glibc raises that bound, up to 32 MB, whenever a larger block is freed. States of runs
    then leave holes in the heap, and the heap grows for an hour (mallopt(3)). Other systems have
    no such call.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)


def give_back_free_pages() -> None:
    """Give back all pages of the heap that hold nothing (malloc_trim(3))."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
