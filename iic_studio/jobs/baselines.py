"""What simple methods make of the same images, in one table: k-means on pixels and on an untrained network, spectral, autoencoders, DEC.

The images are those that training sees: the centre view at its size, without those that people excluded. Labels only score; where there are
none, nothing is said of accuracy. What a method found can be kept in the project, as a run to compare with that is never taken unasked.
"""

import dataclasses
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch

from iic_studio.config import DEFAULT_CLUSTERS, TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.evaluation.baselines import kmeans_on_pixels, kmeans_on_vectors, spectral_on_pixels
from iic_studio.evaluation.label_files import match_labels, read_columns
from iic_studio.evaluation.projection import fit_pca_wide
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import Event, ProgressMade
from iic_studio.export.files import printable_path
from iic_studio.jobs.encoding import images_for, kmeans_beside
from iic_studio.jobs.indexing import has_cache, index_folder
from iic_studio.jobs.results import newest_assignments
from iic_studio.jobs.running import JobBody, Outcome, Pace, run_job
from iic_studio.jobs.runs import known_labels, origin
from iic_studio.jobs.sharing import CachedImages, CachedViews
from iic_studio.jobs.training import taking_part
from iic_studio.project.records import BASELINE, ImageRow
from iic_studio.project.store import Project
from iic_studio.records import Assignments, IntArray
from iic_studio.training.autoencoders import Autoencoder, Kind, train_autoencoder, train_dec
from iic_studio.training.batches import Batches, Images
from iic_studio.training.plan import DataFacts, choose_device, plan
from iic_studio.training.run_state import new_network
from iic_studio.words import counted

DEFAULT_STEPS = 1_000
SCORES = ("accuracy_one_to_one", "nmi", "ari")
_BATCH, _BATCH_OF_LARGE, _LARGE_INPUT = 256, 64, 40  # a step of 256 photographs takes a processor core seconds
_CHUNK = 512
_KEPT = 128
_SAMPLE = 4_096

Found = Generator[Event, None, IntArray]
T = TypeVar("T")


@dataclass
class _Bench:
    """What all baselines work on."""

    batches: Batches
    settings: TrainSettings
    device: torch.device
    steps: int
    pixels: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(0, np.uint8))
    plain: tuple[Autoencoder, npt.NDArray[np.float32], float] | None = None

    @property
    def num_clusters(self) -> int:
        return self.settings.clusters

    @property
    def seed(self) -> int:
        return self.settings.seed

    @property
    def batch_size(self) -> int:
        """Images in each step of what learns."""
        return min(_BATCH if self.pixels.shape[-1] <= _LARGE_INPUT else _BATCH_OF_LARGE, len(self.pixels))


def baselines(
    project: Project,
    labels: Path | None = None,
    *,
    clusters: int | None = None,
    seed: int = 0,
    steps: int = DEFAULT_STEPS,
    only: tuple[str, ...] = (),
    keep: bool = False,
) -> Iterator[Event]:
    """Run the simple methods on a project's images and score them; the table is the job's summary.

    Args:
        labels: path of a CSV with the columns path,label; without it what the project knows is used, if it knows anything.
        clusters: K; the number of classes among the labels if not given, without labels that of the newest run.
        steps: of optimiser for each method that learns.
        only: names of `BASELINES`; all if empty.
        keep: each as a run of the project, as soon as it is done.
    """

    def body() -> JobBody:
        _check_names(only)
        if not has_cache(project):
            yield from index_folder(project)
        rows, left_out = taking_part(project)
        known = known_labels(project, [row.id for row in rows]) if labels is None else _labels_of(rows, labels)
        count = clusters or _number_of_clusters(project, known)
        ids = np.array([row.id for row in rows], dtype=np.int64)
        facts = DataFacts(len(rows), int(project.meta("cache_side", "0")), all(row.is_grey for row in rows))
        device = choose_device("auto")
        planned = plan(TrainSettings(clusters=count, seed=seed, steps=steps, method="iic"), facts, device)
        with CachedImages.of(project, ids).pixels() as pixels:
            images = Images(pixels, ids - 1, 1 if facts.is_grey else pixels.shape[1], device)
            bench = _Bench(Batches(images, planned), planned, device, steps)
            keeper = _Keeper(project, ids, origin(rows, len(left_out)), bench) if keep else None
            table = yield from _own(project, rows, known, bench)
            table += yield from _compare(bench, only or tuple(BASELINES), known, keeper)
        summary = {
            "num_images": len(ids),
            "num_labelled": sum(label is not None for label in known),
            "num_clusters": count,
            "seed": seed,
            "steps": steps,
            "image_size": planned.image_size,
            "device": device.type,
            "rows": table,
        }
        return Outcome(len(ids), summary=summary)

    return run_job("baselines", body(), project=project)


