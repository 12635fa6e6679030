"""Exports and their previews in background threads, beside whatever else runs.

One export at a time. A preview is the same job as a dry run; while one is made, only the newest wish for the next is kept.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, WarningRaised
from iic_studio.export.request import MASKS, TREES, ExportRequest
from iic_studio.gui.session import Session
from iic_studio.gui.worker import JobThread

if TYPE_CHECKING:
    from iic_studio.gui.runner import Jobs


class Exports(QObject):
    """Exports of the open project. All methods return at once."""

    told = Signal(object)  # ProgressMade or WarningRaised of the export under way
    ended = Signal(object)  # RunFinished, RunFailed, or None when it was cancelled
    previewed = Signal(object)  # RunFinished or RunFailed of a dry run
    idle = Signal()  # nothing runs any more

    def __init__(self, session: Session, jobs: "Jobs", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._export: JobThread | None = None
        self._request = ExportRequest()
        self._last: Event | None = None
        self._preview: JobThread | None = None
        self._wanted: ExportRequest | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an export runs."""
        return self._export is not None

    @property
    def is_idle(self) -> bool:
        """Whether no thread runs."""
        return self._export is None and self._preview is None

    def start(self, request: ExportRequest) -> bool:
        """Write the files; False when an export is under way or no project is open."""
        project = self._session.project
        if project is None or self._export is not None:
            return False
        self._request, self._last = request, None
        self._export = JobThread(lambda: self._jobs.export(project, request), self)
        self._export.told.connect(self._note)
        self._export.finished.connect(self._export_finished)
        self._export.start()
        return True

    def cancel(self) -> None:
        """End the export under way between two files."""
        if self._export is not None:
            self._export.close()

    def preview(self, request: ExportRequest) -> None:
        """Find out what a dry run says; of several wishes in a row the last one is answered."""
        project = self._session.project
        if project is None:
            return
        if self._preview is not None:
            self._wanted = request
            return
        self._preview = JobThread(lambda: self._jobs.export(project, request), self)
        self._preview.done.connect(self._preview_done)
        self._preview.finished.connect(self._preview_finished)
        self._preview.start()

    def end(self) -> None:
        """Come to an end soon: what makes many files is cut short and can be done again, a single file is written to its end."""
        self._wanted = None
        if not self._request.targets().keys().isdisjoint((*TREES, MASKS)):
            self.cancel()

    def wait(self, milliseconds: int) -> bool:
        """Block until the threads have ended, at most so long; for the end of the program only."""
        return all(thread.wait(milliseconds) for thread in (self._export, self._preview) if thread is not None)

    def _note(self, event: Event) -> None:
        if isinstance(event, ProgressMade | WarningRaised):
            self.told.emit(event)
        elif isinstance(event, RunFinished | RunFailed):
            self._last = event

    def _export_finished(self) -> None:
        if self._export is not None:
            self._export.deleteLater()
            self._export = None
        self.ended.emit(self._last)
        self._tell_if_idle()

    def _preview_done(self, last: Event | None) -> None:
        if last is not None and self._wanted is None:
            self.previewed.emit(last)

    def _preview_finished(self) -> None:
        if self._preview is not None:
            self._preview.deleteLater()
            self._preview = None
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.preview(wanted)
        self._tell_if_idle()

    def _tell_if_idle(self) -> None:
        if self.is_idle:
            self.idle.emit()
