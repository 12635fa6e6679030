"""What the actions for finding and looking do: search, select. Takes them off the window, which only puts its parts together."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iic_studio.gui.main_window import MainWindow


class Commands:
    """Handlers for actions, by their names in `actions.SPECS`. Holds the window, so it must not outlive it."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What each action does."""
        session = self._window.session
        return {
            "find": self.find,
            "select_all": session.select_shown,
            "select_invert": session.invert_shown,
            "select_none": session.select_none,
        }

    def find(self) -> None:
        """Put the keyboard into the search field."""
        window = self._window
        if window.session.project is None:
            return
        field = window.workspace.search.field
        field.setFocus()
        field.selectAll()
