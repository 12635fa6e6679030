"""The lines of the list of clusters: what they show, how each is painted and its name edited.

A line is painted once and kept as a picture, since a window that is resized paints all of them with every frame. The list puts them below
each other itself: a QListView asks model and delegate a dozen questions for each line of each frame, and while a network trains any of
them may have to wait for the interpreter.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLineEdit, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from iic_studio.curation import edits
from iic_studio.gui import icons, theme
from iic_studio.gui.language import amount, percent, tr
from iic_studio.gui.session import Session, Shown
from iic_studio.gui.strip import middle_square
from iic_studio.gui.thumbnails import Thumbnail, Thumbnails
from iic_studio.gui.widgets import at_most

Index = QModelIndex | QPersistentModelIndex
PROTOTYPE_SIDE = 44
HEADING = 36
MOST_PICTURES = 64


@dataclass(frozen=True)
class Entry:
    """One line of the list. `share` is its part of the largest cluster, `prototypes` rows of the table, `selected` how many are; `area` its
    part of all pixels, where pixels are grouped."""

    shown: Shown
    name: str
    count: int
    share: float = 0.0
    prototypes: tuple[int, ...] = ()
    heading: str = ""
    selected: int = 0
    area: float | None = None

    @property
    def size_words(self) -> str:
        """How large it is, as it stands at the right."""
        if self.area is not None:
            return percent(self.area)
        return tr("{0:,} of {1:,}", self.selected, self.count) if self.selected else amount(self.count)

    @property
    def is_cluster(self) -> bool:
        return self.shown.kind == "cluster"


def _height(entry: Entry, line: int) -> int:
    """Of an entry, where a line of text is so high."""
    height = line + 16 + (8 if entry.is_cluster else 0) + (PROTOTYPE_SIDE + 8 if entry.prototypes else 0)
    return height + (HEADING if entry.heading else 0)


def _name_rect(rect: QRect, line: int, count_width: int = 68) -> QRect:
    return QRect(rect.left() + 40, rect.top() + 8, rect.width() - 40 - count_width - 4, line)


@dataclass(frozen=True)
class Look:
    """What a line depends on beside its entry: size in logical pixels, device pixels for each of them, and what is done with it."""

    width: int
    height: int
    ratio: float
    is_selected: bool
    is_hovered: bool


class LinePictures:
    """Paints lines: swatch or icon, name, size, bar, prototypes; keeps those that were painted last."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        self._session = session
        self._thumbnails = thumbnails
        self._icons: dict[tuple[str, str, float], QPixmap] = {}
        self._kept: OrderedDict[int, tuple[Hashable, QPixmap]] = OrderedDict()  # by number of the line

    def picture(self, number: int, entry: Entry, look: Look, font: QFont) -> QPixmap:
        """The picture of a line."""
        stamp = self._stamp(entry), look, font.key()
        known = self._kept.pop(number, None)
        if known is None or known[0] != stamp:
            size = QSize(look.width, look.height)
            picture = QPixmap(size * look.ratio)
            picture.setDevicePixelRatio(look.ratio)
            picture.fill(QColor(theme.tokens().surface))
            with QPainter(picture) as inner:
                inner.setFont(font)
                self._paint_line(inner, QRect(QPoint(0, 0), size), look, entry)
            known = stamp, picture
        self._kept[number] = known
        if len(self._kept) > MOST_PICTURES:
            self._kept.popitem(last=False)
        return known[1]

    def _stamp(self, entry: Entry) -> Hashable:
        """All that a line depends on but its look."""
        found = [self._thumbnail(row) for row in entry.prototypes]
        pictures = tuple(None if one is None else one.picture.cacheKey() for one in found)
        colour = theme.cluster_colour(entry.shown.cluster).rgba() if entry.is_cluster else 0
        return entry, theme.tokens(), colour, pictures

    def _thumbnail(self, row: int) -> Thumbnail | None:
        table = self._session.table
        return self._thumbnails.get(int(table.ids[row])) if row < len(table) else None

    def _paint_line(self, painter: QPainter, rect: QRect, look: Look, entry: Entry) -> None:
        colours, metrics = theme.tokens(), QFontMetrics(painter.font())
        if entry.heading:
            self._paint_heading(painter, rect, entry.heading, colours)
            rect = rect.adjusted(0, HEADING, 0, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if look.is_selected or look.is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if look.is_selected else colours.hover))
            painter.drawRoundedRect(QRectF(rect.adjusted(8, 1, -8, -1)), 6, 6)
        line = metrics.height()
        self._paint_mark(painter, QRect(rect.left() + 16, rect.top() + 8 + (line - 16) // 2, 16, 16), entry, colours)
        is_used = bool(entry.count if entry.area is None else entry.share)
        painter.setPen(QColor(colours.text if is_used or not entry.is_cluster else colours.muted))
        count = entry.size_words
        count_width = max(68, metrics.horizontalAdvance(count) + 8)
        name_rect = _name_rect(rect, line, count_width)
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, name_rect.width())
        painter.drawText(name_rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        is_bad = entry.shown.kind == "problems" and entry.count
        painter.setPen(QColor(colours.bad if is_bad else colours.accent if entry.selected and entry.area is None else colours.muted))
        count_rect = QRect(rect.right() - count_width - 16, rect.top() + 8, count_width, line)
        painter.drawText(count_rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        if entry.is_cluster:
            self._paint_cluster(painter, rect, rect.top() + 8 + line + 4, entry, colours)

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str, colours: theme.Tokens) -> None:
        font = painter.font()
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.9)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        painter.setPen(QColor(colours.muted))
        area = QRect(rect.left() + 16, rect.top() + 10, rect.width() - 32, HEADING - 12)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(QColor(colours.border))
        painter.drawLine(rect.left() + 16, rect.top() + 6, rect.right() - 16, rect.top() + 6)
        painter.setFont(font)

    def _paint_mark(self, painter: QPainter, rect: QRect, entry: Entry, colours: theme.Tokens) -> None:
        if entry.is_cluster:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.cluster_colour(entry.shown.cluster))
            painter.drawRoundedRect(QRectF(rect.adjusted(2, 2, -2, -2)), 3, 3)
            return
        colour = colours.bad if entry.shown.kind == "problems" and entry.count else colours.muted
        ratio = painter.device().devicePixelRatioF()
        key = (entry.shown.kind, colour, ratio)
        if key not in self._icons:
            self._icons[key] = icons.pixmap(entry.shown.kind, rect.width(), colour, ratio)
        painter.drawPixmap(rect.topLeft(), self._icons[key])

    def _paint_cluster(self, painter: QPainter, rect: QRect, top: int, entry: Entry, colours: theme.Tokens) -> None:
        bar = QRectF(rect.left() + 40, top, rect.width() - 56, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        painter.setBrush(theme.cluster_colour(entry.shown.cluster))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(3.0, bar.width() * entry.share) if entry.share else 0, 3), 1.5, 1.5)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left = rect.left() + 40
        for row_ in entry.prototypes:
            square = QRect(left, top + 10, PROTOTYPE_SIDE, PROTOTYPE_SIDE)
            found = self._thumbnail(row_)
            painter.fillRect(square, QColor(colours.sunken))
            if found is not None and not found.picture.isNull():
                painter.drawPixmap(square, found.picture, middle_square(found.picture))
            left += PROTOTYPE_SIDE + 4


