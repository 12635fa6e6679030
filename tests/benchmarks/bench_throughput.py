"""Pairs and images per second of the trainer beside a plain loop of the published form, and what events, health and checkpoints cost.

    python tests/benchmarks/bench_throughput.py --data MNIST.npz CIFAR10.npz [--rows a b c] [--rounds 5] [--seconds 10] [--device cuda]
    python tests/benchmarks/bench_throughput.py --check

Row a (MNIST) and b (CIFAR-10): the published form, ours as it comes, ours with the same network, batch and changes of the images. Row c
takes the first file. A file holds `x_train` and `x_test`, uint8, (N, H, W) or (N, H, W, 3).

A *pair* is (x, g(x)) and has gone through an optimiser step; r pairs share one *image* where a batch holds r copies of x. Contenders
take turns in one process; each turn begins with untimed steps. Ratios are medians over the rounds of the ratio within a round. `--check`
asserts that the published form has the loss and the gradient of `iic_studio.iic.losses`, so that both sides do the same work.

The published form, written from the paper's section 4.1 and its supplement: x and each copy are made from the array one image at a time
by PIL in this process, x goes through the network r times, x and g(x) in two calls, sub-heads and their losses in a Python loop, heads
in turn (two passes with the main one, one with the other; here in the same proportion by steps), float32, Adam, batch statistics.
"""

import argparse
import contextlib
import itertools
import os
import platform
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode
from torchvision import transforms  # type: ignore[import-untyped]
from torchvision.models.resnet import BasicBlock, ResNet  # type: ignore[import-untyped]
from torchvision.transforms.functional import to_tensor  # type: ignore[import-untyped]

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.events import CheckpointSaved, EpochFinished, StepsFinished
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import MAIN, OVERCLUSTERING
from iic_studio.records import Assignments
from iic_studio.training.cpu_memory import freed_memory_kept
from iic_studio.training.live import LatestSlot
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.run_state import RunState
from iic_studio.training.trainer import TrainingData, make_batches, take_step, train

Pixels = npt.NDArray[np.uint8]
Transform = Callable[[Image.Image], Image.Image]

CLUSTERS, SUB_HEADS = 10, 5
HEAD_ORDER = (MAIN, MAIN, OVERCLUSTERING)
CLAMP = 2.2e-16
NO_END = 1_000_000_000
TURN_OF_C = 3  # times as long as others, so that one of the default length holds one checkpoint, as in use
WARM_UP_STEPS_OF_C = 5
BUDGET = 0.03


class Form(NamedTuple):
    """A data set's settings in the paper."""

    title: str
    encoder: str
    preset: str
    overclusters: int
    size: int
    batch: int
    repeats: int
    sobel: bool
    base: Transform
    transformed: Transform


_JITTER, _GREY = transforms.ColorJitter(0.4, 0.4, 0.4, 0.125), transforms.Grayscale()
_TURN = transforms.RandomApply([transforms.RandomRotation(25)], p=0.5)
_EITHER = transforms.RandomChoice([transforms.RandomCrop(20), transforms.CenterCrop(20)])
_ONE_OF_THREE = transforms.RandomChoice([transforms.RandomCrop(side) for side in (16, 20, 24)])
_CROP = (transforms.RandomCrop(20), transforms.Resize(32))
_MNIST = (transforms.Compose([_EITHER, transforms.Resize(24)]), transforms.Compose([_TURN, _ONE_OF_THREE, transforms.Resize(24), _JITTER]))
_CIFAR = (transforms.Compose([*_CROP, _GREY]), transforms.Compose([*_CROP, transforms.RandomHorizontalFlip(), _JITTER, _GREY]))
FORMS = {
    "a": Form("MNIST", "vgg", "paper-mnist", 50, 24, 140, 5, False, *_MNIST),
    "b": Form("CIFAR-10", "resnet34", "paper-cifar", 70, 32, 220, 3, True, *_CIFAR),
}


