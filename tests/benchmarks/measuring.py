"""Clocks and the one table of the window's benchmark.

A frame is measured from the wish (scroll, drag, resize) until everything that waits for the window's thread is done: layout, painting,
pictures that arrived, what a job tells. It is late when that takes longer than its budget; "gap" is the time from one frame to the next.
"""

import os
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

FRAME_MS = 16
Act = Callable[[], object]
_alarm = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)  # one for all: timers by the thousand are not what is measured


Time = tuple[float, float]
"""Milliseconds on the clock, and those of them that the thread was computing: where others use the machine, the second compares."""


@dataclass
class Row:
    """A line of the table: times in ms (or one number in `unit`), the most that is allowed, and what stands beside."""

    name: str
    values: list[float]
    budget: float | None = None
    unit: str = "ms"
    beside: str = ""
    least: bool = False  # the budget is the least that is allowed
    computing: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return float(np.median(self.values))

    @property
    def p99(self) -> float:
        return _p99(self.values, least=self.least)

    def line(self) -> str:
        """As Markdown."""
        if self.budget is None:
            limit = met = ""
        else:
            limit = f"{'≥' if self.least else '≤'} {self.budget:,g} {self.unit}"
            is_met = self.p99 >= self.budget if self.least else self.p99 <= self.budget
            met = "met" if is_met else "**not met**"
            if not is_met and self.computing and _p99(self.computing) <= self.budget:
                met = "not met by the clock, met by computing"
        median, p99 = (f"{one:,.1f} {self.unit}" if self.unit == "ms" else f"{one:,.2f} {self.unit}" for one in (self.median, self.p99))
        computing = f"{np.median(self.computing):,.1f}, {_p99(self.computing):,.1f} ms" if self.computing else ""
        return f"| {self.name} | {median} | {p99} | {computing} | {limit} | {met} | {len(self.values):,} | {self.beside} |"


def _p99(values: list[float], *, least: bool = False) -> float:
    """The 99th percentile, or the first; of fewer than a hundred the worst."""
    return float(np.percentile(values, 1 if least else 99, method="lower" if least else "higher"))


@dataclass
class Table:
    """All lines of a run."""

    rows: list[Row] = field(default_factory=list)

    def add(self, name: str, values: Sequence[float | Time], budget: float | None = None, **more: object) -> Row:
        """Add a line and show it at once."""
        both = [one if isinstance(one, tuple) else (one, None) for one in values]
        computing = [one for _, one in both if one is not None]
        self.rows.append(Row(name, [one for one, _ in both], budget, computing=computing, **more))  # type: ignore[arg-type]
        print(self.rows[-1].line(), flush=True)
        return self.rows[-1]

    def print_whole(self, images: int) -> None:
        """Machine, commit and all lines."""
        import PySide6

        ask = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
        commit = subprocess.run(ask, capture_output=True, text=True, check=False)
        print(
            f"\n{images:,} images; {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python "
            f"{platform.python_version()}, Qt {PySide6.__version__}, commit {commit.stdout.strip()}, {time.strftime('%Y-%m-%d %H:%M')}\n"
        )
        print("| what | median | p99, or worst of fewer than 100 | both, computing | budget | | n | beside it |")
        print(8 * "|---" + "|")
        print("\n".join(row.line() for row in self.rows))


def settle() -> None:
    """Do all that waits for the window's thread by now."""
    QCoreApplication.processEvents()


def wait_for(true: Callable[[], bool], seconds: float, every_ms: int = 5) -> bool:
    """Let the window live until something holds; whether it did in time."""
    until, pause = time.perf_counter() + seconds, QEventLoop()
    _alarm.timeout.connect(pause.quit)
    try:
        while not (holds := true()) and time.perf_counter() < until:
            _alarm.start(every_ms)
            pause.exec()
    finally:
        _alarm.timeout.disconnect(pause.quit)
    return holds


def live(seconds: float) -> None:
    """Let the window live for a while."""
    wait_for(lambda: False, seconds)


def timed(act: Act) -> Time:
    """Milliseconds from a wish until all of it is done and painted."""
    started, computing = time.perf_counter(), time.thread_time()
    act()
    settle()
    return 1000 * (time.perf_counter() - started), 1000 * (time.thread_time() - computing)


def actions(act: Act, rounds: int, between: Act | None = None) -> list[Time]:
    """The same, several times, with something else done in between."""
    times = []
    for _ in range(rounds):
        if between is not None:
            between()
            live(0.02)
        times.append(timed(act))
    return times


def frames(step: Callable[[int], object], seconds: float) -> tuple[list[Time], list[float]]:
    """Work and gap of every frame in ms, a step of something every 16 ms."""
    work: list[Time] = []
    gaps: list[float] = []
    before, until, loop = time.perf_counter(), time.perf_counter() + seconds, QEventLoop()
    _alarm.timeout.connect(loop.quit)
    while (started := time.perf_counter()) < until:
        gaps.append(1000 * (started - before))
        before = started
        work.append(timed(lambda: step(len(work))))
        rest = round(FRAME_MS - 1000 * (time.perf_counter() - started))
        if rest > 0:
            _alarm.start(rest)
            loop.exec()
    _alarm.timeout.disconnect(loop.quit)
    return work[3:], gaps[3:]


def longest_block(act: Act, done: Callable[[], bool], seconds: float) -> tuple[float, float]:
    """Milliseconds until something is done, and the longest that the window did not answer meanwhile."""
    longest, last, timer = [0.0], [time.perf_counter()], QTimer()

    def tick() -> None:
        now = time.perf_counter()
        longest[0], last[0] = max(longest[0], now - last[0]), now

    timer.timeout.connect(tick)
    timer.start(1)
    started = time.perf_counter()
    act()
    wait_for(done, seconds, every_ms=5)
    took = time.perf_counter() - started
    tick()
    timer.stop()
    return 1000 * took, 1000 * longest[0]
