"""Autoencoders rebuild what they saw, and DEC goes on from there; the soft clusters against their formulas."""

import numpy as np
import pytest
import torch

from iic_studio.evaluation.baselines import kmeans_on_vectors
from iic_studio.evaluation.scores import score_clustering
from iic_studio.training.autoencoders import LATENT, Kind, Rebuilt, sharpened, soft_clusters, train_autoencoder, train_dec
from iic_studio.training.trainer import TrainingData

CPU = torch.device("cpu")


def rebuilt(pixels: np.ndarray, kind: Kind = "plain", steps: int = 60) -> Rebuilt:
    training = train_autoencoder(pixels, kind, steps=steps, batch_size=32, seed=0, device=CPU)
    while True:
        try:
            next(training)
        except StopIteration as stop:
            return stop.value


@pytest.mark.parametrize("kind", ["plain", "denoising", "variational"])
def test_what_is_alike_lies_together(data: TrainingData, kinds: np.ndarray, kind: Kind) -> None:
    pixels = data.pixels[:, :1]
    found = rebuilt(pixels, kind)
    assert found.latent.shape == (64, LATENT)
    clusters = kmeans_on_vectors(found.latent, 4, 0)
    assert score_clustering(clusters.tolist(), [str(one) for one in kinds]).accuracy_one_to_one > 0.9
    x = torch.from_numpy(pixels).float() / 255
    with torch.no_grad():
        found.network.eval()
        error = (found.network.rebuild(torch.from_numpy(found.latent)) - x).square().mean()
    assert error < x.var()
    assert np.array_equal(found.latent, rebuilt(pixels, kind).latent)


def test_dec_ends_with_clusters(data: TrainingData, kinds: np.ndarray) -> None:
    pixels = data.pixels[:, :1]
    training = train_dec(rebuilt(pixels).network, pixels, 4, steps=150, batch_size=32, seed=0, device=CPU)
    steps = 0
    while True:
        try:
            steps = next(training)
        except StopIteration as stop:
            clusters = stop.value
            break
    assert 0 < steps <= 150
    assert score_clustering(clusters.tolist(), [str(one) for one in kinds]).accuracy_one_to_one > 0.9


@pytest.mark.parametrize("side", [24, 20, 40])
def test_any_side_is_rebuilt(side: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (4, 3, side, side), dtype=np.uint8)
    found = rebuilt(pixels, steps=1)
    assert found.network.rebuild(torch.zeros(2, LATENT)).shape == (2, 3, side, side)


def test_soft_clusters_follow_their_formulas() -> None:
    latent, centroids = torch.tensor([[0.0, 0.0], [3.0, 0.0]]), torch.tensor([[0.0, 1.0], [3.0, 0.0]])
    soft = soft_clusters(latent, centroids)
    raw = torch.tensor([[1 / 2, 1 / 10], [1 / 11, 1.0]])
    assert torch.allclose(soft, raw / raw.sum(1, keepdim=True))
    squared = soft.square() / soft.sum(0)
    assert torch.allclose(sharpened(soft), squared / squared.sum(1, keepdim=True))
