"""Methods and simple baselines on one labelled folder, each with the same minutes of training; by hand.

    python tests/benchmarks/bench_methods.py FOLDER --clusters 10 --minutes 2 --seeds 0 1 2 [--methods auto iic deepcluster] \
        [--baselines pixels random-network autoencoder] [--encoder efficientnet_lite0 --weights FILE]

FOLDER holds images and `labels.csv` (`path,label`), which only the scoring reads. It is indexed once, and every row goes through the job
of the command that a person would type: `iic-studio train --method M --minutes T --seed S`, `iic-studio baselines --only B`. Baselines that
learn by steps get as many as fit into the same minutes by a short trial. What an encoder saw is computed once; its seconds are told apart
from those of training, and k-means on the same features stands beside it.
"""

import argparse
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import torch

from iic_studio import jobs
from iic_studio.config import TrainSettings
from iic_studio.evaluation.label_files import match_labels, read_columns
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import RunFailed, RunFinished
from iic_studio.project.store import Project

LEARNING = ("autoencoder", "denoising", "variational", "dec")
TRIAL_STEPS = 40


def finished(job: object) -> RunFinished:
    """Run a job to its end."""
    *_, last = job
    if isinstance(last, RunFailed):
        raise SystemExit(f"{last.message} {last.hint}")
    return last


class Bench:
    """One folder, indexed once; `found` gathers (accuracy, NMI) by row."""

    def __init__(self, project: Project, asked: argparse.Namespace) -> None:
        self.project, self.asked = project, asked
        self.labels = asked.folder / "labels.csv"
        rows = project.images("ok")
        labels = match_labels([row.path for row in rows], read_columns(self.labels, "path", "label")).labels
        self.label_of = {row.id: label for row, label in zip(rows, labels, strict=True)}
        self.found: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.steps_of: dict[str, int] = {}

    def keep(self, row: str, seed: int, accuracy: float, nmi: float, more: str) -> None:
        """Print a line and remember it."""
        self.found[row].append((accuracy, nmi))
        print(f"{row}, seed {seed}: one-to-one {accuracy:.2%}, NMI {nmi:.3f}, {more}", flush=True)

    def method(self, method: str, seed: int, encoder: str = "small", weights: str | None = None) -> None:
        """Train once, and score the sub-head of lowest loss."""
        asked = self.asked
        settings = TrainSettings(
            method=method, clusters=asked.clusters, minutes=asked.minutes, seed=seed, preset=asked.preset, encoder=encoder, weights=weights
        )  # fmt: skip
        began = time.monotonic()
        end = finished(jobs.train(self.project, settings))
        wall_s = time.monotonic() - began
        assignments = self.project.load_assignments(end.run)
        assert assignments is not None
        scores = score_clustering(assignments.assignment.tolist(), [self.label_of[int(one)] for one in assignments.image_ids])
        trained = end.summary["training_s"]
        used = self.project.run(end.run).settings["method"]
        row = f"{method} ({used})" if method == "auto" else method
        row = f"{row} on {encoder}" if settings.is_pretrained else row
        more = f"{end.summary['steps']} steps, training {trained:.0f} s, all {wall_s:.0f} s"
        self.keep(row, seed, scores.accuracy_one_to_one, scores.nmi, more)

    def baselines(self, names: tuple[str, ...], seed: int) -> None:
        """Run simple methods, those that learn for as long as the others trained."""
        for name in names:
            for row in self._run(name, seed, self._steps(name)):
                if row["name"] != "newest-run":
                    self.keep(row["about"], seed, row["accuracy_one_to_one"], row["nmi"], f"{row['seconds']:.0f} s")

    def _run(self, name: str, seed: int, steps: int) -> list[dict[str, Any]]:
        end = finished(jobs.baselines(self.project, self.labels, clusters=self.asked.clusters, seed=seed, steps=steps, only=(name,)))
        rows = end.summary["rows"]
        return [row for row in rows if row["name"] == name or (row["name"] == "encoder" and name == "pixels")]

    def _steps(self, name: str) -> int:
        if name not in LEARNING:
            return 1
        if name not in self.steps_of:
            short, long = (self._run(name, 0, steps)[0]["seconds"] for steps in (TRIAL_STEPS, 2 * TRIAL_STEPS))
            rest = 60 * self.asked.minutes - short
            self.steps_of[name] = max(int(TRIAL_STEPS + rest * TRIAL_STEPS / max(long - short, 0.05)), TRIAL_STEPS)
        return self.steps_of[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--clusters", type=int, default=10)
    parser.add_argument("--preset")
    parser.add_argument("--methods", nargs="*", default=["auto", "iic", "deepcluster"])
    parser.add_argument("--baselines", nargs="*", default=["pixels", "random-network", "autoencoder"])
    parser.add_argument("--encoder")
    parser.add_argument("--weights")
    asked = parser.parse_args()

    print(f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, torch {torch.__version__}, {time.strftime('%Y-%m-%d %H:%M')}")
    with tempfile.TemporaryDirectory() as place, Project.create(Path(place) / "bench.iicproj", asked.folder) as project:
        began = time.monotonic()
        indexed = finished(jobs.index(project))
        print(
            f"{indexed.num_images} images, indexed in {time.monotonic() - began:.0f} s; {asked.minutes:g} min of training each", flush=True
        )
        bench = Bench(project, asked)
        # Methods take turns, so that what else the machine does is spread over them.
        for seed in asked.seeds:
            for method in asked.methods:
                bench.method(method, seed)
            if asked.encoder:
                bench.method("auto", seed, asked.encoder, asked.weights)
            bench.baselines(tuple(asked.baselines), seed)
        print("medians, lowest to highest")
        for row, found in sorted(bench.found.items(), key=lambda item: -statistics.median(one[0] for one in item[1])):
            accuracies = [one[0] for one in found]
            spread = f"{min(accuracies):.1%} to {max(accuracies):.1%}"
            nmi = statistics.median(one[1] for one in found)
            print(f"  {statistics.median(accuracies):6.1%} ({spread})  NMI {nmi:.3f}  n = {len(found)}  {row}")


if __name__ == "__main__":
    main()
