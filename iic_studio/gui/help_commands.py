"""What helps a person along: command palette, keys, first steps, text size, the help menu, projects that were moved."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from iic_studio import paths
from iic_studio.gui.actions import HELP, SPECS, native
from iic_studio.gui.command_palette import Command, CommandPalette
from iic_studio.gui.crash import log_dir
from iic_studio.gui.files import open_with_system
from iic_studio.gui.help_dialogs import AboutDialog, DoctorDialog
from iic_studio.gui.language import LANGUAGES, SYSTEM, count_images, tr, wanted
from iic_studio.gui.runner import State
from iic_studio.gui.session import Change, Shown
from iic_studio.gui.side_thread import SideThread
from iic_studio.gui.text_size import TextSize
from iic_studio.gui.tour import Tour, make_steps
from iic_studio.gui.workspace import MASKS
from iic_studio.project.saved_searches import saved_searches
from iic_studio.project.store import is_project

if TYPE_CHECKING:
    from iic_studio.gui.main_window import MainWindow

_SETTLED_MS = 600


class HelpCommands:
    """Handlers for actions, by their names in `actions.SPECS`. Holds the window, so it must not outlive it."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.text_size = TextSize(window.preferences, window.scheme, window)
        self.tour: Tour | None = None
        self._doctor = SideThread("iic-doctor", window)

    def close(self) -> None:
        """Wait for the thread; for the end of the window."""
        self._doctor.close()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action does."""
        size = self.text_size
        return {
            "palette": self.open_palette,
            "larger": lambda: size.change(1),
            "smaller": lambda: size.change(-1),
            "usual_size": size.reset,
            "tour": self.show_tour,
            "language": self.choose_language,
            "doctor": lambda: DoctorDialog(self._doctor, self._window).open(),
            "logs": self.show_logs,
            "about": lambda: AboutDialog(self._window).open(),
        }

    def wire(self) -> None:
        """Follow the pages, once they are there."""
        window = self._window
        menu = QMenu(window.top_bar.help)
        menu.setAccessibleName(tr("Help"))
        menu.addActions([window.actions_[name] for name in ("shortcuts", *HELP)])
        window.top_bar.help.setMenu(menu)
        window.session.changed.connect(self._follow)
        window.runner.state_changed.connect(self._follow_training)
        window.start_page.lost_wanted.connect(self.locate)
        window.start_page.forget_wanted.connect(self.forget)

    # Language -------------------------------------------------------------------------------------------------------------------------

    def choose_language(self) -> None:
        """Offer the languages there are."""
        window = self._window
        menu = QMenu(tr("Language"), window)
        menu.aboutToHide.connect(menu.deleteLater)
        chosen = window.preferences.text("language", SYSTEM)
        for name, words in ((SYSTEM, tr("As the system")), *LANGUAGES.items()):
            line = menu.addAction(words, lambda name=name: self._keep_language(name))  # type: ignore[misc]
            line.setCheckable(True)
            line.setChecked(name == chosen)
        menu.popup(window.top_bar.help.mapToGlobal(window.top_bar.help.rect().bottomLeft()))

    def _keep_language(self, choice: str) -> None:
        self._window.preferences.set("language", choice)
        self._window.preferences.save()
        self._window.notice.tell(tr("From the next start on the window speaks {0}.", LANGUAGES[wanted(choice)]))

    # Command palette ------------------------------------------------------------------------------------------------------------------

    def open_palette(self) -> None:
        """Show everything that can be done now."""
        CommandPalette(self.commands(), self._window).open()

    def commands(self) -> list[Command]:
        """What can be done now: actions, clusters, saved searches."""
        window, session = self._window, self._window.session
        found = []
        for spec in SPECS:
            action = window.actions_[spec.name]
            if action.isEnabled() and spec.name != "palette":
                found.append(Command(action.text(), action.trigger, native(spec.keys[0]) if spec.keys else "", tr(spec.tip)))
        if session.project is None:
            return found
        if session.task.shows_masks:
            found += [
                Command(look.text(), self._on_masks(look), native(look.shortcut()), tr("masks of pixels"))
                for look in window.workspace.masks.looks
            ]
        sets = [(Shown("all"), tr("All pictures")), (Shown("problems"), tr("Problems"))]
        sets += [(Shown("uncertain"), tr("Uncertain"))] if session.num_clusters and not session.of_pixels else []
        sets += [(Shown("cluster", one), session.cluster_name(one)) for one in range(session.num_clusters)]
        for shown, name in sets:
            size = len(session.rows_in(shown)) if shown.kind != "cluster" else int(session.snapshot.sizes[shown.cluster])
            found.append(Command(tr("Show {0}", name), lambda shown=shown: session.show(shown), count_images(size)))  # type: ignore[misc]
        found += window.workspace.labels.labelling.commands()
        search = window.workspace.search.search
        for one in saved_searches(session.project):
            found.append(Command(tr("Search {0}", one.name), lambda text=one.text: search(text), tr("saved search"), one.text))  # type: ignore[misc]
        return found

    def _on_masks(self, look: QAction) -> Callable[[], None]:
        """Do what belongs to the masks, with their page in front."""

        def do() -> None:
            self._window.workspace.show_tab(MASKS)
            look.trigger()

        return do

    # First steps ----------------------------------------------------------------------------------------------------------------------

    def _follow(self, what: Change) -> None:
        project = self._window.session.project
        if not what & Change.PROJECT or project is None or self._window.preferences.text("tour") == "seen":
            return
        if project.folder == paths.data_dir() / "samples" / "digits":
            QTimer.singleShot(_SETTLED_MS, self._window, self.show_tour)

    def _follow_training(self, state: State) -> None:
        """Who presses Train has done what the first step asks for."""
        if state is State.TRAINING and self.tour is not None and self.tour.at == 0:
            self.tour.go_on()

    def show_tour(self) -> None:
        """Show the first steps, if a project is open."""
        window = self._window
        if self.tour is not None or window.session.project is None:
            return
        targets: dict[str, QWidget] = {
            "train": window.top_bar.train if window.top_bar.train.isVisible() else window.top_bar,
            "clusters": window.workspace.clusters,
            "pictures": window.workspace.search.field,
            "labels": window.workspace.tabs,
            "export": window.top_bar.export,
        }
        self.tour = Tour(make_steps(targets.__getitem__), window.centralWidget() or window)
        self.tour.ended.connect(self._tour_ended)

    def _tour_ended(self) -> None:
        self.tour = None
        self._window.preferences.set("tour", "seen")
        self._window.preferences.save()
        self._window.workspace.go_to_pictures()

    # Help menu and start page ---------------------------------------------------------------------------------------------------------

    def show_logs(self) -> None:
        """Open the folder with the log files."""
        log_dir().mkdir(parents=True, exist_ok=True)
        open_with_system(log_dir())

    def locate(self, project: Path) -> None:
        """Ask where a project is now that is not where it was, and open it."""
        chosen = QFileDialog.getExistingDirectory(self._window, tr("Where is {0} now?", project.name), str(Path.home()))
        if chosen:
            self.moved(project, Path(chosen))

    def moved(self, project: Path, place: Path) -> None:
        """Take over a project from its new place."""
        window = self._window
        if not is_project(place):
            window.notice.tell(tr("There is no project in {0}. A project is a folder that ends in .iicproj.", place), "bad")
            return
        window.preferences.forget_recent(project)
        window.open(place)

    def forget(self, project: Path) -> None:
        """Take a project out of the list of recent ones; its files stay."""
        self._window.preferences.forget_recent(project)
        self._window.start_page.show_recent(self._window.preferences.recent(), self._window.preferences.lost())
