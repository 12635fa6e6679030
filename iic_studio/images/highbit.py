"""Pixels beyond 8 bits: 16-bit, 32-bit and floating-point grey or colour, microscope stacks. One rule makes them visible.

The rule: values between two limits are spread over 0–255, the rest is clipped. The limits are the 0.5th and 99.5th percentile of the
picture, or a range fixed for the whole folder (`probe`), which keeps brightness comparable between pictures. Called by `decode`.

Known weaknesses: the first page only; three channels at most; compressions that tifffile leaves to `imagecodecs` (LZW, JPEG 2000) are
read by Pillow, which drops the low byte of 16-bit colour.
"""

import io
import logging
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

PERCENTILES = (0.5, 99.5)
MAX_ARRAY_BYTES = 2 << 30
_SAMPLED_VALUES = 1 << 20
_MIN_IS_WHITE = 0
_COLOUR_FILTER_ARRAY = 32803
_ORIENTATION_TAG = 274

Values = npt.NDArray[Any]
Range = tuple[float, float]


class TooLarge(Exception):
    """The picture would need more memory than a picture may."""


class RawInside(Exception):
    """The TIFF holds a camera's sensor pattern instead of a picture."""


class Unsupported(Exception):
    """A TIFF that is whole, but that tifffile cannot turn into a picture by itself; `str()` says why in words for people."""


REFUSALS = (TooLarge, RawInside, Unsupported)


@dataclass
class TiffPage:
    """First page of a TIFF as it is: `values` (H, W) or (H, W, 3) in their own type, EXIF orientation 1–8."""

    values: Values
    orientation: int
    is_inverted: bool


def value_range(values: Values) -> Range:
    """Where the bulk of the values lies: the 0.5th and 99.5th percentile of a regular sample, NaN and infinity left out.

    When those two coincide, the smallest and largest value; (0, 1) when nothing is finite.
    """
    sample = values.reshape(-1)[:: max(1, values.size // _SAMPLED_VALUES)]
    if sample.dtype.kind == "f":
        sample = sample[np.isfinite(sample)]
    if not sample.size:
        return 0.0, 1.0
    with np.errstate(all="ignore"):
        low, high = (float(limit) for limit in np.percentile(sample.astype(np.float64, copy=False), PERCENTILES))
    if not low < high:
        low, high = float(sample.min()), float(sample.max())
    return low, high


def stretch(values: Values, limits: Range) -> npt.NDArray[np.uint8]:
    """Spread values between the limits over 0–255 and clip the rest; NaN becomes 0. A picture of one value becomes black."""
    low, high = limits
    if not high > low:
        return np.zeros(values.shape, np.uint8)
    if values.dtype.kind == "u" and values.dtype.itemsize <= 2:
        # A table of all possible values is several times faster than arithmetic on every pixel.
        table = np.arange(np.iinfo(values.dtype).max + 1, dtype=np.float64)
        return _to_bytes(table, low, high)[values]
    return _to_bytes(values, low, high)


def _to_bytes(values: Values, low: float, high: float) -> npt.NDArray[np.uint8]:
    kind = np.float64 if values.dtype.itemsize > 4 else np.float32
    with np.errstate(all="ignore"):
        clipped = np.clip(values.astype(kind), low, high)
        scaled = (clipped - kind(low)) / kind(high - low) * kind(255)
    return np.asarray(np.rint(np.nan_to_num(scaled, nan=0.0)).clip(0, 255), dtype=np.uint8)


def tiff_header(file: BinaryIO) -> tuple[int, int, bool]:
    """Width, height and whether there is more than ordinary 8 bits, of the first page of a TIFF.

    Raises:
        RawInside, ValueError and other decoder errors.
    """
    with _open_tiff(file) as tiff:
        page: Any = tiff.pages[0]
        if int(page.photometric) == _COLOUR_FILTER_ARRAY:
            raise RawInside
        return int(page.imagewidth), int(page.imagelength), not _is_ordinary(page)


def read_tiff(data: bytes, max_pixels: int) -> TiffPage | None:
    """First page of a TIFF if it needs more than Pillow gives: more than 8 bits, signed or real values, unusual channels.

    Returns None for an ordinary 8-bit picture.

    Raises:
        TooLarge: more pixels or bytes than allowed.
        RawInside: a camera RAW file by another name.
        Unsupported: an unusual compression or kind of number.
        ValueError and other decoder errors: damaged.
    """
    with _open_tiff(io.BytesIO(data)) as file:
        page: Any = file.pages[0]
        if page.imagewidth * page.imagelength > max_pixels:
            raise TooLarge
        if int(page.photometric) == _COLOUR_FILTER_ARRAY:
            raise RawInside
        if _is_ordinary(page):
            return None
        if page.size * page.dtype.itemsize > MAX_ARRAY_BYTES:
            raise TooLarge
        if page.dtype.kind == "c":
            raise Unsupported("holds complex numbers")
        try:
            values = page.asarray(maxworkers=1)
        except ValueError as error:
            if "imagecodecs" in str(error) or "not supported" in str(error):
                name = getattr(page.compression, "name", str(page.compression))
                raise Unsupported(f"uses a compression that cannot be read here ({name})") from error
            raise
        values = _rows_columns_channels(values, page.axes)
        tag = page.tags.get(_ORIENTATION_TAG)
        orientation = int(tag.value) if tag is not None else 1
        return TiffPage(values, orientation, int(page.photometric) == _MIN_IS_WHITE)


def _open_tiff(file: BinaryIO) -> Any:
    import tifffile

    # Its log lines would reach the terminal; a file that cannot be read is reported by us.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)
    return tifffile.TiffFile(file)


def _is_ordinary(page: Any) -> bool:
    if page.dtype is None:
        return True
    is_8_bit = page.dtype == np.uint8 or page.dtype.kind == "b"
    return bool(is_8_bit and page.samplesperpixel <= 4 and page.samplesperpixel != 2 and page.imagedepth == 1)


def _rows_columns_channels(values: Values, axes: str) -> Values:
    """(H, W) or (H, W, 3): the first of every axis that is neither row, column nor channel, and at most three channels."""
    kept = ""
    for position, axis in reversed(list(enumerate(axes))):
        if axis in "YXS":
            kept = axis + kept
        else:
            values = np.take(values, 0, axis=position)
    if "S" not in kept:
        return values
    values = np.moveaxis(values, kept.index("S"), -1)
    return values[..., :3] if values.shape[-1] >= 3 else values[..., 0]
