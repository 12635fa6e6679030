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
from iic_studio.records import Assignments, FloatArray, IntArray
from iic_studio.training.batches import Batches

CHUNK = 512


@dataclass(frozen=True)
class Overclusters:
    """(N,) most and second most likely overcluster of each image, by the overclustering sub-head of lowest loss."""

    image_ids: IntArray
    assignment: IntArray
    second: IntArray
    sub_head: int


@dataclass(frozen=True)
class SetResult:
    """What a network makes of the whole set.

    Attributes:
        joints: head name -> (H, K, K) joint over all images, each paired with one transformed copy.
        losses: head name -> (H,) losses in nats.
        soft: (N, H, K) float16 soft assignments of the main head.
        overclusters: of the overclustering head.
    """

    joints: dict[str, FloatArray]
    losses: dict[str, FloatArray]
    soft: Tensor
    overclusters: Overclusters

    @property
    def best_sub_head(self) -> int:
        """Main sub-head of lowest loss."""
        return int(np.argmin(self.losses[MAIN]))


@torch.no_grad()
def evaluate_set(network: ClusterNetwork, batches: Batches, image_ids: IntArray) -> Iterator[int | SetResult]:
    """Run the network over every image; yields the number of images done so far, and the result last.

    Args:
        image_ids: (N,) in the order of `batches`.
    """
    network.eval()
    counts: dict[str, Tensor] = {}
    soft, tops = [], []
    for start in range(0, len(batches), CHUNK):
        indices = np.arange(start, min(start + CHUNK, len(batches)))
        x, x_transformed = batches.views(indices)
        z = predict(network, x)
        z_transformed = network(x_transformed)
        for head in HEADS:
            added = pair_counts(z[head], z_transformed[head])
            counts[head] = counts[head] + added if head in counts else added
        soft.append(z[MAIN].transpose(0, 1).half().cpu())
        tops.append(z[OVERCLUSTERING].topk(min(2, z[OVERCLUSTERING].shape[-1]), dim=-1).indices.to(torch.int32).cpu())
        yield int(indices[-1]) + 1
    joints = {head: normalise_joint(value) for head, value in counts.items()}
    losses = {head: iic_loss(joint).cpu().numpy() for head, joint in joints.items()}
    best = int(np.argmin(losses[OVERCLUSTERING]))
    top = torch.cat([part[best] for part in tops]).numpy().astype(np.int64)
    network.train()
    yield SetResult(
        {head: joint.cpu().numpy() for head, joint in joints.items()},
        losses,
        torch.cat(soft),
        Overclusters(image_ids, top[:, 0], top[:, -1], best),
    )


def predict(network: ClusterNetwork, x: Tensor) -> dict[str, Tensor]:
    """Soft assignments in float32 throughout, whatever precision the network trains in."""
    mixed, network.mixed_precision = network.mixed_precision, False
    try:
        return network(x)  # type: ignore[no-any-return] # nn.Module.__call__ is untyped
    finally:
        network.mixed_precision = mixed


def to_assignments(soft: Tensor, sub_head: int, image_ids: IntArray) -> Assignments:
    """Assignments by one sub-head, with the aligned votes of all.

    Args:
        soft: (N, H, K) soft assignments on the CPU.
        sub_head: whose clusters are used.
        image_ids: (N,).
    """
    probabilities = soft[:, sub_head].float()
    probabilities = probabilities / probabilities.sum(dim=-1, keepdim=True)
    votes = align_votes(soft.argmax(dim=-1).numpy(), sub_head, soft.shape[-1])
    assignment = votes[:, sub_head]
    agreement = (votes == assignment[:, None]).mean(axis=1, dtype=np.float32)
    return Assignments(image_ids, probabilities.numpy(), assignment, votes, agreement, sub_head)
