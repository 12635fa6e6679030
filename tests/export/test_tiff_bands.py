"""TIFF in bands: other programs read the same values, and nothing half is left."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from iic_studio.export.tiff_bands import TiffBands


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
