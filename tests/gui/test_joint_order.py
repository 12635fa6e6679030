"""Orders of a joint, its merge tree as drawn, and what blocks of it say."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import dendrogram

from iic_studio.evaluation.merge_tree import build_merge_tree
from iic_studio.gui import joint_order
from iic_studio.gui.history import information_bits
from iic_studio.gui.joint_order import merge_cost_bits, most_mixed, order_by_mass, share_between, tree_of, unused
from iic_studio.gui.joint_words import Reader, percent


def grouped() -> np.ndarray:
    """Six clusters: 0 with 3, 1 with 4 mixed up, 2 by itself, 5 unused."""
    joint = np.diag([4.0, 4.0, 8.0, 4.0, 4.0, 0.0])
    for first, second, share in ((0, 3, 3.0), (1, 4, 1.0)):
        joint[first, second] = joint[second, first] = share
    return (joint / joint.sum()).astype(np.float32)


def test_like_lies_beside_like() -> None:
    tree = tree_of(grouped())
    places = {int(cluster): row for row, cluster in enumerate(tree.order)}
    assert sorted(places) == list(range(6))
    assert abs(places[0] - places[3]) == 1
    assert abs(places[1] - places[4]) == 1


def test_the_tree_is_that_of_the_linkage() -> None:
    joint = grouped()
    tree, merges = tree_of(joint), build_merge_tree(joint)
    leaves = dendrogram(merges.linkage(), no_plot=True)["leaves"]
    assert tree.order.tolist() == leaves
    assert [branch.last - branch.first + 1 for branch in tree.branches] == [merge.size for merge in merges.merges]
    heights = [branch.height for branch in tree.branches]
    assert heights == sorted(heights)
    assert heights[-1] == pytest.approx(1.0)
    assert (tree.branches[-1].first, tree.branches[-1].last) == (0, 5)


def test_very_many_clusters_have_a_tree_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_order, "MOST_MERGES", 5)
    tree = tree_of(grouped())
    places = {int(cluster): row for row, cluster in enumerate(tree.order)}
    assert abs(places[0] - places[3]) == 1
    assert abs(places[1] - places[4]) == 1
    heights = [branch.height for branch in tree.branches]
    assert heights == sorted(heights)
    assert (tree.branches[-1].first, tree.branches[-1].last) == (0, 5)


def test_cutting_the_tree_gives_the_group_of_a_row() -> None:
    tree = tree_of(grouped())
    row = tree.order.tolist().index(0)
    assert tree.group_at(row + 0.4, -1.0) == (row, row)
    assert tree.group_at(row, 1.0) == (0, 5)
    pair = next(branch for branch in tree.branches if branch.first <= row <= branch.last and branch.height > 0)
    first, last = tree.group_at(row, pair.height)
    assert {int(one) for one in tree.order[first : last + 1]} >= {0, 3}


def test_by_mass_keeps_an_order_that_is_nearly_right() -> None:
    mass = np.array([0.2, 0.5, 0.3], np.float32)
    order = order_by_mass(mass, np.zeros(0, np.int64))
    assert order.tolist() == [1, 2, 0]
    assert order_by_mass(np.array([0.32, 0.36, 0.32], np.float32), order) is order
    assert order_by_mass(np.array([0.7, 0.2, 0.1], np.float32), order).tolist() == [0, 1, 2]


def test_what_is_unused_and_what_is_mixed_up() -> None:
    joint = grouped()
    assert unused(joint).tolist() == [5]
    found = most_mixed(joint)
    assert found is not None
    assert {found[0], found[1]} == {0, 3}
    assert found[2] == pytest.approx(3 / 7, abs=1e-4)
    assert most_mixed(np.diag([1.0, 0.0]).astype(np.float32)) is None


def test_merging_costs_what_the_distinction_told() -> None:
    joint = grouped()
    lost, before = merge_cost_bits(joint, np.array([0, 3]))
    merged = np.delete(np.delete(joint, 3, 0), 3, 1)
    merged[0] = np.delete(joint[0] + joint[3], 3)
    merged[:, 0] = np.delete(joint[:, 0] + joint[:, 3], 3)
    merged[0, 0] = joint[np.ix_([0, 3], [0, 3])].sum()
    assert before == pytest.approx(information_bits(joint)[0])
    assert lost == pytest.approx(before - information_bits(merged)[0], abs=1e-6)
    assert merge_cost_bits(joint, np.array([2]))[0] == pytest.approx(0, abs=1e-9)
    assert lost < merge_cost_bits(joint, np.array([0, 2]))[0]


def test_shares_of_blocks() -> None:
    joint = grouped()
    assert share_between(joint, np.array([0]), np.array([3])) == pytest.approx(3 / 7, abs=1e-4)
    assert share_between(joint, np.array([0, 3]), np.array([3, 0])) == pytest.approx(3 / 7, abs=1e-4)
    assert share_between(joint, np.array([0, 3]), np.array([2])) == 0


def test_sentences() -> None:
    names = {0: "tulips", 3: "roses", 1: "oaks", 4: "elms", 2: "skies", 5: "nothing"}
    reader, counting = Reader(grouped(), names.__getitem__), Reader(grouped(), names.__getitem__, 1000)
    assert reader.cell(0, 3) == "43 % of the pairs from tulips land in roses."
    assert reader.cell(2, 2) == "100 % of the pairs from skies land in it again."
    assert reader.cell(5, 0) == "nothing is unused: next to no pair lands in it."
    assert counting.cell(0, 3) == "About 188 of 1,000 pairs have one in tulips and one in roses."
    assert counting.cell(2, 2) == "About 250 of 1,000 pairs have both pictures in skies."
    assert counting.cell(0, 2).startswith("Next to none of 1,000 pairs")
    words = reader.block(np.array([0, 3]), np.array([0, 3]))
    assert words.startswith("43 % of the pairs from one of tulips and roses land in another of them. As one cluster they would tell 0.")
    assert reader.block(np.array([0]), np.array([1, 4])).startswith("0 % of the pairs from tulips land in oaks and elms.")
    words, members = reader.hint()
    assert words == "Most mixed up: 43 % of the pairs from tulips land in roses. Unused: nothing."
    assert members.tolist() == [0, 3]
    assert Reader(np.eye(3, dtype=np.float32) / 3, str).hint()[0] == "No two clusters are mixed up much."
    assert reader.names(np.arange(6)) == "tulips, oaks, skies, roses and 2 more"
    assert (percent(0.123), percent(0.0123), percent(0)) == ("12 %", "1 %", "0 %")
