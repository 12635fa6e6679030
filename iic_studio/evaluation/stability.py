"""Which clusters are there again when the same is done anew: the best overlap of each with a cluster of every other clustering.

Source: Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52, 2007: a cluster whose best
Jaccard similarity is at most 0.5 has dissolved, and a mean of 0.75 or more speaks for a cluster that is really there. Above 0.5 no two
clusters of one clustering can both be its counterpart.

Known weakness: clusters that come back are those that the method finds again and again, which a wrong method does too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iic_studio.evaluation.matching import contingency
from iic_studio.records import FloatArray, IntArray

CAME_BACK, STABLE = 0.5, 0.75


@dataclass(frozen=True, eq=False)
class Stability:
    """How far the K clusters of one clustering are there again in R others.

    Attributes:
        sizes: (K,) images in each cluster.
        jaccard: (R, K) similarity to the cluster that is most like it, 0–1; NaN for a cluster without images that both know.
    """

    sizes: IntArray
    jaccard: npt.NDArray[np.float64]

    @property
    def num_runs(self) -> int:
        """R."""
        return len(self.jaccard)

    @property
    def came_back(self) -> IntArray:
        """(K,) in how many of the others a cluster shares more than half with one."""
        return np.asarray((self.jaccard > CAME_BACK).sum(axis=0), np.int64)

    @property
    def mean(self) -> FloatArray:
        """(K,) mean similarity; NaN where nothing is known."""
        known = ~np.isnan(self.jaccard)
        total, count = np.where(known, self.jaccard, 0).sum(axis=0), known.sum(axis=0)
        return np.asarray(np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0), np.float32)


def jaccard_table(counts: IntArray) -> npt.NDArray[np.float64]:
    """(K1, K2) images in both over images in either, from `contingency`; 0 where both are empty."""
    either = counts.sum(axis=1, keepdims=True) + counts.sum(axis=0, keepdims=True) - counts
    return np.asarray(np.divide(counts, either, out=np.zeros(counts.shape), where=either > 0))


def measure_stability(
    image_ids: IntArray, clusters: IntArray, num_clusters: int, others: Sequence[tuple[IntArray, IntArray, int]]
) -> Stability:
    """Compare a clustering with others, each on the images that both know.

    Args:
        image_ids: (N,) ids, each once.
        clusters: (N,) their clusters, below 0 for none.
        others: ids, clusters and number of clusters of each.
    """
    inside = clusters >= 0
    ids, mine = image_ids[inside], clusters[inside]
    jaccard = np.full((len(others), num_clusters), np.nan)
    for place, (other_ids, theirs, count) in enumerate(others):
        _, here, there = np.intersect1d(ids, other_ids, assume_unique=True, return_indices=True)
        table = contingency(mine[here], theirs[there], num_clusters, count)
        known = table.sum(axis=1) > 0
        jaccard[place, known] = jaccard_table(table)[known].max(axis=1)
    return Stability(np.bincount(mine, minlength=num_clusters), jaccard)
