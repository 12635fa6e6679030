"""Names on the map: as many as there is room for, the largest clusters first, none over another.

Places are plain numbers until they are painted: each of Qt's rectangles that is thrown away lets another thread have the interpreter, and
while a network trains a frame with hundreds of them waits.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from iic_studio.gui import theme

_MOST, _MOST_WIDTHS = 40, 1000
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


class Room(NamedTuple):
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Room") -> bool:
        """Whether another lies in this one."""
        return self.left <= other.left and self.top <= other.top and other.right <= self.right and other.bottom <= self.bottom

    def meets(self, other: "Room") -> bool:
        """Whether the two overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def arrange_names(
    names: Sequence[MapName],
    to_pixels: Callable[[float, float], tuple[float, float]],
    area: Room,
    size_of: Callable[[str], tuple[float, float]],
) -> list[tuple[Room, MapName]]:
    """Where names are written; one that finds no room is left out.

    Args:
        names: the most important first.
        to_pixels: the pixel at a place on the map.
        area: where names may be.
        size_of: width and height of a name's plate.
    """
    placed: list[tuple[Room, MapName]] = []
    for name in names:
        x, y = to_pixels(name.x, name.y)
        if not area.holds(Room(x, y, x, y)):
            continue
        width, height = size_of(name.text)
        for across, down in _AROUND:
            left, top = x + (across - 0.5) * width, y + (down - 0.5) * height
            room = Room(left, top, left + width, top + height)
            if area.holds(room) and not any(room.meets(other) for other, _ in placed):
                placed.append((room, name))
                break
        if len(placed) == _MOST:
            break
    return placed


class NamePlates:
    """Paints names on small plates, and keeps each as a picture: a map that moves paints all of them with every frame."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, QPixmap] = {}
        self._widths: dict[tuple[str, str], float] = {}  # by font and text

    def paint(
        self, painter: QPainter, names: Sequence[MapName], to_pixels: Callable[[float, float], tuple[float, float]], area: Room, font: QFont
    ) -> None:
        """Paint the names that have room in an area."""
        ratio, colours, key, metrics = painter.device().devicePixelRatioF(), theme.tokens(), font.key(), QFontMetricsF(font)
        height = metrics.height() + 2 * _PAD_Y

        def size_of(text: str) -> tuple[float, float]:
            if (key, text) not in self._widths:
                self._widths[key, text] = min(metrics.horizontalAdvance(text), _LONGEST) + 2 * _PAD_X + _DOT + 4
            return self._widths[key, text], height

        known, self._kept = self._kept, {}
        for room, name in arrange_names(names, to_pixels, area, size_of):
            stamp = name.text, name.colour.rgba(), ratio, colours, key
            plate = self._kept[stamp] = known.get(stamp) or _plate(name, QSizeF(*size_of(name.text)), ratio, font)
            painter.drawPixmap(QPointF(round(room.left * ratio) / ratio, round(room.top * ratio) / ratio), plate)
        if len(self._widths) > _MOST_WIDTHS:
            self._widths.clear()


def _plate(name: MapName, inner: QSizeF, ratio: float, font: QFont) -> QPixmap:
    """A name with its cluster's colour; the picture is a little larger than the plate, for its line."""
    colours, metrics = theme.tokens(), QFontMetricsF(font)
    size = QSize(math.ceil(inner.width()) + 1, math.ceil(inner.height()) + 1)
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
