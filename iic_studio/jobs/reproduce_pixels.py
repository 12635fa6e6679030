"""One row of the paper's table of segmentations again: its data, its settings, its score beside the number that was printed.

As in the paper, all pictures train and those with labels are scored, under one one-to-one map. The paper let labels decide which pixels of
COCO-Stuff take part in training; whether that is done here is an option, and the result says which. No label decides anything else: the
sub-head and the checkpoint are chosen by the loss, where the paper chose its epoch by labelled accuracy, so its numbers are kinder.
"""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from iic_studio.config import TrainSettings
from iic_studio.evaluation.baselines import kmeans_on_colours
from iic_studio.evaluation.matching import hungarian_match
from iic_studio.events import Event, ProgressMade, SettingsChosen
from iic_studio.iic.networks import MAIN
from iic_studio.iic.pixel_networks import PixelNetwork, to_pixels
from iic_studio.images.labelled_pictures import UNKNOWN
from iic_studio.jobs.pixel_material import PixelMaterial, lay_out
from iic_studio.jobs.pixel_rows import PixelRow
from iic_studio.jobs.row_training import as_columns, row_folder, run_facts, run_lines, train_row
from iic_studio.jobs.running import JobBody, Outcome, run_job
from iic_studio.records import IntArray
from iic_studio.training.plan import DataFacts, choose_device, plan
from iic_studio.training.predict import predict
from iic_studio.training.run_state import load_model
from iic_studio.training.trainer import TrainingData

LABELLED, ALL = "labelled", "all"
_CHUNK = 16
_MOST_FOR_KMEANS = 2_000


def reproduce_pixels(
    row: PixelRow, data: Path, *, budget: str, seed: int, device: str, steps: int | None, all_pixels: bool
) -> Iterator[Event]:
    """Train and score one row; the job's summary holds what `as_table` shows.

    Args:
        data: where the files lie, see `images.labelled_pictures`.
        all_pixels: pixels without one of the classes take part in training too.
    """
    settings = row.settings(budget, seed, device, steps)

    def body() -> JobBody:
        planned = plan(settings, DataFacts(1, 0, False, 4 if row.name.startswith("potsdam") else 3), choose_device(settings.device))
        material = yield from lay_out(row, data, planned)
        yield SettingsChosen(num_images=material.num_pictures, settings=planned.as_dict())
        with row_folder(row.name, planned, [material.folder.name, all_pixels]) as folder:
            result = yield from train_row(_training_data(material, all_pixels=all_pixels), planned, folder)
            counts = yield from _counts(material, planned, folder)
            yield ProgressMade(stage="k-means", done=len(material.crops))
            summary = {
                "row": row.name,
                "source": "Table 4",
                "paper": row.paper,
                "budget": budget,
                "pixels_in_training": ALL if all_pixels or bool(np.array_equal(material.inside, material.with_class)) else LABELLED,
                "classes": list(material.classes),
                "pictures": str(material.folder),
                **run_facts(planned, result),
                "num_images": material.num_pictures,
                "num_scored": len(material.crops),
                **_scores(counts, result.assignments.sub_head),
                "kmeans_accuracy": _kmeans(material, planned),
            }
            shutil.rmtree(folder, ignore_errors=True)
        return Outcome(material.num_pictures, stopped_early=result.stopped_early, summary=summary)

    return run_job("reproduce", body(), settings=settings)


def _training_data(material: PixelMaterial, *, all_pixels: bool) -> TrainingData:
    return TrainingData(
        pixels=material.tiles,
        rows=np.arange(len(material.tiles)),
        image_ids=material.owners,
        is_grey=False,
        marks=material.inside if all_pixels else material.with_class,
    )


