"""A job in a background thread: runs the generator, hands its events to the window, obeys pause and close.

The thread knows no widget. Events that replace one another (`StepsFinished`, `ProgressMade`) are passed on at most four times a second,
the newest wins: what is shown of them takes the interpreter from the thread that trains. Every other event is passed on at once, after
whatever was held back. Pausing is not advancing the generator; closing closes the generator in its own thread, where a trainer saves its
checkpoint.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QThread, Signal

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, StepsFinished
from iic_studio.gui.threads import JOB, step_back

log = logging.getLogger(__name__)

Factory = Callable[[], Iterator[Event]]
MIN_GAP_S = 0.25
_COALESCED = (StepsFinished, ProgressMade)


class JobThread(QThread):
    """Runs one job. `told` carries each event; `done` the last one, or None when the job was closed or broke down."""

    told = Signal(object)
    done = Signal(object)

    def __init__(self, factory: Factory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._factory = factory
        self._go = threading.Event()
        self._go.set()
        self._closing = False
        self._held: dict[type[Event], Event] = {}
        self._sent_at: dict[type[Event], float] = {}

    def pause(self) -> None:
        """Stand still after the step under way."""
        self._go.clear()

    def resume(self) -> None:
        """Go on."""
        self._go.set()

    @property
    def is_paused(self) -> bool:
        return not self._go.is_set()

    def close(self) -> None:
        """Ask the job to end after the step under way, without a result; returns at once."""
        self._closing = True
        self._go.set()

    def run(self) -> None:
        """The thread's body."""
        last: Event | None = None
        step_back(JOB)
        try:
            last = self._consume(self._factory())
        except StudioError as error:  # before the job's own frame was up
            last = RunFailed(run="", job="", message=error.message, hint=error.hint)
            self.told.emit(last)
        finally:  # a bug goes on to threading.excepthook; the window is told in any case
            self.done.emit(last)

    def _consume(self, events: Iterator[Event]) -> Event | None:
        try:
            for event in events:
                self._pass_on(event)
                if isinstance(event, RunFinished | RunFailed):
                    return event
                self._go.wait()
                if self._closing:
                    return None
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()
            self._flush()
        return None

    def _pass_on(self, event: Event) -> None:
        kind = type(event)
        if isinstance(event, _COALESCED):
            now = time.monotonic()
            if now - self._sent_at.get(kind, -1.0) < MIN_GAP_S:
                self._held[kind] = event
                return
            self._held.pop(kind, None)
            self._sent_at[kind] = now
        else:
            self._flush()
        self.told.emit(event)

    def _flush(self) -> None:
        for event in self._held.values():
            self.told.emit(event)
        self._held.clear()
