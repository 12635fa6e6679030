"""One row of the paper's tables again: its data, its settings, its score beside the number that was printed.

Labels are read with the images and used for nothing but scores: the trainer gets pixels alone, and chooses sub-head and checkpoint by the
loss. The paper chose its epoch by labelled accuracy, so its numbers are kinder.

A run lies in the data directory under its settings and data; the same command goes on with one that was interrupted.
Source: IIC paper, section 4; what the rows are: `paper_rows`.
"""

import contextlib
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from iic_studio.config import TrainSettings
from iic_studio.errors import UsageError
from iic_studio.evaluation.baselines import kmeans_on_pixels
from iic_studio.evaluation.matching import contingency, hungarian_match, many_to_one_match
from iic_studio.evaluation.scores import score_clustering
from iic_studio.events import Event, ProgressMade, SettingsChosen
from iic_studio.iic.networks import MAIN
from iic_studio.images.datasets import read_dataset
from iic_studio.jobs.paper_rows import BUDGETS, ROWS, Row
from iic_studio.jobs.pixel_rows import PIXEL_ROWS
from iic_studio.jobs.reproduce_pixels import as_table as pixels_as_table
from iic_studio.jobs.reproduce_pixels import reproduce_pixels
from iic_studio.jobs.row_training import as_columns, row_folder, run_facts, run_lines, train_row
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches, Images
from iic_studio.training.plan import DataFacts, choose_device, plan
from iic_studio.training.predict import SetResult, evaluate_set
from iic_studio.training.run_state import load_image_model
from iic_studio.training.trainer import TrainingData, TrainingResult

_LABEL_SHARES = (1.0, 0.5, 0.1, 0.05, 0.02, 0.01)
DRAWS = 10
# Images × values × clusters that k-means gets: some minutes on two cores. Only the overclustering rows of colour images reach it.
_KMEANS_WORK = 10**10


def reproduce_row(
    name: str,
    data: Path,
    *,
    budget: str = "quick",
    seed: int = 0,
    device: str = "auto",
    steps: int | None = None,
    all_pixels: bool = False,
) -> Iterator[Event]:
    """Train and score one row; the job's summary holds what `as_table` shows.

    Args:
        name: a key of `ROWS`, or of `PIXEL_ROWS`.
        data: where the data set lies, see `images.datasets` and `images.labelled_pictures`.
        budget: one of `BUDGETS`.
        steps: instead of the budget's number of steps.
        all_pixels: for rows of pixels, see `reproduce_pixels`.

    Raises:
        UsageError: no such row or budget, or settings out of range.
    """
    _check(name, budget)
    if name in PIXEL_ROWS:
        return reproduce_pixels(PIXEL_ROWS[name], data, budget=budget, seed=seed, device=device, steps=steps, all_pixels=all_pixels)
    if all_pixels:
        raise UsageError(f"The row {name} is of whole images.", f"Use --all-pixels with one of: {', '.join(PIXEL_ROWS)}.")
    row = ROWS[name]
    settings = row.settings(budget, seed, device, steps)

    def body() -> JobBody:
        material = read_material(row, data)
        yield ProgressMade(stage="index", done=len(material.pixels), total=len(material.pixels))
        planned = plan(settings, material.facts, choose_device(settings.device))
        yield SettingsChosen(num_images=len(material.rows), settings=planned.as_dict())
        with _own_folder(row, planned, material) as folder:
            result = yield from _train(material, planned, folder)
            votes = (yield from _votes(material, planned, folder)) if row.many_to_one else result.assignments.votes
            summary = {"row": row.name, "source": row.source, "paper": row.paper, "budget": budget}
            summary |= run_facts(planned, result) | material.counts | _scores(row, material, votes, result.assignments.sub_head, seed)
            yield ProgressMade(stage="k-means on pixels", done=len(material.labels))
            summary |= _kmeans(row, material, planned)
            # Only now: whoever stops the program during k-means need not train again.
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(len(material.rows), stopped_early=result.stopped_early, summary=summary)

    return run_job("reproduce", body(), settings=settings)


def _check(name: str, budget: str) -> None:
    if name not in (*ROWS, *PIXEL_ROWS):
        raise UsageError(f"There is no row {name}.", f"Choose one of: {', '.join((*ROWS, 'overclustering', *PIXEL_ROWS))}.")
    if budget not in BUDGETS:
        raise UsageError(f"There is no budget {budget}.", f"Choose one of: {', '.join(BUDGETS)}.")


