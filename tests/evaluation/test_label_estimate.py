"""The estimate of accuracy: its interval holds what it promises, and no label judges the map it made."""

import numpy as np
import pytest

from iic_studio.evaluation.class_maps import METHODS, Heads, even_prior, gather, make_map
from iic_studio.evaluation.label_estimate import Calibration, Judged, better, calibrate, estimate, judge, share, with_known
from iic_studio.evaluation.label_queue import Asked, suggest
from tests.evaluation.made_heads import made_heads

CLASSES = 6


def judged_of(right: list[bool], weights: list[float] | None = None) -> Judged:
    count = len(right)
    classes = np.zeros(count, np.int64)
    return Judged(
        classes,
        np.where(right, 0, 1),
        np.full(count, 0.8, np.float32),
        np.array(weights or [1.0] * count),
        np.zeros(count, np.bool_),
    )


def test_the_share_of_plain_labels_is_that_of_clopper_and_pearson() -> None:
    found = share(judged_of([True] * 9 + [False]))
    assert found.value == 0.9 and found.num_labels == 10 and found.worth == pytest.approx(10)
    assert (found.low, found.high) == pytest.approx((0.55498, 0.99747), abs=1e-4)


def test_labels_without_weight_do_not_count() -> None:
    assert share(judged_of([False, False, True], [0, 0, 1])).value == 1.0
    nothing = share(judged_of([True, True], [0, 0]))
    assert np.isnan(nothing.value) and (nothing.low, nothing.high, nothing.num_labels) == (0.0, 1.0, 0)


def test_uneven_weights_are_worth_less() -> None:
    even, uneven = share(judged_of([True, False] * 20)), share(judged_of([True, False] * 20, [3.0, 3.0, 0.2, 0.2] * 10))
    assert uneven.worth < even.worth and uneven.high - uneven.low > even.high - even.low


def test_no_label_judges_the_map_it_made() -> None:
    """Each cluster has one label, so without it nothing is known of the cluster."""
    heads = Heads.of(np.eye(8, dtype=np.float32), np.arange(8), None)
    classes = np.arange(8)
    found = judge("many-to-one", heads, classes, 8, np.ones(8), prior=even_prior(8))
    assert not found.right.any() and found.shaky.all()


def test_one_label_alone_is_not_judged() -> None:
    heads = Heads.of(np.eye(2, dtype=np.float32)[:1], np.zeros(1, np.int64), None)
    assert judge("bayes", heads, np.zeros(1, np.int64), 2, np.ones(1)).found.tolist() == [-1]


@pytest.mark.parametrize("labels", [12, 40, 150])
def test_the_interval_holds_for_random_labels(labels: int) -> None:
    """100 labellings, each of another set; the map is the one that would be used."""
    inside = 0
    for seed in range(100):
        heads, truth = made_heads(seed)
        rows = np.random.default_rng(seed).choice(len(truth), labels, replace=False)
        known, classes = heads.part(rows), truth[rows]
        judged = {one: judge(one, known, classes, CLASSES, np.ones(labels), prior=even_prior(CLASSES)) for one in METHODS[:3]}
        method = max(judged, key=lambda one: better(judged[one], judged["bayes-both"]))
        found = make_map(gather(method, known, classes, CLASSES), heads, even_prior(CLASSES)).predict(heads)[0]
        accuracy, told = float((found == truth).mean()), share(judged[method])
        inside += told.low <= accuracy <= told.high
    assert inside >= 93


def test_the_interval_holds_for_labels_of_the_queue() -> None:
    """100 labellings by what the queue asked for, ten images at a time."""
    inside, widths = 0, []
    for seed in range(100):
        heads, truth = made_heads(seed)
        rows, weights = np.zeros(0, np.int64), np.zeros(0)
        sure = heads.probabilities.max(axis=1)
        while len(rows) < 60:
            unknown = np.ones(len(truth), np.bool_)
            unknown[rows] = False
            found = suggest(Asked(heads, sure, sure, unknown, rows, truth[rows], CLASSES), 10, seed)
            rows = np.append(rows, [one.row for one in found])
            weights = np.append(weights, [one.weight for one in found])
        known, classes = heads.part(rows), truth[rows]
        told = share(judge("bayes-both", known, classes, CLASSES, weights, prior=even_prior(CLASSES)))
        classified = make_map(gather("bayes-both", known, classes, CLASSES), heads, even_prior(CLASSES)).predict(heads)[0]
        inside += told.low <= float((classified == truth).mean()) <= told.high
        widths.append(told.high - told.low)
    assert inside >= 93
    assert np.mean(widths) < 0.4, "an interval that says nothing would hold as well"


def test_labels_of_a_third_of_the_images_count_as_known() -> None:
    """100 labellings of 200 of 600 images: the map knows those it was made of better than the others."""
    inside = 0
    for seed in range(100):
        heads, truth = made_heads(seed, images=600, purity=0.6)
        rows = np.random.default_rng(seed).choice(600, 200, replace=False)
        known, classes = heads.part(rows), truth[rows]
        found = make_map(gather("bayes-both", known, classes, CLASSES), heads, even_prior(CLASSES)).predict(heads)[0]
        told = share(judge("bayes-both", known, classes, CLASSES, np.ones(200), prior=even_prior(CLASSES)), unseen=400)
        told = with_known(told, 200 / 600, float((found[rows] == classes).mean()))
        inside += told.low <= float((found == truth).mean()) <= told.high
    assert inside >= 93


def test_precision_recall_and_confusion() -> None:
    classes, found = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, -1])
    told = estimate(Judged(classes, found, np.ones(5, np.float32), np.ones(5), np.zeros(5, np.bool_)), 2)
    assert told.confusion.tolist() == [[2, 1, 0], [0, 1, 1]]
    assert told.accuracy.value == 0.6
    assert [one.value for one in told.precision] == [1.0, 0.5]
    assert [round(one.value, 3) for one in told.recall] == [0.667, 0.5]


def test_probabilities_are_calibrated() -> None:
    """Scores that are far too sure come out about as often right as they say."""
    rng = np.random.default_rng(0)
    odds = rng.normal(1.0, 1.0, 4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-odds))
    scores = (1 / (1 + np.exp(-3 * odds - 1))).astype(np.float32)
    judged = Judged(np.zeros(4000, np.int64), np.where(right, 0, 1), scores, np.ones(4000), np.zeros(4000, np.bool_))
    told = calibrate(judged)(scores)
    for low, high in ((0.4, 0.6), (0.6, 0.8), (0.8, 0.95)):
        inside = (told >= low) & (told < high)
        assert right[inside].mean() == pytest.approx(told[inside].mean(), abs=0.05)


def test_without_fair_labels_scores_stay_as_they_are() -> None:
    scores = np.array([0.0, 0.3, 0.9], np.float32)
    assert calibrate(judged_of([True], [0.0])) == Calibration()
    assert Calibration()(scores) == pytest.approx(scores, abs=1e-6)