def _check_names(names: tuple[str, ...]) -> None:
    unknown = [name for name in names if name not in BASELINES]
    if unknown:
        raise UsageError(f"There is no baseline {unknown[0]}.", f"Choose from: {', '.join(BASELINES)}.")


def _labels_of(rows: list[ImageRow], labels: Path) -> list[str | None]:
    match = match_labels([printable_path(row.path) for row in rows], read_columns(labels, "path", "label"))
    if not any(match.labels):
        raise StudioError("No path in the label file is among the images.", "Paths must be relative to the folder of images.")
    return match.labels


def _number_of_clusters(project: Project, labels: list[str | None]) -> int:
    classes = {label for label in labels if label}
    if len(classes) == 1:
        raise UsageError("All labels are the same: there is nothing to tell apart.", "Name the number of clusters with --clusters.")
    newest = project.last_run()
    return len(classes) or (int(newest.settings["clusters"]) if newest is not None else DEFAULT_CLUSTERS)


def _compare(
    bench: _Bench, names: tuple[str, ...], labels: list[str | None], keeper: "_Keeper | None"
) -> Generator[Event, None, list[dict[str, Any]]]:
    """A row for each method."""
    table: list[dict[str, Any]] = []
    yield from _read(bench)
    for name in names:
        yield ProgressMade(stage="baselines", done=len(table), total=len(names), unit="methods", message=name)
        began = time.perf_counter()
        found, more_s = yield from _run(name, bench)
        table.append(_row(name, BASELINES[name].about, found.tolist(), labels, time.perf_counter() - began + more_s))
        if keeper is not None:
            table[-1]["run"] = keeper.keep(table[-1], found)
            yield ProgressMade(stage="baselines", done=len(table), total=len(names), unit="methods", message=name)
    return table


@dataclass(frozen=True)
class _Keeper:
    """Puts what was found into the project, as finished runs that are never taken unasked."""

    project: Project
    image_ids: IntArray
    origin: dict[str, Any]
    bench: _Bench

    def keep(self, row: dict[str, Any], found: IntArray) -> str:
        """Returns the id of the run."""
        settings, count = self.bench.settings, self.bench.num_clusters
        asked = {"clusters": count, "seed": settings.seed, "image_size": settings.image_size, "device": self.bench.device.type}
        if BASELINES[row["name"]].learns:
            asked["steps"] = self.bench.steps
        run = self.project.add_run(asked, self.bench.device.type, beside=BASELINE)
        sure = np.eye(count, dtype=np.float32)[found]
        votes = found[:, None].copy()
        self.project.save_assignments(run.id, Assignments(self.image_ids, sure, found, votes, np.ones(len(found), np.float32), 0))
        summary = self.origin | {
            "task": "images",
            "baseline": row["name"],
            "about": row["about"],
            "training_s": row["seconds"],
            "cluster_sizes": np.bincount(found, minlength=count).tolist(),
            "scores": {key: row[key] for key in (*SCORES, "num_labelled")},
        }
        self.project.update_run(run.id, state="finished", summary=summary)
        return run.id


