"""The map under the hand: zoom at the pointer, move, point at a picture, draw a lasso or a box; and the same by keys.

Reports what the person does with points by number (`MapPick`); who owns the selection decides.
"""

import enum
from collections.abc import Set
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from iic_studio.gui import theme
from iic_studio.gui.hover_card import PICTURE, HoverCard
from iic_studio.gui.language import later, tr
from iic_studio.gui.map_canvas import MapCanvas, Source
from iic_studio.gui.region import inside_polygon, nearest
from iic_studio.gui.table import Rows

_CLICK_PX = 4
_REACH_PX = 6
_STEP_PX = 80
_KEY_ZOOM = 1.35


class Tool(enum.Enum):
    """What dragging with the left button draws."""

    LASSO = later("Lasso")
    BOX = later("Box")


@dataclass(frozen=True)
class MapPick:
    """A wish to select: `points` by number; `mode` says what becomes of those selected before: replace, add, remove, toggle."""

    points: Rows
    mode: str = "replace"


@dataclass
class _Gesture:
    """A button held down: it moves the map, or draws a shape through `way`, in places of the map so that it sticks to them."""

    moves: bool
    start: QPointF
    last: QPointF
    way: list[tuple[float, float]] = field(default_factory=list)
    is_drag: bool = False


def mode_of(modifiers: Qt.KeyboardModifier, *, is_click: bool = False) -> str:
    """Shift adds, Alt takes away; Ctrl with a click does whichever fits."""
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return "remove"
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return "add"
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return "toggle" if is_click else "add"
    return "replace"


