"""A grid of thumbnails that costs what is visible: any number of rows, arithmetic instead of layout.

Knows nothing of projects: it is given a `Source` (row ids, thumbnails, colours, selection) and reports what the person does as positions.
Only the exposed cells are painted, only the visible thumbnails are asked for.
"""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QRubberBand, QWidget

from iic_studio.gui import theme
from iic_studio.gui.grid_cell import BAR, PAD, Cell, paint_cell
from iic_studio.gui.language import tr
from iic_studio.gui.table import Rows

MIN_CELL, MAX_CELL = 48, 256
MARGIN = 16
AT_REST_MS = 100


class Source(Protocol):
    """Where the grid gets its rows from."""

    def count(self) -> int: ...
    def cell(self, position: int, side: int) -> Cell: ...
    def images_in(self, first: int, last: int) -> list[int]: ...
    def visible(self, first: int, last: int, side: int, *, exactly: bool) -> None: ...
    def current(self) -> int: ...
    def empty_text(self) -> str: ...


@dataclass(frozen=True)
class Pick:
    """A wish to select: `positions`, with the ones before kept or toggled; `current` is the one looked at."""

    positions: Rows
    current: int
    mode: str = "replace"  # replace, add, toggle


class ThumbnailGrid(QAbstractScrollArea):
    """The view. Positions count from 0 in the order of the source."""

    picked = Signal(object)  # Pick
    opened = Signal(object)  # position, double click, Return or Space
    menu_wanted = Signal(object)  # QPoint, global
    zoomed = Signal(object)  # new cell side

    def __init__(self, source: Source, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._nominal = self._cell = 112
        self._with_notes, self._anchor = False, 0
        self._top = 0  # a position in the line at the top, which stays there however many columns a resized window has
        self._press: QPoint | None = None
        self._band: QRubberBand | None = None
        # While the window is resized cells change with every frame: pictures of any side will do, and are asked for after some frames.
        self._resized = QTimer(self, singleShot=True, interval=AT_REST_MS)
        self._resized.timeout.connect(self._ask)
        self._asked = QTimer(self, singleShot=True, interval=3 * AT_REST_MS)
        self.painted = 0  # cells of the last paint, for tests and benchmarks
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(lambda least, most: bar.setEnabled(most > least))  # nothing to scroll: no handle
        bar.setEnabled(False)
        self.setAccessibleName(tr("Pictures"))
        # Everything is painted below; with a style sheet Qt would else paint the whole view for every pixel that is scrolled.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # Geometry -------------------------------------------------------------------------------------------------------------------------

    @property
    def cell_side(self) -> int:
        """Side of a thumbnail that was asked for, in logical pixels; it is painted a little larger so that a line is full."""
        return self._nominal

    def _pitch(self) -> QSize:
        note = self.fontMetrics().height() + 4 if self._with_notes else 0
        return QSize(self._cell + PAD, self._cell + PAD + BAR + note)

    def columns(self) -> int:
        """Cells in a line."""
        return max(1, (self.viewport().width() - 2 * MARGIN + PAD) // (self._nominal + PAD))

    def _fit(self) -> None:
        """Widen the cells so that a line is full."""
        columns = self.columns()
        self._cell = max(MIN_CELL, (self.viewport().width() - 2 * MARGIN + PAD) // columns - PAD)

    def lines(self) -> int:
        """Lines in all."""
        return -(-self._source.count() // self.columns())

    def _left(self) -> int:
        return MARGIN + max(0, self.viewport().width() - 2 * MARGIN + PAD - self.columns() * (self._cell + PAD)) // 2

    def cell_rect(self, position: int) -> QRect:
        """Where a position is painted, in viewport coordinates."""
        return next(self._rects((position,)))

    def _rects(self, positions: Iterable[int]) -> Iterator[QRect]:
        pitch, columns, left, top = self._pitch(), self.columns(), self._left(), PAD - self.verticalScrollBar().value()
        across, down, width, height = pitch.width(), pitch.height(), self._cell, pitch.height() - PAD
        for position in positions:
            line, column = divmod(position, columns)
            yield QRect(left + column * across, top + line * down, width, height)

    def visible_range(self) -> tuple[int, int]:
        """First visible position and one past the last."""
        return self._range(self.viewport().rect())

    def _range(self, rect: QRect) -> tuple[int, int]:
        offset, height, columns = self.verticalScrollBar().value() - PAD, self._pitch().height(), self.columns()
        first = max(0, (rect.top() + offset) // height) * columns
        last = max(0, (rect.bottom() + offset) // height + 1) * columns
        return min(first, self._source.count()), min(last, self._source.count())

    def position_at(self, point: QPoint) -> int:
        """Position under a point of the viewport, or -1."""
        pitch = self._pitch()
        column = (point.x() - self._left()) // pitch.width()
        line = (point.y() + self.verticalScrollBar().value() - PAD) // pitch.height()
        position = line * self.columns() + column
        if not 0 <= column < self.columns() or not 0 <= position < self._source.count():
            return -1
        return position if self.cell_rect(position).contains(point) else -1

    # Changing what is seen ------------------------------------------------------------------------------------------------------------

    def reset(self, *, to_top: bool = False) -> None:
        """The rows are others now."""
        self._set_range()
        if to_top:
            self._anchor = self._top = 0
            self.verticalScrollBar().setValue(0)
        self.refresh()

    def refresh(self) -> None:
        """The rows are the same; how they look has changed."""
        self._ask()
        self.viewport().update()

    def pictures_came(self, images: Set[int]) -> None:
        """Paint the pictures of some images, where they are seen."""
        if not self.isVisible():  # then the rows may be those of a table that is gone
            return
        first, last = self.visible_range()
        seen = enumerate(self._source.images_in(first, last), first)
        for rect in self._rects([position for position, image in seen if image in images]):
            self.viewport().update(rect)

    def set_cell_side(self, side: int) -> None:
        """Zoom, keeping the middle of the view in the middle."""
        side = max(MIN_CELL, min(MAX_CELL, side))
        if side == self._nominal:
            return
        first, last = self.visible_range()
        current = self._source.current()
        focus = current if first <= current < last else (first + last) // 2
        self._nominal = side
        self._set_range()
        top = focus // self.columns() * self._pitch().height()
        self.verticalScrollBar().setValue(top - self.viewport().height() // 2 + self._pitch().height() // 2)
        self.refresh()
        self.zoomed.emit(side)

    def show_notes(self, shown: bool) -> None:
        """Write each picture's note (its confidence) below it."""
        self._with_notes = shown
        self.reset()

    def scroll_to(self, position: int) -> None:
        """Bring a position into view with as little movement as possible."""
        rect, bar = self.cell_rect(position), self.verticalScrollBar()
        if rect.top() < PAD:
            bar.setValue(bar.value() + rect.top() - PAD)
        elif rect.bottom() > self.viewport().height() - PAD:
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + PAD)

    def _set_range(self) -> None:
        self._fit()
        height = self.lines() * self._pitch().height() + 2 * PAD
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(16, self._pitch().height() // 3))
        bar.setRange(0, max(0, height - self.viewport().height()))

    def _scrolled(self) -> None:
        line, columns = self.verticalScrollBar().value() // self._pitch().height(), self.columns()
        if self._top // columns != line:
            self._top = line * columns
        if not self._resized.isActive():
            self._ask()
        elif not self._asked.isActive():
            self._asked.start()
            QTimer.singleShot(0, self._ask)  # when this frame is painted: decoding takes a core from it

    def _ask(self) -> None:
        first, last = self.visible_range()
        ahead = 0 if self._resized.isActive() else 2 * self.columns()
        side = round(self._cell * self.devicePixelRatioF())
        self._source.visible(first, min(last + ahead, self._source.count()), side, exactly=not self._resized.isActive())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        top = self._top
        self._resized.start()
        self._set_range()
        if event.oldSize().width() != event.size().width() and top:
            self._top = top  # a shorter range may have moved the bar
            self.verticalScrollBar().setValue(top // self.columns() * self._pitch().height())
        self._scrolled()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)  # moves the pixels; only the strip that comes into view is painted

    # Painting -------------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(colours.surface))
        if not self._source.count():
            painter.setPen(QColor(colours.muted))
            area = self.viewport().rect().adjusted(32, 32, -32, -32)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._source.empty_text())
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side, has_focus = round(self._cell * self.devicePixelRatioF()), self.hasFocus()
        positions, region = range(*self._range(event.rect())), event.region()
        self.painted = 0
        for position, rect in zip(positions, self._rects(positions), strict=True):
            if region.intersects(rect.adjusted(-3, -3, 3, 3)):
                cell = self._source.cell(position, side)
                paint_cell(painter, rect, cell, colours, with_note=self._with_notes, has_focus=has_focus)
                self.painted += 1

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.viewport().update()

    # Mouse ----------------------------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position().toPoint()
            if position >= 0:
                self._pick(position, event.modifiers())
            elif not event.modifiers():
                self.picked.emit(Pick(np.zeros(0, np.int64), self._source.current()))
        elif position >= 0 and not self._source.cell(position, self._cell).selected:
            self._pick(position, Qt.KeyboardModifier.NoModifier)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._band is None:
            if (point - self._press).manhattanLength() < 12:
                return
            self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
            self._band.show()
        self._band.setGeometry(QRect(self._press, point).normalized())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._band is not None:
            rect = self._band.geometry()
            self._band.hide()
            self._band.deleteLater()
            self._band = None
            positions = self.positions_in(rect)
            mode = "add" if event.modifiers() & Qt.KeyboardModifier.ControlModifier else "replace"
            self.picked.emit(Pick(positions, int(positions[-1]) if len(positions) else self._source.current(), mode))
        self._press = None

    def positions_in(self, rect: QRect) -> Rows:
        """Positions whose cells a rectangle of the viewport touches."""
        first, last = self._range(rect)
        touched = [position for position, cell in enumerate(self._rects(range(first, last)), first) if cell.intersects(rect)]
        return np.asarray(touched, np.int64)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        position = self.position_at(event.position().toPoint())
        if position >= 0:
            self.opened.emit(position)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._source.current() >= 0:
            self.menu_wanted.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_cell_side(round(self._nominal * (1.15 if event.angleDelta().y() > 0 else 1 / 1.15)))
            event.accept()
        else:
            super().wheelEvent(event)

    # Keyboard -------------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = event.key(), self._source.count()
        if not count:
            event.ignore()
            return
        page = max(1, self.viewport().height() // self._pitch().height()) * self.columns()
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns(),
            Qt.Key.Key_Down: self.columns(),
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -count,
            Qt.Key.Key_End: count,
        }
        current = self._source.current()
        if key in moves:
            target = 0 if current < 0 else max(0, min(count - 1, current + moves[Qt.Key(key)]))
            self._pick(target, event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.scroll_to(target)
        elif key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.picked.emit(Pick(np.arange(count), current))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and current >= 0:
            self.opened.emit(current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.set_cell_side(self._nominal + 16)
        elif key == Qt.Key.Key_Minus:
            self.set_cell_side(self._nominal - 16)
        else:
            event.ignore()

    def _pick(self, position: int, modifiers: Qt.KeyboardModifier) -> None:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            low, high = sorted((min(self._anchor, self._source.count() - 1), position))
            self.picked.emit(Pick(np.arange(low, high + 1), position))
            return
        self._anchor = position
        mode = "toggle" if modifiers & Qt.KeyboardModifier.ControlModifier else "replace"
        self.picked.emit(Pick(np.array([position]), position, mode))
