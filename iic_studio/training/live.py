"""Talking to a running trainer from another thread: a latest-wins slot for chart data, and the wish to stop and keep.

Pausing needs nothing here: a trainer is a generator, and one that is not advanced stands still. Closing it cancels.
"""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class LatestSlot(Generic[T]):
    """Holds the newest value only. The writer never waits; a reader that is slow misses the values between."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: T | None = None

    def put(self, value: T) -> None:
        """Replace the value."""
        with self._lock:
            self._value = value

    def take(self) -> T | None:
        """The newest value not yet taken, or None."""
        with self._lock:
            value, self._value = self._value, None
            return value


class Control:
    """The wish that a training run ends now as if its budget were spent: checkpoint, final assignments, result kept."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def stop_and_keep(self) -> None:
        """Ask for the end; the run ends after the step under way."""
        self._stop.set()

    @property
    def stop_requested(self) -> bool:
        return self._stop.is_set()
