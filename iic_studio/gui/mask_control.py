"""Gets masks and joints of single displacements computed, in a thread, for whoever looks: by the finished run, or by the network as it is
while training goes on.

Nothing is computed that nobody looks at. While training runs, its network is asked for again only when the last mask is painted, and so
seldom that looking takes a small share of the time; what comes in between is skipped.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from iic_studio.errors import StudioError
from iic_studio.events import AssignmentsSaved, Event, ProgressMade, RunFailed
from iic_studio.gui.language import tr
from iic_studio.gui.mask_state import Seen
from iic_studio.gui.runner import Runner
from iic_studio.gui.session import Change, Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.telling import told
from iic_studio.gui.worker import JobThread
from iic_studio.gui.workspace import Workspace
from iic_studio.jobs.mask_views import MaskView, MaskViews
from iic_studio.records import FloatArray, Part
from iic_studio.training.live import LiveWeights

_POLL_MS = 150
_LEAST_GAP_S = 0.8
_SHARE = 0.1  # of the time that looking may take while training goes on
_KEPT = 6


class MaskControl(QObject):
    """Binds the pages to the runner."""

    def __init__(self, session: Session, runner: Runner, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._session, self._runner, self._masks = session, runner, session.masks
        self._page, self._panel, self._joint = workspace.masks, workspace.mask_panel, workspace.joint
        self._views: MaskViews | None = None
        self._thread = SideThread("iic-masks", self)
        self._weights: tuple[str, LiveWeights] | None = None
        self._kept: OrderedDict[tuple[str, int, tuple[Part, ...]], MaskView] = OrderedDict()
        self._next_at = 0.0
        self._shown: tuple[object, ...] = ()
        self._joints_of: tuple[object, ...] = ()
        self._measuring: JobThread | None = None
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)
        workspace.masks.wanted.connect(self.look)
        workspace.mask_panel.measure_wanted.connect(self.measure)
        session.changed.connect(self._follow)
        self._masks.changed.connect(self._see)
        self._masks.preview_wanted.connect(self._preview)
        runner.project_closing.connect(self._forget)
        workspace.joint.came_to_front.connect(self.look)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being computed."""
        return not self._thread.is_busy and self._measuring is None

    # When to look ---------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        session = self._session
        if what & Change.PROJECT:
            self._forget()
            self._masks.forget()
            project = session.project
            self._views = None if project is None else self._runner.jobs.mask_views(project)
        if what & Change.JOB:
            if session.training_run is None:
                self._timer.stop()
                self._runner_has_ended()
            elif not self._timer.isActive() and session.trained_with.get("task") == "pixels":
                self._next_at = 0.0
                self._timer.start()
        if what & Change.IMAGES:
            self._shown = ()  # a file may be another one by now
        if what & (Change.CLUSTERS | Change.JOB | Change.IMAGES):
            self.look()

    def _runner_has_ended(self) -> None:
        self._weights = None
        self._kept.clear()
        self._shown = self._joints_of = ()

    def _see(self, what: Seen) -> None:
        if what & (Seen.LOOK | Seen.OFFSET):
            self.look()

    def _is_looked_at(self) -> bool:
        return self._page.isVisible() or (self._joint.isVisible() and self._masks.offset is not None)

    def _poll(self) -> None:
        """While training goes on: take its network when it is there, ask for it when it is time."""
        control, run = self._runner.control, self._session.training_run
        if control is None or run is None or not self._masks.follows_training or self._session.trained_with.get("task") != "pixels":
            return
        weights = control.take_weights()
        if weights is not None:
            self._weights = (run, weights)
            self.look()
        elif self._is_looked_at() and not self._thread.is_busy and time.monotonic() >= self._next_at:
            control.ask_for_weights()

    # Looking --------------------------------------------------------------------------------------------------------------------------

    def _source(self) -> tuple[str, LiveWeights | None] | None:
        """Whose network speaks: the run, and its weights if it is under way."""
        session = self._session
        if session.training_run is not None and self._masks.follows_training and session.trained_with.get("task") == "pixels":
            return self._weights
        run = session.run
        if run is None or self._views is None or not self._views.has_model(run):
            return None
        return run.id, None

    def look(self) -> None:
        """Have computed what somebody looks at, if it is not there."""
        views, source = self._views, self._source()
        if views is None:
            return
        if self._page.isVisible():
            self._look_at_picture(views, source)
        offset = self._masks.offset
        if offset is None:
            self._joints_of = ()
        elif self._joint.isVisible() and source is not None:
            self._look_at_joints(views, source, offset)

    def _look_at_picture(self, views: MaskViews, source: tuple[str, LiveWeights | None] | None) -> None:
        image, shown = self._page.image, self._masks.view
        if image is None or source is None:
            self._thread.drop("mask")
            self._shown = ()
            self._masks_show(None, self._why_none() if image is not None else "")
            return
        run, weights = source
        parts = self._parts(run)
        key = (run, weights.step if weights else 0, image, parts)
        if key == self._shown:
            return
        self._shown = key
        kept = self._kept.get((run, image, parts)) if weights is None else None
        if kept is not None:
            self._masks_show(kept, "")
        elif shown is not None and shown.image_id != image:
            self._masks_show(None, "")
        self._thread.wish("mask", _timed(lambda: views.mask(run, image, weights, parts, kept)), self._take_mask)

    def _parts(self, run: str) -> tuple[Part, ...]:
        """Parts that people made of the clusters of a run."""
        return self._session.curated.curation.parts_of(run)

    def _preview(self, asked: tuple[tuple[Part, ...], Callable[[MaskView], object] | None]) -> None:
        """Compute the mask of the picture in front with other parts, for whoever asks."""
        (parts, take), views, run, image = asked, self._views, self._session.run, self._page.image
        if take is None or views is None or run is None or image is None:
            self._thread.drop("preview")
        else:
            self._thread.wish("preview", lambda: views.mask(run.id, image, None, parts), take, lambda _: None)

    def _look_at_joints(self, views: MaskViews, source: tuple[str, LiveWeights | None], offset: tuple[int, int]) -> None:
        run, weights = source
        key = (run, weights.step if weights else 0, offset)
        if key == self._joints_of:
            return
        self._joints_of = key
        head_joints = _timed(lambda: views.joints(run, offset, weights))
        self._thread.wish("joints", head_joints, lambda made: self._take_joints(offset, made))

    def _masks_show(self, view: MaskView | None, note: str) -> None:
        if view is not self._masks.view or note != self._masks.note:
            self._masks.show(view, note)

    def _why_none(self) -> str:
        session = self._session
        if session.training_run is not None:
            return tr("The mask of this picture appears here in a moment.")
        if session.run is not None and session.run.settings.get("task") == "pixels":
            return tr("This run has left no network yet. Go on with it, or train again.")
        waiting = session.snapshot.proposal
        if waiting is not None and waiting.settings.get("task") == "pixels":
            return tr("The new run has masks, but clusters of pictures are in use: see “Review the new run…” in the menu Edit.")
        return tr(
            "Choose how many classes you expect, then press Train: the mask of this picture appears here and sharpens while it learns."
        )

    # What came back -------------------------------------------------------------------------------------------------------------------

    def _took(self, cost_s: float) -> None:
        self._next_at = time.monotonic() + max(_LEAST_GAP_S, cost_s * (1 / _SHARE - 1))

    def _take_mask(self, made: tuple[float, MaskView | StudioError]) -> None:
        cost_s, found = made
        self._took(cost_s)
        if isinstance(found, StudioError):
            self._masks_show(None, told(found.message, found.hint))
            return
        if not found.step:
            key = (found.run, found.image_id, found.parts)
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        if found.image_id == self._page.image:
            self._masks_show(found, "")

    def _take_joints(self, offset: tuple[int, int], made: tuple[float, dict[str, FloatArray] | StudioError]) -> None:
        cost_s, found = made
        self._took(cost_s)
        if isinstance(found, StudioError):
            self._session.failed.emit(found)
        else:
            self._masks.take_displaced(offset, found)

    # Measuring ------------------------------------------------------------------------------------------------------------------------

    def measure(self) -> None:
        """Count every pixel of every picture, beside whatever else runs."""
        project, run = self._session.project, self._session.run
        if project is not None and run is not None and self._measuring is None:
            jobs = self._runner.jobs
            self._measuring = self._runner.start_beside(lambda: jobs.measure_areas(project), self._note, self._measured)
            self._panel.tell_measuring(tr("Measuring…"))

    def _note(self, event: Event) -> None:
        if isinstance(event, ProgressMade) and event.total:
            self._panel.tell_measuring(tr("Measuring: {0:,.0f} of {1:,.0f}", event.done, event.total))
        elif isinstance(event, AssignmentsSaved):
            self._session.refresh()
        elif isinstance(event, RunFailed):
            self._session.failed.emit(StudioError(event.message, event.hint))

    def _measured(self) -> None:
        self._measuring = None
        self._panel.tell_measuring("")

    def _forget(self) -> None:
        """The project is about to be closed."""
        self._timer.stop()
        self._thread.close()
        self._runner_has_ended()
        if self._views is not None:
            self._views.close()
            self._views = None


def _timed(work: Callable[[], object]) -> Callable[[], tuple[float, object]]:
    """Seconds it took, and what was found or the mistake it ended with."""

    def run() -> tuple[float, object]:
        began = time.perf_counter()
        try:
            found = work()
        except StudioError as error:
            found = error
        return time.perf_counter() - began, found

    return run
