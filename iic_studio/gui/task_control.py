"""Keeps the bar at the top and the settings in step with what the open project groups."""

from PySide6.QtCore import QObject

from iic_studio.config import DEFAULT_CLUSTERS, PIXEL_DEFAULTS
from iic_studio.gui.session import Session
from iic_studio.gui.settings_popover import SettingsPopover
from iic_studio.gui.top_bar import TopBar


class TaskControl(QObject):
    """Binds the choice to the widgets that show it."""

    def __init__(self, session: Session, bar: TopBar, popover: SettingsPopover) -> None:
        super().__init__(bar)
        self._session, self._bar, self._popover = session, bar, popover
        bar.task.activated.connect(lambda _: session.task.choose(bar.task.currentData()))
        session.task.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        task = self._session.task
        self._bar.task.setCurrentIndex(self._bar.task.findData(task.task))
        self._popover.set_task(task.task)
        defaults = (DEFAULT_CLUSTERS, int(PIXEL_DEFAULTS["clusters"]))
        if self._bar.clusters.value() == defaults[not task.is_pixels]:  # nobody has asked for another number
            self._bar.clusters.setValue(defaults[task.is_pixels])
