"""Two runs beside each other: how far they agree in a sentence, their clusters with counterparts, who moved, and their numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QPushButton, QStackedWidget, QTabBar, QTableView, QWidget

from iic_studio.curation import Curation, cluster_colours, cluster_names, load_curation
from iic_studio.evaluation.comparing import Comparison, Move
from iic_studio.gui.language import amount, later, tr
from iic_studio.gui.run_numbers import NumbersModel, run_method
from iic_studio.gui.run_pairs import Pair, PairList, pairs_of, prototypes_of
from iic_studio.gui.session import Found, Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, Panel, column, described, row
from iic_studio.jobs.runs import RunFacts, compare_runs
from iic_studio.project.store import Project
from iic_studio.records import IntArray

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_COLUMNS = (later("From"), later("To"), later("Pictures"))


@dataclass(frozen=True)
class Compared:
    """Two runs and what came of comparing them; `names`, `colours` and `prototypes` (ids) of the clusters of each."""

    first: RunFacts
    second: RunFacts
    comparison: Comparison
    names: tuple[dict[int, str], dict[int, str]]
    colours: tuple[list[str], list[str]]
    prototypes: tuple[list[IntArray], list[IntArray]]

    def name(self, which: int, cluster: int) -> str:
        """A cluster of the first (0) or second (1) run."""
        return self.names[which].get(cluster) or tr("Cluster {0}", cluster)

    def sentence(self) -> str:
        """How far they agree."""
        found = self.comparison
        if not len(found.image_ids):
            return tr("These two runs have no picture in common.")
        return tr(
            "Of {0:,} pictures in both, {1:.1f} % lie in another cluster once the clusters are matched one to "
            "one. Agreement (adjusted Rand index): {2:.3f}; 1 is the same, 0 is chance.",
            len(found.image_ids),
            100 * found.moved_share,
            found.ari,
        )


def compare(project: Project, first: RunFacts, second: RunFacts) -> Compared:
    """Compare two runs of a project; for the reader's thread.

    Raises:
        StudioError: one of them has no clusters yet.
    """
    comparison, curation = compare_runs(project, first.row.id, second.row.id), load_curation(project)
    names, colours, prototypes = zip(*(_clusters_of(project, curation, facts.row.id) for facts in (first, second)), strict=True)
    return Compared(first, second, comparison, names, colours, prototypes)


def _clusters_of(project: Project, curation: Curation, run: str) -> tuple[dict[int, str], list[str], list[IntArray]]:
    """What the clusters of a run are called, their colours, and their surest images."""
    said = project.load_assignments(run)
    if said is None:
        return {}, [], []
    return cluster_names(said, curation, run), cluster_colours(said, curation, run), prototypes_of(said)


class MoveModel(QAbstractTableModel):
    """Moves, the largest first."""

    def __init__(self) -> None:
        super().__init__()
        self.compared: Compared | None = None
        self.moves: list[Move] = []

    def take(self, compared: Compared) -> None:
        """Show the moves of a comparison."""
        self.beginResetModel()
        self.compared, self.moves = compared, compared.comparison.moves()
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.moves)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.compared is None or index.row() >= len(self.moves):
            return None
        move = self.moves[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            words = self.compared.name(0, move.first), self.compared.name(1, move.second), amount(move.count)
            return words[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() < 2:
            cluster = (move.first, move.second)[index.column()]
            return QColor(self.compared.colours[index.column()][cluster])
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            if section < 2 and self.compared is not None:
                return f"{tr(_COLUMNS[section])} {(self.compared.first, self.compared.second)[section].title}"
            return tr(_COLUMNS[section])
        return None


class ComparePanel(Panel):
    """The comparison. A click, or Return, shows the pictures of a line in the gallery."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self.model, self.numbers = MoveModel(), NumbersModel()
        self.sentence = Label(wrap=True)
        self.differ = described(QPushButton(), tr("Select the pictures that differ"))
        self.differ.clicked.connect(lambda _=False: self.select_different())
        self.pairs = PairList(session, thumbnails)
        self.table = self._table(self.model, tr("Who moved from which cluster to which"))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.numbers_table = self._table(self.numbers, tr("Both runs in numbers"))
        self.numbers_table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Parts of the comparison"))
        self._stack = QStackedWidget()
        for name, part in ((tr("Clusters"), self.pairs), (tr("Who moved"), self.table), (tr("Numbers"), self.numbers_table)):
            self.tabs.addTab(name)
            self._stack.addWidget(part)
        self._hint = Label("", "muted", wrap=True)
        head = row(self.sentence, self.differ, spacing=12)
        head.setStretch(0, 1)
        head.setAlignment(self.differ, Qt.AlignmentFlag.AlignTop)
        line = row(self.tabs, self._hint, spacing=12)
        line.setStretch(1, 1)
        self.setLayout(column(head, line, self._stack, spacing=4, margins=(16, 12, 16, 0)))
        self.table.clicked.connect(self.show_pictures)
        self.table.activated.connect(self.show_pictures)
        self.pairs.chosen.connect(self.show_pair)
        self.tabs.currentChanged.connect(self._show_part)
        self._show_part(0)

    def _table(self, model: QAbstractTableModel, name: str) -> QTableView:
        table = QTableView()
        table.setTabKeyNavigation(False)
        table.setModel(model)
        table.setAccessibleName(name)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _show_part(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        compared = self.model.compared
        sides = [] if compared is None else [f"{one.title}, {run_method(one)}" for one in (compared.first, compared.second)]
        hints = (
            tr("Left {0}; right {1}.", *sides) if sides else "",
            tr("A click on a line shows the pictures that moved.") if self.model.moves else tr("No picture moved."),
            tr("Of numbers that a run does not know there is a dash."),
        )
        self._hint.setText(hints[place])

    def show_compared(self, compared: Compared) -> None:
        """Show a comparison."""
        self.model.take(compared)
        self.numbers.take(compared.first, compared.second)
        count = [len(one) for one in compared.prototypes]
        names = [compared.name(0, one) for one in range(count[0])], [compared.name(1, one) for one in range(count[1])]
        self.pairs.take(pairs_of(compared.comparison, names, compared.colours, compared.prototypes))
        self.sentence.setText(compared.sentence())
        different = len(compared.comparison.different)
        self.differ.setVisible(different > 0)
        self.differ.setText(tr("Select the one that differs") if different == 1 else tr("Select the {0:,} that differ", different))
        described(self.differ, self.differ.text(), tr("Show and select the pictures that are not in the counterpart of their cluster"))
        self._show_part(self.tabs.currentIndex())

    def select_different(self) -> None:
        """Show the pictures that differ, all selected."""
        compared = self.model.compared
        if compared is None:
            return
        note = tr("between {0} and {1}", compared.first.title, compared.second.title)
        self._session.show_found(Found(tr("Pictures that differ"), compared.comparison.different, note=note))
        self._session.select_shown()

    def show_pair(self, pair: Pair) -> None:
        """Show the pictures of two counterparts: those in both, then those in one of them only."""
        compared = self.model.compared
        if compared is None:
            return
        found = compared.comparison
        here, there = found.first == pair.clusters[0], found.second == pair.clusters[1]
        parts = [found.image_ids[chosen] for chosen in (here & there, here & ~there, there & ~here)]
        groups = np.repeat(np.arange(3), [len(part) for part in parts])
        title = " / ".join(name for name in pair.names if name)
        note = tr("in both, only in {0}, only in {1}", compared.first.title, compared.second.title)
        self._session.show_found(Found(title, np.concatenate(parts), note=note, groups=groups))

    def show_pictures(self, index: Index) -> None:
        """Show the pictures of a line."""
        compared = self.model.compared
        if compared is None or not index.isValid():
            return
        move = self.model.moves[index.row()]
        title = f"{compared.name(0, move.first)} → {compared.name(1, move.second)}"
        note = tr("moved between {0} and {1}", compared.first.title, compared.second.title)
        self._session.show_found(Found(title, compared.comparison.ids_of(move), note=note))
