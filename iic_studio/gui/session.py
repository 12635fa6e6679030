"""What the window knows, in one place: pages meet here and nowhere else.

The session holds immutable snapshots (`table`, `snapshot`), one shared selection by image id, and which images are shown in which order. It
announces *what kinds* of things changed; each page decides whether that concerns it. Reading the store happens in one background
thread, at most as often as it takes to read it, so 200,000 images refresh while training goes on.
"""

import enum
import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from iic_studio.errors import StudioError
from iic_studio.events import AssignmentsSaved, Event, ProgressMade, RunFailed, RunFinished, RunStarted, SettingsChosen
from iic_studio.gui.history import MAIN, History
from iic_studio.gui.pair_choice import PairChoice
from iic_studio.gui.snapshot import RunArrays, Snapshot, empty_snapshot, load_history, load_run_arrays, load_snapshot
from iic_studio.gui.table import ImageTable, Mask, Rows, Verdicts
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray, IntArray, JointMoment, LiveArrays

REFRESH_EVERY_MS = 300


class Change(enum.Flag):
    """Kinds of things that change."""

    PROJECT = enum.auto()
    IMAGES = enum.auto()
    CLUSTERS = enum.auto()
    NAMES = enum.auto()
    SHOWN = enum.auto()
    SELECTION = enum.auto()
    CURVES = enum.auto()
    JOINTS = enum.auto()
    JOB = enum.auto()


class Sort(enum.Enum):
    """Order of the shown images."""

    SURE = "Most certain first"
    UNSURE = "Least certain first"
    NAME = "By name"


@dataclass(frozen=True)
class Shown:
    """A set of images: `all`, `cluster`, `uncertain`, `problems`, or the `joint` cell (cluster, other) of a head."""

    kind: str = "all"
    cluster: int = -1
    other: int = -1
    head: str = MAIN


