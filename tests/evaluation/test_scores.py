"""Scores on clusterings whose answer is known."""

import numpy as np
import pytest

from iic_studio.evaluation.baselines import kmeans_on_pixels
from iic_studio.evaluation.scores import score_clustering


def test_perfect_under_other_names() -> None:
    scores = score_clustering([2, 2, 0, 0, 1], ["a", "a", "b", "b", "c"])
    assert (scores.accuracy_one_to_one, scores.accuracy_many_to_one, scores.nmi, scores.ari) == (1, 1, 1, 1)


def test_a_split_class_costs_one_to_one_only() -> None:
    scores = score_clustering([0, 0, 0, 1, 2, 2], ["a", "a", "a", "a", "b", "b"])
    assert scores.accuracy_one_to_one == pytest.approx(5 / 6)
    assert scores.accuracy_many_to_one == 1


def test_images_without_label_are_counted_but_not_scored() -> None:
    scores = score_clustering([0, 1, 5], ["a", "b", None])
    assert (scores.num_images, scores.num_labelled, scores.num_clusters) == (3, 2, 3)
    assert scores.accuracy_one_to_one == 1


def test_no_label_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no image has a label"):
        score_clustering([0, 1], [None, None])


def test_kmeans_finds_dark_and_bright() -> None:
    rng = np.random.default_rng(0)
    pixels = np.concatenate([rng.integers(0, 60, (20, 3, 4, 4)), rng.integers(190, 255, (20, 3, 4, 4))]).astype(np.uint8)
    found = kmeans_on_pixels(pixels, 2, seed=0)
    assert len(set(found[:20])) == len(set(found[20:])) == 1
    assert found[0] != found[-1]
