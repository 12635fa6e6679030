"""The doctor answers whatever it finds, and every problem comes with what to do."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest

from iic_studio import __version__, doctor
from iic_studio.cli import main
from iic_studio.doctor import Finding

CANNOT_LOAD = "qt.qpa.plugin: From 6.5.0, xcb-cursor0 or libxcb-cursor0 is needed to load the Qt xcb platform plugin.\n"
CANNOT_LOAD += "This application failed to start because no Qt platform plugin could be initialized.\n"
NO_EGL = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory\n"


def window(code: int, errors: str = "", *, shown: bool = True, has_cursor: bool = True) -> Finding:
    return doctor.window_finding(code, "xcb\n" if code == 0 else "", errors, shown=shown, has_cursor=has_cursor)


def failing(error: BaseException) -> Callable[[], NoReturn]:
    def load() -> NoReturn:
        raise error

    return load


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    return doctor.collect()


def test_report_covers_what_people_ask_for(findings: list[Finding]) -> None:
    names = {finding.name for finding in findings}
    assert {"IIC Studio", "Python", "System", "Cores", "Memory", "PyTorch", "torchvision", "CUDA device", "Training uses"} <= names
    assert {"Qt (PySide6)", "pyqtgraph", "Window", "Pillow", "HEIC pictures", "Camera raw files", "Projects lie in", "Network"} <= names
    assert findings[0] == Finding("IIC Studio", __version__)
    assert all(finding.value for finding in findings)


def test_every_problem_comes_with_what_to_do(findings: list[Finding]) -> None:
    assert [finding for finding in findings if finding.state != "ok" and not finding.hint] == []


def test_this_machine_can_train_and_show_windows_offscreen(findings: list[Finding]) -> None:
    state = {finding.name: finding.state for finding in findings}
    assert state["PyTorch"] == state["torchvision"] == state["Window"] == state["Pillow"] == "ok"


def test_report_as_json(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for found, code in ((Finding("a", "b", "warning", "c"), 0), (Finding("a", "b", "problem", "c"), 1)):
        monkeypatch.setattr(doctor, "collect", lambda found=found: [Finding("IIC Studio", __version__), found])
        assert main(["doctor", "--json"]) == code
        program, other = json.loads(capsys.readouterr().out)
        assert program == {"name": "IIC Studio", "value": __version__, "state": "ok", "hint": ""}
        assert other["state"] == found.state


def test_qt_stays_out_of_this_process() -> None:
    code = (
        "import sys; from iic_studio import doctor; doctor.collect(); print([m for m in sys.modules if 'PySide6' in m or 'pyqtgraph' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


def test_torchvision_of_another_build() -> None:
    finding = doctor.torchvision_finding(failing(RuntimeError("operator torchvision::nms does not exist")))
    assert (finding.state, finding.value) == ("problem", "does not fit PyTorch")
    assert "pip install --force-reinstall torch torchvision" in finding.hint


@pytest.mark.parametrize("error", [ImportError("No module named 'torchvision'"), OSError("libc10.so"), RuntimeError("else\nmore")])
def test_torchvision_that_cannot_be_imported(error: Exception) -> None:
    finding = doctor.torchvision_finding(failing(error))
    assert finding.state == "problem"
    assert finding.value == f"cannot be imported: {str(error).splitlines()[0]}"


def test_missing_torch_is_a_problem_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    (finding,) = doctor._torch()
    assert finding.state == "problem"
    assert "pip install" in finding.hint


@pytest.mark.parametrize(
    ("version", "python", "state"),
    [
        ("6.12.0", (3, 11), "problem"),
        ("6.12.0", (3, 12), "ok"),
        ("6.11.3", (3, 11), "ok"),
        ("6.12.1", (3, 11), "ok"),
        ("", (3, 11), "problem"),
    ],
)
def test_versions_of_qt(version: str, python: tuple[int, int], state: str) -> None:
    assert doctor.qt_version_finding(version, python).state == state


def test_window_that_opens() -> None:
    assert window(0) == Finding("Window", "works (xcb)")
    unseen = window(0, shown=False)
    assert (unseen.value, unseen.state) == ("cannot open, for there is no display here", "ok")
    assert "works" in unseen.hint


@pytest.mark.parametrize(
    ("errors", "has_cursor", "value", "hint"),
    [
        (NO_EGL, True, "the library libEGL.so.1 is missing", "apt-get install libegl1"),
        (NO_EGL.replace("EGL", "Strange"), True, "the library libStrange.so.1 is missing", "package of your system"),
        (CANNOT_LOAD, False, "the library xcb-cursor is missing", "apt-get install libxcb-cursor0"),
        (CANNOT_LOAD, True, "Qt cannot reach the display", "DISPLAY"),
        ("", True, "Qt ended by signal 6: it said nothing", "force-reinstall PySide6"),
        ("one\nlast words\n", True, "Qt ended by signal 6: last words", "force-reinstall PySide6"),
    ],
)
def test_window_that_does_not_open(errors: str, has_cursor: bool, value: str, hint: str) -> None:
    finding = window(-6, errors, has_cursor=has_cursor)
    assert (finding.value, finding.state) == (value, "problem")
    assert hint in finding.hint


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="platforms of Qt on Linux")
def test_aborting_qt_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    finding = doctor._window()
    assert finding.state == "problem"
    assert finding.value == "Qt cannot reach the display"


def test_hanging_qt_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_QT_PROBE", "import threading; threading.Event().wait()")
    monkeypatch.setattr(doctor, "QT_LIMIT_S", 0.2)
    assert doctor._window().value == "Qt did not answer within 0.2 s"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
def test_machine_without_a_display_is_tried_offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    finding = doctor._window()
    assert finding.value == "cannot open, for there is no display here"


@pytest.mark.parametrize(
    ("version", "lacks", "turbo", "state"),
    [
        ("13.0.0", "", True, "ok"),
        ("13.0.0", "", False, "ok"),
        ("13.0.0", "AVIF", True, "warning"),
        ("12.2.9", "", True, "warning"),
        ("13.0.0", "JPEG", True, "problem"),
    ],
)
def test_what_pillow_reads(version: str, lacks: str, turbo: bool, state: str) -> None:
    has = {name: name != lacks for name in ("JPEG", "PNG", "WebP", "AVIF", "TIFF")}
    finding = doctor.pillow_finding(version, has, turbo=turbo)
    assert finding.state == state
    assert lacks in finding.hint
    assert ("turbo" in finding.value) == turbo


def test_little_memory_is_a_warning() -> None:
    assert doctor.memory_finding(16 * 2**30, 8 * 2**30) == Finding("Memory", "8.0 of 16.0 GiB free")
    assert doctor.memory_finding(4 * 2**30, 2**30).state == "warning"


def test_place_that_is_not_there_yet_is_tried_but_not_made(tmp_path: Path) -> None:
    finding = doctor.place_finding("Projects lie in", tmp_path / "a" / "b", "VARIABLE")
    assert finding.state in ("ok", "warning")
    assert str(tmp_path / "a" / "b") in finding.value
    assert list(tmp_path.iterdir()) == []


def test_place_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = doctor.place_finding("Projects lie in", tmp_path / "file", "VARIABLE")
    assert finding.state == "problem"
    assert "VARIABLE" in finding.hint


def test_full_disk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((10 * 2**30, "ok"), (2**30, "warning"), (2**20, "problem")):
        monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        assert doctor.place_finding("Projects lie in", tmp_path, "VARIABLE").state == state


def test_incomplete_installation_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.paths, "_PACKAGE", tmp_path / "iic_studio")
    problem = next(finding for finding in doctor._program() if finding.state == "problem")
    assert "missing from this installation" in problem.value
