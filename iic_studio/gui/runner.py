"""Starts, pauses and ends jobs for the window, and says in which state the window is.

One job at a time works on the project (index, train, resume); an export may run beside it, and jobs that only read images. Events go to
the session first, then to whoever listens.
"""

import enum
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import Event, RunFailed, RunFinished, StepsFinished
from iic_studio.export.request import ExportRequest
from iic_studio.gui.exports import Exports
from iic_studio.gui.language import tr
from iic_studio.gui.session import Session
from iic_studio.gui.worker import Factory, JobThread
from iic_studio.images.thumbs import Thumbs
from iic_studio.jobs.features import Features
from iic_studio.jobs.label_request import LabelRequest
from iic_studio.jobs.mask_views import MaskViews
from iic_studio.project.maps import SavedMaps
from iic_studio.project.records import RunRow
from iic_studio.project.store import Project
from iic_studio.project.task import choose_task, has_task
from iic_studio.records import LiveArrays
from iic_studio.training.live import Control, LatestSlot


class Jobs(Protocol):
    """The part of `iic_studio.jobs` that the window uses."""

    def open_project(self, folder_or_project: Path) -> Project: ...
    def sample_target(self, sample: str, place: Path | None = None) -> Path: ...
    def index(self, project: Project) -> Iterator[Event]: ...
    def train(
        self,
        project: Project,
        settings: TrainSettings,
        *,
        live: LatestSlot[LiveArrays] | None = None,
        control: Control | None = None,
    ) -> Iterator[Event]: ...
    def resume(
        self,
        project: Project,
        *,
        live: LatestSlot[LiveArrays] | None = None,
        control: Control | None = None,
    ) -> Iterator[Event]: ...
    def resumable_run(self, project: Project) -> RunRow | None: ...
    def export(self, project: Project, request: ExportRequest) -> Iterator[Event]: ...
    def label(self, project: Project, request: LabelRequest) -> Iterator[Event]: ...
    def duplicates(self, project: Project) -> Iterator[Event]: ...
    def see_images(self, project: Project, run: str, keep: Callable[[Features], object]) -> Iterator[Event]: ...
    def make_map(
        self, project: Project, *, of: str = ..., method: str = ..., run: str | None = None, afresh: bool = False
    ) -> Iterator[Event]: ...
    def saved_maps(self, project: Project, run: str) -> SavedMaps: ...
    def thumbnails(self, project: Project) -> Thumbs: ...
    def mask_views(self, project: Project) -> MaskViews: ...
    def measure_areas(self, project: Project) -> Iterator[Event]: ...


class State(enum.Enum):
    """What the window is doing."""

    EMPTY = "empty"
    IDLE = "idle"
    INDEXING = "indexing"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"
    CLOSING = "closing"


BUSY = frozenset({State.INDEXING, State.TRAINING, State.PAUSED, State.STOPPING, State.CLOSING})
IN_TRAINING = frozenset({State.TRAINING, State.PAUSED, State.STOPPING})


