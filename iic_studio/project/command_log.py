"""What people changed, as rows: one transaction each, in a log that can be walked back and forth without limit.

An edit is a sentence and a set of row changes (table, key, old row, new row). Doing, undoing and redoing are the same few lines for every
kind of edit, because they only put rows. Rows and log change together, so a process that is killed leaves both or neither.

The id of the last edit in force names the state, with a number that grows when the clusters of a run are numbered anew: ids are never used
twice, so an edit made for another state is refused instead of overwriting what it has not seen.
"""

import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from iic_studio.errors import ProjectError
from iic_studio.project.disk import damaged

Row = tuple[Any, ...]
_COMPRESSION = 1
_NUMBERING = "numbering"

# Columns of the key, then those of the row.
_TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "groups": (("uid",), ("name", "colour", "note")),
    "cluster_map": (("run", "cluster"), ("group_uid",)),
    "cluster_parts": (("run", "part"), ("cluster", "sub_head", "overclusters")),
    "pins": (("image",), ("group_uid", "excluded", "unsure", "origin")),
    "meta": (("key",), ("value",)),
    "classes": (("uid",), ("name", "key", "colour")),
    "labels": (("image",), ("class_uid", "origin", "weight")),
    "pixel_labels": (("image", "x", "y"), ("class_uid", "origin", "weight")),
    "truth": (("image",), ("class_name",)),
    "class_map": (("run", "cluster"), ("class_uid",)),
    "label_settings": (("key",), ("value",)),
    "runs": (("id",), ("name",)),
}
_ONLY_RENAMED = "runs"  # whose rows edits neither make nor drop; what else is in them stays


LABEL_TABLES = ("classes", "labels", "pixel_labels", "truth", "class_map", "label_settings")


@dataclass(frozen=True)
class RowChanges:
    """Rows of one table before and after; None where there is no row."""

    table: str
    keys: Sequence[Row]
    old: Sequence[Row | None]
    new: Sequence[Row | None]

    def reversed(self) -> "RowChanges":
        """The way back."""
        return RowChanges(self.table, self.keys, self.new, self.old)


@dataclass(frozen=True)
class Edit:
    """A change that a person made.

    Attributes:
        sentence: what it does, as an order: "Move 12 pictures to tulips".
        changes: one after the other.
        version: of the state it was made for.
    """

    sentence: str
    changes: tuple[RowChanges, ...]
    version: str


@dataclass(frozen=True)
class Step:
    """A step that was taken in the log: rows as they changed, the state they led to, what can be undone and redone there."""

    sentence: str
    changes: tuple[RowChanges, ...]
    version: str
    undo: str = ""
    redo: str = ""

    @property
    def changes_runs(self) -> bool:
        """Whether another run came into force, was refused, or got a name."""
        return any(one.table in ("meta", _ONLY_RENAMED) for one in self.changes)

    @property
    def changes_groups(self) -> bool:
        """Whether anything but the names of runs and what people say of classes is another."""
        return any(one.table not in (*LABEL_TABLES, _ONLY_RENAMED) for one in self.changes)


@dataclass(frozen=True)
class LogEntry:
    """A line of the log."""

    id: int
    created: float
    sentence: str
    undone: bool


class CommandLog:
    """The log of a project.

    Args:
        reading, writing: open a transaction.
    """

    def __init__(
        self,
        reading: Callable[[], AbstractContextManager[sqlite3.Connection]],
        writing: Callable[[], AbstractContextManager[sqlite3.Connection]],
    ) -> None:
        self._reading, self._writing = reading, writing

    def apply(self, edit: Edit) -> Step:
        """Do an edit. What was undone before can then no longer be redone.

        Raises:
            ProjectError: the project was changed since the edit was made, or is open for reading only.
        """
        with self._writing() as connection:
            if version_of(connection) != edit.version:
                raise ProjectError("The clusters were changed meanwhile.", "Look at them, then try again.")
            connection.execute("DELETE FROM edits WHERE undone")
            _put(connection, edit.changes)
            connection.execute(
                "INSERT INTO edits (created, sentence, changes) VALUES (?, ?, ?)", (time.time(), edit.sentence, _packed(edit.changes))
            )
            return Step(edit.sentence, edit.changes, version_of(connection), *next_sentences(connection))

    def undo(self) -> Step | None:
        """Take the last edit back; None when there is none."""
        return self._walk("SELECT id, sentence, changes FROM edits WHERE NOT undone ORDER BY id DESC LIMIT 1", undone=True)

    def redo(self) -> Step | None:
        """Do again what was undone last; None when there is nothing."""
        return self._walk("SELECT id, sentence, changes FROM edits WHERE undone ORDER BY id LIMIT 1", undone=False)

    def _walk(self, which: str, *, undone: bool) -> Step | None:
        with self._writing() as connection:
            row = connection.execute(which).fetchone()
            if row is None:
                return None
            number, sentence, packed = row
            changes = _unpacked(packed)
            if undone:
                changes = tuple(one.reversed() for one in reversed(changes))
            _put(connection, changes)
            connection.execute("UPDATE edits SET undone = ? WHERE id = ?", (undone, number))
            return Step(sentence, changes, version_of(connection), *next_sentences(connection))

    def entries(self, limit: int = -1) -> list[LogEntry]:
        """The newest lines of the log, oldest first."""
        with self._reading() as connection:
            rows = connection.execute("SELECT id, created, sentence, undone FROM edits ORDER BY id DESC LIMIT ?", (limit,)).fetchall()
        return [LogEntry(number, created, sentence, bool(undone)) for number, created, sentence, undone in reversed(rows)]


