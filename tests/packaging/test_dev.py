"""`packaging/dev.py` without a network: its decisions, and its set-up with a stand-in for the environment's Python."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "dev.py"
needs_posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n', encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _room_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**12))


def stand_in(root: Path, pip: str) -> Path:
    """An environment whose Python answers as this one does, notes what pip is asked for, and runs `pip` (shell)."""
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    log = root / "pip.log"
    python.write_text(
        f'#!/bin/sh\nif [ "$1" = -c ]; then echo "{sys.implementation.cache_tag} True"; exit 0; fi\necho "$@" >> "{log}"\n{pip}\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    return log


def test_uses_the_standard_library_only(dev: ModuleType) -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("arguments", "display", "expected"),
    [
        ([], True, ["demo"]),
        ([], False, ["demo", "--headless"]),
        (["demo", "scenes"], False, ["demo", "scenes", "--headless"]),
        (["demo", "--headless", "--minutes", "1"], False, ["demo", "--headless", "--minutes", "1"]),
        (["demo", "--help"], False, ["demo", "--help"]),
        (["--version"], False, ["--version"]),
        (["open", "X"], True, ["open", "X"]),
        (["cluster", "X", "--csv", "x.csv"], False, ["cluster", "X", "--csv", "x.csv"]),
        (["doctor"], False, ["doctor"]),
    ],
)
def test_what_run_starts(dev: ModuleType, arguments: list[str], display: bool, expected: list[str]) -> None:
    plan = dev.plan_run(arguments, display)
    assert plan.arguments == expected
    assert plan.exit_code is None
    assert bool(plan.message) == (plan.arguments != (arguments or ["demo"]))


def test_open_without_a_display_says_what_to_run(dev: ModuleType, tmp_path: Path) -> None:
    plan = dev.plan_run(["open", "My Pictures"], False)
    assert plan.exit_code == 2
    assert 'run cluster "My Pictures" --csv' in plan.message
    (tmp_path / "project.sqlite").touch()
    assert f'run export "{tmp_path}" --csv' in dev.plan_run(["open", str(tmp_path)], False).message


@pytest.mark.parametrize("arguments", [[], ["--durations=60"], ["-x"]])
def test_the_whole_suite_runs_on_all_cores(dev: ModuleType, arguments: list[str]) -> None:
    assert dev.plan_test(arguments, 2) == ["-n", "2", "--dist", "loadfile", *arguments]
    assert dev.plan_test(arguments, 1) == arguments


@pytest.mark.parametrize("arguments", [["tests/test_words.py"], ["-k", "words"], ["-n0"], ["--pdb"]])
def test_tests_that_are_named_run_as_asked(dev: ModuleType, arguments: list[str]) -> None:
    assert dev.plan_test(arguments, 2) == arguments


@pytest.mark.parametrize("arguments", [["open"], ["--verbose"]])
def test_a_window_without_a_target_or_display_is_wrong_usage(dev: ModuleType, arguments: list[str]) -> None:
    assert dev.plan_run(arguments, False).exit_code == 2


@pytest.mark.parametrize(
    ("system", "environ", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_display(dev: ModuleType, system: str, environ: dict[str, str], expected: bool) -> None:
    assert dev.has_display(system, environ) is expected


def test_stamp_of_more_extras_serves_for_fewer(dev: ModuleType, root: Path) -> None:
    assert dev.is_current(dev.expected_stamp(root, {"test"}), root, set())
    assert dev.is_current(dev.expected_stamp(root, {"test"}), root, {"test"})
    assert not dev.is_current(dev.expected_stamp(root, set()), root, {"test"})


def test_stamp_is_out_of_date_when_something_changed(dev: ModuleType, root: Path, tmp_path: Path) -> None:
    stamp = dev.expected_stamp(root, set())
    assert dev.is_current(stamp, root, set())
    for key, value in (("python", "cpython-39 x86"), ("root", str(tmp_path / "elsewhere")), ("extras", "test"), ("pyproject", "")):
        assert not dev.is_current(stamp | {key: value}, root, set())
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert not dev.is_current(stamp, root, set())


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"extras": 3}'])
def test_damaged_stamp_counts_as_none(dev: ModuleType, root: Path, text: str) -> None:
    (root / ".venv").mkdir()
    (root / ".venv" / dev.STAMP).write_text(text, encoding="utf-8")
    assert not dev.is_current(dev.read_stamp(root / ".venv"), root, set())


def test_environment_without_python_does_not_work(dev: ModuleType, root: Path) -> None:
    assert not dev.works(root / ".venv")
    python = dev.python_in(root / ".venv")
    python.parent.mkdir(parents=True)
    python.symlink_to(root / "gone" / "python3")
    assert not dev.works(root / ".venv")


@needs_posix
def test_installs_once_and_again_for_a_new_extra(dev: ModuleType, root: Path) -> None:
    log = stand_in(root, "exit 0")
    for extras in (set(), set(), {"test"}, {"test"}, set()):
        dev.ensure(root, extras)
    assert log.read_text(encoding="utf-8").splitlines() == [f"-m pip install -e {root}", f"-m pip install -e {root}[test]"]


@needs_posix
def test_changed_project_keeps_the_extras(dev: ModuleType, root: Path) -> None:
    log = stand_in(root, "exit 0")
    dev.ensure(root, {"test"})
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    dev.ensure(root, set())
    assert log.read_text(encoding="utf-8").splitlines() == [f"-m pip install -e {root}[test]"] * 2


@needs_posix
def test_failed_installation_shows_its_last_lines_and_leaves_no_stamp(
    dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(root, "for i in $(seq 60); do echo line-$i; done; echo 'No space left' >&2; exit 7")
    (root / ".venv" / dev.STAMP).write_text(json.dumps(dev.expected_stamp(root, set())), encoding="utf-8")
    monkeypatch.setattr(dev, "ROOT", root)
    assert dev.main(["test"]) == 1
    said = capsys.readouterr().err
    assert "No space left" in said
    assert "line-60" in said
    assert "line-10\n" not in said
    assert "6 GB" in said
    assert dev.read_stamp(root / ".venv") == {}


@needs_posix
def test_a_short_disk_is_said_before_and_after_and_no_copies_are_kept(
    dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = stand_in(root, "exit 7")
    monkeypatch.setattr(dev.shutil, "disk_usage", lambda folder: SimpleNamespace(free=int(2.4e9)))
    with pytest.raises(dev.SetupError, match=r"2\.4 GB are free on the disk of .* takes about .* GB there.*TMPDIR"):
        dev.ensure(root, set())
    assert "2.4 GB are free" in capsys.readouterr().err
    assert log.read_text(encoding="utf-8").splitlines() == [f"-m pip install --no-cache-dir -e {root}"]


@needs_posix
def test_a_disk_that_fills_while_pip_writes_is_said(dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = root / "full"
    stand_in(root, f"touch {full}; exit 7")
    monkeypatch.setattr(dev.shutil, "disk_usage", lambda folder: SimpleNamespace(free=0 if full.exists() else 10**12))
    with pytest.raises(dev.SetupError, match=r"lines above say why.*\n0\.0 GB are free"):
        dev.ensure(root, set())


@needs_posix
def test_interrupted_installation_leaves_no_stamp(dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(root, "kill -INT $PPID; sleep 0.2; exit 1")
    (root / ".venv" / dev.STAMP).write_text(json.dumps(dev.expected_stamp(root, set())), encoding="utf-8")
    monkeypatch.setattr(dev, "ROOT", root)
    assert dev.main(["test"]) == 130
    assert dev.read_stamp(root / ".venv") == {}


@needs_posix
@pytest.mark.parametrize("state", ["half-made", "moved"])
def test_environment_that_is_broken_or_moved_is_made_anew(dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    made = []

    def make(venv: Path) -> None:
        made.append(venv)
        if state == "half-made":
            dev.python_in(venv).unlink(missing_ok=True)
            (venv / "bin").rmdir()
            stand_in(root, "exit 0")

    if state == "half-made":
        (root / ".venv" / "bin").mkdir(parents=True)
    else:
        stand_in(root, "exit 0")
        (root / ".venv" / dev.STAMP).write_text(json.dumps(dev.expected_stamp(root, set()) | {"root": "elsewhere"}), encoding="utf-8")
    monkeypatch.setattr(dev, "make_venv", make)
    dev.ensure(root, set())
    assert made == [root / ".venv"]
    assert dev.is_current(dev.read_stamp(root / ".venv"), root, set())


def test_python_without_ensurepip_is_told_what_to_install(dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.SetupError, match=r"apt-get install python3\.\d+-venv"):
        dev.make_venv(root / ".venv")
    assert not (root / ".venv").exists()


def test_a_real_environment_is_made_over_the_ruins_of_another(dev: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".venv").mkdir()
    (root / ".venv" / "ruin").touch()
    real = dev.checked
    # Unpacking pip takes seconds and is not what is tested.
    monkeypatch.setattr(dev, "checked", lambda command, doing: real([*command, "--without-pip"], doing))
    dev.make_venv(root / ".venv")
    assert dev.python_in(root / ".venv").exists()
    assert not (root / ".venv" / "ruin").exists()
    assert not dev.works(root / ".venv"), "pip is missing"


def test_linked_environment_is_not_cleared(dev: ModuleType, root: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "data").touch()
    (root / ".venv").symlink_to(tmp_path / "mine", target_is_directory=True)
    with pytest.raises(dev.SetupError, match="no folder of its own"):
        dev.make_venv(root / ".venv")
    assert (tmp_path / "mine" / "data").exists()


def test_older_python_gets_a_sentence(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(dev, "MINIMUM", (99, 0))
    assert dev.main(["run"]) == 1
    assert "needs Python 99.0 or newer" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["rnu"], 2), (["--help"], 0)])
def test_usage(dev: ModuleType, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int) -> None:
    assert dev.main(arguments) == code
    assert "dev.py test [PYTEST ARGS]" in capsys.readouterr().err


@needs_posix
def test_exit_code_and_arguments_are_handed_through(dev: ModuleType, tmp_path: Path) -> None:
    """`start` replaces the process, so it is called in a child."""
    child = tmp_path / "child"
    child.write_text('#!/bin/sh\nprintf "%s|" "$@" "$WORD" > "$0.out"\nexit 3\n', encoding="utf-8")
    child.chmod(0o755)
    code = f"import importlib.util as u; s = u.spec_from_file_location('dev', {str(SCRIPT)!r}); m = u.module_from_spec(s)\n"
    code += f"s.loader.exec_module(m); m.start([{str(child)!r}, 'a b', '--x'], {{'WORD': 'w'}})"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 3
    assert child.with_name("child.out").read_text(encoding="utf-8") == "a b|--x|w|"
