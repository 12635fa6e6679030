"""The joint for each displacement: every form against a plain loop, the loss against its bounds, gradients against float64."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.iic.displacements import (
    Form,
    collapsed_counts,
    displacement_counts,
    displacement_loss,
    draw_displacements,
    some_displacement_counts,
)
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts


def maps(heads: int, batch: int, clusters: int, height: int, width: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.softmax(3 * torch.randn(heads, batch, clusters, height, width, generator=generator), dim=2)


def pictures(clusters: int, side: int, seed: int) -> tuple[Tensor, Tensor]:
    """Soft maps of patches, and of the same patches with noise: as between an image and its copy."""
    generator = torch.Generator().manual_seed(seed)
    patches = functional.interpolate(torch.randn(4, clusters, 4, 4, generator=generator), size=(side, side), mode="bicubic")
    noisy = [patches * 3 + torch.randn(4, clusters, side, side, generator=generator) / 2 for _ in range(2)]
    one, other = (torch.softmax(noise, dim=1)[None] for noise in noisy)
    return one, other


def by_loop(z: Tensor, z_transformed: Tensor, displacement: int, mask: Tensor) -> Tensor:
    height, width = z.shape[-2:]
    steps = range(-displacement, displacement + 1)
    sums = torch.zeros(len(z), len(steps) ** 2, z.shape[2], z.shape[2])
    for number, (down, across) in enumerate((down, across) for down in steps for across in steps):
        for y in range(max(0, -down), min(height, height - down)):
            for x in range(max(0, -across), min(width, width - across)):
                weight = mask[:, y, x] * mask[:, y + down, x + across]
                sums[:, number] += torch.einsum("b,hbi,hbj->hij", weight, z[..., y, x], z_transformed[..., y + down, x + across])
    return sums


@pytest.mark.parametrize("displacement", [0, 1, 3])
def test_every_form_is_the_plain_loop(displacement: int) -> None:
    z, z_transformed = maps(2, 3, 4, 7, 9, 0), maps(2, 3, 4, 7, 9, 1)
    mask = (torch.rand(3, 7, 9, generator=torch.Generator().manual_seed(2)) > 0.2).float()
    expected = by_loop(z, z_transformed, displacement, mask)
    forms: list[Form] = ["auto", "convolution", "fourier"]
    for form in forms:
        torch.testing.assert_close(displacement_counts(z, z_transformed, displacement, mask, form), expected, rtol=1e-5, atol=1e-4)
    steps = range(-displacement, displacement + 1)
    every = torch.tensor([(down, across) for down in steps for across in steps])
    torch.testing.assert_close(some_displacement_counts(z, z_transformed, every, mask), expected, rtol=1e-5, atol=1e-4)
    torch.testing.assert_close(collapsed_counts(z, z_transformed, displacement, mask), expected.sum(dim=1), rtol=1e-5, atol=1e-3)


def test_a_displacement_larger_than_the_map_meets_nothing() -> None:
    z = maps(1, 1, 2, 3, 3, 0)
    counts = some_displacement_counts(z, z, torch.tensor([(0, 0), (3, 0), (0, -4)]))
    assert counts[:, 0].sum() > 0
    assert (counts[:, 1:] == 0).all()


@pytest.mark.parametrize("clusters", [3, 15])
def test_fourier_equals_convolution_in_value_and_gradient(clusters: int) -> None:
    found = {}
    forms: list[Form] = ["convolution", "fourier"]
    for form in forms:
        z, z_transformed = (one.clone().requires_grad_() for one in pictures(clusters, 40, 0))
        loss = displacement_loss(displacement_counts(z, z_transformed, 5, form=form)).sum()
        loss.backward()
        assert z.grad is not None and z_transformed.grad is not None
        found[form] = loss.detach(), torch.cat([z.grad, z_transformed.grad])
    (value, gradient), (fast_value, fast_gradient) = found["convolution"], found["fourier"]
    assert abs(value - fast_value) <= 1e-5 * abs(value)
    assert (gradient - fast_gradient).norm() <= 1e-5 * gradient.norm()


def test_collapsed_equals_the_sum_of_all_joints_in_gradient() -> None:
    gradients = []
    for fast in (False, True):
        z, z_transformed = (one.clone().requires_grad_() for one in pictures(5, 32, 1))
        counts = collapsed_counts(z, z_transformed, 4) if fast else displacement_counts(z, z_transformed, 4, form="convolution").sum(dim=1)
        displacement_loss(counts).sum().backward()
        assert z.grad is not None
        gradients.append(z.grad)
    assert (gradients[0] - gradients[1]).norm() <= 1e-5 * gradients[0].norm()


def test_without_displacement_every_pixel_is_an_image() -> None:
    z, z_transformed = maps(2, 3, 4, 5, 6, 0), maps(2, 3, 4, 5, 6, 1)
    as_images = [one.permute(0, 1, 3, 4, 2).flatten(1, 3) for one in (z, z_transformed)]
    expected = iic_loss(normalise_joint(pair_counts(as_images[0], as_images[1])))
    torch.testing.assert_close(displacement_loss(displacement_counts(z, z_transformed, 0)), expected)
    torch.testing.assert_close(displacement_loss(collapsed_counts(z, z_transformed, 0)), expected)


def test_loss_is_lowest_for_certain_balanced_patches_and_zero_for_one_cluster() -> None:
    kinds = torch.arange(4)
    certain = functional.one_hot(kinds, 4).float()[None, :, :, None, None].expand(1, 4, 4, 20, 20)
    for counts in (displacement_counts(certain, certain, 2), collapsed_counts(certain, certain, 2)):
        torch.testing.assert_close(displacement_loss(counts), torch.tensor([-math.log(4)]), rtol=1e-4, atol=0)
    dead = functional.one_hot(torch.zeros(4, dtype=torch.long), 4).float()[None, :, :, None, None].expand(1, 4, 4, 20, 20)
    assert abs(float(displacement_loss(displacement_counts(dead, dead, 2)))) < 1e-4


def test_pixels_outside_the_mask_change_nothing() -> None:
    z, z_transformed = maps(1, 2, 3, 8, 8, 0), maps(1, 2, 3, 8, 8, 1)
    mask = torch.ones(2, 8, 8)
    mask[:, :, 5:] = 0
    before = displacement_counts(z, z_transformed, 2, mask)
    z[..., 5:] = torch.softmax(torch.randn(1, 2, 3, 8, 3, generator=torch.Generator().manual_seed(3)), dim=2)
    torch.testing.assert_close(displacement_counts(z, z_transformed, 2, mask), before)


def test_drawn_displacements_are_different_ones_of_the_square() -> None:
    drawn = draw_displacements(2, 10, torch.Generator().manual_seed(0))
    assert drawn.shape == (10, 2)
    assert len({tuple(one) for one in drawn.tolist()}) == 10
    assert drawn.abs().max() <= 2
    assert len(draw_displacements(1, 100, torch.Generator().manual_seed(0))) == 9
