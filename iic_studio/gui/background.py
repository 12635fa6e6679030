"""Work beside the window of which only the newest wish counts: pairs drawn anew while a slider moves, a merge tree, the curves of old runs.

One thread, and one wish waiting at most: a new one takes the place of the one that has not begun. What was computed comes back on the GUI
thread, in order. Whoever owns one calls `stop` before the files it reads go away.
"""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from iic_studio.errors import StudioError
from iic_studio.gui.threads import Threads

Work = Callable[[], object]


class Background(QObject):
    """The thread. `done` carries what a wish returned, `failed` the mistake it ended with."""

    done = Signal(object)
    failed = Signal(object)  # StudioError
    _made = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads = Threads("iic-background", 1)
        self._lock = threading.Lock()
        self._wish: Work | None = None
        self._busy = False
        self._epoch = 0
        self._made.connect(self._hand_out)

    def ask(self, work: Work) -> None:
        """Do this soon, in the thread, instead of what waits."""
        with self._lock:
            self._wish = work
            if self._busy:
                return
            self._busy = True
        self._threads.start(self.work)

    @property
    def is_busy(self) -> bool:
        """Whether something is done or waits."""
        with self._lock:
            return self._busy

    def stop(self) -> None:
        """Drop what waits and what is not yet handed out; wait for what is under way."""
        with self._lock:
            self._wish = None
            self._epoch += 1
        self._threads.close()

    def work(self) -> None:
        """Runs in the thread."""
        while True:
            with self._lock:
                work, self._wish = self._wish, None
                self._busy = work is not None
                epoch = self._epoch
            if work is None:
                return
            try:
                result = work()
            except StudioError as error:
                result = error
            except BaseException:
                with self._lock:
                    self._busy = False
                raise
            self._made.emit((epoch, result))

    def _hand_out(self, made: tuple[int, object]) -> None:
        epoch, result = made
        if epoch != self._epoch:
            return
        if isinstance(result, StudioError):
            self.failed.emit(result)
        else:
            self.done.emit(result)
