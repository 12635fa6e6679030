"""From a fresh checkout to a running program or test suite: makes `.venv`, installs the project into it, starts it.

    python3 packaging/dev.py run [ARGS]          iic-studio ARGS; without ARGS the window with the sample opened
    python3 packaging/dev.py test [PYTEST ARGS]  the whole test suite, offscreen

Standard library only. A stamp inside `.venv` says what was installed for which pyproject.toml, Python and place; it is taken away before an
installation and written after it, so an interrupted one is done again. Weakness: two of these at the same time are not kept apart.
"""

from __future__ import annotations

import collections
import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MINIMUM = (3, 11)
STAMP = "iic-studio-dev.json"
TAIL_LINES = 25
# Measured on Linux with torch 2.13 and the CUDA libraries it brings: what is installed, and the wheels that lie beside it until the end.
INSTALLED_GB, WHEELS_GB = 6.5, 3.0
EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130
WINDOWS = os.name == "nt"


class SetupError(Exception):
    """What the person has to know, in words."""


class Plan(NamedTuple):
    """What `run` starts: arguments of iic-studio, a sentence for the person, and an exit code if nothing is to be started."""

    arguments: list[str]
    message: str = ""
    exit_code: int | None = None


def has_display(system: str, environ: dict[str, str]) -> bool:
    """Whether a window can be shown; `system` as in `sys.platform`."""
    return not system.startswith("linux") or any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def plan_run(arguments: list[str], display: bool) -> Plan:
    """What to start for `dev.py run ARGUMENTS`, with and without a display."""
    command = next((argument for argument in arguments if not argument.startswith("-")), "")
    if not arguments:
        arguments, command = ["demo"], "demo"
    asks_only = {"--help", "--version", "-h"}.intersection(arguments)
    if display or asks_only or command not in ("demo", "open", "") or "--headless" in arguments:
        return Plan(arguments)
    if command == "demo":
        return Plan([*arguments, "--headless"], "There is no display, so no window can open: the same job runs headless.")
    targets = [argument for argument in arguments if not argument.startswith("-") and argument != command]
    target = targets[0] if targets else "FOLDER"
    job = "export" if (Path(target) / "project.sqlite").is_file() else "cluster"
    return Plan([], f'There is no display, so no window can open. Without one: dev.py run {job} "{target}" --csv OUT.csv', EXIT_USAGE)


