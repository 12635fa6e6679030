"""A table for a view: heads and their tooltips are given, rows and cells are the subclass's."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from iic_studio.gui.language import tr
from iic_studio.gui.widgets import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class HeadedModel(QAbstractTableModel):
    """Columns by name.

    Args:
        heads: words over each column, not yet translated.
        tips: tooltips of some of them.
        numbers_from: this column and those after it hold numbers, so their heads stand at the right.
    """

    def __init__(self, heads: tuple[str, ...], tips: dict[int, str], numbers_from: int | None = None) -> None:
        super().__init__()
        self._heads, self._tips = heads, tips
        self._numbers_from = len(heads) if numbers_from is None else numbers_from

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self._heads[section])
        if role == Qt.ItemDataRole.ToolTipRole and section in self._tips:
            return plain_tooltip(tr(self._tips[section]))
        if role == Qt.ItemDataRole.TextAlignmentRole and section >= self._numbers_from:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None