class Runner(QObject):
    """Jobs of the open project. All methods return at once."""

    state_changed = Signal(object)  # State
    told = Signal(object)  # Event of the job under way
    failed = Signal(object)  # StudioError
    exported = Signal(object)  # Path
    project_closing = Signal()  # whoever reads its files must stop now
    ended = Signal()  # the last job has ended after `end_all`

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.jobs = jobs
        self.state = State.EMPTY
        self.thumbs: Thumbs | None = None
        self.started_at = 0.0
        self._job: JobThread | None = None
        self.exports = Exports(session, jobs, self)
        self.exports.ended.connect(self._export_ended)
        self.exports.idle.connect(self._go_on)
        self._csv_target: Path | None = None
        self._beside: set[JobThread] = set()
        self._control = Control()
        self._live: LatestSlot[LiveArrays] = LatestSlot()
        self._next: Callable[[], None] | None = None
        session.opened.connect(self._look_on)

    # Starting -------------------------------------------------------------------------------------------------------------------------

    def open(self, target: Path, task: str | None = None) -> None:
        """Open a folder of images or a project and look for new images; a job or an export under way is ended first.

        What was open stays open when the other cannot be opened.

        Args:
            task: what a project groups for which nobody has chosen that yet.
        """
        before = self.session.project
        if before is not None and not target.exists():
            self.failed.emit(StudioError(tr("There is no {0}.", target), tr("Check the name, or plug in the drive it lies on.")))
            return
        if not self._all_ended():
            self._next = lambda: self.open(target, task)
            self.exports.end()
            self.close_job()
            self._close_beside()
            return
        try:
            self.close_project()
            project = self.jobs.open_project(target)
            if task is not None and project.writable and not has_task(project):
                choose_task(project, task)
        except StudioError as error:
            self._set_state(State.EMPTY)
            if before is not None and before.path != target:
                self.open(before.path)
            self.failed.emit(error)
            return
        self._take_up(project)

    def _take_up(self, project: Project) -> None:
        self.thumbs = self.jobs.thumbnails(project)
        self.session.open(project)
        self.rescan()
        if self._job is not None:
            self._job.pause()  # until the project is on the screen: to read it and to look for 200,000 files at once would take turns

    def _look_on(self) -> None:
        """The project is on the screen; look for new pictures."""
        if self._job is not None and self.state is State.INDEXING:
            self._job.resume()

    def rescan(self) -> None:
        """Look for new, changed and vanished pictures."""
        project = self.session.project
        if project is not None and self._job is None:
            self._start(State.INDEXING, lambda: self.jobs.index(project))

    def close_project(self) -> None:
        """Let go of the project's files; no job may be under way."""
        self.project_closing.emit()
        self.session.close()
        if self.thumbs is not None:
            self.thumbs.close()
            self.thumbs = None

    def train(self, settings: TrainSettings) -> None:
        """Train from the beginning; a job under way is closed first: an index job is gone on with, a training leaves its checkpoint."""
        self._start_training(
            lambda project, live, control: self.jobs.train(project, settings, live=live, control=control),
        )

    def resume_run(self) -> None:
        """Go on with the last run from its checkpoint."""
        self._start_training(lambda project, live, control: self.jobs.resume(project, live=live, control=control))

    def can_resume(self) -> bool:
        """Whether the newest run was cut off and has a checkpoint."""
        project = self.session.project
        return project is not None and self._job is None and self.jobs.resumable_run(project) is not None

    @property
    def control(self) -> Control | None:
        """What can be said to the training under way, and asked of it."""
        return self._control if self.state in IN_TRAINING else None

    def _start_training(self, job: Callable[[Project, LatestSlot[LiveArrays], Control], Iterator[Event]]) -> None:
        project = self.session.project
        if project is None or self.state is State.CLOSING:
            return
        if self._job is not None:
            self._next = lambda: self._start_training(job)
            self._job.close()
            return
        self._control, self._live = Control(), LatestSlot()
        live, control = self._live, self._control
        self._start(State.TRAINING, lambda: job(project, live, control))

    def _start(self, state: State, factory: Factory) -> None:
        self.started_at = time.time()
        thread = JobThread(factory, self)
        thread.told.connect(self._note)
        thread.finished.connect(self._job_finished)
        self._job = thread
        self._set_state(state)
        thread.start()

    def start_beside(self, factory: Factory, told: Callable[[Event], object], ended: Callable[[], object]) -> JobThread:
        """Run a job that reads the project, beside whatever else runs; it is closed with the project.

        Args:
            told: hears every event; a method of an object of the window.
            ended: hears that it is over, well or not; likewise.
        """
        thread = JobThread(factory, self)
        thread.told.connect(told)
        thread.finished.connect(ended)
        thread.finished.connect(self._beside_finished)
        self._beside.add(thread)
        thread.start()
        return thread

    def _close_beside(self) -> None:
        for thread in self._beside:
            thread.close()

    def _beside_finished(self) -> None:
        for thread in [thread for thread in self._beside if thread.isFinished()]:
            self._beside.discard(thread)
            thread.deleteLater()
        self._go_on()

    def export_csv(self, target: Path, *, probabilities: bool = False) -> None:
        """Write the CSV beside whatever else runs."""
        if self.exports.start(ExportRequest(csv=target, probabilities=probabilities)):
            self._csv_target = target

    # While it runs --------------------------------------------------------------------------------------------------------------------

    def toggle_pause(self) -> None:
        """Pause or go on."""
        if self._job is None:
            return
        if self.state is State.TRAINING:
            self._job.pause()
            self._set_state(State.PAUSED)
        elif self.state is State.PAUSED:
            self._job.resume()
            self._set_state(State.TRAINING)

    def stop_and_keep(self) -> None:
        """End training now and keep its result."""
        if self._job is not None and self.state in (State.TRAINING, State.PAUSED):
            self._control.stop_and_keep()
            self._job.resume()
            self._set_state(State.STOPPING)

    def close_job(self) -> None:
        """End the job under way; training leaves a checkpoint."""
        if self._job is not None:
            self._job.close()
            self._set_state(State.CLOSING)

    def end_all(self) -> bool:
        """End every job; whether all have ended already. If not, `ended` comes when they have."""
        self._next = None
        self.exports.end()
        self.close_job()
        self._close_beside()
        return self._all_ended()

    def wait(self, milliseconds: int) -> bool:
        """Block until the threads have ended, at most so long; for the end of the program only."""
        threads = [thread for thread in (self._job, *self._beside) if thread is not None]
        return all(thread.wait(milliseconds) for thread in threads) and self.exports.wait(milliseconds)

    # What comes back ------------------------------------------------------------------------------------------------------------------

    def _note(self, event: Event) -> None:
        self.session.note(event, self._live.take() if isinstance(event, StepsFinished) else None)
        self.told.emit(event)
        if isinstance(event, RunFailed):
            self.failed.emit(StudioError(event.message, event.hint))

    def _job_finished(self) -> None:
        live = self._live.take()
        if live is not None:
            self.session.note_live(live)
        if self._job is not None:
            self._job.deleteLater()
            self._job = None
        self.session.job_ended()
        follow, self._next = self._next, None
        if follow is not None:
            follow()
        else:
            self._set_state(State.IDLE if self.session.project is not None else State.EMPTY)
        self._tell_if_ended()

    def _export_ended(self, last: Event | None) -> None:
        """Tell of the table; what was asked for in the dialog is told there."""
        target, self._csv_target = self._csv_target, None
        if target is not None and isinstance(last, RunFailed):
            self.failed.emit(StudioError(last.message, last.hint))
        elif target is not None and isinstance(last, RunFinished):
            self.exported.emit(target)

    def _go_on(self) -> None:
        """Do what waited for the end of everything."""
        if self._all_ended():
            follow, self._next = self._next, None
            if follow is not None:
                follow()
        self._tell_if_ended()

    def _all_ended(self) -> bool:
        return self._job is None and self.exports.is_idle and not self._beside

    def _tell_if_ended(self) -> None:
        if self._all_ended():
            self.ended.emit()

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
