"""Classes straight from features: what a linear classifier and the nearest labelled neighbours make of a few labels.

What stands beside fine-tuning and the map of clusters. Features are scaled to unit length first: trunks differ in how long theirs are.
"""

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from iic_studio.records import FloatArray, IntArray

LINEAR, NEAREST = "linear", "k-nn"
PROBES = (LINEAR, NEAREST)
_NEIGHBOURS = 5
_STRENGTH = 30.0


def probe(name: str, known: FloatArray, classes: IntArray, num_classes: int, images: FloatArray) -> FloatArray:
    """(N, C) probabilities of images.

    Args:
        name: one of `PROBES`.
        known: (L, D) features of the labelled images.
        classes: (L,) 0…C-1.
        images: (N, D).
    """
    found = np.zeros((len(images), num_classes), np.float32)
    used = np.unique(classes)
    if len(used) < 2 or not len(images):
        found[:, used] = 1.0
        return found
    if name == LINEAR:
        model: LogisticRegression | KNeighborsClassifier = LogisticRegression(C=_STRENGTH, max_iter=1000)
    else:
        model = KNeighborsClassifier(min(_NEIGHBOURS, len(known)), weights="distance")
    model.fit(_unit(known), classes)
    found[:, model.classes_] = model.predict_proba(_unit(images))
    return found


def stratified_parts(classes: IntArray, count: int, seed: int = 0) -> IntArray:
    """(L,) part of each label, 0…count-1, each class spread over all parts."""
    rng, parts = np.random.default_rng(seed), np.zeros(len(classes), np.int64)
    order = rng.permutation(len(classes))
    order = order[np.argsort(classes[order], kind="stable")]
    parts[order] = np.arange(len(classes)) % count
    return parts


def _unit(features: npt.NDArray[np.floating]) -> FloatArray:
    wide = features.astype(np.float32)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-6), np.float32)
