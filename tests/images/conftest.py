"""Pictures with a known upright look: four quarters of different colours, so that any wrong turn, flip or channel shows."""

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.images.ingest import IngestTask

# The four quarters, 96 × 64, encoded once with libheif; our own dependency only decodes.
HEIF = base64.b85decode(
    "0000SW^{RQXk}@500000ZE0pPXk}@5ZE0a<0004&ZDn*}000000000XXk=`10000000000aA{+700000000000000000000G-+&aV*mgE07O6l0ssL3"
    "00001x&Q$H00000006oG0ssI200MLX0RR9100000Bme*aIB98aW&i*H00062000$fZf0cy000000RRAKc4ILB0000LX>Mj^0ssI300IC2MR;ju00000"
    "4sdC7Z2$lO00031007l#aB^?}006dWaAR)(004Jrc4I>U1PA~C0G>Di0000U@BsY(`1k+-4+CHT0RR_30Sp2E{{#pC00RJ?H~;_x0017k0zhE^0RSpO"
    "0RaRE00093o;Uyi0{{RXkOmMSvfW7~HO;_7L4g1O0{|HS00RI42x0&M00=|@!E%NS0we$c025<xY;ta6Y<K_x01W^JfB*mh6lrsCWdHyG00000U;qFB"
    "KmY&$5O8UDX#fBK00RgJ2mk;87in;9VE_OC000000RRC6fdT^r0000QX>w&|000000000EV`Ot<00IC3009610OoCEVRQfh0JbOruL<Dc&pCBp|NLn`"
    "|NHt6A^QZ!Nd%<x*%6cZIe-5Y@HLAlnZB~-EQ1tcmMiB&_4uN(q!P_qs?=xPl9#V~7tle+B-?Eg<@|3hNL-MGw*O9#Gs2y3|JeOM|3)2O{R$F1l|QFj"
    "Go4L7twe&&TLo^nsuVIE8d;yC^I!5L*ZLIEeO$QE#7}U-FDj<fXy^BCz5eUif3RhcDC7{shszC$w}J8}=a=TBhLf0Y|H)VU00006MR;ju002!*04e|g"
    "00;m90TKWM000010096100000"
)

RED, GREEN, BLUE, YELLOW = (200, 40, 40), (40, 180, 60), (50, 60, 190), (220, 200, 60)


def quarters(width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8: red and green above, blue and yellow below."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = RED
    pixels[: height // 2, width // 2 :] = GREEN
    pixels[height // 2 :, : width // 2] = BLUE
    pixels[height // 2 :, width // 2 :] = YELLOW
    return pixels


@pytest.fixture
def make_quarters() -> Callable[..., Image.Image]:
    """A function `(width=120, height=80)` that makes the picture of four quarters."""
    return lambda width=120, height=80: Image.fromarray(quarters(width, height))


@pytest.fixture
def assert_quarters() -> Callable[..., None]:
    """A function that checks that an array (H, W, 3) shows the four quarters upright, within `tolerance` grey levels."""

    def check(pixels: np.ndarray, tolerance: int = 6) -> None:
        height, width = pixels.shape[:2]
        for (down, right), colour in {(1, 1): RED, (1, 3): GREEN, (3, 1): BLUE, (3, 3): YELLOW}.items():
            seen = pixels[height * down // 4, width * right // 4].astype(int)
            assert np.abs(seen - colour).max() <= tolerance, f"{seen} instead of {colour} at {right}/4, {down}/4"

    return check


@pytest.fixture
def heif() -> bytes:
    """The four quarters as a HEIF file, 96 × 64."""
    return HEIF


@pytest.fixture
def tasks_of() -> Callable[[Path], list[IngestTask]]:
    """A function that makes a task of each file below a folder, in path order, ids from 1."""

    def tasks(folder: Path) -> list[IngestTask]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [IngestTask(number, str(path)) for number, path in enumerate(files, start=1)]

    return tasks
