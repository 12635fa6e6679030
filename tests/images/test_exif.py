"""Dates and cameras as files tell them, whatever cameras write."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from iic_studio.images.decode import decode, read_bytes
from iic_studio.images.exif import Shot, camera_name, moment, read_head

SHOT = Shot("2024-05-03 12:33:07", "NIKON COOLPIX P6000")


def exif_of(date: str = "", original: str = "", make: str = "", model: str = "") -> Image.Exif:
    exif = Image.Exif()
    for tag, value in ((0x0132, date), (0x010F, make), (0x0110, model)):
        if value:
            exif[tag] = value
    if original:
        exif.get_ifd(0x8769)[0x9003] = original
    return exif


def full() -> Image.Exif:
    return exif_of("2025:01:01 00:00:00", "2024:05:03 12:33:07", "NIKON", "COOLPIX P6000")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.avif", "a.tif"])
def test_decoding_and_the_head_alone_say_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    # Pillow writes no inner block of dates into a TIFF.
    exif = exif_of(date="2024:05:03 12:33:07", make="NIKON", model="COOLPIX P6000") if name == "a.tif" else full()
    Image.new("RGB", (64, 48), "red").save(path, exif=exif)
    opened = decode(read_bytes(str(path)), str(path), at_least=8)
    head = read_head(str(path))
    assert head is not None
    assert opened.shot == head.shot == SHOT
    assert opened.kind == head.kind == {"jpg": "JPEG", "tif": "TIFF"}.get(name[2:], name[2:].upper())


def test_high_bit_tiff(tmp_path: Path) -> None:
    path = tmp_path / "deep.tif"
    Image.new("I;16", (20, 10)).save(path, exif=exif_of("2019:12:31 23:59:59", make="Zeiss", model="Axio"))
    assert decode(read_bytes(str(path)), str(path)).shot == Shot("2019-12-31 23:59:59", "Zeiss Axio")


def test_the_change_date_stands_in_for_the_date_of_the_shot(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (8, 8)).save(path, exif=exif_of("2020:02:29 01:02:03"))
    head = read_head(str(path))
    assert head is not None
    assert head.shot == Shot("2020-02-29 01:02:03", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024:05:03 12:33:07", "2024-05-03 12:33:07"),
        ("2024-05-03T12:33:07", "2024-05-03 12:33:07"),
        ("2024:05:03", "2024-05-03 00:00:00"),
        ("0000:00:00 00:00:00", ""),
        ("2023:02:30 10:00:00", ""),
        ("    :  :     :  :  ", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_dates(text: str, said: str) -> None:
    assert moment(text) == said


@pytest.mark.parametrize(
    ("make", "model", "said"),
    [
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("Apple", "iPhone 15", "Apple iPhone 15"),
        ("OLYMPUS IMAGING CORP.", "E-M1", "OLYMPUS E-M1"),
        ("RECONYX", "", "RECONYX"),
        ("", "", ""),
    ],
)
def test_cameras(make: str, model: str, said: str) -> None:
    assert camera_name(make, model) == said


def test_damage_counts_as_not_said(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    buffer = BytesIO()
    Image.new("RGB", (32, 32)).save(buffer, "JPEG", exif=full())
    data = bytearray(buffer.getvalue())
    begin = data.index(b"Exif") + 14
    data[begin : begin + 40] = b"\xff" * 40
    path.write_bytes(data)
    assert decode(bytes(data), "a.jpg").shot == Shot()
    head = read_head(str(path))
    assert head is not None
    assert head.shot == Shot()


def test_what_is_no_picture_has_no_head(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("no picture at all, but long enough to be looked at by its first bytes, or so one hopes")
    assert read_head(str(tmp_path / "a.jpg")) is None
    assert read_head(str(tmp_path / "gone.jpg")) is None


def test_raw_files_are_read_like_the_tiff_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.nef").write_bytes(full().tobytes().removeprefix(b"Exif\0\0") + bytes(64))
    head = read_head(str(tmp_path / "a.nef"))
    assert head is not None
    assert (head.kind, head.shot) == ("RAW", SHOT)


def test_heif_is_known_by_its_head_only(tmp_path: Path, heif: bytes) -> None:
    (tmp_path / "a.heic").write_bytes(heif)
    head = read_head(str(tmp_path / "a.heic"))
    assert head is not None
    assert head.kind == "HEIF"
