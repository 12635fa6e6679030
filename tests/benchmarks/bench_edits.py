"""How long edits take in a project of 200,000 images, run by hand: moving and excluding 10,000, merging, naming, undoing and redoing each.

    python tests/benchmarks/bench_edits.py [--images 200000] [--moved 10000] [--clusters 10] [--repeats 5] [--no-window]

Three ways in the same run. "store": the edit is made, committed, and the groups are up to date in memory. "window": the same through the
real window with the gallery shown, until list and gallery are painted. "row by row": what one would write first, a transaction for each
image in the same database and a Python loop over the images to group them again; it keeps no log. The project is made up; no picture is
decoded. CPU time stands beside the time on the clock: on a machine that does other things it is the one to compare.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from iic_studio.curation import Curator, edits
from iic_studio.project.records import OK, ImageRow
from iic_studio.project.store import Project
from tests.curation.conftest import make_project

Timed = dict[str, list[tuple[float, float]]]


def measure(name: str, act: Callable[[], object], into: Timed) -> None:
    """Note how many milliseconds it took, on the clock and of CPU."""
    clock, cpu = time.perf_counter(), time.process_time()
    act()
    into.setdefault(name, []).append((1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)))


def tell(title: str, timed: Timed, beside: Timed | None = None) -> None:
    """A line for each kind of edit: median and worst, and how much longer the alternative takes."""
    print(f"\n{title}")
    for name, values in timed.items():
        clock, cpu = np.median(values, axis=0)
        line = f"  {name:<22} clock {clock:7.1f} ms (worst {max(values)[0]:6.1f})   CPU {cpu:6.1f} ms"
        if beside is not None and name in beside:
            other_clock, other_cpu = np.median(beside[name], axis=0)
            line += f"   row by row: clock {other_clock:6.0f} ms ({other_clock / clock:.0f} x), CPU {other_cpu:6.0f} ms"
        print(line)


def cycle(name: str, act: Callable[[], object], undo: Callable[[], object], redo: Callable[[], object], into: Timed) -> None:
    """An edit, its undo, its redo, and back to where it began."""
    measure(name, act, into)
    measure(f"{name}, undo", undo, into)
    measure(f"{name}, redo", redo, into)
    undo()


def in_the_store(project: Project, images: np.ndarray, repeats: int) -> Timed:
    """Through the library."""
    curator, timed = Curator.of(project), Timed()
    curator.apply(edits.rename(curator.curated, 0, "first"))  # the first edit writes down the groups
    for turn in range(repeats):
        kinds = {
            f"move {len(images):,}": lambda turn=turn: edits.move(curator.curated, images, 1 + turn % 3),
            f"exclude {len(images):,}": lambda: edits.exclude(curator.curated, images),
            "merge 3": lambda: edits.merge(curator.curated, [1, 2, 4]),
            "name": lambda turn=turn: edits.rename(curator.curated, 2, f"name {turn}"),
        }
        for name, make in kinds.items():
            cycle(name, lambda make=make: curator.apply(make()), curator.undo, curator.redo, timed)
    return timed


def row_by_row(project: Project, images: np.ndarray, repeats: int) -> Timed:
    """The same effect in the plainest way: a transaction for each image, and a dictionary of groups made anew in Python."""
    curator, timed = Curator.of(project), Timed()
    ids, home = curator.curated.image_ids.tolist(), curator.curated.home.tolist()

    def regroup() -> dict[int, list[int]]:
        with project.reading() as connection:
            pins = dict(connection.execute("SELECT image, group_uid FROM pins").fetchall())
        groups: dict[int, list[int]] = {}
        for image, cluster in zip(ids, home, strict=True):
            groups.setdefault(pins.get(image, cluster), []).append(image)
        return groups

    def move(uid: int) -> None:
        for image in images.tolist():
            with project.writing() as connection:
                connection.execute("INSERT OR REPLACE INTO pins VALUES (?, ?, 0, 0, 0)", (image, uid))
        regroup()

    def back() -> None:
        for image in images.tolist():
            with project.writing() as connection:
                connection.execute("DELETE FROM pins WHERE image = ?", (image,))
        regroup()

    for turn in range(repeats):
        name = f"move {len(images):,}"
        measure(name, lambda turn=turn: move(1 + turn % 3), timed)
        measure(f"{name}, undo", back, timed)
        measure(f"{name}, redo", lambda turn=turn: move(1 + turn % 3), timed)
        back()
    return timed


def in_the_window(project: Project, images: np.ndarray, repeats: int) -> Timed:
    """Through the real window."""
    from PySide6.QtCore import QEventLoop, QTimer

    from iic_studio import jobs
    from iic_studio.gui.app import make_application
    from iic_studio.gui.main_window import MainWindow
    from iic_studio.gui.preferences import Preferences
    from iic_studio.gui.session import Shown
    from iic_studio.gui.theme import apply

    application = make_application()
    apply(False)
    window = MainWindow(jobs, Preferences(project.path.parent / "bench.ini"))
    window.resize(1280, 800)
    window.show()
    session, timed = window.session, Timed()
    session.open(project)
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if session.num_clusters and not session.is_reading else None)
    timer.start(20)
    loop.exec()
    timer.stop()
    session.show(Shown("all"))

    def seen(act: Callable[[], object]) -> None:
        act()
        window.workspace.gallery.grid.viewport().repaint()
        window.workspace.clusters.view.viewport().repaint()

    log = session.corrections
    for turn in range(repeats):
        kinds = {
            f"move {len(images):,}": lambda turn=turn: edits.move(session.curated, images, 1 + turn % 3),
            f"exclude {len(images):,}": lambda: edits.exclude(session.curated, images),
            "merge 3": lambda: edits.merge(session.curated, [1, 2, 4]),
            "name": lambda turn=turn: edits.rename(session.curated, 2, f"name {turn}"),
        }
        for name, make in kinds.items():
            cycle(name, lambda make=make: seen(lambda: log.do(make())), lambda: seen(log.undo), lambda: seen(log.redo), timed)
    window.close()
    del application
    return timed


def main() -> None:
    """Make the project, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--images", type=int, default=200_000)
    parser.add_argument("--moved", type=int, default=10_000)
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-window", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, make_project(Path(place), asked.images, asked.clusters) as project:
        project.record_decoded([ImageRow(row.id, row.path, 1, 1, b"", 64, 48, OK) for row in project.images()])
        images = np.sort(np.random.default_rng(0).choice(asked.images, asked.moved, replace=False)) + 1
        print(f"{asked.images:,} images in {asked.clusters} clusters, load average {os.getloadavg()[0]:.1f}")
        beside = row_by_row(project, images, 2)
        tell("store", in_the_store(project, images, asked.repeats), beside)
        if not asked.no_window:
            tell("window, with list and gallery painted", in_the_window(project, images, asked.repeats), beside)


if __name__ == "__main__":
    main()
