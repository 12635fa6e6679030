"""What happens to a bug: into the log file, and into a dialog whose text can be copied. Qt's own messages go to the log too."""

import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from iic_studio import __version__
from iic_studio.gui.files import open_with_system
from iic_studio.gui.language import tr
from iic_studio.gui.widgets import Label, column
from iic_studio.paths import data_dir

log = logging.getLogger("iic_studio")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_dir() -> Path:
    """Where the log files lie."""
    return data_dir() / "log"


def start_log() -> None:
    """Write to `log/window.log`, three files of 1 MB at most."""
    try:
        log_dir().mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            log_dir() / "window.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.INFO)
    qInstallMessageHandler(_qt_message)


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)


class CrashDialog(QDialog):
    """Says that something went wrong, and with what words to report it."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(680, 420)
        self.text = QPlainTextEdit(details)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(tr("Details"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        folder = buttons.addButton(tr("Open log folder"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        folder.clicked.connect(lambda: open_with_system(log_dir()))
        buttons.rejected.connect(self.reject)
        said = Label(
            tr("This is a fault in IIC Studio. What was trained and named so far is saved; you can go on, or start again."), wrap=True
        )
        self.setLayout(column(said, self.text, buttons, margins=(16, 16, 16, 16), spacing=12))


class CrashReporter(QObject):
    """Catches what nobody caught, in any thread, and shows it on the GUI thread, one dialog at a time."""

    _happened = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: CrashDialog | None = None
        self._happened.connect(self._show)
        self._before = sys.excepthook, threading.excepthook

    def install(self) -> None:
        """Take the hooks."""
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def _caught(self, kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        log.critical("unexpected error", exc_info=(kind, value, trace))
        self._happened.emit(report(value))

    def _caught_in_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self._caught(told.exc_type, told.exc_value, told.exc_traceback)

    def _show(self, details: str) -> None:
        if self._open is not None:
            return
        self._open = CrashDialog(details)
        self._open.finished.connect(self._closed)
        self._open.open()

    def _closed(self) -> None:
        self._open = None


def report(error: BaseException) -> str:
    """A traceback with the versions it happened on."""
    versions = f"IIC Studio {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return f"{versions}\n\n{''.join(traceback.format_exception(error))}"
