"""Two clusterings of the same images: what is only named otherwise has not moved."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.evaluation.comparing import Move, compare_clusterings


def compare(first: list[int], second: list[int], shape: tuple[int, int] = (3, 3)):  # type: ignore[no-untyped-def]
    ids = 10 + np.arange(len(first))
    return compare_clusterings(ids, np.array(first), ids, np.array(second), shape)


def test_renamed_clusters_have_not_moved() -> None:
    found = compare([0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 1])
    assert found.moved_share == 0
    assert found.ari == 1
    assert found.match.tolist() == [2, 0, 1]
    assert found.moves() == []


def test_who_moved() -> None:
    found = compare([0, 0, 0, 0, 1, 1, 2], [1, 1, 1, 2, 0, 0, 2])
    assert found.moved_share == pytest.approx(1 / 7)
    assert found.moves() == [Move(0, 2, 1)]
    assert found.ids_of(Move(0, 2, 1)).tolist() == [13]


def test_only_images_in_both_count_whatever_their_order() -> None:
    found = compare_clusterings(np.array([5, 1, 3]), np.array([0, 1, 1]), np.array([3, 9, 5]), np.array([0, 0, 1]), (2, 2))
    assert found.image_ids.tolist() == [3, 5]
    assert found.moved_share == 0
    nothing = compare_clusterings(np.array([1]), np.array([0]), np.array([2]), np.array([0]), (1, 1))
    assert (nothing.moved_share, nothing.ari, nothing.moves()) == (0, 0, [])


def test_fewer_clusters_leave_some_without_counterpart() -> None:
    found = compare([0, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, 1], (3, 2))
    assert found.match.tolist() == [0, 1, -1]
    assert found.moves() == [Move(2, 1, 1)]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=30))
def test_moves_add_up_to_the_share(pairs: list[tuple[int, int]]) -> None:
    found = compare([one for one, _ in pairs], [other for _, other in pairs], (4, 3))
    moves = found.moves()
    assert sum(move.count for move in moves) == round(found.moved_share * len(pairs))
    assert all(len(found.ids_of(move)) == move.count for move in moves)
