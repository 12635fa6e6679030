"""The strip that says how training is doing, in the trainer's words, with at most one button: the one thing to do about it.

It can be dismissed, and comes back when the state is another one. What the button does is decided by a typed value, never by the words.
"""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from iic_studio.events import DiagnosisChanged
from iic_studio.gui import icons, theme
from iic_studio.gui.language import later, tr
from iic_studio.gui.retold import retold
from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import Label, column, described, row, set_role
from iic_studio.training.diagnosis import Advice, Remedy, advice_of

# Of each state its tone, which decides the colours, and its icon.
_LOOKS = {
    "warming_up": ("info", "hourglass"),
    "learning": ("info", "learning"),
    "plateau": ("ok", "stop"),
    "settled": ("ok", "stop"),
    "unfinished": ("info", "hourglass"),
    "too_many_clusters": ("warn", "problems"),
    "nothing_beyond_chance": ("warn", "problems"),
    "collapsed": ("bad", "collapsed"),
}
_WHILE_TRAINING = ("warming_up", "learning")
_SIDE = 20


def button_words(advice: Advice) -> str:
    """What the button says; empty where there is nothing to do."""
    return {
        Remedy.NOTHING: "",
        Remedy.OTHER_CLUSTERS: tr("Train with {0} clusters", advice.value),
        Remedy.LONGER: tr("Train longer"),
        Remedy.OTHER_PRESET: tr("Choose another preset"),
    }[advice.remedy]


_TIPS = {
    Remedy.OTHER_CLUSTERS: later("Trains anew; a training under way is ended first, its checkpoint is kept"),
    Remedy.LONGER: later("Trains anew with twice the time"),
    Remedy.OTHER_PRESET: later("Shows what the network takes for the same thing, and the presets"),
}


class DiagnosisStrip(QWidget):
    """The strip. `train_wanted` carries an `Advice`, `preset_wanted` leads to the presets."""

    train_wanted = Signal(object)  # Advice
    preset_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: DiagnosisChanged | None = None
        self._dismissed = ""
        self._icon = QLabel()
        self._icon.setFixedWidth(_SIDE)
        self.words = Label("", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = described(QPushButton(), tr("What is advised"))
        self.close_button = described(QToolButton(), tr("Dismiss"), tr("Hide this until there is something else to say"))
        self.close_button.setProperty("role", "flat")
        self.button.clicked.connect(self._act)
        self.close_button.clicked.connect(self.dismiss)
        self._frame = QFrame()
        self._frame.setObjectName("diagnosis")
        line = row(self._icon, self.words, self.button, self.close_button, spacing=12, margins=(12, 4, 4, 4))
        line.setStretch(1, 1)
        self._frame.setLayout(line)
        self.setLayout(column(self._frame, margins=(16, 8, 16, 0)))
        session.changed.connect(self._follow)
        self.hide()

    @property
    def tone(self) -> str:
        """`info`, `ok`, `warn` or `bad`."""
        return str(self._frame.property("tone"))

    def _follow(self, what: Change) -> None:
        if what & (Change.CURVES | Change.PROJECT | Change.JOB):
            self._show(self._session.history.diagnosis)

    def _show(self, found: DiagnosisChanged | None) -> None:
        if found is not None and self._session.training_run is None and found.state in _WHILE_TRAINING:
            found = None  # such words are of the moment
        if found is None:
            self._shown, self._dismissed = None, ""
            self.hide()
            return
        if found is self._shown:
            return
        is_new = self._shown is None or self._shown.state != found.state
        self._shown = found
        if is_new and found.state != self._dismissed:
            self._dismissed = ""
        advice = advice_of(found)
        says_it = advice.remedy in (Remedy.OTHER_CLUSTERS, Remedy.LONGER)  # the button's words do
        text = retold(found.message) if says_it else f"{retold(found.message)} {retold(found.action)}".strip()
        self.words.setText(text)
        self.button.setText(button_words(advice))
        self.button.setVisible(advice.remedy is not Remedy.NOTHING)
        described(self.button, button_words(advice), tr(_TIPS[advice.remedy]) if advice.remedy in _TIPS else "")
        self.setAccessibleName(tr("How training is doing"))
        self.setAccessibleDescription(text)
        self._dress()
        self.setVisible(not self._dismissed)
        if is_new and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def dismiss(self) -> None:
        """Hide until the state is another one."""
        self._dismissed = self._shown.state if self._shown is not None else ""
        self.hide()

    def _act(self) -> None:
        if self._shown is None:
            return
        advice = advice_of(self._shown)
        if advice.remedy is Remedy.OTHER_PRESET:
            self.preset_wanted.emit()
        elif advice.remedy is not Remedy.NOTHING:
            self.train_wanted.emit(advice)

    def _dress(self) -> None:
        tone, icon = _LOOKS.get(self._shown.state if self._shown is not None else "", ("info", "learning"))
        colours = theme.tokens()
        colour = {"info": colours.accent, "ok": colours.ok, "warn": colours.warn, "bad": colours.bad}[tone]
        set_role(self._frame, "tone", tone)
        self._icon.setPixmap(icons.pixmap(icon, _SIDE, colour, self.devicePixelRatioF()))
        self.close_button.setIcon(icons.icon("close"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown is not None:
            self._dress()