def version_of(connection: sqlite3.Connection) -> str:
    """The state a project is in."""
    last = connection.execute("SELECT ifnull(max(id), 0) FROM edits WHERE NOT undone").fetchone()[0]
    numbering = connection.execute("SELECT value FROM meta WHERE key = ?", (_NUMBERING,)).fetchone()
    return f"{last}.{numbering[0] if numbering else 0}"


def is_edited(connection: sqlite3.Connection, run: str) -> bool:
    """Whether edits, undone ones among them, may speak of clusters of a run."""
    found = connection.execute("SELECT EXISTS (SELECT 1 FROM edits) OR EXISTS (SELECT 1 FROM cluster_map WHERE run = ?)", (run,))
    return bool(found.fetchone()[0])


def note_new_numbers(connection: sqlite3.Connection) -> None:
    """Clusters are numbered otherwise from now on: edits that were made for the old numbers no longer fit."""
    connection.execute("INSERT INTO meta VALUES (?, '1') ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1", (_NUMBERING,))


def next_sentences(connection: sqlite3.Connection) -> tuple[str, str]:
    """What would be undone and what would be redone; empty where there is nothing."""
    undo = connection.execute("SELECT sentence FROM edits WHERE NOT undone ORDER BY id DESC LIMIT 1").fetchone()
    redo = connection.execute("SELECT sentence FROM edits WHERE undone ORDER BY id LIMIT 1").fetchone()
    return (str(undo[0]) if undo else "", str(redo[0]) if redo else "")


def _put(connection: sqlite3.Connection, changes: Sequence[RowChanges]) -> None:
    for one in changes:
        keys, values = _TABLES[one.table]
        gone = [key for key, row in zip(one.keys, one.new, strict=True) if row is None]
        there = [(*key, *row) for key, row in zip(one.keys, one.new, strict=True) if row is not None]
        if one.table == _ONLY_RENAMED:
            connection.executemany("UPDATE runs SET name = ? WHERE id = ?", [(name, run) for run, name in there])
            continue
        if gone:
            connection.executemany(f"DELETE FROM {one.table} WHERE {' AND '.join(f'{key} = ?' for key in keys)}", gone)
        if there:
            marks = ", ".join("?" * (len(keys) + len(values)))
            connection.executemany(f"INSERT OR REPLACE INTO {one.table} ({', '.join((*keys, *values))}) VALUES ({marks})", there)


def _packed(changes: Sequence[RowChanges]) -> bytes:
    plain = [(one.table, *map(_short, (one.keys, one.old, one.new))) for one in changes]
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), _COMPRESSION)


def _unpacked(data: bytes) -> tuple[RowChanges, ...]:
    try:
        return tuple(RowChanges(table, *map(_long, parts)) for table, *parts in json.loads(zlib.decompress(data)))
    except (zlib.error, ValueError, TypeError, IndexError) as error:
        raise damaged("an edit in the log cannot be read") from error


def _short(rows: Sequence[Row | None]) -> tuple[list[Row | None], list[int]]:
    """Each different row once, and which of them stands at each place: the rows of ten thousand moved images are all alike."""
    single = [row[0] for row in rows if row is not None and len(row) == 1]
    if len(set(single)) == len(rows):
        return [], single  # single keys, as they are
    different = list(dict.fromkeys(rows))
    if len(different) == 1:
        return different, [0] * len(rows)
    number = {row: place for place, row in enumerate(different)}
    return different, [number[row] for row in rows]


def _long(short: tuple[list[list[Any] | None], list[Any]]) -> list[Any]:
    different, places = short
    if not different:
        return [(key,) for key in places]
    rows = [None if row is None else tuple(row) for row in different]
    return [rows[place] for place in places]


def all_rows(connection: sqlite3.Connection) -> Iterator[tuple[str, int, list[Row]]]:
    """Every table that edits fill, the length of its keys, and its rows as (*key, *row), in the order of their keys."""
    for table, (keys, values) in _TABLES.items():
        if table == _ONLY_RENAMED:
            continue
        query = f"SELECT {', '.join((*keys, *values))} FROM {table} ORDER BY {', '.join(keys)}"
        yield table, len(keys), connection.execute(query).fetchall()
