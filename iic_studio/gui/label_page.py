"""The page for labels: the picture to label next, the map from clusters to classes, and how right it is; above them one honest sentence."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QTabBar, QWidget

from iic_studio.gui.change import Change
from iic_studio.gui.class_map_view import ClassMapView
from iic_studio.gui.class_panel import ClassPanel
from iic_studio.gui.class_tables import accuracy_words, truth_words
from iic_studio.gui.estimate_view import EstimateView
from iic_studio.gui.label_next import NextPicture
from iic_studio.gui.label_state import LabelState
from iic_studio.gui.labelling import Labelling
from iic_studio.gui.language import later, tr
from iic_studio.gui.session import Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Label, Panel, column, panel, row

PARTS = (later("Label next"), later("Map of classes"), later("How right"))
NEXT, MAP, RIGHT = range(len(PARTS))


class LabelsPage(Panel):
    """The page, with its panel at the right of the window. `came_to_front` says that somebody looks."""

    came_to_front = Signal()

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("page", parent)
        self._session = session
        self.labelling = Labelling(session, self)
        self.state = LabelState(session, self)
        self.side = ClassPanel(session, self.labelling, self.state)
        self.next = NextPicture(session, thumbnails, self.labelling, self.state)
        self.map = ClassMapView(session, self.labelling, self.state)
        self.right = EstimateView(session, self.state)
        self.parts = QTabBar()
        self.parts.setDrawBase(False)
        self.parts.setExpanding(False)
        self.parts.setUsesScrollButtons(False)
        self.parts.setAccessibleName(tr("Parts of the page"))
        for name in PARTS:
            self.parts.addTab(tr(name))
        self.sentence = Label("", wrap=True)
        self.truth = Label("", "muted", wrap=True)
        self.stack = QStackedWidget()
        for part in (self.next, self.map, self.right):
            self.stack.addWidget(part)
        head = column(
            row(self.parts, None), column(self.sentence, self.truth, spacing=2, margins=(4, 0, 0, 0)), margins=(12, 0, 16, 8), spacing=6
        )
        body = column(panel("pageHeader", head), self.stack, spacing=0)
        body.setStretch(1, 1)
        self.setLayout(body)
        self.parts.currentChanged.connect(self.show_part)
        self.side.done.connect(self.focus)
        self.state.changed.connect(self._say)
        session.changed.connect(self._follow)
        self._say()

    def show_part(self, place: int) -> None:
        """Bring a part to the front."""
        self.parts.setCurrentIndex(place)
        self.stack.setCurrentIndex(place)
        self._say()
        if not self.parts.hasFocus():  # who goes through the parts by keys stays there
            self.focus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not isinstance(QApplication.focusWidget(), QTabBar | QLineEdit):
            self.focus()

    def focus(self) -> None:
        """Put the keyboard into the part that is in front, or into the row of parts where there is nothing to go through yet."""
        if self.isVisible():
            inside = (self.next, self.map.table, self.right.confusion)[self.stack.currentIndex()]
            (inside if inside.isVisible() else self.parts).setFocus()

    def let_go(self) -> None:
        """Read no more files of the project."""
        self.state.let_go()
        self.next.loader.forget()

    def close_readers(self) -> None:
        """Wait for the threads that read pictures; for the end of the window."""
        self.next.loader.close()

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._say()

    def _say(self) -> None:
        made = self.state.tables.classified
        self.sentence.setText(self._words())
        self.truth.setText(truth_words(made) if self.stack.currentIndex() != RIGHT else "")
        self.truth.setVisible(bool(self.truth.text()))

    def _words(self) -> str:
        session = self._session
        if session.project is not None and not session.curated.run and len(session.curated.curation.known.labels):
            return tr("Labels are kept. When something was trained, they turn clusters into classes.")
        return accuracy_words(self.state.tables.classified)
