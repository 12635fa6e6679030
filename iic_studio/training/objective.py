"""What one step minimises, and its gradients: in one piece, or in parts when memory is short.

The joint always spans the whole batch, over all processes: averaging the losses of parts would be another, more biased objective. So in
parts the network runs twice: once for the outputs of all images, from which the loss and its gradient at the outputs follow, and once
part by part to take that gradient back into the weights. Only the statistics of BatchNorm are then those of a part.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from iic_studio.config import TrainSettings
from iic_studio.iic.contrast import contrastive_loss, self_label_loss
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import MAIN, OVERCLUSTERING, PROJECTION, ClusterNetwork
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.training.processes import Processes

Network = ClusterNetwork | PixelNetwork


@dataclass(frozen=True)
class PairBatch:
    """Pairs of one step in this process.

    Attributes:
        positions: (B,) on the device: which images of the set these are.
        x: (B + E, C, S, S); the last E images are extra ones, for the overclustering head only.
        x_transformed: (r·(B + E), C, S, S), copy after copy.
    """

    positions: Tensor
    x: Tensor
    x_transformed: Tensor

    def own(self, soft: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs (H, (1 + r)·(B + E), K) for x and copies to those of the B images of the set: (H, B, K) and (H, r·B, K)."""
        return self._part(soft, len(self.positions))

    def all(self, soft: Tensor) -> tuple[Tensor, Tensor]:
        """The same with the extra images."""
        return self._part(soft, len(self.x))

    def counts(self, z: Tensor, z_transformed: Tensor) -> Tensor:
        """(H, K, K) counts of pairs, from outputs for all images and for all their copies."""
        return pair_counts(z, z_transformed)

    def _part(self, soft: Tensor, count: int) -> tuple[Tensor, Tensor]:
        copies = soft.unflatten(-2, (-1, len(self.x)))[..., :count, :]
        return copies[..., 0, :, :], copies[..., 1:, :, :].flatten(-3, -2)


@dataclass(frozen=True)
class StepResult:
    """What a step says of itself; everything detached.

    Attributes:
        losses: (H,) IIC losses by head.
        counts, shuffled: (H, K, K) pair counts by head, and those of pairs that do not belong together.
        places: (B,) for which places of the set, images or points of them, `soft` speaks.
        soft, soft_transformed: (H, B, K) of the main head for x, and for the first copy; empty if the main head did not learn.
        points: (B, P) of x in the space where images are compared, if they are asked for.
        taught: what was minimised, where that is not the losses.
    """

    losses: dict[str, Tensor]
    counts: dict[str, Tensor]
    shuffled: dict[str, Tensor]
    places: Tensor
    soft: Tensor | None
    soft_transformed: Tensor | None
    points: Tensor | None = None
    taught: Tensor | None = None


class Objective(Protocol):
    """What a step minimises.

    Attributes:
        heads: which heads learn in this step.
        outputs: which outputs of the network are needed.
    """

    @property
    def heads(self) -> tuple[str, ...]: ...
    @property
    def outputs(self) -> tuple[str, ...]: ...
    def __call__(self, outputs: dict[str, Tensor], batch: Any, processes: Processes) -> tuple[Tensor, StepResult]:
        """The sum to be minimised, and what there is to say of it."""


@dataclass(frozen=True)
class ImageObjective:
    """The sum to be minimised for whole images.

    Attributes:
        settings: planned settings.
        heads: which heads learn in this step.
        self_labels: whether clear images teach their copies.
    """

    settings: TrainSettings
    heads: tuple[str, ...]
    self_labels: bool = False

    @property
    def outputs(self) -> tuple[str, ...]:
        """Which outputs of the network are needed."""
        return (*self.heads, PROJECTION) if self.settings.contrastive_weight else self.heads

    def __call__(self, outputs: dict[str, Tensor], batch: PairBatch, processes: Processes) -> tuple[Tensor, StepResult]:
        """The sum, and what there is to say of it."""
        losses, counts, shuffled = {}, {}, {}
        parts = []
        for head in self.heads:
            z, z_transformed = batch.own(outputs[head]) if head == MAIN else batch.all(outputs[head])
            counts[head] = processes.sum(pair_counts(z, z_transformed))
            losses[head] = iic_loss(normalise_joint(counts[head]), self.settings.marginal_weight)
            # The mean over sub-heads keeps the trunk's gradient independent of their number.
            parts.append(losses[head].mean() * (self.settings.overclustering_weight if head == OVERCLUSTERING else 1.0))
            with torch.no_grad():
                shuffled[head] = processes.sum(pair_counts(z, z_transformed.roll(1, dims=1)))
            if self.self_labels and head == MAIN:
                parts.append(self_label_loss(z, z_transformed).mean())
        if PROJECTION in outputs:
            # Over this process's own images only: a contrast needs many others, not all others.
            parts.append((self.settings.contrastive_weight or 0.0) * contrastive_loss(*batch.all(outputs[PROJECTION])) / processes.size)
        soft, soft_transformed = batch.own(outputs[MAIN].detach()) if MAIN in self.heads else (None, None)
        told = StepResult(detached(losses), detached(counts), shuffled, batch.positions, soft, soft_transformed)
        return torch.stack(parts).sum(), told


def detached(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without their history."""
    return {head: tensor.detach() for head, tensor in tensors.items()}


def compute_gradients(network: Network, batch: PairBatch, objective: Objective, processes: Processes, parts: int = 1) -> StepResult:
    """Add the gradients of the objective to the network's.

    Args:
        parts: into how many parts the batch is cut while it is in the network; the more, the less memory is needed.
    """
    images = torch.cat([batch.x, batch.x_transformed])
    if parts == 1:
        total, result = objective(network(images, objective.outputs), batch, processes)
        total.backward()
        return result
    # Every part holds images and copies alike, so that its BatchNorm statistics are like those of the whole.
    rows = [torch.arange(part, len(images), parts, device=images.device) for part in range(parts)]
    outputs = _outputs_in_parts(network, images, objective.outputs, rows)
    total, result = objective(outputs, batch, processes)
    total.backward()
    for part in rows:
        again = network(images[part], objective.outputs)
        gradients = [_gradient(outputs[name]).index_select(_image_axis(name), part) for name in again]
        torch.autograd.backward(list(again.values()), gradients)
    return result


@torch.no_grad()
def _outputs_in_parts(network: Network, images: Tensor, names: tuple[str, ...], rows: list[Tensor]) -> dict[str, Tensor]:
    with _unmoved_statistics(network):
        pieces = [network(images[part], names) for part in rows]
    order = torch.cat(rows).argsort()
    axes = {name: _image_axis(name) for name in names}
    return {
        name: torch.cat([piece[name] for piece in pieces], dim=axes[name]).index_select(axes[name], order).requires_grad_()
        for name in names
    }


def _image_axis(name: str) -> int:
    """Where the images are among the axes of an output: behind the sub-heads, if it has any."""
    return 0 if name == PROJECTION else 1


def _gradient(leaf: Tensor) -> Tensor:
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


@contextlib.contextmanager
def _unmoved_statistics(network: nn.Module) -> Iterator[None]:
    """Let BatchNorm use the batch's statistics without learning from them: the same images come a second time."""
    layers = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    before = [layer.momentum for layer in layers]
    for layer in layers:
        layer.momentum = 0.0
    try:
        yield
    finally:
        for layer, momentum in zip(layers, before, strict=True):
            layer.momentum = momentum
