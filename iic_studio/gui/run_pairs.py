"""The clusters of two runs side by side: each with its counterpart, how far they overlap, and the surest pictures of both."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from iic_studio.evaluation.comparing import Comparison
from iic_studio.evaluation.stability import jaccard_table
from iic_studio.gui import theme
from iic_studio.gui.language import amount, count_images, tr
from iic_studio.gui.session import Session
from iic_studio.gui.strip import middle_square
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.records import Assignments, IntArray

Index = QModelIndex | QPersistentModelIndex
PairRole = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()
_SIDE, _GAP, _SHOWN, _THUMBNAIL = 40, 4, 5, 112
_MIDDLE = 76


@dataclass(frozen=True, eq=False)
class Pair:
    """A cluster of the first run and its counterpart in the second; -1 where there is none.

    Attributes:
        names, colours, sizes: of both, sizes among the images that both runs know; empty where there is none.
        prototypes: ids of the surest images of each.
        overlap: Jaccard similarity, 0–1.
    """

    clusters: tuple[int, int]
    names: tuple[str, str]
    colours: tuple[str, str]
    sizes: tuple[int, int]
    prototypes: tuple[IntArray, IntArray]
    overlap: float


def prototypes_of(said: Assignments) -> list[IntArray]:
    """For each cluster the ids of its surest images."""
    order = np.lexsort((said.image_ids, -said.confidence * said.agreement))
    return [said.image_ids[order[said.assignment[order] == cluster][:_SHOWN]] for cluster in range(said.probabilities.shape[1])]


def pairs_of(
    found: Comparison,
    names: tuple[list[str], list[str]],
    colours: tuple[list[str], list[str]],
    prototypes: tuple[list[IntArray], list[IntArray]],
) -> list[Pair]:
    """Clusters and their counterparts, the largest first; then those of the second run that have none."""
    overlaps, nothing = jaccard_table(found.counts), np.zeros(0, np.int64)
    matched = [(one, int(other)) for one, other in enumerate(found.match.tolist())]
    left = [(-1, other) for other in range(found.counts.shape[1]) if other not in found.match]
    sizes = found.counts.sum(axis=1), found.counts.sum(axis=0)
    pairs = []
    for clusters in sorted(matched, key=lambda pair: -sizes[0][pair[0]]) + sorted(left, key=lambda pair: -sizes[1][pair[1]]):
        both = min(clusters) >= 0
        pairs.append(
            Pair(
                clusters,
                (_of(names[0], clusters[0], ""), _of(names[1], clusters[1], "")),
                (_of(colours[0], clusters[0], ""), _of(colours[1], clusters[1], "")),
                (int(_of(sizes[0], clusters[0], 0)), int(_of(sizes[1], clusters[1], 0))),
                (_of(prototypes[0], clusters[0], nothing), _of(prototypes[1], clusters[1], nothing)),
                float(overlaps[clusters]) if both else 0.0,
            )
        )
    return pairs


def _of(values: Any, place: int, otherwise: Any) -> Any:
    return values[place] if place >= 0 else otherwise


class PairModel(QAbstractListModel):
    """Pairs in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[Pair] = []

    def take(self, pairs: list[Pair]) -> None:
        """Show these."""
        self.beginResetModel()
        self.pairs = pairs
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.pairs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.pairs):
            return None
        pair = self.pairs[index.row()]
        if role == PairRole:
            return pair
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return pair_words(pair)
        return None


def pair_words(pair: Pair) -> str:
    """A pair in words."""
    sizes = [count_images(size) for size in pair.sizes]
    if min(pair.clusters) < 0:
        place = int(pair.clusters[0] < 0)
        return tr("{0} ({1}) has no counterpart.", pair.names[place], sizes[place])
    return tr(
        "{0} ({1}) and {2} ({3}) share {4:.0f} % of the pictures in either.",
        *(pair.names[0], sizes[0], pair.names[1], sizes[1], 100 * pair.overlap),
    )


