"""Training in the window: frames meanwhile, and speed beside the same job without a window, in turn. Images/s need all cores.

    python tests/benchmarks/training_speed.py PROJECT MINUTES

trains without a window and prints what `Cost` holds. Where others use the machine, that compares and the clock does not.
"""

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.events import Event, StepsFinished, from_json
from iic_studio.project.store import Project

SHARE = 95.0
WARM_UP = 0.25


@dataclass(frozen=True)
class Cost:
    """What a step took the thread that trains.

    Attributes:
        computing_ms: of its time.
        clock_ms: on the clock.
        faults: pages that the kernel had to find for it.
        window_share: percent of the time that the window's thread was computing.
    """

    computing_ms: float
    clock_ms: float
    faults: float
    window_share: float


class Meter:
    """The jobs, with a meter in the thread that trains. Steps are counted after a quarter of them, when all is warm."""

    def __init__(self) -> None:
        self._marks: list[tuple[float, ...]] = []
        self._clock = time.pthread_getcpuclockid(threading.main_thread().ident or 0)

    def __getattr__(self, name: str) -> Any:
        return getattr(jobs, name)

    def train(self, *given: Any, **more: Any) -> Iterator[Event]:
        """The job."""
        self._marks = []
        events = jobs.train(*given, **more)
        try:
            for event in events:
                if isinstance(event, StepsFinished):
                    faults = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
                    now = time.perf_counter(), time.clock_gettime(self._clock)
                    self._marks.append((event.step, time.thread_time(), faults, *now))
                yield event
        finally:
            events.close()  # type: ignore[attr-defined] # a generator

    def cost(self) -> Cost:
        """Of the training that ended last."""
        last = self._marks[-1]
        first = next(one for one in self._marks if one[0] >= WARM_UP * last[0])
        steps, computing, faults, clock, window = (end - begin for begin, end in zip(first, last, strict=True))
        return Cost(1000 * computing / steps, 1000 * clock / steps, faults / steps, 100 * window / clock)


def settings(minutes: float) -> TrainSettings:
    """What the budget fixes: nothing but the time and the number of clusters."""
    return TrainSettings(clusters=10, minutes=minutes, device="cpu")


def train_in_window(driver: Any, minutes: float, meanwhile: Callable[[], object]) -> float:
    """Images/s of a training in the window while something else is done with it."""
    from measuring import wait_for

    from iic_studio.gui.runner import State

    speeds: list[float] = []
    note = lambda event: speeds.append(event.images_per_s) if isinstance(event, StepsFinished) else None  # noqa: E731
    runner = driver.window.runner
    runner.told.connect(note)
    runner.train(settings(minutes))
    wait_for(lambda: len(speeds) > 3, 120, every_ms=200)
    meanwhile()
    wait_for(lambda: runner.state is State.IDLE, 300, every_ms=200)  # whoever asks more often takes the interpreter from the training
    runner.told.disconnect(note)
    return median_speed(speeds)


def frames_beside_training(driver: Any, measure: Callable[[], object]) -> None:
    """Measure something while it trains on all images of the project, then end the training."""
    train_in_window(driver, 60, lambda: (measure(), driver.window.runner.close_job()))


def train_in_terminal(project: Path, minutes: float) -> float:
    """Images/s of the same job in a process of its own: in this one OpenMP would keep threads that slow down every later training."""
    asked = settings(minutes)
    options = ["--clusters", str(asked.clusters), "--minutes", str(minutes), "--device", "cpu", "--json"]
    command = [sys.executable, "-m", "iic_studio", "train", str(project), *options]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return median_speed([event.images_per_s for event in map(from_json, lines) if isinstance(event, StepsFinished)])


def cost_alone(project: Path, minutes: float) -> Cost:
    """What a step costs in a process without a window."""
    done = subprocess.run([sys.executable, __file__, str(project), str(minutes)], check=True, capture_output=True, text=True)
    return Cost(**json.loads(done.stdout))


def median_speed(speeds: list[float]) -> float:
    """Median images/s without the first of warming up."""
    return float(np.median(speeds[int(WARM_UP * len(speeds)) :])) if speeds else 0.0


def compare(table: Any, driver: Any, place: Path, asked: argparse.Namespace) -> None:
    """The share of the terminal's speed that is left in the window, and what a step costs in both, on fewer images."""
    from made_project import make_in_child

    fewer = place / "fewer"
    home = fewer / "bench.iicproj" if fewer.exists() else make_in_child(fewer, 10_000)
    pages = ("Gallery", "Curves")
    shares: dict[str, list[float]] = {name: [] for name in pages}
    costs: dict[str, list[Cost]] = {name: [] for name in ("alone", *pages)}
    plain, meter = [], Meter()
    driver.window.runner.jobs = meter
    for turn in range(asked.rounds):
        driver.window.runner.close_project()
        plain.append(train_in_terminal(home, asked.minutes))
        costs["alone"].append(cost_alone(home, asked.minutes))
        driver.window.open(home)
        driver.wait_until_idle()
        name = pages[turn % len(pages)]
        driver.show(name)
        shares[name].append(100 * train_in_window(driver, asked.minutes, lambda: None) / plain[-1])
        costs[name].append(meter.cost())
    told = f"command line {', '.join(f'{one:,.0f}' for one in plain)} images/s"
    for name, values in shares.items():
        if values:
            table.add(f"images/s in the window, {name} in front, of the command line's", values, SHARE, unit="%", beside=told, least=True)
    for name, found in costs.items():
        if found:
            where = "without a window" if name == "alone" else f"in the window, {name} in front"
            share, faults = (float(np.median([getattr(one, what) for one in found])) for what in ("window_share", "faults"))
            told = f"{faults:.0f} page faults" + (
                f"; the window's thread computes for {share:.1f} % of the time" if name != "alone" else ""
            )
            table.add(f"a step of training, {where}", [(one.clock_ms, one.computing_ms) for one in found], beside=told)


def main() -> None:
    """Train without a window and tell the cost."""
    meter = Meter()
    with Project.open(Path(sys.argv[1])) as project:
        for _ in meter.train(project, settings(float(sys.argv[2]))):
            pass
    sys.stdout.write(json.dumps(asdict(meter.cost())))


if __name__ == "__main__":
    main()
