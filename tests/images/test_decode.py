"""Decoding 8-bit pictures: orientation, reduced reading, kinds of pixels, and files that cannot be read."""

import io
import logging
import os
import struct
import threading
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from iic_studio.images.decode import MAX_PIXELS, UnreadableImage, decode, load_display, read_header, read_picture

Check = Callable[..., None]
Make = Callable[..., Image.Image]

ORIENTATION = 0x0112
# How a camera stores an upright picture so that the EXIF orientation brings it back.
STORED = {
    1: lambda image: image,
    2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
    4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
    6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
    7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
    8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
}


def save(image: Image.Image, path: Path, **options: object) -> str:
    image.save(path, **options)
    return str(path)


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


def png(width: int, height: int, data: bytes = b"", bits: int = 8, colour: int = 2) -> bytes:
    """A PNG by hand, so that its header can say anything."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


# Orientation and size -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_give_the_same_upright_picture(
    orientation: int, suffix: str, tmp_path: Path, make_quarters: Make, assert_quarters: Check
) -> None:
    path = save(STORED[orientation](make_quarters()), tmp_path / f"a.{suffix}", exif=with_orientation(orientation), quality=95)
    picture = read_picture(path)
    assert (picture.width, picture.height) == (120, 80)
    assert picture.pixels.shape == (80, 120, 3)
    assert_quarters(picture.pixels, tolerance=12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_reduced_reading_keeps_orientation_and_tells_the_original_size(
    orientation: int, tmp_path: Path, make_quarters: Make, assert_quarters: Check
) -> None:
    stored = STORED[orientation](make_quarters(1200, 800))
    picture = read_picture(save(stored, tmp_path / "a.jpg", exif=with_orientation(orientation)), at_least=100)
    assert (picture.width, picture.height) == (1200, 800)
    assert picture.pixels.shape == (100, 150, 3)
    assert_quarters(picture.pixels, tolerance=10)


@pytest.mark.parametrize(("at_least", "shorter"), [(1, 13), (13, 13), (14, 25), (50, 50), (51, 100), (100, 100), (500, 100), (0, 13)])
def test_reduced_reading_never_goes_below_what_is_asked(at_least: int, shorter: int, tmp_path: Path, make_quarters: Make) -> None:
    path = save(make_quarters(151, 100), tmp_path / "a.jpg")
    picture = read_picture(path, at_least=at_least)
    assert min(picture.pixels.shape[:2]) == shorter
    assert (picture.width, picture.height) == (151, 100)


def test_damaged_exif_does_not_stop_the_picture(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    path = save(make_quarters(), tmp_path / "a.jpg", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff nonsense", quality=95)
    assert_quarters(read_picture(path).pixels)


def test_orientation_out_of_range_is_ignored(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    assert_quarters(read_picture(save(make_quarters(), tmp_path / "a.png", exif=with_orientation(9))).pixels)


# Kinds of pixels ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.bmp", "a.png", "a.tiff", "a.webp", "a.avif", "a.jpeg", "a.dib"])
def test_common_formats(name: str, tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    picture = read_picture(save(make_quarters(), tmp_path / name, quality=95))
    assert_quarters(picture.pixels)
    assert picture.pixels.dtype == np.uint8
    assert not picture.is_grey
    assert picture.stretch is None


def test_cmyk_of_adobe_and_of_others(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    cmyk = make_quarters().convert("CMYK")
    assert_quarters(read_picture(save(cmyk, tmp_path / "adobe.jpg", quality=95)).pixels)
    assert_quarters(read_picture(save(cmyk, tmp_path / "a.tif")).pixels)
    stream = io.BytesIO()
    ImageChops.invert(cmyk).save(stream, "JPEG", quality=95)
    data = stream.getvalue()
    at = data.index(b"\xff\xee")
    mark = data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]
    assert b"Adobe" in mark
    (tmp_path / "plain.jpg").write_bytes(data.replace(mark, b""))
    assert_quarters(read_picture(str(tmp_path / "plain.jpg")).pixels)


def test_reduced_cmyk(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    picture = read_picture(save(make_quarters(800, 640).convert("CMYK"), tmp_path / "a.jpg", quality=95), at_least=80)
    assert picture.pixels.shape == (80, 100, 3)
    assert_quarters(picture.pixels)


def test_transparent_parts_become_white(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    image = make_quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (50, 30, 70, 50))
    for name in ("a.png", "a.webp", "a.tif"):
        pixels = read_picture(save(image, tmp_path / name, lossless=True)).pixels
        assert_quarters(pixels)
        assert (pixels[40, 60] == 255).all()
    half = Image.new("LA", (4, 4), (0, 128))
    assert read_picture(save(half, tmp_path / "half.png")).pixels[0, 0].tolist() == [127, 127, 127]


def test_palette_with_and_without_transparency(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    palette = make_quarters().quantize(8)
    assert_quarters(read_picture(save(palette, tmp_path / "plain.png")).pixels)
    index = palette.getpixel((60, 40))
    for name in ("see-through.png", "see-through.gif"):
        pixels = read_picture(save(palette, tmp_path / name, transparency=index)).pixels
        assert (pixels[40, 60] == 255).all()


def test_grey_with_a_transparent_value(tmp_path: Path) -> None:
    picture = read_picture(save(Image.fromarray(np.array([[0, 100]], np.uint8)), tmp_path / "a.png", transparency=0))
    assert picture.pixels[0, :, 0].tolist() == [255, 100]
    assert picture.is_grey


def test_first_frame_of_an_animation(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    second = Image.new("RGB", (120, 80), "black")
    for name in ("a.gif", "a.webp", "a.png"):
        path = save(make_quarters(), tmp_path / name, save_all=True, append_images=[second], lossless=True)
        assert_quarters(read_picture(path).pixels)


def test_first_picture_of_a_stereo_photograph(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    path = save(make_quarters(400, 320), tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[Image.new("RGB", (400, 320))])
    picture = read_picture(path, at_least=80)
    assert picture.pixels.shape == (80, 100, 3)
    assert_quarters(picture.pixels)


def test_bilevel(tmp_path: Path) -> None:
    bits = np.zeros((10, 30), bool)
    bits[:, 10:20] = True
    for name in ("a.png", "a.tif", "a.bmp"):
        picture = read_picture(save(Image.fromarray(bits), tmp_path / name))
        assert (picture.pixels[..., 1] == bits * 255).all()
        assert picture.is_grey


def test_grey_is_told_from_colour(tmp_path: Path) -> None:
    grey = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    as_colour = np.stack([grey] * 3, axis=-1)
    assert read_picture(save(Image.fromarray(grey), tmp_path / "l.png")).is_grey
    assert read_picture(save(Image.fromarray(as_colour), tmp_path / "rgb.png")).is_grey
    as_colour[33, 17, 2] ^= 1
    assert not read_picture(save(Image.fromarray(as_colour), tmp_path / "almost.png")).is_grey


def test_smallest_and_thinnest(tmp_path: Path) -> None:
    one = read_picture(save(Image.new("RGB", (1, 1), (1, 2, 3)), tmp_path / "one.png"), at_least=64)
    assert one.pixels.tolist() == [[[1, 2, 3]]]
    thin = read_picture(save(Image.new("RGB", (3000, 4), (9, 8, 7)), tmp_path / "thin.jpg", quality=95), at_least=64)
    assert thin.pixels.shape == (4, 3000, 3)


def test_display_is_bounded_and_not_enlarged(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    path = save(STORED[6](make_quarters(1200, 800)), tmp_path / "a.jpg", exif=with_orientation(6))
    large = load_display(path, max_side=500)
    assert large.pixels.shape == (333, 500, 3)
    assert (large.width, large.height) == (1200, 800)
    assert_quarters(large.pixels, tolerance=10)
    assert load_display(path).pixels.shape == (800, 1200, 3)


# Files that cannot be read ------------------------------------------------------------------------------------------------------------


def reason(path: Path) -> str:
    with pytest.raises(UnreadableImage) as caught:
        read_picture(str(path), at_least=32)
    return str(caught.value)


def test_empty_random_and_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"")
    assert reason(path) == "is empty"
    path.write_bytes(b"Dear diary, this is no picture.\n" * 50)
    assert reason(path) == "is not an image, although it is named .jpg"
    for seed in range(20):
        path.write_bytes(np.random.default_rng(seed).bytes(5000))
        assert reason(path) == "is not an image, although it is named .jpg"
    text = tmp_path / "b.bmp"
    text.write_bytes(b"BM is how this text begins, but it is no bitmap. " * 20)
    assert "damaged" in reason(text) or "cut off" in reason(text)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tif", "a.avif"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_cut_off_files(name: str, share: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (120, 160, 3), np.uint8)
    path = tmp_path / name
    Image.fromarray(noise).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    said = reason(path)
    assert "cut off" in said or "damaged" in said
    assert "\n" not in said
    assert len(said) < 150


def test_mislabelled_files_are_read_by_content(tmp_path: Path, make_quarters: Make, assert_quarters: Check) -> None:
    for name, kind in (("a.jpg", "PNG"), ("a.png", "JPEG"), ("a.tif", "WEBP"), ("a.heic", "JPEG"), ("a.bmp", "TIFF"), ("a", "PNG")):
        assert_quarters(read_picture(save(make_quarters(), tmp_path / name, format=kind, quality=95)).pixels)


def test_dangerous_formats_are_not_tried(tmp_path: Path) -> None:
    for number, data in enumerate(
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"SIMPLE  =  T", b"8BPS\0\1" + bytes(99), b"P6 1 1 255 abc")
    ):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(data)
        assert reason(path) == "is not an image, although it is named .jpg"


def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png(60_000, 60_000, bytes(1000)))
    assert reason(path) == "is larger than 178 megapixels"
    path.write_bytes(png(MAX_PIXELS // 10_000 + 1, 10_000, bytes(1000)))
    assert reason(path) == "is larger than 178 megapixels"


def test_a_picture_without_pixels(tmp_path: Path) -> None:
    for number, size in enumerate(((0, 5), (5, 0))):
        path = tmp_path / f"{number}.png"
        path.write_bytes(png(*size, bytes(20)))
        assert reason(path)


def test_a_large_picture_below_the_limit_is_tried(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png(10_000, 9_500, bytes(1000), bits=1, colour=0))
    assert "cut off" in reason(path)


def test_gone_and_not_permitted_and_not_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(tmp_path / "gone.jpg") == "is gone"
    assert reason(tmp_path) == "is not an ordinary file" or "cannot be read" in reason(tmp_path)
    os.mkfifo(tmp_path / "pipe.jpg")
    assert reason(tmp_path / "pipe.jpg") == "is not an ordinary file"

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert reason(tmp_path / "locked.jpg") == "cannot be opened: permission denied"


def test_no_warnings_no_log_lines(
    tmp_path: Path, make_quarters: Make, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.WARNING)
    make_quarters().save(tmp_path / "a.tif")
    whole = (tmp_path / "a.tif").read_bytes()
    (tmp_path / "a.tif").write_bytes(whole[:-40])
    (tmp_path / "b.png").write_bytes(png(10_000, 9_500, bytes(10), bits=1, colour=0))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for name in ("a.tif", "b.png"):
            reason(tmp_path / name)
        filters = list(warnings.filters)
    assert not seen
    assert not caplog.records
    assert capfd.readouterr() == ("", "")
    assert filters[0][0] == "always"


def test_threads_that_decode_together_leave_the_warning_filters_as_they_were(tmp_path: Path, make_quarters: Make) -> None:
    path = save(make_quarters(300, 200), tmp_path / "a.png")
    before = list(warnings.filters)
    threads = [threading.Thread(target=lambda: [read_picture(path) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(warnings.filters) == before


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.gif", "a.bmp", "a.tif", "a.avif", "deflate.tif"])
def test_any_damage_gives_a_reason_or_a_picture(name: str, tmp_path: Path, make_quarters: Make) -> None:
    stream = Path(tmp_path / name)
    make_quarters(60, 40).save(stream, **({"compression": "tiff_deflate"} if name == "deflate.tif" else {}))
    whole = stream.read_bytes()
    rng = np.random.default_rng(1)
    for _ in range(60):
        broken = bytearray(whole)
        for at in rng.integers(0, min(len(broken), 400), 3):
            broken[at] = rng.integers(256)
        try:
            opened = decode(bytes(broken), name, at_least=16)
        except UnreadableImage as error:
            assert str(error)
        else:
            assert opened.image.mode in ("L", "RGB")


def test_headers(tmp_path: Path, make_quarters: Make) -> None:
    header = read_header(save(make_quarters(), tmp_path / "a.jpg"))
    assert header is not None
    assert (header.kind, header.width, header.height, header.is_high_bit) == ("JPEG", 120, 80, False)
    (tmp_path / "b.jpg").write_bytes(b"no")
    assert read_header(str(tmp_path / "b.jpg")) is None
    assert read_header(str(tmp_path / "gone.jpg")) is None
