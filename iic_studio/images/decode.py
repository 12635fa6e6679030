"""One file to one upright 8-bit picture, or one plain sentence why not.

The kind of a file is told from its content (`kinds`). Only those kinds are ever tried: no EPS (it starts a program), FITS, PSD and the
like. Steps for a JPEG: header, size check, reduced decoding (`draft`), then EXIF orientation. Used by the child processes of `ingest`
and by the window for the large view, so it imports NumPy and Pillow only; tifffile, pi-heif and rawpy are imported for a file of theirs.

Known weaknesses: colour profiles are not applied; 16-bit colour PNG is read with 8 bits; first frame or page only.
"""

import contextlib
import os
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Importing a plugin registers its format with Pillow.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageChops,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from iic_studio.images import foreign, highbit
from iic_studio.images.exif import Shot, shot_in, shot_of
from iic_studio.images.guard import DECODER_ERRORS, quiet
from iic_studio.images.kinds import CHILD_ONLY, HEAD_BYTES, kind_of
from iic_studio.images.source import UnreadableImage, quick_hash, quick_hash_of, read_bytes

MAX_PIXELS = 178_956_970
FORMATS = tuple(
    plugin.format
    for plugin in (
        JpegImagePlugin.JpegImageFile,
        PngImagePlugin.PngImageFile,
        WebPImagePlugin.WebPImageFile,
        AvifImagePlugin.AvifImageFile,
        BmpImagePlugin.BmpImageFile,
        GifImagePlugin.GifImageFile,
        TiffImagePlugin.TiffImageFile,
    )
)

Range = tuple[float, float]

_TOO_LARGE = f"is larger than {MAX_PIXELS // 1_000_000} megapixels"
_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass
class Picture:
    """A picture as people see it.

    Attributes:
        pixels: (H, W, 3) uint8 RGB, upright.
        width, height: of the original after EXIF orientation; `pixels` may be smaller.
        is_grey: every pixel has equal channels.
        stretch: the values that became 0 and 255 if the original had more than 8 bits.
    """

    pixels: npt.NDArray[np.uint8]
    width: int
    height: int
    is_grey: bool
    stretch: Range | None = None


@dataclass(frozen=True)
class Header:
    """What a file announces: kind, size before orientation, whether it has more than 8 bits."""

    path: str
    kind: str
    width: int
    height: int
    is_high_bit: bool


@dataclass
class Opened:
    """As `Picture`, with the pixels still a Pillow image of mode L or RGB, and with kind and shot of the file."""

    image: Image.Image
    width: int
    height: int
    stretch: Range | None = None
    kind: str = ""
    shot: Shot = field(default_factory=Shot)


def read_picture(path: str, *, at_least: int | None = None, high_bit_range: Range | None = None) -> Picture:
    """Read a file as an upright RGB picture.

    Transparent parts become white. Pictures with more than 8 bits are stretched (see `highbit`).

    Args:
        path: of the file.
        at_least: a JPEG may be decoded at a half, quarter or eighth as long as its shorter side keeps this many pixels.
        high_bit_range: values that become 0 and 255, instead of the picture's own percentiles.

    Raises:
        UnreadableImage: with the reason.
    """
    return _as_picture(decode(read_bytes(path), path, at_least=at_least, high_bit_range=high_bit_range))


def load_display(path: str, max_side: int = 2048, high_bit_range: Range | None = None) -> Picture:
    """Read a file for the large view, its longer side at most `max_side` pixels. `kinds.CHILD_ONLY` says what not to read in the window.

    Raises:
        UnreadableImage: with the reason.
    """
    opened = decode(read_bytes(path), path, at_least=1, longest_at_least=max_side, high_bit_range=high_bit_range)
    opened.image.thumbnail((max_side, max_side), Image.Resampling.BILINEAR)
    return _as_picture(opened)


def read_header(path: str) -> Header | None:
    """What a file announces, without decoding it; None if it cannot be read, or only a child process may (`kinds.CHILD_ONLY`)."""
    try:
        with quiet, Path(path).open("rb") as file:
            kind = kind_of(file.read(HEAD_BYTES), _suffix(path))
            if kind is None or kind in CHILD_ONLY:
                return None
            file.seek(0)
            if kind == "TIFF":
                return Header(path, kind, *highbit.tiff_header(file))
            image = Image.open(file, formats=[kind])
            return Header(path, kind, image.width, image.height, _is_high_bit(image))
    except (*DECODER_ERRORS, highbit.RawInside, Image.DecompressionBombError):
        return None


