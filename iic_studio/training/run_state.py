"""What a run carries from step to step and what its checkpoint holds: network, optimiser, step, seconds, the best network so far."""

import copy
import math
import platform
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from iic_studio import __version__
from iic_studio.config import TrainSettings
from iic_studio.errors import UsageError
from iic_studio.events import CheckpointSaved
from iic_studio.iic.networks import ClusterNetwork, build_network
from iic_studio.training import checkpoint as ckpt
from iic_studio.training.report import JointMeter
from iic_studio.training.reseed import MOMENTS

_WARM_UP_STEPS = 50
_DECAY_FROM = 0.5
_FINAL_SHARE = 0.01


class RunState:
    """Network, optimiser and progress of one run.

    Args:
        settings: planned settings.
        channels: 1 or 3.
        device: where the network lives.
        folder: of the run.

    Attributes:
        step, first_step: optimiser steps taken, and taken before this process.
        reseeds: moments for reseeding that have passed.
        meter: joints over the pass under way and over recent steps.
        best_loss, best_step, best: lowest loss of a main sub-head over a pass, its step, and the weights at that step.
    """

    def __init__(self, settings: TrainSettings, channels: int, device: torch.device, folder: Path) -> None:
        self.settings, self.channels, self.device, self.folder = settings, channels, device, folder
        network = new_network(settings, channels, device)
        if settings.weights:
            load_trunk(network, Path(settings.weights))
        self.network = network.to(memory_format=torch.channels_last)
        self.network.mixed_precision = mixed_precision_pays(device)
        self.network.train()
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.learning_rate, fused=device.type in ("cpu", "cuda"))
        self.step = self.first_step = self.best_step = 0
        self.reseeds = 0
        self.meter = JointMeter()
        self.best_loss = math.inf
        self.best: dict[str, Tensor] = {}

    def fraction_done(self, elapsed_s: float) -> float:
        """Share of the budget spent, 0–1."""
        if self.settings.steps is not None:
            return min(1.0, self.step / self.settings.steps)
        assert self.settings.minutes is not None, "settings must be planned"
        return min(1.0, elapsed_s / (60 * self.settings.minutes))

    def set_learning_rate(self, elapsed_s: float) -> None:
        """Short warm-up, constant, then linearly down over the second half of the budget."""
        share = min(1.0, (1 - self.fraction_done(elapsed_s)) / (1 - _DECAY_FROM))
        rate = self.settings.learning_rate * max(_FINAL_SHARE, share) * min(1.0, (self.step + 1) / _WARM_UP_STEPS)
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def reseed_is_due(self, elapsed_s: float) -> bool:
        """Whether the next of the moments for `reseed_main_head` has come; says so once for each."""
        if self.reseeds < len(MOMENTS) and self.fraction_done(elapsed_s) >= MOMENTS[self.reseeds]:
            self.reseeds += 1
            return True
        return False

    def remember_best(self, loss: float) -> None:
        """Keep a copy of the weights when the loss of a pass is the lowest so far."""
        if loss < self.best_loss:
            self.best_loss, self.best_step = loss, self.step
            self.best = copy.deepcopy(self.network.state_dict())

    def save(self, elapsed_s: float) -> CheckpointSaved:
        """Write the last and the best checkpoint.

        Raises:
            OSError: no room; the checkpoints that were there are untouched.
        """
        facts = {
            **model_facts(self.settings, self.channels),
            "step": self.step,
            "elapsed_s": elapsed_s,
            "best_loss": self.best_loss if self.best else None,
            "best_step": self.best_step,
            "reseeds": self.reseeds,
        }
        tensors = {f"network/{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= ckpt.optimiser_tensors(self.network, self.optimiser)
        tensors |= {f"best/{name}": tensor for name, tensor in self.best.items()}
        tensors |= {f"meter/{name}": tensor for name, tensor in self.meter.state().items()}
        path = self.folder / ckpt.LAST
        ckpt.save(path, ckpt.Checkpoint(tensors, facts), keep_previous=True)
        return CheckpointSaved(path=str(path), step=self.step, kind="last")

    def restore(self, saved: ckpt.Checkpoint) -> float:
        """Take over a checkpoint; returns the seconds it had trained."""
        self.network.load_state_dict(_part(saved.tensors, "network/"))
        ckpt.restore_optimiser(self.network, self.optimiser, saved.tensors)
        self.step = self.first_step = int(saved.facts["step"])
        self.best_step = int(saved.facts["best_step"])
        self.reseeds = int(saved.facts["reseeds"])
        self.best = _part(saved.tensors, "best/")
        self.meter.restore(_part(saved.tensors, "meter/"), self.device)
        self.best_loss = saved.facts["best_loss"] if self.best else math.inf
        return float(saved.facts["elapsed_s"])

    def save_model(self, sub_head: int) -> None:
        """Write the network as it is now, for assigning images."""
        facts = {**model_facts(self.settings, self.channels), "step": self.step, "sub_head": sub_head}
        tensors = {f"network/{name}": tensor for name, tensor in self.network.state_dict().items()}
        ckpt.save(self.folder / ckpt.MODEL, ckpt.Checkpoint(tensors, facts))


def new_network(settings: TrainSettings, channels: int, device: torch.device) -> ClusterNetwork:
    """The freshly initialised network that planned settings describe."""
    assert settings.overclusters, "settings must be planned"
    return build_network(channels, settings.clusters, settings.overclusters, settings.sub_heads, seed=settings.seed, device=device)


def model_facts(settings: TrainSettings, channels: int) -> dict[str, Any]:
    """What is needed beside the weights to build the network again and to show it images as in training."""
    return {"program": "iic-studio", "version": __version__, "settings": settings.as_dict(), "channels": channels}


def load_model(folder: Path, device: torch.device) -> tuple[ClusterNetwork, TrainSettings, ckpt.Checkpoint]:
    """The trained network of a run, in evaluation mode, its settings, and the facts it was saved with.

    Raises:
        StudioError: the run has no model, or the file is damaged.
    """
    saved = ckpt.load(folder / ckpt.MODEL)
    settings = TrainSettings.from_dict(saved.facts["settings"])
    network = new_network(settings, int(saved.facts["channels"]), device)
    network.load_state_dict(_part(saved.tensors, "network/"))
    return network.eval(), settings, saved


def load_trunk(network: ClusterNetwork, path: Path) -> None:
    """Start from the trunk of a model or checkpoint that this program saved; the heads stay fresh.

    Raises:
        UsageError: the file holds no trunk of the same shape.
    """
    tensors = _part(ckpt.load(path).tensors, "network/trunk.")
    try:
        network.trunk.load_state_dict(tensors)
    except RuntimeError as error:
        raise UsageError(
            f"{path} does not hold a trunk that fits these images.", "Use a model trained with the same encoder on images of the same kind."
        ) from error


def mixed_precision_pays(device: torch.device) -> bool:
    """Whether bfloat16 is computed by the hardware rather than imitated."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu" or not torch.backends.mkldnn.is_available():
        return False
    if platform.machine().lower() in ("x86_64", "amd64"):
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    supported: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return supported


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
