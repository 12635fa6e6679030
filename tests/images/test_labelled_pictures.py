"""COCO-Stuff and Potsdam by the rules of the paper, on tiny files of the same layout."""

import collections
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from iic_studio.errors import UsageError
from iic_studio.images.labelled_pictures import COCO_COARSE, TEST, TRAIN, UNKNOWN, UNLABELLED, LabelledPicture, coco_lookup, open_set

SKY, TREE, ROAD, WALL, PERSON = 156, 168, 148, 172, 0


def write_coco(folder: Path, name: str, size: tuple[int, int], values: list[int], *, part: str = "train2017") -> None:
    """A picture and its map, whose columns show the values in equal shares."""
    width, height = size
    labels = np.array(values, np.uint8)[np.arange(width) * len(values) // width][None].repeat(height, axis=0)
    for place, picture, ending in (
        ("annotations", Image.fromarray(labels), "png"),
        ("images", Image.fromarray(np.stack([labels] * 3, axis=-1)), "jpg"),
    ):
        target = folder / place / part / f"{name}.{ending}"
        target.parent.mkdir(parents=True, exist_ok=True)
        picture.save(target, quality=95)


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    write_coco(tmp_path, "just", (400, 360), [SKY, TREE, ROAD, PERSON])
    write_coco(tmp_path, "too much else", (400, 360), [SKY, TREE, ROAD, PERSON, PERSON])
    write_coco(tmp_path, "too low", (400, 359), [SKY, TREE, ROAD])
    write_coco(tmp_path, "too narrow", (359, 400), [SKY])
    write_coco(tmp_path, "inside", (480, 360), [WALL, WALL, WALL, UNKNOWN])
    write_coco(tmp_path, "last", (640, 480), [ROAD], part="val2017")
    return tmp_path


def read(folder: Path, name: str) -> dict[str, LabelledPicture]:
    return {picture.name: picture for pictures in open_set(folder, name).read() for picture in pictures}


def test_every_fine_class_has_one_coarse_class() -> None:
    counted = collections.Counter(value for values in COCO_COARSE.values() for value in values)
    assert counted == dict.fromkeys(range(182), 1)
    assert len(COCO_COARSE) == 27
    assert list(COCO_COARSE).index("ceiling") == 12
    assert list(COCO_COARSE).index("water") == 26


def test_classes_sought_among_the_fine_ones() -> None:
    three, fifteen = coco_lookup("coco-stuff-3"), coco_lookup("coco-stuff-15")
    assert (three[[SKY, TREE, ROAD, WALL, PERSON, 255]] == [0, 1, 2, UNKNOWN, UNKNOWN, UNKNOWN]).all()
    assert (three != UNKNOWN).sum() == 11 + 9 + 2
    assert (fifteen != UNKNOWN).sum() == 91
    assert (fifteen[:91] == UNKNOWN).all()
    assert sorted(set(fifteen.tolist())) == [*range(15), UNKNOWN]


def test_coco_takes_large_pictures_that_show_enough(coco: Path) -> None:
    three, fifteen = read(coco, "coco-stuff-3"), read(coco, "coco-stuff-15")
    assert set(three) == {"train/just", "test/last"}
    assert set(fifteen) == {"train/just", "train/inside", "test/last"}
    just = three["train/just"]
    assert just.pixels.shape == (3, 119, 132)
    assert just.labels.shape == (119, 132)
    assert [int(just.labels[60, x]) for x in (10, 50, 80, 120)] == [0, 1, 2, UNKNOWN]
    assert (just.part, three["test/last"].part) == (TRAIN, TEST)
    assert three["test/last"].pixels.shape == (3, 158, 211)


def test_what_is_missing_is_said(tmp_path: Path, coco: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder annotations/train2017"):
        open_set(tmp_path / "annotations", "coco-stuff-3")
    with pytest.raises(UsageError, match="RGBIR"):
        open_set(tmp_path, "potsdam-3")
    (coco / "images" / "train2017" / "just.jpg").write_bytes(b"no picture")
    with pytest.raises(UsageError, match="cannot be read"):
        read(coco, "coco-stuff-3")


COLOURS = np.array([[255, 255, 255], [0, 0, 255], [0, 255, 255], [0, 255, 0], [255, 255, 0], [252, 0, 0], [255, 0, 255]], np.uint8)


@pytest.fixture
def potsdam(tmp_path: Path) -> Path:
    """Three tiles of 2 × 2 patches; two of them have labels, whose columns show the classes in turn."""
    rng = np.random.default_rng(0)
    for number in range(3):
        tile = rng.integers(0, 256, (810, 800, 4), dtype=np.uint8)
        tile[:2, :2, 3] = [[10, 20], [30, 41]]
        place = tmp_path / "4_Ortho_RGBIR" / f"top_potsdam_2_{number}_RGBIR.tif"
        place.parent.mkdir(exist_ok=True)
        tifffile.imwrite(place, tile, photometric="rgb", extrasamples="unassalpha")
        if number:
            labels = COLOURS[np.arange(800) // 2 % 7][None].repeat(810, axis=0)
            place = tmp_path / "5_Labels" / f"top_potsdam_2_{number}_label.tif"
            place.parent.mkdir(exist_ok=True)
            tifffile.imwrite(place, labels, photometric="rgb")
    return tmp_path


def test_potsdam_is_halved_and_cut(potsdam: Path) -> None:
    found = read(potsdam, "potsdam-6")
    assert len(found) == 12
    parts = collections.Counter(picture.part for picture in found.values())
    assert parts == {UNLABELLED: 4, TRAIN: 7, TEST: 1}, "a tenth of all patches, taken from those with labels"
    first = found["top_potsdam_2_1/0_0"]
    assert first.pixels.shape == (4, 200, 200)
    assert first.pixels[3, 0, 0] == 25
    assert first.labels[5, :7].tolist() == [0, 1, 2, 3, 4, 5, UNKNOWN]
    assert (found["top_potsdam_2_0/1_1"].labels == UNKNOWN).all()
    again = read(potsdam, "potsdam-6")
    assert [one.part for one in again.values()] == [one.part for one in found.values()]


def test_potsdam_3_joins_classes_in_twos(potsdam: Path) -> None:
    labels = read(potsdam, "potsdam-3")["top_potsdam_2_1/0_0"].labels
    assert labels[5, :7].tolist() == [0, 1, 2, 2, 0, 1, UNKNOWN]
    assert open_set(potsdam, "potsdam-3").classes == ("road, car", "building, clutter", "vegetation, tree")


def test_the_published_tiles_give_the_published_numbers() -> None:
    from iic_studio.images.labelled_pictures import _grid

    assert 38 * len(_grid(6000, 6000)) == 8550
    assert 24 * len(_grid(6000, 6000)) == 5400
    assert round(0.1 * 8550) == 855
