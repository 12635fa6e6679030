"""The one table that every way out reads: a row for each readable image, in path order, and what is said of it.

Formats ask this table which cluster an image is in, what that cluster is called and who said so; none of them looks at the output of
a model. Never changed once it is built.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from iic_studio.curation import Curated
from iic_studio.curation.classes import Classified
from iic_studio.evaluation.matching import contingency
from iic_studio.project.records import fingerprint
from iic_studio.records import FloatArray, IntArray

Mask = npt.NDArray[np.bool_]
# Columns that are arrays and always there.
_ARRAYS = ("image_ids", "sizes", "width", "height", "cluster", "confidence", "margin", "agreement", "by_user", "excluded", "position")


@dataclass(frozen=True)
class ResultRows:
    """N images in path order.

    Attributes:
        image_ids: (N,) ids in the project.
        paths: relative to the folder of images, `/` between parts, exact: bytes that are no UTF-8 as surrogates.
        sizes: (N,) bytes of each file when it was scanned.
        hashes: digest of size and beginning of each file; empty where it is not known.
        width, height: (N,) in pixels after EXIF orientation.
        cluster: (N,) 0…K-1; -1 for an image that was excluded or that no model has seen yet.
        names: cluster -> name that a person gave.
        confidence, margin, agreement: (N,) 0–1; NaN where no model has seen the image.
        by_user: (N,) a person put the image where it is.
        excluded: (N,) a person took the image out.
        classes, labels: (N,) class that was found and label of the image, empty where there is none; None: none anywhere.
        class_probability: (N,) how likely the class is right, 0–1; NaN where there is none.
        class_of: (K, C) share of each class in each cluster, for a model that goes elsewhere; None as `classes`.
        class_names: the C classes.
        num_clusters: K.
        group_of: (K',) for each cluster of the model the cluster of this table that it became part of.
        position: (N,) row of each image in `probabilities`, or -1.
        probabilities: (M, K).
    """

    image_ids: IntArray
    paths: tuple[str, ...]
    sizes: IntArray
    hashes: tuple[bytes, ...]
    width: IntArray
    height: IntArray
    cluster: IntArray
    names: Mapping[int, str]
    confidence: FloatArray
    margin: FloatArray
    agreement: FloatArray
    by_user: Mask
    excluded: Mask
    num_clusters: int
    group_of: IntArray
    position: IntArray
    probabilities: FloatArray
    classes: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    class_probability: FloatArray | None = None
    class_of: FloatArray | None = None
    class_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.paths)

    def name_of(self, cluster: int) -> str:
        """What a person called a cluster, or "Cluster 3"."""
        return self.names.get(cluster) or f"Cluster {cluster}"

    def final_classes(self) -> tuple[str, ...] | None:
        """(N,) what a person said an image shows, else the class that was found; empty for neither. None without any classes."""
        if self.classes is None:
            return self.labels
        return self.classes if self.labels is None else tuple(said or found for said, found in zip(self.labels, self.classes, strict=True))

    def cluster_sizes(self) -> IntArray:
        """(K,) images in each cluster."""
        return np.bincount(self.cluster[self.cluster >= 0], minlength=self.num_clusters).astype(np.int64)

    def sources(self) -> list[str]:
        """(N,) `user`, `model`, or empty where nobody has said anything."""
        seen = ~np.isnan(self.confidence)
        return [
            "user" if by_user else "model" if known else "" for by_user, known in zip(self.by_user.tolist(), seen.tolist(), strict=True)
        ]

    def fingerprint(self) -> str:
        """A digest of the images' paths and contents: equal for equal data."""
        return fingerprint(self.paths, self.sizes.tolist(), self.hashes)

    def probabilities_of(self, rows: slice) -> FloatArray:
        """(n, K) probabilities for some rows; NaN where no model has seen the image."""
        place = self.position[rows]
        found = np.full((len(place), self.probabilities.shape[1]), np.nan, np.float32)
        found[place >= 0] = self.probabilities[place[place >= 0]]
        return found

    def part(self, chosen: Mask) -> Self:
        """The rows where `chosen` (N,) holds."""
        rows = np.flatnonzero(chosen)
        columns: dict[str, Any] = {name: getattr(self, name)[rows] for name in _ARRAYS}
        for name in ("paths", "hashes", "classes", "labels"):
            values: Sequence[Any] | None = getattr(self, name)
            columns[name] = None if values is None else tuple(values[row] for row in rows.tolist())
        if self.class_probability is not None:
            columns["class_probability"] = self.class_probability[rows]
        return replace(self, **columns)


def build_rows(
    image_ids: IntArray,
    paths: Sequence[str],
    sizes: IntArray,
    hashes: Sequence[bytes | None],
    width: IntArray,
    height: IntArray,
    curated: Curated,
    classified: Classified | None = None,
) -> ResultRows:
    """The table of images in their groups; those that no model has seen and nobody placed get a row without a cluster.

    Args:
        image_ids, paths, sizes, hashes, width, height: (N,) of the images, in any order.
        curated: the groups.
        classified: the same images with classes; None while there are none.
    """
    order = np.array(sorted(range(len(paths)), key=paths.__getitem__), dtype=np.int64)
    position = _positions(curated.image_ids, image_ids[order])
    seen = position >= 0

    by_model = seen & (curated.home[position] >= 0) if len(curated.home) else seen  # others have a place by a person alone

    def aligned(values: FloatArray) -> FloatArray:
        return np.where(by_model, values[position], np.float32(np.nan)) if len(values) else np.full(len(seen), np.nan, np.float32)

    def said(marks: Mask) -> Mask:
        return np.where(seen, marks[position], False) if len(marks) else np.zeros(len(seen), np.bool_)

    rows = ResultRows(
        image_ids=image_ids[order],
        paths=tuple(paths[row] for row in order.tolist()),
        sizes=sizes[order],
        hashes=tuple(hashes[row] or b"" for row in order.tolist()),
        width=width[order],
        height=height[order],
        cluster=np.where(seen, curated.group[position], -1) if seen.any() else np.full(len(seen), -1, np.int64),
        names=curated.names,
        confidence=aligned(curated.confidence),
        margin=aligned(curated.margin),
        agreement=aligned(curated.agreement),
        by_user=said(curated.by_user),
        excluded=said(curated.excluded),
        num_clusters=len(curated.groups),
        group_of=curated.grouping.of_cluster,
        position=position,
        probabilities=curated.probabilities,
        labels=_labels(curated, image_ids[order]),
    )
    return rows if classified is None else _with_classes(rows, classified)


def _labels(curated: Curated, image_ids: IntArray) -> tuple[str, ...] | None:
    """(N,) what people said images show; None while nobody said anything."""
    known = curated.curation.known
    if not len(known.labels.named):
        return None
    names = {uid: one.name for uid, one in known.classes.items()}
    return tuple(names.get(uid, "") for uid in known.labels.classes_of(image_ids).tolist())


def _with_classes(rows: ResultRows, classified: Classified) -> ResultRows:
    names = [one.name for one in classified.classes]
    code = np.where(rows.position >= 0, classified.found[rows.position], -1)
    probability = np.where(code >= 0, classified.probability[rows.position], np.float32(np.nan))
    # What a model that knows the clusters alone can tell: how the classes of all images fall on each cluster.
    placed = (rows.cluster >= 0) & (code >= 0)
    counts = contingency(rows.cluster[placed], code[placed], rows.num_clusters, len(names)).astype(np.float32)
    return replace(
        rows,
        classes=tuple(names[one] if one >= 0 else "" for one in code.tolist()),
        class_probability=probability,
        class_of=counts / np.maximum(counts.sum(axis=1, keepdims=True), 1),
        class_names=tuple(names),
    )


def _positions(known: IntArray, wanted: IntArray) -> IntArray:
    """Place of each wanted id among the known ones; -1 where it is not."""
    if not len(known):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(known, kind="stable")
    found = order[np.minimum(np.searchsorted(known[order], wanted), len(known) - 1)]
    return np.where(known[found] == wanted, found, -1).astype(np.int64)
