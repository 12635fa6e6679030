"""The curves page: information, losses, how settled the groups are and how large, over steps or minutes, earlier runs under this one."""

from collections import deque
from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QGridLayout, QPushButton, QScrollArea, QWidget

from iic_studio.errors import StudioError
from iic_studio.gui import theme
from iic_studio.gui.earlier_runs import EarlierRuns
from iic_studio.gui.files import printable
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.history import MAIN, OVERCLUSTERING, History, Series
from iic_studio.gui.language import later, tr
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, column, described, panel, row

if TYPE_CHECKING:  # they load pyqtgraph, which nobody needs before the page is looked at
    from iic_studio.gui.chart import Chart, Drawing
    from iic_studio.gui.curve_lines import Curves

PAUSE_MS = 10  # from making one chart to making the next


class CurvesPage(Panel):
    """Seven charts on one kind of axis, made when somebody looks. `saved` carries the path of a picture of one."""

    saved = Signal(object)  # Path

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._minutes = described(QPushButton(tr("Minutes")), tr("Minutes"), tr("Draw over minutes of training"))
        self._steps = described(QPushButton(tr("Steps")), tr("Steps"), tr("Draw over optimiser steps"))
        group = QButtonGroup(self)
        for button in (self._minutes, self._steps):
            button.setCheckable(True)
            group.addButton(button)
        self._minutes.setChecked(True)
        self.stacked = described(QPushButton(tr("Stacked"), self), tr("Stacked"), tr("Sizes on top of each other, or as lines"))
        self.stacked.setCheckable(True)
        self.stacked.setChecked(True)
        self.stacked.hide()  # until its chart is there
        self.earlier = EarlierRuns(session)
        self._state = ElidedLabel("", Qt.TextElideMode.ElideRight, "muted")
        title = Label(tr("How training goes"), "heading")
        header = row(title, self._state, self.earlier, self._minutes, self._steps, margins=(16, 8, 16, 8), spacing=12)
        header.setStretch(1, 1)
        self._charts: dict[str, Chart] = {}
        self._cards: list[QWidget] = []
        self._plans = self._plan_charts()
        self._columns = 2
        self._grid = QGridLayout()
        self._grid.setContentsMargins(16, 0, 16, 16)
        self._grid.setSpacing(16)
        body = Panel("page")
        body.setLayout(self._grid)
        scroll = self._scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("Curves"))
        scroll.setWidget(body)
        self.setLayout(column(panel("pageHeader", header), scroll, spacing=0))
        self._steps.toggled.connect(self._refresh)
        self.stacked.toggled.connect(self._refresh)
        self.earlier.changed.connect(self._refresh)
        session.changed.connect(self._follow)

    @property
    def charts(self) -> "dict[str, Chart]":
        """All charts; those that nobody has looked at yet are made now."""
        while self._plans:
            self._make_next()
        return self._charts

    def _plan_charts(self) -> "deque[tuple[str, Callable[[], Chart]]]":
        """How to make each chart: (key, how), in the order they are shown."""
        plans: deque[tuple[str, Callable[[], Chart]]] = deque()

        def add(
            key: str, title: str, unit: str, draw: "Callable[[Curves], Drawing]", of: Callable[[History], Series], *tools: QWidget
        ) -> None:
            def stamp() -> Hashable:
                return self._stamp(), _newest(of(self._session.history))

            plans.append((key, lambda: _chart()(title, unit, meanings()[key], lambda: draw(self.curves()), stamp, tools)))

        def sizes(curves: "Curves") -> "Drawing":
            return curves.sizes(stacked=self.stacked.isChecked())

        heads = ((MAIN, tr("Clusters")), (OVERCLUSTERING, tr("Overclusters")))
        for head, title in heads:
            draw = partial(lambda curves, head: curves.information(head=head), head=head)
            add(f"information_{head}", tr("{0}: information", title), later("bits"), draw, partial(_information, head))
        for head, title in heads:
            draw = partial(lambda curves, head: curves.losses(head=head), head=head)
            add(f"loss_{head}", tr("{0}: loss", title), later("nats"), draw, partial(_losses, head))
        add("churn", tr("Pictures that moved"), "%", lambda curves: curves.churn(), lambda history: history.health)
        add("same", tr("The same groups?"), "0–1", lambda curves: curves.same(), lambda history: history.health)
        add("sizes", tr("Sizes of the clusters"), "%", sizes, lambda history: history.sizes, self.stacked)
        return plans

    def _make_next(self) -> None:
        key, make = self._plans.popleft()
        chart = make()
        self._charts[key] = chart
        self.stacked.setVisible(key == "sizes")
        chart.save_button.clicked.connect(partial(self._choose_file, chart))
        self._cards.append(panel("card", row(chart, margins=(16, 12, 16, 12))))
        self._place(len(self._cards) - 1)
        self._fit()

    def _place(self, place: int) -> None:
        """Put a chart beside the one before, or below; an odd last one takes the whole width."""
        columns = self._columns
        is_last = not self._plans and place == len(self._cards) - 1 and place % columns == 0
        self._grid.addWidget(self._cards[place], place // columns, place % columns, 1, columns if is_last else 1)

    def _fit(self) -> None:
        """Two charts beside each other, where there is room for their titles."""
        widest = max((card.minimumSizeHint().width() for card in self._cards), default=0)
        columns = 2 if 2 * widest + 48 <= self._scroll.viewport().width() else 1
        if columns != self._columns:
            self._columns = columns
            for place in range(len(self._cards)):
                self._place(place)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._say()
        self._grow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_scroll"):
            QTimer.singleShot(0, self, self._fit)  # once the charts have the new font, too

    def _grow(self) -> None:
        """Make the charts one after the other, so that the window answers in between."""
        if self._plans and self.isVisible():
            self._make_next()
            QTimer.singleShot(PAUSE_MS, self, self._grow)
        else:
            self._fit()  # now they know their fonts

    def curves(self) -> "Curves":
        """What the charts draw."""
        from iic_studio.gui.curve_lines import Curves

        return Curves(self._session, self.earlier.histories, self._steps.isChecked())

    def _stamp(self) -> Hashable:
        """What else a chart depends on but its own series."""
        session = self._session
        names = tuple(session.model_cluster_name(one) for one in range(min(session.num_clusters, 100)))
        best = tuple((head.best, head.ceiling) for head in session.history.heads.values())
        earlier = tuple((name, id(history)) for name, history in self.earlier.histories.items())
        return best, earlier, names, self._steps.isChecked(), self.stacked.isChecked(), theme.is_dark()

    def _follow(self, what: Change) -> None:
        if what & (Change.CURVES | Change.PROJECT | Change.NAMES):
            self._refresh()

    def _refresh(self) -> None:
        if self.isVisible():
            self._say()
        for chart in self._charts.values():
            chart.refresh()

    def _say(self) -> None:
        history = self._session.history
        self._state.set_full(tr("step {0:,}, {1:.1f} min", history.step, history.elapsed_s / 60) if history.step else "")

    def _choose_file(self, chart: "Chart") -> None:
        start = Path.home() / f"{printable(chart.title).replace(':', ',').rstrip('?')}.png"
        filters = tr("PNG picture (*.png);;SVG drawing (*.svg)")
        chosen, kind = QFileDialog.getSaveFileName(self, tr("Save the chart"), str(start), filters)
        if chosen:
            path = Path(chosen)
            if path.suffix.lower() not in (".png", ".svg"):
                path = path.with_name(f"{path.name}{'.svg' if 'svg' in kind else '.png'}")
            self.save(chart, path)

    def save(self, chart: "Chart", path: Path) -> None:
        """Save a chart as a picture, and tell how it went."""
        try:
            chart.save(path)
        except StudioError as error:
            self._session.failed.emit(error)
        else:
            self.saved.emit(path)

    def let_go(self) -> None:
        """Read no more files of the project."""
        self.earlier.side_thread.close()


def _chart() -> "type[Chart]":
    from iic_studio.gui.chart import Chart

    return Chart


def _information(head: str, history: History) -> Series:
    return history.heads[head].information


def _losses(head: str, history: History) -> Series:
    return history.heads[head].losses


def _newest(series: Series) -> tuple[int, int, float]:
    """What changes when a series does."""
    return id(series), len(series), float(series.minutes[-1]) if len(series) else -1.0
