"""Parts of a group: by the overclusters of its images, by what the network sees in them, or by how their probabilities differ.

The overclustering head tells apart more than the main head has clusters for, so its clusters are where a group comes apart by itself. Those
of a group's images are merged by the joint, two by two, until as many parts are left as were asked for. K-means works on what is left of
the main head's doubt and finds less; it is there for runs without overclusters.

A group of pixels is split by overclusters only. Its parts are no lists of pixels but rules: a pixel of the group belongs to the part that
its most likely overcluster stands in, in pictures that come later too.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from iic_studio.curation.curated import Curated, places_of
from iic_studio.errors import UsageError
from iic_studio.evaluation.merge_tree import build_merge_tree
from iic_studio.evaluation.pixel_parts import division_of
from iic_studio.project.arrays import kept_arrays
from iic_studio.records import Assignments, FloatArray, IntArray, Overlaps

_LEAST_PROBABILITY = 1e-4
_READING = "reading the finer clusters"
_STARTS = 4
_MOST_POINTS = 20_000  # the means of more are the same


def split_by_overclusters(run_folder: Path, curated: Curated, group: int, num_parts: int) -> tuple[IntArray, IntArray]:
    """The parts of a group by the overclustering head.

    Args:
        run_folder: of the run the groups stand on.
        num_parts: as many as there are overclusters in the group, if these are fewer.

    Returns:
        (M,) ids of the group's images, and (M,) part of each; 0 is the largest.

    Raises:
        UsageError: the run has no overclusters, or they do not divide the group.
    """
    over, joints = (kept_arrays(run_folder / name, _READING) for name in ("overclusters.npz", "joints.npz"))
    if not {"image_ids", "assignment", "sub_head"} <= set(over) or "overclustering" not in joints:
        raise UsageError("This run has no finer clusters.", "Split by probabilities, or select pictures and move them to a new cluster.")
    images = curated.images_in(group)
    places = places_of(over["image_ids"], images)
    images, found = images[places >= 0], over["assignment"][places[places >= 0]]
    used, member = np.unique(found, return_inverse=True)
    if len(used) < 2:
        raise UsageError("The finer clusters do not divide this cluster.", "Split by probabilities, or select pictures and move them.")
    cut = _merged(joints["overclustering"][int(over["sub_head"])], used, num_parts)
    return images, _largest_first(cut[member])


def _merged(joint: npt.NDArray[np.floating], used: IntArray, num_parts: int) -> IntArray:
    """(U,) part of each of some overclusters: those that tell the least apart are merged, two by two."""
    some = joint[np.ix_(used, used)].astype(np.float64)
    some = (some + some.T) / 2 + np.eye(len(used)) * 1e-9
    return build_merge_tree(some / some.sum()).cut(min(num_parts, len(used)))


@dataclass(frozen=True, eq=False)
class PixelSplit:
    """How a group of pixels comes apart.

    Attributes:
        sub_head: of the overclustering head.
        overclusters: of each part, the part that covers most first; those that the group does not show stay with the first.
        shares: (M,) what each part covers of all that was looked at.
    """

    sub_head: int
    overclusters: tuple[tuple[int, ...], ...]
    shares: FloatArray


def split_pixels(run_folder: Path, curated: Curated, group: int, num_parts: int) -> PixelSplit:
    """The parts of a group of pixels by the overclustering head.

    Args:
        curated: with known overlaps.
        num_parts: as many as there are overclusters in the group, if these are fewer.

    Raises:
        UsageError: the run has no overclusters, or they do not divide the group.
    """
    model, joints = curated.model, kept_arrays(run_folder / "joints.npz", _READING)
    overlaps = model.overlaps
    if overlaps is None or "overclustering" not in joints:
        raise UsageError("This run has no finer clusters.", "Train again.")
    covered = _overclusters_in(overlaps, model, np.flatnonzero(curated.grouping.of_cluster == group))
    used = np.flatnonzero(covered)
    if len(used) < 2:
        raise UsageError("The finer clusters do not divide this class.", "Train with more overclusters to tell more apart.")
    cut = _merged(joints["overclustering"][overlaps.sub_head], used, num_parts)
    shares = np.bincount(cut, covered[used])
    order = np.argsort(-shares, kind="stable")
    return PixelSplit(overlaps.sub_head, tuple(tuple(used[cut == part].tolist()) for part in order), np.asarray(shares[order], np.float32))


def _overclusters_in(overlaps: Overlaps, model: Assignments, places: IntArray) -> FloatArray:
    """(K_A,) how much of all images each overcluster covers within some clusters and parts."""
    num_clusters = len(model.cluster_labels) - len(model.parts)
    division = division_of(model.parts, model.cluster_labels[:num_clusters], overlaps.num_overclusters)
    table = np.arange(num_clusters)[:, None].repeat(overlaps.num_overclusters, axis=1) if division is None else division.table
    inside = np.isin(table.ravel()[overlaps.pairs], places)
    found = np.bincount(overlaps.pairs[inside] % overlaps.num_overclusters, overlaps.shares[inside], overlaps.num_overclusters)
    return np.asarray(found, np.float32)


def split_by_probabilities(curated: Curated, group: int, num_parts: int) -> tuple[IntArray, IntArray]:
    """The parts of a group by k-means on the logarithms of its images' probabilities; as `split_by_overclusters`.

    Raises:
        UsageError: the group has fewer different images than parts.
    """
    rows = np.flatnonzero((curated.group == group) & (curated.home >= 0))
    points = np.log(np.maximum(curated.model.probabilities[rows], _LEAST_PROBABILITY))
    return curated.image_ids[rows], _by_means(points, num_parts)


def split_by_features(
    curated: Curated, group: int, num_parts: int, image_ids: IntArray, features: npt.NDArray[np.floating]
) -> tuple[IntArray, IntArray]:
    """The parts of a group by k-means on what the network sees in its images; as `split_by_overclusters`.

    Args:
        image_ids, features: (N,) and (N, D) of the images of which that is known.

    Raises:
        UsageError: the group has fewer different images than parts.
    """
    images = curated.images_in(group)
    places = places_of(image_ids, images)
    return images[places >= 0], _by_means(np.asarray(features[places[places >= 0]], np.float32), num_parts)


def _by_means(points: npt.NDArray[np.floating], num_parts: int) -> IntArray:
    """(M,) part of each point by k-means."""
    from sklearn.cluster import KMeans

    sample = points[:: 1 + len(points) // _MOST_POINTS]
    if len(np.unique(sample, axis=0)) < num_parts:
        raise UsageError(f"This cluster has too few different pictures for {num_parts} parts.", "Ask for fewer parts.")
    found = KMeans(num_parts, n_init=_STARTS, random_state=0).fit(sample).predict(points)
    return _largest_first(np.asarray(found, np.int64))


def _largest_first(parts: IntArray) -> IntArray:
    rank = np.empty(parts.max() + 1, np.int64)
    rank[np.argsort(-np.bincount(parts), kind="stable")] = np.arange(len(rank))
    return rank[parts]
