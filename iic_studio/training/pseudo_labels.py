"""DeepCluster: group all images by what the network sees now, and let it learn to tell these groups apart; then again.

Two forms. *Projected* (the default): points are taken from the last pass of training itself, as unit vectors of a projection; spherical
k-means makes the groups, and its centroids are the classifier, which does not learn. *Whitened* (classic): before each round every image is
looked at, features are whitened, k-means makes the groups, and a fresh linear layer learns them; images are drawn so that each group
comes up equally often. In both, each overclustering sub-head stands for one k-means, the main sub-heads for k-means at the number of
clusters sought, of which nothing is learned: they are how groups are shown, and how images are assigned in the end.

Groups keep their numbers from round to round as far as they hold the same images. Sources: Caron et al., DeepCluster, ECCV 2018; Caron et
al., SwAV, NeurIPS 2020, supplement (the later form). Written from the papers.

Known weakness: pseudo-labels are no stable clustering; how much of them stays is told after each round.
"""

import copy
import math
from collections.abc import Callable, Generator, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.config import TrainSettings
from iic_studio.evaluation.matching import contingency, hungarian_match
from iic_studio.events import PseudoLabelsMade
from iic_studio.iic.kmeans import KMeansResult, assign_points, kmeans
from iic_studio.iic.losses import iic_loss, normalise_joint, pair_counts
from iic_studio.iic.networks import LOGITS, MAIN, OVERCLUSTERING, PROJECTED, PROJECTION, ClusterNetwork, WhitenedPoints
from iic_studio.iic.whitening import fit_whitening
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches, Drawn, seeded
from iic_studio.training.objective import Network, PairBatch, StepResult, detached
from iic_studio.training.processes import Processes

FEWEST_STEPS_PER_ROUND = 20
_CHUNK = 512
_ROUND_STREAM, _DRAW_STREAM = 11, 12
_ITERATIONS = {PROJECTED: 10}
_ITERATIONS_CLASSIC = 20
_FITTED_PER_CLUSTER = 256
_FEWEST_FITTED = 16_384
_WHITENED_FROM = 8_192
_MOST_MATCHED = 2_000


