"""Defaults from the images, and plain words for what cannot be done."""

import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.training.plan import DataFacts, choose_device, input_size, plan

CPU = torch.device("cpu")


def planned(num_images: int = 1000, side: int = 64, is_grey: bool = False, **asked: object) -> TrainSettings:
    return plan(TrainSettings(**asked), DataFacts(num_images, side, is_grey), CPU)


def test_nothing_is_left_open() -> None:
    settings = planned()
    assert None not in (
        settings.preset,
        settings.transforms,
        settings.batch_size,
        settings.overclusters,
        settings.image_size,
        settings.steps,
        settings.sub_heads,
    )
    assert settings.overclusters == 50
    assert settings.device == "cpu"


def test_grey_images_are_never_mirrored() -> None:
    assert planned(is_grey=True).preset == "documents"
    assert not planned(is_grey=True).transforms.horizontal_flip
    assert planned(is_grey=False).transforms.horizontal_flip


def test_the_method_follows_the_preset_unless_asked_for() -> None:
    grey, colour = planned(70_000, is_grey=True), planned(70_000)
    assert planned(2_000, is_grey=True).method == planned(2_000).method == "iic"
    assert (grey.method, grey.neighbours, grey.contrastive_weight) == ("iic+neighbours", 5, 0)
    assert (colour.method, colour.neighbours, colour.contrastive_weight) == ("iic+contrast", 0, 1)
    assert planned(70_000, is_grey=True, method="iic").neighbours == 0
    assert planned(method="iic+contrast").contrastive_weight == 1
    assert planned(method="iic+neighbours", neighbours=2).neighbours == 2


@pytest.mark.parametrize(("num_images", "expected"), [(12, 10), (40, 20), (5000, 50)])
def test_overclusters_are_capped_by_the_images_of_a_step(num_images: int, expected: int) -> None:
    settings = planned(num_images)
    assert settings.overclusters == expected
    assert settings.batch_size <= num_images


@pytest.mark.parametrize(("side", "size"), [(8, 24), (28, 24), (32, 24), (48, 40), (88, 64), (300, 64)])
def test_input_size_is_a_multiple_of_eight_within_bounds(side: int, size: int) -> None:
    assert input_size(side) == size


def test_a_budget_in_minutes_leaves_steps_open() -> None:
    settings = planned(minutes=2)
    assert (settings.minutes, settings.steps) == (2, None)


@pytest.mark.parametrize("num_images", [0, 1])
def test_too_few_images(num_images: int) -> None:
    with pytest.raises(StudioError, match=r"no readable image|only one readable image"):
        planned(num_images)


def test_more_clusters_than_images() -> None:
    with pytest.raises(UsageError, match="30 clusters cannot be made of 20 images"):
        planned(20, clusters=30)


def test_fewer_images_than_clusters_by_default_are_no_mistake() -> None:
    assert planned(9).clusters == 4
    assert planned(2).clusters == 2
    assert planned(10).clusters == 10
    with pytest.raises(UsageError, match="9 clusters cannot be made of 8 images"):
        planned(8, clusters=9)


@pytest.mark.parametrize("overclusters", [5, 2000])
def test_overclusters_out_of_range(overclusters: int) -> None:
    with pytest.raises(UsageError, match="overclusters"):
        planned(overclusters=overclusters)


def test_minutes_and_steps_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude"):
        TrainSettings(minutes=1, steps=5)


def test_a_device_that_is_not_there() -> None:
    assert choose_device("cpu").type == "cpu"
    if not torch.cuda.is_available():
        with pytest.raises(UsageError, match="no usable cuda"):
            choose_device("cuda")
