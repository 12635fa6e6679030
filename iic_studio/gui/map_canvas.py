"""The map as it is painted: points as one picture, lines around clusters, pictures when near, names; and gliding from one map to the next.

Knows nothing of projects: it is given points, ink, names, and a `Source` of pictures. The points are drawn by `raster` once for a view;
what moves over them (pointer, lasso, card) costs no redrawing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QEasingCurve, QEvent, QPointF, QSize, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import map_pictures, theme
from iic_studio.gui.map_camera import Camera
from iic_studio.gui.map_ink import Ink
from iic_studio.gui.map_names import MapName, NamePlates, Room
from iic_studio.gui.map_points import MapPoints
from iic_studio.gui.motion import wants_motion
from iic_studio.gui.raster import Bytes, Pixels, PointRaster, blend
from iic_studio.gui.table import Mask, Rows
from iic_studio.records import FloatArray

MOVE_MS, REST_MS = 600, 180
_SMALLEST, _LARGEST = 1.1, 6.0
_ASK_SIDES = (64, 128)


class Source(Protocol):
    """Where the view gets pictures, words and colours from, by number of the point."""

    def images(self, points: Rows) -> list[int]: ...
    def picture(self, point: int) -> QPixmap | None: ...
    def want(self, points: Rows, side: int) -> None: ...
    def want_large(self, point: int, side: int) -> None: ...
    def words(self, point: int) -> tuple[str, str]: ...
    def colour(self, point: int) -> QColor: ...


@dataclass(frozen=True)
class Border:
    """A line around a cluster: one path in places of the map."""

    path: QPainterPath
    colour: QColor


class MapCanvas(QWidget):
    """What is seen of a map."""

    def __init__(self, source: Source, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._points = MapPoints()
        self._x: FloatArray = self._points.x
        self._y: FloatArray = self._points.y
        self._ink: Ink | None = None
        self._numbers: Bytes = np.zeros(0, np.uint8)
        self._selected: Mask = np.zeros(0, np.bool_)
        self._current = self._hovered = -1
        self._names: Sequence[MapName] = ()
        self._plates = NamePlates()
        self._borders: Sequence[Border] = ()
        self._drawn_with: tuple[tuple[theme.Tokens, float, float] | None, list[QPen]] = (None, [])  # the borders, and why
        self.with_names = self.with_borders = self.with_pictures = True
        self._camera = Camera()
        self._raster = PointRaster()
        self._image = QImage()
        self._pixels: Pixels = np.zeros((0, 0), np.uint32)
        self._is_stale = self._is_still = True
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._refine)
        self._pictures = map_pictures.NONE
        self._asked: tuple[bytes, int] = (b"", 0)
        self.frames = 0  # rasters drawn, for tests and benchmarks
        self._glide = QVariantAnimation(self, duration=MOVE_MS, startValue=0.0, endValue=1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._from: tuple[FloatArray, FloatArray] = (self._x, self._y)
        self._glide.valueChanged.connect(self._move_to)
        self._glide.finished.connect(self.arrive)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 200)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing behind it has to be painted

    def sizeHint(self) -> QSize:
        return QSize(640, 560)

    # What is shown --------------------------------------------------------------------------------------------------------------------

    @property
    def points(self) -> MapPoints:
        return self._points

    @property
    def camera(self) -> Camera:
        return self._camera

    @property
    def is_gliding(self) -> bool:
        return self._glide.state() is QVariantAnimation.State.Running

    def show_points(self, points: MapPoints, ink: Ink, selected: Mask) -> None:
        """Show other points, gliding there if they are the same images and motion is wanted.

        Args:
            ink: of these points.
            selected: (M,) which of them are selected.
        """
        same = len(points) > 0 and np.array_equal(points.rows, self._points.rows)
        self._glide.stop()
        self._from = (self._x, self._y)
        self._points, self._current, self._hovered = points, self._current if same else -1, -1
        self.set_ink(ink, selected)
        moves = same and not (np.array_equal(self._x, points.x) and np.array_equal(self._y, points.y))
        if moves and self.isVisible() and wants_motion():
            self._glide.start()
        else:
            self.arrive()

    def set_ink(self, ink: Ink, selected: Mask) -> None:
        """The points are the same; their colours or the selection are others."""
        self._ink, self._selected = ink, selected
        self._numbers = ink.of(selected)
        self.redraw()

    def set_selected(self, selected: Mask, current: int) -> None:
        """The selection is another; `current` is the point looked at, or -1."""
        self._current = current
        if self._ink is not None and not np.array_equal(selected, self._selected):
            self.set_ink(self._ink, selected)
        self.update()

    def set_names(self, names: Sequence[MapName], borders: Sequence[Border]) -> None:
        """Names and lines of the clusters, the most important first."""
        self._names, self._borders = names, borders
        self._drawn_with = (None, [])
        self.update()

    def look_from(self, camera: Camera) -> None:
        """See another part of the map."""
        if camera != self._camera:
            self._camera = camera
            self.redraw()

    def reset_view(self) -> None:
        """The whole map."""
        self.look_from(self._camera.reset())

    def arrive(self) -> None:
        """End gliding: every point is where it belongs."""
        self._glide.stop()
        self._x, self._y = self._points.x, self._points.y
        self.redraw()

    def _move_to(self, share: float) -> None:
        (x, y), target = self._from, self._points
        if len(x) == len(target):
            part = np.float32(share)
            self._x, self._y = x + (target.x - x) * part, y + (target.y - y) * part
            self.redraw()

    def redraw(self) -> None:
        """Draw the points anew; if that is coarse because there are many pixels, once more when nothing moves."""
        self._is_stale = True
        self._is_still = False
        self.update()

    def _refine(self) -> None:
        self._is_stale = self._is_still = True
        self.update()

    def radius(self) -> float:
        """Of a point, in logical pixels: larger when there are few or when one looks closely."""
        camera = self._camera
        room = math.sqrt(camera.width * camera.height / max(len(self._points), 1))
        return min(max(0.15 * room, _SMALLEST) * math.sqrt(max(camera.zoom, 1.0)), _LARGEST)

    # Painting -------------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.surface))
        if not len(self._points):
            return
        if self._is_stale or self._image.devicePixelRatio() != self.devicePixelRatioF():
            self._draw_points()
        painter.drawImage(0, 0, self._image)
        settled = not self.is_gliding
        if settled and self.with_borders:
            self._paint_borders(painter)
        if self._pictures.side:
            map_pictures.paint_pictures(painter, self._pictures, self._source, self._selected, (self._current, self._hovered))
        self._paint_marks(painter, colours)
        if settled and self.with_names:
            area = Room(4, 4, self.width() - 4, self.height() - 4)
            self._plates.paint(painter, self._names, self._camera.to_pixels, area, self.font())
        self.paint_over(painter, colours)

    def paint_over(self, painter: QPainter, colours: theme.Tokens) -> None:
        """What lies over everything."""

    def _draw_points(self) -> None:
        """The raster for this view, and the pictures that take the place of points."""
        ratio = self.devicePixelRatioF()
        place = self._camera.place(ratio)
        if self._ink is None:
            return
        fine = self._raster.is_fine(place, still=self._is_still)
        self._pixels = self._raster.draw(
            self._x, self._y, self._numbers, place, self.radius() * ratio, self._ink.palette, still=self._is_still
        )
        # The image shows the array's own memory, so the array has to stay.
        self._image = QImage(self._pixels.data, place.width, place.height, 4 * place.width, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.setDevicePixelRatio(ratio)
        if fine != self._raster.is_fine(place, still=True):
            self._rest.start()
        self._is_stale = False
        self.frames += 1
        self._pictures = map_pictures.NONE
        if self.with_pictures and not self.is_gliding:
            self._choose_pictures(ratio)

    def _choose_pictures(self, ratio: float) -> None:
        self._pictures = map_pictures.choose_pictures(self._x, self._y, self._camera, were_shown=self._asked[1] > 0)
        side = next((one for one in _ASK_SIDES if one >= self._pictures.side), _ASK_SIDES[-1]) if self._pictures.side else 0
        asked = (self._pictures.points.tobytes(), side)
        if asked != self._asked:
            self._asked = asked
            self._source.want(self._pictures.points, round(side * ratio))

    def _paint_borders(self, painter: QPainter) -> None:
        camera = self._camera
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, top = camera.to_pixels(0, 0)
        painter.setTransform(QTransform(camera.scale, 0, 0, -camera.scale, left, top), True)
        stamp = theme.tokens(), 0.35 if self._selected.any() else 0.75, self.devicePixelRatioF()
        if stamp != self._drawn_with[0]:
            self._drawn_with = stamp, [_pen(border.colour, *stamp) for border in self._borders]
        for border, pen in zip(self._borders, self._drawn_with[1], strict=True):
            painter.setPen(pen)
            painter.drawPath(border.path)
        painter.restore()

    def _paint_marks(self, painter: QPainter, colours: theme.Tokens) -> None:
        """Rings around the current point and the one under the pointer."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for point, colour, width in ((self._hovered, colours.text, 1.5), (self._current, colours.accent, 2.5)):
            if 0 <= point < len(self._points) and not (self._pictures.points == point).any():
                middle = QPointF(*self.pixels_of(point))
                reach = self.radius() + 3
                painter.setPen(QPen(QColor(colours.surface), width + 2))
                painter.drawEllipse(middle, reach, reach)
                painter.setPen(QPen(QColor(colour), width))
                painter.drawEllipse(middle, reach, reach)

    def pixels_of(self, point: int) -> tuple[float, float]:
        """Where a point is seen."""
        return self._camera.to_pixels(float(self._x[point]), float(self._y[point]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._camera = self._camera.resized(self.width(), self.height())
        self.redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        self._rest.stop()
        if self.is_gliding:
            self.arrive()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()


def _pen(colour: QColor, colours: theme.Tokens, share: float, ratio: float) -> QPen:
    """For a line around a cluster. Opaque, because the pieces of a line overlap at their ends."""
    ground = QColor(colours.surface).rgb() & 0xFFFFFF
    pen = QPen(QColor(blend(colour.rgb() & 0xFFFFFF, ground, share)), 1.3 * ratio)
    pen.setCosmetic(True)
    return pen
