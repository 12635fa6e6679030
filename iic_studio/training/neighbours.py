"""Which images look most alike, so that one may stand in for the transformed copy of the other.

Two transformed copies never link two ways of showing the same thing: no crop turns a seven with a bar into one without. Images that
lie close together do: by pixels where what they show is flat and lies still, by learned features elsewhere. Source of the idea: Van
Gansbeke et al., SCAN, ECCV 2020.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.iic.networks import PROJECTION
from iic_studio.training.batches import Batches, Neighbours, seeded
from iic_studio.training.objective import Network

_SIDE = 14
_CHUNK = 2_048
_MOST_CANDIDATES = 20_000
_CANDIDATE_STREAM = 7


def neighbours_by_pixels(batches: Batches, count: int, seed: int) -> Iterator[int | Neighbours]:
    """The images nearest to each, by small grey versions of the centre view, free of brightness and contrast, or by an encoder's features.

    Yields the number of images done so far, and the neighbours last.
    """
    chunks = np.array_split(np.arange(len(batches)), math.ceil(len(batches) / _CHUNK))
    points = torch.cat([_comparable(batches.centre(chunk)) for chunk in chunks])
    if batches.are_vectors:  # what all share says nothing
        points = functional.normalize(points - points.mean(dim=0), dim=1)
    yield from nearest(points, count, seed)


@torch.no_grad()
def neighbours_by_features(network: Network, batches: Batches, count: int, seed: int) -> Iterator[int | Neighbours]:
    """The images nearest to each, by the projection that was learned, or by the trunk's features where there is none.

    Yields the number of images done so far, each counted once when it was seen and once when it was compared; the neighbours last.
    """
    total, vectors = len(batches), []
    network.eval()
    for start in range(0, total, _CHUNK):
        views = batches.centre(np.arange(start, min(start + _CHUNK, total)))
        found = network(views, (PROJECTION,))[PROJECTION] if PROJECTION in network.heads else network.features(views)
        vectors.append(functional.normalize(found.float(), dim=1))
        yield (start + len(views)) // 2
    network.train()
    for step in nearest(torch.cat(vectors), count, seed):
        yield step if isinstance(step, Neighbours) else (total + step) // 2


def _comparable(views: Tensor) -> Tensor:
    return views if views.dim() == 2 else _small(views)


def _small(views: Tensor) -> Tensor:
    """(B, C, S, S) to (B, 196) unit vectors of mean 0."""
    vectors = functional.adaptive_avg_pool2d(views.mean(dim=1, keepdim=True), _SIDE).flatten(1)
    return functional.normalize(vectors - vectors.mean(dim=1, keepdim=True), dim=1)


def nearest(vectors: Tensor, count: int, seed: int) -> Iterator[int | Neighbours]:
    """The nearest other vectors by cosine.

    Args:
        vectors: (N, D) unit vectors.
        count: neighbours wanted, at most N - 1 are found.
        seed: of the choice of candidates in a large set.

    Yields:
        The number of vectors done so far; last the neighbours, the nearest first. Of a large set only so many random ones are candidates.
    """
    total = len(vectors)
    candidates = torch.arange(total)
    if total > _MOST_CANDIDATES:
        candidates = torch.randperm(total, generator=seeded(seed, _CANDIDATE_STREAM, 0))[:_MOST_CANDIDATES].sort().values
    candidates = candidates.to(vectors.device)
    count, pool = min(count, len(candidates) - 1), vectors[candidates].T
    found = []
    for start in range(0, total, _CHUNK):
        rows = torch.arange(start, min(start + _CHUNK, total), device=vectors.device)
        similar = vectors[rows] @ pool
        similar.masked_fill_(rows[:, None] == candidates[None, :], -torch.inf)
        found.append(candidates[similar.topk(count, dim=1).indices].cpu())
        yield min(start + _CHUNK, total)
    yield Neighbours(torch.cat(found).numpy(), candidates.cpu().numpy())
