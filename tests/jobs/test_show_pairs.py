"""What is shown as a pair is what training would pair."""

from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio import jobs
from iic_studio.config import TrainSettings, TransformSettings
from iic_studio.errors import StudioError
from iic_studio.jobs.pairs import show_pairs
from iic_studio.project.store import Project
from iic_studio.records import IntArray

STILL = TransformSettings(
    base_crop=1.0, crop_min=1.0, crop_max=1.0, brightness=0, contrast=0, saturation=0, hue=0, horizontal_flip=False
)  # fmt: skip


@pytest.fixture
def project(picture_folder: Path, tmp_path: Path) -> Project:
    with Project.create(tmp_path / "p.iicproj", picture_folder) as made:
        for _ in jobs.index(made):
            pass
        yield made  # type: ignore[misc]


def some_ids(project: Project, count: int = 6) -> IntArray:
    return np.array([row.id for row in project.images("ok")][:count], np.int64)


def test_the_same_draw_gives_the_same_pairs(project: Project) -> None:
    ids = some_ids(project)
    first, again, other = (show_pairs(project, ids, TrainSettings(), draw) for draw in (3, 3, 4))
    assert first.first.shape == (6, first.settings.image_size, first.settings.image_size, 3)
    assert np.array_equal(first.second, again.second)
    assert not np.array_equal(first.second, other.second)
    assert first.settings.preset == "photographs"
    assert first.inputs == "rgb"


def test_without_changes_both_are_the_picture(project: Project) -> None:
    shown = show_pairs(project, some_ids(project), TrainSettings(transforms=STILL), 0)
    assert np.abs(shown.first.astype(int) - shown.second).max() <= 1
    assert shown.first.std() > 10


def test_a_flip_alone_mirrors_half_of_the_copies(project: Project) -> None:
    from dataclasses import replace

    shown = show_pairs(project, some_ids(project, 24), TrainSettings(transforms=replace(STILL, horizontal_flip=True)), 0)
    mirrored = np.abs(shown.first[:, :, ::-1].astype(int) - shown.second).max(axis=(1, 2, 3)) <= 1
    same = np.abs(shown.first.astype(int) - shown.second).max(axis=(1, 2, 3)) <= 1
    assert (mirrored ^ same).all()
    assert 4 < mirrored.sum() < 20


@pytest.mark.parametrize("inputs", ["grey", "sobel", "rgb+sobel"])
def test_inputs_are_shown_as_the_network_gets_them(project: Project, inputs: str) -> None:
    shown = show_pairs(project, some_ids(project), TrainSettings(inputs=inputs, transforms=STILL), 0)
    assert shown.inputs == inputs
    is_grey = bool((shown.first[..., :1] == shown.first).all())
    assert is_grey == (inputs != "rgb+sobel")
    assert shown.first.max() > 100


def test_threads_of_training_are_left_as_they_were(project: Project) -> None:
    before = torch.get_num_threads()
    show_pairs(project, some_ids(project), TrainSettings(), 0)
    assert torch.get_num_threads() == before


def test_images_that_were_never_read_are_a_mistake_in_words(picture_folder: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "q.iicproj", picture_folder) as fresh, pytest.raises(StudioError, match="not in its cache"):
        show_pairs(fresh, np.array([1]), TrainSettings(), 0)
