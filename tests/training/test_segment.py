"""Every pixel gets its probabilities: no seam between blocks, upon the picture, whatever the sizes."""

import numpy as np
import pytest
import torch

from iic_studio.config import pixel_settings
from iic_studio.iic.networks import MAIN
from iic_studio.iic.pixel_networks import PIXEL_TRUNKS, PixelNetworkShape, build_pixel_network, to_pixels
from iic_studio.training.segment import Segmenter, entropy

CPU = torch.device("cpu")


def segmenter(block: int, encoder: str = "small", inputs: str = "all") -> Segmenter:
    network = build_pixel_network(PixelNetworkShape(3, 4, 8, 2, encoder, inputs), seed=0, device=CPU)
    network(torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(0)))  # statistics of BatchNorm that are no fresh ones
    return Segmenter(network.eval(), pixel_settings(), 1, CPU, block)


def whole(maker: Segmenter, picture: np.ndarray, width: int, height: int) -> np.ndarray:
    bands = list(maker.probabilities(picture, width, height))
    assert [row for row, _ in bands] == np.cumsum([0, *(band.shape[1] for _, band in bands)])[:-1].tolist()
    return np.concatenate([band for _, band in bands], axis=1)


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (3, 83, 105)).astype(np.uint8)


@pytest.mark.parametrize(("encoder", "inputs"), [(encoder, inputs) for encoder in PIXEL_TRUNKS for inputs in ("all", "rgb+sobel")])
def test_blocks_leave_no_seam(picture: np.ndarray, encoder: str, inputs: str) -> None:
    in_blocks = whole(segmenter(32, encoder, inputs), picture, 105, 83)
    at_once = whole(segmenter(1024, encoder, inputs), picture, 105, 83)
    assert in_blocks.shape == (4, 83, 105)
    assert np.abs(in_blocks - at_once).max() < 1e-4
    assert at_once.std() > 1e-3


def test_at_training_scale_it_is_the_networks_own_answer(picture: np.ndarray) -> None:
    maker = segmenter(64)
    with torch.no_grad():
        soft = maker.network(torch.from_numpy(picture)[None].float() / 255)[MAIN]
    wanted = to_pixels(soft, 83, 105, 2)[1, 0].numpy()
    assert np.abs(whole(maker, picture, 105, 83) - wanted).max() < 1e-4


@pytest.mark.parametrize(("width", "height"), [(700, 520), (40, 33), (1, 1), (105, 1)])
def test_any_size_of_the_original(picture: np.ndarray, width: int, height: int) -> None:
    found = whole(segmenter(48), picture, width, height)
    assert found.shape == (4, height, width)
    assert np.allclose(found.sum(axis=0), 1, atol=1e-4)


def test_enlarged_masks_lie_upon_the_picture(picture: np.ndarray) -> None:
    maker = segmenter(64)
    small, large = whole(maker, picture, 105, 83), whole(maker, picture, 105 * 3, 83 * 3)
    means = large.reshape(4, 83, 3, 105, 3).mean(axis=(2, 4))
    assert np.abs(means - small).mean() < 0.02 * small.std() + 1e-4


def test_tiny_pictures_have_masks() -> None:
    maker = segmenter(32)
    assert whole(maker, np.zeros((3, 1, 1), np.uint8), 1, 1).shape == (4, 1, 1)
    assert whole(maker, np.zeros((3, 3, 50), np.uint8), 50, 3).shape == (4, 3, 50)


def test_entropy_is_a_share_of_the_most_there_can_be() -> None:
    probabilities = np.array([[[1.0, 0.25]], [[0.0, 0.25]], [[0.0, 0.25]], [[0.0, 0.25]]], np.float32)
    assert entropy(probabilities) == pytest.approx(np.array([[0.0, 1.0]]), abs=1e-6)
