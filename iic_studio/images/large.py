"""TIFF files that go beyond a picture: hundreds of megapixels, or more channels than three. They are read piece by piece.

What lies uncompressed in one run of bytes is mapped as it is; otherwise strips or tiles are decoded one after the other into a file, which
is mapped. Then bands of rows are brought to scale and to 8 bits. Memory holds a strip or tile and a band, however large the picture; the
disk holds it once or twice.

Known weaknesses: the first page only; a file that is compressed as one single strip is decoded whole; palettes, and compressions that need
`imagecodecs`, are refused.
"""

import contextlib
import errno
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from iic_studio.images import highbit
from iic_studio.images.decode import MAX_PIXELS, Range, UnreadableImage
from iic_studio.images.guard import DECODER_ERRORS, quiet
from iic_studio.images.tiles import Scale, standardise

MOST_CHANNELS = 16
_SUFFIXES = (".tif", ".tiff", ".btf", ".tf8")
_FEWEST_BYTES = 1 << 18  # no picture of hundreds of megapixels takes less
_BAND_BYTES = 16 << 20
_ORIENTATION_TAG = 274
_PALETTE, _MIN_IS_WHITE = 3, 0
Values = npt.NDArray[Any]
Pixels = npt.NDArray[np.uint8]


class TiffSize(NamedTuple):
    """Pixels of the first page of a TIFF as it lies in the file, and values for each of them."""

    width: int
    height: int
    channels: int


class Scaled(NamedTuple):
    """A picture at a scale: a .npy file of (C, h, w) uint8, and the size of the upright original."""

    file: Path
    width: int
    height: int


def tiff_size(path: str) -> TiffSize | None:
    """What a TIFF announces; None for other files and those that cannot be read."""
    if not path.lower().endswith(_SUFFIXES):
        return None
    import tifffile

    with contextlib.suppress(*DECODER_ERRORS), quiet, tifffile.TiffFile(path) as file:
        page: Any = file.pages[0]
        return TiffSize(int(page.imagewidth), int(page.imagelength), int(page.samplesperpixel))
    return None


def is_large(path: str) -> bool:
    """Whether a file is a TIFF with more pixels than are decoded in one go."""
    try:
        if not path.lower().endswith(_SUFFIXES) or Path(path).stat().st_size < _FEWEST_BYTES:
            return False
    except OSError:
        return False
    size = tiff_size(path)
    return size is not None and size.width * size.height > MAX_PIXELS


