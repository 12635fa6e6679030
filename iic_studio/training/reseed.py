"""Help for main sub-heads that are stuck: start them again from merged overclusters.

A sub-head easily settles with two kinds of images in one cluster and one kind split over two, and gradient steps do not lead out.
The overclustering head has many small clusters and no such trouble. So at a few moments of a run its clusters are merged down to K by
the information the merging loses; where the merged joint says more than a main sub-head does, that sub-head takes over the merged
weights and learns on from there. No label takes part. This is not in the paper; `tests/benchmarks/RESULTS.md` says what it is worth.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from iic_studio.evaluation.merge_tree import build_merge_tree
from iic_studio.evaluation.merging import information_nats, merged_joint, regroup
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import MAIN, OVERCLUSTERING, ClusterNetwork
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches
from iic_studio.training.processes import Processes

MOMENTS = (0.1, 0.25, 0.4)
_BATCHES = 8
_CLEARLY_BETTER_NATS = 0.01
_MOST_OVERCLUSTERS = 300  # a tree takes time with the third power


@dataclass(frozen=True)
class Candidate:
    """K clusters made of the clusters of one overclustering sub-head, and the loss they would have."""

    loss: float
    sub_head: int
    merged: IntArray


def reseed_main_head(
    network: ClusterNetwork, optimiser: torch.optim.Optimizer, batches: Batches, step: int, processes: Processes
) -> list[int]:
    """Replace main sub-heads that merged overclusters would beat, each by another candidate, the worst first.

    The joints are measured on a few batches that depend on `step` only, so a resumed run does the same.

    Returns:
        The main sub-heads that were replaced.
    """
    if network.head(OVERCLUSTERING).num_clusters > _MOST_OVERCLUSTERS:
        return []
    joints = {head: processes.from_first(joint) for head, joint in _measure(network, batches, step, processes).items()}
    losses = iic_loss(joints[MAIN]).tolist()
    replaced: list[int] = []
    for candidate in _candidates(joints[OVERCLUSTERING], joints[MAIN].shape[-1]):
        open_places = [place for place in range(len(losses)) if place not in replaced]
        if not open_places:
            break
        worst = max(open_places, key=lambda place: losses[place])
        if candidate.loss < losses[worst] - _CLEARLY_BETTER_NATS:
            _take_over(network, optimiser, worst, candidate)
            replaced.append(worst)
    return sorted(replaced)


@torch.no_grad()
def _measure(network: ClusterNetwork, batches: Batches, step: int, processes: Processes) -> dict[str, Tensor]:
    network.eval()
    counts: dict[str, Tensor] = {}
    for number in range(min(_BATCHES, batches.steps_per_epoch)):
        batch = batches.at(step + number, with_extra=False)
        soft, soft_transformed = network(batch.x), network(batch.x_transformed)
        for head, z in soft.items():
            added = processes.sum(pair_counts(z, soft_transformed[head]))
            counts[head] = counts[head] + added if head in counts else added
    network.train()
    return {head: normalise_joint(value).cpu() for head, value in counts.items()}


def _candidates(joints: Tensor, num_clusters: int) -> list[Candidate]:
    """One per overclustering sub-head, the lowest loss first."""
    found = []
    for sub_head, joint in enumerate(joints.numpy()):
        merged = regroup(joint, build_merge_tree(joint).cut(num_clusters))
        found.append(Candidate(-information_nats(merged_joint(joint, merged)), sub_head, merged))
    return sorted(found, key=lambda candidate: candidate.loss)


@torch.no_grad()
def _take_over(network: ClusterNetwork, optimiser: torch.optim.Optimizer, place: int, candidate: Candidate) -> None:
    """Weights of each cluster: the mean of its overclusters'. The optimiser's memory of the old ones is cleared."""
    main, over = network.head(MAIN), network.head(OVERCLUSTERING)
    first = place * main.num_clusters
    for parameter, source in ((main.linear.weight, over.linear.weight), (main.linear.bias, over.linear.bias)):
        own = source[candidate.sub_head * over.num_clusters : (candidate.sub_head + 1) * over.num_clusters]
        for cluster in range(main.num_clusters):
            members = torch.from_numpy(np.flatnonzero(candidate.merged == cluster)).to(own.device)
            parameter[first + cluster] = own[members].mean(dim=0)
        for entry in ("exp_avg", "exp_avg_sq"):
            if entry in optimiser.state[parameter]:
                optimiser.state[parameter][entry][first : first + main.num_clusters] = 0
