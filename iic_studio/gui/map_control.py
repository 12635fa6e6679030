"""Gets the map page what it wants: maps that were kept, a first look, and the job that makes a map.

A map is made without being asked for only when somebody looks at the page, nothing else is going on, there is none yet, and it takes about
a minute at most. While training goes on, points stay where they are until the run has ended or somebody asks.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from iic_studio.errors import StudioError
from iic_studio.evaluation.projection import has_umap
from iic_studio.evaluation.umap_worker import FEWEST
from iic_studio.events import Event, MapSaved, ProgressMade, RunFailed, WarningRaised
from iic_studio.gui.map_page import MapPage, MapWish
from iic_studio.gui.map_points import MapPoints, points_of, preview
from iic_studio.gui.runner import BUSY, Jobs, Runner
from iic_studio.gui.session import Change, Session
from iic_studio.gui.snapshot import Snapshot
from iic_studio.gui.telling import told
from iic_studio.gui.worker import JobThread
from iic_studio.project.maps import PCA, UMAP
from iic_studio.project.store import Project
from iic_studio.words import STAGES

AT_ONCE = 10_000
_GROWTH = 1.2
_NO_UMAP = "UMAP is not installed, so the map shows the two main directions (PCA). Install it with: pip install umap-learn"


@dataclass(frozen=True)
class Loaded:
    """What there is to show.

    Attributes:
        points: of the wanted map, or of the nearest to it.
        is_wanted: they are of the wanted map.
        can_make: the run has a trained network.
        missing: pictures that are not on the map yet.
        problem: why a map that was kept cannot be read, or empty.
    """

    points: MapPoints
    is_wanted: bool = False
    can_make: bool = False
    missing: int = 0
    problem: str = ""


def load(jobs: Jobs, project: Project, snapshot: Snapshot, wish: MapWish) -> Loaded:
    """Look for a map of the run that is shown; runs in a background thread."""
    if snapshot.run is None or snapshot.verdicts.assignments is None:
        return Loaded(MapPoints())
    run = snapshot.run.id
    try:
        saved = jobs.saved_maps(project, run)
    except StudioError as error:
        return Loaded(preview(snapshot), can_make=True, problem=told(error.message, error.hint))
    layout = saved.layouts.get((wish.method, wish.of)) or saved.layouts.get((PCA, wish.of))
    if layout is None:
        return Loaded(preview(snapshot), can_make=saved.can_make)
    points = points_of(snapshot.table, run, layout)
    missing = int(snapshot.table.usable.sum()) - len(points)
    return Loaded(points, (layout.method, layout.of) == (wish.method, wish.of), saved.can_make, missing)


class MapControl(QObject):
    """Binds the page to the runner."""

    def __init__(self, session: Session, runner: Runner, page: MapPage) -> None:
        super().__init__(page)
        self._session, self._runner, self._page = session, runner, page
        self._job: JobThread | None = None
        self._tried: tuple[object, ...] = ()
        self._has_failed = False
        self._loaded = Loaded(MapPoints())
        self._stale = True
        if not has_umap():
            page.method.setCurrentIndex(page.method.findData(PCA))
        page.wish_changed.connect(self.look)
        page.again_wanted.connect(lambda: self.make(afresh=True))
        page.cancel_wanted.connect(self.cancel)
        page.came_to_front.connect(self._look_if_stale)
        session.changed.connect(self._follow)
        runner.state_changed.connect(lambda _state: self._look_if_stale())
        runner.project_closing.connect(self._forget)

    @property
    def is_settled(self) -> bool:
        """Whether no map is being made or looked for."""
        return self._job is None and not self._page.side_thread.is_busy

    # Looking for what there is --------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        if what & (Change.IMAGES | Change.CLUSTERS):
            # While training goes on, clusters change again and again; then points move only when somebody asks.
            if self._session.training_run is None or self._has_outgrown():
                self._stale = True
                self._look_if_stale()
            elif self._page.isVisible():
                self._offer_update()

    def _has_outgrown(self) -> bool:
        """Whether the first look was at far fewer pictures than have clusters by now."""
        points, assigned = self._page.points, int((self._session.verdicts.cluster >= 0).sum())
        return not len(points) or (points.is_preview and assigned > _GROWTH * len(points))

    def _look_if_stale(self) -> None:
        if self._stale and self._page.isVisible():
            self.look()

    def look(self) -> None:
        """Show the wanted map, or the nearest to it there is."""
        project, snapshot, wish, jobs = self._session.project, self._session.snapshot, self._wish(), self._runner.jobs
        self._stale = self._has_failed = False
        if project is not None:
            self._page.side_thread.wish("points", lambda: load(jobs, project, snapshot, wish), lambda found: self._take(snapshot, found))

    def _wish(self) -> MapWish:
        """What can be had of what is wanted."""
        wish = self._page.wish
        too_few = int(self._session.table.usable.sum()) < FEWEST
        return MapWish(PCA, wish.of) if too_few or not has_umap() else wish

    def _take(self, snapshot: Snapshot, loaded: Loaded) -> None:
        if snapshot.table is not self._session.table:  # read anew in the meantime
            self.look()
            return
        self._loaded = loaded
        self._page.show_points(loaded.points)
        self._offer()

    # Making -------------------------------------------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        """Make what is missing at once if that is quick, else say with which button it is made."""
        loaded, notice, wish = self._loaded, self._page.notice, self._wish()
        if self._job is not None or self._has_failed:
            return
        notice.hide()
        lacks = loaded.can_make and (not loaded.is_wanted or loaded.missing > 0)
        count = int(self._session.table.usable.sum())
        tries = (self._session.run.id if self._session.run else "", wish, count)
        if loaded.problem:
            notice.tell(loaded.problem, "warn", label="Make it again", do=lambda: self.make(afresh=True))
        elif lacks and count <= AT_ONCE and self._tried != tries and self._runner.state not in BUSY:
            self._tried = tries
            self.make()
        elif lacks and loaded.is_wanted:
            pictures = "1 new picture is" if loaded.missing == 1 else f"{loaded.missing:,} new pictures are"
            notice.tell(f"{pictures} not on the map yet.", label="Place", do=self.make)
        elif lacks:
            notice.tell("This map has not been made yet.", label="Make the map", do=self.make)
        elif self._page.wish.method == UMAP and not has_umap() and len(loaded.points):
            notice.tell(_NO_UMAP)
        else:
            self._offer_update()

    def _offer_update(self) -> None:
        """Training goes on: the points show how it was before."""
        run, points, notice = self._session.run, self._page.points, self._page.notice
        if self._session.training_run is None or not len(points) or self._job is not None or not notice.isHidden():
            return
        if points.is_preview or (run is not None and run.id != points.run):
            notice.tell("Training goes on; the points stay where they are until it ends.", label="Update", do=self.look)

    def make(self, *, afresh: bool = False) -> None:
        """Make the wanted map, or place new pictures on it."""
        project, run, wish, jobs = self._session.project, self._session.run, self._wish(), self._runner.jobs
        if project is None or run is None or self._job is not None:
            return
        self._has_failed = False
        self._page.notice.hide()
        self._page.show_progress("Beginning…", None)
        self._job = self._runner.start_beside(
            lambda: jobs.make_map(project, of=wish.of, method=wish.method, run=run.id, afresh=afresh), self._note, self._made
        )

    def cancel(self) -> None:
        """Stop making the map; what is shown stays."""
        if self._job is not None:
            self._job.close()
            self._page.show_progress("Stopping…", None)

    def _note(self, event: Event) -> None:
        page = self._page
        if isinstance(event, ProgressMade):
            count = f": {event.done:,.0f} of {event.total:,.0f}" if event.total and event.unit == "images" else ""
            page.show_progress(f"{STAGES.get(event.stage, event.stage)}{count}", event.done / event.total if event.total else None)
        elif isinstance(event, MapSaved):
            self.look()
        elif isinstance(event, WarningRaised):
            page.notice.tell(told(event.message, event.hint), "warn")
        elif isinstance(event, RunFailed):
            self._has_failed = True
            page.notice.tell(told(event.message, event.hint), "bad", label="Try again", do=self.make)

    def _made(self) -> None:
        """The job is over, well or not."""
        self._job = None
        self._page.hide_progress()
        if not self._page.side_thread.is_busy:
            self._offer()

    def _forget(self) -> None:
        """The project's files are about to go."""
        self._page.side_thread.close()
        self._page.notice.hide()
        self._page.show_points(MapPoints())
        self._tried, self._stale, self._has_failed, self._loaded = (), True, False, Loaded(MapPoints())
