"""Names on the map: as many as there is room for, the largest clusters first, none over another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

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


def paint_names(painter: QPainter, placed: Sequence[tuple[QRectF, MapName]], metrics: QFontMetricsF) -> None:
    """Each name on a small plate, with its cluster's colour."""
    colours = theme.tokens()
    plate = QColor(colours.surface)
    plate.setAlphaF(0.88)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rect, name in placed:
        painter.setPen(QColor(colours.border))
        painter.setBrush(plate)
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(name.colour)
        painter.drawEllipse(QPointF(rect.left() + _PAD_X + _DOT / 2, rect.center().y()), _DOT / 2, _DOT / 2)
        painter.setPen(QColor(colours.text))
        text = metrics.elidedText(name.text, Qt.TextElideMode.ElideRight, _LONGEST)
        painter.drawText(rect.adjusted(_PAD_X + _DOT + 4, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
