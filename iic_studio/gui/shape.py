"""What the window looks like from one start to the next: its place, the widths of its parts, the page that was in front."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray

from iic_studio.gui.workspace import TABS

if TYPE_CHECKING:
    from iic_studio.gui.main_window import MainWindow

_SIZE = (1280, 800)


def restore_shape(window: "MainWindow") -> None:
    """Make the window look as it did last time."""
    preferences, workspace = window.preferences, window.workspace
    window.resize(*_SIZE)
    window.restoreGeometry(preferences.bytes_of("geometry"))
    workspace.restoreState(preferences.bytes_of("splitter"))
    page = preferences.text("page")
    if page in TABS:
        workspace.show_tab(TABS.index(page))
    cell = preferences.text("cell")
    if cell.isdecimal():
        workspace.gallery.grid.set_cell_side(int(cell))


def save_shape(window: "MainWindow") -> None:
    """Remember how the window looks."""
    preferences, workspace = window.preferences, window.workspace
    preferences.set("geometry", QByteArray(window.saveGeometry()))
    preferences.set("splitter", QByteArray(workspace.saveState()))
    preferences.set("page", TABS[workspace.tabs.currentIndex()])
    preferences.set("cell", str(workspace.gallery.grid.cell_side))
    preferences.save()
