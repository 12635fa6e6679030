"""What is clustered, whole images or pixels, and all that differs between the two in training; the loop itself is the same.

Results are of images in both: where pixels are clustered, the probabilities of an image say how much of it each cluster covers.
"""

from collections.abc import Iterator
from typing import Any, Protocol

import torch

from iic_studio.config import TrainSettings
from iic_studio.iic.networks import ClusterNetwork, NetworkShape, build_network
from iic_studio.iic.pixel_networks import PixelNetwork, PixelNetworkShape, build_pixel_network
from iic_studio.records import IntArray
from iic_studio.training.batches import Batches, Images
from iic_studio.training.objective import ImageObjective, Network, Objective
from iic_studio.training.predict import SetResult, assign_sample, evaluate_set
from iic_studio.training.processes import Processes
from iic_studio.training.tiles import PixelObjective, TileBatches, assign_sampled_pixels, evaluate_tiles


class Task(Protocol):
    """What the loop asks for. Settings are planned ones."""

    def new_network(self, settings: TrainSettings, channels: int, seed: int, device: torch.device) -> Network:
        """A freshly initialised network."""

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> Batches:
        """The images, or their tiles, as batches of pairs."""

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, self_labels: bool) -> Objective:
        """What a step minimises in which these heads learn."""

    def evaluate(
        self, network: Any, batches: Any, image_ids: IntArray, processes: Processes | None, heads: tuple[str, ...]
    ) -> Iterator[int | SetResult]:
        """What the network makes of the whole set; how much is done comes in between."""

    def assign_sample(self, network: Any, batches: Any, sub_head: int) -> IntArray:
        """(M,) clusters of a sample, as they would be assigned for good."""


class ImageTask:
    """Each image gets a cluster."""

    def new_network(self, settings: TrainSettings, channels: int, seed: int, device: torch.device) -> ClusterNetwork:
        assert settings.overclusters, "settings must be planned"
        shape = NetworkShape(
            channels=channels,
            num_clusters=settings.clusters,
            num_overclusters=settings.overclusters,
            num_sub_heads=settings.sub_heads,
            encoder=settings.encoder,
            inputs=_inputs(settings),
            has_projection=bool(settings.contrastive_weight),
            points=settings.points,
        )
        return build_network(shape, seed=seed, device=device)

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> Batches:
        return Batches(images, settings, extra, processes)

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, self_labels: bool) -> Objective:
        return ImageObjective(settings, heads, self_labels)

    evaluate = staticmethod(evaluate_set)
    assign_sample = staticmethod(assign_sample)


class PixelTask:
    """Each pixel gets a cluster; training sees tiles of images."""

    def new_network(self, settings: TrainSettings, channels: int, seed: int, device: torch.device) -> PixelNetwork:
        assert settings.overclusters, "settings must be planned"
        shape = PixelNetworkShape(
            channels=channels,
            num_clusters=settings.clusters,
            num_overclusters=settings.overclusters,
            num_sub_heads=settings.sub_heads,
            encoder=settings.encoder,
            inputs=_inputs(settings),
            border=settings.border,
        )
        return build_pixel_network(shape, seed=seed, device=device)

    def batches(self, images: Images, settings: TrainSettings, extra: Images | None, processes: Processes | None) -> TileBatches:
        return TileBatches(images, settings, None, processes)

    def objective(self, settings: TrainSettings, heads: tuple[str, ...], *, self_labels: bool) -> Objective:
        return PixelObjective(settings, heads)

    evaluate = staticmethod(evaluate_tiles)
    assign_sample = staticmethod(assign_sampled_pixels)


_TASKS: dict[str, Task] = {"images": ImageTask(), "pixels": PixelTask()}


def task_of(settings: TrainSettings) -> Task:
    """The task of a run."""
    return _TASKS[settings.task]


def _inputs(settings: TrainSettings) -> str:
    return "all" if settings.inputs == "auto" else settings.inputs
