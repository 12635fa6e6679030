"""Time and memory of the joint for every displacement, loss and gradient, by each of its forms in turn; by hand.

    python tests/benchmarks/bench_displacements.py [--rounds 5] [--threads 2] [--device cpu]

Prints the median of the forms' times, and their ratio to the convolution's in the same round.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from iic_studio.iic.displacements import (
    collapsed_counts,
    displacement_counts,
    displacement_loss,
    draw_displacements,
    some_displacement_counts,
)

CASES = [(8, 3, 32, 1), (8, 3, 64, 1), (8, 3, 64, 5), (8, 6, 64, 3), (8, 15, 64, 5), (8, 15, 128, 10), (8, 45, 64, 5)]
FORMS: dict[str, Callable[[Tensor, Tensor, int], Tensor]] = {
    "convolution": lambda z, other, d: displacement_counts(z, other, d, form="convolution"),
    "fourier": lambda z, other, d: displacement_counts(z, other, d, form="fourier"),
    "16 displacements": lambda z, other, d: some_displacement_counts(z, other, draw_displacements(d, 16, torch.Generator().manual_seed(0))),
    "collapsed": collapsed_counts,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--device", default="cpu")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    device = torch.device(asked.device)
    print(f"{platform.machine()}, {asked.threads} threads, torch {torch.__version__}, {device}, {time.strftime('%Y-%m-%d %H:%M')}")
    for batch, clusters, side, displacement in CASES:
        soft = [torch.softmax(3 * torch.randn(1, batch, clusters, side, side), dim=2).to(device).requires_grad_() for _ in range(2)]
        times: dict[str, list[float]] = {name: [] for name in FORMS}
        for _ in range(asked.rounds):
            for name, form in FORMS.items():
                times[name].append(seconds(form, soft[0], soft[1], displacement))
        ratios = {name: statistics.median(a / b for a, b in zip(times["convolution"], found, strict=True)) for name, found in times.items()}
        told = ", ".join(f"{name} {1000 * statistics.median(found):.0f} ms ({ratios[name]:.1f} x)" for name, found in times.items())
        print(f"{batch} x {clusters} x {side} x {side}, d = {displacement}: {told}", flush=True)


def seconds(form: Callable[[Tensor, Tensor, int], Tensor], z: Tensor, other: Tensor, displacement: int) -> float:
    """Time of the loss and its gradient."""
    z.grad = other.grad = None
    if z.device.type == "cuda":
        torch.cuda.synchronize()
    began = time.perf_counter()
    displacement_loss(form(z, other, displacement)).sum().backward()
    if z.device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
