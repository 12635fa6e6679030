"""Parts of clusters of pixels: the main head decides the cluster of a pixel, and in a divided cluster its overcluster decides the part.

Everywhere else a part is one more cluster: behind the K clusters of a network come its P parts, by label, and what is left of a divided
cluster keeps the cluster's place. What an image has of a part is known where clusters and overclusters were counted together (`Overlaps`);
where only pieces of it were looked at, its share of the cluster is divided as these are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from iic_studio.records import Assignments, FloatArray, IntArray, Overlaps, Part


@dataclass(frozen=True, eq=False)
class Division:
    """How a network's clusters are divided.

    Attributes:
        table: (K, K_A) place among the K clusters and P parts of a pixel, by its cluster and its overcluster.
        owners: (K + P,) the cluster of each place.
        sub_head: of the overclustering head.
    """

    table: IntArray
    owners: IntArray
    sub_head: int


def division_of(parts: Sequence[Part], labels: IntArray, num_overclusters: int) -> Division | None:
    """How parts divide clusters; None without parts.

    Args:
        parts: by ascending label; a part of no such cluster stays empty.
        labels: (K,) of the clusters.
    """
    if not parts:
        return None
    place_of = {label: place for place, label in enumerate(labels.tolist())}
    table = np.repeat(np.arange(len(labels))[:, None], num_overclusters, axis=1)
    owners = np.concatenate([np.arange(len(labels)), np.zeros(len(parts), np.int64)])
    for place, part in enumerate(parts, start=len(labels)):
        owner = place_of.get(part.cluster)
        if owner is not None:
            owners[place] = owner
            table[owner, [one for one in part.overclusters if one < num_overclusters]] = place
    return Division(table, owners, parts[0].sub_head)


def divide(assignments: Assignments, parts: Sequence[Part]) -> Assignments:
    """Assignments with parts as further clusters; with those they have if these are the same, without any if there are none.

    The images' shares of a divided cluster all stay with what is left of it while its overlaps are not known.
    """
    parts = tuple(parts)
    if assignments.parts == parts:
        return assignments
    whole = assignments.whole or assignments
    if not parts:
        return whole
    labels = whole.cluster_labels
    shares = np.concatenate([whole.probabilities, np.zeros((len(whole.image_ids), len(parts)), np.float32)], axis=1)
    overlaps = whole.overlaps
    if overlaps is not None and overlaps.sub_head == parts[0].sub_head:
        division = division_of(parts, labels, overlaps.num_overclusters)
        assert division is not None, "there are parts"
        shares = whole.probabilities[:, division.owners] * _fractions(overlaps, division)
    most = shares.argmax(axis=1) if len(shares) else np.zeros(0, np.int64)
    votes = np.where(whole.votes == whole.assignment[:, None], most[:, None], whole.votes)
    new_labels = np.concatenate([labels, np.array([part.label for part in parts], np.int64)])
    return replace(whole, probabilities=shares, assignment=most, votes=votes, labels=new_labels, parts=parts, whole=whole)


def _fractions(overlaps: Overlaps, division: Division) -> FloatArray:
    """(N, K + P) of what an image has of a cluster, what lies in each of its places; as in all images where nothing of it was counted."""
    counts = overlaps_of_places(overlaps, division)
    of_cluster = _by_owner(counts, division)[:, division.owners]
    every = counts.sum(axis=0)
    of_all = _by_owner(every[None], division)[0, division.owners]
    rest = np.arange(len(every)) < len(division.table)  # nothing counted at all: the cluster stays whole
    usual = np.where(of_all > 0, every / np.maximum(of_all, 1e-12), rest)
    return np.asarray(np.where(of_cluster > 0, counts / np.maximum(of_cluster, 1e-12), usual), np.float32)


def overlaps_of_places(overlaps: Overlaps, division: Division) -> FloatArray:
    """(N, K + P) share of each image that was counted in each place."""
    count, width = len(overlaps.starts) - 1, len(division.owners)
    rows = np.repeat(np.arange(count), np.diff(overlaps.starts))
    places = division.table.ravel()[overlaps.pairs]
    return np.bincount(rows * width + places, overlaps.shares, count * width).reshape(count, width).astype(np.float32)


def _by_owner(counts: FloatArray, division: Division) -> FloatArray:
    """(N, K + P) counts to (N, K)."""
    found = np.zeros((len(counts), len(division.table)), counts.dtype)
    np.add.at(found.T, division.owners, counts.T)
    return found


def overlaps_from(pairs: Sequence[tuple[IntArray, IntArray]], num_overclusters: int, sub_head: int, *, is_exact: bool) -> Overlaps:
    """Overlaps of images.

    Args:
        pairs: of each image the pairs that it has, ascending, and the pixels of each.
    """
    shares = [counts / max(int(counts.sum()), 1) for _, counts in pairs]
    starts = np.concatenate([[0], np.cumsum([len(found) for found, _ in pairs])]).astype(np.int64)
    return Overlaps(
        starts,
        np.concatenate([*(found for found, _ in pairs), np.zeros(0, np.int64)]).astype(np.int64),
        np.concatenate([*shares, np.zeros(0)]).astype(np.float32),
        num_overclusters,
        sub_head,
        is_exact,
    )
