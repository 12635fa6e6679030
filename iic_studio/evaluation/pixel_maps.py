"""From clusters of pixels to classes by a few labelled pixels, one class for each cluster, so that a mask of clusters is a mask of classes.

Pixels of one picture are alike: a label beside another one tells little more. So each label is judged by a map that was made without any
label of its picture, and labels of one picture stand or fall together in the interval.
Known weakness: a class that was labelled in one picture only is always judged as wrong there.
"""

from dataclasses import dataclass, replace

import numpy as np

from iic_studio.evaluation.class_maps import NO_CLASS, ClassMap, Doubles, Hand, Heads, Method, even_prior, gather, make_map
from iic_studio.evaluation.label_estimate import Judged, folds_of
from iic_studio.records import FloatArray, IntArray

# In the order of preference where nothing tells them apart.
PIXEL_METHODS: tuple[Method, ...] = ("many-to-one", "one-to-one", "overclusters")
_OF_MAIN: Method = "many-to-one"
_OF_OVER: Method = "overclusters"


@dataclass(frozen=True, eq=False)
class PixelMapper:
    """Makes maps of labelled pixels.

    Attributes:
        heads: what a model says of N pixels, the L labelled ones first.
        classes: (L,) 0…C-1.
        images: (L,) of the labels.
        num_classes: C.
        hand: clusters that a person mapped; in every map they stay so.
    """

    heads: Heads
    classes: IntArray
    images: IntArray
    num_classes: int
    hand: Hand | None = None

    def methods(self) -> tuple[Method, ...]:
        """Those that there is something for."""
        return PIXEL_METHODS if self.heads.over is not None else PIXEL_METHODS[:2]

    @property
    def num_images(self) -> int:
        """How many pictures have a label."""
        return len(np.unique(self.images))

    def make(self, method: Method, rows: IntArray | None = None) -> ClassMap:
        """The map of some labels, or of all; its `hard` is what holds, with what a person mapped and what finer clusters inherit."""
        rows = np.arange(len(self.classes)) if rows is None else rows
        made = self._by_labels(method, rows)
        hard = made.hard
        if method == _OF_OVER:
            hard = np.where(hard >= 0, hard, self._of_home(self._by_labels(_OF_MAIN, rows).hard))
        if self.hand is not None:
            said = self.hand.main
            if method == _OF_OVER:
                said = np.where(self.hand.over >= 0, self.hand.over, self._of_home(said))
            hard = np.where(said >= 0, said, hard)
        return replace(made, hard=hard)

    def _by_labels(self, method: Method, rows: IntArray) -> ClassMap:
        some = self.heads.part(rows)
        return make_map(gather(method, some, self.classes[rows], self.num_classes), self.heads, even_prior(self.num_classes))

    def _of_home(self, of_main: IntArray) -> IntArray:
        """(M,) class of the main cluster that most pixels of each finer cluster are in; none for finer clusters that no pixel is in."""
        assert self.heads.over is not None, "there are finer clusters"
        there = np.bincount(self.heads.over[self.heads.over >= 0], minlength=self.heads.num_overclusters) > 0
        return np.where(there, of_main[self.heads.means.argmax(axis=1)], NO_CLASS)

    def judge(self, method: Method, weights: Doubles) -> Judged:
        """Cross-validate a map by pictures. With labels in one picture only nothing is judged: all weights are 0 then."""
        count = len(self.classes)
        _, unit = np.unique(self.images, return_inverse=True)
        fold = folds_of(self.num_images)[unit] if count else np.zeros(0, np.int64)
        found, scores = np.full(count, NO_CLASS, np.int64), np.zeros(count, np.float32)
        whole, _ = told(self.make(method), self.heads.part(np.arange(count)))
        for number in np.unique(fold) if self.num_images > 1 else ():
            rows = np.flatnonzero(fold == number)
            made = self.make(method, np.flatnonzero(fold != number))
            found[rows], scores[rows] = told(made, self.heads.part(rows))
        counted = weights * (self.num_images > 1)
        return Judged(self.classes, found, scores, counted, whole != found, unit)


def told(made: ClassMap, heads: Heads) -> tuple[IntArray, FloatArray]:
    """(N,) class of each pixel by its cluster, `NO_CLASS` for none, and (N,) the share of that class in the cluster."""
    clusters = heads.clusters(made.method)
    found = np.where(clusters >= 0, made.hard[clusters], NO_CLASS)
    shares = made.table[clusters, np.maximum(found, 0)]
    return found, np.where(found >= 0, shares, 0).astype(np.float32)
