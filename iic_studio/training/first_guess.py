"""A first guess for pixels: k-means on the colour of a cell and its place in the picture, which teaches the main head early in a run.

Many partitions of pixels into a few clusters are nearly as informative as each other, and which of them a network settles in depends on
its first weights; a low loss does not tell a useful one from one that, say, tells dark pictures from bright ones. K-means is crude, but
the same every time, and its clusters are of pixels within pictures. The network is not told places, only contents, so it learns what the
guess means rather than the guess; and as the guess is taken back, mutual information alone decides.

Not in the paper. What it is worth stands in `tests/benchmarks/RESULTS.md`.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from torch import Tensor
from torch.nn import functional

from iic_studio.config import TransformSettings

_RESTARTS = 10
_TURNED_DEG = 90
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # pictures may have fewer colours than there are clusters
        fitted = KMeans(num_clusters, n_init=_RESTARTS, random_state=seed).fit(points * weights)
    return Guess(torch.from_numpy(np.asarray(fitted.cluster_centers_, dtype=np.float32)), place)


def cell_features(x: Tensor, usual: Tensor, places: Tensor) -> Tensor:
    """Colour and place of cells.

    Args:
        x: (B, C, S, S) pixels in 0–1.
        usual: (B, C) mean colour of the tile of each: what counts is how a cell differs, not how bright the day was.
        places: (B, h, w, 2) of `places_of`.

    Returns:
        (B, h, w, C + 2).
    """
    colours = functional.interpolate(x, places.shape[1:3], mode="area") - usual[:, :, None, None]
    return torch.cat([colours.movedim(1, -1), places], dim=-1)


def places_of(matrices: Tensor, frames: Tensor | None, height: int, width: int, transforms: TransformSettings) -> Tensor:
    """Where in their pictures cells lie.

    Args:
        matrices: (B, 2, 3) what is cut from tiles.
        frames: (B, 4) where in its picture each tile lies; None: not known.
        height, width: of the map of cells.
        transforms: which say what is the same.

    Returns:
        (B, height, width, 2) across and down, 0–1; 0 along an axis that means nothing.
    """
    grid = functional.affine_grid(matrices, [len(matrices), 1, height, width], align_corners=False)
    if frames is None:
        return torch.zeros_like(grid)
    places = (frames[:, None, None, :2] + (grid + 1) / 2 * frames[:, None, None, 2:]).clamp(0, 1)
    return places * torch.tensor(meaning_of_axes(transforms), device=grid.device)


def meaning_of_axes(transforms: TransformSettings) -> tuple[float, float]:
    """1 for across and for down where a place on that axis can mean something: where pictures are mirrored or turned, it cannot."""
    if transforms.rotation_deg >= _TURNED_DEG:
        return 0.0, 0.0
    return float(not transforms.horizontal_flip), float(not transforms.vertical_flip)


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
