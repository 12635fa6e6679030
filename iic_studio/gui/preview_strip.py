"""Says when the window shows other clusters than those in use, and how to come back.

A new run is a proposal: once somebody has corrected clusters, training does not change them. This strip offers to look at the pictures as
the new run groups them, while it learns and after; nothing is changed by looking.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from iic_studio.gui.session import Change, Session
from iic_studio.gui.widgets import Label, column, described, row, set_role

LOOK = "Your clusters stay as they are while the new run learns."
LEARNING = "Preview of the run under way. Nothing changes, and export gives your clusters."
PREVIEW = "Preview of the run {}. Nothing changes, and export gives your clusters."


class PreviewStrip(QWidget):
    """The strip. `review_wanted` asks for what the run shown would change, to accept or refuse it."""

    review_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.words = Label("", wrap=True)
        self.look = described(QPushButton("See it as the new run does"), "See it as the new run does", "Nothing changes by looking")
        self.review = described(QPushButton("Review and accept…"), "Review and accept", "See what would change in each cluster")
        self.back = described(QPushButton("Back to your clusters"), "Back to your clusters", "Show the clusters in use")
        self.look.clicked.connect(lambda _=False: session.show_run(session.training_run))
        self.review.clicked.connect(lambda _=False: self.review_wanted.emit())
        self.back.clicked.connect(lambda _=False: session.show_run(None))
        frame = QFrame()
        frame.setObjectName("diagnosis")
        set_role(frame, "tone", "info")
        line = row(self.words, self.look, self.review, self.back, spacing=12, margins=(12, 4, 12, 4))
        line.setStretch(0, 1)
        frame.setLayout(line)
        self.setLayout(column(frame, margins=(16, 8, 16, 0)))
        session.changed.connect(self._follow)
        self._follow(Change.PROJECT)

    def _follow(self, what: Change) -> None:
        if not what & (Change.CLUSTERS | Change.JOB | Change.PROJECT):
            return
        session = self._session
        snapshot, run = session.snapshot, session.run
        learning = session.training_run
        waits = learning is not None and run is not None and run.id != learning and bool(snapshot.curated.curation.accepted_run)
        previewed = run if not snapshot.is_in_force else None
        if previewed is not None:
            self.words.setText(LEARNING if previewed.id == learning else PREVIEW.format(previewed.title))
        elif waits:
            self.words.setText(LOOK)
        self.look.setVisible(waits)
        self.review.setVisible(previewed is not None and previewed.id != learning)
        self.review.setEnabled(session.project is not None and session.project.writable)
        self.back.setVisible(previewed is not None)
        self.setVisible(previewed is not None or waits)