class MapView(MapCanvas):
    """The map. Points are counted as in `points`."""

    picked = Signal(object)  # MapPick
    opened = Signal()  # Return: open the current picture

    def __init__(self, source: Source, parent: QWidget | None = None) -> None:
        super().__init__(source, parent)
        self.tool = Tool.LASSO
        self._gesture: _Gesture | None = None
        self._space = self._by_keys = False
        self.card = HoverCard(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Map of the pictures"))
        self.setCursor(Qt.CursorShape.CrossCursor)

    # Pointing -------------------------------------------------------------------------------------------------------------------------

    def point_at(self, at: QPointF) -> int:
        """The point under a pixel, or -1; a picture counts with its whole area."""
        if not len(self._points) or self.is_gliding:
            return -1
        on_picture = self._pictures.at(at.x(), at.y())
        if on_picture >= 0:
            return on_picture
        camera = self._camera
        return nearest(self._x, self._y, camera.to_map(at.x(), at.y()), (self.radius() + _REACH_PX) / camera.scale)

    def _hover(self, at: QPointF) -> None:
        point = self.point_at(at)
        if point == self._hovered and (point < 0 or self.card.isVisible()):
            return
        self._hovered = point
        if point >= 0:
            self._source.want_large(point, round(PICTURE * self.devicePixelRatioF()))
            self.card.show_beside(at.toPoint(), *self._source.words(point), self._source.picture(point))
        else:
            self.card.hide()
        self.update()

    def point_away(self) -> None:
        """The pointer is over no point."""
        self._hovered = -1
        self.card.hide()
        self.update()

    def pictures_came(self, images: Set[int]) -> None:
        """The pictures of some images are here."""
        if not self.isVisible():  # then the points may be those of a table that is gone
            return
        if self._hovered >= 0:
            self.card.show_picture(self._source.picture(self._hovered))
        if self._pictures.side and not images.isdisjoint(self._source.images(self._pictures.points)):
            self.update()

    # Mouse ----------------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not len(self._points) or self._gesture is not None:
            return
        left, middle = event.button() == Qt.MouseButton.LeftButton, event.button() == Qt.MouseButton.MiddleButton
        if left or middle:
            self.arrive()
            at = event.position()
            self._gesture = _Gesture(middle or self._space, at, at, [self._camera.to_map(at.x(), at.y())])
            if self._gesture.moves:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        gesture, at = self._gesture, event.position()
        if gesture is None:
            self._hover(at)
            return
        gesture.is_drag = gesture.is_drag or (at - gesture.start).manhattanLength() > _CLICK_PX
        if gesture.is_drag:
            self.point_away()
            if gesture.moves:
                self.look_from(self._camera.moved(at.x() - gesture.last.x(), at.y() - gesture.last.y()))
            else:
                gesture.way.append(self._camera.to_map(at.x(), at.y()))
        gesture.last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        self._show_tool()
        if gesture.is_drag and not gesture.moves:
            self.picked.emit(MapPick(self._enclosed(gesture), mode_of(event.modifiers())))
        elif not gesture.is_drag and event.button() == Qt.MouseButton.LeftButton and not self._space:
            self._click(event)
        self.update()

    def _click(self, event: QMouseEvent) -> None:
        point, mode = self.point_at(event.position()), mode_of(event.modifiers(), is_click=True)
        if point >= 0:
            self.picked.emit(MapPick(np.array([point], np.int64), mode))
        elif mode == "replace":
            self.picked.emit(MapPick(np.zeros(0, np.int64)))

    def _enclosed(self, gesture: _Gesture) -> Rows:
        """Points inside the shape that was drawn."""
        corners = gesture.way
        if self.tool is Tool.BOX:
            (x0, y0), (x1, y1) = gesture.way[0], gesture.way[-1]
            corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        return np.flatnonzero(inside_polygon(self._x, self._y, self._points.by_height, corners))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.pixelDelta().y() or event.angleDelta().y()
        if turned and len(self._points):
            at = event.position()
            self.look_from(self._camera.zoomed(1.0015**turned, (at.x(), at.y())))
            self.point_away()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            at = event.position()
            self.look_from(self._camera.zoomed(1 + event.value(), (at.x(), at.y())))
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event.key()):
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, key: int) -> bool:
        """Keys that the map takes before the window: Space held down moves it, Escape gives up the shape that is being drawn."""
        return key == Qt.Key.Key_Space or (key == Qt.Key.Key_Escape and self._gesture is not None)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_away()

    def _show_tool(self) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor if self._space else Qt.CursorShape.CrossCursor)

    # Keyboard -------------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        moves = {
            Qt.Key.Key_Left: (_STEP_PX, 0),
            Qt.Key.Key_Right: (-_STEP_PX, 0),
            Qt.Key.Key_Up: (0, _STEP_PX),
            Qt.Key.Key_Down: (0, -_STEP_PX),
        }
        if key in moves:
            self.look_from(self._camera.moved(*moves[Qt.Key(key)]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.look_from(self._camera.zoomed(_KEY_ZOOM))
        elif key == Qt.Key.Key_Minus:
            self.look_from(self._camera.zoomed(1 / _KEY_ZOOM))
        elif key == Qt.Key.Key_Home:
            self.reset_view()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key == Qt.Key.Key_Escape and self._gesture is not None:
            self._gesture = None
            self._show_tool()
        elif key == Qt.Key.Key_Space:
            self._space = True
            self._show_tool()
        else:
            event.ignore()
            return
        self.point_away()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            if self._gesture is None:
                self._show_tool()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = self._by_keys = False
        self._show_tool()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    # Painting -------------------------------------------------------------------------------------------------------------------------

    def paint_over(self, painter: QPainter, colours: theme.Tokens) -> None:
        gesture = self._gesture
        if gesture is not None and gesture.is_drag and not gesture.moves:
            fill = QColor(colours.accent)
            fill.setAlphaF(0.12)
            painter.setBrush(fill)
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            corners = [QPointF(*self._camera.to_pixels(x, y)) for x, y in gesture.way]
            if self.tool is Tool.BOX:
                painter.drawRect(QRectF(corners[0], corners[-1]).normalized())
            else:
                painter.drawPolygon(QPolygonF(corners))
        if self._by_keys:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
