"""What a joint says in sentences: a cell, a block, the whole. No Qt."""

import math
from collections.abc import Callable

import numpy as np

from iic_studio.gui.joint_order import merge_cost_bits, most_mixed, share_between, unused
from iic_studio.gui.table import Rows
from iic_studio.records import FloatArray

MIXED_UP = 0.08
_MOST_NAMED = 4


class Reader:
    """Reads one (K, K) joint.

    Args:
        joint: sums to 1.
        name: of a cluster.
        num_pairs: count pairs, so many in all; 0: tell shares.
    """

    def __init__(self, joint: FloatArray, name: Callable[[int], str], num_pairs: float = 0.0) -> None:
        self._joint, self._name, self._num_pairs = joint, name, num_pairs

    def cell(self, line: int, place: int) -> str:
        """A cell by its clusters."""
        mass = float(self._joint[line].sum())
        if line in unused(self._joint):
            return f"{self._name(line)} is unused: next to no pair lands in it."
        if self._num_pairs:
            count = self._num_pairs * float(self._joint[line, place]) * (1 if line == place else 2)
            both = f"both pictures in {self._name(line)}" if line == place else f"one in {self._name(line)} and one in {self._name(place)}"
            told = f"About {count:,.0f}" if count >= 0.5 else "Next to none"
            return f"{told} of {self._num_pairs:,.0f} pairs have {both}."
        share = percent(float(self._joint[line, place]) / max(mass, 1e-12))
        if line == place:
            return f"{share} of the pairs from {self._name(line)} land in it again."
        return f"{share} of the pairs from {self._name(line)} land in {self._name(place)}."

    def block(self, rows: Rows, columns: Rows) -> str:
        """A block, and what it would cost to make one cluster of all that it touches."""
        members = np.union1d(rows, columns)
        share = percent(share_between(self._joint, rows, columns))
        if len(members) == 1:
            return self.cell(int(rows[0]), int(columns[0]))
        if np.array_equal(np.sort(rows), np.sort(columns)):
            said = f"{share} of the pairs from one of {self.names(rows)} land in another of them."
        else:
            said = f"{share} of the pairs from {self.names(rows)} land in {self.names(columns)}."
        lost, before = merge_cost_bits(self._joint, members)
        return f"{said} As one cluster they would tell {lost:.2f} of {before:.2f} bits less."

    def hint(self) -> tuple[str, Rows]:
        """What is most worth a look, and the clusters that one might merge."""
        if not len(self._joint):
            return "", np.zeros(0, np.int64)
        found, empty = most_mixed(self._joint), unused(self._joint)
        idle = f" Unused: {self.names(empty)}." if len(empty) else ""
        if found is None or found[2] < MIXED_UP:
            return f"No two clusters are mixed up much.{idle}", np.zeros(0, np.int64)
        first, second, share = found
        said = f"Most mixed up: {percent(share)} of the pairs from {self._name(first)} land in {self._name(second)}."
        return said + idle, np.array([first, second], np.int64)

    def names(self, clusters: Rows) -> str:
        """Names in a row, the first few of many."""
        told = [self._name(one) for one in np.asarray(clusters).tolist()[:_MOST_NAMED]]
        rest = len(clusters) - len(told)
        if rest:
            return f"{', '.join(told)} and {rest} more"
        return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"


def in_words(joint: FloatArray, num_unused: int) -> str:
    """A joint in one line."""
    side = len(joint)
    diagonal = float(np.trace(joint)) / max(float(joint.sum()), 1e-12)
    return (
        f"{100 * diagonal:.0f} % of the pairs stay in one cluster; {side - num_unused} of {side} clusters in use; "
        f"ceiling {math.log2(side):.2f} bits"
    )


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{100 * share:.0f} %" if share >= 0.1 or share <= 0 else f"{100 * share:.1g} %"
