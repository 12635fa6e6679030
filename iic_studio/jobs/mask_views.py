"""Masks of single pictures, for looking at, by a run that has ended or the network of one under way; joints of single displacements.

No job: whoever looks asks from a thread of its own, one thing at a time, and nothing is written but to the cache. Probabilities of all
pixels are kept for one picture, so they come at a size that a screen can show and memory can hold; small pictures come as they are.
"""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.images.ingest import read_all
from iic_studio.images.kinds import CHILD_ONLY, HEAD_BYTES, kind_of
from iic_studio.images.worker import Facts, Setup, scale_one
from iic_studio.jobs.indexing import high_bit_range, tasks_of
from iic_studio.jobs.pixel_parts import division_for, over_sub_head, tiles_of_run
from iic_studio.jobs.tiles import scale_of
from iic_studio.project.records import ImageRow, RunRow
from iic_studio.project.store import Project
from iic_studio.records import FloatArray, IntArray, Part
from iic_studio.training.checkpoint import MODEL
from iic_studio.training.displaced import PixelPairs
from iic_studio.training.live import LiveWeights
from iic_studio.training.plan import choose_device
from iic_studio.training.run_state import network_of
from iic_studio.training.segment import Picture, Segmenter, entropy

MOST_VALUES = 24_000_000  # probabilities of a view
MOST_SIDE = 1_600
_TILES = 48


