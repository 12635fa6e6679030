"""The size of all text: as the system's, or so many steps larger or smaller, remembered."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from iic_studio.gui.preferences import Preferences
from iic_studio.gui.theme import SchemeFollower

LEAST, MOST = -3, 8
_STEP = 1.1
_KEY = "text_size"


class TextSize(QObject):
    """Scales the application's font; with no step it is the system's, and follows it."""

    def __init__(self, preferences: Preferences, scheme: SchemeFollower, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences, self._scheme = preferences, scheme
        self._base = QFont(QApplication.font())
        self.steps = 0
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):  # no event filter: it would ask Python about every event of every widget
            application.fontChanged.connect(self._follow)
        kept = preferences.text(_KEY, "0")
        if kept.lstrip("-").isdecimal() and int(kept):
            self._set(int(kept))

    def change(self, by: int) -> None:
        """So many steps larger, or smaller below zero."""
        self._set(self.steps + by)

    def reset(self) -> None:
        """As the system's."""
        self._set(0)

    def _set(self, steps: int) -> None:
        steps = max(LEAST, min(MOST, steps))
        if steps == self.steps:
            return
        self.steps = steps
        self._preferences.set(_KEY, str(steps))
        font = QFont(self._base)
        if font.pointSizeF() > 0:
            font.setPointSizeF(self._base.pointSizeF() * _STEP**steps)
        else:  # a system that counts in pixels
            font.setPixelSize(max(6, round(self._base.pixelSize() * _STEP**steps)))
        QApplication.setFont(font)

    def _follow(self, font: QFont) -> None:
        """The application has another font: headings and small print go with it."""
        if not self.steps:
            self._base = QFont(font)
        self._scheme.choose(self._scheme.choice)
