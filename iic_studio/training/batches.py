"""Pairs for each step, from images that lie as uint8 in memory, on the device when they fit.

Randomness is a function of (seed, epoch) for the order and of (seed, step) for the transforms: nothing has to be saved to go on bit
for bit, and no per-image Python runs.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.iic.transforms import centre_view, make_pair

_COPY_LIMIT_BYTES = 4 << 30
_ORDER_STREAM, _PAIR_STREAM, _VIEW_STREAM = 1, 2, 3


def seeded(seed: int, stream: int, number: int) -> torch.Generator:
    """A CPU generator that depends on all three numbers and on nothing else."""
    state = np.random.SeedSequence((seed, stream, number)).generate_state(1, np.uint64)
    return torch.Generator().manual_seed(int(state[0]) & (2**63 - 1))


class Batches:
    """The images of a run.

    Args:
        pixels: (M, 3, S, S) uint8, may be memory-mapped.
        rows: (N,) rows of `pixels` that take part, in the order in which results are returned.
        channels: 1 takes the first channel (the images are grey), 3 all.
        settings: planned settings (no gaps).
        device: where pairs are made.
    """

    def __init__(
        self, pixels: npt.NDArray[np.uint8], rows: npt.NDArray[np.int64], channels: int, settings: TrainSettings, device: torch.device
    ) -> None:
        assert settings.batch_size and settings.image_size and settings.transforms, "settings must be planned"
        self.settings, self.transforms, self.size, self.device = settings, settings.transforms, settings.image_size, device
        self.batch_size = settings.batch_size
        self.channels = channels
        self._rows = rows
        self._mapped: npt.NDArray[np.uint8] | None = pixels
        self._images: Tensor | None = None
        if len(rows) * channels * pixels.shape[-1] ** 2 <= self._room_bytes():
            self._images = torch.from_numpy(self._read(np.arange(len(rows)))).to(device)
            self._mapped = None
        self._order_epoch, self._order = -1, np.arange(0)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def steps_per_epoch(self) -> int:
        """Full batches in one pass; the rest of an order, less than a batch, is left out of that pass."""
        return max(1, len(self) // self.batch_size)

    def indices(self, step: int) -> npt.NDArray[np.int64]:
        """(B,) positions of the images of a step."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._order_epoch:
            self._order = torch.randperm(len(self), generator=seeded(self.settings.seed, _ORDER_STREAM, epoch)).numpy()
            self._order_epoch = epoch
        return self._order[place * self.batch_size : (place + 1) * self.batch_size]

    def pair(self, step: int, indices: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """x (B, C, S, S) and its r transformed copies (r·B, C, S, S), float32 on the device."""
        generator = seeded(self.settings.seed, _PAIR_STREAM, step)
        return make_pair(self.take(indices), self.transforms, self.size, self.settings.num_repeats, generator)

    def views(self, indices: npt.NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """The centre view by which images are assigned, and one transformed copy of each that does not depend on training."""
        images = self.take(indices)
        generator = seeded(self.settings.seed, _VIEW_STREAM, int(indices[0]))
        return centre_view(images, self.transforms, self.size), make_pair(images, self.transforms, self.size, 1, generator)[1]

    def take(self, indices: npt.NDArray[np.int64]) -> Tensor:
        """(B, C, S, S) uint8 on the device."""
        if self._images is None:
            return torch.from_numpy(self._read(indices)).to(self.device)
        return self._images[torch.from_numpy(indices).to(self.device)]

    def all_equal(self) -> bool:
        """Whether every image has the same pixels as the first; stops at the first that differs."""
        first = self.take(np.array([0]))
        return all(
            bool((self.take(np.array(chunk)) == first).all()) for chunk in np.array_split(np.arange(len(self)), len(self) // 512 + 1)
        )

    def _read(self, indices: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
        assert self._mapped is not None
        return np.ascontiguousarray(self._mapped[self._rows[indices], : self.channels])

    def _room_bytes(self) -> int:
        if self.device.type == "cuda":
            return int(torch.cuda.mem_get_info(self.device)[0]) // 2
        return _COPY_LIMIT_BYTES
