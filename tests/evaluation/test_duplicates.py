"""Near-duplicates against a plain loop over all pairs, and real changes of pictures."""

import numpy as np
import pytest

from iic_studio.evaluation.duplicates import MOST_BITS, MOST_COLOUR, Prints, group_near, prints_of


def groups_of(prints: Prints) -> list[int]:
    *_, groups = group_near(prints)
    assert isinstance(groups, np.ndarray)
    return groups.tolist()


def squares(count: int, side: int = 40, seed: int = 0) -> np.ndarray:
    """Smooth pictures of a few blobs, unlike each other."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    made = np.zeros((count, 3, side, side))
    for one in range(count):
        made[one] = rng.uniform(-1, 1) * y + rng.uniform(-1, 1) * x  # nothing is flat, where noise alone would decide
        for _ in range(6):
            cy, cx, width = rng.random(), rng.random(), rng.uniform(0.2, 0.5)
            made[one] += rng.uniform(-1, 1, (3, 1, 1)) * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / width**2)
    return ((made - made.min()) / np.ptp(made) * 255).astype(np.uint8)


def test_copies_are_found_and_others_are_not() -> None:
    rng = np.random.default_rng(1)
    base = squares(20)
    noisy = (base[:5].astype(int) + rng.integers(-1, 2, base[:5].shape)).clip(0, 255).astype(np.uint8)
    brighter = (base[5:10].astype(int) + 6).clip(0, 255).astype(np.uint8)
    coloured = base[10:15][:, [2, 0, 1]]
    found = groups_of(prints_of(np.concatenate([base, noisy, brighter, base[:1], coloured])))
    assert found[:5] == [0, 1, 2, 3, 4]
    assert found[20:25] == found[:5]
    assert found[25:30] == found[5:10]
    assert found[30] == found[0]
    assert found[31:] == [-1] * 5, "the same shapes in other colours"
    assert found[10:20] == [-1] * 10


def test_the_blocks_find_what_all_pairs_would() -> None:
    rng = np.random.default_rng(2)
    bits = (rng.random((60, 128)) < 0.5).astype(np.uint8)
    bits = np.concatenate([bits, bits ^ (rng.random((60, 128)) < 0.04).astype(np.uint8)])
    prints = Prints(bits, np.full((120, 48), 100, np.uint8))
    found = groups_of(prints)
    for one in range(60):
        near = [other for other in range(120) if other != one and (bits[one] != bits[other]).sum() <= MOST_BITS]
        assert (found[one] >= 0) == bool(near)
        assert all(found[other] == found[one] for other in near)


def test_colour_tells_apart_what_has_the_same_shape() -> None:
    bits = np.zeros((3, 128), np.uint8)
    colours = np.array([[100] * 48, [100 + int(MOST_COLOUR)] * 48, [200] * 48], np.uint8)
    assert groups_of(Prints(bits, colours)) == [0, 0, -1]


def test_chains_fall_apart() -> None:
    """A is near B and B near C, but not A to C: nobody is in a group with one it is not like by way of a third only."""
    bits = np.zeros((5, 128), np.uint8)
    for one in range(5):
        bits[one, : 5 * one] = 1
    found = np.array(groups_of(Prints(bits, np.zeros((5, 48), np.uint8))))
    for group in set(found.tolist()) - {-1}:
        members = np.flatnonzero(found == group)
        distance = (bits[members][:, None] != bits[members][None]).sum(axis=2)
        assert distance.min(axis=0).max() == 0
        assert (distance <= MOST_BITS).any(axis=0).all()
        assert distance.max(axis=1).min() <= MOST_BITS, "one of them is near to all"


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_compare(count: int) -> None:
    assert groups_of(prints_of(squares(count) if count else np.zeros((0, 3, 40, 40), np.uint8))) == [-1] * count


def test_every_block_is_told() -> None:
    told = list(group_near(prints_of(squares(4))))
    assert told[:-1] == list(range(1, len(told)))
