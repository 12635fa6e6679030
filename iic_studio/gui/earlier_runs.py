"""The button that lays earlier runs under the present one: a list of runs to tick; their curves are read beside the window."""

import time

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from iic_studio.gui.curve_lines import MOST_EARLIER
from iic_studio.gui.history import History
from iic_studio.gui.session import Change, Session
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.snapshot import load_history
from iic_studio.gui.widgets import described
from iic_studio.project.records import RunRow

MOST_LISTED = 15


def run_name(run: RunRow) -> str:
    """A run by when it was."""
    when = time.localtime(run.created)
    return f"{when.tm_mday} {time.strftime('%b %H:%M', when)}"


class EarlierRuns(QToolButton):
    """The button. `changed` says that other runs are laid under; `histories` are their curves by name."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.histories: dict[str, History] = {}
        self._chosen: dict[str, str] = {}
        self._known: dict[str, History] = {}
        self.setText("Compare…")
        described(self, "Compare with earlier runs", f"Lay the curves of up to {MOST_EARLIER} earlier runs under those of this one")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_ = QMenu(self)
        self.setMenu(self.menu_)
        self.menu_.aboutToShow.connect(self.fill)
        self.side_thread = SideThread("iic-curves", self)
        session.changed.connect(self._follow)

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self._chosen, self._known = {}, {}
            self._show()

    def present(self) -> str:
        """Id of the run whose curves are drawn."""
        session = self._session
        return session.training_run or (session.run.id if session.run is not None else "")

    def fill(self) -> None:
        """List the runs that can be chosen."""
        self.menu_.clear()
        project = self._session.project
        runs = [] if project is None else [run for run in reversed(project.runs()) if run.id != self.present()]
        for run in runs[:MOST_LISTED]:
            action = QAction(f"{run_name(run)}, {run.settings.get('clusters', '?')} clusters", self.menu_, checkable=True)
            action.setChecked(run.id in self._chosen)
            action.setEnabled(action.isChecked() or len(self._chosen) < MOST_EARLIER)
            action.toggled.connect(lambda on, run=run: self.choose(run, on))
            self.menu_.addAction(action)
        if not runs:
            self.menu_.addAction("There is no earlier run yet").setEnabled(False)

    def choose(self, run: RunRow, on: bool) -> None:
        """Lay a run under the present one, or take it away."""
        if not on:
            self._chosen.pop(run.id, None)
        elif len(self._chosen) < MOST_EARLIER:
            name = run_name(run)
            self._chosen[run.id] = name if name not in self._chosen.values() else f"{name} ({run.id[-2:]})"
        self._show()
        project = self._session.project
        missing = [one for one in self._chosen if one not in self._known]
        if missing and project is not None:
            self.side_thread.wish("curves", lambda: {one: load_history(project, one) for one in missing}, self._take)

    def _take(self, read: dict[str, History]) -> None:
        self._known |= read
        self._show()

    def _show(self) -> None:
        present = self.present()
        self.histories = {name: self._known[run] for run, name in self._chosen.items() if run in self._known and run != present}
        self.setText(f"Compare ({len(self._chosen)})…" if self._chosen else "Compare…")
        self.changed.emit()
