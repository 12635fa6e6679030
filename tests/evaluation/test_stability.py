"""How far clusters come back: against sets of Python, for renamed clusters, for images that only one run knows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.evaluation.matching import contingency
from iic_studio.evaluation.stability import jaccard_table, measure_stability

CLUSTERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=40)


@given(CLUSTERS)
def test_overlaps_are_those_of_sets(pairs: list[tuple[int, int]]) -> None:
    mine, theirs = np.array(pairs, np.int64).T
    table = jaccard_table(contingency(mine, theirs, 4, 5))
    for one in range(4):
        for other in range(5):
            here, there = set(np.flatnonzero(mine == one)), set(np.flatnonzero(theirs == other))
            expected = len(here & there) / len(here | there) if here | there else 0.0
            assert table[one, other] == pytest.approx(expected)
    assert (table > 0.5).sum(axis=1).max(initial=0) <= 1, "no two clusters can both be the counterpart"


def test_a_renamed_clustering_is_the_same() -> None:
    ids, clusters = np.arange(30), np.arange(30) % 3
    found = measure_stability(ids, clusters, 3, [(ids, (clusters + 1) % 3, 3), (ids[::-1], clusters[::-1], 3)])
    assert found.num_runs == 2
    assert found.came_back.tolist() == [2, 2, 2]
    assert found.mean.tolist() == [1, 1, 1]
    assert found.sizes.tolist() == [10, 10, 10]


def test_a_cluster_that_falls_apart_does_not_come_back() -> None:
    ids = np.arange(40)
    clusters = np.repeat([0, 1], 20)
    apart = np.where(clusters == 0, ids % 2, 2)
    found = measure_stability(ids, clusters, 2, [(ids, apart, 3)])
    assert found.came_back.tolist() == [0, 1], "half of it is not more than half"
    assert found.mean.tolist() == [0.5, 1.0]


def test_only_images_that_both_know_count() -> None:
    ids, clusters = np.arange(10), np.array([0] * 5 + [1] * 4 + [-1])
    found = measure_stability(ids, clusters, 3, [(np.arange(5, 20), np.zeros(15, np.int64), 1)])
    assert found.sizes.tolist() == [5, 4, 0]
    assert math.isnan(found.mean[0]), "none of its images is in the other run"
    assert found.jaccard[0, 1] == 1.0
    assert math.isnan(found.mean[2])
    nothing = measure_stability(ids, clusters, 3, [])
    assert nothing.num_runs == 0
    assert np.isnan(nothing.mean).all()
