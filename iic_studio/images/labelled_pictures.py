"""Published pictures with a class for every pixel, for repeating the numbers of a paper: COCO-Stuff and Potsdam, by the rules of the paper.

**COCO-Stuff-3 and -15.** The 164,000 pictures of COCO 2017 with the label maps `stuffthingmaps`: `images/train2017/*.jpg` (or `train2017/`)
and `annotations/train2017/*.png` (or `stuffthingmaps/train2017/`), the same for `val2017`. A value of a map is one of 182 fine classes,
counted from 0, or 255. They are joined to 27 coarse ones by the hierarchy of COCO-Stuff. A picture counts if both sides have at least 360
pixels and at least 75 % of its pixels show a wanted class: the 15 kinds of stuff, or sky, plant and ground. It is brought to 0.33 of its
size.

**Potsdam-3 and -6.** The 38 orthophotos of 6000 × 6000 pixels with infra-red, `*_RGBIR.tif`, and the label pictures of 24 of them,
`*_label.tif`, below one folder. They are halved and cut into patches of 200 × 200: 8,550, of which 5,400 have labels. A tenth of all is the
test part; which 855 of the labelled ones that was is not published: the authors drew them without a seed, so they are drawn here by a fixed
one. Only "on the test part" hangs on it; the accuracy that the paper prints is that of all 5,400. Halving takes means of 2 × 2 pixels, of a
map every second pixel. Where a map's colour is not exactly one of the six, the nearer one counts.

A map is only cut, joined and brought to size; what it says serves scores, and whether pixels without a class take part in training.
Source: Ji, Henriques, Vedaldi, ICCV 2019, section 4.2 and supplement; hierarchy: Caesar, Uijlings, Ferrari, CVPR 2018.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from iic_studio.errors import UsageError
from iic_studio.images.guard import DECODER_ERRORS, quiet
from iic_studio.images.tiles import Scale, planes, to_scale

UNKNOWN = 255
TRAIN, TEST, UNLABELLED = "train", "test", "unlabelled"
Pixels = npt.NDArray[np.uint8]

# Values of the label maps of each coarse class of COCO-Stuff, which counts them in this order from 0; things first, then 15 kinds of stuff.
COCO_COARSE: dict[str, tuple[int, ...]] = {
    "electronic things": tuple(range(71, 77)),
    "appliances": tuple(range(77, 83)),
    "food": tuple(range(51, 61)),
    "furniture": tuple(range(61, 71)),
    "indoor things": tuple(range(83, 91)),
    "kitchen things": tuple(range(43, 51)),
    "accessories": tuple(range(25, 33)),
    "animals": tuple(range(15, 25)),
    "outdoor things": tuple(range(9, 15)),
    "persons": (0,),
    "sports things": tuple(range(33, 43)),
    "vehicles": tuple(range(1, 9)),
    "ceiling": (101, 102),
    "floor": (100, *range(113, 118)),
    "food stuff": (120, 121, 152, 169),
    "furniture stuff": (97, 106, 107, 109, 111, 122, 129, 132, 155, 160, 164),
    "raw material": (99, 131, 138, 142),
    "textile": (91, 92, 103, 104, 108, 130, 136, 140, 151, 166, 167),
    "wall": tuple(range(170, 177)),
    "window": (179, 180),
    "building": (94, 95, 127, 150, 157, 165),
    "ground": (110, 124, 125, 135, 139, 143, 144, 146, 148, 153, 158),
    "plant": (93, 96, 118, 123, 128, 133, 141, 162, 168),
    "sky": (105, 156),
    "solid": (126, 134, 149, 159, 161, 181),
    "structure": (98, 112, 137, 145, 163),
    "water": (119, 147, 154, 177, 178),
}
_NUM_FINE, _NUM_THINGS = 182, 12
_COCO_FEWEST_SIDE, _COCO_FEWEST_SHARE, _COCO_SHRINK = 360, 0.75, 0.33
_COCO_SPLITS = {"train2017": TRAIN, "val2017": TEST}

POTSDAM_CLASSES = ("road", "building", "vegetation", "tree", "car", "clutter")
# Red, green and blue above the middle, as bits 4, 2, 1 -> class. One label picture has colours that are a little off.
_POTSDAM_COLOURS = {7: 0, 1: 1, 3: 2, 2: 3, 6: 4, 4: 5}
_POTSDAM_SIDE, _POTSDAM_TEST_SHARE, _POTSDAM_SEED = 200, 0.1, 0


@dataclass(frozen=True)
class LabelledPicture:
    """A picture at the scale of training.

    Attributes:
        name: of its file, and of the place in it.
        part: `TRAIN`, `TEST`, or `UNLABELLED`.
        pixels: (C, h, w).
        labels: (h, w) classes from 0, `UNKNOWN` where there is none.
    """

    name: str
    part: str
    pixels: Pixels
    labels: Pixels


@dataclass(frozen=True)
class PictureSet:
    """A published set.

    Attributes:
        classes: their names, by id.
        num_files: pictures or tiles on the disk.
        labels_mask_training: in the paper only pixels with a class took part in training.
        read: yields, file after file, what it gives: nothing where the rule leaves the picture out.
    """

    classes: tuple[str, ...]
    num_files: int
    labels_mask_training: bool
    read: Callable[[], Iterator[list[LabelledPicture]]]


def open_set(path: Path, name: str) -> PictureSet:
    """Find the files of a set.

    Args:
        path: the folder they lie in.
        name: coco-stuff-3, coco-stuff-15, potsdam-3 or potsdam-6.

    Raises:
        UsageError: they are not there. `read` raises it for a file that is damaged.
    """
    if not path.is_dir():
        raise UsageError(f"There is no folder {path}.", f"Name the folder that holds the files of {name}.")
    return _open_coco(path, name) if name.startswith("coco") else _open_potsdam(path, name)


def _in_threads(work: Callable[[int], list[LabelledPicture]], count: int) -> Iterator[list[LabelledPicture]]:
    """Results in order; decoders let other threads run. Only a few results wait at a time."""
    threads = max(1, (os.cpu_count() or 1) - 1)
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, count, 8 * threads):
            yield from pool.map(work, range(start, min(start + 8 * threads, count)))


def _open(path: Path) -> Image.Image:
    try:
        with quiet, Image.open(path) as image:
            image.load()
            return image
    except DECODER_ERRORS as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Fetch it again.") from error


# COCO-Stuff


def coco_lookup(name: str) -> Pixels:
    """(256,) class of each value of a label map."""
    found = np.full(256, UNKNOWN, np.uint8)
    for number, coarse in enumerate(_coco_classes(name)):
        found[list(COCO_COARSE[coarse])] = number
    return found


def _coco_classes(name: str) -> tuple[str, ...]:
    return ("sky", "plant", "ground") if name == "coco-stuff-3" else tuple(COCO_COARSE)[_NUM_THINGS:]


def _open_coco(path: Path, name: str) -> PictureSet:
    files: list[tuple[Path, Path, str]] = []
    for folder, part in _COCO_SPLITS.items():
        pictures = _first_folder(path, (f"images/{folder}", folder), name)
        maps = _first_folder(path, (f"annotations/{folder}", f"stuffthingmaps/{folder}", f"stuffthingmaps_trainval2017/{folder}"), name)
        files += [(pictures / f"{one.stem}.jpg", one, part) for one in sorted(maps.glob("*.png"))]
    if not files:
        raise UsageError(f"There are no label maps of COCO-Stuff in {path}.", "Unpack stuffthingmaps_trainval2017.zip there.")
    lookup = coco_lookup(name)

    def one(number: int) -> list[LabelledPicture]:
        picture, label_map, part = files[number]
        labels = _coco_labels(label_map, lookup)
        return [] if labels is None else [_coco_picture(picture, label_map, labels, part)]

    coarse = tuple(COCO_COARSE)[_NUM_THINGS:]
    return PictureSet(
        ("sky", "plant", "ground") if name == "coco-stuff-3" else coarse, len(files), True, lambda: _in_threads(one, len(files))
    )


def _first_folder(path: Path, names: tuple[str, ...], title: str) -> Path:
    for name in names:
        if (path / name).is_dir():
            return path / name
    raise UsageError(f"There is no folder {names[0]} in {path}.", f"The files of {title} lie in {' or '.join(names)}.")


def _coco_labels(path: Path, lookup: Pixels) -> Pixels | None:
    """The (h, w) classes of a label map, or None if the rule leaves its picture out."""
    image = _open(path)
    if image.mode not in ("L", "P"):
        raise UsageError(f"{path} holds colours ({image.mode}), not classes.", "Unpack stuffthingmaps_trainval2017.zip again.")
    if min(image.size) < _COCO_FEWEST_SIDE:
        return None
    labels: Pixels = lookup[np.asarray(image)]
    return labels if (labels != UNKNOWN).mean() >= _COCO_FEWEST_SHARE else None


def _coco_picture(path: Path, label_map: Path, labels: Pixels, part: str) -> LabelledPicture:
    image = _open(path).convert("RGB")
    if image.size != labels.shape[::-1]:
        raise UsageError(f"{path.name} and {label_map.name} differ in size.", "Fetch both again.")
    small = to_scale(image, Scale(0, _COCO_SHRINK))
    nearest = Image.fromarray(labels).resize(small.size, Image.Resampling.NEAREST)
    return LabelledPicture(f"{part}/{path.stem}", part, planes(small), np.asarray(nearest))


# Potsdam


def _open_potsdam(path: Path, name: str) -> PictureSet:
    tiles = sorted(path.rglob("*_RGBIR.tif"), key=lambda one: one.name)
    if not tiles:
        raise UsageError(f"There is no *_RGBIR.tif in {path}.", "Name the folder that holds the Potsdam data of the ISPRS.")
    maps = {one.name.removesuffix("_label.tif"): one for one in path.rglob("*_label.tif")}
    joined = np.array([0, 1, 2, 2, 0, 1] if name == "potsdam-3" else range(len(POTSDAM_CLASSES)), np.uint8)
    lookup = np.full(256, UNKNOWN, np.uint8)
    for colour, number in _POTSDAM_COLOURS.items():
        lookup[colour] = joined[number]
    test = _test_patches([one.name.removesuffix("_RGBIR.tif") for one in tiles], set(maps), tiles)

    def one(number: int) -> list[LabelledPicture]:
        tile = tiles[number].name.removesuffix("_RGBIR.tif")
        return _patches(tiles[number], maps.get(tile), lookup, tile, test)

    classes = ("road, car", "building, clutter", "vegetation, tree") if name == "potsdam-3" else POTSDAM_CLASSES
    # One after the other: a tile takes some hundred megabytes while it is cut.
    return PictureSet(classes, len(tiles), False, lambda: map(one, range(len(tiles))))


def _grid(height: int, width: int) -> list[tuple[int, int]]:
    """Rows and columns of the patches of a tile of this size, which is halved before."""
    return [(row, column) for row in range(height // 2 // _POTSDAM_SIDE) for column in range(width // 2 // _POTSDAM_SIDE)]


def _test_patches(names: list[str], labelled: set[str], tiles: list[Path]) -> set[str]:
    """Names of the labelled patches of the test part."""
    import tifffile

    all_of, with_labels = 0, []
    for name, path in zip(names, tiles, strict=True):
        try:
            with tifffile.TiffFile(path) as file:
                height, width = file.pages[0].shape[:2]
        except DECODER_ERRORS as error:
            raise UsageError(f"{path} cannot be read: {error}.", "Fetch it again.") from error
        grid = _grid(height, width)
        all_of += len(grid)
        if name in labelled:
            with_labels += [_patch_name(name, *place) for place in grid]
    order = np.random.default_rng(_POTSDAM_SEED).permutation(len(with_labels))
    return {with_labels[one] for one in order[: round(_POTSDAM_TEST_SHARE * all_of)]}


def _patch_name(tile: str, row: int, column: int) -> str:
    return f"{tile}/{row}_{column}"


def _patches(path: Path, label_map: Path | None, lookup: Pixels, tile: str, test: set[str]) -> list[LabelledPicture]:
    import tifffile

    try:
        whole = tifffile.imread(path)
        colours = None if label_map is None else tifffile.imread(label_map)
    except DECODER_ERRORS as error:
        raise UsageError(f"{path} or its labels cannot be read: {error}.", "Fetch them again.") from error
    if whole.dtype != np.uint8 or whole.ndim != 3 or whole.shape[2] != 4:
        raise UsageError(f"{path} has no four channels of bytes.", "Use the files *_RGBIR.tif.")
    half = _halved(whole)
    labels = np.full(half.shape[1:], UNKNOWN, np.uint8)
    if colours is not None:
        if colours.shape[:2] != whole.shape[:2] or colours.ndim != 3:
            raise UsageError(f"{label_map} does not fit {path.name}.", "Fetch both again.")
        bits = (colours[: 2 * half.shape[1] : 2, : 2 * half.shape[2] : 2, :3] > 127).astype(np.uint8)
        labels = lookup[bits @ np.array([4, 2, 1], np.uint8)]
    side, found = _POTSDAM_SIDE, []
    for row, column in _grid(*whole.shape[:2]):
        name = _patch_name(tile, row, column)
        place = slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side)
        part = UNLABELLED if colours is None else TEST if name in test else TRAIN
        found.append(LabelledPicture(name, part, half[(slice(None), *place)], labels[place]))
    return found


def _halved(whole: Pixels) -> Pixels:
    """(h, w, C) to (C, h // 2, w // 2): means of 2 × 2 pixels, band by band, for the sums take twice the room."""
    height, width = whole.shape[0] // 2, whole.shape[1] // 2
    half = np.empty((whole.shape[2], height, width), np.uint8)
    for top in range(0, height, 512):
        band = whole[2 * top : 2 * min(top + 512, height), : 2 * width]
        means = band.reshape(-1, 2, width, 2, whole.shape[2]).mean(axis=(1, 3), dtype=np.float32)
        half[:, top : top + 512] = np.rint(means).astype(np.uint8).transpose(2, 0, 1)
    return half
