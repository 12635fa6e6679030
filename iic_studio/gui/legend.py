"""The legend of a chart: pieces of line with their names, in as many lines as they need; on the screen and in saved pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.language import tr

_KEY, _AFTER_KEY, _BETWEEN = 18, 6, 18


@dataclass(frozen=True)
class LegendEntry:
    """A line in the legend."""

    name: str
    colour: str
    width: int
    pattern: Qt.PenStyle


def in_lines(entries: Sequence[LegendEntry], width: int, metrics: QFontMetrics) -> list[list[LegendEntry]]:
    """Entries in as many lines as they need."""
    lines: list[list[LegendEntry]] = []
    taken = width + 1
    for entry in entries:
        wanted = _KEY + _AFTER_KEY + metrics.horizontalAdvance(entry.name) + _BETWEEN
        if taken + wanted - _BETWEEN > width:
            lines.append([])
            taken = 0
        lines[-1].append(entry)
        taken += wanted
    return lines


def line_height(metrics: QFontMetrics) -> int:
    """Height of one line of a legend."""
    return metrics.height() + 4


def paint_lines(painter: QPainter, lines: Sequence[Sequence[LegendEntry]], left: int, top: int, metrics: QFontMetrics) -> None:
    """Paint the lines of a legend below each other."""
    colours = theme.tokens()
    for number, entries in enumerate(lines):
        x, base = left, top + number * line_height(metrics) + metrics.ascent() + 2
        for entry in entries:
            painter.setPen(QPen(QColor(entry.colour), entry.width, entry.pattern, Qt.PenCapStyle.FlatCap))
            y = base - metrics.xHeight() / 2
            painter.drawLine(QPointF(x, y), QPointF(x + _KEY, y))
            painter.setPen(QColor(colours.muted))
            painter.drawText(x + _KEY + _AFTER_KEY, base, entry.name)
            x += _KEY + _AFTER_KEY + metrics.horizontalAdvance(entry.name) + _BETWEEN


class Legend(QWidget):
    """The legend on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: tuple[LegendEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Legend"))
        self._fit()

    def show_entries(self, entries: tuple[LegendEntry, ...]) -> None:
        """Show these."""
        if entries != self.entries:
            self.entries = entries
            self.setAccessibleDescription(", ".join(entry.name for entry in entries))
            self._fit()
        self.update()

    def _fit(self) -> None:
        lines = max(1, len(in_lines(self.entries, self.width(), self.fontMetrics())))
        self.setFixedHeight(lines * line_height(self.fontMetrics()))

    def sizeHint(self) -> QSize:
        return QSize(200, line_height(self.fontMetrics()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_lines(painter, in_lines(self.entries, self.width(), self.fontMetrics()), 0, 0, self.fontMetrics())
