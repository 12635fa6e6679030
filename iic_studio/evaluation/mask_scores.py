"""How well masks agree with masks that training never saw: pixel accuracy under the best maps, and mean intersection over union.

Counts of pairs of ids are added up image by image, so memory does not grow with their number.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iic_studio.evaluation.matching import hungarian_match, many_to_one_match
from iic_studio.records import IntArray

Mask = npt.NDArray[np.integer]
_MOST_IDS = 65_536


@dataclass(frozen=True)
class MaskScores:
    """Scores of a segmentation over the pixels that have a label.

    Attributes:
        num_images: compared.
        num_pixels: with a label.
        num_clusters, num_classes: ids that occur in them.
        pixel_accuracy_one_to_one: under the best one-to-one map (Hungarian), 0–1.
        pixel_accuracy_many_to_one: each cluster to its most frequent class, found on the same pixels, so it is optimistic.
        miou: intersection over union under the one-to-one map, the mean over the classes that occur; 0 for a class without a cluster.
    """

    num_images: int
    num_pixels: int
    num_clusters: int
    num_classes: int
    pixel_accuracy_one_to_one: float
    pixel_accuracy_many_to_one: float
    miou: float


class MaskCounts:
    """Adds up how often a cluster and a class meet in a pixel.

    Args:
        ignored: ids of the true masks that do not count.
    """

    def __init__(self, ignored: tuple[int, ...] = ()) -> None:
        self._ignored = np.array(ignored, dtype=np.int64)
        self._counts: dict[int, int] = {}
        self.num_images = 0

    def add(self, mask: Mask, truth: Mask) -> None:
        """Count one image.

        Args:
            mask, truth: (h, w) ids from 0 to 65,535.

        Raises:
            ValueError: the sizes differ, or an id is out of range.
        """
        if mask.shape != truth.shape:
            raise ValueError(f"{mask.shape[1]} × {mask.shape[0]} pixels against {truth.shape[1]} × {truth.shape[0]}")
        flat_mask, flat_truth = mask.ravel().astype(np.int64), truth.ravel().astype(np.int64)
        for ids in (flat_mask, flat_truth):
            if len(ids) and (ids.min() < 0 or ids.max() >= _MOST_IDS):
                raise ValueError("an id is not between 0 and 65,535")
        counted = ~np.isin(flat_truth, self._ignored)
        pairs, counts = np.unique(flat_mask[counted] * _MOST_IDS + flat_truth[counted], return_counts=True)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            self._counts[pair] = self._counts.get(pair, 0) + count
        self.num_images += 1

    def table(self) -> tuple[IntArray, IntArray, IntArray]:
        """Ids of clusters (K,), ids of classes (C,), and (K, C) counts of pixels."""
        pairs = np.fromiter(self._counts, dtype=np.int64, count=len(self._counts))
        clusters, rows = np.unique(pairs // _MOST_IDS, return_inverse=True)
        classes, columns = np.unique(pairs % _MOST_IDS, return_inverse=True)
        counts = np.zeros((len(clusters), len(classes)), np.int64)
        counts[rows, columns] = np.fromiter(self._counts.values(), dtype=np.int64, count=len(self._counts))
        return clusters, classes, counts

    def scores(self) -> MaskScores:
        """Scores of all that was counted.

        Raises:
            ValueError: no pixel has a label.
        """
        clusters, classes, counts = self.table()
        total = int(counts.sum())
        if not total:
            raise ValueError("no pixel has a label")
        one_to_one = hungarian_match(counts)
        rows = np.flatnonzero(one_to_one >= 0)
        columns = one_to_one[rows]
        shared = counts[rows, columns]
        union = counts.sum(axis=1)[rows] + counts.sum(axis=0)[columns] - shared
        return MaskScores(
            num_images=self.num_images,
            num_pixels=total,
            num_clusters=len(clusters),
            num_classes=len(classes),
            pixel_accuracy_one_to_one=float(shared.sum() / total),
            pixel_accuracy_many_to_one=float(counts[np.arange(len(counts)), many_to_one_match(counts)].sum() / total),
            miou=float((shared / union).sum() / len(classes)),
        )
