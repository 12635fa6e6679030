"""Scores of masks against brute force and by hand; ignored pixels; ids that do not begin at 0."""

import itertools

import numpy as np
import pytest

from iic_studio.evaluation.mask_scores import MaskCounts


def test_a_perfect_segmentation_with_other_ids() -> None:
    truth = np.array([[0, 0, 5], [9, 9, 5]])
    counts = MaskCounts()
    counts.add(np.array([[7, 7, 300], [1, 1, 300]]), truth)
    scores = counts.scores()
    assert scores.pixel_accuracy_one_to_one == scores.pixel_accuracy_many_to_one == scores.miou == 1
    assert (scores.num_images, scores.num_pixels, scores.num_clusters, scores.num_classes) == (1, 6, 3, 3)


def test_scores_by_hand() -> None:
    counts = MaskCounts(ignored=(255,))
    counts.add(np.array([[0, 0, 0, 1]]), np.array([[0, 0, 1, 1]]))
    counts.add(np.array([[2, 2, 0, 0]]), np.array([[1, 1, 255, 255]]))
    scores = counts.scores()
    # Cluster 0 to class 0 (2 of 3 pixels), cluster 2 to class 1 (2 of 2); cluster 1 is left over.
    assert scores.num_pixels == 6
    assert scores.pixel_accuracy_one_to_one == pytest.approx(4 / 6)
    assert scores.pixel_accuracy_many_to_one == pytest.approx(5 / 6)
    assert scores.miou == pytest.approx((2 / 3 + 2 / 4) / 2)


def test_the_map_is_the_best_of_all() -> None:
    rng = np.random.default_rng(0)
    mask, truth = rng.integers(0, 4, (40, 40)), rng.integers(0, 4, (40, 40))
    counts = MaskCounts()
    counts.add(mask, truth)
    best = max(sum(((mask == k) & (truth == c)).sum() for k, c in enumerate(order)) for order in itertools.permutations(range(4)))
    assert counts.scores().pixel_accuracy_one_to_one == pytest.approx(best / mask.size)


def test_a_class_without_a_cluster_counts_as_nothing() -> None:
    counts = MaskCounts()
    counts.add(np.zeros((1, 4), int), np.array([[0, 0, 0, 1]]))
    assert counts.scores().miou == pytest.approx(0.75 / 2)


def test_other_sizes_and_no_labels_are_refused() -> None:
    counts = MaskCounts(ignored=(3,))
    with pytest.raises(ValueError, match="4 × 1 pixels against 2 × 2"):
        counts.add(np.zeros((1, 4), int), np.zeros((2, 2), int))
    with pytest.raises(ValueError, match="not between"):
        counts.add(np.full((1, 1), 70_000), np.zeros((1, 1), int))
    counts.add(np.zeros((1, 2), int), np.full((1, 2), 3))
    with pytest.raises(ValueError, match="no pixel has a label"):
        counts.scores()