def _vgg() -> nn.Module:
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise((1, 64, 128, 256, 512)):
        conv = nn.Conv2d(before, after, 5, padding=2, bias=False)
        layers += [conv, nn.BatchNorm2d(after, track_running_stats=False), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
    return nn.Sequential(*layers[:-1], nn.Flatten())


def _resnet34() -> nn.Module:
    trunk: nn.Module = ResNet(BasicBlock, [3, 4, 6, 3], norm_layer=partial(nn.BatchNorm2d, track_running_stats=False))
    trunk.conv1, trunk.maxpool = nn.Conv2d(2, 64, 3, padding=1, bias=False), nn.MaxPool2d(2, padding=1)
    trunk.avgpool, trunk.fc = nn.AvgPool2d(3, stride=1), nn.Identity()
    return trunk


class PublishedNetwork(nn.Module):
    """A trunk and, for each head, a list of linear sub-heads that are called one by one."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.trunk, width = (_vgg(), 4608) if form.encoder == "vgg" else (_resnet34(), 512)
        self.heads = nn.ModuleDict()
        for head, clusters in ((MAIN, CLUSTERS), (OVERCLUSTERING, form.overclusters)):
            self.heads[head] = nn.ModuleList(nn.Linear(width, clusters) for _ in range(SUB_HEADS))

    def forward(self, x: Tensor, head: str) -> list[Tensor]:
        features = self.trunk(x)
        return [functional.softmax(sub_head(features), dim=1) for sub_head in self.heads[head].children()]


def published_loss(soft_assignments: Tensor, soft_assignments_transformed: Tensor) -> Tensor:
    """Equation 3 of the paper for one sub-head, in nats, from two (N, K)."""
    joint = soft_assignments.T @ soft_assignments_transformed
    joint = (joint + joint.T) / 2
    joint = joint / joint.sum()
    row, column = joint.sum(dim=1, keepdim=True), joint.sum(dim=0, keepdim=True)
    joint, row, column = joint.clamp(min=CLAMP), row.clamp(min=CLAMP), column.clamp(min=CLAMP)
    return -(joint * (joint.log() - row.log() - column.log())).sum()


class PublishedLoop:
    """The training loop of the published form; `step` is one optimiser step."""

    def __init__(self, images: Pixels, form: Form, device: torch.device, seed: int) -> None:
        torch.manual_seed(seed)
        random.seed(seed)
        self.form, self._images, self._device = form, images, device
        self.network = PublishedNetwork(form).to(device)
        self._optimiser = torch.optim.Adam(self.network.parameters(), lr=1e-4)
        across = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
        self._sobel = torch.stack([across, across.T])[:, None].to(device)
        self._starts = itertools.cycle(range(0, len(images) - form.batch + 1, form.batch))
        self._heads = itertools.cycle(HEAD_ORDER)

    def pair(self) -> Iterator[Tensor]:
        """x, r times, and its r transformed copies, copy after copy: what the network sees."""
        start = next(self._starts)
        batch = self._images[start : start + self.form.batch]
        ways = [self.form.base] + [self.form.transformed] * self.form.repeats
        x, *copies = [torch.stack([to_tensor(way(Image.fromarray(image))) for image in batch]) for way in ways]
        for pixels in (torch.cat([x] * len(copies)).to(self._device), torch.cat(copies).to(self._device)):
            yield functional.conv2d(pixels, self._sobel, padding=1) if self.form.sobel else pixels

    def loss(self, x: Tensor, x_transformed: Tensor, head: str) -> Tensor:
        """Mean over the sub-heads of a head."""
        soft, soft_transformed = self.network(x, head), self.network(x_transformed, head)
        losses = [published_loss(z, z_transformed) for z, z_transformed in zip(soft, soft_transformed, strict=True)]
        return sum(losses[1:], losses[0]) / len(losses)

    def step(self) -> float:
        """One optimiser step; the loss."""
        x, x_transformed = self.pair()
        loss = self.loss(x, x_transformed, next(self._heads))
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return loss.item()


# Ours: every call into the trainer is in this part.


class OurLoop:
    """A bare loop of the trainer's own steps, and `train` with all that it does beside them, on the same data and settings."""

    def __init__(self, images: Pixels, asked: TrainSettings, device: torch.device) -> None:
        is_grey = images.ndim == 3
        pixels = images[:, None] if is_grey else np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        rows = np.arange(len(images), dtype=np.int64)
        self.settings = plan(asked, DataFacts(len(images), images.shape[1], is_grey), device)
        self._data = TrainingData(pixels, rows, rows, is_grey)
        self._batches = make_batches(self._data, self.settings, device)
        self._run = RunState(self.settings, self._data.channels, device, Path())
        self._rolling = RollingAssignments(len(images), self.settings.sub_heads, self.settings.clusters, device)
        self.steps_per_pass = self._batches.steps_per_epoch
        self.trunk: nn.Module = self._run.network.trunk
        self.precision = "bfloat16" if self._run.network.mixed_precision else "float32"

    def step(self) -> None:
        """One optimiser step and nothing else."""
        self._run.set_learning_rate(0.0)
        take_step(self._run, self._batches, self._rolling, 0.0)

    def time_train(self, steps: int) -> tuple[float, Counter[str]]:
        """Seconds for each of at least `steps` steps of a fresh `train`, and how many of what it told and wrote meanwhile."""
        first, last, began, elapsed_s = 0, 0, 0.0, 0.0
        told: Counter[str] = Counter()
        with tempfile.TemporaryDirectory() as folder:
            running = train(self._data, self.settings, Path(folder), live=LatestSlot())
            assert isinstance(running, Generator), "train can be closed"
            while not first or last < first + steps:
                item = next(running)
                told[type(item).__name__] += 1
                if isinstance(item, StepsFinished) and item.step >= WARM_UP_STEPS_OF_C:
                    wait_for(self._run.device)
                    last, elapsed_s = item.step, time.perf_counter() - began
                    if not first:
                        first, began = last, time.perf_counter()
                        told.clear()
            running.close()
        return elapsed_s / (last - first), told


class Contender(NamedTuple):
    """A loop to time. The first of a row is what the others are compared with."""

    name: str
    images: int
    pairs: int
    step: Callable[[], object]
    about: str
    is_ours: bool


def wait_for(device: torch.device) -> None:
    """Until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def about(size: int | None, batch: int, repeats: int, precision: str, trunk: nn.Module) -> str:
    """What a contender trains, in words."""
    millions = sum(parameter.numel() for parameter in trunk.parameters()) / 1e6
    return f"{size} px, batch {batch} x {repeats}, {precision}, trunk {millions:.2f} M"


def steps_per_s(step: Callable[[], object], seconds: float, device: torch.device) -> float:
    """Rate over `seconds`, at least one step, after untimed steps."""
    rate = 0.0
    for length_s in (seconds / 5, seconds):
        wait_for(device)
        began, steps = time.perf_counter(), 0
        while not steps or time.perf_counter() - began < length_s:
            step()
            steps += 1
        wait_for(device)
        rate = steps / (time.perf_counter() - began)
    return rate


def compare(contenders: list[Contender], asked: argparse.Namespace, device: torch.device) -> None:
    """Time the contenders in turn and print a line for each."""
    work = []
    for one in contenders:
        with FlopCounterMode(display=False) as counter:
            one.step()
        work.append(counter.get_total_flops() / one.pairs / 1e9)
    rates: list[list[float]] = [[] for _ in contenders]
    for _ in range(asked.rounds):
        for one, seen in zip(contenders, rates, strict=True):
            # A training job of ours wraps this around its steps.
            with freed_memory_kept() if one.is_ours else contextlib.nullcontext():
                seen.append(one.pairs * steps_per_s(one.step, asked.seconds, device))
    repeats = contenders[0].pairs / contenders[0].images
    for one, seen, gflop in zip(contenders, rates, work, strict=True):
        rate = statistics.median(seen)
        ratio = statistics.median(mine / other for mine, other in zip(seen, rates[0], strict=True))
        images = one.images / one.pairs
        print(f"  {one.name:<20} {rate:9,.1f} pairs/s ({min(seen):,.1f} to {max(seen):,.1f}), {rate * images:9,.1f} images/s,", end=" ")
        print(f"{rate / one.pairs:8.3f} steps/s; x {ratio:.2f} in pairs, x {ratio * images * repeats:.2f} in images;", end=" ")
        print(f"{one.about}, {gflop:.3f} GFLOP a pair", flush=True)


def our_contender(name: str, images: Pixels, settings: Callable[[], TrainSettings], device: torch.device) -> list[Contender]:
    """Ours with some settings; nothing, and a line that says why, where they are refused."""
    try:
        ours = OurLoop(images, settings(), device)
    except StudioError as refused:
        print(f"  {name:<20} skipped: {refused.message}")
        return []
    batch, repeats = ours.settings.batch_size or 0, ours.settings.num_repeats
    facts = about(ours.settings.image_size, batch, repeats, ours.precision, ours.trunk)
    return [Contender(name, batch, batch * repeats, ours.step, facts, is_ours=True)]


def throughput(row: str, images: Pixels, asked: argparse.Namespace, device: torch.device) -> None:
    """Row a or b."""
    form = FORMS[row]
    heads = f"{CLUSTERS} and {form.overclusters} clusters, {SUB_HEADS} sub-heads each"
    print(f"({row}) {form.title}, {len(images):,} images of {images.shape[1]} pixels; {heads}", flush=True)
    published = PublishedLoop(images, form, device, asked.seed)
    facts = about(form.size, form.batch, form.repeats, "float32", published.network.trunk)
    contenders = [Contender(f"published, {form.encoder}", form.batch, form.batch * form.repeats, published.step, facts, is_ours=False)]
    common = {"clusters": CLUSTERS, "overclusters": form.overclusters, "sub_heads": SUB_HEADS, "seed": asked.seed, "device": device.type}
    plain = partial(TrainSettings, steps=NO_END, **common)
    same = partial(plain, encoder=form.encoder, preset=form.preset, image_size=form.size, batch_size=form.batch, num_repeats=form.repeats)
    contenders += our_contender("ours, small", images, plain, device)
    same = partial(same, inputs="sobel") if form.sobel else same
    contenders += our_contender(f"ours, {form.encoder}", images, same, device)
    compare(contenders, asked, device)


def cost_of_everything(images: Pixels, asked: argparse.Namespace, device: torch.device) -> None:
    """Row c: `train` against bare steps, in turn."""
    settings = TrainSettings(clusters=CLUSTERS, steps=NO_END, reseed=False, stop_on_plateau=False, seed=asked.seed, device=device.type)
    ours = OurLoop(images, settings, device)
    times: dict[str, list[float]] = {"train": [], "bare steps": []}
    told: Counter[str] = Counter()
    with freed_memory_kept():
        steps = max(20, round(TURN_OF_C * asked.seconds * steps_per_s(ours.step, asked.seconds, device)))
        print(f"(c) train, with events, health, interim assignments and checkpoints, against bare steps; {steps} steps a turn", flush=True)
        for _ in range(asked.rounds):
            per_step_s, items = ours.time_train(steps)
            times["train"].append(1000 * per_step_s)
            told += items
            for count in (WARM_UP_STEPS_OF_C, steps):
                wait_for(device)
                began = time.perf_counter()
                for _ in range(count):
                    ours.step()
                wait_for(device)
            times["bare steps"].append(1000 * (time.perf_counter() - began) / steps)
    for name, seen in times.items():
        print(f"  {name:<20} {statistics.median(seen):9.3f} ms a step ({', '.join(f'{one:.3f}' for one in seen)})")
    full, bare = map(statistics.median, times.values())
    kinds = {"reports": StepsFinished, "passes": EpochFinished, "interim assignments": Assignments, "checkpoints": CheckpointSaved}
    held = ", ".join(f"{told[kind.__name__] / asked.rounds:.1f} {name}" for name, kind in kinds.items())
    print(f"  ratio of medians {full / bare:.4f}: {'within' if full / bare <= 1 + BUDGET else 'OVER'} the budget of {BUDGET:.0%}")
    print(f"  a turn of {steps * full / 1000:.0f} s held {held}; in use: a checkpoint in 30 s, a pass in {ours.steps_per_pass} steps")


def check() -> None:
    """The published form's loss and gradient are those of `iic.losses` on the same outputs; and x needs to go through only once."""
    for form in FORMS.values():
        # Six images of each of two kinds: half of the pairs are wrong when one side moves by three.
        kinds = np.random.default_rng(0).integers(0, 256, (2, 4, 4, *(3,) * form.sobel), dtype=np.uint8)
        images = kinds.repeat(6, axis=0).repeat(7 + form.sobel, axis=1).repeat(7 + form.sobel, axis=2)
        loop = PublishedLoop(images, form._replace(batch=len(images)), torch.device("cpu"), 0)
        for weight in loop.network.heads.parameters():
            nn.init.normal_(weight, 0.0, 0.5)  # far from uniform, where every loss is zero
        x, x_transformed = loop.pair()
        assert x.shape == x_transformed.shape == (12 * form.repeats, 1 + form.sobel, form.size, form.size)
        for head in (MAIN, OVERCLUSTERING):
            published = loop.loss(x, x_transformed, head)
            z, z_transformed = torch.stack(loop.network(x[:12], head)), torch.stack(loop.network(x_transformed, head))
            ours, wrong = (iic_loss(normalise_joint(pair_counts(one, z_transformed))).mean() for one in (z, z.roll(3, dims=1)))
            weights = list(loop.network.trunk.parameters())
            gradients = [torch.cat([part.flatten() for part in torch.autograd.grad(loss, weights)]) for loss in (published, ours)]
            off = float((gradients[0] - gradients[1]).norm() / gradients[0].norm())
            torch.testing.assert_close(published, ours, rtol=1e-4, atol=1e-6)
            assert off < 1e-2, f"gradients differ by {off:.2g}"
            assert published < -0.01 and abs(published - wrong) > 1e-3, "the check must tell right pairs from wrong ones"
            print(f"{form.title}, {head}: loss {published:.6f} = {ours:.6f} (wrong pairs {wrong:.3f}), gradient within {off:.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", default=[], metavar="FILE.npz")
    parser.add_argument("--rows", nargs="+", choices=["a", "b", "c"], default=["a", "b", "c"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0, help=f"of a turn; those of row c are {TURN_OF_C} times as long")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--check", action="store_true", help="only compare the published form with iic_studio.iic.losses")
    asked = parser.parse_args()
    threads = os.environ.get("OMP_NUM_THREADS", "")
    torch.set_num_threads(int(threads) if threads.isdigit() else len(os.sched_getaffinity(0)))
    if asked.check:
        check()
        return
    device = torch.device(asked.device)
    describe = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    git = subprocess.run(describe, capture_output=True, text=True, check=False).stdout.strip() if shutil.which("git") else ""
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {time.strftime('%F %H:%M')}, commit {git or '?'}")
    card = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, device {card}, seed {asked.seed}, n = {asked.rounds} rounds")
    packs = [np.load(path, allow_pickle=False) for path in asked.data]
    files = [np.concatenate([pack["x_train"], pack["x_test"]]) for pack in packs]
    for row in asked.rows:
        images = next((one for one in files if one.ndim in {"a": (3,), "b": (4,), "c": (3, 4)}[row]), None)
        if images is None:
            print(f"({row}) skipped: no file in --data holds images of its kind")
        elif row == "c":
            cost_of_everything(images, asked, device)
        else:
            throughput(row, images, asked, device)


if __name__ == "__main__":
    main()
