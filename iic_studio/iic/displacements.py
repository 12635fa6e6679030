"""IIC for pixels: the joint of a pixel's cluster with that of a pixel some way off in the transformed copy, for every displacement.

Neighbouring pixels mostly show the same thing, so the mutual information is asked for at every displacement of a small square (paper,
section 3.3 and equation 5). As published, each displacement has a joint of its own and the information is averaged over them; the
*collapsed* form adds all displacements to one joint first, which is another and cheaper objective.

Every form here is exact. The plain one is a convolution with one map as the kernel; by the Fourier transform the same sums cost less; the
collapsed joint needs only a box sum and one matrix product. All run in float32. Maps come at the stride of the network, and a displacement
counts pixels of that map: 5 at stride 2 are 10 pixels of the image.

Known weakness: the Fourier form has an absolute error of about 1e-7 of the sum, so joints of pairs that hardly ever meet are inexact.
"""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.iic.losses import iic_loss, normalise_joint

Form = Literal["auto", "convolution", "fourier"]


def masked(soft_assignments: Tensor, mask: Tensor | None) -> Tensor:
    """(H, B, K, h, w) in float32, zero where (B, h, w) `mask` is zero: pixels that fell outside do not count."""
    soft = soft_assignments.float()
    return soft if mask is None else soft * mask[None, :, None].to(soft.dtype)


def displacement_counts(
    soft_assignments: Tensor, soft_assignments_transformed: Tensor, displacement: int, mask: Tensor | None = None, form: Form = "auto"
) -> Tensor:
    """Pair counts for each displacement of a square of (2d + 1)².

    Args:
        soft_assignments: (H, B, K, h, w) probabilities of x.
        soft_assignments_transformed: (H, B, K, h, w) of the copy, already warped back to lie upon x.
        displacement: d, in pixels of the maps, 0 or more.
        mask: (B, h, w), 1 where both are valid; None if everywhere.
        form: how it is computed; the value is the same.

    Returns:
        (H, (2d + 1)², K, K) float32. Entry [·, t, i, j] adds up pixels of x in cluster i with pixels of the copy in cluster j that lie
        displacement t away, row by row from (-d, -d) to (d, d); what lies outside the map is not there.
    """
    if form == "auto" and not displacement:
        # A plain product: on a GPU a convolution may be computed with the 10 bits of TF32.
        return some_displacement_counts(soft_assignments, soft_assignments_transformed, torch.zeros(1, 2, dtype=torch.int64), mask)
    with torch.autocast(soft_assignments.device.type, enabled=False):
        z, z_transformed = masked(soft_assignments, mask), masked(soft_assignments_transformed, mask)
        # By Fourier on a CPU 2 to 20 times as fast, for 3 to 45 clusters and maps of 32 to 128: tests/benchmarks/bench_displacements.py.
        by = _by_convolution if form == "convolution" else _by_fourier
        return torch.stack([by(one, other, displacement) for one, other in zip(z, z_transformed, strict=True)])


def _by_convolution(z: Tensor, z_transformed: Tensor, displacement: int) -> Tensor:
    """(B, K, h, w) twice to (T, K, K): one map slides over the other, images as channels, clusters as batch."""
    sums = functional.conv2d(z_transformed.transpose(0, 1), z.transpose(0, 1), padding=displacement)
    return sums.flatten(2).permute(2, 1, 0)


def _by_fourier(z: Tensor, z_transformed: Tensor, displacement: int) -> Tensor:
    """The same by the correlation theorem; maps are padded by d so that nothing wraps around into a wanted displacement."""
    from scipy.fft import next_fast_len  # here, because it loads for a quarter of a second

    height, width = (next_fast_len(side + displacement, real=True) for side in z.shape[-2:])
    spectrum = torch.fft.rfft2(z, s=(height, width)).flatten(2)
    spectrum_transformed = torch.fft.rfft2(z_transformed, s=(height, width)).flatten(2)
    product = torch.einsum("bif,bjf->ijf", spectrum.conj(), spectrum_transformed)
    sums = torch.fft.irfft2(product.unflatten(-1, (height, -1)), s=(height, width))
    steps = torch.arange(-displacement, displacement + 1, device=z.device)
    sums = sums.index_select(-2, steps % height).index_select(-1, steps % width)
    counts: Tensor = sums.flatten(2).permute(2, 0, 1).clamp_min(0)
    return counts


