"""One line chart in the look of the theme: lines by name, a ceiling, a crosshair that reads the values out.

A thin layer over pyqtgraph: pages hand it arrays, it draws at most twice a second, because painting takes the interpreter from a
training thread, and only while it can be seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from iic_studio.gui import theme
from iic_studio.gui.history import Array
from iic_studio.gui.widgets import Label, column, described, row

REDRAW_EVERY_MS = 500


@dataclass(frozen=True)
class Line:
    """One curve. `values` has the length of `x`; a strong line is drawn above the others; `name` empty: not in the legend."""

    x: Array
    values: Array
    colour: str
    name: str = ""
    strong: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Drawing:
    """All of a chart. `limits` fixes the y axis, `ceiling` is a dashed line with a label."""

    lines: Sequence[Line]
    x_label: str
    limits: tuple[float, float] | None = None
    ceiling: float | None = None
    ceiling_label: str = ""
    x_unit: str = ""


class LegendKey(QWidget):
    """A short piece of a line, as it is drawn in the chart."""

    def __init__(self, colour: str, width: int, dashed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pen = QPen(QColor(colour), width)
        if dashed:
            self._pen.setStyle(Qt.PenStyle.DashLine)
        self.setFixedSize(QSize(18, 12))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        painter.drawLine(QPointF(1, 6), QPointF(17, 6))


class Chart(QWidget):
    """The chart with its title above, and what it means below."""

    def __init__(self, title: str, unit: str, meaning: str, draw: Callable[[], Drawing], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw_what = draw
        self._curves: list[pg.PlotDataItem] = []
        self._drawing = Drawing((), "")
        self._legend_of: tuple[tuple[str, str], ...] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_EVERY_MS)
        self._timer.timeout.connect(self._redraw)
        self._stale = True
        self.plot = pg.PlotWidget(background=None)
        self._make_plot(unit)
        self._title = Label(title, "heading")
        self._readout = Label("", "muted")
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._legend = row(spacing=6)
        self._empty = Label("", "muted", parent=self.plot)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        described(self.plot, title, "")
        head = row(self._title, self._readout)
        head.setStretch(1, 1)
        below = Label(meaning, "muted", wrap=True)
        below.setMinimumHeight(2 * below.fontMetrics().lineSpacing())
        below.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        layout = column(head, self._legend, self.plot, below, spacing=4)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._dress()

    def _make_plot(self, unit: str) -> None:
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.ctrlMenu.setParent(self.plot, Qt.WindowType.Popup)  # pyqtgraph makes it in any case and gives it no owner
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.showGrid(x=False, y=True, alpha=0.25)
        item.setLabel("left", unit)
        for name in ("left", "bottom"):
            item.getAxis(name).enableAutoSIPrefix(False)
        item.getAxis("left").setWidth(52)
        item.setContentsMargins(0, 4, 8, 0)
        self.plot.setMinimumHeight(110)
        self.plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.setVisible(False)
        item.addItem(self._cross, ignoreBounds=True)
        self._ceiling = pg.InfiniteLine(angle=0, movable=False, label="", labelOpts={"position": 0.99, "anchors": [(1, 1), (1, 1)]})
        self._ceiling.setVisible(False)
        item.addItem(self._ceiling, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.viewport().installEventFilter(self)

    # Drawing --------------------------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """There may be new points; drawn soon if the chart is visible, else when it is shown."""
        self._stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._redraw()

    def _redraw(self) -> None:
        self._stale = False
        drawing = self._drawing = self._draw_what()
        item = self.plot.getPlotItem()
        while len(self._curves) < len(drawing.lines):
            curve = item.plot([], [], antialias=True, connect="finite", skipFiniteCheck=False)
            curve.curve.setSegmentedLineMode("on")
            self._curves.append(curve)
        for curve in self._curves[len(drawing.lines) :]:
            curve.setData([], [])
        ratio = self.devicePixelRatioF()  # pens here count device pixels
        for curve, line in zip(self._curves, drawing.lines, strict=False):
            pen = pg.mkPen(
                line.colour, width=ratio * (2 if line.strong else 1), style=Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
            )
            curve.setPen(pen)
            curve.setZValue(2 if line.strong else 1)
            alone = int(np.isfinite(line.values).sum()) <= 3
            curve.setSymbol("o" if alone else None)
            curve.setSymbolSize(5)
            curve.setSymbolBrush(line.colour)
            curve.setSymbolPen(None)
            curve.setData(line.x, line.values)
        self._set_axes(drawing)
        self._set_legend(drawing)

    def _set_axes(self, drawing: Drawing) -> None:
        item = self.plot.getPlotItem()
        item.setLabel("bottom", drawing.x_label)
        longest = max((float(line.x[-1]) for line in drawing.lines if len(line.x)), default=0.0)
        item.setXRange(0, longest or 1.0, padding=0.02)
        if drawing.limits is not None:
            item.setYRange(*drawing.limits, padding=0.03)
        else:
            self._fit_y(drawing)
        self._ceiling.setVisible(drawing.ceiling is not None)
        if drawing.ceiling is not None:
            self._ceiling.setValue(drawing.ceiling)
            self._ceiling.label.setFormat(drawing.ceiling_label)
        self._empty.setVisible(not longest)
        self._empty.setText("" if longest else "Curves appear here when training runs.")
        self._empty.setGeometry(self.plot.rect().adjusted(60, 8, -8, -32))

    def _fit_y(self, drawing: Drawing) -> None:
        values = [line.values[np.isfinite(line.values)] for line in drawing.lines]
        values = [part for part in values if len(part)]
        low = min((float(part.min()) for part in values), default=-1.0)
        high = max((float(part.max()) for part in values), default=0.0)
        self.plot.getPlotItem().setYRange(low, max(high, low + 0.1), padding=0.06)

    def _set_legend(self, drawing: Drawing) -> None:
        wanted = tuple((line.name, line.colour) for line in drawing.lines if line.name)
        if wanted == self._legend_of:
            return
        self._legend_of = wanted
        while (taken := self._legend.takeAt(0)) is not None:
            widget = taken.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line in drawing.lines:
            if line.name:
                self._legend.addWidget(LegendKey(line.colour, 3 if line.strong else 2, line.dashed))
                self._legend.addWidget(Label(line.name, "muted"))
                self._legend.addSpacing(8)
        self._legend.addStretch(1)

    # Reading out ----------------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._cross.setVisible(False)
            self._readout.setText("")
        return False

    def _hover(self, point: QPointF) -> None:
        view = self.plot.getPlotItem().getViewBox()
        lines = [line for line in self._drawing.lines if line.name and len(line.x)]
        if not lines or not view.sceneBoundingRect().contains(point):
            return
        self._read_out(float(view.mapSceneToView(point).x()), lines)

    def _read_out(self, x: float, lines: Sequence[Line]) -> None:
        parts, at = [], x
        for line in lines:
            place = int(np.clip(np.searchsorted(line.x, x), 0, len(line.x) - 1))
            if place and abs(line.x[place - 1] - x) < abs(line.x[place] - x):
                place -= 1
            at = float(line.x[place])
            if np.isfinite(line.values[place]):
                parts.append(f"{line.name} {line.values[place]:.2f}")
        self._cross.setValue(at)
        self._cross.setVisible(True)
        when = f"{at:,.0f}" if self._drawing.x_unit == "step" else f"{at:.1f}"
        self._readout.setText(f"{self._drawing.x_unit} {when}:  " + ", ".join(parts))

    # Look -----------------------------------------------------------------------------------------------------------------------------

    def _dress(self) -> None:
        colours = theme.tokens()
        item = self.plot.getPlotItem()
        font = QFont(self.font())
        font.setPointSizeF(self.font().pointSizeF() * 0.9)
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setPen(pg.mkPen(colours.border_strong))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.setTickFont(font)
            axis.label.setFont(font)
            axis.setStyle(tickLength=-4)
        ratio = self.devicePixelRatioF()
        self._cross.setPen(pg.mkPen(colours.muted, width=ratio))
        self._ceiling.setPen(pg.mkPen(colours.muted, width=ratio, style=Qt.PenStyle.DashLine))
        self._ceiling.label.setColor(QColor(colours.muted))
        self.plot.setBackground(colours.surface)
        self._legend_of = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.layout() is not None:
            self._dress()
            self.refresh()
