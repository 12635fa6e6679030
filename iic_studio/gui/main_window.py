"""The window: puts the pages together and connects actions to jobs. What the pages show they learn from the session."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QStackedWidget, QWidget

from iic_studio.errors import StudioError
from iic_studio.events import Event, WarningRaised
from iic_studio.gui.actions import Actions
from iic_studio.gui.advised import advised
from iic_studio.gui.commands import Commands
from iic_studio.gui.editing import Editing
from iic_studio.gui.export_dialog import save_csv, show_export
from iic_studio.gui.files import printable, reveal
from iic_studio.gui.language import tr
from iic_studio.gui.map_control import MapControl
from iic_studio.gui.mask_control import MaskControl
from iic_studio.gui.notice import Notice
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.runner import Jobs, Runner, State
from iic_studio.gui.session import Change, Session, Shown
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.gui.shape import restore_shape, save_shape
from iic_studio.gui.shortcut_sheet import ShortcutSheet
from iic_studio.gui.start_page import StartPage
from iic_studio.gui.status_strip import StatusStrip
from iic_studio.gui.telling import told
from iic_studio.gui.theme import SCHEME_WORDS, SchemeFollower
from iic_studio.gui.thumbnails import Thumbnails
from iic_studio.gui.top_bar import TopBar
from iic_studio.gui.widgets import column
from iic_studio.gui.workspace import TABS, Workspace
from iic_studio.training.diagnosis import Advice

log = logging.getLogger(__name__)
CLOSE_WITHIN_MS = 20_000


class MainWindow(QMainWindow):
    """The only window. `session` and `runner` are what tests and other front ends drive."""

    def __init__(self, jobs: Jobs, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("IIC Studio")
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 560)
        self.preferences = preferences
        self.scheme = SchemeFollower(preferences.text("theme", "system"), self)
        self.session = Session(self)
        self.runner = Runner(self.session, jobs, self)
        self.thumbnails = Thumbnails(self)
        self._closing = False
        self._run_seen = ""
        self.commands = Commands(self)
        self._build()
        self.runner.state_changed.connect(self._set_state)
        self.runner.told.connect(self._note)
        self.runner.failed.connect(self._tell_failure)
        self.runner.project_closing.connect(self.thumbnails.close)
        self.runner.project_closing.connect(self.workspace.let_go)
        self.runner.exported.connect(self._tell_export)
        self.runner.ended.connect(self._close_when_ended)
        self.session.failed.connect(self._tell_failure)
        self.session.changed.connect(self._follow)
        self._set_state(self.runner.state)
        self.start_page.show_recent(preferences.recent(), preferences.lost())
        restore_shape(self)

    # Parts ----------------------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.workspace = Workspace(self.session, self.thumbnails)
        self.editing = Editing(self.session, self)
        self.actions_ = Actions(
            self,
            {
                **self.editing.handlers,
                "open": self.choose_folder,
                "train": self.train,
                "pause": self.runner.toggle_pause,
                "stop": self.runner.stop_and_keep,
                "resume": self.runner.resume_run,
                "settings": lambda: self.popover.open_below(self.top_bar.settings),
                **{name.lower(): partial(self.workspace.show_tab, place) for place, name in enumerate(TABS)},
                "export": lambda: show_export(self.session, self.runner.exports, self.preferences, self),
                "export_csv": lambda: save_csv(self.session, self.runner.export_csv, self),
                "rescan": self.runner.rescan,
                "theme": self._next_theme,
                "shortcuts": lambda: ShortcutSheet(self).open(),
                "quit": self.close,
                **self.commands.handlers(),
            },
        )
        self.top_bar = TopBar(self.actions_)
        self.workspace.diagnosis.train_wanted.connect(self.train)
        self.workspace.curves.saved.connect(self._tell_export)
        self.map_control = MapControl(self.session, self.runner, self.workspace.map)
        self.mask_control = MaskControl(self.session, self.runner, self.workspace)
        self.popover = SettingsPopover(self, self.session.pair_choice)
        self.notice = Notice()
        self.editing.attach(self.actions_, self.workspace, self.notice)
        self.strip = StatusStrip(self.session, self.runner)
        self.start_page = StartPage()
        self.start_page.folder_wanted.connect(self.choose_folder)
        self.start_page.project_wanted.connect(self.open)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start_page)
        self.pages.addWidget(self.workspace)
        body = QWidget()
        body.setLayout(column(self.top_bar, self.notice, self.pages, self.strip, spacing=0))
        self.setCentralWidget(body)
        self.commands.wire()

    # What the person wants ------------------------------------------------------------------------------------------------------------

    def open(self, target: Path) -> None:
        """Open a folder of pictures or a project."""
        self.notice.hide()
        with self._mistakes_told():
            self.runner.open(target, self.start_page.task if self.runner.state is State.EMPTY else None)

    def choose_folder(self) -> None:
        """Ask for a folder and open it."""
        start = str(self.session.project.folder.parent) if self.session.project else str(Path.home())
        chosen = QFileDialog.getExistingDirectory(self, tr("Open a folder of pictures, or a project"), start)
        if chosen:
            self.open(Path(chosen))

    def train(self, advice: Advice | None = None) -> None:
        """Train with the settings of the bar and the popover, changed as a diagnosis advises."""
        with self._mistakes_told():
            settings = advised(self.popover.settings(self.top_bar.clusters.value()), advice, self.session.trained_with)
            self.top_bar.clusters.setValue(settings.clusters)
            self.notice.hide()
            self.runner.train(settings)

    def _next_theme(self) -> None:
        choices = self.scheme.CHOICES
        self.scheme.choose(choices[(choices.index(self.scheme.choice) + 1) % len(choices)])
        self.preferences.set("theme", self.scheme.choice)
        self.notice.tell(tr(SCHEME_WORDS[self.scheme.choice]))

    @contextmanager
    def _mistakes_told(self) -> Iterator[None]:
        try:
            yield
        except StudioError as error:
            self._tell_failure(error)

    # What is told ---------------------------------------------------------------------------------------------------------------------

    def _set_state(self, state: State) -> None:
        page = 0 if state is State.EMPTY else 1
        if self.pages.currentIndex() != page or self.focusWidget() is None:
            self.pages.setCurrentIndex(page)
            self.workspace.go_to_pictures() if page else self.start_page.open_button.setFocus()
        self._update_actions()
        self.notice.withdraw(self.runner.resume_run)
        if state is State.IDLE and self.runner.can_resume() and not self._closing and not self.notice.tells_failure():
            words = tr("The last training was interrupted; its checkpoint is here.")
            self.notice.tell(words, label=tr("Resume training"), do=self.runner.resume_run)

    def _update_actions(self) -> None:
        session = self.session
        self.top_bar.set_state(
            self.runner.state,
            has_images=bool(session.table.usable.any()),
            has_result=bool(session.num_clusters),
            can_resume=self.runner.can_resume(),
        )

    def _follow(self, what: Change) -> None:
        if what & Change.PROJECT:
            self.thumbnails.set_reader(self.runner.thumbs.read if self.runner.thumbs else None)
            project = self.session.project
            name = printable(project.folder.name) if project else ""
            self.setWindowTitle(f"{name} — IIC Studio" if name else "IIC Studio")
            if project is not None:
                self.preferences.add_recent(project.path, project.folder)
        if what & (Change.IMAGES | Change.CLUSTERS | Change.PROJECT):
            self._update_actions()
        run = self.session.run
        if run is not None and run.id != self._run_seen:
            self._run_seen = run.id
            self.top_bar.clusters.setValue(int(run.settings.get("clusters", self.top_bar.clusters.value())))

    def _note(self, event: Event) -> None:
        if isinstance(event, WarningRaised):
            listed = "problems list" in event.hint
            show = (lambda: self.session.show(Shown("problems"))) if listed else None
            self.notice.tell(told(event.message, event.hint), "warn", label=tr("Show problems") if listed else "", do=show)

    def _tell_failure(self, error: StudioError) -> None:
        self.notice.tell(told(error.message, error.hint), "bad")

    def _tell_export(self, target: Path) -> None:
        self.notice.tell(tr("Saved to {0}", printable(str(target))), "ok", label=tr("Show in folder"), do=lambda: reveal(target))

    # The window itself ----------------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            first = paths[0]
            self.open(first if first.is_dir() or first.name == "project.sqlite" else first.parent)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "top_bar"):
            self.top_bar.dress()
            self.start_page.show_recent(self.preferences.recent(), self.preferences.lost())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close at once when nothing runs; else let the jobs end first (training saves a checkpoint), asking nothing."""
        if not self.runner.end_all():
            if not self._closing:
                self._closing = True
                QTimer.singleShot(CLOSE_WITHIN_MS, self, self._give_up_waiting)
            event.ignore()
            return
        save_shape(self)
        self.workspace.close_readers()
        self.commands.close()
        self.runner.close_project()
        event.accept()

    def _close_when_ended(self) -> None:
        if self._closing:
            self.close()

    def _give_up_waiting(self) -> None:
        """The checkpoint on disk is at most a minute old: leave."""
        if not self.runner.end_all():
            log.warning("a job did not end within %d s", CLOSE_WITHIN_MS // 1000)
            save_shape(self)
            self.hide()
            QApplication.exit(0)
