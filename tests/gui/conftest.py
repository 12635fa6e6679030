"""Nothing may outlive a window test: a running thread, an active timer or a top-level widget left behind fails it, by name.

The check runs when the test's other fixtures are gone, after pytest-qt closed what was given to `qtbot.addWidget`. A test that failed
anyway is only cleaned up after. The idea is napari's. Exceptions in threads need nothing here: pytest and pytest-qt catch those of
Python and of Qt. Weaknesses: `QTimer.singleShot` and timers that C++ starts are not seen.
"""

import gc
import shutil
import traceback
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from iic_studio.gui.main_window import MainWindow
from iic_studio.gui.runner import State
from tests.gui.finished import make_template
from tests.gui.windows import open_window

_GRACE_MS = 2000
_failed = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what it lacks in warnings; those say nothing about the window."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(r"^This plugin does not support", extend=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when in ("setup", "call"):
        item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


def _caller() -> str:
    """Where in our code or tests a thread or timer was started."""
    frames = [frame for frame in traceback.extract_stack()[:-2] if "site-packages" not in frame.filename]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown place"


def _watch(patch: pytest.MonkeyPatch, kind: type[QThread] | type[QTimer]) -> "WeakKeyDictionary[Any, str]":
    """Note every object of a class that is started, and where."""
    started: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
    real: Callable[..., None] = kind.start

    def start(self: Any, *args: Any) -> None:
        started[self] = _caller()
        real(self, *args)

    patch.setattr(kind, "start", start)
    return started


def _describe(thing: QObject, place: str = "") -> str:
    name = f" '{thing.objectName()}'" if thing.objectName() else ""
    return f"{type(thing).__name__}{name}" + (f" started at {place}" if place else "")


def _address(thing: QObject) -> int:
    return int(shiboken6.getCppPointer(thing)[0])


def _roots() -> list[QWidget]:
    """Top-level widgets that nobody owns; pop-ups and menus with a parent go with it."""
    return [widget for widget in QApplication.topLevelWidgets() if shiboken6.isValid(widget) and widget.parent() is None]


def _settle() -> None:
    """Carry out deletions that were asked for, and drop reference cycles."""
    for _ in range(3):
        gc.collect()
        if QCoreApplication.instance() is not None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _running(threads: "WeakKeyDictionary[Any, str]") -> list[QThread]:
    return [thread for thread in list(threads) if shiboken6.isValid(thread) and thread.isRunning()]


def _stop_threads(threads: "WeakKeyDictionary[Any, str]") -> list[str]:
    """Names of the threads that still run. A thread that was told to stop gets the time to do so."""
    told = [thread for thread in _running(threads) if thread.isInterruptionRequested()]
    for thread in told:
        thread.wait(_GRACE_MS)
    left = _running(threads)
    names = [_describe(thread, threads[thread]) for thread in left]
    for thread in left:
        thread.requestInterruption()
        thread.quit()
        thread.wait(_GRACE_MS)
    return names


def _stop_timers(timers: "WeakKeyDictionary[Any, str]") -> list[str]:
    left = [timer for timer in list(timers) if shiboken6.isValid(timer) and timer.isActive()]
    names = [_describe(timer, timers[timer]) for timer in left]
    for timer in left:
        timer.stop()
    return names


def _delete_widgets(before: set[int]) -> list[str]:
    left = [widget for widget in _roots() if _address(widget) not in before]
    names = [f"{'visible ' if widget.isVisible() else ''}{_describe(widget)}" for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    return names


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a running thread, an active timer or a top-level widget."""
    gc.freeze()  # so that looking for cycles looks at what this test made, not at every object of torch
    before = {_address(widget) for widget in _roots()}
    threads, timers = _watch(monkeypatch, QThread), _watch(monkeypatch, QTimer)
    yield
    _settle()
    leaks = [f"running {name}" for name in _stop_threads(threads)]
    leaks += [f"active {name}" for name in _stop_timers(timers)]
    leaks += [f"{name} was not deleted" for name in _delete_widgets(before)]
    _settle()
    if leaks and not request.node.stash.get(_failed, False):
        pytest.fail("The test left something behind:\n  " + "\n  ".join(leaks), pytrace=False)


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory, make_pictures: Callable[..., dict[str, str]]) -> Path:
    return make_template(tmp_path_factory.mktemp("finished"), make_pictures)


@pytest.fixture
def finished_project(_template: Path, tmp_path: Path) -> Path:
    """A copy of a small project that was indexed and trained twice; see `finished.py`."""
    return Path(shutil.copytree(_template, tmp_path / "finished.iicproj"))


@pytest.fixture
def studio(qtbot: Any, finished_project: Path, tmp_path: Path) -> MainWindow:
    """A window with `finished_project` open and read; closed after the test."""
    made = open_window(qtbot, tmp_path / "window.ini")
    made.open(finished_project)
    qtbot.waitUntil(lambda: made.runner.state is State.IDLE and not made.session.is_reading, timeout=30_000)
    return made
