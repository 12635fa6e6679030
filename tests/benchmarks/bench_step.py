"""What single choices of a training step are worth: memory order, precision, optimiser, threads; by hand.

    python tests/benchmarks/bench_step.py [--size 24] [--channels 1] [--rounds 5] [--seconds 4] [--device cpu]

Made images, the default network and batch. Contenders take turns; ratios are medians over rounds against the step as it is.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.training.cpu_memory import freed_memory_kept
from iic_studio.training.plan import DataFacts, plan
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.run_state import RunState
from iic_studio.training.trainer import TrainingData, make_batches, take_step

NUM_IMAGES = 4_096


class Step:
    """One contender: a run whose `change` was applied."""

    def __init__(self, asked: argparse.Namespace, change: Callable[[RunState], None], threads: int) -> None:
        pixels = np.random.default_rng(0).integers(0, 256, (NUM_IMAGES, asked.channels, asked.size + 8, asked.size + 8), dtype=np.uint8)
        is_grey, device = asked.channels == 1, torch.device(asked.device)
        wanted = TrainSettings(method="iic", steps=10**9, image_size=asked.size, device=asked.device)
        settings = plan(wanted, DataFacts(NUM_IMAGES, asked.size + 8, is_grey, asked.channels), device)
        rows = np.arange(NUM_IMAGES)
        self._batches = make_batches(TrainingData(pixels, rows, rows, is_grey), settings, device)
        self._run = RunState(settings, asked.channels, device, Path())
        self._rolling = RollingAssignments(NUM_IMAGES, settings.sub_heads, settings.clusters, device)
        self._threads = threads
        change(self._run)

    def rate(self, seconds: float) -> float:
        """Steps a second."""
        torch.set_num_threads(self._threads)
        self._step()
        began, steps = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            self._step()
            steps += 1
        return steps / (time.perf_counter() - began)

    def _step(self) -> None:
        self._run.set_learning_rate(0.0)
        take_step(self._run, self._batches, self._rolling, 0.0)
        if self._run.device.type == "cuda":
            torch.cuda.synchronize()


def in_channel_order(run: RunState) -> None:
    """Weights and maps channel by channel."""
    network = run.network.to(memory_format=torch.contiguous_format)

    def features(x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, torch.bfloat16, enabled=network.mixed_precision):
            found: Tensor = network.trunk(network.inputs(x).contiguous())
        return found.float()

    network.features = features  # type: ignore[method-assign]


def in_float32(run: RunState) -> None:
    run.network.mixed_precision = False


def with_plain_adam(run: RunState) -> None:
    run.optimiser = torch.optim.Adam(run.network.parameters(), lr=run.settings.learning_rate, foreach=False, fused=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=24)
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--device", default="cpu")
    asked = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    contenders = {"as it is": Step(asked, lambda run: None, cores), "float32": Step(asked, in_float32, cores)}
    contenders["channel by channel"] = Step(asked, in_channel_order, cores)
    contenders |= {"Adam without fusing": Step(asked, with_plain_adam, cores), "one thread": Step(asked, lambda run: None, 1)}
    print(
        f"{platform.machine()}, {cores} cores, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}, {time.strftime('%Y-%m-%d %H:%M')}"
    )
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    with freed_memory_kept():
        for _ in range(asked.rounds):
            for name, step in contenders.items():
                rates[name].append(step.rate(asked.seconds))
    for name, found in rates.items():
        ratio = statistics.median(mine / other for mine, other in zip(found, rates["as it is"], strict=True))
        print(f"  {name}: {statistics.median(found):.2f} steps/s, x {ratio:.2f}")


if __name__ == "__main__":
    main()
