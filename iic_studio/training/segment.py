"""From a trained network to probabilities for every pixel of a picture, in bands of rows, so that memory does not grow with the picture.

The network runs over blocks that are as much wider as it can see, and only what lies inside is kept: blocks leave no seam, for every cell
comes out as it would if the whole picture went through at once. Cells are then enlarged to the pixels of the original.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.errors import StudioError
from iic_studio.evaluation.pixel_parts import Division
from iic_studio.iic.networks import MAIN, OVERCLUSTERING
from iic_studio.iic.pixel_networks import PixelNetwork
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.first_guess import meaning_of_axes
from iic_studio.training.predict import predict
from iic_studio.training.run_state import load_model

BLOCK = 384
_ROWS_AT_ONCE, _VALUES_AT_ONCE = 128, 1 << 24


class Picture(Protocol):
    """Pixels at training scale, asked for in bands: an array (C, h, w) uint8, in memory or mapped, is one."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    def __getitem__(self, key: tuple[slice, slice]) -> npt.NDArray[np.uint8]: ...


class Segmenter:
    """A trained network that gives every pixel of a picture its probabilities.

    Args:
        network: in evaluation mode.
        settings: those it was trained with.
        sub_head: main sub-head that speaks.
        device: where the network lives.
        block: side of the blocks in pixels, a multiple of the network's stride.

    Attributes:
        division: of its clusters into parts, as people split them; set it, or None.
    """

    def __init__(self, network: PixelNetwork, settings: TrainSettings, sub_head: int, device: torch.device, block: int = BLOCK) -> None:
        self.network, self.settings, self.sub_head, self.device, self.block = network, settings, sub_head, device, block
        self.division: Division | None = None

    @classmethod
    def load(cls, folder: Path, device: torch.device) -> Self:
        """The segmenter that a run left.

        Raises:
            StudioError: the run has no model, or one for whole images.
        """
        network, settings, saved = load_model(folder, device)
        if not isinstance(network, PixelNetwork):
            raise StudioError("This run clustered whole images, so it has no masks.", "Train with `iic-studio segment`.")
        return cls(network, settings, int(saved.facts["sub_head"]), device)

    def probabilities(self, picture: Picture, width: int, height: int) -> Iterator[tuple[int, FloatArray]]:
        """Probabilities of all pixels of the original, band by band.

        Args:
            picture: at training scale.
            width, height: of the original.

        Yields:
            The first row of a band, and its (K + P, rows, width) probabilities, P being the parts of a division: a pixel's probability of a
            cluster is that of the part that its overcluster decides, whole, and 0 of the cluster's other parts.
        """
        for row, band, _ in self.bands(picture, width, height):
            yield row, band

    def bands(self, picture: Picture, width: int, height: int) -> Iterator[tuple[int, FloatArray, IntArray | None]]:
        """As `probabilities`, and with a division also (rows, width) the most likely overcluster of each pixel."""
        num_clusters, division = self.settings.clusters, self.division
        for row, grown in self._grown(picture, width, height):
            if division is None:
                yield row, grown.cpu().numpy(), None
                continue
            overclusters = grown[num_clusters:].argmax(dim=0)
            divided = _divided(grown[:num_clusters], overclusters, division)
            yield row, divided.cpu().numpy(), overclusters.cpu().numpy()

    def _grown(self, picture: Picture, width: int, height: int) -> Iterator[tuple[int, Tensor]]:
        """The first row of a band of pixels, and (K, rows, width) of it; with a division (K + K_A, rows, width)."""
        _, rows, columns = picture.shape
        stride = self.network.stride
        across = _Between(width, columns / stride, -(-columns // stride), self.device)
        down = _Between(height, rows / stride, -(-rows // stride), self.device)
        held, first, done = None, 0, 0
        for band in self._cell_bands(picture):
            held = band if held is None else torch.cat([held, band], dim=1)
            ready = down.ready(first + held.shape[1])
            step = max(1, min(_ROWS_AT_ONCE, _VALUES_AT_ONCE // (len(held) * width)))
            for start in range(done, ready, step):
                some = slice(start, min(start + step, ready))
                yield start, across.along(down.along(held, 1, some, first), 2, slice(None), 0)
            done = max(done, ready)
            # The last row is a neighbour of what comes next.
            first, held = first + held.shape[1] - 1, held[:, -1:]

    @torch.no_grad()
    def _cell_bands(self, picture: Picture) -> Iterator[Tensor]:
        """(K, n, cells across) probabilities of all cells, band by band; with a division (K + K_A, n, cells across)."""
        _, height, width = picture.shape
        heads = [(MAIN, self.sub_head)] + ([(OVERCLUSTERING, self.division.sub_head)] if self.division else [])
        reach, stride = self.network.reach, self.network.stride
        for top in range(0, height, self.block):
            above, bottom = max(top - reach, 0), min(top + self.block, height)
            pixels = np.array(picture[:, above : min(bottom + reach, height)][: self.network.shape.channels])  # it may be mapped read-only
            strip = torch.from_numpy(pixels).to(self.device)
            inside = slice((top - above) // stride, -(-(bottom - above) // stride))
            pieces = []
            for left in range(0, width, self.block):
                before, right = max(left - reach, 0), min(left + self.block, width)
                x = strip[:, :, before : right + reach].float().div_(255)[None]
                if self.network.shape.sees_place:
                    x = torch.cat([x, self._places(above, before, x.shape[-2:], height, width)], dim=1)
                soft = predict(self.network, x, tuple(head for head, _ in heads))
                z = torch.cat([soft[head][sub_head, 0] for head, sub_head in heads])
                pieces.append(z[:, inside, (left - before) // stride : -(-(right - before) // stride)])
            yield torch.cat(pieces, dim=2)

    def _places(self, top: int, left: int, shape: tuple[int, ...], height: int, width: int) -> Tensor:
        """(1, 2, h, w) where in a picture the pixels of a block lie, as in training."""
        assert self.settings.transforms is not None, "a trained run has planned settings"
        across, down = meaning_of_axes(self.settings.transforms)
        rows = (torch.arange(top, top + shape[0], device=self.device) + 0.5) / height * down
        columns = (torch.arange(left, left + shape[1], device=self.device) + 0.5) / width * across
        return torch.stack([columns.expand(shape[0], -1), rows[:, None].expand(-1, shape[1])])[None].float()


def _divided(soft: Tensor, overclusters: Tensor, division: Division) -> Tensor:
    """(K, h, w) probabilities to (K + P, h, w): each pixel's of a cluster goes to the part that its (h, w) overcluster stands in."""
    owners = torch.from_numpy(division.owners).to(soft.device)
    places = torch.from_numpy(division.table).to(soft.device)
    found = soft[owners]
    for place, owner in enumerate(division.owners.tolist()):
        if (division.table[owner] != owner).any():
            found[place] *= places[owner][overclusters] == place
    return found


class _Between:
    """Where the pixels of one axis lie between the cells of a map: bilinear, as the map lies upon the picture.

    Args:
        pixels: of the original along this axis.
        extent: how many cells the picture covers; the last may be covered in part.
        cells: how many there are.
    """

    def __init__(self, pixels: int, extent: float, cells: int, device: torch.device) -> None:
        at = ((torch.arange(pixels, dtype=torch.float64) + 0.5) * (extent / pixels) - 0.5).clamp(0, cells - 1)
        self._lower = at.floor().long().clamp_max(max(cells - 2, 0))
        self._upper = (self._lower + 1).clamp_max(cells - 1)
        self._share = (at - self._lower).float().to(device)
        self._device = device

    def ready(self, cells: int) -> int:
        """How many pixels lie between the first `cells` cells."""
        return int(torch.searchsorted(self._upper, cells))

    def along(self, maps: Tensor, axis: int, pixels: slice, first: int) -> Tensor:
        """(K, h, w) maps whose first cell along the axis is `first`, interpolated to some pixels."""
        lower, upper = ((cells[pixels] - first).to(self._device) for cells in (self._lower, self._upper))
        share = self._share[pixels].view([-1 if number == axis else 1 for number in range(3)])
        return torch.lerp(maps.index_select(axis, lower), maps.index_select(axis, upper), share)


def entropy(probabilities: FloatArray) -> FloatArray:
    """How unsure each pixel is: (K, h, w) probabilities to (h, w) entropy as a share of ln K, 0–1."""
    clipped = np.clip(probabilities, 1e-12, 1.0)
    return np.asarray(-(clipped * np.log(clipped)).sum(axis=0) / np.log(max(len(probabilities), 2)), dtype=np.float32).clip(0, 1)
