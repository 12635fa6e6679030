"""Groups of clusters against the definition: moving on tells more, and never less."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.evaluation.merge_tree import build_merge_tree
from iic_studio.evaluation.merging import information_nats, merged_joint, regroup


def random_joint(seed: int, size: int, *, holes: bool = False) -> np.ndarray:
    rng = np.random.default_rng(seed)
    joint = rng.random((size, size)) ** 3 + np.eye(size)
    if holes:
        joint[rng.random((size, size)) < 0.4] = 0
    joint = joint + joint.T
    return joint / joint.sum()


def information_of(joint: np.ndarray, groups: np.ndarray) -> float:
    return information_nats(merged_joint(joint, groups))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(4, 9), st.integers(2, 4), st.booleans())
def test_regrouping_ends_where_no_single_move_helps(seed: int, size: int, num_groups: int, holes: bool) -> None:
    joint = random_joint(seed, size, holes=holes)
    before = np.random.default_rng(seed).permutation(np.arange(size) % num_groups)
    after = regroup(joint, before)
    assert sorted(set(after)) == list(range(num_groups))
    assert information_of(joint, after) >= information_of(joint, before) - 1e-12
    for cluster in range(size):
        for group in range(num_groups):
            other = after.copy()
            other[cluster] = group
            if len(set(other)) == num_groups:
                assert information_of(joint, other) <= information_of(joint, after) + 1e-6


def test_parts_of_one_cluster_find_each_other_from_any_beginning() -> None:
    parts = np.repeat(np.arange(4), 3)
    joint = np.where(parts[:, None] == parts[None, :], 1.0, 0.02)
    joint /= joint.sum()
    merged = build_merge_tree(joint).cut(4)
    assert merged.tolist() == parts.tolist()
    spoilt = merged.copy()
    spoilt[[1, 7]] = [2, 0]
    assert regroup(joint, spoilt).tolist() == parts.tolist()


def test_information_of_certain_pairs_is_the_entropy() -> None:
    assert information_nats(np.eye(8) / 8) == pytest.approx(np.log(8))
    assert information_nats(np.full((5, 5), 1 / 25)) == pytest.approx(0, abs=1e-12)
