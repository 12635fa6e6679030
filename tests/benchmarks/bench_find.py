"""Searching, selecting and ordering in the real window, run by hand: a project of 200,000 rows, medians printed.

    python tests/benchmarks/bench_find.py --folder FOLDER --rows 200000

The folder's files are linked until there are as many as `--rows`. Their rows are written into the project without decoding them: what is
measured needs their facts only. A number is the time from the call until every view has followed and the gallery is painted.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from bench_window import link_files, wait_for

from iic_studio import jobs
from iic_studio.gui.app import favour_the_window, make_application
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import State
from iic_studio.gui.session import Shown, Sort
from iic_studio.gui.theme import apply
from iic_studio.images.cache import ImageCache
from iic_studio.images.scan import FoundFile, scan
from iic_studio.project.records import OK, PENDING, ImageRow
from iic_studio.project.store import Project
from iic_studio.query import matches, parse
from iic_studio.records import Assignments

SIDE, CLUSTERS, ROUNDS = 24, 10, 9
CAMERAS = ("NIKON D90", "Canon EOS 5D", "RECONYX HC600", "")
SEARCHES = (
    "00012",
    "0",
    "name:7.jpg",
    "folder:003",
    "-folder:003 0",
    "cluster:3",
    "cluster:1,3..5 confidence:<0.6",
    "date:2024-05..2024-06",
    "camera:nikon width:>1000 is:uncertain",
    "jpg -camera:canon cluster:2 confidence:0.3..0.9 date:2024 folder:01",
)


def make_project(place: Path, pictures: Path) -> Path:
    """A project whose rows are there, as if they had been read, with one run."""
    home, rng = place / "bench.iicproj", np.random.default_rng(0)
    with Project.create(home, pictures) as project:
        project.add_images((file.path, file.size, file.mtime_ns) for file in scan(pictures) if isinstance(file, FoundFile))
        rows = project.images(PENDING)
        total = len(rows)
        with ImageCache.open(project.cache, SIDE, total) as cache:
            ((offset, length),) = cache.append_thumbs([next(pictures.rglob("*.*g")).read_bytes()])
        project.set_meta("cache_side", str(SIDE))
        sides = rng.integers(300, 5000, (total, 2)).tolist()
        days = rng.integers(0, 900, total).astype("timedelta64[D]") + np.datetime64("2023-01-01")
        cameras = rng.integers(0, len(CAMERAS), total).tolist()
        project.record_decoded(
            [
                ImageRow(
                    row.id, row.path, row.size, row.mtime_ns, b"0" * 16, *sides[place], OK, "", False, offset, length,
                    "JPEG", f"{days[place]} 12:00:00", CAMERAS[cameras[place]],
                )
                for place, row in enumerate(rows)
            ]
        )  # fmt: skip
        run = project.add_run({"clusters": CLUSTERS, "seed": 0}, "cpu")
        probabilities = rng.dirichlet(np.full(CLUSTERS, 0.2), total).astype(np.float32)
        assignment = probabilities.argmax(axis=1).astype(np.int64)
        votes = np.repeat(assignment[:, None], 5, axis=1)
        votes[rng.random(votes.shape) < 0.1] = 0
        agreement = (votes == assignment[:, None]).mean(axis=1).astype(np.float32)
        ids = np.array([row.id for row in rows])
        project.save_assignments(run.id, Assignments(ids, probabilities, assignment, votes, agreement, 0))
        project.update_run(run.id, state="finished")
    return home


def measure(name: str, do: Callable[[], object], window: MainWindow | None = None, between: Callable[[], object] | None = None) -> None:
    """Median and worst of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        if between is not None:
            between()
        started = time.perf_counter()
        do()
        if window is not None:
            window.workspace.gallery.grid.viewport().repaint()
        taken.append(1000 * (time.perf_counter() - started))
    print(f"{name:<76} median {np.median(taken):7.1f} ms   worst {max(taken):7.1f} ms")


def measure_all(window: MainWindow) -> None:
    """Every line."""
    session = window.session
    columns = session.snapshot.columns
    for text in SEARCHES:
        query = parse(text)
        measure(f"search alone: {text}", lambda query=query: matches(query, columns), between=columns.files.found.clear)
    for text in SEARCHES:
        query = parse(text)
        clear = lambda: (columns.files.found.clear(), session.filter_by(parse("")))  # noqa: E731
        measure(f"search, every view: {text}", lambda query=query: session.filter_by(query), window, clear)
        print(f"{'':<76} {len(session.shown_rows):,} found")
    session.filter_by(parse(""))
    measure("select all shown", session.select_shown, window, session.select_none)
    measure("invert", session.invert_shown, window)
    measure("select none", session.select_none, window, session.select_shown)
    measure("select a cluster", lambda: session.select_set(Shown("cluster", 3)), window, session.select_none)
    for sort in session.sorts:
        other = Sort.NAME if sort is not Sort.NAME else Sort.SURE
        measure(f"order, first time: {sort.value}", lambda sort=sort: session.sort_by(sort), window, session.snapshot._orders.clear)
        measure(f"order, known: {sort.value}", lambda sort=sort: session.sort_by(sort), window, lambda other=other: session.sort_by(other))
    measure("show a cluster", lambda: session.show(Shown("cluster", 2)), window, lambda: session.show(Shown("all")))
    measure("what the palette offers", lambda: window.commands.help.commands())


def main() -> None:
    """Make the project, open it, measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["IIC_STUDIO_DATA_DIR"] = os.environ["IIC_STUDIO_CONFIG_DIR"] = place
        pictures = Path(place) / "pictures"
        link_files(options.folder, pictures, options.rows)
        with ProcessPoolExecutor(1, get_context("spawn")) as other:  # so that what this takes is not counted below
            home = other.submit(make_project, Path(place), pictures).result()
        make_application()
        apply(False)
        window = MainWindow(jobs, Preferences(Path(place) / "bench.ini"))
        window.resize(1280, 800)
        window.show()
        favour_the_window()
        started = time.perf_counter()
        window.open(home)
        wait_for(lambda: len(window.session.shown_rows) > 0 and window.session.num_clusters > 0, 120)
        print(f"{len(window.session.shown_rows):,} rows shown {time.perf_counter() - started:.2f} s after opening")
        wait_for(lambda: window.runner.state is State.IDLE and not window.session.is_reading, 300)
        measure_all(window)
        print(f"memory {psutil.Process().memory_info().rss / 2**20:,.0f} MiB")
        window.close()
        wait_for(lambda: not window.isVisible(), 30)


if __name__ == "__main__":
    main()
