"""All keys at a glance."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QWidget

from iic_studio.gui.actions import IN_THE_GALLERY, SPECS
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
        self.setLayout(
            column(
                Label("Everywhere", "heading"),
                _grid(everywhere),
                8,
                Label("Pictures and clusters", "heading"),
                _grid(IN_THE_GALLERY),
                8,
                buttons,
                margins=(24, 24, 24, 16),
            )
        )


def _grid(lines: Sequence[tuple[str, str]]) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, 280)
    for place, (keys, what) in enumerate(lines):
        grid.addWidget(Label(keys, "number"), place, 0)
        grid.addWidget(Label(what, "muted"), place, 1)
    grid.setColumnStretch(1, 1)
    return box
