"""What is clustered, whole images or pixels, and all that differs between the two in training; the loop itself is the same.

Whole images may be seen by a network that others trained; then only heads are learned, on what it saw.

Results are of images in both: where pixels are clustered, the probabilities of an image say how much of it each cluster covers.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy.typing as npt
import torch

from iic_studio.config import POINTWISE, TrainSettings
from iic_studio.iic.networks import MAIN, ClusterNetwork, NetworkShape, build_network
from iic_studio.iic.pixel_networks import PixelNetwork, PixelNetworkShape, build_pixel_network
from iic_studio.iic.trunks import SEEN
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches, Images
from iic_studio.training.objective import ImageObjective, Network, Objective
from iic_studio.training.predict import SetResult, assign_sample, evaluate_set
from iic_studio.training.processes import Processes
from iic_studio.training.tiles import PixelObjective, TileBatches, assign_sampled_pixels, evaluate_tiles
from iic_studio.training.views import PointwiseObjective, ViewBatches, ViewImages


class Task(Protocol):
    """What the loop asks for. Settings are planned ones."""

    def new_network(self, settings: TrainSettings, channels: int, seed: int, device: torch.device) -> Network:
        """A freshly initialised network."""

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> Batches:
        """The images, or their tiles, as batches of pairs."""

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, fraction_done: float) -> Objective:
        """What a step minimises in which these heads learn, when this share of the budget is spent."""

    def evaluate(
        self, network: Any, batches: Any, image_ids: IntArray, processes: Processes | None, heads: tuple[str, ...]
    ) -> Iterator[int | SetResult]:
        """What the network makes of the whole set; how much is done comes in between."""

    def assign_sample(self, network: Any, batches: Any, sub_head: int) -> IntArray:
        """(M,) clusters of a sample, as they would be assigned for good."""


class ImageTask:
    """Each image gets a cluster."""

    def new_network(self, settings: TrainSettings, channels: int, seed: int, device: torch.device) -> ClusterNetwork:
        assert settings.overclusters and settings.sub_heads, "settings must be planned"
        shape = NetworkShape(
            channels=channels,
            num_clusters=settings.clusters,
            num_overclusters=settings.overclusters,
            num_sub_heads=settings.sub_heads,
            encoder=SEEN if settings.is_pretrained else settings.encoder,
            inputs=_inputs(settings),
            has_projection=bool(settings.contrastive_weight),
            points=settings.points,
        )
        return build_network(shape, seed=seed, device=device)

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> Batches:
        return Batches(images, settings, extra, processes)

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, fraction_done: float) -> Objective:
        return ImageObjective(settings, heads, MAIN in heads and fraction_done > 1 - (settings.self_label_share or 0.0))

    evaluate = staticmethod(evaluate_set)
    assign_sample = staticmethod(assign_sample)


class PixelTask:
    """Each pixel gets a cluster; training sees tiles of images."""

    def new_network(self, settings: TrainSettings, channels: int, seed: int, device: torch.device) -> PixelNetwork:
        assert settings.overclusters and settings.sub_heads, "settings must be planned"
        shape = PixelNetworkShape(
            channels=channels,
            num_clusters=settings.clusters,
            num_overclusters=settings.overclusters,
            num_sub_heads=settings.sub_heads,
            encoder=settings.encoder,
            inputs=_inputs(settings),
            border=settings.border,
            sees_place=settings.sees_place,
            fine_tune=settings.fine_tune,
        )
        return build_pixel_network(shape, seed=seed, device=device)

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> TileBatches:
        return TileBatches(images, settings, None, processes)

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, fraction_done: float) -> Objective:
        return PixelObjective(settings, heads, max(0.0, 1 - fraction_done / settings.guess_until) if settings.guess_until else 0.0)

    evaluate = staticmethod(evaluate_tiles)
    assign_sample = staticmethod(assign_sampled_pixels)


class ViewTask(ImageTask):
    """Each image gets a cluster; a frozen encoder has looked at it before."""

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> Batches:
        assert isinstance(images, ViewImages)
        return ViewBatches(images, settings, processes)

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, fraction_done: float) -> Objective:
        return PointwiseObjective() if settings.method == POINTWISE else super().objective(settings, heads, fraction_done=fraction_done)


_TASKS: dict[str, Task] = {"images": ImageTask(), "pixels": PixelTask()}
_VIEWS = ViewTask()


def task_of(settings: TrainSettings) -> Task:
    """The task of a run."""
    return _VIEWS if settings.is_pretrained else _TASKS[settings.task]


def images_of(pixels: npt.NDArray[Any], rows: IntArray, channels: int, device: torch.device) -> Images:
    """Images from the training cache, (M, C, S, S) uint8, or from what an encoder saw in them, (M, V, D) float16."""
    return ViewImages(pixels, rows, device) if pixels.ndim == 3 else Images(pixels, rows, channels, device)


def batches_of(pixels: npt.NDArray[Any], rows: IntArray, channels: int, settings: TrainSettings, device: torch.device) -> Batches:
    """Images for a trained network."""
    return task_of(settings).batches(images_of(pixels, rows, channels, device), settings, None, None)


def _inputs(settings: TrainSettings) -> str:
    return "all" if settings.inputs == "auto" or settings.is_pretrained else settings.inputs
