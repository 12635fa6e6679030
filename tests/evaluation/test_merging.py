"""Merging against the definition: the stated cost is what the information drops by."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.evaluation.merging import information_nats, merge_clusters, merge_costs, merged_joint


def random_joint(seed: int, size: int, *, holes: bool = False) -> np.ndarray:
    rng = np.random.default_rng(seed)
    joint = rng.random((size, size)) ** 3 + np.eye(size)
    if holes:
        joint[rng.random((size, size)) < 0.4] = 0
    joint = joint + joint.T
    return joint / joint.sum()


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(3, 7), st.booleans())
def test_costs_are_what_the_information_drops_by(seed: int, size: int, holes: bool) -> None:
    joint = random_joint(seed, size, holes=holes)
    costs = merge_costs(joint)
    for first in range(size):
        for second in range(first + 1, size):
            names = np.arange(size)
            names[second] = first
            names = np.unique(names, return_inverse=True)[1]
            lost = information_nats(joint) - information_nats(merged_joint(joint, names))
            assert costs[first, second] == pytest.approx(lost, abs=1e-10)
            assert costs[second, first] == pytest.approx(lost, abs=1e-10)


def test_parts_of_one_cluster_find_each_other() -> None:
    parts = np.repeat(np.arange(4), 3)
    joint = np.where(parts[:, None] == parts[None, :], 1.0, 0.02)
    joint /= joint.sum()
    assert merge_clusters(joint, 4).tolist() == parts.tolist()


def test_nothing_to_merge_changes_nothing() -> None:
    assert merge_clusters(random_joint(0, 5), 5).tolist() == [0, 1, 2, 3, 4]
