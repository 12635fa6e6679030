"""One picture to zoom and pan: fitted to the window, at 100 %, or anything between, with the pixels that are there at the time.

Sizes are those of the original, whatever part of its pixels was read; 100 % shows one pixel of it on one pixel of the screen.
"""

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import tr

MOST_ZOOM = 64.0
LEAST_ZOOM = 0.01
STEP = 1.25
# A tiny picture is fitted larger than it is, up to this many pixels of a screen of ordinary density.
_COMFORTABLE = 640
_SHARP_FROM = 3.0


class Canvas(QWidget):
    """The picture. `zoomed` tells the scale (1.0: 100 %), `pixels_wanted` that more pixels than are here would be seen."""

    zoomed = Signal(object)
    pixels_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: list[QImage] = []  # the same picture with more and more pixels
        self._size = QSizeF()
        self._note = ""
        self._fitted = True
        self._scale = 1.0  # screen pixels for a pixel of the original
        self._centre = QPointF()  # the place of the original that is in the middle
        self._dragged_from: QPointF | None = None
        self.setMinimumSize(64, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("The picture, large"))

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def show_picture(self, picture: QImage, size: QSizeF) -> None:
        """Show another picture, fitted; `size` is that of the original."""
        self._levels, self._size, self._note = [picture], size, ""
        self.fit()

    def show_better(self, picture: QImage, size: QSizeF) -> None:
        """The same picture with more pixels; zoom and place stay."""
        if size != self._size:  # the file has changed since it was indexed
            self._levels, self._size = [], size
            if self._fitted:
                self.fit()
        self._levels = sorted([*self._levels, picture], key=lambda one: one.width())
        self._check_pixels()
        self.update()

    def show_note(self, note: str) -> None:
        """Say something in the place of a picture."""
        self._levels, self._note = [], note
        self.update()

    @property
    def note(self) -> str:
        """What is said in the place of a picture."""
        return "" if self._levels else self._note

    @property
    def picture(self) -> QImage:
        """The picture with as many pixels as are here; a null one without any."""
        return self._levels[-1] if self._levels else QImage()

    @property
    def has_picture(self) -> bool:
        return bool(self._levels)

    @property
    def original(self) -> QSizeF:
        """Size of the original."""
        return self._size

    @property
    def scale(self) -> float:
        """1.0 is 100 %."""
        return self._scale

    @property
    def is_fitted(self) -> bool:
        return self._fitted

    # Zoom -----------------------------------------------------------------------------------------------------------------------------

    def _room(self) -> QSizeF:
        return QSizeF(self.width(), self.height()) * self.devicePixelRatioF()

    def fit(self) -> None:
        """Show all of it."""
        self._fitted = True
        self._scale = self._fitting()
        self._centre = QPointF(self._size.width() / 2, self._size.height() / 2)
        self._moved()

    def _fitting(self) -> float:
        if self._size.isEmpty():
            return 1.0
        room = self._room()
        largest = max(1.0, _COMFORTABLE / max(self._size.width(), self._size.height())) * self.devicePixelRatioF()
        return min(room.width() / self._size.width(), room.height() / self._size.height(), largest)

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom to a scale; what is under `at` (of the widget; its middle if None) stays there."""
        if not self.has_picture:
            return
        scale = max(min(LEAST_ZOOM, self._fitting()), min(scale, max(MOST_ZOOM, self._fitting())))
        at = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        place = self.place_at(at)
        self._scale, self._fitted = scale, False
        self._centre += place - self.place_at(at)
        self._moved()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out."""
        self.zoom_to(self._scale * factor, at)

    def place_at(self, at: QPointF) -> QPointF:
        """The place of the original under a point of the widget."""
        offset = (at - QPointF(self.width() / 2, self.height() / 2)) * self.devicePixelRatioF() / self._scale
        return self._centre + offset

    def point_of(self, place: QPointF) -> QPointF:
        """The point of the widget over a place of the original."""
        return (place - self._centre) * self._scale / self.devicePixelRatioF() + QPointF(self.width() / 2, self.height() / 2)

    def look_as(self, other: "Canvas") -> None:
        """Show the same place at the same scale as another canvas of the same picture; one of another picture is not followed."""
        if self._size == other._size and (self._scale, self._centre) != (other._scale, other._centre):
            self._scale, self._centre, self._fitted = other._scale, QPointF(other._centre), other._fitted
            self._moved()

    def pan(self, by: QPointF) -> None:
        """Move the picture by so much of the screen."""
        self._centre -= by * self.devicePixelRatioF() / self._scale
        self._moved()

    def _moved(self) -> None:
        """Keep the picture in sight: in the middle where it is smaller than the window, without an empty edge where it is larger."""
        room = self._room() / self._scale

        def bounded(centre: float, whole: float, seen: float) -> float:
            return whole / 2 if whole <= seen else max(seen / 2, min(whole - seen / 2, centre))

        self._centre = QPointF(
            bounded(self._centre.x(), self._size.width(), room.width()),
            bounded(self._centre.y(), self._size.height(), room.height()),
        )
        self.zoomed.emit(self._scale)
        self._check_pixels()
        self.update()

    def _check_pixels(self) -> None:
        if self.has_picture and self._levels[-1].width() < self._pixels_seen():
            self.pixels_wanted.emit()

    def _pixels_seen(self) -> float:
        """Pixels across that the whole picture would need at this zoom."""
        return min(1.0, self._scale) * self._size.width() - 1

    def _best(self) -> QImage:
        """The smallest picture here that has as many pixels as are seen."""
        return next((one for one in self._levels if one.width() >= self._pixels_seen()), self._levels[-1])

    # Painting -------------------------------------------------------------------------------------------------------------------------

    def seen_part(self) -> tuple[QRectF, QRectF]:
        """The part of the original that is seen, and where on the widget."""
        corner, end = self.place_at(QPointF(0, 0)), self.place_at(QPointF(self.width(), self.height()))
        seen = QRectF(corner, end).intersected(QRectF(QPointF(), self._size))
        return seen, QRectF(self.point_of(seen.topLeft()), self.point_of(seen.bottomRight()))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(colours.sunken))
        if not self.has_picture:
            painter.setPen(QColor(colours.muted))
            area = self.rect().adjusted(48, 48, -48, -48)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._note)
            return
        picture = self._best()
        seen, target = self.seen_part()
        if seen.isEmpty():
            return
        shrink = picture.width() / self._size.width()
        source = QRectF(seen.topLeft() * shrink, seen.size() * shrink)
        # Digits and tiles of a few pixels are shown as the pixels they are.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._scale < _SHARP_FROM)
        painter.drawImage(target, picture, source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        else:
            self._moved()

    # Mouse ----------------------------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom_by(math.pow(STEP, turned / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.has_picture:
            self._dragged_from = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.pan(event.position() - self._dragged_from)
            self._dragged_from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._fitted or self._scale < 1.0:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()
