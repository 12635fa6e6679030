"""One cell of a grid of pictures: what is in it and how it is painted."""

from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from iic_studio.gui import theme
from iic_studio.gui.marks import MARK, paint_mark

PAD = 8
"""Logical pixels between cells."""
BAR = 4
"""Height of the bar in the colour of a group, below the picture."""


class Cell(NamedTuple):
    """What is painted for one position. `mark` stands in its corner: `placed` or `unsure` by a person, `ticked`, `unticked`, or none."""

    picture: QPixmap | None
    waiting: bool
    colour: QColor | None
    selected: bool
    current: bool
    note: str
    tint: bool = False  # a ground that tells its group from the next one
    mark: str = ""


def paint_cell(painter: QPainter, rect: QRect, cell: Cell, colours: theme.Tokens, *, with_note: bool, has_focus: bool) -> None:
    """Paint a cell into `rect`: a square picture as wide as that, a bar below it and a note where it is asked for."""
    side = rect.width()
    square = QRect(rect.left(), rect.top(), side, side)
    if cell.tint:
        painter.fillRect(rect.adjusted(-PAD // 2, -PAD // 2, PAD // 2, PAD // 2), QColor(colours.sunken))
    if cell.selected:
        painter.fillRect(rect.adjusted(-3, -3, 3, 3), QColor(colours.accent_soft))
    _paint_picture(painter, square, cell, colours)
    if cell.colour is not None:
        painter.fillRect(rect.left(), rect.top() + side, side, BAR, cell.colour)
    if cell.mark:
        paint_mark(painter, QRect(square.right() - MARK - 3, square.top() + 4, MARK, MARK), cell.mark, colours)
    if with_note and cell.note:
        painter.setPen(QColor(colours.muted))
        below = QRect(square.left(), square.bottom() + 1 + BAR, side, rect.bottom() - square.bottom() - BAR)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, cell.note)
    if cell.selected or (cell.current and has_focus):
        pen = QPen(QColor(colours.accent if cell.selected else colours.border_strong), 3 if cell.current else 2)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(-2, -2, 1, 1))


def _paint_picture(painter: QPainter, square: QRect, cell: Cell, colours: theme.Tokens) -> None:
    """The whole picture in the middle of its square, or the ground it will stand on, with a question mark if it never will."""
    if cell.picture is None or cell.picture.isNull():
        painter.fillRect(square, QColor(colours.sunken))
        if not cell.waiting:
            painter.setPen(QColor(colours.muted))
            painter.drawText(square, Qt.AlignmentFlag.AlignCenter, "?")
        return
    side, wide, high = square.width(), cell.picture.width(), cell.picture.height()
    width, height = max(side * wide // max(wide, high), 1), max(side * high // max(wide, high), 1)
    left, top = square.left() + (side - width) // 2, square.top() + (side - height) // 2
    painter.drawPixmap(left, top, width, height, cell.picture)
