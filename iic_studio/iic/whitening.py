"""Features to fewer, uncorrelated numbers of equal spread: principal components, whitened.

Whitening divides by the spread of each direction, so a direction in which the points hardly differ would turn noise into the loudest
number of all. There are never more directions than the points can tell: N - 1 of N points, and none whose spread is lost in rounding.
Source: the step between features and k-means of Caron et al., DeepCluster, ECCV 2018.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

_MOST_POINTS = 8_192
_EXACT_WIDTH = 1_024
_ROUNDS = 2
_SPARE = 16
_RANK_SHARE = 1e-6
_SPREAD_FLOOR = 1e-3


@dataclass(frozen=True)
class Whitening:
    """`mean` (D,) and `matrix` (D, P) such that (x - mean) @ matrix has P uncorrelated columns of spread 1."""

    mean: Tensor
    matrix: Tensor

    def __call__(self, points: Tensor) -> Tensor:
        """(N, D) to (N, P) float32."""
        return (points.float() - self.mean) @ self.matrix


def fit_whitening(points: Tensor, most_components: int, generator: torch.Generator) -> Whitening:
    """The main directions of (N, D) points, each divided by its spread, from a sample when there are many.

    The variance of a direction counts as at least a thousandth of the largest one's, so that faint ones are not blown up.

    Args:
        most_components: P at most; fewer where N - 1, D or the rank of the points is smaller, and at least 1.
        generator: on the CPU, for the sample and for the search of directions among more than a thousand.
    """
    points = sample_of([points], len(points), generator)
    centred = points.float()
    mean = centred.mean(dim=0)
    centred = centred - mean
    total, width = centred.shape
    most = max(1, min(most_components, total - 1, width))
    values, directions = _spectrum(centred, most, generator)
    rank = max(1, int((values > _RANK_SHARE * values[0].clamp_min(1e-30)).sum()))
    values, directions = values[:rank], directions[:, :rank]
    variance = values / max(total - 1, 1)
    floor = _SPREAD_FLOOR * variance[0].clamp_min(1e-12)
    return Whitening(mean, directions / variance.clamp_min(floor).sqrt())


def sample_of(parts: Iterable[Tensor], total: int, generator: torch.Generator) -> Tensor:
    """The (M, D) points that `fit_whitening` looks at, of (B, D) parts with `total` points together; all of them when there are few.

    Args:
        generator: on the CPU; of few points it is not used.
    """
    if total <= _MOST_POINTS:
        return torch.cat(list(parts))
    chosen = torch.randperm(total, generator=generator)[:_MOST_POINTS].sort().values
    found, start = [], 0
    for part in parts:
        inside = chosen[(chosen >= start) & (chosen < start + len(part))] - start
        found.append(part[inside.to(part.device)])
        start += len(part)
    return torch.cat(found)


def _spectrum(centred: Tensor, most: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """(P,) largest eigenvalues of the scatter matrix, largest first, and (D, P) directions of fixed sign."""
    total, width = centred.shape
    if width <= _EXACT_WIDTH or most + _SPARE >= min(total, width):
        if total < width:  # the smaller of the two matrices has the same eigenvalues
            values, left = _eigh(centred @ centred.T)
            directions = centred.T @ left
            directions = directions / directions.norm(dim=0).clamp_min(1e-20)
        else:
            values, found = _eigh(centred.T @ centred)
            directions = found
        values, directions = values.flip(0)[:most].clamp_min(0), directions.flip(1)[:, :most]
    else:  # a random subspace, turned towards the main directions a few times
        basis = torch.randn(width, most + _SPARE, generator=generator).to(centred.device)
        for _ in range(_ROUNDS + 1):
            basis = torch.linalg.qr((centred.T @ (centred @ basis)).cpu()).Q.to(centred.device)
        seen = centred @ basis
        values, turn = _eigh(seen.T @ seen)
        values, directions = values.flip(0)[:most].clamp_min(0), (basis @ turn).flip(1)[:, :most]
    signs = directions.gather(0, directions.abs().argmax(dim=0, keepdim=True)).sign()
    return values, directions * torch.where(signs == 0, torch.ones_like(signs), signs)


def _eigh(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues, smallest first, and eigenvectors, found in double precision on the CPU: not every device can."""
    values, vectors = torch.linalg.eigh(matrix.cpu().double())
    return values.float().to(matrix.device), vectors.float().to(matrix.device)
