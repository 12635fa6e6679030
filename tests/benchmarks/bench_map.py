"""The map's budgets, run by hand: frames of panning and zooming 200,000 points on the real page, lasso, selection, principal components,
beside pyqtgraph's ScatterPlotItem with the same points in the same run.

    python tests/benchmarks/bench_map.py [--rows 200000] [--scale 2]

Everything is generated: clusters of points as UMAP makes them, and pictures of one colour. A frame's time is how long it blocks the window,
from the change of the view to the painted picture; what its thread computes of that hangs less on who else uses the machine. Ours and
pyqtgraph take turns; ratios are of medians.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from iic_studio.evaluation.projection import fit_pca
from iic_studio.gui import theme
from iic_studio.gui.app import favour_the_window, make_application
from iic_studio.gui.map_points import points_at
from iic_studio.gui.session import Session
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.table import ImageTable, build_verdicts
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.workspace import TABS, Workspace
from iic_studio.records import Assignments

CLUSTERS, FEATURES = 10, 256
BUDGET_MS = 16


def generated(rows: int) -> tuple[Snapshot, np.ndarray]:
    """A table of images in clusters, and their places: islands of uneven size with ragged edges, and some strays."""
    rng = np.random.default_rng(0)
    cluster = rng.integers(0, CLUSTERS, rows)
    centres = rng.uniform(-8, 8, (CLUSTERS, 2))
    bend = rng.uniform(0, 2 * np.pi, rows)
    ring = (
        np.stack([np.cos(bend), np.sin(bend)], axis=1)
        * rng.gamma(3.0, 0.25, rows)[:, None]
        * rng.uniform(0.6, 2.0, CLUSTERS)[cluster, None]
    )
    positions = (centres[cluster] + ring + rng.normal(0, 0.15, (rows, 2))).astype(np.float32)
    strays = rng.choice(rows, rows // 200, replace=False)
    positions[strays] = rng.uniform(-10, 10, (len(strays), 2))
    numbers = np.arange(rows, dtype=np.int64)
    table = ImageTable(
        ids=numbers + 1,
        paths=tuple(f"{number % 20:02d}/{number:06d}.png" for number in range(rows)),
        reasons=("",) * rows,
        status=np.zeros(rows, np.uint8),
        width=np.full(rows, 64, np.int32),
        height=np.full(rows, 48, np.int32),
        thumb_offset=numbers,
        thumb_length=np.ones(rows, np.int64),
        rank=numbers,
    )
    probabilities = np.full((rows, CLUSTERS), 0.01, np.float32)
    probabilities[numbers, cluster] = 0.91
    votes = np.repeat(cluster[:, None], 5, axis=1).astype(np.int64)
    said = Assignments(table.ids, probabilities, cluster.astype(np.int64), votes, np.ones(rows, np.float32), 0)
    snapshot = Snapshot(table, build_verdicts(table, said))
    snapshot.prepare()
    return snapshot, positions


def picture() -> bytes:
    """A small PNG."""
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(QColor("#3366cc"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def live(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


Times = tuple[float, float]


def timed(act: Callable[[], object]) -> Times:
    """Milliseconds something blocks the window, and those of them that its thread was computing."""
    started, computing = time.perf_counter(), time.thread_time()
    act()
    return 1000 * (time.perf_counter() - started), 1000 * (time.thread_time() - computing)


def tell(name: str, times: list[Times]) -> None:
    """One line."""
    line = np.array(times).T
    parts = [
        f"{what} p50 {np.percentile(one, 50):5.1f}  p99 {np.percentile(one, 99):5.1f}"
        for what, one in zip(("ms", "of these computing"), line, strict=True)
    ]
    print(f"{name:<52} {'   '.join(parts)}   ({line.shape[1]} frames)")


class Ours:
    """The map page within the workspace, as in the window."""

    def __init__(self, rows: int) -> None:
        self.session = Session()
        self.thumbnails = Thumbnails()
        data = picture()
        self.thumbnails.set_reader(lambda _offset, _length: data)
        self.workspace = Workspace(self.session, self.thumbnails)
        self.workspace.resize(1280, 690)
        self.workspace.show()
        self.workspace.show_tab(TABS.index("Map"))
        snapshot, self.positions = generated(rows)
        self.session.adopt(snapshot)
        self.view = self.workspace.map.view
        ids = snapshot.table.ids
        self.workspace.map.show_points(
            points_at(snapshot.table, ids, self.positions, method="umap", of="features", run="", is_preview=False)
        )
        live(1500)

    def frame(self) -> None:
        """Paint now."""
        self.view.repaint()

    def pan(self, steps: int) -> list[Times]:
        """Frames while the map is dragged to and fro."""
        times = []
        for step in range(steps):
            way = 9 if step // 40 % 2 else -9
            times.append(timed(lambda way=way: (self.view.look_from(self.view.camera.moved(way, way / 2)), self.frame())))
        return times

    def zoom(self, steps: int) -> list[Times]:
        """Frames while the wheel turns, closer and back, at a place off the middle."""
        times, at = [], QPointF(self.view.width() * 0.4, self.view.height() * 0.45)
        for step in range(steps):
            turn = 120 if step // 12 % 2 == 0 else -120
            event = QWheelEvent(
                at, self.view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            times.append(timed(lambda event=event: (self.view.wheelEvent(event), self.frame())))
        self.view.reset_view()
        return times

    def lasso(self) -> Times:
        """From letting go of the button to everything repainted; a lasso of 120 corners around about half of the points."""
        turn = np.linspace(0, 2 * np.pi, 120)
        radius = 0.3 * self.view.height() * (1 + 0.2 * np.sin(5 * turn))
        corners = np.stack([self.view.width() / 2 + radius * np.cos(turn), self.view.height() / 2 + radius * np.sin(turn)], axis=1)
        way = [QPoint(round(x), round(y)) for x, y in corners.tolist()]
        QTest.mousePress(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, way[0])
        for at in way[1:]:
            QTest.mouseMove(self.view, at)
        left = Qt.MouseButton.LeftButton
        return timed(lambda: (QTest.mouseRelease(self.view, left, Qt.KeyboardModifier.NoModifier, way[-1]), self.frame()))

    def select(self, seed: int) -> Times:
        """From a selection of 10,000 images made elsewhere to everything repainted."""
        rows = np.random.default_rng(seed).choice(len(self.session.table), 10_000, replace=False)
        return timed(lambda: (self.session.select(rows, int(rows[0])), self.frame()))


class Theirs:
    """pyqtgraph's ScatterPlotItem with the same points: one item for each cluster, so that no brush belongs to a single point."""

    def __init__(self, ours: Ours) -> None:
        self.plot = pg.PlotWidget(background=theme.tokens().surface)
        self.plot.resize(ours.view.size())
        self.plot.hideAxis("left")
        self.plot.hideAxis("bottom")
        cluster = ours.session.verdicts.cluster
        for one in range(CLUSTERS):
            x, y = ours.positions[cluster == one].T
            self.plot.addItem(pg.ScatterPlotItem(x=x, y=y, size=3, pen=None, brush=theme.cluster_colour(one)))
        self.plot.show()
        self.whole = QRectF(-11, -11, 22, 22)
        self.plot.setRange(self.whole, padding=0)
        live(500)

    def pan(self, steps: int) -> list[Times]:
        """As ours."""
        times = []
        for step in range(steps):
            way = 0.2 if step // 40 % 2 else -0.2
            times.append(timed(lambda way=way: (self.plot.getViewBox().translateBy(x=way, y=way / 2), self.plot.viewport().repaint())))
        self.plot.setRange(self.whole, padding=0)
        return times

    def zoom(self, steps: int) -> list[Times]:
        """As ours."""
        times = []
        for step in range(steps):
            by = 1 / 1.2 if step // 12 % 2 == 0 else 1.2
            times.append(timed(lambda by=by: (self.plot.getViewBox().scaleBy((by, by), (-2, 1)), self.plot.viewport().repaint())))
        self.plot.setRange(self.whole, padding=0)
        return times


