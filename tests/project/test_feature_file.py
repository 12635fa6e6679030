"""Features in the cache: appended, found by image and contents, and never those of another network."""

from pathlib import Path

import numpy as np
import pytest

from iic_studio.project.feature_file import FeatureFile

IDS = np.array([4, 7, 9])
MARKS = np.array([40, 70, 2**64 - 1], np.uint64)


def values(seed: int, count: int, width: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def make(folder: Path, model: str = "a") -> FeatureFile:
    return FeatureFile.create(folder, "run", model, values(0, 1, 6)[0], values(1, 4, 6), num_probabilities=3, num_sampled=2)


def test_records_come_back_by_image(tmp_path: Path) -> None:
    file = make(tmp_path / "features")
    assert file.rows_of(IDS, MARKS).tolist() == [-1, -1, -1]
    features, probabilities = values(2, 3, 4), values(3, 3, 3)
    file.append(IDS[:2], MARKS[:2], features[:2], probabilities[:2])
    file.append(IDS[2:], MARKS[2:], features[2:], probabilities[2:])
    again = FeatureFile.open(tmp_path / "features", "run", "a")
    assert again is not None
    assert np.array_equal(again.mean, file.mean)
    assert np.array_equal(again.components, file.components)
    assert again.num_sampled == 2
    rows = again.rows_of(IDS[::-1], MARKS[::-1])
    assert np.allclose(again.features(rows), features[::-1], atol=1e-2)
    assert np.allclose(again.probabilities(rows), probabilities[::-1], atol=1e-2)


def test_changed_contents_need_a_new_record_which_then_counts(tmp_path: Path) -> None:
    file = make(tmp_path)
    file.append(IDS, MARKS, values(2, 3, 4), values(3, 3, 3))
    changed = MARKS + np.uint64(1)
    assert file.rows_of(IDS, changed).tolist() == [-1, -1, -1]
    fresh = values(5, 1, 4)
    file.append(IDS[:1], changed[:1], fresh, values(6, 1, 3))
    row = file.rows_of(IDS[:1], changed[:1])
    assert np.allclose(file.features(row), fresh, atol=1e-2)
    assert file.rows_of(IDS, MARKS).tolist() == [-1, 1, 2]


def test_a_torn_record_is_cut_off(tmp_path: Path) -> None:
    file = make(tmp_path)
    features = values(2, 3, 4)
    file.append(IDS, MARKS, features, values(3, 3, 3))
    rows = tmp_path / "run.rows"
    rows.write_bytes(rows.read_bytes()[:-5])
    assert file.rows_of(IDS, MARKS).tolist() == [0, 1, -1]
    file.append(IDS[2:], MARKS[2:], features[2:], values(4, 1, 3))
    found = file.rows_of(IDS, MARKS)
    assert found.tolist() == [0, 1, 2]
    assert np.allclose(file.features(found), features, atol=1e-2)


def test_another_network_has_no_records(tmp_path: Path) -> None:
    make(tmp_path).append(IDS, MARKS, values(2, 3, 4), values(3, 3, 3))
    assert FeatureFile.open(tmp_path, "run", "b") is None
    assert FeatureFile.open(tmp_path, "other run", "a") is None
    assert make(tmp_path, "b").rows_of(IDS, MARKS).tolist() == [-1, -1, -1]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off"])
def test_a_damaged_description_means_nothing_is_known(tmp_path: Path, content: bytes) -> None:
    make(tmp_path)
    (tmp_path / "run.npz").write_bytes(content)
    assert FeatureFile.open(tmp_path, "run", "a") is None


def test_values_beyond_half_floats_are_kept_as_the_largest(tmp_path: Path) -> None:
    file = make(tmp_path)
    file.append(IDS[:1], MARKS[:1], np.array([[1e9, -1e9, 0, 1]], np.float32), values(3, 1, 3))
    assert np.isfinite(file.features(np.array([0]))).all()
