"""A process gives back the memory that it no longer needs."""

import subprocess
import sys
from pathlib import Path

LARGE = """
import os
from pathlib import Path
from pages.live.heap import give_back_large_blocks
def pages(): return int(Path("/proc/self/statm").read_text().split()[1])
give_back_large_blocks()
bytearray(8_000_000)  # glibc alone would take the next ones from its heap
before = pages()
blocks = [bytearray(100_000) for _ in range(400)]
kept = blocks[::20]
del blocks
print((pages() - before) * os.sysconf("SC_PAGESIZE"))
"""

SMALL = """
import os
from pathlib import Path
from pages.live.heap import give_back_free_pages
def pages(): return int(Path("/proc/self/statm").read_text().split()[1])
blocks = [bytearray(30_000) for _ in range(1000)]
kept = blocks[::100]
del blocks
before = pages()
give_back_free_pages()
print((before - pages()) * os.sysconf("SC_PAGESIZE"))
"""

HEAPS = """
import ctypes, os, sys, threading
from pages.live.heap import share_heaps
if sys.argv[1] == "shared": share_heaps()
meet, kept = threading.Barrier(6), []
def work():
    meet.wait()
    kept.append([bytearray(2_000) for _ in range(2_000)])
    meet.wait()
threads = [threading.Thread(target=work) for _ in range(6)]
for one in threads: one.start()
for one in threads: one.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
"""


def count_heaps(which: str, report: Path) -> int:
    """Return how many heaps of a process serve six threads."""
    subprocess.run([sys.executable, "-c", HEAPS, which, str(report)], check=True)
    return report.read_text().count("<heap ")


def test_threads_share_two_heaps(tmp_path: Path):
    assert (
        count_heaps("shared", tmp_path / "shared.xml") <= 2 < count_heaps("own", tmp_path / "own")
    )


def test_large_blocks_go_back_though_others_between_them_stay():
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 4_000_000


def test_small_blocks_go_back_on_request_though_others_between_them_stay():
    done = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 20_000_000
