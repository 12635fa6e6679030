"""Masks as files: a class id for every pixel, in indexed or grey PNG, or TIFF with 8 or 16 bits.

Ids are the values that lie in the file, never colours: a palette is for people.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from iic_studio.errors import StudioError
from iic_studio.images.guard import DECODER_ERRORS, quiet

MASK_SUFFIXES = (".png", ".tif", ".tiff", ".bmp")
_ONE_CHANNEL = {"1", "L", "P", "I", "I;16", "I;16B", "I;16L"}

Mask = npt.NDArray[np.uint16]


def read_mask(path: Path) -> Mask:
    """(h, w) ids of a mask.

    Raises:
        StudioError: the file cannot be read, or holds colours instead of ids.
    """
    from PIL import Image

    try:
        with quiet, Image.open(path) as image:
            if image.mode not in _ONE_CHANNEL:
                raise StudioError(
                    f"{path.name} holds colours ({image.mode}), not class ids.", "Masks are indexed or grey PNG, or TIFF with one channel."
                )
            ids = np.asarray(image)
    except DECODER_ERRORS as error:
        raise StudioError(f"{path.name} cannot be read as a mask: {error}.") from error
    if ids.ndim != 2 or ids.min(initial=0) < 0 or ids.max(initial=0) > np.iinfo(np.uint16).max:
        raise StudioError(f"{path.name} holds values that are no class ids.", "Ids go from 0 to 65,535.")
    return ids.astype(np.uint16)


def find_masks(folder: Path) -> dict[str, Path]:
    """Masks of a folder and its sub-folders by their path without the suffix, `/` between parts; hidden ones are left out.

    Raises:
        StudioError: there is no such folder, or none in it.
    """
    if not folder.is_dir():
        raise StudioError(f"There is no folder {folder}.", "Name a folder of masks.")
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if path.suffix.lower() in MASK_SUFFIXES and not any(part.startswith(".") for part in inner.parts) and path.is_file():
            found.setdefault(inner.with_suffix("").as_posix(), path)
    if not found:
        raise StudioError(f"There is no mask in {folder}.", "Masks are PNG or TIFF files with a class id for every pixel.")
    return found
