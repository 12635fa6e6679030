"""One picture after the other: predict its pixels, count them, and write its mask and what goes with it, band by band."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from iic_studio.config import MaskForm
from iic_studio.curation import Curated
from iic_studio.curation.colours import colour_of, rgb
from iic_studio.errors import StudioError
from iic_studio.evaluation.pixel_parts import Division, overlaps_from
from iic_studio.export import masks as files
from iic_studio.export.png_bands import PngBands
from iic_studio.export.tiff_bands import TiffBands
from iic_studio.images.worker import Facts
from iic_studio.jobs.pictures import pixels_of
from iic_studio.project.records import ImageRow
from iic_studio.records import Assignments, FloatArray, IntArray
from iic_studio.training.segment import Picture, Segmenter, entropy

_MOST_CLASSES = 256
Pairs = tuple[IntArray, IntArray]
Counted = tuple[IntArray, Pairs]


@dataclass(frozen=True, eq=False)
class Classes:
    """What the clusters of a run are in its masks.

    Attributes:
        of_cluster: (K,) class id of each cluster.
        names: class -> name that a person gave.
        colours: of the classes.
        kind: what they are: clusters, or classes that people know.

    Raises:
        StudioError: there are too many for a mask.
    """

    of_cluster: IntArray
    names: dict[int, str]
    colours: list[tuple[int, int, int]]
    kind: str = "cluster"

    def __post_init__(self) -> None:
        if len(self) > _MOST_CLASSES:
            raise StudioError(f"A mask holds at most {_MOST_CLASSES} classes, not {len(self)}.", "Merge some.")

    @classmethod
    def of(cls, curated: Curated) -> Self:
        """The groups as classes, with the numbers they have in the CSV."""
        return cls(curated.grouping.of_cluster, dict(curated.names), [rgb(colour_of(group)) for group in curated.groups])

    def __len__(self) -> int:
        return len(self.colours)

    def name_of(self, number: int) -> str:
        """What a person called a class, or "Cluster 3"."""
        return self.names.get(number) or f"Cluster {number}"

    def all_names(self) -> list[str]:
        """(G,) names."""
        return [self.name_of(one) for one in range(len(self))]

    def add_up(self, of_clusters: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sums over the clusters of each class, along the first axis."""
        sums = np.zeros((len(self), *of_clusters.shape[1:]), of_clusters.dtype)
        np.add.at(sums, self.of_cluster, of_clusters)
        return sums


@dataclass(frozen=True, eq=False)
class MasksWritten:
    """What came of writing masks.

    Attributes:
        masks: (image, name of its mask) of each that was written.
        pixels: (N, K) pixels of each cluster, and of each part of one, in these.
        classes: see there.
        segmenter: whose clusters they are.
        failed: path and reason of each picture that got no mask, or not in every form.
        pairs: of each picture pairs of clusters and overclusters, and pixels of each; empty where no cluster has parts.
    """

    masks: list[tuple[ImageRow, str]]
    pixels: IntArray
    classes: Classes
    segmenter: Segmenter
    failed: list[dict[str, str]]
    pairs: list[Pairs]

    def assignments(self, before: Assignments | None = None) -> Assignments:
        """The pictures by what covers most of them; their probabilities are the shares."""
        ids = np.array([row.id for row, _ in self.masks], dtype=np.int64)
        order = np.argsort(ids)
        division, pixels, overlaps = self.segmenter.division, self.pixels, None
        if division is not None:
            pixels = np.zeros((len(ids), len(division.table)), np.int64)
            np.add.at(pixels.T, division.owners, self.pixels.T)
            overlaps = overlaps_from([self.pairs[one] for one in order], division.table.shape[1], division.sub_head, is_exact=True)
        shares = (pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)).astype(np.float32)[order]
        most = shares.argmax(axis=1)
        labels = None if before is None else (before.whole or before).labels
        return Assignments(
            ids[order], shares, most, most[:, None], np.ones(len(ids), np.float32), self.segmenter.sub_head, labels, overlaps
        )

    def areas(self) -> list[tuple[str, str, int, int, IntArray]]:
        """Path, name of the mask, width, height, and (G,) pixels of each class."""
        found = zip(self.masks, self.pixels, strict=True)
        return [(row.path, name, row.width, row.height, self.classes.add_up(pixels)) for (row, name), pixels in found]

    @property
    def area_shares(self) -> list[float]:
        """(G,) share of each class of all pixels."""
        total = self.classes.add_up(self.pixels.sum(axis=0))
        return (total / max(int(total.sum()), 1)).tolist()  # type: ignore[no-any-return] # numpy's tolist is untyped

    def summary(self, target: Path) -> dict[str, Any]:
        """For the end of a job."""
        return {"masks": str(target), "num_masks": len(self.masks), "mask_kind": self.classes.kind, "area_shares": self.area_shares}


