"""In which order the clusters of a joint are drawn, the merge tree at its edge, and what a block of it says. Plain functions, no Qt."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from iic_studio.evaluation.merge_tree import build_merge_tree
from iic_studio.gui.history import information_bits
from iic_studio.gui.table import Rows
from iic_studio.records import FloatArray

MOST_MERGES = 320
MOST_LEAVES = 1500
UNUSED_SHARE = 0.02
"""Of an even share; as `training.health` counts dead clusters."""


@dataclass(frozen=True)
class Branch:
    """Two parts of the tree become one.

    Attributes:
        first, last: rows of its lowest and highest leaf.
        parts: for each part its middle row and its height.
        height: 0 (nothing lost) to 1 (all information lost).
    """

    first: int
    last: int
    parts: tuple[tuple[float, float], tuple[float, float]]
    height: float

    @property
    def middle(self) -> float:
        """The row from which it goes on."""
        return (self.parts[0][0] + self.parts[1][0]) / 2


@dataclass(frozen=True)
class Tree:
    """A merge tree as it is drawn: clusters in the order of its leaves, branches in the order of merging."""

    order: Rows
    branches: tuple[Branch, ...]

    def group_at(self, row: float, height: float) -> tuple[int, int]:
        """First and last row of the group that a row belongs to when the tree is cut at a height."""
        line = int(row)
        found = (line, line)
        for branch in self.branches:  # heights never fall
            if branch.first <= line <= branch.last and branch.height <= height:
                found = (branch.first, branch.last)
        return found


def tree_of(joint: FloatArray) -> Tree:
    """The merge tree of a (K, K) joint, K up to `MOST_LEAVES`. Takes a second for K = 280: not for the GUI thread.

    Above `MOST_MERGES` clusters the tree is that of average linkage on what is mixed up, which is not as good but takes no longer.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage

    symmetric = (joint + joint.T).astype(np.float64)
    symmetric /= max(float(symmetric.sum()), 1e-12)
    if len(joint) > MOST_MERGES:
        merged = linkage(_distances(symmetric), "average")
        heights = merged[:, 2] / max(float(merged[-1, 2]), 1e-12)
    else:
        merges = build_merge_tree(symmetric)
        merged = merges.linkage()
        heights = 1 - merges.information[1:] / max(float(merges.information[0]), 1e-12)
    heights = np.sqrt(np.clip(heights, 0.0, 1.0))  # small losses are seen too
    order = np.asarray(leaves_list(merged), np.int64)
    return Tree(order, tuple(_branches(merged, heights, order)))


def _distances(joint: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(K(K-1)/2,) distances of clusters: 1 where no pair falls between them, 0 where all do."""
    mass = joint.sum(axis=1)
    rows, columns = np.triu_indices(len(joint), 1)
    mixed = 2 * joint[rows, columns] / np.maximum(mass[rows] + mass[columns], 1e-12)
    return np.asarray(np.clip(1 - mixed, 0.0, 1.0))


def _branches(merged: npt.NDArray[np.float64], heights: npt.NDArray[np.float64], order: Rows) -> Iterator[Branch]:
    row_of = np.empty(len(order), np.int64)
    row_of[order] = np.arange(len(order))
    # Middle, height, first and last row of each node, leaves first.
    nodes: list[tuple[float, float, int, int]] = [(float(row), 0.0, int(row), int(row)) for row in row_of]
    for (first, second), height in zip(merged[:, :2].astype(int).tolist(), heights.tolist(), strict=True):
        low, high = sorted((nodes[first], nodes[second]))
        branch = Branch(low[2], high[3], ((low[0], low[1]), (high[0], high[1])), height)
        nodes.append((branch.middle, height, branch.first, branch.last))
        yield branch


def order_by_mass(mass: FloatArray, before: Rows) -> Rows:
    """Largest first; an order that is nearly right stays, so that rows do not dance while training runs."""
    if len(before) == len(mass):
        drawn = mass[before]
        if (drawn[1:] <= 1.3 * drawn[:-1] + 0.01 / len(mass)).all():
            return before
    return np.argsort(-mass, kind="stable")


def unused(joint: FloatArray) -> Rows:
    """Clusters of a (K, K) joint that hold next to nothing."""
    mass = joint.sum(axis=1)
    return np.flatnonzero(mass < UNUSED_SHARE * mass.sum() / len(mass))


def most_mixed(joint: FloatArray) -> tuple[int, int, float] | None:
    """The clusters in use (i, j) that are mixed up most, and the share of the pairs from i that land in j; None for fewer than two."""
    mass = joint.sum(axis=1)
    used = np.setdiff1d(np.arange(len(joint)), unused(joint))
    if len(used) < 2:
        return None
    shares = joint[np.ix_(used, used)] / mass[used][:, None]
    np.fill_diagonal(shares, -1.0)
    line, place = divmod(int(shares.argmax()), len(used))
    return int(used[line]), int(used[place]), float(shares[line, place])


def merge_cost_bits(joint: FloatArray, members: Rows) -> tuple[float, float]:
    """Bits of information lost if these clusters of a (K, K) joint became one, and the bits before."""
    group = np.arange(len(joint))
    group[members] = members[0]
    _, group = np.unique(group, return_inverse=True)
    merged = np.zeros((int(group.max()) + 1,) * 2)
    np.add.at(merged, (group[:, None], group[None, :]), joint)
    before = information_bits(joint)[0]
    return max(0.0, before - information_bits(merged.astype(np.float32))[0]), before


def share_between(joint: FloatArray, rows: Rows, columns: Rows) -> float:
    """Share of the pairs from the clusters `rows` that land in `columns`; of those from one of them in another where both are the same."""
    mass = float(joint[rows].sum())
    block = joint[np.ix_(rows, columns)]
    kept = float(block.sum())
    if np.array_equal(np.sort(rows), np.sort(columns)):
        kept -= float(joint[rows, rows].sum())
    return kept / max(mass, 1e-12)
