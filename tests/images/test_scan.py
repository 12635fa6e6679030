"""Scanning: order, what is left out, links, unreadable places, odd names."""

import itertools
import os
from pathlib import Path

import pytest

from iic_studio.errors import StudioError
from iic_studio.images.scan import FoundFile, FoundProblem, path_key, scan


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def paths(folder: Path) -> list[str]:
    return [found.path for found in scan(folder) if isinstance(found, FoundFile)]


def test_numbers_sort_as_numbers_in_files_and_folders(tmp_path: Path) -> None:
    touch(tmp_path, "img10.jpg", "img2.jpg", "IMG1.jpg", "day 10/a.png", "day 2/b.png", "z.png")
    assert paths(tmp_path) == ["day 2/b.png", "day 10/a.png", "IMG1.jpg", "img2.jpg", "img10.jpg", "z.png"]


def test_scan_order_is_the_order_of_path_key(tmp_path: Path) -> None:
    touch(tmp_path, "b/10.jpg", "b/9.jpg", "a.jpg", "B2/x.jpg", "b/c/1.jpg", "c10.jpg", "c9.jpg")
    assert paths(tmp_path) == sorted(paths(tmp_path), key=path_key)


def test_only_image_suffixes_of_any_case(tmp_path: Path) -> None:
    touch(tmp_path, "a.JPG", "b.TiFf", "c.heic", "d.CR2", "e.txt", "f", "g.jpg.part", "labels.csv", "h.svg", "jpg")
    assert paths(tmp_path) == ["a.JPG", "b.TiFf", "c.heic", "d.CR2"]


def test_hidden_files_and_folders_are_skipped(tmp_path: Path) -> None:
    touch(tmp_path, ".thumbs/a.jpg", "._b.jpg", ".jpg", "seen/c.jpg")
    assert paths(tmp_path) == ["seen/c.jpg"]


def test_same_name_in_many_folders(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{number}/photo.jpg" for number in range(12)))
    assert paths(tmp_path) == [f"{number}/photo.jpg" for number in range(12)]


def test_size_and_time_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"12345")
    os.utime(tmp_path / "a.jpg", ns=(1, 1_234_567_890_123_456_789))
    assert list(scan(tmp_path)) == [FoundFile("a.jpg", 5, 1_234_567_890_123_456_789)]


def test_links_to_folders_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    root = tmp_path / "root"
    touch(root, "real/a.jpg", "real/deep/b.jpg")
    touch(tmp_path, "elsewhere/c.jpg")
    (root / "real" / "deep" / "up").symlink_to(root)
    (root / "again").symlink_to(root / "real")
    (root / "far").symlink_to(tmp_path / "elsewhere")
    (root / "far too").symlink_to(tmp_path / "elsewhere")
    assert paths(root) == ["real/a.jpg", "real/deep/b.jpg", "far/c.jpg"]


def test_a_link_to_what_contains_the_folder_is_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "private/secret.jpg", "root/a.jpg")
    (tmp_path / "root" / "parent").symlink_to(tmp_path)
    assert paths(tmp_path / "root") == ["a.jpg"]


def test_linked_files_count_and_broken_links_are_reported(tmp_path: Path) -> None:
    touch(tmp_path, "elsewhere/a.jpg")
    root = tmp_path / "root"
    root.mkdir()
    (root / "here.jpg").symlink_to(tmp_path / "elsewhere" / "a.jpg")
    (root / "nowhere.jpg").symlink_to(tmp_path / "missing.jpg")
    assert [type(found) for found in scan(root)] == [FoundFile, FoundProblem]
    assert list(scan(root))[1] == FoundProblem("nowhere.jpg", "is a link that leads nowhere")


def test_a_pipe_named_like_an_image_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert paths(tmp_path) == []


def test_an_unreadable_folder_is_reported_and_the_rest_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a/1.jpg", "locked/2.jpg", "z/3.jpg")
    real = os.scandir

    def guarded(path: str | Path) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    # Permissions do not stop root, who runs the tests in a container.
    monkeypatch.setattr(os, "scandir", guarded)
    found = list(scan(tmp_path))
    assert [one.path for one in found] == ["a/1.jpg", "locked", "z/3.jpg"]
    assert found[1] == FoundProblem("locked", "cannot be listed: permission denied")


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    name = b"caf\xe9 \xf0.jpg"
    try:
        (tmp_path / os.fsdecode(name)).touch()
    except OSError:
        pytest.skip("this file system refuses such names")
    touch(tmp_path, "grün 🌼\n.png")
    found = paths(tmp_path)
    assert sorted(os.fsencode(path) for path in found) == sorted([name, "grün 🌼\n.png".encode()])


def test_very_deep_folders(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.jpg").touch()
    assert paths(tmp_path) == ["d/" * 300 + "a.jpg"]


def test_files_come_before_the_scan_is_over(tmp_path: Path) -> None:
    touch(tmp_path, "1/a.jpg", "2/b.jpg")
    found = scan(tmp_path)
    first = next(found)
    touch(tmp_path, "2/c.jpg")
    assert [one.path for one in itertools.chain([first], found)] == ["1/a.jpg", "2/b.jpg", "2/c.jpg"]


def test_missing_folder_and_file_instead_of_folder(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="There is no folder") as missing:
        scan(tmp_path / "nothing")
    assert missing.value.hint
    touch(tmp_path, "a.jpg")
    with pytest.raises(StudioError, match="is a file, not a folder"):
        scan(tmp_path / "a.jpg")


def test_empty_folder(tmp_path: Path) -> None:
    assert list(scan(tmp_path)) == []
