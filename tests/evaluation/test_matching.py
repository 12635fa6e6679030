"""Maps against brute force, and alignment of sub-heads."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.evaluation.matching import align_votes, contingency, hungarian_match, many_to_one_match


@settings(deadline=None, max_examples=50)
@given(st.integers(2, 5), st.integers(0, 1000))
def test_hungarian_is_the_best_of_all_permutations(size: int, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 30, (size, size))
    match = hungarian_match(counts)
    best = max(sum(counts[row, column] for row, column in enumerate(order)) for order in permutations(range(size)))
    assert sorted(match) == list(range(size))
    assert counts[np.arange(size), match].sum() == best


def test_more_clusters_than_classes_leaves_some_out() -> None:
    counts = np.array([[5, 0], [1, 9], [4, 1]])
    assert hungarian_match(counts).tolist() == [0, 1, -1]
    assert many_to_one_match(counts).tolist() == [0, 1, 0]


def test_many_to_one_ties_go_to_the_lowest_and_empty_to_none() -> None:
    assert many_to_one_match(np.array([[2, 2, 0], [0, 0, 0]])).tolist() == [0, -1]


def test_contingency_counts_pairs() -> None:
    assert contingency([0, 0, 1, 2], [1, 1, 0, 1], 3, 2).tolist() == [[0, 2], [1, 0], [0, 1]]


@pytest.mark.parametrize("reference", [0, 2])
def test_renamed_copies_agree_after_alignment(reference: int) -> None:
    truth = np.random.default_rng(0).integers(0, 6, 300)
    names = [np.random.default_rng(seed).permutation(6) for seed in range(4)]
    votes = np.stack([name[truth] for name in names], axis=1)
    aligned = align_votes(votes, reference, 6)
    assert (aligned == votes[:, [reference]]).all()
