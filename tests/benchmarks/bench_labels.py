"""How many labels the queue saves, whether the stated interval holds, and how long a label takes at 200,000 images; run by hand.

    python tests/benchmarks/bench_labels.py curve PROJECT --labels LABELS.csv [--test test/] [--repeats 10] [--counts 5,10,20,50,100,200]
    python tests/benchmarks/bench_labels.py speed [--images 200000] [--labels 500] [--repeats 7]

"curve" takes the saved assignments of a finished run and labels it as a person would who is always right: by the queue, five images at a
time, and in random order. Each line gives the accuracy of the classes that cross-validation chose, over all images or over those whose path
begins with `--test`, and in how many repeats the interval held it. With `--test`, only the other images are ever labelled. A run for it:

    iic-studio cluster MNIST_FOLDER --csv out.csv --project mnist.iicproj --minutes 5
    python tests/benchmarks/bench_labels.py curve mnist.iicproj --labels MNIST_FOLDER/labels.csv --test test/ --repeats 20

"speed" makes a project up and times a label from the edit to the classes of all images.
"""

import argparse
import csv
import dataclasses
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from iic_studio.curation import Curator, label_edits, load_curated
from iic_studio.curation.classes import choose, classify, heads_of, load_overclusters, questions
from iic_studio.evaluation.class_maps import Heads, even_prior, gather, make_map
from iic_studio.evaluation.label_estimate import Share, judge, share, with_known
from iic_studio.evaluation.label_queue import Asked, suggest
from iic_studio.project.store import Project
from tests.curation.conftest import make_project

BATCH = 5


@dataclasses.dataclass(frozen=True)
class Run:
    """Saved assignments with the truth: heads, (N,) classes, C, (N,) sureness, agreement, whom one may label, whom one scores."""

    heads: Heads
    truth: np.ndarray
    num_classes: int
    sureness: np.ndarray
    agreement: np.ndarray
    open: np.ndarray
    scored: np.ndarray


def load_run(place: Path, labels: Path, test: str) -> Run:
    """Read a project and its labels."""
    with labels.open(encoding="utf-8", newline="") as file:
        label_of = {row["path"]: row["label"] for row in csv.DictReader(file)}
    names = sorted(set(label_of.values()))
    with Project.open(place) as project:
        curated = load_curated(project)
        path_of = dict(zip(*project.image_columns("id", "path"), strict=True))
        heads = heads_of(curated, load_overclusters(project.run_dir(curated.run)))
    paths = [path_of[one] for one in curated.image_ids.tolist()]
    is_test = np.array([bool(test) and path.startswith(test) for path in paths])
    truth = np.array([names.index(label_of[path]) for path in paths])
    scored = is_test if test else np.ones(len(paths), np.bool_)
    return Run(heads, truth, len(names), curated.confidence * curated.agreement, curated.agreement, ~is_test, scored)


def result(run: Run, rows: np.ndarray, weights: np.ndarray) -> tuple[float, Share]:
    """Accuracy of the chosen map, and what is said of it."""
    known, classes, prior = run.heads.part(rows), run.truth[rows], even_prior(run.num_classes)
    judged = {one: judge(one, known, classes, run.num_classes, weights, prior=prior) for one in run.heads.methods()}
    method = choose(judged)
    found = make_map(gather(method, known, classes, run.num_classes), run.heads, prior).predict(run.heads)[0]
    right, part = found == run.truth, len(rows) / len(run.truth)
    told = share(judged[method], unseen=len(run.truth) - len(rows))
    return float(right[run.scored].mean()), with_known(told, part, float(right[rows].mean()))


def by_queue(run: Run, counts: list[int], seed: int) -> list[tuple[float, Share]]:
    """Results after each number of labels."""
    rows, weights, results = np.zeros(0, np.int64), np.zeros(0), []
    for count in counts:
        while len(rows) < count:
            unknown = run.open.copy()
            unknown[rows] = False
            asked = Asked(run.heads, run.sureness, run.agreement, unknown, rows, run.truth[rows], run.num_classes)
            found = suggest(asked, min(BATCH, count - len(rows)), seed)
            rows = np.append(rows, [one.row for one in found])
            weights = np.append(weights, [one.weight for one in found])
        results.append(result(run, rows, weights))
    return results


