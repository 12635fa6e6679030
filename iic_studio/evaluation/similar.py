"""Which images look alike to a network: nearest vectors by cosine, and how far an image lies from the middle of its cluster.

Exact, in chunks: no matrix of all pairs is ever made.
"""

import numpy as np
import numpy.typing as npt

from iic_studio.records import FloatArray, IntArray

_CHUNK = 16_384
_LEAST = 1e-12

Vectors = npt.NDArray[np.floating]


def nearest_to(vectors: Vectors, row: int, count: int) -> tuple[IntArray, FloatArray]:
    """The rows most like one of them, the most alike first; the row itself is among them.

    Args:
        vectors: (N, D), of any length.
        row: the one asked for.
        count: how many are wanted.

    Returns:
        (M,) rows and their cosines, M the smaller of count and N.
    """
    asked = vectors[row].astype(np.float32)
    asked = asked / max(float(np.linalg.norm(asked)), _LEAST)
    cosines = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), _CHUNK):
        part = vectors[start : start + _CHUNK].astype(np.float32)
        cosines[start : start + _CHUNK] = (part @ asked) / np.maximum(np.linalg.norm(part, axis=1), _LEAST)
    cosines[row] = np.inf  # first, also where others are equal to it
    count = min(count, len(vectors))
    best = np.argpartition(-cosines, count - 1)[:count]
    best = best[np.lexsort((best, -cosines[best]))]
    found = cosines[best]
    return best.astype(np.int64), np.minimum(found, np.float32(1.0))


def typicality(vectors: Vectors, clusters: IntArray) -> FloatArray:
    """(N,) cosine of each vector and the mean direction of its cluster: low for what is not like the others; 0 below cluster 0."""
    found = np.zeros(len(vectors), np.float32)
    num_clusters = int(clusters.max(initial=-1)) + 1
    if not num_clusters:
        return found
    sums = np.zeros((num_clusters, vectors.shape[1]), np.float64)
    for start in range(0, len(vectors), _CHUNK):
        unit, here = _unit(vectors[start : start + _CHUNK]), clusters[start : start + _CHUNK]
        for cluster in np.unique(here[here >= 0]):
            sums[cluster] += unit[here == cluster].sum(axis=0)
    middles = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), _LEAST)).astype(np.float32)
    for start in range(0, len(vectors), _CHUNK):
        unit, here = _unit(vectors[start : start + _CHUNK]), clusters[start : start + _CHUNK]
        cosine = np.einsum("nd,nd->n", unit, middles[np.maximum(here, 0)])
        found[start : start + _CHUNK] = np.where(here >= 0, cosine, 0)
    return found


def _unit(vectors: Vectors) -> FloatArray:
    part = vectors.astype(np.float32)
    return np.asarray(part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), _LEAST))
