"""Nearest vectors and typical ones, against plain NumPy."""

import numpy as np
import pytest

from iic_studio.evaluation import similar


@pytest.mark.parametrize("chunk", [3, 1000])
@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_nearest_by_cosine(chunk: int, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "_CHUNK", chunk)
    vectors = np.random.default_rng(0).normal(size=(50, 6)).astype(kind)
    vectors[7] = 0
    rows, cosines = similar.nearest_to(vectors, 3, 10)
    plain = vectors.astype(np.float32)
    lengths = np.linalg.norm(plain, axis=1)
    expected = plain @ plain[3] / np.maximum(lengths * lengths[3], 1e-12)
    np.testing.assert_array_equal(rows, np.argsort(-expected)[:10])
    np.testing.assert_allclose(cosines, expected[rows], atol=1e-3)
    assert rows[0] == 3
    assert len(similar.nearest_to(vectors, 3, 1000)[0]) == 50


def test_the_one_asked_for_comes_first_among_equals() -> None:
    rows, cosines = similar.nearest_to(np.ones((4, 2), np.float32), 2, 4)
    assert rows.tolist() == [2, 0, 1, 3]
    np.testing.assert_allclose(cosines, 1)


@pytest.mark.parametrize("chunk", [2, 1000])
def test_what_is_unlike_its_cluster_is_least_typical(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "_CHUNK", chunk)
    vectors = np.array([[1, 0], [1, 0.1], [0, 1], [0, 1], [0.1, 1], [1, 0]], np.float32)
    clusters = np.array([0, 0, 0, 1, 1, -1])
    found = similar.typicality(vectors, clusters)
    assert found[2] < 0.7 < found[0]
    assert found[3] > 0.99
    assert found[5] == 0
    assert similar.typicality(vectors, np.full(6, -1)).tolist() == [0] * 6
    assert len(similar.typicality(np.zeros((0, 2), np.float32), np.zeros(0, np.int64))) == 0
