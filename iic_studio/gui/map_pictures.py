"""Pictures in the place of points, when one looks closely: which of them, how large, and how they are painted."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from iic_studio.gui import theme
from iic_studio.gui.map_camera import Camera
from iic_studio.gui.table import Mask, Rows
from iic_studio.records import FloatArray

NEAR, FAR = 34.0, 30.0
_SMALLEST, _LARGEST = 32.0, 128.0
_MOST = 240
_OVERLAP = 0.86


@dataclass(frozen=True)
class Shown:
    """Pictures that are shown: `points`, where their middles are in pixels, and their side."""

    points: Rows
    middles: tuple[tuple[float, float], ...]
    side: float

    def at(self, across: float, down: float) -> int:
        """The point whose picture is under a pixel, or -1; the last painted lies on top."""
        reach = self.side / 2
        for point, (x, y) in zip(self.points[::-1].tolist(), self.middles[::-1], strict=True):
            if abs(x - across) <= reach and abs(y - down) <= reach:
                return int(point)
        return -1


NONE = Shown(np.zeros(0, np.int64), (), 0.0)


def choose_pictures(x: FloatArray, y: FloatArray, camera: Camera, *, were_shown: bool) -> Shown:
    """Pictures for some of the visible points, none hiding another; none at all while points lie closer than pictures can be.

    A picture keeps its place while the map is moved: the squares that share out the room belong to the map, not to the view.

    Args:
        were_shown: there were pictures in the frame before; then they go only when one is clearly too far away.
    """
    scale = camera.scale
    (left, top), (right, bottom) = camera.to_map(0, 0), camera.to_map(camera.width, camera.height)
    seen: Mask = (x >= left) & (x <= right) & (y <= top) & (y >= bottom)
    count = np.count_nonzero(seen)
    if not count:
        return NONE
    room = math.sqrt(camera.width * camera.height / count)
    if room < (FAR if were_shown else NEAR):
        return NONE
    points = np.flatnonzero(seen)
    side = min(max(0.9 * room, _SMALLEST), _LARGEST)
    step = side / scale
    squares = np.floor(x[points] / step).astype(np.int64) * 1_000_003 + np.floor(y[points] / step).astype(np.int64)
    _, first = np.unique(squares, return_index=True)
    return _apart(points[np.sort(first)], x, y, camera, side)


def _apart(points: Rows, x: FloatArray, y: FloatArray, camera: Camera, side: float) -> Shown:
    """Leave out pictures that would lie over one before them."""
    kept: list[int] = []
    middles: list[tuple[float, float]] = []
    taken: dict[tuple[int, int], list[tuple[float, float]]] = {}
    least = _OVERLAP * side
    for point, place_x, place_y in zip(points.tolist(), x[points].tolist(), y[points].tolist(), strict=True):
        across, down = camera.to_pixels(place_x, place_y)
        column, line = math.floor(across / side), math.floor(down / side)
        near = (one for c in (-1, 0, 1) for r in (-1, 0, 1) for one in taken.get((column + c, line + r), ()))
        if any(abs(other_x - across) < least and abs(other_y - down) < least for other_x, other_y in near):
            continue
        taken.setdefault((column, line), []).append((across, down))
        kept.append(point)
        middles.append((across, down))
        if len(kept) == _MOST:
            break
    return Shown(np.array(kept, np.int64), tuple(middles), side)


class Album(Protocol):
    """Where pictures come from, by number of the point."""

    def picture(self, point: int) -> QPixmap | None: ...
    def colour(self, point: int) -> QColor: ...


def paint_pictures(painter: QPainter, shown: Shown, album: Album, selected: Mask, marked: tuple[int, int]) -> None:
    """Each picture in a frame of its point's colour; a plain tile while it is not there yet.

    Args:
        selected: (M,) of all points; when some are, the others fade.
        marked: the current point and the one under the pointer, -1 for none.
    """
    colours = theme.tokens()
    painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    is_partial, (current, hovered) = bool(selected.any()), marked
    for point, (across, down) in zip(shown.points.tolist(), shown.middles, strict=True):
        tile = _paint_picture(painter, album.picture(point), QPointF(across, down), shown.side - 6, QColor(colours.sunken))
        is_chosen = is_partial and bool(selected[point])
        if is_partial and not is_chosen:
            veil = QColor(colours.surface)
            veil.setAlphaF(0.6)
            painter.fillRect(tile, veil)
        pen = QPen(album.colour(point), 2)
        if is_chosen or point == current:
            pen = QPen(QColor(colours.accent), 4 if point == current else 3)
        elif point == hovered:
            pen = QPen(QColor(colours.text), 2)
        painter.setPen(pen)
        painter.drawRoundedRect(tile.adjusted(-1, -1, 1, 1), 3, 3)


def _paint_picture(painter: QPainter, pixmap: QPixmap | None, middle: QPointF, side: float, ground: QColor) -> QRectF:
    """Paint a picture within a square; where it was painted."""
    tile = QRectF(0, 0, side, side)
    if pixmap is None or pixmap.isNull():
        tile.moveCenter(middle)
        painter.fillRect(tile, ground)
        return tile
    tile.setSize(pixmap.size().toSizeF().scaled(tile.size(), Qt.AspectRatioMode.KeepAspectRatio))
    tile.moveCenter(middle)
    painter.drawPixmap(tile, pixmap, QRectF(pixmap.rect()))
    return tile
