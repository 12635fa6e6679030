"""Masks as files: ids are exact, colours stay, names do not collide, nothing half is left."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.curation.colours import palette_colour, rgb
from iic_studio.export import masks

COLOURS = [rgb(palette_colour(number)) for number in range(12)]


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


def test_any_name_is_one_cell_of_the_table_of_areas() -> None:
    text = masks.areas_text([("a\rb.jpg", "a\rb.png", 2, 2, np.array([4]))], {})
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["path"], row["mask"]) == ("a\rb.jpg", "a\rb.png")


def decoded(segmentation: dict[str, list[int]]) -> np.ndarray:
    """A mask from COCO's run lengths, by their definition."""
    height, width = segmentation["size"]
    flat = np.repeat(np.arange(len(segmentation["counts"])) % 2, segmentation["counts"])
    return flat.reshape(width, height).T.astype(bool)


@pytest.mark.parametrize("seed", range(3))
def test_coco_run_lengths_come_back(seed: int) -> None:
    ids = np.random.default_rng(seed).integers(0, 1 + 2 * seed, (6, 5)).astype(np.uint8)
    found = masks.coco_annotations(ids, 7, 10)
    assert [one["id"] for one in found] == list(range(10, 10 + len(np.unique(ids))))
    for one in found:
        inside = decoded(one["segmentation"])
        assert np.array_equal(inside, ids == one["category_id"])
        assert one["area"] == inside.sum()
        x, y, width, height = one["bbox"]
        assert inside[y : y + height, x : x + width].sum() == one["area"]


def test_overlays_have_both(tmp_path: Path) -> None:
    pixels = np.full((3, 4, 6), 200, np.uint8)
    ids = np.repeat(np.array([[0, 1]], np.uint8), 3, axis=1).repeat(4, axis=0)
    masks.save_overlay(tmp_path / "o.png", pixels, ids, COLOURS)
    with Image.open(tmp_path / "o.png") as picture:
        assert np.abs(np.asarray(picture.convert("RGB"))[0, 0].astype(int) - (np.array(COLOURS[0]) + 200) // 2).max() <= 1
