"""What to begin with in the open folder, in one sentence with its reason; one click takes it, and each part can be changed.

The suggestion is the core's (`jobs.suggesting`) and is made beside the window, as soon as the pictures were read. The strip is there until
the first training; afterwards the sentence stands in the training settings.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QToolButton, QWidget

from iic_studio.gui import icons
from iic_studio.gui.language import later, tr
from iic_studio.gui.method_words import encoder_name, method_name
from iic_studio.gui.session import Change, Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.widgets import Label, column, described, row, set_role
from iic_studio.jobs.suggesting import suggest_for
from iic_studio.training.advice import Advice

_REASONS = {
    "at hand": later("its weights are on this machine, and on photographs it beats a network that starts from nothing"),
    "at hand, many": later(
        "its weights are on this machine, and on photographs it beats a network that starts from nothing, though with so many pictures a "
        "network of its own is worth a second run"
    ),
    "grey": later("grey pictures such as scans and digits are told apart by their shapes, which is learned from them alone"),
    "small": later("so small pictures give an encoder for photographs little to see"),
    "enough": later("there are enough pictures to learn from"),
    "no weights": later(
        "no weights of an encoder are on this machine; with them, chosen in the settings, groups would follow meaning more than colour"
    ),
}
_DEVICES = {"cpu": later("the processor"), "cuda": later("an NVIDIA GPU"), "mps": later("an Apple GPU")}


def advice_words(advice: Advice) -> str:
    """The suggestion as one sentence with its reason."""
    facts, planned = advice.facts, advice.planned
    kind = tr("grey") if facts.is_grey else tr("colour")
    network = encoder_name(planned.encoder) if planned.is_pretrained else tr("a network of its own at {0} pixels", planned.image_size)
    return tr(
        "Suggested for {0:,} {1} pictures of about {2:,} pixels on {3}: {4}, {5}, {6} clusters, {7:,} steps; {8}.",
        *(facts.num_images, kind, facts.side, tr(_DEVICES.get(planned.device, planned.device))),
        *(method_name(planned.method), network, planned.clusters, planned.steps or 0, tr(_REASONS[advice.why])),
    )


class Suggestion(QObject):
    """The suggestion for the open project. `changed` tells of another one; `advice` is None while there is none."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.side_thread = SideThread("iic-suggestion", self)
        self.advice: Advice | None = None
        self._asked = 0
        session.changed.connect(self._follow)
        session.task.changed.connect(self._follow_task)

    def _follow_task(self) -> None:
        self._look()
        self.changed.emit()

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.side_thread.drop("suggestion")
            self._asked = 0
            self._take(None)
        if what & (Change.IMAGES | Change.JOB | Change.PROJECT):
            self._look()

    def _look(self) -> None:
        """Ask for one when the pictures were read and are others than before."""
        session = self._session
        project, count = session.project, int(session.table.usable.sum())
        if project is None or session.job or session.task.is_pixels or count < 2 or count == self._asked:
            return
        self._asked = count
        self.side_thread.wish("suggestion", lambda: suggest_for(project), self._take, lambda _: self._take(None))

    def _take(self, advice: Advice | None) -> None:
        if advice is not self.advice:
            self.advice = advice
            self.changed.emit()

    @property
    def words(self) -> str:
        """The sentence; empty while there is none, or where pixels are grouped."""
        return "" if self.advice is None or self._session.task.is_pixels else advice_words(self.advice)

    def close(self) -> None:
        """Drop what is under way and wait: the project's files are about to go away."""
        self.side_thread.close()


class SuggestionStrip(QWidget):
    """The sentence above the pictures, before the first training. `taken` and `change_wanted` say which button was pressed."""

    taken = Signal()
    change_wanted = Signal()

    def __init__(self, session: Session, suggestion: Suggestion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._suggestion = session, suggestion
        self._dismissed = False
        self.words = Label("", wrap=True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.take = self._button(tr("Take it"), tr("Set method, encoder and number of clusters as suggested"), self._take)
        self.change = self._button(tr("Change…"), tr("Open the settings, to choose each part yourself"), self.change_wanted.emit)
        self.close_button = described(QToolButton(), tr("Dismiss"), tr("Hide this; the settings still show it"))
        self.close_button.setProperty("role", "flat")
        self.close_button.clicked.connect(lambda _=False: self.dismiss())
        frame = QFrame()
        frame.setObjectName("diagnosis")
        set_role(frame, "tone", "info")
        line = row(self.words, self.take, self.change, self.close_button, spacing=12, margins=(12, 4, 4, 4))
        line.setStretch(0, 1)
        frame.setLayout(line)
        self.setLayout(column(frame, margins=(16, 8, 16, 0)))
        self.setAccessibleName(tr("What to begin with"))
        session.changed.connect(self._follow)
        suggestion.changed.connect(self._show)
        self._show()

    def _button(self, text: str, tip: str, do: Callable[[], object]) -> QPushButton:
        button = described(QPushButton(text), text, tip)
        button.clicked.connect(lambda _=False: do())
        return button

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._dismissed = False
        if what & (Change.CLUSTERS | Change.JOB | Change.PROJECT):
            self._show()

    def _show(self) -> None:
        session, words = self._session, self._suggestion.words
        self.words.setText(words)
        self.setAccessibleDescription(words)
        self.close_button.setIcon(icons.icon("close"))
        self.setVisible(bool(words) and session.run is None and session.training_run is None and not self._dismissed)

    def _take(self) -> None:
        self.dismiss()
        self.taken.emit()

    def dismiss(self) -> None:
        """Hide until another project is opened."""
        self._dismissed = True
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "close_button"):
            self.close_button.setIcon(icons.icon("close"))
