"""Arrays that several layers hand to each other. NumPy only; no behaviour beyond reading them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]


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
    """

    image_ids: IntArray
    probabilities: FloatArray
    assignment: IntArray
    votes: IntArray
    agreement: FloatArray
    sub_head: int
    labels: IntArray | None = None

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
class LiveArrays:
    """Snapshot of training for charts: immutable copies on the CPU.

    Attributes:
        step: optimiser steps so far.
        joints: head name -> (H, K, K) float32, each (K, K) sums to 1; running mean over recent batches.
    """

    step: int
    joints: dict[str, FloatArray]
