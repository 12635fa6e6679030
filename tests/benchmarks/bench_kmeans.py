"""Time and inertia of our k-means beside scikit-learn's, on made points; by hand.

    python tests/benchmarks/bench_kmeans.py [--points 200000] [--width 256] [--clusters 100] [--threads 2] [--device cpu] [--slow]

The points are three hundred groups of uneven size with noise, so that the clusters sought are neither given nor absent: once round ones,
which are found in few rounds, and once such as features of a network look: a few directions vary much and most hardly, groups overlap,
and points are spread unevenly about their group, so that k-means moves until its last round. `KMeans` of scikit-learn runs with as many
starts and at most as many rounds as ours, and with one start; with `--slow` with its own defaults too. What counts is the ratio of the
lines to each other.
"""

import argparse
import os
import platform
import time
from collections.abc import Callable

import numpy as np
import sklearn
import torch
from sklearn.cluster import KMeans, MiniBatchKMeans
from threadpoolctl import threadpool_limits

from iic_studio.iic.kmeans import kmeans

ROUNDS = 30


def round_groups(total: int, width: int, seed: int) -> np.ndarray:
    """(total, width) float32."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(300, width)).astype(np.float32)
    shares = rng.dirichlet(np.full(300, 2.0))
    return centres[rng.choice(300, total, p=shares)] + rng.normal(size=(total, width)).astype(np.float32)


def like_features(total: int, width: int, seed: int) -> np.ndarray:
    """The same; the i-th direction has a variance of 1 / i, and the spread about a group differs from point to point."""
    rng = np.random.default_rng(seed)
    spread = np.arange(1, width + 1, dtype=np.float32) ** -0.5
    centres = rng.normal(size=(300, width)).astype(np.float32) * spread
    shares = rng.dirichlet(np.ones(300))
    noise = rng.standard_normal((total, width), dtype=np.float32) * rng.gamma(4, 0.25, size=(total, 1)).astype(np.float32)
    return centres[rng.choice(300, total, p=shares)] + noise * spread


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=200_000)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--clusters", type=int, default=100)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--slow", action="store_true")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    print(f"{platform.machine()}, {asked.threads} threads, torch {torch.__version__}, scikit-learn {sklearn.__version__}, {asked.device}")
    for kind, make in {"round groups": round_groups, "like features": like_features}.items():
        print(f"{asked.points:,} points of {asked.width} numbers, {kind}, {asked.clusters} clusters")
        compare(make(asked.points, asked.width, 0), asked)


def compare(points: np.ndarray, asked: argparse.Namespace) -> None:
    """Print a line for each way to group the points."""
    on_device = torch.from_numpy(points).to(asked.device)

    def ours(**more: object) -> tuple[float, int]:
        found = kmeans(on_device, asked.clusters, torch.Generator().manual_seed(0), **more)  # type: ignore[arg-type]
        return found.inertia, found.num_iterations

    def theirs(made: KMeans | MiniBatchKMeans) -> tuple[float, int]:
        made.fit(points)
        return float(made.inertia_), int(made.n_iter_)

    contenders: dict[str, Callable[[], tuple[float, int]]] = {
        "ours, 3 starts": ours,
        "ours, spherical, 3 starts": lambda: ours(spherical=True),
        "scikit-learn MiniBatchKMeans, 3 starts": lambda: theirs(MiniBatchKMeans(asked.clusters, n_init=3, random_state=0)),
    }
    for starts in (1, 3):
        name = f"scikit-learn KMeans, {starts} start{'s' * (starts > 1)}, {ROUNDS} rounds"
        contenders[name] = lambda starts=starts: theirs(KMeans(asked.clusters, n_init=starts, max_iter=ROUNDS, random_state=0))  # type: ignore[misc]
    if asked.slow:
        contenders["scikit-learn KMeans, its defaults"] = lambda: theirs(KMeans(asked.clusters, random_state=0))
    with threadpool_limits(asked.threads):
        for name, run in contenders.items():
            began = time.perf_counter()
            inertia, rounds = run()
            took = time.perf_counter() - began
            print(f"  {name:<42} {took:7.2f} s {rounds:4} rounds   inertia {inertia / asked.points:9.4f} a point", flush=True)


if __name__ == "__main__":
    main()
