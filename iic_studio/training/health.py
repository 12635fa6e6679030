"""How a run is doing, told without labels.

A trainer that only shows its loss leaves a person alone with it. These numbers say whether there are groups beyond chance, whether they
still move, whether they are used, and whether the sub-heads, which started from different weights, found the same ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.events import HealthMeasured
from iic_studio.records import IntArray

DEAD_SHARE = 0.02
PLATEAU_WINDOW = 8
PLATEAU_BITS_SHARE = 0.004
PLATEAU_CHURN = 0.01
_SAMPLE = 5_000


@dataclass(frozen=True)
class PassFacts:
    """What one pass over the images left, of the main head.

    Attributes:
        step, epoch: at its end.
        information_bits, shuffled_bits: (H,) mutual information of pairs, and of pairs that do not belong together.
        ceiling_bits: log2 K.
        sizes: (K,) shares of the images per cluster of the best sub-head; sum 1.
        votes: (N, H) newest cluster of each image by each sub-head, each in its own naming; -1 where an image was not seen.
        shown: the sub-head whose clusters are shown.
        in_use: (M,) clusters of a sample of the images as they would be assigned for good.
        consistency: share of the images whose copy fell into the same cluster.
        shown_sizes: (K,) as `sizes`, of the sub-head shown.
    """

    step: int
    epoch: int
    information_bits: Sequence[float]
    shuffled_bits: Sequence[float]
    ceiling_bits: float
    sizes: Sequence[float]
    votes: IntArray
    shown: int
    in_use: IntArray
    consistency: float
    shown_sizes: Sequence[float] = ()


@dataclass
class HealthMeter:
    """Turns passes into `HealthMeasured`, comparing each with the one before.

    Attributes:
        history: excess of information in bits and churn of each pass so far, oldest first.
        previous: (N,) clusters of the images at the end of the last pass, -1 where one was not seen; None: not known.
    """

    history: list[tuple[float, float]] = field(default_factory=list)
    previous: IntArray | None = None

    def measure(self, facts: PassFacts) -> HealthMeasured:
        """The numbers of a pass."""
        best = int(np.argmax(facts.information_bits))
        excess = float(facts.information_bits[best] - facts.shuffled_bits[best])
        churn, nmi = math.nan, math.nan
        sizes = np.asarray(facts.sizes)
        assignment = facts.votes[:, facts.shown]
        if self.previous is not None and len(self.previous) == len(assignment):
            churn, nmi = compare_assignments(self.previous, assignment, len(sizes))
        self.previous = assignment
        self.history.append((excess, churn))
        return HealthMeasured(
            step=facts.step,
            epoch=facts.epoch,
            mutual_information=float(facts.information_bits[best]),
            mutual_information_excess=excess,
            ceiling=facts.ceiling_bits,
            churn=churn,
            nmi_previous=nmi,
            num_used=int((sizes >= DEAD_SHARE / len(sizes)).sum()),
            num_dead=int((sizes < DEAD_SHARE / len(sizes)).sum()),
            largest_share=float(sizes.max()),
            largest_share_in_use=float(np.bincount(facts.in_use).max() / len(facts.in_use)),
            agreement=agreement_beyond_chance(facts.votes),
            consistency=facts.consistency,
            sub_head=facts.shown,
            cluster_sizes=tuple(facts.shown_sizes),
        )

    def is_plateau(self, ceiling_bits: float) -> bool:
        """Whether the last passes brought no more information and moved hardly an image, as far as that is known of them: of the pass after
        a break it is not. Needs `PLATEAU_WINDOW` passes twice.
        """
        if len(self.history) < 2 * PLATEAU_WINDOW:
            return False
        late, before = self.history[-PLATEAU_WINDOW:], self.history[-2 * PLATEAU_WINDOW : -PLATEAU_WINDOW]
        gain = np.median([excess for excess, _ in late]) - np.median([excess for excess, _ in before])
        churns = [moved for _, moved in late if not math.isnan(moved)]
        return bool(gain < PLATEAU_BITS_SHARE * ceiling_bits and churns and np.median(churns) < PLATEAU_CHURN)

    def gain_before(self, share: float) -> float:
        """Bits by which the excess still grew before a share of the passes was over: its median over the last quarter of these against the
        quarter before. NaN for fewer than four passes.
        """
        passes = [excess for excess, _ in self.history[: int(share * len(self.history))]]
        quarter = len(passes) // 4
        if not quarter:
            return math.nan
        return float(np.median(passes[-quarter:]) - np.median(passes[-2 * quarter : -quarter]))

    def state(self) -> list[list[float | None]]:
        """What a checkpoint keeps beside `previous`."""
        return [[excess, None if math.isnan(churn) else churn] for excess, churn in self.history]

    @classmethod
    def restored(cls, state: list[list[float | None]], previous: IntArray | None = None) -> Self:
        """Inverse of `state`; without `previous` the first churn after it is unknown."""
        return cls([(float(excess or 0.0), math.nan if churn is None else churn) for excess, churn in state], previous)


def compare_assignments(before: IntArray, after: IntArray, num_clusters: int) -> tuple[float, float]:
    """Churn and NMI of two assignments of the same images; images with -1 in either are left out.

    Returns:
        Share of the images that changed cluster after Hungarian alignment, and normalised mutual information; NaN for no image.
    """
    both = (before >= 0) & (after >= 0)
    if not both.any():
        return math.nan, math.nan
    from sklearn.metrics import normalized_mutual_info_score

    counts = contingency(before[both], after[both], num_clusters, num_clusters)
    stayed = counts[np.arange(num_clusters), hungarian_match(counts)].sum()
    return float(1 - stayed / counts.sum()), float(normalized_mutual_info_score(before[both], after[both]))


def agreement_beyond_chance(votes: IntArray) -> float:
    """How far the sub-heads, which began differently, found the same groups: the mean adjusted Rand index over pairs of them.

    Args:
        votes: (N, H) cluster of each image by each sub-head, in any naming; rows with -1 are left out.

    Returns:
        1 for the same groups, about 0 for groups that have nothing to do with each other; NaN for a single sub-head or no image.
    """
    from sklearn.metrics import adjusted_rand_score

    seen = votes[(votes >= 0).all(axis=1)]
    if votes.shape[1] < 2 or len(seen) < 2:
        return math.nan
    # Every so many-th image says as much as all of them.
    seen = seen[:: math.ceil(len(seen) / _SAMPLE)]
    pairs = [(first, second) for first in range(votes.shape[1]) for second in range(first)]
    return float(np.mean([adjusted_rand_score(seen[:, first], seen[:, second]) for first, second in pairs]))
