"""What a run carries from step to step and what its checkpoint holds: network, optimiser, step, seconds, the best network so far."""

import copy
import math
import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from iic_studio import __version__
from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import CheckpointSaved, DiagnosisChanged, from_json, to_json
from iic_studio.iic.networks import MAIN, OVERCLUSTERING, ClusterNetwork
from iic_studio.iic.pretrained import RESNETS, PretrainedPixelTrunk, load_resnet
from iic_studio.training import checkpoint as ckpt
from iic_studio.training.batches import Neighbours
from iic_studio.training.health import HealthMeter
from iic_studio.training.joint_log import JointLog
from iic_studio.training.live import LiveWeights
from iic_studio.training.objective import Network, Objective
from iic_studio.training.processes import Processes
from iic_studio.training.pseudo_labels import PseudoLabels
from iic_studio.training.report import JointMeter
from iic_studio.training.reseed import MOMENTS
from iic_studio.training.rolling import RollingAssignments
from iic_studio.training.task import task_of

_WARM_UP_STEPS = 50
_FINAL_SHARE = 0.01


class RunState:
    """Network, optimiser and progress of one run.

    Args:
        settings: planned settings.
        channels: of the images, 1 to 16.
        device: where the network lives.
        folder: of the run.
        processes: those that share the work.
        start: which of several beginnings; each has weights of its own.

    Attributes:
        task: what is clustered.
        step, first_step: optimiser steps taken, and taken before this process.
        reseeds: moments for reseeding that have passed.
        setbacks: how often the loss was no number and the run went back; each halves the learning rate.
        parts: into how many parts a batch is cut, for lack of memory.
        budget_share: below 1 when the run ends before its budget is spent, because nothing new was learned.
        start_losses: of the beginnings tried so far.
        meter, health: joints over the pass under way and over recent steps; numbers of the passes so far.
        moments: joints over the whole run, thinned; saved with each checkpoint.
        rolling: newest clusters of the images, see `follow`.
        said: the last diagnosis.
        best_loss, best_step, best: lowest loss of a main sub-head over a pass, with a surcharge for images that moved; its step, and the
            weights at that step.
        partners: neighbours found by learned features, which another process could not find again.
        pseudo: groups that the network learns to tell apart, for methods that learn that way.
    """

    def __init__(
        self,
        settings: TrainSettings,
        channels: int,
        device: torch.device,
        folder: Path,
        processes: Processes | None = None,
        start: int = 0,
    ) -> None:
        self.settings, self.channels, self.device, self.folder = settings, channels, device, folder
        self.processes = processes or Processes()
        self.task = task_of(settings)
        network = new_network(settings, channels, device, start)
        if settings.weights and not settings.is_pretrained:
            load_trunk(network, Path(settings.weights))
        self.processes.synchronise_normalisation(network)
        self.network = network.to(memory_format=torch.channels_last)
        self.network.mixed_precision = mixed_precision_pays(device)
        self.network.train()
        self.optimiser = torch.optim.Adam(
            [one for one in self.network.parameters() if one.requires_grad], lr=settings.learning_rate, fused=device.type in ("cpu", "cuda")
        )
        self.step = self.first_step = self.best_step = 0
        self.reseeds = self.setbacks = 0
        self.parts = 1
        self.budget_share = 1.0
        self.start_losses: list[float] = []
        self.meter, self.health = JointMeter(), HealthMeter()
        self.moments = JointLog(folder)
        self.rolling: RollingAssignments | None = None
        self._kept_rolling: dict[str, Tensor] = {}
        self.said: DiagnosisChanged | None = None
        self.best_loss = math.inf
        self.best: dict[str, Tensor] = {}
        self.partners: Neighbours | None = None
        self.pseudo = PseudoLabels(settings, device) if settings.points else None

    def follow(self, rolling: RollingAssignments) -> None:
        """From now on keep the newest clusters of the images in checkpoints; those of a checkpoint that was taken over are put into it."""
        rolling.restore(self._kept_rolling)
        self.rolling, self._kept_rolling = rolling, {}

    def fraction_done(self, elapsed_s: float) -> float:
        """Share of the budget spent, 0–1."""
        if self.settings.steps is not None:
            return min(1.0, self.step / (self.settings.steps * self.budget_share))
        assert self.settings.minutes is not None, "settings must be planned"
        return min(1.0, elapsed_s / (60 * self.settings.minutes * self.budget_share))

    def set_learning_rate(self, fraction_done: float) -> None:
        """Short warm-up, constant, then linearly down from `decay_from` of the budget on; 1 is the paper's constant rate."""
        left = 1 - self.settings.decay_from
        share = max(_FINAL_SHARE, min(1.0, (1 - fraction_done) / left)) if left else 1.0
        rate = self.settings.learning_rate * share * min(1.0, (self.step + 1) / _WARM_UP_STEPS) * 0.5**self.setbacks
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def cut_budget(self, fraction_done: float) -> bool:
        """End the run after as long a decay of the learning rate as it was constant; False if that is no earlier."""
        if fraction_done >= self.settings.decay_from * 0.9:
            return False
        self.budget_share *= fraction_done / self.settings.decay_from
        return True

    def objective(self, steps_per_epoch: int, fraction_done: float) -> Objective:
        """What the next step minimises: which heads learn, and how."""
        if self.pseudo is not None:
            return self.pseudo.objective()
        heads: tuple[str, ...] = (MAIN, OVERCLUSTERING) if self.settings.overclustering_weight else (MAIN,)
        passes = self.settings.passes
        if passes and len(heads) == 2:
            heads = (MAIN if passes[self.step // steps_per_epoch % len(passes)] == "m" else OVERCLUSTERING,)
        return self.task.objective(self.settings, heads, fraction_done=fraction_done)

    def reseed_is_due(self, fraction_done: float) -> bool:
        """Whether the next of the moments for `reseed_main_head` has come; says so once for each."""
        wanted = self.settings.reseed and self.settings.overclustering_weight > 0
        if wanted and self.reseeds < len(MOMENTS) and fraction_done >= MOMENTS[self.reseeds]:
            self.reseeds += 1
            return True
        return False

    def remember_best(self, loss: float, churn: float) -> None:
        """Keep a copy of the weights when a pass is the best so far, by its loss and by how steady the clusters are.

        Args:
            loss: of the best main sub-head, in nats.
            churn: share of the images that changed cluster since the pass before; NaN if that is not known. Then only loss counts, and only
                for the first pass of all: after a break a pass would seem steadier than those it is compared with.
        """
        if self.best and math.isnan(churn):
            return
        # What an image could have told of its cluster, ln K, is lost where the cluster is another one each time.
        score = loss + (0.0 if math.isnan(churn) else churn) * math.log(self.settings.clusters)
        if score < self.best_loss:
            self.best_loss, self.best_step = score, self.step
            self.best = copy.deepcopy(self.network.state_dict())

    def is_finite(self) -> bool:
        """Whether every weight is a number."""
        norms = torch._foreach_norm([parameter.detach() for parameter in self.network.parameters()])
        return bool(torch.stack(norms).isfinite().all())

    def save(self, elapsed_s: float) -> CheckpointSaved | None:
        """Write a checkpoint; None when there is nothing good to write: weights that are no numbers must not replace good ones.

        Raises:
            OSError: no room; the checkpoints that were there are untouched.
        """
        if not self.processes.is_first or not self.is_finite():
            return None
        facts = {
            **model_facts(self.settings, self.channels),
            "step": self.step,
            "elapsed_s": elapsed_s,
            "best_loss": self.best_loss if self.best else None,
            "best_step": self.best_step,
            "reseeds": self.reseeds,
            "setbacks": self.setbacks,
            "parts": self.parts,
            "budget_share": self.budget_share,
            "start_losses": self.start_losses,
            "health": self.health.state(),
            "said": to_json(self.said) if self.said else "",
        }
        if self.pseudo is not None:
            facts["pseudo"] = self.pseudo.facts()
        tensors = {f"network/{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= ckpt.optimiser_tensors(self.network, self.optimiser)
        tensors |= {f"best/{name}": tensor for name, tensor in self.best.items()}
        tensors |= {f"meter/{name}": tensor for name, tensor in self.meter.state().items()}
        if self.rolling is not None:
            tensors |= {f"rolling/{name}": tensor for name, tensor in self.rolling.state().items()}
        if self.health.previous is not None:
            tensors["health/previous"] = torch.from_numpy(self.health.previous.astype(np.int16))
        if self.partners is not None:
            found = {"positions": self.partners.positions, "candidates": self.partners.candidates}
            tensors |= {f"neighbours/{name}": torch.from_numpy(positions.astype(np.int32)) for name, positions in found.items()}
        if self.pseudo is not None:
            tensors |= {f"pseudo/{name}": tensor for name, tensor in self.pseudo.tensors().items()}
        path = self.folder / ckpt.LAST
        ckpt.save(path, ckpt.Checkpoint(tensors, facts), keep_previous=True)
        self.moments.save()
        return CheckpointSaved(path=str(path), step=self.step, kind="last")

    def restore(self, saved: ckpt.Checkpoint) -> float:
        """Take over a checkpoint; returns the seconds it had trained."""
        facts = saved.facts
        self.network.load_state_dict(_part(saved.tensors, "network/"))
        ckpt.restore_optimiser(self.network, self.optimiser, saved.tensors)
        self.step = self.first_step = int(facts["step"])
        self.best_step = int(facts["best_step"])
        self.reseeds, self.setbacks, self.parts = (
            int(facts.get(name, low)) for name, low in (("reseeds", 0), ("setbacks", 0), ("parts", 1))
        )
        self.budget_share = float(facts.get("budget_share", 1.0))
        self.start_losses = list(facts.get("start_losses", []))
        previous = saved.tensors.get("health/previous")
        self.health = HealthMeter.restored(facts.get("health", []), None if previous is None else previous.long().cpu().numpy())
        self._kept_rolling = _part(saved.tensors, "rolling/")
        if self.rolling is not None:
            self.follow(self.rolling)
        said = from_json(facts["said"]) if facts.get("said") else None
        self.said = said if isinstance(said, DiagnosisChanged) else None
        self.best = _part(saved.tensors, "best/")
        partners = {name: tensor.long().cpu().numpy() for name, tensor in _part(saved.tensors, "neighbours/").items()}
        self.partners = Neighbours(**partners) if partners else None
        if self.pseudo is not None:
            self.pseudo.restore(_part(saved.tensors, "pseudo/"), facts["pseudo"])
        self.meter.restore(_part(saved.tensors, "meter/"), self.device)
        self.moments = JointLog.load(self.folder, until=self.step)
        self.best_loss = facts["best_loss"] if self.best else math.inf
        return float(facts["elapsed_s"])

    def weights(self) -> LiveWeights:
        """A copy of the network as it is now, for whoever looks on."""
        tensors = {name: tensor.detach().to("cpu", copy=True) for name, tensor in self.network.state_dict().items()}
        return LiveWeights(self.step, self.settings, self.channels, tensors)

    def save_model(self, sub_head: int) -> None:
        """Write the network as it is now, for assigning images."""
        facts = {**model_facts(self.settings, self.channels), "step": self.step, "sub_head": sub_head}
        tensors = {f"network/{name}": tensor for name, tensor in self.network.state_dict().items()}
        ckpt.save(self.folder / ckpt.MODEL, ckpt.Checkpoint(tensors, facts))


def new_network(settings: TrainSettings, channels: int, device: torch.device, start: int = 0) -> Network:
    """The freshly initialised network that planned settings describe."""
    return task_of(settings).new_network(settings, channels, start_seed(settings, start), device)


def start_seed(settings: TrainSettings, start: int) -> int:
    """Seed of the weights of one of several beginnings; the first has the run's own."""
    return settings.seed + start * 1_000_003


def model_facts(settings: TrainSettings, channels: int) -> dict[str, Any]:
    """What is needed beside the weights to build the network again and to show it images as in training."""
    return {"program": "iic-studio", "version": __version__, "settings": settings.as_dict(), "channels": channels}


def load_model(folder: Path, device: torch.device) -> tuple[Network, TrainSettings, ckpt.Checkpoint]:
    """The trained network of a run, in evaluation mode, its settings, and the facts it was saved with.

    Raises:
        StudioError: the run has no model, or the file is damaged.
    """
    saved = ckpt.load(folder / ckpt.MODEL)
    settings = TrainSettings.from_dict(saved.facts["settings"])
    network = new_network(settings, int(saved.facts["channels"]), device)
    network.load_state_dict(_part(saved.tensors, "network/"))
    return network.eval(), settings, saved


def network_of(weights: LiveWeights, device: torch.device) -> Network:
    """The network of a run under way, in evaluation mode, apart from the one that learns."""
    network = new_network(weights.settings, weights.channels, device)
    network.load_state_dict(weights.tensors)
    return network.eval()


def load_image_model(folder: Path, device: torch.device) -> tuple[ClusterNetwork, TrainSettings, ckpt.Checkpoint]:
    """As `load_model`, for a run on whole images.

    Raises:
        StudioError: as `load_model`, or the run was trained on pixels.
    """
    network, settings, saved = load_model(folder, device)
    if not isinstance(network, ClusterNetwork):
        raise StudioError("This run was trained on pixels: it gives masks.", "Ask for masks (--masks DIR), or train a run on whole images.")
    return network, settings, saved


def load_trunk(network: Network, path: Path) -> None:
    """Start from the trunk of a model or checkpoint that this program saved, or from weights that others trained; the heads stay fresh.

    Raises:
        UsageError: the file cannot be read, or holds no trunk of the same shape.
    """
    if isinstance(network.trunk, PretrainedPixelTrunk):
        _take_resnet(network.trunk, network.shape.encoder, path)
        return
    try:
        network.trunk.load_state_dict(_trunk_in(path))
    except RuntimeError as error:
        raise _unfit_trunk(path) from error


def check_trunk(settings: TrainSettings, path: Path) -> None:
    """As much of `load_trunk` as can be known before the images are: whether they fit what the network sees of them is told later.

    Raises:
        UsageError: the file cannot be read, or holds no trunk.
    """
    if settings.task == "pixels" and settings.encoder in RESNETS:
        _take_resnet(PretrainedPixelTrunk(settings.encoder, frozen=True), settings.encoder, path)
    elif not _trunk_in(path):
        raise _unfit_trunk(path)


def _take_resnet(trunk: PretrainedPixelTrunk, name: str, path: Path) -> None:
    try:
        load_resnet(trunk, ckpt.read_weights(path))
    except RuntimeError as error:
        raise UsageError(f"{path} does not hold the weights of a {name}.", f"Use a weight file of torchvision's {name}.") from error


def _trunk_in(path: Path) -> dict[str, Tensor]:
    try:
        return _part(ckpt.load(path).tensors, "network/trunk.")
    except StudioError as error:
        raise ckpt.no_weights(path, error.__cause__ or error) from error


def _unfit_trunk(path: Path) -> UsageError:
    return UsageError(
        f"{path} does not hold a trunk that fits these images.", "Use a model trained with the same encoder on images of the same kind."
    )


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
