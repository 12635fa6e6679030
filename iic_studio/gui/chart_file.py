"""A chart as a file: title, legend and plot on one sheet, as lines in an SVG or as dots in a PNG twice as fine as the screen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from iic_studio.errors import StudioError
from iic_studio.gui import theme
from iic_studio.gui.language import tr
from iic_studio.gui.legend import LegendEntry, in_lines, line_height, paint_lines

_MARGIN = 16
_SCALE = 2


def save_chart(path: Path, title: str, legend: Sequence[LegendEntry], plot: QGraphicsView) -> None:
    """Write a chart; the ending of the name decides between SVG and PNG.

    Raises:
        StudioError: the file cannot be written.
    """
    sheet = _Sheet(title, legend, plot)
    data = sheet.svg() if path.suffix.lower() == ".svg" else sheet.png()
    try:
        path.write_bytes(data)
    except OSError as error:
        raise StudioError(tr("The picture cannot be saved: {0}.", error.strerror), tr("Choose another folder.")) from error


class _Sheet:
    """Title, legend and plot below each other."""

    def __init__(self, title: str, legend: Sequence[LegendEntry], plot: QGraphicsView) -> None:
        self._title, self._plot = title, plot
        self._font = QFont(plot.font())
        self._bold = QFont(plot.font())
        self._bold.setWeight(QFont.Weight.DemiBold)
        self._lines = in_lines(legend, plot.viewport().width(), plot.fontMetrics())
        metrics = plot.fontMetrics()
        top = 2 * _MARGIN + metrics.height() + 6 + len(self._lines) * line_height(metrics)
        self._place = QRect(_MARGIN, top, plot.viewport().width(), plot.viewport().height())
        self.size = QSize(self._place.width() + 2 * _MARGIN, self._place.bottom() + _MARGIN)

    def png(self) -> bytes:
        image = QImage(self.size * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload] # the stub knows bytes only
        return bytes(buffer.data().data())

    def svg(self) -> bytes:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self.size)
        generator.setViewBox(QRect(0, 0, self.size.width(), self.size.height()))
        generator.setTitle(self._title)
        painter = QPainter(generator)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def _paint(self, painter: QPainter) -> None:
        colours, metrics = theme.tokens(), self._plot.fontMetrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, 0, self.size.width(), self.size.height()), QColor(colours.surface))
        painter.setPen(QColor(colours.text))
        painter.setFont(self._bold)
        painter.drawText(_MARGIN, _MARGIN + metrics.ascent(), self._title)
        painter.setFont(self._font)
        paint_lines(painter, self._lines, _MARGIN, _MARGIN + metrics.height() + 6, metrics)
        self._plot.render(painter, QRectF(self._place), self._plot.viewport().rect())