def some_displacement_counts(
    soft_assignments: Tensor, soft_assignments_transformed: Tensor, displacements: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Pair counts for a few displacements, one matrix product for each; needs the least memory.

    Args:
        soft_assignments, soft_assignments_transformed, mask: as for `displacement_counts`.
        displacements: (T, 2) rows and columns.

    Returns:
        (H, T, K, K) float32.
    """
    with torch.autocast(soft_assignments.device.type, enabled=False):
        z, z_transformed = masked(soft_assignments, mask), masked(soft_assignments_transformed, mask)
        found = []
        for down, across in displacements.tolist():
            own = _inside(_inside(z, -down, -2), -across, -1)
            other = _inside(_inside(z_transformed, down, -2), across, -1)
            found.append(torch.einsum("hbixy,hbjxy->hij", own, other))
        return torch.stack(found, dim=1)


def _inside(maps: Tensor, shift: int, axis: int) -> Tensor:
    """What of a map has a partner `shift` further on, seen from the partner."""
    length = max(maps.shape[axis] - abs(shift), 0)
    return maps.narrow(axis, min(max(shift, 0), maps.shape[axis]), length)


def draw_displacements(displacement: int, count: int, generator: torch.Generator) -> Tensor:
    """(count, 2) displacements of the square of (2d + 1)², none twice; all of them if `count` is no smaller."""
    side = 2 * displacement + 1
    chosen = torch.randperm(side * side, generator=generator)[:count]
    return torch.stack([chosen // side - displacement, chosen % side - displacement], dim=1)


def collapsed_counts(
    soft_assignments: Tensor, soft_assignments_transformed: Tensor, displacement: int, mask: Tensor | None = None
) -> Tensor:
    """(H, K, K): the sum of `displacement_counts` over all displacements, by a box sum and one matrix product."""
    with torch.autocast(soft_assignments.device.type, enabled=False):
        z, z_transformed = masked(soft_assignments, mask), masked(soft_assignments_transformed, mask)
        for axis in (-2, -1):
            z_transformed = _box_sum(z_transformed, displacement, axis)
        return torch.einsum("hbixy,hbjxy->hij", z, z_transformed)


def _box_sum(maps: Tensor, displacement: int, axis: int) -> Tensor:
    """Sum over -d…d along an axis, zero outside, by running sums. They are in float64, which Apple's GPUs lack: differences of long sums
    lose digits."""
    length = maps.shape[axis]
    wide = torch.float32 if maps.device.type == "mps" else torch.float64
    running = functional.pad(maps.movedim(axis, -1).to(wide).cumsum(dim=-1), (1, 0))
    at = torch.arange(length, device=maps.device)
    upper, lower = (at + displacement + 1).clamp_max(length), (at - displacement).clamp_min(0)
    return (running[..., upper] - running[..., lower]).to(maps.dtype).movedim(-1, axis)


def displacement_loss(counts: Tensor, marginal_weight: float = 1.0) -> Tensor:
    """Negative mutual information of each sub-head in nats, averaged over displacements.

    Args:
        counts: (H, T, K, K) of `displacement_counts` or `some_displacement_counts`; (H, K, K) of `collapsed_counts`.
        marginal_weight: λ of equation 3 of the paper.

    Returns:
        (H,); the lowest possible value at λ = 1 is -ln K.
    """
    losses = iic_loss(normalise_joint(counts), marginal_weight)
    return losses if counts.dim() == 3 else losses.mean(dim=1)
