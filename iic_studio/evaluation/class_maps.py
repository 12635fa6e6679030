"""From clusters to classes by a few labels: which class each cluster stands for, and how likely each class is for each image.

Every method ends in one table, the share of each class in each cluster, estimated with a prior so that a cluster with one label is not
taken for pure. The hard methods give an image the class of its cluster; Bayes' rule weighs all clusters an image may belong to. With both
heads the main clusters are the prior of the overclusters: with few labels the main clusters decide, with many the finer ones do.
Source: IIC paper, section 4.2, for the two hard maps.

Known weakness: a cluster that holds two classes gives all its images the larger one, however many labels there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.records import FloatArray, IntArray

Method = Literal["bayes-both", "bayes", "one-to-one", "many-to-one", "overclusters"]
# In the order of preference where nothing tells them apart.
METHODS: tuple[Method, ...] = ("bayes-both", "bayes", "many-to-one", "one-to-one", "overclusters")
SOFT: tuple[Method, ...] = ("bayes-both", "bayes")
OF_OVERCLUSTERS: tuple[Method, ...] = ("bayes-both", "overclusters")
NO_CLASS = -1

_STRENGTH = 1.0  # what the prior counts for, in labels
_STRENGTH_OF_MAIN = 2.0  # what the main clusters count for in an overcluster
_TIE_BREAK = 1e-6
_SURE_BY_HAND = 0.95
_NO_LABEL = 1e-6  # what taking labels out again leaves of a sum

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Heads:
    """What a model says of N images.

    Attributes:
        probabilities: (N, K) of the main clusters, rows sum to 1; one cluster alone where a person put the image there.
        main: (N,) main cluster of each; -1 for none.
        over: (N,) overcluster of each, -1 for none; None when there are no overclusters.
        num_overclusters: of them.
        means: (M, K) mean probabilities of the images of each overcluster, so that they need not be computed for each map.
    """

    probabilities: FloatArray
    main: IntArray
    over: IntArray | None
    num_overclusters: int
    means: Doubles

    @classmethod
    def of(cls, probabilities: FloatArray, main: IntArray, over: IntArray | None, num_overclusters: int = 0) -> "Heads":
        """With the means computed."""
        means = np.zeros((num_overclusters, probabilities.shape[1]))
        if over is not None:
            known = over >= 0
            where = over[known]
            for cluster in range(probabilities.shape[1]):
                weights = probabilities[known, cluster]
                means[:, cluster] = np.bincount(where, weights=weights, minlength=num_overclusters)
            sizes = np.bincount(where, minlength=num_overclusters)
            means /= np.maximum(sizes, 1)[:, None]
            means[sizes == 0] = 1 / max(probabilities.shape[1], 1)
        return cls(probabilities, main, over, num_overclusters, means)

    @property
    def num_clusters(self) -> int:
        """K."""
        return int(self.probabilities.shape[1])

    def part(self, rows: IntArray | slice) -> "Heads":
        """Some of the images, of a slice without copying them; the means stay those of all."""
        over = None if self.over is None else self.over[rows]
        return replace(self, probabilities=self.probabilities[rows], main=self.main[rows], over=over)

    def clusters(self, method: Method) -> IntArray:
        """(N,) the clusters that a method maps."""
        if method in OF_OVERCLUSTERS:
            assert self.over is not None, "there are overclusters"
            return self.over
        return self.main

    def size(self, method: Method) -> int:
        """How many clusters a method maps."""
        return self.num_overclusters if method in OF_OVERCLUSTERS else self.num_clusters

    def methods(self) -> tuple[Method, ...]:
        """Those that these heads allow."""
        return tuple(one for one in METHODS if self.over is not None or one not in OF_OVERCLUSTERS)


@dataclass(frozen=True, eq=False)
class ClassMap:
    """A map from clusters to C classes.

    Attributes:
        method: one of `METHODS`.
        table: (K, C) or (M, C) estimated share of each class in each cluster, rows sum to 1.
        hard: (K,) or (M,) class of each cluster, `NO_CLASS` for one without; of Bayes' rule the likeliest.
        counts: (K, C) or (M, C) labels of each class in each cluster.
        of_main: (K, C) shares of the classes in the main clusters.
        seen: (C,) classes that have a label. Others keep their share, but no image is found for them: all of them would be as likely.
    """

    method: Method
    table: Doubles
    hard: IntArray
    counts: IntArray
    of_main: Doubles
    seen: npt.NDArray[np.bool_]

    @property
    def unlabelled(self) -> IntArray:
        """Clusters without any label."""
        return np.flatnonzero(self.counts.sum(axis=1) == 0)

    @property
    def ties(self) -> IntArray:
        """Clusters in which two classes have most labels."""
        most = self.counts.max(axis=1, initial=0)
        return np.flatnonzero((most > 0) & ((self.counts == most[:, None]).sum(axis=1) > 1))

    def predict(self, heads: Heads) -> tuple[IntArray, FloatArray]:
        """(N,) class of each image, `NO_CLASS` for none, and (N,) how likely it is by the labels alone."""
        clusters, at = heads.clusters(self.method), np.arange(len(heads.main))
        # Classes by images: sums and maxima then run over memory in one go.
        by_class = self.of_main.T.astype(np.float32) @ heads.probabilities.T
        if self.method in OF_OVERCLUSTERS:
            # The last row is for images without an overcluster: of them the main clusters alone speak.
            counts = np.append(self.counts, np.zeros((1, len(by_class)), np.int64), axis=0).astype(np.float32)
            if self.method == "overclusters":
                hard = np.append(self.hard, NO_CLASS)[clusters]
                shares = np.append(self.table, np.zeros((1, len(by_class))), axis=0)[clusters, np.maximum(hard, 0)]
                by_main = self._likeliest(by_class)
                found = np.where(clusters >= 0, hard, by_main)
                scores = np.where(clusters >= 0, shares, by_class[by_main, at])
                return self._told(found, scores, heads.main)
            by_class = (_STRENGTH_OF_MAIN * by_class + counts.T[:, clusters]) / (_STRENGTH_OF_MAIN + counts.sum(axis=1)[clusters])
        found = self._likeliest(by_class) if self.method in SOFT else self.hard[clusters]
        # Of a hard map: the class of its cluster, and how likely that class is when the image's other clusters count too.
        return self._told(found, by_class[np.maximum(found, 0), at], heads.main)

    def _likeliest(self, by_class: FloatArray) -> IntArray:
        """(N,) the likeliest of the classes that have a label, of (C, N) shares."""
        if self.seen.all() or not self.seen.any():
            return _best_rows(by_class)
        found: IntArray = np.flatnonzero(self.seen)[_best_rows(by_class[self.seen])]
        return found

    @staticmethod
    def _told(found: IntArray, scores: npt.NDArray[np.floating], main: IntArray) -> tuple[IntArray, FloatArray]:
        found = np.where(main >= 0, found, NO_CLASS)
        return found, np.where(found >= 0, scores, 0).astype(np.float32)


def _best_rows(values: FloatArray) -> IntArray:
    """(N,) row of the largest value in each column of (C, N), the first of equal ones; far quicker than argmax across rows."""
    best, found = values[0].copy(), np.zeros(values.shape[1], np.int64)
    for row, line in enumerate(values[1:], start=1):
        higher = line > best
        np.copyto(best, line, where=higher)
        np.copyto(found, row, where=higher)
    return found


@dataclass(frozen=True, eq=False)
class Hand:
    """Clusters that a person mapped: (K,) and (M,) classes, `NO_CLASS` where the labels decide."""

    main: IntArray
    over: IntArray

    def correct(self, found: IntArray, scores: FloatArray, heads: Heads) -> tuple[IntArray, FloatArray]:
        """Classes and scores of images as corrected; an overcluster goes before its main cluster."""
        said = np.append(self.main, NO_CLASS)[heads.main]
        if heads.over is not None:
            finer = np.append(self.over, NO_CLASS)[heads.over]
            said = np.where((finer >= 0) & (heads.main >= 0), finer, said)
        return np.where(said >= 0, said, found), np.where(said >= 0, np.float32(_SURE_BY_HAND), scores)


@dataclass(frozen=True, eq=False)
class Evidence:
    """Labels summed up for one method, so that some can be taken out again without looking at all images.

    Attributes:
        counts: (K, C) or (M, C) labels in each cluster.
        soft: (K, C) probabilities of the labelled images, summed by class.
    """

    method: Method
    counts: IntArray
    soft: Doubles

    def less(self, other: "Evidence") -> "Evidence":
        """Without some of the labels."""
        return Evidence(self.method, self.counts - other.counts, self.soft - other.soft)


def gather(method: Method, labelled: Heads, classes: IntArray, num_classes: int) -> Evidence:
    """Sum labels up.

    Args:
        labelled: (L) images that have a label.
        classes: (L,) 0…C-1.
    """
    clusters = labelled.clusters(method)
    known = clusters >= 0
    counts = contingency(clusters[known], classes[known], labelled.size(method), num_classes)
    soft = np.zeros((labelled.num_clusters, num_classes))
    for cluster, likely in enumerate(labelled.probabilities.T):  # many times faster than adding row by row
        soft[cluster] = np.bincount(classes, weights=likely, minlength=num_classes)
    return Evidence(method, counts, soft)


def even_prior(num_classes: int) -> Doubles:
    """(C,) all classes alike."""
    return np.full(num_classes, 1 / num_classes)


def prior_of(classes: IntArray, num_classes: int) -> Doubles:
    """(C,) as often as they were labelled, none of them never."""
    counts = np.bincount(classes, minlength=num_classes) + 1.0
    return np.asarray(counts / counts.sum(), np.float64)


def make_map(evidence: Evidence, heads: Heads, prior: Sequence[float] | Doubles) -> ClassMap:
    """The map that labels make.

    Args:
        evidence: the labels.
        heads: for the means of overclusters.
        prior: (C,) share of each class before any label, sums to 1.
    """
    prior = np.asarray(prior, np.float64)
    counts, method = evidence.counts, evidence.method
    soft_table = _posterior(np.maximum(evidence.soft, 0), prior[None, :], _STRENGTH)
    seen = evidence.soft.sum(axis=0) > _NO_LABEL
    if method == "bayes":
        return ClassMap(method, soft_table, _likeliest_of(soft_table, seen), counts, soft_table, seen)
    if method == "bayes-both":
        table = _posterior(counts, heads.means @ soft_table, _STRENGTH_OF_MAIN)
        return ClassMap(method, table, _likeliest_of(table, seen), counts, soft_table, seen)
    # Where as many labels speak for one class as for another, the images' other clusters and then the prior decide.
    finer = soft_table if method != "overclusters" else heads.means @ soft_table
    wanted = counts + _TIE_BREAK * finer
    hard = _best_pairs(wanted, counts) if method == "one-to-one" else np.asarray(wanted.argmax(axis=1), np.int64)
    hard = np.where(counts.sum(axis=1) > 0, hard, NO_CLASS) if method != "one-to-one" else hard
    table = _posterior(counts, prior[None, :], _STRENGTH)
    return ClassMap(method, table, hard, counts, soft_table if method == "overclusters" else table, seen)


def _likeliest_of(table: Doubles, seen: npt.NDArray[np.bool_]) -> IntArray:
    """The likeliest class of each cluster, of those that have a label."""
    return np.asarray(np.where(seen | ~seen.any(), table, -1.0).argmax(axis=1), np.int64)


def _best_pairs(wanted: Doubles, counts: IntArray) -> IntArray:
    """The best one-to-one map; pairs that no label speaks for are left out."""
    match = hungarian_match(wanted)
    rows = np.flatnonzero(match >= 0)
    match[rows[counts[rows, match[rows]] == 0]] = NO_CLASS
    return match


def _posterior(counts: npt.NDArray[np.floating] | IntArray, prior: Doubles, strength: float) -> Doubles:
    """(K, C) mean of the Dirichlet distribution of each cluster's classes."""
    return np.asarray((counts + strength * prior) / (counts.sum(axis=1, keepdims=True) + strength * prior.sum(axis=1, keepdims=True)))
