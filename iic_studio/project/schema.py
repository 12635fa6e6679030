"""The shape of `project.sqlite` and its history.

Each migration brings the version below it up by one and never changes again. `PRAGMA user_version` holds the version;
`application_id` marks the file as ours.
"""

import sqlite3
from collections.abc import Callable

from iic_studio.errors import ProjectError
from iic_studio.project.disk import damaged

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
    # What files say of themselves, and runs that people name and delete.
    """
    ALTER TABLE images ADD COLUMN kind TEXT NOT NULL DEFAULT '';
    ALTER TABLE images ADD COLUMN taken TEXT NOT NULL DEFAULT '';
    ALTER TABLE images ADD COLUMN camera TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN name TEXT NOT NULL DEFAULT '';
    ALTER TABLE runs ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
    """,
    # What people know of their images: groups, which clusters of a run belong to them, pins of single images, and the log of edits.
    # Names of clusters become names of groups; the run whose groups are in force is the newest that has names. `pins` and
    # `cluster_map` have no foreign keys: what people said outlives images and runs.
    """
    CREATE TABLE groups (
        uid INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        colour TEXT NOT NULL,
        note TEXT NOT NULL
    );
    CREATE TABLE cluster_map (
        run TEXT NOT NULL,
        cluster INTEGER NOT NULL,
        group_uid INTEGER NOT NULL,
        PRIMARY KEY (run, cluster)
    ) WITHOUT ROWID;
    CREATE TABLE pins (
        image INTEGER PRIMARY KEY,
        group_uid INTEGER NOT NULL,
        excluded INTEGER NOT NULL,
        unsure INTEGER NOT NULL,
        origin INTEGER NOT NULL
    );
    CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created REAL NOT NULL,
        sentence TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0,
        changes BLOB NOT NULL
    );
    INSERT INTO meta SELECT 'accepted_run', id FROM runs WHERE id IN (SELECT run FROM cluster_names) ORDER BY created DESC, id DESC LIMIT 1;
    CREATE TEMP TABLE accepted AS
        SELECT id AS run, max(
            ifnull(json_extract(settings, '$.clusters'), 0), (SELECT 1 + max(cluster) FROM cluster_names WHERE run = id)
        ) AS clusters
        FROM runs WHERE id = (SELECT value FROM meta WHERE key = 'accepted_run');
    INSERT INTO groups
        WITH RECURSIVE numbers (number) AS (
            SELECT 0 WHERE EXISTS (SELECT 1 FROM accepted)
            UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < (SELECT clusters FROM accepted)
        )
        SELECT number, ifnull((SELECT name FROM cluster_names WHERE run = (SELECT run FROM accepted) AND cluster = number), ''), '', ''
        FROM numbers;
    INSERT INTO cluster_map SELECT run, uid, uid FROM accepted, groups;
    CREATE TEMP TABLE others AS
        SELECT run, cluster, name, (SELECT clusters FROM accepted) - 1 + row_number() OVER (ORDER BY run, cluster) AS uid
        FROM cluster_names WHERE run != (SELECT run FROM accepted);
    INSERT INTO groups SELECT uid, name, '', '' FROM others;
    INSERT INTO cluster_map SELECT run, cluster, uid FROM others;
    DROP TABLE others;
    DROP TABLE accepted;
    DROP TABLE cluster_names;
    """,
    # Classes that people know, labels of single images by which clusters become classes, truth that no map may see, corrections of the map
    # by hand, and how the map is made. No foreign keys: what people said outlives images and runs.
    """
    CREATE TABLE classes (uid INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, colour TEXT NOT NULL);
    CREATE TABLE labels (image INTEGER PRIMARY KEY, class_uid INTEGER NOT NULL, origin INTEGER NOT NULL, weight REAL NOT NULL);
    CREATE TABLE truth (image INTEGER PRIMARY KEY, class_name TEXT NOT NULL);
    CREATE TABLE class_map (
        run TEXT NOT NULL,
        cluster INTEGER NOT NULL,
        class_uid INTEGER NOT NULL,
        PRIMARY KEY (run, cluster)
    ) WITHOUT ROWID;
    CREATE TABLE label_settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    # Parts of clusters of pixels, each by some overclusters of one sub-head; their numbers stand in `cluster_map` beside those of clusters.
    """
    CREATE TABLE cluster_parts (
        run TEXT NOT NULL,
        part INTEGER NOT NULL,
        cluster INTEGER NOT NULL,
        sub_head INTEGER NOT NULL,
        overclusters TEXT NOT NULL,
        PRIMARY KEY (run, part)
    ) WITHOUT ROWID;
    """,
)

VERSION = len(_MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Schema version of an open database; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check(connection: sqlite3.Connection) -> None:
    """Refuse what this program must not touch.

    Raises:
        ProjectError: the file was written by a newer version, is damaged, or is no project.
    """
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise damaged("project.sqlite is empty")
    if int(connection.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION_ID:
        raise ProjectError("This SQLite file is not an IIC Studio project.", "Choose a folder that ends in .iicproj.")
    current = version_of(connection)
    if current > VERSION:
        raise ProjectError(
            f"This project was made by a newer IIC Studio (project version {current}, this program knows {VERSION}).",
            "Update IIC Studio; the project was not changed.",
        )
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]  # 0.03 s for 200,000 images
    if found != "ok":
        raise damaged(found)


def migrate(connection: sqlite3.Connection, before: Callable[[int], None] | None = None) -> None:
    """Bring an open database to `VERSION`, one transaction per step; an empty one gets all its tables.

    Args:
        before: called with the old version before an existing project is changed, to keep a copy of it.
    """
    current = version_of(connection)
    if before is not None and 0 < current < VERSION:
        before(current)
    for step, script in enumerate(_MIGRATIONS[current:], start=current + 1):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {step}; COMMIT;"
            )
        except BaseException:
            if connection.in_transaction:  # executescript stops where it failed, inside the transaction
                connection.rollback()
            raise
