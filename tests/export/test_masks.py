"""Masks as files: ids are exact, colours stay, names do not collide, nothing half is left."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.export import masks
from iic_studio.images.masks import read_mask


def test_ids_and_palette_come_back(tmp_path: Path) -> None:
    ids = np.random.default_rng(0).integers(0, 12, (20, 30)).astype(np.uint8)
    masks.save_mask(tmp_path / "sub" / "a.png", ids, 12)
    assert np.array_equal(read_mask(tmp_path / "sub" / "a.png"), ids)
    with Image.open(tmp_path / "sub" / "a.png") as picture:
        assert picture.mode == "P"
        assert picture.getpalette()[:6] == [*masks.palette(2)[0], *masks.palette(2)[1]]
    assert [path.name for path in (tmp_path / "sub").iterdir()] == ["a.png"]


def test_a_cluster_has_the_same_colour_however_many_there_are() -> None:
    many = masks.palette(256)
    assert masks.palette(3) == many[:3]
    assert len(set(many)) == 256


def test_names_do_not_collide() -> None:
    paths = ["a.jpg", "sub/a.jpg", "a.png", "A.tif", "noending", "two.dots.jpg"]
    assert masks.mask_names(paths) == ["a.png", "sub/a.png", "a.png.png", "A.tif.png", "noending.png", "two.dots.png"]


def test_probabilities_are_pages_of_a_tiff(tmp_path: Path) -> None:
    import tifffile

    soft = np.random.default_rng(0).dirichlet([1, 1, 1], (9, 7)).astype(np.float32).transpose(2, 0, 1)
    file = masks.ProbabilityFile(tmp_path / "p.tif", 3, 9, 7)
    file.add(0, soft[:, :5])
    file.add(5, soft[:, 5:])
    assert not (tmp_path / "p.tif").exists()
    file.close()
    assert np.abs(tifffile.imread(tmp_path / "p.tif") / 255 - soft).max() < 1 / 255
    masks.ProbabilityFile(tmp_path / "q.tif", 3, 9, 7).discard()
    assert [path.name for path in tmp_path.iterdir()] == ["p.tif"]


def test_areas_add_up(tmp_path: Path) -> None:
    rows = [("b.jpg", "b.png", 4, 2, np.array([2, 6])), ("a.jpg", "a.png", 2, 2, np.array([4, 0]))]
    found = list(csv.DictReader(io.StringIO(masks.areas_text(rows, {1: "=sky"}))))
    assert [row["path"] for row in found] == ["a.jpg", "b.jpg"]
    assert float(found[1]["area_0"]) + float(found[1]["'=sky"]) == pytest.approx(1)
