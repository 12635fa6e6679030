"""The pair: x and its transformed copy, made for a whole batch at once on the device, with parameters drawn per sample.

One affine warp does crop, resize, flip and rotation; one 3x3 colour matrix per sample does brightness, saturation and hue, an
offset does contrast. Parameters come from a generator on the CPU, so they are the same on every device. Source: paper, section 4.1
and its supplement; colour in YIQ, where a turn of the last two axes is a change of hue.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.config import TransformSettings

_LUMA = (0.299, 0.587, 0.114)
_RGB_TO_YIQ = ((0.299, 0.587, 0.114), (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low


def crop_matrices(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    """(count, 2, 3) matrices of square crops whose side is drawn from low…high of the image, at a random place inside it."""
    side = _uniform(count, low, high, generator)
    place = _uniform(2 * count, -1.0, 1.0, generator).view(count, 2) * (1 - side)[:, None]
    matrices = torch.zeros(count, 2, 3)
    matrices[:, 0, 0] = side
    matrices[:, 1, 1] = side
    matrices[:, :, 2] = place
    return matrices


def warp_matrices(count: int, settings: TransformSettings, generator: torch.Generator) -> Tensor:
    """(count, 2, 3) matrices of g: a crop, then a rotation and flips about its centre; from output to input coordinates in -1…1."""
    matrices = crop_matrices(count, settings.crop_min, settings.crop_max, generator)
    angle = _uniform(count, -settings.rotation_deg, settings.rotation_deg, generator) * (math.pi / 180)
    flip = torch.ones(2, count)
    for axis, wanted in enumerate((settings.horizontal_flip, settings.vertical_flip)):
        draw = torch.rand(count, generator=generator) < 0.5
        flip[axis] = torch.where(draw & torch.tensor(wanted), -1.0, 1.0)
    cos, sin, side = angle.cos(), angle.sin(), matrices[:, 0, 0].clone()
    matrices[:, 0, 0] = side * cos * flip[0]
    matrices[:, 0, 1] = -side * sin * flip[1]
    matrices[:, 1, 0] = side * sin * flip[0]
    matrices[:, 1, 1] = side * cos * flip[1]
    return matrices


def warp(images: Tensor, matrices: Tensor, size: int) -> Tensor:
    """Sample (B, C, S, S) pixels in 0–1 at (B, 2, 3) matrices into (B, C, size, size); outside the image its border goes on."""
    grid = functional.affine_grid(matrices, [images.shape[0], images.shape[1], size, size], align_corners=False)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


def jitter_colour(images: Tensor, settings: TransformSettings, generator: torch.Generator) -> Tensor:
    """Change brightness, contrast, saturation and hue of (B, C, S, S) pixels in 0–1, C being 1 or 3; each sample its own way."""
    count, channels = images.shape[:2]
    brightness = _uniform(count, 1 - settings.brightness, 1 + settings.brightness, generator)
    contrast = _uniform(count, 1 - settings.contrast, 1 + settings.contrast, generator)
    saturation = _uniform(count, 1 - settings.saturation, 1 + settings.saturation, generator)
    hue = _uniform(count, -settings.hue, settings.hue, generator) * (2 * math.pi)
    saturation = torch.where(torch.rand(count, generator=generator) < settings.grey_probability, 0.0, saturation)
    device = images.device
    gain = (brightness * contrast).to(device)[:, None, None, None]
    lift = (brightness * (1 - contrast)).to(device)[:, None, None, None]
    if channels == 1:
        mean = images.mean(dim=(1, 2, 3), keepdim=True)
        return (images * gain + mean * lift).clamp_(0, 1)
    luma = torch.tensor(_LUMA, device=device)
    mean = torch.einsum("bchw,c->b", images, luma)[:, None, None, None] / (images.shape[-1] * images.shape[-2])
    matrices = _colour_matrices(saturation, hue).to(device)
    turned = torch.bmm(matrices, images.flatten(2)).view_as(images)
    return (turned * gain + mean * lift).clamp_(0, 1)


def _colour_matrices(saturation: Tensor, hue: Tensor) -> Tensor:
    """(B, 3, 3) matrices on RGB that scale and turn the two colour axes of YIQ."""
    to_yiq = torch.tensor(_RGB_TO_YIQ)
    turn = torch.zeros(len(hue), 3, 3)
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = saturation * hue.cos()
    turn[:, 1, 2] = -saturation * hue.sin()
    turn[:, 2, 1] = saturation * hue.sin()
    return torch.matmul(torch.linalg.inv(to_yiq), torch.matmul(turn, to_yiq))


def make_pair(images: Tensor, settings: TransformSettings, size: int, repeats: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """x and r transformed copies of it.

    Args:
        images: (B, C, S, S) uint8.
        size: side of what the network sees, in pixels.
        repeats: r, transformed copies per image.
        generator: on the CPU; decides every parameter.

    Returns:
        x (B, C, size, size) and x_transformed (r·B, C, size, size), float32 in 0–1, copy after copy.
    """
    pixels = images.float().div_(255)
    count, device = len(images), images.device
    base = crop_matrices(count, settings.base_crop, settings.base_crop, generator)
    x = warp(pixels, base.to(device), size)
    copies = pixels if repeats == 1 else pixels.repeat(repeats, 1, 1, 1)
    warped = warp(copies, warp_matrices(count * repeats, settings, generator).to(device), size)
    return x, jitter_colour(warped, settings, generator)


def centre_view(images: Tensor, settings: TransformSettings, size: int) -> Tensor:
    """What is assigned to a cluster: the centre crop at `base_crop`, (B, C, S, S) uint8 to (B, C, size, size) float32 in 0–1."""
    matrix = torch.tensor([[settings.base_crop, 0.0, 0.0], [0.0, settings.base_crop, 0.0]], device=images.device)
    return warp(images.float().div_(255), matrix.expand(len(images), 2, 3), size)
