"""k-means in chunks on any device: careful starts, restarts, a spherical form, no cluster left empty.

Distances come from one matrix product a chunk, so neither all distances nor a second copy of the points is ever held. Starts are drawn by
k-means++ with a few candidates a place, on a sample of the points; restarts are compared there too, and only the best one goes on over all
points. The same generator gives the same clusters on the same device. Sources: Lloyd, IEEE Trans. Inf. Theory 28, 1982; Arthur and
Vassilvitskii, k-means++, SODA 2007; Dhillon and Modha, concept decompositions (the spherical form), Machine Learning 42, 2001.

Known weakness: as all of its kind it looks for round clusters of about one size, and what it finds depends on where it starts.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_CHUNK = 4_096
_MOST_IN_CHUNK = 1 << 24
_ONE_HOT_LIMIT = 512
# Starts from few points fit these instead of all; more than so many only cost time.
_SAMPLE_PER_CLUSTER, _ENOUGH_PER_CLUSTER = 64, 256
_SMALLEST_SAMPLE, _ENOUGH = 8_192, 32_768
_TOLERANCE = 1e-5
_SPLIT = 1e-3


@dataclass(frozen=True)
class KMeansResult:
    """What k-means found.

    Attributes:
        centroids: (K, D) float32; unit vectors in the spherical form.
        assignment: (N,) int64 nearest centroid of each point.
        inertia: sum of squared distances to it; in the spherical form too, where it is 2 (N - sum of cosines).
        num_refilled: how often an empty cluster was given half of another one.
        num_iterations: over all points.
    """

    centroids: Tensor
    assignment: Tensor
    inertia: float
    num_refilled: int
    num_iterations: int


def kmeans(
    points: Tensor,
    num_clusters: int,
    generator: torch.Generator,
    *,
    spherical: bool = False,
    restarts: int = 3,
    max_iterations: int = 30,
) -> KMeansResult:
    """Cluster points by k-means.

    Args:
        points: (N, D) on any device; float16 and bfloat16 are read chunk by chunk as float32.
        num_clusters: K, at most N.
        generator: on the CPU; every random number comes from it.
        spherical: cosine instead of distance; points are brought to length 1 first.
        restarts: starts that are tried on the sample.
        max_iterations: over all points; it ends earlier when the centroids stand still.

    Raises:
        ValueError: fewer points than clusters, or none.
    """
    if not 0 < num_clusters <= len(points):
        raise ValueError(f"{num_clusters} clusters cannot be made of {len(points)} points")
    search = _Search(spherical, generator)
    wanted = max(_SMALLEST_SAMPLE, _SAMPLE_PER_CLUSTER * num_clusters, min(_ENOUGH, _ENOUGH_PER_CLUSTER * num_clusters))
    size = min(len(points), wanted)
    chosen = torch.randperm(len(points), generator=generator)[:size].to(points.device)
    sample = search.prepare(points[chosen])
    sample = sample[sample.isfinite().all(dim=1)]
    if len(sample) < num_clusters:
        raise ValueError("the points are no numbers")
    trials = [search.run(sample, search.start(sample, num_clusters), max_iterations) for _ in range(max(restarts, 1))]
    best = min(trials, key=lambda trial: trial.inertia)
    if size == len(points) and len(sample) == size:
        return _in_place_of(best, chosen)
    return search.run(points, best.centroids, max_iterations)


def assign_points(points: Tensor, centroids: Tensor) -> Tensor:
    """(N,) int64 nearest of (K, D) centroids for (N, D) points; for unit vectors that is the one of highest cosine."""
    bias = -0.5 * centroids.square().sum(dim=1)
    return torch.cat([torch.addmm(bias, part.float(), centroids.T).argmax(dim=1) for part in points.split(_chunk(len(centroids)))])


@dataclass
class _Search:
    """One search: what kind, and where its random numbers come from."""

    spherical: bool
    generator: torch.Generator

    def prepare(self, part: Tensor) -> Tensor:
        return functional.normalize(part.float(), dim=1) if self.spherical else part.float()

    def start(self, sample: Tensor, num_clusters: int) -> Tensor:
        """(K, D) starting centroids: each far from those before, the best of a few candidates."""
        squares = sample.square().sum(dim=1)
        tries = 2 + int(math.log(num_clusters))
        first = int(torch.randint(len(sample), (1,), generator=self.generator))
        picked = [first]
        nearest = _distances(sample, squares, sample[first : first + 1])[:, 0]
        for _ in range(1, num_clusters):
            candidates = self._draw(nearest, tries)
            closer = torch.minimum(_distances(sample, squares, sample[candidates]), nearest[:, None])
            place = int(closer.sum(dim=0).argmin())
            picked.append(int(candidates[place]))
            nearest = closer[:, place]
        return sample[torch.tensor(picked, device=sample.device)].clone()

    def _draw(self, weights: Tensor, count: int) -> Tensor:
        """Random rows, each with a chance in proportion to its weight; any row where all weights are 0."""
        heights = weights.cpu().double().cumsum(0)  # not every device knows doubles
        drawn = torch.rand(count, generator=self.generator, dtype=torch.float64)
        if float(heights[-1]) <= 0:
            return (drawn * len(weights)).long().to(weights.device)
        return torch.searchsorted(heights, drawn * heights[-1]).clamp_max(len(weights) - 1).to(weights.device)

    def run(self, points: Tensor, centroids: Tensor, max_iterations: int) -> KMeansResult:
        """Lloyd's iterations until the centroids stand still, and one assignment more."""
        refilled = iterations = 0
        # How far centroids may still move, as a share of how far points lie apart.
        room = _TOLERANCE * float(self.prepare(points[:_SMALLEST_SAMPLE]).var(dim=0, correction=0).mean())
        while iterations < max_iterations:
            iterations += 1
            sums, counts, _, _ = self._pass(points, centroids)
            moved = sums / counts.clamp_min(1)[:, None]
            if self.spherical:
                moved = functional.normalize(moved, dim=1)
            empty = torch.nonzero(counts == 0).flatten()
            if len(empty):
                refilled += len(empty)
                self._refill(moved, counts, empty)
            shift = float((moved - centroids).square().mean())
            centroids = moved
            if shift <= room and not len(empty):
                break
        _, _, assignment, inertia = self._pass(points, centroids)
        return KMeansResult(centroids, assignment, inertia, refilled, iterations)

    def _pass(self, points: Tensor, centroids: Tensor) -> tuple[Tensor, Tensor, Tensor, float]:
        """Sums and counts of the points nearest to each centroid, (N,) assignment, inertia."""
        count, width = centroids.shape
        bias = -0.5 * centroids.square().sum(dim=1)
        sums = torch.zeros(count, width, device=points.device)
        assignment = torch.empty(len(points), dtype=torch.int64, device=points.device)
        inertia = []
        size = _chunk(count)
        # A product is faster and, on a GPU, always sums in the same order; for many clusters on a CPU it would be wasteful.
        by_product = count <= _ONE_HOT_LIMIT or points.device.type != "cpu"
        for start in range(0, len(points), size):
            part = self.prepare(points[start : start + size])
            closeness, nearest = torch.addmm(bias, part, centroids.T).max(dim=1)
            assignment[start : start + size] = nearest
            inertia.append((part.square().sum(dim=1) - 2 * closeness).clamp_min(0).sum())
            if by_product:
                member = torch.zeros(len(part), count, device=points.device).scatter_(1, nearest[:, None], 1.0)
                sums.addmm_(member.T, part)
            else:
                sums.index_add_(0, nearest, part)
        return sums, torch.bincount(assignment, minlength=count).float(), assignment, float(torch.stack(inertia).cpu().double().sum())

    def _refill(self, centroids: Tensor, counts: Tensor, empty: Tensor) -> None:
        """Give each empty cluster half of a full one: both stand a little to either side of where that one stood."""
        left = counts.clone()
        for place in empty.tolist():
            donor = int(left.argmax())
            noise = torch.randn(centroids.shape[1], generator=self.generator).to(centroids.device)
            step = _SPLIT * noise * centroids[donor].norm().clamp_min(1e-6) / noise.norm().clamp_min(1e-12)
            centroids[place] = centroids[donor] + step
            centroids[donor] = centroids[donor] - step
            left[place] = left[donor] = left[donor] / 2
        if self.spherical:
            centroids.copy_(functional.normalize(centroids, dim=1))


def _distances(points: Tensor, squares: Tensor, others: Tensor) -> Tensor:
    """(N, M) squared distances; `squares` are those of the points."""
    return (squares[:, None] + others.square().sum(dim=1) - 2 * points @ others.T).clamp_min(0)


def _chunk(num_clusters: int) -> int:
    return max(256, min(_CHUNK, _MOST_IN_CHUNK // num_clusters))


def _in_place_of(result: KMeansResult, order: Tensor) -> KMeansResult:
    """The result on shuffled points, for the points in their own order."""
    assignment = torch.empty_like(result.assignment)
    assignment[order] = result.assignment
    return KMeansResult(result.centroids, assignment, result.inertia, result.num_refilled, result.num_iterations)
