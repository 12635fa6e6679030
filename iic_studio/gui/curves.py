"""The curves page: information, losses, how settled the groups are and how large, over steps or minutes, earlier runs under this one."""

from collections.abc import Callable, Hashable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QGridLayout, QPushButton, QScrollArea, QWidget

from iic_studio.errors import StudioError
from iic_studio.gui import theme
from iic_studio.gui.chart import Chart, Drawing
from iic_studio.gui.curve_lines import Curves
from iic_studio.gui.earlier_runs import EarlierRuns
from iic_studio.gui.files import printable
from iic_studio.gui.helptexts import meanings
from iic_studio.gui.history import MAIN, OVERCLUSTERING, History, Series
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import ElidedLabel, Label, Panel, column, described, panel, row


class CurvesPage(Panel):
    """Seven charts on one kind of axis. `saved` carries the path of a picture of one."""

    saved = Signal(object)  # Path

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self._minutes = described(QPushButton("Minutes"), "Minutes", "Draw over minutes of training")
        self._steps = described(QPushButton("Steps"), "Steps", "Draw over optimiser steps")
        group = QButtonGroup(self)
        for button in (self._minutes, self._steps):
            button.setCheckable(True)
            group.addButton(button)
        self._minutes.setChecked(True)
        self.stacked = described(QPushButton("Stacked"), "Stacked", "Sizes on top of each other, or as lines")
        self.stacked.setCheckable(True)
        self.stacked.setChecked(True)
        self.earlier = EarlierRuns(session)
        self._state = ElidedLabel("", Qt.TextElideMode.ElideRight, "muted")
        header = row(
            Label("How training goes", "heading"), self._state, self.earlier, self._minutes, self._steps, margins=(16, 8, 16, 8), spacing=12
        )  # fmt: skip
        header.setStretch(1, 1)
        self.charts = self._make_charts()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(16, 0, 16, 16)
        self._grid.setSpacing(16)
        self._cards = [panel("card", row(chart, margins=(16, 12, 16, 12))) for chart in self.charts.values()]
        for chart in self.charts.values():
            chart.save_button.clicked.connect(partial(self._choose_file, chart))
        self._columns = 0
        self._arrange(2)
        body = Panel("page")
        body.setLayout(self._grid)
        scroll = self._scroll = QScrollArea()
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Curves")
        scroll.setWidget(body)
        self.setLayout(column(panel("pageHeader", header), scroll, spacing=0))
        self._steps.toggled.connect(self._refresh)
        self.stacked.toggled.connect(self._refresh)
        self.earlier.changed.connect(self._refresh)
        session.changed.connect(self._follow)

    def _make_charts(self) -> dict[str, Chart]:
        made = {}

        def add(
            key: str, title: str, unit: str, draw: Callable[[Curves], Drawing], of: Callable[[History], Series], *tools: QWidget
        ) -> None:
            stamp = lambda: (self._stamp(), _newest(of(self._session.history)))  # noqa: E731
            made[key] = Chart(title, unit, meanings()[key], lambda: draw(self.curves()), stamp, tools)

        heads = ((MAIN, "Clusters"), (OVERCLUSTERING, "Overclusters"))
        for head, title in heads:
            add(f"information_{head}", f"{title}: information", "bits", partial(Curves.information, head=head), partial(_information, head))
        for head, title in heads:
            add(f"loss_{head}", f"{title}: loss", "nats", partial(Curves.losses, head=head), partial(_losses, head))
        add("churn", "Pictures that moved", "%", Curves.churn, lambda history: history.health)
        add("same", "The same groups?", "0–1", Curves.same, lambda history: history.health)
        sizes = lambda curves: curves.sizes(stacked=self.stacked.isChecked())  # noqa: E731
        add("sizes", "Sizes of the clusters", "%", sizes, lambda history: history.sizes, self.stacked)
        return made

    def _arrange(self, columns: int) -> None:
        """Put the charts beside each other; an odd last one takes the whole width."""
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            is_last = place == len(self._cards) - 1 and place % columns == 0
            self._grid.addWidget(card, place // columns, place % columns, 1, columns if is_last else 1)

    def _fit(self) -> None:
        """Two charts beside each other, where there is room for their titles."""
        widest = max(card.minimumSizeHint().width() for card in self._cards)
        self._arrange(2 if 2 * widest + 48 <= self._scroll.viewport().width() else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_scroll"):
            QTimer.singleShot(0, self, self._fit)  # once the charts have the new font, too

    def curves(self) -> Curves:
        """What the charts draw."""
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
        history = self._session.history
        self._state.set_full(f"step {history.step:,}, {history.elapsed_s / 60:.1f} min" if history.step else "")
        for chart in self.charts.values():
            chart.refresh()

    def _choose_file(self, chart: Chart) -> None:
        start = Path.home() / f"{printable(chart.title).replace(':', ',').rstrip('?')}.png"
        filters = "PNG picture (*.png);;SVG drawing (*.svg)"
        chosen, kind = QFileDialog.getSaveFileName(self, "Save the chart", str(start), filters)
        if chosen:
            path = Path(chosen)
            if path.suffix.lower() not in (".png", ".svg"):
                path = path.with_name(f"{path.name}{'.svg' if 'svg' in kind else '.png'}")
            self.save(chart, path)

    def save(self, chart: Chart, path: Path) -> None:
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


def _information(head: str, history: History) -> Series:
    return history.heads[head].information


def _losses(head: str, history: History) -> Series:
    return history.heads[head].losses


def _newest(series: Series) -> tuple[int, int, float]:
    """What changes when a series does."""
    return id(series), len(series), float(series.minutes[-1]) if len(series) else -1.0
