"""Which images look most alike, so that one may stand in for the transformed copy of the other.

Two transformed copies never link two ways of showing the same thing: no crop turns a seven with a bar into one without. Images that
lie close together do: by pixels where what they show is flat and lies still, by learned features elsewhere. Source of the idea: Van
Gansbeke et al., SCAN, ECCV 2020.
"""

import math
from collections.abc import Callable, Iterator

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
    if not batches.are_vectors:
        chunks = np.array_split(np.arange(len(batches)), math.ceil(len(batches) / _CHUNK))
        yield from nearest(torch.cat([_small(batches.centre(chunk)) for chunk in chunks]), count, seed)
        return
    shared, every = torch.zeros((), dtype=torch.float64), range(0, len(batches), _CHUNK)
    for start in every:
        shared = shared + batches.centre(np.arange(start, min(start + _CHUNK, len(batches)))).cpu().sum(dim=0, dtype=torch.float64)
    mean = (shared / len(batches)).float().to(batches.device)

    def vectors_of(rows: Tensor) -> Tensor:
        return functional.normalize(batches.centre(rows.numpy()) - mean, dim=1)  # what all share says nothing

    yield from _nearest(vectors_of, len(batches), count, seed)


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
    yield from _nearest(lambda rows: vectors[rows.to(vectors.device)], len(vectors), count, seed)


def _nearest(vectors_of: Callable[[Tensor], Tensor], total: int, count: int, seed: int) -> Iterator[int | Neighbours]:
    """The same for vectors that are too much to be held all at once: `vectors_of` gives those of some rows, a tensor on the CPU."""
    candidates = torch.arange(total)
    if total > _MOST_CANDIDATES:
        candidates = torch.randperm(total, generator=seeded(seed, _CANDIDATE_STREAM, 0))[:_MOST_CANDIDATES].sort().values
    count, pool = min(count, len(candidates) - 1), vectors_of(candidates).T
    there, found = candidates.to(pool.device), []
    for start in range(0, total, _CHUNK):
        rows = torch.arange(start, min(start + _CHUNK, total))
        similar = vectors_of(rows) @ pool
        similar.masked_fill_(rows.to(pool.device)[:, None] == there[None, :], -torch.inf)
        found.append(there[similar.topk(count, dim=1).indices].cpu())
        yield min(start + _CHUNK, total)
    yield Neighbours(torch.cat(found).numpy(), candidates.numpy())
