"""A tiny project of pixels with known masks: blue above, green below, each border elsewhere; trained for a few seconds, made once."""

from pathlib import Path

import numpy as np
from PIL import Image

from iic_studio import jobs
from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.project.store import Project
from iic_studio.project.task import PIXELS, choose_task

WIDTH, HEIGHT, COUNT = 80, 64, 6


def settings(**asked: object) -> TrainSettings:
    """A short training."""
    quick = {"clusters": 2, "steps": 40, "image_size": 32, "batch_size": 4, "device": "cpu", "seed": 0}
    return pixel_settings(**(quick | asked))


def border_of(number: int) -> int:
    """First line of the lower ground."""
    return 20 + 5 * number


def truth(number: int) -> np.ndarray:
    """(64, 80) 0 for the upper ground, 1 for the lower one."""
    found = np.zeros((HEIGHT, WIDTH), np.int64)
    found[border_of(number) :] = 1
    return found


def make_pictures(folder: Path) -> None:
    """p0.png … p5.png."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for number in range(COUNT):
        pixels = np.where(truth(number)[..., None] == 0, (60, 90, 200), (60, 160, 50)) + rng.integers(0, 20, (HEIGHT, WIDTH, 3))
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"p{number}.png")


def make_project(place: Path) -> Path:
    """Pictures and a trained project in a folder; returns the project."""
    make_pictures(place / "grounds")
    home = place / "grounds.iicproj"
    with Project.create(home, place / "grounds") as project:
        choose_task(project, PIXELS)
        for _ in jobs.train(project, settings()):
            pass
    return home
