"""The project as a folder: where one may be made, how one is recognised, how its database comes into being and is copied.

NAME.iicproj/
├─ project.sqlite   what must not be lost
├─ backups/         copies of it from before each migration
├─ runs/<id>/       settings, events, checkpoints and arrays of a run
├─ cache/           what can be computed again
└─ .lock            held by the one writer
"""

import contextlib
import os
import shlex
import sqlite3
import time
from pathlib import Path

from iic_studio.errors import ProjectError
from iic_studio.paths import default_project_path
from iic_studio.project import schema
from iic_studio.project.disk import sync_folder

SUFFIX = ".iicproj"
_FRESH = "project.new.sqlite"
_BACKUPS_KEPT = 5


def is_project(path: Path) -> bool:
    """Whether a folder holds a project."""
    return (path / "project.sqlite").is_file()


def project_in(path: Path) -> Path:
    """The project folder a person meant: itself, or its `project.sqlite`.

    Raises:
        ProjectError: there is none.
    """
    candidate = path.parent if path.name == "project.sqlite" else path
    if not is_project(candidate):
        raise ProjectError(f"There is no project at {path}.", _where_one_is(path))
    return candidate


def _where_one_is(path: Path) -> str:
    """What to do when a path is no project: most often it is the folder of images that a project is of."""
    if path.is_dir() and is_project(default_project_path(path)):
        return f"That of this folder of images is {shlex.quote(str(default_project_path(path)))}."
    make = f"iic-studio cluster {shlex.quote(str(path)) if path.is_dir() else 'FOLDER'} --csv OUT.csv"
    return f"Name a folder that ends in .iicproj, or make one of a folder of images: `{make}`."


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path, which need not exist, lies in a folder; also through links and other spellings of its name."""
    path, folder = path.resolve(), folder.resolve()
    return path.is_relative_to(folder) or any(place.exists() and folder.exists() and place.samefile(folder) for place in path.parents)


def is_free(path: Path) -> bool:
    """Whether a project can be made at a path: nothing there, or only what an interrupted `make_database` leaves."""
    if not path.exists():
        return True
    if not path.is_dir():
        return False
    names = {entry.name for entry in path.iterdir()}
    ours = {".lock", "runs", "cache"} | {name for name in names if name.startswith(_FRESH)}
    return names <= ours and not any(any((path / part).iterdir()) for part in {"runs", "cache"} & names)


def make_database(path: Path, folder: Path) -> None:
    """Make the database of a project for a folder of images.

    It appears whole or not at all, so that a project that can be found is one that can be used.
    """
    fresh = path / _FRESH
    for leftover in path.glob(f"{_FRESH}*"):
        leftover.unlink()
    with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        schema.migrate(connection)
        connection.execute("INSERT INTO meta VALUES ('folder', ?)", (os.fsencode(folder.resolve()).hex(),))
    fresh.replace(path / "project.sqlite")
    sync_folder(path)


def back_up(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the database into `backups/`, named after its schema version; the newest few copies are kept."""
    folder = path / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"project-v{version}-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"
    fresh = target.with_suffix(".new")
    with contextlib.closing(sqlite3.connect(fresh)) as copy:
        connection.backup(copy)
    fresh.replace(target)
    for old in sorted(folder.glob("project-v*.sqlite"), key=lambda one: one.stat().st_mtime)[:-_BACKUPS_KEPT]:
        old.unlink()
