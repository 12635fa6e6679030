"""The cache folder: rows, growth, thumbnails, a full disk, a deleted folder; and what is put into it."""

import io
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from iic_studio.errors import DiskFullError
from iic_studio.images.cache import ImageCache, row_bytes
from iic_studio.images.reduce import thumbnail, training_square

# The cache ----------------------------------------------------------------------------------------------------------------------------


def test_new_grown_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert ImageCache.sides(folder) == []
    with ImageCache.open(folder, 8, 3) as cache:
        assert cache.is_new
        assert cache.pixels().shape == (3, 3, 8, 8)
        assert not cache.pixels().any()
    with (folder / "training_8.u8").open("r+b") as file:
        file.seek(row_bytes(8))
        file.write(bytes([7]) * row_bytes(8))
    with ImageCache.open(folder, 8, 5) as cache:
        assert not cache.is_new
        assert cache.pixels().shape == (5, 3, 8, 8)
        assert (cache.pixels()[1] == 7).all()
        assert not cache.pixels()[[0, 2, 3, 4]].any()
    with ImageCache.open(folder, 8, 2) as cache:
        assert cache.pixels().shape == (2, 3, 8, 8)
    assert (folder / "training_8.u8").stat().st_size == 5 * row_bytes(8)
    ImageCache.open(folder, 100, 0).close()
    assert ImageCache.sides(folder) == [8, 100]


def test_a_deleted_cache_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    ImageCache.open(folder, 8, 3).close()
    assert ImageCache.exists(folder, 8)
    assert not ImageCache.exists(folder, 16)
    shutil.rmtree(folder)
    assert not ImageCache.exists(folder, 8)
    with ImageCache.open(folder, 8, 3) as cache:
        assert cache.is_new
    (folder / "thumbs.bin").unlink()
    assert not ImageCache.exists(folder, 8)


def test_an_empty_cache_has_no_rows(tmp_path: Path) -> None:
    with ImageCache.open(tmp_path, 8, 0) as cache:
        assert cache.pixels().shape == (0, 3, 8, 8)


def test_pixels_cannot_be_written(tmp_path: Path) -> None:
    with ImageCache.open(tmp_path, 8, 1) as cache, pytest.raises(ValueError, match="read-only"):
        cache.pixels()[0] = 1


def test_holes_take_no_room(tmp_path: Path) -> None:
    with ImageCache.open(tmp_path, 96, 100_000) as cache:
        facts = cache.path.stat()
    assert facts.st_size == 100_000 * row_bytes(96)
    assert facts.st_blocks * 512 < facts.st_size / 100


def test_too_little_room_is_said_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(DiskFullError, match=r"needs 2\.8 GB and the disk has 1\.0 MB free") as caught:
        ImageCache.open(tmp_path, 96, 100_000)
    assert caught.value.hint
    ImageCache.open(tmp_path, 8, 1000).close()


def test_thumbs_come_back_and_are_appended_after_reopening(tmp_path: Path) -> None:
    first, second = [b"one", b"", b"three" * 1000], [b"four"]
    with ImageCache.open(tmp_path, 8, 1) as cache:
        places = cache.append_thumbs(first)
        cache.flush()
    with ImageCache.open(tmp_path, 8, 1) as cache:
        places += cache.append_thumbs(second)
        assert [cache.read_thumb(*place) for place in places] == first + second
        assert cache.append_thumbs([]) == []
        assert cache.read_thumb(10**9, 5) == b""
        assert cache.read_thumb(places[-1][0], 5) == b""


def test_thumbs_of_a_deleted_cache_are_empty(tmp_path: Path) -> None:
    cache = ImageCache.open(tmp_path / "cache", 8, 1)
    shutil.rmtree(tmp_path / "cache")
    assert cache.read_thumb(0, 5) == b""
    cache.close()
    cache.close()


def test_thumbs_are_read_by_many_threads_while_they_are_written(tmp_path: Path) -> None:
    with ImageCache.open(tmp_path, 8, 1) as cache:
        known: list[tuple[int, int, int]] = []
        wrong = []

        def read() -> None:
            for _ in range(300):
                for offset, length, value in known[-5:]:
                    if cache.read_thumb(offset, length) != bytes([value]) * length:
                        wrong.append((offset, length))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for value in range(250):
            ((offset, length),) = cache.append_thumbs([bytes([value]) * (value + 1)])
            known.append((offset, length, value))
        for thread in threads:
            thread.join()
        assert not wrong


# Squares and thumbnails ---------------------------------------------------------------------------------------------------------------


def noise(width: int, height: int) -> Image.Image:
    """Soft noise, so that resampling filters differ little."""
    coarse = np.random.default_rng(0).integers(0, 256, (9, 12, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


@pytest.mark.parametrize("size", [(500, 375), (375, 500), (1234, 777), (96, 96), (97, 96), (300, 100)])
def test_square_is_the_middle_of_the_picture_scaled_down(size: tuple[int, int]) -> None:
    image = noise(*size)
    scale = 96 / min(size)
    whole = image.resize((round(size[0] * scale), round(size[1] * scale)), Image.Resampling.LANCZOS)
    left, top = (whole.width - 96) // 2, (whole.height - 96) // 2
    wanted = np.asarray(whole.crop((left, top, left + 96, top + 96))).transpose(2, 0, 1).astype(int)
    square = training_square(image, 96)
    assert square.shape == (3, 96, 96)
    assert square.dtype == np.uint8
    assert np.abs(square - wanted).mean() < 2


def test_a_picture_of_the_right_size_is_kept_to_the_pixel() -> None:
    image = noise(28, 28)
    assert (training_square(image, 28) == np.asarray(image).transpose(2, 0, 1)).all()
    grey = image.convert("L")
    assert (training_square(grey, 28) == np.asarray(grey)).all()


@pytest.mark.parametrize("size", [(3000, 4), (4, 3000), (1, 1), (1, 5000), (7, 5)])
def test_extreme_shapes(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, (10, 20, 30))
    assert (training_square(image, 64) == np.array([10, 20, 30])[:, None, None]).all()
    thumb = Image.open(io.BytesIO(thumbnail(image)))
    assert max(thumb.size) == min(256, max(size))
    assert min(thumb.size) >= 1


def test_thumbnails_keep_shape_and_colour(make_quarters: Callable[..., Image.Image], assert_quarters: Callable[..., None]) -> None:
    thumb = Image.open(io.BytesIO(thumbnail(make_quarters(1200, 800))))
    assert (thumb.format, thumb.size) == ("JPEG", (256, 171))
    assert_quarters(np.asarray(thumb), tolerance=10)
    assert Image.open(io.BytesIO(thumbnail(make_quarters(90, 70)))).size == (90, 70)


def test_tiny_pictures_stay_crisp() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8), np.uint8)
    thumb = Image.open(io.BytesIO(thumbnail(Image.fromarray(pixels))))
    assert thumb.format == "PNG"
    assert (np.asarray(thumb) == pixels).all()
