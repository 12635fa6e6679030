"""Principal components against scikit-learn's, and new places beside known ones."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from iic_studio.evaluation import projection
from iic_studio.evaluation.projection import Pca, fit_pca, fit_pca_wide, on_a_plane, place_beside, sample_rows


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return load_digits().data.astype(np.float32)


def same_up_to_sign(found: np.ndarray, expected: np.ndarray, within: float) -> bool:
    signs = np.sign((found * expected).sum(axis=0))
    return bool(np.abs(found - signs * expected).max() < within)


def placed(known: np.ndarray, places: np.ndarray, new: np.ndarray) -> tuple[list[int], np.ndarray]:
    *done, last = place_beside(known, places, new)
    assert isinstance(last, np.ndarray)
    return [int(one) for one in done], last


@pytest.mark.parametrize("components", [2, 10])
def test_components_are_scikit_learns(digits: np.ndarray, components: int) -> None:
    expected = PCA(components, svd_solver="full").fit_transform(digits.astype(np.float64))
    pca = fit_pca(digits, components)
    assert same_up_to_sign(pca.project(digits), expected, 1e-2)
    assert np.allclose(pca.components @ pca.components.T, np.eye(components), atol=1e-5)


def test_rows_may_lie_on_the_disk_as_half_floats(digits: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "_CHUNK", 100)
    np.save(tmp_path / "rows.npy", digits.astype(np.float16))
    lying = np.load(tmp_path / "rows.npy", mmap_mode="r", allow_pickle=False)
    expected = fit_pca(digits, 2).project(digits)
    assert np.allclose(fit_pca(lying, 2).project(lying), expected, atol=1e-2)


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 12), st.integers(0, 6), st.integers(0, 1000))
def test_few_rows_or_columns_give_fewer_components(rows: int, columns: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)
    pca = fit_pca(vectors, 4)
    assert pca.components.shape == (min(4, columns, rows), columns)
    shown = on_a_plane(pca.project(vectors))
    assert shown.shape == (rows, 2)
    assert np.isfinite(shown).all()


def test_the_sign_does_not_depend_on_the_order_of_the_rows(digits: np.ndarray) -> None:
    mixed = np.random.default_rng(0).permutation(len(digits))
    assert np.allclose(fit_pca(digits, 3).components, fit_pca(digits[mixed], 3).components, atol=1e-4)


def test_equal_images_lie_on_one_spot() -> None:
    vectors = np.full((30, 8), 0.25, np.float32)
    assert np.allclose(fit_pca(vectors, 2).project(vectors), 0)


def test_wide_vectors_keep_what_a_few_directions_tell() -> None:
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(300, 5)) @ rng.normal(size=(5, 2000)) + 3).astype(np.float32)
    pca = fit_pca_wide(vectors, 5)
    assert np.allclose(pca.project(vectors) @ pca.components + pca.mean, vectors, atol=1e-2)
    assert fit_pca_wide(vectors[:3], 256).components.shape == (3, 2000)


def test_a_copy_lands_on_its_original_and_others_between_neighbours(digits: np.ndarray) -> None:
    compared = Pca(digits.mean(axis=0), np.eye(64, dtype=np.float32)).project(digits)
    places = fit_pca(digits, 2).project(digits)
    done, copies = placed(compared, places, compared[:50])
    assert done == [50]
    assert np.allclose(copies, places[:50], atol=1e-3)
    _, between = placed(compared[50:], places[50:], compared[:50])
    assert np.median(np.linalg.norm(between - places[:50], axis=1)) < 0.5 * places.std()
    assert (between >= places.min(axis=0) - 1e-3).all()
    assert (between <= places.max(axis=0) + 1e-3).all()


def test_one_known_image_is_neighbour_enough() -> None:
    _, found = placed(np.zeros((1, 3), np.float32), np.array([[2.0, 5.0]], np.float32), np.ones((4, 3), np.float32))
    assert np.allclose(found, [[2, 5]] * 4)


def test_a_sample_is_ascending_and_the_same_for_a_seed() -> None:
    assert sample_rows(5, 10, 0).tolist() == [0, 1, 2, 3, 4]
    rows = sample_rows(1000, 50, 3)
    assert len(set(rows.tolist())) == 50
    assert (np.diff(rows) > 0).all()
    assert rows.tolist() == sample_rows(1000, 50, 3).tolist()
    assert rows.tolist() != sample_rows(1000, 50, 4).tolist()
