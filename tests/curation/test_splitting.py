"""Parts of a group, by the finer clusters and by probabilities."""

from pathlib import Path

import numpy as np
import pytest

from iic_studio.curation import Curated, Curation, curate, split_by_features, split_by_overclusters, split_by_probabilities
from iic_studio.errors import UsageError
from iic_studio.records import Assignments

IMAGES = 90


@pytest.fixture
def curated() -> Curated:
    """Three groups of thirty in turn; in the first, a third each is sure, leans to the second, leans to the third."""
    assignment = np.arange(IMAGES) % 3
    probabilities = np.full((IMAGES, 3), 0.001, np.float32)
    probabilities[np.arange(IMAGES), assignment] = 0.9
    first = np.flatnonzero(assignment == 0)
    for lean in (1, 2):
        probabilities[first[lean::3], lean] = 0.3
    run = Assignments(np.arange(1, IMAGES + 1), probabilities, assignment, assignment[:, None], np.ones(IMAGES, np.float32), 0)
    return curate(run, Curation(), "run")


def keep_overclusters(folder: Path, over: np.ndarray) -> Path:
    """Six overclusters of which the pairs (0, 1), (2, 3) and (4, 5) are mixed up, as a run leaves them."""
    joint = np.eye(6) + np.kron(np.eye(3), np.array([[0.0, 0.8], [0.8, 0.0]])) + 0.01
    np.savez(folder / "joints.npz", main=np.eye(3)[None] / 3, overclustering=np.stack([np.eye(6) / 6, joint / joint.sum()]))
    np.savez(folder / "overclusters.npz", image_ids=np.arange(1, IMAGES + 1), assignment=over, second=over, sub_head=np.array(1))
    return folder


def test_overclusters_that_are_mixed_up_make_one_part(curated: Curated, tmp_path: Path) -> None:
    over = np.arange(IMAGES) // 3 % 6
    images, parts = split_by_overclusters(keep_overclusters(tmp_path, over), curated, 0, 3)
    assert images.tolist() == curated.images_in(0).tolist()
    assert np.bincount(parts).tolist() == [10, 10, 10]
    for pair in ((0, 1), (2, 3), (4, 5)):
        assert len(set(parts[np.isin(over[images - 1], pair)].tolist())) == 1


def test_parts_are_numbered_by_size_and_no_more_than_there_are_overclusters(curated: Curated, tmp_path: Path) -> None:
    over = np.where(np.arange(IMAGES) < 30, 4, 1)
    _, parts = split_by_overclusters(keep_overclusters(tmp_path, over), curated, 0, 5)
    assert np.bincount(parts).tolist() == [20, 10]


def test_what_cannot_be_split_is_said(curated: Curated, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no finer clusters"):
        split_by_overclusters(tmp_path, curated, 0, 2)
    keep_overclusters(tmp_path, np.zeros(IMAGES, np.int64))
    with pytest.raises(UsageError, match="do not divide"):
        split_by_overclusters(tmp_path, curated, 0, 2)
    with pytest.raises(UsageError, match="too few different pictures"):
        split_by_probabilities(curated, 1, 2)
    (tmp_path / "overclusters.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(UsageError, match="no finer clusters"):
        split_by_overclusters(tmp_path, curated, 0, 2)


def test_k_means_finds_what_the_network_sees(curated: Curated) -> None:
    ids = np.arange(IMAGES + 20, 0, -1)  # also of images that are in no group, in another order
    features = np.stack([ids % 2, np.zeros(len(ids))], axis=1).astype(np.float16)
    known = ids > 10
    images, parts = split_by_features(curated, 0, 2, ids[known], features[known])
    assert images.tolist() == [one for one in curated.images_in(0).tolist() if one > 10]
    assert [len(set(images[parts == part] % 2)) for part in (0, 1)] == [1, 1]
    with pytest.raises(UsageError, match="too few"):
        split_by_features(curated, 0, 3, ids, features)


def test_k_means_finds_who_leans_where(curated: Curated) -> None:
    images, parts = split_by_probabilities(curated, 0, 3)
    first = curated.images_in(0)
    assert images.tolist() == first.tolist()
    for lean in range(3):
        assert len(set(parts[lean::3].tolist())) == 1
    again = split_by_probabilities(curated, 0, 3)
    assert np.array_equal(parts, again[1])
