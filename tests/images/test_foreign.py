"""HEIF and camera RAW, with and without the packages they need."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile

from iic_studio.images.decode import UnreadableImage, decode, read_header, read_picture
from iic_studio.images.kinds import kind_of


def write_dng(path: Path, orientation: int) -> None:
    """A camera RAW file of 160 × 120 with a red, green / blue, yellow pattern of sensor values."""
    full = np.full((120, 160, 3), 500)
    full[:60, :80, 0] = full[:60, 80:, 1] = full[60:, :80, 2] = 3000
    full[60:, 80:, :2] = 3000
    sensor = np.empty((120, 160), np.uint16)
    for (down, right), channel in {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}.items():
        sensor[down::2, right::2] = full[down::2, right::2, channel]
    unit = [number for value in np.eye(3, dtype=int).ravel() for number in (int(value), 1)]
    tags = [
        (271, "s", 0, "Made", True),
        (272, "s", 0, "Made", True),
        (274, "H", 1, orientation, True),
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, bytes([0, 1, 1, 2]), True),
        (50706, "B", 4, bytes([1, 4, 0, 0]), True),
        (50717, "I", 1, 4095, True),
        (50721, "2i", 9, unit, True),
        (50728, "2I", 3, [1, 1] * 3, True),
        (50778, "H", 1, 21, True),
    ]
    tifffile.imwrite(path, sensor, photometric=32803, extratags=tags)


def test_heif(tmp_path: Path, heif: bytes, assert_quarters: Callable[..., None]) -> None:
    (tmp_path / "a.heic").write_bytes(heif)
    picture = read_picture(str(tmp_path / "a.heic"))
    assert (picture.width, picture.height) == (96, 64)
    assert_quarters(picture.pixels)
    (tmp_path / "b.jpg").write_bytes(heif)
    assert_quarters(read_picture(str(tmp_path / "b.jpg")).pixels)


def test_damaged_heif(heif: bytes) -> None:
    for length in (40, 200, 600):
        with pytest.raises(UnreadableImage, match=r"cut off|damaged"):
            decode(heif[:length], "a.heic")


def test_heif_bomb(heif: bytes) -> None:
    at = heif.index(b"ispe") + 8
    huge = heif[:at] + (60_000).to_bytes(4, "big") * 2 + heif[at + 8 :]
    with pytest.raises(UnreadableImage):
        decode(huge, "a.heic")


def test_missing_packages_are_named(heif: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(UnreadableImage, match=r"needs the extra for HEIF: pip install 'iic-studio\[heif\]'"):
        decode(heif, "a.heic")
    with pytest.raises(UnreadableImage, match=r"needs the extra for RAW: pip install 'iic-studio\[raw\]'"):
        decode(b"II*\0" + bytes(100), "a.nef")


def test_headers_of_child_only_kinds_are_not_read(tmp_path: Path, heif: bytes) -> None:
    (tmp_path / "a.heic").write_bytes(heif)
    (tmp_path / "a.dng").write_bytes(b"II*\0" + bytes(100))
    assert read_header(str(tmp_path / "a.heic")) is None
    assert read_header(str(tmp_path / "a.dng")) is None


def test_raw_is_developed_and_upright(tmp_path: Path) -> None:
    pytest.importorskip("rawpy", exc_type=ImportError)
    write_dng(tmp_path / "a.dng", orientation=6)
    write_dng(tmp_path / "b.tif", orientation=1)
    turned, plain = read_picture(str(tmp_path / "a.dng")), read_picture(str(tmp_path / "b.tif"))
    assert (turned.width, turned.height) == (120, 160)
    assert (plain.width, plain.height) == (160, 120)
    strongest = [int(turned.pixels[y, x].argmax()) for y, x in ((20, 15), (20, 45), (60, 45))]
    assert strongest == [2, 0, 1]
    assert [int(plain.pixels[y, x].argmax()) for y, x in ((15, 20), (15, 60), (45, 20))] == [0, 1, 2]


def test_damaged_raw() -> None:
    pytest.importorskip("rawpy", exc_type=ImportError)
    for data in (b"II*\0" + bytes(100), b"FUJIFILMCCD-RAW " + bytes(500), b"nonsense" * 40):
        with pytest.raises(UnreadableImage):
            decode(data, "a.nef")


@pytest.mark.parametrize(
    ("head", "suffix", "kind"),
    [
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", ".avif", "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", ".heic", "HEIF"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", ".cr3", "RAW"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", ".mp4", None),
        (b"II*\0\x10\0\0\0CR\2\0", ".jpg", "RAW"),
        (b"II*\0\x10\0\0\0", ".nef", "RAW"),
        (b"II*\0\x10\0\0\0", ".tif", "TIFF"),
        (b"MM\0+", ".tiff", "TIFF"),
        (b"FUJIFILMCCD-RAW 0201", ".raf", "RAW"),
        (b"", ".jpg", None),
    ],
)
def test_kind_by_content(head: bytes, suffix: str, kind: str | None) -> None:
    assert kind_of(head, suffix) == kind
