"""Street pictures segmented without labels, beside k-means on colours and places and on the untrained network's features; by hand.

    python tests/benchmarks/bench_segmentation.py CAMVID [--steps 600 | --minutes 20] [--seed 0] [--threads 2] [--settings JSON]

CAMVID holds `train/images`, `test/images` and `test/masks` with the ids of `classes.txt`. Training sees the train split, and no label;
the test split is scored on the pixels of three classes: sky; road and pavement; tree.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sklearn.cluster import MiniBatchKMeans

from iic_studio import jobs
from iic_studio.config import TrainSettings, pixel_settings
from iic_studio.evaluation.mask_scores import MaskCounts, MaskScores
from iic_studio.events import Event, RunFailed, RunFinished
from iic_studio.images.masks import find_masks, read_mask
from iic_studio.images.tiles import at_scale
from iic_studio.jobs.tiles import scale_of
from iic_studio.project.store import Project
from iic_studio.training.run_state import new_network

CLASSES = {0: 0, 3: 1, 4: 1, 5: 2}
IGNORED = 255
_PIXELS_OF_EACH = 500


def finished(job: Iterator[Event]) -> RunFinished:
    *_, last = job
    if isinstance(last, RunFailed):
        raise SystemExit(f"{last.message} {last.hint}")
    assert isinstance(last, RunFinished)
    return last


def truth(path: Path) -> np.ndarray:
    ids = read_mask(path)
    found = np.full(ids.shape, IGNORED, np.uint16)
    for given, kept in CLASSES.items():
        found[ids == given] = kept
    return found


def score(masks: Iterator[tuple[str, np.ndarray]], true: dict[str, Path]) -> MaskScores:
    counts = MaskCounts((IGNORED,))
    for name, ids in masks:
        counts.add(ids, truth(true[name]))
    return counts.scores()


def colours_and_places(path: Path) -> np.ndarray:
    """(h, w, 5): red, green, blue, across, down, each 0–1."""
    pixels = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
    down, across = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    return np.dstack([pixels, across / pixels.shape[1], down / pixels.shape[0]])


def untrained_features(settings: TrainSettings):
    """A function from a picture to (h, w, D): features of a fresh network, each cell's for all its pixels."""
    network = new_network(settings, 3, torch.device("cpu")).eval()

    @torch.no_grad()
    def of(path: Path) -> np.ndarray:
        image = Image.open(path).convert("RGB")
        x = torch.from_numpy(at_scale(image, scale_of(settings))).float().div(255)[None]
        if settings.sees_place:
            down, across = (torch.arange(side) / side for side in x.shape[-2:])
            places = torch.stack([across.expand(len(down), -1), down[:, None].expand(-1, len(across))])
            x = torch.cat([x, places[None]], dim=1)
        features = network.features(x)
        grown = torch.nn.functional.interpolate(features, size=image.size[::-1], mode="nearest")
        return grown[0].permute(1, 2, 0).numpy()

    return of


def kmeans(train: list[Path], test: list[Path], features, seed: int) -> Iterator[tuple[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    points = []
    for path in train:
        found = features(path)
        points.append(found.reshape(-1, found.shape[-1])[rng.integers(0, found.shape[0] * found.shape[1], _PIXELS_OF_EACH)])
    fitted = MiniBatchKMeans(len(set(CLASSES.values())), n_init=10, batch_size=4096, random_state=seed).fit(np.concatenate(points))
    for path in test:
        found = features(path)
        yield path.stem, fitted.predict(found.reshape(-1, found.shape[-1])).reshape(found.shape[:2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--steps", type=int)
    budget.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--settings", type=json.loads, default={})
    parser.add_argument("--without-kmeans", action="store_true")
    given = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(given.threads)
    torch.set_num_threads(given.threads)
    chosen = {"steps": given.steps, "minutes": given.minutes}
    asked = pixel_settings(clusters=3, seed=given.seed, device=given.device, **chosen, **given.settings)
    folders = {split: given.data / split / "images" for split in ("train", "test")}
    true = find_masks(given.data / "test" / "masks")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as place, Project.create(Path(place) / "run.iicproj", folders["train"]) as project:
        summary = finished(jobs.train(project, asked)).summary
        finished(jobs.segment_more(project, folders["test"], Path(place) / "masks"))
        masks = find_masks(Path(place) / "masks")
        ours = score(((name, read_mask(masks[name])) for name in true), true)
        planned = TrainSettings.from_dict(project.runs()[-1].settings)
    sizes = f"{planned.image_size} px, K {planned.clusters}/{planned.overclusters}, d {planned.displacement}, {planned.inputs}"
    print(f"seed {given.seed}, {summary['steps']} steps of {planned.batch_size} pairs in {summary['training_s']:.0f} s, {sizes}")
    print(f"IIC, lowest loss: {_words(ours)}; loss {min(summary['losses']['main']):.3f}; all in all {time.perf_counter() - began:.0f} s")
    if given.without_kmeans:
        return
    train, test = (sorted(folder.glob("*.jpg")) for folder in folders.values())
    print(f"k-means on colour and place: {_words(score(kmeans(train, test, colours_and_places, given.seed), true))}")
    print(f"k-means on untrained features: {_words(score(kmeans(train, test, untrained_features(planned), given.seed), true))}")


def _words(scores: MaskScores) -> str:
    one, many = scores.pixel_accuracy_one_to_one, scores.pixel_accuracy_many_to_one
    return f"pixel accuracy {one:.1%} one-to-one, {many:.1%} many-to-one, mean IoU {scores.miou:.1%}"


if __name__ == "__main__":
    main()
