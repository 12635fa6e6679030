"""The groups of pixels as classes: what labelled pixels make of a run, and how right it is on the whole.

As `classes.classify` for images, but one class for each cluster: only few pixels are looked at one by one, a mask has millions.
"""

from dataclasses import dataclass

import numpy as np

from iic_studio.curation.classes import by_hand, choose, codes_of
from iic_studio.curation.curated import Curated
from iic_studio.curation.labels import FROM_QUEUE, METHOD, ImageClass
from iic_studio.curation.pixel_labels import PixelLabels
from iic_studio.evaluation.class_maps import NO_CLASS, ClassMap, Heads
from iic_studio.evaluation.label_estimate import Estimate, Judged, Share, estimate, share
from iic_studio.evaluation.matching import contingency
from iic_studio.evaluation.pixel_maps import PixelMapper
from iic_studio.records import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Sampled:
    """What a run says of labelled pixels, and of others of the same pictures that nobody chose.

    Attributes:
        places: (L, 3) image, column, line of each that could be looked at.
        main: (L, K) probabilities of the clusters.
        over: (L,) overcluster; None for a run without.
        num_overclusters: of the run.
        around_main, around_over: (B, K) and (B,) of the others.
        lost: labelled pixels that could not be looked at: their picture is gone or cannot be read, or is smaller now.
    """

    places: IntArray
    main: FloatArray
    over: IntArray | None
    num_overclusters: int
    around_main: FloatArray
    around_over: IntArray | None
    lost: int = 0


@dataclass(frozen=True, eq=False)
class PixelClassified:
    """Clusters of pixels with classes.

    Attributes:
        classes: the C classes, in the order of their numbers here.
        method: how clusters become classes; one of `PIXEL_METHODS`.
        is_chosen_by_person: the method; else cross-validation chose it.
        made: the map; its `hard` is the class of each group, or of each overcluster.
        heads: of the labelled pixels and those around, the labelled ones first.
        labels: (L,) the labels that could be looked at, aligned with the first rows of `heads`.
        judged: these labels beside what was found for them without those of their picture.
        estimate: how right the classes of all pixels are.
        label_counts: (G, C) labels in each group.
        compared: accuracy of every method that was tried.
        num_images: how many pictures have a label.
        is_assumed: the estimate takes labels from a file for a random sample.
        lost: labels that could not be looked at.
    """

    classes: tuple[ImageClass, ...]
    method: str
    is_chosen_by_person: bool
    made: ClassMap
    heads: Heads
    labels: PixelLabels
    judged: Judged
    estimate: Estimate
    label_counts: IntArray
    compared: dict[str, Share]
    num_images: int
    is_assumed: bool
    lost: int

    @property
    def of_overclusters(self) -> bool:
        """Whether finer clusters are what is mapped."""
        return self.method == "overclusters"

    @property
    def num_right(self) -> int:
        """Labels that get their class from those of other pictures."""
        return int(self.judged.right.sum()) if self.num_images > 1 else 0

    def flow(self) -> IntArray:
        """(G, C + 1) pixels looked at of each group by the class they get; the last column is none."""
        clusters = self.heads.clusters(self.made.method)
        found = np.where(clusters >= 0, self.made.hard[clusters], NO_CLASS)
        count = len(self.classes)
        return contingency(self.heads.main, np.where(found >= 0, found, count), self.heads.num_clusters, count + 1)


def pixel_heads(curated: Curated, sampled: Sampled) -> Heads:
    """What a run says of pixels, in terms of the groups: the labelled ones, then the others."""
    by_cluster = np.concatenate([sampled.main, sampled.around_main]).astype(np.float32)
    of_cluster = curated.grouping.of_cluster
    by_group = np.zeros((len(by_cluster), len(curated.groups)), np.float32)
    for cluster, group in enumerate(of_cluster.tolist()):
        by_group[:, group] += by_cluster[:, cluster]
    over = None
    if sampled.over is not None and sampled.around_over is not None:
        over = np.concatenate([sampled.over, sampled.around_over])
    main = of_cluster[by_cluster.argmax(axis=1)] if len(by_cluster) else np.zeros(0, np.int64)
    return Heads.of(by_group, main, over, sampled.num_overclusters if over is not None else 0)


def classify_pixels(curated: Curated, sampled: Sampled) -> PixelClassified | None:
    """The classes of all clusters; None while nobody named any."""
    known = curated.curation.known
    classes, heads = tuple(known.classes.values()), pixel_heads(curated, sampled)
    labels = _aligned(known.pixels, sampled.places)
    hand = by_hand(curated, known, heads, classes)
    if not classes or (not len(labels) and hand is None):
        return None
    codes = codes_of(classes, labels.classes)
    mapper = PixelMapper(heads, codes, labels.images, len(classes), hand)
    methods = mapper.methods()
    judged = {method: mapper.judge(method, labels.weights) for method in methods}
    wanted = known.settings.get(METHOD, "")
    method = next((one for one in methods if one == wanted), None) or choose(judged)
    return PixelClassified(
        classes=classes,
        method=method,
        is_chosen_by_person=wanted == method,
        made=mapper.make(method),
        heads=heads,
        labels=labels,
        judged=judged[method],
        estimate=estimate(judged[method], len(classes)),
        label_counts=contingency(heads.main[: len(labels)], codes, heads.num_clusters, len(classes)),
        compared={one: share(judged[one]) for one in methods},
        num_images=mapper.num_images,
        is_assumed=bool(((labels.origins != FROM_QUEUE) & (labels.weights > 0)).any()),
        lost=sampled.lost,
    )


def _aligned(labels: PixelLabels, places: IntArray) -> PixelLabels:
    """The labels of these places, in this order."""
    number = {tuple(place): row for row, place in enumerate(labels.places.tolist())}
    return labels.part(np.array([number[tuple(place)] for place in places.tolist()], np.int64))
