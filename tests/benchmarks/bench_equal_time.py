"""Accuracy of several methods, and of a plain loop of the published form, after the same time of training; by hand.

    python tests/benchmarks/bench_equal_time.py DATA --name fashion-mnist --minutes 15 [--methods auto iic] [--published] [--kmeans] \
        [--preset P] [--inputs sobel] [--settings '{"batch_size": 220, "num_repeats": 3}'] [--seeds 0] [--threads 2] [--every 5]

Contenders take turns of half a minute in one process and each is charged for its own seconds only, so what else the machine does is spread
over all of them. Labels are read by the scoring only: ours goes by its own choice of sub-head, the published form by the lowest loss over
the whole set. DATA as for `iic-studio reproduce`. The published form is that of `bench_throughput.py`, with crops from the centre for
assigning.
"""

import argparse
import dataclasses
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from bench_throughput import FORMS, PublishedLoop, published_loss
from PIL import Image
from torch.nn import functional
from torchvision import transforms  # type: ignore[import-untyped]
from torchvision.transforms.functional import to_tensor  # type: ignore[import-untyped]

from iic_studio.config import TrainSettings
from iic_studio.evaluation.baselines import kmeans_on_pixels
from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.events import StepsFinished
from iic_studio.iic.networks import MAIN
from iic_studio.images.datasets import DATASETS, Dataset, read_dataset
from iic_studio.records import Assignments, IntArray
from iic_studio.training.cpu_memory import freed_memory_kept
from iic_studio.training.plan import DataFacts, choose_device, plan
from iic_studio.training.trainer import TrainingData, TrainingResult, train

TURN_S = 30.0


def accuracy(clusters: IntArray, labels: IntArray) -> float:
    """Best one-to-one map."""
    classes = int(labels.max()) + 1
    counts = contingency(clusters, labels, classes, classes)
    return float(counts[np.arange(classes), hungarian_match(counts)].sum() / counts.sum())


