"""When and with what a picture was taken, from its EXIF block: read along while decoding, or alone from the head of a file.

Dates are those of the camera's own clock, without a time zone, because most cameras know none. Whatever is damaged counts as not said.

Known weakness: of HEIF files nothing is read alone, because only child processes may open them.
"""

import contextlib
import re
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from iic_studio.images.guard import DECODER_ERRORS, quiet
from iic_studio.images.kinds import HEAD_BYTES, kind_of

_DATE, _MAKE, _MODEL, _EXIF_BLOCK, _DATE_ORIGINAL = 0x0132, 0x010F, 0x0110, 0x8769, 0x9003
_FORM = re.compile(r"(\d{4})[:./-](\d\d)[:./-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?")
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"IIU\0", b"IIRO", b"IIRS", b"MMOR")
_LONGEST_NAME = 80
# Words of a maker's name that say nothing beside the model's.
_COMPANY = {"corporation", "corp", "co", "ltd", "inc", "company", "imaging", "camera", "cameras", "electronics", "optical", "techwin"}


@dataclass(frozen=True)
class Shot:
    """`taken` as `2024-05-03 12:33:00`, `camera` as maker and model in one; empty where the file does not say."""

    taken: str = ""
    camera: str = ""


@dataclass(frozen=True)
class Head:
    """What the head of a file tells: its kind, and the shot."""

    kind: str
    shot: Shot


def shot_of(image: Image.Image) -> Shot:
    """The shot of an opened picture."""
    with contextlib.suppress(*DECODER_ERRORS):
        return _shot(image.getexif())
    return Shot()


def shot_in(data: bytes) -> Shot:
    """The shot of a TIFF, or of a camera RAW file that is built like one, whatever its pixels are."""
    return _shot_of_tiff(BytesIO(data))


def _shot_of_tiff(file: BinaryIO) -> Shot:
    with contextlib.suppress(*DECODER_ERRORS):
        file.seek(0)
        if file.read(4) in _TIFF_STARTS:
            file.seek(0)
            exif = Image.Exif()
            exif.load_from_fp(file)
            return _shot(exif)
    return Shot()


def read_head(path: str) -> Head | None:
    """What a file tells without being decoded; None if it cannot be read or is no image."""
    try:
        with quiet, Path(path).open("rb") as file:
            kind = kind_of(file.read(HEAD_BYTES), Path(path).suffix.lower())
            if kind is None:
                return None
            if kind in ("TIFF", "RAW"):
                return Head(kind, _shot_of_tiff(file))
            if kind == "HEIF":
                return Head(kind, Shot())
            file.seek(0)
            with Image.open(file, formats=[kind]) as image:
                return Head(kind, shot_of(image))
    except (*DECODER_ERRORS, Image.DecompressionBombError):
        return None


def _shot(exif: Image.Exif) -> Shot:
    taken = ""
    with contextlib.suppress(*DECODER_ERRORS):
        taken = moment(_text(exif.get_ifd(_EXIF_BLOCK).get(_DATE_ORIGINAL)))
    return Shot(taken or moment(_text(exif.get(_DATE))), camera_name(_text(exif.get(_MAKE)), _text(exif.get(_MODEL))))


def moment(text: str) -> str:
    """An EXIF date as `2024-05-03 12:33:00`; empty when it is none, as in cameras whose clock was never set."""
    found = _FORM.match(text)
    if found is None:
        return ""
    try:
        when = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type] # six whole numbers
    except ValueError:
        return ""
    return when.isoformat(sep=" ")


def camera_name(make: str, model: str) -> str:
    """Maker and model as people say them: `NIKON CORPORATION` and `NIKON D90` are `NIKON D90`."""
    words = [word for word in make.replace(",", " ").split() if word.strip(".").lower() not in _COMPANY]
    maker = " ".join(words)
    known = words and words[0].lower() in model.lower()
    return " ".join((model if known or not maker else f"{maker} {model}").split())[:_LONGEST_NAME]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return "".join(sign for sign in value.partition("\0")[0] if sign.isprintable()).strip()
