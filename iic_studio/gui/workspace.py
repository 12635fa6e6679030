"""The pages of an open project side by side: clusters at the left, tabs in the middle, the inspector at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar, QWidget

from iic_studio.gui.cluster_list import ClusterList
from iic_studio.gui.curves import CurvesPage
from iic_studio.gui.gallery import GalleryPage
from iic_studio.gui.inspector import Inspector
from iic_studio.gui.joint import JointPage
from iic_studio.gui.problems import ProblemsPage
from iic_studio.gui.runs_page import RunsPage
from iic_studio.gui.search_bar import SearchBar
from iic_studio.gui.session import Change, Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Panel, column, panel, row

TABS = ("Gallery", "Curves", "Joint", "Runs")
_WIDTHS = (264, 716, 300)


class Workspace(QSplitter):
    """All pages share the session; choosing a set anywhere brings its pictures to the front."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._session = session
        self.clusters = ClusterList(session, thumbnails)
        self.inspector = Inspector(session, thumbnails)
        self.gallery = GalleryPage(session, thumbnails)
        self.problems = ProblemsPage(session)
        self.curves = CurvesPage(session)
        self.joint = JointPage(session)
        self.runs = RunsPage(session)
        self.centre = QStackedWidget()
        for page in (self.gallery, self.curves, self.joint, self.runs, self.problems):
            self.centre.addWidget(page)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Pages")
        for place, name in enumerate(TABS):
            self.tabs.addTab(name)
            self.tabs.setTabToolTip(place, f"{name} (Ctrl+{place + 1})")
        self.search = SearchBar(session)
        self.search.left.connect(self.go_to_pictures)
        tabs = row(self.tabs, self.search, margins=(12, 0, 12, 0))
        tabs.setStretch(1, 1)
        middle = Panel("page")
        middle.setLayout(column(panel("topBar", tabs), self.search.details, self.centre, spacing=0))
        self.setHandleWidth(1)
        for place, (part, width) in enumerate(zip((self.clusters, middle, self.inspector), _WIDTHS, strict=True)):
            self.addWidget(part)
            self.setCollapsible(place, False)
            part.setMinimumWidth(min(width, 232))
        self.setSizes(list(_WIDTHS))
        self.setStretchFactor(1, 1)
        self.tabs.currentChanged.connect(self.show_tab)
        self.joint.cell_chosen.connect(lambda: self.show_tab(0))
        session.changed.connect(self._follow)

    def show_tab(self, place: int) -> None:
        """Bring a page to the front; Problems takes the place of the gallery."""
        self.tabs.setCurrentIndex(place)
        pages = (self.gallery, self.curves, self.joint, self.runs)
        problems = place == 0 and self._session.shown.kind == "problems"
        self.centre.setCurrentWidget(self.problems if problems else pages[place])

    def go_to_pictures(self) -> None:
        """Put the keyboard into the page that is in front."""
        if self.centre.currentWidget() is self.gallery:
            self.gallery.grid.setFocus()
        else:
            self.tabs.setFocus()

    def _follow(self, what: Change) -> None:
        if what & Change.SHOWN:
            refreshed = what & (Change.IMAGES | Change.CLUSTERS | Change.FILTER)
            self.show_tab(self.tabs.currentIndex() if refreshed else 0)
