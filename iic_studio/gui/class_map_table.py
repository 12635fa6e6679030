"""The map from clusters to classes as a table: votes, ties, clusters without a label; the class of each line can be chosen by hand."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from iic_studio.curation.labels import ImageClass
from iic_studio.evaluation.class_maps import NO_CLASS
from iic_studio.gui import theme
from iic_studio.gui.class_tables import MapRow, name_of
from iic_studio.gui.colouring import class_colours
from iic_studio.gui.headed_model import NO_PARENT, HeadedModel, Index
from iic_studio.gui.language import amount, later, percent, tr
from iic_studio.gui.widgets import colour_icon, plain_tooltip

RowRole = Qt.ItemDataRole.UserRole
CLUSTER, IMAGES, CLASS, SHARE, VOTES, NOTE = range(6)
_HEADS = (later("Cluster"), later("Pictures"), later("Class"), later("Share"), later("Votes"), later("Note"))
_TIPS = {
    CLASS: later("Chosen by the labels; choose another one to map the cluster by hand"),
    SHARE: later("Part of its pictures that get this class"),
    VOTES: later("Labels of its pictures, the most frequent first"),
}
_MOST_VOTES = 4
_SQUARE = 9


class MapModel(HeadedModel):
    """Lines of the map. `mapped` (place, number of a class or None) says that a person mapped a line."""

    mapped = Signal(int, object)

    def __init__(self) -> None:
        super().__init__(_HEADS, _TIPS)
        self._rows: tuple[MapRow, ...] = ()
        self._classes: tuple[ImageClass, ...] = ()

    def take(self, rows: tuple[MapRow, ...], classes: tuple[ImageClass, ...]) -> None:
        """Show these."""
        same = [row.place for row in rows] == [row.place for row in self._rows]
        if same and rows:
            self._rows, self._classes = rows, classes
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, NOTE))
            return
        self.beginResetModel()
        self._rows, self._classes = rows, classes
        self.endResetModel()

    @property
    def rows(self) -> tuple[MapRow, ...]:
        return self._rows

    @property
    def classes(self) -> tuple[ImageClass, ...]:
        return self._classes

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def text(self, row: MapRow, place: int) -> str:
        """What stands in a cell."""
        if place == CLUSTER:
            return row.name
        if place == IMAGES:
            return amount(row.images)
        if place == CLASS:
            return name_of(self._classes, row.found)
        if place == SHARE:
            return percent(row.flow[0][1] / max(row.images, 1)) if row.flow else ""
        if place == VOTES:
            words = [f"{amount(count)} × {name_of(self._classes, one)}" for one, count in row.votes[:_MOST_VOTES]]
            return ", ".join([*words, *(["…"] if len(row.votes) > _MOST_VOTES else [])])
        if row.by_hand != NO_CLASS:
            return tr("by hand")
        return tr("no label") if not row.votes else tr("a tie") if row.is_tie else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, place = self._rows[index.row()], index.column()
        if role == RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, place)
        if role == Qt.ItemDataRole.ToolTipRole and place == VOTES:
            return plain_tooltip("\n".join(f"{amount(count)} × {name_of(self._classes, one)}" for one, count in row.votes))
        if role == Qt.ItemDataRole.ToolTipRole and place in (CLUSTER, CLASS):
            return plain_tooltip(self.text(row, place))
        if role == Qt.ItemDataRole.DecorationRole and place == CLUSTER:
            return colour_icon(row.colour)
        if role == Qt.ItemDataRole.ForegroundRole and place == NOTE:
            colours = theme.tokens()
            return QColor(colours.accent if row.by_hand != NO_CLASS else colours.warn)
        if role == Qt.ItemDataRole.TextAlignmentRole and place in (IMAGES, SHARE):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{tr(_HEADS[place])}: {self.text(row, place)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == CLASS else flags

    def choose(self, index: Index, uid: int | None) -> None:
        """Map a line by hand; None lets the labels decide."""
        if index.isValid() and index.row() < len(self._rows):
            self.mapped.emit(self._rows[index.row()].place, uid)


def map_table(model: MapModel) -> QTableView:
    """The map as a table whose classes can be chosen."""
    table = QTableView()
    table.setModel(model)
    table.setItemDelegateForColumn(CLASS, ClassBox(table))
    table.setItemDelegateForColumn(VOTES, Votes(table))
    table.setAccessibleName(tr("Map from clusters to classes"))
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setSectionResizeMode(VOTES, QHeaderView.ResizeMode.Stretch)
    return table


class Votes(QStyledItemDelegate):
    """Votes in words; where these have no room, a square of the colour of each class with the number beside it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, metrics = index.model(), option.fontMetrics
        style = QApplication.style()
        self.initStyleOption(option, index)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, option.widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, option.widget) + 1
        if not isinstance(model, MapModel) or metrics.horizontalAdvance(option.text) <= room.width() - 2 * margin:
            super().paint(painter, option, index)
            return
        option.text = ""
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        colours, votes, left = class_colours(model.classes), model.rows[index.row()].votes, room.left()
        painter.save()
        painter.setPen(QColor(theme.tokens().text))
        for place, (one, count) in enumerate(votes):
            words = amount(count)
            width = _SQUARE + 3 + metrics.horizontalAdvance(words)
            more = metrics.horizontalAdvance("…") if place < len(votes) - 1 else 0
            if place and left + width + more > room.right():
                painter.drawText(QRect(left, room.top(), room.right() - left, room.height()), Qt.AlignmentFlag.AlignVCenter, "…")
                break
            painter.fillRect(QRect(left, room.center().y() - _SQUARE // 2, _SQUARE, _SQUARE), QColor(colours[one]))
            painter.drawText(QRect(left + _SQUARE + 3, room.top(), width, room.height()), Qt.AlignmentFlag.AlignVCenter, words)
            left += width + 6
        painter.restore()


class ClassBox(QStyledItemDelegate):
    """The class of a line as a box to choose from."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, MapModel):
            return
        row = model.rows[index.row()]
        self.initStyleOption(option, index)
        option.text = ""
        style = QApplication.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        colours, line = theme.tokens(), option.fontMetrics.height()
        box = QRect(option.rect.left() + 4, option.rect.center().y() - line // 2 - 4, option.rect.width() - 8, line + 8)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.border_strong))
        painter.setBrush(QColor(colours.surface))
        painter.drawRoundedRect(box, 5, 5)
        left = box.left() + 8
        if row.found >= 0:
            painter.fillRect(QRect(left, box.center().y() - 5, 11, 11), QColor(class_colours(model.classes)[row.found]))
            left += 18
        painter.setPen(QColor(colours.text if row.found >= 0 else colours.muted))
        room = QRect(left, box.top(), box.right() - 20 - left, box.height())
        text = option.fontMetrics.elidedText(model.text(row, CLASS), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
        arrow = QStyleOptionComboBox()
        arrow.rect = QRect(box.right() - 18, box.center().y() - 5, 10, 10)
        arrow.palette = option.palette
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter, option.widget)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        box = QComboBox(parent)
        box.setAccessibleName(tr("Class of the cluster"))
        box.addItem(tr("By the labels"), None)
        if isinstance(model, MapModel):
            for one, colour in zip(model.classes, class_colours(model.classes), strict=True):
                box.addItem(colour_icon(colour), one.name, one.uid)
        box.activated.connect(lambda _: self._done(box))
        return box

    def _done(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        model = index.model()
        if isinstance(editor, QComboBox) and isinstance(model, MapModel):
            hand = model.rows[index.row()].by_hand
            uid = model.classes[hand].uid if hand != NO_CLASS else None
            editor.setCurrentIndex(max(editor.findData(uid), 0))
            editor.setProperty("before", editor.currentIndex())

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox) and isinstance(model, MapModel) and editor.currentIndex() != editor.property("before"):
            model.choose(index, editor.currentData())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(2, 0, -2, 0))
