"""What the next training of the open project groups: whole pictures, or pixels. The project remembers it.

Before anybody chose, it is what the newest run did.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from iic_studio.gui.language import later
from iic_studio.project.task import IMAGES, PIXELS, choose_task, task_of

if TYPE_CHECKING:
    from iic_studio.gui.session import Change, Session

WORDS = {
    IMAGES: (later("Pictures"), later("Groups of whole pictures: each picture is in one")),
    PIXELS: (later("Pixels"), later("Areas within pictures (segmentation): each pixel is in one group, and each picture gets a mask")),
}


class TaskChoice(QObject):
    """The choice. `changed` tells of another one."""

    changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._task = IMAGES
        session.changed.connect(self._follow)

    @property
    def task(self) -> str:
        """`images` or `pixels`."""
        return self._task

    @property
    def is_pixels(self) -> bool:
        return self._task == PIXELS

    @property
    def shows_masks(self) -> bool:
        """Whether there are masks to look at, or will be."""
        session = self._session
        return session.project is not None and (self.is_pixels or session.trained_with.get("task") == PIXELS)

    def choose(self, task: str) -> None:
        """Take another task, from the next training on."""
        project = self._session.project
        if project is not None and project.writable:
            choose_task(project, task)
        if task != self._task:
            self._task = task
            self.changed.emit()

    def _follow(self, what: "Change") -> None:
        if what & type(what).PROJECT:
            project = self._session.project
            self._task = IMAGES if project is None else task_of(project)
            self.changed.emit()
