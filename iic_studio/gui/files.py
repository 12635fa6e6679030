"""Files outside the window: where the current image lies, showing a file in the file manager."""

import contextlib
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from iic_studio.errors import StudioError
from iic_studio.gui.session import Session


def path_of(session: Session, row: int) -> Path | None:
    """Where the image of a row lies, or None without a project or row."""
    if session.project is None or not 0 <= row < len(session.table):
        return None
    return session.project.folder / session.table.paths[row]


def high_bit_range_of(session: Session) -> tuple[float, float] | None:
    """Values that become black and white in pictures of more than 8 bits: the same for all of the project, as in their thumbnails."""
    if session.project is None:
        return None
    from iic_studio.jobs.indexing import high_bit_range  # imports torch

    with contextlib.suppress(StudioError):  # the disk is gone: whoever reads the pictures will say so
        return high_bit_range(session.project)
    return None


def printable(path: str) -> str:
    """A path as text that any widget takes: bytes that are not UTF-8 become a replacement sign."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def open_with_system(path: Path) -> None:
    """Open a file with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def reveal(path: Path) -> None:
    """Show a file in the system's file manager, marked where the system can do that."""
    if sys.platform == "darwin":
        subprocess.Popen(["open", "-R", str(path)])
    elif sys.platform == "win32":
        subprocess.Popen(["explorer", "/select,", str(path)])
    else:
        open_with_system(path.parent)
