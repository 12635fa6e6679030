"""The store: what was said is kept, whatever happens to the process, and what cannot be done is said in a sentence."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.curation import Curator, edits
from iic_studio.errors import DiskFullError, ProjectError
from iic_studio.project import schema
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project, is_project, project_in
from iic_studio.records import Assignments

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's limits and file names")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    return tmp_path / "pictures"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "mine.iicproj"


@pytest.fixture
def project(home: Path, folder: Path) -> Iterator[Project]:
    with Project.create(home, folder) as made:
        yield made


def paths_of(project: Project, *statuses: str) -> dict[str, int]:
    return {row.path: row.id for row in project.images(*statuses)}


def decoded(row: ImageRow) -> ImageRow:
    return ImageRow(row.id, row.path, row.size, row.mtime_ns, b"hash", 64, 48, "ok", "", True, 10, 20)


def assignments(count: int = 6, clusters: int = 3, seed: int = 0) -> Assignments:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(clusters), count).astype(np.float32)
    assignment = probabilities.argmax(1)
    ids = np.arange(1, count + 1)
    return Assignments(ids, probabilities, assignment, assignment[:, None].repeat(2, 1), np.ones(count, np.float32), seed)


def run_python(code: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


# Making and opening


def test_new_project_knows_its_folder(home: Path, folder: Path) -> None:
    with Project.create(home, folder) as project:
        assert project.folder == folder
        assert project.writable
        assert project.images() == []
        assert project.runs() == []
        assert project.last_image_id() == 0
        assert project.cache.is_dir()
    assert not is_project(folder)
    assert list(folder.iterdir()) == []
    with Project.open(home) as again:
        assert again.folder == folder
    assert project_in(home / "project.sqlite") == home


def test_what_is_closed_leaves_one_file(home: Path, folder: Path) -> None:
    """The write-ahead log is folded in, so that a copy of `project.sqlite` is a copy of the project."""
    with Project.create(home, folder) as project:
        project.add_images([("a.png", 1, 1)])
        assert (home / "project.sqlite-wal").exists()
    assert sorted(path.name for path in home.iterdir() if path.name != ".lock") == ["cache", "project.sqlite", "runs"]


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="There is no project at"):
        Project.open(tmp_path)


@pytest.mark.parametrize("inside", [".", "mine.iicproj", "deep/er/mine.iicproj"])
def test_project_inside_the_folder_of_images_is_refused(folder: Path, inside: str) -> None:
    with pytest.raises(ProjectError, match="inside the folder of images"):
        Project.create(folder / inside, folder)
    assert list(folder.iterdir()) == []


def test_project_inside_through_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(ProjectError, match="inside the folder of images"):
        Project.create(tmp_path / "link" / "mine.iicproj", folder)
    with pytest.raises(ProjectError, match="inside the folder of images"):
        Project.create(folder / "mine.iicproj", tmp_path / "link")


@pytest.mark.parametrize("kind", ["folder", "file", "results"])
def test_place_that_is_taken_is_refused(home: Path, folder: Path, kind: str) -> None:
    if kind == "file":
        home.write_text("mine", encoding="utf-8")
    else:
        (home / "runs").mkdir(parents=True)
        (home / ("letter.txt" if kind == "folder" else "runs/20250101-000000-01")).touch()
    with pytest.raises(ProjectError, match="exists and is not empty"):
        Project.create(home, folder)


def test_what_an_interrupted_creation_left_is_taken_over(home: Path, folder: Path) -> None:
    for part in ("runs", "cache"):
        (home / part).mkdir(parents=True)
    for name in (".lock", "project.new.sqlite", "project.new.sqlite-journal"):
        (home / name).write_bytes(b"half a database")
    assert not is_project(home)
    with Project.open_or_create(home, folder) as project:
        assert project.folder == folder


def test_a_name_that_is_too_long_for_the_disk_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be written: file name too long"):
        Project.create(tmp_path / ("a" * 300 + ".iicproj"), folder)


def test_open_or_create_makes_then_opens_then_refuses_another_folder(home: Path, folder: Path, tmp_path: Path) -> None:
    with Project.open_or_create(home, folder) as project:
        project.add_images([("a.png", 1, 1)])
    with Project.open_or_create(home, folder) as project:
        assert list(paths_of(project)) == ["a.png"]
    with pytest.raises(ProjectError, match=r"belongs to .*pictures"):
        Project.open_or_create(home, tmp_path / "other")
    Project.open(home).close()


@linux_only
def test_folder_of_any_bytes(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"b\xfclder")
    folder.mkdir()
    Project.create(home, folder).close()
    with Project.open(home) as project:
        assert project.folder == folder


# One writer


def test_second_writer_gets_a_sentence(project: Project, home: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        Project.open(home)
    assert "in use by another IIC Studio" in caught.value.message
    assert caught.value.hint


def test_writer_in_another_process_gets_a_sentence(project: Project, home: Path) -> None:
    done = run_python("import sys, pathlib; from iic_studio.project.store import Project; Project.open(pathlib.Path(sys.argv[1]))", home)
    assert "in use by another IIC Studio" in done.stderr


def test_closing_frees_the_project_even_from_another_thread(home: Path, folder: Path) -> None:
    project = Project.create(home, folder)
    thread = threading.Thread(target=project.close)
    thread.start()
    thread.join()
    Project.open(home).close()
    project.close()


def test_failed_opening_frees_the_project(home: Path, folder: Path) -> None:
    Project.create(home, folder).close()
    with contextlib.closing(sqlite3.connect(home / "project.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    for _ in range(2):
        with pytest.raises(ProjectError, match="newer IIC Studio"):
            Project.open(home)


def test_reader_sees_what_the_writer_does(project: Project, home: Path) -> None:
    with Project.open(home, writable=False) as reader:
        assert not reader.writable
        project.add_images([("a.png", 1, 1)])
        assert list(paths_of(reader)) == ["a.png"]


def test_reader_changes_nothing(project: Project, home: Path) -> None:
    run = project.add_run({}, "cpu").id
    with Project.open(home, writable=False) as reader:
        for change in (
            lambda: reader.add_images([("a.png", 1, 1)]),
            lambda: reader.set_meta("folder", ""),
            lambda: reader.add_run({}, "cpu"),
            lambda: reader.save_assignments(run, assignments()),
        ):
            with pytest.raises(ProjectError, match="reading only"):
                change()
    assert project.images() == []
    assert len(project.runs()) == 1


def test_closed_project_says_so(project: Project) -> None:
    project.close()
    for use in (project.images, lambda: project.set_meta("a", "b")):
        with pytest.raises(ProjectError, match="was closed"):
            use()


@contextlib.contextmanager
def write_protected(place: Path) -> Iterator[None]:
    """A folder as on a read-only medium. For root, to whom permissions do not apply, as another user sees it."""
    things = [place, *place.rglob("*")]
    parents = [parent for parent in place.parents if not parent.stat().st_mode & 0o001]
    before = {thing: thing.stat().st_mode for thing in [*things, *parents]}
    root = os.geteuid() == 0
    try:
        for thing in parents if root else []:
            thing.chmod(before[thing] | 0o555)
        for thing in things:
            thing.chmod(0o555 if thing.is_dir() else 0o444)
        if root:
            os.seteuid(65534)
        yield
    finally:
        if root:
            os.seteuid(0)
        for thing, mode in before.items():
            thing.chmod(mode)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_project_on_a_read_only_medium_opens_for_reading(home: Path, folder: Path) -> None:
    with Project.create(home, folder) as project:
        project.add_images([("a.png", 1, 1)])
    with write_protected(home):
        with Project.open(home, writable=False) as reader:
            assert list(paths_of(reader)) == ["a.png"]
        with pytest.raises(ProjectError, match=r"No permission|in use"):
            Project.open(home)
        with pytest.raises(ProjectError, match="No permission while making the project"):
            Project.create(home / "sub.iicproj", folder)


# Damage


def test_newer_project_is_left_alone(home: Path, folder: Path) -> None:
    Project.create(home, folder).close()
    with contextlib.closing(sqlite3.connect(home / "project.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = (home / "project.sqlite").read_bytes()
    for writable in (True, False):
        with pytest.raises(ProjectError) as caught:
            Project.open(home, writable=writable)
        assert caught.value.hint == "Update IIC Studio; the project was not changed."
    assert (home / "project.sqlite").read_bytes() == before


@pytest.mark.parametrize("writable", [True, False])
@pytest.mark.parametrize("damage", ["empty", "text", "cut", "overwritten"])
def test_damaged_project_gets_a_sentence(home: Path, folder: Path, damage: str, writable: bool) -> None:
    with Project.create(home, folder) as project:
        project.add_images((f"{number:05d}.png", 1, 1) for number in range(2000))
    file = home / "project.sqlite"
    whole = file.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "empty": b"",
        "text": b"Dear diary " * 1000,
        "cut": whole[:middle],
        "overwritten": whole[:middle] + bytes(range(256)) * 32 + whole[middle + 8192 :],
    }
    file.write_bytes(damaged[damage])
    with pytest.raises(ProjectError) as caught:
        Project.open(home, writable=writable)
    assert "damaged" in caught.value.message
    assert "backup" in caught.value.hint
    assert file.read_bytes() == damaged[damage]


@pytest.mark.parametrize("version", [0, 1])
def test_foreign_database_is_left_alone(home: Path, version: int) -> None:
    home.mkdir()
    with contextlib.closing(sqlite3.connect(home / "project.sqlite")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    before = (home / "project.sqlite").read_bytes()
    with pytest.raises(ProjectError, match="not an IIC Studio project"):
        Project.open(home)
    assert (home / "project.sqlite").read_bytes() == before


# Migrations


def fake_migrations(monkeypatch: pytest.MonkeyPatch, *scripts: str) -> None:
    monkeypatch.setattr(schema, "_MIGRATIONS", (*schema._MIGRATIONS, *scripts))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + len(scripts))


def test_migration_keeps_a_copy_of_the_old_project(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Project.create(home, folder) as project:
        project.add_images([("a.png", 1, 1)])
    old = schema.VERSION
    fake_migrations(monkeypatch, "ALTER TABLE images ADD COLUMN stars INTEGER;", "UPDATE images SET stars = 5;")
    with Project.open(home) as project:
        assert project._rows("SELECT stars FROM images") == [(5,)]
    (backup,) = (home / "backups").iterdir()
    assert backup.name.startswith(f"project-v{old}-")
    with contextlib.closing(sqlite3.connect(backup)) as connection:
        assert schema.version_of(connection) == old
        assert connection.execute("SELECT path FROM images").fetchall() == [(b"a.png",)]
    Project.open(home).close()
    assert len(list((home / "backups").iterdir())) == 1, "an up-to-date project is not copied"


def test_migration_that_fails_changes_nothing(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Project.create(home, folder).close()
    with monkeypatch.context() as newer:
        fake_migrations(newer, "CREATE TABLE half (x); INSERT INTO nowhere VALUES (1);")
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            Project.open(home)
    with Project.open(home) as project:
        assert project._rows("SELECT count(*) FROM sqlite_master WHERE name = 'half'") == [(0,)]


def test_older_project_cannot_be_only_read(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Project.create(home, folder).close()
    fake_migrations(monkeypatch, "CREATE TABLE more (x);")
    with pytest.raises(ProjectError, match="older IIC Studio"):
        Project.open(home, writable=False)


def test_only_the_newest_backups_are_kept(home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Project.create(home, folder).close()
    for number in range(8):
        fake_migrations(monkeypatch, f"CREATE TABLE t{number} (x);")
        Project.open(home).close()
    kept = sorted(int(path.name.split("-")[1].removeprefix("v")) for path in (home / "backups").iterdir())
    last = schema.VERSION - 1
    assert kept == list(range(last - 4, last + 1))


# Images


@linux_only
@settings(max_examples=30, deadline=None)
@given(raw=st.binary(min_size=1, max_size=40).filter(lambda raw: b"\0" not in raw))
def test_paths_of_any_bytes_survive(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    base = tmp_path_factory.mktemp("any")
    with Project.create(base / "p.iicproj", base / "pictures") as project:
        project.add_images([(os.fsdecode(raw), 1, 2)])
        assert [os.fsencode(row.path) for row in project.images()] == [raw]


def test_found_images_are_pending_until_decoded(project: Project) -> None:
    project.add_images([("b.png", 5, 6), ("a.png", 3, 4)])
    first, second = project.images()
    assert (first.path, first.size, first.mtime_ns, first.status) == ("b.png", 5, 6, "pending")
    project.record_decoded([decoded(first)])
    assert project.images("ok") == [decoded(first)]
    assert project.images("pending") == [second]
    assert (project.count_images(), project.count_images("ok"), project.count_images("ok", "pending")) == (2, 1, 2)


def test_rescan_sets_only_what_was_found_back(project: Project) -> None:
    project.add_images([("a.png", 1, 1), ("b.png", 1, 1)])
    project.record_decoded([decoded(row) for row in project.images()])
    project.add_images([("b.png", 2, 2), ("c.png", 1, 1)])
    assert [(row.id, row.path, row.size, row.status) for row in project.images()] == [
        (1, "a.png", 1, "ok"),
        (2, "b.png", 2, "pending"),
        (3, "c.png", 1, "pending"),
    ]


def test_rescans_use_no_ids_up(project: Project) -> None:
    for number in range(5):
        project.add_images([("a.png", number, 1), ("b.png", number, 1)])
    project.add_images([("c.png", 1, 1)])
    assert list(paths_of(project).values()) == [1, 2, 3]
    assert project.last_image_id() == 3


def test_same_file_given_twice_is_one_image(project: Project) -> None:
    project.add_images([("a.png", 1, 1), ("a.png", 2, 2)])
    assert [(row.path, row.size) for row in project.images()] == [("a.png", 2)]


def test_missing_images_stay_known(project: Project) -> None:
    project.add_images([("a.png", 1, 1), ("b.png", 1, 1)])
    project.set_image_status([1], "missing", "not in the folder")
    (gone,) = project.images("missing")
    assert (gone.id, gone.reason) == (1, "not in the folder")
    assert list(paths_of(project, "pending")) == ["b.png"]


def test_moved_file_keeps_its_id_and_what_is_known(project: Project) -> None:
    project.add_images([("a.png", 1, 1), ("b.png", 1, 1)])
    project.record_decoded([decoded(row) for row in project.images()])
    project.add_images([("new/a.png", 1, 1)])
    project.set_image_status([1], "missing")
    project.move_images([(1, "new/a.png", 7)])
    moved = project.images()[0]
    assert (moved.id, moved.path, moved.mtime_ns, moved.status, moved.quick_hash) == (1, "new/a.png", 7, "ok", b"hash")
    assert paths_of(project) == {"new/a.png": 1, "b.png": 2}
    project.add_images([("c.png", 1, 1)])
    assert paths_of(project)["c.png"] == 4, "an id is never used again"
    assert project.last_image_id() == 4


def test_files_that_changed_places_keep_their_ids(project: Project) -> None:
    project.add_images([("a", 1, 1), ("b", 1, 1), ("c", 1, 1), ("d", 1, 1)])
    project.move_images([(1, "b", 2), (2, "a", 2), (3, "d", 2), (4, "e", 2)])
    assert paths_of(project) == {"b": 1, "a": 2, "d": 3, "e": 4}


def test_forgetting_the_cache_makes_usable_images_pending(project: Project) -> None:
    project.add_images([("a", 1, 1), ("b", 1, 1), ("c", 1, 1)])
    project.record_decoded([decoded(row) for row in project.images()])
    project.set_image_status([2], "problem", "no image")
    project.set_image_status([3], "missing")
    project.forget_decoded()
    assert [row.status for row in project.images()] == ["pending", "pending", "missing"]


def test_twenty_thousand_images(project: Project) -> None:
    project.add_images((f"folder {number % 100}/{number}.jpg", number, number) for number in range(20_000))
    rows = project.images("pending")
    assert len(rows) == 20_000
    project.record_decoded([decoded(row) for row in rows])
    assert project.images() == [decoded(row) for row in rows]


# Runs and assignments


def test_runs_have_ids_in_order_and_folders(project: Project) -> None:
    runs = [project.add_run({"clusters": number}, "cpu") for number in range(3)]
    assert project.runs() == runs
    assert sorted(run.id for run in runs) == [run.id for run in runs]
    assert all(project.run_dir(run.id).is_dir() for run in runs)
    project.update_run(runs[0].id, state="finished", summary={"loss": -1.0})
    project.update_run(runs[0].id, summary={"steps": 5})
    assert project.run(runs[0].id).summary == {"loss": -1.0, "steps": 5}
    assert project.last_run("finished") == project.run(runs[0].id)
    assert project.last_run() == runs[2]
    assert project.last_run("failed") is None
    with pytest.raises(ProjectError, match="has no run nonsense"):
        project.run("nonsense")


def test_runs_are_named_deleted_put_back_and_purged(project: Project) -> None:
    first, second = project.add_run({"seed": 1}, "cpu"), project.add_run({"seed": 2}, "cpu")
    curator = Curator.of(project)
    curator.apply(edits.name_run(curator.curated, first, "  the good one "))
    assert [run.name for run in project.runs()] == ["the good one", ""]
    with pytest.raises(ProjectError, match="under way"):
        project.delete_run(first.id)
    for run in (first, second):
        project.update_run(run.id, state="finished")
    project.delete_run(first.id)
    assert [run.id for run in project.runs()] == [second.id]
    assert [run.id for run in project.runs(deleted=True)] == [first.id]
    project.delete_run(first.id, deleted=False)
    assert [run.name for run in project.runs()] == ["the good one", ""]
    project.delete_run(first.id)
    project.save_assignments(first.id, assignments())
    assert project.run_dir(first.id).is_dir(), "only purging takes it from the disk"
    project.purge_runs()
    assert not project.run_dir(first.id).exists()
    assert project.run_dir(second.id).is_dir()
    assert project.runs(deleted=True) == []


def test_assignments_survive(project: Project) -> None:
    run = project.add_run({}, "cpu").id
    assert project.load_assignments(run) is None
    for seed in range(2):
        saved = assignments(seed=seed)
        project.save_assignments(run, saved)
        loaded = project.load_assignments(run)
        assert loaded is not None
        assert loaded.sub_head == seed
        for name in ("image_ids", "probabilities", "assignment", "votes", "agreement", "cluster_labels"):
            np.testing.assert_array_equal(getattr(loaded, name), getattr(saved, name))
    assert [path.name for path in project.run_dir(run).iterdir()] == ["assignments.npz"]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04 cut short"])
def test_damaged_assignments_get_a_sentence(project: Project, content: bytes) -> None:
    run = project.add_run({}, "cpu").id
    (project.run_dir(run) / "assignments.npz").write_bytes(content)
    with pytest.raises(ProjectError, match=r"assignments of run .* are damaged"):
        project.load_assignments(run)


# Threads


def test_threads_write_together_and_lose_nothing(project: Project) -> None:
    run = project.add_run({}, "cpu").id
    failures = []

    def work(worker: int) -> None:
        try:
            for number in range(25):
                project.add_images([(f"{worker}/{number}", 1, 1)])
                project.update_run(run, summary={f"{worker}-{number}": 1})
                project.images()
        except (sqlite3.Error, ProjectError) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert project.count_images() == 100
    assert len(project.run(run).summary) == 100


def test_error_in_the_middle_of_a_change_undoes_it(project: Project) -> None:
    def found() -> Iterator[tuple[str, int, int]]:
        yield "a.png", 1, 1
        raise RuntimeError("the scan broke")

    with pytest.raises(RuntimeError):
        project.add_images(found())
    project.add_images([("x", 1, 1), ("y", 1, 1)])
    with pytest.raises(sqlite3.IntegrityError):
        project.move_images([(1, "same", 1), (2, "same", 1)])
    assert paths_of(project) == {"x": 1, "y": 2}
    project.set_meta("still", "works")
    assert project.meta("still") == "works"


# Bad ends

WRITER = """
import sys, pathlib
from iic_studio.project.store import Project
project = Project.open(pathlib.Path(sys.argv[1]))
number = 0
while True:
    project.add_images([(f"{number}/{part}", 1, 1) for part in range(50)])
    project.set_meta("done", str(number))
    number += 1
    if number == 3:
        print("going", flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_writer_leaves_a_readable_project(home: Path, folder: Path) -> None:
    Project.create(home, folder).close()
    with subprocess.Popen([sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "going\n"
        child.send_signal(signal.SIGKILL)
    with Project.open(home, writable=False) as reader:
        assert reader.count_images() >= 150
    with Project.open(home) as project:
        done, count = int(project.meta("done")), project.count_images()
        assert count % 50 == 0, "each change is whole or absent"
        assert done + 1 <= count // 50 <= done + 2
        project.add_images([("after", 1, 1)])


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_creation_can_be_done_again(home: Path, folder: Path) -> None:
    code = "import os, sys, pathlib, signal; from iic_studio.project import folder, store\n"
    code += "folder.sync_folder = None; real = pathlib.Path.replace\n"
    code += "pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    code += "store.Project.create(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    assert run_python(code, home, folder).returncode == -signal.SIGKILL
    assert not is_project(home)
    assert (home / "project.new.sqlite").exists()
    with Project.open_or_create(home, folder) as project:
        assert project.folder == folder
    assert not (home / "project.new.sqlite").exists()


FULL_DISK = """
import resource, sys, pathlib
import numpy as np
from iic_studio.errors import StudioError
from iic_studio.project.store import Project
from iic_studio.records import Assignments
project = Project.open(pathlib.Path(sys.argv[1]))
run = project.add_run({}, "cpu").id
def save(count):
    zeros = np.zeros(count, np.int64)
    project.save_assignments(run, Assignments(zeros, np.zeros((count, 10), np.float32), zeros, zeros[:, None], zeros * 0.0, 0))
save(10)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
for doing in (lambda: save(100_000), lambda: project.add_images((f"{n:060d}", 1, 1) for n in range(100_000))):
    try:
        doing()
    except StudioError as error:
        print(type(error).__name__, "|", error)
print(len(project.load_assignments(run).image_ids), project.count_images(), sorted(p.name for p in project.run_dir(run).iterdir()))
"""


@linux_only
def test_disk_that_is_full_gets_a_sentence_and_loses_nothing(home: Path, folder: Path) -> None:
    """A limit on the size of files stands for a full disk: the errors come from the system, not from a fake."""
    with Project.create(home, folder) as project:
        project.add_images([("a.png", 1, 1)])
    done = run_python(FULL_DISK, home)
    assert done.returncode == 0, done.stderr
    first, second, rest = done.stdout.splitlines()
    assert first.startswith("DiskFullError | The disk is full while saving the assignments.")
    assert second.startswith(("DiskFullError | The disk is full", "ProjectError | The disk does not answer"))
    assert "what was saved is kept" in second
    assert rest == "10 1 ['assignments.npz']"
    with Project.open(home) as project:
        project.add_images([("b.png", 1, 1)])
        assert sorted(paths_of(project)) == ["a.png", "b.png"]


def test_database_without_room_gets_a_sentence(project: Project) -> None:
    """SQLite's own limit gives the error that a full disk gives."""
    project.add_images([("a.png", 1, 1)])
    project._connection().execute("PRAGMA max_page_count = 1")
    with pytest.raises(DiskFullError, match="The disk is full while saving to the project"):
        project.add_images((f"{number:060d}", 1, 1) for number in range(1000))
    assert list(paths_of(project)) == ["a.png"]


def test_the_disk_is_waited_for_when_asked_only(project: Project, home: Path, tmp_path: Path) -> None:
    """What is written lies in the log beside the database until `settle`, however much it is."""

    def lies_in_the_file() -> int:
        shutil.copy(home / "project.sqlite", tmp_path / "alone.sqlite")
        with contextlib.closing(sqlite3.connect(tmp_path / "alone.sqlite")) as alone:
            return int(alone.execute("SELECT count(*) FROM images").fetchone()[0])

    project.settle()
    project.add_images((f"{number:0200d}", 1, 1) for number in range(20_000))
    assert (home / "project.sqlite-wal").stat().st_size > 1000 * 4096  # SQLite by itself would have written it over
    assert lies_in_the_file() == 0
    project.settle()
    assert lies_in_the_file() == 20_000


def test_busy_database_gets_a_sentence(project: Project, home: Path) -> None:
    project._connection().execute("PRAGMA busy_timeout = 1")
    with contextlib.closing(sqlite3.connect(home / "project.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ProjectError, match="busy while saving"):
            project.set_meta("a", "b")
        other.execute("ROLLBACK")
    project.set_meta("a", "b")