def read_high_bit(path: str) -> npt.NDArray[Any] | None:
    """Values of a picture with more than 8 bits as they are in the file, (H, W) or (H, W, 3); None if it cannot be read or has 8 bits."""
    try:
        data = read_bytes(path)
        with quiet:
            if kind_of(data[:HEAD_BYTES], "") == "TIFF":
                page = highbit.read_tiff(data, MAX_PIXELS)
                if page is not None:
                    return page.values
            image = Image.open(BytesIO(data), formats=FORMATS)
            is_wanted = _is_high_bit(image) and image.width * image.height <= MAX_PIXELS
            return np.asarray(image) if is_wanted else None
    except (*DECODER_ERRORS, *highbit.REFUSALS, UnreadableImage, MemoryError, Image.DecompressionBombError):
        return None


def decode(
    data: bytes, name: str, *, at_least: int | None = None, longest_at_least: int = 0, high_bit_range: Range | None = None
) -> Opened:
    """Decode the content of a file.

    Args:
        data: the whole file.
        name: file name or path, for its suffix.
        at_least, longest_at_least: a JPEG may be reduced while its shorter and its longer side keep so many pixels.
        high_bit_range: see `read_picture`.

    Raises:
        UnreadableImage: with the reason.
    """
    suffix = _suffix(name)
    kind = kind_of(data[:HEAD_BYTES], suffix)
    if kind is None:
        raise UnreadableImage(f"is not an image, although it is named {suffix}" if suffix else "is not an image")
    try:
        with quiet:
            if kind == "HEIF":
                image = foreign.read_heif(data, MAX_PIXELS)
                opened = replace(_upright(image), shot=shot_of(image))
            elif kind == "RAW":
                opened = _open_raw(data)
            elif kind == "TIFF":
                opened = replace(_open_tiff(data, high_bit_range), shot=shot_in(data))
            else:
                opened = _open_common(data, kind, at_least, longest_at_least, high_bit_range)
            return replace(opened, kind=kind)
    except MemoryError as error:
        raise UnreadableImage("needs more memory than there is") from error
    except (highbit.TooLarge, foreign.TooManyPixels, Image.DecompressionBombError) as error:
        raise UnreadableImage(_TOO_LARGE) from error
    except highbit.Unsupported as error:
        raise UnreadableImage(str(error)) from error
    except foreign.MissingExtra as error:
        raise UnreadableImage(f"needs the extra for {kind}: pip install 'iic-studio[{error}]'") from error
    except DECODER_ERRORS as error:
        raise UnreadableImage(_damage(error)) from error


def _suffix(name: str) -> str:
    """Lower case, with the dot; empty without one. Several times faster than pathlib, which counts for small pictures."""
    stem, dot, last = name.rpartition(".")
    return dot + last.lower() if stem and "/" not in last and os.sep not in last else ""


def is_grey(image: Image.Image) -> bool:
    """Whether every pixel of an L or RGB image has equal channels."""
    if image.mode == "L":
        return True
    # A few pixels settle it for nearly every colour picture.
    few = image.resize((8, 8), Image.Resampling.NEAREST)
    return all(_has_equal_channels(one) for one in (few, image))


def _has_equal_channels(image: Image.Image) -> bool:
    red, green, blue = image.split()
    return not any(ImageChops.difference(red, other).getbbox() for other in (green, blue))


def _as_picture(opened: Opened) -> Picture:
    pixels = np.asarray(opened.image.convert("RGB"))
    return Picture(pixels, opened.width, opened.height, is_grey(opened.image), opened.stretch)


def _upright(image: Image.Image, orientation: int = 1, size: tuple[int, int] | None = None, stretch: Range | None = None) -> Opened:
    """Turn a picture as its EXIF orientation says; `size` is that of the original before turning, if the picture is smaller."""
    if not all(image.size):
        raise UnreadableImage("has no pixels")
    width, height = size or image.size
    if image.mode not in ("L", "RGB"):
        image, _ = _to_8_bit(image, None)
    turn = _TURNS.get(orientation)
    if turn is not None:
        image = image.transpose(turn)
    if orientation >= 5:
        width, height = height, width
    return Opened(image, width, height, stretch)


# Kinds of files -----------------------------------------------------------------------------------------------------------------------


def _open_common(
    data: bytes, kind: str, at_least: int | None = None, longest_at_least: int = 0, high_bit_range: Range | None = None
) -> Opened:
    image = Image.open(BytesIO(data), formats=[kind])
    size = image.size
    if size[0] * size[1] > MAX_PIXELS:
        raise highbit.TooLarge
    if kind == "JPEG" and at_least is not None:
        _draft(image, max(at_least, 1), longest_at_least)
    # One call of the decoder for the file instead of one for each 64 KiB.
    image.decodermaxblock = max(len(data), 1 << 16)
    image.load()
    if kind == "TIFF":
        # Pillow has turned it already.
        orientation, size = 1, image.size
    else:
        orientation = _orientation(image)
    shown, limits = _to_8_bit(image, high_bit_range)
    return replace(_upright(shown, orientation, size, limits), shot=shot_of(image))


