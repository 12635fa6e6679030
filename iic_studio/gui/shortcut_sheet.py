"""All keys at a glance."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QScrollArea, QWidget

from iic_studio.gui.actions import IN_THE_GALLERY, IN_THE_VIEWER, ON_MASKS, ON_THE_MAP, SPECS, in_words, local_actions
from iic_studio.gui.language import tr
from iic_studio.gui.widgets import Label, Panel, column, row

_WIDTH, _HEIGHT = 980, 640


class ShortcutSheet(QDialog):
    """The sheet; it is made from the actions, so it cannot be out of date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        everywhere = [(in_words(spec.keys), tr(spec.tip)) for spec in SPECS if spec.keys]
        parts = local_actions(parent) if parent is not None else []
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        left, right = (
            _column([(tr("Everywhere"), everywhere)]),
            _column(
                [
                    (tr("Pictures and clusters"), IN_THE_GALLERY),
                    (tr("In a part of the window"), parts),
                    (tr("Viewer"), IN_THE_VIEWER),
                    (tr("Map"), ON_THE_MAP),
                    (tr("Masks"), ON_MASKS),
                ]
            ),
        )
        body = Panel("page")
        body.setLayout(row(left, right, spacing=40, margins=(24, 16, 24, 16)))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setAccessibleName(tr("Shortcuts"))
        scroll.setWidget(body)
        self.setLayout(column(scroll, row(None, buttons, margins=(24, 8, 24, 16)), spacing=0))
        self.resize(_WIDTH, _HEIGHT)


def _column(parts: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 4)
    grid.setColumnStretch(1, 5)
    for title, lines in parts:
        if lines:
            _add(grid, title, lines)
    holder.setLayout(column(grid, None))
    return holder


def _add(grid: QGridLayout, title: str, lines: Sequence[tuple[str, str]]) -> None:
    first = grid.rowCount()
    heading = Label(title, "heading")
    heading.setContentsMargins(0, 8 if first > 1 else 0, 0, 4)
    grid.addWidget(heading, first, 0, 1, 2)
    for place, (keys, what) in enumerate(lines, start=first + 1):
        grid.addWidget(Label(tr(keys), "number", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(tr(what), "muted", wrap=True), place, 1, Qt.AlignmentFlag.AlignTop)
