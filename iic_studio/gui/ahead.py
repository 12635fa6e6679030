"""Loads libraries that pages and jobs need later, beside the window, once a project was opened and nothing much is done with it.

To load a library is to keep the interpreter busy: SciPy's optimisers, which the end of the first epoch needs, held up the window for half a
second in the middle of a training. Nobody needs these to look at pictures, so the start does not wait for them either, and while somebody
scrolls they wait.

What makes classes of Qt's is loaded by the window's thread. On Python 3.11 PySide (6.11.3) looks up its classes in a table without a lock,
and Qt asks for the class of a widget without holding the interpreter: while another thread made classes, the window's found none for a
widget, and the program ended.
"""

import atexit
import gc
import importlib
import logging
import sys
import time

from PySide6.QtCore import QObject, QTimer

from iic_studio.gui.session import Session
from iic_studio.gui.side_thread import SideThread

log = logging.getLogger(__name__)

AFTER_MS, EVERY_MS = 2000, 500  # when the window is looked at first, from the first pictures on, and how often then
QUIET = 0.1  # of the time that its thread computes, at most
# In the order in which they are needed: by a checkpoint, an epoch's end, the scores of an epoch; by Map. Torch's compiler, which its
# optimisers load with the first step, is not among them: it takes 205 MB, and somebody who only looks at pictures never needs it.
LIBRARIES = ("safetensors.torch", "scipy.optimize", "sklearn.metrics", "scipy.ndimage")
# By Curves, a twentieth to a tenth of a second each. Qt's own classes are made when they are first named, which pyqtgraph does with all.
QT_MODULES = ("PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets")
QT_LIBRARIES = ("pyqtgraph", "iic_studio.gui.chart", "iic_studio.gui.curve_lines")


class LoadAhead(QObject):
    """Loads them once, one after the other."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = SideThread("iic-ahead", self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._seen = (0.0, 0.0)
        self._left = [*LIBRARIES, *QT_MODULES, *QT_LIBRARIES]
        self._session = session
        session.opened.connect(self._begin)

    @property
    def is_done(self) -> bool:
        """Whether all are loaded."""
        return not self._left and not self._thread.is_busy

    def close(self) -> None:
        """Load no more; wait for the one under way."""
        self._timer.stop()
        self._thread.close()

    def _begin(self) -> None:
        self._seen = _clocks()
        self._timer.start(AFTER_MS)

    def _look(self) -> None:
        """Load the next one if the window has had little to do since the last look."""
        before, self._seen = self._seen, _clocks()
        passed, computed = (now - then for now, then in zip(self._seen, before, strict=True))
        self._left = [one for one in self._left if one not in sys.modules or one in QT_MODULES]
        self._timer.setInterval(AFTER_MS if self._session.is_reading else EVERY_MS)
        if not self._left:
            self._timer.stop()
        elif not self._session.is_reading and computed <= QUIET * passed and not self._thread.is_busy:
            name = self._left.pop(0)
            if name in LIBRARIES:
                self._thread.wish("load", lambda: _load(name), lambda _: None)
            else:
                _load(name)


def _load(name: str) -> None:
    """Load a library. One that cannot be loaded is left to whoever needs it, who can say what that means."""
    gc.disable()  # so many objects that stay: every search for cycles would go through them and hold up the window
    try:
        module = importlib.import_module(name)
        if name in QT_MODULES:
            for each in dir(module):
                getattr(module, each)
    except Exception:  # whatever a library does while it is loaded
        log.warning("%s could not be loaded ahead", name, exc_info=True)
    finally:
        gc.freeze()
        gc.enable()
        atexit.register(gc.unfreeze)  # what is still frozen at the end some libraries report as lost


def _clocks() -> tuple[float, float]:
    """Seconds by the clock, and those that this thread was computing."""
    return time.perf_counter(), time.thread_time()