class ClusterDelegate(QStyledItemDelegate):
    """How high a line is, and how its name is edited."""

    def __init__(self, entry_of: Callable[[Index], Entry], parent: QWidget) -> None:
        super().__init__(parent)
        self._entry_of = entry_of

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, _height(self._entry_of(index), option.fontMetrics.height()))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setPlaceholderText(tr("Name for {0}", self._entry_of(index).name))
        at_most(editor, edits.MOST_NAME)
        editor.setAccessibleName(tr("Name of the cluster"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit) and not editor.isModified():  # the list refreshes while somebody types
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect.adjusted(0, HEADING if self._entry_of(index).heading else 0, 0, 0)
        name = _name_rect(rect, option.fontMetrics.height())
        editor.setGeometry(name.left() - 6, rect.top() + 1, option.rect.right() - name.left() - 4, name.height() + 14)


class ClusterLines(QListView):
    """A list view of one column without spaces that paints its entries itself."""

    def __init__(self, pictures: LinePictures, entries: Callable[[], Sequence[Entry]]) -> None:
        super().__init__()
        self._pictures, self._entries = pictures, entries
        self._selected: frozenset[int] = frozenset()
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._selected = frozenset(index.row() for index in self.selectionModel().selectedRows())

    def reset(self) -> None:
        super().reset()
        self._selected = frozenset()

    def commitData(self, editor: QWidget) -> None:
        """Return is obeyed a moment after it was pressed; by then another list may have closed the field."""
        if self.state() == QListView.State.EditingState:
            super().commitData(editor)

    def paintEvent(self, event: QPaintEvent) -> None:
        viewport, font = self.viewport(), self.font()
        area = event.rect()
        first, last = area.top(), area.bottom()
        under = self.indexAt(viewport.mapFromGlobal(QCursor.pos())).row() if viewport.underMouse() else -1
        line, width, ratio = QFontMetrics(font).height(), viewport.width(), viewport.devicePixelRatioF()
        top = -self.verticalScrollBar().value()
        with QPainter(viewport) as painter:
            for number, entry in enumerate(self._entries()):
                height = _height(entry, line)
                if top + height > first:
                    look = Look(width, height, ratio, number in self._selected, number == under)
                    painter.drawPixmap(0, top, self._pictures.picture(number, entry, look, font))
                top += height
                if top > last:
                    break