def at_random(run: Run, counts: list[int], seed: int) -> list[tuple[float, Share]]:
    """The same for images drawn from all at random."""
    order = np.random.default_rng(seed).permutation(np.flatnonzero(run.open))
    return [result(run, order[:count], np.ones(count)) for count in counts]


def curve(place: Path, labels: Path, test: str, repeats: int, counts: list[int]) -> None:
    """Print the table."""
    run = load_run(place, labels, test)
    over = run.heads.num_overclusters
    print(f"{len(run.truth):,} images, {run.heads.num_clusters} clusters, {over} overclusters; scored on {int(run.scored.sum()):,}.")
    print("accuracy: mean (worst) of the repeats; held: repeats whose 95 % interval held the accuracy; width: of the interval")
    ways: dict[str, Callable[[Run, list[int], int], list[tuple[float, Share]]]] = {"queue": by_queue, "random": at_random}
    tables = {name: [way(run, counts, seed) for seed in range(repeats)] for name, way in ways.items()}
    for place_in, count in enumerate(counts):
        cells = []
        for name, table in tables.items():
            found = [one[place_in] for one in table]
            accuracies = [accuracy for accuracy, _ in found]
            held = sum(told.low <= accuracy <= told.high for accuracy, told in found)
            width = np.mean([told.high - told.low for _, told in found])
            cells.append(f"{name} {np.mean(accuracies):.2%} ({min(accuracies):.2%}), held {held}/{repeats}, width {width:.1%}")
        print(f"{count:>5} labels   {'   '.join(cells)}")


def speed(images: int, labels: int, repeats: int) -> None:
    """Print how long each part takes."""
    with tempfile.TemporaryDirectory() as place, make_project(Path(place), images, 10) as project:
        curator, rng = Curator.of(project), np.random.default_rng(0)
        over = rng.integers(50, size=images)
        heads = heads_of(curator.curated, (curator.curated.image_ids, over))
        curator.apply(label_edits.define_classes(curator.curated, [f"class {one}" for one in range(10)]))
        known = curator.curated.curation.known
        for one in range(10):
            chosen = curator.curated.image_ids[curator.curated.assignment == one]
            curator.apply(
                label_edits.label(curator.curated, rng.choice(chosen, labels // 10, replace=False), one, from_queue=True, weight=1)
            )
        times: dict[str, list[tuple[float, float]]] = {}
        free = np.setdiff1d(curator.curated.image_ids, curator.curated.curation.known.labels.images)
        for number in range(repeats):
            edit = label_edits.label(curator.curated, free[number : number + 1], number % len(known.classes))
            _timed("a label: edit, store, state", lambda edit=edit: curator.apply(edit), times)
            _timed("remapping: maps, estimate, classes of all", lambda: classify(curator.curated, heads), times)
            _timed("what to label next, 20 images", lambda: suggest(questions(curator.curated, heads), 20), times)
            _timed("undo of the label", curator.undo, times)
            _timed("heads (once for each run)", lambda: heads_of(curator.curated, (curator.curated.image_ids, over)), times)
        print(f"{images:,} images, {labels:,} labels, 10 clusters, 50 overclusters; medians of {repeats}")
        for name, values in times.items():
            clock, cpu = np.median(values, axis=0)
            print(f"  {name:<44} clock {clock:7.1f} ms   CPU {cpu:7.1f} ms")


def _timed(name: str, act: Callable[[], object], into: dict[str, list[tuple[float, float]]]) -> None:
    clock, cpu = time.perf_counter(), time.process_time()
    act()
    into.setdefault(name, []).append((1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu)))


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("curve")
    one.add_argument("project", type=Path)
    one.add_argument("--labels", type=Path, required=True)
    one.add_argument("--test", default="")
    one.add_argument("--repeats", type=int, default=10)
    one.add_argument("--counts", default="5,10,20,50,100,200")
    other = kinds.add_parser("speed")
    other.add_argument("--images", type=int, default=200_000)
    other.add_argument("--labels", type=int, default=500)
    other.add_argument("--repeats", type=int, default=7)
    asked = parser.parse_args()
    if asked.kind == "curve":
        curve(asked.project, asked.labels, asked.test, asked.repeats, sorted(int(one) for one in asked.counts.split(",")))
    else:
        speed(asked.images, asked.labels, asked.repeats)


if __name__ == "__main__":
    main()
