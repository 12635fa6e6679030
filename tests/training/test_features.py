"""What a network sees in images: the trunk's output and every sub-head's opinion, whatever the size of the parts."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.iic.networks import MAIN
from iic_studio.training import features
from iic_studio.training.batches import Batches, Images
from iic_studio.training.run_state import load_model
from iic_studio.training.trainer import TrainingData, train


def test_parts_give_what_the_network_gives(
    data: TrainingData, planned: Callable[..., TrainSettings], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, _ = train(data, planned(), folder)
    device = torch.device("cpu")
    network, settings, saved = load_model(folder, device)
    batches = Batches(Images(data.pixels, data.rows, int(saved.facts["channels"]), device), settings)
    positions = np.array([3, 0, 60, 7, 7, 21, 5])
    monkeypatch.setattr(features, "CHUNK", 3)
    seen = list(features.look(network, batches, positions))
    assert [len(sight.positions) for sight in seen] == [3, 3, 1]
    assert np.concatenate([sight.positions for sight in seen]).tolist() == positions.tolist()
    with torch.no_grad():
        views = batches.centre(positions)
        trunk, soft = network.features(views).numpy(), network(views, (MAIN,))[MAIN].numpy()
    assert np.allclose(np.concatenate([sight.features for sight in seen]), trunk, atol=1e-5)
    found = np.concatenate([sight.probabilities for sight in seen]).reshape(len(positions), *soft.shape[::2])
    assert np.allclose(found.transpose(1, 0, 2), soft, atol=1e-5)
