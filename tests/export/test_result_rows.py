"""The table that every way out reads."""

import numpy as np

from tests.export.conftest import made_rows


def test_rows_come_in_path_order_with_what_belongs_to_each() -> None:
    rows = made_rows(["c.png", "a.png", "b.png"], clusters=[2, 0, 1], sizes=[30, 10, 20], names={1: "tulips"})
    assert rows.paths == ("a.png", "b.png", "c.png")
    assert rows.image_ids.tolist() == [2, 3, 1]
    assert rows.cluster.tolist() == [0, 1, 2]
    assert rows.sizes.tolist() == [10, 20, 30]
    assert rows.probabilities_of(slice(None)).argmax(axis=1).tolist() == [0, 1, 2]
    assert [rows.name_of(one) for one in range(3)] == ["Cluster 0", "tulips", "Cluster 2"]
    assert rows.sources() == ["model"] * 3


def test_images_that_no_model_has_seen_have_no_cluster() -> None:
    rows = made_rows(["a.png", "b.png"], num_seen=1)
    assert rows.cluster.tolist() == [0, -1]
    assert np.isnan(rows.confidence).tolist() == [False, True]
    assert np.isnan(rows.probabilities_of(slice(None))).all(axis=1).tolist() == [False, True]
    assert rows.sources() == ["model", ""]
    assert rows.cluster_sizes().tolist() == [1, 0, 0]
    assert made_rows(["a.png"], num_seen=0).cluster.tolist() == [-1]


def test_a_part_keeps_every_column_together() -> None:
    rows = made_rows([f"{number}.png" for number in range(6)], clusters=[0, 1, 2, 0, 1, 2], sizes=range(1, 7))
    part = rows.part(rows.cluster == 2)
    assert part.paths == ("2.png", "5.png")
    assert (part.image_ids.tolist(), part.sizes.tolist(), len(part.hashes)) == ([3, 6], [3, 6], 2)
    assert part.probabilities_of(slice(None)).argmax(axis=1).tolist() == [2, 2]


def test_fingerprint_is_that_of_the_content() -> None:
    one, same = made_rows(["a", "b"], sizes=[1, 2]), made_rows(["b", "a"], sizes=[2, 1])
    assert one.fingerprint() == same.fingerprint()
    assert one.fingerprint() != made_rows(["a", "b"], sizes=[1, 3]).fingerprint()
    assert one.fingerprint() != made_rows(["a", "c"], sizes=[1, 2]).fingerprint()
