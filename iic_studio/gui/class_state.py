"""What follows from labels, of pictures or of pixels, computed in a thread of its own a moment after the last of them."""

from PySide6.QtCore import QObject, QTimer, Signal

from iic_studio.gui.change import Change
from iic_studio.gui.class_tables import ClassTables
from iic_studio.gui.session import Session
from iic_studio.gui.side_thread import SideThread

AFTER_MS = 80


class ClassState(QObject):
    """The frame of such a state; the subclass says when and what is computed. `changed` says that it is another.

    Attributes:
        tables: lines for the groups.
    """

    changed = Signal()

    def __init__(self, session: Session, thread_name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.tables = ClassTables(session.curated)
        self._thread = SideThread(thread_name, self)
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._compute)
        session.changed.connect(self._follow)

    @property
    def is_settled(self) -> bool:
        """Whether everything follows from the last label."""
        return not self._timer.isActive() and not self._thread.is_busy

    def let_go(self) -> None:
        """The project is about to be closed."""
        self._timer.stop()
        self._thread.close()

    def _follow(self, what: Change) -> None:
        """Start the timer when something changed that classes follow from."""
        raise NotImplementedError

    def _compute(self) -> None:
        """Have everything computed."""
        raise NotImplementedError
