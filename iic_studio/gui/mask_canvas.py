"""A picture with its mask laid over it, to zoom and pan; a click asks about a pixel.

The mask may have fewer pixels than the picture: it is stretched over it, without smoothing where pixels can be seen.
"""

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from iic_studio.gui import theme
from iic_studio.gui.canvas import Canvas
from iic_studio.gui.language import tr
from iic_studio.gui.mask_paint import Layer

_CLICK_PX = 4
_RING = 7
_DOT = 4


def layer_image(layer: Layer) -> QImage:
    """A picture of its own of (h, w, 4) RGBA."""
    height, width = layer.shape[:2]
    return QImage(layer.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied
    )


class MaskCanvas(Canvas):
    """The canvas. `pixel_asked` carries (x, y) of the original."""

    pixel_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.layer = QImage()
        self.opacity = 1.0
        self._pixel: tuple[int, int] | None = None
        self.marks: tuple[tuple[int, int, QColor], ...] = ()
        self._pressed_at: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("The picture with its mask"))

    def show_layer(self, layer: QImage, opacity: float) -> None:
        """Lay a mask over the picture; a null one takes it away."""
        self.layer, self.opacity = layer, opacity
        self.update()

    def mark_pixel(self, pixel: tuple[int, int] | None) -> None:
        """Mark a pixel of the original."""
        self._pixel = pixel
        self.update()

    def show_marks(self, marks: tuple[tuple[int, int, QColor], ...]) -> None:
        """Mark labelled pixels of the original, (x, y, colour) each, in place of those marked before."""
        self.marks = marks
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self.has_picture and not self.layer.isNull() and self.opacity > 0:
            self._paint_layer(painter)
        if self.has_picture and self.marks:
            self._paint_marks(painter)
        if self.has_picture and self._pixel is not None:
            self._paint_pixel(painter, self._pixel)
        if self.hasFocus():
            painter.setOpacity(1.0)
            painter.setPen(QPen(QColor(theme.tokens().accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_layer(self, painter: QPainter) -> None:
        seen, target = self.seen_part()
        if seen.isEmpty():
            return
        across, down = self.layer.width() / self.original.width(), self.layer.height() / self.original.height()
        source = QRectF(seen.x() * across, seen.y() * down, seen.width() * across, seen.height() * down)
        painter.setOpacity(self.opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.scale < across)
        painter.drawImage(target, self.layer, source)

    def _paint_pixel(self, painter: QPainter, pixel: tuple[int, int]) -> None:
        """A ring around it, light within dark so that it is seen on every ground."""
        middle = self.point_of(QPointF(pixel[0] + 0.5, pixel[1] + 0.5))
        painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = max(_RING, self.scale / self.devicePixelRatioF() * 0.8)
        for colour, width in (("#000000", 4.0), ("#ffffff", 2.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(middle, radius, radius)

    def _paint_marks(self, painter: QPainter) -> None:
        """A dot each, in its colour, with a light and a dark rim."""
        painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x, y, colour in self.marks:
            middle = self.point_of(QPointF(x + 0.5, y + 0.5))
            for ground, radius in (("#000000", _DOT + 2), ("#ffffff", _DOT + 1), (colour.name(), _DOT)):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(ground))
                painter.drawEllipse(middle, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at = event.position() if event.button() == Qt.MouseButton.LeftButton and self.has_picture else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is not None and (event.position() - pressed).manhattanLength() <= _CLICK_PX:
            place = self.place_at(event.position())
            if QRectF(QPointF(), self.original).contains(place):
                self.pixel_asked.emit((math.floor(place.x()), math.floor(place.y())))
