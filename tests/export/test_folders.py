"""Folders of pictures: planned first, never overwriting, whole or not there, and done again from where they ended."""

import csv
import errno
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from iic_studio.config import Link
from iic_studio.errors import DiskFullError, UsageError
from iic_studio.events import Event, ProgressMade, WarningRaised
from iic_studio.export.folders import RECORD, FolderPlan, FolderResult, check_folder, plan_folders, write_folders
from iic_studio.export.result_rows import ResultRows
from tests.export.conftest import META, made_rows

PATHS = ("a/img.png", "b/img.png", "b/IMG.png", "b/other.png", "c/last.png")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Five files whose content is their path."""
    folder = tmp_path / "pictures"
    for path in PATHS:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path, encoding="utf-8")
    return folder


def rows(**changes: object) -> ResultRows:
    given = {"clusters": [0, 0, 0, 1, 2], "names": {1: "tulips", 2: "Tulips"}, "sizes": [len(path) for path in PATHS]}
    return made_rows(PATHS, **{**given, **changes})  # type: ignore[arg-type]


def carry_out(
    plan: FolderPlan, source: Path, target: Path, link: Link = "copy", *, metadata: bool = False
) -> tuple[FolderResult, list[Event]]:
    check_folder(plan, target, link)
    writing = write_folders(plan, source, target, link, META, metadata=metadata)
    events: list[Event] = []
    while True:
        try:
            events.append(next(writing))
        except StopIteration as stop:
            return stop.value, events


def files_in(target: Path) -> dict[str, str]:
    found = [path for path in sorted(target.rglob("*")) if path.is_file() and path.name != RECORD]
    return {path.relative_to(target).as_posix(): path.read_text(encoding="utf-8") for path in found}


EXPECTED = {
    "a/img.png": "cluster_0/img.png",
    "b/IMG.png": "cluster_0/IMG (2).png",
    "b/img.png": "cluster_0/img (3).png",
    "b/other.png": "tulips/other.png",
    "c/last.png": "Tulips (2)/last.png",
}


def test_plan_keeps_equal_names_apart_and_touches_nothing(source: Path) -> None:
    plan = plan_folders(rows())
    assert dict(zip(plan.rows.paths, plan.targets, strict=True)) == EXPECTED
    assert plan.folders == ["Tulips (2)", "cluster_0", "tulips"]
    assert plan.num_bytes == sum(map(len, PATHS))
    assert plan.digest() == plan_folders(rows()).digest() != plan_folders(rows(names={})).digest()


def test_with_classes_there_is_a_folder_for_each_and_one_for_none() -> None:
    plan = plan_folders(replace(rows(), classes=("roses", "", "roses", "no class", "Roses")))
    assert plan.targets == ("roses (2)/img.png", "no class/IMG.png", "roses (2)/img (2).png", "no class (2)/other.png", "Roses/last.png")


def test_pictures_without_a_cluster_are_left_out() -> None:
    plan = plan_folders(rows(num_seen=3))
    assert (len(plan.targets), plan.left_out) == (3, 2)


@pytest.mark.parametrize("link", ["copy", "hard", "symbolic"])
def test_every_picture_is_in_the_folder_of_its_cluster(source: Path, tmp_path: Path, link: Link) -> None:
    target = tmp_path / "out" / "new"
    result, events = carry_out(plan_folders(rows()), source, target, link)
    assert sorted(files_in(target).values()) == sorted(PATHS)
    assert (result.made, result.already, result.fell_back, result.failed) == (5, 0, 0, {})
    for path in (path for path in target.rglob("*.png")):
        original = source / path.read_text(encoding="utf-8")
        assert path.is_symlink() == (link == "symbolic")
        assert path.samefile(original) == (link != "copy")
        assert path.stat().st_mtime_ns == original.stat().st_mtime_ns
    record = json.loads((target / RECORD).read_text(encoding="utf-8"))
    assert (record["finished"], record["files"], record["link"], record["failed"]) == (True, 5, link, [])
    last = [event for event in events if isinstance(event, ProgressMade)][-1]
    assert (last.done, last.total, last.eta_s) == (5, 5, 0)


def test_doing_it_again_changes_nothing(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "new"
    plan = plan_folders(rows())
    carry_out(plan, source, target)
    before = {path: path.stat().st_ino for path in target.rglob("*.png")}
    result, _ = carry_out(plan, source, target)
    assert (result.made, result.already) == (0, 5)
    assert {path: path.stat().st_ino for path in target.rglob("*.png")} == before


def test_cut_off_half_way_leaves_whole_files_and_goes_on(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, plan, copied = tmp_path / "new", plan_folders(rows()), []
    real = shutil.copyfile

    def interrupted(one: Path, other: Path) -> None:
        if len(copied) == 2:
            Path(other).write_text("hal", encoding="utf-8")
            raise KeyboardInterrupt
        copied.append(real(one, other))

    monkeypatch.setattr(shutil, "copyfile", interrupted)
    with pytest.raises(KeyboardInterrupt):
        carry_out(plan, source, target)
    assert len(files_in(target)) == 2
    assert set(files_in(target).values()) <= set(PATHS)
    assert not list(target.rglob("*.part"))
    monkeypatch.undo()
    result, _ = carry_out(plan, source, target)
    assert (result.made, result.already) == (3, 2)
    assert sorted(files_in(target).values()) == sorted(PATHS)


def test_closing_the_job_stops_between_two_files(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iic_studio.export.folders._TELL_INTERVAL_S", 0.0)
    writing = write_folders(plan_folders(rows()), source, tmp_path / "new", "copy", META, metadata=False)
    next(writing)
    writing.close()
    assert len(files_in(tmp_path / "new")) == 1
    assert json.loads((tmp_path / "new" / RECORD).read_text(encoding="utf-8"))["finished"] is False


def test_a_folder_with_something_else_in_it_is_refused(source: Path, tmp_path: Path) -> None:
    plan, target = plan_folders(rows()), tmp_path / "new"
    target.mkdir()
    check_folder(plan, target, "copy")
    (target / ".DS_Store").write_bytes(b"")
    check_folder(plan, target, "copy")
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        check_folder(plan, target, "copy")
    with pytest.raises(UsageError, match="is a file"):
        check_folder(plan, target / "mine.txt", "copy")


def test_a_folder_with_another_export_is_refused(source: Path, tmp_path: Path) -> None:
    carry_out(plan_folders(rows()), source, tmp_path / "new")
    with pytest.raises(UsageError, match="another export"):
        check_folder(plan_folders(rows(clusters=[1, 0, 0, 1, 2])), tmp_path / "new", "copy")


def test_what_somebody_put_there_meanwhile_is_not_overwritten(source: Path, tmp_path: Path) -> None:
    plan, target = plan_folders(rows()), tmp_path / "new"
    carry_out(plan, source, target)
    (target / "tulips" / "other.png").write_text("mine", encoding="utf-8")
    (target / "cluster_0" / "img.png").unlink()
    outside = tmp_path / "outside.png"
    (target / "cluster_0" / "img.png").symlink_to(outside)
    result, _ = carry_out(plan, source, target)
    assert (target / "tulips" / "other.png").read_text(encoding="utf-8") == "mine"
    assert not outside.exists()
    assert sorted(plan.targets[row] for row in result.failed) == ["cluster_0/img.png", "tulips/other.png"]
    assert all("another file of that name" in reason for reason in result.failed.values())


def test_files_that_are_gone_or_locked_are_listed_and_the_rest_is_made(source: Path, tmp_path: Path) -> None:
    (source / "a/img.png").unlink()
    (source / "b/other.png").unlink()
    (source / "b/other.png").mkdir()
    result, _ = carry_out(plan_folders(rows()), source, tmp_path / "new", metadata=True)
    record = json.loads((tmp_path / "new" / RECORD).read_text(encoding="utf-8"))
    reasons = {one["path"]: one["reason"] for one in record["failed"]}
    assert reasons["a/img.png"] == "is no longer there"
    assert reasons["b/other.png"].startswith("cannot be read")
    assert result.made == 3
    with (tmp_path / "new" / "metadata.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(row["path"] for row in csv.DictReader(file)) == ["b/IMG.png", "b/img.png", "c/last.png"]


@pytest.mark.parametrize(("link", "name"), [("hard", "hardlink_to"), ("symbolic", "symlink_to")])
def test_links_that_cannot_be_made_become_copies_and_that_is_said(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: Link, name: str
) -> None:
    tried = []

    def refuse(self: Path, other: Path) -> None:
        tried.append(other)
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, name, refuse)
    result, events = carry_out(plan_folders(rows()), source, tmp_path / "new", link)
    assert (result.made, result.fell_back) == (5, 5)
    assert len(tried) == 1  # no use to try each
    (warning,) = [event for event in events if isinstance(event, WarningRaised)]
    assert "links cannot be made there, so files are copied" in warning.message
    assert not [path for path in (tmp_path / "new").rglob("*.png") if path.is_symlink() or path.stat().st_nlink > 1]


def test_a_symbolic_link_in_the_source_is_followed(source: Path, tmp_path: Path) -> None:
    (source / "a/img.png").rename(tmp_path / "elsewhere.png")
    (source / "a/img.png").symlink_to(tmp_path / "elsewhere.png")
    carry_out(plan_folders(rows()), source, tmp_path / "hard", "hard")
    carry_out(plan_folders(rows()), source, tmp_path / "copy", "copy")
    for place in ("hard", "copy"):
        made = tmp_path / place / "cluster_0" / "img.png"
        assert (made.is_symlink(), made.read_text(encoding="utf-8")) == (False, "a/img.png")


def test_a_full_disk_stops_at_once(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(one: Path, other: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(other))

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space"):
        carry_out(plan_folders(rows()), source, tmp_path / "new")
    monkeypatch.undo()
    with pytest.raises(DiskFullError, match="copies need"):
        check_folder(plan_folders(rows(sizes=[1 << 60] * 5)), tmp_path / "other", "copy")
    check_folder(plan_folders(rows(sizes=[1 << 60] * 5)), tmp_path / "other", "hard")


def test_a_planted_link_in_the_target_is_not_followed(source: Path, tmp_path: Path) -> None:
    plan, target = plan_folders(rows()), tmp_path / "new"
    carry_out(plan, source, target)
    shutil.rmtree(target / "tulips")
    (target / "tulips").symlink_to(source, target_is_directory=True)
    with pytest.raises(Exception, match="is a link, not a folder"):
        carry_out(plan, source, target)


def test_names_that_other_systems_refuse_are_changed(tmp_path: Path) -> None:
    paths = ["a:b/what?.png", "con.png", os.fsdecode(b"caf\xe9.png")]
    plan = plan_folders(made_rows(paths, clusters=[0, 0, 0], names={0: "aux"}))
    assert sorted(plan.targets) == ["aux_/caf_.png", "aux_/con_.png", "aux_/what_.png"]


def test_metadata_names_each_file_as_hugging_face_wants_it(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "new"
    carry_out(plan_folders(rows()), source, target, metadata=True)
    with (target / "metadata.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames is not None
        assert reader.fieldnames[:3] == ["file_name", "path", "cluster"]
        found = {row["file_name"]: row["path"] for row in reader}
    assert {name: (target / name).read_text(encoding="utf-8") for name in found} == found
