"""Maps from clusters to classes: the two of the paper against brute force, Bayes' rule against plain sums, and the edges of each."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.evaluation.class_maps import METHODS, NO_CLASS, Hand, Heads, even_prior, gather, make_map, prior_of
from tests.evaluation.made_heads import made_heads


def heads_of(main: list[int], over: list[int] | None = None, clusters: int = 3, finer: int = 4) -> Heads:
    """Images that are sure of their clusters."""
    probabilities = np.eye(clusters, dtype=np.float32)[np.array(main)]
    return Heads.of(probabilities, np.array(main), None if over is None else np.array(over), finer if over is not None else 0)


def made(method: str, heads: Heads, rows: list[int], classes: list[int], num_classes: int = 2) -> tuple[object, list[int]]:
    evidence = gather(method, heads.part(np.array(rows, np.int64)), np.array(classes, np.int64), num_classes)
    found = make_map(evidence, heads, even_prior(num_classes))
    return found, found.predict(heads)[0].tolist()


def test_many_to_one_takes_the_class_of_most_labels() -> None:
    heads = heads_of([0, 0, 0, 1, 1, 2])
    made_map, found = made("many-to-one", heads, [0, 1, 2, 3], [1, 1, 0, 0])
    assert found == [1, 1, 1, 0, 0, NO_CLASS]
    assert made_map.unlabelled.tolist() == [2]
    assert made_map.ties.tolist() == []


def test_a_tie_is_stated() -> None:
    made_map, found = made("many-to-one", heads_of([0, 0, 1, 2]), [0, 1, 2], [1, 0, 1])
    assert made_map.ties.tolist() == [0]
    assert found[0] in (0, 1) and found[2] == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=24))
def test_one_to_one_is_the_best_of_all_permutations(pairs: list[tuple[int, int]]) -> None:
    clusters, classes = [one for one, _ in pairs], [one for _, one in pairs]
    _, found = made("one-to-one", heads_of(clusters, clusters=4), list(range(len(pairs))), classes, 4)
    best = max(sum(order[cluster] == one for cluster, one in pairs) for order in itertools.permutations(range(4)))
    assert sum(one == other for one, other in zip(found, classes, strict=True)) == best


def test_one_to_one_leaves_clusters_over() -> None:
    """Three clusters, two classes: one cluster gets none."""
    made_map, found = made("one-to-one", heads_of([0, 0, 1, 1, 2, 2]), [0, 1, 2, 4], [0, 0, 1, 0])
    assert found == [0, 0, 1, 1, NO_CLASS, NO_CLASS]
    assert made_map.hard.tolist() == [0, 1, NO_CLASS]


def test_bayes_is_a_plain_sum_over_clusters() -> None:
    probabilities = np.array([[0.7, 0.3], [0.2, 0.8], [0.5, 0.5]], np.float32)
    heads = Heads.of(probabilities, probabilities.argmax(axis=1), None)
    prior = np.array([0.25, 0.75])
    made_map = make_map(gather("bayes", heads.part(np.array([0, 1])), np.array([0, 1]), 2), heads, prior)
    soft = np.array([[0.7, 0.2], [0.3, 0.8]])
    table = (soft + prior) / (soft.sum(axis=1, keepdims=True) + 1)
    found, scores = made_map.predict(heads)
    assert np.allclose(made_map.table, table)
    assert np.allclose(scores, (probabilities @ table).max(axis=1))
    assert found.tolist() == (probabilities @ table).argmax(axis=1).tolist()


def test_an_overcluster_without_a_label_follows_its_main_cluster() -> None:
    heads = heads_of([0, 0, 0, 1, 1], over=[0, 0, 1, 2, 3])
    assert made("bayes-both", heads, [0, 3], [1, 0])[1] == [1, 1, 1, 0, 0]
    assert made("overclusters", heads, [0, 3], [1, 0])[1] == [1, 1, NO_CLASS, 0, NO_CLASS]


def test_labels_of_an_overcluster_go_before_its_main_cluster() -> None:
    heads = heads_of([0] * 8, over=[0] * 4 + [1] * 4)
    assert made("bayes-both", heads, [0, 1, 2, 4, 5, 6], [0, 0, 0, 1, 1, 1])[1] == [0] * 4 + [1] * 4


@pytest.mark.parametrize("method", METHODS)
def test_excluded_images_get_no_class(method: str) -> None:
    heads = heads_of([0, 1, 2], over=[0, 1, 2])
    heads = Heads.of(heads.probabilities, np.array([0, 1, -1]), np.array([0, 1, -1]), 4)
    found = made(method, heads, [0, 1], [0, 1])[1]
    assert found == [0, 1, NO_CLASS]


def test_an_image_a_person_moved_follows_its_group() -> None:
    """It has no overcluster: the main clusters alone speak."""
    heads = Heads.of(np.eye(2, dtype=np.float32)[[0, 0, 1, 1]], np.array([0, 0, 1, 1]), np.array([0, 0, 1, -1]), 2)
    for method in ("bayes-both", "overclusters"):
        assert made(method, heads, [0, 2], [0, 1])[1] == [0, 0, 1, 1]


def test_a_person_corrects_single_clusters() -> None:
    heads = heads_of([0, 1, 1, 2], over=[0, 1, 2, 3])
    hand = Hand(np.array([NO_CLASS, 1, NO_CLASS]), np.array([NO_CLASS, NO_CLASS, 0, NO_CLASS]))
    found, scores = hand.correct(np.array([0, 0, 1, NO_CLASS]), np.full(4, 0.5, np.float32), heads)
    assert found.tolist() == [0, 1, 0, NO_CLASS]
    assert scores[0] == 0.5 and scores[1] > 0.9


@pytest.mark.parametrize("method", METHODS)
def test_one_label_less_is_the_map_of_the_others(method: str) -> None:
    heads, truth = made_heads(0, images=300)
    rows = np.arange(0, 300, 7)
    whole = gather(method, heads.part(rows), truth[rows], 6)
    less = whole.less(gather(method, heads.part(rows[:5]), truth[rows[:5]], 6))
    other = gather(method, heads.part(rows[5:]), truth[rows[5:]], 6)
    assert np.array_equal(less.counts, other.counts) and np.allclose(less.soft, other.soft)


def test_more_labels_make_better_classes() -> None:
    right = []
    for count in (6, 60, 1000):
        heads, truth = made_heads(3, purity=0.7)
        rows = np.random.default_rng(1).choice(len(truth), count, replace=False)
        found = make_map(gather("bayes-both", heads.part(rows), truth[rows], 6), heads, even_prior(6)).predict(heads)[0]
        right.append(float((found == truth).mean()))
    assert right[0] + 0.1 < right[1] < right[2] - 0.02


def test_a_prior_never_says_never() -> None:
    assert prior_of(np.array([0, 0, 0]), 2).tolist() == [0.8, 0.2]
