"""The project folder: `project.sqlite`, `runs/<id>/`, `cache/`.

One process writes at a time (an OS lock on `.lock`); readers open without it. Each method is one transaction, so there is no "save".
Paths lie in the database as bytes, because a file name may be any bytes. Connections are per thread.
"""

import contextlib
import errno
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock
import numpy as np

from iic_studio.errors import DiskFullError, ProjectError
from iic_studio.project import schema
from iic_studio.project.records import MISSING, OK, PENDING, PROBLEM, ImageRow, RunRow
from iic_studio.records import Assignments

SUFFIX = ".iicproj"
_COLUMNS = "id, path, size, mtime_ns, quick_hash, width, height, status, reason, is_grey, thumb_offset, thumb_length"


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
        raise ProjectError(f"There is no project at {path}.", "Name a folder that ends in .iicproj, or run `iic-studio cluster FOLDER`.")
    return candidate


@contextlib.contextmanager
def disk_errors(doing: str) -> Iterator[None]:
    """Turn a full disk or a read-only place into a sentence.

    Raises:
        DiskFullError, ProjectError: instead of `OSError` or `sqlite3.OperationalError`.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"The disk is full while {doing}.", "Free some space and run it again: what was saved is kept.") from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise ProjectError(f"No permission while {doing}: {error.filename}.", "Choose another place with --project.") from error
        raise
    except sqlite3.OperationalError as error:
        if "full" in str(error):
            raise DiskFullError(f"The disk is full while {doing}.", "Free some space and run it again: what was saved is kept.") from error
        if "readonly" in str(error) or "unable to open" in str(error):
            raise ProjectError(f"No permission while {doing}.", "Choose another place with --project.") from error
        raise


class Project:
    """An open project. Use `create`, `open` or `open_or_create`; close it, or use it as a context manager.

    Attributes:
        path: the project folder.
        writable: this process holds the write lock.
    """

    def __init__(self, path: Path, lock: filelock.FileLock | None) -> None:
        self.path = path
        self._lock = lock
        self._connections: dict[int, sqlite3.Connection] = {}
        self._guard = threading.Lock()

    # Opening and closing ---------------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, folder: Path) -> Self:
        """Make a new project for a folder of images.

        Raises:
            ProjectError: the path is in use, lies inside the folder of images, or cannot be written.
        """
        if path.resolve().is_relative_to(folder.resolve()):
            raise ProjectError(
                "The project would lie inside the folder of images, where nothing is ever written.", "Choose another place with --project."
            )
        if path.exists() and any(path.iterdir()):
            raise ProjectError(f"{path} exists and is not empty.", "Choose another place with --project.")
        with disk_errors("making the project"):
            (path / "runs").mkdir(parents=True, exist_ok=True)
            (path / "cache").mkdir(exist_ok=True)
            project = cls(path, _locked(path))
            try:
                connection = project._connection()
                schema.migrate(connection)
                project.set_meta("folder", os.fsencode(folder.resolve()).hex())
            except BaseException:
                project.close()
                raise
        return project

    @classmethod
    def open(cls, path: Path, *, writable: bool = True) -> Self:
        """Open an existing project.

        Raises:
            ProjectError: no project there, damaged, newer than this program, or in use by another process (when `writable`).
        """
        path = project_in(path)
        with disk_errors("opening the project"):
            project = cls(path, _locked(path) if writable else None)
        try:
            with disk_errors("opening the project"):
                connection = project._connection()
                if writable:
                    schema.migrate(connection)
                elif schema.version_of(connection) > schema.VERSION:
                    raise ProjectError("This project was made by a newer IIC Studio.", "Update IIC Studio; the project was not changed.")
        except sqlite3.DatabaseError as error:
            project.close()
            raise ProjectError(f"The project at {path} is damaged: {error}.", "Restore project.sqlite from a backup.") from error
        except BaseException:
            project.close()
            raise
        return project

    @classmethod
    def open_or_create(cls, path: Path, folder: Path) -> Self:
        """Open the project at `path`, or make it for `folder`.

        Raises:
            ProjectError: as `open` and `create`, or the project belongs to another folder.
        """
        if not is_project(path):
            return cls.create(path, folder)
        project = cls.open(path)
        if project.folder.resolve() != folder.resolve():
            home = project.folder
            project.close()
            raise ProjectError(f"The project at {path} belongs to {home}.", "Choose another place with --project.")
        return project

    @property
    def writable(self) -> bool:
        return self._lock is not None

    def close(self) -> None:
        """Release files and lock; may be called twice."""
        with self._guard:
            for connection in self._connections.values():
                connection.close()
            self._connections.clear()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # Small facts -----------------------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """The folder of images; it may be missing at the moment."""
        return Path(os.fsdecode(bytes.fromhex(self.meta("folder"))))

    def meta(self, key: str, default: str = "") -> str:
        """A small fact by name."""
        row = self._connection().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return default if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact."""
        with self._writing() as connection:
            connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))

    @property
    def cache(self) -> Path:
        """Folder of what can be computed again."""
        return self.path / "cache"

    def run_dir(self, run: str) -> Path:
        """Folder of a run's settings, events, checkpoints and arrays."""
        return self.path / "runs" / run

    # Images ----------------------------------------------------------------------------------------------------------------------

    def images(self, *statuses: str) -> list[ImageRow]:
        """Images in the order of their ids, all or those of the given statuses."""
        marks = ", ".join("?" * len(statuses))
        where = f"WHERE status IN ({marks})" if statuses else ""
        rows = self._connection().execute(f"SELECT {_COLUMNS} FROM images {where} ORDER BY id", statuses)
        return [_image(row) for row in rows]

    def count_images(self, *statuses: str) -> int:
        """Number of images, all or of the given statuses."""
        marks = ", ".join("?" * len(statuses))
        where = f"WHERE status IN ({marks})" if statuses else ""
        return int(self._connection().execute(f"SELECT count(*) FROM images {where}", statuses).fetchone()[0])

    def last_image_id(self) -> int:
        """Highest id ever used; the training cache has that many rows."""
        row = self._connection().execute("SELECT max(id) FROM images").fetchone()
        return int(row[0] or 0)

    def add_images(self, found: Iterable[tuple[str, int, int]]) -> None:
        """Add scanned files (path, size, mtime_ns) as pending; a known path is set back to pending with its new size and time."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO images (path, size, mtime_ns) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET "
                "size = excluded.size, mtime_ns = excluded.mtime_ns, status = 'pending', reason = ''",
                ((os.fsencode(path), size, mtime_ns) for path, size, mtime_ns in found),
            )

    def set_image_status(self, ids: Iterable[int], status: str, reason: str = "") -> None:
        """Set the status of some images, e.g. `missing`."""
        with self._writing() as connection:
            connection.executemany("UPDATE images SET status = ?, reason = ? WHERE id = ?", ((status, reason, one) for one in ids))

    def move_images(self, moves: Iterable[tuple[int, str, int]]) -> None:
        """Give known images a new path (id, path, mtime_ns): the file was moved. The row that held the path is dropped."""
        moves = list(moves)
        with self._writing() as connection:
            for image_id, path, mtime_ns in moves:
                connection.execute("DELETE FROM images WHERE path = ? AND id <> ?", (os.fsencode(path), image_id))
                connection.execute(
                    "UPDATE images SET path = ?, mtime_ns = ?, status = CASE WHEN thumb_length THEN 'ok' ELSE 'pending' END, reason = '' "
                    "WHERE id = ?",
                    (os.fsencode(path), mtime_ns, image_id),
                )

    def record_decoded(self, rows: Sequence[ImageRow]) -> None:
        """Keep what decoding found, by id."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE images SET quick_hash = ?, width = ?, height = ?, status = ?, reason = ?, is_grey = ?, thumb_offset = ?, "
                "thumb_length = ? WHERE id = ?",
                (
                    (r.quick_hash, r.width, r.height, r.status, r.reason, r.is_grey, r.thumb_offset, r.thumb_length, r.id)
                    for r in rows
                ),
            )

    def forget_decoded(self) -> None:
        """The cache is gone or has another shape: every usable image is pending again."""
        with self._writing() as connection:
            connection.execute("UPDATE images SET status = ?, thumb_length = 0 WHERE status IN (?, ?)", (PENDING, OK, PROBLEM))

    # Runs ------------------------------------------------------------------------------------------------------------------------

    def add_run(self, settings: dict[str, Any], device: str) -> RunRow:
        """A new run in state `running`; ids sort by time."""
        created = time.time()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
        taken = {run.id for run in self.runs()}
        run_id = next(name for number in range(1, 10_000) if (name := f"{stamp}-{number:02d}") not in taken)
        run = RunRow(run_id, created, "running", settings, device)
        with disk_errors("making the run"):
            self.run_dir(run_id).mkdir(parents=True, exist_ok=True)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", (run.id, created, run.state, json.dumps(settings), device, "{}")
            )
        return run

    def update_run(self, run: str, *, state: str | None = None, summary: dict[str, Any] | None = None) -> None:
        """Set the state of a run, merge into its summary."""
        with self._writing() as connection:
            if state is not None:
                connection.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run))
            if summary is not None:
                merged = self.run(run).summary | summary
                connection.execute("UPDATE runs SET summary = ? WHERE id = ?", (json.dumps(merged), run))

    def runs(self) -> list[RunRow]:
        """All runs, oldest first."""
        rows = self._connection().execute("SELECT id, created, state, settings, device, summary FROM runs ORDER BY created, id")
        return [RunRow(row[0], row[1], row[2], json.loads(row[3]), row[4], json.loads(row[5])) for row in rows]

    def run(self, run: str) -> RunRow:
        """One run.

        Raises:
            ProjectError: there is none of that id.
        """
        for row in self.runs():
            if row.id == run:
                return row
        raise ProjectError(f"The project has no run {run}.")

    def last_run(self, *states: str) -> RunRow | None:
        """The newest run, of the given states if any are given."""
        fitting = [run for run in self.runs() if not states or run.state in states]
        return fitting[-1] if fitting else None

    def cluster_names(self, run: str) -> dict[int, str]:
        """Names that people gave to clusters of a run."""
        rows = self._connection().execute("SELECT cluster, name FROM cluster_names WHERE run = ?", (run,))
        return {int(cluster): str(name) for cluster, name in rows}

    def name_cluster(self, run: str, cluster: int, name: str) -> None:
        """Name a cluster; an empty name takes the name away."""
        with self._writing() as connection:
            connection.execute("DELETE FROM cluster_names WHERE run = ? AND cluster = ?", (run, cluster))
            if name.strip():
                connection.execute("INSERT INTO cluster_names VALUES (?, ?, ?)", (run, cluster, name.strip()))

    # Assignments -----------------------------------------------------------------------------------------------------------------

    def save_assignments(self, run: str, assignments: Assignments) -> None:
        """Keep where the images are, replacing the run's earlier ones in one move."""
        target = self.run_dir(run) / "assignments.npz"
        fresh = target.with_name("assignments.new.npz")
        with disk_errors("saving the assignments"):
            with fresh.open("wb") as file:
                np.savez(
                    file,
                    image_ids=assignments.image_ids,
                    probabilities=assignments.probabilities.astype(np.float32),
                    assignment=assignments.assignment,
                    votes=assignments.votes,
                    agreement=assignments.agreement,
                    sub_head=np.int64(assignments.sub_head),
                )
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, target)

    def load_assignments(self, run: str) -> Assignments | None:
        """The run's latest assignments, or None before the first."""
        path = self.run_dir(run) / "assignments.npz"
        if not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as pack:
            return Assignments(
                image_ids=pack["image_ids"],
                probabilities=pack["probabilities"],
                assignment=pack["assignment"],
                votes=pack["votes"],
                agreement=pack["agreement"],
                sub_head=int(pack["sub_head"]),
            )

    # Connections -----------------------------------------------------------------------------------------------------------------

    def _connection(self) -> sqlite3.Connection:
        key = threading.get_ident()
        with self._guard:
            known = self._connections.get(key)
            if known is None:
                known = _connect(self.path / "project.sqlite")
                self._connections[key] = known
            return known

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        if self._lock is None:
            raise ProjectError("The project is open for reading only.", "Close it in the other window or program first.")
        connection = self._connection()
        with disk_errors("saving to the project"), connection:
            yield connection


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30.0, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    # The write-ahead log does not work on network shares; SQLite then answers with the mode it kept.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _locked(path: Path) -> filelock.FileLock:
    lock = filelock.FileLock(path / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise ProjectError(
            f"The project {path.name} is in use by another IIC Studio.", "Close it there first, or choose another place with --project."
        ) from error
    return lock


def _image(row: tuple[Any, ...]) -> ImageRow:
    return ImageRow(row[0], os.fsdecode(row[1]), *row[2:9], bool(row[9]), *row[10:])


__all__ = ["MISSING", "OK", "PENDING", "PROBLEM", "SUFFIX", "Project", "disk_errors", "is_project", "project_in"]
