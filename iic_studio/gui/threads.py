"""A few threads that do what they are given, and can be waited for.

Python's own, not a QThreadPool: while 200,000 images were searched and scrolled, the program ended in a thread of such a pool that ran no
Python then, which is where the wrapper of a QRunnable is destroyed (PySide6 6.11.3).
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Threads:
    """Starts them when there is work. `close` waits; after that they may be used again."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._pool: ThreadPoolExecutor | None = None

    def start(self, work: Callable[[], object]) -> None:
        """Do this soon. A bug in it goes to `threading.excepthook`, as one in any other thread does."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._most, thread_name_prefix=self._name)
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
