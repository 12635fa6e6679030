"""Pixels in place of images: batches of tiles, what a step minimises, and what a network makes of the whole set.

A tile is a square piece of an image at training scale. x is cut from it at a random place without any scaling; its copy is x warped and
recoloured, and the copy's map is warped back to lie upon that of x before pixels are paired. Source: paper, section 3.3.

Where images have one cluster, here points of tiles have one: a few fixed points of each tile stand for it in what is told during training.
The joints that are shown and kept are those of all displacements together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.config import TrainSettings
from iic_studio.iic.displacements import (
    collapsed_counts,
    displacement_counts,
    displacement_loss,
    draw_displacements,
    some_displacement_counts,
)
from iic_studio.iic.losses import normalise_joint
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.iic.transforms import PairDraw, apply_draw, centre_view, chain_matrices, draw_pairs, invert_matrices, warp, warp_back
from iic_studio.records import IntArray, Overclusters
from iic_studio.training.batches import PAIR_STREAM, VIEW_STREAM, Batches, seeded
from iic_studio.training.first_guess import Guess, cell_features, fit_guess, guess_loss, places_of
from iic_studio.training.objective import PairBatch, StepResult, detached
from iic_studio.training.predict import SetResult, to_assignments
from iic_studio.training.processes import Processes

# Points of a tile that stand for it, in -1…1 across and down; most crops show most of them.
POINTS = ((-0.4, -0.4), (0.4, -0.4), (-0.4, 0.4), (0.4, 0.4))
_CHUNK = 32
_MOST_EVALUATED = 512
_SAMPLED_TILES = 32
_GUESSED_TILES, _GUESSED_POINTS = 512, 60
_SHUFFLE = 7_919
_FEWEST_IN_CELL = 0.5  # of the pixels of a cell
_DISPLACEMENT_STREAM = 7


@dataclass(frozen=True)
class TileBatch(PairBatch):
    """Pairs of pieces of tiles.

    Attributes:
        base: (B, 2, 3) where in its tile each x lies.
        back: (r·B, 2, 3) matrices that bring the maps of the copies to lie upon those of x.
        step: of the run.
        displacement: d, in cells of the maps.
        marks: (B, 1, S, S) 1 where a pixel of x takes part, else 0; None: all do.
        guess: (B, c, c) clusters of cells of x that teach the main head; None: nothing does.
    """

    base: Tensor
    back: Tensor
    step: int
    displacement: int
    marks: Tensor | None = None
    guess: Tensor | None = None

    def _part(self, soft: Tensor, count: int) -> tuple[Tensor, Tensor]:
        return soft[:, : len(self.x)], soft[:, len(self.x) :]

    def aligned(self, z: Tensor, z_transformed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(H, r·B, K, h, w) maps of x, one for each copy, those of the copies upon them, and a mask (r·B, h, w) of where both are."""
        upon, mask = warp_back(z_transformed, self.back)
        if self.marks is not None:
            cells = functional.interpolate(self.marks, mask.shape[-2:], mode="area")[:, 0] >= _FEWEST_IN_CELL
            mask = mask * cells.to(mask.dtype).repeat(len(self.back) // len(self.base), 1, 1)
        return z.repeat(1, len(self.back) // len(self.base), 1, 1, 1), upon, mask

    def counts(self, z: Tensor, z_transformed: Tensor) -> Tensor:
        own, upon, mask = self.aligned(z, z_transformed)
        return collapsed_counts(own, upon, self.displacement, mask)

    def at_points(self, maps: Tensor) -> Tensor:
        """(H, B, K, h, w) maps of x to (H, B, P, K) at the points of their tiles; zero for points that x does not show."""
        heads, _, clusters = maps.shape[:3]
        points = self._points_in_x()
        flat = maps.transpose(0, 1).flatten(1, 2)
        found = functional.grid_sample(flat, points[:, None], mode="nearest", padding_mode="zeros", align_corners=False)
        at_points: Tensor = found[:, :, 0].unflatten(1, (heads, clusters)).permute(1, 0, 3, 2)
        return at_points

    def visible(self) -> Tensor:
        """(B, P) which points of its tile each x shows."""
        return (self._points_in_x().abs() < 1).all(dim=-1)

    def _points_in_x(self) -> Tensor:
        inverse = invert_matrices(self.base)
        points = torch.tensor(POINTS, device=self.base.device)
        return torch.einsum("bij,pj->bpi", inverse[:, :, :2], points) + inverse[:, None, :, 2]


class TileBatches(Batches):
    """The tiles of a run, as batches of pairs; as `Batches`, without neighbours and extra images."""

    @property
    def num_places(self) -> int:
        return len(self) * len(POINTS)

    def place_ids(self, image_ids: IntArray) -> IntArray:
        return np.repeat(image_ids, len(POINTS))

    def at(self, step: int, *, with_extra: bool = True) -> TileBatch:
        """This process's pairs of a step."""
        indices = self._order.at(step)
        draw = draw_pairs(len(indices), self.transforms, self.num_repeats, seeded(self.settings.seed, PAIR_STREAM, step))
        share = self._processes.share()
        return self._batch(indices[share], draw.select(share), step)

    def views_of(self, indices: IntArray) -> TileBatch:
        """Centre views, and one transformed copy of each that does not depend on training."""
        draw = draw_pairs(len(indices), self.transforms, 1, seeded(self.settings.seed, VIEW_STREAM, int(indices[0])))
        return self._batch(indices, PairDraw(self._centre_matrices(len(indices)), draw.copies), int(indices[0]))

    def all_equal(self) -> bool:
        """Whether every tile is the same plain area: one tile with something on it is enough for pixels."""
        first = self.images.take(np.array([0]))
        return bool((first == first[:, :, :1, :1]).all()) and super().all_equal()

    def centre(self, indices: IntArray) -> Tensor:
        x = centre_view(self.images.take(indices), self.transforms, self.size)
        return self._with_places(x, self._centre_matrices(len(indices)).to(self.device), indices)

    def _centre_matrices(self, count: int) -> Tensor:
        centre = torch.zeros(count, 2, 3)
        centre[:, 0, 0] = centre[:, 1, 1] = self.transforms.base_crop
        return centre

    def _with_places(self, x: Tensor, matrices: Tensor, indices: IntArray) -> Tensor:
        """(B, C, S, S) pieces of tiles, with two more channels for their places if the network sees them."""
        if not self.settings.sees_place:
            return x
        places = places_of(matrices, self._frames(indices), self.size, self.size, self.transforms)
        return torch.cat([x, places.movedim(-1, 1)], dim=1)

    def _frames(self, indices: IntArray) -> Tensor | None:
        return None if self.frames is None else torch.from_numpy(self.frames[indices]).to(self.device)

    def _batch(self, indices: IntArray, draw: PairDraw, step: int) -> TileBatch:
        back = invert_matrices(draw.copies["matrices"])
        chained = PairDraw(draw.base, draw.copies | {"matrices": chain_matrices(draw.base, draw.copies["matrices"])}).to(self.device)
        tiles = self.images.take(indices)
        x, x_transformed = apply_draw(tiles, tiles, chained, self.size)
        assert self.settings.displacement is not None, "settings must be planned"
        positions = torch.from_numpy(indices).to(self.device, non_blocking=True)
        marks = None if self.marks is None else warp(self.marks.take(indices).float().div_(255), chained.base, self.size).round()
        guess = None if self.guess is None else self.guess.clusters(self._features(indices, tiles, x, chained.base))
        x = self._with_places(x, chained.base, indices)
        repeats = len(x_transformed) // len(indices)
        x_transformed = self._with_places(x_transformed, chained.copies["matrices"], np.tile(indices, repeats))
        upon = back.to(self.device)
        return TileBatch(positions, x, x_transformed, chained.base, upon, step, self.settings.displacement, marks, guess)

    def make_guess(self) -> Guess:
        """K-means on colours and places of cells of some tiles, evenly spread over the set."""
        chosen = np.unique(np.linspace(0, len(self) - 1, min(len(self), _GUESSED_TILES)).round().astype(np.int64))
        draws, points = np.random.default_rng(self.settings.seed), []
        of_each = max(_GUESSED_POINTS, 4 * self.settings.clusters // len(chosen) + 1)
        for indices in np.array_split(chosen, len(chosen) // _CHUNK + 1):
            tiles = self.images.take(indices)
            whole = torch.eye(2, 3, device=self.device).expand(len(indices), -1, -1)
            features = self._features(indices, tiles, tiles.float().div_(255), whole).flatten(1, 2).cpu().numpy()
            points += [one[draws.integers(0, len(one), of_each)] for one in features]
        return fit_guess(np.concatenate(points), self.settings.clusters, self.settings.guess_place, self.settings.seed)

    def _features(self, indices: IntArray, tiles: Tensor, x: Tensor, base: Tensor) -> Tensor:
        """(B, c, c, C + 2) of cells of about 2 x 2 pixels of x, which lies in uint8 tiles where (B, 2, 3) `base` says."""
        side = -(-x.shape[-1] // 2)
        usual = tiles.float().mean(dim=(-2, -1)) / 255
        return cell_features(x, usual, places_of(base, self._frames(indices), side, side, self.transforms))


@dataclass(frozen=True)
class PixelObjective:
    """The sum to be minimised for pixels: as published, `marginal_weight` is that of the main head only.

    Attributes:
        settings: planned settings.
        heads: which heads learn in this step.
        guess_weight: of what the first guess teaches the main head.
    """

    settings: TrainSettings
    heads: tuple[str, ...]
    guess_weight: float = 0.0

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.heads

    def __call__(self, outputs: dict[str, Tensor], batch: TileBatch, processes: Processes) -> tuple[Tensor, StepResult]:
        losses, counts, shuffled = {}, {}, {}
        parts = []
        soft = soft_transformed = None
        for head in self.heads:
            z, upon, mask = batch.aligned(*batch.own(outputs[head]))
            found = processes.sum(self.pair_counts(z, upon, mask, batch.step))
            weight = self.settings.marginal_weight if head == MAIN else 1.0
            losses[head] = displacement_loss(found, weight)
            parts.append(losses[head].mean() * (self.settings.overclustering_weight if head == OVERCLUSTERING else 1.0))
            if head == MAIN and batch.guess is not None and self.guess_weight:
                guess = functional.interpolate(batch.guess[:, None].float(), mask.shape[-2:], mode="nearest")[:, 0].long()
                parts.append(self.guess_weight * guess_loss((z, upon), mask, guess) / processes.sum(mask.sum()).clamp_min(1))
            with torch.no_grad():
                counts[head] = found if self.settings.is_collapsed else found.sum(dim=1)
                shuffled[head] = processes.sum(_shuffled_counts(z, upon, mask))
                if head == MAIN:
                    soft, soft_transformed = batch.at_points(z[:, : len(batch.x)]), batch.at_points(upon[:, : len(batch.x)])
        visible = batch.visible()
        places = (batch.positions[:, None] * len(POINTS) + torch.arange(len(POINTS), device=visible.device))[visible]
        if soft is not None and soft_transformed is not None:
            soft, soft_transformed = soft[:, visible], soft_transformed[:, visible]
        return torch.stack(parts).sum(), StepResult(detached(losses), detached(counts), shuffled, places, soft, soft_transformed)

    def pair_counts(self, z: Tensor, upon: Tensor, mask: Tensor, step: int) -> Tensor:
        """(H, T, K, K) counts for each displacement, or (H, K, K) for all together."""
        displacement = self.settings.displacement or 0
        if self.settings.is_collapsed:
            return collapsed_counts(z, upon, displacement, mask)
        if drawn := self.settings.displacements_drawn:
            chosen = draw_displacements(displacement, drawn, seeded(self.settings.seed, _DISPLACEMENT_STREAM, step))
            return some_displacement_counts(z, upon, chosen, mask)
        return displacement_counts(z, upon, displacement, mask)


def _shuffled_counts(z: Tensor, upon: Tensor, mask: Tensor) -> Tensor:
    """(H, K, K) counts of pixels that have nothing to do with each other: each with one from another place of the batch."""
    own, other = ((maps * mask[None, :, None]).movedim(2, -1).flatten(1, 3) for maps in (z, upon))
    count = own.shape[1]
    step = _SHUFFLE + (count % _SHUFFLE == 0)
    scattered = (torch.arange(count, device=own.device) * step + count // 3) % count
    return torch.einsum("hni,hnj->hij", own, other[:, scattered])


@torch.no_grad()
def evaluate_tiles(
    network: PixelNetwork, batches: TileBatches, image_ids: IntArray, processes: Processes | None = None, heads: tuple[str, ...] = HEADS
) -> Iterator[int | SetResult]:
    """Run the network over the tiles, at most `_MOST_EVALUATED` spread evenly; yields the number done so far, and the result last.

    The losses are those of the training objective, at as many displacements as a step sees and with a `marginal_weight` of 1. The
    assignments are of images: the mean over all pixels of an image, which is how much of it each cluster covers.

    Args:
        image_ids: (N,) ids of the images that the tiles belong to, in the order of `batches`.
    """
    processes = processes or Processes()
    objective = PixelObjective(batches.settings, heads)
    chosen = np.unique(np.linspace(0, len(batches) - 1, min(len(batches), _MOST_EVALUATED)).round().astype(np.int64))
    network.eval()
    counts = {head: _no_counts(network, batches.settings, head, batches.device) for head in heads}
    means: dict[int, dict[str, Tensor]] = {}
    starts = range(0, len(chosen), _CHUNK)
    for start in starts[processes.share()]:
        batch = batches.views_of(chosen[start : start + _CHUNK])
        z, z_transformed = network(batch.x, heads), network(batch.x_transformed, heads)
        for head in heads:
            counts[head] += objective.pair_counts(*batch.aligned(z[head], z_transformed[head]), step=0)
        means[start] = {head: z[head].mean(dim=(-2, -1)).transpose(0, 1).half().cpu() for head in heads}
        yield min(start + _CHUNK, len(chosen))
    network.train()
    counts = {head: processes.sum(value) for head, value in counts.items()}
    shards = processes.gather(means)
    if not shards:
        return
    means = {start: part for shard in shards for start, part in shard.items()}
    losses = {head: displacement_loss(value).cpu().numpy() for head, value in counts.items()}
    joints = {head: normalise_joint(value if value.dim() == 3 else value.sum(dim=1)).cpu().numpy() for head, value in counts.items()}
    together = {head: torch.cat([means[start][head] for start in starts]) for head in heads}
    overclusters = _overclusters(together, losses, image_ids[chosen])
    yield SetResult(joints, losses, losses[MAIN], together[MAIN], image_ids[chosen], overclusters)


def _no_counts(network: PixelNetwork, settings: TrainSettings, head: str, device: torch.device) -> Tensor:
    shape = network.head(head)
    square = (2 * (settings.displacement or 0) + 1) ** 2
    displacements = () if settings.is_collapsed else (min(settings.displacements_drawn or square, square),)
    return torch.zeros(shape.num_sub_heads, *displacements, shape.num_clusters, shape.num_clusters, device=device)


def _overclusters(means: dict[str, Tensor], losses: dict[str, np.ndarray], owners: IntArray) -> Overclusters | None:
    """The two overclusters that cover most of each image."""
    if OVERCLUSTERING not in means:
        return None
    best = int(np.argmin(losses[OVERCLUSTERING]))
    covered = to_assignments(means[OVERCLUSTERING], best, owners)
    order = np.argsort(-covered.probabilities, axis=1, kind="stable")
    return Overclusters(covered.image_ids, order[:, 0], order[:, min(1, order.shape[1] - 1)], best)


@torch.no_grad()
def assign_sampled_pixels(network: PixelNetwork, batches: TileBatches, sub_head: int) -> IntArray:
    """(M,) clusters of the pixels of some tiles, evenly spread over the set."""
    chosen = np.unique(np.linspace(0, len(batches) - 1, _SAMPLED_TILES).round().astype(np.int64))
    network.eval()
    z = network(batches.centre(chosen), (MAIN,))[MAIN][sub_head]
    network.train()
    return np.asarray(z.argmax(dim=1).flatten().cpu().numpy(), dtype=np.int64)
