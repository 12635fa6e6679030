"""The runs of a project as a table: names can be edited, the loss is drawn small."""

import time
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from iic_studio.gui import theme
from iic_studio.gui.language import amount, later, percent, tr
from iic_studio.gui.run_numbers import run_method, span
from iic_studio.gui.session import Session
from iic_studio.gui.widgets import plain_tooltip
from iic_studio.jobs.runs import RunFacts, say_settings
from iic_studio.project.records import BASELINE, REPEAT

Index = QModelIndex | QPersistentModelIndex
FactsRole = Qt.ItemDataRole.UserRole
_NO_PARENT = QModelIndex()
COLUMNS = (
    later("Run"),
    later("State"),
    later("Clusters"),
    later("Seed"),
    later("Method"),
    later("Accuracy"),
    later("Time"),
    later("Curve"),
    later("Loss"),
    later("Information"),
    later("Differs from the defaults"),
)
NAME, _STATE, _CLUSTERS, _SEED, METHOD, ACCURACY, _TIME, CURVE, _LOSS, _INFORMATION, _DIFFERS = range(len(COLUMNS))
_NUMBERS = (_CLUSTERS, _SEED, _LOSS, _INFORMATION, ACCURACY, _TIME)
_STATES = {name: name for name in (later("running"), later("stopped"), later("finished"), later("failed"))}
_TIPS = {
    NAME: later("Double click or F2 gives it a name"),
    CURVE: later("Lowest loss of the sub-heads; lower is better"),
    _LOSS: later("Lowest loss of the sub-heads, in nats"),
    _INFORMATION: later("What two views share, as a share of the most that so many clusters can tell"),
    METHOD: later("How the clusters were found"),
    ACCURACY: later("Labelled pictures that lie in the cluster of their class, matched one to one"),
    _TIME: later("What finding the clusters took"),
}
_BESIDE = {BASELINE: later("baseline"), REPEAT: later("repeat")}


class RunModel(QAbstractTableModel):
    """Runs, the newest first. Naming goes through `rename`."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.runs: list[RunFacts] = []

    def take(self, runs: list[RunFacts]) -> None:
        """Show these."""
        if runs and [one.row.id for one in runs] == [one.row.id for one in self.runs]:
            self.runs = runs
            self.dataChanged.emit(self.index(0, 0), self.index(len(runs) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.runs = runs
        self.endResetModel()

    def is_shown(self, facts: RunFacts) -> bool:
        """Whether the window shows its clusters."""
        return self._session.run is not None and self._session.run.id == facts.row.id

    def is_in_use(self, facts: RunFacts) -> bool:
        """Whether the clusters of the project stand on it."""
        in_use = self._session.snapshot.in_use
        return in_use is not None and in_use.id == facts.row.id

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def words(self, facts: RunFacts) -> tuple[str, ...]:
        """The cells of a run."""
        state = tr(_STATES.get(facts.row.state, facts.row.state))
        if facts.row.beside in _BESIDE:
            what = tr(_BESIDE[facts.row.beside])
            state = what if facts.row.state == "finished" else f"{what}, {state}"
        return (
            facts.title,
            tr("{0}, in use", state) if self.is_in_use(facts) else tr("{0}, shown", state) if self.is_shown(facts) else state,
            str(facts.clusters),
            "" if facts.seed is None else str(facts.seed),
            run_method(facts),
            "" if facts.accuracy is None else percent(facts.accuracy),
            "" if facts.seconds is None else span(facts.seconds),
            "",
            "" if facts.loss is None else amount(facts.loss, ".3f"),
            "" if facts.information_share is None else f"{100 * facts.information_share:.0f} %",
            say_settings(facts.asked),
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.runs):
            return None
        facts, place = self.runs[index.row()], index.column()
        if role == FactsRole:
            return facts
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(facts)[place]
        if role == Qt.ItemDataRole.EditRole:
            return facts.row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(facts.row.created))
            if place == ACCURACY and facts.accuracy is not None:
                one = tr("On 1 labelled picture: {0}", tr(_TIPS[ACCURACY]))
                several = tr("On {0:,} labelled pictures: {1}", facts.num_judged, tr(_TIPS[ACCURACY]))
                return plain_tooltip(one if facts.num_judged == 1 else several)
            return plain_tooltip(
                tr("Began {0}. {1}.", began, tr(_TIPS[NAME]))
                if place == NAME
                else self.words(facts)[place] or (tr(_TIPS[place]) if place in _TIPS else "")
            )
        if role == Qt.ItemDataRole.AccessibleTextRole and place == CURVE:
            return tr("loss at 1 moment") if len(facts.curve) == 1 else tr("loss over {0} moments", len(facts.curve))
        if role == Qt.ItemDataRole.FontRole and self.is_shown(facts) and place == NAME:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role == Qt.ItemDataRole.TextAlignmentRole and place in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section])
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return tr(_TIPS[section]) if section in _TIPS else ""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() == NAME else flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or self._session.project is None:
            return False
        self._session.corrections.name_run(self.runs[index.row()].row, str(value))
        return True


class CurveDelegate(QStyledItemDelegate):
    """Draws a run's loss small."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, option.fontMetrics.height() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        curve = index.data(FactsRole).curve
        if len(curve) < 2:
            return
        area = option.rect.adjusted(10, 6, -10, -6)
        x = (curve[:, 0] - curve[0, 0]) / max(curve[-1, 0] - curve[0, 0], 1e-9)
        low, high = float(np.min(curve[:, 1])), float(np.max(curve[:, 1]))
        y = (high - curve[:, 1]) / max(high - low, 1e-9)
        points = [QPointF(area.left() + one * area.width(), area.top() + other * area.height()) for one, other in zip(x, y, strict=True)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.tokens()
        strong = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(colours.text if strong else colours.accent), 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.restore()