def measure_components(rows: int) -> None:
    """Principal components of features as they lie in the cache: float16, 256 of each image."""
    features = np.random.default_rng(0).standard_normal((rows, FEATURES), np.float32).astype(np.float16)
    for count, what in ((2, "places on the map"), (50, "what UMAP compares by")):
        times = [timed(lambda count=count: fit_pca(features, count).project(features))[0] / 1000 for _ in range(3)]
        print(f"PCA of {rows:,} x {FEATURES}, {what:<24} median {np.median(times):.2f} s of {[round(one, 2) for one in times]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--frames", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=int, default=1)
    options = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    make_application()
    theme.apply(False)
    favour_the_window()
    ours = Ours(options.rows)
    theirs = Theirs(ours)
    size = f"{ours.view.width()} x {ours.view.height()}"
    print(f"{options.rows:,} points, map of {size} at scale {options.scale}, budget {BUDGET_MS} ms a frame")
    compare(ours, theirs, options)
    tell("lasso of 120 corners, shown everywhere", [ours.lasso() for _ in range(20)])
    print(f"    ({int(ours.session.selected.sum()):,} images inside)")
    tell("10,000 images selected elsewhere, shown on the map", [ours.select(seed) for seed in range(20)])
    tell("map, panning with 10,000 selected", ours.pan(options.frames))
    measure_components(options.rows)
    ours.workspace.inspector.close_reader()
    ours.workspace.map.side_thread.close()
    ours.thumbnails.close()
    ours.workspace.close()
    theirs.plot.close()
    QApplication.closeAllWindows()
    sys.stdout.flush()


def compare(ours: Ours, theirs: Theirs, options: argparse.Namespace) -> None:
    """Panning and zooming, in turn."""
    found: dict[str, list[Times]] = {}
    for _ in range(options.rounds):
        found.setdefault("map, panning", []).extend(ours.pan(options.frames))
        ours.view.reset_view()
        found.setdefault("map, zooming with the wheel", []).extend(ours.zoom(options.frames))
        few = max(options.frames // 6, 10)
        found.setdefault("ScatterPlotItem, panning", []).extend(theirs.pan(few))
        found.setdefault("ScatterPlotItem, zooming", []).extend(theirs.zoom(few))
    for name, times in found.items():
        tell(name, times)
    names = list(found)
    for mine, other in zip(names[:2], names[2:], strict=True):
        ratio = np.median(found[other], axis=0) / np.median(found[mine], axis=0)
        print(f"    {other} takes {ratio[0]:.1f} times as long as {mine}, and computes {ratio[1]:.1f} times as long")
    ours.workspace.map.names.setChecked(False)
    ours.workspace.map.borders.setChecked(False)
    tell("map, panning, without names and outlines", ours.pan(options.frames))
    ours.view.reset_view()
    ours.workspace.map.names.setChecked(True)
    ours.workspace.map.borders.setChecked(True)


if __name__ == "__main__":
    main()
