"""What an encoder sees in the images of a project: each file is read once at the encoder's size, looked at in a few views, and kept.

The first view is the middle; the others are random crops, half of them mirrored, the same for the same image. Child processes read, and
the next batch is cut, while the encoder looks at one. A stop loses at most these two.
"""

import contextlib
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.evaluation.baselines import kmeans_on_vectors
from iic_studio.events import Event
from iic_studio.images.tiles import Scale
from iic_studio.images.worker import Facts
from iic_studio.jobs.pictures import pixels_of, read_pictures
from iic_studio.jobs.running import Pace
from iic_studio.jobs.sharing import CachedImages, CachedViews
from iic_studio.project.record_file import Marks
from iic_studio.project.records import ImageRow
from iic_studio.project.store import Project, disk_errors
from iic_studio.project.view_file import ViewFile
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.cpu_memory import freed_memory_kept
from iic_studio.training.encoders import Encoder, Preprocessing, find_weights, load_encoder
from iic_studio.training.plan import choose_device
from iic_studio.training.run_state import check_trunk
from iic_studio.training.streams import compute_alone, streams

NUM_VIEWS = 2
BATCH = 32
_SMALLEST_CROP = 0.5


def weights_of(settings: TrainSettings) -> Path:
    """The file with the weights of the encoder that settings name.

    Raises:
        StudioError: as `training.encoders.find_weights`.
    """
    return find_weights(settings.encoder, Path(settings.weights) if settings.weights else None)


def with_fitting_weights(settings: TrainSettings) -> TrainSettings:
    """Settings with the file of weights to start from; what is wrong with one that a person named is told before a picture is read.

    Raises:
        StudioError: there is none, it cannot be read, or it is of another network.
    """
    if settings.is_pretrained:
        path = weights_of(settings)
        if settings.weights:
            load_encoder(settings.encoder, path, torch.device("cpu"))
        return replace(settings, weights=str(path.absolute()))
    if settings.weights:
        check_trunk(settings, Path(settings.weights))
    return settings


def encoder_of(settings: TrainSettings) -> Encoder:
    """The encoder that settings name, on the best device of those they allow.

    Raises:
        StudioError: as `training.encoders.load_encoder`.
    """
    return load_encoder(settings.encoder, weights_of(settings), choose_device(settings.device))


def images_for(project: Project, settings: TrainSettings, rows: list[ImageRow]) -> Generator[Event, None, CachedImages | CachedViews]:
    """Some images of a project as a network with these settings wants them: from the training cache, or as its encoder sees them."""
    if not settings.is_pretrained:
        return CachedImages.of(project, np.array([row.id for row in rows], dtype=np.int64))
    return (yield from look_through(project, encoder_of(settings), rows))


