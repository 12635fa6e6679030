"""One step: in parts or in one piece, by one process or two, the same loss and the same gradients."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING, ClusterNetwork, NetworkShape, build_network
from iic_studio.training.objective import ImageObjective, compute_gradients
from iic_studio.training.processes import Processes, SharedBatchNorm2d
from iic_studio.training.trainer import TrainingData, make_batches

Planned = Callable[..., TrainSettings]
CPU = torch.device("cpu")


def network_of(settings: TrainSettings, *, has_projection: bool = False) -> ClusterNetwork:
    assert settings.overclusters
    shape = NetworkShape(1, settings.clusters, settings.overclusters, settings.sub_heads, has_projection=has_projection)
    network = build_network(shape, seed=0, device=CPU)
    with torch.no_grad():  # fresh heads hardly tell images apart: gradients would drown in rounding
        for head in HEADS:
            network.head(head).linear.weight.mul_(30)
    return network


def gradients(network: ClusterNetwork) -> Tensor:
    return torch.cat([torch.zeros_like(p).flatten() if p.grad is None else p.grad.flatten() for p in network.parameters()])


@pytest.mark.parametrize("parts", [2, 5])
@pytest.mark.parametrize("changes", [{}, {"num_repeats": 2}, {"contrastive_weight": 0.5}, {"overclustering_weight": 0.3}], ids=str)
def test_parts_give_the_gradients_of_the_whole(data: TrainingData, planned: Planned, parts: int, changes: dict[str, float]) -> None:
    settings = planned(**changes)
    batch = make_batches(data, settings, CPU).at(3)
    found = []
    for cut in (1, parts):
        network = network_of(settings, has_projection=bool(settings.contrastive_weight))
        network.eval()  # BatchNorm with fixed statistics: the only thing that parts may change
        result = compute_gradients(network, batch, ImageObjective(settings, HEADS, self_labels=True), Processes(), cut)
        found.append((result, gradients(network)))
    (whole, whole_gradients), (cut_up, cut_gradients) = found
    for head in HEADS:
        assert torch.allclose(whole.losses[head], cut_up.losses[head], atol=1e-6)
        assert torch.allclose(whole.counts[head], cut_up.counts[head], atol=1e-4)
    assert whole_gradients.abs().max() > 1e-2
    assert torch.allclose(whole_gradients, cut_gradients, atol=1e-4 * float(whole_gradients.abs().max()))


def test_parts_leave_statistics_as_one_pass_would(data: TrainingData, planned: Planned) -> None:
    settings = planned()
    network = network_of(settings)
    norm = network.trunk.get_submodule("stem.1")
    assert isinstance(norm, torch.nn.BatchNorm2d)
    compute_gradients(network, make_batches(data, settings, CPU).at(0), ImageObjective(settings, HEADS), Processes(), 2)
    assert norm.momentum == 0.1
    # Two parts learned from once each: at most 1 - 0.9² of the way from the first variance of 1.
    assert norm.running_var is not None
    assert bool(((norm.running_var - 1).abs() > 1e-3).all())


def test_extra_images_count_for_the_overclustering_head_only(data: TrainingData, planned: Planned) -> None:
    settings = planned(num_repeats=2)
    network = network_of(settings).eval()
    with_extra = dataclasses.replace(data, rows=np.arange(40), extra_rows=np.arange(40, 64))
    batch = make_batches(with_extra, settings, CPU).at(0)
    assert (len(batch.positions), len(batch.x), len(batch.x_transformed)) == (16, 32, 64)
    result = compute_gradients(network, batch, ImageObjective(settings, HEADS), Processes())
    with torch.no_grad():
        z, z_transformed = network(batch.x), network(batch.x_transformed)
    own = z_transformed[MAIN].unflatten(1, (2, 32))[:, :, :16].flatten(1, 2)
    assert torch.allclose(result.counts[MAIN], pair_counts(z[MAIN][:, :16], own), atol=1e-4)
    assert torch.allclose(result.counts[OVERCLUSTERING], pair_counts(z[OVERCLUSTERING], z_transformed[OVERCLUSTERING]), atol=1e-4)
    assert result.soft is not None
    assert result.soft.shape == (2, 16, 4)


def test_the_loss_is_that_of_the_whole_batch_not_a_mean_of_parts(data: TrainingData, planned: Planned) -> None:
    settings = planned()
    network = network_of(settings).eval()
    batch = make_batches(data, settings, CPU).at(0)
    result = compute_gradients(network, batch, ImageObjective(settings, HEADS), Processes(), 4)
    with torch.no_grad():
        z, z_transformed = network(batch.x)[MAIN], network(batch.x_transformed)[MAIN]
    assert torch.allclose(result.losses[MAIN], iic_loss(normalise_joint(pair_counts(z, z_transformed))), atol=1e-6)
    mean = torch.stack([iic_loss(normalise_joint(pair_counts(z[:, part::4], z_transformed[:, part::4]))) for part in range(4)]).mean(0)
    assert not torch.allclose(result.losses[MAIN], mean, atol=1e-6)


# Two processes ------------------------------------------------------------------------------------------------------------------------


def _share_of_work(rank: int, size: int, data: TrainingData, settings: TrainSettings, place: Path) -> None:
    """What each process does; a function of the module, for a fresh process has to find it."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=f"file://{place}/meeting", rank=rank, world_size=size)
    processes = Processes(rank, size)
    network = network_of(settings)
    processes.synchronise_normalisation(network)
    batch = make_batches(data, settings, CPU, processes).at(2)
    result = compute_gradients(network, batch, ImageObjective(settings, HEADS), processes)
    processes.sum_gradients(network)
    statistics = {name: value for name, value in network.state_dict().items() if "running" in name}
    torch.save((result.losses, gradients(network), statistics, len(batch.x)), place / f"{rank}.pt")
    dist.destroy_process_group()


@pytest.mark.parametrize("changes", [{}, {"num_repeats": 3, "marginal_weight": 1.3}], ids=str)
def test_two_processes_with_half_a_batch_equal_one_with_all(
    data: TrainingData, planned: Planned, tmp_path: Path, changes: dict[str, float]
) -> None:
    settings = planned(**changes)
    mp.spawn(_share_of_work, (2, data, settings, tmp_path), nprocs=2)
    network = network_of(settings)
    batch = make_batches(data, settings, CPU).at(2)
    result = compute_gradients(network, batch, ImageObjective(settings, HEADS), Processes())
    for rank in range(2):
        losses, found_gradients, statistics, images = torch.load(tmp_path / f"{rank}.pt", weights_only=True)
        assert images == len(batch.x) // 2
        for head in HEADS:
            assert torch.allclose(losses[head], result.losses[head], atol=1e-5)
        assert torch.allclose(found_gradients, gradients(network), atol=1e-4 * float(gradients(network).abs().max()))
        for name, value in statistics.items():
            assert torch.allclose(value, network.state_dict()[name], atol=1e-5)


def test_shared_normalisation_is_torchs_in_evaluation() -> None:
    plain = torch.nn.BatchNorm2d(3)
    plain(torch.rand(8, 3, 5, 5))
    shared = SharedBatchNorm2d.of(plain).eval()
    x = torch.rand(2, 3, 5, 5)
    assert torch.equal(shared(x), plain.eval()(x))
    assert shared.state_dict().keys() == plain.state_dict().keys()
