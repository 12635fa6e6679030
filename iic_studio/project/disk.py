"""How the project meets the disk: errors in words, one writer at a time, files replaced whole, and the SQLite connection.

Weakness: the lock is the operating system's; on a network share that does not lock, two writers are not kept apart.
"""

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import filelock

from iic_studio.errors import DiskFullError, ProjectError

BUSY_S = 30.0
_NO_SUCH_PLACE = (errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL)
_PRIMARY = 0xFF  # SQLite's extended codes keep the primary one in the low byte
_LONGEST_LOG = 16_000  # pages, 64 MB
_FULL_HINT = "Free some space and run it again: what was saved is kept."
_DAMAGED_HINT = "Put back project.sqlite from the project's backups folder or from a copy of yours."


def damaged(detail: object) -> ProjectError:
    """The sentence for a database that cannot be read."""
    return ProjectError(f"The project is damaged ({str(detail).splitlines()[-1]}).", _DAMAGED_HINT)


@contextlib.contextmanager
def disk_errors(doing: str, remedy: str = "Choose another place with --project.") -> Iterator[None]:
    """Turn a full disk, a place without permission or a damaged database into a sentence.

    Args:
        doing: what was being done.
        remedy: what to do where there is no permission.

    Raises:
        DiskFullError, ProjectError: instead of `OSError` or `sqlite3.DatabaseError`; what is none of these passes.
    """
    try:
        yield
    except OSError as error:
        # EFBIG: a quota, or a file system that ends files at 4 GiB.
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFullError(f"The disk is full while {doing}.", _FULL_HINT) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            place = f": {error.filename}" if error.filename else ""
            raise ProjectError(f"No permission while {doing}{place}.", remedy) from error
        raise
    except sqlite3.DatabaseError as error:
        words = _in_words(error, doing)
        if words is None:
            raise
        raise words from error


@contextlib.contextmanager
def writing(target: Path, doing: str = "") -> Iterator[None]:
    """`disk_errors` while something that a person named is written: a place that cannot be is their mistake, not ours.

    Args:
        doing: what is being done, if it is more than writing.

    Raises:
        DiskFullError, ProjectError: instead of `OSError`.
    """
    remedy = "Choose another place for it."
    with disk_errors(doing or f"writing {target}", remedy):
        try:
            yield
        except OSError as error:
            if error.errno in _NO_SUCH_PLACE:
                raise ProjectError(f"{target} cannot be written: {os.strerror(error.errno).lower()}.", remedy) from error
            raise


def _in_words(error: sqlite3.DatabaseError, doing: str) -> ProjectError | DiskFullError | None:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError(f"The disk is full while {doing}.", _FULL_HINT)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ProjectError(f"No permission while {doing}.", "Choose another place with --project.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ProjectError(f"The project is busy while {doing}.", "Another program works on it: wait for it, or close it, and try again.")
    if code == sqlite3.SQLITE_IOERR:
        return ProjectError(
            f"The disk does not answer while {doing}: {error}.", "See whether it is still there and has room: what was saved is kept."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(error)
    return None


def lock_folder(folder: Path) -> filelock.BaseFileLock:
    """Become the one writer of a project. The lock belongs to the process, not to the thread that took it.

    Raises:
        ProjectError: another process, or another open project of this one, has it.
    """
    lock = filelock.FileLock(folder / ".lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise ProjectError(
            f"The project {folder.name} is in use by another IIC Studio.", "Close it there first, or choose another place with --project."
        ) from error
    except NotImplementedError as error:
        raise ProjectError(f"The file system of {folder} cannot lock files.", "Choose another place with --project.") from error
    return lock


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """A connection to an existing database, in autocommit mode: `Project` begins and ends its transactions itself.

    Raises:
        sqlite3.DatabaseError: it is missing, no database, or cannot be opened.
    """
    if not writable:
        return _connect_for_reading(path)
    connection = _open(path, "mode=rw")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LONGEST_LOG}")  # who writes should not wait for the disk: see `Project.settle`
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers read while the writer writes. The database remembers it, so this is not for one that may not be ours."""
    # It does not work on network shares; SQLite then answers with the mode it kept.
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    """A reader needs to make the write-ahead log's index beside the database; where it cannot, nobody writes and the file is final."""
    try:
        return _open(path, "mode=ro")
    except sqlite3.OperationalError as error:
        code = error.sqlite_errorcode & _PRIMARY
        log = path.with_name(f"{path.name}-wal")
        if code not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or (log.exists() and log.stat().st_size):
            raise
        return _open(path, "mode=ro&immutable=1")


def _open(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{how}", uri=True, timeout=BUSY_S, check_same_thread=False, isolation_level=None
    )
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")  # SQLite opens the file on first use
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """Write a file beside `target` and put it in its place when it is whole and on the disk; on an error the old one stays."""
    fresh = target.with_name(f"{target.name}.new")
    try:
        with fresh.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder last through a power cut, where the platform can."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