class PairDelegate(QStyledItemDelegate):
    """Paints a line: a cluster at the left, one at the right, and between them how far they overlap."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._thumbnails = session, thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(320, option.fontMetrics.height() + _SIDE + 20)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, pair, rect = theme.tokens(), index.data(PairRole), option.rect
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if selected else colours.hover))
            painter.drawRoundedRect(QRectF(rect.adjusted(4, 1, -4, -1)), 6, 6)
        half = (rect.width() - _MIDDLE - 32) // 2
        line = option.fontMetrics.height()
        for side, left in enumerate((rect.left() + 16, rect.right() - 16 - half)):
            self._paint_cluster(painter, QRect(left, rect.top() + 6, half, rect.height() - 12), pair, side, line)
        self._paint_overlap(painter, QRect(rect.left() + 16 + half, rect.top(), _MIDDLE, rect.height()), pair, line)
        painter.restore()

    def _paint_cluster(self, painter: QPainter, area: QRect, pair: Pair, side: int, line: int) -> None:
        colours, cluster = theme.tokens(), pair.clusters[side]
        words = QRect(area.left() + 20, area.top(), area.width() - 20, line)
        if cluster < 0:
            painter.setPen(QColor(colours.muted))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, tr("no counterpart"))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(pair.colours[side]))
        painter.drawRoundedRect(QRectF(area.left(), area.top() + (line - 12) / 2, 12, 12), 3, 3)
        painter.setPen(QColor(colours.text))
        text = f"{pair.names[side]} · {amount(pair.sizes[side])}"
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        left = area.left()
        for image in pair.prototypes[side].tolist():
            if left + _SIDE > area.right() + 1:
                break
            square = QRect(left, area.top() + line + 6, _SIDE, _SIDE)
            painter.fillRect(square, QColor(colours.sunken))
            found = self._thumbnails.get(image)
            if found is not None and not found.picture.isNull():
                painter.drawPixmap(square, found.picture, middle_square(found.picture))
            left += _SIDE + _GAP

    def _paint_overlap(self, painter: QPainter, area: QRect, pair: Pair, line: int) -> None:
        if min(pair.clusters) < 0:
            return
        colours = theme.tokens()
        middle = area.center().y()
        bar = QRectF(area.left() + 8, middle + 4, area.width() - 24, 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(
            QRect(area.left(), middle - line, area.width() - 8, line), Qt.AlignmentFlag.AlignCenter, f"{100 * pair.overlap:.0f} %"
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.sunken))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * pair.overlap, 4), 2, 2)


class PairList(QListView):
    """The list. `chosen` carries the pair of a line that was clicked, or of Return."""

    chosen = Signal(object)

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._thumbnails = session, thumbnails
        self.pairs = PairModel()
        self.setModel(self.pairs)
        self.setItemDelegate(PairDelegate(session, thumbnails, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Clusters of both runs side by side"))
        thumbnails.arrived.connect(self._pictures_came)
        self.verticalScrollBar().valueChanged.connect(self._ask)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def take(self, pairs: list[Pair]) -> None:
        """Show these."""
        self.pairs.take(pairs)
        self._ask()

    def _pictures_came(self, images: Set[int]) -> None:
        if not self.isVisible():
            return
        for number, pair in enumerate(self.pairs.pairs):
            if not images.isdisjoint(np.concatenate(pair.prototypes).tolist()):
                self.update(self.pairs.index(number))

    def _choose(self, index: Index) -> None:
        if index.isValid():
            self.chosen.emit(index.data(PairRole))

    def _ask(self) -> None:
        """Wish for the pictures of the lines that are seen."""
        table, area = self._session.table, self.viewport().rect()
        seen = [pair for number, pair in enumerate(self.pairs.pairs) if self.visualRect(self.pairs.index(number)).intersects(area)]
        rows = table.rows_of(np.concatenate([np.zeros(0, np.int64), *(images for pair in seen for images in pair.prototypes)]))
        self._thumbnails.want("pairs of runs", self._thumbnails.lacking(table, rows[rows >= 0].tolist(), _THUMBNAIL, least=1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()
