"""Threads beside the window's: who steps back for whom, and a few that do what they are given and can be waited for.

Python's own, not a QThreadPool: while 200,000 images were searched and scrolled, the program ended in a thread of such a pool that ran no
Python then, which is where the wrapper of a QRunnable is destroyed (PySide6 6.11.3).
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

# The window's own thread has 0. With a job at 5 a frame still waited for the cores: panning the map took 8.6 ms on the clock and 6.3 ms of
# computing, at 10 6.2 and 6.0 ms.
HELPER, JOB = 5, 10


def step_back(niceness: int = HELPER) -> None:
    """Let others go before the thread that calls this: what somebody waits for before a job, the window's frames before both.

    Linux only: there a priority belongs to a thread and passes on to those it starts, torch's among them. Elsewhere torch's threads
    would not follow, and the one that starts them would only be late for them.
    """
    if sys.platform.startswith("linux"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


class Threads:
    """Starts them when there is work. `close` waits; after that they may be used again."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._pool: ThreadPoolExecutor | None = None

    def start(self, work: Callable[[], object]) -> None:
        """Do this soon. A bug in it goes to `threading.excepthook`, as one in any other thread does."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._most, thread_name_prefix=self._name, initializer=step_back)
        self._pool.submit(work).add_done_callback(_tell)

    def close(self) -> None:
        """Wait for all that was begun."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None


def _tell(done: Future[object]) -> None:
    error = done.exception()
    if error is not None:
        threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, threading.current_thread())))
