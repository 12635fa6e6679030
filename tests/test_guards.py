"""The guards of the suite themselves: each is given a test that breaks its rule, in an inner run, and has to fail it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

TESTS = Path(__file__).parent

INNER = """
import socket, threading
import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QLabel, QMainWindow

KEPT = []

class Loop(QThread):
    def run(self):
        while not self.isInterruptionRequested():
            self.msleep(5)

def keep(thing):
    KEPT.append(thing)
    return thing

def test_good_window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QLabel("x"))
    timer = QTimer(window)
    timer.start(10)
    window.show()
    qtbot.wait(20)

def test_good_thread(qtbot):
    thread = keep(Loop())
    thread.start()
    thread.requestInterruption()

def test_bad_thread(qtbot):
    keep(Loop()).start()

def test_bad_timer(qtbot):
    keep(QTimer()).start(100)

def test_bad_hidden_widget(qtbot):
    keep(QLabel("x")).setObjectName("forgotten")

def test_bad_visible_widget(qtbot):
    keep(QLabel("x")).show()

def test_bad_exception_in_thread():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()

def test_bad_socket():
    with pytest.raises(AssertionError), socket.socket() as one:
        one.connect(("127.0.0.1", 9))

def test_bad_look_up():
    with pytest.raises(AssertionError):
        socket.create_connection(("localhost", 9))

def test_good_pipe():
    left, right = socket.socketpair()
    left.send(b"x")
    assert right.recv(1) == b"x"
    left.close()
    right.close()

def test_good_after_all(qtbot):
    pass
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Name of each inner test -> its failures and errors in words, empty when it passed."""
    root = tmp_path_factory.mktemp("inner")
    shutil.copy(TESTS / "conftest.py", root / "conftest.py")
    (root / "gui").mkdir()
    shutil.copy(TESTS / "gui" / "conftest.py", root / "gui" / "conftest.py")
    (root / "gui" / "test_inner.py").write_text(INNER, encoding="utf-8")
    (root / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\nfilterwarnings = error\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "--tb=no", "-q", "-p", "no:cacheprovider", str(root)],
        cwd=root,
        env=os.environ | {"COLUMNS": "400", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        state, _, rest = line.partition(" ")
        if state in ("PASSED", "FAILED", "ERROR") and "::" in rest:
            name, _, reason = rest.partition("::")[2].partition(" - ")
            found[name] = found.get(name, "") + ("" if state == "PASSED" else reason or state)
    assert len(found) == INNER.count("def test_"), done.stdout + done.stderr
    return found


def test_what_keeps_the_rules_passes(outcomes: dict[str, str]) -> None:
    assert {name: reason for name, reason in outcomes.items() if name.startswith("test_good") and reason} == {}


def test_what_breaks_a_rule_fails(outcomes: dict[str, str]) -> None:
    assert [name for name, reason in outcomes.items() if name.startswith("test_bad") and not reason] == []


def test_offender_is_named(outcomes: dict[str, str]) -> None:
    assert "left something behind" in outcomes["test_bad_thread"]
    assert "left something behind" in outcomes["test_bad_hidden_widget"]
    assert "socket.connect" in outcomes["test_bad_socket"]
    assert "ThreadException" in outcomes["test_bad_exception_in_thread"]


def test_windows_are_offscreen() -> None:
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


def test_user_directories_are_the_tests_own(tmp_path: Path) -> None:
    from iic_studio.paths import config_dir, data_dir

    assert data_dir().is_relative_to(tmp_path.parent)
    assert config_dir().is_relative_to(tmp_path.parent)


def test_picture_folder_has_forty_pictures_of_four_kinds(picture_folder: Path) -> None:
    lines = (picture_folder.parent / "labels.csv").read_text(encoding="utf-8").splitlines()
    labels = dict(line.split(",") for line in lines[1:])
    assert lines[0] == "path,label"
    assert sorted(labels) == sorted(str(path.relative_to(picture_folder).as_posix()) for path in picture_folder.rglob("*.*"))
    assert {kind: list(labels.values()).count(kind) for kind in set(labels.values())} == dict.fromkeys(set(labels.values()), 10)
    with Image.open(picture_folder / next(iter(labels))) as picture:
        assert 48 <= min(picture.size) <= max(picture.size) <= 96


def test_pictures_are_the_same_for_a_seed(make_pictures: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    first, again = make_pictures(tmp_path / "a", 2, seed=3), make_pictures(tmp_path / "b", 2, seed=3)
    other = make_pictures(tmp_path / "c", 2, seed=4)
    assert first == again == other
    path = next(path for path in first if path.endswith(".png"))
    pixels = [np.asarray(Image.open(tmp_path / folder / path)) for folder in "abc"]
    assert np.array_equal(pixels[0], pixels[1])
    assert not np.array_equal(pixels[0], pixels[2])


def test_broken_folder_adds_three_files(broken_folder: Path) -> None:
    assert (broken_folder / "empty.jpg").stat().st_size == 0
    assert len([path for path in broken_folder.rglob("*") if path.is_file()]) == 43
    with Image.open(broken_folder / "day 1" / "truncated.jpg") as picture, pytest.raises(OSError, match="truncated"):
        picture.load()
