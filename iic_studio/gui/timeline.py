"""A slider over the moments of a run: drag to see how it was, play to see how it came about; at its right end is now."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QSlider, QToolButton, QWidget

from iic_studio.gui import icons
from iic_studio.gui.language import tr
from iic_studio.gui.widgets import Label, described, row
from iic_studio.records import JointMoment

PLAY_EVERY_MS = 70


class Timeline(QWidget):
    """The slider. `moved` says that another moment is to be shown."""

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._moments: tuple[JointMoment, ...] = ()
        self._chosen: int | None = None
        self.play = described(QToolButton(), tr("Play the run"), tr("Play the run from its beginning, or from here"))
        self.play.setCheckable(True)
        self.play.setProperty("role", "flat")
        self.slider = described(
            QSlider(Qt.Orientation.Horizontal), tr("Moment of the run"), tr("Drag to see how it was earlier in the run")
        )
        self._words = Label("", "muted")
        layout = row(self.play, self.slider, self._words)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self._timer = QTimer(self, interval=PLAY_EVERY_MS)
        self._timer.timeout.connect(self._go_on)
        self.play.toggled.connect(self._play)
        self.slider.valueChanged.connect(self._choose)
        self._dress()
        self.show_moments((), "")

    def show_moments(self, moments: tuple[JointMoment, ...], now: str) -> None:
        """Take the moments of the run as they are by now, and how to call its present state. A moment that is looked at stays."""
        self._moments = moments
        self.setEnabled(bool(moments))
        place = len(moments)
        if self._chosen is not None and moments:
            place = min(range(len(moments)), key=lambda one: abs(moments[one].step - (self._chosen or 0)))
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(moments))
            self.slider.setValue(place)
        if not moments:
            self._chosen = None
            self.play.setChecked(False)
        moment = self.moment
        self._words.setText(tr("step {0:,}, {1:.1f} min", moment.step, moment.elapsed_s / 60) if moment is not None else now)
        self._words.setMinimumWidth(self._words.fontMetrics().horizontalAdvance("step 100,000, 100.0 min"))

    @property
    def moment(self) -> JointMoment | None:
        """The moment looked at; None for now."""
        place = self.slider.value()
        return self._moments[place] if place < len(self._moments) else None

    def _choose(self) -> None:
        moment = self.moment
        self._chosen = moment.step if moment is not None else None
        self.moved.emit()

    def _play(self, on: bool) -> None:
        if on and self._moments:
            if self.slider.value() >= len(self._moments):
                self.slider.setValue(0)
            self._timer.start()
        else:
            self._timer.stop()
        self._dress()

    def _go_on(self) -> None:
        self.slider.setValue(self.slider.value() + 1)
        if self.slider.value() >= len(self._moments):
            self.play.setChecked(False)

    def _dress(self) -> None:
        self.play.setIcon(icons.icon("pause" if self.play.isChecked() else "train"))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.play.setChecked(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
