"""Stuck sub-heads take over merged overclusters; neighbours tell what transformed copies cannot."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from iic_studio.config import TrainSettings
from iic_studio.iic.networks import MAIN, OVERCLUSTERING, ClusterNetwork
from iic_studio.training import reseed
from iic_studio.training.batches import Batches, Neighbours
from iic_studio.training.processes import Processes
from iic_studio.training.reseed import reseed_main_head
from iic_studio.training.run_state import RunState
from iic_studio.training.trainer import TrainingData, make_batches

CPU = torch.device("cpu")
# Modes 0 and 1 are one kind, 2 and 3 another; eight overclusters show a mode twice each.
MODES = np.arange(64) % 4


class Oracle:
    """A network in place of one: knows the mode of each image; one main sub-head joins mode 1 with the wrong kind, the other is right."""

    def __init__(self, network: ClusterNetwork) -> None:
        self.network = network

    def __call__(self, x: torch.Tensor, heads: tuple[str, ...]) -> dict[str, torch.Tensor]:
        modes = torch.from_numpy(MODES)[x[:, 0, 0, 0].round().long()]
        wrong, right = torch.tensor([0, 1, 1, 1])[modes], torch.tensor([0, 0, 1, 1])[modes]
        one_hot = {MAIN: torch.stack([wrong, right]), OVERCLUSTERING: torch.stack([modes * 2 + torch.arange(len(modes)) % 2] * 2)}
        sizes = {MAIN: 2, OVERCLUSTERING: 8}
        return {head: torch.nn.functional.one_hot(one_hot[head], sizes[head]).float() for head in heads}

    def eval(self) -> None: ...

    def train(self) -> None: ...

    def head(self, name: str) -> torch.nn.Module:
        return self.network.head(name)


@pytest.fixture
def run(planned: Callable[..., TrainSettings], folder: Path) -> RunState:
    return RunState(planned(clusters=2, overclusters=8), 1, CPU, folder)


def test_neighbours_show_which_modes_are_one_kind(
    data: TrainingData, planned: Callable[..., TrainSettings], run: RunState, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = make_batches(data, planned(clusters=2, overclusters=8), CPU)
    monkeypatch.setattr(Batches, "centre", lambda _, indices: torch.from_numpy(indices).float()[:, None, None, None])
    # Each image has a neighbour of its own mode and one of the other mode of its kind.
    same, other = (np.arange(64) + 4) % 64, np.arange(64) ^ 1
    batches.neighbours = Neighbours(np.stack([same, other], axis=1), np.arange(64))
    run.network.head(OVERCLUSTERING).linear.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    before = run.network.head(MAIN).linear.weight.detach().clone()
    replaced = reseed_main_head(Oracle(run.network), run.optimiser, batches, 0, Processes())  # type: ignore[arg-type]
    assert 0 in replaced
    own = run.network.head(OVERCLUSTERING).linear.weight.detach()[:8]
    after = run.network.head(MAIN).linear.weight.detach()
    assert torch.allclose(after[0], own[:4].mean(dim=0))
    assert torch.allclose(after[1], own[4:].mean(dim=0))
    assert not torch.equal(before, after)


def test_many_overclusters_are_left_alone(
    data: TrainingData, planned: Callable[..., TrainSettings], run: RunState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reseed, "_MOST_OVERCLUSTERS", 7)
    assert reseed_main_head(run.network, run.optimiser, make_batches(data, planned(), CPU), 0, Processes()) == []
