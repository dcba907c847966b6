"""A process gives back the memory that it no longer needs."""

import subprocess
import sys

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


def test_large_blocks_go_back_though_others_between_them_stay():
    done = subprocess.run([sys.executable, "-c", LARGE], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 4_000_000


def test_small_blocks_go_back_on_request_though_others_between_them_stay():
    done = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 20_000_000
