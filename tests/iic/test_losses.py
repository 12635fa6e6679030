"""The objective against plain loops, its bounds and its symmetries."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from iic_studio.iic.losses import EPS, iic_loss, information_bits, normalise_joint, pair_counts


def soft(seed: int, heads: int = 2, batch: int = 12, clusters: int = 4, sharpness: float = 2.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(heads, batch, clusters, generator=generator) * sharpness).softmax(-1)


def plain_loss(z: torch.Tensor, z_transformed: torch.Tensor, weight: float) -> float:
    """One sub-head by plain loops in double precision, straight from the paper's definition."""
    batch, clusters = z.shape
    joint = [[sum(float(z[n, i]) * float(z_transformed[n, j]) for n in range(batch)) for j in range(clusters)] for i in range(clusters)]
    joint = [[(joint[i][j] + joint[j][i]) / 2 for j in range(clusters)] for i in range(clusters)]
    total = sum(map(sum, joint))
    joint = [[max(value / total, EPS) for value in row] for row in joint]
    rows = [max(sum(row), EPS) for row in joint]
    columns = [max(sum(joint[i][j] for i in range(clusters)), EPS) for j in range(clusters)]
    return -sum(
        joint[i][j] * (math.log(joint[i][j]) - weight * math.log(rows[i]) - weight * math.log(columns[j]))
        for i in range(clusters)
        for j in range(clusters)
    )


def loss_of(z: torch.Tensor, z_transformed: torch.Tensor, weight: float = 1.0) -> torch.Tensor:
    return iic_loss(normalise_joint(pair_counts(z, z_transformed)), weight)


@pytest.mark.parametrize("weight", [1.0, 1.5, 0.0])
def test_loss_equals_plain_loops(weight: float) -> None:
    z, z_transformed = soft(0), soft(1)
    expected = [plain_loss(z[head], z_transformed[head], weight) for head in range(2)]
    assert loss_of(z, z_transformed, weight).tolist() == pytest.approx(expected, rel=1e-4, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), clusters=st.integers(2, 9), sharpness=st.floats(0.0, 30.0))
def test_information_lies_between_zero_and_ln_k(seed: int, clusters: int, sharpness: float) -> None:
    information = -loss_of(soft(seed, clusters=clusters, sharpness=sharpness), soft(seed + 1, clusters=clusters, sharpness=sharpness))
    assert (information >= -1e-5).all()
    assert (information <= math.log(clusters) + 1e-5).all()


def test_balanced_and_certain_pairs_reach_the_ceiling() -> None:
    z = torch.eye(5).repeat(4, 1)[None]
    assert float(-loss_of(z, z)) == pytest.approx(math.log(5), abs=1e-5)
    information, marginal, conditional = information_bits(normalise_joint(pair_counts(z, z)))
    assert float(information) == pytest.approx(math.log2(5), abs=1e-5)
    assert float(marginal) == pytest.approx(math.log2(5), abs=1e-5)
    assert float(conditional) == pytest.approx(0, abs=1e-5)


def test_one_cluster_for_all_tells_nothing() -> None:
    z = torch.zeros(1, 20, 3)
    z[..., 1] = 1
    assert float(loss_of(z, z)) == pytest.approx(0, abs=1e-5)


def test_order_of_pair_and_names_of_clusters_do_not_matter() -> None:
    z, z_transformed = soft(2), soft(3)
    loss = loss_of(z, z_transformed)
    assert torch.allclose(loss, loss_of(z_transformed, z), atol=1e-6)
    names = torch.tensor([2, 0, 3, 1])
    assert torch.allclose(loss, loss_of(z[..., names], z_transformed[..., names]), atol=1e-6)


def test_gradient_is_finite_at_zero_probability() -> None:
    z = torch.eye(4).repeat(3, 1)[None].clone().requires_grad_()
    loss_of(z, z).sum().backward()
    assert z.grad is not None
    assert torch.isfinite(z.grad).all()


def test_batches_add_up_to_the_joint_of_all() -> None:
    z, z_transformed = soft(4), soft(5)
    whole = pair_counts(z, z_transformed)
    parts = pair_counts(z[:, :5], z_transformed[:, :5]) + pair_counts(z[:, 5:], z_transformed[:, 5:])
    assert torch.allclose(whole, parts, atol=1e-6)


def test_repeats_pair_each_image_with_each_of_its_copies() -> None:
    z, copies = soft(6, batch=4), soft(7, batch=12)
    repeated = pair_counts(z.repeat(1, 3, 1), copies)
    assert torch.allclose(pair_counts(z, copies), repeated, atol=1e-5)
    with pytest.raises(ValueError, match="multiple"):
        pair_counts(z, copies[:, :7])


def test_joint_stays_in_float32_under_autocast() -> None:
    z, z_transformed = soft(8), soft(9)
    with torch.autocast("cpu", torch.bfloat16):
        counts = pair_counts(z, z_transformed)
    assert counts.dtype == torch.float32
    assert torch.equal(counts, pair_counts(z, z_transformed))
