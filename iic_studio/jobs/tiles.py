"""Tiles of a project's images, for training on pixels: cut once, kept in the cache until an image changes."""

import contextlib
from collections.abc import Generator

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import Event, WarningRaised
from iic_studio.images.large import MOST_CHANNELS, tiff_size
from iic_studio.images.tile_cache import TileCache
from iic_studio.images.tiles import Scale, TilePlan
from iic_studio.jobs.indexing import high_bit_range, tasks_of
from iic_studio.jobs.running import Pace
from iic_studio.project.records import OK, PROBLEM, ImageRow
from iic_studio.project.store import Project
from iic_studio.records import IntArray
from iic_studio.training.plan_pixels import is_dense, tile_side

IMAGE_IDS = "image_ids.npy"  # of a run: whose tiles it learned from


def scale_of(settings: TrainSettings) -> Scale:
    """The scale at which pixels are clustered, by planned settings."""
    assert settings.short_side is not None, "settings must be planned"
    return Scale(settings.short_side, settings.shrink, settings.standardised)


def tile_plan(settings: TrainSettings, num_images: int) -> TilePlan:
    """How tiles are cut for a run, by its planned settings."""
    assert settings.tiles_per_image, "settings must be planned"
    return TilePlan(scale_of(settings), tile_side(settings), settings.tiles_per_image, is_dense(num_images), settings.channels or 3)


def channels_of(project: Project, rows: list[ImageRow], settings: TrainSettings) -> int:
    """How many channels pictures have: 3, or with the inputs "all" what their TIFF files hold, for example infra-red.

    Raises:
        UsageError: the files differ, or have too many.
    """
    if settings.inputs != "all":
        return 3
    found = {size.channels if size is not None else 0 for size in (tiff_size(f"{project.folder}/{row.path}") for row in rows)}
    if max(found, default=0) <= 3:
        return 3
    if len(found) > 1:
        raise UsageError("Not all pictures have the same number of channels.", "Segment them in folders of their own, or use --inputs rgb.")
    if max(found) > MOST_CHANNELS:
        raise UsageError(f"The pictures have {max(found)} channels; {MOST_CHANNELS} can be used.", "Use --inputs rgb for the first three.")
    return max(found)


def tile_cache(project: Project, settings: TrainSettings, num_images: int) -> TileCache:
    """The tiles of a run, as far as they are cut."""
    return TileCache(project.cache, tile_plan(settings, num_images), project.last_image_id())


def cut_tiles(project: Project, settings: TrainSettings, image_ids: IntArray) -> Generator[Event, None, TileCache]:
    """Cut what is not yet there of the tiles of some images.

    Raises:
        StudioError: no image can be read any more.
    """
    wanted = {int(one) for one in image_ids}
    cache = tile_cache(project, settings, len(wanted))
    rows = [row for row in project.images(OK) if row.id in wanted]
    lacking = {row.id: row for row in rows if cache.lacks(row.id, row.quick_hash)}
    done, pace = 0, Pace("tiles", len(lacking))
    with contextlib.closing(cache.cut(tasks_of(project, list(lacking.values())), high_bit_range(project))) as batches:
        for batch in batches:
            for image_id, reason in batch:
                if reason:
                    project.set_image_status([image_id], PROBLEM, reason)
                    yield WarningRaised(message=f"{lacking[image_id].path} {reason}.", hint="It is left out.")
            done += len(batch)
            yield from pace.at(done)
    if not len(cache.rows(image_ids)):
        raise StudioError("None of the images can be read any more.", "Check that the folder is there, and index it again.")
    return cache
