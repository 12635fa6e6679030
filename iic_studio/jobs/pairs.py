"""Some pairs as the network would see them: a picture and its changed copy, before anything is trained.

The same plan, draws, warps and first layer as in training, for a handful of images; nothing is kept.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from iic_studio.config import TrainSettings
from iic_studio.iic.inputs import InputLayer
from iic_studio.iic.transforms import make_pair
from iic_studio.jobs.indexing import open_cache
from iic_studio.project.records import OK
from iic_studio.project.store import Project
from iic_studio.records import IntArray
from iic_studio.training.batches import seeded
from iic_studio.training.plan import DataFacts, choose_device, plan

_PREVIEW_STREAM = 7


@dataclass(frozen=True)
class ShownPairs:
    """Pairs to look at.

    Attributes:
        first, second: (N, S, S, 3) uint8, the pictures and their changed copies.
        inputs: what the network sees of them: "grey", "rgb", "all", "sobel" or "rgb+sobel".
        settings: planned settings, without gaps.
    """

    first: npt.NDArray[np.uint8]
    second: npt.NDArray[np.uint8]
    inputs: str
    settings: TrainSettings


def show_pairs(project: Project, image_ids: IntArray, settings: TrainSettings, draw: int) -> ShownPairs:
    """Make one pair of each image.

    Args:
        image_ids: indexed images.
        settings: as a training would be asked for; what is open is chosen as for it.
        draw: the same number draws the same changes.

    Raises:
        StudioError: the images were never indexed, or the settings do not fit them.
    """
    with open_cache(project) as cache, _one_thread():
        is_grey = project.all_grey()
        planned = plan(settings, DataFacts(project.count_images(OK), cache.side, is_grey), choose_device("cpu"))
        assert planned.transforms is not None and planned.image_size is not None
        channels = 1 if is_grey else 3
        images = torch.from_numpy(np.ascontiguousarray(cache.pixels()[image_ids - 1, :channels]))
        pair = make_pair(images, planned.transforms, planned.image_size, 1, seeded(planned.seed, _PREVIEW_STREAM, draw))
        layer = InputLayer(planned.inputs, channels)
        first, second = (_as_picture(layer(part)) for part in pair)
    return ShownPairs(first, second, planned.inputs, planned)


def _as_picture(seen: Tensor) -> npt.NDArray[np.uint8]:
    """(N, C, S, S) input of a trunk as (N, S, S, 3) pixels: two edge maps as the strength of the edges, more than three channels by their
    first three."""
    if seen.shape[1] == 2:
        strength = seen.square().sum(dim=1, keepdim=True).sqrt()
        seen = strength / strength.amax(dim=(2, 3), keepdim=True).clamp_min(1e-6)
    seen = seen.expand(-1, 3, -1, -1) if seen.shape[1] == 1 else seen[:, :3]
    return np.ascontiguousarray((seen.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy())


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Compute in the calling thread alone: OpenMP would start and keep helpers for it, which then slow a training down."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
