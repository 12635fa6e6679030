"""Simple methods to stand beside: what any clustering must beat. What scikit-learn does is scikit-learn's.

Sources: Lloyd 1982 (k-means); Ng, Jordan and Weiss, "On spectral clustering", NIPS 2001.
"""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.records import IntArray

MOST_SPECTRAL = 10_000
_NEIGHBOURS = 10
_MOST_VALUES = 400_000_000
_FITTED = 20_000


def kmeans_on_pixels(pixels: npt.NDArray[np.uint8], num_clusters: int, seed: int) -> IntArray:
    """(N,) clusters of k-means (10 restarts) on flattened pixels, scaled to 0–1.

    Args:
        pixels: (N, …) uint8.
    """
    return kmeans_on_vectors(_flat(pixels), num_clusters, seed)


def kmeans_on_vectors(vectors: npt.NDArray[np.floating[Any]], num_clusters: int, seed: int) -> IntArray:
    """(N,) clusters of k-means (10 restarts) on (N, D) vectors; found on 20,000 of them when there are more numbers than memory likes."""
    from sklearn.cluster import KMeans  # here, because it loads for half a second

    points = np.asarray(vectors, dtype=np.float32)
    fitted = points
    if points.size > _MOST_VALUES and len(points) > _FITTED:
        fitted = points[np.sort(np.random.default_rng(seed).choice(len(points), _FITTED, replace=False))]
    found = KMeans(num_clusters, n_init=10, random_state=seed).fit(fitted)
    return np.asarray(found.labels_ if fitted is points else found.predict(points), dtype=np.int64)


def spectral_on_pixels(pixels: npt.NDArray[np.uint8], num_clusters: int, seed: int) -> IntArray:
    """(N,) clusters of spectral clustering over a graph of the ten nearest neighbours by pixels.

    Of more than 10,000 images so many random ones are clustered; each other one goes with most of the ten of these nearest to it.

    Args:
        pixels: (N, …) uint8.
    """
    from sklearn.cluster import SpectralClustering
    from sklearn.neighbors import KNeighborsClassifier

    points = _flat(pixels)
    chosen = np.arange(len(points))
    if len(points) > MOST_SPECTRAL:
        chosen = np.sort(np.random.default_rng(seed).choice(len(points), MOST_SPECTRAL, replace=False))
    count = min(_NEIGHBOURS, len(chosen) - 1)
    search = SpectralClustering(num_clusters, affinity="nearest_neighbors", n_neighbors=count, random_state=seed, assign_labels="kmeans")
    with warnings.catch_warnings():
        # It warns when the graph falls into parts; the parts are then what is found.
        warnings.simplefilter("ignore", UserWarning)
        sampled = np.asarray(search.fit_predict(points[chosen]), dtype=np.int64)
    if len(chosen) == len(points):
        return sampled
    nearest = KNeighborsClassifier(count, algorithm="brute").fit(points[chosen], sampled)
    clusters = np.concatenate([nearest.predict(part) for part in np.array_split(points, len(points) // 4_096 + 1)]).astype(np.int64)
    clusters[chosen] = sampled
    return clusters


def _flat(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    points: npt.NDArray[np.float32] = np.true_divide(pixels.reshape(len(pixels), -1), 255, dtype=np.float32)
    return points


def kmeans_on_colours(pictures: npt.NDArray[np.uint8], num_clusters: int, seed: int, sample: int = 500_000) -> IntArray:
    """(N, h, w) clusters of k-means on the channels of single pixels, scaled to 0–1; centres are found on a sample of them.

    Args:
        pictures: (N, C, h, w) uint8.
    """
    from sklearn.cluster import MiniBatchKMeans  # here, because it loads for half a second

    points = pictures.transpose(0, 2, 3, 1).reshape(-1, pictures.shape[1])
    chosen = np.random.default_rng(seed).integers(0, len(points), min(sample, len(points)))
    fitted = MiniBatchKMeans(num_clusters, n_init=10, batch_size=4096, random_state=seed).fit(points[chosen].astype(np.float32) / 255)
    parts = [fitted.predict(part.astype(np.float32) / 255) for part in np.array_split(points, len(points) // sample + 1)]
    return np.concatenate(parts).astype(np.int64).reshape(len(pictures), *pictures.shape[2:])