def _read(bench: _Bench) -> Iterator[Event]:
    parts = []
    for start in range(0, len(bench.batches), _CHUNK):
        part = bench.batches.centre(np.arange(start, min(start + _CHUNK, len(bench.batches))))
        parts.append((part * 255).round().clamp(0, 255).byte().cpu().numpy())
        yield ProgressMade(stage="features", done=start + len(part), total=len(bench.batches))
    bench.pixels = np.concatenate(parts)


def _run(name: str, bench: _Bench) -> Generator[Event, None, tuple[IntArray, float]]:
    """Clusters, and seconds spent earlier on what this method begins with."""
    known, steps = bench.plain, BASELINES[name].run(bench)
    try:
        while True:
            event = next(steps)
            yield dataclasses.replace(event, message=name) if isinstance(event, ProgressMade) else event
    except StopIteration as stop:
        found: IntArray = stop.value
    finally:
        steps.close()
    return found, known[2] if known is not None and name in ("autoencoder", "dec") else 0.0


def _own(project: Project, rows: list[ImageRow], labels: list[str | None], bench: _Bench) -> Generator[Event, None, list[dict[str, Any]]]:
    """A row for what the project's newest run found, if there is one, and for k-means on its encoder if it has one."""
    try:
        run, assignments = newest_assignments(project)
    except StudioError:
        return []
    cluster_of = dict(zip(assignments.image_ids.tolist(), assignments.assignment.tolist(), strict=True))
    there = [place for place, row in enumerate(rows) if row.id in cluster_of]
    if not there or (any(labels) and not any(labels[place] for place in there)):
        return []
    settings = TrainSettings.from_dict(run.settings)
    known = [labels[place] for place in there]
    clusters = [cluster_of[rows[place].id] for place in there]
    of = f" on {settings.encoder}" if settings.is_pretrained else ""
    found = [_row("newest-run", f"this project's newest run: {settings.method}{of}", clusters, known, run.summary.get("training_s"))]
    if settings.is_pretrained:
        images = yield from images_for(project, settings, [rows[place] for place in there])
        assert isinstance(images, CachedViews)
        began = time.perf_counter()
        clusters = kmeans_beside(images, bench.num_clusters, bench.seed).tolist()
        found.append(_row("encoder", f"k-means on {settings.encoder}", clusters, known, time.perf_counter() - began))
    return found


def _row(name: str, about: str, clusters: list[int], labels: list[str | None], seconds: float | None) -> dict[str, Any]:
    """Scores of a method; how long it took is not known of a run that was cut off."""
    known = any(labels)
    scores = dataclasses.asdict(score_clustering(clusters, labels)) if known else {"num_labelled": 0, **dict.fromkeys(SCORES)}
    return {"name": name, "about": about, "seconds": seconds, **{key: scores[key] for key in (*SCORES, "num_labelled")}}


def _pixels(bench: _Bench) -> Found:
    yield from ()
    return kmeans_on_pixels(bench.pixels, bench.num_clusters, bench.seed)


def _spectral(bench: _Bench) -> Found:
    yield from ()
    return spectral_on_pixels(bench.pixels, bench.num_clusters, bench.seed)


@torch.no_grad()
def _features(bench: _Bench, positions: IntArray) -> npt.NDArray[np.float32]:
    network = new_network(bench.settings, bench.batches.channels, bench.device).eval()
    parts = [positions[start : start + _CHUNK] for start in range(0, len(positions), _CHUNK)]
    return np.concatenate([network.features(bench.batches.centre(part)).cpu().numpy() for part in parts])


