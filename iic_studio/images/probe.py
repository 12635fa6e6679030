"""A quick look at a folder before it is decoded: usual size, share of grey pictures, range of values of high-bit pictures.

`training.plan` chooses image size and colour handling from it, and `ingest` gets the range, fixed for the whole folder so that
brightness stays comparable. An evenly spaced sample is looked at: headers only for sizes, small reduced decoding for colour.

Known weaknesses: HEIF and camera RAW are left out, because only child processes may decode them; a folder that mixes kinds of high-bit
pictures (16-bit and 0–1 real values) gets one range that fits neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import TypeVar

import numpy as np

from iic_studio.images.decode import Header, UnreadableImage, decode, is_grey, read_bytes, read_header, read_high_bit
from iic_studio.images.highbit import value_range
from iic_studio.images.kinds import CHILD_ONLY, HEAD_BYTES, kind_of

DEFAULT_SHORT_SIDE_PX = 512

_GREY_SAMPLE = 32
_GREY_SIDE_PX = 32
_HIGH_BIT_SAMPLE = 12
_VALUES_PER_IMAGE = 1 << 16
# About what one core decodes in a second.
_PIXEL_BUDGET = 50_000_000
_JPEG_DRAFT_GAIN = 8

T = TypeVar("T")


@dataclass(frozen=True)
class FolderProbe:
    """What a sample of a folder looks like.

    Attributes:
        median_short_side: of the pictures as stored, in pixels; `DEFAULT_SHORT_SIDE_PX` when none could be looked at.
        grey_share: share of grey pictures, 0–1.
        high_bit_range: values that should become 0 and 255 in pictures with more than 8 bits; None when there are none.
        num_high_bit: number of such pictures in the sample.
        num_unreadable: files that cannot be read, as far as was looked.
        is_complete: every file was looked at whole.
    """

    median_short_side: int
    grey_share: float
    high_bit_range: tuple[float, float] | None
    num_high_bit: int
    num_unreadable: int = 0
    is_complete: bool = False


def probe(paths: Sequence[str], limit: int = 256, most_decoded: int = _GREY_SAMPLE) -> FolderProbe:
    """Look at up to `limit` files; never fails because of a file.

    Args:
        paths: absolute paths of the folder's files, in a stable order: the sample depends on it.
        limit: how many headers to read.
        most_decoded: how many files to decode, if a second is enough for them.
    """
    sample = _spaced(paths, limit)
    headers = [header for path in sample if (header := read_header(path)) is not None]
    with_header = {header.path for header in headers}
    bad = sum(path not in with_header and not _needs_child(path) for path in sample)
    if not headers:
        return FolderProbe(DEFAULT_SHORT_SIDE_PX, 0.0, None, 0, bad)
    decoded = _affordable(headers, most_decoded)
    grey = [answer for header in decoded if (answer := _is_grey(header)) is not None]
    high_bit = [header for header in headers if header.is_high_bit]
    return FolderProbe(
        median_short_side=int(median(min(header.width, header.height) for header in headers)),
        grey_share=float(mean(grey)) if grey else 0.0,
        high_bit_range=_pooled_range(high_bit),
        num_high_bit=len(high_bit),
        num_unreadable=bad + len(decoded) - len(grey),
        is_complete=len(decoded) + bad == len(paths),
    )


def _needs_child(path: str) -> bool:
    """Whether only a child process may look into a file."""
    try:
        with Path(path).open("rb") as file:
            return kind_of(file.read(HEAD_BYTES), Path(path).suffix.lower()) in CHILD_ONLY
    except OSError:
        return False


def _is_grey(header: Header) -> bool | None:
    """None if the file cannot be decoded."""
    try:
        opened = decode(read_bytes(header.path), header.path, at_least=_GREY_SIDE_PX)
    except UnreadableImage:
        return None
    return is_grey(opened.image)


def _pooled_range(headers: Sequence[Header]) -> tuple[float, float] | None:
    """Percentiles over several pictures, each with the same weight."""
    pool = []
    for header in _affordable(headers, _HIGH_BIT_SAMPLE):
        values = read_high_bit(header.path)
        if values is not None and values.size:
            flat = values.reshape(-1)
            pool.append(flat[:: max(1, flat.size // _VALUES_PER_IMAGE)].astype(np.float64))
    return value_range(np.concatenate(pool)) if pool else None


def _affordable(headers: Sequence[Header], limit: int) -> list[Header]:
    """An evenly spaced part that can be decoded in about a second, but at least three."""
    if not headers:
        return []
    cost = mean(header.width * header.height / (_JPEG_DRAFT_GAIN if header.kind == "JPEG" else 1) for header in headers)
    return _spaced(headers, min(limit, max(3, int(_PIXEL_BUDGET / max(cost, 1)))))


def _spaced(items: Sequence[T], limit: int) -> list[T]:
    """Up to `limit` items, evenly spaced, the first among them."""
    if len(items) <= limit:
        return list(items)
    return [items[number * len(items) // limit] for number in range(limit)]
