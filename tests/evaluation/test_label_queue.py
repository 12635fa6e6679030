"""What to label next: prototypes first, reasons that are true, fewer labels than at random."""

import numpy as np

from iic_studio.evaluation.class_maps import Heads, even_prior, gather, make_map
from iic_studio.evaluation.label_queue import AT_RANDOM, DISPUTED, PROTOTYPE, REASONS, Asked, suggest
from tests.evaluation.made_heads import made_heads


def asked(heads: Heads, truth: np.ndarray, rows: np.ndarray, classes: int = 6, unknown: np.ndarray | None = None) -> Asked:
    free = np.ones(len(truth), np.bool_) if unknown is None else unknown.copy()
    free[rows] = False
    sure = heads.probabilities.max(axis=1)
    return Asked(heads, sure, sure, free, rows, truth[rows], classes)


def nothing() -> np.ndarray:
    return np.zeros(0, np.int64)


def test_clusters_without_a_name_come_first_the_biggest_of_them_first() -> None:
    heads, truth = made_heads(1)
    found = suggest(asked(heads, truth, nothing()), 6)
    sizes = np.bincount(heads.main)
    assert [one.reason for one in found] == [PROTOTYPE] * 6
    assert [one.cluster for one in found] == np.argsort(-sizes).tolist()
    assert all(one.weight == 0 for one in found)
    for one in found:
        inside = heads.main == one.cluster
        part = inside & (heads.over == np.bincount(heads.over[inside]).argmax())
        sure = heads.probabilities.max(axis=1)
        assert part[one.row], "from the largest part of the cluster"
        assert abs((sure[part] < sure[one.row]).mean() - 0.6) < 0.1, "neither the surest nor the least sure"


def test_the_same_state_gives_the_same_images_each_once() -> None:
    heads, truth = made_heads(1)
    first, again = (suggest(asked(heads, truth, np.arange(40)), 200, seed=3) for _ in range(2))
    assert first == again
    assert len({one.row for one in first}) == 200
    assert not {one.row for one in first} & set(range(40))


def test_there_are_no_more_images_than_there_are() -> None:
    heads, truth = made_heads(1, images=30)
    assert len(suggest(asked(heads, truth, np.arange(20)), 99)) == 10
    assert suggest(asked(heads, truth, np.arange(30)), 5) == []


def test_images_nobody_may_be_asked_for_are_left_out() -> None:
    heads, truth = made_heads(1, images=100)
    unknown = np.arange(100) < 50
    assert all(one.row < 50 for one in suggest(asked(heads, truth, nothing(), unknown=unknown), 80))


def test_a_mixed_cluster_is_called_disputed_and_comes_up_more_often() -> None:
    """Two clusters of equal size; the labels of the first do not agree."""
    main = np.arange(1000) % 2
    heads = Heads.of(np.eye(2, dtype=np.float32)[main], main, None)
    truth = np.where(main == 0, (np.arange(1000) // 2) % 2, 1)
    rows = np.arange(40)
    found = suggest(asked(heads, truth, rows, 2), 100)
    disputed = [one for one in found if one.cluster == 0]
    assert len(disputed) > 60
    assert {one.reason for one in disputed} == {DISPUTED}
    assert all(one.weight < 1 for one in disputed) and all(one.weight > 1 for one in found if one.cluster == 1)
    assert {one.reason for one in found if one.cluster == 1} == {AT_RANDOM}


def test_weights_undo_how_images_were_chosen() -> None:
    """The weighted share of a cluster among the labels is its share of the images, though it is asked for more often."""
    heads, truth = made_heads(4)
    found = suggest(asked(heads, truth, np.arange(60)), 1500, seed=1)
    weights, inside = np.array([one.weight for one in found]), np.array([heads.main[one.row] == 0 for one in found])
    assert abs((weights * inside).sum() / weights.sum() - (heads.main == 0).mean()) < 0.04
    assert weights.max() <= 1 / 0.3 + 1e-9


def test_few_labels_of_the_queue_do_better_than_as_many_at_random() -> None:
    """Mean accuracy over 20 sets of images, after 6 and after 12 labels."""
    gains = []
    for seed in range(20):
        heads, truth = made_heads(seed)
        rows = nothing()
        while len(rows) < 12:
            rows = np.append(rows, [one.row for one in suggest(asked(heads, truth, rows), 4, seed)])
        other = np.random.default_rng(seed).permutation(len(truth))
        gains.append([_right(heads, truth, rows[:n]) - _right(heads, truth, other[:n]) for n in (6, 12)])
    assert np.mean(gains, axis=0)[0] > 0.1
    assert np.mean(gains, axis=0)[1] > 0


def test_every_reason_has_words() -> None:
    heads, truth = made_heads(2)
    assert {one.reason for one in suggest(asked(heads, truth, np.arange(30)), 300)} <= set(REASONS)


def _right(heads: Heads, truth: np.ndarray, rows: np.ndarray) -> float:
    made = make_map(gather("bayes-both", heads.part(rows), truth[rows], 6), heads, even_prior(6))
    return float((made.predict(heads)[0] == truth).mean())
