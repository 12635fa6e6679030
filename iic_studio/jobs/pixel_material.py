"""A published set of labelled pictures laid out for a row: tiles to train on, which of their pixels take part, crops to score.

Everything goes into plain files that are mapped, so memory does not grow with the set. A later run with the same cut takes them over.
"""

import hashlib
import json
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from iic_studio import paths
from iic_studio.config import TrainSettings
from iic_studio.errors import UsageError
from iic_studio.events import Event, ProgressMade
from iic_studio.images.labelled_pictures import TRAIN, UNKNOWN, PictureSet, open_set
from iic_studio.images.tiles import Scale, TilePlan, tile_corners
from iic_studio.jobs.pixel_rows import PixelRow
from iic_studio.records import IntArray
from iic_studio.training.plan_pixels import tile_side

Pixels = npt.NDArray[np.uint8]
_FACTS, _TELL_EVERY = "facts.json", 50
_PARTS = ("tiles", "inside", "with_class", "crops", "labels")


@dataclass(frozen=True)
class PixelMaterial:
    """What a row trains on and is scored on.

    Attributes:
        folder: where it lies.
        classes: their names.
        tiles: (M, C, S, S).
        inside, with_class: (M, 1, S, S) 255 where there is a picture, and where the paper let a pixel take part in training, else 0.
        owners: (M,) which picture each tile is from.
        crops: (L, C, c, c) the middles of pictures with labels; zeros beyond the picture.
        labels: (L, c, c) classes from 0; `UNKNOWN` where there is none.
        is_test: (L,) crops of the test part.
        num_pictures: that the rule takes.
    """

    folder: Path
    classes: tuple[str, ...]
    tiles: Pixels
    inside: Pixels
    with_class: Pixels
    owners: IntArray
    crops: Pixels
    labels: Pixels
    is_test: npt.NDArray[np.bool_]
    num_pictures: int


def lay_out(row: PixelRow, data: Path, settings: TrainSettings) -> Generator[Event, None, PixelMaterial]:
    """Read a set once and cut it.

    Raises:
        UsageError: files are missing or damaged, or the rule takes none of them.
    """
    found = open_set(data, row.name)
    plan = TilePlan(Scale(0), tile_side(settings), settings.tiles_per_image or 1)
    facts = [str(data.resolve()), row.name, found.num_files, plan.name, row.crop_side]
    digest = hashlib.blake2b(json.dumps(facts).encode(), digest_size=6).hexdigest()
    folder = paths.data_dir() / "reproduce" / f"{row.name}-pictures-{digest}"
    if not (folder / _FACTS).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield from _cut(found, row, data, plan, folder)
    return _open_material(folder, found.classes)


def _cut(found: PictureSet, row: PixelRow, data: Path, plan: TilePlan, folder: Path) -> Generator[Event, None, None]:
    owners: list[int] = []
    is_test: list[bool] = []
    number = channels = 0
    files: dict[str, BinaryIO] = {name: (folder / f"{name}.raw").open("wb") for name in _PARTS}
    try:
        for done, pictures in enumerate(found.read(), start=1):
            for picture in pictures:
                channels = len(picture.pixels)
                with_class = picture.labels != UNKNOWN if found.labels_mask_training else np.ones(picture.labels.shape, np.bool_)
                owners += [number] * _write_tiles(picture.pixels, with_class, plan, files)
                number += 1
                if (picture.labels != UNKNOWN).any():
                    files["crops"].write(_middle(picture.pixels, row.crop_side, 0).tobytes())
                    files["labels"].write(_middle(picture.labels[None], row.crop_side, UNKNOWN).tobytes())
                    is_test.append(picture.part != TRAIN)
            if done % _TELL_EVERY == 0 or done == found.num_files:
                yield ProgressMade(stage="index", done=done, total=found.num_files)
    finally:
        for file in files.values():
            file.close()
    if not is_test:
        raise UsageError(f"The rule of {row.name} takes none of the pictures in {data}.", "Look whether pictures and label maps are whole.")
    facts: dict[str, Any] = {"owners": owners, "is_test": is_test, "channels": channels, "side": plan.side, "crop": row.crop_side}
    (folder / _FACTS).write_text(json.dumps(facts | {"num_pictures": number}), encoding="utf-8")


def _write_tiles(pixels: Pixels, with_class: npt.NDArray[np.bool_], plan: TilePlan, files: dict[str, BinaryIO]) -> int:
    """Write the tiles of a picture (C, h, w) and what of them takes part; returns how many. Beyond a small picture are zeros."""
    _, height, width = pixels.shape
    below, right = max(plan.side - height, 0), max(plan.side - width, 0)
    around = ((below // 2, below - below // 2), (right // 2, right - right // 2))
    maps = {
        "tiles": np.pad(pixels, ((0, 0), *around)),
        "inside": np.pad(np.full((1, height, width), 255, np.uint8), ((0, 0), *around)),
        "with_class": np.pad(with_class[None].astype(np.uint8) * 255, ((0, 0), *around)),
    }
    corners = tile_corners(width, height, plan)
    for x, y in corners:
        for name, values in maps.items():
            files[name].write(values[:, y : y + plan.side, x : x + plan.side].tobytes())
    return len(corners)


def _middle(maps: Pixels, side: int, beyond: int) -> Pixels:
    """(C, side, side) of the middle of (C, h, w) maps."""
    for axis in (1, 2):
        length = maps.shape[axis]
        if length > side:
            start = (length - side) // 2
            maps = maps.take(range(start, start + side), axis=axis)
        elif length < side:
            before = (side - length) // 2
            around = [(before, side - length - before) if one == axis else (0, 0) for one in range(3)]
            maps = np.pad(maps, around, constant_values=beyond)
    return maps


def _open_material(folder: Path, classes: tuple[str, ...]) -> PixelMaterial:
    facts = json.loads((folder / _FACTS).read_text(encoding="utf-8"))
    channels, side, crop, owners = facts["channels"], facts["side"], facts["crop"], np.array(facts["owners"], np.int64)
    count, scored = len(owners), len(facts["is_test"])
    shapes = {"tiles": (count, channels, side, side), "inside": (count, 1, side, side), "with_class": (count, 1, side, side)}
    shapes |= {"crops": (scored, channels, crop, crop), "labels": (scored, 1, crop, crop)}
    mapped = {name: np.memmap(folder / f"{name}.raw", np.uint8, "r", shape=shape) for name, shape in shapes.items()}
    return PixelMaterial(
        folder=folder,
        classes=classes,
        tiles=mapped["tiles"],
        inside=mapped["inside"],
        with_class=mapped["with_class"],
        owners=owners,
        crops=mapped["crops"],
        labels=mapped["labels"][:, 0],
        is_test=np.array(facts["is_test"], np.bool_),
        num_pictures=facts["num_pictures"],
    )
