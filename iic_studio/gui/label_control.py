"""Binds the labels to the rest of the window: actions, menus, keys in gallery and list, and the jobs that read and learn labels."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from iic_studio.errors import StudioError
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.gui.actions import Actions
from iic_studio.gui.change import Change
from iic_studio.gui.editing import Editing
from iic_studio.gui.fine_tune_dialog import FineTuneDialog
from iic_studio.gui.label_import import LabelImport
from iic_studio.gui.labelling import ClassKeys
from iic_studio.gui.language import tr
from iic_studio.gui.runner import BUSY, Runner
from iic_studio.gui.session import Session
from iic_studio.gui.worker import JobThread
from iic_studio.gui.workspace import Workspace
from iic_studio.jobs.pixel_labelling import is_of_pixels
from iic_studio.records import IntArray

if TYPE_CHECKING:
    from iic_studio.jobs.label_request import LabelRequest

Answer = Callable[[Event | None], object]


class LabelControl(QObject):
    """One job for labels at a time, beside the window."""

    def __init__(self, session: Session, runner: Runner, workspace: Workspace, actions: Actions, editing: Editing) -> None:
        super().__init__(workspace)
        self._session, self._runner, self._workspace, self._actions = session, runner, workspace, actions
        self.labelling = workspace.labels.labelling
        self._job: JobThread | None = None
        self._last: Event | None = None
        self._hear: Callable[[Event], object] | None = None
        self._answer: Answer | None = None
        self._on_pictures = self._menu(tr("Label as"), session.selected_ids)
        self._on_clusters = self._menu(tr("Label all its pictures as"), self._cluster_images)
        workspace.gallery.corrections.append(self._on_pictures.menuAction())
        editing.more_on_clusters.append(self._on_clusters.menuAction())
        for view in (workspace.gallery.grid, workspace.map.view, *(one.grid for one in workspace.beside.columns)):
            ClassKeys(self.labelling, view, session.selected_ids)
        ClassKeys(self.labelling, workspace.clusters.view, self._cluster_images)
        for panel in (workspace.labels.side, workspace.pixel_panel.classes):
            panel.import_wanted.connect(self.import_labels)
        workspace.labels.side.learn_wanted.connect(self.fine_tune)
        session.changed.connect(self._follow)
        self._follow(Change.PROJECT)

    def _menu(self, title: str, images: Callable[[], IntArray]) -> QMenu:
        menu = QMenu(title, self._workspace)
        menu.aboutToShow.connect(lambda: self.labelling.fill(menu, images))
        return menu

    def _cluster_images(self) -> IntArray:
        return self.labelling.images_in(self._workspace.clusters.selected_clusters())

    def _follow(self, what: Change) -> None:
        if not what & (Change.PROJECT | Change.SELECTION | Change.LABELS | Change.CLUSTERS | Change.IMAGES):
            return
        session, actions = self._session, self._actions
        of_pictures = session.project is not None and not session.of_pixels
        selected = of_pictures and bool(session.selected.any())
        actions["label"].setEnabled(selected)
        self._on_pictures.menuAction().setEnabled(selected)
        self._on_clusters.menuAction().setEnabled(of_pictures and session.num_clusters > 0)
        labels = session.curated.curation.known.labels
        actions["unlabel"].setEnabled(selected and bool((labels.classes_of(session.selected_ids()) >= -2).any()))
        actions["import_labels"].setEnabled(session.project is not None and bool(session.table.usable.any()))
        actions["fine_tune"].setEnabled(of_pictures and bool(session.curated.run) and len(labels) > 0)

    # Actions ----------------------------------------------------------------------------------------------------------------------------

    def ask_for_class(self) -> None:
        """Offer the classes for the selected pictures."""
        menu = QMenu(tr("Label as"), self._workspace)
        menu.aboutToHide.connect(menu.deleteLater)
        self.labelling.fill(menu, self._session.selected_ids)
        centre = self._workspace.centre
        menu.popup(centre.mapToGlobal(centre.rect().center()))

    def unlabel(self) -> None:
        """Take back what was said of the selected pictures."""
        self.labelling.unlabel(self._session.selected_ids())

    def import_labels(self) -> None:
        """Ask for a file with labels."""
        project = self._session.project
        of_pixels = project is not None and is_of_pixels(project, self._session.curated)
        dialog = LabelImport(self._workspace, of_pixels=of_pixels)

        def answer(last: Event | None) -> None:
            if isinstance(last, RunFinished):
                dialog.show_report(last.summary)
            else:
                dialog.show_failure(_error(last) or StudioError(tr("Nothing was read.")))

        def start(request: "LabelRequest") -> None:
            if not self._start(request, None, answer):
                dialog.show_failure(StudioError(tr("Something else is under way."), tr("Wait for it to end.")))

        dialog.wanted.connect(start)
        dialog.destroyed.connect(lambda: self._forget(answer))
        dialog.open()

    def fine_tune(self) -> None:
        """Learn from the labels, compare, use the best."""
        from iic_studio.jobs import LabelRequest

        dialog = FineTuneDialog(self._workspace)

        def hear(event: Event) -> None:
            if isinstance(event, ProgressMade):
                dialog.show_progress(event)

        def answer(last: Event | None) -> None:
            if isinstance(last, RunFinished):
                dialog.show_result(last.summary)
            else:
                dialog.show_failure(_error(last))

        def start(with_rest: bool) -> None:
            request = LabelRequest(fine_tune=True, consistency=float(with_rest))
            if self._runner.state in BUSY or not self._start(request, hear, answer):
                dialog.show_failure(StudioError(tr("Something else is under way."), tr("Wait for it to end.")))

        dialog.wanted.connect(start)
        dialog.cancelled.connect(self.cancel)
        dialog.destroyed.connect(lambda: self._forget(answer))
        dialog.open()

    # The job beside the window ----------------------------------------------------------------------------------------------------------

    @property
    def is_busy(self) -> bool:
        """Whether labels are being read or learned."""
        return self._job is not None

    def cancel(self) -> None:
        """End the job under way."""
        if self._job is not None:
            self._job.close()

    def _start(self, request: "LabelRequest", hear: Callable[[Event], object] | None, answer: Answer) -> bool:
        project, jobs = self._session.project, self._runner.jobs
        if project is None or self._job is not None:
            return False
        self._last, self._hear, self._answer = None, hear, answer
        self._job = self._runner.start_beside(lambda: jobs.label(project, request), self._note, self._ended)
        return True

    def _note(self, event: Event) -> None:
        if isinstance(event, RunFinished | RunFailed):
            self._last = event
        elif self._hear is not None:
            self._hear(event)

    def _ended(self) -> None:
        self._job = None
        self._session.refresh()  # it wrote beside the window
        answer, self._answer = self._answer, None
        if answer is not None:
            answer(self._last)

    def _forget(self, answer: Answer) -> None:
        """Nobody waits for this answer any more."""
        if self._answer is answer:
            self._hear = self._answer = None


def _error(last: Event | None) -> StudioError | None:
    return StudioError(last.message, last.hint) if isinstance(last, RunFailed) else None
