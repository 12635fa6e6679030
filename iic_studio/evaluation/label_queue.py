"""Which image to label next, and why.

First each cluster without a name shows a typical image, the biggest cluster first: one of middling sureness from its largest part, because
the surest images of a mixed cluster are its extremes. Then images are drawn at random, but more often
from (over)clusters where a label is expected to mend most: many images, and labels, sub-heads or main clusters that do not agree. How much
more often is kept as a weight, so that the same labels give an honest estimate; what was shown for being typical has the weight 0.

Known weakness: what a label would mend is told cluster by cluster; two clusters of the same look are asked for both.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from iic_studio.evaluation.class_maps import Doubles, Heads, Method, even_prior, gather, make_map
from iic_studio.records import FloatArray, IntArray

PROTOTYPE, UNNAMED_PART, DISAGREE, DISPUTED, AT_RANDOM = "prototype", "unnamed-part", "disagree", "disputed", "at-random"
REASONS = {
    PROTOTYPE: "prototype of the biggest unnamed cluster",
    UNNAMED_PART: "part of a cluster that has no label yet",
    DISAGREE: "sub-heads disagree",
    DISPUTED: "the map is disputed here",
    AT_RANDOM: "drawn at random, to check the map",
}

_EVEN_SHARE = 0.3  # of the draws that go to all images alike: no weight exceeds 1 / 0.3
_SMALLEST = 0.05  # of the mean size: smaller clusters get no prototype
_LEAST_DOUBT = 0.02
_MIDDLING = 0.6  # share of a part that is less sure than its typical image


@dataclass(frozen=True)
class Suggestion:
    """An image to label next: its row, why (a key of `REASONS`), its (over)cluster, and the weight of its label in estimates."""

    row: int
    reason: str
    cluster: int
    weight: float


@dataclass(frozen=True, eq=False)
class Asked:
    """What is known before a question.

    Attributes:
        heads: of N images.
        sureness: (N,) how sure the model is of each image.
        agreement: (N,) share of the sub-heads that agree, 0–1.
        open: (N,) images that may be asked for: nobody has said anything of them.
        rows, classes: (L,) labelled images and their classes.
        num_classes: C.
    """

    heads: Heads
    sureness: FloatArray
    agreement: FloatArray
    open: np.ndarray
    rows: IntArray
    classes: IntArray
    num_classes: int


def suggest(asked: Asked, count: int, seed: int = 0) -> list[Suggestion]:
    """The next images, as many as there are or `count`; the same for the same state and seed."""
    found: list[Suggestion] = []
    rng = np.random.default_rng((seed, len(asked.rows), int(asked.open.sum())))
    for one in _prototypes(asked):
        if len(found) == count:
            return found
        found.append(one)
    taken = np.array([one.row for one in found], np.int64)
    return found + list(_draws(asked, count - len(found), taken, rng))


def _prototypes(asked: Asked) -> Iterator[Suggestion]:
    heads = asked.heads
    known = heads.main >= 0
    sizes = np.bincount(heads.main[known], minlength=heads.num_clusters)
    named = np.zeros(heads.num_clusters, np.bool_)
    named[heads.main[asked.rows][heads.main[asked.rows] >= 0]] = True
    for cluster in np.argsort(-sizes, kind="stable").tolist():
        if not named[cluster] and sizes[cluster] > _SMALLEST * sizes.mean():
            candidates = np.flatnonzero(asked.open & (heads.main == cluster))
            if len(candidates):
                yield Suggestion(_typical(asked, candidates), PROTOTYPE, cluster, 0.0)


def _typical(asked: Asked, candidates: IntArray) -> int:
    """The image of middling sureness in the largest part of a cluster."""
    if asked.heads.over is not None:
        parts = asked.heads.over[candidates]
        if (parts >= 0).any():
            candidates = candidates[parts == np.bincount(parts[parts >= 0]).argmax()]
    return int(candidates[np.argsort(asked.sureness[candidates], kind="stable")[int(_MIDDLING * len(candidates))]])


def _draws(asked: Asked, count: int, taken: IntArray, rng: np.random.Generator) -> Iterator[Suggestion]:
    heads = asked.heads
    method: Method = "bayes" if heads.over is None else "bayes-both"
    clusters = heads.clusters("overclusters" if heads.over is not None else "many-to-one")
    free = asked.open & (clusters >= 0)
    free[taken] = False
    members = np.flatnonzero(free)
    members = members[np.argsort(clusters[members], kind="stable")]
    num = heads.num_overclusters if heads.over is not None else heads.num_clusters
    bounds = np.searchsorted(clusters[members], np.arange(num + 1))
    evidence = gather(method, heads.part(asked.rows), asked.classes, asked.num_classes)
    table = make_map(evidence, heads, even_prior(asked.num_classes)).table
    labels = np.bincount(clusters[asked.rows][clusters[asked.rows] >= 0], minlength=num).astype(np.float64)
    agreement = _means(asked.agreement, clusters, num)
    doubt = np.maximum(1 - table.max(axis=1, initial=0), np.maximum(1 - agreement, _LEAST_DOUBT))
    for _ in range(min(count, len(members))):
        left = np.diff(bounds).astype(np.float64)
        shares = left / left.sum()
        gain = shares * np.sqrt(doubt * (1 - doubt) / (labels + 2))
        chances = _EVEN_SHARE * shares + (1 - _EVEN_SHARE) * gain / gain.sum()
        cluster = int(rng.choice(num, p=chances / chances.sum()))
        place = int(rng.integers(bounds[cluster], bounds[cluster + 1]))
        row = int(members[place])
        reason = _reason(cluster, evidence.counts[cluster], table[cluster], labels[cluster], agreement, chances[cluster] > shares[cluster])
        yield Suggestion(row, reason, cluster, float(shares[cluster] / chances[cluster]))
        members = np.delete(members, place)
        bounds[cluster + 1 :] -= 1
        labels[cluster] += 1


def _reason(cluster: int, counts: IntArray, shares: Doubles, labels: float, agreement: Doubles, is_wanted: bool) -> str:
    """Why a cluster came up; `is_wanted`: more often than by its size."""
    if not is_wanted:
        return AT_RANDOM
    if not labels:
        return UNNAMED_PART
    if (counts > 0).sum() > 1 or (counts.sum() and counts.argmax() != shares.argmax()):
        return DISPUTED
    return DISAGREE if agreement[cluster] < np.median(agreement) else UNNAMED_PART if labels < 2 else AT_RANDOM


def _means(values: FloatArray, clusters: IntArray, num: int) -> Doubles:
    """(num,) mean value in each cluster; 1 in an empty one."""
    known = clusters >= 0
    sizes = np.bincount(clusters[known], minlength=num)
    sums = np.bincount(clusters[known], weights=values[known], minlength=num)
    return np.where(sizes > 0, sums / np.maximum(sizes, 1), 1.0)
