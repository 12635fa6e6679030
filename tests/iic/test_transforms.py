"""The pair: geometry registered to the image, colours per sample, randomness from the generator alone."""

import dataclasses

import pytest
import torch

from iic_studio.config import TransformSettings
from iic_studio.iic.transforms import (
    apply_draw,
    blank_squares,
    centre_view,
    change_colour,
    colour_matrices,
    draw_pairs,
    invert_matrices,
    make_pair,
    warp,
    warp_matrices,
)

STILL = TransformSettings(base_crop=1.0, crop_min=1.0, crop_max=1.0, brightness=0.0, contrast=0.0, saturation=0.0, hue=0.0)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def jitter_colour(images: torch.Tensor, settings: TransformSettings, generator: torch.Generator) -> torch.Tensor:
    copies = draw_pairs(len(images), settings, 1, generator).copies
    return change_colour(images, copies["brightness"], copies["contrast"], copies["colour"])


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


def test_inverse_warp_brings_the_image_back() -> None:
    ramp = torch.linspace(0.2, 0.8, 48)
    images = (ramp[:, None] * 0.5 + ramp[None, :] * 0.3).expand(20, 1, 48, 48).contiguous()
    settings = TransformSettings(
        crop_min=0.9, crop_max=1.0, rotation_deg=20, shear_deg=10, stretch=0.2, scale_min=0.9, scale_max=1.1, horizontal_flip=True
    )
    matrices = warp_matrices(20, settings, seeded(3))
    back = warp(warp(images, matrices, 48), invert_matrices(matrices), 48)
    middle = (slice(None), slice(None), slice(16, 32), slice(16, 32))
    assert torch.allclose(back[middle], images[middle], atol=5e-3)


def test_scale_and_stretch_stay_in_their_ranges() -> None:
    settings = TransformSettings(crop_min=1.0, crop_max=1.0, scale_min=0.8, scale_max=1.25, stretch=0.5)
    matrices = warp_matrices(2000, settings, seeded())
    across, down = matrices[:, 0, 0], matrices[:, 1, 1]
    ratio, area = across / down, across * down
    assert 1 / 1.5 - 1e-5 <= ratio.min() < 0.7 and 1.45 < ratio.max() <= 1.5 + 1e-5
    assert area.min() >= 0.8**2 - 1e-5 and area.max() <= 1.25**2 + 1e-5
    assert torch.equal(matrices[:, 0, 1], torch.zeros(2000))


def test_shear_leans_upright_lines_and_keeps_the_area() -> None:
    matrices = warp_matrices(500, TransformSettings(crop_min=1.0, crop_max=1.0, shear_deg=15), seeded())
    lean = torch.rad2deg(torch.atan(matrices[:, 0, 1]))
    assert 14 < lean.abs().max() <= 15.001
    assert torch.allclose(torch.linalg.det(matrices[:, :, :2]), torch.ones(500), atol=1e-5)


def test_paper_choices_of_crops_and_rotation() -> None:
    settings = TransformSettings(crop_choices=(0.5, 0.75, 1.0), rotation_deg=25, rotation_probability=0.5)
    matrices = warp_matrices(3000, settings, seeded())
    sides = torch.linalg.det(matrices[:, :, :2]).sqrt()
    for choice in settings.crop_choices:
        assert 850 < int(((sides - choice).abs() < 1e-5).sum()) < 1150
    assert 1350 < int((matrices[:, 1, 0].abs() < 1e-7).sum()) < 1650


def test_base_crop_is_in_the_middle_as_often_as_asked() -> None:
    base = draw_pairs(2000, TransformSettings(base_crop=0.7, base_centre_probability=0.5), 1, seeded()).base
    assert 900 < int((base[:, :, 2].abs().sum(1) == 0).sum()) < 1100


def test_cutout_blanks_squares_of_the_asked_size() -> None:
    settings = dataclasses.replace(STILL, cutout_probability=0.5, cutout_min=0.25, cutout_max=0.5)
    images = torch.full((400, 1, 32, 32), 255, dtype=torch.uint8)
    _, x_transformed = make_pair(images, settings, 32, 1, seeded())
    blank = (x_transformed == 0).sum(dim=(1, 2, 3)).sqrt()
    touched = blank[blank > 0]
    assert 160 < len(touched) < 240
    assert touched.min() >= 7 and touched.max() <= 17
    one = blank_squares(torch.ones(1, 1, 8, 8), torch.tensor([[0.25, 0.5]]), torch.tensor([0.25]))[0, 0]
    assert (one == 0).nonzero().tolist() == [[2, 4], [2, 5], [3, 4], [3, 5]]


def test_bending_moves_pixels_by_about_its_strength() -> None:
    images = (torch.arange(64.0) / 63).expand(200, 1, 64, 64).mul(255).to(torch.uint8)
    _, bent = make_pair(images, dataclasses.replace(STILL, elastic=0.03), 64, 1, seeded())
    shift = (bent - images / 255)[:, :, :, 16:48]
    assert 0.015 < float(shift.std()) < 0.045
    assert float((bent[:, :, 1:] - bent[:, :, :-1]).abs().mean()) < 0.01


@pytest.mark.parametrize("repeats", [1, 3])
def test_part_of_a_draw_makes_the_same_pairs(repeats: int) -> None:
    settings = TransformSettings(rotation_deg=30, cutout_probability=0.5, elastic=0.02)
    images, draw = pictures(7), draw_pairs(7, settings, repeats, seeded())
    x, x_transformed = apply_draw(images, images, draw, 12)
    part = slice(1, None, 2)
    x_part, transformed_part = apply_draw(images[part], images[part], draw.select(part), 12)
    assert torch.allclose(x_part, x[part])
    assert torch.allclose(transformed_part.unflatten(0, (repeats, -1)), x_transformed.unflatten(0, (repeats, 7))[:, part], atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 4, 16])
def test_any_number_of_channels(channels: int) -> None:
    x, x_transformed = make_pair(pictures(4, channels), TransformSettings(rotation_deg=30), 12, 2, seeded())
    assert x.shape == (4, channels, 12, 12)
    assert x_transformed.shape == (8, channels, 12, 12)
    assert x_transformed.min() >= 0 and x_transformed.max() <= 1


def test_changes_of_colour_leave_infra_red_alone() -> None:
    pixels = torch.rand(2, 4, 5, 5, generator=torch.Generator().manual_seed(0))
    half, much = torch.full((2,), 0.5), torch.full((2,), 1.5)
    matrices = colour_matrices(torch.tensor([0.2, 1.8]), torch.tensor([0.3, -0.3]))
    changed = change_colour(pixels, half, much, matrices)
    assert torch.equal(changed[:, 3], pixels[:, 3])
    assert torch.equal(changed[:, :3], change_colour(pixels[:, :3], half, much, matrices))
    assert (changed[:, :3] - pixels[:, :3]).abs().max() > 0.1
