"""How clusters of pixels and overclusters overlap in the pictures of a run, which has to be known before a class is split, and what a split
means for the run's network.

An estimate comes from the pieces of pictures that the run learned from, in seconds; writing masks or measuring areas counts every pixel.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from iic_studio.curation import load_curation
from iic_studio.errors import StudioError
from iic_studio.evaluation.pixel_parts import Division, division_of, overlaps_from
from iic_studio.iic.networks import HEADS, MAIN, OVERCLUSTERING
from iic_studio.jobs.sharing import CachedTiles
from iic_studio.jobs.tiles import IMAGE_IDS, tile_cache
from iic_studio.project.arrays import kept_arrays
from iic_studio.project.store import Project
from iic_studio.records import Assignments, IntArray, Overlaps, Part
from iic_studio.training.batches import Images
from iic_studio.training.plan import choose_device
from iic_studio.training.predict import predict
from iic_studio.training.segment import Segmenter
from iic_studio.training.tiles import TileBatches

# In the summary of a run: whether its assignments count every pixel.
AREAS_EXACT = "areas_exact"
_MOST_TILES, _CHUNK = 512, 32


def tiles_of_run(project: Project, run: str, segmenter: Segmenter) -> tuple[TileBatches, IntArray]:
    """The pieces of pictures that a run learned from, and (M,) whose they are.

    Raises:
        StudioError: they are gone.
    """
    ids = np.load(project.run_dir(run) / IMAGE_IDS, allow_pickle=False)
    cache = tile_cache(project, segmenter.settings, len(ids))
    if not len(cache.rows(ids)):
        raise StudioError("The pieces of pictures that this run learned from are gone.", "Train again.")
    tiles = CachedTiles.of(cache, ids, {row.id: (row.width, row.height) for row in project.images()})
    batches = TileBatches(
        Images(cache.pixels(), tiles.rows, segmenter.network.shape.channels, segmenter.device), segmenter.settings, None, None
    )
    batches.frames = tiles.frames
    return batches, tiles.image_ids


def division_for(segmenter: Segmenter, parts: tuple[Part, ...], labels: IntArray) -> Division | None:
    """What parts mean for a network.

    Args:
        labels: (K,) of its clusters.
    """
    return division_of(parts, labels, segmenter.network.head(OVERCLUSTERING).num_clusters)


def known_overlaps(project: Project, run: str, parts: tuple[Part, ...]) -> Assignments:
    """What a run on pixels says, with its overlaps; they are estimated and kept where they are not known.

    Args:
        parts: that its clusters have already: their sub-head speaks, else that of lowest loss.

    Raises:
        StudioError: the run has no network for pixels, or not one of these clusters, or its pieces of pictures are gone.
    """
    said = project.load_assignments(run)
    if said is None:
        raise StudioError("This run has no classes yet.", "Train first.")
    sub_head = over_sub_head(project.run_dir(run), parts)
    if sub_head is None:
        raise StudioError("This run has no finer clusters.", "Train again.")
    if said.overlaps is not None and said.overlaps.sub_head == sub_head:
        return said
    overlaps = _estimated(project, run, said, sub_head)
    now = project.load_assignments(run)  # areas may have been measured meanwhile
    if now is None or now.sub_head != said.sub_head or not np.array_equal(now.image_ids, said.image_ids):
        return known_overlaps(project, run, parts)
    if now.overlaps is not None and now.overlaps.sub_head == sub_head:
        return now
    now = replace(now, overlaps=overlaps)
    if project.writable:
        project.save_assignments(run, now)
    return now


def estimate_areas_again(project: Project, run: str) -> None:
    """After training: areas are estimates; what images have of parts is known again, if the run's clusters have any."""
    project.update_run(run, summary={AREAS_EXACT: False})
    if parts := load_curation(project).parts_of(run):
        known_overlaps(project, run, parts)


def over_sub_head(folder: Path, parts: tuple[Part, ...] = ()) -> int | None:
    """Which overclustering sub-head of a run speaks: that of the parts of its clusters, else the best; None for a run without."""
    if parts:
        return parts[0].sub_head
    found = kept_arrays(folder / "overclusters.npz", "reading the finer clusters", "sub_head")
    return int(found["sub_head"]) if "sub_head" in found else None


@torch.no_grad()
def _estimated(project: Project, run: str, said: Assignments, sub_head: int) -> Overlaps:
    """Overlaps of images, counted in pieces of them that are spread evenly; none of images without any."""
    segmenter = Segmenter.load(project.run_dir(run), choose_device("auto"))
    if segmenter.sub_head != said.sub_head:
        raise StudioError("Training goes on, and its model is not of these clusters.", "Split when training has ended.")
    batches, owners = tiles_of_run(project, run, segmenter)
    num_overclusters = segmenter.network.head(OVERCLUSTERING).num_clusters
    chosen = np.unique(np.linspace(0, len(batches) - 1, min(len(batches), _MOST_TILES)).round().astype(np.int64))
    found: dict[int, IntArray] = {}
    for start in range(0, len(chosen), _CHUNK):
        some = chosen[start : start + _CHUNK]
        soft = predict(segmenter.network, batches.centre(some), HEADS)
        clusters = soft[MAIN][segmenter.sub_head].argmax(dim=1)
        pairs = (clusters * num_overclusters + soft[OVERCLUSTERING][sub_head].argmax(dim=1)).flatten(1).cpu().numpy()
        for image, of_tile in zip(owners[some].tolist(), pairs, strict=True):
            found[image] = np.concatenate([found.get(image, np.zeros(0, np.int64)), of_tile])
    nothing = np.zeros(0, np.int64)
    counted = [np.unique(found[one], return_counts=True) if one in found else (nothing, nothing) for one in said.image_ids.tolist()]
    return overlaps_from(counted, num_overclusters, sub_head, is_exact=False)
