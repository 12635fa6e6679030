"""Time and inertia of our k-means beside scikit-learn's, on made points; by hand.

    python tests/benchmarks/bench_kmeans.py [--points 200000] [--width 256] [--clusters 100] [--threads 2] [--device cpu] [--slow]

The points are three hundred round groups of uneven size with noise, so that the clusters sought are neither given nor absent. `KMeans` of
scikit-learn runs with one start and as many iterations at most as ours; with `--slow` with its own defaults too. What counts
is the ratio of the lines to each other.
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


def made_points(total: int, width: int, seed: int) -> np.ndarray:
    """(total, width) float32."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(300, width)).astype(np.float32)
    shares = rng.dirichlet(np.full(300, 2.0))
    return centres[rng.choice(300, total, p=shares)] + rng.normal(size=(total, width)).astype(np.float32)


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
    points = made_points(asked.points, asked.width, 0)
    on_device = torch.from_numpy(points).to(asked.device)
    print(f"{platform.machine()}, {asked.threads} threads, torch {torch.__version__}, scikit-learn {sklearn.__version__}, {asked.device}")
    print(f"{asked.points:,} points of {asked.width} numbers, {asked.clusters} clusters")

    def ours(**more: object) -> float:
        return kmeans(on_device, asked.clusters, torch.Generator().manual_seed(0), **more).inertia  # type: ignore[arg-type]

    contenders: dict[str, Callable[[], float]] = {
        "ours, 3 starts": ours,
        "ours, spherical": lambda: ours(spherical=True),
        "scikit-learn MiniBatchKMeans": lambda: float(MiniBatchKMeans(asked.clusters, n_init=3, random_state=0).fit(points).inertia_),
        f"scikit-learn KMeans, 1 start, {ROUNDS} rounds": lambda: float(
            KMeans(asked.clusters, n_init=1, max_iter=ROUNDS, random_state=0).fit(points).inertia_
        ),
    }
    if asked.slow:
        contenders["scikit-learn KMeans, its defaults"] = lambda: float(KMeans(asked.clusters, random_state=0).fit(points).inertia_)
    with threadpool_limits(asked.threads):
        for name, run in contenders.items():
            began = time.perf_counter()
            inertia = run()
            print(f"  {name:<42} {time.perf_counter() - began:7.2f} s   inertia {inertia / asked.points:9.4f} a point", flush=True)


if __name__ == "__main__":
    main()
