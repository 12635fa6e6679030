"""What labels make of clusters, as rows to show: a line for each cluster with its votes, and how right everything is, in words. No Qt.

Everything here may be called in a background thread.
"""

from dataclasses import dataclass

import numpy as np

from iic_studio.curation import Curated
from iic_studio.curation.classes import Classified
from iic_studio.curation.colours import colour_of, palette_colour
from iic_studio.curation.labels import GROUPS, ImageClass
from iic_studio.evaluation.class_maps import NO_CLASS, OF_OVERCLUSTERS, Heads
from iic_studio.evaluation.label_estimate import Share
from iic_studio.evaluation.matching import contingency
from iic_studio.gui.language import amount, count_images, percent, tr
from iic_studio.records import IntArray


@dataclass(frozen=True)
class MapRow:
    """What becomes of one cluster.

    Attributes:
        place: of the group in the list, or the number of a finer cluster.
        name, colour: of the group, or of the finer cluster.
        images: in it.
        flow: (class, images) that get it, the most first.
        votes: (class, labels) that speak for it, the most first.
        by_hand: number of the class a person mapped it to; `NO_CLASS` where the labels decide.
    """

    place: int
    name: str
    colour: str
    images: int
    flow: tuple[tuple[int, int], ...]
    votes: tuple[tuple[int, int], ...]
    by_hand: int = NO_CLASS

    @property
    def found(self) -> int:
        """The class that most of its images get, or `NO_CLASS`."""
        return self.flow[0][0] if self.flow else NO_CLASS

    @property
    def is_tie(self) -> bool:
        """Whether two classes have most of its labels."""
        return len(self.votes) > 1 and self.votes[0][1] == self.votes[1][1]


@dataclass(frozen=True, eq=False)
class ClassTables:
    """Classes and the lines for them.

    Attributes:
        curated: the groups they are of.
        classified: None while there are no labels.
        groups: a line for each group.
        finer: a line for each finer cluster; empty where these are not what is mapped.
        sizes: (C,) images of each class.
        learned: what learned from the labels and was kept; empty for nothing.
    """

    curated: Curated
    classified: Classified | None = None
    groups: tuple[MapRow, ...] = ()
    finer: tuple[MapRow, ...] = ()
    sizes: tuple[int, ...] = ()
    learned: str = ""


def tables_of(curated: Curated, heads: Heads, classified: Classified | None, learned: str = "") -> ClassTables:
    """The lines for what labels made of groups."""
    if classified is None:
        return ClassTables(curated)
    count, by_hand = len(classified.classes), curated.curation.known.by_hand
    place_of = {one.uid: place for place, one in enumerate(classified.classes)}
    found = classified.found
    sizes = np.bincount(found[found >= 0], minlength=count)
    hand = [place_of.get(by_hand.get((GROUPS, group.uid), -1), NO_CLASS) for group in curated.groups]
    flow = _flow(heads.main, found, len(curated.groups), count)
    groups = [
        MapRow(place, group.label, colour_of(group), int(curated.sizes[place]), *_counts(flow, classified.label_counts, place), hand[place])
        for place, group in enumerate(curated.groups)
    ]
    finer: list[MapRow] = []
    made = classified.made
    if made is not None and made.method in OF_OVERCLUSTERS and heads.over is not None:
        flow = _flow(heads.over, found, heads.num_overclusters, count)
        images = np.bincount(heads.over[heads.over >= 0], minlength=heads.num_overclusters)
        finer = [
            MapRow(
                one,
                tr("Fine cluster {0}", one),
                palette_colour(one),
                int(images[one]),
                *_counts(flow, made.counts, one),
                place_of.get(by_hand.get((curated.run, one), -1), NO_CLASS),
            )
            for one in range(heads.num_overclusters)
        ]
    return ClassTables(curated, classified, tuple(groups), tuple(finer), tuple(sizes.tolist()), learned)


def _flow(clusters: IntArray, found: IntArray, num_clusters: int, num_classes: int) -> IntArray:
    placed = (clusters >= 0) & (found >= 0)
    return contingency(clusters[placed], found[placed], num_clusters, num_classes)


def _counts(flow: IntArray, votes: IntArray, place: int) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    return most_first(flow[place]), most_first(votes[place])


def most_first(counts: IntArray) -> tuple[tuple[int, int], ...]:
    """(class, number) of those that are not 0, the most first."""
    order = np.argsort(-counts, kind="stable")
    return tuple((one, int(counts[one])) for one in order.tolist() if counts[one])


def name_of(classes: tuple[ImageClass, ...], number: int) -> str:
    """What a class is called."""
    return classes[number].name if 0 <= number < len(classes) else tr("no class")


# How right it is, in words ----------------------------------------------------------------------------------------------------------------


def accuracy_words(classified: Classified | None) -> str:
    """How right the classes are, in one sentence with the interval and the labels behind it."""
    if classified is None:
        return tr("No classes yet: the first labels turn clusters into classes.")
    share = classified.estimate.accuracy
    if np.isnan(share.value):
        return tr("How right the classes are is not known yet: no label so far is a fair sample. Label what is suggested here.")
    return tr(
        "About {0} of all pictures get the right class; between {1} and {2} with 95 % certainty, by cross-validation on {3}.",
        part(share.value),
        part(share.low),
        part(share.high),
        tr("1 label") if share.num_labels == 1 else tr("{0:,} labels", share.num_labels),
    )


def truth_words(classified: Classified | None) -> str:
    """How right the classes are by truth; empty where there is none."""
    if classified is None or classified.truth is None:
        return ""
    truth = classified.truth
    return tr(
        "Truth, which no map has seen: {0} right of {1}.",
        part(truth.value),
        count_images(truth.num_labels),
    )


def assumed_words(classified: Classified | None) -> str:
    """What the estimate takes for granted; empty where it does not."""
    if classified is None or not classified.is_assumed:
        return ""
    return tr("This takes the labels read from files for a random sample of the pictures.")


def part(share: float) -> str:
    """A share as `97.3 %`."""
    return tr("unknown") if np.isnan(share) else f"{amount(100 * share, '.1f')} %"


def interval_words(share: Share) -> str:
    """A share with its interval and the labels behind it."""
    if np.isnan(share.value):
        return tr("unknown")
    return tr("{0} ({1} to {2})", percent(share.value), percent(share.low), percent(share.high))
