"""The problems page: every file that cannot be used, with its reason."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QHeaderView, QPushButton, QTableView, QWidget

from iic_studio.gui.files import path_of, printable, reveal
from iic_studio.gui.language import later, tr
from iic_studio.gui.mistakes import retold_mistake
from iic_studio.gui.session import Change, Session
from iic_studio.gui.table import STATUSES, Rows
from iic_studio.gui.widgets import Label, Panel, action, column, described, panel, plain_tooltip, row
from iic_studio.project.records import MISSING

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_COLUMNS = (later("File"), later("Why it is left out"))


def _say_left_out(number: int) -> str:
    if number == 1:
        return tr("1 file left out of training and of the CSV")
    return tr("{0:,} files left out of training and of the CSV", number) if number else ""


class ProblemModel(QAbstractTableModel):
    """Files and reasons, in path order."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.rows: Rows = np.zeros(0, np.int64)

    def take(self) -> None:
        """Show the problems the session has now."""
        table = self._session.table
        rows = np.flatnonzero(table.problems)
        if self._session.kept is not None:
            rows = rows[self._session.kept[rows]]
        self.beginResetModel()
        self.rows = rows[np.argsort(table.rank[rows], kind="stable")]
        self.endResetModel()

    def words(self, place: int) -> tuple[str, str]:
        """File and reason of a line."""
        table, row_ = self._session.table, int(self.rows[place])
        reason = retold_mistake(printable(table.reasons[row_]))
        if STATUSES[table.status[row_]] == MISSING:
            reason = reason or tr("is no longer there")
        return printable(table.paths[row_]), reason

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row())[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self.words(index.row())[index.column()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section])
        return None


class ProblemsPage(Panel):
    """The table, shown in the place of the gallery when Problems is chosen."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self.model = ProblemModel(session)
        self.table = QTableView()
        self.table.setTabKeyNavigation(False)
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Files that cannot be used"))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.resizeSection(0, 280)
        self._count = Label(role="muted")
        self._copy = described(QPushButton(tr("Copy list")), tr("Copy list"), tr("Copy files and reasons as lines with a tab between them"))
        self._copy.clicked.connect(self.copy)
        head = row(Label(tr("Problems"), "heading"), self._count, None, self._copy, margins=(16, 8, 16, 8), spacing=12)
        self._empty = Label(tr("Every file could be read."), "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setLayout(column(panel("pageHeader", head), self.table, self._empty, spacing=0))
        action(self.table, tr("Copy"), self.copy, QKeySequence.StandardKey.Copy)
        self.table.doubleClicked.connect(self._reveal)
        self._marking = False
        self.table.selectionModel().selectionChanged.connect(self._selected)
        session.changed.connect(self._follow)
        self._follow(Change.PROJECT)

    def _follow(self, what: Change) -> None:
        if what & (Change.SELECTION | Change.IMAGES | Change.FILTER | Change.PROJECT):
            QTimer.singleShot(0, self, self._mark)  # after the lines below are the right ones
        if not what & (Change.IMAGES | Change.PROJECT | Change.FILTER):
            return
        self.model.take()
        number = len(self.model.rows)
        self._count.setText(_say_left_out(number))
        self.table.setVisible(number > 0)
        self._empty.setVisible(not number)
        self._copy.setEnabled(number > 0)

    def _mark(self) -> None:
        """Select the lines of the selected files, in runs of neighbours."""
        if len(self._session.selected) != len(self._session.table) or not len(self._session.table):
            return  # the project was closed or changed meanwhile
        chosen = self._session.selected[self.model.rows]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]]).astype(np.int8))).reshape(-1, 2)
        wanted = QItemSelection()
        for first, end in edges.tolist():
            wanted.select(self.model.index(first, 0), self.model.index(end - 1, len(_COLUMNS) - 1))
        self._marking = True
        self.table.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._marking = False

    def _selected(self) -> None:
        """The person selected lines."""
        if self._marking:
            return
        spans = list(self.table.selectionModel().selection())  # type: ignore[call-overload] # its stub leaves out that it is a list
        places = [place for span in spans for place in range(span.top(), span.bottom() + 1)]
        rows = self.model.rows[np.unique(np.array(places, np.int64))]
        current = self.table.currentIndex().row()
        self._session.select(rows, int(self.model.rows[current]) if 0 <= current < len(self.model.rows) else -1)

    def copy(self) -> None:
        """Put the selected lines, or all, on the clipboard."""
        chosen = sorted({index.row() for index in self.table.selectionModel().selectedRows()}) or range(len(self.model.rows))
        QGuiApplication.clipboard().setText("\n".join("\t".join(self.model.words(place)) for place in chosen))

    def _reveal(self, index: QModelIndex) -> None:
        path = path_of(self._session, int(self.model.rows[index.row()]))
        if path is not None:
            reveal(path)