def kmeans_beside(images: CachedViews, num_clusters: int, seed: int) -> IntArray:
    """(N,) clusters of k-means on what the encoder saw in the middle of each image, about the mean of all and at length 1."""
    with images.pixels() as views:
        points = np.empty((len(images.rows), views.shape[2]), np.float32)  # the one copy that is held
        for part in np.array_split(np.arange(len(points)), len(points) // 4_096 + 1):
            points[part] = views[images.rows[part], 0]
    points -= points.mean(axis=0)
    points /= np.maximum(np.sqrt(np.einsum("nd,nd->n", points, points))[:, None], 1e-12)
    return kmeans_on_vectors(points, num_clusters, seed)


def look_through(project: Project, encoder: Encoder, rows: list[ImageRow]) -> Generator[Event, None, CachedViews]:
    """Views of some images: from the cache, and computed where they are not there yet.

    Raises:
        StudioError: a file can no longer be read, or there is no room.
    """
    ids = np.array([row.id for row in rows], dtype=np.int64)
    marks: Marks = np.array([int.from_bytes((row.quick_hash or b"")[:8], "little") for row in rows], dtype=np.uint64)
    folder, digest = project.cache / "encoded", f"{encoder.digest}-{NUM_VIEWS}"
    file = ViewFile.open(folder, digest)
    missing = np.flatnonzero(file.rows_of(ids, marks) < 0) if file is not None else np.arange(len(ids))
    if len(missing):
        mark_of = dict(zip(ids.tolist(), marks.tolist(), strict=True))
        with disk_errors("keeping what the encoder sees"):
            pace = Pace("features", len(missing))
            for seen, found, features in _batches(project, encoder, [rows[place] for place in missing]):
                if file is None:
                    file = ViewFile.create(folder, digest, NUM_VIEWS, features.shape[-1])
                file.append(found, np.array([mark_of[int(one)] for one in found], dtype=np.uint64), features)
                yield from pace.at(seen)
    if file is None:
        raise StudioError("No image can be read any more.", "Look for new pictures, then train again.")
    known = file.rows_of(ids, marks)
    if (known < 0).any():
        path = rows[int(np.flatnonzero(known < 0)[0])].path
        raise StudioError(f"{path} can no longer be read.", "Look for new pictures, then train again.")
    return CachedViews(file, known, ids)


def _batches(project: Project, encoder: Encoder, rows: list[ImageRow]) -> Iterator[tuple[int, IntArray, FloatArray]]:
    """How many images were read, and ids and (B, V, D) features of the last of them, some at a time."""
    wants = encoder.preprocessing
    project.cache.mkdir(parents=True, exist_ok=True)
    before: _Batch | None = None
    held: list[Facts] = []
    with (
        freed_memory_kept() if encoder.device.type == "cpu" else contextlib.nullcontext(),
        ThreadPoolExecutor(1, "views", initializer=compute_alone) as cutting,
        streams(encoder.device) as pool,
        contextlib.closing(read_pictures(project, rows, scale_for(wants), wants.short_side)) as pictures,
    ):
        for seen, facts in enumerate(pictures, start=1):
            if not facts.reason:
                held.append(facts)
            if held and (len(held) == BATCH or seen == len(rows)):
                batch = _Batch(seen, [one.image_id for one in held], cutting.submit(_views_of_all, held, wants))
                held = []
                if before is not None:  # which was cut while the encoder looked at the one before
                    yield before.seen_by(encoder, pool)
                before = batch
        if before is not None:
            yield before.seen_by(encoder, pool)


@dataclass(frozen=True)
class _Batch:
    """Some pictures on their way to the encoder: how many were read so far, the ids of these, and their views to come."""

    seen: int
    ids: list[int]
    views: Future[Tensor]

    def seen_by(self, encoder: Encoder, pool: Executor | None) -> tuple[int, IntArray, FloatArray]:
        features = encoder(self.views.result(), pool).unflatten(0, (-1, NUM_VIEWS)).numpy()
        return self.seen, np.array(self.ids, dtype=np.int64), features


def _views_of_all(pictures: list[Facts], wants: Preprocessing) -> Tensor:
    """(B·V, 3, size, size) of some pictures."""
    views = []
    for facts in pictures:
        with pixels_of(facts) as planes:
            views.append(views_of(np.broadcast_to(planes, (3, *planes.shape[1:])).copy(), wants, facts.image_id))
    return torch.cat(views)


def scale_for(wants: Preprocessing) -> Scale:
    """At which pictures are read: small ones as they are, since torch enlarges them in less than half of Pillow's time."""
    return Scale(wants.short_side, enlarges=False)


def views_of(picture: npt.NDArray[np.uint8], wants: Preprocessing, image_id: int) -> Tensor:
    """(V, 3, size, size) uint8: the middle, then random crops that depend on the image alone.

    Args:
        picture: (3, H, W) at `scale_for` what the encoder wants.
    """
    whole = _not_smaller(torch.from_numpy(np.ascontiguousarray(picture)), wants.short_side)
    height, width = whole.shape[1:]
    side = min(wants.size, height, width)
    views = [_cut(whole, (height - side) // 2, (width - side) // 2, side, wants.size)]
    rng = np.random.default_rng(image_id)
    for _ in range(NUM_VIEWS - 1):
        crop = max(1, round(min(height, width) * float(np.sqrt(rng.uniform(_SMALLEST_CROP, 1)))))
        top, left = (int(rng.integers(0, room + 1)) for room in (height - crop, width - crop))
        view = _cut(whole, top, left, crop, wants.size)
        views.append(view.flip(2) if rng.random() < 0.5 else view)
    return torch.stack(views)


def _not_smaller(whole: Tensor, short_side: int) -> Tensor:
    """(3, h, w) of a picture, enlarged if its short side is shorter; a long strip stays short of it."""
    width, height = Scale(short_side).size_of(whole.shape[2], whole.shape[1])
    return _resized(whole, height, width) if height * width > whole[0].numel() else whole


def _cut(whole: Tensor, top: int, left: int, side: int, size: int) -> Tensor:
    part = whole[:, top : top + side, left : left + side]
    return part if side == size else _resized(part, size, size)


def _resized(part: Tensor, height: int, width: int) -> Tensor:
    # In bytes: a third of the time of floats, and never more than one level from them.
    return functional.interpolate(part[None], size=(height, width), mode="bilinear", antialias=True, align_corners=False)[0]
