"""From folder to store and cache, and what a second look finds."""

import contextlib
import dataclasses
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio import jobs
from iic_studio.events import Event, ProgressMade, RunFailed, RunFinished, WarningRaised
from iic_studio.jobs import indexing
from iic_studio.jobs.indexing import open_cache
from iic_studio.project import store
from iic_studio.project.records import MISSING, OK, PENDING, PROBLEM
from iic_studio.project.store import Project
from tests.jobs.conftest import QUICK

Run = Callable[[Iterator[Event]], list[Event]]


def test_every_picture_is_read_once(project: Project, run: Run) -> None:
    events = run(jobs.index(project))
    rows = project.images()
    assert len(rows) == 40
    assert {row.status for row in rows} == {OK}
    assert all(row.width >= 48 and row.thumb_length for row in rows)
    progress = [event for event in events if isinstance(event, ProgressMade) and event.stage == "index"]
    assert (progress[-1].done, progress[-1].total) == (40, 40)
    with open_cache(project) as cache:
        assert cache.pixels().shape[0] == 40
        assert all(np.ptp(cache.pixels()[row.id - 1]) > 50 for row in rows)
    with contextlib.closing(jobs.thumbnails(project)) as thumbs:
        assert thumbs.read(rows[0].thumb_offset, rows[0].thumb_length)[:2] in (b"\xff\xd8", b"\x89P")
    again = run(jobs.index(project))
    assert not [event for event in again if isinstance(event, ProgressMade) and event.stage == "index"]


def test_a_second_look_at_the_same_files_writes_nothing_and_makes_no_rows(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(jobs.index(project))
    reader = ThreadPoolExecutor(1)  # the version tells of changes by other threads
    before = reader.submit(lambda: project.version).result()
    made: list[object] = []
    monkeypatch.setattr(store, "_image", lambda row: made.append(row))
    assert isinstance(run(jobs.index(project))[-1], RunFinished)
    assert made == []
    assert reader.submit(lambda: project.version).result() == before
    project.set_meta("anything", "new")
    assert reader.submit(lambda: project.version).result() != before
    reader.shutdown()


def test_bad_files_are_rows_and_nothing_else_happens(broken_folder: Path, tmp_path: Path, run: Run) -> None:
    with Project.create(tmp_path / "p.iicproj", broken_folder) as project:
        events = run(jobs.index(project))
        problems = {row.path: row.reason for row in project.images(PROBLEM)}
        assert set(problems) == {"empty.jpg", "text.jpg", "day 1/truncated.jpg"}
        assert all(problems.values())
        assert project.count_images(OK) == 40
    assert isinstance(events[-1], RunFinished)
    assert events[-1].num_problems == 3
    assert [event for event in events if isinstance(event, WarningRaised)]


def test_files_that_cannot_be_read_are_told_once(broken_folder: Path, tmp_path: Path, run: Run) -> None:
    """Every training looks at the folder; it says so again only when it is about other files."""

    def warnings() -> list[str]:
        return [event.message for event in run(jobs.index(project)) if isinstance(event, WarningRaised)]

    with Project.create(tmp_path / "p.iicproj", broken_folder) as project:
        assert warnings() == ["3 files could not be read."]
        assert warnings() == []
        (broken_folder / "text.jpg").unlink()
        (broken_folder / "other.jpg").write_text("no picture")
        assert warnings() == ["3 files could not be read."], "as many, but another one"
        assert warnings() == []
        for name in ("empty.jpg", "other.jpg", "day 1/truncated.jpg"):
            (broken_folder / name).unlink()
        assert warnings() == []
        (broken_folder / "other.jpg").write_text("no picture")
        assert warnings() == ["1 file could not be read."]


def test_new_changed_moved_and_missing_are_found(project: Project, run: Run) -> None:
    run(jobs.index(project))
    folder = project.folder
    before = {row.path: row for row in project.images()}
    moved, changed, missing, new = sorted(before)[:4]
    (folder / "elsewhere").mkdir()
    shutil.move(folder / moved, folder / "elsewhere" / "moved.jpg")
    shutil.copy(folder / new, folder / "copy.jpg")
    (folder / missing).unlink()
    (folder / changed).write_bytes((folder / new).read_bytes())
    run(jobs.index(project))
    after = {row.path: row for row in project.images()}
    assert after["elsewhere/moved.jpg"].id == before[moved].id
    assert moved not in after
    assert after[missing].status == MISSING
    assert after["copy.jpg"].status == OK
    assert after[changed].id == before[changed].id
    assert after[changed].quick_hash == after[new].quick_hash
    shutil.copy(folder / new, folder / missing)
    run(jobs.index(project))
    assert {row.path: row for row in project.images()}[missing].status == OK


def test_a_stop_loses_nothing(project: Project, run: Run) -> None:
    job = jobs.index(project)
    for event in job:
        if isinstance(event, ProgressMade) and event.stage == "index":
            break
    job.close()
    first = project.count_images(OK)
    assert 0 < first < 40
    assert project.count_images(PENDING) == 40 - first
    run(jobs.index(project))
    assert project.count_images(OK) == 40


def test_a_deleted_cache_is_made_again(project: Project, run: Run) -> None:
    run(jobs.index(project))
    shutil.rmtree(project.cache)
    run(jobs.index(project))
    with open_cache(project) as cache:
        assert all(np.ptp(cache.pixels()[row.id - 1]) > 50 for row in project.images(OK))


def test_a_missing_folder_is_a_sentence(project: Project, run: Run) -> None:
    project.folder.rename(project.folder.with_name("away"))
    (*_, last) = run(jobs.index(project))
    assert isinstance(last, RunFailed)
    assert "no folder" in last.message
    assert last.hint


def test_pictures_are_not_touched(project: Project, run: Run) -> None:
    def state() -> dict[str, tuple[int, int, bytes]]:
        files = [path for path in project.folder.rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_size, path.read_bytes()) for path in files}

    before = state()
    run(jobs.index(project))
    assert state() == before


