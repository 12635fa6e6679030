"""What is installed, what is wrong and how to mend it: one list of findings, for people and as JSON.

Every check stands alone and answers with findings, whatever it meets; nothing is installed or changed. Qt is tried in a child process,
because a missing library makes Qt abort. Weakness: the window is tried empty, so faults of a graphics driver are not seen.
"""

import ctypes.util
import importlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from iic_studio import __version__, paths
from iic_studio.words import counted

State = Literal["ok", "warning", "problem"]
QT_LIMIT_S = 60.0
_GIB = 1024**3
_LOW_MEMORY, _LOW_DISK, _NO_DISK = 2 * _GIB, 5 * _GIB, _GIB // 4
_PILLOW_MINIMUM = (12, 3)
_QT_PROBE = "from PySide6.QtWidgets import QApplication; app = QApplication(['iic-studio']); print(app.platformName())"
# Library that Qt asks for -> the package of Debian and Ubuntu.
_DEBIAN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `hint` says what to do, or what it means; it may be empty."""

    name: str
    value: str
    state: State = "ok"
    hint: str = ""


def collect() -> list[Finding]:
    """Everything, in the order in which people read it. Takes seconds: torch is imported and a window is tried."""
    checks: tuple[Callable[[], list[Finding]], ...] = (_program, _machine, _torch, _qt, _pictures, _places, _privacy)
    return [finding for check in checks for finding in check()]


def _program() -> list[Finding]:
    findings = [Finding("IIC Studio", __version__), Finding("Python", f"{platform.python_version()} ({platform.python_implementation()})")]
    try:
        paths.shipped("models", "presets")
        paths.shipped("resources")
    except FileNotFoundError as error:
        findings.append(Finding("Shipped files", str(error), "problem", "Install IIC Studio again."))
    return findings


def _machine() -> list[Finding]:
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    findings = [Finding("System", platform.platform()), Finding("Cores", f"{usable} of {cores}" if usable < cores else str(cores))]
    try:
        import psutil
    except ImportError:
        return [*findings, Finding("Memory", "unknown", "warning", "Install psutil to see it.")]
    memory = psutil.virtual_memory()
    return [*findings, memory_finding(memory.total, memory.available)]


def memory_finding(total: int, available: int) -> Finding:
    """Memory in bytes."""
    value = f"{available / _GIB:.1f} of {total / _GIB:.1f} GiB free"
    if available >= _LOW_MEMORY:
        return Finding("Memory", value)
    return Finding("Memory", value, "warning", "Close other programs, or train with a smaller --batch-size and --image-size.")


def _torch() -> list[Finding]:
    try:
        torch = importlib.import_module("torch")
    except (ImportError, OSError, RuntimeError) as error:
        return [Finding("PyTorch", f"cannot be imported: {_first_line(error)}", "problem", "Run: pip install --force-reinstall torch")]
    return [
        Finding(
            "PyTorch", f"{torch.__version__}, {counted(torch.get_num_threads(), 'threads')}, {torch.backends.cpu.get_cpu_capability()}"
        ),
        torchvision_finding(lambda: importlib.import_module("torchvision")),
        *_devices(torch),
    ]


def torchvision_finding(load: Callable[[], Any]) -> Finding:
    """Whether torchvision fits PyTorch; `load` imports it."""
    again = "Run: pip install --force-reinstall torch torchvision"
    try:
        return Finding("torchvision", str(load().__version__))
    except ImportError as error:
        return Finding("torchvision", f"cannot be imported: {_first_line(error)}", "problem", again)
    except (OSError, RuntimeError) as error:
        if "torchvision::" not in str(error):
            return Finding("torchvision", f"cannot be imported: {_first_line(error)}", "problem", again)
        meaning = "PyTorch and torchvision were built for different devices, for example one for the CPU only."
        return Finding("torchvision", "does not fit PyTorch", "problem", f"{meaning} {again}, so that both come from the same place.")


def _devices(torch: Any) -> list[Finding]:
    findings = []
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        cuda = bool(torch.cuda.is_available())
    if cuda:
        for index in range(torch.cuda.device_count()):
            facts = torch.cuda.get_device_properties(index)
            findings.append(Finding("CUDA device", f"{facts.name}, {facts.total_memory / _GIB:.0f} GiB"))
    elif shutil.which("nvidia-smi"):
        reason = _first_line(said[0].message) if said else "PyTorch finds none"
        hint = "Update the driver, or install the PyTorch that fits it. Training uses the CPU meanwhile."
        findings.append(Finding("CUDA device", f"there is a driver, but {reason}", "warning", hint))
    else:
        findings.append(Finding("CUDA device", "none"))
    if sys.platform == "darwin":
        findings.append(Finding("Apple GPU (MPS)", "there" if torch.backends.mps.is_available() else "none"))
    return [*findings, _training_device()]


def _training_device() -> Finding:
    from iic_studio.training.plan import choose_device
    from iic_studio.training.run_state import mixed_precision_pays

    device = choose_device("auto")
    precision = "bfloat16 where it is safe" if mixed_precision_pays(device) else "float32"
    return Finding("Training uses", f"{device.type}, {precision}")


def _qt() -> list[Finding]:
    version = _version("PySide6-Essentials", "PySide6")
    findings = [qt_version_finding(version, sys.version_info[:2])]
    graphs = _version("pyqtgraph")
    findings.append(Finding("pyqtgraph", graphs) if graphs else Finding("pyqtgraph", "missing", "problem", "Run: pip install pyqtgraph"))
    if version:
        findings.append(_window())
    return findings


def qt_version_finding(version: str, python: tuple[int, ...]) -> Finding:
    """Whether this Qt for Python can be used; an empty version means that it is missing."""
    if not version:
        hint = "Run: pip install PySide6-Essentials. Commands without a window work."
        return Finding("Qt (PySide6)", "missing", "problem", hint)
    if version == "6.12.0" and python == (3, 11):
        hint = "This release loses references to None on Python 3.11 and aborts. Run: pip install 'PySide6-Essentials!=6.12.0'"
        return Finding("Qt (PySide6)", version, "problem", hint)
    return Finding("Qt (PySide6)", version)


def _window() -> Finding:
    if getattr(sys, "frozen", False):
        return Finding("Window", "not tried in the packaged program")
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    shown = not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)
    environ = dict(os.environ) if shown else os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _QT_PROBE],
            env=environ,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=QT_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        hint = "Look whether the display answers; commands without a window work."
        return Finding("Window", f"Qt did not answer within {QT_LIMIT_S:g} s", "problem", hint)
    return window_finding(
        tried.returncode, tried.stdout, tried.stderr, shown=shown, has_cursor=bool(ctypes.util.find_library("xcb-cursor"))
    )


def window_finding(code: int, output: str, errors: str, *, shown: bool, has_cursor: bool) -> Finding:
    """What trying a window in a child process means.

    Args:
        code, output, errors: how the child ended and what it said.
        shown: there is a display.
        has_cursor: the library xcb-cursor is installed. Qt asks for it even when something else is amiss.
    """
    if code == 0:
        if not shown:
            return Finding("Window", "cannot open, for there is no display here", "ok", "Qt itself works, and so does every other command.")
        return Finding("Window", f"works ({output.strip()})")
    library = re.search(r"(lib\S+\.so[.\d]*): cannot open shared object", errors)
    if library:
        package = _DEBIAN.get(library.group(1), "")
        hint = f"On Debian and Ubuntu: apt-get install {package}" if package else "Install the package of your system that has it."
        return Finding("Window", f"the library {library.group(1)} is missing", "problem", hint)
    if "xcb-cursor" in errors and not has_cursor:
        hint = "On Debian and Ubuntu: apt-get install libxcb-cursor0; elsewhere the package is called xcb-util-cursor."
        return Finding("Window", "the library xcb-cursor is missing", "problem", hint)
    if "no Qt platform plugin could be initialized" in errors or "could not connect to display" in errors:
        hint = "Look at DISPLAY, WAYLAND_DISPLAY and QT_QPA_PLATFORM, and whether you may use that display."
        return Finding("Window", "Qt cannot reach the display", "problem", hint)
    lines = errors.strip().splitlines()
    ended = f"by signal {-code}" if code < 0 else f"with {code}"
    hint = "Run: pip install --force-reinstall PySide6-Essentials"
    return Finding("Window", f"Qt ended {ended}: {lines[-1] if lines else 'it said nothing'}", "problem", hint)


def _pictures() -> list[Finding]:
    findings = []
    try:
        import PIL
        from PIL import features
    except ImportError as error:
        findings.append(
            Finding("Pillow", f"cannot be imported: {_first_line(error)}", "problem", "Run: pip install --force-reinstall pillow")
        )
    else:
        kinds = {"JPEG": "jpg", "PNG": "zlib", "WebP": "webp", "AVIF": "avif", "TIFF": "libtiff"}
        has = {name: bool(features.check(feature)) for name, feature in kinds.items()}
        findings.append(pillow_finding(PIL.__version__, has, turbo=bool(features.check("libjpeg_turbo"))))
    for name, module, package in (("HEIC pictures", "pi_heif", "pi-heif"), ("Camera raw files", "rawpy", "rawpy")):
        if importlib.util.find_spec(module) is None:
            findings.append(Finding(name, "not read", "ok", f"To read them: pip install {package}"))
        else:
            findings.append(Finding(name, f"{package} {_version(package)}"))
    return findings


def pillow_finding(version: str, has: dict[str, bool], *, turbo: bool) -> Finding:
    """What Pillow can read; `has` tells for each kind of file."""
    value = f"{version}: {', '.join(name for name in has if has[name])}{' (libjpeg-turbo)' if turbo else ''}"
    again = "Run: pip install --force-reinstall pillow"
    if not has["JPEG"] or not has["PNG"]:
        return Finding("Pillow", value, "problem", f"Without JPEG and PNG hardly a folder can be read. {again}")
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < _PILLOW_MINIMUM:
        return Finding("Pillow", value, "warning", "Older than 12.3: holes in its decoders are known. Run: pip install --upgrade pillow")
    missing = [name for name in has if not has[name]]
    if missing:
        return Finding("Pillow", value, "warning", f"{', '.join(missing)} cannot be read. {again}")
    return Finding("Pillow", value, "ok", "" if turbo else "Without libjpeg-turbo, JPEG files are read more slowly.")


def _places() -> list[Finding]:
    return [
        place_finding("Projects lie in", paths.data_dir(), "IIC_STUDIO_DATA_DIR"),
        place_finding("Window settings lie in", paths.config_dir(), "IIC_STUDIO_CONFIG_DIR"),
    ]


def place_finding(name: str, place: Path, variable: str) -> Finding:
    """Whether files can be made in a folder, or where it would be made, and how much room there is."""
    there = next((parent for parent in (place, *place.parents) if parent.exists()), place)
    elsewhere = f"Give yourself permission, or choose another place with the environment variable {variable}."
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
        free = shutil.disk_usage(there).free
    except OSError as error:
        return Finding(name, f"{place}: cannot be written ({error.strerror})", "problem", elsewhere)
    value = f"{place}, {free / _GIB:.1f} GiB free"
    if free < _LOW_DISK:
        hint = f"Free some space, or choose another place with the environment variable {variable}."
        return Finding(name, value, "problem" if free < _NO_DISK else "warning", hint)
    return Finding(name, value)


def _privacy() -> list[Finding]:
    return [Finding("Network", "never used: pictures, results and this report stay on this machine")]


def _version(*distributions: str) -> str:
    """Version of the first distribution that is installed, or empty."""
    for name in distributions:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return ""


def _first_line(error: object) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
