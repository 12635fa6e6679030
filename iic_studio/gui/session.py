"""What the window knows, in one place: pages meet here and nowhere else.

The session holds immutable snapshots (`table`, `snapshot`), one shared selection by image id, and which images are shown in which order. It
announces *what kinds* of things changed; each page decides whether that concerns it. The store is read beside the window (`reading.py`).
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from iic_studio.curation import Curated, edits
from iic_studio.errors import StudioError
from iic_studio.events import AssignmentsSaved, Event, ProgressMade, RunFailed, RunFinished, RunStarted, SettingsChosen
from iic_studio.gui import theme
from iic_studio.gui.change import Change
from iic_studio.gui.corrections import Corrections
from iic_studio.gui.history import History
from iic_studio.gui.mask_state import MaskState
from iic_studio.gui.pair_choice import PairChoice
from iic_studio.gui.reading import ProjectReader, Work
from iic_studio.gui.shown import Found, Shown, Sort, arrange, carried_over, first_sort, rows_in, sorts_for
from iic_studio.gui.snapshot import Drawn, RunArrays, Snapshot, empty_snapshot, load_history, load_state
from iic_studio.gui.table import ImageTable, Mask, Rows, Verdicts
from iic_studio.gui.task_choice import TaskChoice
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.query import Query, QueryError, matches
from iic_studio.records import FloatArray, IntArray, JointMoment, LiveArrays

__all__ = ["Change", "Found", "Session", "Shown", "Sort"]


class Session(QObject):
    """The open project as the window sees it. Lives on the GUI thread."""

    changed = Signal(object)  # Change
    failed = Signal(object)  # StudioError
    opened = Signal()  # what lies in a project is shown

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self.snapshot = empty_snapshot()
        self.history = History()
        self.joints: dict[str, FloatArray] = {}
        self.pairs: dict[str, FloatArray] = {}
        self.moments: tuple[JointMoment, ...] = ()
        self.joints_run = ""
        self.pair_choice = PairChoice(self)
        self.shown = Shown()
        self._sorts: dict[str, Sort] = {}
        self.query = Query()
        self.kept: Mask | None = None
        self.shown_rows: Rows = np.zeros(0, np.int64)
        self.selected: Mask = np.zeros(0, np.bool_)
        self.current: int | None = None
        self.training_run: str | None = None
        self.wanted_run: str | None = None
        self.job = ""
        self.training_settings: dict[str, Any] | None = None
        self._stale_joints = True
        self._other_curves = True
        self._read_last: tuple[int, ImageTable] | None = None  # the reader's own
        self.corrections = Corrections(self)
        self.task = TaskChoice(self)
        self.masks = MaskState(self)
        self._reader = ProjectReader(lambda images: self._what_to_read(images=images), self._take, self)
        self._reader.failed.connect(self.failed)
        self._reader.opened.connect(self.opened)

    # Reading --------------------------------------------------------------------------------------------------------------------------

    @property
    def table(self) -> ImageTable:
        return self.snapshot.table

    @property
    def verdicts(self) -> Verdicts:
        return self.snapshot.verdicts

    @property
    def curated(self) -> Curated:
        """The groups, with all that people corrected."""
        return self.snapshot.curated

    @property
    def run(self) -> RunRow | None:
        """The run that the groups stand on."""
        return self.snapshot.run

    @property
    def num_clusters(self) -> int:
        return self.verdicts.num_clusters

    @property
    def trained_with(self) -> dict[str, Any]:
        """Settings of the training under way, else of the run shown."""
        return self.training_settings or (self.run.settings if self.run is not None else {})

    @property
    def of_pixels(self) -> bool:
        """Whether the groups shown are of pixels: then a picture has a share of each."""
        return self.snapshot.of_pixels

    @property
    def is_reading(self) -> bool:
        """Whether the store is being read, or will be soon."""
        return self._reader.is_busy

    def cluster_name(self, cluster: int) -> str:
        """What a person called the group, or "Cluster 3"."""
        return self.snapshot.cluster_name(cluster)

    def group_of(self, model_cluster: int) -> int:
        """The group that a cluster of the model belongs to, or -1."""
        return self.snapshot.group_of(model_cluster)

    def model_cluster_name(self, cluster: int) -> str:
        """A cluster of the model by the name of its group; with its number where the group has several."""
        return self.snapshot.model_cluster_name(cluster)

    @property
    def can_edit(self) -> bool:
        """Whether groups can be corrected now."""
        return self.project is not None and self.project.writable and self.snapshot.is_in_force

    def wish_merge(self, model_clusters: Sequence[int]) -> None:
        """Make one group of those that some of the model's clusters belong to."""
        groups = sorted({self.group_of(cluster) for cluster in model_clusters} - {-1})
        if len(groups) > 1:
            self.corrections.do(edits.merge(self.curated, groups))

    def mark(self, row: int) -> str:
        """What a person said of an image: `unsure`, `placed` or nothing."""
        verdicts = self.verdicts
        return "unsure" if verdicts.unsure[row] else "placed" if verdicts.by_user[row] else ""

    def selected_ids(self) -> IntArray:
        """Ids of the selected images."""
        return self.table.ids[self.selected]

    def current_row(self) -> int:
        """Row of the current image, or -1."""
        return -1 if self.current is None else int(self.table.rows_of(np.array([self.current]))[0])

    # Opening and refreshing -----------------------------------------------------------------------------------------------------------

    def open(self, project: Project) -> None:
        """Show another project; the old one is closed."""
        self.close()
        self.project = project
        self._reader.open(project)
        self.changed.emit(
            Change.PROJECT | Change.IMAGES | Change.CLUSTERS | Change.SHOWN | Change.SELECTION | Change.CURVES | Change.JOINTS
            | Change.FILTER | Change.LABELS | Change.CLASSES
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the project; waits for the reader."""
        self._reader.close()
        self._stale_joints = True
        self._read_last = None
        if self.project is not None:
            with contextlib.suppress(StudioError):  # then they go the next time
                self.project.purge_runs()
            self.project.close()
            self.project = None
        self.snapshot, self.history, self.joints, self.pairs, self.moments = empty_snapshot(), History(), {}, {}, ()
        self.shown, self.current, self.training_run, self.job, self.training_settings = Shown(), None, None, "", None
        self.query, self.kept, self.joints_run = Query(), None, ""
        self.wanted_run, self._other_curves = None, True
        self.shown_rows, self.selected = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        theme.use_group_colours(())

    def refresh(self, *, images: bool = False) -> None:
        """Read the project again soon: the verdicts, and the images too if they changed."""
        self._reader.refresh(images=images)

    def ask(self, work: Callable[[Project], Any], then: Callable[[Any], object]) -> None:
        """Read something of the project in the reader's thread and hand it on, unless another project is open by then."""
        self._reader.ask(work, then)

    def _what_to_read(self, *, images: bool) -> Work:
        """What the reader's thread shall read now."""
        known: set[str] = set() if self._other_curves else {self.run.id if self.run else "", self.joints_run}
        drawn = None if self.training_run else Drawn(known, self.joints_run if self._stale_joints else "")
        self._other_curves = False
        table, wanted_run, steps = None if images else self.table, self.wanted_run, self.corrections.steps
        return lambda project: self._read(project, table, wanted_run, drawn, steps)

    def _read(
        self, project: Project, table: ImageTable | None, wanted_run: str | None, drawn: Drawn | None, steps: int
    ) -> tuple[int, Snapshot, RunArrays | None]:
        """Runs in the reader's thread."""
        version = project.version
        if table is None and self._read_last is not None and self._read_last[0] == version:
            table = self._read_last[1]  # a job looked at the images and found nothing new
        snapshot, extra = load_state(project, table, wanted_run, drawn)
        self._read_last = (version, snapshot.table)
        return steps, snapshot, extra

    def _take(self, read: tuple[int, Snapshot, RunArrays | None]) -> None:
        steps, snapshot, extra = read
        if extra is not None and self.training_run is None:
            self.history = extra.history or self.history
            if extra.joints or extra.history is not None:
                self.joints, self.moments, self.pairs, self._stale_joints = extra.joints, extra.moments, {}, False
                self.joints_run = snapshot.run.id if snapshot.run else ""
            self.changed.emit(Change.CURVES | Change.JOINTS)
        if steps == self.corrections.steps:
            self.adopt(snapshot)
        else:  # it was read before the last edit, which must not seem to be undone
            self.refresh(images=snapshot.table is not self.table)

    def show_run(self, run: str | None) -> None:
        """Show the clusters of another run; None: of the newest."""
        self.wanted_run, self._other_curves = run, True
        self.refresh()

    def adopt(self, snapshot: Snapshot) -> None:
        """Show what was read. The selection stays, by id."""
        what = Change.CLUSTERS | Change.NAMES | Change.SHOWN | Change.SELECTION | Change.LABELS | Change.CLASSES
        if snapshot.table is not self.table:
            what |= Change.IMAGES
            rows = snapshot.table.rows_of(self.selected_ids())
            self.selected = np.zeros(len(snapshot.table), np.bool_)
            self.selected[rows[rows >= 0]] = True
        snapshot = snapshot.with_classes(self.snapshot.classified)
        self.shown, self.snapshot = carried_over(self.shown, self.snapshot, snapshot), snapshot
        theme.use_group_colours([group.colour or theme.palette_colour(group.uid) for group in self.curated.groups])
        if self._search():
            what |= Change.FILTER
        self._arrange()
        self.changed.emit(what)

    def adopt_labels(self, snapshot: Snapshot, *, classes: bool = False) -> None:
        """Show what people say of classes now, or with `classes` what is made of it; groups and images are the same."""
        self.snapshot, what = snapshot, Change.CLASSES if classes else Change.LABELS
        if any(term.field in ("class", "label") for term in self.query.terms):
            self._search()
            self._arrange()
            what |= Change.SHOWN | Change.FILTER
        self.changed.emit(what)

    # What jobs tell -------------------------------------------------------------------------------------------------------------------

    def note(self, event: Event, live: LiveArrays | None = None) -> None:
        """Follow a job: see what must be read again. What training says of the same moment is told with it, not one after the other."""
        if isinstance(event, RunStarted):
            self._begin(event)
        if isinstance(event, SettingsChosen):
            self.training_settings = event.settings
            self.changed.emit(Change.JOB)
        is_drawn = self.history.add(event)
        if live is not None:
            self.note_live(live)
        elif is_drawn:
            self.changed.emit(Change.CURVES)
        if isinstance(event, ProgressMade):
            if event.stage == "index":  # a batch was decoded
                self.refresh(images=True)
        elif isinstance(event, AssignmentsSaved):
            self.refresh()
        elif isinstance(event, RunFinished | RunFailed):
            self.job_ended()

    def _begin(self, event: RunStarted) -> None:
        self.job = event.job
        if event.run:
            self.training_run, self.wanted_run, self.pairs, self.moments = event.run, None, {}, ()
            self.training_settings = event.settings
            if event.job == "resume" and self.project is not None:
                self.history = load_history(self.project, event.run)
        self.changed.emit(Change.JOB)

    def job_ended(self) -> None:
        """A job is over, well or not: read what it left."""
        self._stale_joints |= self.training_run is not None
        self.training_run, self.job, self.training_settings = None, "", None
        self.changed.emit(Change.JOB)
        if self.project is not None:
            self.refresh(images=True)  # files may have moved or gone

    def note_live(self, live: LiveArrays) -> None:
        """Take live joints from training."""
        self.joints, self.pairs, self.moments = live.joints, live.pairs, live.moments
        self.joints_run = self.training_run or self.joints_run
        self.history.add_joints(live.step, live.joints)
        self.changed.emit(Change.JOINTS | Change.CURVES)

    # What is shown --------------------------------------------------------------------------------------------------------------------

    def show(self, shown: Shown) -> None:
        """Show another set of images."""
        self.shown = shown
        self._arrange()
        self.changed.emit(Change.SHOWN)

    @property
    def sort(self) -> Sort:
        """Order of the shown images; each kind of set keeps its own, Uncertain begins with the least certain."""
        first = first_sort(self.shown, has_clusters=bool(self.num_clusters))
        chosen = self._sorts.get(self.shown.kind, first)
        return chosen if chosen in self.sorts else first

    @property
    def sorts(self) -> tuple[Sort, ...]:
        """Orders that make sense for the shown set."""
        return sorts_for(self.shown, has_clusters=bool(self.num_clusters))

    def sort_by(self, sort: Sort) -> None:
        """Order the shown images, and later ones of the same kind."""
        self._sorts[self.shown.kind] = sort
        self._arrange()
        self.changed.emit(Change.SHOWN)

    def rearrange(self) -> None:
        """Bring the shown images into their order again, because more is known of it."""
        self._arrange()
        self.changed.emit(Change.SHOWN | Change.FILTER)

    def show_found(self, found: Found) -> None:
        """Show images that were looked for, in the order found."""
        self._sorts.pop("found", None)
        self.show(Shown("found", found=found))

    def filter_by(self, query: Query) -> None:
        """Narrow every set to what a search finds.

        Raises:
            QueryError: the project knows nothing of one of its fields yet; the search before stays.
        """
        kept = matches(query, self.snapshot.columns) if query else None
        self.query, self.kept = query, kept
        self._arrange()
        self.changed.emit(Change.SHOWN | Change.FILTER)

    def _search(self) -> bool:
        """Search again, in what was read anew; whether the search had to be given up."""
        try:
            self.kept = matches(self.query, self.snapshot.columns) if self.query else None
        except QueryError:
            self.query, self.kept = Query(), None
            return True
        return False

    def rows_in(self, shown: Shown) -> Rows:
        """Rows of a set before the search, in no order that matters."""
        return rows_in(self.snapshot, shown)

    def _arrange(self) -> None:
        self.shown_rows = arrange(self.snapshot, self.shown, self.sort, self.query, self.kept)

    # Selection and names --------------------------------------------------------------------------------------------------------------

    def select(self, rows: Rows, current_row: int, *, keep: bool = False) -> None:
        """Select rows of the table, in addition to the selected ones if `keep`; `current_row` (or -1) is the one looked at."""
        if not keep:
            self.selected = np.zeros(len(self.table), np.bool_)
        self.selected[rows] = True
        self._set_current(current_row)

    def toggle(self, row: int) -> None:
        """Take one row in or out of the selection."""
        self.selected[row] = not self.selected[row]
        self._set_current(row)

    def select_shown(self) -> None:
        """Select every shown image, and no other."""
        self.select(self.shown_rows, self.current_row())

    def invert_shown(self) -> None:
        """Select the shown images that are not selected, and the other way round; those not shown stay as they are."""
        self.selected[self.shown_rows] = ~self.selected[self.shown_rows]
        self._set_current(self.current_row())

    def select_set(self, shown: Shown, *, keep: bool = False) -> None:
        """Select the images of a set that the search keeps, in addition to the selected ones if `keep`; what is shown stays."""
        rows = self.rows_in(shown)
        self.select(rows if self.kept is None else rows[self.kept[rows]], self.current_row(), keep=keep)

    def select_none(self) -> None:
        """Select nothing."""
        self.select(np.zeros(0, np.int64), self.current_row())

    def look_at(self, row: int) -> None:
        """Make a row the current one; the selection stays."""
        self._set_current(row)

    def _set_current(self, row: int) -> None:
        self.current = int(self.table.ids[row]) if 0 <= row < len(self.table) else None
        self.changed.emit(Change.SELECTION)

    def name_cluster(self, cluster: int, name: str) -> None:
        """Give a group a name; an empty one takes it away."""
        self.corrections.do(edits.rename(self.curated, cluster, name))
