"""The tree against brute force, the correction for chance against draws, and the suggested K on joints whose kinds are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster import hierarchy

from iic_studio.evaluation.merge_tree import build_merge_tree, count_use, suggest_num_clusters
from iic_studio.evaluation.merging import information_nats, merged_joint

NUM_SUB_HEADS = 5


def costs_by_definition(joint: np.ndarray) -> np.ndarray:
    """(K, K) information lost by putting two clusters together."""
    size = len(joint)
    costs = np.full((size, size), np.inf)
    for first in range(size):
        for second in range(size):
            if first != second:
                together = np.unique(np.where(np.arange(size) == second, first, np.arange(size)), return_inverse=True)[1]
                costs[first, second] = information_nats(joint) - information_nats(merged_joint(joint, together))
    return costs


def random_joint(seed: int, size: int, *, holes: bool = False, empty: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    joint = rng.random((size, size)) ** 3 + np.eye(size)
    if holes:
        joint[rng.random((size, size)) < 0.4] = 0
        joint[np.diag_indices(size)] += 0.1
    if empty:
        gone = rng.choice(size, empty, replace=False)
        joint[gone] = joint[:, gone] = 0
    joint = joint + joint.T
    return joint / joint.sum()


def sampled(joint: np.ndarray, num_pairs: int, rng: np.random.Generator) -> np.ndarray:
    counts = rng.multinomial(num_pairs, joint.ravel() / joint.sum()).reshape(joint.shape)
    return (counts + counts.T) / (2 * num_pairs)


def kinds_joint(sizes: np.ndarray, rng: np.random.Generator, *, split: int = 5, leak: float = 0.05, mixing: float = 0.4) -> np.ndarray:
    """A joint of `split` overclusters a kind, about: within a kind views move, `mixing` of them, and `leak` of them leave it."""
    sizes = np.asarray(sizes) / np.sum(sizes)
    parts = np.maximum(1, np.round(sizes * split * len(sizes))).astype(int)
    kind = np.repeat(np.arange(len(sizes)), parts)
    mass = np.concatenate([share * rng.dirichlet(np.full(count, 4.0)) for share, count in zip(sizes, parts, strict=True)])
    same = kind[:, None] == kind[None, :]
    within = (1 - mixing) * np.diag(mass) + mixing * same * np.outer(mass, mass) / sizes[kind][:, None]
    joint = (1 - leak) * within + leak * np.outer(mass, mass)
    return np.asarray((joint + joint.T) / 2)


def trees_of(sizes: np.ndarray, seed: int = 0, num_pairs: int = 5000, **how: float) -> list:  # type: ignore[type-arg]
    rng = np.random.default_rng(seed)
    return [build_merge_tree(sampled(kinds_joint(sizes, rng, **how), num_pairs, rng), num_pairs) for _ in range(NUM_SUB_HEADS)]  # type: ignore[arg-type]


def ring_joint(rng: np.random.Generator, num_clusters: int = 36) -> np.ndarray:
    """Views of pictures that lie along a ring, without kinds: each is a little away from its picture."""
    places = np.sort(rng.random(num_clusters))
    picture = rng.random(60_000)
    view = (picture + rng.normal(0, 0.02, picture.shape)) % 1
    joint = np.zeros((num_clusters, num_clusters))
    np.add.at(joint, (np.searchsorted(places, picture) % num_clusters, np.searchsorted(places, view) % num_clusters), 1)
    return np.asarray((joint + joint.T) / 2 / joint.sum())


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 9), st.booleans(), st.integers(0, 2))
def test_information_falls_to_nothing_and_costs_are_what_it_falls_by(seed: int, size: int, holes: bool, empty: int) -> None:
    joint = random_joint(seed, size, holes=holes, empty=min(empty, size - 2))
    tree = build_merge_tree(joint)
    assert len(tree.merges) == size - 1
    assert tree.information[-1] == 0
    assert np.diff(tree.information).max() <= 0
    assert [merge.cost for merge in tree.merges] == pytest.approx(list(-np.diff(tree.information)), abs=1e-12)
    for done in range(size):
        at_level = merged_joint(joint, tree.cut(size - done))
        assert len(at_level) == size - done
        assert tree.information[done] == pytest.approx(information_nats(at_level), abs=1e-9)
    assert tree.merges[-1].size == size
    assert tree.merges[-1].mass == pytest.approx(1)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(3, 8), st.booleans())
def test_each_merge_is_the_best_by_cost_and_share_that_was_real(seed: int, size: int, holes: bool) -> None:
    joint = random_joint(seed, size, holes=holes)
    tree = build_merge_tree(joint)
    for left in range(size, 1, -1):
        now = merged_joint(joint, tree.cut(left))
        mass = now.sum(axis=1)
        terms = mass * np.log(mass)
        both = mass[:, None] + mass[None, :]
        distinction = both * np.log(both) - terms[:, None] - terms[None, :]
        scores = np.maximum(costs_by_definition(now), 0) / np.sqrt(distinction)
        after = tree.cut(left - 1)
        groups = [np.unique(tree.cut(left)[after == one]) for one in range(left - 1)]
        (pair,) = [group for group in groups if len(group) == 2]
        assert scores[pair[0], pair[1]] == pytest.approx(scores.min(), abs=1e-9)


def test_cuts_are_nested_and_numbered_by_their_lowest_member() -> None:
    tree = build_merge_tree(random_joint(4, 12))
    assert tree.cut(12).tolist() == list(range(12))
    assert set(tree.cut(1).tolist()) == {0}
    for left in range(1, 12):
        coarse, fine = tree.cut(left), tree.cut(left + 1)
        assert len(np.unique(coarse)) == left
        assert all(len(np.unique(coarse[fine == one])) == 1 for one in range(left + 1))
        first = [int(np.flatnonzero(coarse == one)[0]) for one in range(left)]
        assert first == sorted(first)


def test_scipy_reads_the_linkage() -> None:
    tree = build_merge_tree(random_joint(2, 10))
    linkage = tree.linkage()
    assert hierarchy.is_valid_linkage(linkage)
    assert hierarchy.is_monotonic(linkage)
    for left in (2, 4, 7):
        theirs = hierarchy.fcluster(linkage, left, "maxclust")
        ours = tree.cut(left)
        assert len({(int(a), int(b)) for a, b in zip(theirs, ours, strict=True)}) == left


def test_the_order_of_the_clusters_does_not_matter() -> None:
    joint = random_joint(7, 9)
    order = np.random.default_rng(0).permutation(9)
    tree, shuffled = build_merge_tree(joint), build_merge_tree(joint[np.ix_(order, order)])
    assert shuffled.information == pytest.approx(tree.information, abs=1e-10)
    assert len({(int(a), int(b)) for a, b in zip(tree.cut(4)[order], shuffled.cut(4), strict=True)}) == 4


def test_empty_clusters_go_first_and_cost_nothing() -> None:
    tree = build_merge_tree(random_joint(3, 8, empty=3))
    assert [merge.cost for merge in tree.merges[:3]] == pytest.approx([0, 0, 0], abs=1e-12)
    assert tree.merges[3].cost > 1e-3


def test_parts_of_one_kind_find_each_other() -> None:
    rng = np.random.default_rng(0)
    joint = kinds_joint(np.ones(4), rng, split=4)
    groups = build_merge_tree(joint).cut(4)
    assert groups.tolist() == np.repeat(np.arange(4), 4).tolist()


@pytest.mark.parametrize("num_clusters", [4, 10])
def test_chance_is_what_independent_views_seem_to_share(num_clusters: int) -> None:
    rng = np.random.default_rng(1)
    mass = rng.dirichlet(np.full(num_clusters, 10.0))
    drawn = [sampled(np.outer(mass, mass), 1000, rng) for _ in range(200)]
    expected = np.mean([build_merge_tree(joint, 1000).chance[0] for joint in drawn])
    assert expected == pytest.approx(np.mean([information_nats(joint) for joint in drawn]), rel=0.15)
    assert expected == pytest.approx(num_clusters * (num_clusters - 1) / (4 * 1000), rel=0.15)


def test_chance_is_small_when_views_agree_and_shrinks_with_pairs() -> None:
    joint = 0.98 * np.eye(50) / 50 + 0.02 * np.ones((50, 50)) / 2500
    some, many = build_merge_tree(joint, 1000).chance[0], build_merge_tree(joint, 100_000).chance[0]
    assert many < some < 0.1 * 49**2 / 2000
    assert build_merge_tree(joint).chance.max() == 0


@given(st.lists(st.integers(0, 500), min_size=1, max_size=20))
def test_every_cluster_is_used_tiny_or_unused(sizes: list[int]) -> None:
    use = count_use(sizes, sum(sizes))
    assert sorted(use.used + use.tiny + use.unused) == list(range(len(sizes)))
    assert all(sizes[one] == 0 for one in use.unused)
    assert use.largest_share == (max(sizes) / sum(sizes) if sum(sizes) else 0)


def test_tiny_is_below_a_tenth_of_an_even_share_or_one_image() -> None:
    use = count_use([0, 19, 20, 461, 500], 1000)
    assert (use.unused, use.tiny, use.used) == ((0,), (1,), (2, 3, 4))
    assert use.largest_share == 0.5
    assert count_use([1, 2, 3], 6).tiny == (0,)


@pytest.mark.parametrize("num_kinds", [3, 5, 10, 20])
@pytest.mark.parametrize("seed", [0, 1])
def test_kinds_of_even_size_are_found(num_kinds: int, seed: int) -> None:
    suggestion = suggest_num_clusters(trees_of(np.ones(num_kinds), seed))
    assert suggestion.num_clusters == num_kinds
    assert suggestion.certainty == "clear"
    assert f"{num_kinds} stands out clearly" in suggestion.reason
    assert suggestion.candidates[0].num_clusters == num_kinds
    assert len(suggestion.candidates) <= 3
    assert num_kinds <= suggestion.most


def test_one_sub_head_is_enough_when_kinds_are_plain() -> None:
    assert suggest_num_clusters(trees_of(np.ones(5), mixing=0.7)[:1]).num_clusters == 5


def test_kinds_of_uneven_size_are_found_by_how_real_their_distinctions_are() -> None:
    suggestion = suggest_num_clusters(trees_of(np.geomspace(1, 0.15, 10), mixing=0.7))
    assert suggestion.num_clusters == 10
    assert suggestion.candidates[0].measure == "real"


def test_half_the_kinds_are_not_mistaken_for_all() -> None:
    """Ten even kinds that merge two by two: the drop at five is there, and stays a candidate at most."""
    rng = np.random.default_rng(0)
    trees = []
    for _ in range(NUM_SUB_HEADS):
        joint = kinds_joint(np.ones(10), rng, leak=0.02)
        kind = np.arange(len(joint)) * 10 // len(joint)
        mass = joint.sum(axis=1)
        joint = joint + 0.6 * np.outer(mass, mass) * (kind[:, None] // 2 == kind[None, :] // 2)
        trees.append(build_merge_tree(sampled(joint / joint.sum(), 5000, rng), 5000))
    suggestion = suggest_num_clusters(trees)
    assert suggestion.num_clusters == 10
    assert 5 in [one.num_clusters for one in suggestion.candidates]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_stands_out_where_there_are_no_kinds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trees = [build_merge_tree(sampled(ring_joint(rng), 3000, rng), 3000) for _ in range(NUM_SUB_HEADS)]
    suggestion = suggest_num_clusters(trees)
    assert suggestion.num_clusters is None
    assert suggestion.certainty == "none"
    assert "stands out" in suggestion.reason
    assert suggestion.candidates


def test_as_many_kinds_as_overclusters_asks_for_more() -> None:
    suggestion = suggest_num_clusters([build_merge_tree(np.eye(40) / 40, 5000)])
    assert suggestion.num_clusters is None
    assert "Train again with more clusters" in suggestion.reason


def test_independent_views_are_told_from_kinds() -> None:
    rng = np.random.default_rng(0)
    mass = rng.dirichlet(np.full(30, 5.0))
    suggestion = suggest_num_clusters([build_merge_tree(sampled(np.outer(mass, mass), 500, rng), 500) for _ in range(NUM_SUB_HEADS)])
    assert suggestion.num_clusters is None
    assert "Chance explains" in suggestion.reason


def test_too_few_overclusters_in_use_say_so() -> None:
    joint = np.zeros((20, 20))
    joint[:3, :3] = np.eye(3) / 3
    suggestion = suggest_num_clusters([build_merge_tree(joint, 1000)])
    assert suggestion.num_clusters is None
    assert "Only 3" in suggestion.reason
