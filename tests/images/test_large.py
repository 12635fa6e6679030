"""TIFF files read piece by piece: the same pixels as in one go, in little memory, with all their channels."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from iic_studio.images import large, worker
from iic_studio.images.large import is_large, tiff_size, write_scaled
from iic_studio.images.reduce import THUMB_SIDE_PX
from iic_studio.images.source import UnreadableImage
from iic_studio.images.tiles import Scale, TilePlan, planes, to_scale
from iic_studio.images.worker import IngestTask, cut_one, read_one, scale_one

LAYOUTS = {
    "one run of bytes": {},
    "strips": {"rowsperstrip": 7},
    "packed strips": {"rowsperstrip": 16, "compression": "zlib"},
    "packed tiles": {"tile": (32, 48), "compression": "zlib"},
    "plane after plane": {"planarconfig": "separate", "rowsperstrip": 16, "compression": "zlib"},
}


def smooth(height: int, width: int, channels: int, seed: int = 0) -> np.ndarray:
    """(h, w, C) uint8 without hard edges."""
    rough = np.random.default_rng(seed).integers(0, 256, (6, 8, channels), dtype=np.uint8)
    pieces = [Image.fromarray(rough[..., one]).resize((width, height), Image.Resampling.BICUBIC) for one in range(channels)]
    return np.stack([np.asarray(piece) for piece in pieces], axis=-1)


def write(path: Path, values: np.ndarray, **layout: object) -> str:
    if layout.get("planarconfig") == "separate":
        values = values.transpose(2, 0, 1)
    tifffile.imwrite(path, values, photometric="rgb", **layout)
    return str(path)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("channels", [3, 4, 6])
def test_every_layout_gives_its_values(layout: str, channels: int, tmp_path: Path) -> None:
    values = smooth(90, 130, channels)
    path = write(tmp_path / "a.tif", values, **LAYOUTS[layout])
    assert tiff_size(path) == (130, 90, channels)
    scaled = write_scaled(path, Scale(0), channels, None, tmp_path / "out.npy")
    assert (scaled.width, scaled.height) == (130, 90)
    assert np.array_equal(np.load(scaled.file), values.transpose(2, 0, 1))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.tif", "out.npy"]


@pytest.mark.parametrize("scale", [Scale(0, 0.33), Scale(40), Scale(200)])
def test_bands_leave_no_seam(scale: Scale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = smooth(180, 240, 3)
    path = write(tmp_path / "a.tif", values, tile=(32, 32))
    monkeypatch.setattr(large, "_BAND_BYTES", 240 * 3 * 16)
    in_bands = np.load(write_scaled(path, scale, 3, None, tmp_path / "out.npy").file)
    size = scale.size_of(240, 180)
    at_once = planes(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR))
    assert in_bands.shape == at_once.shape
    assert np.abs(in_bands.astype(int) - at_once).max() <= 1
    assert np.abs(in_bands.astype(int) - planes(to_scale(Image.fromarray(values), scale))).max() <= 12


def test_pieces_are_standardised_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = smooth(180, 240, 4)
    path = write(tmp_path / "a.tif", values, tile=(32, 32))
    monkeypatch.setattr("iic_studio.images.tiles._ROWS_AT_ONCE", 50)
    found = np.load(write_scaled(path, Scale(0, 1.0, True), 4, None, tmp_path / "out.npy").file).astype(float)
    differences = values.transpose(2, 0, 1) - values.mean(axis=(0, 1))[:, None, None]
    wanted = (128 + 55 * differences / np.sqrt((differences**2).mean())).clip(0, 255)
    assert np.abs(found - wanted).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation: int, tmp_path: Path) -> None:
    values = smooth(20, 30, 3)
    path = write(tmp_path / "a.tif", values, extratags=[(274, "H", 1, orientation, True)])
    scaled = write_scaled(path, Scale(0), 3, None, tmp_path / "out.npy")
    with Image.open(path) as image:
        upright = np.asarray(image.convert("RGB"))
    assert (scaled.width, scaled.height) == upright.shape[1::-1]
    assert np.array_equal(np.load(scaled.file), upright.transpose(2, 0, 1))


def test_sixteen_bits_are_stretched_and_grey_becomes_three(tmp_path: Path) -> None:
    values = np.linspace(1000, 3000, 90 * 130).astype(np.uint16).reshape(90, 130)
    tifffile.imwrite(tmp_path / "a.tif", values)
    out = np.load(write_scaled(str(tmp_path / "a.tif"), Scale(0), 3, (1000.0, 3000.0), tmp_path / "out.npy").file)
    assert out.shape == (3, 90, 130)
    assert (out[:, 0, 0] == 0).all()
    assert (out[:, -1, -1] == 255).all()


def test_memory_does_not_grow_with_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "_BAND_BYTES", 1 << 18)
    peaks = []
    for side in (1024, 3072):
        path = tmp_path / f"{side}.tif"
        tifffile.imwrite(path, shape=(side, side, 3), dtype=np.uint8, photometric="rgb", tile=(256, 256))
        write_scaled(str(path), Scale(256), 3, None, tmp_path / "warm.npy")
        tracemalloc.start()
        write_scaled(str(path), Scale(256), 3, None, tmp_path / "out.npy")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0] + (1 << 20)
    assert peaks[1] < 3072 * 3072 * 3 / 4


def test_large_files_are_indexed_cut_and_handed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = smooth(600, 800, 3)
    path = write(tmp_path / "a.tif", values, tile=(256, 256))
    assert not is_large(path)
    monkeypatch.setattr(large, "MAX_PIXELS", 100_000)
    assert is_large(path)
    monkeypatch.setattr(worker, "decode", None)  # it would read the whole file
    square = np.zeros((3, 64, 64), np.uint8)
    facts = read_one(IngestTask(1, path), square, None)
    assert (facts.reason, facts.width, facts.height, facts.kind) == ("", 800, 600, "TIFF")
    assert facts.thumb
    assert facts.quick_hash is not None
    assert square.std() > 10
    tiles, facts = cut_one(IngestTask(1, path), TilePlan(Scale(0), 80, 4), None, tmp_path)
    assert tiles is not None
    assert tiles.shape == (4, 3, 80, 80)
    assert np.array_equal(tiles[0], values[:80, :80].transpose(2, 0, 1))
    whole = scale_one(IngestTask(1, path), Scale(0), None, tmp_path / "whole")
    assert isinstance(whole.picture, Path)
    assert np.array_equal(np.load(whole.picture), values.transpose(2, 0, 1))
    assert THUMB_SIDE_PX > 64


def test_infra_red_comes_with_the_tiles(tmp_path: Path) -> None:
    values = smooth(100, 120, 4)
    path = write(tmp_path / "a.tif", values, extrasamples=["unspecified"])
    tiles, facts = cut_one(IngestTask(1, path), TilePlan(Scale(0), 100, 1, channels=4), None, tmp_path)
    assert tiles is not None
    assert (facts.reason, tiles.shape) == ("", (1, 4, 100, 100))
    assert np.array_equal(tiles[0, 3], values[:, 10:110, 3])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(b"II*\0 nothing more"), "damaged"),
        (lambda path: None, "is gone"),
        (lambda path: tifffile.imwrite(path, np.zeros((9, 9, 3), np.uint8), photometric="rgb"), "has 3 channels, not 4"),
        (lambda path: Image.new("P", (9, 9)).save(path), "palette"),
    ],
)
def test_what_cannot_be_read_says_why(make: object, words: str, tmp_path: Path) -> None:
    make(tmp_path / "a.tif")  # type: ignore[operator]
    with pytest.raises(UnreadableImage, match=words):
        write_scaled(str(tmp_path / "a.tif"), Scale(0), 4, None, tmp_path / "out.npy")
