"""Learning classes from a trunk and a few labels: what is held out, what changes, and that ten crops are what they say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def tuned(*given: Any, **more: Any) -> fine_tune.Classifier:
    """What fine-tuning ends with."""
    steps = fine_tune.fine_tuning(*given, **more)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            classifier: fine_tune.Classifier = end.value
            return classifier


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
    classifier = tuned(network, batches, known, kinds[known], 4, seed=1)
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
    one, same, other = (tuned(network, batches, np.arange(12), kinds[:12], 4, seed) for seed in (1, 1, 2))
    weights = [classifier.head[0].weight for classifier in (one, same, other)]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_images_without_a_label_teach_only_if_that_is_asked_for(
    learned: tuple[ClusterNetwork, Batches], kinds: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tune, "MOST_STEPS", 40)
    monkeypatch.setattr(fine_tune, "_PATIENCE", 100)
    network, batches = learned
    asked: list[np.ndarray] = []
    take = batches.images.take

    def noted(indices: np.ndarray) -> torch.Tensor:
        asked.append(indices)
        return take(indices)

    monkeypatch.setattr(batches.images, "take", noted)
    known = np.arange(8)
    tuned(network, batches, known, kinds[known], 4, seed=1)
    assert set(np.concatenate(asked).tolist()) <= set(known.tolist())
    asked.clear()
    with_rest = tuned(network, batches, known, kinds[known], 4, seed=1, consistency=1.0)
    seen = set(np.concatenate(asked).tolist())
    assert seen == set(range(64))
    asked.clear()
    assert right(with_rest, batches, kinds) > 0.9


def test_sure_images_pull_their_copies_and_unsure_ones_do_not() -> None:
    guesses = torch.tensor([[9.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 9.0], [2.9, 0.0, 0.0]])
    copies = torch.tensor([[0.0, 1.0, 0.0], [5.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 3.0, 0.0]], requires_grad=True)
    loss = fine_tune.missed_copies(guesses, copies)
    sums = [2.0 + np.e, 2.0 + np.e]  # of exp over the classes
    expected = (np.log(sums[0]) - 0.0 + np.log(sums[1]) - 1.0) / 4  # the first and the third of four; 2.9 is 90 %
    assert float(loss.detach()) == pytest.approx(expected, abs=1e-6)
    loss.backward()
    assert copies.grad is not None
    assert copies.grad.abs().sum(dim=1).bool().tolist() == [True, False, True, False]
    assert copies.grad[0, 0] < 0 < copies.grad[0, 1], "towards the class of the image"


def test_the_mild_view_teaches_nothing_itself(learned: tuple[ClusterNetwork, Batches]) -> None:
    network, batches = learned
    classifier = fine_tune.Classifier(network, 4).train()
    classifier.network.eval()
    views = [batches.centre(np.arange(start, start + 6)) for start in (0, 10, 20)]
    views[1].requires_grad_()
    of_x, guesses, of_strong = fine_tune._three_views(classifier, *views)
    assert of_x.shape == guesses.shape == of_strong.shape == (6, 4)
    (of_x.sum() + of_strong.square().sum()).backward()
    assert views[1].grad is None and not guesses.requires_grad
    assert classifier.head[0].weight.grad is not None
    classifier.eval()
    apart = [classifier(view) for view in views]
    together = fine_tune._three_views(classifier, *views)
    assert all(torch.allclose(one, other, atol=1e-5) for one, other in zip(apart, together, strict=True)), "each keeps its place"


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
