"""Shapes, independence of the batch, and the seed."""

import pytest
import torch

from iic_studio.iic.inputs import InputLayer
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING, PROJECTION, ClusterNetwork, NetworkShape
from iic_studio.iic.networks import build_network as build_shape
from iic_studio.iic.trunks import TRUNKS, build_trunk


def build_network(
    channels: int, clusters: int, overclusters: int, sub_heads: int, *, seed: int, device: torch.device, **more: str | bool
) -> ClusterNetwork:
    shape = NetworkShape(channels, clusters, overclusters, sub_heads, **more)  # type: ignore[arg-type]
    return build_shape(shape, seed=seed, device=device)


@pytest.mark.parametrize(("channels", "side"), [(1, 24), (3, 32), (3, 57), (1, 9), (3, 96)])
def test_any_size_gives_distributions_over_both_heads(channels: int, side: int) -> None:
    network = build_network(channels, 4, 12, 3, seed=0, device=torch.device("cpu"))
    soft = network(torch.rand(5, channels, side, side))
    assert {head: tuple(z.shape) for head, z in soft.items()} == {MAIN: (3, 5, 4), OVERCLUSTERING: (3, 5, 12)}
    for z in soft.values():
        assert torch.allclose(z.sum(-1), torch.ones(3, 5), atol=1e-5)


@pytest.mark.parametrize("encoder", TRUNKS)
def test_a_single_image_is_assigned_as_in_a_batch(encoder: str) -> None:
    network = build_network(3, 4, 8, 2, seed=0, device=torch.device("cpu"), encoder=encoder)
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


_RESNET34 = 21_797_672 - 513_000 - 64 * 3 * 49 + 64 * 2 * 9


@pytest.mark.parametrize(
    ("encoder", "side", "num_features", "num_weights"),
    # VGG: convolutions of the paper's table, two BatchNorm weights per channel. ResNet-34: its published number of weights, with another
    # stem and without the classifier.
    [
        ("vgg", 24, 4608, 25 * (64 + 64 * 128 + 128 * 256 + 256 * 512) + 960 * 2),
        ("resnet34", 32, 512, _RESNET34),
        ("resnet34", 96, 512, _RESNET34),
    ],
)
def test_trunks_of_the_paper_have_its_widths(encoder: str, side: int, num_features: int, num_weights: int) -> None:
    trunk, found = build_trunk(encoder, 1 if encoder == "vgg" else 2)
    assert found == num_features
    assert sum(p.numel() for p in trunk.parameters()) == num_weights
    trunk.eval()
    assert trunk(torch.rand(1, 1 if encoder == "vgg" else 2, side, side)).shape == (1, num_features)


@pytest.mark.parametrize("encoder", TRUNKS)
@pytest.mark.parametrize(("channels", "side"), [(1, 8), (16, 40)])
def test_every_trunk_takes_any_size_and_1_to_16_channels(encoder: str, channels: int, side: int) -> None:
    network = build_network(channels, 3, 6, 2, seed=0, device=torch.device("cpu"), encoder=encoder)
    assert network(torch.rand(2, channels, side, side))[MAIN].shape == (2, 2, 3)


@pytest.mark.parametrize(
    ("kind", "channels", "expected"),
    [("grey", 3, 1), ("rgb", 3, 3), ("sobel", 3, 2), ("rgb+sobel", 3, 5), ("rgb+sobel", 4, 6), ("all", 16, 16)],
)
def test_named_inputs(kind: str, channels: int, expected: int) -> None:
    layer = InputLayer(kind, channels)
    assert layer.num_channels == expected
    assert layer(torch.rand(2, channels, 9, 9)).shape == (2, expected, 9, 9)


def test_sobel_finds_edges_of_the_grey_image_only() -> None:
    image = torch.zeros(1, 3, 7, 7)
    image[..., 3:] = 1.0
    dx, dy = InputLayer("sobel", 3)(image)[0]
    assert torch.allclose(dx[1:-1, 2:4].abs(), torch.full((5, 2), 4.0))
    assert torch.allclose(dx[1:-1, 1], torch.zeros(5))
    assert torch.allclose(dy[1:-1, 1:-1], torch.zeros(5, 5), atol=1e-6)


def test_projection_gives_unit_vectors() -> None:
    network = build_network(1, 3, 6, 2, seed=0, device=torch.device("cpu"), has_projection=True)
    vectors = network(torch.rand(4, 1, 16, 16), [PROJECTION])[PROJECTION]
    assert vectors.shape == (4, 128)
    assert torch.allclose(vectors.norm(dim=-1), torch.ones(4), atol=1e-5)
