"""Neighbours are the images that look alike, never an image itself, the same for the same seed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.training import checkpoint as ckpt
from iic_studio.training import neighbours
from iic_studio.training.batches import Neighbours
from iic_studio.training.neighbours import nearest, neighbours_by_features, neighbours_by_pixels
from iic_studio.training.run_state import load_model
from iic_studio.training.task import batches_of
from iic_studio.training.trainer import TrainingData, TrainingResult, make_batches, train

CPU = torch.device("cpu")


def last(search: Iterator[int | Neighbours]) -> Neighbours:
    *done, found = search
    assert isinstance(found, Neighbours)
    assert done == sorted(done)
    assert done[-1] == len(found.positions)
    return found


def test_nearest_by_brute_force() -> None:
    vectors = torch.nn.functional.normalize(torch.randn(300, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    similar = vectors @ vectors.T
    similar.fill_diagonal_(-2)
    assert torch.equal(torch.from_numpy(last(nearest(vectors, 4, 0)).positions), similar.topk(4, dim=1).indices)


def test_of_a_large_set_only_some_are_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "_MOST_CANDIDATES", 50)
    monkeypatch.setattr(neighbours, "_CHUNK", 64)
    vectors = torch.nn.functional.normalize(torch.randn(300, 8, generator=torch.Generator().manual_seed(0)), dim=1)
    found = last(nearest(vectors, 3, 1)).positions
    assert len(np.unique(found)) <= 50
    assert (found != np.arange(300)[:, None]).all()
    assert np.array_equal(found, last(nearest(vectors, 3, 1)).positions)


def test_two_images_have_one_neighbour_each() -> None:
    assert last(nearest(torch.eye(2), 5, 0)).positions.tolist() == [[1], [0]]


def test_what_an_encoder_saw_is_compared_in_parts_about_the_mean_of_all(
    planned: Callable[..., TrainSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "_CHUNK", 7)
    seen = (5 + np.random.default_rng(0).normal(size=(64, 2, 12))).astype(np.float16)
    rows = np.arange(64)[::-1].copy()
    batches = batches_of(seen, rows, 12, planned(encoder="resnet18", method="iic+neighbours"), CPU)
    middle = torch.from_numpy(seen[rows, 0].astype(np.float32))
    points = torch.nn.functional.normalize(middle - middle.mean(dim=0), dim=1)
    similar = (points @ points.T).fill_diagonal_(-2)
    assert torch.equal(torch.from_numpy(last(neighbours_by_pixels(batches, 3, 0)).positions), similar.topk(3, dim=1).indices)


def test_neighbours_show_the_same_kind(data: TrainingData, kinds: np.ndarray, planned: Callable[..., TrainSettings]) -> None:
    found = last(neighbours_by_pixels(make_batches(data, planned(), CPU), 5, 0)).positions
    assert found.shape == (64, 5)
    assert (kinds[found] == kinds[:, None]).all()


def test_neighbours_by_features_are_of_one_kind_once_these_are_learned(
    data: TrainingData, kinds: np.ndarray, planned: Callable[..., TrainSettings], tmp_path: Path
) -> None:
    settings = planned(method="iic+contrast+neighbours", steps=60)
    *_, result = train(data, settings, tmp_path)
    assert isinstance(result, TrainingResult)
    network, _, _ = load_model(tmp_path, CPU)
    found = last(neighbours_by_features(network, make_batches(data, settings, CPU), 3, 0)).positions
    assert (found != np.arange(64)[:, None]).all()
    assert (kinds[found] == kinds[:, None]).mean() > 0.9
    kept = ckpt.load_last(tmp_path).tensors["neighbours/positions"]
    assert kept.shape == (64, 5)


def test_copies_are_made_of_neighbours_in_half_of_the_pairs(data: TrainingData, planned: Callable[..., TrainSettings]) -> None:
    settings = planned(batch_size=64)
    batches = make_batches(data, settings, CPU)
    before = [batches.at(step) for step in range(8)]
    batches.neighbours = Neighbours(np.roll(np.arange(64), 1)[:, None], np.arange(64))
    batches.copies_of_neighbours = True
    after = [batches.at(step) for step in range(8)]
    same = torch.cat([(one.x_transformed == two.x_transformed).flatten(1).all(dim=1) for one, two in zip(before, after, strict=True)])
    assert all(torch.equal(one.x, two.x) for one, two in zip(before, after, strict=True))
    assert 0.4 < float(same.float().mean()) < 0.6
