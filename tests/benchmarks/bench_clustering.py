"""Accuracy after a budget of training on a labelled folder, for several seeds; by hand.

    python tests/benchmarks/bench_clustering.py FOLDER --minutes 2 5 --seeds 0 1 2 [--kmeans] [--preset P] [--methods M ...]

FOLDER holds images and `labels.csv` (`path,label`), which only the scoring reads. The folder is indexed once; each run then goes through
the same job as `iic-studio train`. The sub-head is chosen without labels, by the lowest loss over the whole set.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.evaluation.baselines import kmeans_on_pixels
from iic_studio.evaluation.label_files import match_labels, read_columns
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import RunFailed, RunFinished
from iic_studio.jobs.indexing import open_cache
from iic_studio.project.store import Project


def finished(job: object) -> RunFinished:
    """Run a job to its end."""
    *_, last = job
    if isinstance(last, RunFailed):
        raise SystemExit(f"{last.message} {last.hint}")
    return last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, nargs="+", default=[2])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--preset")
    parser.add_argument("--methods", nargs="+", default=["auto"], help="several are run in turns, seed by seed")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--kmeans", action="store_true", help="k-means on the cached pixels of the same images")
    asked = parser.parse_args()

    print(f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, torch {torch.__version__}, {time.strftime('%Y-%m-%d %H:%M')}")
    with tempfile.TemporaryDirectory() as place, Project.create(Path(place) / "bench.iicproj", asked.folder) as project:
        began = time.monotonic()
        indexed = finished(jobs.index(project))
        print(f"index: {indexed.num_images} images in {time.monotonic() - began:.0f} s")
        rows = project.images("ok")
        labels = match_labels([row.path for row in rows], read_columns(asked.folder / "labels.csv", "path", "label")).labels
        label_of = {row.id: label for row, label in zip(rows, labels, strict=True)}
        for minutes in asked.minutes:
            # Methods take turns, so that what else the machine does is spread over them.
            found = {
                (method, seed): run_once(project, asked, method, minutes, seed, label_of)
                for seed in asked.seeds
                for method in asked.methods
            }
            for method in asked.methods:
                picked = [found[method, seed] for seed in asked.seeds]
                words = f"lowest {min(picked):.2%}, median {statistics.median(picked):.2%}, n = {len(picked)}"
                print(f"{method}, {minutes:g} min: {words}", flush=True)
        if asked.kmeans:
            with open_cache(project) as cache:
                channels = 1 if all(row.is_grey for row in rows) else 3
                pixels = np.asarray(cache.pixels()[[row.id - 1 for row in rows], :channels])
            found = kmeans_on_pixels(pixels, asked.clusters, 0).tolist()
            print(f"k-means on pixels (10 restarts): {score_clustering(found, labels).accuracy_one_to_one:.2%}")


def run_once(project: Project, asked: argparse.Namespace, method: str, minutes: float, seed: int, label_of: dict[int, str | None]) -> float:
    """Train once; prints a line, returns the accuracy of the sub-head of lowest loss."""
    settings = TrainSettings(
        method=method,
        clusters=asked.clusters,
        minutes=minutes,
        seed=seed,
        preset=asked.preset,
        image_size=asked.image_size,
        device=asked.device,
    )
    began = time.monotonic()
    end = finished(jobs.train(project, settings))
    assignments = project.load_assignments(end.run)
    assert assignments is not None
    labels = [label_of[int(one)] for one in assignments.image_ids]
    scores = score_clustering(assignments.assignment.tolist(), labels)
    by_sub_head = [score_clustering(votes.tolist(), labels).accuracy_one_to_one for votes in assignments.votes.T]
    print(f"{method}, {minutes:g} min, seed {seed}: one-to-one {scores.accuracy_one_to_one:.3%}, NMI {scores.nmi:.3f}", end=", ")
    print(f"steps {end.summary['steps']}, wall {time.monotonic() - began:.0f} s", end="; ")
    print(f"sub-heads {[round(value, 3) for value in by_sub_head]}", end=", ")
    print(f"losses {[round(loss, 3) for loss in end.summary['losses']['main']]}", flush=True)
    return scores.accuracy_one_to_one


if __name__ == "__main__":
    main()
