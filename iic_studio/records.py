"""Arrays that several layers hand to each other. NumPy only; no behaviour beyond reading them."""

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Part:
    """A part of a cluster of pixels: those of its pixels whose most likely overcluster is one of some.

    Attributes:
        label: its own number, beside the labels of the clusters of its run.
        cluster: label of the cluster that it is a part of.
        sub_head: of the overclustering head; fixed, whichever has the lowest loss later.
        overclusters: ascending.
    """

    label: int
    cluster: int
    sub_head: int
    overclusters: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Overlaps:
    """How much of each image each pair of a cluster and an overcluster covers; pairs that cover nothing are left out.

    Attributes:
        starts: (N + 1,) where the pairs of each image begin.
        pairs: (M,) cluster · `num_overclusters` + overcluster.
        shares: (M,) of the image.
        num_overclusters: K_A.
        sub_head: whose overclusters they are.
        is_exact: every pixel was counted, not just pieces of the images.
    """

    starts: IntArray
    pairs: IntArray
    shares: FloatArray
    num_overclusters: int
    sub_head: int
    is_exact: bool


@dataclass(frozen=True)
class Assignments:
    """Where a trained model puts each image, seen through its best main sub-head.

    Attributes:
        image_ids: (N,) ids in the project.
        probabilities: (N, K) float32, rows sum to 1.
        assignment: (N,) most likely cluster, 0…K-1.
        votes: (N, H) cluster each sub-head votes for, after Hungarian alignment to the chosen one.
        agreement: (N,) share of the sub-heads whose aligned vote equals `assignment`, 0–1.
        sub_head: index of the chosen sub-head.
        labels: (K,) what each cluster is called throughout its run. Sub-heads number the same clusters differently: when another one
            speaks, its clusters take over the labels of those that hold the same images. None stands for 0…K-1.
        overlaps: of clusters of pixels with overclusters; None while nobody measured them.
        parts, whole: parts of clusters that stand behind the clusters, and the assignments without them; see `evaluation.pixel_parts`.
    """

    image_ids: IntArray
    probabilities: FloatArray
    assignment: IntArray
    votes: IntArray
    agreement: FloatArray
    sub_head: int
    labels: IntArray | None = None
    overlaps: Overlaps | None = None
    parts: tuple[Part, ...] = ()
    whole: "Assignments | None" = None

    @property
    def cluster_labels(self) -> IntArray:
        """(K,) `labels`, or 0…K-1."""
        return np.arange(self.probabilities.shape[1]) if self.labels is None else self.labels

    @property
    def confidence(self) -> FloatArray:
        """(N,) probability of the assigned cluster."""
        return self.probabilities.max(axis=1) if len(self.probabilities) else np.zeros(0, np.float32)

    @property
    def margin(self) -> FloatArray:
        """(N,) gap between the two most likely clusters."""
        if not len(self.probabilities):
            return np.zeros(0, np.float32)
        if self.probabilities.shape[1] < 2:
            return np.ones(len(self.probabilities), np.float32)
        top = np.partition(self.probabilities, -2, axis=1)
        return np.asarray(top[:, -1] - top[:, -2], dtype=np.float32)


@dataclass(frozen=True)
class Overclusters:
    """(N,) most and second most likely overcluster of each image, by the overclustering sub-head of lowest loss.

    Attributes:
        sub_head: which that is; None for a run of long ago that did not say.
    """

    image_ids: IntArray
    assignment: IntArray
    second: IntArray
    sub_head: int | None = None


@dataclass(frozen=True)
class JointMoment:
    """Joints of a moment long past, as small as can be: they are symmetric, so half of each is kept, in half precision.

    Attributes:
        step, elapsed_s: optimiser steps and seconds of training by then.
        halves: head name -> (H, K(K+1)/2) float16, the upper triangles row after row.
    """

    step: int
    elapsed_s: float
    halves: dict[str, npt.NDArray[np.float16]]

    def joints(self, head: str) -> FloatArray | None:
        """(H, K, K) joints of a head, or None if they were not kept."""
        halves = self.halves.get(head)
        if halves is None:
            return None
        side = (math.isqrt(8 * halves.shape[-1] + 1) - 1) // 2
        joints = np.zeros((len(halves), side, side), np.float32)
        rows, columns = np.triu_indices(side)
        joints[:, rows, columns] = joints[:, columns, rows] = halves
        return joints


def halve_joints(joints: FloatArray) -> npt.NDArray[np.float16]:
    """(H, K(K+1)/2) upper triangles of (H, K, K) symmetric joints, for `JointMoment`."""
    rows, columns = np.triu_indices(joints.shape[-1])
    return joints[:, rows, columns].astype(np.float16)


@dataclass(frozen=True)
class LiveArrays:
    """Snapshot of training for charts: immutable copies on the CPU.

    Attributes:
        step: optimiser steps so far.
        joints: head name -> (H, K, K) float32, each (K, K) sums to 1; running mean over recent batches.
        pairs: head name -> (H, K, K) float32, the pairs of the last whole pass over the images: each (K, K) sums to their number.
        moments: joints of earlier in the run, oldest first.
    """

    step: int
    joints: dict[str, FloatArray]
    pairs: dict[str, FloatArray] = field(default_factory=dict)
    moments: tuple[JointMoment, ...] = ()


def probability_left(probabilities: FloatArray) -> FloatArray:
    """(N,) what is left for all clusters but the likeliest: tells apart images whose likeliest one has a probability of 1 when rounded."""
    if not probabilities.size:
        return np.zeros(len(probabilities), np.float32)
    return np.asarray(np.where(probabilities < probabilities.max(axis=1, keepdims=True), probabilities, 0).sum(axis=1), np.float32)
