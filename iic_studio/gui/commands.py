"""What the actions for finding and looking do: search, select. Takes them off the window, which only puts its parts together."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from iic_studio.gui.ahead import LoadAhead
from iic_studio.gui.compare_control import CompareControl
from iic_studio.gui.finder import Finder
from iic_studio.gui.help_commands import HelpCommands
from iic_studio.gui.label_control import LabelControl
from iic_studio.gui.language import tr
from iic_studio.gui.sample_control import DIGITS, SCENES, SampleControl
from iic_studio.gui.task_control import TaskControl
from iic_studio.gui.viewer import Viewer
from iic_studio.gui.weights_control import WeightsControl
from iic_studio.gui.workspace import TABS

if TYPE_CHECKING:
    from iic_studio.gui.main_window import MainWindow

RUNS = TABS.index("Runs")
_FULL = Qt.WindowState.WindowFullScreen


class Commands:
    """Handlers for actions, by their names in `actions.SPECS`. Holds the window, so it must not outlive it."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._viewer: Viewer | None = None
        self._filled_screen = False
        self.help = HelpCommands(window)
        self.ahead = LoadAhead(window.session, window)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action does."""
        session = self._window.session
        return {
            "view": self.view,
            "fullscreen": self.fill_screen,
            "find": self.find,
            "similar": lambda: self.finder.find_similar(),
            "duplicates": lambda: self.finder.find_duplicates(),
            "suggestion": self.take_suggestion,
            "baselines": lambda: self.compare.ask_baselines(),
            "stability": lambda: self.compare.ask_stability(),
            "select_all": session.select_shown,
            "select_invert": session.invert_shown,
            "select_none": session.select_none,
            "label": lambda: self.labels.ask_for_class(),
            "unlabel": lambda: self.labels.unlabel(),
            "import_labels": lambda: self.labels.import_labels(),
            "fine_tune": lambda: self.labels.fine_tune(),
            **self.help.handlers(),
        }

    def wire(self) -> None:
        """Follow the pages, once they are there."""
        window = self._window
        self.help.wire()
        self.labels = LabelControl(window.session, window.runner, window.workspace, window.actions_, window.editing)
        TaskControl(window.session, window.top_bar, window.popover)
        self.samples = SampleControl(window.session, window.runner, window.top_bar, window.popover)
        window.start_page.sample_wanted.connect(lambda: self.samples.open(DIGITS))
        window.start_page.scenes_wanted.connect(lambda: self.samples.open(SCENES))
        runs, popover, suggestion = window.workspace.runs, window.popover, window.workspace.suggestion
        self.compare = CompareControl(window.session, window.runner, runs, window.top_bar, popover, window.notice, window)
        self.weights = WeightsControl(window.runner, popover.encoder, window.notice, window)
        runs.front_wanted.connect(lambda: window.workspace.show_tab(RUNS))
        suggestion.changed.connect(lambda: popover.show_suggestion(suggestion.words))
        popover.suggestion_wanted.connect(self.take_suggestion)
        window.workspace.suggested.taken.connect(self.take_suggestion)
        window.workspace.suggested.change_wanted.connect(lambda: popover.open_below(window.top_bar.settings))
        window.workspace.gallery.view_wanted.connect(self.view)
        window.workspace.beside.view_wanted.connect(self.view)
        window.workspace.map.view.opened.connect(self.view)
        window.workspace.runs.deleted.connect(self._tell_deleted)
        self.finder = Finder(window.session, window.runner, window.notice, window)
        window.workspace.gallery.similar_wanted.connect(self.finder.find_similar)
        window.workspace.inspector.similar_wanted.connect(self.finder.find_similar)

    def take_suggestion(self) -> None:
        """Set what is suggested for the folder; training begins when the person says so."""
        window, advice = self._window, self._window.workspace.suggestion.advice
        if advice is None or window.session.task.is_pixels:
            window.notice.tell(tr("There is no suggestion yet. Open a folder of pictures first."))
            return
        window.popover.take(advice.settings)
        window.top_bar.clusters.setValue(advice.settings.clusters)
        window.workspace.suggested.dismiss()
        window.popover.hide()
        window.top_bar.train.setFocus()
        window.notice.tell(tr("Set as suggested. Press Train to begin."), label=tr("Train"), do=window.train)

    def _tell_deleted(self, title: str, put_back: Callable[[], None]) -> None:
        self._window.notice.tell(tr("Deleted {0}. Its files go when the project is closed.", title), label=tr("Undo"), do=put_back)

    def find(self) -> None:
        """Put the keyboard into the search field."""
        window = self._window
        if window.session.project is None:
            return
        field = window.workspace.search.field
        field.setFocus()
        field.selectAll()

    # Viewer ---------------------------------------------------------------------------------------------------------------------------

    @property
    def viewer(self) -> Viewer:
        """The viewer, made when it is first asked for."""
        if self._viewer is None:
            window = self._window
            self._viewer = Viewer(window.session, window.thumbnails, window.centralWidget() or window)
            self._viewer.closed.connect(self._back_to_pictures)
        return self._viewer

    def view(self) -> None:
        """Show the current picture large."""
        window = self._window
        if window.session.project is None or not len(window.session.shown_rows):
            return
        window.workspace.inspector.rest(True)
        self._filled_screen = False
        self.viewer.open_current()

    def fill_screen(self) -> None:
        """Fill the screen, or go back."""
        window = self._window
        window.setWindowState(window.windowState() ^ _FULL)
        if self._viewer is not None and self._viewer.isVisible():
            self._filled_screen = bool(window.windowState() & _FULL)

    def _back_to_pictures(self) -> None:
        """The grid stands where it stood; it moves only if the picture looked at last is out of sight."""
        window = self._window
        if self._filled_screen:
            self.fill_screen()
        window.workspace.inspector.rest(False)
        window.workspace.gallery.bring_current_into_view()
        window.workspace.go_to_pictures()

    def close(self) -> None:
        """Wait for threads; for the end of the window."""
        self.ahead.close()
        self.help.close()
        self._window.popover.encoder.close_thread()
        if self._viewer is not None:
            self._viewer.close_loader()
