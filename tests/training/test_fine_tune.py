"""Learning classes from a trunk and a few labels: what is held out, what changes, and that ten crops are what they say."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.iic.networks import ClusterNetwork
from iic_studio.training import fine_tune
from iic_studio.training.batches import Batches, Images
from iic_studio.training.run_state import load_model
from iic_studio.training.trainer import TrainingData, train


@pytest.fixture
def learned(data: TrainingData, planned: Callable[..., TrainSettings], folder: Path) -> tuple[ClusterNetwork, Batches]:
    *_, _ = train(data, planned(), folder)
    network, settings, saved = load_model(folder, torch.device("cpu"))
    return network, Batches(Images(data.pixels, data.rows, int(saved.facts["channels"]), torch.device("cpu")), settings)


def right(classifier: fine_tune.Classifier, batches: Batches, kinds: np.ndarray) -> float:
    found = np.concatenate([part for _, part in fine_tune.ten_crops(classifier, batches, np.arange(len(kinds)))])
    return float((found.argmax(axis=1) == kinds).mean())


def test_five_labels_a_class_are_enough(
    learned: tuple[ClusterNetwork, Batches], kinds: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tune, "MOST_STEPS", 40)
    network, batches = learned
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    known = np.arange(20)
    classifier = fine_tune.fine_tune(network, batches, known, kinds[known], 4, seed=1)
    assert right(classifier, batches, kinds) > 0.9
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items()), "the run's network stays as it is"
    trunk = dict(classifier.network.trunk.named_parameters())
    assert any(not torch.equal(one, before[f"trunk.{name}"]) for name, one in trunk.items()), "its copy learned on"
    statistics = {name: one for name, one in classifier.network.named_buffers() if "running" in name}
    assert statistics and all(torch.equal(one, before[name]) for name, one in statistics.items())


def test_the_same_seed_gives_the_same_classifier(
    learned: tuple[ClusterNetwork, Batches], kinds: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tune, "MOST_STEPS", 10)
    network, batches = learned
    one, same, other = (fine_tune.fine_tune(network, batches, np.arange(12), kinds[:12], 4, seed) for seed in (1, 1, 2))
    weights = [classifier.head[0].weight for classifier in (one, same, other)]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_one_label_of_five_is_held_out_of_each_class() -> None:
    classes = np.array([0] * 10 + [1] * 5 + [2] * 3 + [3] * 2)
    held = fine_tune.held_out(classes, seed=0)
    assert [int(held[classes == one].sum()) for one in range(4)] == [2, 1, 1, 0]


def test_probabilities_of_ten_crops_are_probabilities(learned: tuple[ClusterNetwork, Batches]) -> None:
    network, batches = learned
    classifier = fine_tune.Classifier(network, 3).eval()
    parts = list(fine_tune.ten_crops(classifier, batches, np.array([5, 1, 9])))
    assert np.concatenate([positions for positions, _ in parts]).tolist() == [5, 1, 9]
    found = np.concatenate([part for _, part in parts])
    assert found.shape == (3, 3) and np.allclose(found.sum(axis=1), 1, atol=1e-5)
    alone = next(iter(fine_tune.ten_crops(classifier, batches, np.array([1]))))[1]
    assert np.allclose(alone[0], found[1], atol=1e-5), "an image is seen alone as among others"
