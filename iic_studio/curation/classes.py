"""The groups of a project as classes: what labels make of a run, how sure it is of each image, and how right it is on the whole.

`classify` is a pure function from groups and labels to arrays aligned with the images of the groups. It is quick enough to be called after
each label: what does not change with labels lies in `Heads`, which the caller keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from iic_studio.curation.curated import Curated, places_of
from iic_studio.curation.labels import FROM_QUEUE, GROUPS, METHOD, PRIOR, ClassFacts, ImageClass
from iic_studio.evaluation.class_maps import (
    NO_CLASS,
    OF_OVERCLUSTERS,
    ClassMap,
    Hand,
    Heads,
    Method,
    even_prior,
    gather,
    make_map,
    prior_of,
)
from iic_studio.evaluation.label_estimate import Estimate, Judged, Share, better, calibrate, estimate, judge, share, with_known
from iic_studio.evaluation.label_queue import Asked
from iic_studio.evaluation.matching import contingency
from iic_studio.project.arrays import kept_arrays
from iic_studio.records import FloatArray, IntArray

_CLEARLY = 2.0  # standard errors by which another map must be better than the first
_FROM_LABELS = "labels"
Way = TypeVar("Way", bound=str)


@dataclass(frozen=True, eq=False)
class Learned:
    """Classes by something that learned from the labels itself, kept beside the run.

    Attributes:
        method: what learned.
        uids: (C,) of the classes.
        image_ids, found, scores: (N,) images, place of their class in `uids`, its probability.
        judged_ids, judged_found, judged_scores: (L,) the labelled images as seen by what learned without them.
        consistency: weight of images without a label in the learning.
    """

    method: str
    uids: IntArray
    image_ids: IntArray
    found: IntArray
    scores: FloatArray
    judged_ids: IntArray
    judged_found: IntArray
    judged_scores: FloatArray
    consistency: float = 0.0


@dataclass(frozen=True, eq=False)
class Classified:
    """Images with classes.

    Attributes:
        classes: the C classes, in the order of their numbers here.
        method: how classes were found; one of `METHODS`, or that of `Learned`.
        is_chosen_by_person: the method; else cross-validation chose it.
        made: the map from clusters; None when something else learned.
        found: (N,) class of each image of the groups, `NO_CLASS` for none.
        probability: (N,) calibrated probability that it is right; 0 for none.
        judged: labels beside what was found for them without them.
        judged_ids: (L,) the images of these labels.
        estimate: how right the classes are.
        label_counts: (G, C) labels in each group.
        compared: accuracy of every method that was tried.
        truth: share that is right of the images whose truth is known; None when there is none. No label took part in it, and it took no
            part in anything.
        is_assumed: the estimate takes labels from a file for a random sample.
    """

    classes: tuple[ImageClass, ...]
    method: str
    is_chosen_by_person: bool
    made: ClassMap | None
    found: IntArray
    probability: FloatArray
    judged: Judged
    judged_ids: IntArray
    estimate: Estimate
    label_counts: IntArray
    compared: dict[str, Share]
    truth: Share | None
    is_assumed: bool

    def names(self) -> list[str]:
        """(N,) class names; empty for none."""
        names = [one.name for one in self.classes]
        return [names[one] if one >= 0 else "" for one in self.found.tolist()]


def load_overclusters(run_folder: Path) -> tuple[IntArray, IntArray] | None:
    """(N,) ids and overclusters of a finished run; None when it has none."""
    found = kept_arrays(run_folder / "overclusters.npz", "reading the finer clusters", "image_ids", "assignment")
    return (found["image_ids"], found["assignment"]) if len(found) == 2 else None


def heads_of(curated: Curated, overclusters: tuple[IntArray, IntArray] | None) -> Heads:
    """What a run says of the images of the groups, as corrected by people: whom they moved is sure of its group and has no overcluster."""
    main = np.where(curated.excluded, -1, curated.group)
    probabilities, count = curated.probabilities, len(curated.groups)
    moved = np.flatnonzero((main >= 0) & (main != curated.home))
    if len(moved):
        probabilities = probabilities.copy()
        probabilities[moved] = np.eye(count, dtype=np.float32)[main[moved]]
    over, num = None, 0
    if overclusters is not None:
        ids, assignment = overclusters
        places = places_of(ids, curated.image_ids)
        over = np.where((places >= 0) & (main >= 0), assignment[np.maximum(places, 0)], -1) if len(ids) else None
        num = 1 + int(assignment.max(initial=-1))
        if over is not None and len(moved):
            over[moved] = -1
    return Heads.of(probabilities, main, over, num)


def classify(curated: Curated, heads: Heads, learned: Learned | None = None) -> Classified | None:
    """The classes of all images; None while nobody named any.

    Args:
        heads: of `heads_of`, for the same groups.
        learned: used if it was chosen.
    """
    known = curated.curation.known
    classes = tuple(known.classes.values())
    labels = known.labels.named
    places = places_of(curated.image_ids, labels.images)
    usable = (places >= 0) & (heads.main[places] >= 0) if len(heads.main) else np.zeros(len(places), np.bool_)
    rows, uids, weights = places[usable], labels.classes[usable], labels.weights[usable]
    hand = by_hand(curated, known, heads, classes)
    if not len(rows) and hand is None:
        return None
    codes = codes_of(classes, uids)
    if len(np.unique(uids)) == 1:  # nobody was asked to tell anything apart, so these are no sample of all pictures
        weights = np.zeros_like(weights)
    assumed = bool(((labels.origins[usable] != FROM_QUEUE) & (weights > 0)).any())
    judges = _Judges(heads, rows, codes, weights, len(classes), known.settings.get(PRIOR, ""), hand)
    wanted = known.settings.get(METHOD, "")
    if learned is not None and wanted == learned.method:
        return _as_learned(curated, classes, learned, judges, assumed)
    methods = heads.methods()
    judged = {method: judges.judge(method) for method in methods}
    method = wanted if wanted in methods else choose(judged)
    made = make_map(gather(method, heads.part(rows), codes, len(classes)), heads, judges.prior_now())
    found, scores = made.predict(heads)
    if not len(rows):  # nothing but what a person mapped
        found, scores = np.full_like(found, NO_CLASS), np.zeros_like(scores)
    if hand is not None:
        found, scores = hand.correct(found, scores, heads)
    return Classified(
        classes=classes,
        method=method,
        is_chosen_by_person=wanted in methods,
        made=made,
        found=found,
        probability=calibrate(judged[method])(scores),
        judged=judged[method],
        judged_ids=curated.image_ids[rows],
        estimate=judges.estimate(judged[method], found),
        label_counts=judges.label_counts(),
        compared={one: share(judged[one]) for one in methods},
        truth=_truth(curated, known, classes, found),
        is_assumed=assumed,
    )


def choose(judged: dict[Way, Judged]) -> Way:
    """The way that is best by cross-validation; the first one unless another is clearly better."""
    first = next(iter(judged))
    best = max(judged, key=lambda way: better(judged[way], judged[first]))
    return best if is_clearly_better(judged[best], judged[first]) else first


def is_clearly_better(judged: Judged, than: Judged) -> bool:
    """Whether the difference on the same labels is more than chance would make."""
    return better(judged, than) > _CLEARLY


@dataclass(frozen=True, eq=False)
class _Judges:
    heads: Heads
    rows: IntArray
    codes: IntArray
    weights: npt.NDArray[np.float64]
    num_classes: int
    prior: str
    hand: Hand | None

    def judge(self, method: Method) -> Judged:
        prior = None if self.prior == _FROM_LABELS else even_prior(self.num_classes)
        return judge(method, self.heads.part(self.rows), self.codes, self.num_classes, self.weights, prior=prior, hand=self.hand)

    def estimate(self, judged: Judged, found: IntArray) -> Estimate:
        """How right all images are: those with a label are known, the others are told by cross-validation."""
        count, num_images = len(self.rows), int((self.heads.main >= 0).sum())
        told = estimate(judged, self.num_classes, num_images - count)
        if not count:
            return told
        right = float((found[self.rows] == self.codes).mean())
        return replace(told, accuracy=with_known(told.accuracy, count / num_images, right))

    def label_counts(self) -> IntArray:
        return contingency(self.heads.main[self.rows], self.codes, self.heads.num_clusters, self.num_classes)

    def prior_now(self) -> npt.NDArray[np.float64]:
        return prior_of(self.codes, self.num_classes) if self.prior == _FROM_LABELS else even_prior(self.num_classes)


def codes_of(classes: Sequence[ImageClass], uids: IntArray) -> IntArray:
    """(L,) places of classes by uid; they come in the order of their uids."""
    return np.searchsorted(np.array([one.uid for one in classes], np.int64), uids)


def by_hand(curated: Curated, known: ClassFacts, heads: Heads, classes: Sequence[ImageClass]) -> Hand | None:
    place = {one.uid: number for number, one in enumerate(classes)}
    main, over = np.full(heads.num_clusters, NO_CLASS, np.int64), np.full(heads.num_overclusters, NO_CLASS, np.int64)
    for (run, cluster), uid in known.by_hand.items():
        group = curated.grouping.index_of.get(cluster, -1) if run == GROUPS else -1
        if uid in place and 0 <= group < len(main):
            main[group] = place[uid]
        elif uid in place and run == curated.run and run != GROUPS and 0 <= cluster < len(over):
            over[cluster] = place[uid]
    return Hand(main, over) if (main >= 0).any() or (over >= 0).any() else None


def _truth(curated: Curated, known: ClassFacts, classes: Sequence[ImageClass], found: IntArray) -> Share | None:
    if not len(known.truth):
        return None
    code_of = {one.name: number for number, one in enumerate(classes)}
    codes = np.array([code_of.get(name, NO_CLASS - 1) for name in known.truth.names], np.int64)[known.truth.codes]
    places = places_of(curated.image_ids, known.truth.images)
    there = places >= 0
    told = found[places[there]]
    nothing = np.zeros(int(there.sum()))
    return share(Judged(codes[there], told, nothing.astype(np.float32), nothing + 1.0, nothing > 0))


def _as_learned(curated: Curated, classes: tuple[ImageClass, ...], learned: Learned, judges: _Judges, assumed: bool) -> Classified:
    place = codes_of(classes, learned.uids)
    known = np.isin(learned.uids, [one.uid for one in classes])
    code_of = np.append(np.where(known, place, NO_CLASS), NO_CLASS)
    at = places_of(learned.image_ids, curated.image_ids)
    there = (at >= 0) & (judges.heads.main >= 0)
    found = np.where(there, code_of[learned.found[at]], NO_CLASS)
    scores = np.where(found >= 0, learned.scores[at], 0).astype(np.float32)
    # Labels given since took no part in the learning, so what it says of these images judges it as well.
    seen, rows = places_of(learned.judged_ids, curated.image_ids[judges.rows]), judges.rows
    told = np.where(seen >= 0, code_of[learned.judged_found[seen]], found[rows])
    sure = np.where(seen >= 0, learned.judged_scores[seen], scores[rows]).astype(np.float32)
    judged = Judged(judges.codes, told, sure, judges.weights, np.zeros(len(rows), np.bool_))
    if judges.hand is not None:
        found, scores = judges.hand.correct(found, scores, judges.heads)
    return Classified(
        classes=classes,
        method=learned.method,
        is_chosen_by_person=False,
        made=None,
        found=found,
        probability=calibrate(judged)(scores),
        judged=judged,
        judged_ids=curated.image_ids[rows],
        estimate=judges.estimate(judged, found),
        label_counts=judges.label_counts(),
        compared={one: share(judges.judge(one)) for one in judges.heads.methods()} | {learned.method: share(judged)},
        truth=_truth(curated, curated.curation.known, classes, found),
        is_assumed=assumed,
    )


def of_other_images(trained: Curated, heads: Heads, others: Curated) -> Classified | None:
    """Classes of images of another folder, by the map of the main clusters: nobody labelled them, and their finer clusters are not known.

    Args:
        trained, heads: the groups that were labelled, and their heads.
        others: what the same model says of the other images, of `of_new_images`.
    """
    known = trained.curation.known
    settings = {key: value for key, value in known.settings.items() if key != METHOD or value not in OF_OVERCLUSTERS}
    plain = replace(trained, curation=replace(trained.curation, known=replace(known, settings=settings)))
    classified = classify(plain, replace(heads, over=None, num_overclusters=0))
    if classified is None or classified.made is None:
        return classified
    new_heads = heads_of(others, None)
    found, scores = classified.made.predict(new_heads)
    hand = by_hand(plain, known, new_heads, classified.classes)
    if hand is not None:
        found, scores = hand.correct(found, scores, new_heads)
    return replace(classified, found=found, probability=calibrate(classified.judged)(scores), truth=None)


def questions(curated: Curated, heads: Heads) -> Asked:
    """What the queue needs to know: images nobody said anything of, and the labels so far."""
    known = curated.curation.known
    classes = tuple(known.classes.values())
    said = places_of(curated.image_ids, known.labels.images)
    open_images = (heads.main >= 0) & ~curated.excluded
    open_images[said[said >= 0]] = False
    labels = known.labels.named
    places = places_of(curated.image_ids, labels.images)
    there = (places >= 0) & (heads.main[places] >= 0) if len(heads.main) else np.zeros(len(places), np.bool_)
    return Asked(
        heads=heads,
        sureness=curated.confidence * curated.agreement,
        agreement=curated.agreement,
        open=open_images,
        rows=places[there],
        classes=codes_of(classes, labels.classes[there]),
        num_classes=max(len(classes), 2),
    )
