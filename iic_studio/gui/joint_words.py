"""What a joint says in sentences: a cell, a block, the whole. No widgets."""

import math
from collections.abc import Callable

import numpy as np

from iic_studio.gui.joint_order import merge_cost_bits, most_mixed, share_between, unused
from iic_studio.gui.language import amount, tr
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
            return tr("{0} is unused: next to no pair lands in it.", self._name(line))
        if self._num_pairs:
            count = self._num_pairs * float(self._joint[line, place]) * (1 if line == place else 2)
            both = (
                tr("both pictures in {0}", self._name(line))
                if line == place
                else tr("one in {0} and one in {1}", self._name(line), self._name(place))
            )
            if 0.5 <= count < 1.5:
                return tr("About 1 of {0:,.0f} pairs has {1}.", self._num_pairs, both)
            told = tr("About {0:,.0f}", count) if count >= 0.5 else tr("Next to none")
            return tr("{0} of {1:,.0f} pairs have {2}.", told, self._num_pairs, both)
        share = percent(float(self._joint[line, place]) / max(mass, 1e-12))
        if line == place:
            return tr("{0} of the pairs from {1} land in it again.", share, self._name(line))
        return tr("{0} of the pairs from {1} land in {2}.", share, self._name(line), self._name(place))

    def block(self, rows: Rows, columns: Rows) -> str:
        """A block, and what it would cost to make one cluster of all that it touches."""
        members = np.union1d(rows, columns)
        share = percent(share_between(self._joint, rows, columns))
        if len(members) == 1:
            return self.cell(int(rows[0]), int(columns[0]))
        if np.array_equal(np.sort(rows), np.sort(columns)):
            said = tr("{0} of the pairs from one of {1} land in another of them.", share, self.names(rows))
        else:
            said = tr("{0} of the pairs from {1} land in {2}.", share, self.names(rows), self.names(columns))
        lost, before = merge_cost_bits(self._joint, members)
        return tr("{0} As one cluster they would tell {1:.2f} of {2:.2f} bits less.", said, lost, before)

    def hint(self) -> tuple[str, Rows]:
        """What is most worth a look, and the clusters that one might merge."""
        if not len(self._joint):
            return "", np.zeros(0, np.int64)
        found, empty = most_mixed(self._joint), unused(self._joint)
        idle = tr(" Unused: {0}.", self.names(empty)) if len(empty) else ""
        if found is None or found[2] < MIXED_UP:
            return tr("No two clusters are mixed up much.{0}", idle), np.zeros(0, np.int64)
        first, second, share = found
        said = tr("Most mixed up: {0} of the pairs from {1} land in {2}.", percent(share), self._name(first), self._name(second))
        return said + idle, np.array([first, second], np.int64)

    def names(self, clusters: Rows) -> str:
        """Names in a row, the first few of many."""
        told = [self._name(one) for one in np.asarray(clusters).tolist()[:_MOST_NAMED]]
        rest = len(clusters) - len(told)
        if rest:
            listed = ", ".join(told)
            return tr("{0} and {1} more", listed, rest)
        listed = ", ".join(told[:-1])
        return told[0] if len(told) == 1 else tr("{0} and {1}", listed, told[-1])


def in_words(joint: FloatArray, num_unused: int) -> str:
    """A joint in one line."""
    side = len(joint)
    diagonal = float(np.trace(joint)) / max(float(joint.sum()), 1e-12)
    return tr(
        "{0:.0f} % of the pairs stay in one cluster; {1} of {2} clusters in use; ceiling {3:.2f} bits",
        100 * diagonal,
        side - num_unused,
        side,
        math.log2(side),
    )


def percent(share: float) -> str:
    """A share as people write it."""
    return f"{amount(100 * share, '.0f' if share >= 0.1 or share <= 0 else '.1g')} %"
