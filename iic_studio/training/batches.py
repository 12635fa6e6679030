"""Pairs for each step, from images that lie as uint8 in memory, on the device when they fit.

Randomness is a function of (seed, epoch) for the order and of (seed, step) for the transforms: nothing has to be saved to go on bit
for bit, and no per-image Python runs. Of several processes each makes its share of the same batch.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.iic.transforms import apply_draw, centre_view, draw_pairs, make_pair
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.first_guess import Guess
from iic_studio.training.objective import PairBatch
from iic_studio.training.processes import Processes

_COPY_LIMIT_BYTES = 4 << 30
_OWN_COPY_SHARE = 0.5
_ORDER_STREAM, PAIR_STREAM, VIEW_STREAM, _EXTRA_ORDER_STREAM, _EXTRA_PAIR_STREAM, _NEIGHBOUR_STREAM = 1, 2, 3, 4, 5, 6


def seeded(seed: int, stream: int, number: int) -> torch.Generator:
    """A CPU generator that depends on all three numbers and on nothing else."""
    state = np.random.SeedSequence((seed, stream, number)).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state[0]) & (2**63 - 1))


class Images:
    """A set of images, held on the device when they fit, else memory-mapped.

    Args:
        pixels: (M, C, S, S) uint8, may be memory-mapped.
        rows: (N,) rows of `pixels` that take part.
        channels: 1 takes the first channel (the images are grey), C all.
        device: where they are used.
    """

    def __init__(self, pixels: npt.NDArray[np.uint8], rows: IntArray, channels: int, device: torch.device) -> None:
        self.device, self.channels = device, channels
        self._rows = rows
        self._mapped: npt.NDArray[np.uint8] | None = pixels
        self._held: Tensor | None = None
        if len(rows) * channels * pixels.shape[-1] ** 2 <= self._room_bytes():
            self._held = torch.from_numpy(self._read(np.arange(len(rows)))).to(device)
            self._mapped = None

    def __len__(self) -> int:
        return len(self._rows)

    def take(self, indices: IntArray) -> Tensor:
        """(B, C, S, S) uint8 on the device."""
        if self._held is None:
            return torch.from_numpy(self._read(indices)).to(self.device)
        return self._held[torch.from_numpy(indices).to(self.device, non_blocking=True)]

    def _read(self, indices: IntArray) -> npt.NDArray[np.uint8]:
        assert self._mapped is not None
        return np.ascontiguousarray(self._mapped[self._rows[indices], : self.channels])

    def _room_bytes(self) -> int:
        if self.device.type == "cuda":
            return int(torch.cuda.mem_get_info(self.device)[0]) // 2
        return _COPY_LIMIT_BYTES


class Shuffled:
    """Positions of `batch_size` of `count` images for each step; a new order for each pass."""

    def __init__(self, count: int, batch_size: int, seed: int, stream: int) -> None:
        self._count, self._batch_size, self._seed, self._stream = count, min(batch_size, count), seed, stream
        self._epoch, self._order = -1, np.arange(0)

    @property
    def steps_per_epoch(self) -> int:
        """Full batches in one pass; the rest of an order, less than a batch, is left out of that pass."""
        return max(1, self._count // self._batch_size)

    def at(self, step: int) -> IntArray:
        """(B,) positions for a step."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._order = torch.randperm(self._count, generator=seeded(self._seed, self._stream, epoch)).numpy()
            self._epoch = epoch
        positions: IntArray = self._order[place * self._batch_size : (place + 1) * self._batch_size]
        return positions


@dataclass(frozen=True)
class Neighbours:
    """(N, k) positions of the images most like each image, all of them among the (M,) positions `candidates`."""

    positions: IntArray
    candidates: IntArray


@dataclass(frozen=True)
class Drawn:
    """(M,) positions that the steps from `first_step` on go through, instead of every image once a pass."""

    positions: IntArray
    first_step: int

    def at(self, step: int, batch_size: int) -> IntArray:
        """(B,) positions for a step."""
        start = (step - self.first_step) * batch_size
        return self.positions[start : start + batch_size]


