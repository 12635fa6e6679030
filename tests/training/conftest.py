"""Made data that trains in a second: four kinds of 24-pixel pictures that any method can tell apart."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.trainer import TrainingData


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    """Tiny tensors are faster on one thread, and sums then have one order."""
    torch.set_num_threads(1)


@pytest.fixture
def kinds() -> np.ndarray:
    """(64,) which of four kinds each picture of `data` is."""
    return np.arange(64) % 4


@pytest.fixture
def data(kinds: np.ndarray) -> TrainingData:
    """64 pictures: bright upper half, bright left half, a disc, a cross; with noise."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[0:24, 0:24]
    shapes = [y < 12, x < 12, np.hypot(y - 11.5, x - 11.5) < 6, (abs(y - 11.5) < 2) | (abs(x - 11.5) < 2)]
    grey = np.stack([np.where(shapes[kind], 200, 40) + rng.integers(-20, 20, (24, 24)) for kind in kinds]).astype(np.uint8)
    pixels = np.repeat(grey[:, None], 3, axis=1)
    return TrainingData(pixels, np.arange(64), np.arange(64) + 1, is_grey=True)


@pytest.fixture
def planned(data: TrainingData) -> Callable[..., TrainSettings]:
    """Planned settings for `data` on the CPU, with changes."""

    def make(**changes: object) -> TrainSettings:
        asked = {"clusters": 4, "sub_heads": 2, "steps": 6, "batch_size": 16} | changes
        return plan(TrainSettings(**asked), DataFacts(64, 24, True), torch.device("cpu"))

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Folder of a run."""
    return tmp_path / "run"
