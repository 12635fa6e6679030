"""Loads libraries that pages and jobs need later, beside the window, soon after a project was opened.

To load a library is to keep the interpreter busy: SciPy's optimisers, which the end of the first epoch needs, held up the window for half a
second in the middle of a training. Nobody needs these to look at pictures, so the start does not wait for them either.
"""

import importlib
import sys

from PySide6.QtCore import QObject, QTimer

from iic_studio.gui.session import Session
from iic_studio.gui.side_thread import SideThread

AFTER_MS = 1000  # from the first pictures to the first library
PAUSE_MS = 50  # from one to the next
# In the order in which they are needed: by the first step, a checkpoint, an epoch's end, the scores of an epoch; by Curves and Map.
LIBRARIES = (
    "torch._dynamo",
    "safetensors.torch",
    "scipy.optimize",
    "sklearn.metrics",
    "iic_studio.gui.chart",
    "iic_studio.gui.curve_lines",
    "scipy.ndimage",
)


class LoadAhead(QObject):
    """Loads them once, one after the other."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = SideThread("iic-ahead", self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._load_next)
        session.opened.connect(lambda: self._timer.start(AFTER_MS))

    def close(self) -> None:
        """Load no more; wait for the one under way."""
        self._timer.stop()
        self._thread.close()

    def _load_next(self) -> None:
        name = next((one for one in LIBRARIES if one not in sys.modules), None)
        if name is not None and not self._thread.is_busy:
            self._thread.wish("load", lambda: importlib.import_module(name), lambda _: self._timer.start(PAUSE_MS))
