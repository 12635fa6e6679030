"""Edits of the groups that a session shows: done, undone and redone in the store, and seen at once.

An edit is made for the state a person looks at. The store refuses it when that state is no longer the newest; the window then reads the
project again and says so.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from iic_studio.curation import after, edits
from iic_studio.errors import StudioError
from iic_studio.gui.language import tr
from iic_studio.project.command_log import CommandLog, Edit, Step
from iic_studio.project.records import RunRow

if TYPE_CHECKING:
    from iic_studio.gui.session import Session


class Corrections(QObject):
    """The session's hand on the log of edits.

    Attributes:
        steps: taken so far; what was read from the store before the last one is out of date.
    """

    walked = Signal(object, bool)  # Step, whether it was an undo

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.steps = 0

    def do(self, edit: Edit) -> None:
        """Do an edit of the groups as they are shown; one that changes nothing is none."""
        if not self._session.snapshot.is_in_force:
            refused = StudioError(
                tr("These are the groups another run would make."), tr("Choose the run in use under Runs to correct its groups.")
            )
            self._session.failed.emit(refused)
        elif edit.changes:
            self._walk(lambda log: log.apply(edit), undone=False)

    def name_run(self, run: RunRow, name: str) -> None:
        """Call a run something, also while another run's groups are looked at."""
        try:
            edit = edits.name_run(self._session.curated, run, name)
        except StudioError as error:
            self._session.failed.emit(error)
            return
        if edit.changes:
            self._walk(lambda log: log.apply(edit), undone=False)

    def undo(self) -> None:
        """Take the last edit back."""
        self._walk(lambda log: log.undo(), undone=True)

    def redo(self) -> None:
        """Do again what was undone last."""
        self._walk(lambda log: log.redo(), undone=False)

    def _walk(self, act: Callable[[CommandLog], Step | None], *, undone: bool) -> None:
        session = self._session
        if session.project is None:
            return
        try:
            step = act(session.project.edits)
            if step is None:
                return
            self.steps += 1
            curated = after(session.project, session.curated, step)
        except StudioError as error:
            session.failed.emit(error)
            session.refresh()
            return
        if curated is not None and not step.changes_groups:
            session.adopt_labels(session.snapshot.with_groups(curated))
        elif curated is not None:
            session.adopt(session.snapshot.with_groups(curated))
        if curated is None or step.changes_runs:
            session.refresh()
        session.ask(lambda project: project.settle(), lambda _: None)
        self.walked.emit(step, undone)
