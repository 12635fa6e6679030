"""Reads the open project beside the window: one thread, and at most as often as it takes, so 200,000 images refresh while training goes on.

What was asked for while another project was open is dropped. Mistakes of reading come back as `StudioError`.
"""

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from iic_studio.errors import StudioError
from iic_studio.gui.language import tr
from iic_studio.gui.threads import step_back
from iic_studio.project.store import Project

REFRESH_EVERY_MS = 300
Work = Callable[[Project], Any]
Taker = Callable[[Any], object]


def as_studio_error(error: Exception) -> StudioError:
    """An error in words a person can act on."""
    if isinstance(error, StudioError):
        return error
    return StudioError(tr("The project cannot be read: {0}.", error), tr("Open it again to try once more."))


class ProjectReader(QObject):
    """The thread and its pace.

    Args:
        plan: called on the GUI thread with whether the images changed; returns what to read now.
        take: gets what was read, on the GUI thread.
    """

    failed = Signal(object)  # StudioError
    opened = Signal()  # what was read first of a project was handed over, or could not be read
    _answered = Signal(object)

    def __init__(self, plan: Callable[[bool], Work], take: Taker, parent: QObject) -> None:
        super().__init__(parent)
        self._plan, self._take = plan, take
        self._project: Project | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._pending: Future[None] | None = None
        self._stale = self._stale_images = self._is_first = False
        self._cost_s = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.read_now)
        self._answered.connect(self._hand_over)

    @property
    def is_busy(self) -> bool:
        """Whether the project is being read again, or will be soon."""
        return self._stale or self._pending is not None

    def open(self, project: Project) -> None:
        """Read another project, with its images."""
        self.close()
        self._project, self._is_first = project, True
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="iic-session", initializer=step_back)
        self.refresh(images=True)

    def close(self) -> None:
        """Let go of the project; waits for what is being read."""
        self._timer.stop()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
        self._project = self._thread = self._pending = None
        self._stale = self._stale_images = False
        self._cost_s = 0.0

    def refresh(self, *, images: bool = False) -> None:
        """Read the project again soon."""
        self._stale = True
        self._stale_images |= images
        if not self._timer.isActive() and self._pending is None:
            self._timer.start(0 if not self._cost_s else max(REFRESH_EVERY_MS, round(3000 * self._cost_s)))

    def read_now(self) -> None:
        """Read again without waiting for the timer, unless that is under way."""
        self._timer.stop()
        if self._thread is None or self._project is None or self._pending is not None:
            return
        images, self._stale, self._stale_images = self._stale_images, False, False
        self._pending = self._thread.submit(self._work, self._project, self._plan(images), self._taken)

    def ask(self, work: Work, then: Taker) -> None:
        """Read something else and hand it on, unless another project is open by then."""
        if self._thread is not None and self._project is not None:
            self._thread.submit(self._work, self._project, work, lambda found, _: then(found))

    def _work(self, project: Project, work: Work, then: Callable[[Any, float], object]) -> None:
        """Runs in the thread."""
        started = time.perf_counter()
        try:
            found = work(project)
        except (StudioError, sqlite3.Error, OSError) as error:
            found = as_studio_error(error)
        self._answered.emit((project, then, found, time.perf_counter() - started))

    def _hand_over(self, answer: tuple[Project, Callable[[Any, float], object], Any, float]) -> None:
        project, then, found, cost_s = answer
        if project is not self._project:
            return
        is_state = then == self._taken
        if is_state:
            self._pending = None
        if isinstance(found, StudioError):
            self.failed.emit(found)
        else:
            then(found, cost_s)
        if is_state and self._is_first:
            self._is_first = False
            self.opened.emit()

    def _taken(self, found: Any, cost_s: float) -> None:
        self._cost_s = max(cost_s, 1e-3)
        self._take(found)
        if self._stale:
            self.refresh()