@torch.no_grad()
def _counts(material: PixelMaterial, planned: TrainSettings, folder: Path) -> Generator[Event, None, IntArray]:
    """(2, H, K, C) pixels of each cluster and class, of the training and of the test part, by each sub-head."""
    device = torch.device(planned.device)
    network, settings, _ = load_model(folder, device)
    assert isinstance(network, PixelNetwork)
    side, num_classes = material.crops.shape[-1], len(material.classes)
    counts = np.zeros((2, network.head(MAIN).num_sub_heads, settings.clusters * num_classes), np.int64)
    for start in range(0, len(material.crops), _CHUNK):
        some = slice(start, min(start + _CHUNK, len(material.crops)))
        x = torch.from_numpy(np.array(material.crops[some])).to(device).float().div_(255)
        soft = predict(network, x, (MAIN,))[MAIN]
        ids = to_pixels(soft, side, side, network.stride).argmax(dim=2).cpu().numpy()
        labels = np.array(material.labels[some])
        for part in (0, 1):
            counted = (labels != UNKNOWN) & (material.is_test[some] == bool(part))[:, None, None]
            for head in range(len(ids)):
                pairs = ids[head][counted] * num_classes + labels[counted]
                counts[part, head] += np.bincount(pairs, minlength=counts.shape[-1])
        yield ProgressMade(stage="assign", done=some.stop, total=len(material.crops))
    return counts.reshape(2, -1, settings.clusters, num_classes)


def _accuracy(counts: IntArray, mapped_by: IntArray | None = None) -> float | None:
    """Share of pixels that the best one-to-one map gets right; None without pixels."""
    match = hungarian_match(counts if mapped_by is None else mapped_by)
    rows = np.flatnonzero(match >= 0)
    return float(counts[rows, match[rows]].sum() / counts.sum()) if counts.sum() else None


def _scores(counts: IntArray, sub_head: int) -> dict[str, Any]:
    whole = counts.sum(axis=0)
    accuracies = [_accuracy(one) or 0.0 for one in whole]
    chosen = whole[sub_head]
    match = hungarian_match(chosen)
    rows = np.flatnonzero(match >= 0)
    shared = chosen[rows, match[rows]]
    union = chosen.sum(axis=1)[rows] + chosen.sum(axis=0)[match[rows]] - shared
    return {
        "num_pixels": int(chosen.sum()),
        "accuracy_of_lowest_loss": accuracies[sub_head],
        "accuracy_many_to_one": float(chosen.max(axis=1).sum() / chosen.sum()),
        "accuracy_on_test_part": _accuracy(counts[1, sub_head], chosen),
        "miou": float((shared / np.maximum(union, 1)).sum() / max(int((chosen.sum(axis=0) > 0).sum()), 1)),
        "accuracy_of_best_picked_with_labels": max(accuracies),
    }


def _kmeans(material: PixelMaterial, planned: TrainSettings) -> float | None:
    """Accuracy of k-means on the colours of pixels, on crops drawn at random where there are many."""
    draws = np.random.default_rng(planned.seed)
    chosen = np.sort(draws.permutation(len(material.crops))[:_MOST_FOR_KMEANS])
    crops, labels = np.array(material.crops[chosen]), np.array(material.labels[chosen])
    clusters = kmeans_on_colours(crops, planned.clusters, planned.seed)
    known = labels != UNKNOWN
    pairs = clusters[known] * len(material.classes) + labels[known]
    counts = np.bincount(pairs, minlength=planned.clusters * len(material.classes))
    return _accuracy(counts.reshape(planned.clusters, -1))


def as_table(summary: dict[str, Any]) -> str:
    """The summary of the job for people, two columns."""
    test, kmeans, paper = summary["accuracy_on_test_part"], summary["kmeans_accuracy"], summary["paper"]
    took_part = "all pixels" if summary["pixels_in_training"] == ALL else "only pixels that have a class, by their labels, as in the paper"
    shown = ("preset", "encoder", "inputs", "image_size", "clusters", "overclusters", "batch_size", "displacement", "learning_rate")
    lines = [
        ("row", f"{summary['row']} ({summary['source']}), {summary['budget']} budget"),
        ("the paper reports", f"{paper['accuracy']:.1%}, its best epoch by labels; its last epoch: {paper['last_epoch']:.1%}"),
        ("pixel accuracy", f"{summary['accuracy_of_lowest_loss']:.1%} one-to-one on all labelled pictures, chosen without labels"),
        ("… on the test part", "none" if test is None else f"{test:.1%} under the same map"),
        ("many-to-one, mean IoU", f"{summary['accuracy_many_to_one']:.1%}, {summary['miou']:.1%}"),
        ("k-means on colours", "none" if kmeans is None else f"{kmeans:.1%}"),
        ("trained on", f"{summary['num_images']:,} pictures: {took_part}"),
        ("scored on", f"{summary['num_scored']:,} pictures, {summary['num_pixels']:,} pixels with a class"),
        *run_lines(summary, shown),
        ("cut pictures", f"{summary['pictures']}, kept for the next run"),
    ]
    return as_columns(lines)
