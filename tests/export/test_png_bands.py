"""PNG in bands: other programs read the same values and colours, and nothing half is left."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.export.png_bands import PngBands
from iic_studio.images.masks import read_mask

COLOURS = [(1, 2, 3), (40, 50, 60), (255, 0, 128)]


@pytest.mark.parametrize("bands", [1, 7, 64])
def test_values_and_colours_come_back(bands: int, tmp_path: Path) -> None:
    ids = np.random.default_rng(bands).integers(0, 3, (64, 33)).astype(np.uint8)
    file = PngBands(tmp_path / "sub" / "a.png", 33, 64, COLOURS)
    for part in np.array_split(ids, bands):
        file.add(part)
    assert not (tmp_path / "sub" / "a.png").exists()
    file.close()
    assert np.array_equal(read_mask(tmp_path / "sub" / "a.png"), ids)
    with Image.open(tmp_path / "sub" / "a.png") as picture:
        assert picture.mode == "P"
        assert picture.getpalette()[:9] == [channel for colour in COLOURS for channel in colour]
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["a.png"]


def test_grey_has_no_palette(tmp_path: Path) -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    file = PngBands(tmp_path / "a.png", 16, 16)
    file.add(values)
    file.close()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.mode == "L"
        assert np.array_equal(np.asarray(picture), values)


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    file = PngBands(tmp_path / "a.png", 4, 4, COLOURS)
    file.add(np.zeros((2, 4), np.uint8))
    file.discard()
    assert list(tmp_path.iterdir()) == []
