"""Names on the map: as many as there is room for, the largest clusters first, none over another."""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from iic_studio.gui import theme

_MOST = 40
_PAD_X, _PAD_Y, _DOT = 8.0, 3.0, 8.0
_LONGEST = 180.0
# Beside its place a name may also lie a little above, below, left or right of it, in parts of its size.
_AROUND = ((0.0, 0.0), (0.0, -1.1), (0.0, 1.1), (0.6, 0.0), (-0.6, 0.0), (0.6, -1.1), (-0.6, 1.1))


@dataclass(frozen=True)
class MapName:
    """A name and its place on the map; names come with the most important first."""

    text: str
    x: float
    y: float
    colour: QColor


def arrange_names(
    names: Sequence[MapName], to_pixels: Callable[[float, float], tuple[float, float]], area: QRectF, metrics: QFontMetricsF
) -> list[tuple[QRectF, MapName]]:
    """Where names are written; one that finds no room is left out."""
    placed: list[tuple[QRectF, MapName]] = []
    for name in names:
        middle = QPointF(*to_pixels(name.x, name.y))
        if not area.contains(middle):
            continue
        width = min(metrics.horizontalAdvance(name.text), _LONGEST) + 2 * _PAD_X + _DOT + 4
        size = QSizeF(width, metrics.height() + 2 * _PAD_Y)
        for across, down in _AROUND:
            rect = QRectF(QPointF(), size)
            rect.moveCenter(middle + QPointF(across * size.width(), down * size.height()))
            if area.contains(rect) and not any(rect.intersects(other) for other, _ in placed):
                placed.append((rect, name))
                break
        if len(placed) == _MOST:
            break
    return placed


class NamePlates:
    """Paints names on small plates, and keeps each as a picture: a map that moves paints all of them with every frame."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, QPixmap] = {}

    def paint(self, painter: QPainter, placed: Sequence[tuple[QRectF, MapName]], font: QFont) -> None:
        """Paint names at their places."""
        ratio, colours = painter.device().devicePixelRatioF(), theme.tokens()
        known, self._kept = self._kept, {}
        for rect, name in placed:
            size = QSize(math.ceil(rect.width()) + 1, math.ceil(rect.height()) + 1)
            key = name.text, name.colour.rgba(), size.toTuple(), ratio, colours, font.key()
            plate = self._kept[key] = known.get(key) or _plate(name, rect.size(), size, ratio, font)
            painter.drawPixmap(QPointF(round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio), plate)


def _plate(name: MapName, inner: QSizeF, size: QSize, ratio: float, font: QFont) -> QPixmap:
    """A name with its cluster's colour; the picture is a little larger than the plate, for its line."""
    colours, metrics = theme.tokens(), QFontMetricsF(font)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, ground = QRectF(QPointF(0.5, 0.5), inner), QColor(colours.surface)
        ground.setAlphaF(0.88)
        painter.setPen(QColor(colours.border))
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(name.colour)
        painter.drawEllipse(QPointF(rect.left() + _PAD_X + _DOT / 2, rect.center().y()), _DOT / 2, _DOT / 2)
        painter.setPen(QColor(colours.text))
        text = metrics.elidedText(name.text, Qt.TextElideMode.ElideRight, _LONGEST)
        painter.drawText(rect.adjusted(_PAD_X + _DOT + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    return picture
