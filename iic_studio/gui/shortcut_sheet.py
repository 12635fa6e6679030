"""All keys at a glance."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QWidget

from iic_studio.gui.actions import IN_THE_GALLERY, IN_THE_VIEWER, ON_THE_MAP, SPECS
from iic_studio.gui.widgets import Label, column


class ShortcutSheet(QDialog):
    """The sheet; it is made from the table of actions, so it cannot be out of date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        native = QKeySequence.SequenceFormat.NativeText
        everywhere = [("  or  ".join(QKeySequence(key).toString(native) for key in spec.keys), spec.tip) for spec in SPECS if spec.keys]
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        _add(grid, "Everywhere", everywhere)
        _add(grid, "Pictures and clusters", IN_THE_GALLERY)
        _add(grid, "Viewer", IN_THE_VIEWER)
        _add(grid, "Map", ON_THE_MAP)
        self.setLayout(column(grid, 8, buttons, margins=(24, 24, 24, 16)))


def _add(grid: QGridLayout, title: str, lines: Sequence[tuple[str, str]]) -> None:
    first = grid.rowCount()
    heading = Label(title, "heading")
    heading.setContentsMargins(0, 8 if first > 1 else 0, 0, 4)
    grid.addWidget(heading, first, 0, 1, 2)
    for place, (keys, what) in enumerate(lines, start=first + 1):
        grid.addWidget(Label(keys, "number"), place, 0)
        grid.addWidget(Label(what, "muted"), place, 1)
