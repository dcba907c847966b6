"""The process that forks, as a fork of a server: in a server of its own, which is killed."""

import subprocess
import sys

import psutil

from tests.browser.driver import wait_until

SERVER = """
import os, signal, socket
import psutil
from multiprocessing.connection import Connection
from pages.live.nursery import Nursery, load_once, nursery_of_server

def table(connection: Connection) -> str:
    '''The names of a table's columns, as a process of its own reads them.'''
    from pages.live.jobs.process import Done, receive, send
    send(connection, ("read table", (b"a,b\\n1,2\\n3,4\\n", "t.csv", {}), "en"))
    while not isinstance(found := receive(connection), Done):
        pass
    return " ".join(found.value.frame)

serving = socket.create_server(("127.0.0.1", 0))
signal.signal(signal.SIGTERM, lambda *_: None)
with load_once():
    pass
nursery, own = nursery_of_server(), psutil.Process()
first = nursery.process
assert first.cmdline() == own.cmdline(), "it is a fork"
read = table(nursery.start_job(10)[1])
assert read == "a b", read
assert first.num_fds() == 4, "it has standard files and the socket for orders, none of the server's"
first.terminate()
first.wait(10)
assert table(nursery.start_job(10)[1]) == "a b", "another one has taken its place"
second = nursery.process
assert second.cmdline()[1:3] == ["-m", "pages.live.nursery"]
job, connection = nursery.start_job(10)
other = Nursery()
other.fork_from_server()
print(other.process.pid, second.pid, job, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_it_is_a_fork_of_the_server_is_replaced_when_lost_and_ends_with_the_server():
    command = [sys.executable, "-c", SERVER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    numbers = [int(word) for word in done.stdout.split()]
    assert len(numbers) == 3
    wait_until(lambda: not any(map(psutil.pid_exists, numbers)), "the end of the processes", 10)
