"""The window's budgets, run by hand: frame times of the gallery while scrolling, alone and beside training; images/s of training in the
window and of the same job without it.

    python tests/benchmarks/bench_window.py --folder FOLDER --rows 100000

The folder's files are linked until there are as many as `--rows`, and indexed as a real project. A frame is one step of scrolling every
16 ms: "work" is how long the step blocks the window, "gap" the time from one frame to the next (16 ms when nothing is late).
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.events import StepsFinished, from_json
from iic_studio.gui.app import favour_the_window, make_application
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.session import Sort
from iic_studio.gui.theme import apply
from iic_studio.gui.workspace import TABS

FRAME_MS = 16


def link_files(source: Path, target: Path, rows: int) -> None:
    """Fill `target` with links to the pictures of `source`."""
    files = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
    for number, path in enumerate(itertools.islice(itertools.cycle(files), rows)):
        place = target / f"{number // 5000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        copy = place / f"{number:06d}{path.suffix}"
        try:
            os.link(path, copy)
        except OSError:  # another file system
            shutil.copyfile(path, copy)


def wait_for(true: Callable[[], bool], seconds: float) -> None:
    """Let the window live until something holds."""
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if true() else None)
    timer.start(50)
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def scroll(window: MainWindow, seconds: float, pixels: int) -> tuple[np.ndarray, np.ndarray]:
    """Work and gap of each frame in ms while the gallery scrolls down, and up again at the end."""
    grid = window.workspace.gallery.grid
    bar = grid.verticalScrollBar()
    work: list[float] = []
    gaps: list[float] = []
    last = [time.perf_counter()]
    way = [pixels]

    def frame() -> None:
        started = time.perf_counter()
        gaps.append(1000 * (started - last[0]))
        last[0] = started
        if not 0 < bar.value() + way[0] < bar.maximum():
            way[0] = -way[0]
        bar.setValue(bar.value() + way[0])
        grid.viewport().repaint()
        work.append(1000 * (time.perf_counter() - started))

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(frame)
    timer.start(FRAME_MS)
    wait_for(lambda: False, seconds)
    timer.stop()
    return np.array(work[5:]), np.array(gaps[5:])


def tell(name: str, measured: tuple[np.ndarray, np.ndarray]) -> None:
    """One line of frame times."""
    work, gap = measured
    parts = [
        f"{what} p50 {np.percentile(one, 50):5.1f}  p99 {np.percentile(one, 99):5.1f}  max {one.max():5.1f} ms"
        for what, one in (("work", work), ("gap", gap))
    ]
    print(f"{name:<44} {'   '.join(parts)}   ({len(work)} frames)")


def tell_pairs(name: str, delays: list[float]) -> None:
    """One line of delays."""
    print(f"24 pairs drawn anew, {name}: median {np.median(delays):.0f} ms, longest {max(delays):.0f} ms")


def median_speed(speeds: list[float]) -> float:
    """Median images/s without the first of warming up."""
    return float(np.median(speeds[len(speeds) // 4 :])) if speeds else 0.0


def train_in_terminal(project_path: Path, settings: TrainSettings) -> float:
    """Images/s of the same job in a process of its own: in this one, OpenMP would keep threads that slow down every later training."""
    options = ["--clusters", str(settings.clusters), "--minutes", str(settings.minutes), "--device", settings.device, "--json"]
    command = [sys.executable, "-m", "iic_studio", "train", str(project_path), *options]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return median_speed([event.images_per_s for event in map(from_json, lines) if isinstance(event, StepsFinished)])


def train_in_window(window: MainWindow, settings: TrainSettings, meanwhile: Callable[[], None]) -> tuple[float, float]:
    """Images/s of training in the window while something else is done with it, and the share of a core that the window itself took."""
    speeds: list[float] = []
    note = lambda event: speeds.append(event.images_per_s) if isinstance(event, StepsFinished) else None  # noqa: E731
    window.runner.told.connect(note)
    window.runner.train(settings)
    wait_for(lambda: len(speeds) > 3, 300)
    work, began = time.thread_time(), time.perf_counter()
    meanwhile()
    wait_for(lambda: window.runner.state is State.IDLE, 300)
    share = (time.thread_time() - work) / (time.perf_counter() - began)
    window.runner.told.disconnect(note)
    return median_speed(speeds), share


def pairs_delay(window: MainWindow, draws: int = 12) -> list[float]:
    """Milliseconds from the wish for other pairs to their picture."""
    page = window.workspace.pairs
    window.workspace.show_tab(TABS.index("Pairs"))
    wait_for(lambda: page.grid.count > 0 and not page.side_thread.is_busy, 30)
    delays = []
    for _ in range(draws):
        loop = QEventLoop()
        page.side_thread.answered.connect(loop.quit)
        QTimer.singleShot(5000, loop.quit)
        began = time.perf_counter()
        page.draw_again()
        loop.exec()
        page.grid.repaint()
        delays.append(1000 * (time.perf_counter() - began))
        page.side_thread.answered.disconnect(loop.quit)
        wait_for(lambda: True, 0.1)
    return sorted(delays)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--minutes", type=float, default=0.3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["IIC_STUDIO_DATA_DIR"] = os.environ["IIC_STUDIO_CONFIG_DIR"] = place
        pictures, fewer = Path(place) / "pictures", Path(place) / "fewer"
        link_files(options.folder, pictures, options.rows)
        link_files(options.folder, fewer, min(options.rows, 10_000))
        make_application()
        apply(False)
        window = MainWindow(jobs, Preferences(Path(place) / "bench.ini"))
        window.resize(1280, 800)
        window.show()
        favour_the_window()
        if options.seconds > 0:
            measure(window, pictures, options)
        compare_speed(window, fewer, options)
        window.close()
        wait_for(lambda: not window.isVisible(), 30)
    sys.stdout.flush()


def measure(window: MainWindow, pictures: Path, options: argparse.Namespace) -> None:
    """All lines."""
    started = time.perf_counter()
    window.open(pictures)
    wait_for(lambda: len(window.session.shown_rows) > 0, 60)
    print(f"first pictures in the gallery after {time.perf_counter() - started:.2f} s")
    tell("scrolling while indexing", scroll(window, options.seconds, 90))
    wait_for(lambda: window.runner.state is State.IDLE and not window.session.is_reading, 600)
    print(f"{len(window.session.shown_rows):,} rows indexed after {time.perf_counter() - started:.1f} s")
    window.session.sort_by(Sort.NAME)
    grid = window.workspace.gallery.grid
    for side in (112, 48):
        grid.set_cell_side(side)
        tell(f"idle, cells of {side} px, 90 px a frame", scroll(window, options.seconds, 90))
    tell("idle, cells of 48 px, 3000 px a frame", scroll(window, options.seconds, 3000))
    grid.set_cell_side(112)
    settings = TrainSettings(clusters=10, minutes=options.minutes, device="cpu")
    train_in_window(
        window, settings, lambda: tell("beside training, cells of 112 px", scroll(window, min(options.seconds, 40 * options.minutes), 90))
    )


def compare_speed(window: MainWindow, pictures: Path, options: argparse.Namespace) -> None:
    """Images/s in the window over those of the same job without a window, taken in turn, because others use the machine too."""
    window.open(pictures)
    wait_for(lambda: window.runner.state is State.IDLE and not window.session.is_reading, 600)
    settings = TrainSettings(clusters=10, minutes=options.minutes, device="cpu")
    project = window.session.project
    path = project.path if project else Path()
    plain: list[float] = []
    busy: dict[str, list[float]] = {}
    windowed: dict[str, list[float]] = {"gallery": [], "curves": [], "joint": [], "pairs": []}
    for _ in range(options.rounds):
        window.runner.close_project()
        plain.append(train_in_terminal(path, settings))
        window.open(path)
        wait_for(lambda: window.runner.state is State.IDLE and not window.session.is_reading, 600)
        for name in windowed:
            window.workspace.show_tab(TABS.index(name.capitalize()))
            speed, share = train_in_window(window, settings, lambda: None)
            windowed[name].append(speed)
            busy.setdefault(name, []).append(share)
    print(f"the same job in the terminal: {', '.join(f'{one:,.0f}' for one in plain)} images/s")
    for name, speeds in windowed.items():
        ratio = np.median([one / other for one, other in zip(speeds, plain, strict=True)])
        told = f"{', '.join(f'{one:,.0f}' for one in speeds)} images/s, median {100 * ratio:.0f} % of the terminal"
        print(f"window showing {name:<8} {told}; the window's own thread worked {100 * np.median(busy[name]):.1f} % of the time")
    tell_pairs("idle", pairs_delay(window))
    delays: list[float] = []
    train_in_window(window, settings, lambda: delays.extend(pairs_delay(window)))
    tell_pairs("beside training", delays)


if __name__ == "__main__":
    main()