@dataclass(frozen=True)
class Material:
    """A data set laid out for a row.

    Attributes:
        pixels: (M, C, S, S) training images, then test images, then unlabelled ones if the row uses them.
        labels: (L,) classes of the first L images, for scores only.
        num_train: how many of the labelled images are training images.
        rows: (N,) which images train.
        extra: (E,) which images train the overclustering head beside them, or None.
    """

    pixels: npt.NDArray[np.uint8]
    labels: IntArray
    num_train: int
    rows: IntArray
    extra: IntArray | None

    @property
    def is_grey(self) -> bool:
        """Whether images have one channel."""
        return bool(self.pixels.shape[1] == 1)

    @property
    def facts(self) -> DataFacts:
        """What settings are chosen by."""
        _, channels, side, _ = self.pixels.shape
        return DataFacts(num_images=len(self.rows), side=side, is_grey=self.is_grey, channels=channels)

    @property
    def counts(self) -> dict[str, int]:
        """How many images train, for the summary."""
        return {"num_images": len(self.rows), "num_extra_images": 0 if self.extra is None else len(self.extra)}


def read_material(row: Row, data: Path) -> Material:
    dataset = read_dataset(data, row.dataset)
    if row.unlabelled and not len(dataset.unlabelled_images):
        raise UsageError(
            f"The row {row.name} needs the unlabelled images of {row.dataset}, and there are none.",
            "Fetch unlabeled_X.bin, or choose the row stl10-no-unlabelled.",
        )
    parts = [dataset.train_images, dataset.test_images, *([dataset.unlabelled_images] if row.unlabelled else [])]
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    num_train, num_labelled, total = len(dataset.train_labels), len(labels), sum(map(len, parts))
    unlabelled = np.arange(num_labelled, total)
    if row.many_to_one:
        rows, extra = np.concatenate([np.arange(num_train), unlabelled]), None
    else:
        rows, extra = np.arange(num_labelled), unlabelled if row.unlabelled else None
    return Material(np.concatenate(parts), labels, num_train, rows, extra)


def learned_votes(row: Row, material: Material, planned: TrainSettings) -> Generator[Event, None, tuple[IntArray, TrainingResult]]:
    """Train; returns the (L, H) cluster of each labelled image by each sub-head, and the result of the training."""
    with _own_folder(row, planned, material) as folder:
        result = yield from _train(material, planned, folder)
        votes = yield from _votes(material, planned, folder)
        shutil.rmtree(folder, ignore_errors=True)
    return votes, result


def _own_folder(row: Row, planned: TrainSettings, material: Material) -> contextlib.AbstractContextManager[Path]:
    return row_folder(row.name, planned, [len(material.rows), material.pixels.shape], material.pixels)


def _train(material: Material, planned: TrainSettings, folder: Path) -> Generator[Event, None, TrainingResult]:
    data = TrainingData(
        pixels=material.pixels, rows=material.rows, image_ids=material.rows, is_grey=material.is_grey, extra_rows=material.extra
    )
    return (yield from train_row(data, planned, folder))


def _votes(material: Material, planned: TrainSettings, folder: Path) -> Generator[Event, None, IntArray]:
    """(L, H) cluster of each labelled image by each sub-head of the trained model, each in its own naming."""
    device = torch.device(planned.device)
    network, settings, saved = load_image_model(folder, device)
    rows = np.arange(len(material.labels))
    batches = Batches(Images(material.pixels, rows, int(saved.facts["channels"]), device), settings)
    for step in evaluate_set(network, batches, rows, heads=(MAIN,)):
        if isinstance(step, SetResult):
            return np.asarray(step.soft.argmax(dim=-1).numpy(), dtype=np.int64)
        yield ProgressMade(stage="assign", done=step, total=len(rows))
    raise AssertionError("the evaluation ends with its result")


def _scores(row: Row, material: Material, votes: IntArray, sub_head: int, seed: int) -> dict[str, Any]:
    """Scores of (L, H) votes of the labelled images."""
    labels, num_train = material.labels, material.num_train
    accuracies = [_accuracy(row, votes[:, one], labels, num_train) for one in range(votes.shape[1])]
    scored = slice(num_train, None) if row.many_to_one else slice(None)
    scores = {
        "scored_on": "test" if row.many_to_one else "train+test",
        "accuracy_of_lowest_loss": accuracies[sub_head],
        "accuracy_mean": float(np.mean(accuracies)),
        "accuracy_std": float(np.std(accuracies)),
        "accuracy_of_best_picked_with_labels": max(accuracies),
        "nmi": _nmi(votes[scored, sub_head], labels[scored]),
    }
    if not row.many_to_one:
        return scores
    draws = np.random.default_rng(seed)
    by_share = {}
    for share in _LABEL_SHARES:
        known = [draws.choice(num_train, max(1, round(share * num_train)), replace=False) for _ in range(DRAWS if share < 1 else 1)]
        by_share[f"{share:g}"] = float(np.mean([_accuracy(row, votes[:, sub_head], labels, num_train, one) for one in known]))
    return scores | {"accuracy_by_share_of_labels": by_share}


