"""One line chart in the look of the theme: lines by name, a ceiling, a crosshair that reads the values out, saved as a picture on demand.

A thin layer over pyqtgraph: pages hand it arrays, it draws at most twice a second, because painting takes the interpreter from a
training thread, only while it can be seen, and only when there is something new to draw.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from iic_studio.gui import icons, theme
from iic_studio.gui.chart_file import save_chart
from iic_studio.gui.history import Array
from iic_studio.gui.language import amount, later, tr
from iic_studio.gui.legend import Legend, LegendEntry
from iic_studio.gui.meaning import Meaning
from iic_studio.gui.widgets import Label, column, described, row

REDRAW_EVERY_MS = 500
MOST_NAMED = 8
PATTERNS = {
    "solid": Qt.PenStyle.SolidLine,
    "dash": Qt.PenStyle.DashLine,
    "dot": Qt.PenStyle.DotLine,
    "dash dot": Qt.PenStyle.DashDotLine,
    "dash dot dot": Qt.PenStyle.DashDotDotLine,
}


@dataclass(frozen=True)
class Line:
    """One curve. `values` has the length of `x`; `name` empty: not in the legend; a strong line is drawn above the others, one that lies
    under them below.
    """

    x: Array
    values: Array
    colour: str
    name: str = ""
    strong: bool = False
    pattern: str = "solid"
    under: bool = False


@dataclass(frozen=True)
class Drawing:
    """All of a chart.

    Attributes:
        limits: fixes the y axis.
        ceiling, ceiling_label: a dashed line with a label.
        stacked: the lines lie on each other and what is between them is filled; then `values` are shares of their own.
        note: something to know about it, in a colour that warns.
        digits: after the point, when values are read out.
        empty: what is said where there is nothing to draw yet.
    """

    lines: Sequence[Line]
    x_label: str
    limits: tuple[float, float] | None = None
    ceiling: float | None = None
    ceiling_label: str = ""
    x_unit: str = ""
    stacked: bool = False
    note: str = ""
    digits: int = 2
    empty: str = later("Curves appear here when training runs.")


class Chart(QWidget):
    """The chart with its title and tools above, and what it means below.

    Args:
        draw: what to draw now.
        stamp: changes when there is something new to draw; equal stamps cost nothing.
        tools: more buttons for the title's line.
    """

    def __init__(
        self,
        title: str,
        unit: str,
        meaning: str,
        draw: Callable[[], Drawing],
        stamp: Callable[[], Hashable],
        tools: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._draw_what, self._stamp = draw, stamp
        self._drawn: Hashable = None
        self._curves: list[pg.PlotDataItem] = []
        self._fills: list[pg.FillBetweenItem] = []
        self._drawing = Drawing((), "")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_EVERY_MS)
        self._timer.timeout.connect(self._draw_if_seen)
        self._stale = True
        self.plot = pg.PlotWidget(background=None)
        self._make_plot(unit)
        self.title = title
        self.readout = Label("", "muted")
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._legend = Legend()
        self._note = Label("", "warn")
        self._empty = Label("", "muted", wrap=True, parent=self.plot)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        described(self.plot, title, "")
        self.plot.setAccessibleDescription(meaning)
        self.save_button = described(QToolButton(), tr("Save “{0}” as a picture", title), tr("Save as PNG or SVG"))
        self.save_button.setProperty("role", "flat")
        head = row(Label(title, "heading"), self.readout, *tools, self.save_button)
        head.setStretch(1, 1)
        self.meaning = Meaning(title, meaning)
        above = row(self._legend, self._note)
        above.setStretch(0, 1)
        layout = column(head, above, self.plot, self.meaning, spacing=4)
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
        item.setLabel("left", tr(unit))
        for name in ("left", "bottom"):
            item.getAxis(name).enableAutoSIPrefix(False)
        item.getAxis("left").setWidth(52)
        item.setContentsMargins(0, 4, 8, 0)
        self.plot.setMinimumHeight(185)
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
        """There may be something new; drawn soon if the chart can be seen, else when it comes into sight."""
        self._stale = True
        if not self._timer.isActive() and self._is_seen():
            self._timer.start()

    def _is_seen(self) -> bool:
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def _draw_if_seen(self) -> None:
        if self._is_seen():
            self._redraw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale and not self._timer.isActive():  # scrolled into sight
            self._timer.start()

    def _redraw(self) -> None:
        self._stale = False
        stamp = self._stamp()
        if stamp == self._drawn:
            return
        self._drawn = stamp
        drawing = self._drawing = self._draw_what()
        heights = _heights(drawing)
        item = self.plot.getPlotItem()
        while len(self._curves) < len(drawing.lines):
            curve = item.plot([], [], antialias=True, connect="finite", skipFiniteCheck=False)
            self._curves.append(curve)
        for curve in self._curves[len(drawing.lines) :]:
            curve.setData([], [])
        for curve, line, values in zip(self._curves, drawing.lines, heights, strict=False):
            curve.setPen(self._pen(line, drawing.stacked))
            # Pieces are faster, but each begins its dashes anew.
            curve.curve.setSegmentedLineMode("on" if line.pattern == "solid" else "off")
            curve.setZValue(0 if line.under else 2 if line.strong else 1)
            known = int(np.isfinite(values).sum())
            alone = not drawing.stacked and 0 < known <= 3
            curve.setSymbol("o" if alone else None)
            curve.setSymbolSize(5)
            curve.setSymbolBrush(line.colour)
            curve.setSymbolPen(None)
            curve.setData(line.x if known else [], values if known else [])
        self._fill(drawing)
        self._set_axes(drawing)
        self._set_legend(drawing)
        self.plot.scene().prepareForPaint()  # else it moves its lines while it paints, and paints all of it again

    def _pen(self, line: Line, stacked: bool) -> QPen:
        if stacked:
            return QPen(Qt.PenStyle.NoPen)
        ratio = self.devicePixelRatioF()  # pens here count device pixels
        pen = QPen(QColor(line.colour), ratio * (2 if line.strong else 1), PATTERNS[line.pattern])
        pen.setCosmetic(True)
        return pen

    def _fill(self, drawing: Drawing) -> None:
        """Fill what is between stacked lines."""
        item = self.plot.getPlotItem()
        for fill in self._fills:
            item.removeItem(fill)
        self._fills = []
        if not drawing.stacked or not drawing.lines:
            return
        ground = pg.PlotDataItem(drawing.lines[0].x, np.zeros(len(drawing.lines[0].x)))
        for below, above, line in zip([ground, *self._curves], self._curves, drawing.lines, strict=False):
            fill = pg.FillBetweenItem(below, above, brush=QColor(line.colour))
            fill.setZValue(0)
            item.addItem(fill)
            self._fills.append(fill)

    def _set_axes(self, drawing: Drawing) -> None:
        item = self.plot.getPlotItem()
        x_label = tr(drawing.x_label)
        if item.getAxis("bottom").labelText != x_label:
            item.setLabel("bottom", x_label)
        longest = max((float(line.x[-1]) for line in drawing.lines if len(line.x)), default=0.0)
        item.setXRange(0, _rounded_up(longest) or 1.0, padding=0.02)
        if drawing.limits is not None:
            item.setYRange(*drawing.limits, padding=0.05)  # room for half a number at the ends
        else:
            self._fit_y(drawing)
        self._ceiling.setVisible(drawing.ceiling is not None)
        if drawing.ceiling is not None:
            self._ceiling.setValue(drawing.ceiling)
            if self._ceiling.label.format != drawing.ceiling_label:
                self._ceiling.label.setFormat(drawing.ceiling_label)
        self._empty.setVisible(not longest)
        self._empty.setText("" if longest else tr(drawing.empty))
        for name in ("left", "bottom"):
            item.getAxis(name).setStyle(showValues=bool(longest))
        item.showGrid(x=False, y=bool(longest), alpha=0.25)
        self._place_empty()

    def _place_empty(self) -> None:
        """Put the hint into the middle of the axes."""
        self._empty.setGeometry(self.plot.rect().adjusted(60, 8, -8, -32))

    def _fit_y(self, drawing: Drawing) -> None:
        values = [line.values[np.isfinite(line.values)] for line in drawing.lines]
        values = [part for part in values if len(part)]
        low = min((float(part.min()) for part in values), default=-1.0)
        high = max((float(part.max()) for part in values), default=0.0)
        low, high = math.floor(10 * low) / 10, math.ceil(10 * high) / 10
        self.plot.getPlotItem().setYRange(low, max(high, low + 0.1), padding=0.06)

    def legend(self) -> tuple[LegendEntry, ...]:
        """Names, colours and patterns of the lines drawn."""
        return tuple(
            LegendEntry(line.name, line.colour, 8 if self._drawing.stacked else 3 if line.strong else 2, PATTERNS[line.pattern])
            for line in self._drawing.lines
            if line.name
        )

    def _set_legend(self, drawing: Drawing) -> None:
        self._note.setText(drawing.note)
        self._note.setVisible(bool(drawing.note))
        entries = self.legend()
        self._legend.show_entries(entries if len(entries) <= MOST_NAMED else ())  # of many the crosshair names one

    def save(self, path: Path) -> None:
        """Write the chart with title and legend as SVG if the name says so, else as PNG.

        Raises:
            StudioError: the file cannot be written.
        """
        self._redraw()
        save_chart(path, self.title, self.legend(), self.plot)

    # Reading out ----------------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._cross.setVisible(False)
            self.readout.setText("")
        elif event.type() == QEvent.Type.Resize:
            self._place_empty()
        return False

    def _hover(self, point: QPointF) -> None:
        view = self.plot.getPlotItem().getViewBox()
        lines = [line for line in self._drawing.lines if line.name and len(line.x)]
        if not lines or not view.sceneBoundingRect().contains(point):
            return
        where = view.mapSceneToView(point)
        self.read_out(float(where.x()), float(where.y()), lines)

    def read_out(self, x: float, y: float, lines: Sequence[Line]) -> None:
        """Put the crosshair at the moment nearest to x and tell the values there; of many lines only that nearest to y."""
        places = [_nearest(line.x, x) for line in lines]
        if self._drawing.stacked or len(lines) > MOST_NAMED:
            heights = np.array([line.values[place] for line, place in zip(lines, places, strict=True)])
            if self._drawing.stacked:
                chosen = min(int(np.searchsorted(np.cumsum(heights), y)), len(lines) - 1)
            else:
                chosen = int(np.nanargmin(np.abs(heights - y))) if np.isfinite(heights).any() else 0
            lines, places = [lines[chosen]], [places[chosen]]
        told = [(line.name, float(line.values[place])) for line, place in zip(lines, places, strict=True)]
        digits = self._drawing.digits
        parts = [f"{name} {amount(value, f'.{digits}f')}" for name, value in told if np.isfinite(value)]
        at = float(lines[0].x[places[0]])
        self._cross.setValue(at)
        self._cross.setVisible(True)
        when = tr("step {0:,.0f}", at) if self._drawing.x_unit == "step" else tr("minute {0:.1f}", at)
        self.readout.setText(f"{when}:  " + ", ".join(parts))

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
            axis.setStyle(tickLength=-4, maxTickLevel=0, hideOverlappingLabels=False)
        ratio = self.devicePixelRatioF()
        self._cross.setPen(pg.mkPen(colours.muted, width=ratio))
        self._ceiling.setPen(pg.mkPen(colours.muted, width=ratio, style=Qt.PenStyle.DashLine))
        self._ceiling.label.setColor(QColor(colours.muted))
        self.plot.setBackground(colours.surface)
        self.save_button.setIcon(icons.icon("save"))
        self._drawn = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.layout() is not None:
            self._dress()
            self.refresh()


def _heights(drawing: Drawing) -> list[Array]:
    """Where the lines are drawn: their values, or the sums up to them when they are stacked."""
    if not drawing.stacked:
        return [line.values for line in drawing.lines]
    return list(np.cumsum([line.values for line in drawing.lines], axis=0)) if drawing.lines else []


def _rounded_up(value: float) -> float:
    """A little more, so that an axis stays as it is for some drawings: making it anew costs as much as the lines."""
    if value <= 0:
        return 0.0
    step = 10.0 ** math.floor(math.log10(value)) / 20
    return math.ceil(value / step) * step


def _nearest(x: Array, wanted: float) -> int:
    place = int(np.clip(np.searchsorted(x, wanted), 0, len(x) - 1))
    return place - 1 if place and abs(x[place - 1] - wanted) < abs(x[place] - wanted) else place
