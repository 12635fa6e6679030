"""Heads on a frozen encoder: in place of pixels, images are a few views, each as the encoder saw it. The loop, the heads and the loss stay.

x is a view of an image, its copy another view of the same or of a neighbour by the encoder's features, and numbers of both are dropped at
random. Where the budget is short and the features are good, this takes seconds and beats training from nothing by far. Sources of the idea:
Van Gansbeke et al., SCAN, ECCV 2020; Adaloglou et al., "Exploring the limits of deep image clustering using pretrained models", BMVC 2023.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import HEADS, MAIN, ClusterNetwork
from iic_studio.iic.pointwise import pointwise_loss
from iic_studio.iic.trunks import SeenTrunk
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches, Images, seeded
from iic_studio.training.objective import Network, PairBatch, StepResult, detached
from iic_studio.training.processes import Processes

DROPPED = 0.2
_PART = 2_048


class ViewImages(Images):
    """A set of images as (M, V, D) float16 views; `take` gives (B, V, D)."""

    def __init__(self, views: npt.NDArray[np.float16], rows: IntArray, device: torch.device) -> None:
        self.device, self.channels = device, views.shape[2]
        self._rows, self._mapped = rows, None
        self._held = torch.from_numpy(np.ascontiguousarray(views[rows])).to(device)

    def view(self, indices: IntArray, number: int) -> Tensor:
        """(B, D) float32 of one view of each image; no other is copied."""
        assert self._held is not None
        return self._held[torch.from_numpy(indices).to(self.device, non_blocking=True), number].float()


class ViewBatches(Batches):
    """The views of the images of a run, as batches of pairs."""

    are_vectors = True

    def __init__(self, images: ViewImages, settings: TrainSettings, processes: Processes | None = None) -> None:
        super().__init__(images, settings, None, processes)
        self._views = images

    def fit(self, network: Network) -> None:
        """Let the network's fixed part know the images."""
        assert isinstance(network, ClusterNetwork)
        trunk = network.trunk
        assert isinstance(trunk, SeenTrunk)
        trunk.fit(self.centre_parts, len(self))

    def centre_parts(self) -> Iterator[Tensor]:
        """The middle views of all images, (B, D) of some at a time: as single floats all of them would be the largest thing in memory."""
        for start in range(0, len(self), _PART):
            yield self.centre(np.arange(start, min(start + _PART, len(self))))

    def _pairs(self, source: Images, indices: IntArray, step: int, stream: int) -> tuple[Tensor, Tensor]:
        generator = seeded(self.settings.seed, stream, step)
        repeats = self.num_repeats
        own = source.take(indices).float()
        partners = self._partners(self.neighbours.positions, indices, step) if self.copies_of_neighbours and self.neighbours else indices
        other = source.take(partners).float()
        count, num_views = own.shape[:2]
        # Never the same view on both sides of a pair, unless there is but one.
        first = torch.randint(num_views, (count,), generator=generator)
        steps = torch.randint(1, max(num_views, 2), (repeats, count), generator=generator)
        second = (first + steps) % num_views
        every = torch.arange(count)
        x = own[every, first]
        copies = torch.cat([other[every, chosen] for chosen in second])
        return _dropped(x, generator), _dropped(copies, generator)

    def centre(self, indices: IntArray) -> Tensor:
        """(B, D) of the middle views, by which images are assigned."""
        return self._views.view(indices, 0)

    def views(self, indices: IntArray) -> tuple[Tensor, Tensor]:
        """The middle view and another one."""
        held = self.images.take(indices).float()
        return held[:, 0], held[:, min(1, held.shape[1] - 1)]


class PointwiseObjective:
    """Weighted pointwise mutual information of pairs, the sum over heads of the mean over sub-heads.

    The losses told are those of the joints, as for IIC: here they are not minimised.
    """

    heads = outputs = HEADS

    def __call__(self, outputs: dict[str, Tensor], batch: PairBatch, processes: Processes) -> tuple[Tensor, StepResult]:
        """The sum, and what there is to say of it."""
        parts, counts, shuffled = [], {}, {}
        for head in self.heads:
            z, z_transformed = batch.own(outputs[head])
            parts.append(pointwise_loss(z, z_transformed))
            with torch.no_grad():
                counts[head] = pair_counts(z, z_transformed)
                shuffled[head] = pair_counts(z, z_transformed.roll(1, dims=1))
        measured = {head: iic_loss(normalise_joint(value)) for head, value in counts.items()}
        total = torch.stack(parts).sum()
        soft, soft_transformed = batch.own(outputs[MAIN].detach())
        told = StepResult(measured, detached(counts), shuffled, batch.positions, soft, soft_transformed, taught=total.detach())
        return total, told


def _dropped(vectors: Tensor, generator: torch.Generator) -> Tensor:
    kept = (torch.rand(vectors.shape, generator=generator) >= DROPPED).to(vectors.device)
    return vectors * kept / (1 - DROPPED)
