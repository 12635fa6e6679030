"""What a few labels a class are worth in each way of learning from them; run by hand.

    python tests/benchmarks/bench_fine_tune.py PROJECT --labels LABELS.csv [--each 5 20] [--seeds 0 1 2] [--consistency 1] [--most 4000]

PROJECT has a finished run on whole pictures. For each seed some labels a class are drawn at random, and one network is used in every way:
the map of its clusters that cross-validation chooses, a linear classifier and the nearest labels on its features, the network trained on
with these labels, and the same with pictures that have none (`iic-studio label --fine-tune --consistency`). Each is scored on pictures
nobody labelled: all of them, or `--most` drawn at random, the same for all. A project for it:

    iic-studio cluster FOLDER --csv out.csv --project made.iicproj --minutes 2
"""

import argparse
import csv
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import torch

from iic_studio.curation import load_curated
from iic_studio.curation.classes import choose, heads_of, load_overclusters
from iic_studio.curation.curated import places_of
from iic_studio.evaluation.class_maps import even_prior, gather, make_map
from iic_studio.evaluation.label_estimate import judge
from iic_studio.evaluation.probes import PROBES, probe
from iic_studio.jobs.class_learning import FINE_TUNED, WITH_REST
from iic_studio.jobs.features import collect_features
from iic_studio.jobs.sharing import CachedImages
from iic_studio.project.store import Project
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.batches import Batches, Images
from iic_studio.training.fine_tune import fine_tuning, ten_crops
from iic_studio.training.run_state import load_model

MAP = "map of clusters"


class Bench:
    """One run with the truth about its N images; `found` gathers accuracies by way and labels a class."""

    def __init__(self, project: Project, truth_of: dict[str, str], asked: argparse.Namespace) -> None:
        self.asked = asked
        curated = load_curated(project)
        collecting = collect_features(project, project.run(curated.run))
        while True:
            try:
                next(collecting)
            except StopIteration as end:
                seen = end.value
                break
        self.ids, self.features = seen.image_ids, seen.features.astype(np.float32)
        heads = heads_of(curated, load_overclusters(project.run_dir(curated.run)))
        self.heads = heads.part(places_of(curated.image_ids, self.ids))
        path_of = dict(zip(*project.image_columns("id", "path"), strict=True))
        labels = [truth_of[path_of[one]] for one in self.ids.tolist()]
        self.names = sorted(set(labels))
        self.truth = np.array([self.names.index(one) for one in labels])
        self.project, self.run = project, curated.run
        self.found: dict[tuple[str, int], list[float]] = defaultdict(list)
        self.took: dict[tuple[str, int], list[float]] = defaultdict(list)

    def go(self) -> None:
        """Every way, each number of labels, each seed."""
        device = torch.device("cpu")
        network, settings, saved = load_model(self.project.run_dir(self.run), device)
        with CachedImages.of(self.project, self.ids).pixels() as pixels:
            batches = Batches(Images(pixels, self.ids - 1, int(saved.facts["channels"]), device), settings)
            for each in self.asked.each:
                for seed in self.asked.seeds:
                    rows, scored = self.drawn(each, seed)
                    self.score(MAP, each, seed, scored, lambda rows=rows: self.by_map(rows))
                    for way in PROBES:
                        self.score(way, each, seed, scored, lambda rows=rows, way=way: self.by_probe(way, rows))
                    for weight in (0.0, *self.asked.consistency):
                        way = f"{WITH_REST}, weight {weight:g}" if weight else FINE_TUNED
                        work = (network, batches, rows, self.truth[rows], len(self.names), seed, weight)
                        self.score(way, each, seed, scored, lambda work=work, scored=scored: self.tuned(work, scored))

    def drawn(self, each: int, seed: int) -> tuple[IntArray, IntArray]:
        """Labelled images, and those to be scored."""
        rng = np.random.default_rng(seed)
        rows = np.concatenate([rng.choice(np.flatnonzero(self.truth == one), each, replace=False) for one in range(len(self.names))])
        rest = rng.permutation(np.setdiff1d(np.arange(len(self.truth)), rows))
        return rows, np.sort(rest[: self.asked.most])

    def score(self, way: str, each: int, seed: int, scored: IntArray, work: object) -> None:
        """Print a line and remember it; `work` returns (N,) classes."""
        began = time.process_time()
        found: IntArray = work()  # type: ignore[operator]
        took = time.process_time() - began
        right = float((found[scored] == self.truth[scored]).mean())
        self.found[way, each].append(right)
        self.took[way, each].append(took)
        print(f"{each} labels a class, seed {seed}, {way}: {right:.2%} of {len(scored):,}, {took:.1f} s of CPU", flush=True)

    def by_map(self, rows: IntArray) -> IntArray:
        """As `iic-studio label` maps clusters when nobody chooses how."""
        known, classes, count, prior = self.heads.part(rows), self.truth[rows], len(self.names), even_prior(len(self.names))
        weights = np.ones(len(rows))
        method = choose({one: judge(one, known, classes, count, weights, prior=prior) for one in self.heads.methods()})
        return make_map(gather(method, known, classes, count), self.heads, prior).predict(self.heads)[0]

    def by_probe(self, way: str, rows: IntArray) -> IntArray:
        """From the features."""
        scores: FloatArray = probe(way, self.features[rows], self.truth[rows], len(self.names), self.features)
        return scores.argmax(axis=1)

    def tuned(self, work: tuple, scored: IntArray) -> IntArray:
        """By a network trained on."""
        found = np.full(len(self.truth), -1)
        steps = fine_tuning(*work)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                classifier = end.value
                break
        for positions, scores in ten_crops(classifier, work[1], scored):
            found[positions] = scores.argmax(axis=1)
        return found

    def table(self) -> None:
        """Mean (lowest, highest) of the seeds."""
        print(f"\n| way | {' | '.join(f'{each} labels a class' for each in self.asked.each)} | seconds of CPU |")
        print(f"|---|{'---|' * len(self.asked.each)}---|")
        for way in dict.fromkeys(way for way, _ in self.found):
            cells = []
            for each in self.asked.each:
                values = self.found[way, each]
                cells.append(f"{np.mean(values):.1%} ({min(values):.1%}, {max(values):.1%})")
            took = np.mean([one for each in self.asked.each for one in self.took[way, each]])
            print(f"| {way} | {' | '.join(cells)} | {took:.0f} |")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--each", type=int, nargs="+", default=[5])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--consistency", type=float, nargs="*", default=[1.0])
    parser.add_argument("--most", type=int, default=10**9)
    asked = parser.parse_args()
    with asked.labels.open(encoding="utf-8", newline="") as file:
        truth_of = {row["path"]: row["label"] for row in csv.DictReader(file)}
    with Project.open(asked.project) as project:
        bench = Bench(project, truth_of, asked)
        print(f"{len(bench.truth):,} pictures, {len(bench.names)} classes; {bench.heads.num_clusters} clusters.", flush=True)
        bench.go()
        bench.table()


if __name__ == "__main__":
    main()
