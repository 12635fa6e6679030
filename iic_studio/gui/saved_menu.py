"""The button beside the search field: saved searches, keep this one, forget one."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QInputDialog, QMenu, QToolButton, QWidget

from iic_studio.errors import StudioError
from iic_studio.gui import icons
from iic_studio.gui.language import tr
from iic_studio.gui.session import Session
from iic_studio.gui.widgets import described, name_fields
from iic_studio.project.saved_searches import SavedSearch, forget_search, save_search, saved_searches


class SavedMenu(QToolButton):
    """`chosen` (the text of a search) says which was picked."""

    chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        described(self, tr("Saved searches"), tr("Searches that you kept, and a way to keep this one"))
        self.setProperty("role", "flat")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setAccessibleName(tr("Saved searches"))
        self._menu.aboutToShow.connect(self.fill)
        self.setMenu(self._menu)
        self._dress()

    def fill(self) -> None:
        """Make the menu for the project as it is."""
        menu, project = self._menu, self._session.project
        menu.clear()
        kept = saved_searches(project) if project is not None else []
        for one in kept:
            menu.addAction(f"{one.name.replace('&', '&&')}\t{_short(one.text)}").triggered.connect(
                lambda _=False, text=one.text: self.chosen.emit(text)
            )
        if not kept:
            menu.addAction(tr("No search is saved yet")).setEnabled(False)
        menu.addSeparator()
        save = menu.addAction(tr("Save this search…"))
        save.triggered.connect(lambda _=False: self.ask_for_name())
        save.setEnabled(bool(self._session.query) and project is not None and project.writable)
        if kept:
            forget = menu.addMenu(tr("Forget"))
            for one in kept:
                forget.addAction(one.name.replace("&", "&&")).triggered.connect(lambda _=False, one=one: self._forget(one))

    def ask_for_name(self) -> QInputDialog:
        """Ask what the search in force is to be called."""
        dialog = QInputDialog(self)
        dialog.setWindowTitle(tr("Save this search"))
        dialog.setLabelText(tr("Name for “{0}”:", _short(self._session.query.text)))
        dialog.setTextValue(self._session.query.text)
        name_fields(dialog)
        dialog.textValueSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def save(self, name: str) -> None:
        """Keep the search in force under a name."""
        project = self._session.project
        if project is not None and name.strip():
            self._tell_mistakes(lambda: save_search(project, name.strip(), self._session.query.text))

    def _forget(self, one: SavedSearch) -> None:
        project = self._session.project
        if project is not None:
            self._tell_mistakes(lambda: forget_search(project, one.name))

    def _tell_mistakes(self, do: Callable[[], None]) -> None:
        try:
            do()
        except StudioError as error:
            self._session.failed.emit(error)

    def _dress(self) -> None:
        self.setIcon(icons.icon("star"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()


def _short(text: str) -> str:
    return text if len(text) <= 48 else f"{text[:47]}…"
