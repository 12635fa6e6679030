"""How many clusters: train more than needed, merge them one by one, and look where merging begins to hurt.

The tree is built on the joint of the overclustering head alone; no image and no label takes part. It merges the pair with the smallest
product of *information lost* and *share of the distinction that was real* (information lost over entropy lost). By the information lost
alone, as in the agglomerative information bottleneck (Slonim and Tishby, NIPS 1999), small but distinct kinds go too early: on 20
sub-heads of four runs on handwritten digits the trees cut at 10 agree with the labels by an adjusted Rand index of 0.81, with the product
0.88.

The lowest loss over K is no guide: its bound falls as -ln K. So a merge is measured against what it would cost if the information were
spread evenly, over ln k (`even`, right for kinds of about equal size) or over the entropy of the sizes (`real`, right for uneven ones).
K stands out where this measure drops: merging on from K costs clearly more than merging down to it did, just before and all the way from
2K (so that even kinds that merge two by two do not make K/2 of them).

Known weaknesses. What stands out are kinds that the pair transforms keep apart, which need not be the kinds people name. At most half as
many kinds as there are overclusters in use can be found. Sizes that differ much are hard: on made joints of 5,000 pairs the answer is right
within a tenth for 98 % with even kinds, 70 % with uneven ones and 50 % with very uneven ones (else mostly none). Of joints of 3 to 8 kinds
of handwritten digits in even numbers, 78 % were answered exactly, 14 % not at all and 2 % wrong by more than one; in numbers that fall to
0.3 of the largest, 6 %, 53 % and 24 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from iic_studio.evaluation.merging import information_nats
from iic_studio.records import IntArray
from iic_studio.words import numbered

# On made joints (3 to 20 kinds, even to very uneven, 600 to 10,000 pairs) what is `clear` was right within a tenth in 99 % of 307 trials,
# what is `weak` in 85 % of 178.
Certainty = Literal["clear", "weak", "none"]
Measure = Literal["even", "real"]

TINY_SHARE = 0.1
"""Of an even share. IIC rewards equal sizes, so a cluster this small is not one kind among K but scraps or outliers."""

# On 270 made sets of five joints without kinds (views moving along a ring, on a torus in two and three dimensions, no confusion at all;
# 500 to 10,000 pairs) the largest drop was 0.19. Ten digits in four runs show 0.28 to 0.34, plain made kinds 0.4 to 1.1.
_DROP_WEAK = 0.2
_DROP_CLEAR = 0.4
_STANDARD_ERRORS = 2.0
_MOST_CHANCE = 0.25
_STILL_TELLING = 0.95
_NUM_CANDIDATES = 3
_EMPTY = 1e-12


@dataclass(frozen=True)
class Merge:
    """Two clusters become one. Ids as in SciPy: 0…K-1 are the first clusters, K + i the one made by merge i.

    Attributes:
        first, second: ids.
        cost: mutual information lost, in nats.
        size: number of first clusters in the new one.
        mass: marginal probability of the new one.
    """

    first: int
    second: int
    cost: float
    size: int
    mass: float


@dataclass(frozen=True)
class MergeTree:
    """All merges from K clusters to one.

    Attributes:
        masses: (K,) marginal probabilities of the first clusters.
        merges: K - 1 merges, in order.
        information: (K,) mutual information in nats, entry i after i merges; never grows, the last is 0.
        entropy: (K,) of the marginal, in nats, likewise.
        chance: (K,) what of the information finite sampling alone is expected to give, in nats, likewise; 0 if the number of pairs
            was not told.
    """

    masses: npt.NDArray[np.float64]
    merges: tuple[Merge, ...]
    information: npt.NDArray[np.float64]
    entropy: npt.NDArray[np.float64]
    chance: npt.NDArray[np.float64]

    @property
    def num_clusters(self) -> int:
        """K, before any merge."""
        return len(self.masses)

    def cut(self, num_clusters: int) -> IntArray:
        """(K,) cluster of each first cluster when `num_clusters` are left, 0… in the order of their lowest member."""
        group = np.arange(self.num_clusters)
        for number, merge in enumerate(self.merges[: self.num_clusters - num_clusters]):
            group[(group == merge.first) | (group == merge.second)] = self.num_clusters + number
        return np.asarray(np.unique(_first_member(group), return_inverse=True)[1], dtype=np.int64)

    def linkage(self) -> npt.NDArray[np.float64]:
        """(K-1, 4) for `scipy.cluster.hierarchy`; the height is the information lost so far, which never falls as a single cost may."""
        lost = self.information[0] - self.information[1:]
        return np.array([(one.first, one.second, height, one.size) for one, height in zip(self.merges, lost, strict=True)]).reshape(-1, 4)


@dataclass(frozen=True)
class ClusterUse:
    """Clusters by how many images they hold.

    Attributes:
        used: clusters of ordinary size.
        tiny: below a tenth of an even share, or one image: scraps or outliers, not a kind of picture.
        unused: no image at all.
        largest_share: of the images in one cluster.
    """

    used: tuple[int, ...]
    tiny: tuple[int, ...]
    unused: tuple[int, ...]
    largest_share: float


@dataclass(frozen=True)
class Candidate:
    """A number of clusters at which merging begins to hurt.

    Attributes:
        num_clusters: K.
        drop: mean over sub-heads by which `cost_above` lies below `cost_below`.
        spread: standard error of `drop` over the sub-heads; 0 for a single one.
        measure: against which even spread; see the module.
        cost_below: mean cost of the merges that start from K and a little below, 1 = even spread.
        cost_above: mean cost of the merges that lead down to K.
        information_kept: share of the information of all clusters that K of them keep.
    """

    num_clusters: int
    drop: float
    spread: float
    measure: Measure
    cost_below: float
    cost_above: float
    information_kept: float

    @property
    def certainty(self) -> Certainty:
        """How far the drop is above what joints without kinds show."""
        if self.drop < max(_DROP_WEAK, _STANDARD_ERRORS * self.spread) or self.cost_above >= _STILL_TELLING:
            return "none"
        return "clear" if self.drop >= _DROP_CLEAR else "weak"


@dataclass(frozen=True)
class Suggestion:
    """A number of clusters, or None when none stands out.

    Attributes:
        num_clusters: suggested K.
        certainty: of it.
        reason: for people.
        candidates: up to three, best first, whether or not they stand out.
        most: the highest K that could be judged.
    """

    num_clusters: int | None
    certainty: Certainty
    reason: str
    candidates: tuple[Candidate, ...]
    most: int


def build_merge_tree(joint: npt.NDArray[np.floating], num_pairs: int | None = None) -> MergeTree:
    """Merge the clusters of a joint two by two until one is left; empty ones first.

    Args:
        joint: (K, K) symmetric joint, sums to 1.
        num_pairs: pairs of views it was measured on.
    """
    rest = _Rest(joint)
    num_clusters, masses = len(rest.joint), rest.masses()
    ids, sizes = list(range(num_clusters)), [1] * num_clusters
    pairs: list[tuple[int, int, int, float]] = []
    levels = [rest.measure(num_pairs)]
    while len(ids) > 1:
        first, second = rest.next_pair()
        rest.merge(first, second)
        sizes[first] += sizes.pop(second)
        pairs.append((ids[first], ids.pop(second), sizes[first], float(rest.joint[first].sum())))
        ids[first] = num_clusters + len(pairs) - 1
        levels.append(rest.measure(num_pairs))
    information, entropy, chance = np.array(levels).T
    # One cluster tells nothing, and rounding must not make information out of a merge of empty clusters.
    information[-1] = 0.0
    information = np.minimum.accumulate(np.maximum(information, 0.0))
    costs = information[:-1] - information[1:]
    merges = tuple(Merge(a, b, float(cost), size, mass) for (a, b, size, mass), cost in zip(pairs, costs, strict=True))
    return MergeTree(masses, merges, information, entropy, chance)


def count_use(sizes: npt.ArrayLike, num_images: int) -> ClusterUse:
    """Sort clusters into used, tiny and unused.

    Args:
        sizes: (K,) images in each.
        num_images: in all.
    """
    counts = np.asarray(sizes, dtype=np.int64)
    tiny = (counts > 0) & ((counts < TINY_SHARE * num_images / len(counts)) | (counts == 1))
    used = (counts > 0) & ~tiny
    largest = float(counts.max()) / num_images if num_images else 0.0
    return ClusterUse(_indices(used), _indices(tiny), _indices(counts == 0), largest)


def suggest_num_clusters(trees: Sequence[MergeTree]) -> Suggestion:
    """The number of clusters at which merging begins to hurt, over all sub-heads of a head.

    Args:
        trees: one for each sub-head, all with the same K and number of pairs.
    """
    depth = min(int((tree.masses >= TINY_SHARE / tree.num_clusters).sum()) for tree in trees)
    most = depth // 2
    if most < 2:
        few = numbered(depth, "1 overcluster is", f"{depth} overclusters are")
        return Suggestion(None, "none", f"Only {few} in use, too few to see structure among them.", (), most)
    if (chance := float(np.mean([tree.chance[-depth] / max(tree.information[-depth], _EMPTY) for tree in trees]))) > _MOST_CHANCE:
        reason = (
            f"Chance explains {min(chance, 1):.0%} of the information: there are too few images, or two views of an image share too little."
        )
        return Suggestion(None, "none", reason, (), most)
    candidates = _candidates(trees, depth, most)
    best = candidates[0]
    if best.certainty == "none":
        return Suggestion(None, "none", _nothing_stands_out(trees, depth, most), candidates, most)
    return Suggestion(best.num_clusters, best.certainty, _why(best), candidates, most)


class _Rest:
    """The clusters that are left: their joint, and what every merge would cost, kept up to date at K² each merge."""

    def __init__(self, joint: npt.NDArray[np.floating]) -> None:
        self.joint: npt.NDArray[np.float64] = np.array(joint, dtype=np.float64)
        # (K, K): x ln x summed over the row that two clusters would have together.
        self._unions = np.array([_terms(self.joint + row).sum(axis=1) for row in self.joint])

    def masses(self) -> npt.NDArray[np.float64]:
        return np.asarray(self.joint.sum(axis=1))

    def measure(self, num_pairs: int | None) -> tuple[float, float, float]:
        """Information, entropy of the marginal, and information expected by chance."""
        return information_nats(self.joint), -float(_terms(self.masses()).sum()), _chance_nats(self.joint, num_pairs)

    def next_pair(self) -> tuple[int, int]:
        masses = self.masses()
        if masses.min() <= _EMPTY:
            # Costs nothing wherever it goes; its neighbour in number is as good as any.
            empty = int(np.argmin(masses))
            return (empty - 1, empty) if empty else (0, 1)
        distinction = _terms(masses[:, None] + masses[None, :]) - _terms(masses)[:, None] - _terms(masses)[None, :]
        # lost · (lost / distinction), up to the square root.
        score = np.maximum(self._costs(distinction), 0.0) / np.sqrt(distinction)
        np.fill_diagonal(score, np.inf)
        first, second = sorted(divmod(int(np.argmin(score)), len(score)))
        return first, second

    def merge(self, first: int, second: int) -> None:
        both = self.joint[first] + self.joint[second]
        for column, sign in ((both, 1), (self.joint[first], -1), (self.joint[second], -1)):
            self._unions += sign * _terms(column[:, None] + column[None, :])
        self.joint[first] += self.joint[second]
        self.joint[:, first] += self.joint[:, second]
        self.joint = np.delete(np.delete(self.joint, second, axis=0), second, axis=1)
        self._unions = np.delete(np.delete(self._unions, second, axis=0), second, axis=1)
        self._unions[first] = self._unions[:, first] = _terms(self.joint + self.joint[first]).sum(axis=1)

    def _costs(self, distinction: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """(K, K) information lost."""
        own, term = np.diag(self.joint), _terms(self.joint)
        rows, corner = term.sum(axis=1), np.diag(term)
        before = 2 * (rows[:, None] + rows[None, :] - term) - corner[:, None] - corner[None, :]
        into = _terms(self.joint + own[:, None])
        after = 2 * (self._unions - into - into.T) + _terms(own[:, None] + own[None, :] + 2 * self.joint)
        return np.asarray(before - after + 2 * distinction)


def _terms(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """x ln x, 0 at 0."""
    from scipy.special import xlogy  # here, because it loads for a tenth of a second

    return np.asarray(xlogy(values, values))


def _first_member(group: IntArray) -> IntArray:
    """(K,) lowest index that shares each one's group."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    return np.asarray(first[inverse], dtype=np.int64)