@dataclass(frozen=True, eq=False)
class MaskView:
    """The mask of one picture.

    Attributes:
        image_id: of the picture.
        run: whose network spoke.
        step: optimiser steps it had taken; 0 for a run that has ended.
        width, height: of the original, upright.
        probabilities: (K, h, w) float16; h and w are at most those of the original.
        ids: (h, w) most likely cluster.
        entropy: (h, w) 0–255, as a share of the most there can be.
        labels: (K,) what the clusters, and behind them their parts, are called throughout their run.
        owners: (K,) label of the cluster that each is a part of; its own for a cluster.
        parts: that these clusters were divided into.
        mark: of the file that was read; another one when the file was written again.
    """

    image_id: int
    run: str
    step: int
    width: int
    height: int
    probabilities: npt.NDArray[np.float16]
    ids: npt.NDArray[np.uint8]
    entropy: npt.NDArray[np.uint8]
    labels: IntArray
    owners: IntArray
    parts: tuple[Part, ...] = ()
    mark: tuple[int, int] = (0, 0)

    @property
    def areas(self) -> FloatArray:
        """(K,) share of the picture that each cluster covers."""
        counts = np.bincount(self.ids.ravel(), minlength=len(self.probabilities))
        return np.asarray(counts / max(self.ids.size, 1), np.float32)

    def at(self, x: int, y: int) -> tuple[int, int]:
        """Row and column of the pixel (x, y) of the original."""
        height, width = self.ids.shape
        return min(y * height // self.height, height - 1), min(x * width // self.width, width - 1)


def view_size(width: int, height: int, num_clusters: int) -> tuple[int, int]:
    """Width and height at which a picture's mask is looked at."""
    share = min(1.0, MOST_SIDE / max(width, height), (MOST_VALUES / (width * height * num_clusters)) ** 0.5)
    return max(1, round(width * share)), max(1, round(height * share))


class MaskViews:
    """Makes masks of single pictures of a project; for one thread.

    Args:
        place: name in the cache for pictures that memory does not hold; each thread needs its own.
    """

    def __init__(self, project: Project, place: str = "looked_at") -> None:
        self._project, self._place = project, place
        self._network: tuple[tuple[str, int, int], Segmenter, IntArray] | None = None
        self._picture: tuple[tuple[object, ...], Facts, Picture] | None = None
        self._pairs: tuple[tuple[str, int], PixelPairs] | None = None

    def has_model(self, run: RunRow) -> bool:
        """Whether a run was trained on pixels, and its network is kept."""
        return run.settings.get("task") == "pixels" and (self._project.run_dir(run.id) / MODEL).is_file()

    def mask(
        self, run: str, image_id: int, weights: LiveWeights | None = None, parts: tuple[Part, ...] = (), known: MaskView | None = None
    ) -> MaskView:
        """The mask of a picture.

        Args:
            run: id of the run whose network speaks.
            image_id: of the picture.
            weights: of the network as it is now, while the run is under way.
            parts: of its clusters.
            known: made before by the same network, with the same parts; it is the answer unless the file is another one by now.

        Raises:
            StudioError: the picture cannot be read, or the run has no network for pixels.
        """
        image = self._project.image(image_id)
        mark = self._mark_of(image)
        if known is not None and known.mark == mark:
            return known
        segmenter, labels = self._segmenter(run, weights)
        facts, picture = self._read(image, segmenter.settings)
        segmenter.division = division_for(segmenter, parts, labels)
        owners = np.arange(segmenter.settings.clusters) if segmenter.division is None else segmenter.division.owners
        num_clusters = len(owners)
        width, height = view_size(facts.width, facts.height, num_clusters)
        soft = np.empty((num_clusters, height, width), np.float16)
        ids, unsure = np.empty((height, width), np.uint8), np.empty((height, width), np.uint8)
        for row, band in segmenter.probabilities(picture, width, height):
            some = slice(row, row + band.shape[1])
            soft[:, some], ids[some] = band, band.argmax(axis=0)
            unsure[some] = np.rint(entropy(band) * 255)
        step = weights.step if weights else 0
        every = np.concatenate([labels, np.array([part.label for part in parts], np.int64)])
        return MaskView(image_id, run, step, facts.width, facts.height, soft, ids, unsure, every, labels[owners], parts, mark)

    def joints(self, run: str, offset: tuple[int, int], weights: LiveWeights | None = None) -> dict[str, FloatArray]:
        """Joints of pixels with those a displacement away, over some tiles of the run.

        Args:
            offset: cells of the network's map to the right and down.

        Returns:
            Head -> (H, K, K), each (K, K) sums to 1.

        Raises:
            StudioError: the run has no network for pixels, or its tiles are gone.
        """
        key = (run, weights.step if weights else 0)
        if self._pairs is None or self._pairs[0] != key:
            segmenter, _ = self._segmenter(run, weights)
            self._pairs = (key, self._look_at_tiles(run, segmenter))
        return self._pairs[1].joints(*offset)

    def segmenter(self, run: str) -> Segmenter:
        """The network of a run that has ended.

        Raises:
            StudioError: it has none for pixels.
        """
        return self._segmenter(run, None)[0]

    def opened(self, run: str, image_id: int) -> tuple[Segmenter, Facts, Picture]:
        """The network of a run that has ended, and a picture at the scale it was trained at.

        Raises:
            StudioError: as `mask`.
        """
        segmenter = self.segmenter(run)
        return segmenter, *self._read(self._project.image(image_id), segmenter.settings)

    def finer_ids(self, run: str, image_id: int, width: int, height: int, parts: tuple[Part, ...] = ()) -> npt.NDArray[np.int16]:
        """(height, width) most likely overcluster of each pixel of a picture, by the sub-head of the parts of clusters if there are any.

        Raises:
            StudioError: as `mask`, or the run has no overclusters.
        """
        sub_head = over_sub_head(self._project.run_dir(run), parts)
        if sub_head is None:
            raise StudioError("This run has no finer clusters.", "Choose another map.")
        segmenter, _, picture = self.opened(run, image_id)
        bands = (band.argmax(axis=0).astype(np.int16) for _, band in segmenter.finer(sub_head).probabilities(picture, width, height))
        return np.concatenate(list(bands))

    def close(self) -> None:
        """Let go of files."""
        self._network = self._pairs = None
        self._forget_picture()

    # Parts ----------------------------------------------------------------------------------------------------------------------------

    def _segmenter(self, run: str, weights: LiveWeights | None) -> tuple[Segmenter, IntArray]:
        """The network, and what its clusters are called; by the sub-head that the pictures of the project are sorted by."""
        step = weights.step if weights else 0
        said = self._project.load_assignments(run)
        key = (run, step, said.sub_head if said else 0)
        if self._network is None or self._network[0] != key:
            if weights is None:
                found = Segmenter.load(self._project.run_dir(run), choose_device("auto"))
            else:
                network = network_of(weights, choose_device("auto"))
                assert isinstance(network, PixelNetwork), "asked of a run on pixels only"
                found = Segmenter(network, weights.settings, said.sub_head if said else 0, choose_device("auto"))
            labels = said.cluster_labels if said is not None and said.sub_head == found.sub_head else np.arange(found.settings.clusters)
            self._network = (key, found, labels)
        return self._network[1], self._network[2]

    def _mark_of(self, image: ImageRow) -> tuple[int, int]:
        """Time and size of a file as it is now; whether it can be read comes out when it is."""
        with contextlib.suppress(OSError):
            found = (self._project.folder / image.path).stat()
            return found.st_mtime_ns, found.st_size
        return 0, 0

    def _read(self, image: ImageRow, settings: TrainSettings) -> tuple[Facts, Picture]:
        scale = scale_of(settings)
        key = (image.id, self._mark_of(image), scale, settings.channels)
        if self._picture is None or self._picture[0] != key:
            self._forget_picture()
            place = os.fspath(self._project.cache / self._place)
            setup = Setup(place, MOST_SIDE, high_bit_range(self._project), pictures=scale, channels=settings.channels or 3)
            facts = self._read_at(image, setup)
            if facts.picture is None:
                raise StudioError(f"This file {facts.reason}.")
            picture = np.load(facts.picture, mmap_mode="r", allow_pickle=False) if isinstance(facts.picture, Path) else facts.picture
            self._picture = (key, facts, picture)
        return self._picture[1], self._picture[2]

    def _read_at(self, image: ImageRow, setup: Setup) -> Facts:
        """In this thread if the kind of file allows that, else in a child process."""
        (task,) = tasks_of(self._project, [image])
        assert setup.pictures is not None
        try:
            with Path(task.path).open("rb") as file:
                kind = kind_of(file.read(HEAD_BYTES), Path(task.path).suffix.lower())
        except OSError as error:
            raise StudioError(f"This file cannot be read: {error}.") from error
        if kind not in CHILD_ONLY:
            return scale_one(task, setup.pictures, setup.high_bit_range, Path(setup.training_file), setup.channels)
        with contextlib.closing(read_all([task], setup)) as batches:
            return next(one for batch in batches for one in batch)

    def _forget_picture(self) -> None:
        if self._picture is not None and isinstance(self._picture[1].picture, Path):
            self._picture[1].picture.unlink(missing_ok=True)
        self._picture = None

    def _look_at_tiles(self, run: str, segmenter: Segmenter) -> PixelPairs:
        return PixelPairs(segmenter.network, tiles_of_run(self._project, run, segmenter)[0], _TILES)


def mask_views(project: Project, place: str = "looked_at") -> MaskViews:
    """Masks of single pictures of a project; to be closed with it."""
    return MaskViews(project, place)
