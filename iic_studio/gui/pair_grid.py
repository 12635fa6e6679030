"""A grid of pairs: each picture and its changed copy side by side, pixel by pixel as the network gets them."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import tr

_GAP, _PADDING, _MARGIN = 3, 6, 10
_LARGEST = 112


class PairGrid(QWidget):
    """The grid; pairs are made as large as there is room for all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheets = (QImage(), QImage())
        self._count = self._side = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)
        self.setAccessibleName(tr("Pairs of pictures"))

    @property
    def count(self) -> int:
        """Number of pairs shown."""
        return self._count

    def show_pairs(self, first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8], words: str) -> None:
        """Show (N, S, S, 3) pictures and copies; `words` tell them to who cannot see them."""
        self._count, self._side = len(first), first.shape[1] if len(first) else 0
        self._sheets = (_sheet(first), _sheet(second))
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, 480)

    def layout_of(self, width: int, height: int) -> tuple[int, int]:
        """Columns, and the side of a picture in logical pixels, so that all pairs are as large as can be."""
        best = (1, 8)
        for columns in range(1, self._count + 1):
            lines = math.ceil(self._count / columns)
            across = (width - _MARGIN) / columns - _MARGIN - 2 * _PADDING - _GAP
            down = (height - _MARGIN) / lines - _MARGIN - 2 * _PADDING
            side = int(min(across / 2, down, _LARGEST))
            if side > best[1]:
                best = (columns, side)
        return best

    def pair_rect(self, place: int) -> QRectF:
        """Where a pair is."""
        columns, side = self.layout_of(self.width(), self.height())
        width, height = 2 * side + _GAP + 2 * _PADDING, side + 2 * _PADDING
        spare = max(0, self.width() - columns * (width + _MARGIN) + _MARGIN) // 2
        line, column = divmod(place, columns)
        return QRectF(spare + column * (width + _MARGIN), _MARGIN + line * (height + _MARGIN), width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._count:
            return
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _, side = self.layout_of(self.width(), self.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side * self.devicePixelRatioF() < 2 * self._side)
        for place in range(self._count):
            card = self.pair_rect(place)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.sunken))
            painter.drawRoundedRect(card, 6, 6)
            source = QRectF(0, place * self._side, self._side, self._side)
            for number, sheet in enumerate(self._sheets):
                target = QRectF(card.left() + _PADDING + number * (side + _GAP), card.top() + _PADDING, side, side)
                painter.drawImage(target, sheet, source)


def _sheet(pictures: npt.NDArray[np.uint8]) -> QImage:
    """(N, S, S, 3) below each other in one image."""
    if not len(pictures):
        return QImage()
    side = pictures.shape[1]
    data = np.ascontiguousarray(pictures)
    return QImage(data.data, side, side * len(data), 3 * side, QImage.Format.Format_RGB888).copy()
