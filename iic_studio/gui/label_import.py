"""The dialog that reads labels: from a table or from the names of folders, as labels or as truth; then what matched and what did not.

Labels of pixels come from a table, and are labels.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QFileDialog, QLineEdit, QPushButton, QRadioButton, QScrollArea, QWidget

from iic_studio.errors import StudioError
from iic_studio.gui import theme
from iic_studio.gui.files import printable
from iic_studio.gui.language import tr
from iic_studio.gui.telling import told
from iic_studio.gui.widgets import Label, Panel, column, described, row, set_role

if TYPE_CHECKING:
    from iic_studio.jobs.label_request import LabelRequest

_MOST_TOLD = 8
_WIDTH, _REPORT = 580, 150


class LabelImport(QDialog):
    """The dialog. `wanted` carries a `LabelRequest`; it is answered with `show_report` or `show_failure`.

    Args:
        of_pixels: the labels are of single pixels.
    """

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, of_pixels: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import labels"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._of_pixels = of_pixels
        pictures, pixels = tr("A table: a CSV with the columns path and label"), tr("A table: a CSV with the columns path, x, y and label")
        self.table = QRadioButton(pixels if of_pixels else pictures)
        self.folders = QRadioButton(tr("The names of the folders that the pictures lie in"))
        about = tr("A CSV in UTF-8; paths are relative to the folder of pictures")
        if of_pixels:
            about = tr("A CSV in UTF-8; x and y are columns and lines of the picture as it is seen upright, from 0 on")
        self.file = described(QLineEdit(), tr("File with labels"), about)
        self.browse = described(QPushButton(tr("Choose…")), tr("Choose a file with labels"), tr("Choose a file with labels"))
        self.as_labels = QRadioButton(tr("Labels: they make the map, and judge it by cross-validation"))
        self.as_truth = QRadioButton(tr("Truth: it only judges; no map and no training sees it"))
        self._sources, self._uses = QButtonGroup(self), QButtonGroup(self)
        for group, buttons in ((self._sources, (self.table, self.folders)), (self._uses, (self.as_labels, self.as_truth))):
            for button in buttons:
                group.addButton(button)
        self.table.setChecked(True)
        self.as_labels.setChecked(True)
        self.report = Label("", wrap=True)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.go = described(QPushButton(tr("Import")), tr("Import"), tr("Read the labels; Undo takes them back"))
        self.go.setProperty("role", "primary")
        self.go.setDefault(True)
        close = described(QPushButton(tr("Close")), tr("Close"))
        for other in (self.browse, close):
            other.setAutoDefault(False)
        self._arrange(close)
        self.browse.clicked.connect(lambda _=False: self._browse())
        self.file.textChanged.connect(lambda _: self._update())
        self._sources.buttonToggled.connect(lambda *_: self._update())
        self.folders.toggled.connect(lambda on: self.as_truth.setChecked(True) if on else None)
        self.go.clicked.connect(lambda _=False: self._go())
        close.clicked.connect(self.reject)
        self._update()

    def _arrange(self, close: QPushButton) -> None:
        inner = Panel("plain")
        inner.setLayout(column(self.report, None, margins=(12, 10, 12, 10)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(tr("What matched and what did not"))
        scroll.setWidget(inner)
        scroll.setMinimumHeight(_REPORT)
        scroll.hide()  # until there is something to tell
        self._scroll = scroll
        line = row(0 if self._of_pixels else 24, self.file, self.browse)
        line.setStretch(1, 1)
        alone, what_for = Label(self.table.text(), wrap=True), Label(tr("What for"), "heading")
        parts = (self.table, alone, line, self.folders, 4, what_for, self.as_labels, self.as_truth)
        for one in (self.table, self.folders, what_for, self.as_labels, self.as_truth) if self._of_pixels else (alone,):
            one.hide()
        foot = row(None, close, self.go)
        layout = column(Label(tr("Where from"), "heading"), *parts, 4, scroll, foot, margins=(20, 16, 20, 16), spacing=8)
        layout.setStretch(layout.count() - 2, 1)
        self.setLayout(layout)
        self.resize(_WIDTH, layout.totalHeightForWidth(_WIDTH))

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("File with labels"), str(Path.home()), tr("Tables (*.csv);;All files (*)"))
        if chosen:
            self.table.setChecked(True)
            self.file.setText(printable(chosen))

    def _update(self) -> None:
        for widget in (self.file, self.browse):
            widget.setEnabled(self.table.isChecked())
        self.go.setEnabled(self.folders.isChecked() or bool(self.file.text().strip()))

    def request(self) -> "LabelRequest":
        """What is wanted now."""
        from iic_studio.jobs import LabelRequest

        path = Path(self.file.text().strip()).expanduser() if self.table.isChecked() else None
        return LabelRequest(path, self.folders.isChecked(), self.as_truth.isChecked())

    def _go(self) -> None:
        self.go.setEnabled(False)
        self._tell(tr("Reading…"), "muted")
        self.wanted.emit(self.request())

    def show_report(self, summary: dict[str, Any]) -> None:
        """Tell what became of the rows."""
        self._tell("\n".join(report_words(summary["import"])), "")
        self._update()

    def show_failure(self, error: StudioError) -> None:
        """Tell why nothing was read."""
        self._tell(told(error.message, error.hint), "warn")
        self._update()

    def _tell(self, text: str, role: str) -> None:
        self.report.setText(printable(text))
        set_role(self.report, "role", role)
        if self._scroll.isHidden():
            self._scroll.show()
            self.resize(self.width(), self.height() + _REPORT + 2 * theme.GRID)


def report_words(record: dict[str, Any]) -> list[str]:
    """What became of the rows of a label file, a sentence each.

    Args:
        record: `import` in the summary of the job.
    """
    matched, rows = record["matched"], record["rows"]
    if record["as"] == "truth":
        lines = [tr("{0:,} of 1 row read as truth.", matched) if rows == 1 else tr("{0:,} of {1:,} rows read as truth.", matched, rows)]
    else:
        lines = [tr("{0:,} of 1 row read as labels.", matched) if rows == 1 else tr("{0:,} of {1:,} rows read as labels.", matched, rows)]
    lines.append(tr("{0:,} new, {1:,} changed, {2:,} as before.", record["new"], record["changed"], record["unchanged"]))
    if record["num_unknown_paths"]:
        lines.append(
            tr("Paths that are not among the readable pictures: {0:,} ({1})", record["num_unknown_paths"], _few(record["unknown_paths"]))
        )
    if record["unknown_classes"]:
        rows = sum(record["unknown_classes"].values())
        lines.append(tr("Rows with classes that are not in the fixed list: {0:,} ({1})", rows, _few(list(record["unknown_classes"]))))
    if record.get("num_outside"):
        lines.append(tr("Places outside their picture: {0:,} ({1})", record["num_outside"], _few(record["outside"])))
    if record.get("num_no_place"):
        lines.append(tr("Rows whose x or y is no whole number: {0:,}", record["num_no_place"]))
    if record["num_conflicts"]:
        said = _few([f"{path}: {' / '.join(labels)}" for path, labels in record["conflicts"].items()])
        lines.append(
            tr("Places whose labels contradict each other, so none was taken: {0:,} ({1})", record["num_conflicts"], said)
            if record.get("of") == "pixels"
            else tr("Paths whose labels contradict each other, so none was taken: {0:,} ({1})", record["num_conflicts"], said)
        )
    if record["num_doubles"]:
        lines.append(tr("Rows that say again what another row says: {0:,}", record["num_doubles"]))
    if record["without_label"]:
        lines.append(tr("Rows without a label: {0:,}", record["without_label"]))
    return lines


def _few(names: list[str]) -> str:
    return ", ".join(names[:_MOST_TOLD]) + (" …" if len(names) > _MOST_TOLD else "")
