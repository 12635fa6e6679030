"""What the window remembers between two starts: its shape, the theme, the projects opened last. An INI file in the user's config directory.

Nothing that decides a result lies here; that is in the project.
"""

import os
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from iic_studio.paths import config_dir
from iic_studio.project.store import is_project

MAX_RECENT = 6


class Preferences:
    """Typed access to the INI file."""

    def __init__(self, file: Path | None = None) -> None:
        self._settings = QSettings(str(file or config_dir() / "window.ini"), QSettings.Format.IniFormat)

    def bytes_of(self, key: str) -> QByteArray:
        """A saved shape, or an empty one."""
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def text(self, key: str, default: str = "") -> str:
        """A saved word."""
        value = self._settings.value(key)
        return value if isinstance(value, str) else default

    def set(self, key: str, value: QByteArray | str) -> None:
        """Keep a value."""
        self._settings.setValue(key, value)

    def save(self) -> None:
        """Write the file now."""
        self._settings.sync()

    def recent(self) -> list[tuple[Path, str, str]]:
        """(project, name, folder of pictures) of the projects opened last that still exist, newest first."""
        return [(project, _path(folder).name or folder, folder) for project, folder in self._listed() if is_project(project)]

    def lost(self) -> list[tuple[Path, str]]:
        """(project, name) of those that are not where they were: moved, deleted, or on a disk that is not there."""
        return [(project, _path(folder).name or folder) for project, folder in self._listed() if not is_project(project)]

    def add_recent(self, project: Path, folder: Path) -> None:
        """Put a project at the top of the list."""
        self._list([(project, str(folder)), *(one for one in self._listed() if one[0] != project)])

    def forget_recent(self, project: Path) -> None:
        """Take a project out of the list."""
        self._list([one for one in self._listed() if one[0] != project])

    def _listed(self) -> list[tuple[Path, str]]:
        places = [(self.text(f"recent/{place}/project"), self.text(f"recent/{place}/folder")) for place in range(MAX_RECENT)]
        return [(_path(project), str(_path(folder))) for project, folder in places if project]

    def _list(self, projects: list[tuple[Path, str]]) -> None:
        for place in range(MAX_RECENT):
            project, folder = projects[place] if place < len(projects) else ("", "")
            self.set(f"recent/{place}/project", os.fsencode(project).hex())
            self.set(f"recent/{place}/folder", os.fsencode(folder).hex())


def _path(stored: str) -> Path:
    """A path from its bytes in hex: it may hold bytes that no INI file takes."""
    try:
        return Path(os.fsdecode(bytes.fromhex(stored)))
    except ValueError:
        return Path(stored)
