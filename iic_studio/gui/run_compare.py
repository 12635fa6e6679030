"""Two runs beside each other: how far they agree in a sentence, and who moved as a table whose lines show the pictures."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from iic_studio.curation import Curation, cluster_names, load_curation
from iic_studio.evaluation.comparing import Comparison, Move
from iic_studio.gui import theme
from iic_studio.gui.session import Found, Session
from iic_studio.gui.widgets import Label, Panel, column
from iic_studio.jobs.runs import RunFacts, compare_runs
from iic_studio.project.store import Project

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_COLUMNS = ("From", "To", "Pictures")


@dataclass(frozen=True)
class Compared:
    """Two runs and what came of comparing them; `names` of the clusters of each."""

    first: RunFacts
    second: RunFacts
    comparison: Comparison
    names: tuple[dict[int, str], dict[int, str]]

    def name(self, which: int, cluster: int) -> str:
        """A cluster of the first (0) or second (1) run."""
        return self.names[which].get(cluster) or f"Cluster {cluster}"

    def sentence(self) -> str:
        """How far they agree."""
        found = self.comparison
        if not len(found.image_ids):
            return "These two runs have no picture in common."
        return (
            f"Of {len(found.image_ids):,} pictures in both, {100 * found.moved_share:.1f} % lie in another cluster "
            f"once the clusters are matched one to one. Agreement (adjusted Rand index): {found.ari:.3f}; 1 is the same, 0 is chance."
        )


def compare(project: Project, first: RunFacts, second: RunFacts) -> Compared:
    """Compare two runs of a project; for the reader's thread.

    Raises:
        StudioError: one of them has no clusters yet.
    """
    curation = load_curation(project)
    return Compared(
        first,
        second,
        compare_runs(project, first.row.id, second.row.id),
        (_names(project, curation, first.row.id), _names(project, curation, second.row.id)),
    )


def _names(project: Project, curation: Curation, run: str) -> dict[int, str]:
    assignments = project.load_assignments(run)
    return {} if assignments is None else cluster_names(assignments, curation, run)


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
            words = self.compared.name(0, move.first), self.compared.name(1, move.second), f"{move.count:,}"
            return words[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return theme.cluster_colour(move.first)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 1:
            return theme.cluster_colour(move.second)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            if section < 2 and self.compared is not None:
                return f"{_COLUMNS[section]} {(self.compared.first, self.compared.second)[section].title}"
            return _COLUMNS[section]
        return None


class ComparePanel(Panel):
    """The comparison. A click, or Return, shows the pictures of a line in the gallery."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self.model = MoveModel()
        self.sentence = Label(wrap=True)
        self._hint = Label("A click on a line shows the pictures that moved.", "muted")
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName("Who moved from which cluster to which")
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.setLayout(column(self.sentence, self._hint, self.table, margins=(16, 12, 16, 0)))
        self.table.clicked.connect(self.show_pictures)
        self.table.activated.connect(self.show_pictures)

    def show_compared(self, compared: Compared) -> None:
        """Show a comparison."""
        self.model.take(compared)
        self.sentence.setText(compared.sentence())
        there = bool(self.model.moves)
        self.table.setVisible(there)
        self._hint.setText("A click on a line shows the pictures that moved." if there else "No picture moved.")

    def show_pictures(self, index: Index) -> None:
        """Show the pictures of a line."""
        compared = self.model.compared
        if compared is None or not index.isValid():
            return
        move = self.model.moves[index.row()]
        title = f"{compared.name(0, move.first)} → {compared.name(1, move.second)}"
        note = f"moved between {compared.first.title} and {compared.second.title}"
        self._session.show_found(Found(title, compared.comparison.ids_of(move), note=note))
