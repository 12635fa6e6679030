"""The quick look at a folder, and the sample that needs no download."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.images.probe import DEFAULT_SHORT_SIDE_PX, FolderProbe, probe
from iic_studio.images.samples import write_digits


def test_size_and_share_of_grey(tmp_path: Path) -> None:
    paths = []
    for number in range(40):
        image = Image.effect_noise((300 + number, 200 + number), 50)
        path = tmp_path / f"{number}.jpg"
        (image if number % 4 == 0 else Image.merge("RGB", [image, image, Image.new("L", image.size)])).save(path)
        paths.append(str(path))
    found = probe(paths)
    assert found.median_short_side == 219
    assert found.grey_share == pytest.approx(0.25, abs=0.05)
    assert (found.high_bit_range, found.num_high_bit) == (None, 0)


def test_high_bit_pictures_share_one_range(tmp_path: Path) -> None:
    paths = []
    for number, top in enumerate((1000, 2000, 4000)):
        Image.fromarray(np.linspace(0, top, 10_000).reshape(100, 100).astype(np.uint16)).save(tmp_path / f"{number}.png")
        paths.append(str(tmp_path / f"{number}.png"))
    found = probe(paths)
    assert found.num_high_bit == 3
    assert found.grey_share == 1.0
    assert found.high_bit_range is not None
    assert found.high_bit_range[0] == pytest.approx(9, abs=8)
    assert 3800 < found.high_bit_range[1] < 4000


def test_files_that_cannot_be_read_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(50))
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    paths = [str(path) for path in tmp_path.iterdir()] + [str(tmp_path / "gone.jpg")]
    assert probe(paths) == FolderProbe(DEFAULT_SHORT_SIDE_PX, 0.0, None, 0, num_unreadable=4)
    assert probe([]) == FolderProbe(DEFAULT_SHORT_SIDE_PX, 0.0, None, 0)
    Image.new("RGB", (50, 40), "red").save(tmp_path / "good.png")
    assert probe([*paths, str(tmp_path / "good.png")]) == FolderProbe(40, 0.0, None, 0, num_unreadable=4), "of HEIC nobody looked"
    Image.effect_noise((300, 200), 50).save(tmp_path / "half.jpg")
    (tmp_path / "half.jpg").write_bytes((tmp_path / "half.jpg").read_bytes()[:3000])
    found = probe([str(tmp_path / name) for name in ("good.png", "half.jpg", "text.jpg")])
    assert (found.num_unreadable, found.is_complete) == (2, True)


def test_the_sample_is_spread_over_the_folder(tmp_path: Path) -> None:
    Image.new("L", (10, 10)).save(tmp_path / "small.png")
    Image.new("L", (90, 90)).save(tmp_path / "large.png")
    paths = [str(tmp_path / "small.png")] * 400 + [str(tmp_path / "large.png")] * 600
    assert probe(paths, limit=10).median_short_side == 90


def test_digits_with_their_classes(tmp_path: Path) -> None:
    folder = tmp_path / "sample" / "digits"
    write_digits(folder)
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1797
    assert {row["label"] for row in rows} == set("0123456789")
    assert sorted(path.name for path in folder.iterdir()) == sorted(["labels.csv", *(row["path"] for row in rows)])
    with Image.open(folder / "digit_0000.png") as first:
        assert (first.mode, first.size) == ("L", (8, 8))
        assert first.getextrema() == (0, 239)
    assert list((tmp_path / "sample").iterdir()) == [folder]


def test_digits_are_written_once_and_completed(tmp_path: Path) -> None:
    folder = tmp_path / "digits"
    write_digits(folder)
    kept = folder / "digit_0001.png"
    before = kept.stat().st_mtime_ns
    write_digits(folder)
    assert kept.stat().st_mtime_ns == before
    (folder / "digit_0002.png").unlink()
    write_digits(folder)
    assert (folder / "digit_0002.png").is_file()
