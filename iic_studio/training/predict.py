"""From a trained network to assignments of all images, and the choice of the sub-head.

The sub-head is the one with the lowest loss over the whole set (paper, section 4.1): no label takes part. Assignments come from the
centre view in float32 with running BatchNorm statistics, so an image gets the same cluster alone as in any batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from iic_studio.evaluation.matching import align_votes
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING, ClusterNetwork
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.records import Assignments, FloatArray, IntArray, Overclusters
from iic_studio.training.batches import Batches, Neighbours
from iic_studio.training.processes import Processes

CHUNK = 512
_SAMPLE = 256
# Beyond this much memory soft assignments are kept as float16, which is exact to 2.4e-4.
_EXACT_LIMIT_BYTES = 1 << 30


@dataclass(frozen=True)
class SetResult:
    """What a network makes of the whole set.

    Attributes:
        joints: head name -> (H, K, K) joint over all images, each paired with one transformed copy.
        losses: head name -> (H,) losses in nats.
        choice_losses: (H,) losses of the main head by which the sub-head is chosen: over copies, and over neighbours where they are known.
        soft: (N, H, K) soft assignments of the main head, float32 unless they are too many.
        image_ids: (N,) to which images these belong.
        overclusters: of the overclustering head; None if it did not learn.
    """

    joints: dict[str, FloatArray]
    losses: dict[str, FloatArray]
    choice_losses: FloatArray
    soft: Tensor
    image_ids: IntArray
    overclusters: Overclusters | None

    @property
    def best_sub_head(self) -> int:
        """Main sub-head of lowest loss."""
        return int(np.argmin(self.choice_losses))


@torch.no_grad()
def evaluate_set(
    network: ClusterNetwork, batches: Batches, image_ids: IntArray, processes: Processes | None = None, heads: tuple[str, ...] = HEADS
) -> Iterator[int | SetResult]:
    """Run the network over every image; yields the number of images done so far, and the result last.

    Several processes take turns with the chunks; the first one ends with the result, the others with none.

    Args:
        image_ids: (N,) in the order of `batches`.
        heads: those that learned.
    """
    processes = processes or Processes()
    network.eval()
    counts = {head: _no_counts(network, head, batches.device) for head in heads}
    soft: dict[int, Tensor] = {}
    tops: dict[int, Tensor] = {}
    starts = range(0, len(batches), CHUNK)
    kept_as = _kept_as(network, len(batches))
    for start in starts[processes.share()]:
        indices = np.arange(start, min(start + CHUNK, len(batches)))
        x, x_transformed = batches.views(indices)
        z, z_transformed = predict(network, x, heads), network(x_transformed, heads)
        for head in heads:
            counts[head] += pair_counts(z[head], z_transformed[head])
        soft[start] = z[MAIN].transpose(0, 1).to(kept_as).cpu()
        if OVERCLUSTERING in heads:
            tops[start] = z[OVERCLUSTERING].topk(min(2, z[OVERCLUSTERING].shape[-1]), dim=-1).indices.to(torch.int32).cpu()
        yield int(indices[-1]) + 1
    network.train()
    joints = {head: normalise_joint(processes.sum(value)) for head, value in counts.items()}
    shards = processes.gather((soft, tops))
    if not shards:
        return
    soft, tops = ({start: part for shard in shards for start, part in shard[which].items()} for which in (0, 1))
    losses = {head: iic_loss(joint).cpu().numpy() for head, joint in joints.items()}
    overclusters = None
    if OVERCLUSTERING in heads:
        best = int(np.argmin(losses[OVERCLUSTERING]))
        top = torch.cat([tops[start][best] for start in starts]).numpy().astype(np.int64)
        overclusters = Overclusters(image_ids, top[:, 0], top[:, -1], best)
    on_cpu = {head: joint.cpu().numpy() for head, joint in joints.items()}
    together = torch.cat([soft[start] for start in starts])
    choice_losses = losses[MAIN]
    if batches.neighbours is not None:
        choice_losses = (choice_losses + _neighbour_losses(together, batches.neighbours)) / 2
    yield SetResult(on_cpu, losses, choice_losses, together, image_ids, overclusters)


def _neighbour_losses(soft: Tensor, neighbours: Neighbours) -> FloatArray:
    """(H,) IIC losses of the pairs that each image makes with its neighbours, from (N, H, K) soft assignments."""
    counts = None
    for start in range(0, len(soft), CHUNK):
        own = soft[start : start + CHUNK].float().transpose(0, 1)
        partners = torch.from_numpy(neighbours.positions[start : start + CHUNK]).T.flatten()
        added = pair_counts(own, soft[partners].float().transpose(0, 1))
        counts = added if counts is None else counts + added
    assert counts is not None, "there are images"
    return iic_loss(normalise_joint(counts)).numpy()


def _no_counts(network: ClusterNetwork, head: str, device: torch.device) -> Tensor:
    shape = network.head(head)
    return torch.zeros(shape.num_sub_heads, shape.num_clusters, shape.num_clusters, device=device)


def _kept_as(network: ClusterNetwork, num_images: int) -> torch.dtype:
    shape = network.shape
    num_values = num_images * shape.num_sub_heads * shape.num_clusters
    return torch.float32 if 4 * num_values <= _EXACT_LIMIT_BYTES else torch.float16


def predict(network: ClusterNetwork | PixelNetwork, x: Tensor, heads: tuple[str, ...] = HEADS) -> dict[str, Tensor]:
    """Soft assignments in float32 throughout, whatever precision the network trains in."""
    mixed, network.mixed_precision = network.mixed_precision, False
    try:
        return network(x, heads)  # type: ignore[no-any-return] # nn.Module.__call__ is untyped
    finally:
        network.mixed_precision = mixed


@torch.no_grad()
def assign_sample(network: ClusterNetwork, batches: Batches, sub_head: int) -> IntArray:
    """(M,) clusters of some images of the set, evenly spread over it, by their centre view."""
    views = batches.centre(np.unique(np.linspace(0, len(batches) - 1, _SAMPLE).round().astype(np.int64)))
    network.eval()
    z = network(views, (MAIN,))[MAIN][sub_head]
    network.train()
    return np.asarray(z.argmax(dim=-1).cpu().numpy(), dtype=np.int64)


def to_assignments(soft: Tensor, sub_head: int, image_ids: IntArray) -> Assignments:
    """Assignments by one sub-head, with the aligned votes of all.

    Args:
        soft: (N, H, K) soft assignments on the CPU.
        sub_head: whose clusters are used.
        image_ids: (N,); an id that comes several times gets the mean of its rows.
    """
    soft, image_ids = _by_image(soft, image_ids)
    probabilities = soft[:, sub_head].float()
    probabilities = probabilities / probabilities.sum(dim=-1, keepdim=True)
    votes = align_votes(soft.argmax(dim=-1).numpy(), sub_head, soft.shape[-1])
    assignment = votes[:, sub_head]
    agreement = (votes == assignment[:, None]).mean(axis=1, dtype=np.float32)
    return Assignments(image_ids, probabilities.numpy(), assignment, votes, agreement, sub_head)


def _by_image(soft: Tensor, image_ids: IntArray) -> tuple[Tensor, IntArray]:
    """Means over the rows of equal id, in the order of the ids; what it was given where every id comes once."""
    ids, place = np.unique(image_ids, return_inverse=True)
    if len(ids) == len(image_ids):
        return soft, image_ids
    sums = torch.zeros(len(ids), *soft.shape[1:]).index_add_(0, torch.from_numpy(place), soft.float())
    return sums / torch.from_numpy(np.bincount(place))[:, None, None], ids
