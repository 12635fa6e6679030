"""What is kept of a picture: a square for training and a thumbnail for people. Pillow images in, bytes and arrays out.

Nothing large is made on the way: the square is cut out by the resize itself, so a 3000 × 4 strip costs no more than a square.
BILINEAR is Pillow's antialiased triangle filter when it shrinks: half the time of LANCZOS at thumbnail sizes, with no visible loss.
"""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

THUMB_SIDE_PX = 256
CRISP_SIDE_PX = 64
_JPEG_QUALITY = 85
# Large pictures are first shrunk by whole factors down to this many times the wanted size.
_REDUCING_GAP = 1.25


def training_square(image: Image.Image, side: int) -> npt.NDArray[np.uint8]:
    """(3, side, side) uint8: shorter side brought to `side`, then the middle. Small pictures are enlarged bilinearly."""
    width, height = image.size
    shorter = min(width, height)
    # Whole pixels, because half a pixel's shift would blur pictures that need no scaling.
    left, top = (width - shorter) // 2, (height - shorter) // 2
    box = (left, top, left + shorter, top + shorter)
    if shorter == side:
        image = image.crop(box)
    else:
        image = image.resize((side, side), Image.Resampling.BILINEAR, box=box, reducing_gap=_REDUCING_GAP)
    pixels = np.asarray(image)
    if pixels.ndim == 2:
        return pixels[None].repeat(3, axis=0)
    return pixels.transpose(2, 0, 1)


def thumbnail(image: Image.Image) -> bytes:
    """A JPEG of at most 256 pixels a side, never enlarged; a PNG for tiny pictures, whose every pixel counts."""
    longer = max(image.size)
    target = io.BytesIO()
    if longer <= CRISP_SIDE_PX:
        image.save(target, "PNG", compress_level=1)
        return target.getvalue()
    if longer > THUMB_SIDE_PX:
        size = (
            max(1, round(image.width * THUMB_SIDE_PX / longer)),
            max(1, round(image.height * THUMB_SIDE_PX / longer)),
        )
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=_REDUCING_GAP)
    image.save(target, "JPEG", quality=_JPEG_QUALITY)
    return target.getvalue()