def python_in(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "Scripts" / "python.exe" if WINDOWS else venv / "bin" / "python"


def script_in(venv: Path, name: str) -> Path:
    """A console script of a virtual environment."""
    return venv / "Scripts" / f"{name}.exe" if WINDOWS else venv / "bin" / name


def expected_stamp(root: Path, extras: set[str]) -> dict[str, object]:
    """What the stamp says once `extras` are installed."""
    return {
        "pyproject": hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest(),
        "python": f"{sys.implementation.cache_tag} {platform.machine()}",
        "root": str(root),
        "extras": sorted(extras),
    }


def read_stamp(venv: Path) -> dict[str, object]:
    """The stamp, or an empty one if there is none that can be read."""
    with contextlib.suppress(OSError, ValueError):
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
        if isinstance(stamp, dict):
            return stamp
    return {}


def installed_extras(stamp: dict[str, object]) -> set[str]:
    """The extras that a stamp names."""
    extras = stamp.get("extras")
    return {str(extra) for extra in extras} if isinstance(extras, list) else set()


def is_current(stamp: dict[str, object], root: Path, extras: set[str]) -> bool:
    """Whether what the stamp tells of serves for `extras`; more extras than asked for do no harm."""
    known = installed_extras(stamp)
    return extras <= known and stamp == expected_stamp(root, known)


def works(venv: Path) -> bool:
    """Whether the environment has this Python and pip; a half-made one, or one whose Python is gone, has not."""
    code = "import importlib.util, sys; print(sys.implementation.cache_tag, bool(importlib.util.find_spec('pip')))"
    try:
        answer = subprocess.run([python_in(venv), "-c", code], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.stdout.split() == [sys.implementation.cache_tag, "True"]


def say(sentence: str) -> None:
    """For the person, never in the way of data on stdout."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def checked(command: list[str], doing: str) -> None:
    """Run a command quietly.

    Raises:
        SetupError: it failed; with the last lines of what it said.
    """
    tail: collections.deque[str] = collections.deque(maxlen=TAIL_LINES)
    environ = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    show = sys.stderr.isatty()
    width = shutil.get_terminal_size().columns - 1
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            tail.append(line.rstrip())
            if show:
                sys.stderr.write(f"\r{line.strip()[:width]:{width}}")
    if show:
        sys.stderr.write(f"\r{'':{width}}\r")
    if child.returncode:
        raise SetupError("\n".join([*tail, f"{doing} failed; the lines above say why."]))


def make_venv(venv: Path) -> None:
    """A new environment, in place of what is there.

    Raises:
        SetupError: this Python cannot make one.
    """
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SetupError(f"This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install {package}")
    if venv.is_symlink() or (venv.exists() and not venv.is_dir()):
        raise SetupError(f"{venv} is no folder of its own. Move it away and run this again.")
    # Inside an environment this is the Python it was made from, so that clearing .venv does not clear what runs here.
    base = getattr(sys, "_base_executable", None) or sys.executable
    checked([base, "-m", "venv", "--clear", str(venv)], "Making .venv")


def disk_shortage(venv: Path) -> str:
    """A sentence if the disks may be too full for an installation into `venv`, else an empty one."""
    needs: dict[int, tuple[Path, float]] = {}
    for folder, gigabytes in ((venv.parent, INSTALLED_GB), (Path(tempfile.gettempdir()), WHEELS_GB)):
        first, so_far = needs.get(folder.stat().st_dev, (folder, 0.0))
        needs[folder.stat().st_dev] = (first, so_far + gigabytes)
    short = []
    for folder, gigabytes in needs.values():
        free = shutil.disk_usage(folder).free / 1e9
        if free < gigabytes:
            short.append(f"{free:.1f} GB are free on the disk of {folder}, and a first installation takes about {gigabytes:.1f} GB there.")
    return " ".join([*short, "Make room, or set TMPDIR to a folder on another disk."]) if short else ""


def install(venv: Path, target: str) -> None:
    """Install `target` with what it needs; where the disk is short pip keeps no copies.

    Raises:
        SetupError: it failed; where the disk is short that is said too.
    """
    say("Installing IIC Studio and what it needs into .venv: the first time this takes minutes, and about 6 GB with PyTorch …")
    shortage = disk_shortage(venv)
    if shortage:
        say(shortage)
    command = [str(python_in(venv)), "-m", "pip", "install", *(["--no-cache-dir"] if shortage else []), "-e", target]
    try:
        checked(command, "The installation")
    except SetupError as error:
        # Asked again: the disk may have filled while pip wrote.
        raise SetupError("\n".join(filter(None, [str(error), disk_shortage(venv)]))) from None


def ensure(root: Path, extras: set[str]) -> Path:
    """Make the environment fit pyproject.toml, this Python and `extras`; returns its folder.

    Raises:
        SetupError: it could not be made or the project could not be installed.
    """
    venv = root / ".venv"
    stamp, usable = read_stamp(venv), works(venv)
    if usable and is_current(stamp, root, extras):
        return venv
    wanted = extras | installed_extras(stamp)
    (venv / STAMP).unlink(missing_ok=True)
    moved = bool(stamp) and stamp.get("root") != str(root)
    if not usable or moved:
        say("Making a fresh .venv …" if venv.exists() else "Making .venv …")
        make_venv(venv)
    install(venv, f"{root}[{','.join(sorted(wanted))}]" if wanted else str(root))
    fresh = venv / f"{STAMP}.new"
    fresh.write_text(json.dumps(expected_stamp(root, wanted), indent=1), encoding="utf-8")
    fresh.replace(venv / STAMP)
    say("Installed.")
    return venv


def start(command: list[str], environ: dict[str, str]) -> int:
    """Become the command (POSIX), or run it and return its exit code (Windows)."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.execve(command[0], command, environ)
    with subprocess.Popen(command, env=environ) as child:
        while True:
            # Ctrl-C reaches the child as well: it decides when to end.
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()


def run(arguments: list[str]) -> int:
    """`dev.py run`."""
    plan = plan_run(arguments, has_display(sys.platform, dict(os.environ)))
    if plan.message:
        say(plan.message)
    if plan.exit_code is not None:
        return plan.exit_code
    venv = ensure(ROOT, set())
    return start([str(script_in(venv, "iic-studio")), *plan.arguments], dict(os.environ))


def plan_test(arguments: list[str], cores: int) -> list[str]:
    """Arguments of pytest: the whole suite runs on all cores, a file of tests at a time on each; whoever names tests decides that too."""
    names_some = any(not argument.startswith("-") or argument.startswith("-n") or argument == "--pdb" for argument in arguments)
    return arguments if names_some or cores < 2 else ["-n", str(min(cores, 8)), "--dist", "loadfile", *arguments]


def test(arguments: list[str]) -> int:
    """`dev.py test`."""
    venv = ensure(ROOT, {"test"})
    os.chdir(ROOT)
    return start(
        [str(python_in(venv)), "-m", "pytest", *plan_test(arguments, os.cpu_count() or 1)], os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    )


def main(arguments: list[str]) -> int:
    """Exit code of `dev.py ARGUMENTS`."""
    # Not a literal, so that linters for new Pythons leave it: this line is for old ones.
    if sys.version_info[:2] < MINIMUM:
        say(f"IIC Studio needs Python {'.'.join(map(str, MINIMUM))} or newer; this is {platform.python_version()} ({sys.executable}).")
        return EXIT_FAILED
    commands = {"run": run, "test": test}
    if not arguments or arguments[0] not in commands:
        say((__doc__ or "").strip())
        return 0 if arguments[:1] in (["-h"], ["--help"]) else EXIT_USAGE
    try:
        return commands[arguments[0]](arguments[1:])
    except SetupError as error:
        say(str(error))
        return EXIT_FAILED
    except KeyboardInterrupt:
        say("\nInterrupted. Run it again to go on.")
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