def _chance_nats(joint: npt.NDArray[np.float64], num_pairs: int | None) -> float:
    """Information expected from finite sampling alone (Miller and Madow 1955), from the cells that the pairs are expected to fill.

    A symmetrised joint has K(K-1)/2 free cells beside its marginal, so independent views of many pairs N give K(K-1) / 4N nats; the
    usual (K-1)² / 2N is for a joint that is not symmetrised, and far too much for one that is nearly diagonal.
    """
    if not num_pairs:
        return 0.0
    counts = joint * num_pairs
    cells = np.concatenate([np.diag(counts), 2 * counts[np.triu_indices(len(joint), 1)]])
    filled = (1 - np.exp(-cells)).sum() - (1 - np.exp(-counts.sum(axis=1))).sum()
    return max(0.0, float(filled)) / (2 * num_pairs)


def _indices(mask: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(one) for one in np.flatnonzero(mask))


def _relative_costs(tree: MergeTree, depth: int, measure: Measure) -> npt.NDArray[np.float64]:
    """(depth-1,) cost of the merge that starts from k = 2…depth clusters, as a multiple of its cost under an even spread."""
    information = np.maximum(tree.information - tree.chance, _EMPTY)[-depth:][::-1]
    scale = np.log(np.arange(1, depth + 1)) if measure == "even" else np.maximum(tree.entropy[-depth:][::-1], _EMPTY)
    information[0], scale[0] = 0.0, 0.0
    per_scale = information[1:] / scale[1:]
    return np.asarray(np.diff(information) / (np.maximum(np.diff(scale), _EMPTY) * per_scale))


