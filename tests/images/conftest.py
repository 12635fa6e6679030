"""Pictures with a known upright look: four quarters of different colours, so that any wrong turn, flip or channel shows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from iic_studio.images.ingest import IngestTask

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
def tasks_of() -> Callable[[Path], list[IngestTask]]:
    """A function that makes a task of each file below a folder, in path order, ids from 1."""

    def tasks(folder: Path) -> list[IngestTask]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [IngestTask(number, str(path)) for number, path in enumerate(files, start=1)]

    return tasks
