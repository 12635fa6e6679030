"""The pair: x and its transformed copy, made for a whole batch at once on the device, with parameters drawn per sample.

One affine warp does crop, resize, flip, rotation, shear and scale, a smooth field on top of it bends; one 3x3 colour matrix per
sample does brightness, saturation and hue, an offset does contrast. All numbers are drawn first, from a generator on the CPU, so they
are the same on every device and can be shared out. Source: paper, section 4.1 and its supplement; colour in YIQ, where a turn of the
last two axes is a change of hue.
"""

import dataclasses
import math
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.config import TransformSettings

_LUMA = (0.299, 0.587, 0.114)
_RGB_TO_YIQ = ((0.299, 0.587, 0.114), (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))


_KNOTS = 4


def _uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return torch.rand(count, generator=generator) * (high - low) + low


def _log_uniform(count: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return _uniform(count, math.log(low), math.log(high), generator).exp()


def crop_matrices(sides: Tensor, generator: torch.Generator, centre_probability: float = 0.0) -> Tensor:
    """(B, 2, 3) matrices of square crops: `sides` (B,) as shares of the image, each at a random place inside it or in its middle."""
    count = len(sides)
    place = _uniform(2 * count, -1.0, 1.0, generator).view(count, 2) * (1 - sides)[:, None]
    if centre_probability:
        place[torch.rand(count, generator=generator) < centre_probability] = 0.0
    matrices = torch.zeros(count, 2, 3)
    matrices[:, 0, 0] = sides
    matrices[:, 1, 1] = sides
    matrices[:, :, 2] = place
    return matrices


def warp_matrices(count: int, settings: TransformSettings, generator: torch.Generator) -> Tensor:
    """(count, 2, 3) matrices of g, from output to input coordinates in -1…1.

    A crop; about its centre a rotation, a shear, a change of size and of width against height, and flips.
    """
    matrices = crop_matrices(_crop_sides(count, settings, generator), generator)
    angle = _uniform(count, -settings.rotation_deg, settings.rotation_deg, generator) * (math.pi / 180)
    if settings.rotation_probability < 1:
        angle = angle * (torch.rand(count, generator=generator) < settings.rotation_probability)
    shear = (_uniform(count, -settings.shear_deg, settings.shear_deg, generator) * (math.pi / 180)).tan()
    scale = _log_uniform(count, settings.scale_min, settings.scale_max, generator)
    stretch = _log_uniform(count, 1 / (1 + settings.stretch), 1 + settings.stretch, generator).sqrt()
    # The matrix leads from the output to the input, so an image is enlarged by a smaller number.
    across, down = stretch / scale, 1 / (stretch * scale)
    for wanted, axis in ((settings.horizontal_flip, across), (settings.vertical_flip, down)):
        draw = torch.rand(count, generator=generator) < 0.5
        if wanted:
            axis[draw] *= -1
    cos, sin = angle.cos(), angle.sin()
    turn = torch.stack([torch.stack([cos, cos * shear - sin]), torch.stack([sin, sin * shear + cos])]).permute(2, 0, 1)
    linear = turn * torch.stack([across, down], dim=1)[:, None, :]
    matrices[:, :, :2] = matrices[:, 0, 0][:, None, None] * linear
    return matrices


def _crop_sides(count: int, settings: TransformSettings, generator: torch.Generator) -> Tensor:
    if not settings.crop_choices:
        return _uniform(count, settings.crop_min, settings.crop_max, generator)
    choices = torch.tensor(settings.crop_choices)
    return choices[torch.randint(len(choices), (count,), generator=generator)]


def invert_matrices(matrices: Tensor) -> Tensor:
    """(B, 2, 3) matrices of the warps that undo `matrices`: what lay in the crop comes back to its place, the rest is border."""
    linear = torch.linalg.inv(matrices[:, :, :2].float())
    return torch.cat([linear, -linear @ matrices[:, :, 2:].float()], dim=2)


def warp(images: Tensor, matrices: Tensor, size: int, bend: Tensor | None = None) -> Tensor:
    """Sample (B, C, S, S) pixels at (B, 2, 3) matrices into (B, C, size, size); outside the image its border goes on.

    Args:
        bend: (B, size, size, 2) added to the place of each output pixel, in input coordinates -1…1.
    """
    grid = functional.affine_grid(matrices, [images.shape[0], images.shape[1], size, size], align_corners=False)
    if bend is not None:
        grid = grid + bend
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


def chain_matrices(first: Tensor, second: Tensor) -> Tensor:
    """(r·B, 2, 3) matrices of warping by `first` (B, 2, 3) and then, the result, by `second` (r·B, 2, 3), copy after copy."""
    first = first.repeat(len(second) // len(first), 1, 1)
    linear = first[:, :, :2] @ second[:, :, :2]
    return torch.cat([linear, first[:, :, :2] @ second[:, :, 2:] + first[:, :, 2:]], dim=2)


def align_matrices(base: Tensor, copies: Tensor) -> Tensor:
    """(r·B, 2, 3) matrices that bring maps of transformed copies to lie upon those of x.

    Args:
        base: (B, 2, 3) crops of x.
        copies: (r·B, 2, 3) warps of the copies, copy after copy.
    """
    return chain_matrices(invert_matrices(copies), base.repeat(len(copies) // len(base), 1, 1))


def warp_back(soft_assignments: Tensor, matrices: Tensor) -> tuple[Tensor, Tensor]:
    """Bring maps of transformed copies to lie upon those of x.

    Args:
        soft_assignments: (H, B, K, h, w) of the copies.
        matrices: (B, 2, 3) of `align_matrices`.

    Returns:
        The maps, bilinear, zero where the copy shows nothing of x, (H, B, K, h, w); and a mask (B, h, w), 1 where all four cells that are
        mixed lie inside the copy, else 0.
    """
    heads, count, clusters, height, width = soft_assignments.shape
    grid = functional.affine_grid(matrices, [count, 1, height, width], align_corners=False)
    inside = torch.ones(count, 1, height, width, device=grid.device)
    maps = torch.cat([soft_assignments.float().transpose(0, 1).flatten(1, 2), inside], dim=1)
    warped = functional.grid_sample(maps, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    mask = (warped[:, -1] > 1 - 1e-4).float()
    return warped[:, :-1].unflatten(1, (heads, clusters)).transpose(0, 1), mask


def bend_fields(knots: Tensor, size: int) -> Tensor:
    """(B, size, size, 2) smooth shifts through (B, 2, n, n) knots of a coarse net, bicubic between them."""
    return functional.interpolate(knots, size=(size, size), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)


def blank_squares(images: Tensor, corners: Tensor, sides: Tensor) -> Tensor:
    """Blank a square in each of (B, C, S, S) images. Source of the idea: DeVries and Taylor, arXiv 1708.04552.

    Args:
        corners: (B, 2) upper and left edge as shares of the side of the image.
        sides: (B,) sides of the squares likewise; 0 blanks nothing.
    """
    at = (torch.arange(images.shape[-1], device=images.device) + 0.5) / images.shape[-1]
    first, last = corners[:, :, None], (corners + sides[:, None])[:, :, None]
    inside = (at >= first) & (at < last)
    blank = inside[:, 0, :, None] & inside[:, 1, None, :]
    return images.masked_fill(blank[:, None], 0.0)


def change_colour(images: Tensor, brightness: Tensor, contrast: Tensor, matrices: Tensor) -> Tensor:
    """Change the colours of (B, C, S, S) pixels in 0–1, each sample its own way.

    Args:
        brightness, contrast: (B,) factors.
        matrices: (B, 3, 3) on RGB for saturation and hue; used for three channels, and for four: the last of these is infra-red, which no
            change of colour touches.
    """
    if images.shape[1] == 4:
        return torch.cat([change_colour(images[:, :3], brightness, contrast, matrices), images[:, 3:]], dim=1)
    gain = (brightness * contrast)[:, None, None, None]
    lift = (brightness * (1 - contrast))[:, None, None, None]
    mean = luma(images).mean(dim=(1, 2, 3), keepdim=True)
    if images.shape[1] == 3:
        images = torch.bmm(matrices, images.flatten(2)).view_as(images)
    return (images * gain + mean * lift).clamp_(0, 1)


def luma(images: Tensor) -> Tensor:
    """(B, C, S, S) to (B, 1, S, S) grey: the weights of television for three channels, the mean for any other number."""
    if images.shape[1] != 3:
        return images.mean(dim=1, keepdim=True)
    weights = torch.tensor(_LUMA, device=images.device, dtype=images.dtype)
    return torch.einsum("bchw,c->bhw", images, weights)[:, None]


def colour_matrices(saturation: Tensor, hue: Tensor) -> Tensor:
    """(B, 3, 3) matrices on RGB that scale and turn the two colour axes of YIQ."""
    to_yiq = torch.tensor(_RGB_TO_YIQ)
    turn = torch.zeros(len(hue), 3, 3)
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = saturation * hue.cos()
    turn[:, 1, 2] = -saturation * hue.sin()
    turn[:, 2, 1] = saturation * hue.sin()
    return torch.matmul(torch.linalg.inv(to_yiq), torch.matmul(turn, to_yiq))


@dataclass(frozen=True)
class PairDraw:
    """Every random number behind a batch of pairs, before any image is touched.

    Attributes:
        base: (B, 2, 3) crops of x.
        copies: what happens to the r·B transformed copies, copy after copy: `matrices` (r·B, 2, 3) of the warp; `brightness`, `contrast`
            (r·B,) and `colour` (r·B, 3, 3) of `change_colour`; if wanted, `knots` (r·B, 2, n, n) of `bend_fields`, and `blank_corners`
            (r·B, 2) and `blank_sides` (r·B,) of `blank_squares`.
    """

    base: Tensor
    copies: dict[str, Tensor]

    def select(self, rows: slice) -> Self:
        """The draw for some of the images, with all their copies."""
        count = len(self.base)
        of_rows = {name: drawn.unflatten(0, (-1, count))[:, rows].flatten(0, 1) for name, drawn in self.copies.items()}
        return dataclasses.replace(self, base=self.base[rows], copies=of_rows)

    def to(self, device: torch.device) -> Self:
        """On a device."""
        moved = {name: drawn.to(device, non_blocking=True) for name, drawn in self.copies.items()}
        return dataclasses.replace(self, base=self.base.to(device, non_blocking=True), copies=moved)


def draw_pairs(count: int, settings: TransformSettings, repeats: int, generator: torch.Generator) -> PairDraw:
    """Draw the parameters of `count` pairs with `repeats` copies each, on the CPU."""
    many = count * repeats
    base = crop_matrices(torch.full((count,), settings.base_crop), generator, settings.base_centre_probability)
    copies = {"matrices": warp_matrices(many, settings, generator)}
    copies["brightness"] = _uniform(many, 1 - settings.brightness, 1 + settings.brightness, generator)
    copies["contrast"] = _uniform(many, 1 - settings.contrast, 1 + settings.contrast, generator)
    saturation = _uniform(many, 1 - settings.saturation, 1 + settings.saturation, generator)
    hue = _uniform(many, -settings.hue, settings.hue, generator) * (2 * math.pi)
    saturation = torch.where(torch.rand(many, generator=generator) < settings.grey_probability, 0.0, saturation)
    copies["colour"] = colour_matrices(saturation, hue)
    if settings.elastic:
        copies["knots"] = torch.randn(many, 2, _KNOTS, _KNOTS, generator=generator) * (2 * settings.elastic)
    if settings.cutout_probability:
        sides = _uniform(many, settings.cutout_min, settings.cutout_max, generator)
        copies["blank_sides"] = sides * (torch.rand(many, generator=generator) < settings.cutout_probability)
        copies["blank_corners"] = torch.rand(many, 2, generator=generator) * (1 - copies["blank_sides"])[:, None]
    return PairDraw(base, copies)


def apply_draw(images: Tensor, copied: Tensor, draw: PairDraw, size: int) -> tuple[Tensor, Tensor]:
    """Make pairs from a draw.

    Args:
        images: (B, C, S, S) uint8, the images of x.
        copied: (B, C, S, S) uint8, what the copies are made of: the same images, or others that show the same.
        draw: for B images, on the device of the images.
        size: side of what the network sees, in pixels.

    Returns:
        x (B, C, size, size) and x_transformed (r·B, C, size, size), float32 in 0–1, copy after copy.
    """
    pixels = images.float().div_(255)
    x = warp(pixels, draw.base, size)
    source = pixels if copied is images else copied.float().div_(255)
    repeats = len(draw.copies["matrices"]) // len(draw.base)
    copies = source if repeats == 1 else source.repeat(repeats, 1, 1, 1)
    bend = bend_fields(draw.copies["knots"], size) if "knots" in draw.copies else None
    x_transformed = warp(copies, draw.copies["matrices"], size, bend)
    x_transformed = change_colour(x_transformed, *(draw.copies[name] for name in ("brightness", "contrast", "colour")))
    if "blank_sides" in draw.copies:
        x_transformed = blank_squares(x_transformed, draw.copies["blank_corners"], draw.copies["blank_sides"])
    return x, x_transformed


def make_pair(images: Tensor, settings: TransformSettings, size: int, repeats: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """x and r transformed copies of it: `draw_pairs` and `apply_draw` in one; `generator` lives on the CPU and decides everything."""
    draw = draw_pairs(len(images), settings, repeats, generator).to(images.device)
    return apply_draw(images, images, draw, size)


def centre_view(images: Tensor, settings: TransformSettings, size: int) -> Tensor:
    """What is assigned to a cluster: the centre crop at `base_crop`, (B, C, S, S) uint8 to (B, C, size, size) float32 in 0–1."""
    matrix = torch.tensor([[settings.base_crop, 0.0, 0.0], [0.0, settings.base_crop, 0.0]], device=images.device)
    return warp(images.float().div_(255), matrix.expand(len(images), 2, 3), size)
