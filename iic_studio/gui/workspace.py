"""The pages of an open project side by side: clusters at the left, tabs in the middle, the inspector at the right.

Where pixels are grouped there is a page for masks, with a panel of its own at the right; pages that only make sense of whole pictures are
not there then.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QSplitter, QStackedWidget, QTabBar, QWidget

from iic_studio.gui.actions import native
from iic_studio.gui.beside import BesidePage
from iic_studio.gui.cluster_list import ClusterList
from iic_studio.gui.curves import CurvesPage
from iic_studio.gui.diagnosis_strip import DiagnosisStrip
from iic_studio.gui.gallery import GalleryPage
from iic_studio.gui.inspector import Inspector
from iic_studio.gui.joint import JointPage
from iic_studio.gui.label_page import LabelsPage
from iic_studio.gui.language import later, tr
from iic_studio.gui.map_page import MapPage
from iic_studio.gui.mask_page import MasksPage
from iic_studio.gui.mask_panel import MaskPanel
from iic_studio.gui.mask_state import Seen
from iic_studio.gui.pairs import PairsPage
from iic_studio.gui.pixel_labelling import PixelLabelling
from iic_studio.gui.pixel_panel import PixelPanel
from iic_studio.gui.preview_strip import PreviewStrip
from iic_studio.gui.problems import ProblemsPage
from iic_studio.gui.runs_page import RunsPage
from iic_studio.gui.search_bar import SearchBar
from iic_studio.gui.session import Change, Session
from iic_studio.gui.stability import StabilityWatch
from iic_studio.gui.suggestion import Suggestion, SuggestionStrip
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.widgets import Panel, column, panel, row

TABS = (later("Gallery"), later("Curves"), later("Joint"), later("Map"), later("Pairs"), later("Runs"), later("Masks"), later("Labels"))
PAIRS, MASKS, LABELS = TABS.index("Pairs"), TABS.index("Masks"), TABS.index("Labels")
_NOT_FOR_PIXELS = (TABS.index("Map"), PAIRS, LABELS)
_WIDTHS = (264, 716, 300)
_LEAST_HEIGHT = 240  # whatever a page would like: where text is large, the bars around it must not be squeezed


def _tab_bar() -> QTabBar:
    tabs = QTabBar()
    tabs.setDrawBase(False)
    tabs.setExpanding(False)
    tabs.setUsesScrollButtons(False)  # the search field gives way
    tabs.setAccessibleName(tr("Pages"))
    for place, name in enumerate(TABS):
        tabs.addTab(tr(name))
        tabs.setTabToolTip(place, f"{tr(name)} ({native(f'Ctrl+{place + 1}')})")
    return tabs


class PageStack(QStackedWidget):
    """Pages of which one is seen. As high as there is room: otherwise a window that is resized would ask all of them at each width how high
    they would like to be, also those out of sight."""

    def hasHeightForWidth(self) -> bool:
        return False


class Workspace(QSplitter):
    """All pages share the session; choosing a set anywhere brings its pictures to the front."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._session, self.thumbnails = session, thumbnails
        self.clusters = ClusterList(session, thumbnails)
        self.inspector = Inspector(session, thumbnails)
        self.gallery = GalleryPage(session, thumbnails)
        self.beside = BesidePage(session, thumbnails)
        self.problems = ProblemsPage(session)
        self.curves = CurvesPage(session)
        self.joint = JointPage(session)
        self.map = MapPage(session, thumbnails)
        self.pairs = PairsPage(session)
        self.runs = RunsPage(session, thumbnails)
        self._add_masks()
        self.labels = LabelsPage(session, thumbnails)
        self.diagnosis = DiagnosisStrip(session)
        self.preview = PreviewStrip(session)
        self._add_advice()
        self.centre = PageStack()
        for page in (*self._pages(), self.problems, self.beside):
            self.centre.addWidget(page)
        self.centre.setMinimumHeight(_LEAST_HEIGHT)
        self.tabs = _tab_bar()
        self.search = SearchBar(session)
        self.search.left.connect(self.go_to_pictures)
        tabs = row(self.tabs, self.search, margins=(12, 0, 12, 0))
        tabs.setStretch(1, 1)
        tabs.setAlignment(self.tabs, Qt.AlignmentFlag.AlignBottom)
        bar = panel("topBar", tabs)
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        middle = Panel("page")
        middle.setLayout(column(bar, self.search.details, self.diagnosis, self.suggested, self.preview, self.centre, spacing=0))
        self.side = QStackedWidget()
        for beside in (self.inspector, self.mask_panel, self.pixel_panel, self.labels.side):
            self.side.addWidget(beside)
        self.setHandleWidth(1)
        for place, (part, width) in enumerate(zip((self.clusters, middle, self.side), _WIDTHS, strict=True)):
            self.addWidget(part)
            self.setCollapsible(place, False)
            part.setMinimumWidth(min(width, 232))
        self.setSizes(list(_WIDTHS))
        self.setStretchFactor(1, 1)
        self.tabs.currentChanged.connect(self.show_tab)
        self.joint.cell_chosen.connect(lambda: self.show_tab(0))
        self.diagnosis.preset_wanted.connect(self.show_presets)
        session.changed.connect(self._follow)
        session.task.changed.connect(self._offer_pages)
        session.masks.changed.connect(lambda what: self._lay_beside() if what & Seen.LOOK else None)
        self._offer_pages()

    def _add_masks(self) -> None:
        """The page for masks, and the two panels that stand beside it: what is seen, and labelling pixels."""
        session = self._session
        self.masks = MasksPage(session, self.thumbnails)
        self.mask_panel = MaskPanel(session)
        self.masks.chosen_class, self.masks.step_class = self.mask_panel.current_class, self.mask_panel.step_class
        self.pixel_panel = PixelPanel(session)
        self.pixels = PixelLabelling(session, self.masks, self.pixel_panel)

    def _add_advice(self) -> None:
        """What to begin with, and which clusters came back elsewhere."""
        self.suggestion = Suggestion(self._session, self)
        self.suggested = SuggestionStrip(self._session, self.suggestion)
        self.stability = StabilityWatch(self._session)
        self.clusters.model.tell_more = self.inspector.tell_more = self.stability.sentence

    def show_tab(self, place: int) -> None:
        """Bring a page to the front; Problems, and two clusters side by side, take the place of the gallery."""
        if not self.tabs.isTabVisible(place):
            return
        self.tabs.setCurrentIndex(place)
        instead = {"problems": self.problems, "beside": self.beside}.get(self._session.shown.kind) if place == 0 else None
        self.centre.setCurrentWidget(instead or self._pages()[place])
        self._lay_beside()
        self.inspector.rest(place in (MASKS, LABELS))

    def _lay_beside(self) -> None:
        """Show the panel that belongs to the page in front."""
        of_masks = self.pixel_panel if self._session.masks.labels_pixels else self.mask_panel
        self.side.setCurrentWidget({MASKS: of_masks, LABELS: self.labels.side}.get(self.tabs.currentIndex(), self.inspector))

    def _pages(self) -> tuple[QWidget, ...]:
        """In the order of `TABS`."""
        return (self.gallery, self.curves, self.joint, self.map, self.pairs, self.runs, self.masks, self.labels)

    def show_presets(self) -> None:
        """Bring the presets to the front, with what they do to the pictures."""
        self.show_tab(PAIRS)
        self.pairs.focus_preset()

    def let_go(self) -> None:
        """Read no more files of the project: it is about to be closed."""
        for page in (self.curves, self.joint, self.pairs, self.masks, self.labels, self.beside):
            page.let_go()
        self.pixel_panel.state.let_go()
        self.suggestion.close()

    def close_readers(self) -> None:
        """Wait for the threads that read pictures; for the end of the window."""
        self.suggestion.close()
        self.inspector.close_reader()
        self.masks.loader.close()
        self.labels.close_readers()

    @property
    def class_list(self) -> ClusterList | MaskPanel:
        """Where clusters are selected and named at the moment."""
        return self.mask_panel if self.centre.currentWidget() is self.masks else self.clusters

    def _offer_pages(self) -> None:
        """Show the tabs that make sense for what is grouped."""
        masks, front = self._session.task.shows_masks, self.tabs.currentIndex()
        was = self.tabs.isTabVisible(MASKS)
        self.tabs.setTabVisible(MASKS, masks)
        for place in _NOT_FOR_PIXELS:
            self.tabs.setTabVisible(place, not masks)
        if masks and not was:
            self.show_tab(MASKS)
        elif not self.tabs.isTabVisible(front):
            self.show_tab(0)

    def go_to_pictures(self) -> None:
        """Put the keyboard into the page that is in front."""
        if self.centre.currentWidget() is self.gallery:
            self.gallery.grid.setFocus()
        elif self.centre.currentWidget() is self.beside:
            self.beside.focus_column()
        elif self.centre.currentWidget() is self.masks:
            self.masks.canvas.setFocus()
        elif self.centre.currentWidget() is self.labels:
            self.labels.focus()
        else:
            self.tabs.setFocus()

    def _follow(self, what: Change) -> None:
        if what & Change.SHOWN:
            stays = bool(what & (Change.IMAGES | Change.CLUSTERS | Change.FILTER))
            stays |= self.tabs.currentIndex() == MASKS and self._session.shown.kind != "problems"
            self.show_tab(self.tabs.currentIndex() if stays else 0)
        if what & (Change.CLUSTERS | Change.JOB):
            self._offer_pages()
