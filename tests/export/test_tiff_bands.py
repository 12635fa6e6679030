"""TIFF in bands: other programs read the same values, and nothing half is left."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from iic_studio.export.tiff_bands import TiffBands, _most_needed


@pytest.mark.parametrize(("height", "bands"), [(200, 1), (200, 17), (64, 3), (128, 128), (3, 2)])
def test_values_come_back(height: int, bands: int, tmp_path: Path) -> None:
    ids = np.random.default_rng(bands).integers(0, 40_000, (height, 33)).astype(np.uint16)
    path = tmp_path / "sub" / "a.tif"
    file = TiffBands(path, 33, height)
    for part in np.array_split(ids, bands):
        file.add(part)
    assert not path.exists()
    file.close()
    assert np.array_equal(tifffile.imread(path), ids)
    with Image.open(path) as picture:
        assert picture.mode == "I;16"
        assert np.array_equal(np.asarray(picture), ids)
    assert [one.name for one in path.parent.iterdir()] == ["a.tif"]


def test_bytes_become_two_and_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    file = TiffBands(tmp_path / "a.tif", 4, 2)
    file.add(np.full((2, 4), 255, np.uint8))
    file.close()
    assert (tifffile.imread(tmp_path / "a.tif") == 255).all()
    again = TiffBands(tmp_path / "b.tif", 4, 4)
    again.add(np.zeros((2, 4), np.uint8))
    again.discard()
    assert [one.name for one in tmp_path.iterdir()] == ["a.tif"]


@pytest.mark.parametrize("height", [200, 3])
def test_what_a_tiff_may_not_reach_becomes_a_big_one(height: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = np.random.default_rng(0).integers(0, 40_000, (height, 33)).astype(np.uint16)
    for limit, is_big in ((1 << 32, False), (1_000, True)):
        monkeypatch.setattr("iic_studio.export.tiff_bands._MOST_BYTES", limit)
        file = TiffBands(tmp_path / "a.tif", 33, height)
        file.add(ids)
        file.close()
        with tifffile.TiffFile(tmp_path / "a.tif") as found:
            assert found.is_bigtiff == is_big
            assert np.array_equal(found.asarray(), ids)
        with Image.open(tmp_path / "a.tif") as picture:
            assert np.array_equal(np.asarray(picture), ids)


def test_the_limit_is_above_what_noise_needs(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 1 << 16, (300, 50)).astype(np.uint16)
    file = TiffBands(tmp_path / "a.tif", 50, 300)
    file.add(noise)
    file.close()
    assert (tmp_path / "a.tif").stat().st_size <= _most_needed(50, 300)
