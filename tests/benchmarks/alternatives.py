"""What one would write first, with the same images, beside the window: measured in the same run, so that ratios mean something."""

from collections import Counter
from typing import Any

import numpy as np
import pyqtgraph as pg
from driving import MOVED, Driver
from made_project import CLUSTERS
from measuring import Table, Time, actions, frames, live, settle
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView

from iic_studio.curation import Curator
from iic_studio.evaluation.projection import fit_pca
from iic_studio.gui import theme

_NO_PARENT = QModelIndex()


def measure(table: Table, driver: Driver) -> None:
    """All of it, each with how many times as long it takes as ours, where ours was measured before."""
    known = {row.name: row.median for row in table.rows}

    def beside(name: str, values: list[Time], ours: str) -> None:
        ratio = f"{np.median([one for one, _ in values]) / known[ours]:.1f} times as long as {ours}" if ours in known else ""
        table.add(name, values, beside=ratio)

    scatter(driver, beside)
    list_view(driver, beside)
    row_by_row(driver, beside)
    loop_over_paths(driver, beside)
    components(table, len(driver.session.table))


def scatter(driver: Driver, beside: Any) -> None:
    """pyqtgraph's ScatterPlotItem: one for each cluster, so that no brush belongs to a single point."""
    driver.show("Map")
    live(1.0)
    points, view = driver.workspace.map.points, driver.workspace.map.view
    plot = pg.PlotWidget(background=theme.tokens().surface)
    plot.resize(view.size())
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    cluster = driver.session.verdicts.cluster[points.rows]
    for one in range(CLUSTERS):
        of_it = cluster == one
        plot.addItem(pg.ScatterPlotItem(x=points.x[of_it], y=points.y[of_it], size=3, pen=None, brush=theme.cluster_colour(one)))
    plot.show()
    whole, box = QRectF(-1.1, -1.1, 2.2, 2.2), plot.getViewBox()
    plot.setRange(whole, padding=0)
    live(0.5)

    def pan(number: int) -> None:
        way = 0.02 if number // 40 % 2 else -0.02
        box.translateBy(x=way, y=way / 2)

    def zoom(number: int) -> None:
        box.scaleBy((1 / 1.2,) * 2 if number // 12 % 2 == 0 else (1.2,) * 2, (-0.2, 0.1))

    beside("ScatterPlotItem, panning", frames(pan, 4)[0], "map, panning")
    plot.setRange(whole, padding=0)
    beside("ScatterPlotItem, zooming", frames(zoom, 4)[0], "map, zooming with the wheel")
    plot.close()
    plot.deleteLater()
    settle()


class _Pictures(QAbstractListModel):
    """Every image as an item with a picture."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows, picture = rows, QPixmap(112, 84)
        picture.fill(Qt.GlobalColor.darkCyan)
        self._icon = QIcon(picture)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._rows

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._icon if role == Qt.ItemDataRole.DecorationRole else None


def list_view(driver: Driver, beside: Any) -> None:
    """A QListView of icons over a model; its pictures are all there already."""
    view, model = QListView(), _Pictures(len(driver.session.table))
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setUniformItemSizes(True)
    view.setGridSize(QSize(120, 120))
    view.setIconSize(QSize(112, 112))
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.resize(driver.workspace.gallery.grid.size())
    view.setModel(model)
    view.show()
    live(1.0)
    bar = view.verticalScrollBar()
    steps = frames(lambda _: bar.setValue(bar.value() + 90), 4)[0]
    beside("QListView of icons, scrolling", steps, "gallery, scrolling, cells of 112 px")
    beside("QListView of icons, selecting all", actions(view.selectAll, 3, view.clearSelection), "all selected, Gallery in front")
    view.close()
    view.deleteLater()
    settle()


def row_by_row(driver: Driver, beside: Any) -> None:
    """A transaction for each image, and the groups made anew in a dictionary; no log."""
    project = driver.session.project
    assert project is not None
    curator = Curator.of(project)
    ids, home = curator.curated.image_ids.tolist(), curator.curated.home.tolist()

    def move() -> None:
        for image in range(1, MOVED + 1):
            with project.writing() as connection:
                connection.execute("INSERT OR REPLACE INTO pins VALUES (?, 1, 0, 0, 0)", (image,))
        with project.reading() as connection:
            pins = dict(connection.execute("SELECT image, group_uid FROM pins").fetchall())
        groups: dict[int, list[int]] = {}
        for image, cluster in zip(ids, home, strict=True):
            groups.setdefault(pins.get(image, cluster), []).append(image)

    def back() -> None:
        with project.writing() as connection:
            connection.execute("DELETE FROM pins")

    with project.reading() as connection:
        kept = connection.execute("SELECT * FROM pins").fetchall()
    back()
    beside("move 10,000, row by row", actions(move, 2, back), "move 10,000, Gallery in front")
    back()
    with project.writing() as connection:
        connection.executemany("INSERT INTO pins VALUES (?, ?, ?, ?, ?)", kept)


def loop_over_paths(driver: Driver, beside: Any) -> None:
    """A search as a loop, and the sizes of the clusters as a count of values."""
    paths, clusters = driver.session.table.paths, driver.session.verdicts.cluster.tolist()
    beside("search `00012`, loop over the paths", actions(lambda: [one for one in paths if "00012" in one.casefold()], 5), "search `00012`")
    beside("sizes of the clusters, counted in a loop", actions(lambda: Counter(clusters), 5), "")


def components(table: Table, rows: int) -> None:
    """Principal components of features as they lie in the cache: 256 of each image in half precision."""
    features = np.random.default_rng(0).standard_normal((rows, 256), np.float32).astype(np.float16)
    times = actions(lambda: fit_pca(features, 2).project(features), 3)
    table.add("principal components of 256 features each, a first map", times, 2000)
