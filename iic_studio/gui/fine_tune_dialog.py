"""The dialog for learning from the labels: what will happen, how far it is, and each way beside the map with the best one in use."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHeaderView, QProgressBar, QPushButton, QTableWidget, QTableWidgetItem, QWidget

from iic_studio.errors import StudioError
from iic_studio.evaluation.class_maps import METHODS
from iic_studio.events import ProgressMade
from iic_studio.gui.class_map_view import METHOD_WORDS
from iic_studio.gui.class_tables import part
from iic_studio.gui.language import amount, later, tr
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, column, described, row
from iic_studio.words import STAGES

_HEADS = (later("Way"), later("Right, by cross-validation"), later("Labelled"))
_ABOUT = later(
    "Learns the classes from your labels in three more ways: a linear classifier and the nearest labels on what the network sees, and "
    "the network itself, trained on. Each is judged by labels it has not seen, beside the map of clusters. "
    "The best one is used where it is clearly better than the map; Undo goes back."
)
_WIDTH, _HEIGHT = 600, 440


class FineTuneDialog(QDialog):
    """The dialog. `wanted` asks to begin, and says whether pictures without a label teach too; `cancelled` asks to stop."""

    wanted = Signal(bool)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Fine-tune"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)  # labels stay as they are while it learns from them
        self._is_running = False
        self.status = Label("", "muted", wrap=True)
        self.bar = described(QProgressBar(), tr("Progress"))
        self.bar.setTextVisible(False)
        self.table = QTableWidget(0, len(_HEADS))
        self.table.setHorizontalHeaderLabels([tr(one) for one in _HEADS])
        self.table.setAccessibleName(tr("Ways to find classes"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.with_rest = described(
            QCheckBox(tr("Learn from pictures without a label too")),
            tr("Learn from pictures without a label too"),
            tr("One way more: where a picture's class is sure, a strongly changed copy must get it too. Takes two to three times as long"),
        )
        self.go = described(QPushButton(tr("Begin")), tr("Begin"), tr("Learn from the labels; this may take minutes"))
        self.go.setProperty("role", "primary")
        self.close_button = QPushButton(tr("Close"))
        self.close_button.setAutoDefault(False)
        about = Label(tr(_ABOUT), wrap=True)
        about.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        foot = row(self.with_rest, None, self.close_button, self.go)
        layout = column(about, self.table, None, self.bar, self.status, foot, margins=(20, 16, 20, 16), spacing=12)
        layout.setStretch(1, 10)
        self._parts = layout
        self.setLayout(layout)
        self.bar.hide()
        self.table.hide()
        self.status.hide()  # until there is something to tell
        self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))
        self.go.clicked.connect(lambda _=False: self._begin())
        self.close_button.clicked.connect(lambda _=False: self._close_or_cancel())

    def _begin(self) -> None:
        self._set_running(True)
        self.status.setText(tr("Beginning…"))
        self.wanted.emit(self.with_rest.isChecked())

    def _set_running(self, running: bool) -> None:
        self._is_running = running
        for widget in (self.go, self.with_rest):
            widget.setEnabled(not running)
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        self.close_button.setText(tr("Cancel") if running else tr("Close"))
        self.status.setVisible(True)
        self.resize(self.width(), max(self.height(), self._parts.totalHeightForWidth(self.width())))

    def _close_or_cancel(self) -> None:
        if self._is_running:
            self.status.setText(tr("Stopping…"))
            self.cancelled.emit()
        else:
            self.reject()

    def reject(self) -> None:
        """Escape stops what runs before it closes."""
        if self._is_running:
            self._close_or_cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_running:
            self.cancelled.emit()
        super().closeEvent(event)

    def show_progress(self, event: ProgressMade) -> None:
        """Tell how far it is."""
        words = tr(STAGES.get(event.stage, event.stage))
        if event.total:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * event.done / event.total))
            words = tr("{0}: {1:,.0f} of {2:,.0f}", words, event.done, event.total)
        self.status.setText(words)

    def show_result(self, summary: dict[str, Any]) -> None:
        """Show each way, and which is in use."""
        self._set_running(False)
        rows = result_rows(summary)
        self.table.setRowCount(len(rows))
        for place, cells in enumerate(rows):
            for column_, text in enumerate(cells):
                self.table.setItem(place, column_, QTableWidgetItem(text))
        self.table.show()
        self.resize(self.width(), max(self.height(), _HEIGHT))
        used = summary["map"]["method"] if summary["map"] else ""
        self.status.setText(
            tr(
                "In use now: {0}. The map and what was learned best can be chosen under Map of classes.",
                tr(METHOD_WORDS.get(used, (used, ""))[0]),
            )
        )

    def show_failure(self, error: StudioError | None) -> None:
        """Tell why nothing was learned; None: it was cancelled."""
        self._set_running(False)
        self.status.setText(told(error.message, error.hint) if error is not None else tr("Cancelled; nothing was changed."))


def result_rows(summary: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A line for the best map and for each way that learned, the best first.

    Args:
        summary: of the job.
    """
    tried, learned = summary.get("compared", {}), summary.get("learned", {})
    maps = {name: tried[name] for name in METHODS if name in tried and tried[name]["value"] is not None}
    best = max(maps, key=lambda name: maps[name]["value"], default=None)
    found = ([(tr("Map of clusters: {0}", tr(METHOD_WORDS[best][0])), maps[best])] if best is not None else []) + [
        (tr(METHOD_WORDS.get(name, (name, ""))[0]), one) for name, one in learned.items()
    ]
    found.sort(key=lambda line: -(line[1]["value"] if line[1]["value"] is not None else -1.0))
    return [(name, _share(one), amount(one["num_labels"])) for name, one in found]


def _share(one: dict[str, Any]) -> str:
    if one["value"] is None:
        return tr("unknown")
    return tr("{0} ({1} to {2})", part(one["value"]), part(one["low"]), part(one["high"]))
