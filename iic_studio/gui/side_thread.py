"""Small computations beside the window: pairs drawn anew while a slider moves, a merge tree, the outlines of a map, curves of old runs.

One thread, and of several wishes of the same kind that wait only the newest is carried out. What was computed comes back on the GUI
thread, in order. Whoever owns one calls `close` before the files it reads go away; it may be used again after that.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from iic_studio.errors import StudioError
from iic_studio.gui.threads import step_back

Taker = Callable[[Any], object]
_DROPPED = object()


class _Wish(NamedTuple):
    """What is wished for, and who gets it; the mistake it ends with goes to `failed` where somebody wants to hear of it."""

    kind: str
    number: int
    compute: Callable[[], Any]
    take: Taker
    failed: Taker | None
    even_late: bool


class SideThread(QObject):
    """The thread. `answered` carries the kind of a wish whose result was handed over."""

    answered = Signal(str)
    _done = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: ThreadPoolExecutor | None = None
        self._numbers = itertools.count()
        self._newest: dict[str, int] = {}
        self._first = 0  # wishes before this one were dropped by `close`
        self._done.connect(self._hand_over)

    @property
    def is_busy(self) -> bool:
        """Whether a wish is open."""
        return bool(self._newest)

    def wish(self, kind: str, compute: Callable[[], Any], take: Taker, failed: Taker | None = None, *, even_late: bool = False) -> None:
        """Compute soon and take the result, unless a later wish of the same kind comes before that begins.

        Args:
            failed: hears of a `StudioError`; without it that is a bug like every other one.
            even_late: take the result also when a later wish came while it was computed, so that something is seen meanwhile.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=self._name, initializer=step_back)
        wish = _Wish(kind, next(self._numbers), compute, take, failed, even_late)
        self._newest[kind] = wish.number
        asked = self._thread.submit(lambda: compute() if self._newest.get(kind) == wish.number else _DROPPED)
        asked.add_done_callback(lambda done: self._tell(wish, done))

    def drop(self, kind: str) -> None:
        """The result of an open wish is no longer wanted."""
        self._newest.pop(kind, None)

    def close(self, *, wait: bool = True) -> None:
        """Drop all wishes; by default wait for the one under way."""
        self._newest.clear()
        self._first = next(self._numbers)
        if self._thread is not None:
            self._thread.shutdown(wait=wait, cancel_futures=True)
            self._thread = None

    def _tell(self, wish: _Wish, done: Future[Any]) -> None:
        """Runs in the thread. After `close` nothing is told: this object may be gone."""
        if wish.kind in self._newest and not done.cancelled():
            self._done.emit((wish, done))

    def _hand_over(self, told: tuple[_Wish, Future[Any]]) -> None:
        wish, done = told
        newest = self._newest.get(wish.kind)
        if newest is None or wish.number < self._first or (newest != wish.number and not wish.even_late):
            return
        if newest == wish.number:
            del self._newest[wish.kind]
        try:
            result = done.result()  # a bug in the computation comes out here, where the crash reporter sees it
        except StudioError as error:
            if wish.failed is None:
                raise
            wish.failed(error)
        else:
            if result is not _DROPPED:
                wish.take(result)
        self.answered.emit(wish.kind)
