"""Decoding of single files in a child process, for kinds that are not to be decoded in the window (`kinds.CHILD_ONLY`).

The child is started for the first such file and kept. A file that makes it crash is unreadable; the next file gets a new child.
"""

import multiprocessing
import os
import signal
import threading
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from iic_studio.images import worker
from iic_studio.images.decode import Picture, Range, load_display
from iic_studio.images.ingest import CRASHED
from iic_studio.images.source import UnreadableImage


class SeparateDecoder:
    """One child process that decodes one file after the other. Any thread may ask; `close` ends the child."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._closed = False

    def load(self, path: str, max_side: int, high_bit_range: Range | None = None) -> Picture:
        """As `decode.load_display`.

        Raises:
            UnreadableImage: with the reason.
        """
        with self._lock:
            if self._closed:
                raise UnreadableImage("was not read: the window closes")
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _start)
            pool = self._pool
            asked = pool.submit(_load, path, max_side, high_bit_range)
        try:
            found = asked.result()
        except (BrokenProcessPool, CancelledError) as error:
            with self._lock:
                if self._pool is pool:
                    self._pool = None
            pool.shutdown(wait=False)
            raise UnreadableImage(CRASHED) from error
        if isinstance(found, str):
            raise UnreadableImage(found)
        return found

    def close(self) -> None:
        """End the child; whoever still waits is told that the file was not read."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


def _start() -> None:
    """Prepare the child: it ends with its parent, and Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=worker.end_with, args=(parent.sentinel,), daemon=True).start()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)  # codecs print about damaged files
    os.close(nowhere)


def _load(path: str, max_side: int, high_bit_range: Range | None) -> Picture | str:
    """Runs in the child; the reason as text, because exceptions would arrive without it."""
    try:
        return load_display(path, max_side, high_bit_range)
    except UnreadableImage as error:
        return str(error)