class Session(QObject):
    """The open project as the window sees it. Lives on the GUI thread."""

    changed = Signal(object)  # Change
    failed = Signal(object)  # StudioError
    _loaded = Signal(object)
    _unread = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project: Project | None = None
        self.snapshot = empty_snapshot()
        self.history = History()
        self.joints: dict[str, FloatArray] = {}
        self.pairs: dict[str, FloatArray] = {}
        self.moments: tuple[JointMoment, ...] = ()
        self.pair_choice = PairChoice(self)
        self.shown = Shown()
        self._sorts = {"uncertain": Sort.UNSURE}
        self.shown_rows: Rows = np.zeros(0, np.int64)
        self.selected: Mask = np.zeros(0, np.bool_)
        self.current: int | None = None
        self.training_run: str | None = None
        self.job = ""
        self.training_settings: dict[str, Any] | None = None
        self._reader: ThreadPoolExecutor | None = None
        self._pending: Future[None] | None = None
        self._stale_images = False
        self._stale_joints = True
        self._stale = False
        self._cost_s = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._start_reading)
        self._loaded.connect(self._take)
        self._unread.connect(self._give_up)

    # Reading --------------------------------------------------------------------------------------------------------------------------

    @property
    def table(self) -> ImageTable:
        return self.snapshot.table

    @property
    def verdicts(self) -> Verdicts:
        return self.snapshot.verdicts

    @property
    def run(self) -> RunRow | None:
        return self.snapshot.run

    @property
    def num_clusters(self) -> int:
        return self.verdicts.num_clusters

    @property
    def trained_with(self) -> dict[str, Any]:
        """Settings of the training under way, else of the run shown."""
        return self.training_settings or (self.run.settings if self.run is not None else {})

    @property
    def is_reading(self) -> bool:
        """Whether the store is being read, or will be soon."""
        return self._stale or self._pending is not None

    def cluster_name(self, cluster: int) -> str:
        """What a person called it, or "Cluster 3"."""
        return self.snapshot.names.get(cluster) or f"Cluster {cluster}"

    def model_cluster_name(self, cluster: int) -> str:
        """What a cluster of the model is called."""
        return self.cluster_name(cluster)

    def group_of(self, model_cluster: int) -> int:
        """The shown cluster, by whose colour a cluster of the model is drawn."""
        return model_cluster

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
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="iic-session")
        self.refresh(images=True)
        self.changed.emit(
            Change.PROJECT | Change.IMAGES | Change.CLUSTERS | Change.SHOWN | Change.SELECTION | Change.CURVES | Change.JOINTS
        )

    def close(self) -> None:
        """Let go of the project; waits for the reader."""
        self._timer.stop()
        if self._reader is not None:
            self._reader.shutdown(wait=True, cancel_futures=True)
            self._reader = None
        self._pending = None
        self._stale = self._stale_images = False
        self._stale_joints = True
        self._cost_s = 0.0
        if self.project is not None:
            self.project.close()
            self.project = None
        self.snapshot, self.history, self.joints, self.pairs, self.moments = empty_snapshot(), History(), {}, {}, ()
        self.shown, self.current, self.training_run, self.job, self.training_settings = Shown(), None, None, "", None
        self.shown_rows, self.selected = np.zeros(0, np.int64), np.zeros(0, np.bool_)

    def refresh(self, *, images: bool = False) -> None:
        """Read the project again soon: the verdicts, and the images too if they changed."""
        self._stale = True
        self._stale_images |= images
        if not self._timer.isActive() and self._pending is None:
            self._timer.start(0 if not self._cost_s else max(REFRESH_EVERY_MS, round(3000 * self._cost_s)))

    def _start_reading(self) -> None:
        if self._reader is None or self.project is None or self._pending is not None:
            return
        table = None if self._stale_images else self.table
        self._stale = self._stale_images = False
        wanted = "" if self.training_run or not self._stale_joints else "all" if not self._cost_s else "joints"
        self._pending = self._reader.submit(self._read, self.project, table, wanted)

    def _read(self, project: Project, table: ImageTable | None, wanted: str) -> None:
        """Runs in the reader's thread."""
        started = time.perf_counter()
        try:
            snapshot = load_snapshot(project, table)
        except (StudioError, sqlite3.Error, OSError) as error:
            self._unread.emit((project, error))
            return
        extra: RunArrays | None = None
        if wanted and snapshot.run is not None:
            extra = load_run_arrays(project, snapshot.run.id, with_history=wanted == "all")
        self._loaded.emit((project, snapshot, extra, time.perf_counter() - started))

    def _take(self, loaded: tuple[Project, Snapshot, RunArrays | None, float]) -> None:
        project, snapshot, extra, cost_s = loaded
        if project is not self.project:
            return
        self._pending = None
        self._cost_s = max(cost_s, 1e-3)
        if extra is not None and self.training_run is None:
            self.history = extra.history or self.history
            if extra.joints:
                self.joints, self.moments, self.pairs, self._stale_joints = extra.joints, extra.moments, {}, False
            self.changed.emit(Change.CURVES | Change.JOINTS)
        self.adopt(snapshot)
        if self._stale:
            self.refresh()

    def adopt(self, snapshot: Snapshot) -> None:
        """Show what was read. The selection stays, by id."""
        what = Change.CLUSTERS | Change.NAMES | Change.SHOWN | Change.SELECTION
        if snapshot.table is not self.table:
            what |= Change.IMAGES
            rows = snapshot.table.rows_of(self.selected_ids())
            self.selected = np.zeros(len(snapshot.table), np.bool_)
            self.selected[rows[rows >= 0]] = True
        self.snapshot = snapshot
        if self.shown.kind == "cluster" and self.shown.cluster >= max(self.num_clusters, 1):
            self.shown = Shown()
        self._arrange()
        self.changed.emit(what)

    def _give_up(self, told: tuple[Project, Exception]) -> None:
        project, error = told
        if project is self.project:
            self._pending = None
            known = isinstance(error, StudioError)
            self.failed.emit(error if known else StudioError(f"The project cannot be read: {error}.", "Open it again to try once more."))

    # What jobs tell -------------------------------------------------------------------------------------------------------------------

    def note(self, event: Event) -> None:
        """Follow a job: see what must be read again."""
        if isinstance(event, RunStarted):
            self._begin(event)
        if isinstance(event, SettingsChosen):
            self.training_settings = event.settings
            self.changed.emit(Change.JOB)
        if self.history.add(event):
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
            self.training_run, self.pairs, self.moments = event.run, {}, ()
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
        return self._sorts.get(self.shown.kind, Sort.SURE)

    def sort_by(self, sort: Sort) -> None:
        """Order the shown images, and later ones of the same kind."""
        self._sorts[self.shown.kind] = sort
        self._arrange()
        self.changed.emit(Change.SHOWN)

    def rows_in(self, shown: Shown) -> Rows:
        """Rows of a set, in no order that matters."""
        verdicts, usable = self.verdicts, self.table.usable
        if shown.kind == "problems":
            return np.flatnonzero(self.table.problems)
        if shown.kind == "uncertain":
            return np.flatnonzero(self.snapshot.uncertain)
        if shown.kind == "cluster":
            return np.flatnonzero(usable & (verdicts.cluster == shown.cluster))
        if shown.kind == "joint":
            return np.flatnonzero(usable & self._in_cell(shown))
        return np.flatnonzero(usable)

    def _in_cell(self, shown: Shown) -> Mask:
        first, second = self.verdicts.cluster, self.verdicts.second
        over = self.snapshot.overclusters
        if shown.head != MAIN:
            first, second = np.full(len(self.table), -1), np.full(len(self.table), -1)
            if over is not None:
                rows = self.table.rows_of(over.image_ids)
                first[rows[rows >= 0]], second[rows[rows >= 0]] = over.assignment[rows >= 0], over.second[rows >= 0]
        if shown.cluster == shown.other:
            return np.asarray(first == shown.cluster)
        there = (first == shown.cluster) & (second == shown.other)
        back = (first == shown.other) & (second == shown.cluster)
        return np.asarray(there | back)

    def _arrange(self) -> None:
        rows, snapshot = self.rows_in(self.shown), self.snapshot
        if self.shown.kind == "joint" and self.shown.cluster != self.shown.other and self.sort is not Sort.NAME:
            self.shown_rows = rows[np.lexsort((self.table.rank[rows], self.verdicts.margin[rows]))]
            return
        if self.sort is Sort.NAME or not self.num_clusters:
            order = snapshot.by_name
        else:
            order = snapshot.by_confidence if self.sort is Sort.SURE else snapshot.by_doubt
        chosen = np.zeros(len(self.table), np.bool_)
        chosen[rows] = True
        self.shown_rows = order[chosen[order]]

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

    def _set_current(self, row: int) -> None:
        self.current = int(self.table.ids[row]) if 0 <= row < len(self.table) else None
        self.changed.emit(Change.SELECTION)

    def name_cluster(self, cluster: int, name: str) -> None:
        """Give a cluster of the shown run a name; an empty one takes it away."""
        if self.project is None or self.run is None:
            return
        self.project.name_cluster(self.run.id, cluster, name)
        self.snapshot = replace(self.snapshot, names=self.snapshot.names | {cluster: name.strip()})
        self.changed.emit(Change.NAMES)
