"""How right classes are, told by labels that took no part in making them: cross-validation, an interval, and the labels behind it.

Each label is judged by a map made from the other ones. Not all labels are a fair sample of the images: one that was asked for because its
image is typical, or because it is doubtful, says little of the rest. So each label has a weight, the images it stands for; with weights of
0 it helps to make the map and is not counted. The interval is that of Clopper and Pearson for as many labels as the weights are worth,
and for fewer when labels are judged otherwise by the map they made: then the map hangs on single labels, and its accuracy on chance.
Labels that stand or fall together, as those of pixels in one picture, are worth one.
Source of the weights: Horvitz and Thompson, 1952; of their worth: Kish, Survey Sampling, 1965. How much shaky labels cost was found by
simulation: maps of 5 to 100 clusters, 10 to 300 labels.

Known weakness: labels are of pictures that a person could name; those marked as not sure count for nothing.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from iic_studio.evaluation.class_maps import (
    NO_CLASS,
    Doubles,
    Evidence,
    Hand,
    Heads,
    Method,
    gather,
    make_map,
    prior_of,
)
from iic_studio.records import FloatArray, IntArray

_MOST_FOLDS = 50
_LEVEL = 0.95
_COST_OF_SHAKY, _MOST_COST = 3.0, 2.6
_PRIOR_PRECISIONS = np.array([1.0, 4.0])  # of shift and slope, which are 0 and 1 before any label


@dataclass(frozen=True)
class Share:
    """A share of images with its interval of 95 %.

    Attributes:
        value: 0–1; NaN when no label speaks of it.
        low, high: the interval; 0 and 1 when no label speaks of it.
        num_labels: labels behind it.
        worth: how many labels drawn from all images at random would tell as much.
    """

    value: float
    low: float
    high: float
    num_labels: int
    worth: float


@dataclass(frozen=True, eq=False)
class Judged:
    """Labels beside what maps made without them say.

    Attributes:
        classes: (L,) of the labels.
        found: (L,) what the others make of the image, or `NO_CLASS`.
        scores: (L,) of what was found.
        weights: (L,) of the labels.
        shaky: (L,) whether the map made of all labels says another thing.
        unit: (L,) which labels stand or fall together, as those in one picture do; None: each for itself.
    """

    classes: IntArray
    found: IntArray
    scores: FloatArray
    weights: Doubles
    shaky: npt.NDArray[np.bool_]
    unit: IntArray | None = None

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """(L,) whether it is the class of the label."""
        return np.asarray(self.found == self.classes)


@dataclass(frozen=True, eq=False)
class Estimate:
    """How right the classes of all images are.

    Attributes:
        accuracy: share of all images.
        precision, recall: for each class.
        confusion: (C, C + 1) labels of each class by what was found for them; the last column is no class.
    """

    accuracy: Share
    precision: tuple[Share, ...]
    recall: tuple[Share, ...]
    confusion: IntArray


def folds_of(count: int) -> IntArray:
    """(L,) part of each label: as many parts as labels, or fifty of equal size, shuffled."""
    parts: IntArray = np.random.default_rng(0).permutation(count) % min(max(count, 1), _MOST_FOLDS)
    return parts


def judge(
    method: Method,
    labelled: Heads,
    classes: IntArray,
    num_classes: int,
    weights: Doubles,
    *,
    prior: Sequence[float] | Doubles | None = None,
    hand: Hand | None = None,
) -> Judged:
    """Cross-validate a map.

    Args:
        labelled: the (L) images that have a label.
        classes: (L,) 0…C-1.
        weights: (L,) of the labels.
        prior: (C,) of the classes; None takes it from the labels.
        hand: what a person mapped; it stays so in every part.
    """
    whole = gather(method, labelled, classes, num_classes)

    def told(evidence: Evidence, known: IntArray, images: Heads) -> tuple[IntArray, FloatArray]:
        made = make_map(evidence, labelled, prior_of(known, num_classes) if prior is None else prior)
        found, scores = made.predict(images)
        return (found, scores) if hand is None else hand.correct(found, scores, images)

    found, scores = np.full(len(classes), NO_CLASS, np.int64), np.zeros(len(classes), np.float32)
    parts = folds_of(len(classes))
    order = np.argsort(parts.astype(np.uint8), kind="stable")
    in_order, their_classes = labelled.part(order), classes[order]  # a part is a slice then, which copies nothing
    for start, end in itertools.pairwise([0, *np.cumsum(np.bincount(parts)).tolist()]):
        if end - start in (0, len(classes)):
            continue
        part, rows = in_order.part(slice(start, end)), order[start:end]
        rest = np.delete(their_classes, slice(start, end)) if prior is None else classes
        found[rows], scores[rows] = told(whole.less(gather(method, part, their_classes[start:end], num_classes)), rest, part)
    return Judged(classes, found, scores, weights, told(whole, classes, labelled)[0] != found)


def share(judged: Judged, chosen: npt.NDArray[np.bool_] | None = None, unseen: float = np.inf) -> Share:
    """The share that is right of all images, or of those that (L,) `chosen` labels stand for.

    Args:
        unseen: how many images have no label: the share of few of them is up to chance itself.
    """
    from scipy.stats import beta  # here, because it loads for half a second

    counted = judged.weights > 0 if chosen is None else chosen & (judged.weights > 0)
    right, weights = judged.right[counted], judged.weights[counted]
    total = float(weights.sum())
    if not total:
        return Share(float("nan"), 0.0, 1.0, 0, 0.0)
    value = float((weights * right).sum() / total)
    unit = None if judged.unit is None else judged.unit[counted]
    worth = total**2 / float((_together(weights, unit) ** 2).sum())
    spread = float((_together(weights * (right - value), unit) ** 2).sum()) / total**2
    if spread > 0:
        worth = min(worth, value * (1 - value) / spread)
    shaky = float((weights * judged.shaky[counted]).sum()) / total
    worth /= min(1 + _COST_OF_SHAKY * shaky**0.5, _MOST_COST)
    worth = 1 / (1 / worth + 1 / max(unseen, 1))
    hits = value * worth
    tail = (1 - _LEVEL) / 2
    low = float(beta.ppf(tail, hits, worth - hits + 1)) if hits > 0 else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, worth - hits)) if hits < worth else 1.0
    return Share(value, low, high, int(counted.sum()), worth)


def _together(values: Doubles, unit: IntArray | None) -> Doubles:
    """Sums over the labels that stand or fall together."""
    return values if unit is None else np.asarray(np.bincount(unit, values), np.float64)


def with_known(share: Share, part: float, right: float) -> Share:
    """The share of all images, when it is known of a part of them: those with a label, if these are many.

    Args:
        share: of the others.
        part: share of the images that have a label.
        right: share of these that are right.
    """
    return replace(share, **{name: (1 - part) * getattr(share, name) + part * right for name in ("value", "low", "high")})


def estimate(judged: Judged, num_classes: int, unseen: float = np.inf) -> Estimate:
    """Accuracy of the `unseen` images without a label, precision and recall, and what is taken for what."""
    columns = np.where(judged.found >= 0, judged.found, num_classes)
    confusion = np.bincount(judged.classes * (num_classes + 1) + columns, minlength=num_classes * (num_classes + 1))
    precision, recall = [], []
    for one in range(num_classes):
        told, real = judged.found == one, judged.classes == one
        precision.append(share(judged, told))
        recall.append(share(judged, real))
    return Estimate(share(judged, unseen=unseen), tuple(precision), tuple(recall), confusion.reshape(num_classes, num_classes + 1))


def better(judged: Judged, than: Judged) -> float:
    """By how many standard errors one map is better than another on the same labels; 0 where nothing tells."""
    weights = judged.weights if judged.weights.sum() else np.ones(len(judged.weights))
    gain = judged.right.astype(np.float64) - than.right
    total = float(weights.sum())
    if not total or not gain.any():
        return 0.0
    mean = float((weights * gain).sum() / total)
    error = float(np.sqrt((_together(weights * (gain - mean), judged.unit) ** 2).sum()) / total)
    return mean / max(error, 1e-9)


@dataclass(frozen=True)
class Calibration:
    """From a score to the probability that the class is right: a shift and a slope of its log-odds."""

    shift: float = 0.0
    slope: float = 1.0

    def __call__(self, scores: FloatArray) -> FloatArray:
        """(N,) probabilities; 0 stays 0."""
        from scipy.special import expit  # here, because it loads for a tenth of a second

        odds = self.shift + self.slope * _log_odds(scores)
        return np.where(scores > 0, expit(odds), 0).astype(np.float32)


def calibrate(judged: Judged) -> Calibration:
    """Fit on labels that took no part in their scores, held back by a prior: with few labels little changes. Source: Platt, 1999."""
    from scipy.optimize import minimize  # here, because they load for a quarter of a second
    from scipy.special import expit

    counted = (judged.weights > 0) & (judged.found >= 0)
    if not counted.any():
        return Calibration()
    weights = judged.weights[counted] / judged.weights[counted].mean()
    inputs = np.stack([np.ones(int(counted.sum())), _log_odds(judged.scores[counted])], axis=1)
    right, start = judged.right[counted], np.array([0.0, 1.0])

    def cost(values: Doubles) -> tuple[float, Doubles]:
        odds, off = inputs @ values, values - start
        loss = float((weights * (np.logaddexp(0, odds) - right * odds)).sum() + (_PRIOR_PRECISIONS * off**2).sum() / 2)
        return loss, np.asarray(inputs.T @ (weights * (expit(odds) - right)) + _PRIOR_PRECISIONS * off)

    values = minimize(cost, start, jac=True, method="BFGS").x
    return Calibration(float(values[0]), max(float(values[1]), 0.0))


def _log_odds(scores: FloatArray) -> Doubles:
    inside = np.clip(scores.astype(np.float64), 1e-4, 1 - 1e-4)
    return np.asarray(np.log(inside / (1 - inside)))
