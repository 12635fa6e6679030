"""Shapes, independence of the batch, and the seed."""

import pytest
import torch

from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING, build_network


@pytest.mark.parametrize(("channels", "side"), [(1, 24), (3, 32), (3, 57), (1, 9), (3, 96)])
def test_any_size_gives_distributions_over_both_heads(channels: int, side: int) -> None:
    network = build_network(channels, 4, 12, 3, seed=0, device=torch.device("cpu"))
    soft = network(torch.rand(5, channels, side, side))
    assert {head: tuple(z.shape) for head, z in soft.items()} == {MAIN: (3, 5, 4), OVERCLUSTERING: (3, 5, 12)}
    for z in soft.values():
        assert torch.allclose(z.sum(-1), torch.ones(3, 5), atol=1e-5)


def test_a_single_image_is_assigned_as_in_a_batch() -> None:
    network = build_network(3, 4, 8, 2, seed=0, device=torch.device("cpu"))
    images = torch.rand(16, 3, 24, 24)
    for _ in range(3):
        network(images)
    network.eval()
    with torch.no_grad():
        together = network(images)[MAIN]
        alone = torch.cat([network(image[None])[MAIN] for image in images], dim=1)
    assert torch.allclose(together, alone, atol=1e-5)


def test_seed_decides_the_weights_and_nothing_else_moves() -> None:
    before = torch.random.get_rng_state()
    first, again, other = (build_network(1, 3, 6, 2, seed=seed, device=torch.device("cpu")).state_dict() for seed in (1, 1, 2))
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["trunk.stem.0.weight"], other["trunk.stem.0.weight"])


def test_only_the_wanted_head_runs() -> None:
    network = build_network(1, 3, 6, 2, seed=0, device=torch.device("cpu"))
    assert list(network(torch.rand(2, 1, 24, 24), [MAIN])) == [MAIN]
    assert tuple(network(torch.rand(2, 1, 24, 24))) == HEADS


def test_mixed_precision_keeps_softmax_in_float32() -> None:
    network = build_network(1, 3, 6, 2, seed=0, device=torch.device("cpu"))
    network.mixed_precision = True
    soft = network(torch.rand(4, 1, 24, 24))
    assert all(z.dtype == torch.float32 for z in soft.values())
