"""The pages of an open project side by side: clusters at the left, tabs in the middle, the inspector at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar, QWidget

from iic_studio.gui.cluster_list import ClusterList
from iic_studio.gui.curves import CurvesPage
from iic_studio.gui.gallery import GalleryPage
from iic_studio.gui.inspector import Inspector
from iic_studio.gui.joint import JointPage
from iic_studio.gui.map_page import MapPage
from iic_studio.gui.problems import ProblemsPage
from iic_studio.gui.session import Change, Session
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Panel, column, panel, row

TABS = ("Gallery", "Curves", "Joint", "Map")
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
        self.map = MapPage(session, thumbnails)
        self.centre = QStackedWidget()
        for page in (self.gallery, self.curves, self.joint, self.map, self.problems):
            self.centre.addWidget(page)
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("Pages")
        for place, name in enumerate(TABS):
            self.tabs.addTab(name)
            self.tabs.setTabToolTip(place, f"{name} (Ctrl+{place + 1})")
        middle = Panel("page")
        middle.setLayout(column(panel("topBar", row(self.tabs, None, margins=(12, 0, 12, 0))), self.centre, spacing=0))
        self.setHandleWidth(1)
        for place, (part, width) in enumerate(zip((self.clusters, middle, self.inspector), _WIDTHS, strict=True)):
            self.addWidget(part)
            self.setCollapsible(place, False)
            part.setMinimumWidth(min(width, 232))
        self.setSizes(list(_WIDTHS))
        self.setStretchFactor(1, 1)
        self.tabs.currentChanged.connect(self.show_tab)
        self.joint.cell_chosen.connect(lambda: self.show_tab(0))
        self.map.view.opened.connect(self.gallery.open_current)
        session.changed.connect(self._follow)

    def show_tab(self, place: int) -> None:
        """Bring a page to the front; Problems takes the place of the gallery."""
        self.tabs.setCurrentIndex(place)
        pages = (self.gallery, self.curves, self.joint, self.map)
        problems = place == 0 and self._session.shown.kind == "problems"
        self.centre.setCurrentWidget(self.problems if problems else pages[place])

    def _follow(self, what: Change) -> None:
        if what & Change.SHOWN:
            refreshed = what & (Change.IMAGES | Change.CLUSTERS)
            self.show_tab(self.tabs.currentIndex() if refreshed else 0)
