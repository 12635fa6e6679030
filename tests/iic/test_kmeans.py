"""k-means against made groups, brute force and itself; whitening by its covariance, and where there is too little to whiten."""

import itertools

import pytest
import torch
from torch import Tensor

from iic_studio.iic import kmeans as module
from iic_studio.iic.kmeans import assign_points, kmeans
from iic_studio.iic.whitening import fit_whitening


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def groups(count: int = 60, num_groups: int = 5, width: int = 6, spread: float = 0.05) -> tuple[Tensor, Tensor]:
    """(count, width) points about a corner of a cube each, and which corner."""
    kinds = torch.arange(count) % num_groups
    corners = torch.tensor(list(itertools.product([-1.0, 1.0], repeat=width)))[:: 2**width // num_groups][:num_groups]
    return corners[kinds] + spread * torch.randn(count, width, generator=generator(9)), kinds


def same_groups(assignment: Tensor, kinds: Tensor) -> bool:
    return len(set(zip(assignment.tolist(), kinds.tolist(), strict=True))) == len(set(kinds.tolist())) == len(set(assignment.tolist()))


@pytest.mark.parametrize("spherical", [False, True])
def test_it_finds_groups(spherical: bool) -> None:
    points, kinds = groups()
    found = kmeans(points, 5, generator(), spherical=spherical)
    assert same_groups(found.assignment, kinds)
    assert torch.equal(found.assignment, assign_points(torch.nn.functional.normalize(points) if spherical else points, found.centroids))
    if spherical:
        assert torch.allclose(found.centroids.norm(dim=1), torch.ones(5), atol=1e-5)


def test_inertia_is_the_sum_of_squared_distances_and_no_point_lies_nearer_to_another() -> None:
    points = torch.randn(300, 4, generator=generator())
    found = kmeans(points, 7, generator(), max_iterations=300)
    distances = torch.cdist(points.double(), found.centroids.double())
    assert found.inertia == pytest.approx(float(distances.min(dim=1).values.square().sum()), rel=1e-4)
    assert torch.equal(found.assignment, distances.argmin(dim=1))
    means = torch.stack([points[found.assignment == one].mean(dim=0) for one in range(7)])
    assert torch.allclose(means, found.centroids, atol=0.02)


def test_it_is_as_good_as_the_best_of_all_partitions() -> None:
    points = torch.tensor([[0.0], [0.1], [0.9], [1.0], [5.0], [5.3]])
    best = min(
        sum(float((points[[i for i in range(6) if part[i] == one]] - points[[i for i in range(6) if part[i] == one]].mean()).square().sum())
            for one in set(part))
        for part in itertools.product(range(3), repeat=6)
    )  # fmt: skip
    assert kmeans(points, 3, generator(), restarts=5).inertia == pytest.approx(best, abs=1e-5)


def test_same_generator_same_clusters_and_the_global_one_is_left_alone() -> None:
    points = torch.randn(200, 5, generator=generator(1))
    torch.manual_seed(3)
    before = torch.get_rng_state()
    first, second = (kmeans(points, 6, generator(4)).assignment for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("spherical", [False, True])
def test_the_whole_set_in_chunks_is_like_one_piece(monkeypatch: pytest.MonkeyPatch, spherical: bool) -> None:
    points, kinds = groups(count=1_000)
    monkeypatch.setattr(module, "_SMALLEST_SAMPLE", 100)
    monkeypatch.setattr(module, "_SAMPLE_PER_CLUSTER", 10)
    monkeypatch.setattr(module, "_CHUNK", 300)
    found = kmeans(points.half(), 5, generator(), spherical=spherical)
    assert same_groups(found.assignment, kinds)
    assert found.num_iterations >= 1


def test_many_clusters_are_summed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    points = torch.randn(400, 3, generator=generator())
    by_product = kmeans(points, 20, generator())
    monkeypatch.setattr(module, "_ONE_HOT_LIMIT", 1)
    by_index = kmeans(points, 20, generator())
    assert torch.allclose(by_product.centroids, by_index.centroids, atol=1e-4)


@pytest.mark.parametrize("spherical", [False, True])
def test_an_empty_cluster_is_refilled_from_a_full_one(spherical: bool) -> None:
    points, _ = groups(count=100, num_groups=2)
    search = module._Search(spherical, generator())
    far = torch.full((1, 6), -1.0) if spherical else torch.full((1, 6), 1e3)
    start = torch.cat([search.prepare(points[:2]), search.prepare(far), search.prepare(far)])
    found = search.run(points, start, 30)
    assert found.num_refilled >= 1
    assert (torch.bincount(found.assignment, minlength=4) > 0).all()


def test_copies_of_one_point_do_no_harm() -> None:
    found = kmeans(torch.ones(50, 3), 4, generator())
    assert found.inertia == pytest.approx(0, abs=1e-3)
    assert found.centroids.isfinite().all()


def test_more_clusters_than_points_are_refused() -> None:
    with pytest.raises(ValueError, match="9 clusters cannot be made of 8 points"):
        kmeans(torch.randn(8, 2), 9, generator())


@pytest.mark.parametrize(("total", "width"), [(500, 20), (500, 1_100)])
def test_whitened_columns_are_uncorrelated_and_of_spread_one(total: int, width: int) -> None:
    mixing = torch.randn(10, width, generator=generator(2))
    points = torch.randn(total, 10, generator=generator(3)) @ mixing + 5
    whitening = fit_whitening(points, 8, generator())
    covariance = torch.cov(whitening(points).T)
    assert torch.allclose(covariance, torch.eye(8), atol=2e-2)


@pytest.mark.parametrize(("total", "width", "rank", "expected"), [(6, 40, 40, 5), (100, 12, 12, 12), (100, 30, 3, 3), (2, 5, 5, 1)])
def test_there_are_never_more_directions_than_the_points_can_tell(total: int, width: int, rank: int, expected: int) -> None:
    points = torch.randn(total, rank, generator=generator(1)) @ torch.randn(rank, width, generator=generator(2))
    whitening = fit_whitening(points, 256, generator())
    assert whitening.matrix.shape == (width, expected)
    assert whitening(points).isfinite().all()
    assert whitening(points).abs().max() < 20


def test_equal_points_give_zeros() -> None:
    assert fit_whitening(torch.ones(10, 4), 3, generator())(torch.ones(10, 4)).abs().max() < 1e-3
