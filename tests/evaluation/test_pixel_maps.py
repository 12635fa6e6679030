"""Maps of labelled pixels: cluster by cluster, judged by other pictures, with intervals that know that pixels of one picture are alike."""

from pathlib import Path

import numpy as np
import pytest

from iic_studio.errors import UsageError
from iic_studio.evaluation.class_maps import NO_CLASS, Hand, Heads
from iic_studio.evaluation.label_estimate import Judged, share
from iic_studio.evaluation.pixel_label_files import read_place_weights, sort_pixel_labels
from iic_studio.evaluation.pixel_maps import PixelMapper, told


def heads_of(main: list[int], over: list[int] | None = None, clusters: int = 3, overclusters: int = 6) -> Heads:
    probabilities = np.full((len(main), clusters), 0.05, np.float32)
    probabilities[np.arange(len(main)), main] = 1 - 0.05 * (clusters - 1)
    found = None if over is None else np.array(over)
    return Heads.of(probabilities, np.array(main), found, overclusters if over is not None else 0)


def test_each_cluster_gets_the_class_of_most_of_its_labels() -> None:
    mapper = PixelMapper(heads_of([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 1]), np.array([1, 2, 3, 1, 2]), 2)
    made = mapper.make("many-to-one")
    assert made.hard.tolist() == [0, 1, NO_CLASS]
    assert made.unlabelled.tolist() == [2]
    assert mapper.methods() == ("many-to-one", "one-to-one"), "there are no finer clusters"
    found, scores = told(made, mapper.heads)
    assert found.tolist() == [0, 0, 0, 1, 1, NO_CLASS]
    assert scores[5] == 0


def test_finer_clusters_without_a_label_get_the_class_of_where_they_lie() -> None:
    # Overcluster 0 and 1 lie in cluster 0, 2 and 3 in cluster 1; nothing was seen of 4 and 5.
    heads = heads_of([0, 1, 0, 0, 1, 1], [0, 2, 1, 1, 3, 3])
    mapper = PixelMapper(heads, np.array([0, 1]), np.array([1, 2]), 2)
    made = mapper.make("overclusters")
    assert made.hard.tolist() == [0, 0, 1, 1, NO_CLASS, NO_CLASS]
    assert made.unlabelled.tolist() == [1, 3, 4, 5]


def test_what_a_person_mapped_goes_before_the_labels() -> None:
    heads = heads_of([0, 1, 0, 0, 1, 1], [0, 2, 1, 1, 3, 3])
    hand = Hand(np.array([1, NO_CLASS, NO_CLASS]), np.array([NO_CLASS, 0, NO_CLASS, NO_CLASS, NO_CLASS, NO_CLASS]))
    mapper = PixelMapper(heads, np.array([0, 1]), np.array([1, 2]), 2, hand)
    assert mapper.make("many-to-one").hard.tolist() == [1, 1, NO_CLASS]
    assert mapper.make("overclusters").hard.tolist() == [1, 0, 1, 1, NO_CLASS, NO_CLASS]
    alone = PixelMapper(heads, np.zeros(0, np.int64), np.zeros(0, np.int64), 2, hand)
    assert alone.make("one-to-one").hard.tolist() == [1, NO_CLASS, NO_CLASS]


def test_a_label_is_judged_without_any_label_of_its_picture() -> None:
    # Cluster 2 is labelled in one picture only, with two labels: each would confirm the other.
    mapper = PixelMapper(heads_of([0, 0, 0, 1, 2, 2]), np.array([0, 0, 0, 1, 1, 1]), np.array([1, 2, 3, 2, 3, 3]), 2)
    judged = mapper.judge("many-to-one", np.ones(6))
    assert judged.found.tolist() == [0, 0, 0, NO_CLASS, NO_CLASS, NO_CLASS]
    assert judged.shaky.tolist() == [False, False, False, True, True, True]
    in_one = PixelMapper(heads_of([0, 0, 1]), np.array([0, 0, 1]), np.array([7, 7, 7]), 2)
    assert share(in_one.judge("many-to-one", np.ones(3))).num_labels == 0


def test_labels_of_one_picture_are_worth_one() -> None:
    count, right = 60, np.arange(60) % 5 > 0
    parts = np.ones(count, np.int64), right.astype(np.int64), np.ones(count, np.float32), np.ones(count), np.zeros(count, np.bool_)
    alone, together = share(Judged(*parts)), share(Judged(*parts, np.arange(count) // 6))
    assert alone.value == together.value == pytest.approx(0.8)
    assert together.worth == pytest.approx(10)
    assert together.high - together.low > alone.high - alone.low


def test_the_interval_holds_where_pictures_differ() -> None:
    """Pixels of one picture are mostly right or mostly wrong together; the interval contains the truth as often as it says."""
    draws, held, trials = np.random.default_rng(0), 0, 300
    for _ in range(trials):
        pictures, each = int(draws.integers(5, 40)), int(draws.integers(1, 12))
        true = draws.uniform(0.6, 0.95)
        of_picture = draws.beta(4 * true, 4 * (1 - true), pictures)
        unit = np.repeat(np.arange(pictures), each)
        right = draws.random(len(unit)) < of_picture[unit]
        ones = np.ones(len(unit))
        found = share(Judged(ones.astype(np.int64), right.astype(np.int64), ones.astype(np.float32), ones, ones < 0, unit))
        held += found.low <= true <= found.high
    assert held / trials >= 0.93


def test_rows_of_a_file_are_sorted() -> None:
    rows = [
        ("a", "1", "2", "x"),
        ("a", "1.0", "2", "x"),
        ("a", "1.5", "2", "x"),
        ("a", "3", "0", "x"),
        ("b", "0", "0", "x"),
        ("a", "0", "0", "y"),
    ]
    found = sort_pixel_labels(rows, {"a": (3, 3)}, {"x"})
    assert found.matched == {("a", 1, 2): "x"}
    assert (found.report.rows, found.no_place, found.outside, found.report.unknown_paths) == (6, 1, ["a (3, 0)"], ["b"])
    assert found.report.unknown_classes == {"y": 1}
    assert found.report.doubles == ["a (1, 2)"]


def test_weights_of_places_are_read_where_there_are_any(tmp_path: Path) -> None:
    """A place that is none is told where the rows are sorted; the weights of the others are read."""
    table = tmp_path / "labels.csv"
    rows = ["path,x,y,label,weight", "a,1,2.0,sky,0.5", "a,left,2,sky,1", "a,inf,2,sky,1", "a,3,nan,sky,1", "b,0,0,sky,"]
    table.write_text("\n".join(rows), encoding="utf-8")
    assert read_place_weights(table) == {("a", 1, 2): 0.5}
    table.write_text("path,x,y,label\na,1,2,sky\n", encoding="utf-8")
    assert read_place_weights(table) == {}
    table.write_text("path,x,y,label,weight\na,1,2,sky,much\n", encoding="utf-8")
    with pytest.raises(UsageError, match="weight"):
        read_place_weights(table)
