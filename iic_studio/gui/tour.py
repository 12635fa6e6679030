"""The first steps, shown once with the sample: five bubbles that point at what is next. Escape or Skip ends it for good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from iic_studio.gui import theme
from iic_studio.gui.helptexts import tour_texts
from iic_studio.gui.language import tr
from iic_studio.gui.widgets import Label, column, described, row

_WIDTH = 320
_GAP = 12
STEPS = ("train", "clusters", "pictures", "labels", "export")


@dataclass(frozen=True)
class Step:
    """A sentence or two, and the widget they are about."""

    title: str
    text: str
    target: QWidget


class _Frame(QWidget):
    """A frame around what the step is about; the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.tokens().accent), 3))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 8, 8)


class Tour(QFrame):
    """The bubble. `ended` says that it was gone through or skipped; it deletes itself."""

    ended = Signal()

    def __init__(self, steps: Sequence[Step], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("popover")
        self.setAccessibleName(tr("First steps"))
        self._steps = list(steps)
        self._at = 0
        self._frame = _Frame(parent)
        self._title = Label(role="heading", wrap=True)
        self._text = Label(wrap=True)
        self._count = Label(role="muted")
        self.next_button = QPushButton()
        self.next_button.setProperty("role", "primary")
        self.next_button.clicked.connect(self.go_on)
        self.skip_button = described(QPushButton(tr("Skip")), tr("Skip the first steps"), tr("Close this; it does not come again (Escape)"))
        self.skip_button.clicked.connect(self.end)
        self.setFixedWidth(_WIDTH)
        self.setLayout(
            column(self._title, self._text, row(self._count, None, self.skip_button, self.next_button), margins=(16, 12, 16, 12), spacing=8)
        )
        parent.installEventFilter(self)
        self._show_step()

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._steps[self._at]

    @property
    def at(self) -> int:
        """The number of the step that is shown, from 0."""
        return self._at

    def go_on(self) -> None:
        """The next step, or the end."""
        if self._at + 1 == len(self._steps):
            self.end()
            return
        self._at += 1
        self._show_step()

    def end(self) -> None:
        """Close."""
        parent = self.parentWidget()
        if parent is not None:
            parent.removeEventFilter(self)
        self.hide()
        self._frame.hide()
        self._frame.deleteLater()
        self.deleteLater()
        self.ended.emit()

    def _show_step(self) -> None:
        step, last = self.step, self._at + 1 == len(self._steps)
        self._title.setText(step.title)
        self._text.setText(step.text)
        self._count.setText(tr("{0} of {1}", self._at + 1, len(self._steps)))
        self.next_button.setText(tr("Done") if last else tr("Next"))
        self.skip_button.setVisible(not last)
        self.setAccessibleDescription(f"{step.title} {step.text}")
        self.place()
        self._frame.show()
        self.show()
        self._frame.raise_()
        self.raise_()
        self.next_button.setFocus()

    def place(self) -> None:
        """Lie below what the step is about, or beside it where there is no room."""
        parent, target = self.parentWidget(), self.step.target
        if parent is None:
            return
        spot = QRect(target.mapTo(parent, QPoint(0, 0)), target.size())
        self._frame.setGeometry(spot.adjusted(-4, -4, 4, 4).intersected(parent.rect()))
        self.resize(_WIDTH, self.heightForWidth(_WIDTH))
        below, room = spot.bottom() + _GAP, parent.height() - self.height() - _GAP
        if below <= room:
            corner = QPoint(spot.left(), below)
        elif spot.right() + _GAP + _WIDTH <= parent.width():
            corner = QPoint(spot.right() + _GAP, spot.top() + _GAP)
        else:
            corner = QPoint(spot.left() - _GAP - _WIDTH, spot.top() + _GAP)
        if corner.x() < 0:  # as wide as the window: within it
            corner = QPoint(spot.center().x() - _WIDTH // 2, spot.top() + 64)
        self.move(max(_GAP, min(corner.x(), parent.width() - _WIDTH - _GAP)), max(_GAP, min(corner.y(), room)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent():
            self.place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_on()
        else:
            super().keyPressEvent(event)


def make_steps(target_of: Callable[[str], QWidget]) -> list[Step]:
    """The steps with their words."""
    texts = tour_texts()
    return [Step(texts[f"{name}_title"], texts[f"{name}_text"], target_of(name)) for name in STEPS]
