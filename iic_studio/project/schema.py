"""The shape of `project.sqlite` and its history.

Each migration brings the version below it up by one and never changes again. `PRAGMA user_version` holds the version;
`application_id` marks the file as ours.
"""

import sqlite3

from iic_studio.errors import ProjectError

APPLICATION_ID = 0x49494353  # "IICS"

_MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE images (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        quick_hash BLOB,
        width INTEGER NOT NULL DEFAULT 0,
        height INTEGER NOT NULL DEFAULT 0,
        status TEXT NOT NULL DEFAULT 'pending',
        reason TEXT NOT NULL DEFAULT '',
        is_grey INTEGER NOT NULL DEFAULT 0,
        thumb_offset INTEGER NOT NULL DEFAULT 0,
        thumb_length INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        created REAL NOT NULL,
        state TEXT NOT NULL,
        settings TEXT NOT NULL,
        device TEXT NOT NULL DEFAULT '',
        summary TEXT NOT NULL DEFAULT '{}'
    );
    CREATE TABLE cluster_names (
        run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        cluster INTEGER NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (run, cluster)
    ) WITHOUT ROWID;
    """,
)

VERSION = len(_MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Schema version of an open database; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an open database to `VERSION`, one transaction per step.

    Raises:
        ProjectError: the file was written by a newer version, or is no project.
    """
    current = version_of(connection)
    if current > VERSION:
        raise ProjectError(
            f"This project was made by a newer IIC Studio (project version {current}, this program knows {VERSION}).",
            "Update IIC Studio; the project was not changed.",
        )
    if current and int(connection.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION_ID:
        raise ProjectError("This SQLite file is not an IIC Studio project.", "Choose a folder that ends in .iicproj.")
    for step, script in enumerate(_MIGRATIONS[current:], start=current + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {step}; COMMIT;"
        )
