"""Training in the window: frames meanwhile, and images/s beside the same job of the command line, in turn. Needs all cores."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from driving import Driver
from made_project import make_in_child
from measuring import Table, wait_for

from iic_studio.config import TrainSettings
from iic_studio.events import StepsFinished, from_json
from iic_studio.gui.runner import State

SHARE = 95.0


def settings(minutes: float) -> TrainSettings:
    """What the budget fixes: nothing but the time and the number of clusters."""
    return TrainSettings(clusters=10, minutes=minutes, device="cpu")


def train_in_window(driver: Driver, minutes: float, meanwhile: Callable[[], object]) -> float:
    """Images/s of a training in the window while something else is done with it."""
    speeds: list[float] = []
    note = lambda event: speeds.append(event.images_per_s) if isinstance(event, StepsFinished) else None  # noqa: E731
    runner = driver.window.runner
    runner.told.connect(note)
    runner.train(settings(minutes))
    wait_for(lambda: len(speeds) > 3, 120)
    meanwhile()
    wait_for(lambda: runner.state is State.IDLE, 300)
    runner.told.disconnect(note)
    return median_speed(speeds)


def frames_beside_training(driver: Driver, measure: Callable[[], object]) -> None:
    """Measure something while it trains on all images of the project, then end the training."""
    train_in_window(driver, 60, lambda: (measure(), driver.window.runner.close_job()))


def train_in_terminal(project: Path, minutes: float) -> float:
    """Images/s of the same job in a process of its own: in this one OpenMP would keep threads that slow down every later training."""
    asked = settings(minutes)
    options = ["--clusters", str(asked.clusters), "--minutes", str(minutes), "--device", "cpu", "--json"]
    command = [sys.executable, "-m", "iic_studio", "train", str(project), *options]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return median_speed([event.images_per_s for event in map(from_json, lines) if isinstance(event, StepsFinished)])


def median_speed(speeds: list[float]) -> float:
    """Median images/s without the first of warming up."""
    return float(np.median(speeds[len(speeds) // 4 :])) if speeds else 0.0


def compare(table: Table, driver: Driver, place: Path, asked: argparse.Namespace) -> None:
    """The share of the terminal's speed that is left in the window, on fewer images."""
    fewer = place / "fewer"
    home = fewer / "bench.iicproj" if fewer.exists() else make_in_child(fewer, 10_000)
    pages = ("Gallery", "Curves")
    shares: dict[str, list[float]] = {name: [] for name in pages}
    plain = []
    for turn in range(asked.rounds):
        driver.window.runner.close_project()
        plain.append(train_in_terminal(home, asked.minutes))
        driver.window.open(home)
        driver.wait_until_idle()
        name = pages[turn % len(pages)]
        driver.show(name)
        shares[name].append(100 * train_in_window(driver, asked.minutes, lambda: None) / plain[-1])
    told = f"command line {', '.join(f'{one:,.0f}' for one in plain)} images/s"
    for name, values in shares.items():
        if values:
            table.add(f"images/s in the window, {name} in front, of the command line's", values, SHARE, unit="%", beside=told, least=True)
