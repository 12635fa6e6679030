"""Talking to a running trainer from another thread: a latest-wins slot for chart data, the wish to stop and keep, and for its network.

Pausing needs nothing here: a trainer is a generator, and one that is not advanced stands still. Closing it cancels.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from torch import Tensor

from iic_studio.config import TrainSettings

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


@dataclass(frozen=True)
class LiveWeights:
    """The network of a run under way, as it was after a step.

    Attributes:
        step: optimiser steps it had taken.
        settings: planned settings of the run.
        channels: of its images.
        tensors: copies of all weights and statistics, on the CPU.
    """

    step: int
    settings: TrainSettings
    channels: int
    tensors: dict[str, Tensor]


class Control:
    """The wish that a training run ends now as if its budget were spent: checkpoint, final assignments, result kept. And the wish for a
    copy of its network, which is made between two steps and only when somebody asked."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._wants_weights = threading.Event()
        self._weights: LatestSlot[LiveWeights] = LatestSlot()

    def ask_for_weights(self) -> None:
        """Ask for the network as it is; `take_weights` has it some steps later."""
        self._wants_weights.set()

    def answer(self, weights: Callable[[], LiveWeights]) -> None:
        """The trainer's part: give a copy of the network if somebody asked for one."""
        if self._wants_weights.is_set():
            self._wants_weights.clear()
            self._weights.put(weights())

    def take_weights(self) -> LiveWeights | None:
        """The network asked for, or None."""
        return self._weights.take()

    def stop_and_keep(self) -> None:
        """Ask for the end; the run ends after the step under way."""
        self._stop.set()

    @property
    def stop_requested(self) -> bool:
        return self._stop.is_set()
