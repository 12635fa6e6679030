"""How right the classes are: the estimate in words, each class with precision and recall, and what is taken for what.

A cell of the confusion matrix shows its pictures. Truth that was imported is told beside the estimate, and named as truth.
"""

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from iic_studio.curation.classes import Classified
from iic_studio.evaluation.label_estimate import Share
from iic_studio.gui import theme
from iic_studio.gui.class_map_view import METHOD_WORDS
from iic_studio.gui.class_tables import assumed_words, interval_words, name_of, truth_words
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.headed_model import NO_PARENT, HeadedModel, Index
from iic_studio.gui.heatmap import SCALES, Cell, HeatMap, Matrix, scaled
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.label_state import LabelState
from iic_studio.gui.language import amount, later, tr
from iic_studio.gui.meaning import Meaning
from iic_studio.gui.session import Session
from iic_studio.gui.shown import Found
from iic_studio.gui.table_over import TableOver
from iic_studio.gui.widgets import Label, colour_icon, column, plain_tooltip

_HALF = 0.55  # of the colour scale: from there on numbers stand in the colour of the ground
NAME, LABELS, PRECISION, RECALL = range(4)
_HEADS = (later("Class"), later("Labelled"), later("Precision"), later("Recall"))
_TIPS = {
    PRECISION: later("Of the pictures that get this class, how many are of it; with the interval of 95 %"),
    RECALL: later("Of the pictures that are of this class, how many get it; with the interval of 95 %"),
}