@pytest.mark.parametrize("side_of_the_rest", [40, 400])
def test_first_pictures_of_a_large_folder_come_before_its_scan_ends(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, side_of_the_rest: int
) -> None:
    for number in range(60):
        image = Image.effect_noise((side_of_the_rest, side_of_the_rest), 80)
        image.save(project.folder / f"later{number}.png")
    monkeypatch.setattr(indexing, "_FIRST_LOOK_S", -1.0)
    monkeypatch.setattr(indexing, "_FIRST_LOOK_IMAGES", 5)
    stages = [event.stage for event in run(jobs.index(project)) if isinstance(event, ProgressMade)]
    assert stages.index("index") < len(stages) - 1 - stages[::-1].index("scan")
    assert project.count_images(OK) == 100
    with open_cache(project) as cache:
        assert cache.side == (40 if side_of_the_rest == 40 else 88)
        assert all(np.ptp(cache.pixels()[row.id - 1]) > 50 for row in project.images(OK))


def test_a_larger_image_size_makes_a_larger_cache(project: Project, run: Run) -> None:
    run(jobs.index(project))
    before = indexing.open_cache(project).side
    run(jobs.train(project, dataclasses.replace(QUICK, image_size=112, steps=1)))
    assert indexing.open_cache(project).side >= 144 > before


def test_dates_and_cameras_are_kept_and_read_later_for_older_projects(project: Project, run: Run) -> None:
    exif = Image.Exif()
    exif[0x0132], exif[0x010F], exif[0x0110] = "2024:05:03 12:33:07", "Canon", "Canon EOS 5D"
    Image.new("RGB", (64, 64), "red").save(project.folder / "shot.jpg", exif=exif)
    run(jobs.index(project))
    shot = next(row for row in project.images() if row.path == "shot.jpg")
    assert (shot.kind, shot.taken, shot.camera) == ("JPEG", "2024-05-03 12:33:07", "Canon EOS 5D")
    assert {row.kind for row in project.images()} == {"JPEG", "PNG"}
    project.record_shots([dataclasses.replace(row, kind="", taken="", camera="") for row in project.images()])
    events = run(jobs.index(project))
    stages = [event.stage for event in events if isinstance(event, ProgressMade)]
    assert "heads" in stages
    assert "index" not in stages, "nothing is decoded again"
    assert next(row for row in project.images() if row.path == "shot.jpg") == shot
    assert "heads" not in [event.stage for event in run(jobs.index(project)) if isinstance(event, ProgressMade)]
