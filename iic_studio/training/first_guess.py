"""A first guess for pixels: k-means on the colour of a cell and its place in the picture, which teaches the main head early in a run.

Many partitions of pixels into a few clusters are nearly as informative as each other, and which of them a network settles in depends on
its first weights; a low loss does not tell a useful one from one that, say, tells dark pictures from bright ones. K-means is crude, but
the same every time, and its clusters are of pixels within pictures. The network is not told places, only contents, so it learns what the
guess means rather than the guess; and as the guess is taken back, mutual information alone decides.

Not in the paper. What it is worth stands in `tests/benchmarks/RESULTS.md`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from sklearn.cluster import KMeans
from torch import Tensor
from torch.nn import functional

_RESTARTS = 10
_SMALLEST = 1e-6


@dataclass(frozen=True)
class Guess:
    """Clusters of cells by colour and place.

    Attributes:
        centres: (K, C + 2), places times `place`.
        place: weight of places against colours.
    """

    centres: Tensor
    place: float

    def clusters(self, features: Tensor) -> Tensor:
        """(…) nearest centre of (…, C + 2) features of `cell_features`."""
        weighted = torch.cat([features[..., :-2], features[..., -2:] * self.place], dim=-1)
        return torch.cdist(weighted.flatten(0, -2), self.centres.to(features.device)).argmin(dim=-1).view(features.shape[:-1])


def fit_guess(points: npt.NDArray[np.float32], num_clusters: int, place: float, seed: int) -> Guess:
    """K-means on (N, C + 2) features of cells; the same for the same points and seed."""
    weights = np.ones(points.shape[1], np.float32)
    weights[-2:] = place
    fitted = KMeans(num_clusters, n_init=_RESTARTS, random_state=seed).fit(points * weights)
    return Guess(torch.from_numpy(np.asarray(fitted.cluster_centers_, dtype=np.float32)), place)


def cell_features(x: Tensor, base: Tensor, frames: Tensor | None, height: int, width: int) -> Tensor:
    """Mean colour of cells, 0–1, and their place in the picture, across and down, 0–1.

    Args:
        x: (B, C, S, S) pixels in 0–1.
        base: (B, 2, 3) where in its tile each x lies.
        frames: (B, 4) where in its picture each tile lies; None: not known, and every place is 0.
        height, width: of the map of cells.

    Returns:
        (B, height, width, C + 2).
    """
    colours = functional.interpolate(x, (height, width), mode="area").movedim(1, -1)
    return torch.cat([colours, places_of(base, frames, height, width)], dim=-1)


def places_of(matrices: Tensor, frames: Tensor | None, height: int, width: int) -> Tensor:
    """(B, height, width, 2) where in its picture each cell lies, across and down, 0–1, of what `matrices` cut from tiles."""
    grid = functional.affine_grid(matrices, [len(matrices), 1, height, width], align_corners=False)
    if frames is None:
        return torch.zeros_like(grid)
    return (frames[:, None, None, :2] + (grid + 1) / 2 * frames[:, None, None, 2:]).clamp(0, 1)


def guess_loss(maps: tuple[Tensor, Tensor], mask: Tensor, clusters: Tensor) -> Tensor:
    """Cross-entropy of the maps of x and of its copies with a guess: sum over cells, mean over both maps and the sub-heads.

    Args:
        maps: (H, r·B, K, h, w) each.
        mask: (r·B, h, w), 1 for cells where both are.
        clusters: (B, h, w).
    """
    num_heads = len(maps[0])
    wanted = clusters.repeat(len(mask) // len(clusters), 1, 1)[None, :, None].expand(num_heads, -1, -1, -1, -1)
    logs = [one.gather(2, wanted)[:, :, 0].clamp_min(_SMALLEST).log() for one in maps]
    return -((logs[0] + logs[1]) * mask).sum() / (2 * num_heads)