def _accuracy(row: Row, clusters: IntArray, labels: IntArray, num_train: int, known: IntArray | None = None) -> float:
    """Share of images whose cluster is mapped to their class; `known`: training images whose labels make a many-to-one map."""
    if row.many_to_one:
        return mapped_accuracy(clusters, labels, num_train, np.arange(num_train) if known is None else known)
    match = hungarian_match(contingency(clusters, labels, int(clusters.max()) + 1, int(labels.max()) + 1))
    return float((match[clusters] == labels).mean())


def mapped_accuracy(clusters: IntArray, labels: IntArray, num_train: int, known: IntArray) -> float:
    """Share of the images from `num_train` on whose cluster is mapped to their class by the labels of the `known` ones."""
    # A cluster that no known label falls into is mapped to nothing, and its images count as wrong.
    match = many_to_one_match(contingency(clusters[known], labels[known], int(clusters.max()) + 1, int(labels.max()) + 1))
    return float((match[clusters[num_train:]] == labels[num_train:]).mean())


def _nmi(clusters: IntArray, labels: IntArray) -> float:
    return score_clustering(clusters.tolist(), [str(label) for label in labels]).nmi


def _kmeans(row: Row, material: Material, planned: TrainSettings) -> dict[str, Any]:
    """The same scores of k-means on the pixels of the labelled images, or of a part of them drawn at random where it would take hours."""
    labels, num_values = material.labels, int(np.prod(material.pixels.shape[1:]))
    most = max(10 * planned.clusters, _KMEANS_WORK // (num_values * planned.clusters))
    chosen = np.arange(len(labels))
    if len(chosen) > most:
        chosen = np.sort(np.random.default_rng(planned.seed).choice(chosen, most, replace=False))
    clusters, num_train = (
        kmeans_on_pixels(material.pixels[chosen], planned.clusters, planned.seed),
        int((chosen < material.num_train).sum()),
    )
    scored = slice(num_train, None) if row.many_to_one else slice(None)
    return {
        "kmeans_accuracy": _accuracy(row, clusters, labels[chosen], num_train),
        "kmeans_nmi": _nmi(clusters[scored], labels[chosen][scored]),
        "kmeans_images": len(chosen),
    }


def as_table(summary: dict[str, Any]) -> str:
    """The summary of the job for people, two columns."""
    if summary["row"] in PIXEL_ROWS:
        return pixels_as_table(summary)
    paper, settings, kind = summary["paper"], summary["settings"], "many-to-one" if summary["scored_on"] == "test" else "one-to-one"
    spread = f"; mean over sub-heads {paper['mean']:.1%} ± {paper['std']:.2%}" if "mean" in paper else ""
    printed = (
        f"{paper['accuracy']:.1%}{spread}"
        if paper
        else "a curve without numbers"
        if summary["source"].startswith("Figure")
        else "no number"
    )
    lines = [
        ("row", f"{summary['row']} ({summary['source']}), {summary['budget']} budget"),
        ("the paper reports", printed),
        (
            "lowest-loss sub-head",
            f"{summary['accuracy_of_lowest_loss']:.1%} ({kind} accuracy on {summary['scored_on']}, chosen without labels)",
        ),
        ("mean over sub-heads", f"{summary['accuracy_mean']:.1%} ± {summary['accuracy_std']:.2%}, {settings['sub_heads']} sub-heads"),
        ("best sub-head", f"{summary['accuracy_of_best_picked_with_labels']:.1%} (picked with labels: not a fair number)"),
        ("NMI", f"{summary['nmi']:.3f}"),
        ("k-means on pixels", f"{summary['kmeans_accuracy']:.1%}, NMI {summary['kmeans_nmi']:.3f}, {summary['kmeans_images']:,} images"),
    ]
    for share, accuracy in summary.get("accuracy_by_share_of_labels", {}).items():
        lines.append((f"map from {float(share):.0%} of labels", f"{accuracy:.1%}"))
    extra = f" and {summary['num_extra_images']:,} for the overclustering head" if summary["num_extra_images"] else ""
    lines += [("images", f"{summary['num_images']:,}{extra}"), *run_lines(summary, _SHOWN)]
    return as_columns(lines)


_SHOWN = (
    "method",
    "encoder",
    "inputs",
    "head_schedule",
    "preset",
    "image_size",
    "clusters",
    "overclusters",
    "batch_size",
    "num_repeats",
    "learning_rate",
)
