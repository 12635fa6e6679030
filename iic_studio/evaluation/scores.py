"""How well clusters agree with labels that training never saw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from iic_studio.evaluation.matching import contingency, hungarian_match, many_to_one_match


@dataclass(frozen=True)
class ClusteringScores:
    """Scores of one clustering; accuracies and `nmi` lie in 0–1, `ari` in -0.5–1. All are measured on the labelled images only.

    The many-to-one map is found on the same labels it is scored on, so that score is optimistic and grows with K.
    """

    num_images: int
    num_labelled: int
    num_clusters: int
    accuracy_one_to_one: float
    accuracy_many_to_one: float
    nmi: float
    ari: float


def score_clustering(clusters: Sequence[int], labels: Sequence[str | None]) -> ClusteringScores:
    """Compare clusters with labels, image by image; None is an image without a label.

    Raises:
        ValueError: the lengths differ, or no image has a label.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score  # here, because it loads for half a second

    if len(clusters) != len(labels):
        raise ValueError("one label (or None) per image is needed")
    labelled = [(cluster, label) for cluster, label in zip(clusters, labels, strict=True) if label is not None]
    if not labelled:
        raise ValueError("no image has a label")
    cluster_ids, cluster_index = np.unique([cluster for cluster, _ in labelled], return_inverse=True)
    classes, class_index = np.unique([label for _, label in labelled], return_inverse=True)
    counts = contingency(cluster_index, class_index, len(cluster_ids), len(classes))
    one_to_one = hungarian_match(counts)
    rows = np.flatnonzero(one_to_one >= 0)
    many_to_one = many_to_one_match(counts)
    return ClusteringScores(
        num_images=len(clusters),
        num_labelled=len(labelled),
        num_clusters=len(set(clusters)),
        accuracy_one_to_one=float(counts[rows, one_to_one[rows]].sum() / len(labelled)),
        accuracy_many_to_one=float(counts[np.arange(len(counts)), many_to_one].sum() / len(labelled)),
        nmi=float(normalized_mutual_info_score(class_index, cluster_index)),
        ari=float(adjusted_rand_score(class_index, cluster_index)),
    )
