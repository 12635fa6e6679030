"""Work that several processes share, started by `torchrun`: the first one runs the job, the others help it.

The first process alone opens the project, plans, writes and speaks. What the others need to know of a job they get in one message, the
images they read from the same training cache; so all processes have to see the project's folder. An error in the first process ends it,
and `torchrun` then ends the others.
"""

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from iic_studio.config import TrainSettings
from iic_studio.images.cache import ImageCache
from iic_studio.images.tile_cache import TileCache
from iic_studio.images.tiles import TilePlan, tile_frames
from iic_studio.jobs.assigning import TrainedModel
from iic_studio.jobs.indexing import open_cache
from iic_studio.project.store import Project
from iic_studio.project.view_file import ViewFile
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.processes import Processes, started_processes
from iic_studio.training.trainer import TrainingData, train

TRAIN, ASSIGN = "train", "assign"


@dataclass(frozen=True)
class CachedImages:
    """Where images lie: a cache folder, the side of its squares, the last image id, and which rows take part."""

    folder: Path
    side: int
    last_id: int
    rows: IntArray

    @classmethod
    def of(cls, project: Project, image_ids: IntArray) -> Self:
        """Some images of a project.

        Raises:
            StudioError: they were never indexed.
        """
        with open_cache(project) as cache:
            return cls(project.cache, cache.side, cache.rows, image_ids - 1)

    @property
    def image_ids(self) -> IntArray:
        """Of the rows that take part."""
        return self.rows + 1

    @contextmanager
    def pixels(self) -> Iterator[npt.NDArray[np.uint8]]:
        """(M, 3, S, S) uint8, memory-mapped."""
        with ImageCache.open(self.folder, self.side, self.last_id) as cache:
            yield cache.pixels()


@dataclass(frozen=True)
class CachedTiles:
    """Where tiles lie: a cache folder, how they are cut, the last image id, the rows that take part, whose they are, and where in these."""

    folder: Path
    plan: TilePlan
    last_id: int
    rows: IntArray
    image_ids: IntArray
    frames: FloatArray

    @classmethod
    def of(cls, cache: TileCache, image_ids: IntArray, sizes: Mapping[int, tuple[int, int]]) -> Self:
        """The tiles of some images, whose width and height are known by id."""
        rows = cache.rows(image_ids)
        owners = cache.owners(rows)
        # The tiles of an image lie one after the other, in the order they were cut.
        ids, counts = np.unique(owners, return_counts=True)
        order = np.argsort(np.unique(owners, return_index=True)[1])
        frames = [np.resize(tile_frames(*cache.plan.scale.size_of(*sizes[int(ids[one])]), cache.plan), (counts[one], 4)) for one in order]
        return cls(cache.folder, cache.plan, cache.last_id, rows, owners, np.concatenate(frames).astype(np.float32))

    @contextmanager
    def pixels(self) -> Iterator[npt.NDArray[np.uint8]]:
        """(M, 3, S, S) uint8, memory-mapped."""
        yield TileCache(self.folder, self.plan, self.last_id).pixels()


@dataclass(frozen=True)
class CachedViews:
    """Where what an encoder saw lies, which rows take part, and whose they are."""

    file: ViewFile
    rows: IntArray
    image_ids: IntArray

    @contextmanager
    def pixels(self) -> Iterator[npt.NDArray[np.float16]]:
        """(M, V, D), memory-mapped."""
        yield self.file.views()


@dataclass(frozen=True)
class Work:
    """What the first process tells the others.

    Attributes:
        kind: `TRAIN` or `ASSIGN`.
        run_folder: of the run.
        settings: planned settings as plain values; those of the model when images are assigned.
        images: the images, or their tiles; `extra` those for the overclustering head only.
        is_grey, resume: see `training.trainer`.
    """

    kind: str
    run_folder: Path
    settings: dict[str, Any]
    images: CachedImages | CachedTiles | CachedViews
    is_grey: bool = False
    extra: CachedImages | None = None
    resume: bool = False


def is_helper() -> bool:
    """Whether this process was started to help another one, before anything is imported or opened."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1 and int(os.environ.get("RANK", "0")) > 0


def announce(work: Work) -> Processes:
    """Tell the other processes, if there are any, what is to be done; returns all processes."""
    processes = started_processes()
    processes.from_first(work)
    return processes


@contextmanager
def training_data(work: Work) -> Iterator[TrainingData]:
    """The images of a training run, opened."""
    with contextlib.ExitStack() as opened:
        images = work.images
        data = TrainingData(opened.enter_context(images.pixels()), images.rows, images.image_ids, work.is_grey)
        if work.extra is not None:
            data = dataclasses.replace(data, extra_pixels=opened.enter_context(work.extra.pixels()), extra_rows=work.extra.rows)
        if isinstance(images, CachedTiles):
            data = dataclasses.replace(data, frames=images.frames)
        yield data


def help_out() -> None:
    """What the other processes do, for any job: wait for the message, then take their share."""
    processes = started_processes()
    work: Work = processes.from_first(None)
    if work.kind == TRAIN:
        with training_data(work) as data:
            for _ in train(data, TrainSettings.from_dict(work.settings), work.run_folder, resume=work.resume, processes=processes):
                pass
    else:
        with work.images.pixels() as pixels:
            for _ in TrainedModel.of(work.run_folder).say(pixels, work.images.rows, work.images.image_ids, processes):
                pass
    processes.leave()
