"""The curves page: loss of every sub-head and information in bits, for both heads."""

import functools
import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QScrollArea, QWidget

from iic_studio.gui import theme
from iic_studio.gui.chart import Chart, Drawing, Line
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.history import MAIN, OVERCLUSTERING, Array, Series
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, column, described, panel, row

_HEAD_TITLES = {MAIN: "Clusters", OVERCLUSTERING: "Overclusters"}
# I, H(z), H(z|z′): the first three of the cluster colours, so that the colour-blind can tell them apart.
_INFORMATION = (("I(z, z′)", 0), ("H(z)", 2), ("H(z|z′)", 3))


class CurvesPage(Panel):
    """Four charts on one time axis, in minutes or in steps."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._by_steps = False
        self._minutes = described(QPushButton("Minutes"), "Minutes", "Draw over minutes of training")
        self._steps = described(QPushButton("Steps"), "Steps", "Draw over optimiser steps")
        group = QButtonGroup(self)
        for button in (self._minutes, self._steps):
            button.setCheckable(True)
            group.addButton(button)
        self._minutes.setChecked(True)
        self._steps.toggled.connect(self._choose_axis)
        self._state = ElidedLabel("", Qt.TextElideMode.ElideRight, "muted")
        header = row(Label("How training goes", "heading"), self._state, self._minutes, self._steps, margins=(16, 8, 16, 8), spacing=12)
        header.setStretch(1, 1)
        self.charts: list[Chart] = []
        grid = QGridLayout()
        grid.setContentsMargins(16, 0, 16, 16)
        grid.setSpacing(16)
        for place, head in enumerate((MAIN, OVERCLUSTERING)):
            title = _HEAD_TITLES[head]
            loss = Chart(f"{title}: loss", "nats", meanings()[f"loss_{head}"], functools.partial(self._losses, head))
            bits = Chart(f"{title}: information", "bits", meanings()[f"information_{head}"], functools.partial(self._information, head))
            grid.addWidget(_card(bits), 0, place)
            grid.addWidget(_card(loss), 1, place)
            self.charts += [bits, loss]
        body = Panel("page")
        body.setLayout(grid)
        body.setMinimumHeight(600)
        scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Curves")
        scroll.setWidget(body)
        self.setLayout(column(panel("pageHeader", header), scroll, spacing=0))
        session.changed.connect(self._follow)

    def _follow(self, what: Change) -> None:
        if what & (Change.CURVES | Change.PROJECT):
            history = self._session.history
            where = f"step {history.step:,}, {history.elapsed_s / 60:.1f} min" if history.step else ""
            self._state.set_full(self._session.diagnosis or where)
            for chart in self.charts:
                chart.refresh()

    def _choose_axis(self, by_steps: bool) -> None:
        self._by_steps = by_steps
        for chart in self.charts:
            chart.refresh()

    def _points(self, series: Series) -> tuple[Array, Array]:
        """(n,) x and (n, columns) values to draw."""
        places = series.thinned()
        return (series.steps if self._by_steps else series.minutes)[places], series.values[places]

    def _losses(self, head: str) -> Drawing:
        history, colours = self._session.history.heads[head], theme.tokens()
        x, values = self._points(history.losses)
        best = history.best
        lines = [
            Line(x, values[:, one], colours.border_strong, "other sub-heads" if one == (0 if best else 1) else "")
            for one in range(values.shape[1])
            if one != best
        ]
        if best < values.shape[1]:
            lines.append(Line(x, values[:, best], theme.cluster_colour(0).name(), f"best (sub-head {best + 1})", strong=True))
        return Drawing(lines, self._label(), x_unit=self._unit())

    def _information(self, head: str) -> Drawing:
        history = self._session.history.heads[head]
        x, values = self._points(history.information)
        lines = [
            Line(x, values[:, place] if values.size else np.zeros(0), theme.cluster_colour(colour).name(), name, strong=place == 0)
            for place, (name, colour) in enumerate(_INFORMATION)
        ]
        if not history.ceiling:
            return Drawing(lines, self._label(), limits=(0.0, math.log2(10)), x_unit=self._unit())
        ceiling = history.ceiling
        label = f"ceiling log2 {round(2**ceiling)} = {ceiling:.2f} bits"
        return Drawing(lines, self._label(), (0.0, 1.16 * ceiling), ceiling, label, self._unit())

    def _label(self) -> str:
        return "steps" if self._by_steps else "minutes"

    def _unit(self) -> str:
        return "step" if self._by_steps else "minute"


def _card(chart: Chart) -> QWidget:
    return panel("card", row(chart, margins=(16, 12, 16, 12)))
