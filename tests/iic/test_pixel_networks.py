"""The map lies upon the image, the border is no blind rim, a picture alone is as in a batch."""

import pytest
import torch
from torch import Tensor, nn

from iic_studio.config import TransformSettings
from iic_studio.iic.networks import HEADS, MAIN
from iic_studio.iic.pixel_networks import PIXEL_TRUNKS, PixelNetworkShape, build_pixel_network, to_pixels
from iic_studio.iic.transforms import align_matrices, draw_pairs, warp, warp_back

CPU = torch.device("cpu")


def centroid(response: Tensor) -> tuple[float, float]:
    """Centre of mass in pixels of (h, w), a pixel's own centre being at half."""
    height, width = response.shape
    weight = response / response.sum()
    rows, columns = torch.arange(height) + 0.5, torch.arange(width) + 0.5
    return float((weight.sum(dim=1) * rows).sum()), float((weight.sum(dim=0) * columns).sum())


@pytest.mark.parametrize("encoder", list(PIXEL_TRUNKS))
def test_an_impulse_comes_out_where_it_went_in(encoder: str) -> None:
    network = build_pixel_network(PixelNetworkShape(1, 2, 2, encoder=encoder), seed=0, device=CPU).eval()
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1.0 / module.weight[0].numel())
    blank, image = torch.zeros(1, 1, 160, 160), torch.zeros(1, 1, 160, 160)
    image[..., 70:72, 92:94] = 1.0
    with torch.no_grad():
        response = (network.features(image) - network.features(blank)).sum(dim=1)[None, None]
        grown = to_pixels(response, 160, 160, network.stride)[0, 0, 0]
    found = centroid(grown)
    assert found == pytest.approx((71.0, 93.0), abs=0.01)


@pytest.mark.parametrize("encoder", list(PIXEL_TRUNKS))
@pytest.mark.parametrize("size", [(32, 40), (33, 47)])
def test_maps_have_the_size_of_the_image_and_sum_to_one(encoder: str, size: tuple[int, int]) -> None:
    network = build_pixel_network(PixelNetworkShape(3, 3, 9, 2, encoder, "rgb+sobel"), seed=0, device=CPU).eval()
    with torch.no_grad():
        found = network(torch.rand(2, 3, *size))
    assert set(found) == set(HEADS)
    grown = to_pixels(found[MAIN], *size, network.stride)
    assert grown.shape == (2, 2, 3, *size)
    torch.testing.assert_close(grown.sum(dim=2), torch.ones(2, 2, *size))


@pytest.mark.parametrize("encoder", list(PIXEL_TRUNKS))
def test_the_border_is_no_blind_rim(encoder: str) -> None:
    network = build_pixel_network(PixelNetworkShape(1, 4, 4, encoder=encoder), seed=0, device=CPU).eval()
    with torch.no_grad():
        soft = network(torch.rand(1, 1, 64, 64))[MAIN][0, 0]
    rim = torch.cat([soft[:, 0], soft[:, -1], soft[:, :, 0], soft[:, :, -1]], dim=1)
    assert (rim - 0.25).abs().amax(dim=0).min() > 1e-3


@pytest.mark.parametrize("encoder", list(PIXEL_TRUNKS))
def test_a_picture_alone_is_as_in_a_batch(encoder: str) -> None:
    network = build_pixel_network(PixelNetworkShape(4, 3, 6, encoder=encoder), seed=0, device=CPU)
    images = torch.rand(3, 4, 24, 24)
    network(images)  # running statistics that are not those of the start
    network.eval()
    with torch.no_grad():
        together = network(images)[MAIN]
        alone = torch.cat([network(image[None])[MAIN] for image in images], dim=1)
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


def test_maps_of_a_copy_come_back_to_lie_upon_x() -> None:
    y, x = torch.meshgrid(torch.linspace(-1, 1, 64), torch.linspace(-1, 1, 64), indexing="ij")
    smooth = torch.stack([torch.sin(2 * x + y), torch.cos(3 * y), x * y])
    images = smooth.expand(6, 3, 64, 64)
    settings = TransformSettings(rotation_deg=30, horizontal_flip=True, vertical_flip=True, scale_min=0.8, scale_max=1.2, shear_deg=10)
    draw = draw_pairs(6, settings, 2, torch.Generator().manual_seed(0))
    x_maps = warp(images, draw.base, 64)
    copies = warp(images.repeat(2, 1, 1, 1), draw.copies["matrices"], 64)
    back, mask = warp_back(copies[None], align_matrices(draw.base, draw.copies["matrices"]))
    assert 0.2 < mask.mean() < 1
    off = (back[0] - x_maps.repeat(2, 1, 1, 1)).abs().amax(dim=1) * mask
    # The copy repeats the picture's border where it looks beyond it; x never does.
    assert off.quantile(0.98) < 0.02
