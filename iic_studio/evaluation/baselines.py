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