class PseudoLabels:
    """What a DeepCluster run carries beside its network.

    Attributes:
        labels: head name -> (H, N) int32 group of each image by each k-means, as of the last round.
        memory: (N, P) float16 newest point of each image (projected form).
        round, round_step: number of rounds so far, and the step at which the last one was made.
        drawn: (M,) positions that the steps of this round go through (classic form with equal draws).
    """

    def __init__(self, settings: TrainSettings, device: torch.device) -> None:
        self.settings, self.device, self.form = settings, device, settings.points
        self.labels: dict[str, Tensor] = {}
        self.memory: Tensor | None = None
        self.drawn: Tensor | None = None
        self.round = self.round_step = 0
        self._loss_sum: float | Tensor = 0.0
        self._loss_count = 0

    def is_due(self, step: int, steps_per_epoch: int) -> bool:
        """Whether the images have to be grouped before this step."""
        return not self.labels or step >= self.round_step + steps_per_round(steps_per_epoch)

    def make(self, network: Network, optimiser: torch.optim.Optimizer, batches: Batches, step: int) -> Iterator[int | PseudoLabelsMade]:
        """Group all images; yields the number of images looked at so far, and what came of it last. Nothing changes before the end."""
        assert isinstance(network, ClusterNetwork)
        generator = seeded(self.settings.seed, _ROUND_STREAM, self.round)
        points = self.memory
        if points is None or self.form != PROJECTED:
            space = copy.deepcopy(network.heads[PROJECTION])
            if isinstance(space, WhitenedPoints):
                sample = np.unique(np.linspace(0, len(batches) - 1, min(len(batches), _WHITENED_FROM)).round().astype(np.int64))
                features = yield from look_at(network, batches, sample, None)
                space.put(fit_whitening(features, space.num_components, generator))
            seen = yield from look_at(network, batches, np.arange(len(batches)), space)
            points = functional.normalize(seen, dim=1).half()
            network.heads[PROJECTION].load_state_dict(space.state_dict())
        # Should the weights have become no numbers, the trainer says so and goes back; grouping must not fail before.
        points = points.nan_to_num()
        refilled = 0
        fresh: dict[str, Tensor] = {}
        for head in (MAIN, OVERCLUSTERING):
            found = [self._group(points, network.head(head).num_clusters, generator) for _ in range(network.head(head).num_sub_heads)]
            refilled += sum(one.num_refilled for one in found)
            fresh[head] = torch.stack([self._put(network, head, place, one) for place, one in enumerate(found)])
        if self.form == PROJECTED:
            self.memory = points
        else:
            _begin_anew(network.head(OVERCLUSTERING), optimiser, generator)
        told = self._told(fresh, step, refilled)
        self.labels = fresh
        self.round, self.round_step = self.round + 1, step
        self._loss_sum, self._loss_count = 0.0, 0
        self._draw(batches, step)
        yield told

    def finish(self, network: Network, batches: Batches) -> Iterator[int]:
        """The final groups: k-means at the number sought, on the centre view of every image as the network sees it now."""
        assert isinstance(network, ClusterNetwork)
        generator = seeded(self.settings.seed, _ROUND_STREAM, 1_000_000 + self.round)
        seen = yield from look_at(network, batches, np.arange(len(batches)), network.heads[PROJECTION])
        points = functional.normalize(seen, dim=1)
        head = network.head(MAIN)
        for place in range(head.num_sub_heads):
            self._put(network, MAIN, place, self._group(points, head.num_clusters, generator, restarts=3, iterations=100))

    def remember(self, positions: Tensor, result: StepResult) -> None:
        """Take in what a step said of its images."""
        if self.memory is not None and result.points is not None:
            self.memory[positions] = result.points.half()
        if result.taught is not None:
            self._loss_sum = self._loss_sum + result.taught
            self._loss_count += 1

    def restore_draw(self, batches: Batches) -> None:
        """Let the batches go on as the checkpoint left them."""
        batches.drawn = None if self.drawn is None else Drawn(self.drawn.cpu().numpy().astype(np.int64), self.round_step)

    def objective(self) -> "PseudoLabelObjective":
        """What the steps of this round minimise."""
        labels = self.labels[OVERCLUSTERING]
        weights = None
        if self.settings.balance == "weights":
            weights = torch.stack([_by_size(one.long(), int(self.settings.overclusters or 0)) for one in labels])
        return PseudoLabelObjective(labels, weights, self.form == PROJECTED)

    def tensors(self) -> dict[str, Tensor]:
        """What a checkpoint keeps; with `facts`."""
        kept = {f"labels/{head}": labels for head, labels in self.labels.items()}
        kept |= {name: tensor for name, tensor in (("memory", self.memory), ("drawn", self.drawn)) if tensor is not None}
        return kept

    def facts(self) -> dict[str, Any]:
        """The numbers of a checkpoint."""
        return {"round": self.round, "round_step": self.round_step, "loss": float(self._loss_sum), "loss_count": self._loss_count}

    def restore(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Inverse of `tensors` and `facts`."""
        self.labels = {name.removeprefix("labels/"): one.to(self.device) for name, one in tensors.items() if name.startswith("labels/")}
        self.memory = tensors["memory"].to(self.device) if "memory" in tensors else None
        self.drawn = tensors.get("drawn")
        self.round, self.round_step = int(facts["round"]), int(facts["round_step"])
        self._loss_sum, self._loss_count = float(facts["loss"]), int(facts["loss_count"])

    def _group(
        self, points: Tensor, num_clusters: int, generator: torch.Generator, restarts: int = 1, iterations: int | None = None
    ) -> KMeansResult:
        """k-means on some of the points, if there are many, and the group of every one."""
        most = max(_FEWEST_FITTED, _FITTED_PER_CLUSTER * num_clusters)
        fitted = points
        if len(points) > most:
            fitted = points[torch.randperm(len(points), generator=generator)[:most].to(points.device)]
        iterations = iterations or _ITERATIONS.get(self.form, _ITERATIONS_CLASSIC)
        found = kmeans(
            fitted, num_clusters, generator, spherical=self.form == PROJECTED, restarts=restarts, max_iterations=iterations
        )  # fmt: skip
        if fitted is points:
            return found
        return KMeansResult(found.centroids, assign_points(points, found.centroids), found.inertia, found.num_refilled, 0)

    def _put(self, network: ClusterNetwork, head: str, place: int, found: KMeansResult) -> Tensor:
        """Hand centroids to a sub-head, numbered as before where they hold the same images; returns the (N,) labels."""
        labels, centroids = found.assignment, found.centroids
        count = len(centroids)
        if head in self.labels and count <= _MOST_MATCHED:
            before = self.labels[head][place]
            number = torch.from_numpy(hungarian_match(contingency(labels.cpu(), before.cpu(), count, count))).to(labels.device)
            labels = number[labels]
            centroids = torch.empty_like(centroids).index_copy_(0, number, centroids)
        if head == MAIN or self.form == PROJECTED:
            network.head(head).put_centroids(place, centroids)
        return labels.int()

    def _told(self, fresh: dict[str, Tensor], step: int, refilled: int) -> PseudoLabelsMade:
        counts = torch.bincount(fresh[OVERCLUSTERING][0].long(), minlength=int(self.settings.overclusters or 0))
        return PseudoLabelsMade(
            step=step,
            round=self.round,
            num_clusters=len(counts),
            nmi_previous=_mean_nmi(self.labels.get(OVERCLUSTERING), fresh[OVERCLUSTERING]),
            main_nmi_previous=_mean_nmi(self.labels.get(MAIN), fresh[MAIN]),
            cross_entropy=float(self._loss_sum) / self._loss_count if self._loss_count else math.nan,
            largest_share=float(counts.max() / counts.sum()),
            smallest_share=float(counts.min() / counts.sum()),
            num_refilled=refilled,
        )

    def _draw(self, batches: Batches, step: int) -> None:
        """Choose which images the round goes through: every group equally often, by looking up which images carry its label."""
        self.drawn = batches.drawn = None
        if self.settings.balance != "sampling":
            return
        labels = self.labels[OVERCLUSTERING][self.round % len(self.labels[OVERCLUSTERING])].cpu().numpy()
        count = steps_per_round(batches.steps_per_epoch) * batches.batch_size
        drawn = draw_evenly(labels, count, seeded(self.settings.seed, _DRAW_STREAM, self.round))
        self.drawn = torch.from_numpy(drawn.astype(np.int32))
        batches.drawn = Drawn(drawn, step)


class PseudoLabelObjective:
    """Cross-entropy of both views of each image with its pseudo-labels, the mean over sub-heads.

    Args:
        labels: (H, N) of all images.
        weights: (H, N) of the images, with mean 1 over the set, or None.
        with_points: also hand out the points of the images.
    """

    heads = (MAIN, OVERCLUSTERING)

    def __init__(self, labels: Tensor, weights: Tensor | None, with_points: bool) -> None:
        self._labels, self._weights = labels, weights
        self.outputs: tuple[str, ...] = (MAIN, LOGITS, PROJECTION) if with_points else (MAIN, LOGITS)

    def __call__(self, outputs: dict[str, Tensor], batch: PairBatch, processes: Processes) -> tuple[Tensor, StepResult]:
        """The mean, and what there is to say of it. The losses told are those of the joints, as for IIC: here they are not minimised."""
        labels = self._labels[:, batch.positions].long()
        weights = None if self._weights is None else self._weights[:, batch.positions]
        logits, logits_transformed = batch.own(outputs[LOGITS])
        copies = logits_transformed.shape[1] // logits.shape[1]
        losses = [_cross_entropy(logits, labels, weights)]
        losses += [_cross_entropy(copy, labels, weights) for copy in logits_transformed.unflatten(1, (copies, -1)).unbind(1)]
        total = torch.stack(losses).mean()
        with torch.no_grad():
            pairs = {MAIN: batch.own(outputs[MAIN].detach())}
            pairs[OVERCLUSTERING] = functional.softmax(logits, dim=-1), functional.softmax(logits_transformed, dim=-1)
            counts = {head: pair_counts(*pair) for head, pair in pairs.items()}
            shuffled = {head: pair_counts(z, copy.roll(1, dims=1)) for head, (z, copy) in pairs.items()}
            measured = {head: iic_loss(normalise_joint(value)) for head, value in counts.items()}
            points = batch.own(outputs[PROJECTION].detach())[0] if PROJECTION in outputs else None
        soft, soft_transformed = pairs[MAIN]
        return total, StepResult(measured, detached(counts), shuffled, batch.positions, soft, soft_transformed, points, total.detach())


def steps_per_round(steps_per_epoch: int) -> int:
    """A pass over the images; several when they are few, so that there is something to learn between two groupings."""
    return steps_per_epoch * math.ceil(FEWEST_STEPS_PER_ROUND / steps_per_epoch)


def draw_evenly(labels: IntArray, count: int, generator: torch.Generator) -> IntArray:
    """(count,) positions in random order, such that every label that occurs comes up equally often, give or take one.

    Images of a label take turns: none comes up twice before each has come up once.
    """
    order = np.argsort(labels, kind="stable")
    present, starts, sizes = np.unique(labels[order], return_index=True, return_counts=True)
    shares = np.full(len(present), count // len(present))
    extra = torch.randperm(len(present), generator=generator).numpy()[: count % len(present)]
    shares[extra] += 1
    drawn = []
    for start, size, share in zip(starts, sizes, shares, strict=True):
        rounds = [torch.randperm(int(size), generator=generator).numpy() for _ in range(-(-int(share) // int(size)))]
        if rounds:
            drawn.append(order[start + np.concatenate(rounds)[:share]])
    together = np.concatenate(drawn)
    return np.asarray(together[torch.randperm(len(together), generator=generator).numpy()], dtype=np.int64)


@torch.no_grad()
def look_at(
    network: ClusterNetwork, batches: Batches, positions: IntArray, then: Callable[[Tensor], Tensor] | None
) -> Generator[int, None, Tensor]:
    """Centre views of some images through the trunk and, in the same go, through `then`; the points are returned.

    Yields the number of images done so far; returns (n, P) float32 on the device.
    """
    network.eval()
    try:
        found = []
        for start in range(0, len(positions), _CHUNK):
            part = positions[start : start + _CHUNK]
            features = network.features(batches.centre(part))
            found.append(features if then is None else then(features))
            yield int(part[-1]) + 1
        return torch.cat(found)
    finally:
        network.train()


def _begin_anew(head: nn.Module, optimiser: torch.optim.Optimizer, generator: torch.Generator) -> None:
    """A fresh linear layer: the groups it told apart are others now. The optimiser forgets it."""
    for name, parameter in head.named_parameters():
        with torch.no_grad():
            fresh = torch.randn(parameter.shape, generator=generator) * 0.01 if name.endswith("weight") else torch.zeros(parameter.shape)
            parameter.copy_(fresh)
        optimiser.state.pop(parameter, None)


def _cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor | None) -> Tensor:
    """Mean over (H, B, K) logits and (H, B) labels."""
    each = functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
    return each.mean() if weights is None else (each * weights.flatten()).mean()


def _by_size(labels: Tensor, count: int) -> Tensor:
    """(N,) weights that are inverse to the size of each image's group, with mean 1."""
    sizes = torch.bincount(labels, minlength=count).clamp_min(1).float()
    weights = 1 / sizes[labels]
    return weights / weights.mean()


def _mean_nmi(before: Tensor | None, after: Tensor) -> float:
    from sklearn.metrics import normalized_mutual_info_score

    if before is None:
        return math.nan
    return float(np.mean([normalized_mutual_info_score(old, new) for old, new in zip(before.cpu(), after.cpu(), strict=True)]))
