"""A table above something else: it is as high as its lines as long as the other part keeps its share, until a person moves the border."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QTableView, QWidget


class TableOver(QSplitter):
    """The two parts.

    Args:
        upper: the table, or a part that holds it and gives it all height that is left.
        lower: what is below.
        most: share of the height that the upper part takes at most.
    """

    def __init__(self, upper: QWidget, lower: QWidget, table: QTableView, most: float, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._upper, self._table, self._most = upper, table, most
        self._is_by_hand = False
        self.setHandleWidth(2)
        self.setChildrenCollapsible(False)
        self.addWidget(upper)
        self.addWidget(lower)
        self.splitterMoved.connect(lambda *_: self._leave_it())
        lines: QAbstractItemModel = table.model()
        for changed in (lines.modelReset, lines.rowsInserted, lines.rowsRemoved):
            changed.connect(lambda *_: self.fit())

    def _leave_it(self) -> None:
        self._is_by_hand = True

    def fit(self) -> None:
        """Give the table the height of its lines."""
        if self._is_by_hand or not self.isVisible():
            return
        table, room = self._table, self.height() - self.handleWidth()
        around = self._upper.height() - table.height()
        head = table.horizontalHeader().sizeHint().height()
        wanted = around + head + table.verticalHeader().length() + 2 * table.frameWidth() + 2
        upper = min(wanted, round(self._most * room))
        self.setSizes([upper, room - upper])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
