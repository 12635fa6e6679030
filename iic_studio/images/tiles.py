"""Pieces of pictures at the scale at which pixels are clustered.

A picture is brought to that scale, then squares are cut from it, spread evenly over it. The same scale is used when its pixels get their
clusters (`training.segment`), so the network sees things as large as it learned them.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

# No picture is enlarged to a longer strip than this, in short sides: a hair of 3000 x 4 pixels would become enormous.
_LONGEST_STRIP = 16
_REDUCING_GAP = 2.0
_MOST_OVERLAP = 0.75
_MIDDLE, _SPREAD, _LEAST_SPREAD = 128, 55, 8
_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class Scale:
    """At which size pixels are clustered.

    Attributes:
        short_side: every picture is brought to this short side, in pixels; 0 keeps pictures as they are, but for `shrink`.
        shrink: factor for a `short_side` of 0.
        is_standardised: every picture gets the same mean of each channel and the same contrast.
        enlarges: a picture with a shorter side than `short_side` is brought to it as well.
    """

    short_side: int
    shrink: float = 1.0
    is_standardised: bool = False
    enlarges: bool = True

    def size_of(self, width: int, height: int) -> tuple[int, int]:
        """Width and height of a picture at this scale, at least 1."""
        factor = self.shrink
        if self.short_side:
            factor = min(self.short_side / min(width, height), _LONGEST_STRIP * self.short_side / max(width, height))
            factor = factor if self.enlarges else min(factor, 1.0)
        return max(1, round(width * factor)), max(1, round(height * factor))


@dataclass(frozen=True)
class TilePlan:
    """How tiles are cut: the scale, their side in pixels, how many of a picture at most, whether they overlap to be so many, channels."""

    scale: Scale
    side: int
    most: int
    is_dense: bool = False
    channels: int = 3

    @property
    def name(self) -> str:
        """Different for plans that give different tiles."""
        dense = ("d" if self.is_dense else "") + (f"_{self.channels}" if self.channels != 3 else "")
        even = "_s" if self.scale.is_standardised else ""
        return f"tiles_{self.side}_{self.scale.short_side}_{round(self.scale.shrink * 1000)}_{self.most}{dense}{even}"


def to_scale(image: Image.Image, scale: Scale) -> Image.Image:
    """A picture at a scale, filtered against aliasing when it shrinks."""
    size = scale.size_of(*image.size)
    return image if size == image.size else image.resize(size, Image.Resampling.BILINEAR, reducing_gap=_REDUCING_GAP)


def at_scale(image: Image.Image, scale: Scale) -> npt.NDArray[np.uint8]:
    """(3, h, w) of a picture in mode L or RGB at a scale."""
    pixels = planes(to_scale(image, scale))
    return standardise(pixels, np.empty_like(pixels)) if scale.is_standardised else pixels


def standardise(pixels: npt.NDArray[np.uint8], out: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Per-image standardisation: the same mean of each channel and the same spread over all, so that neither the light of the day nor the
    camera's exposure tells pictures apart. A nearly plain picture keeps its weak contrast.

    Args:
        pixels: (C, h, w) uint8, in memory or mapped.
        out: (C, h, w) uint8, where the result goes; may be `pixels`.

    Returns:
        `out`.
    """
    bands = [slice(row, row + _ROWS_AT_ONCE) for row in range(0, pixels.shape[1], _ROWS_AT_ONCE)]
    counts = sum(np.stack([np.bincount(one.ravel(), minlength=256) for one in pixels[:, band]]) for band in bands)
    shares = counts / max(pixels[0].size, 1)
    values = np.arange(256)
    means = shares @ values
    spread = np.sqrt((shares * (values - means[:, None]) ** 2).sum(axis=1).mean())
    tables = ((values - means[:, None]) * (_SPREAD / max(spread, _LEAST_SPREAD)) + _MIDDLE).round().clip(0, 255).astype(np.uint8)
    for band in bands:
        for table, source, target in zip(tables, pixels, out, strict=True):
            target[band] = table[source[band]]
    return out


def tile_corners(width: int, height: int, plan: TilePlan) -> list[tuple[int, int]]:
    """Upper left corners (x, y) of the tiles of a picture at its scale, row by row; the first and last reach its borders."""
    room = max(width - plan.side, 0), max(height - plan.side, 0)
    step = plan.side * (1 - _MOST_OVERLAP) if plan.is_dense else plan.side
    across, down = (1 if space < plan.side / 8 else 1 + math.ceil(space / step) for space in room)
    if across * down > plan.most:
        shape = math.sqrt(plan.most * across / down)
        across = max(1, min(across, round(shape), plan.most))
        down = max(1, min(down, plan.most // across))
    columns, rows = (_spread(space, count) for space, count in zip(room, (across, down), strict=True))
    return [(x, y) for y in rows for x in columns]


def tile_frames(width: int, height: int, plan: TilePlan) -> npt.NDArray[np.float32]:
    """(n, 4) where the tiles of a picture of this size, at its scale, lie in it: left, top, width, height, as shares of the picture."""
    corners = np.array(tile_corners(width, height, plan), np.float32)
    # A smaller picture lies in the middle of its tile.
    corners -= (max(plan.side - width, 0) // 2, max(plan.side - height, 0) // 2)
    size = np.array([width, height], np.float32)
    return np.concatenate([corners / size, np.broadcast_to(plan.side / size, corners.shape)], axis=1).astype(np.float32)


def _spread(space: int, count: int) -> list[int]:
    return [space // 2] if count == 1 else [round(number * space / (count - 1)) for number in range(count)]


def cut_tiles(pixels: npt.NDArray[np.uint8], plan: TilePlan) -> npt.NDArray[np.uint8]:
    """(n, C, side, side) tiles of a (C, h, w) picture at its scale; smaller pictures are continued by their border."""
    _, height, width = pixels.shape
    below, right = max(plan.side - height, 0), max(plan.side - width, 0)
    if below or right:
        pixels = np.pad(pixels, ((0, 0), (below // 2, below - below // 2), (right // 2, right - right // 2)), mode="edge")
    corners = tile_corners(width, height, plan)
    return np.stack([pixels[:, y : y + plan.side, x : x + plan.side] for x, y in corners])


def planes(image: Image.Image) -> npt.NDArray[np.uint8]:
    """(3, h, w) of a picture in mode L or RGB."""
    pixels = np.asarray(image)
    return pixels[None].repeat(3, axis=0) if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))
