"""Libraries that are loaded beside the window: in which thread, when no more, and whether they are the ones that a training needs."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from iic_studio.gui import ahead
from iic_studio.gui.ahead import LoadAhead
from iic_studio.gui.session import Session

_TRAINING = """
import importlib, sys
from pathlib import Path
from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.gui.ahead import LIBRARIES

for name in LIBRARIES:
    importlib.import_module(name)
with jobs.open_project(Path(sys.argv[1])) as project:
    list(jobs.index(project))
    before = set(sys.modules)
    events = list(jobs.train(project, TrainSettings(clusters=3, steps=60, device="cpu", batch_size=32, image_size=24)))
assert "AssignmentsSaved" in {type(event).__name__ for event in events}, events
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(loaded & {"scipy", "sklearn", "safetensors", "pandas"}))
"""


Begin = Callable[..., LoadAhead]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Begins to load made libraries, as after a project was opened; each notes which thread loads it.

    One called `broken…` fails, one called `qt_…` is one that makes classes of Qt's.
    """
    made: list[LoadAhead] = []
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(ahead, "AFTER_MS", 10)
    monkeypatch.setattr(ahead, "EVERY_MS", 10)

    def load(*names: str) -> LoadAhead:
        for name in names:
            text = "raise OSError('a file is missing')" if name.startswith("broken") else "loaded_by = threading.current_thread().name"
            (tmp_path / f"{name}.py").write_text(f"import threading\n{text}\n")
        monkeypatch.setattr(ahead, "LIBRARIES", tuple(one for one in names if not one.startswith("qt_")))
        monkeypatch.setattr(ahead, "QT_MODULES", ())
        monkeypatch.setattr(ahead, "QT_LIBRARIES", tuple(one for one in names if one.startswith("qt_")))
        session = Session()
        made.append(LoadAhead(session, session))
        session.opened.emit()
        return made[-1]

    yield load
    for one in made:
        one.close()
        one.parent().deleteLater()
    for name in (*ahead.LIBRARIES, *ahead.QT_LIBRARIES):
        sys.modules.pop(name, None)


def test_libraries_are_loaded_beside_the_window_once_something_is_shown(qtbot: QtBot, begin: Begin) -> None:
    names = {"library_of_a_test", "another_library_of_a_test"}
    made = begin(*names)
    assert not names & set(sys.modules)
    qtbot.waitUntil(lambda: made.is_done, timeout=5000)
    assert all(sys.modules[name].loaded_by.startswith("iic-ahead") for name in names)


def test_what_makes_classes_of_qt_is_loaded_by_the_window(qtbot: QtBot, begin: Begin) -> None:
    made = begin("library_of_a_test", "qt_library_of_a_test")
    qtbot.waitUntil(lambda: made.is_done, timeout=5000)
    assert sys.modules["qt_library_of_a_test"].loaded_by == "MainThread"


def test_what_is_loaded_beside_the_window_knows_no_qt() -> None:
    code = f"import importlib, sys\nfor name in {ahead.LIBRARIES!r}: importlib.import_module(name)\nassert 'PySide6' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr


def test_a_library_that_cannot_be_loaded_is_left_alone(qtbot: QtBot, begin: Begin, caplog: pytest.LogCaptureFixture) -> None:
    made = begin("broken_library", "library_after_it")
    qtbot.waitUntil(lambda: made.is_done, timeout=5000)
    assert "library_after_it" in sys.modules
    assert caplog.text.count("broken_library could not be loaded ahead") == 1


def test_libraries_wait_while_the_window_has_much_to_do(qtbot: QtBot, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks, share = itertools.count(), [0.5]
    monkeypatch.setattr(ahead, "_clocks", lambda: (passed := next(ticks), passed * share[0]))
    begin("library_that_waits")
    qtbot.wait(100)
    assert "library_that_waits" not in sys.modules
    share[0] = 0.05
    qtbot.waitUntil(lambda: "library_that_waits" in sys.modules, timeout=5000)


def test_nothing_more_is_loaded_once_the_window_closes(qtbot: QtBot, begin: Begin) -> None:
    begin("library_too_late").close()
    qtbot.wait(100)
    assert "library_too_late" not in sys.modules


def test_a_training_loads_no_library_that_was_not_loaded_ahead(picture_folder: Path) -> None:
    command = [sys.executable, "-c", _TRAINING, str(picture_folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_a_process_that_loaded_them_ends_without_a_word() -> None:
    code = "from iic_studio.gui import ahead\nfor name in ahead.LIBRARIES + ahead.QT_MODULES + ahead.QT_LIBRARIES: ahead._load(name)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=180)
    assert done.stdout + done.stderr == ""
