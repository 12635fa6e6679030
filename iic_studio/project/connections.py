"""An open database of a project: a connection for each thread, transactions, and the lock of the process that writes."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import filelock

from iic_studio.errors import ProjectError
from iic_studio.project.disk import connect, disk_errors

_PIECE = 4000


class Connections:
    """Connections to the database in a project folder. Close them, or use them as a context manager.

    Attributes:
        path: the project folder.
        writable: this process holds the write lock.
    """

    def __init__(self, path: Path, lock: filelock.BaseFileLock | None) -> None:
        self.path = path
        self._lock = lock
        self._connections: dict[int, sqlite3.Connection] = {}
        self._guard = threading.Lock()
        self._closed = False

    @property
    def writable(self) -> bool:
        return self._lock is not None

    def close(self) -> None:
        """Release files and lock; may be called twice, from any thread, when no job works on the project."""
        with self._guard:
            self._closed = True
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

    def _connection(self) -> sqlite3.Connection:
        key = threading.get_ident()
        with self._guard:
            if self._closed:
                raise ProjectError("The project was closed.", "Open it again.")
            known = self._connections.get(key)
            if known is None:
                known = connect(self.path / "project.sqlite", writable=self.writable)
                self._connections[key] = known
            return known

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with disk_errors("reading the project"):
            return self._connection().execute(query, values).fetchall()

    def _pieces(self, query: str, values: Sequence[object] = ()) -> Iterator[list[tuple[Any, ...]]]:
        """The same, some thousands at a time."""
        with disk_errors("reading the project"):
            cursor = self._connection().execute(query, values)
            while rows := cursor.fetchmany(_PIECE):
                yield rows

    def _require_writable(self) -> None:
        if not self.writable and not self._closed:
            raise ProjectError("The project is open for reading only.", "Close it in the other window or program first.")

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; it waits for those of other threads."""
        self._require_writable()
        connection = self._connection()
        with disk_errors("saving to the project"):
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Several queries that see one state, whatever other threads write meanwhile."""
        connection = self._connection()
        with disk_errors("reading the project"):
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")
