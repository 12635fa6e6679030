"""Help for main sub-heads that are stuck: start them again from merged overclusters.

A sub-head easily settles with two kinds of images in one cluster and one kind split over two, and gradient steps do not lead out.
The overclustering head has many small clusters and no such trouble. So at a few moments of a run its clusters are merged down to K by
the information the merging loses; where the merged joint says more than a main sub-head does, that sub-head takes over the merged
weights and learns on from there. Where neighbours are known, both are measured on them: transformed copies never link two ways of showing
the same thing, neighbours do. No label takes part. This is not in the paper; `tests/benchmarks/RESULTS.md` says what it is worth.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from iic_studio.evaluation.matching import contingency
from iic_studio.evaluation.merge_tree import build_merge_tree
from iic_studio.evaluation.merging import information_nats, merged_joint, regroup
from iic_studio.iic.losses import iic_loss, normalise_joint
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches
from iic_studio.training.objective import Network
from iic_studio.training.predict import CHUNK
from iic_studio.training.processes import Processes

MOMENTS = (0.1, 0.25, 0.4, 0.55, 0.7)
_BATCHES = 8
_CLEARLY_BETTER_NATS = 0.01
_NEIGHBOUR_SLACK_NATS = 0.02
_MOST_OVERCLUSTERS = 300  # a tree takes time with the third power


@dataclass(frozen=True)
class Candidate:
    """K clusters made of the clusters of one overclustering sub-head, and the loss they would have."""

    loss: float
    sub_head: int
    merged: IntArray


def reseed_main_head(network: Network, optimiser: torch.optim.Optimizer, batches: Batches, step: int, processes: Processes) -> list[int]:
    """Replace main sub-heads that merged overclusters would beat, each by another candidate, the worst first.

    Everything is measured on images that depend on `step` and the seed only, so a resumed run does the same. With neighbours, candidates
    that are hardly worse are taken as well: they have yet to be trained, and in the end the best sub-head is chosen.

    Returns:
        The main sub-heads that were replaced.
    """
    if network.head(OVERCLUSTERING).num_clusters > _MOST_OVERCLUSTERS:
        return []
    joints = {head: processes.from_first(joint) for head, joint in _measure(network, batches, step, processes).items()}
    losses = iic_loss(joints[MAIN]).tolist()
    slack = -_CLEARLY_BETTER_NATS if batches.neighbours is None else _NEIGHBOUR_SLACK_NATS
    replaced: list[int] = []
    for candidate in _candidates(joints[OVERCLUSTERING], joints[MAIN].shape[-1]):
        open_places = [place for place in range(len(losses)) if place not in replaced]
        if not open_places:
            break
        worst = max(open_places, key=lambda place: losses[place])
        if candidate.loss < losses[worst] + slack:
            _take_over(network, optimiser, worst, candidate)
            replaced.append(worst)
    return sorted(replaced)


def _measure(network: Network, batches: Batches, step: int, processes: Processes) -> dict[str, Tensor]:
    """(H, K, K) joints of both heads: of neighbours where they are known, else of transformed copies."""
    network.eval()
    with torch.no_grad():
        joints = _of_copies(network, batches, step, processes) if batches.neighbours is None else _of_neighbours(network, batches)
    network.train()
    return {head: joint.cpu() for head, joint in joints.items()}


def _of_copies(network: Network, batches: Batches, step: int, processes: Processes) -> dict[str, Tensor]:
    counts: dict[str, Tensor] = {}
    for number in range(min(_BATCHES, batches.steps_per_epoch)):
        batch = batches.at(step + number, with_extra=False)
        soft, soft_transformed = network(batch.x, HEADS), network(batch.x_transformed, HEADS)
        for head, z in soft.items():
            added = processes.sum(batch.counts(z, soft_transformed[head]))
            counts[head] = counts[head] + added if head in counts else added
    return {head: normalise_joint(value) for head, value in counts.items()}


def _of_neighbours(network: Network, batches: Batches) -> dict[str, Tensor]:
    """Each candidate and each of its neighbours, by the most likely cluster of their centre views."""
    assert batches.neighbours is not None
    candidates = batches.neighbours.candidates
    found: dict[str, list[Tensor]] = {head: [] for head in HEADS}
    for start in range(0, len(candidates), CHUNK):
        for head, z in network(batches.centre(candidates[start : start + CHUNK]), HEADS).items():
            found[head].append(z.argmax(dim=-1).cpu())
    partners = np.searchsorted(candidates, batches.neighbours.positions[candidates])
    joints = {}
    for head, parts in found.items():
        clusters = torch.cat(parts, dim=1).numpy()
        size = network.head(head).num_clusters
        counts = [contingency(np.repeat(own, partners.shape[1]), own[partners].ravel(), size, size) for own in clusters]
        joints[head] = normalise_joint(torch.from_numpy(np.stack(counts)).float())
    return joints


def _candidates(joints: Tensor, num_clusters: int) -> list[Candidate]:
    """One per overclustering sub-head, the lowest loss first."""
    found = []
    for sub_head, joint in enumerate(joints.numpy()):
        merged = regroup(joint, build_merge_tree(joint).cut(num_clusters))
        found.append(Candidate(-information_nats(merged_joint(joint, merged)), sub_head, merged))
    return sorted(found, key=lambda candidate: candidate.loss)


@torch.no_grad()
def _take_over(network: Network, optimiser: torch.optim.Optimizer, place: int, candidate: Candidate) -> None:
    """Weights of each cluster: the mean of its overclusters'. The optimiser's memory of the old ones is cleared."""
    main, over = network.head(MAIN), network.head(OVERCLUSTERING)
    first = place * main.num_clusters
    for parameter, source in zip(main.linear.parameters(), over.linear.parameters(), strict=True):
        own = source[candidate.sub_head * over.num_clusters : (candidate.sub_head + 1) * over.num_clusters]
        for cluster in range(main.num_clusters):
            members = torch.from_numpy(np.flatnonzero(candidate.merged == cluster)).to(own.device)
            parameter[first + cluster] = own[members].mean(dim=0)
        for entry in ("exp_avg", "exp_avg_sq"):
            if entry in optimiser.state[parameter]:
                optimiser.state[parameter][entry][first : first + main.num_clusters] = 0