def _draft(image: ImageFile.ImageFile, at_least: int, longest_at_least: int) -> None:
    """Ask for the strongest reduction that keeps both sides long enough."""
    shorter, longer = sorted(image.size)
    for factor in (8, 4, 2):
        if -(-shorter // factor) >= at_least and -(-longer // factor) >= longest_at_least:
            image.draft(None, (max(1, image.width // factor), max(1, image.height // factor)))
            return


def _open_tiff(data: bytes, high_bit_range: Range | None) -> Opened:
    try:
        page = highbit.read_tiff(data, MAX_PIXELS)
    except highbit.RawInside:
        return _open_raw(data)
    except highbit.Unsupported as unsupported:
        # Pillow's libtiff knows more compressions, but fewer kinds of numbers.
        try:
            return _open_common(data, "TIFF", high_bit_range=high_bit_range)
        except OSError as error:
            raise unsupported from error
    if page is None:
        return _open_common(data, "TIFF", high_bit_range=high_bit_range)
    if page.values.dtype == np.uint8:
        return _upright(Image.fromarray(np.ascontiguousarray(page.values)), page.orientation)
    limits = high_bit_range or highbit.value_range(page.values)
    pixels = highbit.stretch(page.values, limits)
    return _upright(Image.fromarray(255 - pixels if page.is_inverted else pixels), page.orientation, stretch=limits)


def _open_raw(data: bytes) -> Opened:
    image, orientation, (width, height) = foreign.read_raw(data, MAX_PIXELS)
    opened, shot = _upright(image, orientation), shot_in(data)
    return Opened(opened.image, width, height, shot=shot if shot != Shot() else shot_of(image))


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1–8; 1 when there is none or the EXIF block is damaged."""
    with contextlib.suppress(*DECODER_ERRORS):
        value = image.getexif().get(_ORIENTATION_TAG, 1)
        if value in _TURNS:
            return int(value)
    return 1


# Kinds of pixels ----------------------------------------------------------------------------------------------------------------------


def _to_8_bit(image: Image.Image, high_bit_range: Range | None) -> tuple[Image.Image, Range | None]:
    """The picture in mode L or RGB, and the limits of the stretch if there was one."""
    mode = image.mode
    if mode in ("L", "RGB") and "transparency" not in image.info:
        return image, None
    if _is_high_bit(image):
        values = np.asarray(image)
        limits = high_bit_range or highbit.value_range(values)
        return Image.fromarray(highbit.stretch(values, limits)), limits
    if image.has_transparency_data:
        return _over_white(image), None
    if mode == "CMYK":
        return _from_cmyk(image), None
    return image.convert("L" if mode in ("1", "LA", "La") else "RGB"), None


def _is_high_bit(image: Image.Image) -> bool:
    return image.mode.startswith(("I", "F"))


def _over_white(image: Image.Image) -> Image.Image:
    with_alpha = image.convert("LA" if image.mode in ("L", "LA", "La", "1") else "RGBA")
    opaque = with_alpha.convert(with_alpha.mode[:-1])
    alpha = with_alpha.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return opaque
    white = Image.new(opaque.mode, opaque.size, "white")
    white.paste(opaque, mask=alpha)
    return white


def _from_cmyk(image: Image.Image) -> Image.Image:
    """Pillow takes every CMYK JPEG as inverted, as Adobe writes them; those without Adobe's mark are not."""
    if isinstance(image, JpegImagePlugin.JpegImageFile) and "adobe" not in image.info:
        image = ImageChops.invert(image)
    return image.convert("RGB")


# Failures -----------------------------------------------------------------------------------------------------------------------------


def _damage(error: Exception) -> str:
    """What a decoder's error means for a person."""
    words = str(error)
    if isinstance(error, UnidentifiedImageError):
        return "is damaged or cut off near its beginning"
    if any(
        sign in words.lower() for sign in ("truncated", "end of file", "end of data", "premature", "broken data stream", "failed to read")
    ):
        return "is cut off: the end of the file is missing"
    detail = "".join(sign for sign in words.splitlines()[0] if sign.isprintable())[:80] if words else type(error).__name__
    return f"is damaged and cannot be decoded ({detail})"


__all__ = [
    "FORMATS",
    "MAX_PIXELS",
    "Header",
    "Opened",
    "Picture",
    "UnreadableImage",
    "decode",
    "is_grey",
    "load_display",
    "quick_hash",
    "quick_hash_of",
    "read_bytes",
    "read_header",
    "read_high_bit",
    "read_picture",
]