def _candidates(trees: Sequence[MergeTree], depth: int, most: int) -> tuple[Candidate, ...]:
    """The best numbers of clusters by either measure, not crowded together, best first."""
    found = []
    measures: tuple[Measure, ...] = ("even", "real")
    for measure in measures:
        costs = np.array([_relative_costs(tree, depth, measure) for tree in trees])
        found += [_candidate(trees, costs, num_clusters, measure) for num_clusters in range(2, most + 1)]
    found.sort(key=lambda one: (one.certainty == "none", -one.drop))
    apart: list[Candidate] = []
    for one in found:
        if all(abs(one.num_clusters - other.num_clusters) > _window(other.num_clusters) for other in apart):
            apart.append(one)
    return tuple(apart[:_NUM_CANDIDATES])


def _window(num_clusters: int) -> int:
    """Merges to average on either side."""
    return max(1, round(num_clusters / 6))


def _candidate(trees: Sequence[MergeTree], costs: npt.NDArray[np.float64], num_clusters: int, measure: Measure) -> Candidate:
    """`costs`: (H, depth-1) from `_relative_costs`."""
    at, width = num_clusters - 2, _window(num_clusters)
    below = costs[:, max(0, at - width + 1) : at + 1].mean(axis=1)
    # Kinds of even size that merge two by two have a drop at half their number; over the whole way from 2K to K that evens out.
    above = np.maximum(costs[:, at + 1 : at + 1 + width].mean(axis=1), costs[:, at + 1 : at + 1 + num_clusters].mean(axis=1))
    drops = below - above
    spread = float(drops.std(ddof=1)) / len(drops) ** 0.5 if len(drops) > 1 else 0.0
    kept = np.mean([tree.information[-num_clusters] / max(tree.information[0], _EMPTY) for tree in trees])
    return Candidate(num_clusters, float(drops.mean()), spread, measure, float(below.mean()), float(above.mean()), float(kept))


def _why(best: Candidate) -> str:
    sure = "stands out clearly" if best.certainty == "clear" else "stands out a little"
    against, supposing = "if all distinctions were equally real", ""
    if best.measure == "even":
        against, supposing = "if the information were spread evenly", " This supposes kinds of about even size."
    return (
        f"{best.num_clusters} {sure}: merging down to it costs {best.cost_above:.0%} of what it would {against}, merging on from it "
        f"{best.cost_below:.0%}. {best.num_clusters} clusters keep {best.information_kept:.0%} of the information.{supposing}"
    )


def _nothing_stands_out(trees: Sequence[MergeTree], depth: int, most: int) -> str:
    tail = float(np.mean([_relative_costs(tree, depth, "even")[most - 1 :].mean() for tree in trees]))
    if tail >= _STILL_TELLING:
        return (
            f"No number of clusters up to {most} stands out, and each further cluster still tells as much as those before: "
            "there may be more kinds. Train again with more clusters."
        )
    return f"No number of clusters up to {most} stands out: merging costs more and more without a jump. Choose by eye, or by what you need."