class Contender:
    """Something that trains in turns.

    Attributes:
        name: for the table.
        curve: (minutes, steps, accuracy) on the way.
        final: accuracy at the end.
        steps: taken so far.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.curve: list[tuple[float, int, float]] = []
        self.final, self.steps = 0.0, 0

    def turn(self, seconds: float) -> bool:
        """Train so long; whether there is more to do."""
        raise NotImplementedError


class Ours(Contender):
    """The trainer with all it does; its own clock leaves out the turns of others."""

    def __init__(self, name: str, images: np.ndarray, labels: IntArray, asked: TrainSettings) -> None:
        super().__init__(name)
        self._labels, self._elapsed_s = labels, 0.0
        is_grey = images.shape[1] == 1
        settings = plan(asked, DataFacts(len(images), images.shape[-1], is_grey, images.shape[1]), choose_device(asked.device))
        rows = np.arange(len(images))
        self._folder = tempfile.TemporaryDirectory()
        self._running: Iterator[object] = train(TrainingData(images, rows, rows, is_grey), settings, Path(self._folder.name))

    def turn(self, seconds: float) -> bool:
        began = time.monotonic()
        for item in self._running:
            if isinstance(item, StepsFinished):
                self.steps, self._elapsed_s = item.step, item.elapsed_s
            elif isinstance(item, Assignments):
                self.curve.append((self._elapsed_s / 60, self.steps, accuracy(item.assignment, self._labels[item.image_ids])))
            elif isinstance(item, TrainingResult):
                self.final = accuracy(item.assignments.assignment, self._labels)
                self._folder.cleanup()
                return False
            if time.monotonic() - began > seconds:
                return True
        raise AssertionError("training ends with its result")


class Published(Contender):
    """The loop of the published form."""

    def __init__(self, name: str, images: np.ndarray, labels: IntArray, minutes: float, seed: int) -> None:
        super().__init__(name)
        self._form = FORMS["a" if images.shape[1] == 1 else "b"]
        self._pixels = images[:, 0] if images.shape[1] == 1 else np.ascontiguousarray(images.transpose(0, 2, 3, 1))
        order = np.random.default_rng(seed).permutation(len(images))
        self._pixels, self._labels = self._pixels[order], labels[order]
        self._loop = PublishedLoop(self._pixels, self._form, torch.device("cpu"), seed)
        self._left_s = 60 * minutes

    def turn(self, seconds: float) -> bool:
        began, length_s = time.monotonic(), min(seconds, self._left_s)
        while time.monotonic() - began < length_s:
            self._loop.step()
            self.steps += 1
        self._left_s -= time.monotonic() - began
        if self._left_s > 0:
            return True
        self.final = self._score()
        return False

    @torch.no_grad()
    def _score(self) -> float:
        """Accuracy of the sub-head whose loss over all pairs is lowest; with batch statistics, as published."""
        sides = [transforms.Compose([transforms.CenterCrop(20), transforms.Resize(self._form.size)]), self._form.transformed]
        found: list[list[list[torch.Tensor]]] = [[], []]
        for start in range(0, len(self._pixels), self._form.batch):
            batch = self._pixels[start : start + self._form.batch]
            for way, kept in zip(sides, found, strict=True):
                pixels = torch.stack([to_tensor(self._grey(way(Image.fromarray(image)))) for image in batch])
                pixels = functional.conv2d(pixels, self._loop._sobel, padding=1) if self._form.sobel else pixels
                kept.append(self._loop.network(pixels, MAIN))
        soft, soft_transformed = ([torch.cat(parts) for parts in zip(*side, strict=True)] for side in found)
        losses = [float(published_loss(z, other)) for z, other in zip(soft, soft_transformed, strict=True)]
        chosen = int(np.argmin(losses))
        return accuracy(soft[chosen].argmax(dim=1).numpy(), self._labels)

    def _grey(self, image: Image.Image) -> Image.Image:
        return image.convert("L") if self._form.sobel else image


def run_in_turns(contenders: list[Contender], every: float) -> None:
    """Train all to their ends, in turns; prints each one's curve and end."""
    going = list(contenders)
    while going:
        going = [one for one in going if one.turn(TURN_S)]
    for one in contenders:
        marks: dict[int, tuple[float, int, float]] = {}
        for point in one.curve:
            marks[int(point[0] / every)] = point
        line = ", ".join(f"{found:.1%} at {minutes:.1f} min (step {step})" for minutes, step, found in marks.values())
        print(f"  {one.name}: {one.final:.2%} after {one.steps} steps{'; on the way ' + line if line else ''}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--name", required=True, choices=list(DATASETS))
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--methods", nargs="*", default=["auto"])
    parser.add_argument("--preset")
    parser.add_argument("--inputs", default="auto")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--settings", type=json.loads, default={}, help="other fields of TrainSettings, as JSON")
    parser.add_argument("--published", action="store_true")
    parser.add_argument("--kmeans", action="store_true")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--every", type=float, default=5.0, help="minutes between the points of a curve")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    dataset: Dataset = read_dataset(asked.data, asked.name)
    images = np.concatenate([dataset.train_images, dataset.test_images])
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    print(
        f"{platform.machine()}, {asked.threads} threads, torch {torch.__version__}, {time.strftime('%Y-%m-%d %H:%M')}; {asked.name}, ",
        end="",
    )
    print(f"{len(images)} images, {asked.minutes:g} min for each contender", flush=True)
    finals: dict[str, list[float]] = {}
    with freed_memory_kept():
        for seed in asked.seeds:
            print(f"seed {seed}", flush=True)
            contenders: list[Contender] = []
            for method in asked.methods:
                settings = TrainSettings(
                    method=method,
                    preset=asked.preset,
                    inputs=asked.inputs,
                    image_size=asked.image_size,
                    clusters=DATASETS[asked.name],
                    minutes=asked.minutes,
                    seed=seed,
                )
                contenders.append(Ours(method, images, labels, dataclasses.replace(settings, **asked.settings)))
            if asked.published:
                contenders.append(Published("published form", images, labels, asked.minutes, seed))
            run_in_turns(contenders, asked.every)
            for one in contenders:
                finals.setdefault(one.name, []).append(one.final)
    if len(asked.seeds) > 1:
        for name, found in finals.items():
            print(f"{name}: median {statistics.median(found):.2%}, {min(found):.2%} to {max(found):.2%}, n = {len(found)}")
    if asked.kmeans:
        print(f"k-means on pixels (10 restarts): {accuracy(np.asarray(kmeans_on_pixels(images, DATASETS[asked.name], 0)), labels):.2%}")


if __name__ == "__main__":
    main()
