"""The pair: geometry registered to the image, colours per sample, randomness from the generator alone."""

import pytest
import torch

from iic_studio.config import TransformSettings
from iic_studio.iic.transforms import centre_view, jitter_colour, make_pair, warp, warp_matrices

STILL = TransformSettings(base_crop=1.0, crop_min=1.0, crop_max=1.0, brightness=0.0, contrast=0.0, saturation=0.0, hue=0.0)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int = 6, channels: int = 3, side: int = 16) -> torch.Tensor:
    return torch.randint(0, 256, (count, channels, side, side), dtype=torch.uint8, generator=seeded(1))


def test_without_changes_both_views_are_the_image() -> None:
    images = pictures()
    x, x_transformed = make_pair(images, STILL, 16, 2, seeded())
    assert torch.allclose(x, images / 255, atol=1e-5)
    assert torch.allclose(x_transformed, (images / 255).repeat(2, 1, 1, 1), atol=1e-5)
    assert torch.allclose(centre_view(images, STILL, 16), images / 255, atol=1e-5)


def test_flips_are_exact_mirror_images() -> None:
    images = pictures(64) / 255
    settings = TransformSettings(crop_min=1.0, crop_max=1.0, horizontal_flip=True)
    warped = warp(images, warp_matrices(64, settings, seeded()), 16)
    mirrored = [torch.allclose(out, image.flip(-1), atol=1e-5) for out, image in zip(warped, images, strict=True)]
    same = [torch.allclose(out, image, atol=1e-5) for out, image in zip(warped, images, strict=True)]
    assert all(a != b for a, b in zip(mirrored, same, strict=True))
    assert 15 < sum(mirrored) < 49


def test_rotation_turns_about_the_centre_by_at_most_its_angle() -> None:
    settings = TransformSettings(crop_min=1.0, crop_max=1.0, rotation_deg=20)
    matrices = warp_matrices(200, settings, seeded())
    angles = torch.rad2deg(torch.atan2(matrices[:, 1, 0], matrices[:, 0, 0]))
    assert angles.abs().max() <= 20.001
    assert angles.abs().max() > 15
    assert torch.allclose(matrices[:, :, 2], torch.zeros(200, 2), atol=1e-6)


@pytest.mark.parametrize("low", [0.4, 0.9])
def test_crops_lie_inside_the_image(low: float) -> None:
    settings = TransformSettings(crop_min=low, crop_max=1.0)
    matrices = warp_matrices(500, settings, seeded())
    side = matrices[:, 0, 0].abs()
    assert side.min() >= low - 1e-6
    assert (matrices[:, :, 2].abs() <= (1 - side)[:, None] + 1e-6).all()


def test_colours_change_per_sample_and_stay_in_range() -> None:
    image = pictures(1).expand(8, 3, 16, 16) / 255
    changed = jitter_colour(image, TransformSettings(), seeded())
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert len({round(float(sample.mean()), 6) for sample in changed}) == 8


def test_hue_and_saturation_keep_brightness() -> None:
    image = pictures(8) / 255 * 0.2 + 0.4
    settings = TransformSettings(brightness=0.0, contrast=0.0, saturation=0.3, hue=0.05)
    luma = torch.tensor([0.299, 0.587, 0.114])[None, :, None, None]
    changed = jitter_colour(image, settings, seeded())
    assert torch.allclose((changed * luma).sum(1), (image * luma).sum(1), atol=2e-3)


def test_grey_probability_one_takes_all_colour() -> None:
    settings = TransformSettings(brightness=0.0, contrast=0.0, saturation=0.0, hue=0.0, grey_probability=1.0)
    changed = jitter_colour(pictures(4) / 255, settings, seeded())
    assert torch.allclose(changed[:, 0], changed[:, 1], atol=2e-3)
    assert torch.allclose(changed[:, 0], changed[:, 2], atol=2e-3)


@pytest.mark.parametrize("channels", [1, 3])
def test_same_generator_same_pair(channels: int) -> None:
    images = pictures(channels=channels)
    first = make_pair(images, TransformSettings(rotation_deg=10), 12, 2, seeded(5))
    again = make_pair(images, TransformSettings(rotation_deg=10), 12, 2, seeded(5))
    other = make_pair(images, TransformSettings(rotation_deg=10), 12, 2, seeded(6))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[1], other[1])
    assert first[0].shape == (6, channels, 12, 12)
    assert first[1].shape == (12, channels, 12, 12)