class MaskWriter:
    """Predicts pictures, counts their pixels, and writes what comes out, if there is a target."""

    def __init__(
        self, segmenter: Segmenter, target: Path | None, classes: Classes, *, probabilities: bool = False, forms: tuple[MaskForm, ...] = ()
    ) -> None:
        self._segmenter, self._target, self._classes, self._probabilities = segmenter, target, classes, probabilities
        self._with_labels = "labels" in forms
        self._lookup = classes.of_cluster.astype(np.uint8)

    def written(self, masks: list[tuple[ImageRow, str]], done: dict[int, Counted], failed: list[dict[str, str]]) -> MasksWritten:
        """What came of it all."""
        of_each = [done[row.id] for row, _ in masks]
        pixels = np.stack([one for one, _ in of_each]) if of_each else np.zeros((0, len(self._lookup)), np.int64)
        return MasksWritten(masks, pixels, self._classes, self._segmenter, failed, [pairs for _, pairs in of_each])

    def write(self, name: str, facts: Facts) -> Counted:
        """The mask of one picture; returns its pixels."""
        with pixels_of(facts) as picture:
            return self._predict(name, picture, facts.width, facts.height)

    def _predict(self, name: str, picture: Picture, width: int, height: int) -> Counted:
        counts = _Counts(len(self._lookup), self._segmenter.division)
        if self._target is None:
            for _, band, overclusters in self._segmenter.bands(picture, width, height):
                counts.add(band.argmax(axis=0), overclusters)
            return counts.found()
        stem = self._target / name.removesuffix(".png")
        mask = PngBands(self._target / name, width, height, self._classes.colours)
        unsure = PngBands(_with(stem, files.ENTROPY), width, height) if self._probabilities else None
        whole = files.ProbabilityFile(_with(stem, files.PROBABILITIES), len(self._classes), height, width) if self._probabilities else None
        labels = TiffBands(_with(stem, files.LABELS), width, height) if self._with_labels else None
        parts = [part for part in (mask, unsure, whole, labels) if part is not None]
        try:
            for row, band, overclusters in self._segmenter.bands(picture, width, height):
                clusters = band.argmax(axis=0)
                counts.add(clusters, overclusters)
                ids = self._lookup[clusters]
                mask.add(ids)
                if labels is not None:
                    labels.add(ids)
                if whole is not None and unsure is not None:
                    by_class: FloatArray = self._classes.add_up(band)
                    whole.add(row, by_class)
                    unsure.add(np.rint(entropy(by_class) * 255).astype(np.uint8))
            for part in parts:
                part.close()
        finally:
            for part in parts:
                part.discard()
        return counts.found()


class _Counts:
    """Adds up the pixels of a picture.

    Args:
        num_places: clusters and parts of such.
        division: which of the places are parts; then pairs with overclusters are counted too.
    """

    def __init__(self, num_places: int, division: Division | None) -> None:
        self._pixels, self._division = np.zeros(num_places, np.int64), division
        self._pairs = np.zeros(0 if division is None else division.table.size, np.int64)

    def add(self, places: IntArray, overclusters: IntArray | None) -> None:
        """(h, w) place and overcluster of some pixels."""
        self._pixels += np.bincount(places.ravel(), minlength=len(self._pixels))
        if self._division is not None and overclusters is not None:
            pairs = self._division.owners[places] * self._division.table.shape[1] + overclusters
            self._pairs += np.bincount(pairs.ravel(), minlength=len(self._pairs))

    def found(self) -> Counted:
        """Pixels of each place, and pairs with the pixels of each."""
        pairs = np.flatnonzero(self._pairs)
        return self._pixels, (pairs, self._pairs[pairs])


def _with(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)