class Batches:
    """The images of a run, as batches of pairs.

    Args:
        images: the images to be clustered, in the order in which results are returned.
        settings: planned settings (no gaps).
        extra: more images, for the overclustering head only.
        processes: those that share the work.

    Attributes:
        neighbours: images that show the same as each image, if they are known.
        copies_of_neighbours: whether half of the copies are made of one of these.
        drawn: which images come up, if not each once a pass.
        are_vectors: the network gets what an encoder saw, not pixels.
        marks: (1, S, S) for each tile, 0 where a pixel takes no part; None: all do.
        frames: (N, 4) where in its picture each tile lies: left, top, width, height, as shares of the picture; None: not known.
        guess: what teaches the main head early on, for tiles; None: nothing does.
    """

    are_vectors = False

    def __init__(self, images: Images, settings: TrainSettings, extra: Images | None = None, processes: Processes | None = None) -> None:
        assert settings.batch_size and settings.image_size and settings.transforms and settings.num_repeats, "settings must be planned"
        self.images, self.settings, self.transforms, self.size = images, settings, settings.transforms, settings.image_size
        self.device = images.device
        self.batch_size, self.num_repeats = settings.batch_size, settings.num_repeats
        self.neighbours: Neighbours | None = None
        self.copies_of_neighbours = False
        self.drawn: Drawn | None = None
        self.marks: Images | None = None
        self.frames: FloatArray | None = None
        self.guess: Guess | None = None
        self._processes = processes or Processes()
        self._order = Shuffled(len(images), settings.batch_size, settings.seed, _ORDER_STREAM)
        self._extra = extra
        self._extra_order = Shuffled(len(extra) if extra else 1, settings.batch_size, settings.seed, _EXTRA_ORDER_STREAM)

    def __len__(self) -> int:
        return len(self.images)

    @property
    def num_places(self) -> int:
        """How many places of the set are told about during training: here its images."""
        return len(self)

    def place_ids(self, image_ids: IntArray) -> IntArray:
        """(num_places,) which image each place belongs to, from the (N,) ids of the images."""
        return image_ids

    @property
    def channels(self) -> int:
        """Of the images, before the network's input layer."""
        return self.images.channels

    @property
    def steps_per_epoch(self) -> int:
        """Full batches in one pass over the images."""
        return self._order.steps_per_epoch

    def at(self, step: int, *, with_extra: bool = True) -> PairBatch:
        """This process's pairs of a step."""
        indices = self._order.at(step) if self.drawn is None else self.drawn.at(step, self.batch_size)
        x, x_transformed = self._pairs(self.images, indices, step, PAIR_STREAM)
        own = indices[self._processes.share()]
        if self._extra is not None and with_extra:
            more, more_transformed = self._pairs(self._extra, self._extra_order.at(step), step, _EXTRA_PAIR_STREAM)
            x = torch.cat([x, more])
            copies = [part.unflatten(0, (self.num_repeats, -1)) for part in (x_transformed, more_transformed)]
            x_transformed = torch.cat(copies, dim=1).flatten(0, 1)
        return PairBatch(torch.from_numpy(own).to(self.device, non_blocking=True), x, x_transformed)

    def _pairs(self, source: Images, indices: IntArray, step: int, stream: int) -> tuple[Tensor, Tensor]:
        generator = seeded(self.settings.seed, stream, step)
        share = self._processes.share()
        draw = draw_pairs(len(indices), self.transforms, self.num_repeats, generator).select(share).to(self.device)
        images = copied = source.take(indices[share])
        if self.copies_of_neighbours and self.neighbours is not None and source is self.images:
            copied = source.take(self._partners(self.neighbours.positions, indices, step)[share])
        return apply_draw(images, copied, draw, self.size)

    def _partners(self, neighbours: IntArray, indices: IntArray, step: int) -> IntArray:
        """(B,) whose copy each image is paired with: its own, or that of a neighbour."""
        generator = seeded(self.settings.seed, _NEIGHBOUR_STREAM, step)
        which = torch.randint(neighbours.shape[1], (len(indices),), generator=generator).numpy()
        own = (torch.rand(len(indices), generator=generator) < _OWN_COPY_SHARE).numpy()
        return np.where(own, indices, neighbours[indices, which])

    def centre(self, indices: IntArray) -> Tensor:
        """(B, C, S, S) centre views, by which images are assigned."""
        return centre_view(self.images.take(indices), self.transforms, self.size)

    def views(self, indices: IntArray) -> tuple[Tensor, Tensor]:
        """The centre view by which images are assigned, and one transformed copy of each that does not depend on training."""
        images = self.images.take(indices)
        generator = seeded(self.settings.seed, VIEW_STREAM, int(indices[0]))
        return centre_view(images, self.transforms, self.size), make_pair(images, self.transforms, self.size, 1, generator)[1]

    def all_equal(self) -> bool:
        """Whether every image has the same pixels as the first; stops at the first that differs."""
        first = self.images.take(np.array([0]))
        chunks = np.array_split(np.arange(len(self)), len(self) // 512 + 1)
        return all(bool((self.images.take(chunk) == first).all()) for chunk in chunks)
