"""The project folder: `project.sqlite`, `runs/<id>/`, `cache/`.

One process writes at a time (an OS lock on `.lock`); readers open without it. Each method is one transaction, so there is no "save".
Paths lie in the database as bytes, because a file name may be any bytes.
"""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from iic_studio.errors import ProjectError
from iic_studio.project import schema
from iic_studio.project.arrays import read_assignments, write_assignments
from iic_studio.project.command_log import CommandLog
from iic_studio.project.connections import Connections
from iic_studio.project.disk import disk_errors, lock_folder, use_write_ahead_log, writing
from iic_studio.project.folder import SUFFIX, back_up, is_free, is_inside, is_project, make_database, project_in
from iic_studio.project.records import MISSING, OK, PENDING, PROBLEM, ImageRow, RunRow
from iic_studio.records import Assignments

_COLUMNS = "id, path, size, mtime_ns, quick_hash, width, height, status, reason, is_grey, thumb_offset, thumb_length, kind, taken, camera"


class Project(Connections):
    """An open project. Use `create`, `open` or `open_or_create`; close it, or use it as a context manager."""

    # Opening and closing ---------------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, path: Path, folder: Path) -> Self:
        """Make a new project for a folder of images. What an interrupted `create` left behind is taken over.

        Raises:
            ProjectError: the path is in use, lies inside the folder of images, or cannot be written.
        """
        with disk_errors("making the project"):
            with writing(path):
                lies_inside, has_room = is_inside(path, folder), is_free(path)
            if lies_inside:
                raise ProjectError(
                    "The project would lie inside the folder of images, where nothing is ever written.",
                    "Choose another place with --project.",
                )
            if not has_room:
                raise ProjectError(f"{path} exists and is not empty.", "Choose another place with --project.")
            with writing(path, "making the project"):
                for part in ("runs", "cache"):
                    (path / part).mkdir(parents=True, exist_ok=True)
            project = cls(path, lock_folder(path))
            try:
                if is_project(path):  # made by another process since
                    raise ProjectError(f"{path} exists and is not empty.", "Choose another place with --project.")
                make_database(path, folder)
                use_write_ahead_log(project._connection())
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
        with disk_errors(
            "opening the project", "Copy it to where it can be written." if writable else "Ask for the permission to read it."
        ):
            project = cls(path, lock_folder(path) if writable else None)
            try:
                connection = project._connection()
                schema.check(connection)
                if writable:
                    use_write_ahead_log(connection)
                    schema.migrate(connection, lambda version: back_up(connection, path, version))
                elif schema.version_of(connection) < schema.VERSION:
                    raise ProjectError("This project was made by an older IIC Studio.", "Open it once where it can be written.")
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

    # Small facts -----------------------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """The folder of images; it may be missing at the moment."""
        return Path(os.fsdecode(bytes.fromhex(self.meta("folder"))))

    def meta(self, key: str, default: str = "") -> str:
        """A small fact by name."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else default

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact."""
        with self.writing() as connection:
            connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value))

    @property
    def version(self) -> int:
        """Another number, for the thread that asks, after every change in the database by another thread or process."""
        return int(self._rows("PRAGMA data_version")[0][0])

    @property
    def cache(self) -> Path:
        """Folder of what can be computed again."""
        return self.path / "cache"

    def run_dir(self, run: str) -> Path:
        """Folder of a run's settings, events, checkpoints and arrays."""
        return self.path / "runs" / run

    @property
    def edits(self) -> CommandLog:
        """What people changed, to be undone and redone."""
        return CommandLog(self.reading, self.writing)

    def settle(self) -> None:
        """Bring what was written last from the log beside the database into it. It is kept already; this waits for the disk."""
        self._rows("PRAGMA wal_checkpoint(PASSIVE)")

    # Images ----------------------------------------------------------------------------------------------------------------------

    def images(self, *statuses: str) -> list[ImageRow]:
        """Images in the order of their ids, all or those of the given statuses."""
        marks = ", ".join("?" * len(statuses))
        where = f"WHERE status IN ({marks})" if statuses else ""
        return [_image(row) for row in self._rows(f"SELECT {_COLUMNS} FROM images {where} ORDER BY id", statuses)]

    def image(self, image_id: int) -> ImageRow:
        """One image.

        Raises:
            ProjectError: there is none of that id.
        """
        rows = self._rows(f"SELECT {_COLUMNS} FROM images WHERE id = ?", (image_id,))
        if not rows:
            raise ProjectError(f"The project has no image {image_id}.")
        return _image(rows[0])

    def image_columns(self, *columns: str, status: str = OK) -> list[list[Any]]:
        """Some columns of all images of a status as lists, paths as `str`: for 200,000 images several times faster than `images`."""
        return [list(one) for one in self._columns(columns, "WHERE status = ?", status)]

    def image_facts(self, *columns: str) -> list[tuple[Any, ...]]:
        """Some columns of all images in the order of their ids, each as a tuple; paths as `str`. Several times faster than `images`."""
        return self._columns(columns)

    def _columns(self, columns: Sequence[str], where: str = "", *values: object) -> list[tuple[Any, ...]]:
        found: list[list[Any]] = [[] for _ in columns]
        # Piece by piece: rows by the hundred thousand at once are turned, freed and looked through for cycles with no other thread let in.
        for rows in self._pieces(f"SELECT {', '.join(columns)} FROM images {where} ORDER BY id", values):
            for name, into, values_of_one in zip(columns, found, zip(*rows, strict=True), strict=True):
                # One call instead of one for each path.
                into.extend(os.fsdecode(b"\0".join(values_of_one)).split("\0") if name == "path" else values_of_one)
        return [tuple(one) for one in found]

    def count_images(self, *statuses: str) -> int:
        """Number of images, all or of the given statuses."""
        marks = ", ".join("?" * len(statuses))
        where = f"WHERE status IN ({marks})" if statuses else ""
        return int(self._rows(f"SELECT count(*) FROM images {where}", statuses)[0][0])

    def all_grey(self) -> bool:
        """Whether every usable image is grey, and there is one."""
        return bool(self._rows("SELECT coalesce(min(is_grey), 0) FROM images WHERE status = ?", (OK,))[0][0])

    def last_image_id(self) -> int:
        """Highest id ever used; the training cache has that many rows."""
        rows = self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'images'")
        return int(rows[0][0]) if rows else 0

    def add_images(self, found: Iterable[tuple[str, int, int]]) -> None:
        """Add scanned files (path, size, mtime_ns) as pending; a known path is set back to pending with its new size and time."""
        given = {os.fsencode(path): (size, mtime_ns, os.fsencode(path)) for path, size, mtime_ns in found}
        with self.writing() as connection:
            # Not an upsert: SQLite counts an id as used for every row of one, and the training cache grows with the highest id.
            known = {path for (path,) in connection.execute("SELECT path FROM images")}
            connection.executemany(
                "UPDATE images SET size = ?, mtime_ns = ?, status = 'pending', reason = '' WHERE path = ?",
                (row for path, row in given.items() if path in known),
            )
            connection.executemany(
                "INSERT INTO images (size, mtime_ns, path) VALUES (?, ?, ?)", (row for path, row in given.items() if path not in known)
            )

    def set_image_status(self, ids: Iterable[int], status: str, reason: str = "") -> None:
        """Set the status of some images, e.g. `missing`."""
        with self.writing() as connection:
            connection.executemany("UPDATE images SET status = ?, reason = ? WHERE id = ?", ((status, reason, one) for one in ids))

    def move_images(self, moves: Iterable[tuple[int, str, int]]) -> None:
        """Give known images a new path (id, path, mtime_ns): the file was moved. Another row that held the path is dropped.

        All moves happen at once: two files may have changed places.
        """
        new = [(os.fsencode(path), mtime_ns, image_id) for image_id, path, mtime_ns in moves]
        with self.writing() as connection:
            # Out of each other's way first, under names that no file can have.
            connection.executemany("UPDATE images SET path = ? WHERE id = ?", ((b"\0%d" % image_id, image_id) for _, _, image_id in new))
            connection.executemany("DELETE FROM images WHERE path = ?", ((path,) for path, _, _ in new))
            connection.executemany(
                "UPDATE images SET path = ?, mtime_ns = ?, status = CASE WHEN thumb_length THEN 'ok' ELSE 'pending' END, reason = '' "
                "WHERE id = ?",
                new,
            )

    def record_decoded(self, rows: Sequence[ImageRow]) -> None:
        """Keep what decoding found, by id."""
        with self.writing() as connection:
            connection.executemany(
                "UPDATE images SET quick_hash = ?, width = ?, height = ?, status = ?, reason = ?, is_grey = ?, thumb_offset = ?, "
                "thumb_length = ? WHERE id = ?",
                ((r.quick_hash, r.width, r.height, r.status, r.reason, r.is_grey, r.thumb_offset, r.thumb_length, r.id) for r in rows),
            )
            _keep_shots(connection, rows)

    def record_shots(self, rows: Sequence[ImageRow]) -> None:
        """Keep kind, date and camera alone, by id."""
        with self.writing() as connection:
            _keep_shots(connection, rows)

    def forget_decoded(self) -> None:
        """The cache is gone or has another shape: every usable image is pending again."""
        with self.writing() as connection:
            connection.execute("UPDATE images SET status = ?, thumb_length = 0 WHERE status IN (?, ?)", (PENDING, OK, PROBLEM))

    # Runs ------------------------------------------------------------------------------------------------------------------------

    def add_run(self, settings: dict[str, Any], device: str, *, beside: str = "") -> RunRow:
        """A new run in state `running`; ids sort by time. `beside`: see `RunRow.beside`."""
        summary = {"beside": beside} if beside else {}
        created = time.time()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
        with self.writing() as connection:
            taken = {run for (run,) in connection.execute("SELECT id FROM runs")}
            run_id = next(name for number in range(1, 10_000) if (name := f"{stamp}-{number:02d}") not in taken)
            self.run_dir(run_id).mkdir(parents=True, exist_ok=True)
            connection.execute(
                "INSERT INTO runs (id, created, state, settings, device, summary) VALUES (?, ?, ?, ?, ?, ?)",
                (run_id, created, "running", json.dumps(settings), device, json.dumps(summary)),
            )
        return RunRow(run_id, created, "running", settings, device, summary)

    def update_run(
        self, run: str, *, state: str | None = None, settings: dict[str, Any] | None = None, summary: dict[str, Any] | None = None
    ) -> None:
        """Set the state or the settings of a run, merge into its summary."""
        with self.writing() as connection:
            if settings is not None:
                connection.execute(
                    "UPDATE runs SET settings = ?, device = ? WHERE id = ?", (json.dumps(settings), str(settings.get("device", "")), run)
                )
            if state is not None:
                connection.execute("UPDATE runs SET state = ? WHERE id = ?", (state, run))
            if summary is not None:
                merged = self.run(run).summary | summary
                connection.execute("UPDATE runs SET summary = ? WHERE id = ?", (json.dumps(merged), run))

    def delete_run(self, run: str, *, deleted: bool = True) -> None:
        """Take a run out of every list, or put it back; `purge_runs` takes it from the disk.

        Raises:
            ProjectError: it is running.
        """
        with self.writing() as connection:
            ended = connection.execute("UPDATE runs SET deleted = ? WHERE id = ? AND state != 'running'", (deleted, run))
            if not ended.rowcount:
                raise ProjectError("A run that is under way cannot be deleted.", "Stop it first.")

    def purge_runs(self) -> None:
        """Take deleted runs from the disk, for good."""
        gone = self.runs(deleted=True, beside=True)
        for run in gone:
            shutil.rmtree(self.run_dir(run.id), ignore_errors=True)
        if gone:
            with self.writing() as connection:
                connection.executemany("DELETE FROM runs WHERE id = ?", ((run.id,) for run in gone))

    def runs(self, *, deleted: bool = False, beside: bool = False) -> list[RunRow]:
        """All trainings, or the deleted ones, oldest first; with `beside` also baselines and repeats, which are never taken unasked."""
        rows = self._rows(
            "SELECT id, created, state, settings, device, summary, name FROM runs WHERE deleted = ? ORDER BY created, id", (deleted,)
        )
        found = [RunRow(row[0], row[1], row[2], json.loads(row[3]), row[4], json.loads(row[5]), row[6], deleted) for row in rows]
        return [run for run in found if beside or not run.beside]

    def run(self, run: str) -> RunRow:
        """One run.

        Raises:
            ProjectError: there is none of that id.
        """
        for row in self.runs(beside=True):
            if row.id == run:
                return row
        raise ProjectError(f"The project has no run {run}.")

    def last_run(self, *states: str) -> RunRow | None:
        """The newest run, of the given states if any are given."""
        fitting = [run for run in self.runs() if not states or run.state in states]
        return fitting[-1] if fitting else None

    # Assignments -----------------------------------------------------------------------------------------------------------------

    def save_assignments(self, run: str, assignments: Assignments) -> None:
        """Keep where the images are, replacing the run's earlier ones in one move."""
        self._require_writable()
        write_assignments(self.run_dir(run), assignments)

    def load_assignments(self, run: str) -> Assignments | None:
        """The run's latest assignments, or None before the first.

        Raises:
            ProjectError: the file is damaged.
        """
        return read_assignments(self.run_dir(run))


def _image(row: tuple[Any, ...]) -> ImageRow:
    image_id, path, size, mtime_ns, quick_hash, width, height, status, reason, is_grey, *rest = row
    return ImageRow(image_id, os.fsdecode(path), size, mtime_ns, quick_hash, width, height, status, reason, bool(is_grey), *rest)


def _keep_shots(connection: sqlite3.Connection, rows: Sequence[ImageRow]) -> None:
    connection.executemany(
        "UPDATE images SET kind = ?, taken = ?, camera = ? WHERE id = ?", ((row.kind, row.taken, row.camera, row.id) for row in rows)
    )


__all__ = ["MISSING", "OK", "PENDING", "PROBLEM", "SUFFIX", "Project", "disk_errors", "is_project", "project_in"]
