"""Pictures with more than 8 bits: never clipped, never black, brightness by percentiles or by a fixed range."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from iic_studio.images import highbit
from iic_studio.images.decode import UnreadableImage, read_header, read_high_bit, read_picture


def ramp(height: int = 40, width: int = 60) -> np.ndarray:
    """(height, width) floats 0–1, dark on the left, bright on the right."""
    return np.tile(np.linspace(0, 1, width), (height, 1))


def assert_shows(pixels: np.ndarray, wanted: np.ndarray, tolerance: float = 5) -> None:
    """`wanted` (H, W) in 0–1 is what the grey picture shows, up to the share of pixels that percentiles clip."""
    assert (pixels[..., 0] == pixels[..., 2]).all()
    assert np.abs(pixels[..., 1] - wanted * 255).max() <= tolerance


SCALES = {"uint16": 4095, "int16": 3000, "uint32": 1e6, "int32": 1e5, "float32": 1.0, "float64": 1e200, "int8": 100, "float16": 8.0}


@pytest.mark.parametrize("kind", SCALES)
def test_every_kind_of_number_in_a_tiff(kind: str, tmp_path: Path) -> None:
    values = (ramp() * SCALES[kind]).astype(kind)
    tifffile.imwrite(tmp_path / "a.tif", values)
    picture = read_picture(str(tmp_path / "a.tif"))
    assert_shows(picture.pixels, ramp())
    assert picture.is_grey
    assert picture.stretch is not None
    assert picture.stretch[1] == pytest.approx(SCALES[kind], rel=0.02)
    header = read_header(str(tmp_path / "a.tif"))
    assert header is not None
    assert header.is_high_bit


def test_16_bit_png_that_uses_12_bits(tmp_path: Path) -> None:
    Image.fromarray((ramp() * 4095).astype(np.uint16)).save(tmp_path / "a.png")
    picture = read_picture(str(tmp_path / "a.png"))
    assert_shows(picture.pixels, ramp())
    assert picture.stretch == pytest.approx((0, 4095), abs=1)
    values = read_high_bit(str(tmp_path / "a.png"))
    assert values is not None
    assert values.max() == 4095


def test_a_fixed_range_keeps_brightness_comparable(tmp_path: Path) -> None:
    for name, top in (("dark", 1000), ("bright", 4000)):
        Image.fromarray((ramp() * top).astype(np.uint16)).save(tmp_path / f"{name}.png")
        tifffile.imwrite(tmp_path / f"{name}.tif", (ramp() * top).astype(np.uint16))
    for suffix in ("png", "tif"):
        dark, bright = (read_picture(str(tmp_path / f"{name}.{suffix}"), high_bit_range=(0, 4000)) for name in ("dark", "bright"))
        assert dark.stretch == bright.stretch == (0, 4000)
        assert dark.pixels.max() == 64
        assert bright.pixels.max() == 255


def test_16_bit_colour_tiff_keeps_its_colours(tmp_path: Path) -> None:
    colour = np.stack([ramp(), ramp()[:, ::-1], np.full_like(ramp(), 0.5)], axis=-1)
    for name, options in (("mixed.tif", {}), ("planes.tif", {"planarconfig": "separate"})):
        values = (colour * 4095).astype(np.uint16)
        if options:
            values = values.transpose(2, 0, 1)
        tifffile.imwrite(tmp_path / name, values, photometric="rgb", **options)
        picture = read_picture(str(tmp_path / name))
        assert not picture.is_grey
        assert np.abs(picture.pixels - colour * 255).max() <= 5


def test_five_channels_in_planes_show_the_first_three(tmp_path: Path) -> None:
    planes = np.stack([ramp() * share for share in (1.0, 0.5, 0.25, 0.8, 0.9)])
    for kind, scale in (("uint16", 4000), ("uint8", 255)):
        tifffile.imwrite(tmp_path / "a.tif", (planes * scale).astype(kind), photometric="minisblack", planarconfig="separate")
        pixels = read_picture(str(tmp_path / "a.tif")).pixels
        assert pixels.shape == (40, 60, 3)
        assert np.abs(pixels[:, -10].mean(axis=0) / pixels[:, -10, 0].mean() - [1, 0.5, 0.25]).max() < 0.05


def test_five_channels_in_pixels_and_two_channels(tmp_path: Path) -> None:
    for count in (2, 5):
        values = np.stack([ramp() * 4000] * count, axis=-1).astype(np.uint16)
        tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", planarconfig="contig")
        assert_shows(read_picture(str(tmp_path / "a.tif")).pixels, ramp())


@pytest.mark.parametrize("options", [{"tile": (16, 16)}, {"compression": "zlib", "predictor": True}, {"bigtiff": True}, {"byteorder": ">"}])
def test_layouts_of_tiff(options: dict[str, object], tmp_path: Path) -> None:
    for kind, scale in (("uint16", 4000), ("float32", 1.0), ("uint8", 255)):
        if kind == "float32" and "predictor" in options:
            continue
        tifffile.imwrite(tmp_path / "a.tif", (ramp() * scale).astype(kind), **options)
        assert_shows(read_picture(str(tmp_path / "a.tif")).pixels, ramp())


def test_lzw_falls_back_to_pillow(tmp_path: Path) -> None:
    Image.fromarray((ramp() * 4000).astype(np.uint16)).save(tmp_path / "a.tif", compression="tiff_lzw")
    assert_shows(read_picture(str(tmp_path / "a.tif")).pixels, ramp())


def test_only_the_first_page_of_a_stack(tmp_path: Path) -> None:
    stack = np.stack([ramp(), 1 - ramp(), np.zeros_like(ramp())])
    tifffile.imwrite(tmp_path / "a.tif", (stack * 4000).astype(np.uint16), photometric="minisblack")
    assert_shows(read_picture(str(tmp_path / "a.tif")).pixels, ramp())
    tifffile.imwrite(tmp_path / "b.tif", (stack * 4000).astype(np.uint16), imagej=True, metadata={"axes": "CYX"})
    assert_shows(read_picture(str(tmp_path / "b.tif")).pixels, ramp())


def test_white_is_zero(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", (ramp() * 4000).astype(np.uint16), photometric="miniswhite")
    assert_shows(read_picture(str(tmp_path / "a.tif")).pixels, 1 - ramp())


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_a_16_bit_tiff(orientation: int, tmp_path: Path) -> None:
    corner = np.zeros((40, 60), np.uint16)
    corner[:20, :30] = 1000
    stored = {
        1: corner,
        2: corner[:, ::-1],
        3: corner[::-1, ::-1],
        4: corner[::-1],
        5: corner.T,
        6: np.rot90(corner, 1),
        7: corner[::-1, ::-1].T,
        8: np.rot90(corner, -1),
    }
    tifffile.imwrite(tmp_path / "a.tif", np.ascontiguousarray(stored[orientation]), extratags=[(274, "H", 1, orientation, True)])
    picture = read_picture(str(tmp_path / "a.tif"))
    assert (picture.width, picture.height) == (60, 40)
    assert (picture.pixels[..., 0] == corner // 1000 * 255).all()


def test_nan_and_infinity(tmp_path: Path) -> None:
    values = ramp().astype(np.float32)
    values[0, 0], values[1, 1], values[2, 2] = np.nan, np.inf, -np.inf
    tifffile.imwrite(tmp_path / "a.tif", values)
    pixels = read_picture(str(tmp_path / "a.tif")).pixels[..., 0]
    assert (pixels[0, 0], pixels[1, 1], pixels[2, 2]) == (0, 255, 0)
    assert np.abs(pixels[5] - ramp()[5] * 255).max() <= 5


@pytest.mark.parametrize("value", [0, 7, 65535, np.nan, np.inf])
def test_a_picture_of_one_value_is_black_and_no_error(value: float, tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", np.full((9, 9), value, np.float32))
    pixels = read_picture(str(tmp_path / "a.tif")).pixels
    assert (pixels == pixels[0, 0]).all()


def test_few_bright_spots_on_black_are_seen(tmp_path: Path) -> None:
    values = np.zeros((200, 200), np.uint16)
    values[50, 50] = 900
    Image.fromarray(values).save(tmp_path / "a.png")
    assert read_picture(str(tmp_path / "a.png")).pixels[50, 50].tolist() == [255, 255, 255]


def test_bomb_tiff_and_complex_numbers_and_unknown_compression(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((16, 16), np.uint16))
    whole = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as file:
        places = [file.pages[0].tags[name].valueoffset for name in ("ImageWidth", "ImageLength")]
    for place in places:
        whole[place : place + 2] = (60_000).to_bytes(2, "little")
    path.write_bytes(whole)
    with pytest.raises(UnreadableImage, match="larger than 178 megapixels"):
        read_picture(str(path))
    tifffile.imwrite(path, np.zeros((16, 16), np.complex64))
    with pytest.raises(UnreadableImage, match="complex"):
        read_picture(str(path))
    tifffile.imwrite(path, np.zeros((16, 16), np.float64))
    data = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as file:
        place = file.pages[0].tags["Compression"].valueoffset
    data[place : place + 2] = (34887).to_bytes(2, "little")
    path.write_bytes(data)
    with pytest.raises(UnreadableImage, match="compression that cannot be read here"):
        read_picture(str(path))


@given(st.lists(st.floats(width=32), min_size=1, max_size=50), st.booleans())
def test_stretch_keeps_order_and_range(numbers: list[float], as_single: bool) -> None:
    values = np.array(numbers, np.float32 if as_single else np.float64)
    shown = highbit.stretch(values, highbit.value_range(values)).astype(int)
    finite = np.isfinite(values)
    order = np.argsort(values[finite], kind="stable")
    assert (np.diff(shown[finite][order]) >= 0).all()


def test_table_and_arithmetic_agree() -> None:
    values = np.arange(65536, dtype=np.uint16)
    assert (highbit.stretch(values, (512.0, 40_000.0)) == highbit.stretch(values.astype(np.float64), (512.0, 40_000.0))).all()
