"""What people know of classes, as it lies in the store: the classes, labels of images and of pixels, truth, and corrections of the map.

Labels teach the map from clusters to classes; truth only judges it and never makes it. Neither depends on a run, so training again loses
none of them. How an image came to be labelled is kept with the label: an estimate has to know which labels are a fair sample.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from iic_studio.curation.pixel_labels import PixelLabels
from iic_studio.project.command_log import Row, RowChanges
from iic_studio.records import IntArray

Key = TypeVar("Key", int, str, tuple[str, int])
Value = TypeVar("Value")

NOT_SURE, SKIPPED, UNLABELLED = -1, -2, -3
BY_HAND, FROM_FILE, FROM_QUEUE = range(3)
GROUPS = ""  # in the place of a run in `ClassFacts.by_hand`: groups, by uid

FIXED, METHOD, PRIOR = "fixed", "method", "prior"


def images_of(keys: Sequence[Row]) -> IntArray:
    """(M,) ids of images from keys that are nothing else."""
    return np.array(list(itertools.chain.from_iterable(keys)), np.int64)


@dataclass(frozen=True)
class ImageClass:
    """A class that people know. `key` labels with it; `colour` is `#rrggbb`, or empty for the automatic one."""

    uid: int
    name: str
    key: str = ""
    colour: str = ""


@dataclass(frozen=True, eq=False)
class Labels:
    """What people said single images show.

    Attributes:
        images: (L,) ids, ascending.
        classes: (L,) uid of a class, `NOT_SURE` or `SKIPPED`.
        origins: (L,) `BY_HAND`, `FROM_FILE` or `FROM_QUEUE`.
        weights: (L,) how many images each label stands for when accuracy is estimated: 1 for an image drawn from all at random; 0 where the
            image was chosen for what it shows, so that it says nothing of the others.
    """

    images: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    classes: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    origins: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    weights: npt.NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.images)

    @property
    def named(self) -> "Labels":
        """Those that name a class."""
        return self._part(self.classes >= 0)

    def classes_of(self, images: IntArray) -> IntArray:
        """(M,) classes of some images; `UNLABELLED` where nothing was said."""
        places, known = _find(self.images, images)
        found = np.full(len(images), UNLABELLED, np.int64)
        found[known] = self.classes[places[known]]
        return found

    def rows(self, images: IntArray) -> list[Row | None]:
        """Rows of some images as they lie in the store."""
        places, known = _find(self.images, images)
        facts = zip(known.tolist(), places.tolist(), strict=True)
        kinds = self.classes.tolist(), self.origins.tolist(), self.weights.tolist()
        return [(kinds[0][place], kinds[1][place], kinds[2][place]) if there else None for there, place in facts]

    def having(self, images: IntArray, rows: Sequence[Row | None]) -> "Labels":
        """These labels with those of some images replaced; images without a row lose theirs."""
        kept = self._part(~np.isin(self.images, images)) if len(self.images) else self
        there = np.fromiter((row is not None for row in rows), np.bool_, len(rows))
        new = [row for row in rows if row is not None]
        classes = np.fromiter((row[0] for row in new), np.int64, len(new))
        origins = np.fromiter((row[1] for row in new), np.int64, len(new))
        weights = np.fromiter((row[2] for row in new), np.float64, len(new))
        merged = np.concatenate([kept.images, images[there]])
        order = np.argsort(merged, kind="stable")
        return Labels(
            merged[order],
            np.concatenate([kept.classes, classes])[order],
            np.concatenate([kept.origins, origins])[order],
            np.concatenate([kept.weights, weights])[order],
        )

    def _part(self, chosen: npt.NDArray[np.bool_]) -> "Labels":
        return Labels(self.images[chosen], self.classes[chosen], self.origins[chosen], self.weights[chosen])


@dataclass(frozen=True, eq=False)
class Truth:
    """What images are known to show, for judging alone.

    Attributes:
        images: (T,) ids, ascending.
        codes: (T,) places in `names`.
        names: of classes; not only those that people label with.
    """

    images: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    codes: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    def rows(self, images: IntArray) -> list[Row | None]:
        """Rows of some images as they lie in the store."""
        places, known = _find(self.images, images)
        single = [(name,) for name in self.names]
        codes = self.codes.tolist()
        return [single[codes[place]] if there else None for there, place in zip(known.tolist(), places.tolist(), strict=True)]

    def having(self, images: IntArray, rows: Sequence[Row | None]) -> "Truth":
        """This truth with that of some images replaced."""
        kept = ~np.isin(self.images, images) if len(self.images) else np.zeros(0, np.bool_)
        there = np.fromiter((row is not None for row in rows), np.bool_, len(rows))
        place = {name: number for number, name in enumerate(self.names)}
        codes = [place.setdefault(str(row[0]), len(place)) for row in rows if row is not None]
        merged = np.concatenate([self.images[kept], images[there]])
        order = np.argsort(merged, kind="stable")
        return Truth(merged[order], np.concatenate([self.codes[kept], np.array(codes, np.int64)])[order], tuple(place))


@dataclass(frozen=True, eq=False)
class ClassFacts:
    """All that people know of classes, in one state.

    Attributes:
        classes: by uid.
        labels, pixels: of whole images, and of single pixels.
        truth: see there.
        by_hand: (run, cluster) -> uid of the class that a person mapped it to: an overcluster of a run, or with `GROUPS` a group.
        settings: how the map is made, see `FIXED`, `METHOD`, `PRIOR`.
    """

    classes: Mapping[int, ImageClass] = field(default_factory=dict)
    labels: Labels = field(default_factory=Labels)
    pixels: PixelLabels = field(default_factory=PixelLabels)
    truth: Truth = field(default_factory=Truth)
    by_hand: Mapping[tuple[str, int], int] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to map clusters of images by."""
        return not (len(self.labels) or self.by_hand)

    @property
    def names_pixels(self) -> bool:
        """Whether there is something to map clusters of pixels by."""
        return bool(len(self.pixels) or self.by_hand)

    @property
    def are_fixed(self) -> bool:
        """Whether no class may be added by a label file."""
        return self.settings.get(FIXED) == "1"

    def uid_of(self, name: str) -> int | None:
        """The class of a name."""
        return next((uid for uid, one in self.classes.items() if one.name == name), None)

    def counts(self) -> dict[int, int]:
        """Labels of images of each class, and of `NOT_SURE` and `SKIPPED`."""
        found, numbers = np.unique(self.labels.classes, return_counts=True)
        counted = dict(zip(found.tolist(), numbers.tolist(), strict=True))
        return {uid: counted.get(uid, 0) for uid in (*self.classes, NOT_SURE, SKIPPED)}

    def rows(self, table: str, keys: Sequence[Row]) -> list[Row | None]:
        """Rows as they lie in the store; None where there is none."""
        if table == "classes":
            return [None if (one := self.classes.get(uid)) is None else (one.name, one.key, one.colour) for (uid,) in keys]
        if table == "class_map":
            return [None if (uid := self.by_hand.get((run, cluster))) is None else (uid,) for run, cluster in keys]
        if table == "pixel_labels":
            return self.pixels.rows(keys)
        if table == "label_settings":
            return [None if (value := self.settings.get(key)) is None else (value,) for (key,) in keys]
        images = images_of(keys)
        return self.labels.rows(images) if table == "labels" else self.truth.rows(images)

    def changed(self, change: RowChanges) -> "ClassFacts":
        """The facts with other rows of one table."""
        if change.table in ("labels", "truth"):
            images = images_of(change.keys)
            if change.table == "labels":
                return replace(self, labels=self.labels.having(images, change.new))
            return replace(self, truth=self.truth.having(images, change.new))
        if change.table == "pixel_labels":
            return replace(self, pixels=self.pixels.having(change.keys, change.new))
        pairs = list(zip(change.keys, change.new, strict=True))
        if change.table == "classes":
            classes = _put(self.classes, {key[0]: None if row is None else ImageClass(key[0], *row) for key, row in pairs})
            return replace(self, classes=classes)
        if change.table == "class_map":
            return replace(self, by_hand=_put(self.by_hand, {(key[0], key[1]): None if row is None else row[0] for key, row in pairs}))
        return replace(self, settings=_put(self.settings, {key[0]: None if row is None else row[0] for key, row in pairs}))


def _put(old: Mapping[Key, Value], new: Mapping[Key, Value | None]) -> dict[Key, Value]:
    """A mapping with some of its values replaced, and those without a value left out; in the order of its keys."""
    merged = {**old, **new}
    return {key: value for key in sorted(merged) if (value := merged[key]) is not None}


def _find(known: IntArray, images: IntArray) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    """(M,) places of images among ascending ids, and whether they are there."""
    if not len(known):
        return np.zeros(len(images), np.int64), np.zeros(len(images), np.bool_)
    places = np.minimum(np.searchsorted(known, images), len(known) - 1)
    return places, known[places] == images
