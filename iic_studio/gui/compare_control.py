"""Runs what stands beside a training, beside the window: simple methods, and the same method with other seeds; one such job at a time."""

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished
from iic_studio.gui.compare_dialogs import BaselinesDialog, BaselineWish, StabilityDialog, StabilityWish
from iic_studio.gui.language import tr
from iic_studio.gui.method_words import baseline_name
from iic_studio.gui.notice import Notice
from iic_studio.gui.runner import BUSY, Runner
from iic_studio.gui.runs_page import RunsPage
from iic_studio.gui.session import Session
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.gui.telling import told
from iic_studio.gui.top_bar import TopBar
from iic_studio.gui.worker import Factory, JobThread
from iic_studio.jobs.baselines import baselines
from iic_studio.jobs.runs import RunFacts, label_of_images
from iic_studio.jobs.stability import repeats_of, stability
from iic_studio.project.records import BASELINE
from iic_studio.project.store import Project
from iic_studio.words import duration


class CompareControl(QObject):
    """Binds the page of runs to the jobs."""

    def __init__(
        self, session: Session, runner: Runner, page: RunsPage, bar: TopBar, popover: SettingsPopover, notice: Notice, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._runner, self._page = session, runner, page
        self._bar, self._popover, self._notice, self._window = bar, popover, notice, window
        self._thread: JobThread | None = None
        self._last: Event | None = None
        self._names: tuple[str, ...] = ()
        page.baselines_wanted.connect(self.ask_baselines)
        page.stability_wanted.connect(self.ask_stability)
        page.cancel_wanted.connect(self.cancel)

    @property
    def is_busy(self) -> bool:
        """Whether such a job is under way."""
        return self._thread is not None

    # What is asked --------------------------------------------------------------------------------------------------------------------

    def ask_baselines(self) -> None:
        """Ask which simple methods to run; how many labels there are is read before."""
        if self._may_begin():
            self._session.ask(lambda project: len(label_of_images(project)), self._open_baselines)

    def _open_baselines(self, num_labelled: int) -> None:
        run = self._session.run
        clusters = int(run.settings.get("clusters", 0)) if run is not None else 0
        seed = int(run.settings.get("seed", 0)) if run is not None else self._popover.seed.value()
        dialog = BaselinesDialog(clusters or self._bar.clusters.value(), seed, num_labelled, self._window)
        dialog.wanted.connect(self.run_baselines)
        dialog.open()

    def ask_stability(self, facts: RunFacts | None = None) -> None:
        """Ask how often to repeat a run: the one given, else the one shown."""
        run = facts.row if facts is not None else self._session.run
        if not self._may_begin():
            return
        if run is None or run.beside == BASELINE or run.settings.get("task") == "pixels" or run.state != "finished":
            self._notice.tell(tr("Choose a finished training of whole pictures first; then it can be repeated with other seeds."))
            return
        self._session.ask(lambda project: len(repeats_of(project, run)), lambda there: self._open_stability(facts or RunFacts(run), there))

    def _open_stability(self, facts: RunFacts, num_there: int) -> None:
        dialog = StabilityDialog(facts, num_there, self._window)
        dialog.wanted.connect(self.run_stability)
        dialog.open()

    def _may_begin(self) -> bool:
        if self._session.project is None:
            self._notice.tell(tr("Open a folder of pictures first."))
            return False
        if self._thread is not None or self._runner.state in BUSY:
            self._notice.tell(tr("Something else is computing. Wait until it has ended, or stop it."))
            return False
        if not self._session.table.usable.any():
            self._notice.tell(tr("No pictures were found in this folder."))
            return False
        return True

    # What is done ---------------------------------------------------------------------------------------------------------------------

    def run_baselines(self, wish: BaselineWish) -> None:
        """Run simple methods and keep each as a run."""
        project = self._session.project
        if project is not None:
            self._start(lambda: _baselines(project, wish), wish.names)

    def run_stability(self, wish: StabilityWish) -> None:
        """Repeat a run with other seeds."""
        project = self._session.project
        if project is not None:
            self._start(lambda: stability(project, wish.run, runs=wish.runs, steps=wish.steps))

    def cancel(self) -> None:
        """End the job; what was found stays."""
        if self._thread is not None:
            self._thread.close()
            self._page.show_progress(tr("Stopping…"), None)

    def _start(self, job: Factory, names: tuple[str, ...] = ()) -> None:
        self._last, self._names = None, names
        self._thread = self._runner.start_beside(job, self._hear, self._ended)
        self._page.show_progress(tr("Preparing…"), None)
        self._page.front_wanted.emit()

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunFinished | RunFailed):
            self._last = event
        elif isinstance(event, ProgressMade) and self._thread is not None:
            self._page.show_progress(*self._said(event))
            if event.stage == "baselines":
                self._page.reload()

    def _said(self, event: ProgressMade) -> tuple[str, float | None]:
        """What is done now, and how far it all is."""
        share = event.done / event.total if event.total else None
        if event.stage == "repeats":
            left = tr(", {0} left", duration(event.eta_s)) if event.eta_s else ""
            number = min(int(event.done) + 1, event.total or 0)
            return tr("Repeating with other seeds: run {0:.0f} of {1:.0f}{2}", number, event.total or 0, left), share
        if event.message not in self._names:
            return tr("Looking at the pictures"), share
        place, count = self._names.index(event.message), len(self._names)
        if event.stage != "baselines":
            share = None if share is None else (place + share) / count
        return tr("{0} ({1} of {2})", baseline_name(event.message), place + 1, count), share

    def _ended(self) -> None:
        self._thread = None
        self._page.hide_progress()
        self._page.reload()
        self._session.refresh()
        if isinstance(self._last, RunFailed):
            self._notice.tell(told(self._last.message, self._last.hint), "bad")


def _baselines(project: Project, wish: BaselineWish) -> Iterator[Event]:
    return baselines(project, clusters=wish.clusters, seed=wish.seed, steps=wish.steps, only=wish.names, keep=True)
