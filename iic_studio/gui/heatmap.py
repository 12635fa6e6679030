"""A K × K matrix as an instrument: colours with a scale, swatches and names at the edges, a cell under the pointer or the arrow keys."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.records import FloatArray

SCALES = ("square root", "linear", "logarithm")
_LIGHT = ("#ffffff", "#d3dbf6", "#a9b6ee", "#6b7cd9", "#3a49b0", "#1c2566")
_DARK = ("#1b1e23", "#2a315c", "#434fa8", "#6f80ea", "#acbcff", "#f6f8ff")
_EDGE = 14


@dataclass(frozen=True)
class Matrix:
    """What is drawn: shares that sum to 1, and for each row (= column) its name and colour, in the order drawn."""

    shares: FloatArray
    names: tuple[str, ...]
    colours: tuple[QColor, ...] = field(default=())

    @property
    def side(self) -> int:
        return len(self.names)


def ramp() -> np.ndarray:
    """(256, 3) uint8: the colours of the scale, nothing to most, in the theme in use."""
    stops = [QColor(name) for name in (_DARK if theme.is_dark() else _LIGHT)]
    at, known = np.linspace(0, len(stops) - 1, 256), list(range(len(stops)))
    channels = [[stop.red() for stop in stops], [stop.green() for stop in stops], [stop.blue() for stop in stops]]
    return np.stack([np.interp(at, known, channel) for channel in channels], axis=1).round().astype(np.uint8)


def scaled(shares: FloatArray, scale: str, top: float) -> FloatArray:
    """Shares as places on the colour scale, 0–1."""
    part = np.asarray(np.clip(shares / max(top, 1e-12), 0.0, 1.0), np.float32)
    if scale == "square root":
        part = np.sqrt(part)
    elif scale == "logarithm":  # four decades
        part = np.clip(1 + np.log10(np.maximum(part, 1e-4)) / 4, 0.0, 1.0)
    return part.astype(np.float32)


class HeatMap(QWidget):
    """The view. Rows and columns are counted in the order drawn."""

    hovered = Signal(object)  # (row, column) or None
    clicked = Signal(object)  # (row, column)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix = Matrix(np.zeros((0, 0), np.float32), ())
        self._scale = SCALES[0]
        self._image = QImage()
        self._cell: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(280, 240)
        self.setAccessibleName("Joint matrix")

    def show_matrix(self, matrix: Matrix) -> None:
        """Draw another matrix."""
        self._matrix = matrix
        if self._cell is not None and max(self._cell) >= matrix.side:
            self._cell = None
        self._render()

    def set_scale(self, scale: str) -> None:
        """One of `SCALES`."""
        self._scale = scale
        self._render()

    @property
    def matrix(self) -> Matrix:
        return self._matrix

    @property
    def cell(self) -> tuple[int, int] | None:
        """The cell under the pointer or the keys."""
        return self._cell

    @property
    def top(self) -> float:
        """The largest share, where the scale ends."""
        return float(self._matrix.shares.max()) if self._matrix.side else 1.0

    def _render(self) -> None:
        side = self._matrix.side
        if side:
            places = (scaled(self._matrix.shares, self._scale, self.top) * 255).astype(np.uint8)
            pixels = np.ascontiguousarray(ramp()[places])
            self._image = QImage(pixels.data, side, side, 3 * side, QImage.Format.Format_RGB888).copy()
        self.update()

    # Geometry -------------------------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(560, 480)

    def _name_width(self) -> int:
        widest = max((self.fontMetrics().horizontalAdvance(name) for name in self._matrix.names), default=0)
        return min(widest, 132, self.width() // 4) if self._names_fit() else 0

    def _names_fit(self) -> bool:
        side = self._matrix.side
        return bool(side) and (self.height() - 48) / side >= self.fontMetrics().height() * 0.9

    def map_rect(self) -> QRect:
        """Where the cells are."""
        left = 16 + self._name_width() + 8 + _EDGE
        top = 8 + _EDGE + (self.fontMetrics().height() + 2 if self._names_fit() else 0)
        right = 84
        side = max(16, min(self.width() - left - right, self.height() - top - 12))
        if self._matrix.side and side > 16 * self._matrix.side:
            side -= side % self._matrix.side
        spare = max(0, self.width() - left - right - side) // 2
        return QRect(left + spare, top, side, side)

    def cell_rect(self, line: int, place: int) -> QRectF:
        """Where one cell is."""
        area = QRectF(self.map_rect())
        step = area.width() / max(self._matrix.side, 1)
        return QRectF(area.left() + place * step, area.top() + line * step, step, step)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Row and column under a point."""
        area = self.map_rect()
        if not self._matrix.side or not area.contains(point.toPoint()):
            return None
        step = area.width() / self._matrix.side
        line, place = int((point.y() - area.top()) / step), int((point.x() - area.left()) / step)
        return min(line, self._matrix.side - 1), min(place, self._matrix.side - 1)

    # Painting -------------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._matrix.side:
            return
        colours = theme.tokens()
        painter = QPainter(self)
        area = self.map_rect()
        painter.drawImage(area, self._image)
        painter.setPen(QColor(colours.border_strong))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_edges(painter, area, colours)
        self._paint_scale(painter, area, colours)
        if self._cell is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for colour, width in ((colours.surface, 5), (colours.text, 2)):  # seen on every ground
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRect(self.cell_rect(*self._cell).adjusted(-1, -1, 1, 1))

    def _paint_edges(self, painter: QPainter, area: QRect, colours: theme.Tokens) -> None:
        step = area.width() / self._matrix.side
        gap = 1 if step > 6 else 0
        names = self._names_fit()
        for place, (name, colour) in enumerate(zip(self._matrix.names, self._matrix.colours, strict=True)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRect(QRectF(area.left() - _EDGE, area.top() + place * step + gap, _EDGE - 6, step - 2 * gap))
            painter.drawRect(QRectF(area.left() + place * step + gap, area.top() - _EDGE, step - 2 * gap, _EDGE - 6))
            if not names:
                continue
            marked = self._cell is not None and place in self._cell
            painter.setPen(QColor(colours.text if marked else colours.muted))
            width = self._name_width()
            shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, width)
            line = QRectF(area.left() - _EDGE - 8 - width, area.top() + place * step, width, step)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
            short = name.removeprefix("Cluster ").removeprefix("Overcluster ")
            above = QRectF(
                area.left() + place * step, area.top() - _EDGE - self.fontMetrics().height() - 1, step, self.fontMetrics().height()
            )
            shown = self.fontMetrics().elidedText(short, Qt.TextElideMode.ElideRight, max(int(step) - 2, 8))
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_scale(self, painter: QPainter, area: QRect, colours: theme.Tokens) -> None:
        height = min(area.height(), 240)
        bar = QRect(area.right() + 20, area.top(), 12, height)
        line = np.ascontiguousarray(ramp()[::-1].reshape(256, 1, 3))
        painter.drawImage(bar, QImage(line.data, 1, 256, 3, QImage.Format.Format_RGB888).copy())
        painter.setPen(QColor(colours.border_strong))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setPen(QColor(colours.muted))
        for part in (1.0, 0.5, 0.25, 0.1, 0.0):
            place = float(scaled(np.array([part * self.top], np.float32), self._scale, self.top)[0])
            if self._scale == "linear" and part == 0.1:
                continue
            y = bar.bottom() - place * bar.height()
            percent = 100 * part * self.top
            text = f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.1f} %"
            painter.drawText(QRectF(bar.right() + 6, y - 10, 56, 20), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    # Pointer and keys -----------------------------------------------------------------------------------------------------------------

    def _set_cell(self, cell: tuple[int, int] | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.hovered.emit(cell)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._set_cell(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._set_cell(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        side, key = self._matrix.side, event.key()
        if side and key in moves:
            line, place = self._cell or (0, 0)
            down, right = moves[Qt.Key(key)] if self._cell else (0, 0)
            self._set_cell((min(max(line + down, 0), side - 1), min(max(place + right, 0), side - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell is not None:
            self.clicked.emit(self._cell)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._render()
