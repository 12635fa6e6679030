"""Windows for tests, with the real jobs and preferences of their own."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from iic_studio import jobs
from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.preferences import Preferences


def open_window(qtbot: QtBot, preferences: Path) -> MainWindow:
    """A window that is closed, and has ended its jobs, after the test."""
    made = MainWindow(jobs, Preferences(preferences))
    qtbot.addWidget(made, before_close_func=lambda _: close_and_wait(qtbot, made))
    made.resize(1280, 800)
    made.show()
    return made


def close_and_wait(qtbot: QtBot, window: MainWindow) -> None:
    """Close a window; it goes when its jobs have ended."""
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