def _random_network(bench: _Bench) -> Found:
    """The trunk with its first weights, its features cut to 128 principal components."""
    total = len(bench.batches)
    directions = fit_pca_wide(_features(bench, np.unique(np.linspace(0, total - 1, min(total, _SAMPLE)).astype(np.int64))), _KEPT)
    parts = []
    for chunk in np.array_split(np.arange(total), total // _SAMPLE + 1):
        parts.append(directions.project(_features(bench, chunk)))
        yield ProgressMade(stage="features", done=int(chunk[-1]) + 1, total=total)
    return kmeans_on_vectors(np.concatenate(parts), bench.num_clusters, bench.seed)


def _rebuilding(kind: Kind) -> Callable[[_Bench], Found]:
    def run(bench: _Bench) -> Found:
        latent = (yield from _plain(bench))[1] if kind == "plain" else (yield from _learn(bench, kind))[1]
        return kmeans_on_vectors(latent, bench.num_clusters, bench.seed)

    return run


def _dec(bench: _Bench) -> Found:
    network = (yield from _plain(bench))[0]
    bench.plain = None  # it is changed from here on
    training = train_dec(
        network, bench.pixels, bench.num_clusters, steps=bench.steps, batch_size=bench.batch_size, seed=bench.seed, device=bench.device
    )  # fmt: skip
    return (yield from _told(training, bench.steps))


def _plain(bench: _Bench) -> Generator[Event, None, tuple[Autoencoder, npt.NDArray[np.float32]]]:
    """The plain autoencoder, learned once for the two methods that use it."""
    if bench.plain is None:
        began = time.perf_counter()
        network, latent = yield from _learn(bench, "plain")
        bench.plain = network, latent, time.perf_counter() - began
    return bench.plain[0], bench.plain[1]


def _learn(bench: _Bench, kind: Kind) -> Generator[Event, None, tuple[Autoencoder, npt.NDArray[np.float32]]]:
    training = train_autoencoder(
        bench.pixels, kind, steps=bench.steps, batch_size=bench.batch_size, seed=bench.seed, device=bench.device
    )  # fmt: skip
    rebuilt = yield from _told(training, bench.steps)
    return rebuilt.network, rebuilt.latent


def _told(training: Generator[int, None, T], steps: int) -> Generator[Event, None, T]:
    """Steps as events."""
    pace = Pace("baseline-steps", steps, "steps")
    while True:
        try:
            done = next(training)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return] # what the generator returns
        yield from pace.at(done)


@dataclass(frozen=True)
class _Baseline:
    about: str
    run: Callable[[_Bench], Found]
    learns: bool = False


BASELINES = {
    "random-network": _Baseline("k-means on the features of the network before training", _random_network),
    "pixels": _Baseline("k-means on pixels", _pixels),
    "spectral": _Baseline("spectral clustering on pixels", _spectral),
    "autoencoder": _Baseline("autoencoder, then k-means", _rebuilding("plain"), learns=True),
    "denoising": _Baseline("denoising autoencoder, then k-means", _rebuilding("denoising"), learns=True),
    "variational": _Baseline("variational autoencoder, then k-means", _rebuilding("variational"), learns=True),
    "dec": _Baseline("deep embedded clustering, from the autoencoder", _dec, learns=True),
}


def baselines_table(summary: dict[str, Any]) -> str:
    """The summary as a table for the terminal."""
    images, clusters = counted(summary["num_images"], "images"), counted(summary["num_clusters"], "clusters")
    lines = [f"{images}, {clusters}, {summary['image_size']} pixels, seed {summary['seed']}"]
    lines.append(f"{'':<51} accuracy     NMI     ARI       time")
    for row in summary["rows"]:
        known = row["num_labelled"]
        scores = f"{row['accuracy_one_to_one']:8.1%} {row['nmi']:7.3f} {row['ari']:7.3f}" if known else f"{'':24}"
        took = "   unknown" if row["seconds"] is None else f"{row['seconds']:7.1f} s"
        lines.append(f"{row['about']:<51.51} {scores} {took}")
    return "\n".join(lines)