class ShareModel(HeadedModel):
    """A line for each class."""

    def __init__(self) -> None:
        super().__init__(_HEADS, _TIPS)
        self._made: Classified | None = None
        self._counts: tuple[int, ...] = ()

    def take(self, made: Classified | None) -> None:
        """Show these."""
        self.beginResetModel()
        self._made = made
        self._counts = () if made is None else tuple(np.bincount(made.judged.classes, minlength=len(made.classes)).tolist())
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self._made is None else len(self._made.classes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._made is None or index.row() >= len(self._made.classes):
            return None
        one, place = self._made.classes[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if place == NAME:
                return one.name
            return amount(self._counts[index.row()]) if place == LABELS else interval_words(self._share(index.row(), place))
        if role == Qt.ItemDataRole.ToolTipRole and place in (PRECISION, RECALL):
            return plain_tooltip(interval_words(self._share(index.row(), place)))
        if role == Qt.ItemDataRole.ToolTipRole and place == NAME:
            return plain_tooltip(one.name)
        if role == Qt.ItemDataRole.DecorationRole and place == NAME:
            return colour_icon(class_colours([one])[0])
        if role == Qt.ItemDataRole.ForegroundRole and place in (PRECISION, RECALL) and np.isnan(self._share(index.row(), place).value):
            return QColor(theme.tokens().muted)
        return None

    def _share(self, row: int, place: int) -> Share:
        assert self._made is not None, "there are classes"
        estimate = self._made.estimate
        return (estimate.precision if place == PRECISION else estimate.recall)[row]


class CountMap(HeatMap):
    """A matrix of counts with the numbers in its cells, where there is room for them."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        shown, metrics = self.matrix, self.fontMetrics()
        widest = metrics.horizontalAdvance(amount(self.top * shown.num_pairs, ",.0f"))
        room = self.cell_rect(0, 0) if shown.side else QRectF()
        if room.width() < widest + 4 or room.height() < metrics.height():
            return
        painter, tokens = QPainter(self), theme.tokens()
        strong = scaled(shown.shares, SCALES[0], self.top)
        for line, place in np.argwhere(shown.shares > 0).tolist():
            painter.setPen(QColor(tokens.surface if strong[line, place] > _HALF else tokens.text))
            words = amount(float(shown.shares[line, place]) * shown.num_pairs, ",.0f")
            painter.drawText(self.cell_rect(line, place), Qt.AlignmentFlag.AlignCenter, words)


class EstimateView(QWidget):
    """The view."""

    def __init__(self, session: Session, state: LabelState) -> None:
        super().__init__()
        self._session, self._state = session, state
        self.truth = Label("", wrap=True)
        self.assumed = Label("", "muted", wrap=True)
        self.compared = Label("", "muted", wrap=True)
        self.model = ShareModel()
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(tr("Precision and recall of each class"))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(LABELS, QHeaderView.ResizeMode.ResizeToContents)
        self.sentence = Label("", "muted", wrap=True)
        self.confusion = CountMap()
        self.confusion.setAccessibleName(tr("Confusion matrix"))
        matrix = QWidget()
        self._title = Label(
            tr("Rows: what a person said. Columns: what was found without that label. A click shows the pictures."), "muted", wrap=True
        )
        inner = column(self._title, self.confusion, self.sentence, margins=(0, 8, 0, 0))
        inner.setStretch(1, 1)
        matrix.setLayout(inner)
        self.sides = TableOver(self.table, matrix, self.table, 0.55)
        self._hint = Label(tr("Label some pictures first. Then it is told here how right the classes are."), "muted", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        meaning = Meaning(tr("How right"), meanings()["estimate"])
        layout = column(self.truth, self.assumed, self.compared, self.sides, self._hint, meaning, margins=(16, 12, 16, 12))
        layout.setStretch(3, 1)
        layout.setStretch(4, 1)
        self.setLayout(layout)
        self.confusion.clicked.connect(self._show)
        self.confusion.hovered.connect(self._describe)
        state.changed.connect(self._follow)
        self.refresh()

    def _follow(self) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_lines()
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "sides"):
            self._fit_lines()

    def _fit_lines(self) -> None:
        """As high as their text needs."""
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        self.sides.fit()

    def refresh(self) -> None:
        """Show the estimate as it is."""
        made = self._state.tables.classified
        self._hint.setVisible(made is None)
        self.sides.setVisible(made is not None)
        for label, words in ((self.truth, truth_words(made)), (self.assumed, assumed_words(made)), (self.compared, compared_words(made))):
            label.setText(words)
            label.setVisible(bool(words))
        self.model.take(made)
        if made is not None:
            self.confusion.show_matrix(confusion_matrix(made))
        self._describe(self.confusion.cell)

    def _describe(self, cell: Cell | None) -> None:
        made = self._state.tables.classified
        if made is None or cell is None or max(cell) > len(made.classes):
            self.sentence.setText("")
            return
        count = len(images_of_cell(made, cell))
        said, found = name_of(made.classes, cell[0]), name_of(made.classes, cell[1])
        labels = tr("1 label") if count == 1 else tr("{0:,} labels", count)
        self.sentence.setText(tr("Said to be {0}, found as {1}: {2}.", said, found, labels))

    def _show(self, cell: Cell) -> None:
        """Show and select the labelled pictures of a cell."""
        made, session = self._state.tables.classified, self._session
        if made is None or max(cell) > len(made.classes):
            return
        ids = images_of_cell(made, cell)
        said, found = name_of(made.classes, cell[0]), name_of(made.classes, cell[1])
        session.show_found(Found(tr("{0} found as {1}", said, found), ids))
        rows = session.table.rows_of(ids)
        session.select(rows[rows >= 0], int(rows[rows >= 0][0]) if (rows >= 0).any() else -1)


def confusion_matrix(made: Classified) -> Matrix:
    """Labels of each class by what was found for them; with a line for no class where that happens."""
    counts = made.estimate.confusion.astype(np.float32)
    classes = len(made.classes)
    names, colours = [one.name for one in made.classes], [QColor(one) for one in class_colours(made.classes)]
    if counts[:, classes].any():
        counts = np.vstack([counts, np.zeros((1, classes + 1), np.float32)])
        names, colours = [*names, tr("no class")], [*colours, QColor(theme.tokens().border_strong)]
    else:
        counts = counts[:, :classes]
    total = float(counts.sum())
    return Matrix(counts / max(total, 1.0), tuple(names), tuple(colours), num_pairs=total)


def images_of_cell(made: Classified, cell: Cell) -> "np.typing.NDArray[np.int64]":
    """Ids of the labelled pictures of a cell."""
    judged, column_ = made.judged, cell[1] if cell[1] < len(made.classes) else -1
    found: np.typing.NDArray[np.int64] = made.judged_ids[(judged.classes == cell[0]) & (judged.found == column_)]
    return found


def compared_words(made: Classified | None) -> str:
    """How right each way would be, by cross-validation; empty while no label tells."""
    tried = {} if made is None else {name: one for name, one in made.compared.items() if not np.isnan(one.value)}
    if len(tried) < 2:
        return ""
    parts = "; ".join(f"{tr(METHOD_WORDS.get(name, (name, ''))[0])} {interval_words(one)}" for name, one in tried.items())
    return tr("By cross-validation: {0}.", parts)
