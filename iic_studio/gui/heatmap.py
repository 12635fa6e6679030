"""A K × K matrix as an instrument: colours with a scale, swatches, names and a merge tree at the edges, a cell under the pointer or the
arrow keys, a block of cells drawn with the mouse, with Shift and the arrow keys, or picked in the tree.
"""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.joint_order import Tree
from iic_studio.gui.language import amount, later, tr
from iic_studio.records import FloatArray

SCALES = (later("square root"), later("linear"), later("logarithm"))
_LIGHT = ("#ffffff", "#d3dbf6", "#a9b6ee", "#6b7cd9", "#3a49b0", "#1c2566")
_DARK = ("#1b1e23", "#2a315c", "#434fa8", "#6f80ea", "#acbcff", "#f6f8ff")
_EDGE = 14
_SCALE_WIDTH = 84
_TREE_WIDTH = 72
_LEAST_LETTERS = 6

Cell = tuple[int, int]
Block = tuple[int, int, int, int]
"""First and last row, first and last column, all of them inside."""


@dataclass(frozen=True)
class Matrix:
    """What is drawn, in the order drawn.

    Attributes:
        shares: (K, K), sum 1.
        names, colours: of each row (= column).
        unused: rows that hold next to nothing.
        tree: merge tree for the edge, in the same order.
        num_pairs: the scale counts pairs, so many in all; 0: it tells shares.
    """

    shares: FloatArray
    names: tuple[str, ...]
    colours: tuple[QColor, ...] = field(default=())
    unused: frozenset[int] = frozenset()
    tree: Tree | None = None
    num_pairs: float = 0.0

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

    hovered = Signal(object)  # Cell or None
    clicked = Signal(object)  # Cell
    blocked = Signal(object)  # Block or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix = Matrix(np.zeros((0, 0), np.float32), ())
        self._scale = SCALES[0]
        self._image = QImage()
        self._cell: Cell | None = None
        self._anchor: Cell | None = None
        self._block: Block | None = None
        self._group: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(tr("Joint matrix"))

    def show_matrix(self, matrix: Matrix) -> None:
        """Draw another matrix."""
        self._matrix = matrix
        if self._cell is not None and max(self._cell) >= matrix.side:
            self._cell = None
        if self._block is not None and max(self._block) >= matrix.side:
            self.set_block(None)
        self._group = None
        self._render()

    def set_scale(self, scale: str) -> None:
        """One of `SCALES`."""
        self._scale = scale
        self._render()

    @property
    def matrix(self) -> Matrix:
        return self._matrix

    @property
    def cell(self) -> Cell | None:
        """The cell under the pointer or the keys."""
        return self._cell

    @property
    def block(self) -> Block | None:
        """The block chosen."""
        return self._block

    def set_block(self, block: Block | None) -> None:
        """Choose a block, or none."""
        if block != self._block:
            self._block = block
            self.blocked.emit(block)
            self.update()

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
        widest = max((self.fontMetrics().horizontalAdvance(self._label(place)) for place in range(self._matrix.side)), default=0)
        return min(widest + 2, 132, self.width() // 4) if self._names_fit() else 0

    def _label(self, place: int) -> str:
        return tr("{0}: unused", self._matrix.names[place]) if place in self._matrix.unused else self._matrix.names[place]

    def _names_fit(self) -> bool:
        side = self._matrix.side
        return bool(side) and (self.height() - 48) / side >= self.fontMetrics().height() * 0.9

    def map_rect(self) -> QRect:
        """Where the cells are."""
        left = 16 + self._name_width() + 8 + _EDGE
        top = 8 + _EDGE + (self.fontMetrics().height() + 2 if self._names_fit() else 0)
        right = _SCALE_WIDTH + (_TREE_WIDTH if self._matrix.tree is not None else 0)
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

    def tree_rect(self) -> QRect:
        """Where the tree is; empty without one."""
        area = self.map_rect()
        return QRect(area.right() + 8, area.top(), _TREE_WIDTH - 8 if self._matrix.tree is not None else 0, area.height())

    def group_at(self, point: QPointF) -> tuple[int, int] | None:
        """First and last row of the group that the tree shows at a point."""
        area = self.tree_rect()
        if self._matrix.tree is None or not area.contains(point.toPoint()):
            return None
        row = (point.y() - area.top()) / area.height() * self._matrix.side
        return self._matrix.tree.group_at(min(row, self._matrix.side - 1), (point.x() - area.left()) / area.width())

    def cell_at(self, point: QPointF) -> Cell | None:
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
        self._paint_tree(painter, colours)
        self._paint_scale(painter, area, colours)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._group is not None:
            painter.setPen(QPen(QColor(colours.accent), 1, Qt.PenStyle.DashLine))
            painter.drawRect(self._rect_of((*self._group, *self._group)))
        framed = [self._rect_of(self._block)] if self._block is not None else []
        framed += [self.cell_rect(*self._cell)] if self._cell is not None else []
        for frame in framed:
            for colour, width in ((colours.surface, 5), (colours.text, 2)):  # seen on every ground
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRect(frame.adjusted(-1, -1, 1, 1))

    def _rect_of(self, block: Block) -> QRectF:
        return self.cell_rect(block[0], block[2]).united(self.cell_rect(block[1], block[3]))

    def _paint_edges(self, painter: QPainter, area: QRect, colours: theme.Tokens) -> None:
        step = area.width() / self._matrix.side
        gap = 1 if step > 6 else 0
        names, shorts = self._names_fit(), [_short(name) for name in self._matrix.names]
        room = max(int(step) - 2, 8)
        is_number = all(short.isdecimal() for short in shorts)  # a number cut off would be another number
        every = max(map(self.fontMetrics().horizontalAdvance, shorts)) <= room
        width = self._name_width()
        says_something = not is_number and room >= _LEAST_LETTERS * self.fontMetrics().averageCharWidth()  # even when it is cut off
        for place, (short, colour) in enumerate(zip(shorts, self._matrix.colours, strict=True)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRect(QRectF(area.left() - _EDGE, area.top() + place * step + gap, _EDGE - 6, step - 2 * gap))
            painter.drawRect(QRectF(area.left() + place * step + gap, area.top() - _EDGE, step - 2 * gap, _EDGE - 6))
            if not names:
                continue
            marked = self._cell is not None and place in self._cell
            is_unused = place in self._matrix.unused
            painter.setPen(QColor(colours.text if marked else colours.warn if is_unused else colours.muted))
            shown = self.fontMetrics().elidedText(self._label(place), Qt.TextElideMode.ElideRight, width)
            line = QRectF(area.left() - _EDGE - 8 - width, area.top() + place * step, width, step)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)
            above = QRectF(
                area.left() + place * step, area.top() - _EDGE - self.fontMetrics().height() - 1, step, self.fontMetrics().height()
            )
            if not every and not says_something:
                if self._cell is not None and place == self._cell[1]:
                    wider = max(self.fontMetrics().horizontalAdvance(short) - above.width(), 0) / 2 + 4
                    painter.drawText(above.adjusted(-wider, 0, wider, 0), Qt.AlignmentFlag.AlignCenter, short)
                continue
            shown = self.fontMetrics().elidedText(short, Qt.TextElideMode.ElideRight, room)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_tree(self, painter: QPainter, colours: theme.Tokens) -> None:
        tree, area = self._matrix.tree, QRectF(self.tree_rect())
        if tree is None:
            return
        step = area.height() / self._matrix.side
        lines = []
        for branch in tree.branches:
            x = area.left() + branch.height * area.width()
            ends = [area.top() + (middle + 0.5) * step for middle, _ in branch.parts]
            lines.append(QLineF(x, ends[0], x, ends[1]))
            lines += [QLineF(area.left() + height * area.width(), y, x, y) for (_, height), y in zip(branch.parts, ends, strict=True)]
        painter.setPen(QPen(QColor(colours.muted), 1))
        painter.drawLines(lines)

    def _paint_scale(self, painter: QPainter, area: QRect, colours: theme.Tokens) -> None:
        height = min(area.height(), 240)
        bar = QRect(area.right() + 20 + (_TREE_WIDTH if self._matrix.tree is not None else 0), area.top(), 12, height)
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
            text = self._amount(part * self.top)
            painter.drawText(QRectF(bar.right() + 6, y - 10, 56, 20), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _amount(self, share: float) -> str:
        if self._matrix.num_pairs:
            return amount(share * self._matrix.num_pairs, ",.0f")
        percent = 100 * share
        return f"{amount(percent, '.0f' if percent >= 10 or percent == 0 else '.1f')} %"

    # Pointer and keys -----------------------------------------------------------------------------------------------------------------

    def _set_cell(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.hovered.emit(cell)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._anchor = self.cell_at(event.position()) if event.button() == Qt.MouseButton.LeftButton else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell, group = self.cell_at(event.position()), self.group_at(event.position())
        if group != self._group:
            self._group = group
            self.update()
        if self._anchor is not None and cell is not None and (cell != self._anchor or self._block is not None):
            self.set_block(_between(self._anchor, cell))
        self._set_cell(cell)

    def leaveEvent(self, event: QEvent) -> None:
        self._group = None
        self._set_cell(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        anchor, self._anchor = self._anchor, None
        cell, group = self.cell_at(event.position()), self.group_at(event.position())
        if group is not None:
            self.set_block((*group, *group))
        elif cell is not None and cell == anchor:
            self.set_block(None)
            self.clicked.emit(cell)
        elif cell is None and anchor is None:
            self.set_block(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
        side, key = self._matrix.side, event.key()
        if side and key in moves:
            line, place = self._cell or (0, 0)
            down, right = moves[Qt.Key(key)] if self._cell else (0, 0)
            cell = (min(max(line + down, 0), side - 1), min(max(place + right, 0), side - 1))
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._anchor = self._anchor or self._cell or cell
                self.set_block(_between(self._anchor, cell))
            else:
                self._anchor = None
                self.set_block(None)
            self._set_cell(cell)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell is not None:
            self.clicked.emit(self._cell)
        elif key == Qt.Key.Key_Escape and self._block is not None:
            self._anchor = None
            self.set_block(None)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._render()


def _short(name: str) -> str:
    """A name for above a column."""
    return name.removeprefix(tr("Cluster {0}", "")).removeprefix(tr("Overcluster {0}", ""))


def _between(one: Cell, other: Cell) -> Block:
    return min(one[0], other[0]), max(one[0], other[0]), min(one[1], other[1]), max(one[1], other[1])
