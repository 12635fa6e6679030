"""A bar above the pages for what a person should know now: a failure and its remedy, a result and where it lies."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton, QWidget

from iic_studio.gui import icons
from iic_studio.gui.language import tr
from iic_studio.gui.widgets import Label, described, row, set_role


class Notice(QFrame):
    """One message at a time, with at most one thing to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAccessibleName(tr("Message"))
        self.text = Label("", wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = described(QPushButton(), tr("What can be done about it"))
        self.button.clicked.connect(self._act)
        close = self._close = described(QToolButton(), tr("Close this message"))
        close.setProperty("role", "flat")
        close.clicked.connect(self.hide)
        self._do: Callable[[], object] | None = None
        layout = row(self.text, self.button, close, margins=(16, 6, 8, 6), spacing=12)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.hide()

    def tell(self, text: str, tone: str = "info", *, label: str = "", do: Callable[[], object] | None = None) -> None:
        """Show a message; `tone` is info, ok, warn or bad."""
        self.text.setText(text)
        self.setAccessibleDescription(text)
        self._do = do
        self.button.setText(label)
        self.button.setAccessibleName(label)
        self.button.setVisible(bool(label))
        set_role(self, "tone", tone)
        self._close.setIcon(icons.icon("close"))
        self.show()

    def tells_failure(self) -> bool:
        """Whether what is shown went wrong."""
        return self.isVisible() and self.property("tone") == "bad"

    def withdraw(self, do: Callable[[], object]) -> None:
        """Hide the message if it offers this, which can be done no longer."""
        if self._do == do:
            self._do = None
            self.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._close.setIcon(icons.icon("close"))

    def _act(self) -> None:
        do, self._do = self._do, None
        self.hide()
        if do is not None:
            do()
