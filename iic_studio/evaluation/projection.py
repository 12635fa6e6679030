"""From many numbers for each image to a place on a plane: principal components, and places beside known neighbours.

Principal components are exact and cheap, so a map can be shown at once; UMAP (`umap_worker`) then replaces it. What lies on a map already
never moves for new images: those are put where the images most like them are. Everything is float32 and goes through the rows in chunks,
so rows may lie on the disk.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from iic_studio.records import FloatArray, IntArray

Vectors = npt.NDArray[np.floating[Any]]

_CHUNK = 8_192
_NEIGHBOURS = 5


@dataclass(frozen=True)
class Pca:
    """Principal components: `mean` (D,), `components` (P, D), orthonormal, the one with most variance first."""

    mean: FloatArray
    components: FloatArray

    def project(self, vectors: Vectors) -> FloatArray:
        """(N, D) to (N, P) float32."""
        projected = np.empty((len(vectors), len(self.components)), np.float32)
        for start in range(0, len(vectors), _CHUNK):
            part = vectors[start : start + _CHUNK].astype(np.float32) - self.mean
            np.matmul(part, self.components.T, out=projected[start : start + _CHUNK])
        return projected


def fit_pca(vectors: Vectors, num_components: int) -> Pca:
    """The main directions of (N, D) vectors, from the eigenvectors of their covariance; fewer where N or D is smaller.

    The sign of each is such that its largest entry is positive, so that the same vectors give the same map.
    """
    total, width = vectors.shape
    if not width:
        return Pca(np.zeros(0, np.float32), np.zeros((0, 0), np.float32))
    mean = np.zeros(width, np.float64)
    for start in range(0, total, _CHUNK):
        mean += vectors[start : start + _CHUNK].sum(axis=0, dtype=np.float64)
    mean /= max(total, 1)
    narrow = mean.astype(np.float32)
    scatter = np.zeros((width, width), np.float64)
    for start in range(0, total, _CHUNK):
        part = vectors[start : start + _CHUNK].astype(np.float32) - narrow
        scatter += part.T @ part
    kept = min(num_components, width, max(total, 1))
    import scipy.linalg  # here, because it loads for a tenth of a second

    _, directions = scipy.linalg.eigh(scatter, subset_by_index=(width - kept, width - 1))
    components = directions[:, ::-1].T
    signs = np.sign(components[np.arange(kept), np.abs(components).argmax(axis=1)])
    return Pca(narrow, (components * signs[:, None]).astype(np.float32))


def fit_pca_wide(sample: Vectors, num_components: int, seed: int = 0) -> Pca:
    """As `fit_pca` for few vectors with thousands of numbers each, whose covariance would be large; the last directions are approximate."""
    from sklearn.decomposition import PCA

    fitted = PCA(min(num_components, *sample.shape), random_state=seed).fit(sample)
    return Pca(fitted.mean_.astype(np.float32), fitted.components_.astype(np.float32))


def on_a_plane(positions: FloatArray) -> FloatArray:
    """(N, P) to (N, 2): the first two columns; zeros for a second one that is not there."""
    if positions.shape[1] >= 2:
        return np.ascontiguousarray(positions[:, :2])
    return np.pad(positions, ((0, 0), (0, 2 - positions.shape[1])))


def place_beside(known: FloatArray, places: FloatArray, new: FloatArray) -> Iterator[int | FloatArray]:
    """Put new images between the known ones most like them, nearer ones weighing more; an exact copy lands on its original.

    Args:
        known: (M, P) vectors of images that have a place.
        places: (M, 2) theirs.
        new: (R, P) vectors of images without one.

    Yields:
        The number of images done so far; last the (R, 2) places.
    """
    from sklearn.neighbors import NearestNeighbors

    index = NearestNeighbors(n_neighbors=min(_NEIGHBOURS, len(known)), algorithm="brute").fit(known)
    found = np.empty((len(new), 2), np.float32)
    for start in range(0, len(new), _CHUNK):
        distances, rows = index.kneighbors(new[start : start + _CHUNK])
        closeness = 1 / np.maximum(distances.astype(np.float64), 1e-6 * max(float(distances.mean()), 1e-12)) ** 2
        weights = closeness / closeness.sum(axis=1, keepdims=True)
        found[start : start + _CHUNK] = (weights[:, :, None] * places[rows]).sum(axis=1)
        yield min(start + _CHUNK, len(new))
    yield found


def sample_rows(total: int, most: int, seed: int) -> IntArray:
    """All rows of `total`, or `most` random ones in ascending order; the same for the same seed."""
    if total <= most:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).choice(total, most, replace=False))


def has_umap() -> bool:
    """Whether UMAP is installed, without importing it."""
    return importlib.util.find_spec("umap") is not None
