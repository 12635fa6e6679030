"""The shown pictures as a strip below the large one: thumbnails, each with a bar of what covers how much of it.

Any number of pictures: places are computed, only what is seen is painted and asked for.
"""

import itertools
from collections.abc import Set

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import tr
from iic_studio.gui.session import Session
from iic_studio.gui.strip import middle_square
from iic_studio.gui.thumbnails import Thumbnails

SIDE, GAP, BAR = 64, 6, 5


class MaskStrip(QAbstractScrollArea):
    """The strip. `chosen` carries the place of a picture among the shown ones."""

    chosen = Signal(object)

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._thumbnails = session, thumbnails
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the page's keys go through the pictures
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFixedHeight(SIDE + 3 * GAP + BAR + 10)
        self.setAccessibleName(tr("Pictures"))
        self.horizontalScrollBar().valueChanged.connect(self._ask)
        thumbnails.arrived.connect(self._pictures_came)

    # Places ---------------------------------------------------------------------------------------------------------------------------

    def rect_of(self, place: int) -> QRect:
        """Where a picture is painted."""
        return QRect(GAP + place * (SIDE + GAP) - self.horizontalScrollBar().value(), GAP, SIDE, SIDE)

    def place_at(self, x: int) -> int:
        """Which picture is at a point, or -1."""
        place = (x + self.horizontalScrollBar().value() - GAP // 2) // (SIDE + GAP)
        return place if 0 <= place < len(self._session.shown_rows) else -1

    def _visible(self) -> tuple[int, int]:
        offset, pitch = self.horizontalScrollBar().value(), SIDE + GAP
        return max(0, offset // pitch), min(len(self._session.shown_rows), (offset + self.viewport().width()) // pitch + 1)

    def show_place(self, place: int) -> None:
        """Mark the picture that is shown large, and bring it into view."""
        self.current = place
        bar, rect = self.horizontalScrollBar(), self.rect_of(max(place, 0))
        if rect.left() < GAP:
            bar.setValue(bar.value() + rect.left() - GAP)
        elif rect.right() > self.viewport().width() - GAP:
            bar.setValue(bar.value() + rect.right() - self.viewport().width() + GAP)
        self.refresh()

    def refresh(self) -> None:
        """The pictures are others, or look different."""
        width = len(self._session.shown_rows) * (SIDE + GAP) + GAP
        bar = self.horizontalScrollBar()
        bar.setPageStep(self.viewport().width())
        bar.setSingleStep(SIDE + GAP)
        bar.setRange(0, max(0, width - self.viewport().width()))
        self._ask()
        self.viewport().update()

    def _ask(self) -> None:
        first, last = self._visible()
        rows = self._session.shown_rows[first : last + 4].tolist() if self.isVisible() else ()
        side = round(1.5 * SIDE * self.devicePixelRatioF())
        self._thumbnails.want("masks", self._thumbnails.lacking(self._session.table, rows, side))

    def _pictures_came(self, images: Set[int]) -> None:
        first, last = self._visible()
        if not images.isdisjoint(self._session.table.ids[self._session.shown_rows[first:last]].tolist()):
            self.viewport().update()

    # Painting -------------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(colours.surface))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        first, last = self._visible()
        for place in range(first, last):
            self._paint_one(painter, self.rect_of(place), int(self._session.shown_rows[place]), colours)
            if place == self.current:
                painter.setPen(QPen(QColor(colours.accent), 3))
                painter.drawRect(self.rect_of(place).adjusted(-2, -2, 1, BAR + 3))

    def _paint_one(self, painter: QPainter, square: QRect, row_: int, colours: theme.Tokens) -> None:
        painter.fillRect(square, QColor(colours.sunken))
        found = self._thumbnails.get(int(self._session.table.ids[row_]))
        if found is not None and not found.picture.isNull():
            painter.drawPixmap(square, found.picture, middle_square(found.picture))
        elif not self._session.table.thumb_length[row_]:
            painter.setPen(QColor(colours.muted))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "?")
        position, curated = int(self._session.verdicts.position[row_]), self._session.curated
        if position < 0 or not len(curated.groups):
            return
        edges = np.concatenate([[0.0], curated.probabilities[position].cumsum()])
        edges = (SIDE * edges / max(float(edges[-1]), 1e-6)).round().astype(int).tolist()
        for place, (left, right) in enumerate(itertools.pairwise(edges)):
            if right > left:
                painter.fillRect(QRect(square.left() + left, square.bottom() + 2, right - left, BAR), theme.cluster_colour(place))

    # From the person ------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint().x())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.chosen.emit(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (turned.y() or turned.x()))
        event.accept()

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def showEvent(self, event: object) -> None:
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
