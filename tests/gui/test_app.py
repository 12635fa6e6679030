"""Start and end of the program, and what happens to a bug."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from iic_studio.gui.crash import CrashDialog, CrashReporter, report
from iic_studio.gui.preferences import Preferences
from iic_studio.gui.splash import make_splash
from iic_studio.project.store import Project


@pytest.mark.skipif(os.name == "nt", reason="signals of this kind are POSIX")
def test_ctrl_c_closes_the_window_cleanly(picture_folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    environment = os.environ | {"IIC_STUDIO_DATA_DIR": str(data), "IIC_STUDIO_CONFIG_DIR": str(tmp_path / "config")}
    code = f"import sys; from pathlib import Path; from iic_studio.gui.app import run; sys.exit(run(Path({str(picture_folder)!r})))"
    process = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not list(data.glob("projects/*/project.sqlite")) and time.monotonic() < end and process.poll() is None:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert (tmp_path / "config" / "window.ini").is_file()
    with Project.open(next(data.glob("projects/*"))) as project:
        assert project.folder == picture_folder


def test_a_bug_in_any_thread_is_shown_with_its_words(qtbot: QtBot) -> None:
    reporter = CrashReporter()

    def broken() -> None:
        try:
            raise ValueError("<b>odd</b>")
        except ValueError as error:
            reporter._caught(type(error), error, error.__traceback__)

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: reporter._open is not None, timeout=2000)
    dialog = reporter._open
    assert isinstance(dialog, CrashDialog)
    qtbot.addWidget(dialog)
    assert "<b>odd</b>" in dialog.text.toPlainText()
    box = dialog.findChild(QDialogButtonBox)
    copy = next(button for button in box.buttons() if button.text() == "Copy")
    copy.click()
    assert "ValueError" in QGuiApplication.clipboard().text()
    dialog.reject()
    assert reporter._open is None


def test_a_report_names_the_versions() -> None:
    assert "Qt 6" in report(ValueError("x"))


def test_the_splash_is_drawn_without_torch(qtbot: QtBot) -> None:
    splash = make_splash()
    qtbot.addWidget(splash)
    assert not splash.pixmap().isNull()
    code = "import sys, iic_studio.gui.app; print([name for name in ('torch', 'sklearn', 'scipy', 'pyqtgraph') if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]", "what is slow is imported while the splash is shown"


def test_the_window_does_not_wait_for_what_only_some_pages_need() -> None:
    slow = ("scipy", "sklearn", "torchvision", "pyqtgraph", "umap")
    code = f"import sys, iic_studio.jobs, iic_studio.gui.main_window; print([name for name in {slow} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"


def test_preferences_keep_odd_paths(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"bilder \xff \xc3\xa4")
    folder.mkdir()
    project = tmp_path / "a.iicproj"
    Project.create(project, folder).close()
    first = Preferences(tmp_path / "window.ini")
    first.add_recent(project, folder)
    first.add_recent(project, folder)
    first.save()
    assert Preferences(tmp_path / "window.ini").recent() == [(project, folder.name, str(folder))]
