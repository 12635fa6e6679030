"""Two clusterings of the same images beside each other: how far they agree, and which images moved."""

from dataclasses import dataclass

import numpy as np

from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.records import IntArray


@dataclass(frozen=True)
class Move:
    """Images that went from a cluster of the first clustering to one of the second that is not its counterpart."""

    first: int
    second: int
    count: int


@dataclass(frozen=True)
class Comparison:
    """What two clusterings share.

    Attributes:
        image_ids: (N,) ids that both know.
        first, second: (N,) their clusters.
        match: (K1,) counterpart of each cluster of the first by the best one-to-one map; -1 for one left over.
        counts: (K1, K2) images in each pair of clusters.
        ari: adjusted Rand index, 1 for equal clusterings, about 0 for unrelated ones.
        moved_share: share of the images that are not in the counterpart of their cluster, 0–1.
    """

    image_ids: IntArray
    first: IntArray
    second: IntArray
    match: IntArray
    counts: IntArray
    ari: float
    moved_share: float

    def moves(self) -> list[Move]:
        """Everybody who moved, the largest groups first."""
        counts = self.counts.copy()
        matched = np.flatnonzero(self.match >= 0)
        counts[matched, self.match[matched]] = 0
        firsts, seconds = np.nonzero(counts)
        moves = [Move(int(one), int(other), int(counts[one, other])) for one, other in zip(firsts, seconds, strict=True)]
        return sorted(moves, key=lambda move: (-move.count, move.first, move.second))

    @property
    def different(self) -> IntArray:
        """Ids of the images that are not in the counterpart of their cluster."""
        return np.asarray(self.image_ids[self.match[self.first] != self.second])

    def ids_of(self, move: Move) -> IntArray:
        """Ids of the images of a move."""
        return np.asarray(self.image_ids[(self.first == move.first) & (self.second == move.second)])


def compare_clusterings(first_ids: IntArray, first: IntArray, second_ids: IntArray, second: IntArray, shape: tuple[int, int]) -> Comparison:
    """Compare on the images that both know.

    Args:
        first_ids, second_ids: ids, each once.
        first, second: the cluster of each.
        shape: number of clusters of each.
    """
    from sklearn.metrics import adjusted_rand_score  # here, because it loads for half a second

    common, here, there = np.intersect1d(first_ids, second_ids, assume_unique=True, return_indices=True)
    mine, theirs = first[here], second[there]
    counts = contingency(mine, theirs, *shape)
    match = hungarian_match(counts)
    matched = np.flatnonzero(match >= 0)
    stayed = int(counts[matched, match[matched]].sum())
    return Comparison(
        image_ids=common.astype(np.int64),
        first=mine,
        second=theirs,
        match=match,
        counts=counts,
        ari=float(adjusted_rand_score(mine, theirs)) if len(common) else 0.0,
        moved_share=1.0 - stayed / len(common) if len(common) else 0.0,
    )
