"""Small computations beside the window: one thread, and of several wishes of the same kind only the last is answered."""

import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, Signal

from iic_studio.gui.worker import step_back


class SideThread(QObject):
    """Computes in a thread and hands the result over on the GUI thread. `close` before the end; it may be used again after that."""

    _done = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: ThreadPoolExecutor | None = None
        self._numbers = itertools.count()
        self._newest: dict[str, int] = {}
        self._done.connect(self._hand_over)

    @property
    def is_busy(self) -> bool:
        """Whether a wish is open."""
        return bool(self._newest)

    def wish(self, kind: str, compute: Callable[[], Any], take: Callable[[Any], None]) -> None:
        """Compute soon and take the result, unless a later wish of the same kind comes in between."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=self._name, initializer=step_back)
        number = self._newest[kind] = next(self._numbers)
        asked = self._thread.submit(lambda: compute() if self._newest.get(kind) == number else None)
        asked.add_done_callback(lambda done: self._done.emit((kind, number, done, take)))

    def drop(self, kind: str) -> None:
        """The result of an open wish is no longer wanted."""
        self._newest.pop(kind, None)

    def close(self) -> None:
        """Drop all wishes and wait for the one under way."""
        self._newest.clear()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._thread = None

    def _hand_over(self, told: tuple[str, int, Future[Any], Callable[[Any], None]]) -> None:
        kind, number, done, take = told
        if self._newest.get(kind) == number and not done.cancelled():
            del self._newest[kind]
            take(done.result())  # a bug in the computation comes out here, where the crash reporter sees it
