"""Formats that need an optional package: HEIF photographs of telephones (pi-heif) and camera RAW files (rawpy).

Both decoders are large native libraries fed with files from anywhere, so only the child processes of `ingest` should call them.

Known weaknesses: a RAW file shows the preview its camera made when that is large enough, which the camera may have sharpened.
"""

import io
from typing import Any

from PIL import Image

_MIN_PREVIEW_SIDE_PX = 480
_ORIENTATION_TAG = 0x0112
# LibRaw's `flip` to the EXIF orientation that says the same.
_FLIP_TO_ORIENTATION = {0: 1, 3: 3, 5: 8, 6: 6}


class MissingExtra(Exception):
    """The package for a format is not installed; `str()` names the extra."""


class TooManyPixels(Exception):
    """The file announces more pixels than allowed."""


def read_heif(data: bytes, max_pixels: int) -> Image.Image:
    """Main picture of a HEIF file, 8 bits a channel, already upright (libheif turns it).

    Raises:
        MissingExtra, TooManyPixels, or what pi-heif raises for damaged files.
    """
    try:
        import pi_heif
    except ImportError as error:
        raise MissingExtra("heif") from error
    file: Any = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
    if file.size[0] * file.size[1] > max_pixels:
        raise TooManyPixels
    image: Image.Image = file.to_pillow()
    return image


def read_raw(data: bytes, max_pixels: int) -> tuple[Image.Image, int, tuple[int, int]]:
    """Picture of a RAW file: the camera's own preview, or half-size development without one.

    Returns:
        the picture, its EXIF orientation (1: already upright), and the sensor's width and height after orientation.

    Raises:
        MissingExtra, TooManyPixels, ValueError: damaged.
    """
    try:
        import rawpy
    except ImportError as error:
        raise MissingExtra("raw") from error
    try:
        with rawpy.imread(io.BytesIO(data)) as raw:
            return _develop(raw, max_pixels)
    except (rawpy.LibRawError, rawpy.NotSupportedError) as error:
        # LibRaw's messages arrive as bytes.
        words = error.args[0] if error.args else "unknown error"
        raise ValueError(words.decode(errors="replace") if isinstance(words, bytes) else str(words)) from error


def _develop(raw: Any, max_pixels: int) -> tuple[Image.Image, int, tuple[int, int]]:
    sizes = raw.sizes
    if sizes.raw_width * sizes.raw_height > max_pixels:
        raise TooManyPixels
    is_turned = sizes.flip in (5, 6)
    full = (sizes.height, sizes.width) if is_turned else (sizes.width, sizes.height)
    preview = _preview(raw)
    if preview is None:
        pixels = raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8)
        return Image.fromarray(pixels), 1, full
    own = int(preview.getexif().get(_ORIENTATION_TAG, 1))
    # Some cameras store the preview upright already, which shows in its shape.
    is_upright = own == 1 and is_turned and (preview.width < preview.height) == (full[0] < full[1])
    orientation = own if own != 1 or is_upright else _FLIP_TO_ORIENTATION.get(sizes.flip, 1)
    return preview, orientation, full


def _preview(raw: Any) -> Image.Image | None:
    """The JPEG preview inside a RAW file, if there is one of useful size."""
    import rawpy

    try:
        thumb = raw.extract_thumb()
    except (rawpy.LibRawNoThumbnailError, rawpy.LibRawUnsupportedThumbnailError):
        return None
    if thumb.format != rawpy.ThumbFormat.JPEG:
        return None
    image = Image.open(io.BytesIO(thumb.data), formats=["JPEG"])
    return image if min(image.size) >= _MIN_PREVIEW_SIDE_PX else None
