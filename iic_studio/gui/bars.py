"""Shares as bars with names, for panels."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme


class Bars(QWidget):
    """Probabilities of the likeliest clusters as bars with names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[tuple[QColor, str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Probability of each cluster")

    def show_lines(self, lines: list[tuple[QColor, str, float]]) -> None:
        """Show (colour, name, probability 0–1), likeliest first."""
        self._lines = lines
        self.setAccessibleDescription(", ".join(f"{name} {100 * share:.0f} %" for _, name, share in lines))
        self.updateGeometry()
        self.update()

    def _pitch(self) -> int:
        return self.fontMetrics().height() + 12

    def sizeHint(self) -> QSize:
        return QSize(240, self._pitch() * len(self._lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._pitch() * len(self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, metrics = theme.tokens(), self.fontMetrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        number_width = metrics.horizontalAdvance("100 %")
        for place, (colour, name, share) in enumerate(self._lines):
            top = place * self._pitch()
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, self.width() - number_width - 12)
            painter.setPen(QColor(colours.text))
            painter.drawText(0, top + metrics.ascent(), text)
            painter.setPen(QColor(colours.muted))
            percent = f"{100 * share:.0f} %"
            painter.drawText(self.width() - metrics.horizontalAdvance(percent), top + metrics.ascent(), percent)
            bar = QRectF(0, top + metrics.height() + 2, self.width(), 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.sunken))
            painter.drawRoundedRect(bar, 2, 2)
            if share > 0.002:
                painter.setBrush(colour)
                painter.drawRoundedRect(QRectF(0, bar.top(), max(4.0, bar.width() * share), 4), 2, 2)
