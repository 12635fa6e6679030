"""Starts the window: splash first, then torch, then the pages. Ends it cleanly, also on Ctrl+C in the terminal."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from iic_studio import __version__
from iic_studio.errors import EXIT_INTERRUPTED
from iic_studio.gui import icons, theme
from iic_studio.gui.crash import CrashReporter, start_log
from iic_studio.gui.language import SYSTEM, use_language
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.splash import make_splash

if TYPE_CHECKING:
    from iic_studio.config import TrainSettings
    from iic_studio.gui.main_window import MainWindow

log = logging.getLogger(__name__)

APPLICATION_ID = "org.iicstudio.IicStudio"
LAST_WAIT_MS = 10_000


def make_application() -> QApplication:
    """The application object with name, style and icon; the one that exists, if there is one.

    Qt paints in the thread that asks for it: it would hand parts of each larger area to threads of a pool and wait for them, which
    while a network trains on all cores made the longest frames of a resized window some milliseconds longer (tests/benchmarks/RESULTS.md).
    """
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    QCoreApplication.setApplicationName("iic-studio")
    QCoreApplication.setApplicationVersion(__version__)
    QCoreApplication.setOrganizationName("iic-studio")
    QGuiApplication.setApplicationDisplayName("IIC Studio")
    QGuiApplication.setDesktopFileName(APPLICATION_ID)
    application.setStyle("Fusion")
    return application


def run(target: Path | None = None, *, demo: str = "", place: Path | None = None, settings: "TrainSettings | None" = None) -> int:
    """Show the window until it is closed.

    Args:
        target: a folder of pictures or a project to open.
        demo: open a sample, "digits" or "scenes".
        place: folder for the sample and its project; None: the usual places.
        settings: what its training shall begin with; None: as the sample has it.
    """

    def begin(window: "MainWindow") -> None:
        if demo:
            window.commands.samples.open(demo, place, settings)
        elif target is not None:
            window.open(target)

    application = make_application()
    preferences = Preferences()
    use_language(preferences.text("language", SYSTEM))
    theme.SchemeFollower(preferences.text("theme", "system"), application)
    QGuiApplication.setWindowIcon(icons.application_icon())
    start_log()
    reporter = CrashReporter(application)
    reporter.install()
    starter = _Starter(preferences, begin)
    starter.splash.show()
    # From the event loop, so that the splash is painted before torch is imported.
    QTimer.singleShot(30, starter.open_window)
    with _closed_by_interrupt(starter.close):
        code = application.exec()
    starter.wait()
    reporter.remove()
    return code


class _Starter:
    """Holds the splash and then the window, with which `begin` does what was asked for first."""

    def __init__(self, preferences: Preferences, begin: Callable[["MainWindow"], None]) -> None:
        self.splash = make_splash()
        self._preferences, self._begin = preferences, begin
        self._window: MainWindow | None = None

    def open_window(self) -> None:
        """Import what is slow, then show the window."""
        gc.disable()  # hardly anything of what is imported becomes garbage; see `favour_the_window`
        from iic_studio import jobs
        from iic_studio.gui.main_window import MainWindow

        window = self._window = MainWindow(jobs, self._preferences)
        window.show()
        self.splash.close()
        favour_the_window()
        self._begin(window)

    def close(self) -> None:
        """Close the window as its owner would."""
        if self._window is not None:
            self._window.close()
        else:
            QApplication.exit(EXIT_INTERRUPTED)

    def wait(self) -> None:
        """Wait for threads that a window given up on has left; a QThread must not be destroyed while it runs."""
        if self._window is not None and not self._window.runner.wait(LAST_WAIT_MS):
            log.error("leaving with a job under way")
            logging.shutdown()
            os._exit(EXIT_INTERRUPTED)


def favour_the_window() -> None:
    """Let the GUI thread have the interpreter sooner while others compute (measured: `tests/benchmarks/bench_instrument.py`).

    A waiting thread gets it after 1 ms instead of 5; the many objects of imported libraries are no longer looked through for cycles.
    """
    sys.setswitchinterval(0.001)
    gc.freeze()
    gc.enable()


@contextmanager
def _closed_by_interrupt(close: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C in the terminal and SIGTERM close the window. Python sees signals only when it runs, so a pipe wakes the event loop.

    A handler may run between any two lines, also in the midst of opening a project, so it only asks the event loop to close.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, lambda _number, _frame: QTimer.singleShot(0, close)) for one in signals}
    if os.name == "nt":  # no notifier for pipes there: look a few times a second
        timer = QTimer()
        timer.setInterval(250)
        timer.timeout.connect(lambda: None)
        timer.start()
        yield
    else:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: os.read(reading, 4096))
        old = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        yield
        signal.set_wakeup_fd(old)
        notifier.setEnabled(False)
        os.close(reading)
        os.close(writing)
    for one, handler in before.items():
        signal.signal(one, handler)
