"""Which clusters came back in other runs with the same settings and other seeds: of the run shown, and of one chosen among the runs."""

import math
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from iic_studio.curation import cluster_colours, cluster_names, load_curation
from iic_studio.evaluation.stability import CAME_BACK, STABLE, Stability
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.language import count_images, later, tr
from iic_studio.gui.meaning import Meaning
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import Label, Panel, column, plain_tooltip
from iic_studio.jobs.stability import Repeated, repeats_of, stability_of
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import IntArray

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_Read = tuple[tuple[Any, ...], Repeated | None, dict[int, str], list[str]]  # what was read and found; names, colours of the clusters
_COLUMNS = (later("Cluster"), later("Came back in"), later("Overlap"))
_NAME, _TIMES, _MEAN = range(len(_COLUMNS))
_TIPS = {
    _TIMES: later("Runs in which a cluster shares more than {0:.0f} % of the pictures in either with this one"),
    _MEAN: later("Pictures in both over pictures in either, for the cluster most like it; from {0:.0f} % on a cluster counts as stable"),
}


def came_back(times: int, runs: int) -> str:
    """What is told of one cluster."""
    if runs == 1:
        return tr("This cluster came back in the one other run.") if times else tr("This cluster did not come back in the one other run.")
    return tr("This cluster came back in {0} of {1} other runs.", times, runs)


class StabilityWatch(QObject):
    """Keeps for the groups shown in how many other runs they came back; read beside the window."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._stability: Stability | None = None
        self._known: tuple[Any, ...] = ()
        session.changed.connect(self._follow)

    def _follow(self, what: Change) -> None:
        session = self._session
        if what & Change.PROJECT:
            self._stability, self._known = None, ()
        run, curated = session.run, session.curated
        if not what & Change.CLUSTERS or run is None or session.of_pixels or not len(curated.image_ids):
            return
        ids, home, count, known = curated.image_ids, curated.home, len(curated.groups), self._known
        session.ask(lambda project: _look(project, run, ids, home, count, known), self._take)

    def _take(self, read: tuple[tuple[Any, ...], Stability] | None) -> None:
        if read is not None:
            self._known, self._stability = read

    def sentence(self, group: int) -> str:
        """What is told of a group; empty while there is no other run."""
        found, session = self._stability, self._session
        if found is None or not found.num_runs or session.run is None or session.run.id != self._known[0] or group >= len(found.sizes):
            return ""
        return came_back(int(found.came_back[group]), found.num_runs) if found.sizes[group] else ""


def _look(
    project: Project, run: RunRow, ids: IntArray, home: IntArray, count: int, known: tuple[Any, ...]
) -> tuple[tuple[Any, ...], Stability] | None:
    """Compare anew, unless that was done for the same groups and the same other runs."""
    mark = run.id, tuple(one.id for one in repeats_of(project, run)), count, hash(home.tobytes())
    return None if mark == known else (mark, stability_of(project, run, ids, home, count).stability)


class StabilityModel(QAbstractTableModel):
    """Clusters of a run, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Repeated | None = None
        self._names: dict[int, str] = {}
        self._colours: list[str] = []

    def take(self, found: Repeated | None, names: dict[int, str], colours: list[str]) -> None:
        """Show these."""
        self.beginResetModel()
        self.found, self._names, self._colours = found, names, colours
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() or self.found is None or not self.found.others else len(self.found.stability.sizes)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.found is None or index.row() >= self.rowCount():
            return None
        cluster, place, stability = index.row(), index.column(), self.found.stability
        if role == Qt.ItemDataRole.DisplayRole:
            mean = float(stability.mean[cluster])
            return (
                self._names.get(cluster) or tr("Cluster {0}", cluster),
                _of_runs(int(stability.came_back[cluster]), stability.num_runs),
                "–" if math.isnan(mean) else f"{100 * mean:.0f} %",
            )[place]
        if role == Qt.ItemDataRole.DecorationRole and place == _NAME:
            return QColor(self._colours[cluster])
        if role == Qt.ItemDataRole.ToolTipRole:
            size = count_images(int(stability.sizes[cluster]))
            return plain_tooltip(f"{size}\n\n{came_back(int(stability.came_back[cluster]), stability.num_runs)}")
        if role == Qt.ItemDataRole.TextAlignmentRole and place != _NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section])
        if role == Qt.ItemDataRole.ToolTipRole and section in _TIPS:
            return plain_tooltip(tr(_TIPS[section], 100 * (CAME_BACK if section == _TIMES else STABLE)))
        if role == Qt.ItemDataRole.TextAlignmentRole and section != _NAME:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class StabilityPanel(Panel):
    """Beside the card of a run: how often its clusters came back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._wanted = ""
        self._known: tuple[Any, ...] = ()
        self.model = StabilityModel()
        self.words = Label("", wrap=True)
        self.table = QTableView()
        self.table.setTabKeyNavigation(False)
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("How often each cluster came back"))
        self.table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        meaning = Meaning(tr("Stability"), meanings()["stability"])
        self.setLayout(column(Label(tr("Stability"), "heading"), self.words, self.table, meaning, None, margins=(0, 0, 0, 0)))

    def show_run(self, run: RunRow) -> None:
        """Look for the repeats of a run, beside the window."""
        if run.id != self._wanted:
            self.words.setText("")
            self.table.hide()
            self._known = ()
        self._wanted, known = run.id, self._known
        self._session.ask(lambda project: _read(project, run, known), self._take)

    def _take(self, read: _Read | None) -> None:
        if read is None or read[0][0] != self._wanted:
            return
        self._known, found, names, colours = read
        self.model.take(found, names, colours)
        self.table.setVisible(self.model.rowCount() > 0)
        self.words.setText(_said(found))


def _read(project: Project, run: RunRow, known: tuple[Any, ...]) -> _Read | None:
    """Compare a run with its repeats, unless nothing is new; for the reader's thread."""
    curation = load_curation(project)
    mark = run.id, tuple(one.id for one in repeats_of(project, run)), curation.version, run.state
    if mark == known:
        return None
    said = project.load_assignments(run.id)
    if said is None or run.settings.get("task") == "pixels" or "baseline" in run.summary:
        return mark, None, {}, []
    found = stability_of(project, run, said.image_ids, said.assignment, said.probabilities.shape[1])
    return mark, found, cluster_names(said, curation, run.id), cluster_colours(said, curation, run.id)


def _of_runs(times: int, runs: int) -> str:
    return tr("{0} of 1 run", times) if runs == 1 else tr("{0} of {1} runs", times, runs)


def _said(found: Repeated | None) -> str:
    """How stable a run is on the whole."""
    if found is None:
        return tr("Only of a training of whole pictures can it be told which clusters come back.")
    if not found.others:
        return tr("No other run has these settings and another seed yet. “Stability…” trains some and tells which clusters come back.")
    stability = found.stability
    used = stability.sizes > 0
    always = int((stability.came_back[used] == stability.num_runs).sum())
    stable = int((np.nan_to_num(stability.mean[used]) >= STABLE).sum())
    seeds = ", ".join(str(one.settings.get("seed")) for one in found.others)
    if stability.num_runs == 1:
        return tr("Beside the run with seed {0}: {1} of {2} clusters came back. Stable: {3}.", seeds, always, int(used.sum()), stable)
    return tr(
        "Beside {0} runs with seeds {1}: {2} of {3} clusters came back in each of them. Stable: {4}.",
        *(stability.num_runs, seeds, always, int(used.sum()), stable),
    )