def write_scaled(path: str, scale: Scale, channels: int, high_bit_range: Range | None, file: Path) -> Scaled:
    """Bring a TIFF to a scale, band by band.

    Args:
        channels: how many are wanted; 3 of a grey picture are alike.
        high_bit_range: values that become 0 and 255 where there are more than 8 bits; by a sample of the picture if not given.
        file: where the result goes.

    Raises:
        UnreadableImage: with the reason.
        OSError: no room on the disk.
    """
    with _mapped(path, file.with_suffix(".spool")) as (values, is_inverted):
        height, width, found = values.shape
        if found not in (1, 2) and found < channels:
            raise UnreadableImage(f"has {found} channels, not {channels}")
        if found in (1, 2) and channels > 3:
            raise UnreadableImage(f"has {found} channel{'s' if found > 1 else ''}, not {channels}")
        limits = None
        if values.dtype != np.uint8:
            step = max(1, math.isqrt(values.size // (1 << 20)))
            limits = high_bit_range or highbit.value_range(np.ascontiguousarray(values[::step, ::step]))
        size = scale.size_of(width, height)
        out = np.lib.format.open_memmap(file, "w+", np.uint8, (channels, size[1], size[0]))
        for row, band in _scaled_bands(values, size, channels, limits):
            out[:, row : row + band.shape[1]] = 255 - band if is_inverted else band
        if scale.is_standardised:
            standardise(out, out)
        out.flush()
    return Scaled(file, width, height)


@contextlib.contextmanager
def _mapped(path: str, spool: Path) -> Iterator[tuple[Values, bool]]:
    """(h, w, C) values of the first page, upright and mapped; and whether 0 is white."""
    import tifffile

    try:
        with quiet, tifffile.TiffFile(path) as tiff:
            page: Any = tiff.pages[0]
            if int(page.photometric) == _PALETTE or page.dtype is None or page.dtype.kind not in "buif":
                raise UnreadableImage("holds colours by a palette, or numbers that are no brightness")
            whole = tifffile.memmap(path, page=0, mode="r") if page.is_memmappable else _spooled(page, spool)
            values = whole.reshape(page.shaped)[:, 0]
            values = values[..., 0].transpose(1, 2, 0) if len(values) > 1 else values[0]
            tag = page.tags.get(_ORIENTATION_TAG)
            upright = _upright(values, int(tag.value) if tag is not None else 1)
            yield upright, int(page.photometric) == _MIN_IS_WHITE
    except DECODER_ERRORS as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        if isinstance(error, FileNotFoundError):
            raise UnreadableImage("is gone") from error
        if isinstance(error, PermissionError):
            raise UnreadableImage("cannot be opened: permission denied") from error
        if "imagecodecs" in str(error) or "not supported" in str(error):
            raise UnreadableImage("is compressed in a way that cannot be read piece by piece") from error
        raise UnreadableImage(f"is damaged and cannot be decoded ({type(error).__name__})") from error
    finally:
        spool.unlink(missing_ok=True)


def _spooled(page: Any, spool: Path) -> Values:
    """All strips or tiles of a page, decoded one after the other into a mapped file."""
    out = np.lib.format.open_memmap(spool, "w+", page.dtype, page.shaped)
    for segment, (plane, depth, row, column, _), (_, height, width, _) in page.segments(maxworkers=1, buffersize=_BAND_BYTES):
        if segment is not None:
            place = out[plane, depth, row : row + height, column : column + width]  # tiles reach beyond the picture
            place[...] = segment[0, : place.shape[0], : place.shape[1]]
    return out


def _upright(values: Values, orientation: int) -> Values:
    """A view of (h, w, C) values as EXIF orientation says."""
    if orientation >= 5:
        values = values.transpose(1, 0, 2)
        orientation = {5: 1, 6: 2, 7: 3, 8: 4}.get(orientation, 1)
    rows, columns = {2: (1, -1), 3: (-1, -1), 4: (-1, 1)}.get(orientation, (1, 1))
    return values[::rows, ::columns]


def _scaled_bands(values: Values, size: tuple[int, int], channels: int, limits: Range | None) -> Iterator[tuple[int, Pixels]]:
    """First row and (C, n, w) pixels of bands of the result, as if the whole picture was brought to size at once."""
    height, width, found = values.shape
    across, down = width / size[0], height / size[1]
    reach = math.ceil(down) + 2  # how far the filter of a row reaches
    rows_of_source = max(_BAND_BYTES // (width * found * values.dtype.itemsize), 8)
    step = max(1, int(rows_of_source / down))
    for first in range(0, size[1], step):
        last = min(first + step, size[1])
        top, bottom = max(math.floor(first * down) - reach, 0), min(math.ceil(last * down) + reach, height)
        band = _to_bytes(values[top:bottom], limits)
        planes = band[..., :1].repeat(channels, axis=-1) if found < 3 else band[..., :channels]
        if (across, down) == (1.0, 1.0):
            yield first, planes[first - top : last - top].transpose(2, 0, 1)
            continue
        box = (0, first * down - top, width, last * down - top)
        pieces = [
            np.asarray(Image.fromarray(np.ascontiguousarray(one)).resize((size[0], last - first), Image.Resampling.BILINEAR, box=box))
            for one in planes.transpose(2, 0, 1)
        ]
        yield first, np.stack(pieces)


def _to_bytes(values: Values, limits: Range | None) -> Pixels:
    if values.dtype == np.bool_:
        return values.astype(np.uint8) * 255
    return np.asarray(values) if limits is None else highbit.stretch(np.ascontiguousarray(values), limits)
