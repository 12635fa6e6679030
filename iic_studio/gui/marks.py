"""Small marks in the corner of a picture: what a person said of it, or whether it is ticked."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from iic_studio.gui import theme

MARK = 18


def paint_mark(painter: QPainter, square: QRect, mark: str, colours: theme.Tokens) -> None:
    """A tick, a pin or a question mark, on a ground that shows on any picture."""
    ground, ink = {
        "ticked": (colours.accent, colours.on_accent),
        "unticked": (colours.surface, colours.surface),
        "placed": (colours.surface, colours.accent),
        "unsure": (colours.surface, colours.warn),
    }[mark]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colours.border_strong), 1))
    painter.setBrush(QColor(ground))
    area = QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(area, 4, 4)
    pen = QPen(QColor(ink), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    left, top, side = area.left(), area.top(), area.width()
    if mark == "ticked":
        painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in ((0.25, 0.53), (0.43, 0.7), (0.76, 0.32))])
    elif mark == "placed":
        painter.setBrush(QColor(ink))
        painter.drawEllipse(QPointF(area.center().x(), top + 0.36 * side), 0.14 * side, 0.14 * side)
        painter.drawLine(QPointF(area.center().x(), top + 0.5 * side), QPointF(area.center().x(), top + 0.78 * side))
    elif mark == "unsure":
        font = painter.font()
        font.setBold(True)
        font.setPixelSize(round(0.72 * side))
        painter.setFont(font)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "?")
    painter.restore()
