"""Simple methods to stand beside: what any clustering must beat."""

import numpy as np
import numpy.typing as npt

from iic_studio.records import IntArray


def kmeans_on_pixels(pixels: npt.NDArray[np.uint8], num_clusters: int, seed: int) -> IntArray:
    """(N,) clusters of k-means (10 restarts) on flattened pixels, scaled to 0–1.

    Args:
        pixels: (N, …) uint8.
    """
    from sklearn.cluster import KMeans  # here, because it loads for half a second

    points = pixels.reshape(len(pixels), -1).astype(np.float32) / 255
    return np.asarray(KMeans(num_clusters, n_init=10, random_state=seed).fit_predict(points), dtype=np.int64)
